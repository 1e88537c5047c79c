"""Stores in trouble: no room, no writing, nobody there; and out of it again."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from psycopg.sql import SQL, Identifier, Literal

from bot.store.store import Store
from tests import databases


class Trouble(NamedTuple):
    """What a store suffers from; ``said`` are words of what it says then."""

    store: databases.Kind
    begin: Callable[[Store], None]
    end: Callable[[Store], None]
    said: str


def _pragma(text: str) -> Callable[[Store], None]:
    def run(store: Store) -> None:
        connection = store._engines.writer.raw_connection()  # outside of any transaction
        connection.cursor().execute(f"PRAGMA {text}")
        connection.close()

    return run


def _no_disk(store: Store) -> None:
    _pragma("wal_checkpoint(TRUNCATE)")(store)  # else there may be room in the log
    _limit(0)


def _disk(_: Store) -> None:
    _limit(resource.getrlimit(resource.RLIMIT_FSIZE)[1])


def _limit(size: int) -> None:
    most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))


@contextmanager
def full_disk() -> Iterator[None]:
    """Refuse what would make any file of this process longer, as a full disk does.

    A store in PostgreSQL goes on, which another process writes.
    """
    _limit(0)
    try:
        yield
    finally:
        _limit(resource.getrlimit(resource.RLIMIT_FSIZE)[1])


def _name(store: Store) -> str:
    return str(store._engines.writer.url.database)


def _end_connections(store: Store) -> None:
    asked = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}"
    databases.server().run(SQL(asked).format(Literal(_name(store))))


def _altered(text: Any) -> Callable[[Store], None]:
    """Change the database for those who connect from now on; those who are there go."""

    def run(store: Store) -> None:
        databases.server().run(SQL(text).format(Identifier(_name(store))))
        _end_connections(store)

    return run


TROUBLES = {
    "no room": Trouble("sqlite", _no_disk, _disk, "cannot be read or written: check its disk"),
    "read-only file": Trouble(
        "sqlite", _pragma("query_only = ON"), _pragma("query_only = OFF"), "cannot be written"
    ),
    "read-only server": Trouble(
        "postgresql",
        _altered("ALTER DATABASE {} SET default_transaction_read_only = on"),
        _altered("ALTER DATABASE {} RESET default_transaction_read_only"),
        "cannot be written",
    ),
    "away": Trouble(
        "postgresql",
        _altered("ALTER DATABASE {} ALLOW_CONNECTIONS false"),
        _altered("ALTER DATABASE {} ALLOW_CONNECTIONS true"),
        "cannot be reached",
    ),
}


@contextmanager
def in_trouble(trouble: Trouble, store: Store) -> Iterator[None]:
    """A store in trouble while the context is open."""
    trouble.begin(store)
    try:
        yield
    finally:
        trouble.end(store)
