"""A store of a million passages: the corpus of dated events, and eight shifted copies of it.

The copies are synthetic: the same words and actors under ids of their own, each copy as many
days earlier as ``SHIFT`` times its number, so that periods and dates stay as spread as they
are. They are made inside SQLite, as reading the same texts eight times over would only cost
time, and the index then follows the store as always.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bot.desk import DATABASE

COPIES = 8
SHIFT = 41

_COPIED = ("article", "revision", "article_source", "reading", "mention", "fact", "evidence")
_NAMES = frozenset({"article", "reading", "fact", "identity", "external_id", "happening"})
"""Columns that name something of one copy; and ``id``, of every table that is copied."""

_CHANGES = """
    INSERT INTO change (seq, workspace, kind, key, op)
    SELECT (SELECT max(seq) FROM change) + row_number() OVER (ORDER BY id),
        workspace, 'article', ? || id, 'put'
    FROM original.article
"""
_COUNTED = "UPDATE counter SET value = (SELECT max(seq) FROM change) WHERE name = 'change'"


def multiply(original: Path, folder: Path) -> None:
    """Write the store of ``original`` and its copies to an empty folder, without an index."""
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / DATABASE)) as store:
        with closing(sqlite3.connect(f"file:{original / DATABASE}?mode=ro", uri=True)) as old:
            old.backup(store)
        # What is cut off in the middle is made again: nothing need be durable.
        store.execute("PRAGMA synchronous = OFF")
        store.execute("ATTACH ? AS original", (str(original / DATABASE),))
        for number in range(1, COPIES + 1):
            for statement in _copying(store, number):
                store.execute(statement)
            store.execute(_CHANGES, (f"{number}-",))
        store.execute(_COUNTED)
        store.commit()


def _copying(store: sqlite3.Connection, number: int) -> Iterator[str]:
    for table in _COPIED:
        columns = [row[1] for row in store.execute(f"PRAGMA table_info({table})")]
        taken = ", ".join(_copied(column, number) for column in columns)
        named = ", ".join(f'"{column}"' for column in columns)
        # Names of tables and columns can be no parameters; these are all our own.
        yield f"INSERT INTO {table} ({named}) SELECT {taken} FROM original.{table}"  # noqa: S608


def _copied(column: str, number: int) -> str:
    days = f"'-{number * SHIFT} days'"
    if column == "published":
        return f"strftime('%Y-%m-%dT%H:%M:%S.000000Z', published, {days})"
    if column in ("event_date", "day"):
        return f"date({column}, {days})"
    if column in _NAMES or column == "id":
        return f"'{number}-' || \"{column}\""
    return f'"{column}"'
