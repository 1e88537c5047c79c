"""An entry of a feed, with its page where it needs one, becomes a draft."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.errors import FetchError, GatherError
from bot.feeds.sifting import Wanted, gives_up
from bot.gather.canonical import canonical_url, same_site, unwrapped
from bot.gather.fetch import Fetcher
from bot.gather.names import guid_name
from bot.gather.pages import Pages, choose, is_teaser, told_in
from bot.gather.publishers import host_of, publisher_of
from bot.gather.records import linkable
from bot.gather.web import is_front
from bot.models import Draft, Extracted, Feed, FeedEntry, Precision, WebPage

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
