"""One message a second a channel, through all processes that speak for us.

Slack lets an app post so much (https://docs.slack.dev/apis/web-api/rate-limits) and, where it
posts more, says for how long it wants none. Both are kept in the store.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bot.models import EVERYWHERE
from bot.store.outbox import Outboxes
from handlers.errors import NotNow

GAP = timedelta(seconds=1)


class Pace:
    """Gives turns to post to a place, ``gap`` apart; ``now`` and ``sleep`` are the clock."""

    def __init__(
        self,
        outbox: Outboxes,
        *,
        gap: timedelta = GAP,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._outbox = outbox
        self._gap = gap
        self._now = now
        self._sleep = sleep

    async def turn(self, place: str, until: datetime) -> None:
        """Wait until a message may go to a place.

        Raises NotNow, which says when to come again, where that is after ``until``.
        """
        # Slack's ids of places are its own whole world's: one pace for all workspaces.
        at, ours = await asyncio.to_thread(
            self._outbox.turn, EVERYWHERE, place, self._now(), self._gap, until
        )
        if not ours:
            raise NotNow("Others are being answered there first.", about=place, again_at=at)
        if (wait := (at - self._now()).total_seconds()) > 0:
            await self._sleep(wait)

    async def hold(self, place: str, seconds: float) -> None:
        """Have nobody post there for some seconds."""
        until = self._now() + timedelta(seconds=seconds)
        await asyncio.to_thread(self._outbox.hold, EVERYWHERE, place, until)
