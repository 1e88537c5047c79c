"""Thin texts to their quoted parts after a number of days."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.store.retention import THINNED_AT_ONCE
from bot.store.store import Store

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)


class Thinner:
    """Thins due texts, a few at a time; any number of processes may run it."""

    def __init__(
        self,
        store: Store,
        *,
        days: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``days`` 0 keeps every text."""
        self._store = store
        self._days = days
        self._now = now
        self._next: datetime | None = None

    def look(self) -> int:
        """Thin some texts, and check once an hour if none is due; returns how many were thinned."""
        now = self._now()
        if not self._days or (self._next is not None and now < self._next):
            return 0
        done = self._store.thinning.thin_some(cutoff(now, self._days), now)
        if done < THINNED_AT_ONCE:
            self._next = now + EVERY
        if done:
            log.info("texts thinned: %d", done)
        return done


def cutoff(now: datetime, days: int) -> datetime:
    """Return the latest arrival of texts that are due at ``now``."""
    return now - timedelta(days=days)


def thin_all(store: Store, now: datetime, days: int) -> int:
    """Thin all due texts; returns how many were thinned."""
    done = 0
    while some := store.thinning.thin_some(cutoff(now, days), now):
        done += some
    return done
