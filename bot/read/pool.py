"""Reading in worker processes, so that answers stay fast while an archive is read.

A worker that hangs or dies costs the article that killed it, nothing else: its batch is
read again one by one, and the article is reported with a reason.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from datetime import datetime
from typing import NamedTuple, NoReturn, cast

from pebble import ProcessExpired, ProcessFuture, ProcessPool
from pydantic import TypeAdapter

from bot.errors import NoReaders
from bot.match.actors import ActorIndex
from bot.models import Actor, Reading, Tenure
from bot.read.compared import compared
from bot.read.reading import read
from bot.trail import counts

SECONDS_A_BATCH = 120.0
SECONDS_AN_ARTICLE = 20.0
SECONDS_TO_START = 120.0
"""A worker that has not taken its first batch by then will not: see ``NoReaders``."""

INLINE_CHARACTERS = 200_000
"""Less text than this is read at once in the calling thread: a worker takes longer to start."""

_readings = TypeAdapter(list[Reading])


class Page(NamedTuple):
    """What a reader needs of an article."""

    title: str
    text: str
    published: datetime | None


class Unread(NamedTuple):
    """An article that could not be read, and why."""

    reason: str


class ReaderPool:
    """Reads batches of pages in order, at most a few ahead of whoever takes the results."""

    def __init__(
        self,
        actors: Sequence[Actor],
        tenures: Sequence[Tenure],
        gazetteer_version: str,
        index: ActorIndex,
        workers: int = 0,
    ) -> None:
        """``workers`` 0 is one for each core."""
        self._start = (tuple(actors), tuple(tenures), gazetteer_version)
        self._index = index
        self._workers = workers or os.cpu_count() or 1
        self._pool: ProcessPool | None = None

    def read(self, pages: Sequence[Page]) -> list[Reading | Unread]:
        """Read a few pages in the calling thread."""
        with counts.reading():
            return [_reading(page, self._index, self._start[2]) for page in pages]

    def stream(self, batches: Iterable[Sequence[Page]]) -> Iterator[list[Reading | Unread]]:
        """Read batches in the workers; results come in the order of the batches."""
        waiting: deque[tuple[Sequence[Page], ProcessFuture[bytes] | None]] = deque()
        for batch in batches:
            waiting.append((batch, self._schedule(batch, SECONDS_A_BATCH) if batch else None))
            if len(waiting) > self._workers + 1:
                yield self._result(*waiting.popleft())
        while waiting:
            yield self._result(*waiting.popleft())

    def close(self) -> None:
        """Stop the workers."""
        if self._pool is not None:
            self._pool.close()  # type: ignore[no-untyped-call]  # pebble types only what it schedules
            self._pool.join()
            self._pool = None

    def _schedule(self, batch: Sequence[Page], seconds: float) -> ProcessFuture[bytes]:
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self._workers,
                initializer=_initialise,
                initargs=self._start,
                context=multiprocessing.get_context("spawn"),
            )
        return cast(
            "ProcessFuture[bytes]", self._pool.schedule(_read, args=(list(batch),), timeout=seconds)
        )

    def _result(
        self, batch: Sequence[Page], future: ProcessFuture[bytes] | None
    ) -> list[Reading | Unread]:
        if future is None:
            return []
        try:
            with counts.reading():
                found = future.result(SECONDS_A_BATCH + SECONDS_TO_START)
            return list(_readings.validate_json(found))
        except (FutureTimeout, ProcessExpired):
            if not future.done():
                # Workers that die before they begin are replaced without end, and in silence.
                self._give_up()
            return [self._alone(page) for page in batch]

    def _give_up(self) -> NoReturn:
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble types only what it schedules
        raise NoReaders(
            "The processes that read articles do not start; nothing of this batch is stored. "
            "Run the command again from a terminal; what was stored before stays.",
            about="readers",
        )

    def _alone(self, page: Page) -> Reading | Unread:
        try:
            future = self._schedule([page], SECONDS_AN_ARTICLE)
            return _readings.validate_json(future.result())[0]
        except FutureTimeout:
            return Unread(f"reading it took over {SECONDS_AN_ARTICLE:.0f} s and was stopped")
        except ProcessExpired:
            return Unread("the process that read it died")


_worker: tuple[ActorIndex, str] | None = None


def _initialise(actors: Sequence[Actor], tenures: Sequence[Tenure], version: str) -> None:
    global _worker  # noqa: PLW0603 - one index for the life of a worker process
    _worker = (ActorIndex(actors, tenures), version)


def _read(pages: Sequence[Page]) -> bytes:
    assert _worker is not None  # noqa: S101 - set by the initialiser
    index, version = _worker
    return _readings.dump_json([_reading(page, index, version) for page in pages])


def _reading(page: Page, index: ActorIndex, version: str) -> Reading:
    found = read(*page, index, version)
    return found.model_copy(update={"compared": compared(page.title, page.text)})
