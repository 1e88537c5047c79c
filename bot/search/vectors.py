"""Vectors of articles for their meaning, derived from the store and kept in a separate file.

A vector is of an article's title and first words, which say what it is about. Vectors follow the
store's log of changes as the passages do, a few articles at a time, since each takes some ten
milliseconds; a vector that is needed but missing is made at once. The file may be deleted.

Where ``bot.text.multilingual`` has its package, headlines in other languages have a vector each in
a second file, as do those English ones that were compared with them.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.errors import StoreUnavailable
from bot.search.folder import NOWHERE, Mark
from bot.store.articles import Indexable
from bot.store.store import Store
from bot.text.language import is_other
from bot.text.multilingual import Kind, encode_across
from bot.text.networks import encode

log = logging.getLogger(__name__)

Vector = NDArray[np.float32]
Encode = Callable[[Sequence[str]], NDArray[np.float32]]
"""Encodes texts as rows of length 1, whose product is their similarity."""

FILE = "vectors.db"
HEADLINES_FILE = "headlines.db"

CHARACTERS = 300
"""Length of title and text for a vector: the rest is detail, and would double the time."""

_HEADLINE = 200
"""Length of a headline, or of the beginning of an article without one, for the same reason."""

AT_ONCE = 32
"""Changes processed at a time."""

_VERSION = 1
"""Version of the file, and of the words and the encoder of the vectors."""

_WAIT = 10.0
"""Seconds that a writer waits for another."""

_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS vector (
    workspace TEXT NOT NULL, article TEXT NOT NULL, digest BLOB NOT NULL, numbers BLOB NOT NULL,
    PRIMARY KEY (workspace, article)
);
CREATE TABLE IF NOT EXISTS mark (store TEXT NOT NULL, seq INTEGER NOT NULL, key TEXT NOT NULL);
PRAGMA user_version = {_VERSION};
"""


class _Row(NamedTuple):
    """The article of a vector, and a digest of its words."""

    article: str
    digest: bytes
    numbers: bytes


class Vectors:
    """The vectors in one folder, or in memory without one; thread-safe."""

    _name = FILE

    def __init__(self, folder: Path | None = None, encoder: Encode = encode) -> None:
        """Open nothing yet: a command that needs no vector does not wait for the file."""
        self._file = folder / self._name if folder else None
        self._encode = encoder
        self._lock = threading.RLock()
        self._open: sqlite3.Connection | None = None
        self._closing: Callable[[], object] | None = None

    @property
    def size(self) -> int:
        """Return how many articles have a vector."""
        with self._connection() as connection:
            return int(connection.execute("SELECT count(*) FROM vector").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._closing is not None:
                self._closing()
            self._open = self._closing = None

    def of(self, store: Store, workspace: str, articles: Collection[str]) -> dict[str, Vector]:
        """Return the vectors of articles; missing ones are made and stored.

        Articles that the store no longer has are absent.
        """
        stored = self._stored(workspace, articles)
        found = {key: _vector(row) for key, row in stored.items()}
        missing = [key for key in articles if key not in found]
        if missing:
            rows = self._made(store.indexable(workspace, missing))
            found |= {row.article: _vector(row) for row in rows}
            self._keep(workspace, rows)
        return found

    def known(self, workspace: str, articles: Collection[str]) -> dict[str, Vector]:
        """Return the vectors of articles that already have one.

        If the file cannot be read there are none: search works with words alone.
        """
        try:
            stored = self._stored(workspace, articles)
        except StoreUnavailable as error:
            log.warning("vectors are not used: %s", error)
            return {}
        return {key: _vector(row) for key, row in stored.items()}

    # --- following the store ----------------------------------------------------------

    def catch_up(self, store: Store, most: int = AT_ONCE) -> int:
        """Process up to ``most`` changes of the store; returns how many, 0 if there are no more.

        Raises StoreUnavailable if the file cannot be written.
        """
        mark = self._mark()
        if mark != NOWHERE and not mark.is_of(store):
            mark = NOWHERE
            self._clear()
        changes = store.changes(mark.seq, most)
        touched: dict[str, dict[str, None]] = {}
        for change in changes:
            if change.kind == "article":
                touched.setdefault(change.workspace, {})[change.key] = None
        for workspace, keys in touched.items():
            self._follow(store, workspace, list(keys))
        if changes:
            self._set(Mark(store.id, changes[-1].seq, changes[-1].key))
        return len(changes)

    def _follow(self, store: Store, workspace: str, keys: Sequence[str]) -> None:
        """Make vectors for new words, and delete those of deleted articles."""
        articles = {one.article: one for one in store.indexable(workspace, keys)}
        held = self._stored(workspace, keys)
        changed = [
            one
            for key, one in articles.items()
            if (key in held or self._made_ahead(one))
            and (key not in held or held[key].digest != _digest(self._words(one)))
        ]
        gone = [(workspace, key) for key in keys if key not in articles]
        rows = self._made(changed)
        with self._writing() as connection:
            connection.executemany("DELETE FROM vector WHERE workspace = ? AND article = ?", gone)
            _insert(connection, workspace, rows)

    def _words(self, one: Indexable) -> str:
        """Return the words that a vector is of."""
        return f"{one.title}\n{one.text}"[:CHARACTERS].strip()

    def _made_ahead(self, one: Indexable) -> bool:
        """Return whether an article gets its vector before it is needed."""
        return True

    def _encoded(self, articles: Sequence[Indexable]) -> NDArray[np.float32]:
        return self._encode([self._words(one) for one in articles])

    def _made(self, articles: Sequence[Indexable]) -> list[_Row]:
        words = [self._words(one) for one in articles]
        vectors = self._encoded(articles).astype(np.float16) if words else ()
        return [
            _Row(one.article, _digest(text), vector.tobytes())
            for one, text, vector in zip(articles, words, vectors, strict=True)
        ]

    # --- the file ---------------------------------------------------------------------

    def _stored(self, workspace: str, articles: Collection[str]) -> Mapping[str, _Row]:
        found: dict[str, _Row] = {}
        keys = list(articles)
        with self._connection() as connection:
            for start in range(0, len(keys), 500):
                some = keys[start : start + 500]
                marks = ",".join("?" * len(some))
                query = (
                    "SELECT article, digest, numbers FROM vector"  # noqa: S608 - only marks
                    f" WHERE workspace = ? AND article IN ({marks})"
                )
                for row in connection.execute(query, (workspace, *some)):
                    found[row[0]] = _Row(*row)
        return {key: found[key] for key in keys if key in found}

    def _keep(self, workspace: str, rows: Sequence[_Row]) -> None:
        """Write rows if possible: they can be made again."""
        try:
            with self._writing() as connection:
                _insert(connection, workspace, rows)
        except StoreUnavailable as error:
            log.warning("vectors are not kept: %s", error)

    def _mark(self) -> Mark:
        with self._connection() as connection:
            row = connection.execute("SELECT store, seq, key FROM mark").fetchone()
        return Mark(*row) if row else NOWHERE

    def _set(self, mark: Mark) -> None:
        with self._writing() as connection:
            connection.execute("DELETE FROM mark")
            values = (mark.store, mark.seq, mark.key)
            connection.execute("INSERT INTO mark VALUES (?, ?, ?)", values)

    def _clear(self) -> None:
        with self._writing() as connection:
            connection.execute("DELETE FROM mark")
            connection.execute("DELETE FROM vector")

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._connection() as connection, connection:
            yield connection

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Yield the open file; a damaged one is deleted, since all of it can be made again."""
        with self._lock:
            try:
                if self._open is None:
                    self._open = _opened(self._file)
                    # Close the file even if the caller forgets to.
                    self._closing = weakref.finalize(self, self._open.close)
                yield self._open
            except sqlite3.OperationalError as error:
                raise StoreUnavailable(
                    f"The vectors in {self._file} cannot be read or written: {error}.",
                    about=str(self._file),
                ) from error
            except sqlite3.DatabaseError as error:
                self.close()
                if self._file is not None:
                    self._file.unlink(missing_ok=True)
                raise StoreUnavailable(
                    f"The vectors in {self._file} were damaged ({error}) and are being made again:"
                    " please ask again.",
                    about=str(self._file),
                ) from error


class HeadlineVectors(Vectors):
    """Vectors of headlines that can be compared across languages.

    Those in other languages than English are made ahead; English ones when they are compared.
    """

    _name = HEADLINES_FILE

    def _words(self, one: Indexable) -> str:
        return (one.title.strip() or one.text.strip())[:_HEADLINE]

    def _made_ahead(self, one: Indexable) -> bool:
        return is_other(one.language)

    def _encoded(self, articles: Sequence[Indexable]) -> NDArray[np.float32]:
        kinds: list[Kind] = ["other" if is_other(one.language) else "english" for one in articles]
        words = map(self._words, articles)
        return np.vstack(
            [encode_across([one], kind) for one, kind in zip(words, kinds, strict=True)]
        )


def _opened(file: Path | None) -> sqlite3.Connection:
    where = file or ":memory:"
    connection = sqlite3.connect(where, timeout=_WAIT, check_same_thread=False)
    try:
        if file is not None:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA secure_delete = ON")
        if connection.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            connection.executescript("DROP TABLE IF EXISTS vector; DROP TABLE IF EXISTS mark")
            connection.executescript(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _insert(connection: sqlite3.Connection, workspace: str, rows: Sequence[_Row]) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO vector VALUES (?, ?, ?, ?)", [(workspace, *row) for row in rows]
    )


def _vector(row: _Row) -> Vector:
    return np.frombuffer(row.numbers, np.float16).astype(np.float32)


def _digest(words: str) -> bytes:
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=12).digest()
