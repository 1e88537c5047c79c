"""Articles that wait for the reader: for their facts, or to be read again by a newer version.

There is no queue beside the articles. Whatever live reading is not by the version in use waits,
so that a copy and a backup carry it, and a process that dies loses nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, and_, bindparam, func, select, tuple_

from bot.models import is_names_only
from bot.store.sql import chunks
from bot.store.tables import article, reading, thinned

_workspace: BindParameter[Any] = bindparam("w")
_reader: BindParameter[Any] = bindparam("r")
_gazetteer: BindParameter[Any] = bindparam("g")
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_live = reading.c.superseded_at.is_(None)
_by = (reading.c.workspace, reading.c.reader_version, reading.c.gazetteer_version)
# The next one in order, by the index: to ask for the distinct ones would look through them all.
_NEXT = (
    select(*_by)
    .where(_live, tuple_(*_by) > tuple_(_workspace, _reader, _gazetteer))
    .order_by(*_by)
    .limit(1)
)
_at = func.coalesce(article.c.published, article.c.first_seen)
_IS_THIN = (
    select(thinned.c.n)
    .where(
        thinned.c.workspace == reading.c.workspace,
        thinned.c.article == reading.c.article,
        thinned.c.n == reading.c.revision,
    )
    .exists()
)
# What is left of a thinned text says less than it did: its facts stay as they were read.
_OF_A_VERSION = (
    select(article.c.id, _at.label("at"))
    .join(
        reading, and_(reading.c.workspace == article.c.workspace, reading.c.article == article.c.id)
    )
    .where(_live, reading.c.workspace == _workspace)
    .where(reading.c.reader_version == _reader, reading.c.gazetteer_version == _gazetteer)
    .where(article.c.tombstoned_at.is_(None), ~_IS_THIN)
)
_NEWEST = _OF_A_VERSION.order_by(_at.desc(), article.c.id).limit(bindparam("most"))
_COUNTED = _OF_A_VERSION.with_only_columns(func.count(), func.min(article.c.first_seen))
_STILL = select(reading.c.article, *_by[1:]).where(
    _live, reading.c.workspace == _workspace, reading.c.article.in_(_ids)
)


class Versions(NamedTuple):
    """Those of the reader and of the gazetteer that articles are read by now."""

    reader: str
    gazetteer: str


class Waiting(NamedTuple):
    """An article that waits."""

    workspace: str
    article: str


class Counted(NamedTuple):
    """How many articles wait for their first facts, when the first of them came, and how many
    are to be read again."""

    facts: int
    oldest: datetime | None
    again: int


class Backlogs:
    """Part of the Store, at ``store.backlog``."""

    def __init__(self, read: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._read = read

    def waiting(
        self,
        current: Versions,
        most: int,
        workspace: str | None = None,
        *,
        again: bool = True,
    ) -> list[Waiting]:
        """The articles that wait, the newest first; of all workspaces unless one is named.

        Those that have no facts yet go before those that are to be read ``again``.
        """
        with self._read() as connection:
            of = [one for one in _stale(connection, current) if workspace in (None, one[0])]
            first = [one for one in of if is_names_only(one[1])]
            found = _newest(connection, first, most)
            if again and len(found) < most:
                rest = [one for one in of if one not in first]
                found += _newest(connection, rest, most - len(found))
            return found

    def still(self, workspace: str, ids: Collection[str], current: Versions) -> set[str]:
        """Those of these articles that nobody has read by the current version meanwhile."""
        found: set[str] = set()
        with self._read() as connection:
            for some in chunks(ids):
                rows = connection.execute(_STILL, {"w": workspace, "ids": some})
                found.update(key for key, *by in rows if tuple(by) != current)
        return found

    def counted(self, current: Versions, workspace: str | None = None) -> Counted:
        """Count what waits."""
        with self._read() as connection:
            stale = [one for one in _stale(connection, current) if workspace in (None, one[0])]
            facts, oldest = _count(connection, [one for one in stale if is_names_only(one[1])])
            again, _ = _count(connection, [one for one in stale if not is_names_only(one[1])])
        return Counted(facts, oldest, again)


def for_facts(connection: Connection) -> tuple[int, datetime | None]:
    """How many articles wait for their first facts, and when the first of them came."""
    return _count(connection, [one for one in _versions(connection) if is_names_only(one[1])])


def _versions(connection: Connection) -> Iterator[tuple[str, str, str]]:
    """Each workspace with the versions that its live readings are by."""
    last = ("", "", "")
    while row := connection.execute(_NEXT, dict(zip("wrg", last, strict=True))).first():
        last = (row[0], row[1], row[2])
        yield last


def _stale(connection: Connection, current: Versions) -> list[tuple[str, str, str]]:
    return [one for one in _versions(connection) if one[1:] != current]


def _newest(
    connection: Connection, versions: Collection[tuple[str, str, str]], most: int
) -> list[Waiting]:
    found = [
        (row.at, row.id, one[0])
        for one in versions
        for row in connection.execute(_NEWEST, {**dict(zip("wrg", one, strict=True)), "most": most})
    ]
    found.sort(key=lambda one: one[1:])
    found.sort(key=lambda one: one[0], reverse=True)
    return [Waiting(workspace, key) for _, key, workspace in found[:most]]


def _count(
    connection: Connection, versions: Collection[tuple[str, str, str]]
) -> tuple[int, datetime | None]:
    total, first = 0, None
    for one in versions:
        number, oldest = connection.execute(_COUNTED, dict(zip("wrg", one, strict=True))).one()
        total += number
        first = min(filter(None, (first, oldest)), default=None)
    return total, first
