"""The passage index: tantivy, derived from the store and rebuildable at any time.

It follows the store's change log: delete by key, add, commit, then write beside it the
number of the last change taken. Replaying changes is harmless, so a crash between the two
costs a little work. A process that cannot have the writer reads what another one writes.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import tantivy
from tantivy import FieldType, Occur, Query

from bot.errors import StoreUnavailable
from bot.search.schema import ANALYZER, UNDATED, VERSION, analyzer, documents, key_of, schema
from bot.store.store import Store

BATCH = 5_000
"""Changes in one commit: a durable commit costs 7-80 ms, whatever it holds."""

HEAP_BYTES = 48_000_000

TITLE_BOOST = 1.5
ACTOR_SCORE = 4.0
"""What naming an actor asked for adds to a passage's BM25 score."""

_SLACK = 20
"""Hits fetched beyond the limit, so that ties at its edge are broken by key and not by chance."""


class Hit(NamedTuple):
    """A passage found: a span of a revision's text."""

    article: str
    revision: int
    start: int
    end: int
    score: float
    published: datetime | None


class PassageIndex:
    """Passages by words, actors and time; safe to search from several threads."""

    def __init__(self, folder: Path) -> None:
        """Open or make the index in ``folder``; see ``open``."""
        self._root = folder
        self._folder = folder / VERSION
        self._lock = threading.Lock()
        self._writer: tantivy.IndexWriter | None = None
        self._analyzer = analyzer()
        self._schema = schema()
        self._index = self._opened()
        self.writable = True

    @classmethod
    def open(cls, folder: Path) -> PassageIndex:
        """Open the index; one of another version or beyond reading is made anew, empty.

        Raises StoreUnavailable where the folder cannot be made or written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for other in folder.iterdir():
                if other.is_dir() and other.name != VERSION:
                    shutil.rmtree(other, ignore_errors=True)
            return cls(folder)
        except OSError as error:
            raise StoreUnavailable(
                f"The search index in {folder} cannot be opened ({error.strerror or error}): "
                "see that the folder can be written, or delete it; it is rebuilt from the store.",
                about=str(folder),
            ) from error

    def _opened(self) -> tantivy.Index:
        try:
            return self._open_or_make()
        except (ValueError, OSError):
            # Damaged files: nothing is only in the index, so it is made anew.
            shutil.rmtree(self._folder, ignore_errors=True)
            return self._open_or_make()

    def _open_or_make(self) -> tantivy.Index:
        self._folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(self._schema, path=str(self._folder))
        index.register_tokenizer(ANALYZER, self._analyzer)
        index.searcher()
        return index

    def close(self) -> None:
        """Let go of the writer; searching ends."""
        with self._lock:
            if self._writer is not None:
                self._writer.wait_merging_threads()
                self._writer = None

    # --- following the store --------------------------------------------------------

    @property
    def seq(self) -> int:
        """The number of the last change of the store that is searchable."""
        try:
            return int(self._mark.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return 0

    @property
    def _mark(self) -> Path:
        return self._folder / "seq"

    @property
    def size(self) -> int:
        """How many passages are searchable."""
        return int(self._index.searcher().num_docs)

    def catch_up(self, store: Store, *, batch: int = BATCH) -> int:
        """Take over what the store has changed; returns the number of changes applied.

        Where another process has the writer this reads its work, and applies nothing.
        """
        with self._lock:
            done, last = self.seq, store.last_seq()
            if done == last:
                self._index.reload()
                return 0
            writer = self._the_writer()
            if writer is None:
                self._index.reload()
                return 0
            if done > last:  # an index of another store
                self._empty(writer)
                done = 0
            return self._follow(store, writer, done, batch)

    def rebuild(self, store: Store) -> int:
        """Throw the index away and build it from the store; returns the number of passages."""
        with self._lock:
            writer = self._the_writer()
            if writer is None:
                raise StoreUnavailable(
                    "Another process writes the search index: stop it, then rebuild.",
                    about=str(self._root),
                )
            self._empty(writer)
            self._follow(store, writer, 0, BATCH)
        return self.size

    def _the_writer(self) -> tantivy.IndexWriter | None:
        if self._writer is None:
            try:
                self._writer = self._index.writer(HEAP_BYTES, 1)
            except ValueError as error:
                if "LockBusy" not in str(error):
                    raise StoreUnavailable(
                        f"The search index in {self._root} cannot be written: {error}",
                        about=str(self._root),
                    ) from error
        self.writable = self._writer is not None
        return self._writer

    def _empty(self, writer: tantivy.IndexWriter) -> None:
        self._mark.unlink(missing_ok=True)
        writer.delete_all_documents()
        writer.commit()

    def _follow(self, store: Store, writer: tantivy.IndexWriter, done: int, batch: int) -> int:
        applied = 0
        while changes := store.changes(done, batch):
            touched: dict[str, set[str]] = {}
            for change in changes:
                if change.kind == "article":
                    touched.setdefault(change.workspace, set()).add(change.key)
            for workspace, articles in touched.items():
                for article in articles:
                    writer.delete_documents_by_term("key", key_of(workspace, article))
                for one in store.indexable(workspace, articles):
                    for document in documents(one):
                        writer.add_document(document)
            writer.commit()
            done = changes[-1].seq
            self._note(done)
            applied += len(changes)
        self._index.reload()
        return applied

    def _note(self, seq: int) -> None:
        temporary = self._mark.with_suffix(".new")
        temporary.write_text(str(seq), encoding="ascii")
        temporary.replace(self._mark)

    # --- searching ------------------------------------------------------------------

    def terms(self, text: str) -> list[str]:
        """Break a text into the terms that are searched for: lower case, unaccented, stemmed."""
        return list(self._analyzer.analyze(text))

    def frequency(self, term: str) -> int:
        """How many passages hold a term (as ``terms`` gives it)."""
        return int(self._index.searcher().doc_freq("body", term))

    def search(
        self,
        text: str,
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
        limit: int = 50,
    ) -> list[Hit]:
        """Find passages by the words of ``text``, by BM25, or newest first.

        ``actors`` holds a group of ids for each actor asked about: a passage that names one
        of a group ranks higher, or with ``require_actor`` must name one of each. ``since``
        and ``until`` are inclusive UTC days, and with ``undated=False`` leave out what has
        no date. ``as_of`` leaves out what was published, or without a date first seen,
        after it. The order is deterministic: ties by key.
        """
        wanted = self._wanted(text, workspace, actors, require_actor=require_actor)
        if wanted is None or limit < 1:
            return []
        clauses = [(Occur.Must, wanted), (Occur.Must, self._scope(workspace, audiences))]
        clauses += [(Occur.Must, one) for one in self._times(since, until, as_of, undated)]
        query = Query.boolean_query(clauses)
        searcher = self._index.searcher()
        if newest_first:
            found = searcher.search(
                query, limit=limit + _SLACK, count=False, order_by_field="published"
            )
        else:
            found = searcher.search(query, limit=limit + _SLACK, count=False)
        hits = [
            (_hit(searcher.doc(address).to_dict(), rank, newest_first))
            for rank, address in found.hits
        ]
        hits.sort(key=lambda hit: (-_order(hit, newest_first), hit.article, hit.start))
        return hits[:limit]

    def _wanted(
        self,
        text: str,
        workspace: str,
        actors: Sequence[Collection[str]],
        *,
        require_actor: bool,
    ) -> Query | None:
        named = [
            Query.term_set_query(
                self._schema, "actors", [key_of(workspace, actor) for actor in sorted(group)]
            )
            for group in actors
        ]
        if require_actor and named:
            return Query.boolean_query(
                [(Occur.Must, Query.const_score_query(one, ACTOR_SCORE)) for one in named]
                + [(Occur.Should, one) for one in self._words(text)]
            )
        either = self._words(text)
        either += [Query.const_score_query(one, ACTOR_SCORE) for one in named]
        return Query.boolean_query([(Occur.Should, one) for one in either]) if either else None

    def _words(self, text: str) -> list[Query]:
        found = []
        for term in dict.fromkeys(self.terms(text)):
            found.append(Query.term_query(self._schema, "body", term, "freq"))
            title = Query.term_query(self._schema, "title", term, "freq")
            found.append(Query.boost_query(title, TITLE_BOOST))
        return found

    def _scope(self, workspace: str, audiences: Collection[str]) -> Query:
        scopes = [key_of(workspace, audience) for audience in sorted(audiences)]
        return Query.const_score_query(Query.term_set_query(self._schema, "scope", scopes), 0.0)

    def _times(
        self, since: date | None, until: date | None, as_of: datetime | None, undated: bool
    ) -> list[Query]:
        found = []
        if since or until or not undated:
            low = _seconds(since) if since else UNDATED + 1
            high = _seconds(until + timedelta(days=1)) - 1 if until else None
            found.append(self._range("published", low, high))
        if as_of is not None:
            found.append(self._range("known", None, int(as_of.timestamp())))
        return [Query.const_score_query(one, 0.0) for one in found]

    def _range(self, field: str, low: int | None, high: int | None) -> Query:
        return Query.range_query(self._schema, field, FieldType.Integer, low, high)


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


def _order(hit: Hit, newest_first: bool) -> float:
    if newest_first:
        return hit.published.timestamp() if hit.published else float(UNDATED)
    return hit.score


def _hit(fields: dict[str, list[object]], rank: object, newest_first: bool) -> Hit:
    seconds = int(str(fields["published"][0]))
    return Hit(
        article=str(fields["article"][0]),
        revision=int(str(fields["revision"][0])),
        start=int(str(fields["start"][0])),
        end=int(str(fields["end"][0])),
        score=0.0 if newest_first else float(str(rank)),
        published=None if seconds == UNDATED else datetime.fromtimestamp(seconds, UTC),
    )
