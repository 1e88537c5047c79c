"""One process does it all: each look is taken again a second after the last."""

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
    """Take these looks side by side, and poll feeds, until the context ends.

    By then the looks that were under way are done, and the feeds that were are given back.
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
