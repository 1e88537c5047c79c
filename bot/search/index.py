"""The passage index: derived from the store, updated by sequence number, rebuildable.

It holds nothing that the store lacks. It follows the store's log of changes: changed passages are
deleted by key, added again and committed, and then the number of the last change is written beside
the index. After a crash between the two, some changes are applied twice, which does no harm.
"""

from __future__ import annotations

import itertools
import logging
import shutil
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from functools import partial, wraps
from pathlib import Path
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import tantivy
from tantivy import DocAddress, Document, Query, Searcher

from bot.errors import IndexDamaged, StoreUnavailable
from bot.models import Change, Period
from bot.search.folder import IndexFolder, Mark, panics_as_errors
from bot.search.query import (
    Coverage,
    Scope,
    allowed_edits,
    any_of,
    build,
    count,
    covered,
    days,
    holding,
    looked_for,
    may_mean,
    meant_as_well,
    named_together,
    nearest,
    one_off,
    prefixes,
    running,
    terms,
)
from bot.search.schema import VERSION, View, documents, moment, term
from bot.store.store import Store
from bot.telemetry.traces import spanned


def stemmed(searcher: tantivy.Searcher, typed: str) -> dict[str, bool]:
    """Return the indexed terms of spellings one edit from a word; see ``one_off``."""
    found: dict[str, bool] = {}
    for spelling, other_letter in one_off(typed).items():
        for one in running(spelling):
            if searcher.doc_freq("body", one):
                found[one] = found.get(one, True) and other_letter
    return found


def like(searcher: tantivy.Searcher, term: str, besides: Iterable[str]) -> list[str]:
    """Return the indexed terms that a term may be a misspelling of, and some ``besides``."""
    every = (one for start in prefixes(term) for one in searcher.terms_with_prefix("body", start))
    found = [other for other, _ in every if may_mean(term, other)]
    return list(dict.fromkeys([*besides, *found]))


_MOST_TIES = 4000
"""Maximum number of tied passages that are sorted."""


class Hit(NamedTuple):
    """A passage found: ``start`` and ``end`` are code points into that revision's text.

    ``score`` is comparable within one answer only; it is 0 if the newest were requested first.
    """

    article: str
    revision: int
    start: int
    end: int
    score: float
    published: datetime | None


def hits(view: View, query: Query, limit: int, *, by_date: bool) -> list[Hit]:
    """Return the best passages, or the newest (``by_date``) if scores would mean nothing."""
    return [
        _hit(view.searcher.doc(address), 0.0 if by_date else float(score))
        for score, address in best(view.searcher, query, limit, "published" if by_date else None)
    ]


def _hit(document: Document, score: float) -> Hit:
    values = document.to_dict()
    return Hit(
        article=values["article"][0],
        revision=values["revision"][0],
        start=values["start"][0],
        end=values["end"][0],
        score=score,
        published=moment(values["published"][0]),
    )


def best(
    searcher: Searcher, query: Query, limit: int, order: str | None
) -> list[tuple[Any, DocAddress]]:
    """Return the best ``limit`` and all ties with the last: tantivy cuts ties by their position."""
    size = limit + 64  # room for most ties, so that one search is enough
    while True:
        found = searcher.search(query, size, count=False, order_by_field=order).hits
        if len(found) < size or size > _MOST_TIES or found[-1][0] != found[limit - 1][0]:
            break
        size *= 4
    ties = searcher.fast_field_values("tie", [address for _, address in found])
    ranked = sorted(zip(found, ties, strict=True), key=lambda one: (-one[0][0], one[1] or 0))
    return [hit for hit, _ in ranked[:limit]]


_REBUILT = (
    "The search index was damaged and is being built again from the store: "
    "please ask again in a few minutes."
)

COMMIT_EVERY = 250_000
"""Changes between two commits of a long catch-up. Each commit leaves a segment, and every search
scans all segments: over 113,510 articles, one takes half as long as six."""


P = ParamSpec("P")
T = TypeVar("T")


def _guarded(
    look: Callable[Concatenate[PassageIndex, P], T],
) -> Callable[Concatenate[PassageIndex, P], T]:
    """Make a read of the index raise IndexDamaged if it is damaged, whatever tantivy does."""

    @wraps(look)
    def looked(self: PassageIndex, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if self._folder.damage:
            raise IndexDamaged(_REBUILT, about=str(self._folder.path))
        try:
            with panics_as_errors():
                return look(self, *args, **kwargs)
        except ValueError as error:
            if not self._folder.check():
                raise  # a bug of ours, which rebuilding the index would not fix
            raise IndexDamaged(_REBUILT, about=str(self._folder.path)) from error

    return looked


class PassageIndex:
    """Opened with ``PassageIndex.open``; thread-safe. Only one process writes a folder."""

    def __init__(self, folder: IndexFolder) -> None:
        self._folder = folder
        self._schema = folder.schema
        self._lock = threading.Lock()

    @classmethod
    def open(cls, folder: Path) -> PassageIndex:
        """Open the index in ``folder``; create it if it is missing or unreadable.

        Folders of other schema versions are deleted. Never raises because another process writes
        here: then this index is read-only (``writable`` is False).
        """
        ours = folder / f"v{VERSION}"
        try:
            ours.mkdir(parents=True, exist_ok=True)
            for other in folder.glob("v*"):
                if other != ours:
                    shutil.rmtree(other, ignore_errors=True)
            return cls(IndexFolder(ours))
        except (OSError, ValueError) as error:
            raise StoreUnavailable(
                f"The index folder {folder} cannot be used: {error}.", about=str(folder)
            ) from error

    @property
    def writable(self) -> bool:
        """Whether this process writes the index, rather than reading what another writes."""
        return self._folder.writer is not None

    @property
    def seq(self) -> int:
        """The number of the last change in the index."""
        return self._folder.mark.seq

    @property
    def damage(self) -> str:
        """The known damage; empty if there seems to be none."""
        return self._folder.damage

    def check(self) -> str:
        """Read all files of the index; returns what is damaged, empty if nothing is."""
        with self._lock:
            return self._folder.check()

    def close(self) -> None:
        """Release the folder to another writer; search continues."""
        with self._lock:
            self._folder.writer = None

    # --- following the store --------------------------------------------------------

    def catch_up(self, store: Store, *, batch: int = 2000) -> int:
        """Apply new changes of the store; returns the number of changes applied.

        If another process writes this folder, load what it has written and return 0. An index of
        another store is rebuilt, and so is a damaged one. Raises StoreUnavailable if the folder
        cannot be written, as on a full disk: then the index stays as it is, and catches up later.
        """
        with self._lock:
            if self._folder.found_damage():
                return self._rebuild(store, batch)
            if self._folder.is_to_be_purged and self._folder.take_writer():
                self._replace(store)
            try:
                with panics_as_errors():
                    return self._follow(store, batch)
            except (ValueError, OSError) as error:
                # tantivy raises ValueError for any problem.
                self._folder.release_writer()
                if why := self._folder.refusal(error):
                    raise self._unwritable(why) from error
            # Damaged or gone: the store has all of it.
            return self._rebuild(store, batch)

    def rebuild(self, store: Store) -> int:
        """Rebuild the index; returns the number of changes applied, 0 if another process writes."""
        with self._lock:
            return self._rebuild(store, 2000)

    def purge(self, store: Store) -> None:
        """Rebuild the index without the words of deleted passages, beside the one in use.

        A deleted passage is no longer found, but stays in its segment until that is merged. If
        another process writes the index, that process does this when it next follows the store.
        """
        with self._lock:
            self._folder.ask_purge(True)
            if self._folder.take_writer():
                self._replace(store)

    def _replace(self, store: Store) -> None:
        path = self._folder.path / "fresh"
        try:
            with panics_as_errors():
                shutil.rmtree(path, ignore_errors=True)
                path.mkdir(parents=True)
                fresh = PassageIndex(IndexFolder(path))
                fresh._follow(store, 2000)
                self._folder.take_over(fresh._folder)
                self._folder.ask_purge(False)
        except (ValueError, OSError) as error:
            self._folder.release_writer()
            raise self._unwritable(self._folder.refusal(error) or str(error)) from error

    def _rebuild(self, store: Store, batch: int) -> int:
        try:
            with panics_as_errors():
                if not self._folder.wipe():
                    self._folder.refresh()
                    return 0
                done = self._follow(store, batch)
            self._folder.clear_damage()
        except (ValueError, OSError) as error:
            self._folder.release_writer()
            raise self._unwritable(self._folder.refusal(error) or str(error)) from error
        return done

    def _unwritable(self, why: str) -> StoreUnavailable:
        path = self._folder.path
        return StoreUnavailable(
            f"The index folder {path} cannot be written: {why}. Answers know nothing newer until"
            " it can.",
            about=str(path),
        )

    def _follow(self, store: Store, batch: int) -> int:
        if not self._folder.take_writer():
            self._folder.refresh()
            return 0
        if not self._folder.mark.is_of(store):
            self._empty(store)
        done = pending = 0
        mark = self._folder.mark
        while changes := store.changes(mark.seq, batch):
            self._apply(store, changes)
            mark = Mark(store.id, changes[-1].seq, changes[-1].key)
            done += len(changes)
            pending += len(changes)
            if pending >= COMMIT_EVERY:
                self._folder.commit(mark)
                pending = 0
        if pending:
            self._folder.commit(mark)
        return done

    def _apply(self, store: Store, changes: Sequence[Change]) -> None:
        touched: dict[str, dict[str, None]] = {}
        for change in changes:
            if change.kind == "article":
                touched.setdefault(change.workspace, {})[change.key] = None
        for workspace, keys in touched.items():
            for key in keys:
                self._folder.writing.delete_documents_by_term("key", term(workspace, key))
            for one in store.indexable(workspace, keys):
                for document in documents(workspace, one):
                    self._folder.writing.add_document(document)

    def _empty(self, store: Store) -> None:
        """Delete another store's passages."""
        self._folder.writing.delete_all_documents()
        self._folder.commit(Mark(store.id, 0, ""))

    # --- words ----------------------------------------------------------------------

    @property
    @_guarded
    def size(self) -> int:
        """The number of passages that can be found."""
        return count(self._folder.view.searcher, tantivy.Query.exists_query("tie"))

    def terms(self, text: str) -> list[str]:
        """Return the search terms of a text: folded, stemmed, without stop words."""
        return terms(text)

    def words(self, text: str) -> list[str]:
        """Return the same in running order, with repetitions."""
        return running(text)

    @_guarded
    def frequency(self, term: str | None, *, workspace: str, audiences: Collection[str]) -> int:
        """Return how many passages in scope contain a term, as from ``terms``; None means any."""
        view = self._folder.view
        if term is not None and not view.searcher.doc_freq("body", term):
            return 0
        query = holding(self._schema, term, workspace, audiences)
        key = ("frequency", term, workspace, frozenset(audiences))
        return view.once(key, lambda: count(view.searcher, query))

    @_guarded
    def names(self, actors: Collection[str], *, workspace: str, audiences: Collection[str]) -> bool:
        """Return whether any passage in scope names one of these actors."""
        view = self._folder.view
        there = view.present("named", workspace, actors)
        query = any_of(self._schema, there, workspace, audiences)
        key = ("names", frozenset(there), workspace, frozenset(audiences))
        return view.once(key, lambda: bool(view.searcher.search(query, 1, count=False).hits))

    @_guarded
    def coverage(
        self, actors: Sequence[Collection[str]], scope: Scope, period: Period | None = None
    ) -> Coverage:
        """Return how much is stored that names one actor of every group; see ``Coverage``."""
        return covered(self._folder.view, self._schema, actors, scope, period)

    @_guarded
    def days(self, actors: Sequence[Collection[str]], scope: Scope, period: Period) -> list[date]:
        """Return the days of a period with articles that name one actor of every group."""
        return days(self._folder.view, self._schema, actors, scope, period)

    @_guarded
    def spelled(
        self, term: str, *, typed: str = "", workspace: str, audiences: Collection[str]
    ) -> str:
        """Return a term if it is found in scope, else the one there that it is a misspelling of.

        ``typed`` is the unstemmed word.
        """
        if not allowed_edits(len(term)):
            return term
        if self.frequency(term, workspace=workspace, audiences=audiences):
            return term
        spellings = stemmed(self._folder.view.searcher, typed)
        return nearest(term, self._like(term, spellings, workspace, audiences), spellings) or term

    @_guarded
    def meant_as_well(
        self, term: str, *, typed: str = "", workspace: str, audiences: Collection[str]
    ) -> list[str]:
        """Return the terms in scope that a rare one may also have been meant for."""
        count = self.frequency(term, workspace=workspace, audiences=audiences)
        spellings = stemmed(self._folder.view.searcher, typed)
        known = self._like(term, spellings, workspace, audiences)
        return meant_as_well(term, count, known, spellings)

    def _like(
        self, term: str, spellings: Iterable[str], workspace: str, audiences: Collection[str]
    ) -> list[tuple[str, int]]:
        """Return terms in scope that a term may be a misspelling of, with their frequencies.

        Only those are counted: thousands of terms share a first letter, and counting is slow.
        """
        held = [
            (one, self.frequency(one, workspace=workspace, audiences=audiences))
            for one in like(self._folder.view.searcher, term, spellings)
        ]
        return [one for one in held if one[1]]

    # --- asking ---------------------------------------------------------------------

    @spanned("search")
    @_guarded
    def search(
        self,
        text: str | Sequence[str],
        *,
        workspace: str,
        audiences: Collection[str],
        actors: Sequence[Collection[str]] = (),
        require_actor: bool = False,
        since: date | None = None,
        until: date | None = None,
        as_of: datetime | None = None,
        undated: bool = True,
        newest_first: bool = False,
        names: Sequence[Collection[str]] = (),
        near: tuple[datetime, datetime] | None = None,
        limit: int = 50,
    ) -> list[Hit]:
        """Return passages with any word of ``text``, or a term of a list, the best first.

        ``actors`` has a group of ids for each requested actor. A passage that names one ranks
        higher (less so if only its title does); with ``require_actor``, only passages that name one
        of every group are found. ``names`` has, for each group, the words, as from ``terms``, that
        name it as well. Without a word in ``text``, all in scope are found. ``since`` and ``until``
        are UTC days of publication, inclusive; with ``undated``, passages without a date are found
        too; ``as_of`` leaves out what was published (or first seen) later. ``newest_first`` orders
        by date, undated last; passages published ``near`` a time rank higher.
        """
        if not audiences or limit < 1:
            return []
        view = self._folder.view
        query = build(
            self._schema,
            text,
            workspace=workspace,
            audiences=audiences,
            actors=[view.present("named", workspace, group) for group in actors],
            require_actor=require_actor,
            since=since,
            until=until,
            as_of=view.cutoff(as_of),
            undated=undated,
            names=names,
            near=near,
        )
        return hits(view, query, limit, by_date=newest_first or not looked_for(text))

    @_guarded
    def named_together(
        self,
        actors: Sequence[Collection[str]],
        others: Collection[str] | None,
        scope: Scope,
        period: Period | None = None,
    ) -> dict[str, int]:
        """Return how many passages in scope name one actor of every group and each of the others.

        Others with no passage are absent. If ``others`` is None, the most-named actors are used.
        """
        return named_together(self._folder.view, self._schema, actors, others, scope, period)


log = logging.getLogger(__name__)

ReportT = TypeVar("ReportT")

FOLLOWED = 5
"""Number of batches between updates of the index: each update needs a commit of its own."""


def following(
    passages: PassageIndex, store: Store, progress: Callable[[ReportT], None] | None
) -> Callable[[ReportT], None]:
    """Return a callback for each batch: it reports ``progress``, and updates the index.

    Meanwhile the workers read on, and their results wait to be stored.
    """
    batches = itertools.count(1)
    follows = True

    def on_report(report: ReportT) -> None:
        nonlocal follows
        if next(batches) % FOLLOWED == 0:
            follows = follows and followed(partial(passages.catch_up, store))
        if progress is not None:
            progress(report)

    return on_report


def followed(catch_up: Callable[[], object]) -> bool:
    """Make an index catch up; False, with a log warning, if it cannot yet."""
    try:
        catch_up()
    except StoreUnavailable as error:
        log.warning("what was stored is not found yet. %s", error)
        return False
    return True
