"""Feeds that people add: one at an address, or all that Dragoman knows of in a region."""

from __future__ import annotations

import asyncio
from asyncio import timeout
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib import resources
from typing import NamedTuple
from urllib.parse import urlsplit

from bot.errors import BadFeed, NoFeed
from bot.feeds.finding import Found, find
from bot.feeds.following import feed_of, key_of
from bot.gather.feeds import feeds_apart
from bot.gather.fetch import Fetcher, Limits
from bot.gather.opml import BETWEEN, Listed, read_opml
from bot.models import Feed
from bot.settings import Settings
from bot.store.store import Store

SEEDS = "feeds.opml"


class Added(NamedTuple):
    """How many feeds there were to add, and how many of them were not followed before."""

    listed: int
    added: int


def seeded() -> bytes:
    """The list of feeds that comes with Dragoman, as OPML."""
    return (resources.files("seeds") / SEEDS).read_bytes()


@cache
def seeds() -> tuple[Listed, ...]:
    """The feeds that come with Dragoman, in their order."""
    return tuple(one for one in read_opml(seeded(), about=SEEDS) if isinstance(one, Listed))


def categories() -> tuple[str, ...]:
    """The outermost folders of the feeds that come with Dragoman, in their order."""
    return tuple(dict.fromkeys(one.category.partition(BETWEEN)[0] for one in seeds()))


def folders(every: Iterable[Listed]) -> dict[str, int]:
    """Every folder of some feeds, those around it too, and how many feeds are in it."""
    found: Counter[str] = Counter()
    for one in every:
        parts = one.category.split(BETWEEN) if one.category else []
        found.update(BETWEEN.join(parts[: n + 1]) for n in range(len(parts)))
    return dict(found)


def within(folder: str, wanted: str | None) -> bool:
    """Whether a folder is the one that is wanted, or lies in it; case does not count."""
    if wanted is None:
        return True
    return f"{folder} /".casefold().startswith(f"{wanted.strip()} /".casefold())


def add_category(
    store: Store, category: str, *, workspace: str, now: datetime, person: str
) -> Added:
    """Follow the feeds of a folder that come with Dragoman; twice adds nothing.

    Raises BadFeed where there is no such folder.
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
    """Fetch the feed at an address, or the one that the site there announces; blocks.

    ``within`` is how many seconds all fetches together may take. Raises GatherError with what
    is wrong, in words.
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
    """Follow a feed that was found; raises BadFeed where it is followed already."""
    listed = Listed(of.url, of.read.title, of.read.site, "")
    new = feed_of(listed, workspace=workspace, now=now, person=person)
    if not store.feeds.add(new, key_of(new.url)):
        there = store.feeds.by_key(new, key_of(new.url)) or new
        raise BadFeed(f"{there.title or there.url} is followed already.", about=new.url)
    return new
