"""Politeness towards hosts: few requests at a time with pauses between them, and robots.txt.

robots.txt is read after RFC 9309 and kept for an hour. Where there is none (a status of 400 to 499)
all is open; where the server cannot say, nothing is.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from protego import Protego
from yarl import URL

from bot.errors import FetchError

_MANY = 1_000


@dataclass
class _Lane:
    free: asyncio.Semaphore
    next_at: float = 0.0
    users: int = 0


class Lanes:
    """One lane for each host; ``pause`` is in seconds."""

    def __init__(self, at_once: int, pause: float) -> None:
        self._at_once = at_once
        self._pause = pause
        self._lanes: dict[str, _Lane] = {}

    @asynccontextmanager
    async def turn(
        self, host: str, pause: float = 0.0, *, wait: bool = True
    ) -> AsyncIterator[None]:
        """Wait until it is our turn at a host; ``pause`` is what the host itself asks for.

        Without ``wait`` only a free place is waited for: a redirect within a host goes on.
        """
        now = asyncio.get_running_loop().time
        if len(self._lanes) > _MANY:
            self._forget_idle(now())
        lane = self._lanes.setdefault(host, _Lane(asyncio.Semaphore(self._at_once)))
        lane.users += 1
        try:
            async with lane.free:
                if wait:
                    ahead = lane.next_at - now()
                    lane.next_at = max(lane.next_at, now()) + max(self._pause, pause)
                    await asyncio.sleep(max(ahead, 0.0))
                yield
        finally:
            lane.users -= 1

    def _forget_idle(self, now: float) -> None:
        for host, lane in list(self._lanes.items()):
            if not lane.users and lane.next_at <= now:
                del self._lanes[host]


PRODUCT = "Dragoman"
"""The name that robots.txt may address us by."""

LONGEST_PAUSE = 10.0
"""Seconds between two pages; a longer Crawl-delay would starve what it is asked for."""

_KEPT = 3_600.0
_MAX_BYTES = 500 * 1_024
_SILENT = frozenset({"dns", "tls", "refused", "unreachable", "timeout", "cut short", "url"})
"""Kinds of failure that the page itself would meet too: told as they are."""


@dataclass
class _Site:
    asked: asyncio.Lock = field(default_factory=asyncio.Lock)
    until: float = float("-inf")
    rules: Protego | None = None  # None: nothing is open


class Robots:
    """The robots.txt of the sites visited; ``fetch`` gets the bytes of a link."""

    def __init__(self, fetch: Callable[[str], Awaitable[bytes]]) -> None:
        self._fetch = fetch
        self._sites: dict[str, _Site] = {}

    async def pause(self, url: URL) -> float:
        """The seconds that a site asks to wait between pages, 0 if it says nothing.

        Raises FetchError where robots are to leave this page alone.
        """
        rules = await self._rules(url)
        if rules is None or not rules.can_fetch(str(url), PRODUCT):
            why = (
                "cannot show its robots.txt now, so its pages are not read; try again later"
                if rules is None
                else "asks robots not to read this page (robots.txt); give its text as a file"
            )
            raise FetchError(
                f"{url.host} {why}.", about=f"{url.origin()}{url.raw_path}", kind="robots"
            )
        return min(rules.crawl_delay(PRODUCT) or 0.0, LONGEST_PAUSE)

    async def _rules(self, url: URL) -> Protego | None:
        origin = str(url.origin())
        now = asyncio.get_running_loop().time
        while len(self._sites) > _MANY:
            del self._sites[next(iter(self._sites))]
        site = self._sites.setdefault(origin, _Site())
        async with site.asked:
            if site.until <= now():
                site.rules = await self._read(f"{origin}/robots.txt")
                site.until = now() + _KEPT
            return site.rules

    async def _read(self, link: str) -> Protego | None:
        try:
            body = await self._fetch(link)
        except FetchError as error:
            if error.kind in _SILENT:
                raise
            busy = error.status is not None and (error.status >= 500 or error.status == 429)
            return None if busy else Protego.parse("")
        return Protego.parse(body[:_MAX_BYTES].decode("utf-8", "replace"))
