"""Background tasks in a single process, each repeated a second after its last run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bot.feeds.poll import finished
from bot.work.looks import Look
from bot.work.polls import Polls

SECONDS = 1.0


@asynccontextmanager
async def repeating(looks: Sequence[Look], polls: Polls | None = None) -> AsyncIterator[None]:
    """Run these tasks concurrently, and poll feeds, until the context ends.

    Tasks under way are finished then, and feeds being polled are released.
    """
    tasks = [asyncio.create_task(_repeat(look), name=look.name) for look in looks]
    if polls is not None:
        tasks.append(asyncio.create_task(polls.keep(), name="feeds"))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


async def _repeat(look: Look) -> None:
    more = False
    while True:
        await asyncio.sleep(0 if more else SECONDS)
        more = await finished(look.take)
