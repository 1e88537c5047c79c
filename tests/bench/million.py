"""A store of many passages: the corpus of dated events, and shifted copies of it.

The copies are synthetic: the same words and actors under their own ids, each copy shifted back by
``SHIFT`` days times its number, so that periods and dates stay as spread out. They are made inside
the database, since reading the same texts many times would only cost time; the index then follows
the store as always.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import Date, Index, Table, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateIndex, DropIndex

from bot.backup import loading
from bot.desk import DATABASE
from bot.store import engine
from bot.store.articles import article_name
from bot.store.introductions import introduction
from bot.store.tables import (
    Utc,
    article,
    article_source,
    change,
    evidence,
    fact,
    folded,
    mention,
    metadata,
    near_copy,
    reading,
    revision,
    shingle,
    story_article,
)

COPIES = 8
SHIFT = 41

_OWN: dict[Table, tuple[str, ...]] = {
    article: ("id", "identity", "external_id"),
    revision: ("article",),
    article_source: ("article",),
    reading: ("article", "id"),
    mention: ("article",),
    fact: ("article", "id", "reading", "happening"),
    evidence: ("article", "fact"),
    article_name: ("name", "article"),
    introduction: ("article",),
    shingle: ("article",),
    near_copy: ("article", "other"),
    folded: ("article", "original"),
    story_article: ("article", "story"),
}
"""The tables about articles, each after those it refers to, with the columns that identify rows
of one copy."""

_SHIFTED = {"published", "event_date", "day"}

_CHANGES = """
    INSERT INTO change (seq, workspace, kind, key, op)
    SELECT (SELECT max(seq) FROM change) + row_number() OVER (ORDER BY id),
        workspace, 'article', '{number}-' || id, 'put'
    FROM article WHERE substr(id, 2, 1) <> '-'
"""
_COUNTED = "UPDATE counter SET value = (SELECT max(seq) FROM change) WHERE name = 'change'"


def multiply(original: Path, folder: Path, copies: int = COPIES) -> None:
    """Write the store of ``original`` and its copies to an empty folder, without an index."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        closing(sqlite3.connect(folder / DATABASE)) as store,
        closing(sqlite3.connect(f"file:{original / DATABASE}?mode=ro", uri=True)) as old,
    ):
        old.backup(store)
    multiply_here(engine.parse(engine.url_in(folder)), copies)


def multiply_here(url: URL, copies: int = COPIES) -> None:
    """Add the copies to a store that has none yet, and that nobody else has open.

    An interrupted run must be repeated from the start: nothing is durable meanwhile.
    """
    made = create_engine(url, poolclass=NullPool)
    try:
        with made.connect() as connection:
            lite = connection.dialect.name == "sqlite"
            for setting in _FOR_SQLITE if lite else _FOR_POSTGRESQL:
                connection.exec_driver_sql(setting)
            connection.commit()
            indexes = [index for table in (*_OWN, change) for index in _indexes(table)]
            for index in indexes:
                connection.execute(DropIndex(index))
            for number in range(1, copies + 1):
                for statement in _copying(lite, number):
                    connection.exec_driver_sql(statement)
            connection.exec_driver_sql(_COUNTED)
            for index in indexes:
                connection.execute(CreateIndex(index))
            connection.commit()
        with made.begin() as connection:
            loading.settle(connection, metadata.sorted_tables)
    finally:
        made.dispose()


_FOR_SQLITE = ("PRAGMA synchronous = OFF", "PRAGMA cache_size = -600000")
_FOR_POSTGRESQL = (
    "SET session_replication_role = replica",  # referenced rows are copied, too
    "SET synchronous_commit = off",
    "SET maintenance_work_mem = '512MB'",
)


def _indexes(table: Table) -> list[Index]:
    return sorted(table.indexes, key=lambda one: str(one.name))


def _copying(lite: bool, number: int) -> Iterator[str]:
    for table, own in _OWN.items():
        names = [column.name for column in table.columns]
        taken = ", ".join(_copied(table, name, own, lite, number) for name in names)
        named = ", ".join(f'"{name}"' for name in names)
        key = "id" if table is article else "article"
        # Names of tables and columns cannot be parameters; these are all our own.
        yield (
            f"INSERT INTO {table.name} ({named}) SELECT {taken} FROM {table.name}"  # noqa: S608
            f" WHERE substr({key}, 2, 1) <> '-'"
        )
    yield _CHANGES.format(number=number)


def _copied(table: Table, name: str, own: tuple[str, ...], lite: bool, number: int) -> str:
    if name in own:
        return f"'{number}-' || \"{name}\""
    if name not in _SHIFTED:
        return f'"{name}"'
    days = number * SHIFT
    if not lite:
        return (
            f'"{name}" - {days}' if _is_day(table, name) else f"\"{name}\" - interval '{days} days'"
        )
    if _is_day(table, name):
        return f"date(\"{name}\", '-{days} days')"
    return f"strftime('%Y-%m-%dT%H:%M:%S.000000Z', \"{name}\", '-{days} days')"


def _is_day(table: Table, name: str) -> bool:
    kind = table.c[name].type
    return isinstance(kind, Date) and not isinstance(kind, Utc)
