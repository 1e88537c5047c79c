"""The few pieces of SQL that SQLite and PostgreSQL word differently, and small helpers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from importlib import import_module
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from bot.store.tables import article, counter, metadata

CHUNK = 500
"""The most values in one IN list: its statement is compiled once, and stays short."""


T = TypeVar("T")
_K = TypeVar("_K")
_V = TypeVar("_V", str, int)

WORKSPACE: sa.BindParameter[Any] = sa.bindparam("w")
IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
"""The parameters of most statements: a workspace, and the values of one column."""

AUDIENCES: sa.BindParameter[Any] = sa.bindparam("audiences", expanding=True)
"""The parameter for the asker: the audiences whose articles they may see."""


def of_article(table: sa.Table) -> sa.ColumnElement[bool]:
    """Return the condition that joins a table's rows to their articles."""
    return sa.and_(article.c.workspace == table.c.workspace, article.c.id == table.c.article)


def among(column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    """Match rows of the workspace WORKSPACE whose column has one of the values IDS."""
    return sa.and_(column.table.c.workspace == WORKSPACE, column.in_(IDS))


def chunks(values: Collection[_V]) -> Iterator[list[_V]]:
    """Cut distinct values, sorted, into lists for IN.

    The last value is repeated until a list has one of a few lengths: the database prepares each
    statement once per length, which takes longer than most of these statements do.
    """
    ordered = sorted(set(values))
    for start in range(0, len(ordered), CHUNK):
        some = ordered[start : start + CHUNK]
        length = min(1 << (len(some) - 1).bit_length(), CHUNK)
        yield some + some[-1:] * (length - len(some))


def grouped(pairs: Iterable[tuple[_K, T]]) -> dict[_K, list[T]]:
    """Group the second values of pairs by the first, in order."""
    found: dict[_K, list[T]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def slices(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut values, in order, into portions of CHUNK."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


def rows_in(
    connection: sa.Connection, statement: Any, workspace: str, ids: Collection[_V], **more: Any
) -> Iterator[Any]:
    """Yield the rows of a statement with parameters WORKSPACE and IDS, for any number of ids."""
    for some in chunks(ids):
        yield from connection.execute(statement, {"w": workspace, "ids": some, **more})


def values_in(
    connection: sa.Connection, statement: Any, workspace: str, ids: Collection[_V], **more: Any
) -> Iterator[Any]:
    """Yield the first values of the rows of ``rows_in``."""
    return (row[0] for row in rows_in(connection, statement, workspace, ids, **more))


def execute_in(
    connection: sa.Connection, statement: Any, workspace: str, ids: Collection[_V], **more: Any
) -> None:
    """Run a statement with the parameters WORKSPACE and IDS, for any number of ids."""
    for some in chunks(ids):
        connection.execute(statement, {"w": workspace, "ids": some, **more})


def _insert(dialect: str, table: sa.Table) -> Any:
    """Return an INSERT of a dialect; importing both takes twenty milliseconds."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(table)


@cache
def upsert(
    dialect: str, table: sa.Table, update: tuple[str, ...], keep: tuple[str, ...] = ()
) -> Any:
    """Insert rows; on a conflict of the primary key update the columns ``update``.

    Columns in ``keep`` are updated only if the new value is not NULL. With neither,
    an existing row stays unchanged.
    """
    # The driver always knows the row count; SQLAlchemy keeps it only on request.
    insert = _insert(dialect, table).execution_options(preserve_rowcount=True)
    keys = [column.name for column in table.primary_key]
    if not update and not keep:
        return insert.on_conflict_do_nothing(index_elements=keys)
    changed: dict[str, sa.ColumnElement[Any]] = {name: insert.excluded[name] for name in update}
    for name in keep:
        changed[name] = sa.func.coalesce(insert.excluded[name], table.c[name])
    return insert.on_conflict_do_update(index_elements=keys, set_=changed)


class _Prepared(NamedTuple):
    sql: str
    pick: Callable[[dict[str, Any]], tuple[Any, ...]] | None
    convert: tuple[tuple[str, Callable[[Any], Any]], ...]


@cache
def _prepared(
    dialect: sa.Dialect, table: sa.Table, update: tuple[str, ...], keep: tuple[str, ...]
) -> _Prepared:
    compiled = upsert(dialect.name, table, update, keep).compile(dialect=dialect)
    converters = {
        column.name: column.type.dialect_impl(dialect).bind_processor(dialect)
        for column in table.columns
    }
    return _Prepared(
        str(compiled),
        # SQLite's driver takes values by position, PostgreSQL's by name.
        itemgetter(*compiled.positiontup) if compiled.positiontup else None,
        tuple((name, convert) for name, convert in converters.items() if convert is not None),
    )


def upsert_many(
    connection: sa.Connection,
    table: sa.Table,
    rows: list[dict[str, Any]],
    update: tuple[str, ...] = (),
    keep: tuple[str, ...] = (),
) -> None:
    """Run ``upsert`` for whole rows, whose values are converted in place.

    The driver gets the statement compiled once: preparing the parameters of every row again,
    as ``Connection.execute`` does, takes as long as inserting them.
    """
    if not rows:
        return
    sql, pick, converters = _prepared(connection.dialect, table, update, keep)
    for name, convert in converters:
        for row in rows:
            row[name] = convert(row[name])
    connection.exec_driver_sql(sql, rows if pick is None else [pick(row) for row in rows])


def insert_new(connection: sa.Connection, table: sa.Table, row: Mapping[str, Any]) -> bool:
    """Insert a row, unless its primary key exists; return whether it did."""
    return connection.execute(upsert(connection.dialect.name, table, ()), row).rowcount == 1


@cache
def _advance(dialect: str) -> Any:
    insert = _insert(dialect, counter)
    return insert.on_conflict_do_update(
        index_elements=["name"], set_={"value": counter.c.value + insert.excluded.value}
    ).returning(counter.c.value)


def advance(connection: sa.Connection, name: str, by: int) -> int:
    """Advance a counter; return its new value. Its row stays locked until the commit."""
    statement = _advance(connection.dialect.name)
    return int(connection.execute(statement, {"name": name, "value": by}).scalar_one())


_FEW = 64
"""The number of changes below which a store is too small for any plan to matter."""


def freshen(connection: sa.Connection, before: int, after: int) -> None:
    """Make PostgreSQL analyse its tables, each time the changes have doubled.

    It does so by itself, but up to a minute later; until then it plans for an empty store while
    this one fills: facts of an actor take a second instead of ten milliseconds.
    """
    if connection.dialect.name != "postgresql" or after < _FEW:
        return
    if before.bit_length() < after.bit_length():
        names = connection.dialect.identifier_preparer
        tables = ", ".join(names.format_table(table) for table in metadata.sorted_tables)
        connection.exec_driver_sql(f"ANALYZE {tables}")


class utc_day(FunctionElement[date]):  # noqa: N801 - named as SQL functions are
    """The UTC day of an instant."""

    type = sa.Date()
    inherit_cache = True


@compiles(utc_day)
def _utc_day_sqlite(element: utc_day, compiler: SQLCompiler, **options: Any) -> str:
    return f"substr({compiler.process(element.clauses, **options)}, 1, 10)"


@compiles(utc_day, "postgresql")
def _utc_day_postgresql(element: utc_day, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(({compiler.process(element.clauses, **options)}) AT TIME ZONE 'UTC' AS DATE)"
