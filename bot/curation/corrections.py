"""Corrections by people: change actors or mark facts wrong, then read affected articles again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bot.answer.act_wording import sentence_of, who_did_what
from bot.answer.formatting import excerpt
from bot.answer.library import audiences
from bot.answer.lines import proofs_of
from bot.curation.rereading import BATCH, ReadAgain, affected_articles, read_again
from bot.curation.rosters import Rosters
from bot.match.actors import ActorIndex
from bot.match.gazetteer import Gazetteer
from bot.models import ActorChange, Asker, Edit, Fact, Fault, TakeIn
from bot.search.index import PassageIndex
from bot.store.curation import EditResult
from bot.store.store import Store

if TYPE_CHECKING:
    from bot.curation.lists import BadRow, ImportResult, Row

MOST = 300
"""The most articles that one correction reads again while its author waits."""


_QUOTE_WORDS = 20
"""Words of the sentence of a wrong fact kept in the log."""


class Corrected(NamedTuple):
    """The result of a correction: a sentence, its change in the log, and what was read again.

    ``change`` is None if nothing changed.
    """

    said: str
    change: ActorChange | None
    again: ReadAgain


class Corrections:
    """Changes actors, and marks facts wrong, in the workspace of an asker.

    Every member may do so, and the log says who did.
    """

    def __init__(
        self,
        store: Store,
        passages: PassageIndex,
        rosters: Rosters,
        seeds: Gazetteer,
        workers: int = 0,
    ) -> None:
        self._store = store
        self._passages = passages
        self._rosters = rosters
        self._seeds = seeds
        self._workers = workers

    def change(self, asker: Asker, edit: Edit, *, most: int = MOST) -> Corrected:
        """Apply an edit and read affected articles again, at most ``most``.

        Raises BadEdit if the edit is refused.
        """
        done = self._store.curation.change_actor(asker.workspace, edit, asker.person, asker.now)
        return self._reread_affected(asker, done, most)

    def mark_wrong(self, asker: Asker, fact: str, fault: Fault) -> Corrected:
        """Mark a fact wrong that the asker may see; the workspace no longer shows or counts it.

        Raises BadEdit if there is no such fact.
        """
        workspace = asker.workspace
        introduced = partial(self._store.introductions.by_id, workspace)
        self._rosters.refresh()
        in_words = partial(fact_in_words, self._rosters.of(workspace).index.asking(introduced))
        done = self._store.curation.mark_wrong(
            workspace, audiences(asker), fact, fault, asker.person, asker.now, in_words
        )
        return Corrected(done.said, done.change, ReadAgain())

    def undo(self, asker: Asker, seq: int | None = None, *, most: int = MOST) -> Corrected:
        """Undo a change, by default the newest; raises BadEdit."""
        done = self._store.curation.undo_change(asker.workspace, seq, asker.person, asker.now)
        return self._reread_affected(asker, done, most)

    def take_in(
        self,
        asker: Asker,
        rows: Iterator[Row | BadRow | None],
        *,
        most: int = MOST,
        progress: Callable[[ImportResult], None] | None = None,
    ) -> tuple[ImportResult, ReadAgain]:
        """Import a list of actors in batches, and read again the articles that it affects.

        Batches imported before an error stay.
        """
        from bot.curation.lists import ListImport

        workspace = asker.workspace
        self._rosters.refresh()

        def apply(batch: TakeIn) -> EditResult:
            return self._store.curation.change_actor(workspace, batch, asker.person, asker.now)

        result = ListImport(self._rosters.of(workspace).actors, apply).run(rows, progress)
        self._passages.catch_up(self._store)
        self._rosters.refresh()
        names = tuple(dict.fromkeys(result.names))
        return result, self._again(workspace, tuple(result.actors), names, asker.now, most)

    def read_again(
        self, workspace: str, names: list[str] | None, now: datetime, *, most: int
    ) -> ReadAgain:
        """Read again the articles that contain one of ``names``; all articles if it is None."""
        self._passages.catch_up(self._store)
        self._rosters.refresh()
        if names is not None:
            return self._again(workspace, (), tuple(names), now, most)
        done, after = 0, ""
        while ids := self._store.curation.articles_after(workspace, after, 10 * BATCH):
            done += self._read(workspace, ids, now)
            after = ids[-1]
        self._passages.catch_up(self._store)
        return ReadAgain(done)

    def read_articles(self, workspace: str, ids: list[str], now: datetime) -> int:
        """Read these articles again; returns how many were read."""
        self._rosters.refresh()
        done = self._read(workspace, ids, now)
        self._passages.catch_up(self._store)
        return done

    def _reread_affected(self, asker: Asker, done: EditResult, most: int) -> Corrected:
        if done.change is None:
            return Corrected(done.said, None, ReadAgain())
        self._passages.catch_up(self._store)
        self._rosters.refresh()
        again = self._again(asker.workspace, tuple(done.change.after), done.names, asker.now, most)
        return Corrected(done.said, done.change, again)

    def _again(
        self,
        workspace: str,
        actors: tuple[str, ...],
        names: tuple[str, ...],
        now: datetime,
        most: int,
    ) -> ReadAgain:
        if not names:
            return ReadAgain()
        ids, left, passed = affected_articles(
            self._store, self._passages, workspace, actors, names, most
        )
        done = self._read(workspace, ids, now)
        self._passages.catch_up(self._store)
        return ReadAgain(done, left, passed)

    def _read(self, workspace: str, ids: list[str], now: datetime) -> int:
        return read_again(
            self._store,
            self._seeds,
            self._rosters.of(workspace).reading,
            workspace,
            ids,
            now=now,
            workers=self._workers,
        )


def fact_in_words(actors: ActorIndex, fact: Fact) -> str:
    """A fact in words, with the beginning of its sentence."""
    words = sentence_of(*who_did_what(fact, actors))
    quotes = [excerpt(one.quote, _QUOTE_WORDS) for one in proofs_of(fact, actors)]
    return f"{words} – “{quotes[0]}”" if quotes else words
