"""What polling needs, opened together and closed together; and many feeds polled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

from bot.errors import DragomanError
from bot.feeds.poll import Polled, Poller
from bot.gather.feeds import feeds_apart
from bot.gather.fetch import Fetcher
from bot.gather.pages import Pages
from bot.ingest import Report
from bot.models import Draft, Feed
from bot.settings import Settings
from bot.store.store import Store

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
"""How often it is looked whether a feed is due."""

TOGETHER = 4
"""Feeds that one process polls at a time; most of that is waiting for servers."""


@asynccontextmanager
async def polling(
    settings: Settings,
    store: Store,
    ingest: Callable[..., Report],
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncIterator[Poller]:
    """Open a poller with the processes that read feeds and pages, as the settings say.

    ``ingest`` is the desk's, which stands below this room.
    """

    def take_in(feed: Feed, drafts: Sequence[Draft], at: datetime) -> Report:
        return ingest(
            drafts,
            now=at,
            workspace=feed.workspace,
            audience=feed.audience,
            facts_later=True,
        )

    async with AsyncExitStack() as stack:
        fetcher = await stack.enter_async_context(Fetcher.from_settings(settings))
        feeds = feeds_apart()
        stack.push_async_callback(asyncio.to_thread, feeds.close)
        pages = Pages()
        stack.push_async_callback(asyncio.to_thread, pages.close)
        yield Poller(store, fetcher, feeds, pages, take_in, now=now)


async def poll_all(
    poller: Poller, feeds: Sequence[Feed], told: Callable[[Polled], None]
) -> list[Polled]:
    """Poll these feeds, some at a time; those that another process is at are left to it."""
    waiting = iter(feeds)
    done: list[Polled] = []

    async def work() -> None:
        for feed in waiting:  # each takes the next that nobody has
            polled = await poller.poll(feed)
            if polled is not None:
                done.append(polled)
                told(polled)

    await _together(work)
    return done


async def poll_due(poller: Poller, told: Callable[[Polled], None]) -> list[Polled]:
    """Poll whatever is due, until nothing is."""
    done: list[Polled] = []

    async def work() -> None:
        while (polled := await poller.due()) is not None:
            done.append(polled)
            told(polled)

    await _together(work)
    return done


async def keep_polling(
    poller: Poller, told: Callable[[Polled], Awaitable[None]], seconds: float = LOOK_SECONDS
) -> None:
    """Poll what is due for as long as this runs; what fails is logged once, and tried again."""

    async def work() -> None:
        failing = False
        while True:
            try:
                polled = await poller.due()
                if polled is not None:
                    await told(polled)
            except DragomanError as error:
                if not failing:
                    log.warning("feeds wait: %s", error)
                failing, polled = True, None
            else:
                failing = False
            if polled is None:
                await asyncio.sleep(seconds)

    await _together(work)


async def _together(work: Callable[[], Awaitable[None]]) -> None:
    """Do it some times over at once; the first error stops them all, and is raised as it is."""
    tasks = [asyncio.ensure_future(work()) for _ in range(TOGETHER)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
