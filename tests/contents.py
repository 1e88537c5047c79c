"""Everything that a store holds, row by row, so that two stores can be compared."""

from __future__ import annotations

from sqlalchemy import select

from bot.store.store import Store
from bot.store.tables import change, metadata

Contents = dict[str, set[tuple[object, ...]]]

_OF_THE_STORE = frozenset({"mark", "counter", "change"})
"""Tables that name the store, count in it or log what happened to it."""

_SEEN = frozenset({"first_seen", "seen_at"})
_SINCE = frozenset({"retired_at", "superseded_at", "tombstoned_at"})


def contents(store: Store) -> Contents:
    """Return every row of every table, and every article that the log of changes names.

    Of actors the log may also name some who were promoted for a moment. When something was stored is left out; of what is no longer so, it is told that it is not.
    """
    found: Contents = {}
    with store._read() as connection:
        for table in metadata.sorted_tables:
            if table.name in _OF_THE_STORE:
                continue
            columns = [column for column in table.c if column.name not in _SEEN]
            since = [n for n, column in enumerate(columns) if column.name in _SINCE]
            found[table.name] = set()
            for row in connection.execute(select(*columns)):
                values = list(row)
                for n in since:
                    values[n] = values[n] is not None
                found[table.name].add(tuple(values))
        logged = select(change.c.workspace, change.c.key, change.c.op)
        logged = logged.where(change.c.kind == "article")
        found["change"] = {tuple(row) for row in connection.execute(logged)}
    return found


def differences(one: Contents, other: Contents) -> dict[str, tuple[int, int]]:
    """Return of each table that differs how many rows only the first and only the second has."""
    return {
        name: (len(one[name] - other[name]), len(other[name] - one[name]))
        for name in one
        if one[name] != other[name]
    }


def in_order(store: Store) -> list[str]:
    """Return the ids of all articles, in the order in which they were stored."""
    stored = select(change.c.key).where(change.c.kind == "article").order_by(change.c.seq)
    with store._read() as connection:
        return list(dict.fromkeys(connection.execute(stored).scalars()))


def log(store: Store) -> list[tuple[object, ...]]:
    """Return the log of changes as indexes follow it."""
    with store._read() as connection:
        return [tuple(row) for row in connection.execute(select(change).order_by(change.c.seq))]
