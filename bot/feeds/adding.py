"""Find the feed behind an address, and follow feeds: one, or those that ship with Dragoman."""

from __future__ import annotations

import asyncio
from asyncio import timeout
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import NamedTuple
from urllib.parse import urlsplit

from bot.errors import BadFeed, FetchError, GatherError, NoFeed
from bot.feeds.following import feed_of, key_of
from bot.gather.feeds import BETWEEN, Listed, announced, feeds_apart, read_feed, read_opml, usual
from bot.gather.fetch import Fetched, Fetcher, Limits
from bot.gather.workers import Apart
from bot.models import Feed, FeedRead
from bot.settings import Settings
from bot.store.store import Store

_USABLE = (None, "undated", "empty")


@dataclass(frozen=True, slots=True)
class Found:
    """A feed, fetched and parsed; ``others`` are further feeds that the site announces."""

    fetched: Fetched
    read: FeedRead
    others: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The address to poll: the target of a permanent redirect, else the requested address."""
        return self.fetched.moved_to or self.fetched.asked


async def find(fetcher: Fetcher, feeds: Apart, url: str, now: datetime) -> Found:
    """Fetch the feed at an address, or the one that the page there announces.

    ``feeds`` runs the parsing. Raises FetchError if the address itself cannot be fetched,
    NoFeed if nothing found there is a feed, TooHeavy if a feed exceeds the limits.
    """
    first = await fetcher.get(url)
    found = await _read_fetched(feeds, first, now)
    if found.read.problem in _USABLE:
        return found
    named = await asyncio.to_thread(
        feeds.run, announced, first.body, url=first.url, charset=first.charset
    )
    addresses = [one.url for one in named]
    better = await _first_feed(fetcher, feeds, addresses, now)
    if better is None:
        better = await _first_feed(fetcher, feeds, usual(first.url), now)
    if better is None:
        host = urlsplit(first.url).hostname or first.url
        raise NoFeed(
            f"I found no feed at {host}: the address is not a feed and names none. Give the"
            " address of the feed itself.",
            about=url,
        )
    others = tuple(one for one in addresses if one != better.fetched.asked)
    return Found(better.fetched, better.read, others)


async def _first_feed(
    fetcher: Fetcher, feeds: Apart, addresses: Iterable[str], now: datetime
) -> Found | None:
    """Return the first feed with entries at these addresses, else the first without."""
    empty: Found | None = None
    for address in addresses:
        try:
            found = await _read_fetched(feeds, await fetcher.get(address), now)
        except GatherError as error:
            if isinstance(error, FetchError) and error.kind in ("dns", "timeout", "challenge"):
                return empty  # the whole site fails so: further guesses would take minutes
            continue
        if found.read.problem in (None, "undated"):
            return found
        if found.read.problem == "empty":
            empty = empty or found
    return empty


async def _read_fetched(feeds: Apart, fetched: Fetched, now: datetime) -> Found:
    read = await asyncio.to_thread(
        feeds.run, read_feed, fetched.body, url=fetched.url, charset=fetched.charset, now=now
    )
    return Found(fetched, read)


SEEDS = "feeds.opml"


class Added(NamedTuple):
    """How many feeds were listed, and how many of them were not followed before."""

    listed: int
    added: int


def seeded() -> bytes:
    """Return the list of feeds that ships with Dragoman, as OPML."""
    return (resources.files("seeds") / SEEDS).read_bytes()


@cache
def seeds() -> tuple[Listed, ...]:
    """Return the feeds that ship with Dragoman, in their order."""
    return tuple(one for one in read_opml(seeded(), about=SEEDS) if isinstance(one, Listed))


def folders(every: Iterable[Listed]) -> dict[str, int]:
    """Return every folder of some feeds, including parent folders, and its number of feeds."""
    found: Counter[str] = Counter()
    for one in every:
        parts = one.category.split(BETWEEN) if one.category else []
        found.update(BETWEEN.join(parts[: n + 1]) for n in range(len(parts)))
    return dict(found)


def within(folder: str, wanted: str | None) -> bool:
    """Return whether a folder is the wanted one or inside it; case does not count."""
    if wanted is None:
        return True
    return f"{folder} /".casefold().startswith(f"{wanted.strip()} /".casefold())


def add_category(
    store: Store, category: str, *, workspace: str, now: datetime, person: str
) -> Added:
    """Follow the feeds of a folder that ship with Dragoman; doing it twice adds nothing.

    Raises BadFeed if there is no such folder.
    """
    listed = [one for one in seeds() if within(one.category, category)]
    if not listed:
        raise BadFeed(f"I know no feeds for {category}.", about=category)
    made = [feed_of(one, workspace=workspace, now=now, person=person) for one in listed]
    return Added(len(made), sum(store.feeds.add(one, key_of(one.url)) for one in made))


def find_feed(
    settings: Settings,
    url: str,
    now: datetime,
    limits: Limits | None = None,
    *,
    within: float | None = None,
) -> Found:
    """Fetch the feed at an address, or the one that its site announces; blocks.

    ``within`` limits the seconds that all fetches together may take. Raises GatherError with the
    problem in words.
    """
    address = url if "://" in url else f"https://{url}"

    async def look() -> Found:
        reading = feeds_apart()
        try:
            async with Fetcher.from_settings(settings, limits) as fetcher, timeout(within):
                return await find(fetcher, reading, address, now)
        except TimeoutError as error:
            host = urlsplit(address).hostname or address
            raise NoFeed(
                f"{host} takes too long to answer: try again later, or give the address of the"
                " feed itself.",
                about=url,
            ) from error
        finally:
            await asyncio.to_thread(reading.close)

    return asyncio.run(look())


def add(store: Store, of: Found, *, workspace: str, now: datetime, person: str) -> Feed:
    """Follow a found feed; raises BadFeed if it is followed already."""
    listed = Listed(of.url, of.read.title, of.read.site, "")
    new = feed_of(listed, workspace=workspace, now=now, person=person)
    if not store.feeds.add(new, key_of(new.url)):
        there = store.feeds.by_key(new, key_of(new.url)) or new
        raise BadFeed(f"{there.title or there.url} is followed already.", about=new.url)
    return new
