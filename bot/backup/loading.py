"""Loads whole tables, with the steps that SQLite and PostgreSQL need before and after."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL

from bot.errors import StoreError, StoreUnavailable
from bot.store import engine, sqlite

_OTHERS = sa.text("""
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'dragoman %'
      AND pid <> pg_backend_pid()
""")


def load(connection: sa.Connection, table: sa.Table, rows: Sequence[Sequence[Any]]) -> None:
    """Insert whole rows, with values in the order of the table's columns.

    PostgreSQL uses COPY, SQLite one statement for all rows.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy_in(connection, table, rows)
        return
    statement: sa.Insert = sa.insert(table)
    sql = str(statement.compile(dialect=connection.dialect))
    dialect = connection.dialect
    converters = [
        (n, convert)
        for n, column in enumerate(table.columns)
        if (convert := column.type.dialect_impl(dialect).bind_processor(dialect)) is not None
    ]
    connection.exec_driver_sql(sql, [_converted(row, converters) for row in rows])


def _converted(row: Sequence[Any], converters: Sequence[tuple[int, Any]]) -> tuple[Any, ...]:
    values = list(row)
    for n, convert in converters:
        values[n] = convert(values[n])
    return tuple(values)


def _copy_in(connection: sa.Connection, table: sa.Table, rows: Iterable[Sequence[Any]]) -> None:
    import psycopg
    from psycopg.sql import SQL, Identifier

    from bot.store import postgres

    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(f"{driver!r} is no connection of psycopg")
    columns = SQL(", ").join(Identifier(column.name) for column in table.columns)
    statement = SQL("COPY {} ({}) FROM STDIN").format(Identifier(table.name), columns)
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        raise postgres.explained(error, engine.place_of(connection.engine.url)) from error


def be_patient(connection: sa.Connection) -> None:
    """Turn off the timeouts of statements, and of idle time, in this transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        connection.execute(sa.text("SET LOCAL idle_in_transaction_session_timeout = 0"))


def settle(connection: sa.Connection, tables: Iterable[sa.Table]) -> None:
    """Make PostgreSQL continue after the loaded ids, and analyse its tables."""
    if connection.dialect.name != "postgresql":
        return
    names = connection.dialect.identifier_preparer
    for table in tables:
        for column in table.primary_key.columns:
            if column is table.autoincrement_column:
                sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
                last = sa.select(sa.func.max(column)).scalar_subquery()
                # For an empty table this sets NULL, which leaves the sequence alone.
                connection.execute(sa.select(sa.func.setval(sequence, last)))
        connection.exec_driver_sql(f"ANALYZE {names.format_table(table)}")


def drop(connection: sa.Connection, tables: Iterable[str]) -> None:
    """Drop the tables that exist; each precedes those that it refers to.

    In PostgreSQL this covers the schema that new tables go to, and no other one on the
    search path.
    """
    names = connection.dialect.identifier_preparer
    if connection.dialect.name != "postgresql":
        for table in tables:
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {names.quote(table)}")
        return
    schema = names.quote(connection.execute(sa.select(sa.func.current_schema())).scalar_one())
    listed = ", ".join(f"{schema}.{names.quote(table)}" for table in tables)
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {listed}")


def check_sound(connection: sa.Connection, where: str) -> None:
    """Raise StoreError if SQLite finds its file damaged; PostgreSQL checks what it reads."""
    if connection.dialect.name != "sqlite":
        return
    found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
    if found != "ok":
        raise StoreError(
            f"The store {where} is damaged ({found}): restore it from a backup.", about=where
        )


def check_alone(connection: sa.Connection, where: str) -> None:
    """Raise StoreUnavailable if another Dragoman is connected to the store in PostgreSQL."""
    if connection.dialect.name != "postgresql":
        return
    if others := connection.execute(_OTHERS).scalar_one():
        raise _in_use(where, f"{others} connections of Dragoman are open")


def check_file_alone(file: Path) -> None:
    """Raise StoreUnavailable if another process has a store's file open, or it cannot be opened.

    Folds the file's log into it, so that no log file is left. Raises StoreError if the file is
    damaged.
    """
    if not file.exists():
        return
    try:
        # Only a sole user may end the write-ahead log.
        with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as connection:
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise _in_use(str(file), "another process has it open") from error
        raise sqlite.explained(error, str(file)) from error
    if mode != "delete":
        raise _in_use(str(file), "another process has it open")


def _in_use(where: str, why: str) -> StoreUnavailable:
    return StoreUnavailable(
        f"The store {where} is in use ({why}): stop every Dragoman on it first.", about=where
    )


def unwatched_engine(url: URL) -> sa.Engine:
    """Return one connection to a new SQLite file that no other process uses yet.

    Its one transaction needs no log file, and is lost if the machine stops before it is
    synced.
    """
    made = sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True)

    @sa.event.listens_for(made, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "synchronous = OFF",
            "foreign_keys = ON",
            "cache_size = -65536",
            "secure_delete = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(made, "begin")
    def _begun(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return made
