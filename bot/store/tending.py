"""Whether the store itself is sound: that it can be written, what is damaged, its clock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, select

from bot.models import Feed
from bot.store import engine
from bot.store.feed_tables import feed
from bot.store.installed_tables import installed
from bot.store.seeding import set_mark
from bot.store.tables import mark

_Connect = Callable[[], AbstractContextManager[Connection]]
_MARK = "doctor"
_LEFT = select(installed.c.workspace).where(installed.c.left_at.is_not(None))
_FEEDS = select(feed.c.fares, feed.c.state).where(feed.c.workspace.not_in(_LEFT))


class Tending:
    """Part of the Store, at ``store.tending``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def write(self) -> None:
        """Write something and take it back; raises StoreUnavailable where that is refused."""
        with suppress(_TakenBackError), self._write() as connection:
            set_mark(connection, _MARK, datetime.now(UTC).isoformat())
            connection.execute(delete(mark).where(mark.c.name == _MARK))
            raise _TakenBackError

    def damage(self) -> list[str]:
        """What the database finds damaged in itself, a few things at most; it reads all."""
        with self._read() as connection:
            return engine.damage(connection)

    def clock(self) -> datetime | None:
        """What time it is for a database that has a clock of its own."""
        with self._read() as connection:
            return engine.clock(connection)

    def feeds(self) -> list[Feed]:
        """The feeds of every workspace that is here, by workspace and address."""
        with self._read() as connection:
            rows = connection.execute(_FEEDS).all()
        found = [
            Feed.model_validate_json(row.fares).model_copy(update={"state": row.state})
            for row in rows
        ]
        return sorted(found, key=lambda one: (one.workspace, one.url))


class _TakenBackError(Exception):
    """Ends a transaction that is to leave nothing."""
