"""Where a store is, the connections to it, its errors in words, and the lock of its writers.

SQLite lets one connection write at a time and does not say who is next: a waiting writer checks
again up to ten times a second, so one that writes again at once always wins. With the lock nobody
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
"""The file of a store that is kept in a folder."""

BUSY_SECONDS = 10.0
"""How long a call waits for its turn to write, or for a connection."""

Transaction = Callable[[], AbstractContextManager[Connection]]
"""Begins a transaction of a store, and ends it."""

P = ParamSpec("P")
R = TypeVar("R")

_FORMS = "write it as sqlite:////folder/file.db or postgresql://user:password@host/database"


class Transactions(NamedTuple):
    """Begin a store's transactions: ``write`` takes its write lock, ``help`` writes without it."""

    write: Transaction
    help: Transaction
    read: Transaction


class Repository:
    """Queries and changes of what a store has about one noun, in transactions of that store."""

    def __init__(self, of: Transactions) -> None:
        self._write, self._help, self._read = of

    def _all(self, query: Any, values: Mapping[str, Any] = {}) -> Sequence[Any]:
        """Read the rows of a query, in a transaction of its own."""
        with self._read() as connection:
            return connection.execute(query, values).all()

    def _first(self, query: Any, values: Mapping[str, Any] = {}) -> Any:
        """Read the first row of a query in a transaction of its own; None without any."""
        with self._read() as connection:
            return connection.execute(query, values).first()


def reads(query: Callable[Concatenate[Connection, P], R]) -> Callable[Concatenate[Any, P], R]:
    """Make a method of a query: it runs in a transaction of its own, which only reads."""

    @wraps(query)
    def method(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self._read() as connection:
            return query(connection, *args, **kwargs)

    return method


def writes(change: Callable[Concatenate[Connection, P], R]) -> Callable[Concatenate[Any, P], R]:
    """Make a method of a change: it runs in a transaction of its own, of the writer."""

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
    """The file that processes share; None where a server has it."""

    def dispose(self) -> None:
        """Close them all, those in use as they come back.

        SQLite's last one to close folds the log into the file.
        """
        for one in dict.fromkeys((self.reader, self.helper, self.writer)):
            # Whoever is in the store still would else leave an open connection to a pool
            # that nobody has any more.
            event.listen(one, "checkin", _closed)
            one.dispose()


def _closed(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.invalidate()


def url_of(settings: Settings) -> str:
    """The address of the store that the settings describe: a server's, or a file's."""
    given = settings.database_url
    return given.get_secret_value() if given else url_in(settings.dragoman_data)


def url_in(folder: Path) -> str:
    """The address of the store in a folder."""
    # In a URL a % or ? of the folder's name would mean something else.
    return f"sqlite:///{quote(str(folder / DATABASE))}"


def parse(url: str) -> URL:
    """Read a database address; raises StoreError for one that cannot be a store.

    ``postgresql://`` and ``postgres://`` mean ``postgresql+psycopg://``, the driver that is
    there.
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
    """Where a store is, for its reader: the file, or the server and the database.

    Without a password and the other parts of an address.
    """
    if url.get_backend_name() == "sqlite" and url.database:
        return url.database
    host = url.host or url.normalized_query.get("host", ("",))[0]
    bare = URL.create(url.get_backend_name(), host=host or None, port=url.port)
    return bare.set(database=url.database).render_as_string()


def connect(url: URL, busy: float | None = None) -> Engines:
    """The engines of a store; nothing is connected yet, but a file's folder is made.

    ``busy`` is how many seconds a call waits for its turn; BUSY_SECONDS if not given. Raises
    StoreUnavailable where the folder is refused.
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
    """What a database finds damaged in itself, a few things at most; it reads all."""
    if connection.dialect.name == "sqlite":
        return sqlite.damage(connection)
    from bot.store import postgres

    return postgres.damage(connection)


def empty_log(writer: Engine) -> None:
    """Empty SQLite's write-ahead log; a server empties its own."""
    if writer.dialect.name == "sqlite":
        sqlite.empty_log(writer)


def clock(connection: Connection) -> datetime | None:
    """What time it is for a database that has a clock of its own; None of a file."""
    if connection.dialect.name == "sqlite":
        return None
    from bot.store import postgres

    return postgres.clock(connection)


@contextmanager
def in_words(where: str) -> Iterator[None]:
    """Turn what the database raises into StoreUnavailable or StoreError."""
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
"""Seconds from one look at another process's lock to the next."""


class WriteLock:
    """Who writes, and who is next: nobody overtakes, and nobody waits for long."""

    def __init__(self, where: str, file: Path | None = None) -> None:
        """Take turns with other processes that name the same ``file``, if one is given."""
        self._where = where
        self._ours = _FileLock(_beside(file, "turn"))
        self._next = _FileLock(_beside(file, "next"))

    @contextmanager
    def acquired(self, seconds: float) -> Iterator[None]:
        """Wait for a turn, and hold it; raises StoreUnavailable after so many seconds."""
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
    """A lock among the threads of this process, and among processes where a file is named.

    The system gives it back when a process dies. Where the file cannot be opened or locked, as
    on some network drives, SQLite's own lock must do.
    """

    def __init__(self, file: Path | None) -> None:
        self._threads = threading.Lock()
        self._file = file
        self._open: int | None = None

    def acquire(self, last: float) -> bool:
        """Take it by the instant ``last`` of the monotonic clock; False where that failed."""
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
