"""SQLite: one file, and its errors in words.

Write-ahead log, so that readers never wait for the writer; every acknowledged commit is
synced (``synchronous=FULL``); one writer connection, which alone checkpoints.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, QueuePool, create_engine, event
from sqlalchemy.engine import URL, Connection

from bot.errors import StoreError, StoreUnavailable
from bot.private import FOLDER_MODE

READERS = 8
_STATEMENTS = 512
"""Prepared statements per connection: an intake runs some 60, each at several lengths."""

_BETWEEN = 0.02
"""Seconds between two tries, where SQLite does not wait by itself."""

_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY: "is locked by another process: try again in a moment",
    sqlite3.SQLITE_LOCKED: "is locked: try again in a moment",
    sqlite3.SQLITE_READONLY: "cannot be written: make the file and its folder writable",
    sqlite3.SQLITE_PERM: "may not be opened: check the permissions of the file and its folder",
    sqlite3.SQLITE_IOERR: "cannot be read or written: check its disk",
    sqlite3.SQLITE_FULL: "has no room left: free space on its disk",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: check that its folder exists and is writable",
}
_BROKEN = {
    sqlite3.SQLITE_NOTADB: "is not a database: name another file, or move this one away",
    sqlite3.SQLITE_CORRUPT: "is damaged: restore it from a copy",
}


def make_folder(url: URL) -> None:
    """Create the folder of the store's file; raise StoreUnavailable if that fails."""
    file = file_of(url)
    if file is None:
        return
    try:
        file.parent.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(
            f"The folder of the store {file} cannot be made: {error.strerror}.", about=str(file)
        ) from error


def file_of(url: URL) -> Path | None:
    """Return the store's file; None if its name is a URI that only SQLite parses."""
    name = str(url.database)
    return None if name.startswith("file:") else Path(name)


def writer_engine(url: URL, busy: float) -> Engine:
    """Return one connection, whose transactions take the write lock when they begin.

    It waits for the lock up to ``busy`` seconds. The ids of articles are spread evenly, so a
    batch touches pages everywhere: it caches 64 MB of them, and folds many batches into the file
    at once.
    """
    return _engine(
        url,
        1,
        busy,
        "BEGIN IMMEDIATE",
        ("PRAGMA cache_size = -65536", "PRAGMA wal_autocheckpoint = 16000"),
    )


def reader_engine(url: URL, busy: float) -> Engine:
    """Return a few read-only connections, which never checkpoint."""
    return _engine(
        url, READERS, busy, "BEGIN", ("PRAGMA cache_size = -8192", "PRAGMA query_only = ON")
    )


def _engine(url: URL, size: int, busy: float, begin: str, pragmas: tuple[str, ...]) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=busy,
        hide_parameters=True,  # they are people's texts, and would be logged
        connect_args={
            "timeout": busy,
            "check_same_thread": False,
            "cached_statements": _STATEMENTS,
        },
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        # The driver would begin transactions by itself, except for those that only read.
        connection.isolation_level = None
        _log_ahead(connection, busy)
        for pragma in (
            "PRAGMA synchronous = FULL",
            "PRAGMA foreign_keys = ON",
            "PRAGMA temp_store = MEMORY",
            "PRAGMA secure_delete = ON",
            *pragmas,
        ):
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _log_ahead(connection: sqlite3.Connection, busy: float) -> None:
    """Turn on the write-ahead log of the file.

    Several processes may create a new store at once. If another one is making this very change,
    SQLite answers "locked" at once, without the connection's usual wait.
    """
    last = time.monotonic() + busy
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > last:
                raise
            time.sleep(_BETWEEN)
        else:
            return


def empty_log(writer: Engine) -> None:
    """Write all of the log into the file and empty it, so that neither keeps deleted data.

    It waits for readers, up to the connection's timeout.
    """
    connection = writer.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def damage(connection: Connection) -> list[str]:
    """Return what SQLite finds wrong in the whole file: damaged pages and dangling references."""
    found = connection.exec_driver_sql("PRAGMA quick_check(3)").scalars()
    wrong = [str(one) for one in found if one != "ok"]
    loose = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    return [*wrong, f"a row of {loose[0]} refers to nothing"] if loose else wrong


def explained(error: sqlite3.Error, where: str) -> StoreError:
    """Convert an error of SQLite to a StoreError."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _UNAVAILABLE:
        return StoreUnavailable(f"The store {where} {_UNAVAILABLE[code]}.", about=where)
    if code in _BROKEN:
        return StoreError(f"The store {where} {_BROKEN[code]}.", about=where)
    return StoreError(f"The store {where} refused a statement: {error}.", about=where)
