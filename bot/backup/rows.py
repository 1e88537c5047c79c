"""Tables and rows independent of a database: one line of JSON per row, in key order."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field
from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    func,
    select,
)
from sqlalchemy import Column as TableColumn
from sqlalchemy.types import TypeDecorator, TypeEngine

import bot.store.store  # noqa: F401 - defines the tables of all parts
from bot.models.base import Model
from bot.store.engine import in_words
from bot.store.tables import Utc, metadata

Kind = Literal["text", "whole", "real", "truth", "instant", "moment", "date", "bytes"]
"""The type of a column; an instant has the time zone UTC, a moment is UTC without a zone."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=63)]


class Column(Model):
    """A column of a table."""

    name: Name
    kind: Kind


class Shape(Model):
    """A table: its columns in order, and those of its primary key, which orders its rows."""

    name: Name
    columns: tuple[Column, ...]
    keys: tuple[Name, ...]


class Content(Model):
    """The content of a table: the number of rows, and the SHA-256 of all rows in order."""

    shape: Shape
    rows: Annotated[int, Field(ge=0)]
    sha256: str


class Backup(Model):
    """The manifest of a backup.

    ``program`` is the version that made it, ``revision`` the schema of the store ``store``.
    Each table refers only to tables before it.
    """

    format: Literal[1] = 1
    program: str
    revision: str
    store: str
    made_at: AwareDatetime
    contents: tuple[Content, ...]

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(content.rows for content in self.contents)


BATCH = 5000
"""The most rows stored at once, between reports of progress."""

HEAVY = 8_000_000
"""The most bytes of lines stored at once."""

_FETCHED = 1000

Row = Sequence[Any]
Progress = Callable[[str, int, int], None]
"""Called with the name of a table, the number of rows done, and the number of all its rows."""


# The first match of a column's type counts.
_KINDS: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (
    (Utc, "instant"),
    (DateTime, "moment"),
    (Date, "date"),
    (LargeBinary, "bytes"),
    (Boolean, "truth"),
    (Integer, "whole"),
    (Float, "real"),
    (String, "text"),
)
_TYPES: dict[Kind, TypeEngine[Any]] = {
    "instant": Utc(),
    "moment": DateTime(),
    "date": Date(),
    "bytes": LargeBinary(),
    "truth": Boolean(),
    "whole": BigInteger(),
    "real": Float(),
    "text": Text(),
}
_OUT: dict[Kind, Callable[[Any], str]] = {
    "instant": lambda at: (
        f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
    ),
    "moment": lambda at: str(at.isoformat(timespec="microseconds")),
    "date": lambda day: str(day.isoformat()),
    "bytes": lambda raw: b64encode(raw).decode("ascii"),
}
_BACK: dict[Kind, Callable[[str], Any]] = {
    "instant": datetime.fromisoformat,
    "moment": datetime.fromisoformat,
    "date": date.fromisoformat,
    "bytes": lambda text: b64decode(text, validate=True),
}
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def shapes() -> list[Shape]:
    """Return all tables of the newest schema, each after those that it refers to."""
    return [shape_of(table) for table in metadata.sorted_tables]


def shape_of(table: Table) -> Shape:
    """Describe a table; raise TypeError for a column of an unknown type."""
    return Shape(
        name=table.name,
        columns=tuple(Column(name=one.name, kind=_kind(one)) for one in table.columns),
        keys=tuple(one.name for one in table.primary_key.columns),
    )


def _kind(column: TableColumn[Any]) -> Kind:
    stored = column.type
    while isinstance(stored, TypeDecorator) and not isinstance(stored, Utc):
        stored = stored.impl_instance  # copied in its stored form
    for kind_of, kind in _KINDS:
        if isinstance(stored, kind_of):
            return kind
    raise TypeError(f"{column} is {column.type!r}, which copies and backups do not know")


@cache
def table_of(shape: Shape) -> Table:
    """Return the table of a shape, for selecting from it and inserting into it."""
    return Table(
        shape.name,
        MetaData(),
        *(
            TableColumn(one.name, _TYPES[one.kind], primary_key=one.name in shape.keys)
            for one in shape.columns
        ),
    )


def writer(shape: Shape) -> Callable[[Row], bytes]:
    """Return a function that formats a row of a table as a line."""
    special = [(n, _OUT[one.kind]) for n, one in enumerate(shape.columns) if one.kind in _OUT]

    def line(row: Row) -> bytes:
        values = list(row)
        for n, out in special:
            if values[n] is not None:
                values[n] = out(values[n])
        return _json(values).encode() + b"\n"

    return line


def reader(shape: Shape) -> Callable[[bytes], Row]:
    """Return a function that parses a line to a row; it raises ValueError for another table's."""
    special = [(n, _BACK[one.kind]) for n, one in enumerate(shape.columns) if one.kind in _BACK]

    def row(line: bytes) -> Row:
        values = json.loads(line)
        if not isinstance(values, list) or len(values) != len(shape.columns):
            raise ValueError(f"not a row of {shape.name}")
        for n, back in special:
            if values[n] is not None:
                values[n] = back(values[n])
        return values

    return row


class Sum:
    """Counts lines, and hashes them in order."""

    def __init__(self) -> None:
        self.rows = 0
        self._hash = sha256()

    def add(self, line: bytes) -> None:
        """Add a line."""
        self.rows += 1
        self._hash.update(line)

    def of(self, shape: Shape) -> Content:
        """Return the content of a table with the lines so far."""
        return Content(shape=shape, rows=self.rows, sha256=self._hash.hexdigest())


def stream(connection: Connection, shape: Shape, where: str) -> Generator[Row, None, None]:
    """Yield the rows of a table in key order, fetched lazily.

    Text is ordered by its bytes in both kinds of store. Close the generator if it is not
    exhausted.
    """
    table = table_of(shape)
    asked = select(table).order_by(*(table.c[key] for key in shape.keys))
    with (
        in_words(where),
        connection.execute(asked.execution_options(yield_per=_FETCHED)) as found,
    ):
        yield from found


def counted(connection: Connection, shape: Shape) -> int:
    """Count the rows of a table."""
    asked = select(func.count()).select_from(table_of(shape))
    return int(connection.execute(asked).scalar_one())


def summed(connection: Connection, shape: Shape, where: str) -> Content:
    """Read a whole table for its count and hash."""
    total, line = Sum(), writer(shape)
    for row in stream(connection, shape, where):
        total.add(line(row))
    return total.of(shape)


def batched(lines: Iterable[tuple[Row, bytes]], most: int) -> Iterator[list[tuple[Row, bytes]]]:
    """Split rows, each with its line, into batches of at most ``most`` rows or HEAVY bytes."""
    batch: list[tuple[Row, bytes]] = []
    size = 0
    for one in lines:
        batch.append(one)
        size += len(one[1])
        if len(batch) >= most or size >= HEAVY:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
