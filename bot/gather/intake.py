"""What to do with drafts: decided here, purely; applied elsewhere, in one place.

An article is known by its identity within a workspace and an audience. The identity is,
in this order: its canonical URL, its external id, its content.

A date, publisher or link that was missing is filled in when the article comes again with
one; what is known already is neither changed nor emptied.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from bot.models import Article, Draft, Precision, Revision

_UNIT = "\x1f"
_LONG = 1_000
"""Bytes above which an identity is hashed: PostgreSQL indexes no key above 2,704."""

_TRACKING = re.compile(
    r"(?:utm_[^=]*|at_medium|at_campaign|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid"
    r"|twclid|igshid|igsh|mc_cid|mc_eid|_hsenc|_hsmi|_ga|oly_anon_id|oly_enc_id|vero_id)",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {80, 443}


class KnownArticle(Protocol):
    """What the intake must know of an article that is already there.

    Met by the store's ``Known`` and by ``_Fresh``, an article of the batch at hand.
    """

    @property
    def article(self) -> str: ...  # noqa: D102
    @property
    def n(self) -> int: ...  # noqa: D102
    @property
    def sha256(self) -> str: ...  # noqa: D102
    @property
    def tombstoned(self) -> bool: ...  # noqa: D102
    @property
    def url(self) -> str | None: ...  # noqa: D102
    @property
    def publisher(self) -> str | None: ...  # noqa: D102
    @property
    def published(self) -> datetime | None: ...  # noqa: D102
    @property
    def published_precision(self) -> Precision | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class _Fresh:
    article: str
    n: int
    sha256: str
    url: str | None
    publisher: str | None
    published: datetime | None
    published_precision: Precision | None
    tombstoned: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Base of the four decisions: ``article`` is its id, ``sha256`` the hash of its words.

    ``draft`` has the date, publisher and link that are known of it where it gives none.
    """

    draft: Draft
    identity: str
    article: str
    sha256: str


@dataclass(frozen=True, slots=True)
class New(Decision):
    """Nothing is known under this identity: store it, with revision 1."""


@dataclass(frozen=True, slots=True)
class Unchanged(Decision):
    """These words are known already: nothing to do."""


@dataclass(frozen=True, slots=True)
class Revised(Decision):
    """The article is known with other words: store revision ``n``.

    Where ``n`` is the revision that is known, its words are too, and the draft says more
    about them: when they appeared, where, or by whom.
    """

    n: int


@dataclass(frozen=True, slots=True)
class Tombstoned(Decision):
    """The article was removed on purpose: it does not come back."""


def canonical_url(url: str) -> str:
    """Fold the spellings of one address, for comparison and never for display.

    Folded: http and https, the case of the host, a default port, a trailing slash, the
    fragment (unless it is a route, ``#!`` or ``#/``), and parameters that only track a
    reader. The order of the other parameters is kept, as is the case of the path.
    """
    parts = urlsplit(url.strip())
    query = "&".join(
        pair
        for pair in parts.query.split("&")
        if pair and not _TRACKING.fullmatch(pair.partition("=")[0])
    )
    route = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    canonical = f"https://{_host(parts)}{parts.path.rstrip('/')}"
    return canonical + (f"?{query}" if query else "") + (f"#{route}" if route else "")


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    return host if parts.port is None or parts.port in _DEFAULT_PORTS else f"{host}:{parts.port}"


def content_hash(title: str, text: str) -> str:
    """SHA-256 (64 hex digits) of the words of a revision."""
    return hashlib.sha256(f"{title}{_UNIT}{text}".encode()).hexdigest()


def identity(draft: Draft) -> str:
    """Tell by what a draft is known: a canonical URL, ``id:...`` or ``sha:...``."""
    return names(draft)[0]


def names(draft: Draft) -> tuple[str, ...]:
    """Tell by what a draft may be known: its identity, then those from before it had a link."""
    content = f"sha:{content_hash(draft.title, draft.text)}"
    external = _short(f"id:{draft.external_id}") if draft.external_id else None
    if draft.url:
        return tuple(filter(None, (_short(canonical_url(draft.url)), external, content)))
    return (external or content,)


def _short(name: str) -> str:
    raw = name.encode()
    return name if len(raw) <= _LONG else f"long:{hashlib.sha256(raw).hexdigest()}"


def _known_as(draft: Draft, known: Mapping[str, KnownArticle]) -> str:
    """The name under which a draft is known, be it from before it had a link."""
    first, *others = names(draft)
    if first in known:
        return first
    for name in others:
        there = known.get(name)
        if there and (there.url is None or _short(canonical_url(there.url)) == first):
            return name
    return first


def _filled(draft: Draft, there: KnownArticle) -> Draft:
    """The draft with what is known of it and it does not say."""
    missing: dict[str, object] = {}
    if draft.url is None and there.url is not None:
        missing["url"] = there.url
    if draft.publisher is None and there.publisher is not None:
        missing["publisher"] = there.publisher
    if draft.published is None and there.published is not None:
        missing["published"] = there.published
        missing["published_precision"] = there.published_precision
    return draft.model_copy(update=missing) if missing else draft


def _says_more(draft: Draft, there: KnownArticle) -> bool:
    return any(
        new is not None and old is None
        for new, old in (
            (draft.url, there.url),
            (draft.publisher, there.publisher),
            (draft.published, there.published),
        )
    )


def article_id(workspace: str, audience: str, identity: str) -> str:
    """Make the id of an article: 24 hex digits that follow from whose it is and its identity."""
    key = _UNIT.join((workspace, audience, identity)).encode()
    return hashlib.sha256(key).hexdigest()[:24]


def decide(
    drafts: Iterable[Draft],
    known: Mapping[str, KnownArticle],
    *,
    workspace: str,
    audience: str,
) -> list[Decision]:
    """Decide on each draft of a batch, in its order; ``known`` is what is stored, by identity.

    A batch may hold one article several times: each copy is measured against the one
    before it. If the last copy is what is stored already, the batch was seen before and
    none of its copies is new, so that the same input twice adds nothing.
    """
    batch = [
        (draft, _known_as(draft, known), content_hash(draft.title, draft.text)) for draft in drafts
    ]
    last = {name: sha256 for _, name, sha256 in batch}
    seen: dict[str, KnownArticle] = {}
    decisions: list[Decision] = []
    for plain, name, sha256 in batch:
        stored = known.get(name)
        there = seen.get(name) or stored
        draft = _filled(plain, there) if there else plain
        id_ = there.article if there else article_id(workspace, audience, name)
        if there is None:
            seen[name] = _fresh(draft, id_, 1, sha256)
            decisions.append(New(draft, name, id_, sha256))
        elif there.tombstoned:
            decisions.append(Tombstoned(draft, name, id_, sha256))
        elif sha256 == there.sha256 and _says_more(draft, there):
            seen[name] = _fresh(draft, id_, there.n, sha256)
            decisions.append(Revised(draft, name, id_, sha256, there.n))
        elif sha256 == there.sha256 or (stored and stored.sha256 == last[name]):
            decisions.append(Unchanged(draft, name, id_, sha256))
        else:
            seen[name] = _fresh(draft, id_, there.n + 1, sha256)
            decisions.append(Revised(draft, name, id_, sha256, there.n + 1))
    return decisions


def _fresh(draft: Draft, article: str, n: int, sha256: str) -> _Fresh:
    return _Fresh(
        article,
        n,
        sha256,
        draft.url,
        draft.publisher,
        draft.published,
        draft.published_precision,
    )


def article_of(
    decision: New | Revised,
    *,
    now: datetime,
    workspace: str,
    audience: str,
    originals: Sequence[str] = (),
) -> tuple[Article, Revision]:
    """Build the article and its revision as first seen now.

    Of a revised article the store keeps the ``first_seen`` it has. ``originals`` are the
    publishers that it is after.
    """
    draft = decision.draft
    article = Article(
        workspace=workspace,
        id=decision.article,
        identity=decision.identity,
        external_id=draft.external_id,
        url=draft.url,
        publisher=draft.publisher,
        original_source=", ".join(originals) or None,
        published=draft.published,
        published_precision=draft.published_precision,
        first_seen=now,
        audience=audience,
    )
    revision = Revision(
        workspace=workspace,
        article=decision.article,
        n=decision.n if isinstance(decision, Revised) else 1,
        title=draft.title,
        text=draft.text,
        sha256=decision.sha256,
        seen_at=now,
    )
    return article, revision
