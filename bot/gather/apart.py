"""Strangers' bytes are taken apart in a process of their own, with a limit of time and memory.

What hangs, grows or crashes there costs that one input, with a sentence that says so; the
next one finds a fresh process.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from bot.errors import NoReaders, TooHeavy

P = ParamSpec("P")
T = TypeVar("T")

SECONDS_TO_START = 120.0
"""A worker that has not begun by then will not: see ``NoReaders``."""

_NO_START = (
    "The processes that read feeds and pages do not start: run the command again from a terminal."
)

_PATIENCE = 10.0
"""Seconds of the clock for each second of processor time: a machine may be busy."""


class Apart:
    """Runs functions that can be pickled in ``workers`` processes; safe from any thread.

    ``seconds`` are of processor time for one call, so that a busy machine is not mistaken
    for a hostile input; ``megabytes`` is how much a process may grow.
    """

    def __init__(self, *, seconds: float, megabytes: int, workers: int = 1) -> None:
        self._seconds = seconds
        self._megabytes = megabytes
        # Nothing is started until there is work.
        self._pool = ProcessPool(
            max_workers=workers,
            initializer=_confine,
            initargs=(megabytes,),
            context=multiprocessing.get_context("spawn"),
        )

    def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call the function there and wait; what it raises is raised here.

        Raises TooHeavy where it exceeds a limit or dies, NoReaders where no process starts.
        """
        future = cast(
            "ProcessFuture[T]",
            self._pool.schedule(
                _timed,
                args=(self._seconds, function, args, kwargs),
                timeout=self._seconds * _PATIENCE,
            ),
        )
        try:
            return future.result(self._seconds * _PATIENCE + SECONDS_TO_START)
        except FutureTimeout as error:
            if not future.done():
                future.cancel()  # type: ignore[no-untyped-call]  # pebble types few calls
                raise NoReaders(_NO_START, about="readers") from error
            raise self._too_slow() from error
        except BrokenProcessPool as error:
            raise NoReaders(_NO_START, about="readers") from error
        except MemoryError as error:
            raise TooHeavy(
                f"reading it takes more than {self._megabytes} MB of memory; it was given up"
            ) from error
        except ProcessExpired as error:
            if error.exitcode == -getattr(signal, "SIGPROF", 0):
                raise self._too_slow() from error
            raise TooHeavy("the process that read it died; it was given up") from error

    def close(self) -> None:
        """Stop the processes; nothing can be run any more."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble types only what it schedules
        self._pool.join()

    def _too_slow(self) -> TooHeavy:
        return TooHeavy(f"reading it takes more than {self._seconds:g} s; it was given up")


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
