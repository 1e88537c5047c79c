"""The loop that inbox and outbox share: claim due items, work on them, and stop without a loss."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Generic, TypeVar

from bot.errors import StoreError
from bot.work.tasks import Tries
from handlers.auth import CALL_SECONDS

T = TypeVar("T")


class Claims(Generic[T]):
    """Claims items and works on them, at most ``most`` at a time, at first ``first``.

    ``claim`` returns up to so many items, ``work`` handles one and raises nothing, ``release``
    gives one back. The store is polled every ``poll_seconds``, and whenever ``wake`` is set.
    """

    def __init__(
        self,
        name: str,
        claim: Callable[[int], Awaitable[list[T]]],
        work: Callable[[T], Awaitable[None]],
        release: Callable[[T], Awaitable[object]],
        *,
        most: int,
        first: int,
        poll_seconds: float,
    ) -> None:
        self._name = name
        self._claim, self._work, self._release = claim, work, release
        self._most = most
        self._allowed = min(first, most)
        self._poll = poll_seconds
        self._tries = Tries(name)
        self._loop: asyncio.Task[None] | None = None
        self.wake = asyncio.Event()
        self.at_work: set[asyncio.Future[None]] = set()

    def start(self) -> None:
        """Start working, including on items left over from before."""
        self._loop = asyncio.create_task(self._run(), name=self._name)

    async def stop(self, grace: float = CALL_SECONDS + 2) -> None:
        """Finish the items at work within ``grace`` seconds, and cancel the rest.

        By then any call to Slack has ended, so cancelled items have not been sent.
        """
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.wait([self._loop])
            self._loop = None
        if self.at_work:
            await asyncio.wait(self.at_work, timeout=grace)
        late = list(self.at_work)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            claimed = await self._claimed(self._allowed - len(self.at_work))
            for item in claimed:
                task = asyncio.ensure_future(self._work(item))
                self.at_work.add(task)
                task.add_done_callback(self._done)
            if claimed:
                continue
            with suppress(TimeoutError):
                # Not wait_for: before Python 3.12 it may swallow the cancellation that stops us.
                async with asyncio.timeout(self._poll):
                    await self.wake.wait()
            self.wake.clear()

    def _done(self, task: asyncio.Future[None]) -> None:
        self.at_work.discard(task)
        self._allowed = min(self._allowed + 2, self._most)
        self.wake.set()

    async def _claimed(self, most: int) -> list[T]:
        if most < 1:
            return []
        # Shielded: a claim under way when we stop must not be lost with its items.
        claim = asyncio.ensure_future(self._claim(most))
        claimed: list[T] = []
        try:
            # Whatever the error, the loop must go on: without it nobody gets an answer any more.
            with self._tries.once():
                claimed = await asyncio.shield(claim)
        except asyncio.CancelledError:
            with suppress(StoreError):  # otherwise they wait for their leases to expire
                for left in await claim:
                    await self._release(left)
            raise
        return claimed
