"""Run worker processes: restart broken ones, and limit those that read untrusted bytes.

pebble replaces a worker that dies at work. But if one dies before it has taken work, pebble gives
up the whole pool and refuses every later call. ``Workers`` replaces such a pool and repeats its
pending calls, a few times. ``Apart`` limits time and memory: input that hangs, grows or crashes a
process fails alone, with a message that says so.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, wait
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from time import monotonic
from typing import Any, Generic, ParamSpec, TypeVar
from weakref import WeakSet

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from bot.errors import NoReaders, TooHeavy

_NICER = 5
"""How much a worker lowers its priority below that of its parent process."""

P = ParamSpec("P")
T = TypeVar("T")

SECONDS_TO_START = 120.0
"""Workers that take no work for this long beyond its own limit are replaced."""

TRIES = 4
"""Number of pools that try one call before it fails with NoReaders."""

SECONDS_TO_PROBE = 30.0
"""Seconds after a failure before ``out_of_order`` tries again to start workers."""

_TICK = 0.5
_living: WeakSet[Workers] = WeakSet()
_failed = "The processes that read {what} do not start; another attempt is made every {n:.0f} s."


class Workers:
    """Runs functions that can be pickled in ``count`` processes; thread-safe.

    ``what`` says what they read, for messages. Each process calls ``initializer`` with ``initargs``
    first. Nothing is started until there is work.
    """

    def __init__(
        self,
        count: int,
        what: str,
        initializer: Callable[..., None],
        initargs: Iterable[object] = (),
    ) -> None:
        self.what = what
        self._count = count
        self._initializer = initializer
        self._initargs = tuple(initargs)
        self._lock = threading.RLock()
        self._pool: ProcessPool | None = None
        self._moved = monotonic()
        self._failed_at: float | None = None
        _living.add(self)

    def start(
        self, seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> Job[T]:
        """Hand a call to the workers; ``seconds`` limits its run time, not its wait."""
        return Job(self, seconds, function, args, kwargs)

    def close(self) -> None:
        """Stop the processes; a later call starts new ones."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            _stop(pool)

    @property
    def broken(self) -> bool:
        """Whether the last call failed because no process started."""
        return self._failed_at is not None

    def probe(self) -> None:
        """Test in the background whether processes start now."""
        if self._failed_at is None or monotonic() - self._failed_at < SECONDS_TO_PROBE:
            return
        self._failed_at = monotonic()
        _, future = self._schedule(SECONDS_TO_START, _nothing, (), {})
        future.add_done_callback(self._probed)

    def _schedule(
        self,
        seconds: float,
        function: Callable[..., T],
        args: tuple[object, ...],
        kwargs: dict[str, Any],
    ) -> tuple[ProcessPool, ProcessFuture[T]]:
        with self._lock:
            if self._pool is not None and not self._pool.active:
                _stop(self._pool)
                self._pool = None
            if self._pool is None:
                self._pool = ProcessPool(
                    max_workers=self._count,
                    initializer=_begin,
                    initargs=(self._initializer, *self._initargs),
                    context=multiprocessing.get_context("spawn"),
                )
            future: ProcessFuture[T]
            try:
                future = self._pool.schedule(function, args=args, kwargs=kwargs, timeout=seconds)
            except RuntimeError as error:  # it just broke, or no process can be started
                future = ProcessFuture()
                future.set_exception(BrokenProcessPool(str(error)))
            future.add_done_callback(self._has_moved)
            return self._pool, future

    def _drop(self, pool: ProcessPool) -> None:
        """Stop a useless pool, unless another thread has replaced it."""
        with self._lock:
            if self._pool is not pool:
                return
            self._pool = None
        _stop(pool)

    def _has_moved(self, _: object) -> None:
        self._moved = monotonic()

    def _probed(self, done: Future[None]) -> None:
        if done.exception() is None:
            self._well()

    def _well(self) -> None:
        self._failed_at = None

    def _fail(self) -> NoReaders:
        self._failed_at = monotonic()
        return NoReaders(
            f"The processes that read {self.what} do not start; what was stored before stays. "
            "Free some memory, or run the command again from a terminal.",
            about="readers",
        )


class Job(Generic[T]):
    """A call for workers; repeated if its pool breaks."""

    def __init__(
        self,
        workers: Workers,
        seconds: float,
        function: Callable[..., T],
        args: tuple[object, ...],
        kwargs: dict[str, Any],
    ) -> None:
        self._workers = workers
        self._seconds = seconds
        self._call = (function, args, kwargs)
        self._left = TRIES
        self._submit()

    def result(self) -> T:
        """Wait for the call and return its result, or raise its error.

        Raises TimeoutError if it ran for too long, ProcessExpired if its process died during the
        call, NoReaders if no process starts.
        """
        while True:
            try:
                found = self._wait()
            except BrokenProcessPool as error:
                self._workers._drop(self._pool)  # noqa: SLF001 - one concept, two classes
                if not self._left:
                    raise self._workers._fail() from error  # noqa: SLF001
                self._submit()
            else:
                self._workers._well()  # noqa: SLF001
                return found

    def _submit(self) -> None:
        self._left -= 1
        self._since = monotonic()
        scheduled = self._workers._schedule(self._seconds, *self._call)  # noqa: SLF001
        self._pool, self._future = scheduled

    def _wait(self) -> T:
        while not self._future.done():
            wait([self._future], timeout=_TICK)
            # A call handed to a breaking pool never finishes.
            if not self._pool.active and not wait([self._future], timeout=_TICK).done:
                raise BrokenProcessPool
            since = max(self._since, self._workers._moved)  # noqa: SLF001
            if monotonic() - since > self._seconds + SECONDS_TO_START:
                raise BrokenProcessPool
        return self._future.result()


def out_of_order() -> list[str]:
    """Return a sentence for each kind of worker that does not start, and try it again."""
    broken = [one for one in list(_living) if one.broken]
    for one in broken:
        one.probe()
    return sorted({_failed.format(what=one.what, n=SECONDS_TO_PROBE) for one in broken})


def _nothing() -> None:
    """Do nothing, to show that a worker has started."""


def _begin(initializer: Callable[..., None], *arguments: Any) -> None:
    """Set a worker up, at a lower priority than the process that answers or holds a lock."""
    if sys.platform != "win32":
        os.nice(_NICER)
    initializer(*arguments)


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble types only what it schedules
    pool.join()


_PATIENCE = 10.0
"""Wall-clock seconds allowed per second of processor time: a machine may be busy."""


class Apart:
    """Runs functions that can be pickled in ``workers`` processes; thread-safe.

    ``seconds`` limits the processor time of one call, so that a busy machine is not mistaken for a
    hostile input; ``megabytes`` limits how much a process may grow. Each process calls ``ready``
    before any limit applies, so that no input pays for imports.
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
        """Call the function in a worker and wait; raise its errors here.

        If its process is killed, the call is repeated once, in case the input is not to blame.
        Raises TooHeavy if it exceeds a limit or dies, NoReaders if no process starts.
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
    """Limit the address space of this process to its current size plus so many megabytes."""
    if sys.platform == "win32":  # no such limit or timers on Windows; only the wall clock applies
        return
    import resource

    here = Path("/proc/self/statm")
    if not here.is_file():
        return
    now = int(here.read_text().split()[0]) * resource.getpagesize()
    most = now + megabytes * 2**20
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if not 0 <= hard < most:  # below 0 means no limit
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
