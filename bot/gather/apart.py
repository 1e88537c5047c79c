"""Strangers' bytes are taken apart in a process of their own, with a limit of time and memory.

What hangs, grows or crashes there costs that one input, with a sentence that says so; the
next one finds a fresh process.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from pathlib import Path
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired

from bot.errors import TooHeavy
from bot.gather.workers import Workers

P = ParamSpec("P")
T = TypeVar("T")

_PATIENCE = 10.0
"""Seconds of the clock for each second of processor time: a machine may be busy."""


class Apart:
    """Runs functions that can be pickled in ``workers`` processes; safe from any thread.

    ``seconds`` are of processor time for one call, so that a busy machine is not mistaken
    for a hostile input; ``megabytes`` is how much a process may grow. Each process calls
    ``ready`` before any limit holds, so that no input pays for imports.
    """

    def __init__(
        self,
        *,
        seconds: float,
        megabytes: int,
        workers: int = 1,
        ready: Callable[[], object] | None = None,
    ) -> None:
        self._seconds = seconds
        self._megabytes = megabytes
        self._workers = Workers(workers, "feeds and pages", _get_ready, (megabytes, ready))

    def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call the function there and wait; what it raises is raised here.

        Where its process is killed it is called once more, in case the input is not to blame.
        Raises TooHeavy where it exceeds a limit or dies, NoReaders where no process starts.
        """
        try:
            try:
                return self._run(function, args, kwargs)
            except ProcessExpired as error:
                if _out_of_time(error):
                    raise
                return self._run(function, args, kwargs)
        except FutureTimeout as error:
            raise self._too_slow() from error
        except MemoryError as error:
            raise TooHeavy(
                f"reading it takes more than {self._megabytes} MB of memory; it was given up"
            ) from error
        except ProcessExpired as error:
            if _out_of_time(error):
                raise self._too_slow() from error
            raise TooHeavy("the process that read it died; it was given up") from error

    def _run(
        self, function: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]
    ) -> T:
        limit = self._seconds * _PATIENCE
        return self._workers.start(limit, _timed, self._seconds, function, args, kwargs).result()

    def close(self) -> None:
        """Stop the processes."""
        self._workers.close()

    def _too_slow(self) -> TooHeavy:
        return TooHeavy(f"reading it takes more than {self._seconds:g} s; it was given up")


def _out_of_time(error: ProcessExpired) -> bool:
    """Whether the timer ended a process."""
    return bool(error.exitcode == -getattr(signal, "SIGPROF", 0))


def _get_ready(megabytes: int, ready: Callable[[], object] | None) -> None:
    if ready is not None:
        ready()
    _confine(megabytes)


def _confine(megabytes: int) -> None:
    """Bound the address space of this process to what it has now and so much more."""
    if sys.platform == "win32":  # it has neither this nor timers: there, the clock is all
        return
    import resource

    here = Path("/proc/self/statm")
    if not here.is_file():
        return
    now = int(here.read_text().split()[0]) * resource.getpagesize()
    most = now + megabytes * 2**20
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if not 0 <= hard < most:  # below 0 is no limit
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _timed(
    seconds: float, function: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]
) -> T:
    """Call the function; the signal of the timer ends the process, even within C code."""
    if sys.platform == "win32":
        return function(*args, **kwargs)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return function(*args, **kwargs)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
