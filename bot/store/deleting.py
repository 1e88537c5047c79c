"""Deleting all that is stored of a workspace, some of it at a time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

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
from bot.models import SEED
from bot.store.alike import story_article
from bot.store.digest_tables import digest, digested
from bot.store.installed_tables import TOKENS, installed
from bot.store.sql import advance
from bot.store.tables import article, change, counter, mark, metadata
from bot.store.writing import record_changes

SHARED = (counter, mark, *TOKENS)
"""Tables of no workspace, or of its tokens alone, which go when it leaves."""

AT_ONCE = 2000
"""Rows deleted in one transaction: nobody waits long for a turn to write."""

_CHUNK = 500

_Connect = Callable[[], AbstractContextManager[Connection]]

_IS = installed.c.workspace == bindparam("w")
_BEGIN = update(installed).where(_IS).values(deleting=True)
_END = delete(installed).where(_IS, installed.c.left_at.is_not(None))
_ANEW = update(installed).where(_IS).values(deleting=False, begun_at=None)


class Deleting:
    """Part of the Store, at ``store.deleting``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def holds(self, workspace: str) -> bool:
        """Whether anything at all is stored of a workspace."""
        with self._read() as connection:
            return any(
                connection.execute(select(exists().where(whose(table, workspace)))).scalar()
                for table in (*owned(), installed)
                if table is not change
            )

    def some(self, workspace: str, most: int = AT_ONCE) -> int:
        """Delete at most so many rows of a workspace for good; 0 where none is left.

        Who began has to go on until then: whoever installs it meanwhile begins with nothing,
        and not with half of what there was. The log of changes tells indexes to drop its
        articles. Raises BadWorkspace for that of the actors which all workspaces share.
        """
        if workspace == SEED:
            raise BadWorkspace("The actors that all workspaces share stay.", about=workspace)
        for table in owned():
            with self._write() as connection:
                connection.execute(_BEGIN, {"w": workspace})
                if table is article:
                    done = _articles(connection, workspace, most)
                else:
                    done = _rows(connection, table, whose(table, workspace), most)
                if done and table is story_article:
                    # An intake that has stories at hand reads them anew: see ``storied.Kept``.
                    advance(connection, "change", 1)
            if done:
                return done
        with self._write() as connection:
            record_changes(connection, workspace, "actor", ["*"], "put")
            connection.execute(_END, {"w": workspace})
            connection.execute(_ANEW, {"w": workspace})
        return 0


def owned() -> list[Table]:
    """The tables that hold what is a workspace's, in the order in which they are emptied.

    What refers to others goes before those, and articles last: whoever follows the log of
    changes finds nothing any more that was told of them. Of the log it stays that they went,
    by their ids, because indexes follow it.
    """
    late = (digest, change, article)
    tables = [one for one in reversed(metadata.sorted_tables) if one not in (*SHARED, installed)]
    return [*(one for one in tables if one not in late), *late]


def whose(table: Table, workspace: str) -> ColumnElement[bool]:
    """What of a table is a workspace's: what is over its articles, or is told to its people."""
    ours = table.c.workspace == workspace
    if table is change:
        return and_(ours, or_(change.c.kind != "article", change.c.op != "delete"))
    if "team" in table.c:
        return or_(ours, table.c.team == workspace)
    if table is digested:
        told = and_(digest.c.workspace == table.c.workspace, digest.c.id == table.c.digest)
        return or_(ours, exists().where(told, digest.c.team == workspace))
    for key in table.foreign_key_constraints:
        if "team" in (whole := key.referred_table).c:
            part_of = and_(*(one.column == one.parent for one in key.elements))
            ours = or_(ours, exists().where(part_of, whole.c.team == workspace))
    return ours


def _rows(connection: Connection, table: Table, which: ColumnElement[bool], most: int) -> int:
    keys = list(table.primary_key.columns)
    some = select(*keys).where(which).limit(most)
    return connection.execute(delete(table).where(tuple_(*keys).in_(some))).rowcount


def _articles(connection: Connection, workspace: str, most: int) -> int:
    some = select(article.c.id).where(article.c.workspace == workspace).limit(most)
    ids = sorted(connection.execute(some).scalars())
    record_changes(connection, workspace, "article", ids, "delete")
    for start in range(0, len(ids), _CHUNK):
        these = article.c.id.in_(ids[start : start + _CHUNK])
        connection.execute(delete(article).where(article.c.workspace == workspace, these))
    return len(ids)
