"""Feeds that a workspace follows: found, added and named; their health, and notices of failures."""

from __future__ import annotations

import asyncio
import hashlib
from asyncio import timeout
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import NamedTuple
from urllib.parse import urlsplit

from bot.answer.formatting import day
from bot.errors import BadFeed, FetchError, GatherError, NoFeed
from bot.gather.feeds import (
    BETWEEN,
    Listed,
    announced,
    feeds_apart,
    read_feed,
    read_opml,
    usual,
)
from bot.gather.fetch import Fetched, Fetcher, Limits
from bot.gather.links import canonical_url, short
from bot.gather.workers import Apart
from bot.models import EVERYWHERE, Feed, FeedRead, Outgoing
from bot.settings import Settings
from bot.store.store import Store

_UNIT = "\x1f"
_AT_LEAST = 4
"""Minimum length of a prefix of an id or address that may name a feed, if it is unique."""

_SHOWN = 5
"""Candidates listed in an error."""


def feed_of(
    listed: Listed,
    *,
    workspace: str,
    now: datetime,
    person: str = "",
    publisher: str | None = None,
    audience: str = EVERYWHERE,
) -> Feed:
    """Make a feed, due at once. Its id follows from its workspace, audience and address."""
    key = _UNIT.join((workspace, audience, key_of(listed.url)))
    return Feed(
        workspace=workspace,
        id=hashlib.sha256(key.encode()).hexdigest()[:10],
        url=listed.url,
        audience=audience,
        title=listed.title,
        site=listed.site,
        category=listed.category,
        publisher=publisher,
        added_at=now,
        added_by=person,
        next_poll=now,
    )


def key_of(url: str) -> str:
    """Return the normalised address that identifies a feed."""
    return short(canonical_url(url))


def named(store: Store, workspace: str, name: str) -> Feed:
    """Find a feed by anything that a list of feeds prints for it.

    That is its id, its title or its address, or a unique prefix of one of them; case and
    blanks do not count. Raises BadFeed, with the candidates if there are several.
    """
    every = store.feeds.all(workspace) if name.strip() else []
    for found in (_exactly(every, name), _beginning(every, name)):
        if len(found) == 1:
            return found[0]
        if found:
            some = "; ".join(f"{one.title or one.url} ({one.id})" for one in found[:_SHOWN])
            more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
            raise BadFeed(
                f"{name} may be {some}{more}: give more of the name, or the id.", about=name
            )
    hint = "`dragoman feeds list` lists them."
    raise BadFeed(f"No feed {name} is followed.", about=name, hint=hint)


def _exactly(every: Sequence[Feed], name: str) -> list[Feed]:
    wanted, first = _folded(name), name.split()[:1]
    by_id = [one for one in every if one.id == wanted or [one.id] == first]
    titled = [one for one in every if _folded(one.title) == wanted]
    if by_id or titled:
        return by_id or titled
    if "." not in wanted or " " in wanted:
        return []
    try:
        key = key_of(name.strip() if "://" in name else f"https://{name.strip()}")
    except ValueError:  # not an address
        return []
    return [one for one in every if key_of(one.url) == key]


def _beginning(every: Sequence[Feed], name: str) -> list[Feed]:
    wanted = _folded(name)
    if found := [one for one in every if _folded(one.title).startswith(wanted)]:
        return found
    if len(wanted) < _AT_LEAST:
        return []
    address = wanted.partition("://")[2] or wanted
    return [
        one
        for one in every
        if one.id.startswith(wanted) or one.url.casefold().partition("://")[2].startswith(address)
    ]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def listed(feed: Feed) -> Listed:
    """Return a feed as an entry of an exported list."""
    return Listed(feed.url, feed.title, feed.site, feed.category)


def health(feed: Feed) -> str:
    """Return the health in one line: well, new, paused, retired, or failing since when and why."""
    if feed.state == "retired":
        return f"retired: {feed.said}" if feed.said else "retired"
    if feed.state == "paused":
        return "paused" + (f"; before that, {_failing(feed)}" if feed.failures else "")
    if feed.last_poll is None:
        return "not polled yet"
    if feed.failures:
        return _failing(feed)
    return f"well, but: {feed.said}" if feed.said else "well"


def _failing(feed: Feed) -> str:
    times = "once" if feed.failures == 1 else f"{feed.failures:,} times in a row"
    first = feed.failing_since
    since = f" since {day(first)}, {first:%H:%M} UTC" if first else ""
    return f"failed {times}{since}: {feed.said}"


def ago(when: datetime | None, now: datetime) -> str:
    """Return the time between ``when`` and ``now``: ``12 min``, ``3 h``, ``9 days``."""
    if when is None:
        return "never"
    seconds = abs((when - now).total_seconds())
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3_600:
        return f"{seconds / 60:.0f} min"
    if seconds < 2 * 86_400:
        return f"{seconds / 3_600:.0f} h"
    return f"{seconds / 86_400:.0f} days"


RECENT = timedelta(days=7)
"""Older notices are not sent to people who became admins later."""


def notify(store: Store, workspace: str, people: Sequence[str], now: datetime) -> int:
    """Queue the feed notices that these people have not had yet; returns how many.

    Raises StoreError.
    """
    notified = 0
    for person in people:
        for notice in store.feeds.notices(workspace, person, now - RECENT):
            item = Outgoing(
                workspace=workspace,
                key=f"feed:{notice.id}:{person}",
                kind="notice",
                place=person,
                content={"said": notice.said},
                due_at=now,
                expires_at=now + RECENT,
            )
            # After a crash between the two, the next pass puts it again, which adds nothing.
            store.outbox.put([item], now)
            store.feeds.mark_notified(notice, person, now)
            notified += 1
    return notified


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
