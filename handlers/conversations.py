"""What was asked before: in a thread, or just now in direct messages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.store.store import Store

THREADS = 2000
"""Of how many threads the last question is kept in memory."""

RECENTLY = timedelta(minutes=30)
"""How long after an answer *and Turkey?* still follows it in direct messages."""


class LastQuestion(NamedTuple):
    """What was asked last in a thread, by whom, and the ``ts`` of that post or of our message."""

    query: str
    person: str
    ts: str


class Conversations:
    """The last question of each thread: in memory for the newest threads, else from the store."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._threads: dict[tuple[str, str, str], LastQuestion] = {}

    def remember(self, workspace: str, place: str, thread: str, question: LastQuestion) -> None:
        """Keep what was asked last in a thread, of the newest threads."""
        # Two workspaces may share a place, and each is answered by its own.
        self._threads.pop((workspace, place, thread), None)
        self._threads[workspace, place, thread] = question
        while len(self._threads) > THREADS:
            del self._threads[next(iter(self._threads))]

    async def last_question(
        self, workspace: str, surface: str, place: str, thread: str
    ) -> LastQuestion | None:
        """What was asked last in a thread, or None where we were not asked there.

        Of a thread that nobody asked in since this process began the store knows the last
        question, or what it began with.
        """
        if (last := self._threads.get((workspace, place, thread))) is not None:
            return last
        return await asyncio.to_thread(self._stored, workspace, surface, place, thread)

    def _stored(self, workspace: str, surface: str, place: str, thread: str) -> LastQuestion | None:
        store = self._store
        if (known := store.history.last_in_thread(workspace, place, thread)) is not None:
            asked_at = known.request.split(":")[1] if ":" in known.request else thread
            return LastQuestion(known.query, known.person, asked_at)
        known = store.inbox.reply(workspace, surface, f"{place}:{thread}")
        known = known or store.inbox.reply_at(workspace, place, thread)
        return LastQuestion(known.query, known.person, thread) if known else None

    async def recent_query(self, workspace: str, place: str, person: str) -> str | None:
        """What somebody asked last in a place, if that was not long ago."""
        earlier = await asyncio.to_thread(self._store.history.shown_in, workspace, place, person)
        since = self._now() - RECENTLY
        return next((one.query for one in earlier if one.query and one.sent_at > since), None)
