"""The tables of feeds that are followed; ``migrations/`` makes them."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.store.instants import Utc
from bot.store.tables import metadata

# ``key`` is the folded address, by which a feed is one; ``fares`` the whole of it as JSON, of
# which the columns repeat what is searched by.
feed = Table(
    "feed",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("audience", String, nullable=False),
    Column("key", String, nullable=False),
    Column("state", String, nullable=False),
    Column("next_poll", Utc, nullable=False),
    Column("lease_until", Utc),
    Column("claim", Integer, nullable=False),
    Column("fares", Text, nullable=False),
    UniqueConstraint("workspace", "audience", "key"),
    Index(None, "state", "next_poll"),
)

# Every entry that a feed had. ``link`` is folded: it tells what another feed brought already.
feed_entry = Table(
    "feed_entry",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("feed", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("link", String),
    Column("published", Utc),
    Column("published_precision", String),
    Column("tries", Integer, nullable=False),
    Column("last_seen", Utc, nullable=False),
    ForeignKeyConstraint(["workspace", "feed"], ["feed.workspace", "feed.id"]),
    Index(None, "workspace", "link"),
    sqlite_with_rowid=False,
)

feed_notice = Table(
    "feed_notice",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("feed", String, nullable=False),
    Column("said", Text, nullable=False),
    Column("at", Utc, nullable=False),
    sqlite_with_rowid=False,
)

# Whom a notice reached, so that nobody is told twice.
feed_notice_sent = Table(
    "feed_notice_sent",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("notice", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("at", Utc, nullable=False),
    ForeignKeyConstraint(["workspace", "notice"], ["feed_notice.workspace", "feed_notice.id"]),
    sqlite_with_rowid=False,
)
