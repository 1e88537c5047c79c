"""Make drafts from entries of feeds, and from links that people give."""

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
from bot.gather.feeds import Listed, feeds_apart, read_feed
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
    shares_words,
)
from bot.gather.records import Defaults, Rejected, check_defaults, linkable
from bot.models import LOCAL, Draft, Extracted, Feed, FeedEntry, Precision, Seen, WebPage

TRIES = 3
"""Attempts to fetch the page of an entry that fails temporarily."""

_FEW = 3


class Known(NamedTuple):
    """An entry with its identifiers: ``key`` in its feed; ``link``, normalised, if it is unique.

    ``guid`` is None if several entries of the feed share it; ``sha256`` is that of the content.
    """

    entry: FeedEntry
    key: str
    sha256: str
    link: str | None
    guid: str | None


class Wanted(NamedTuple):
    """An entry to ingest; ``before`` is its last record, ``page`` whether its page is needed.

    ``learn`` asks for the page anyway, if it can be fetched: to learn the publisher's name, or
    whether the words of the feed are its own.
    """

    known: Known
    before: Seen | None
    page: bool
    learn: bool = False


@dataclass(frozen=True, slots=True)
class Sifted:
    """``wanted`` entries in the feed's order, newest first; ``settled`` ones are only recorded."""

    wanted: list[Wanted] = field(default_factory=list)
    settled: list[Seen] = field(default_factory=list)


def known(entries: Iterable[FeedEntry]) -> list[Known]:
    """Return the entries with their identifiers, each once.

    A GUID or link that several entries share identifies none of them.
    """
    entries = list(entries)
    folded = [short(canonical_url(entry.link)) if entry.link else None for entry in entries]
    pairs = set(zip((entry.guid for entry in entries), folded, strict=True))
    guids = Counter(guid for guid, _ in pairs)
    links = Counter(link for _, link in pairs)
    changes = {entry.updated for entry in entries}
    # Some feeds mark every entry as updated whenever they are generated.
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
    """Decide what to do with each entry.

    ``seen`` are the feed's known entries by key, ``brought`` the normalised links that this or
    another feed for the same readers brought: an entry with a new GUID, or from a second feed,
    is not a new article. ``home`` is the address of the feed: if an entry links to another site,
    its page is fetched, since the entry may only comment on another publisher's article.
    """
    sifted = Sifted()
    for one in entries:
        before = seen.get(one.key)
        if before is None and one.link in brought:
            sifted.settled.append(settled(one))
        elif before is not None and before.sha256 == one.sha256:
            sifted.settled.append(before)
        else:
            link = one.entry.link
            elsewhere = link is not None and not same_site(home, link)
            sifted.wanted.append(Wanted(one, before, _needs_page(one.entry, before), elsewhere))
    return sifted


def learning(
    wanted: Sequence[Wanted], names: Mapping[str, str]
) -> tuple[list[Wanted], list[Wanted]]:
    """Split off the first entry of each host that has no name yet; returns these and the rest.

    One publisher gets one name, whether its article came from the feed or from its page.
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
    """Split into batches of at most ``most``."""
    return [wanted[start : start + most] for start in range(0, len(wanted), most)]


def settled(one: Known, draft: Draft | None = None) -> Seen:
    """Return the record of an entry that needs nothing more, with the date of its draft."""
    dated = draft if draft is not None and draft.published else one.entry
    return Seen(
        key=one.key,
        sha256=one.sha256,
        link=one.link,
        published=dated.published,
        published_precision=dated.published_precision,
    )


def waiting(want: Wanted) -> Seen:
    """Return the record of an entry whose page failed temporarily."""
    before, one = want.before, want.known
    tries = before.tries + 1 if before else 1
    if before and before.sha256:  # it was ingested before, and only changed
        return before.model_copy(update={"tries": tries})
    return settled(one).model_copy(update={"sha256": "", "tries": tries})


def gives_up(want: Wanted) -> bool:
    """Return whether an entry's page has used up its attempts."""
    return want.before is not None and want.before.tries + 1 >= TRIES


def _needs_page(entry: FeedEntry, before: Seen | None) -> bool:
    dated = entry.published is not None or (before is not None and before.published is not None)
    return entry.link is not None and (is_teaser(entry.text) or not dated)


_PASSING = frozenset({"dns", "unreachable", "timeout", "cut short"})
_BUSY = 429
_WORD = re.compile(r"\w{2,}")
_SLACK = timedelta(days=1)
"""How much later than its page a feed may date an article; beyond that, the page's date counts."""


class Read(NamedTuple):
    """The page of an entry: its final address, and the article on it."""

    url: str
    article: Extracted


class Entries:
    """Makes drafts from entries, and fetches the pages that they need."""

    def __init__(self, fetcher: Fetcher, pages: Pages, now: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._pages = pages
        self._now = now

    async def draft(
        self, feed: Feed, want: Wanted, names: dict[str, str]
    ) -> tuple[Wanted, Draft | None, bool]:
        """Return the draft of an entry (None as in ``draft_of``), and whether it must wait.

        It waits if its page fails temporarily. ``names`` are publishers' names by host; the
        name that a page gives is added to them.
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
        """Return the page of an entry; None if it has no recognisable article of the entry.

        Raises FetchError if it cannot be fetched.
        """
        entry = want.known.entry
        link = unwrapped(entry.link or "")
        fetched = await self._fetcher.get(link, page=True)
        if is_front(fetched.url) and not is_front(link):
            return None  # dead links often redirect to the front page
        page = WebPage(body=fetched.body, url=fetched.url, charset=fetched.charset, now=self._now())
        try:
            article = await asyncio.to_thread(self._pages.extract, page)
        except GatherError:
            return None  # the feed's text is used
        return Read(fetched.url, article) if _is_of(entry, article) else None


def _is_of(entry: FeedEntry, article: Extracted) -> bool:
    """Return whether a page seems to belong to an entry: it has some word of the headline.

    The address of an old article often shows something else.
    """
    headline = set(_WORD.findall(entry.title.casefold()))
    return not headline or not headline.isdisjoint(
        _WORD.findall(f"{article.title} {article.text}".casefold())
    )


def draft_of(feed: Feed, want: Wanted, page: Read | None, names: Mapping[str, str]) -> Draft | None:
    """Make the draft of an entry; None if it has only a headline."""
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
    """Return whether a text belongs to the link that its entry gives.

    Some feeds comment on other publishers' articles and link to them: the comment is not the
    article.
    """
    if same_site(feed.url, link):
        return True
    if article is not None and not article.wall and article.text:
        return text == article.text or shares_words(text, article.text)
    return feed.site is not None and same_site(feed.site, link)


def _is_headline(entry: FeedEntry) -> bool:
    """Return whether an entry's text has nothing but its title and publisher."""
    said = Counter(_WORD.findall(entry.text.casefold()))
    known = Counter(_WORD.findall(f"{entry.title} {entry.publisher or ''}".casefold()))
    return bool(entry.title) and not said - known


def _also(feed: Feed, want: Wanted, url: str | None, own: bool) -> tuple[str, ...]:
    """Return the other names of an entry: its link in the feed, and its GUID.

    A link that is not its ``own`` names it only within the feed.
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
    """Return the publisher: the same for all articles of a host, so that they are one source."""
    entry = want.known.entry
    link = url or feed.url
    where = host_of(link)
    named = names.get(where) if where else None
    # The host itself stands for a name if its pages gave none.
    return (
        entry.publisher
        or feed.publisher
        or (named if named and named != where else publisher_of(link))
    )


def _published(want: Wanted, article: Extracted | None) -> tuple[datetime | None, Precision | None]:
    """Return the date of publication: the feed's first date, unless the page has an older one.

    Old articles return in feeds with the current date.
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
    """Return the articles of a fetched feed, oldest first; None if it is not a feed.

    An entry with only a headline becomes Rejected.
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
"""Links fetched together, with their pages in memory together."""

_Found = Draft | Rejected | Pending


def is_link(text: str) -> bool:
    """Return whether an argument is a link, and not a file."""
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
    """Read articles from links, files and folders, in their order.

    Works as ``bot.gather.files.drafts``, with links beside paths; a default link is for files
    only.
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
    """Fetch links in batches, in a separate event loop; respects robots.txt."""
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
