"""Upgrades a store to the newest schema, or checks whether it needs that.

In PostgreSQL all text sorts by bytes, as in SQLite. So the order of ids is the same in both,
whatever the server's locale.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, column, inspect, select, text
from sqlalchemy import table as named
from sqlalchemy.engine import URL

from bot.errors import StoreError
from bot.store import engine
from bot.store.changes import name_store
from bot.store.tables import metadata

BASE = "0027"
"""The schema of the first migration, the oldest one that can be upgraded."""

HEAD = "0027"
"""The newest migration in ``migrations/versions``."""

_FOLDER = Path(__file__).parent / "migrations"
VERSION = named("alembic_version", column("version_num"))
"""The table in which Alembic keeps a store's schema version."""

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
    """Return a store's schema; None for an empty database, "" for another program's."""
    tables = set(inspect(connection).get_table_names())
    if VERSION.name in tables:
        found: str | None = connection.execute(select(VERSION.c.version_num)).scalar()
        return found
    return "" if tables else None


def check(version: str | None, where: str) -> None:
    """Raise StoreError unless a schema is one of ours that this version supports."""
    if version is None or is_known(version):
        return
    if version == "":
        raise StoreError(
            f"{where} is a database of another program: name another one.", about=where
        )
    if version < BASE:
        raise StoreError(
            f"The store {where} has schema {version}, older than this version of Dragoman can "
            f"upgrade ({BASE}).",
            about=where,
            hint="Run `dragoman migrate` of the version before this one first, or name a new store"
            " and ingest everything again.",
        )
    raise StoreError(
        f"The store {where} has schema {version}, which is newer than this version of "
        f"Dragoman knows ({HEAD}): upgrade Dragoman.",
        about=where,
    )


def is_known(version: str) -> bool:
    """Return whether a migration creates this schema."""
    # File names of migrations begin with their number.
    return version != "" and any(_FOLDER.glob(f"versions/{version}_*.py"))


def is_at_head(connection: Connection) -> bool:
    """Return whether the store is up to date; a few small queries."""
    return version_of(connection) == HEAD


def migrate(connection: Connection, where: str, to: str = HEAD) -> None:
    """Upgrade the schema to HEAD inside the caller's transaction.

    An empty database may be brought to an older schema first, to load a backup of that schema.
    Raises what ``check`` raises.
    """
    version = version_of(connection)
    if version != to:
        check(version, where)
        _upgrade(connection, where, to)


def _upgrade(connection: Connection, where: str, to: str) -> None:
    # Importing Alembic takes a tenth of a second: a store at head skips it.
    from alembic import command
    from alembic.config import Config

    import bot.store.store  # noqa: F401 - loads the tables of all modules

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


# --- before opening a store ---------------------------------------------------------------------

PATIENCE = 600.0
"""Seconds that a process waits for another one to finish the same migration."""


class Migration(NamedTuple):
    """The migration of a store at ``where``; ``before`` is None if there was no store."""

    where: str
    before: str | None
    after: str

    @property
    def changed(self) -> bool:
        """Whether the migration changes anything."""
        return self.before != self.after


def bring_up(url: str, patience: float = PATIENCE) -> Migration:
    """Create a store, or upgrade it to the newest schema, in one transaction.

    Any number of processes may call this at once: one does it, and the others find it done.
    Raises what ``Store.open`` raises.
    """
    parsed = engine.parse(url)
    where = engine.place_of(parsed)
    engines = engine.connect(parsed, patience)
    try:
        with engine.in_words(where), engines.writer.begin() as connection:
            before = version_of(connection)
            migrate(connection, where)
            name_store(connection)
    finally:
        engines.dispose()
    return Migration(where, before, HEAD)


def check_migration(url: str) -> Migration:
    """Return what ``bring_up`` would do; this changes nothing and waits for no lock.

    Raises StoreError if ``bring_up`` would: see ``check``.
    """
    parsed = engine.parse(url)
    where = engine.place_of(parsed)
    if is_absent(parsed):
        return Migration(where, None, HEAD)
    engines = engine.connect(parsed)
    try:
        with engine.in_words(where), engines.reader.begin() as connection:
            before = version_of(connection)
    finally:
        engines.dispose()
    check(before, where)
    return Migration(where, before, HEAD)


def is_absent(url: URL) -> bool:
    """Return whether a store's file is missing: connecting would create it."""
    name = str(url.database)
    return url.get_backend_name() == "sqlite" and not (
        name.startswith("file:") or Path(name).exists()
    )
