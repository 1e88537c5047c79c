"""Brings a store to the newest schema, quickly when it is there already."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.errors import StoreError

HEAD = "0019"
"""The newest migration in ``migrations/versions``."""

_FOLDER = Path(__file__).parent / "migrations"
_VERSION = text("SELECT version_num FROM alembic_version")


def is_at_head(connection: Connection) -> bool:
    """Whether nothing is to be done: two small queries."""
    tables = set(inspect(connection).get_table_names())
    return "alembic_version" in tables and connection.execute(_VERSION).scalar() == HEAD


def migrate(connection: Connection, where: str) -> None:
    """Bring the schema to HEAD inside the caller's transaction.

    Raises StoreError where the database is not ours, or is newer than this program.
    """
    if is_at_head(connection):
        return
    tables = set(inspect(connection).get_table_names())
    version = None
    if "alembic_version" in tables:
        version = connection.execute(_VERSION).scalar()
    elif tables:
        raise StoreError(
            f"{where} is a database of another program: name another file.", about=where
        )
    # Alembic takes a tenth of a second to import, which a store at head need not wait for.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise StoreError(
            f"The store {where} has schema {version}, which is newer than this version of "
            f"Dragoman knows ({HEAD}): upgrade Dragoman.",
            about=where,
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
