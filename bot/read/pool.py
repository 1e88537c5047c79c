"""Read in worker processes with time limits, so that no text can delay an answer.

If a worker hangs or dies, only the article that caused it is lost: its batch is read again one by
one, and the article is reported with a reason.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from copy import copy
from typing import NamedTuple

from pebble import ProcessExpired
from pydantic import TypeAdapter

from bot.gather.workers import Job, Workers
from bot.match.actors import ActorIndex
from bot.match.edits import OwnWords, with_own
from bot.match.gazetteer import Gazetteer
from bot.models import Compared, Reading
from bot.read.copies import sketch
from bot.read.reading import Page, read_all
from bot.read.terms import weigh
from bot.telemetry import counts

SECONDS_A_BATCH = 120.0
SECONDS_AN_ARTICLE = 20.0
SECONDS_TO_INDEX = 60.0
"""Extra seconds for a worker that must first index a workspace's own words."""

FEW_CHARACTERS = 20_000
"""Shorter text is read by the single worker that every process keeps ready: starting others takes
longer than reading it."""

_readings = TypeAdapter(list[Reading])


def compared(title: str, text: str) -> Compared:
    """Return the terms used to find stories, and the sketch used to find near-copies."""
    sketched = sketch(text)
    return Compared(
        terms=weigh(title, text), words=sketched.words, hashes=tuple(sorted(sketched.hashes))
    )


class Unread(NamedTuple):
    """An article that could not be read, and the reason."""

    reason: str


class ReaderPool:
    """Reads batches of pages in order, at most a few ahead of the consumer.

    Actors that articles name are looked up in ``seeds`` and in ``own``.
    """

    def __init__(self, seeds: Gazetteer, own: OwnWords | None = None, workers: int = 0) -> None:
        """``workers`` 0 means one for each core."""
        self._own = own or OwnWords()
        self._count = workers or os.cpu_count() or 1
        self._workers = _workers(seeds, self._count)
        self._ready = kept_ready(seeds)

    def read(self, pages: Sequence[Page]) -> list[Reading | Unread]:
        """Read a few pages in the worker that is kept ready; raises NoReaders."""
        if not pages:
            return []
        seconds = min(SECONDS_AN_ARTICLE * len(pages), SECONDS_A_BATCH)
        return self._result(self._ready, pages, self._start(self._ready, pages, seconds))

    def get_ready(self) -> None:
        """Start the worker that is kept ready, without waiting for it."""
        self._ready.start(SECONDS_A_BATCH, _nothing)

    def stream(self, batches: Iterable[Sequence[Page]]) -> Iterator[list[Reading | Unread]]:
        """Read batches in workers of this pool; results come in the order of the batches.

        Raises NoReaders.
        """
        workers = self._workers
        waiting: deque[tuple[Sequence[Page], Job[bytes] | None]] = deque()
        for batch in batches:
            job = self._start(workers, batch, SECONDS_A_BATCH) if batch else None
            waiting.append((batch, job))
            if len(waiting) > self._count + 1:
                yield self._result(workers, *waiting.popleft())
        while waiting:
            yield self._result(workers, *waiting.popleft())

    def with_words(self, own: OwnWords) -> ReaderPool:
        """Return the same pool, but for another workspace's words."""
        other = copy(self)
        vars(other)["_own"] = own
        return other

    def close(self) -> None:
        """Stop the workers of this pool; the one that is kept ready stays."""
        self._workers.close()

    def _start(self, workers: Workers, pages: Sequence[Page], seconds: float) -> Job[bytes]:
        more = SECONDS_TO_INDEX if self._own.said else 0.0
        return workers.start(seconds + more, _read, self._own, list(pages))

    def _result(
        self, workers: Workers, batch: Sequence[Page], job: Job[bytes] | None
    ) -> list[Reading | Unread]:
        if job is None:
            return []
        try:
            with counts.reading():
                return list(_readings.validate_json(job.result()))
        except FutureTimeout:
            if len(batch) == 1:
                return [_too_slow()]
        except ProcessExpired:
            pass  # the article that killed it is found below
        return [self._alone(workers, page) for page in batch]

    def _alone(self, workers: Workers, page: Page) -> Reading | Unread:
        try:
            job = self._start(workers, [page], SECONDS_AN_ARTICLE)
            return _readings.validate_json(job.result())[0]
        except FutureTimeout:
            return _too_slow()
        except ProcessExpired:
            return Unread("the process that read it died")


def _too_slow() -> Unread:
    return Unread(f"reading it took over {SECONDS_AN_ARTICLE:.0f} s and was stopped")


def _workers(seeds: Gazetteer, count: int) -> Workers:
    return Workers(count, "articles", _initialise, (seeds,))


_kept: dict[str, Workers] = {}
_keeping = threading.Lock()


def kept_ready(seeds: Gazetteer) -> Workers:
    """Return the worker that this process keeps for small readings, shared by all callers."""
    key = seeds.version
    with _keeping:
        if key not in _kept:
            _kept[key] = _workers(seeds, 1)
        return _kept[key]


class _Reader:
    """The indexes of one worker process: for the seeds, and for the last workspace it read for."""

    def __init__(self, seeds: Gazetteer) -> None:
        self._seeds = seeds
        self._shared = ActorIndex(seeds.actors, seeds.tenures)
        self._last = (OwnWords(), self._shared)
        # Do all first-use initialisation now, not within the time limit of a text.
        self.read(self._last[0], [Page("", "Iran met Qatar in Doha on Monday, it said.", None)])

    def read(self, own: OwnWords, pages: Sequence[Page]) -> list[Reading]:
        found = read_all(pages, self._index(own), self._seeds.version)
        return [
            one.model_copy(update={"compared": compared(page.title, page.text)})
            for page, one in zip(pages, found, strict=True)
        ]

    def _index(self, own: OwnWords) -> ActorIndex:
        if not own.said:
            return self._shared
        if self._last[0].digest != own.digest:
            both = with_own(self._seeds.actors, self._seeds.tenures, own.said)
            self._last = (own, ActorIndex(*both))
        return self._last[1]


_reader: _Reader | None = None


def _initialise(seeds: Gazetteer) -> None:
    global _reader  # noqa: PLW0603 - one for the life of a worker process
    _reader = _Reader(seeds)


def _nothing() -> None:
    """Do nothing, so that a worker is started."""


def _read(own: OwnWords, pages: Sequence[Page]) -> bytes:
    assert _reader is not None  # noqa: S101 - set by the initialiser
    return _readings.dump_json(_reader.read(own, pages))
