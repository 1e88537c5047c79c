"""Where a store is, the connections to it, its errors in words, and the lock of its writers.

SQLite lets one connection write at a time and keeps no queue: a waiting writer checks again up to
ten times a second, so a writer that writes again at once always wins. With the lock nobody
overtakes, neither threads of one process nor processes that share a file.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import StoreError, StoreUnavailable
from bot.settings import Settings
from bot.store import sqlite

if sys.platform != "win32":
    import fcntl

DATABASE = "dragoman.db"
"""The file name of a store kept in a folder."""

BUSY_SECONDS = 10.0
"""Seconds a call waits for its turn to write, or for a connection."""

Transaction = Callable[[], AbstractContextManager[Connection]]
"""Opens a transaction of a store as a context manager."""

P = ParamSpec("P")
R = TypeVar("R")

_FORMS = "write it as sqlite:////folder/file.db or postgresql://user:password@host/database"


class Transactions(NamedTuple):
    """Open a store's transactions: ``write`` takes its write lock, ``help`` writes without it."""

    write: Transaction
    help: Transaction
    read: Transaction


class Repository:
    """Queries and changes on one subject, in transactions of its store."""

    def __init__(self, of: Transactions) -> None:
        self._write, self._help, self._read = of

    def _all(self, query: Any, values: Mapping[str, Any] = {}) -> Sequence[Any]:
        """Return the rows of a query, in a transaction of its own."""
        with self._read() as connection:
            return connection.execute(query, values).all()

    def _first(self, query: Any, values: Mapping[str, Any] = {}) -> Any:
        """Return the first row of a query, in a transaction of its own; None if there is none."""
        with self._read() as connection:
            return connection.execute(query, values).first()


def reads(query: Callable[Concatenate[Connection, P], R]) -> Callable[Concatenate[Any, P], R]:
    """Turn a query into a method that runs in its own read-only transaction."""

    @wraps(query)
    def method(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self._read() as connection:
            return query(connection, *args, **kwargs)

    return method


def writes(change: Callable[Concatenate[Connection, P], R]) -> Callable[Concatenate[Any, P], R]:
    """Turn a change into a method that runs in its own write transaction."""

    @wraps(change)
    def method(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self._write() as connection:
            return change(connection, *args, **kwargs)

    return method


class Engines(NamedTuple):
    """The connections of one store; in SQLite ``helper`` is the ``writer``."""

    writer: Engine
    helper: Engine
    reader: Engine
    file: Path | None = None
    """The file that processes share; None for a server."""

    def dispose(self) -> None:
        """Close all connections; those in use close when they are returned.

        The last SQLite connection to close folds the log into the file.
        """
        for one in dict.fromkeys((self.reader, self.helper, self.writer)):
            # A thread still in the store would otherwise return an open connection to a pool
            # that is no longer used.
            event.listen(one, "checkin", _closed)
            one.dispose()


def _closed(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.invalidate()


def url_of(settings: Settings) -> str:
    """Return the address of the store in the settings: a server or a file."""
    given = settings.database_url
    return given.get_secret_value() if given else url_in(settings.dragoman_data)


def url_in(folder: Path) -> str:
    """Return the address of the store in a folder."""
    # In a URL a % or ? in the folder's name would have another meaning.
    return f"sqlite:///{quote(str(folder / DATABASE))}"


def parse(url: str) -> URL:
    """Parse a database address; raise StoreError if it cannot be a store.

    ``postgresql://`` and ``postgres://`` mean ``postgresql+psycopg://``, the driver that is
    installed.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StoreError(
            f"The store's address is not a database URL: {_FORMS}.", about="DATABASE_URL"
        ) from error
    backend = parsed.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return _postgresql(parsed)
    if backend != "sqlite":
        raise StoreError(
            f"The store cannot be kept in {backend}: {_FORMS}.", about=place_of(parsed)
        )
    if parsed.database in (None, "", ":memory:"):
        raise StoreError(
            "The store needs a file: write its address as sqlite:////folder/file.db.",
            about=place_of(parsed),
        )
    return parsed


def _postgresql(parsed: URL) -> URL:
    if parsed.drivername not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise StoreError(
            f"PostgreSQL is not reached by {parsed.drivername}: write its address as "
            "postgresql://user:password@host/database.",
            about=place_of(parsed),
        )
    if not parsed.database:
        raise StoreError(
            "The store's address names no database: write it as "
            "postgresql://user:password@host/database.",
            about=place_of(parsed),
        )
    return parsed.set(drivername="postgresql+psycopg")


def place_of(url: URL) -> str:
    """Describe where a store is: the file, or the server and the database.

    Leaves out the password and the other parts of the address.
    """
    if url.get_backend_name() == "sqlite" and url.database:
        return url.database
    host = url.host or url.normalized_query.get("host", ("",))[0]
    bare = URL.create(url.get_backend_name(), host=host or None, port=url.port)
    return bare.set(database=url.database).render_as_string()


def connect(url: URL, busy: float | None = None) -> Engines:
    """Return the engines of a store; this opens no connection, but creates a file's folder.

    ``busy`` is how many seconds a call waits for its turn; BUSY_SECONDS if not given. Raises
    StoreUnavailable if the folder cannot be created.
    """
    wait = BUSY_SECONDS if busy is None else busy
    if url.get_backend_name() == "sqlite":
        sqlite.make_folder(url)
        writer = sqlite.writer_engine(url, wait)
        return Engines(writer, writer, sqlite.reader_engine(url, wait), sqlite.file_of(url))
    from bot.store import postgres

    return Engines(
        postgres.writer_engine(url, wait),
        postgres.helper_engine(url, wait),
        postgres.reader_engine(url, wait),
    )


def damage(connection: Connection) -> list[str]:
    """Check the whole database; return a few of the damages found."""
    if connection.dialect.name == "sqlite":
        return sqlite.damage(connection)
    from bot.store import postgres

    return postgres.damage(connection)


def empty_log(writer: Engine) -> None:
    """Empty SQLite's write-ahead log; a server manages its own."""
    if writer.dialect.name == "sqlite":
        sqlite.empty_log(writer)


def clock(connection: Connection) -> datetime | None:
    """Return the time of a database server's own clock; None for a file."""
    if connection.dialect.name == "sqlite":
        return None
    from bot.store import postgres

    return postgres.clock(connection)


@contextmanager
def in_words(where: str) -> Iterator[None]:
    """Turn database errors into StoreUnavailable or StoreError."""
    try:
        yield
    except PoolTimeout as error:
        raise StoreUnavailable(
            f"The store {where} is busy: try again in a moment.", about=where
        ) from error
    except DBAPIError as error:
        raise _explained(error, where) from error
    except SQLAlchemyError as error:
        raise StoreError(f"The store {where} failed: {error}.", about=where) from error


def _explained(error: DBAPIError, where: str) -> StoreError:
    if isinstance(error.orig, sqlite3.Error):
        return sqlite.explained(error.orig, where)
    from bot.store import postgres

    return postgres.explained(error.orig or error, where)


# --- the lock of writers ------------------------------------------------------------------------

_AGAIN = 0.002
"""Seconds between two checks of another process's lock."""


class WriteLock:
    """A fair queue of writers: nobody overtakes, and nobody waits for long."""

    def __init__(self, where: str, file: Path | None = None) -> None:
        """Take turns with other processes that name the same ``file``, if one is given."""
        self._where = where
        self._ours = _FileLock(_beside(file, "turn"))
        self._next = _FileLock(_beside(file, "next"))

    @contextmanager
    def acquired(self, seconds: float) -> Iterator[None]:
        """Wait for a turn, and hold it; raise StoreUnavailable after so many seconds."""
        last = time.monotonic() + seconds
        if not self._next.acquire(last):
            raise self._busy()
        try:
            ours = self._ours.acquire(last)
        finally:
            self._next.release()
        if not ours:
            raise self._busy()
        try:
            yield
        finally:
            self._ours.release()

    def close(self) -> None:
        """Close the files of the locks."""
        self._next.close()
        self._ours.close()

    def _busy(self) -> StoreUnavailable:
        return StoreUnavailable(
            f"The store {self._where} is busy writing: try again in a moment.", about=self._where
        )


def _beside(file: Path | None, end: str) -> Path | None:
    return None if file is None else file.with_name(f"{file.name}-{end}")


class _FileLock:
    """A lock among the threads of this process, and among processes if a file is named.

    The system releases it when a process dies. If the file cannot be opened or locked, as on
    some network drives, SQLite's own lock must do.
    """

    def __init__(self, file: Path | None) -> None:
        self._threads = threading.Lock()
        self._file = file
        self._open: int | None = None

    def acquire(self, last: float) -> bool:
        """Acquire it before the instant ``last`` of the monotonic clock; False on timeout."""
        if not self._threads.acquire(timeout=max(last - time.monotonic(), 0)):
            return False
        while not self._locked():
            if time.monotonic() > last:
                self._threads.release()
                return False
            time.sleep(_AGAIN)
        return True

    def release(self) -> None:
        if sys.platform != "win32" and self._open is not None:
            with suppress(OSError):
                fcntl.flock(self._open, fcntl.LOCK_UN)
        self._threads.release()

    def close(self) -> None:
        with self._threads:
            if self._open is not None:
                os.close(self._open)
            self._open = self._file = None

    def _locked(self) -> bool:
        if sys.platform == "win32" or self._file is None:
            return True
        try:
            if self._open is None:
                self._open = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._open, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            self._file = None
        return True
