"""The tables of digests."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from bot.store.instants import Utc
from bot.store.tables import metadata

digest = Table(
    "digest",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("team", String, nullable=False),
    Column("place", String, nullable=False),
    Column("room", String),
    Column("person", String, nullable=False),
    Column("times", Text, nullable=False),
    Column("actors", Text, nullable=False),
    Column("quiet", String, nullable=False),
    Column("hush", Text),
    Column("paused", Boolean, nullable=False),
    Column("since", Utc, nullable=False),
    Column("due", Utc, nullable=False),
    Column("lease_until", Utc),
    Column("claim", Integer, nullable=False),
    Index(None, "workspace", "team", "place", unique=True),
    Index(None, "paused", "due"),
)

# Which articles a digest told, in which words: a story may be parted, and goes on.
digested = Table(
    "digested",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("digest", Integer, primary_key=True, autoincrement=False),
    Column("article", String, primary_key=True),
    Column("story", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("sources", Text, nullable=False),
    Column("at", Utc, nullable=False),
    sqlite_with_rowid=False,
)
