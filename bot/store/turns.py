"""Writers take turns, the longest waiting first, and an intake gives up its turn often.

SQLite lets one connection write at a time and says nothing about who is next: whoever waits
looks again up to ten times a second, so that one who writes again at once always wins. Here
nobody overtakes, neither the threads of one process nor processes that share a file.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.errors import StoreUnavailable
from bot.models import Arrival

if sys.platform != "win32":
    import fcntl

HELD = 0.02
"""Seconds of processor time that a transaction of an intake should take; it lasts longer where
others have the processor, but would only be slower, and no shorter, if it were cut smaller."""

_AGAIN = 0.002
"""Seconds from one look at another process's lock to the next."""

_FIRST = 2_000
"""How much the first transaction of an intake takes, as ``_weight`` has it."""


class Turns:
    """Who writes, and who is next: nobody overtakes, and nobody waits for long."""

    def __init__(self, where: str, file: Path | None = None) -> None:
        """Take turns with other processes that name the same ``file``, if one is given."""
        self._where = where
        self._ours = _Lock(_beside(file, "turn"))
        self._next = _Lock(_beside(file, "next"))

    @contextmanager
    def taken(self, seconds: float) -> Iterator[None]:
        """Wait for a turn, and hold it; raises StoreUnavailable after so many seconds."""
        last = time.monotonic() + seconds
        if not self._next.acquire(last):
            raise self._busy()
        try:
            ours = self._ours.acquire(last)
        finally:
            self._next.release()
        if not ours:
            raise self._busy()
        try:
            yield
        finally:
            self._ours.release()

    def close(self) -> None:
        """Close the files of the locks."""
        self._next.close()
        self._ours.close()

    def _busy(self) -> StoreUnavailable:
        return StoreUnavailable(
            f"The store {self._where} is busy writing: try again in a moment.", about=self._where
        )


def _beside(file: Path | None, end: str) -> Path | None:
    return None if file is None else file.with_name(f"{file.name}-{end}")


class _Lock:
    """A lock among the threads of this process, and among processes where a file is named.

    The system gives it back when a process dies. Where the file cannot be opened or locked, as
    on some network drives, SQLite's own lock must do.
    """

    def __init__(self, file: Path | None) -> None:
        self._threads = threading.Lock()
        self._file = file
        self._open: int | None = None

    def acquire(self, last: float) -> bool:
        """Take it by the instant ``last`` of the monotonic clock; False where that failed."""
        if not self._threads.acquire(timeout=max(last - time.monotonic(), 0)):
            return False
        while not self._locked():
            if time.monotonic() > last:
                self._threads.release()
                return False
            time.sleep(_AGAIN)
        return True

    def release(self) -> None:
        if sys.platform != "win32" and self._open is not None:
            with suppress(OSError):
                fcntl.flock(self._open, fcntl.LOCK_UN)
        self._threads.release()

    def close(self) -> None:
        with self._threads:
            if self._open is not None:
                os.close(self._open)
            self._open = self._file = None

    def _locked(self) -> bool:
        if sys.platform == "win32" or self._file is None:
            return True
        try:
            if self._open is None:
                self._open = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._open, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            self._file = None
        return True


class Portions:
    """Cuts what an intake stores into transactions that take HELD seconds, as far as it can.

    How long an article takes differs by machine and store, so the size of each transaction
    follows from the time that those before it took. An article is never cut.
    """

    def __init__(self) -> None:
        self._room = float(_FIRST)
        self._weight = 0

    def cut(self, arrivals: Sequence[Arrival]) -> Iterator[Sequence[Arrival]]:
        """Hand out one portion after another; tell ``took`` of each before taking the next."""
        start = 0
        while start < len(arrivals):
            end, self._weight = start + 1, _weight(arrivals[start])
            while end < len(arrivals):
                more = self._weight + _weight(arrivals[end])
                if more > self._room:
                    break
                end, self._weight = end + 1, more
            yield arrivals[start:end]
            start = end

    def took(self, seconds: float) -> None:
        """Note the processor time of the last portion's transaction."""
        # What was left of a batch, or none of ours, says nothing of how much there is room for.
        if self._weight < self._room / 2 and seconds < HELD:
            return
        change = (HELD / max(seconds, HELD / 100)) ** 0.25
        self._room = max(self._room * min(max(change, 0.7), 1.2), _FIRST / 10)


def _weight(arrival: Arrival) -> int:
    """About how much work an article is: its characters, and as much as 500 for its rows."""
    return 500 + len(arrival.revision.text)
