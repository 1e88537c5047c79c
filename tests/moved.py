"""Stores for the tests of copies and backups: a row or more in every table, made up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot.backup import loading
from bot.backup.rows import Shape, shapes, stream, table_of, writer
from bot.store import engine
from bot.store.store import Store
from bot.store.tables import metadata
from tests import databases

WORDS = ("A", "a", "b'\"", "é", "\uffee", "😀")
"""What stands in every text of a row, keys included: put in order by bytes it is as here."""

LONG = 'Zoë said: “yes”\n\t\u2028\\N {"a": [1]} \x7f'


def url_in(folder: Path, kind: databases.Kind, name: str) -> str:
    """Where a store may be made; nothing is there yet."""
    if kind == "sqlite":
        return f"sqlite:///{folder / name}.db"
    return databases.server().bare(folder / name).render_as_string(hide_password=False)


def filled(url: str) -> str:
    """Make a store with as many rows in every table as there are WORDS; returns its address."""
    with databases.kept_in("sqlite"):
        Store.open(url).close()
    with connected(url) as connection:
        for shape in shapes():
            if shape.name != "mark":
                rows = [_row(shape, n) for n in range(len(WORDS))]
                loading.load(connection, table_of(shape), rows)
    return url


def _row(shape: Shape, n: int) -> list[Any]:
    table = metadata.tables[shape.name]
    values: dict[str, Any] = {
        "text": WORDS[n],
        "whole": n,
        "real": 0.1 * n,
        "truth": n % 2 == 0,
        "instant": datetime(1969 + n, 12, 31, 23, 59, 59, 10**n - 1, tzinfo=UTC),
        "moment": datetime(2026, 1, 1 + n, 1, 2, 3, 10**n - 1),  # noqa: DTZ001 - as Slack's library has it
        "date": date(1 + n, 1, 1),
        "bytes": bytes([0, n, 255]),
    }
    row = [values[one.kind] for one in shape.columns]
    for at, one in enumerate(shape.columns):
        column = table.columns[one.name]
        if column.primary_key or column.foreign_keys or shape.name == "article":
            continue
        if n == 1 and column.nullable:
            row[at] = None
        elif one.kind == "text" and getattr(column.type, "length", None) is None:
            row[at] = LONG * n
    for at, one in enumerate(shape.columns):
        if one.name == "end":
            row[at] = n + 1
        if (
            one.name in ("hash", "seq")
            and n == len(WORDS) - 1
            and shape.name in ("shingle", "change")
        ):
            row[at] = 2**62
    return row


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """One transaction on a store, past everything that guards it."""
    engines = engine.connect(engine.parse(url))
    try:
        with engines.writer.begin() as connection:
            yield connection
    finally:
        engines.dispose()


def lines_of(url: str, *, but: tuple[str, ...] = ()) -> dict[str, list[bytes]]:
    """All rows of a store as lines, by table, without the tables named."""
    with connected(url) as connection:
        return {
            shape.name: [writer(shape)(row) for row in stream(connection, shape, url)]
            for shape in shapes()
            if shape.name not in but
        }
