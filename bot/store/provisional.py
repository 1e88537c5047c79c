"""The tables of whom articles introduce: who they are, and which articles do."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKeyConstraint, Index, String, Table

from bot.store.tables import metadata

provisional = Table(
    "provisional",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("audience", String, nullable=False),
    Column("name", String, nullable=False),
    Column("key", String, nullable=False),
    Column("last", String, nullable=False),
    Column("type", String, nullable=False),
    Column("role", String),
    Column("state", String),
    Column("source", String, nullable=False),
    Column("as_of", Date),
    Column("promoted", Boolean, nullable=False),
    Index(None, "workspace", "key"),
    Index(None, "workspace", "last"),
    sqlite_with_rowid=False,
)

introduction = Table(
    "introduction",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("actor", String, primary_key=True),
    Column("article", String, primary_key=True),
    ForeignKeyConstraint(["workspace", "article"], ["article.workspace", "article.id"]),
    Index(None, "workspace", "article"),
    sqlite_with_rowid=False,
)
