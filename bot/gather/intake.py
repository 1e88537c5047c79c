"""Decide what to do with drafts: which article each is, and if it is new, revised or known. Pure.

An article is identified within a workspace and an audience by its names: the canonical forms of the
links that lead to it, and the GUIDs from feeds. An article without names is identified by its
external id, else by its content, until it arrives with a link.

A missing date, publisher or link is filled in when the article arrives again with one; known values
are neither changed nor emptied. An article with a link and no named publisher gets the publisher of
its link, until it arrives again with a name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.gather.links import (
    GUID,
    article_id,
    canonical_url,
    content_hash,
    earlier_names,
    is_guess,
    own_names,
    publisher_of,
    same_site,
    short,
)
from bot.models import Article, Draft, Precision, Revision


class Known(NamedTuple):
    """What intake must know of an article that is stored, or came earlier in the same batch.

    ``n`` and ``sha256`` are those of its newest words, ``earlier`` the hashes of older words.
    ``reader_version`` and ``gazetteer_version`` are those of its live reading.
    """

    article: str
    n: int
    sha256: str
    title: str = ""
    tombstoned: bool = False
    reader_version: str = ""
    gazetteer_version: str = ""
    url: str | None = None
    publisher: str | None = None
    published: datetime | None = None
    published_precision: Precision | None = None
    earlier: frozenset[str] = frozenset()
    thinned: bool = False
    """Only the quoted parts of its newest text are left."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A draft, the id of its article, and the name by which the article is found.

    ``own`` are its own names, ``sha256`` the hash of its words.
    """

    draft: Draft
    own: tuple[str, ...]
    identity: str
    article: str
    sha256: str


def placed(
    drafts: Sequence[Draft], known: Mapping[str, Known], workspace: str, audience: str
) -> list[Copy]:
    """Assign each draft to its article: a known one, or one from earlier in the batch."""
    shared = _shared_guids(drafts) - known.keys()
    homes: dict[str, tuple[str, str]] = {}
    copies: list[Copy] = []
    for draft in drafts:
        own = tuple(name for name in own_names(draft) if name not in shared)
        identity_ = _known_as(draft, own, known)
        home = next((homes[name] for name in (*own, identity_) if name in homes), None)
        if home is None:
            there = known.get(identity_)
            home = (
                identity_,
                there.article if there else article_id(workspace, audience, identity_),
            )
        for name in (*own, identity_):
            homes.setdefault(name, home)
        copies.append(Copy(draft, own, *home, content_hash(draft.title, draft.text)))
    return copies


def _shared_guids(drafts: Sequence[Draft]) -> set[str]:
    """Return the GUIDs that a badly made feed gives to several articles: they identify none."""
    links: dict[str, set[str]] = {}
    for draft in drafts:
        for name in draft.also if draft.url else ():
            if name.startswith(GUID):
                links.setdefault(short(name), set()).add(canonical_url(draft.url or ""))
    return {name for name, found in links.items() if len(found) > 1}


def _known_as(draft: Draft, own: Sequence[str], known: Mapping[str, Known]) -> str:
    """Return the name under which a draft is known, else the name it will have."""
    for name in own:
        there = known.get(name)
        if there and (name == own[0] or _may_be(draft, there)):
            return name
    earlier = earlier_names(draft)
    for name in earlier:
        there = known.get(name)
        if there and (not draft.url or not there.url or same_link(draft.url, there.url)):
            return name
    return own[0] if own else earlier[0]


def _may_be(draft: Draft, there: Known) -> bool:
    """Whether an article with a name of the draft's is the same: a GUID may move within a site.

    A removed article stays removed wherever its name turns up.
    """
    if there.tombstoned or not draft.url or not there.url:
        return True
    return same_site(draft.url, there.url)


def same_link(one: str, other: str) -> bool:
    """Whether two links differ only in how they are written."""
    return canonical_url(one) == canonical_url(other)


@dataclass(frozen=True, slots=True)
class Decision:
    """Base of the four decisions: ``article`` is its id, ``sha256`` the hash of its words.

    ``identity`` is the name by which it was found, or which it will have; ``names`` are its own.
    ``earlier`` are the hashes of its other words. ``draft`` has the known date, publisher and link
    if it came without them.
    """

    draft: Draft
    identity: str
    article: str
    sha256: str
    names: tuple[str, ...]
    earlier: frozenset[str]


@dataclass(frozen=True, slots=True)
class New(Decision):
    """Nothing is known under this identity: store it as revision 1."""


@dataclass(frozen=True, slots=True)
class Unchanged(Decision):
    """These words are already known under all of their names: nothing to do."""


@dataclass(frozen=True, slots=True)
class Revised(Decision):
    """The article is known with other words: store revision ``n``.

    If ``n`` is the known revision, its words are known too, and the draft adds a date, a link or a
    publisher.
    """

    n: int


@dataclass(frozen=True, slots=True)
class Tombstoned(Decision):
    """The article was deliberately removed: it does not come back."""


def _filled(draft: Draft, there: Known | None) -> Draft:
    """Add to a draft what is known of its article, and the publisher of its link."""
    missing = _known_of(draft, there) if there else {}
    url = missing.get("url", draft.url)
    if draft.publisher is None and "publisher" not in missing and isinstance(url, str):
        missing["publisher"] = publisher_of(url)
    return draft.model_copy(update=missing) if missing else draft


def _known_of(draft: Draft, there: Known) -> dict[str, object]:
    """Return what is known of an article and missing in its draft."""
    missing: dict[str, object] = {}
    if there.url and (draft.url is None or _is_longer_spelling(draft.url, there.url)):
        missing["url"] = there.url
    if is_guess(draft.publisher, draft.url) and not is_guess(there.publisher, there.url):
        missing["publisher"] = there.publisher
    if draft.published is None and there.published is not None:
        missing["published"] = there.published
        missing["published_precision"] = there.published_precision
    return missing


def _is_longer_spelling(link: str, known: str) -> bool:
    """Whether a link is the known one with additions: tracking parameters, or a redirector."""
    return len(link) > len(known) and same_link(link, known)


def _says_more(draft: Draft, there: Known) -> bool:
    named = not is_guess(draft.publisher, draft.url) and is_guess(there.publisher, there.url)
    return (
        named
        or (draft.url is not None and there.url is None)
        or (draft.published is not None and there.published is None)
        or (draft.publisher is not None and there.publisher is None)
    )


def decide(
    drafts: Sequence[Draft],
    known: Mapping[str, Known],
    *,
    workspace: str,
    audience: str,
    longer: Collection[str] = (),
) -> list[Decision]:
    """Decide on each draft of a batch, in its order; ``known`` is what is stored, by name.

    ``longer`` are articles with more stored text than a partial draft of the batch has. A batch may
    contain one article several times: each copy is compared with the one before it. If the last
    copy is stored already, the batch was seen before and none of its copies is new, so that the
    same input twice adds nothing. For the same reason, archived words that the article had before
    are not an edit: rereading an archive, even after a power cut, does not bring them back.
    """
    batch = placed(drafts, known, workspace, audience)
    last = {copy.article: copy.sha256 for copy in batch}
    seen: dict[str, Known] = {}
    decisions: list[Decision] = []
    named: set[str] = set()
    for copy in batch:
        there = seen.get(copy.article) or known.get(copy.identity)
        draft = _filled(copy.draft, there)
        earlier = _earlier(copy, there)
        what = (draft, copy.identity, copy.article, copy.sha256, copy.own, earlier)
        renamed = any(name not in known and name not in named for name in copy.own)
        named.update(copy.own)
        if there is None:
            seen[copy.article] = _fresh(draft, copy, 1, earlier)
            decisions.append(New(*what))
        elif there.tombstoned:
            decisions.append(Tombstoned(*what))
        elif copy.sha256 == there.sha256 and (renamed or _says_more(draft, there)):
            seen[copy.article] = _fresh(draft, copy, there.n, earlier)
            decisions.append(Revised(*what, there.n))
        elif copy.sha256 == there.sha256 or _is_old(copy, there, known, last, longer):
            decisions.append(Unchanged(*what))
        else:
            seen[copy.article] = _fresh(draft, copy, there.n + 1, earlier)
            decisions.append(Revised(*what, there.n + 1))
    return decisions


def _earlier(copy: Copy, there: Known | None) -> frozenset[str]:
    """Return the hashes of the other words that an article had before these."""
    return (there.earlier | {there.sha256}) - {copy.sha256} if there else frozenset()


def _is_old(
    copy: Copy,
    there: Known,
    known: Mapping[str, Known],
    last: Mapping[str, str],
    longer: Collection[str],
) -> bool:
    """Whether words that are not the newest are not an edit either: repeated, or cut short."""
    if copy.draft.partial and copy.article in longer:
        return True
    if copy.draft.archived:
        return copy.sha256 in there.earlier
    stored = known.get(copy.identity)
    return stored is not None and stored.sha256 == last[copy.article]


def _fresh(draft: Draft, copy: Copy, n: int, earlier: frozenset[str]) -> Known:
    """Return what is known of an article of this batch after a copy of it was decided on."""
    return Known(
        copy.article,
        n,
        copy.sha256,
        draft.title,
        url=draft.url,
        publisher=draft.publisher,
        published=draft.published,
        published_precision=draft.published_precision,
        earlier=earlier,
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

    For a revised article the store keeps its own ``first_seen``. ``originals`` are the publishers
    that it is based on.
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
        author=draft.author,
        modified=draft.modified,
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
