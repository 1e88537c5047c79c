"""The tables of Procrastinate, which runs jobs on PostgreSQL, and its connections to them.

They have a schema of their own, which copies and backups of a store leave out: the store knows what
is due, and a job is only a signal to check. Procrastinate is imported only where jobs run.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.schema import CreateSchema

from bot.errors import StoreError
from bot.store import engine

if TYPE_CHECKING:
    import psycopg
    from procrastinate import PsycopgConnector

SCHEMA = "dragoman_jobs"

POOLED = 4
"""Connections of one process for its jobs; it listens on two more."""

# The applied migrations: Procrastinate does not record them itself.
_applied = sa.Table(
    "applied", sa.MetaData(schema=SCHEMA), sa.Column("name", sa.String, primary_key=True)
)


def is_current(connection: sa.Connection) -> bool:
    """Return whether the job tables of this store are up to date.

    SQLite has none: there one process does all. A newer version's tables are left alone.
    """
    if connection.dialect.name != "postgresql":
        return True
    return _known(connection) >= _versions()[-1].name


def bring_up(connection: sa.Connection) -> bool:
    """Create the job tables, or upgrade them; False if they are up to date.

    Runs in the caller's transaction, which holds the write lock.
    """
    if is_current(connection):
        return False
    known = _known(connection)
    newer = [path for path in _versions() if path.name > known]
    before = connection.execute(sa.select(sa.func.current_setting("search_path"))).scalar_one()
    if not known:
        connection.execute(CreateSchema(SCHEMA, if_not_exists=True))
        _applied.create(connection)
    connection.execute(sa.select(sa.func.set_config("search_path", SCHEMA, True)))
    for path in newer if known else [_sql() / "schema.sql"]:
        script = path.read_text(encoding="utf-8")
        # Many statements at once, in which % stands for itself.
        connection.exec_driver_sql(script, execution_options={"no_parameters": True})
    connection.execute(sa.select(sa.func.set_config("search_path", before, True)))
    connection.execute(sa.insert(_applied), [{"name": path.name} for path in newer])
    return True


def _known(connection: sa.Connection) -> str:
    """Return the newest applied migration; empty if there are no tables yet."""
    if not sa.inspect(connection).has_table(_applied.name, SCHEMA):
        return ""
    return connection.execute(sa.select(sa.func.max(_applied.c.name))).scalar() or ""


@cache
def _versions() -> list[Path]:
    """Return its migrations, oldest first; a new schema includes them all."""
    return sorted((_sql() / "migrations").glob("*.sql"))


def _sql() -> Path:
    # Located without an import, which would take as long as an answer.
    found = find_spec("procrastinate")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("procrastinate")
    return Path(found.origin).parent / "sql"


def unreachable(url: str, error: Exception) -> StoreError:
    """Convert an error of a connection to a store's jobs to a StoreError."""
    from bot.store import postgres

    return postgres.explained(error, engine.place_of(engine.parse(url)))


def connector(url: str) -> PsycopgConnector:
    """Return Procrastinate's connector to the jobs of a store; this opens no connection."""
    from procrastinate import PsycopgConnector

    from bot.store import postgres

    parsed = engine.parse(url)

    async def on_our_schema(connection: psycopg.AsyncConnection[Any]) -> None:
        # With a statement, as in the store's own connections: many poolers refuse options.
        was = connection.autocommit
        await connection.set_autocommit(True)
        await connection.execute("SELECT set_config('search_path', %s, false)", [SCHEMA])
        await connection.set_autocommit(was)

    bare = parsed.set(drivername="postgresql", query={})
    return PsycopgConnector(
        conninfo=bare.render_as_string(hide_password=False),
        kwargs=postgres.arguments(parsed, "jobs"),
        min_size=1,
        max_size=POOLED,
        name="jobs",
        configure=on_our_schema,
    )
