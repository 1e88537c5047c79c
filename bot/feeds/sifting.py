"""Which entries of a feed are new, which were changed, and which are as they were: purely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.gather.canonical import canonical_url, same_site
from bot.gather.names import content_hash, short
from bot.gather.pages import is_teaser
from bot.gather.publishers import host_of
from bot.models import Draft, FeedEntry, Seen

TRIES = 3
"""How often the page of an entry is asked for that cannot be fetched for the moment."""

_FEW = 3


class Known(NamedTuple):
    """An entry with what it is known by: ``key`` in its feed, ``link`` folded, if it is its own.

    ``guid`` is None where the feed gives the same to several, and ``sha256`` is of what it says.
    """

    entry: FeedEntry
    key: str
    sha256: str
    link: str | None
    guid: str | None


class Wanted(NamedTuple):
    """An entry to take in; ``before`` is it as it was, ``page`` whether its page is needed.

    ``learn`` asks for the page all the same, if it can be had: to learn what its publisher is
    called, or whether the words of the feed are its own.
    """

    known: Known
    before: Seen | None
    page: bool
    learn: bool = False


@dataclass(frozen=True, slots=True)
class Sifted:
    """``wanted`` newest first as the feed has them; ``settled`` needs nothing but to be kept."""

    wanted: list[Wanted] = field(default_factory=list)
    settled: list[Seen] = field(default_factory=list)


def known(entries: Iterable[FeedEntry]) -> list[Known]:
    """What each entry is known by, each once.

    A GUID or a link that a feed gives to several entries tells none of them.
    """
    entries = list(entries)
    folded = [_folded(entry.link) for entry in entries]
    pairs = set(zip((entry.guid for entry in entries), folded, strict=True))
    guids = Counter(guid for guid, _ in pairs)
    links = Counter(link for _, link in pairs)
    changes = {entry.updated for entry in entries}
    # Some feeds call everything changed whenever they are made.
    dated = len(changes) > 1 or len(entries) <= _FEW
    found: dict[str, Known] = {}
    for entry, link in zip(entries, folded, strict=True):
        guid = entry.guid if guids[entry.guid] == 1 else None
        own = link if link and links[link] == 1 else None
        sha256 = content_hash(entry.title, entry.text)
        key = f"guid:{guid}" if guid else own or f"sha:{sha256}"
        if dated and entry.updated:
            sha256 = content_hash(sha256, entry.updated.isoformat())
        found.setdefault(short(key), Known(entry, short(key), sha256, own, guid))
    return list(found.values())


def sift(
    entries: Iterable[Known], seen: Mapping[str, Seen], brought: Collection[str], home: str
) -> Sifted:
    """Tell what is to be done with each entry.

    ``seen`` is what the feed had, by key, ``brought`` the folded links that this or another
    feed of the same readers brought: an entry with a new GUID, or of a second feed, is no
    new article. ``home`` is where the feed is: of what links elsewhere the page is looked at,
    since it may only comment on what others publish.
    """
    sifted = Sifted()
    for one in entries:
        before = seen.get(one.key)
        if before is None and one.link in brought:
            sifted.settled.append(settled(one))
        elif before is not None and before.sha256 == one.sha256:
            sifted.settled.append(before)
        else:
            sifted.wanted.append(
                Wanted(one, before, _needs_page(one.entry, before), _is_elsewhere(one.entry, home))
            )
    return sifted


def learning(
    wanted: Sequence[Wanted], names: Mapping[str, str]
) -> tuple[list[Wanted], list[Wanted]]:
    """The first entry of each host that has no name yet, and all others.

    One publisher is to have one name, whether its article stood in the feed or on its page.
    """
    first: dict[str, Wanted] = {}
    rest: list[Wanted] = []
    for want in wanted:
        where = host_of(want.known.entry.link or "")
        if where is None or where in names or where in first or want.known.entry.publisher:
            rest.append(want)
        else:
            first[where] = want._replace(learn=True)
    return list(first.values()), rest


def together(wanted: Sequence[Wanted], most: int) -> list[Sequence[Wanted]]:
    """Cut into pieces that are worked on at a time."""
    return [wanted[start : start + most] for start in range(0, len(wanted), most)]


def settled(one: Known, draft: Draft | None = None) -> Seen:
    """What is kept of an entry that needs nothing more, with the date that its draft has."""
    dated = draft if draft is not None and draft.published else one.entry
    return Seen(
        key=one.key,
        sha256=one.sha256,
        link=one.link,
        published=dated.published,
        published_precision=dated.published_precision,
    )


def waiting(want: Wanted) -> Seen:
    """What is kept of an entry whose page could not be fetched for the moment."""
    before, one = want.before, want.known
    tries = before.tries + 1 if before else 1
    if before and before.sha256:  # it was taken in once, and is only changed
        return before.model_copy(update={"tries": tries})
    return settled(one).model_copy(update={"sha256": "", "tries": tries})


def gives_up(want: Wanted) -> bool:
    """Whether an entry's page was asked for often enough."""
    return want.before is not None and want.before.tries + 1 >= TRIES


def _needs_page(entry: FeedEntry, before: Seen | None) -> bool:
    dated = entry.published is not None or (before is not None and before.published is not None)
    return entry.link is not None and (is_teaser(entry.text) or not dated)


def _is_elsewhere(entry: FeedEntry, home: str) -> bool:
    return entry.link is not None and not same_site(home, entry.link)


def _folded(link: str | None) -> str | None:
    return short(canonical_url(link)) if link else None
