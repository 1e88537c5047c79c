"""Brings a store to the newest schema, quickly when it is there already.

In PostgreSQL all of its text is put in order by its bytes, as SQLite does it: what is put in
order by an id is then the same in both, whatever language a server was set up for.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, text
from sqlalchemy import table as named

from bot.errors import StoreError
from bot.store import queue
from bot.store.tables import metadata

HEAD = "0027"
"""The newest migration in ``migrations/versions``."""

_FOLDER = Path(__file__).parent / "migrations"
VERSION = named("alembic_version", column("version_num"))
"""The table in which Alembic keeps the schema that a store has."""

_IN_ANOTHER_ORDER = text("""
    SELECT c.relname AS name, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_collation o ON o.oid = a.attcollation
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
      AND a.attnum > 0 AND NOT a.attisdropped AND o.collname <> 'C'
    ORDER BY c.relname, a.attnum
""")


def version_of(connection: Connection) -> str | None:
    """The schema that a store has; None of an empty database, "" of another program's."""
    tables = set(inspect(connection).get_table_names())
    if VERSION.name in tables:
        found: str | None = connection.execute(select(VERSION.c.version_num)).scalar()
        return found
    return "" if tables else None


def check(version: str | None, where: str) -> None:
    """Raise StoreError where a schema is another program's, or one that is not known yet."""
    if version == "":
        raise StoreError(
            f"{where} is a database of another program: name another one.", about=where
        )
    if version is not None and not is_known(version):
        raise StoreError(
            f"The store {where} has schema {version}, which is newer than this version of "
            f"Dragoman knows ({HEAD}): upgrade Dragoman.",
            about=where,
        )


def is_known(version: str) -> bool:
    """Whether a schema is one of ours that this version of the program knows."""
    # A migration's number begins its file's name.
    return any(_FOLDER.glob(f"versions/{version}_*.py"))


def is_at_head(connection: Connection) -> bool:
    """Whether nothing is to be done: a few small queries."""
    return version_of(connection) == HEAD and queue.is_current(connection)


def migrate(connection: Connection, where: str, to: str = HEAD) -> bool:
    """Bring the schema to HEAD, and the tables of jobs, inside the caller's transaction.

    True where those were to be made or changed. An empty database may be brought to an older
    schema first, for what a backup of that holds. Raises StoreError where the database is not
    ours, or is newer than this program.
    """
    version = version_of(connection)
    if version != to:
        check(version, where)
        _upgrade(connection, where, to)
    return connection.dialect.name == "postgresql" and queue.bring_up(connection)


def _upgrade(connection: Connection, where: str, to: str) -> None:
    # Alembic takes a tenth of a second to import, which a store at head need not wait for.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    if connection.dialect.name == "postgresql":
        _check_encoding(connection, where)
        connection.execute(text("SET LOCAL statement_timeout = 0"))  # tables may be large
    command.upgrade(config, to)
    if connection.dialect.name == "postgresql":
        _order_by_bytes(connection)


def _check_encoding(connection: Connection, where: str) -> None:
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise StoreError(
            f"The store {where} has the encoding {encoding}, which not every text fits: make "
            "a database with ENCODING 'UTF8' TEMPLATE template0.",
            about=where,
        )


def _order_by_bytes(connection: Connection) -> None:
    names = connection.dialect.identifier_preparer
    changes: dict[str, list[str]] = {}
    for table, name, kind in connection.execute(_IN_ANOTHER_ORDER):
        if table in metadata.tables:
            change = f'ALTER COLUMN {names.quote(name)} TYPE {kind} COLLATE "C"'
            changes.setdefault(table, []).append(change)
    for table, wanted in changes.items():
        connection.execute(text(f"ALTER TABLE {names.quote(table)} {', '.join(wanted)}"))
