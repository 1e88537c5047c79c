"""What a store holds, table by table, in a form that no database has to read."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from bot.models.base import Model

Kind = Literal["text", "whole", "real", "truth", "instant", "moment", "date", "bytes"]
"""What a column holds; an instant is UTC and says so, a moment is UTC and does not."""

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
    """What a table holds: how many rows, and the SHA-256 of all of them in order."""

    shape: Shape
    rows: Annotated[int, Field(ge=0)]
    sha256: str


class Backup(Model):
    """What a backup tells of itself.

    ``program`` is the version that made it, ``revision`` the schema of the store ``store``,
    and the tables stand in an order in which each refers to earlier ones only.
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
