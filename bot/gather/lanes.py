"""Manners towards hosts: a few requests at a time, and a pause between their beginnings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

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
