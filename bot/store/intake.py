"""Where links and files are read as people post them, and what was read from an article."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    String,
    Table,
    bindparam,
    insert,
    select,
)

from bot.store.instants import Utc
from bot.store.tables import fact, metadata

# The newest line of a place says whether its links are read; the others are who changed that.
listening = Table(
    "listening",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("place", String, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("reads", Boolean, nullable=False),
    Column("person", String, nullable=False),
    Column("at", Utc, nullable=False),
    sqlite_with_rowid=False,
)

_NEWEST = (
    select(listening.c.n, listening.c.reads)
    .where(listening.c.workspace == bindparam("w"), listening.c.place == bindparam("place"))
    .order_by(listening.c.n.desc())
    .limit(1)
)
_LINE = insert(listening)
_WHO = (
    select(fact.c.article, fact.c.source_actor, fact.c.target_actor)
    .where(fact.c.workspace == bindparam("w"), fact.c.retired_at.is_(None))
    .where(fact.c.article.in_(bindparam("ids", expanding=True)))
    .order_by(fact.c.article, fact.c.id)
)

_Connect = Callable[[], AbstractContextManager[Connection]]


class Intakes:
    """Part of the Store, at ``store.intakes``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def reads(self, workspace: str, place: str) -> bool:
        """Whether a place asked for its links to be read."""
        with self._read() as connection:
            newest = connection.execute(_NEWEST, {"w": workspace, "place": place}).first()
        return newest is not None and bool(newest.reads)

    def turn(self, workspace: str, place: str, person: str, *, on: bool, now: datetime) -> bool:
        """Have the links of a place read, or no longer; False if that is so already."""
        with self._write() as connection:
            newest = connection.execute(_NEWEST, {"w": workspace, "place": place}).first()
            if (newest is not None and bool(newest.reads)) == on:
                return False
            line = {
                "workspace": workspace,
                "place": place,
                "n": newest.n + 1 if newest is not None else 1,
                "reads": on,
                "person": person,
                "at": now,
            }
            connection.execute(_LINE, line)
        return True

    def actors(self, workspace: str, articles: Collection[str]) -> dict[str, list[tuple[str, ...]]]:
        """Who acts in each fact that was read from each of a few articles."""
        found: dict[str, list[tuple[str, ...]]] = {key: [] for key in articles}
        with self._read() as connection:
            for key, *sides in connection.execute(_WHO, {"w": workspace, "ids": list(articles)}):
                found[key].append(tuple(side for side in sides if side is not None))
        return found
