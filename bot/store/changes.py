"""The log of changes that every index follows, and the marks of the whole store.

A change gets its number in the transaction that makes it. A mark is a small named value, such as
the id of the store or the version of its seed actors.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import uuid4

from sqlalchemy import Connection, bindparam, func, insert, select

from bot.errors import StoreError
from bot.models import Change
from bot.store.engine import place_of
from bot.store.sql import advance, freshen, upsert
from bot.store.tables import change, mark

_STORE = "store"
UNFINISHED = "unfinished"
"""The mark of a store that is being copied from another; its value is the id of that store."""


_MARK = select(mark.c.value).where(mark.c.name == bindparam("mark"))
_NAMES = select(mark.c.name, mark.c.value).where(mark.c.name.in_([_STORE, UNFINISHED]))


def mark_of(connection: Connection, name: str) -> str | None:
    """Read a mark of the whole store."""
    return connection.execute(_MARK, {"mark": name}).scalar()


def set_mark(connection: Connection, name: str, value: str) -> None:
    """Write a mark of the whole store."""
    statement = upsert(connection.dialect.name, mark, ("value",))
    connection.execute(statement, {"name": name, "value": value})


def name_of(connection: Connection) -> str:
    """Read the id of this store; empty if it has none yet.

    Raises StoreError if the store is an unfinished copy.
    """
    marks: dict[str, str] = {one.name: one.value for one in connection.execute(_NAMES)}
    if UNFINISHED in marks:
        where = place_of(connection.engine.url)
        raise StoreError(
            f"The store {where} is a copy that is not finished.",
            about=where,
            hint="Run the same `dragoman copy` again, which goes on with it.",
        )
    return marks.get(_STORE, "")


def name_store(connection: Connection) -> str:
    """Read the id of this store; give it one if it has none."""
    return name_of(connection) or renew_id(connection)


def renew_id(connection: Connection) -> str:
    """Give this store a new id, so that no index mistakes it for its previous store."""
    name = uuid4().hex
    set_mark(connection, _STORE, name)
    return name


_CHANGE = insert(change)


def record_changes(
    connection: Connection, workspace: str, kind: str, keys: Collection[str], op: str
) -> None:
    """Append changes of one kind to the log that indexes follow."""
    log_changes(connection, workspace, [(kind, key, op) for key in keys])


def log_changes(
    connection: Connection, workspace: str, changes: Sequence[tuple[str, str, str]]
) -> None:
    """Append changes, each a kind, key and operation, to the log that indexes follow.

    This transaction numbers them.
    """
    if not changes:
        return
    first = advance(connection, "change", len(changes)) - len(changes) + 1
    connection.execute(
        _CHANGE,
        [
            {"seq": seq, "workspace": workspace, "kind": kind, "key": key, "op": op}
            for seq, (kind, key, op) in enumerate(changes, first)
        ],
    )
    freshen(connection, first - 1, first - 1 + len(changes))


_LAST_SEQ = select(func.max(change.c.seq))
_CHANGES = (
    select(change)
    .where(change.c.seq > bindparam("after"))
    .order_by(change.c.seq)
    .limit(bindparam("limit"))
)


def last_seq(connection: Connection) -> int:
    """Return the number of the newest change; 0 in an empty store."""
    return int(connection.execute(_LAST_SEQ).scalar() or 0)


def changes_after(connection: Connection, after: int, limit: int) -> list[Change]:
    """Return changes numbered above ``after``, in order."""
    return [
        Change.model_construct(seq=seq, workspace=workspace, kind=kind, key=key, op=op)
        for seq, workspace, kind, key, op in connection.execute(
            _CHANGES, {"after": after, "limit": limit}
        )
    ]
