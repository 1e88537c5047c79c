"""Tables of what articles have in common: sampled shingles, near-copies, stories."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from bot.store.tables import metadata

# What near-copies are found by: ``kept`` is how many hashes its text has in all.
shingle = Table(
    "shingle",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("hash", BigInteger, primary_key=True),
    Column("article", String, primary_key=True),
    Column("kept", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Two texts that share enough, each way round: ``share`` is how much of the article's words
# the other has. It is about the words alone, whoever may see them and whatever is deleted.
near_copy = Table(
    "near_copy",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("article", String, primary_key=True),
    Column("other", String, primary_key=True),
    Column("share", Float, nullable=False),
    ForeignKeyConstraint(["workspace", "article"], ["article.workspace", "article.id"]),
    sqlite_with_rowid=False,
)

# Articles whose sources are not counted as they name them: ``original`` is the article that
# a near-copy folds into, ``sources`` (JSON) the names that it had of its own.
folded = Table(
    "folded",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("article", String, primary_key=True),
    Column("original", String),
    Column("sources", Text, nullable=False),
    ForeignKeyConstraint(["workspace", "article"], ["article.workspace", "article.id"]),
    Index(None, "workspace", "original"),
    sqlite_with_rowid=False,
)

# Which story an article belongs to. Stories are judged by their founding articles; ``terms``
# are what an article is compared by, pairs of a hash and a weight.
story_article = Table(
    "story_article",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("article", String, primary_key=True),
    Column("story", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("founds", Boolean, nullable=False),
    Column("terms", LargeBinary, nullable=False),
    ForeignKeyConstraint(["workspace", "article"], ["article.workspace", "article.id"]),
    Index(None, "workspace", "day"),
    Index(None, "workspace", "story"),
    sqlite_with_rowid=False,
)
