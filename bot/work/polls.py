"""Poll feeds that are due, and notify admins of feeds that failed for good."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from bot.desk import Desk
from bot.feeds.following import notify
from bot.feeds.poll import Polled, Poller, finished, keep_polling, polling
from bot.settings import Settings
from bot.workspaces import told_of_feeds

log = logging.getLogger(__name__)

AT_ONCE = 200
"""The most due feeds in one pass; the others follow a few seconds later."""


class Polls:
    """Polls feeds while the context of ``polls`` is open."""

    def __init__(
        self, desk: Desk, settings: Settings, poller: Poller, now: Callable[[], datetime]
    ) -> None:
        self._store = desk.store
        self._people = settings.admins
        self._poller = poller
        self._now = now

    async def keep(self) -> None:
        """Poll feeds as they become due, endlessly."""
        await keep_polling(self._poller, self._notify)

    async def due(self) -> list[tuple[str, str]]:
        """The workspaces and ids of due feeds that no process is polling."""
        found = await finished(self._store.feeds.due, self._now(), AT_ONCE)
        return [(feed.workspace, feed.id) for feed in found]

    async def one(self, workspace: str, key: str) -> None:
        """Poll this feed if it is still due, and no process is polling it."""
        feed = await finished(self._store.feeds.get, workspace, key)
        if feed is None:
            return
        polled = await self._poller.due(feed)
        if polled is not None:
            await self._notify(polled)

    async def _notify(self, polled: Polled) -> None:
        if polled.notice is not None:
            log.warning("%s", polled.notice.said)
        await finished(self._notify_admins, polled.feed.workspace)

    def _notify_admins(self, workspace: str) -> None:
        recipients = told_of_feeds(self._store, workspace, self._people)
        notify(self._store, workspace, recipients, self._now())


@asynccontextmanager
async def polls(
    desk: Desk, settings: Settings, now: Callable[[], datetime]
) -> AsyncIterator[Polls]:
    """Open what polling needs; raises SettingsError."""
    async with polling(settings, desk.store, desk.ingest, now=now) as poller:
        yield Polls(desk, settings, poller, now)
