"""Locks that let one of several processes run a background task at a time.

Under PostgreSQL these are advisory locks of a session: the server releases them when their process
ends, however it ends. Whoever holds the lock of a task keeps it. ``bot/README.md`` compares this
with a queue of jobs.
"""

from __future__ import annotations

import threading
import zlib
from contextlib import suppress

import psycopg

from bot.store import engine, postgres

SPACE = 1_148_346_728
"""The first half of the locks' keys, which no other advisory lock of the store has."""

_SESSION = (
    # Without a sign of life for about a minute, the server gives a connection up.
    "SET tcp_keepalives_idle = 20",
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 3",
)


class TaskLocks:
    """The locks of one process, on a connection of their own; thread-safe."""

    def __init__(self, url: str) -> None:
        """Take the address of a store in PostgreSQL; connects with the first lock."""
        self._url = engine.parse(url)
        self._using = threading.Lock()
        self._connection: psycopg.Connection | None = None
        self._held: set[str] = set()

    def hold(self, name: str) -> bool:
        """Return whether this process holds the lock of a task; takes it if it is free.

        Raises StoreError if the server cannot be reached; all locks are lost then.
        """
        with self._using:
            try:
                return self._hold(name)
            except psycopg.Error as error:
                self._drop()
                raise postgres.explained(error, engine.place_of(self._url)) from error

    def _hold(self, name: str) -> bool:
        connection = self._connection = self._connection or self._connect()
        if name in self._held:
            connection.execute("SELECT 1")  # the lock is lost if its connection is
            return True
        key = zlib.crc32(name.encode()) - 2**31
        asked = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (SPACE, key))
        (held,) = asked.fetchone() or (False,)
        if held:
            self._held.add(name)
        return bool(held)

    def _connect(self) -> psycopg.Connection:
        bare = self._url.set(drivername="postgresql", query={})
        connection = psycopg.connect(
            bare.render_as_string(hide_password=False),
            autocommit=True,
            **postgres.arguments(self._url, "locks"),
        )
        for statement in _SESSION:
            connection.execute(statement)
        return connection

    def _drop(self) -> None:
        self._held.clear()
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
        self._connection = None

    def close(self) -> None:
        """Release all locks."""
        with self._using:
            self._drop()
