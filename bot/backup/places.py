"""Read a store in one snapshot, and check whether a store is empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Table, inspect, literal, select, union_all
from sqlalchemy.engine import URL

from bot.backup import loading
from bot.errors import StoreError
from bot.models import SEED
from bot.store import changes, engine
from bot.store.migrate import HEAD, check, is_absent, version_of
from bot.store.tables import counter, mark, metadata


@contextmanager
def reading(url: URL) -> Iterator[tuple[Connection, str]]:
    """Read one snapshot of a store, while others may write to it; yield it with the store's id.

    Raises StoreError if there is no store, its schema is not the newest, or it is an unfinished
    copy.
    """
    where = engine.place_of(url)
    if is_absent(url):
        raise StoreError(f"There is no store {where}: check its address.", about=where)
    engines = engine.connect(url)
    try:
        with engine.in_words(where), engines.reader.begin() as connection:
            loading.be_patient(connection)
            version = version_of(connection)
            check(version, where)
            if version != HEAD:
                raise StoreError(
                    f"The store {where} is at {version or 'nothing yet'}, and not at {HEAD}: set "
                    "DATABASE_URL to it and run `dragoman migrate` first.",
                    about=where,
                )
            yield connection, changes.name_of(connection)
    finally:
        engines.dispose()


def filled(connection: Connection) -> set[str]:
    """Return the names of our tables, of any schema, that have rows."""
    there = set(inspect(connection).get_table_names())
    return _with_rows(connection, [one for one in metadata.sorted_tables if one.name in there])


def is_empty(connection: Connection) -> bool:
    """Return whether a database of any of our schemas has no data but the seed actors."""
    some = filled(connection) - {counter.name, mark.name}
    tables = [metadata.tables[name] for name in sorted(some)]
    if any("workspace" not in table.c for table in tables):
        return False
    return not _with_rows(connection, tables, but=SEED)


def _with_rows(connection: Connection, tables: Sequence[Table], but: str = "") -> set[str]:
    asked = []
    for table in tables:
        some = select(1).select_from(table)
        if but:
            some = some.where(table.c.workspace != but)
        asked.append(select(literal(table.name)).where(some.exists()))
    return set(connection.execute(union_all(*asked)).scalars()) if asked else set()


def refusal(where: str, otherwise: str) -> StoreError:
    """Return the error for a store that is not empty."""
    return StoreError(f"The store {where} is not empty: {otherwise}.", about=where)
