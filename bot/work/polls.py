"""Feeds that are due, polled; and whoever runs this is told of those that died."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from bot.desk import Desk
from bot.feeds.following import tell
from bot.feeds.poll import Polled, Poller, finished, keep_polling, polling
from bot.settings import Settings
from bot.workspaces import told_of_feeds

log = logging.getLogger(__name__)

AT_ONCE = 200
"""Feeds that one look finds due; the others a few seconds later."""


class Polls:
    """Made by ``polls``; polls for as long as that context is open."""

    def __init__(
        self, desk: Desk, settings: Settings, poller: Poller, now: Callable[[], datetime]
    ) -> None:
        self._store = desk.store
        self._people = settings.admins
        self._poller = poller
        self._now = now

    async def keep(self) -> None:
        """Poll whatever is due, for as long as this runs."""
        await keep_polling(self._poller, self._told)

    async def due(self) -> list[tuple[str, str]]:
        """The workspaces and ids of feeds that are due, and that nobody is at."""
        found = await finished(self._store.feeds.due, self._now(), AT_ONCE)
        return [(feed.workspace, feed.id) for feed in found]

    async def one(self, workspace: str, key: str) -> None:
        """Poll this feed if it is due still, and nobody is at it."""
        feed = await finished(self._store.feeds.get, workspace, key)
        if feed is None:
            return
        polled = await self._poller.due(feed)
        if polled is not None:
            await self._told(polled)

    async def _told(self, polled: Polled) -> None:
        if polled.notice is not None:
            log.warning("%s", polled.notice.said)
        await finished(self._tell, polled.feed.workspace)

    def _tell(self, workspace: str) -> None:
        whom = told_of_feeds(self._store, workspace, self._people)
        tell(self._store, workspace, whom, self._now())


@asynccontextmanager
async def polls(
    desk: Desk, settings: Settings, now: Callable[[], datetime]
) -> AsyncIterator[Polls]:
    """Open what polling needs; raises SettingsError."""
    async with polling(settings, desk.store, desk.ingest, now=now) as poller:
        yield Polls(desk, settings, poller, now)
