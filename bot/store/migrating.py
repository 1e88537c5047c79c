"""Bringing a store up to date before anything opens it, and asking whether that is needed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.engine import URL

import bot.store.store  # noqa: F401 - which knows the tables of all parts
from bot.store import engine, publishers, queue, seeding
from bot.store.migrate import HEAD, check, migrate, version_of

PATIENCE = 600.0
"""Seconds that a process waits for another one to finish the same."""


class Migrated(NamedTuple):
    """What became of a store at ``where``; ``before`` is None where there was none.

    ``jobs`` says that the tables of its jobs were to be made or changed, in PostgreSQL.
    """

    where: str
    before: str | None
    after: str
    jobs: bool = False

    @property
    def changed(self) -> bool:
        """Whether anything was to be done."""
        return self.before != self.after or self.jobs


def bring_up(url: str, patience: float = PATIENCE) -> Migrated:
    """Make a store, or bring it to the newest schema, in one transaction.

    Any number of processes may do so at once: one does it, and the others find it done.
    Raises what ``Store.open`` raises.
    """
    parsed = engine.parse(url)
    where = engine.place_of(parsed)
    engines = engine.connect(parsed, patience)
    try:
        with engine.in_words(where), engines.writer.begin() as connection:
            before = version_of(connection)
            jobs = migrate(connection, where)
            seeding.name_store(connection)
            publishers.name_once(connection, datetime.now(UTC))
    finally:
        engines.dispose()
    return Migrated(where, before, HEAD, jobs)


def needed(url: str) -> Migrated:
    """What ``bring_up`` would do; nothing is made, and nobody is waited for.

    Raises StoreError where it would: another program's database, or a newer schema.
    """
    parsed = engine.parse(url)
    where = engine.place_of(parsed)
    if is_absent(parsed):
        return Migrated(where, None, HEAD)
    engines = engine.connect(parsed)
    try:
        with engine.in_words(where), engines.reader.begin() as connection:
            before = version_of(connection)
            jobs = not queue.is_current(connection)
    finally:
        engines.dispose()
    check(before, where)
    return Migrated(where, before, HEAD, jobs)


def is_absent(url: URL) -> bool:
    """Whether a file is not there: to look into it would make it."""
    name = str(url.database)
    return url.get_backend_name() == "sqlite" and not (
        name.startswith("file:") or Path(name).exists()
    )
