"""Entries of feeds, and links that people name, become drafts."""

from __future__ import annotations

import asyncio
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, groupby
from typing import BinaryIO, NamedTuple

from bot.errors import FetchError, GatherError
from bot.feeds.following import feed_of
from bot.gather.addresses import shown
from bot.gather.discover import Listed
from bot.gather.feeds import feeds_apart, read_feed
from bot.gather.fetch import Fetched, Fetcher
from bot.gather.files import drafts
from bot.gather.formats import Amount
from bot.gather.links import (
    canonical_url,
    content_hash,
    guid_name,
    host_of,
    publisher_of,
    same_site,
    short,
    unwrapped,
)
from bot.gather.pages import (
    Pages,
    Pending,
    articles_of,
    choose,
    is_feed,
    is_front,
    is_teaser,
    told_in,
)
from bot.gather.records import Defaults, Rejected, check_defaults, linkable
from bot.models import LOCAL, Draft, Extracted, Feed, FeedEntry, Precision, Seen, WebPage

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


_PASSING = frozenset({"dns", "unreachable", "timeout", "cut short"})
_BUSY = 429
_WORD = re.compile(r"\w{2,}")
_SLACK = timedelta(days=1)
"""How much later than its page a feed may date an article before the page is believed."""


class Read(NamedTuple):
    """The page of an entry: where it was found in the end, and the article on it."""

    url: str
    article: Extracted


class Entries:
    """Makes drafts of entries, and fetches the pages that they need."""

    def __init__(self, fetcher: Fetcher, pages: Pages, now: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._pages = pages
        self._now = now

    async def draft(
        self, feed: Feed, want: Wanted, names: dict[str, str]
    ) -> tuple[Wanted, Draft | None, bool]:
        """The draft of an entry, None as ``draft_of`` has it; True where it must wait.

        It waits where its page cannot be fetched for the moment. ``names`` are those of
        publishers by host; the name that a page gives is added to them.
        """
        page: Read | None = None
        if want.page or want.learn:
            try:
                page = await self._page(want)
            except FetchError as error:
                passing = error.kind in _PASSING or (error.status or 0) >= 500
                if want.page and (passing or error.status == _BUSY) and not gives_up(want):
                    return want, None, True
            where = host_of(page.url if page else want.known.entry.link or "")
            if where is not None:
                names.setdefault(where, (page.article.publisher if page else None) or where)
        return want, draft_of(feed, want, page, names), False

    async def _page(self, want: Wanted) -> Read | None:
        """The page of an entry; None where its article cannot be told on it, FetchError not."""
        entry = want.known.entry
        link = unwrapped(entry.link or "")
        fetched = await self._fetcher.get(link, page=True)
        if is_front(fetched.url) and not is_front(link):
            return None  # where links lead that are no more
        page = WebPage(body=fetched.body, url=fetched.url, charset=fetched.charset, now=self._now())
        try:
            article = await asyncio.to_thread(self._pages.extract, page)
        except GatherError:
            return None  # what the feed says is kept
        return Read(fetched.url, article) if _is_of(entry, article) else None


def _is_of(entry: FeedEntry, article: Extracted) -> bool:
    """Whether a page seems to be that of an entry: it has some word of the headline.

    Where an article was, there is often something else.
    """
    headline = set(_WORD.findall(entry.title.casefold()))
    return not headline or not headline.isdisjoint(
        _WORD.findall(f"{article.title} {article.text}".casefold())
    )


def draft_of(feed: Feed, want: Wanted, page: Read | None, names: Mapping[str, str]) -> Draft | None:
    """Make the draft of an entry; None where there is nothing to read but a headline."""
    entry = want.known.entry
    article = page.article if page else None
    title = entry.title.removesuffix(f" - {entry.publisher}")
    text = choose("" if _is_headline(entry) else entry.text, article)
    if not text.strip():
        return None
    link = unwrapped(entry.link) if entry.link else None
    own = link is None or _is_own(feed, link, text, article)
    url = (article.url if article else None) or (page.url if page else None) or link
    published, precision = _published(want, article)
    changed = [when for when in (entry.updated, article.modified if article else None) if when]
    return Draft(
        title=title or (article.title if article else ""),
        text=text,
        url=url if own and want.known.link else None,
        also=_also(feed, want, url, own),
        publisher=_publisher(feed, want, names, (page.url if page else link) if own else None),
        published=published,
        published_precision=precision,
        author=entry.author or (article.author if article else None),
        modified=max(changed, default=None),
        partial=text == entry.text and is_teaser(text),
        origin=f"{feed.url} {entry.link or entry.guid or entry.title[:80]}",
    )


def _is_own(feed: Feed, link: str, text: str, article: Extracted | None) -> bool:
    """Whether a text may stand under the link that its entry gives.

    Some feeds comment on what others publish, and link to it: their words are not its.
    """
    if same_site(feed.url, link):
        return True
    if article is not None and not article.wall and article.text:
        return text == article.text or told_in(text, article.text)
    return feed.site is not None and same_site(feed.site, link)


def _is_headline(entry: FeedEntry) -> bool:
    """Whether an entry's text says nothing but its title, and whose it is."""
    said = Counter(_WORD.findall(entry.text.casefold()))
    known = Counter(_WORD.findall(f"{entry.title} {entry.publisher or ''}".casefold()))
    return bool(entry.title) and not said - known


def _also(feed: Feed, want: Wanted, url: str | None, own: bool) -> tuple[str, ...]:
    """The other names of an entry: its link in the feed, and its GUID.

    A link that is not its ``own`` names it within the feed alone.
    """
    guid, link = want.known.guid, want.known.entry.link
    others: list[str] = []
    if link and want.known.link and (link != url or not own):
        others.append(link if own else guid_name(feed.url, canonical_url(link)))
    if guid is not None:
        named = linkable(guid) and (own or same_site(feed.url, guid))
        others.append(guid if named else guid_name(feed.url, guid))
    return tuple(one for one in dict.fromkeys(others) if one != url)


def _publisher(feed: Feed, want: Wanted, names: Mapping[str, str], url: str | None) -> str | None:
    """Whose it is: of a host's articles always alike, so that they count as one source."""
    entry = want.known.entry
    link = url or feed.url
    where = host_of(link)
    named = names.get(where) if where else None
    # A host in place of a name says that its pages gave none.
    return (
        entry.publisher
        or feed.publisher
        or (named if named and named != where else publisher_of(link))
    )


def _published(want: Wanted, article: Extracted | None) -> tuple[datetime | None, Precision | None]:
    """When it appeared: what the feed said first, unless its page knows it to be older.

    Old articles come back in feeds with the date of the day.
    """
    entry, before = want.known.entry, want.before
    if before is not None and before.published is not None:
        return before.published, before.published_precision
    there = article.published if article else None
    if there is None or article is None:
        return entry.published, entry.published_precision
    if entry.published is None or there < entry.published - _SLACK:
        return there, article.published_precision
    return entry.published, entry.published_precision


_TOGETHER = 8


async def entries_of(
    got: Fetched, fetcher: Fetcher, pages: Pages, *, defaults: Defaults, now: datetime
) -> Sequence[Draft | Rejected] | None:
    """The articles of a feed that was fetched, oldest first; None where it is no feed.

    An entry of which nothing but a headline can be had is Rejected.
    """
    feeds = feeds_apart()
    try:
        read = await asyncio.to_thread(
            feeds.run, read_feed, got.body, url=got.url, charset=got.charset, now=now
        )
    except GatherError as error:
        return [Rejected(origin=got.asked, reason=error.message)]
    finally:
        feeds.close()
    if read.problem in ("page", "challenge", "not_a_feed"):
        return None
    if read.problem == "empty":
        return [Rejected(origin=got.asked, reason="it is a feed without any entry")]
    feed = feed_of(
        Listed(got.url, read.title, read.site),
        workspace=LOCAL,
        now=now,
        publisher=defaults.publisher,
    )
    wanted = sift(known(read.entries), {}, (), feed.url).wanted[::-1]
    names: dict[str, str] = {}
    first, rest = ([], wanted) if feed.publisher else learning(wanted, names)
    made: dict[str, Draft | Rejected] = {}
    entries = Entries(fetcher, pages, lambda: now)
    for some in [*together(first, _TOGETHER), *together(rest, _TOGETHER)]:
        done = await asyncio.gather(*(_made(entries, feed, want, names) for want in some))
        made.update((want.known.key, one) for want, one in zip(some, done, strict=True))
    return [made[want.known.key] for want in wanted]


async def _made(
    entries: Entries, feed: Feed, want: Wanted, names: dict[str, str]
) -> Draft | Rejected:
    _, draft, later = await entries.draft(feed, want, names)
    if draft is not None:
        return draft
    entry = want.known.entry
    return Rejected(
        origin=entry.link or entry.title or feed.url,
        reason="its page cannot be had for the moment; read the feed again later"
        if later
        else "the feed has its headline only, and no article can be told on its page",
    )


AT_ONCE = 16
"""Links that are fetched together, and whose pages are in memory together."""

_Found = Draft | Rejected | Pending


def is_link(text: str) -> bool:
    """Whether somebody who names this means a link, and not a file."""
    return text.lower().startswith(("http://", "https://"))


def gathered(
    named: Sequence[str],
    fetcher: Fetcher,
    *,
    defaults: Defaults,
    now: datetime,
    stdin: BinaryIO | None = None,
    workers: int = 1,
    amount: Amount | None = None,
) -> Iterator[Draft | Rejected]:
    """Read the articles of what somebody names: links, files and folders, in their order.

    As ``bot.gather.files.drafts``, with links beside paths; a default link is for files only.
    """
    check_defaults(defaults, now=now)
    without = defaults.model_copy(update={"url": None})
    return chain.from_iterable(
        _of_links(list(some), fetcher, without, now, workers)
        if linked
        else drafts(
            list(some), defaults=defaults, now=now, stdin=stdin, workers=workers, amount=amount
        )
        for linked, some in groupby(named, is_link)
    )


def _of_links(
    links: Sequence[str], fetcher: Fetcher, defaults: Defaults, now: datetime, workers: int
) -> Iterator[Draft | Rejected]:
    with Pages(workers or os.cpu_count() or 1) as pages:
        yield from pages.drafts(_fetched(links, fetcher, pages, defaults, now))


def _fetched(
    links: Sequence[str], fetcher: Fetcher, pages: Pages, defaults: Defaults, now: datetime
) -> Iterator[_Found]:
    """Fetch links some at a time, in an event loop of its own; robots.txt is respected."""
    with asyncio.Runner() as runner:
        runner.run(fetcher.__aenter__())
        try:
            for start in range(0, len(links), AT_ONCE):
                some = links[start : start + AT_ONCE]
                for found in runner.run(_together(some, fetcher, pages, defaults, now)):
                    yield from found
        finally:
            runner.run(fetcher.__aexit__(None, None, None))


async def _together(
    links: Sequence[str], fetcher: Fetcher, pages: Pages, defaults: Defaults, now: datetime
) -> list[Sequence[_Found]]:
    return await asyncio.gather(*(_one(one, fetcher, pages, defaults, now) for one in links))


async def _one(
    link: str, fetcher: Fetcher, pages: Pages, defaults: Defaults, now: datetime
) -> Sequence[_Found]:
    try:
        got = await fetcher.get(unwrapped(link), page=True)
    except FetchError as error:
        return [Rejected(origin=shown(link) if "@" in link else link, reason=str(error))]
    if is_feed(got):
        entries = await entries_of(got, fetcher, pages, defaults=defaults, now=now)
        if entries is not None:
            return entries
    return list(articles_of(got, link, defaults=defaults, now=now))
