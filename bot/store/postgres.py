"""PostgreSQL: its connections, and its errors in words.

There are three kinds of transaction. Those of the *writer* take the store's write lock when they
begin, so that one process at a time writes articles and facts, as in SQLite: the numbers of
changes come from one row, and would make them queue all the same. Those of *helpers* store, claim
and close requests beside that, and lock the rows that they touch. Those of *readers* see one
snapshot, however many statements they run, and cannot write.
"""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

import psycopg
from psycopg import IsolationLevel
from sqlalchemy import Engine, QueuePool, create_engine, event
from sqlalchemy.engine import URL, Connection

from bot.errors import StoreError, StoreUnavailable

READERS = 6
HELPERS = 3
"""With the writer, at most ten connections per process: PostgreSQL allows 100 by default."""

STATEMENT_SECONDS = 60
IDLE_SECONDS = 120
"""Seconds that a transaction may idle before the server ends it: its process hangs."""

CONNECT_SECONDS = 10
_RECYCLED_SECONDS = 1800

WRITING = 1_148_346_727
"""The advisory lock of writers: the letters ``Drag`` as a number."""

_KEPT_ALIVE = {
    # Notices within a minute that a server is gone silently.
    "keepalives": 1,
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 40_000,
}
_UNAVAILABLE = {
    "08": "lost the connection: it is made again by itself, try again in a moment",
    "25006": "cannot be written: the server is read-only, as a standby is",
    "25P03": "ended a transaction that stood still for too long: try again in a moment",
    "28": "refused the user: check the name, the password and pg_hba.conf of the server",
    "3D000": "is not there: create the database, or name another one",
    "40": "met another writer at the same rows: try again in a moment",
    "42501": "may not be used by this user: give it the rights on the database and its schema",
    "53100": "has no room left: free space on the server's disk",
    "53300": "has no connection left: raise max_connections of the server, or end other programs",
    "53": "lacks memory or disk: check the server",
    "55P03": "is busy writing: try again in a moment",
    "57014": "took too long over a statement: try again in a moment",
    "57": "is shutting down or starting: try again in a moment",
    "58": "cannot be read or written: check the server's disk",
}
_BROKEN = {
    "XX": "is damaged, or the server is: look into its log, and restore it from a copy",
    "42P01": "lacks a table: another program has changed it, restore it from a copy",
    "42703": "lacks a column: another program has changed it, restore it from a copy",
}
_AT_CONNECTING = (
    ("password authentication failed", "28"),
    ("no password supplied", "28"),
    ("no pg_hba.conf entry", "28"),
    ("does not exist", "3D000"),
    ("permission denied for database", "42501"),
    ("too many clients", "53300"),
    ("remaining connection slots", "53300"),
    ("starting up", "57"),
    ("shutting down", "57"),
    ("recovery mode", "57"),
)
"""Server messages before a connection exists; these errors carry no code."""


def writer_engine(url: URL, busy: float) -> Engine:
    """Return one connection, whose transactions take the write lock when they begin."""
    engine = _engine(url, 1, busy, "writer", IsolationLevel.READ_COMMITTED)

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        # Each later statement sees what the previous writer has committed.
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITING})")

    return engine


def helper_engine(url: URL, busy: float) -> Engine:
    """Return a few connections that write in parallel: each locks the rows it changes."""
    return _engine(url, HELPERS, busy, "helper", IsolationLevel.READ_COMMITTED)


def reader_engine(url: URL, busy: float) -> Engine:
    """Return a few read-only connections that see one snapshot in each transaction."""
    return _engine(url, READERS, busy, "reader", IsolationLevel.REPEATABLE_READ, read_only=True)


def arguments(url: URL, role: str) -> dict[str, Any]:
    """Return the arguments of a connection; those in the address take precedence."""
    return {
        "connect_timeout": CONNECT_SECONDS,
        "client_encoding": "utf8",
        "application_name": f"dragoman {role} {os.getpid()}",
        **_KEPT_ALIVE,
        **url.query,
    }


def _engine(
    url: URL, size: int, busy: float, role: str, level: IsolationLevel, *, read_only: bool = False
) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=busy,
        # Replaces a connection that the server has closed before using it.
        pool_pre_ping=True,
        pool_recycle=_RECYCLED_SECONDS,
        use_native_hstore=False,
        hide_parameters=True,  # they are people's texts, and would be logged
        connect_args=arguments(url, role),
    )
    settings = {
        "timezone": "UTC",
        "statement_timeout": f"{STATEMENT_SECONDS}s",
        "lock_timeout": f"{round(busy * 1000)}ms",
        "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
    }

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        # With statements, not as options of the connection, which many poolers refuse.
        connection.autocommit = True
        asked = ", ".join("set_config(%s, %s, false)" for _ in settings)
        connection.execute(f"SELECT {asked}", [text for pair in settings.items() for text in pair])
        connection.autocommit = False
        connection.isolation_level = level
        # None leaves it to the server: a standby refuses any setting for writes.
        connection.read_only = read_only or None

    return engine


def damage(connection: Connection) -> list[str]:
    """Return the damage that the server knows of: failed checksums, unfinished indexes."""
    failed = connection.exec_driver_sql(
        "SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()"
    ).scalar()
    halves = connection.exec_driver_sql(
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " WHERE NOT i.indisvalid AND c.relnamespace = current_schema()::regnamespace LIMIT 3"
    ).scalars()
    pages = [f"{failed} pages failed their checksum"] if failed else []
    return [*pages, *(f"the index {name} is only half made" for name in halves)]


def clock(connection: Connection) -> datetime:
    """Return the server's current time."""
    found: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    return found


def explained(error: BaseException, where: str) -> StoreError:
    """Convert an error of the server or of the connection to a StoreError; it quotes no row."""
    if not isinstance(error, psycopg.Error):
        return StoreError(f"The store {where} refused a value: {error}.", about=where)
    code = error.sqlstate or _code_at_connecting(str(error))
    for start in (code, code[:2]):
        if start in _UNAVAILABLE:
            return StoreUnavailable(f"The store {where} {_UNAVAILABLE[start]}.", about=where)
        if start in _BROKEN:
            return StoreError(f"The store {where} {_BROKEN[start]}.", about=where)
    if not error.sqlstate and isinstance(error, psycopg.OperationalError):
        return StoreUnavailable(
            f"The store {where} cannot be reached ({_reason(error)}): check that the server "
            "runs, and the host and port in DATABASE_URL.",
            about=where,
        )
    message = error.diag.message_primary or _reason(error)
    return StoreError(f"The store {where} refused a statement: {message}.", about=where)


def _code_at_connecting(message: str) -> str:
    if "closed the connection" in message or "connection is lost" in message:
        return "08"
    return next((code for words, code in _AT_CONNECTING if words in message), "")


def _reason(error: psycopg.Error) -> str:
    """Return the last part of an error; before it is the address that was tried."""
    line = next(iter(str(error).strip().splitlines()), "")
    return line.rpartition(": ")[2].strip().rstrip(".") or type(error).__name__
