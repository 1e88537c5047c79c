"""Which workspaces installed Dragoman, which left, and all that is deleted of those."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    or_,
    select,
    tuple_,
    update,
)

from bot.errors import BadWorkspace
from bot.models import SEED, Installed
from bot.store.digest_tables import digest, digested
from bot.store.installed_tables import TOKENS, installed
from bot.store.sql import upsert
from bot.store.tables import article, change, counter, mark, metadata
from bot.store.writing import record_changes

SHARED = {table.name for table in (change, counter, mark, *TOKENS)}
"""Tables that no workspace's deletion touches: what is in them of one is ids, or goes before."""

AT_ONCE = 2000
"""Rows deleted in one transaction: nobody waits long for a turn to write."""

_Connect = Callable[[], AbstractContextManager[Connection]]

_ONE = select(installed).where(installed.c.workspace == bindparam("w"))
_ALL = select(installed).order_by(installed.c.since, installed.c.workspace)
_LEAVE = (
    update(installed)
    .where(installed.c.workspace == bindparam("w"), installed.c.left_at.is_(None))
    .values(left_at=bindparam("now"))
)
_OF = select(installed.c.workspace).where(
    installed.c.organisation == bindparam("o"), installed.c.org_wide, installed.c.left_at.is_(None)
)
_BEGIN = (
    update(installed)
    .where(installed.c.workspace == bindparam("w"))
    .values(begun_at=bindparam("now"))
)
_TAKEN_OVER = ("organisation", "org_wide", "name", "person", "since", "left_at")


class Installs:
    """Part of the Store, at ``store.installed``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def put(self, one: Installed) -> None:
        """Note that a workspace installed it; one that had left is back, with all it had."""
        with self._write() as connection:
            statement = upsert(connection.dialect.name, installed, _TAKEN_OVER)
            connection.execute(statement, one.model_dump())

    def of(self, workspace: str) -> Installed | None:
        """What is known of a workspace; None of one that never installed it, or is deleted."""
        with self._read() as connection:
            row = connection.execute(_ONE, {"w": workspace}).mappings().one_or_none()
        return Installed.model_validate(dict(row)) if row else None

    def all(self) -> list[Installed]:
        """Every workspace that is known, by when it was installed there."""
        with self._read() as connection:
            rows = connection.execute(_ALL).mappings().all()
        return [Installed.model_validate(dict(row)) for row in rows]

    def leave(self, workspace: str, now: datetime) -> bool:
        """Note that a workspace left; False where it had, or is not known."""
        with self._write() as connection:
            return connection.execute(_LEAVE, {"w": workspace, "now": now}).rowcount == 1

    def leave_all(self, organisation: str, now: datetime) -> list[str]:
        """Note that an organisation left with all workspaces it had brought; returns those."""
        with self._write() as connection:
            left = list(connection.execute(_OF, {"o": organisation}).scalars())
            for workspace in left:
                connection.execute(_LEAVE, {"w": workspace, "now": now})
        return left

    def begun(self, workspace: str, now: datetime) -> None:
        """Note that a workspace has the notes that Dragoman comes with."""
        with self._write() as connection:
            connection.execute(_BEGIN, {"w": workspace, "now": now})

    # --- deleting ---------------------------------------------------------------------

    def holds(self, workspace: str) -> bool:
        """Whether anything at all is stored of a workspace."""
        with self._read() as connection:
            return any(
                connection.execute(select(exists().where(_whose(table, workspace)))).scalar()
                for table in owned()
            )

    def delete_some(self, workspace: str, most: int = AT_ONCE) -> int:
        """Delete at most so many rows of a workspace for good; 0 where none is left.

        The log of changes tells indexes to drop its articles. What installed it is the last
        to go, so that who dies in between goes on. Raises BadWorkspace for that of the actors
        which all workspaces share.
        """
        if workspace == SEED:
            raise BadWorkspace("The actors that all workspaces share stay.", about=workspace)
        for table in owned():
            with self._write() as connection:
                if table is article:
                    done = _articles(connection, workspace, most)
                else:
                    done = _rows(connection, table, _whose(table, workspace), most)
            if done:
                return done
        return 0


def owned() -> list[Table]:
    """The tables that hold what is a workspace's: those that refer to others first, and of
    what is told of articles the articles last."""
    tables = [table for table in reversed(metadata.sorted_tables) if table.name not in SHARED]
    first = [table for table in tables if table not in (article, digest, installed)]
    return [digested, *(one for one in first if one is not digested), digest, article, installed]


def _whose(table: Table, workspace: str) -> ColumnElement[bool]:
    """What of a table is a workspace's: what is over its articles, or is told to its people."""
    ours = table.c.workspace == workspace
    if table is digested:
        told = and_(digest.c.workspace == table.c.workspace, digest.c.id == table.c.digest)
        return or_(ours, exists().where(told, digest.c.team == workspace))
    return or_(ours, table.c.team == workspace) if "team" in table.c else ours


def _rows(connection: Connection, table: Table, which: ColumnElement[bool], most: int) -> int:
    keys = list(table.primary_key.columns)
    some = select(*keys).where(which).limit(most)
    return connection.execute(delete(table).where(tuple_(*keys).in_(some))).rowcount


def _articles(connection: Connection, workspace: str, most: int) -> int:
    some = select(article.c.id).where(article.c.workspace == workspace).limit(most)
    ids = sorted(connection.execute(some).scalars())
    if not ids:
        return 0
    record_changes(connection, workspace, "article", ids, "delete")
    record_changes(connection, workspace, "actor", ["*"], "put")
    for start in range(0, len(ids), 500):
        these = article.c.id.in_(ids[start : start + 500])
        connection.execute(delete(article).where(article.c.workspace == workspace, these))
    return len(ids)
