"""An entry of a feed, with its page where it needs one, becomes a draft."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from bot.errors import FetchError, GatherError
from bot.feeds.sifting import Wanted, gives_up
from bot.gather.canonical import unwrapped
from bot.gather.fetch import Fetcher
from bot.gather.names import guid_name
from bot.gather.pages import Pages, choose, is_teaser
from bot.gather.records import linkable
from bot.models import Draft, Extracted, Feed, Precision, WebPage

_PASSING = frozenset({"dns", "unreachable", "timeout", "cut short"})
_BUSY = 429
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

    async def draft(self, feed: Feed, want: Wanted) -> tuple[Wanted, Draft | None, bool]:
        """The draft of an entry, None as ``draft_of`` has it; True where it must wait.

        It waits where its page cannot be fetched for the moment.
        """
        page: Read | None = None
        if want.page:
            try:
                page = await self._page(want)
            except FetchError as error:
                passing = error.kind in _PASSING or (error.status or 0) >= 500
                if (passing or error.status == _BUSY) and not gives_up(want):
                    return want, None, True
        return want, draft_of(feed, want, page), False

    async def _page(self, want: Wanted) -> Read | None:
        """The page of an entry; None where no article can be told on it, FetchError not."""
        fetched = await self._fetcher.get(unwrapped(want.known.entry.link or ""), page=True)
        page = WebPage(body=fetched.body, url=fetched.url, charset=fetched.charset, now=self._now())
        try:
            return Read(fetched.url, await asyncio.to_thread(self._pages.extract, page))
        except GatherError:
            return None  # what the feed says is kept


def draft_of(feed: Feed, want: Wanted, page: Read | None) -> Draft | None:
    """Make the draft of an entry; None where there is nothing to read but a headline."""
    entry = want.known.entry
    article = page.article if page else None
    text = choose(entry.text, article)
    if not text.strip():
        return None
    link = unwrapped(entry.link) if entry.link else None
    url = (article.url if article else None) or (page.url if page else None) or link
    published, precision = _published(want, article)
    changed = [when for when in (entry.updated, article.modified if article else None) if when]
    return Draft(
        title=entry.title or (article.title if article else ""),
        text=text,
        url=url if want.known.link else None,
        also=_also(feed, want, url),
        publisher=_publisher(feed, want, article, url),
        published=published,
        published_precision=precision,
        author=entry.author or (article.author if article else None),
        modified=max(changed, default=None),
        partial=text == entry.text and is_teaser(text),
        origin=f"{feed.url} {entry.link or entry.guid or entry.title[:80]}",
    )


def _also(feed: Feed, want: Wanted, url: str | None) -> tuple[str, ...]:
    """The other names of an entry: its link in the feed, and its GUID."""
    guid, link = want.known.guid, want.known.entry.link
    others = [link] if link and link != url and want.known.link else []
    if guid is not None:
        others.append(guid if linkable(guid) else guid_name(feed.url, guid))
    return tuple(one for one in dict.fromkeys(others) if one != url)


def _publisher(feed: Feed, want: Wanted, article: Extracted | None, url: str | None) -> str | None:
    """Whose it is: of a feed's articles always alike, so that they count as one source."""
    said = want.known.entry.publisher or feed.publisher or (article.publisher if article else None)
    return said or host(url or feed.url)


def host(url: str) -> str | None:
    """The host of an address as a publisher's name."""
    return (urlsplit(url).hostname or "").removeprefix("www.") or None


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
