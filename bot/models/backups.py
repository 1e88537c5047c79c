"""The content of a store, table by table, in a form that needs no database to read."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from bot.models.base import Model

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
