"""One message a second in each channel, across all processes of the bot.

Slack limits how often an app may post (https://docs.slack.dev/apis/web-api/rate-limits) and, above
that, says how long to wait. Both are kept in the store. The second is counted from the arrival of
one message to the sending of the next, so that they never arrive closer together, however long
Slack takes for one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from bot.models import EVERYWHERE
from bot.store.outbox import Pacing
from handlers.errors import NotNow

GAP = timedelta(seconds=1)

LEASE = timedelta(seconds=15)
"""How long a place waits for a poster that has gone silent: longer than a call may take."""

_LOOK = timedelta(seconds=0.25)  # how often to check whether the other has posted


class Pace:
    """Gives turns to post to a place, ``gap`` apart; ``now`` and ``sleep`` are the clock."""

    def __init__(
        self,
        pacing: Pacing,
        *,
        gap: timedelta = GAP,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pacing = pacing
        self._gap = gap
        self._now = now
        self._sleep = sleep

    @asynccontextmanager
    async def turn(self, place: str, until: datetime) -> AsyncIterator[None]:
        """Wait until a message may go to a place, and post it inside the block.

        Raises NotNow, with the time to try again, if that is after ``until``.
        """
        # Slack's ids of places are unique across Slack: one pace for all workspaces.
        at, mine = await asyncio.to_thread(
            self._pacing.turn, EVERYWHERE, place, self._now(), self._gap, until
        )
        if not mine:
            raise _others_first(place, at)
        await self._until(at)
        while (again := await self._begin(place)) is not None:
            if again > until:
                raise _others_first(place, again)
            await self._until(again)
        try:
            yield
        finally:
            await asyncio.to_thread(self._pacing.end, EVERYWHERE, place, self._now(), self._gap)

    async def _begin(self, place: str) -> datetime | None:
        return await asyncio.to_thread(
            self._pacing.begin, EVERYWHERE, place, self._now(), LEASE, _LOOK
        )

    async def _until(self, at: datetime) -> None:
        if (wait := (at - self._now()).total_seconds()) > 0:
            await self._sleep(wait)

    async def hold(self, place: str, seconds: float) -> None:
        """Stop everyone from posting there for some seconds."""
        now = self._now()
        until = now + timedelta(seconds=seconds)
        await asyncio.to_thread(self._pacing.hold, EVERYWHERE, place, now, until)


def _others_first(place: str, at: datetime) -> NotNow:
    return NotNow("Others are being answered there first.", about=place, again_at=at)
