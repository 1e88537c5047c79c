"""Which article each draft is: one that is known by one of its names, or a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.gather.canonical import canonical_url, same_site
from bot.gather.names import GUID, article_id, content_hash, earlier_names, own_names, short
from bot.models import Draft, Precision


class KnownArticle(Protocol):
    """What the intake must know of an article that is already there.

    Met by the store's ``Known`` and by what the intake keeps of an article of the batch at hand.
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
    @property
    def earlier(self) -> frozenset[str]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Copy:
    """A draft, and which article it is: its id, and the name that it is found by.

    ``own`` are its own names, ``sha256`` the hash of its words.
    """

    draft: Draft
    own: tuple[str, ...]
    identity: str
    article: str
    sha256: str


def placed(
    drafts: Sequence[Draft], known: Mapping[str, KnownArticle], workspace: str, audience: str
) -> list[Copy]:
    """Tell of each draft which article it is: one that is known, or came before it here."""
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
    """The GUIDs that a badly made feed gives to several articles: they name none of them."""
    links: dict[str, set[str]] = {}
    for draft in drafts:
        for name in draft.also if draft.url else ():
            if name.startswith(GUID):
                links.setdefault(short(name), set()).add(canonical_url(draft.url or ""))
    return {name for name, found in links.items() if len(found) > 1}


def _known_as(draft: Draft, own: Sequence[str], known: Mapping[str, KnownArticle]) -> str:
    """The name under which a draft is known; where it is not, the name it will have."""
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


def _may_be(draft: Draft, there: KnownArticle) -> bool:
    """Whether an article with a name of the draft's is the same: a GUID may move within a site.

    What was removed stays removed wherever its name turns up.
    """
    if there.tombstoned or not draft.url or not there.url:
        return True
    return same_site(draft.url, there.url)


def same_link(one: str, other: str) -> bool:
    """Whether two links are one but for how they are written."""
    return canonical_url(one) == canonical_url(other)
