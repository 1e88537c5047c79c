"""The feed that somebody means by an address, be it that of a site."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from bot.errors import FetchError, GatherError, NoFeed
from bot.gather.apart import Apart
from bot.gather.discover import announced, usual
from bot.gather.feeds import read_feed
from bot.gather.fetch import Fetched, Fetcher
from bot.models import FeedRead

_USABLE = (None, "undated", "empty")


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that was fetched and read; ``others`` are further ones that the site announces."""

    fetched: Fetched
    read: FeedRead
    others: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Where it is to be polled: where it has moved for good, else as it was asked for."""
        return self.fetched.moved_to or self.fetched.asked


async def find(fetcher: Fetcher, feeds: Apart, url: str, now: datetime) -> Found:
    """Fetch the feed at an address, or the one that the page there announces.

    ``feeds`` is where feeds are read. Raises FetchError where the address itself cannot be
    fetched, NoFeed where nothing found there is a feed, TooHeavy where one is too much.
    """
    first = await fetcher.get(url)
    found = await _read(feeds, first, now)
    if found.read.problem in _USABLE:
        return found
    named = await asyncio.to_thread(
        feeds.run, announced, first.body, url=first.url, charset=first.charset
    )
    addresses = [one.url for one in named]
    better = await _first(fetcher, feeds, addresses, now)
    if better is None:
        better = await _first(fetcher, feeds, usual(first.url), now)
    if better is None:
        host = urlsplit(first.url).hostname or first.url
        raise NoFeed(
            f"I found no feed at {host}: the address is not a feed and names none. Give the"
            " address of the feed itself.",
            about=url,
        )
    others = tuple(one for one in addresses if one != better.fetched.asked)
    return Found(better.fetched, better.read, others)


async def _first(
    fetcher: Fetcher, feeds: Apart, addresses: Iterable[str], now: datetime
) -> Found | None:
    """The first of these addresses that is a feed with entries, else the first without."""
    empty: Found | None = None
    for address in addresses:
        try:
            found = await _read(feeds, await fetcher.get(address), now)
        except GatherError as error:
            if isinstance(error, FetchError) and error.kind in ("dns", "timeout", "challenge"):
                return empty  # the whole site is like that: guessing on would take minutes
            continue
        if found.read.problem in (None, "undated"):
            return found
        if found.read.problem == "empty":
            empty = empty or found
    return empty


async def _read(feeds: Apart, fetched: Fetched, now: datetime) -> Found:
    read = await asyncio.to_thread(
        feeds.run, read_feed, fetched.body, url=fetched.url, charset=fetched.charset, now=now
    )
    return Found(fetched, read)
