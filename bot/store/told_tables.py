"""The tables of what was told to whom, and of what was corrected."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Index, Integer, String, Table, Text

from bot.store.instants import Utc
from bot.store.tables import metadata

# A message that told something. ``workspace`` is whose articles it draws on, ``team`` the one
# that ``place`` is in. What has no ``ts`` was seen by ``person`` alone, or cannot be found again.
told = Table(
    "told",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("team", String, nullable=False),
    Column("place", String, nullable=False),
    Column("thread", String),
    Column("ts", String),
    Column("person", String, nullable=False),
    Column("query", Text, nullable=False),
    Column("audiences", Text, nullable=False),
    Column("tz", String, nullable=False),
    Column("as_of", Utc, nullable=False),
    Column("at", Utc, nullable=False),
    # Whether it was held against the store since it was told.
    Column("looked", Boolean, nullable=False),
    Index(None, "team", "place", "ts"),
    Index(None, "looked"),
    Index(None, "at"),
    sqlite_with_rowid=False,
)

# The lines of it. ``id`` is that of the fact where the line tells one.
told_line = Table(
    "told_line",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("article", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("message", String, primary_key=True),
    Column("fact", String),
    Column("revision", Integer, nullable=False),
    Column("quote", Text, nullable=False),
    ForeignKeyConstraint(["workspace", "message"], ["told.workspace", "told.id"]),
    Index(None, "workspace", "message"),
    sqlite_with_rowid=False,
)

# What was said once of a line, in a thread or to a person: that it is gone, denied, or done.
corrected = Table(
    "corrected",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("line", String, primary_key=True),
    Column("team", String, primary_key=True),
    Column("place", String, primary_key=True),
    Column("thread", String, primary_key=True),
    Column("what", String, primary_key=True),
    Column("at", Utc, nullable=False),
    sqlite_with_rowid=False,
)
