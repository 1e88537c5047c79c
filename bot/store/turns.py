"""The threads of one process write in turns, the longest waiting first."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import StoreUnavailable


class Turns:
    """Who writes, and who is next: nobody overtakes, and nobody waits for long."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._lock = threading.Lock()
        self._next = threading.Lock()

    @contextmanager
    def taken(self, seconds: float) -> Iterator[None]:
        """Wait for a turn, and hold it; raises StoreUnavailable after so many seconds."""
        if not self._next.acquire(timeout=seconds):
            raise self._busy()
        try:
            ours = self._lock.acquire(timeout=seconds)
        finally:
            self._next.release()
        if not ours:
            raise self._busy()
        try:
            yield
        finally:
            self._lock.release()

    def _busy(self) -> StoreUnavailable:
        return StoreUnavailable(
            f"The store {self._where} is busy writing: try again in a moment.", about=self._where
        )
