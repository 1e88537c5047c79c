"""Work off the backlog: read the facts of articles that were stored with names alone.

Articles read by another version of the reader come after them. Reading one twice does no harm, and
a crash leaves the rest as it was: see ``store.backlog``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from bot.curation.rereading import is_live, page_of, store_reread
from bot.curation.rosters import Rosters
from bot.match.gazetteer import Gazetteer
from bot.models import Reading
from bot.read.pool import ReaderPool, Unread
from bot.read.reading import READER_VERSION, Page
from bot.store.articles import Stored, Versions, Waiting
from bot.store.store import Store
from bot.store.stories import IntakeSession
from bot.telemetry import counts

log = logging.getLogger(__name__)

AT_ONCE = 32
"""Articles read in one pass, ..."""

CHARACTERS = 60_000
"""... or fewer if they are long, since a shutdown waits for them."""

WINDOW = 500
"""Articles looked up together. New ones wait until these are read."""

PART = 8
"""Articles that one worker takes at a time."""

STORED = 100
"""Articles that are stored together."""

PAUSE = timedelta(minutes=10)
"""How often to look for articles read by another version, once none is left."""

Progress = Callable[[int, int], None]
"""Called with the number of articles read, and of all that waited."""


def versions(seeds: Gazetteer) -> Versions:
    """The versions of reader and gazetteer in use."""
    return Versions(READER_VERSION, seeds.version)


class Backlog:
    """Reads waiting articles, the newest first. Not thread-safe."""

    def __init__(
        self, store: Store, rosters: Rosters, seeds: Gazetteer, readers: ReaderPool
    ) -> None:
        """``readers`` are closed when nothing waits, and restart by themselves."""
        self._store = store
        self._rosters = rosters
        self._readers = readers
        self._versions = versions(seeds)
        self._kept = IntakeSession()
        self._window: list[Waiting] = []
        self._given_up: set[Waiting] = set()
        self._empty_at = -1
        self._again_from: datetime | None = None
        self.facts = 0
        """The number of facts read."""

    def close(self) -> None:
        """Stop the reading processes."""
        self._readers.close()

    def look(self, now: datetime) -> int:
        """Read some articles; returns how many, at least ``AT_ONCE`` if more are left."""
        if not self._window and not self._look_up(now):
            return 0
        some, self._window = self._window[:AT_ONCE], self._window[AT_ONCE:]
        some.sort(key=attrgetter("workspace"))
        done = 0
        for workspace, ours in groupby(some, attrgetter("workspace")):
            done += self._read(workspace, [one.article for one in ours], now, CHARACTERS)
        return max(done, AT_ONCE if self._window else 0)

    def _look_up(self, now: datetime) -> bool:
        """Whether anything waits; if nothing does, look again only after a change."""
        seq = self._store.last_seq()
        again = self._again_from is None or now >= self._again_from
        if seq == self._empty_at and not again:
            return False
        found = self._store.backlog.waiting(self._versions, WINDOW, again=again)
        self._window = [one for one in found if one not in self._given_up]
        if again and not self._window:
            self._again_from = now + PAUSE
        if not self._window:
            self._empty_at = seq
            self.close()
        return bool(self._window)

    def work_off(self, workspace: str, now: datetime, progress: Progress | None = None) -> int:
        """Read all waiting articles of a workspace; returns how many."""
        done, backlog = 0, self._store.backlog
        left = backlog.size(self._versions, workspace).facts
        while found := [
            one
            for one in backlog.waiting(self._versions, WINDOW, workspace, again=False)
            if one not in self._given_up
        ]:
            ids = [one.article for one in found]
            for start in range(0, len(ids), STORED):
                if progress is not None:
                    progress(done, max(left, done))
                done += self._read(workspace, ids[start : start + STORED], now)
        if progress is not None and done:
            progress(done, done)
        return done

    def _read(
        self, workspace: str, ids: Sequence[str], now: datetime, most: int | None = None
    ) -> int:
        """Read those that still wait, up to ``most`` characters, and store the readings."""
        still = self._store.backlog.still_waiting(workspace, ids, self._versions)
        known = self._store.articles(workspace, still)
        stored = [known[key] for key in ids if key in known and is_live(known[key])]
        if most is not None:
            stored = list(_up_to(most, stored))
        read: list[tuple[Stored, Reading]] = []
        pages = [page_of(one) for one in stored]
        for one, found in zip(stored, self._found(workspace, pages), strict=True):
            if isinstance(found, Reading):
                read.append((one, found))
                continue
            log.warning("article %s gets no facts: %s", one.article.id, found.reason)
            counts.UNREAD.inc()
            if (names := self._names_of(workspace, one)) is not None:
                read.append((one, names))
        number = sum(len(found.facts) for _, found in read)
        store_reread(self._store, workspace, read, now, self._kept)
        counts.FACTS.inc(number)
        self.facts += number
        return len(read)

    def _found(self, workspace: str, pages: Sequence[Page]) -> list[Reading | Unread]:
        self._rosters.refresh()
        readers = self._readers.with_words(self._rosters.of(workspace).reading)
        parts = [pages[start : start + PART] for start in range(0, len(pages), PART)]
        return [one for found in readers.stream(parts) for one in found]

    def _names_of(self, workspace: str, stored: Stored) -> Reading | None:
        """Read the names of an article whose facts cannot be read, so that it stops waiting."""
        [found] = self._found(workspace, [page_of(stored)._replace(facts=False)])
        if isinstance(found, Unread):
            self._given_up.add(Waiting(workspace, stored.article.id))
            return None
        return found.model_copy(update={"reader_version": READER_VERSION})


def _up_to(most: int, stored: Sequence[Stored]) -> Iterator[Stored]:
    """The first article, and the next ones within ``most`` characters in total."""
    characters = 0
    for one in stored:
        if characters and characters + len(one.revision.text) > most:
            return
        characters += len(one.revision.text)
        yield one
