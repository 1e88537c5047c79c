"""The schema of articles, facts, actors and stories, the same for SQLite and PostgreSQL.

``migrations/`` creates it. The tables of other nouns are defined in their own modules.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Dialect,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator

from bot.store.instants import Utc

_THINNED = "\x1e\x1ethinned "
_PLAIN = "\x1e\x1eplain "
_ESCAPED = (_THINNED, _PLAIN)
_GONE = "\n"


class Thinned(str):
    """What is left of a text; ``spans`` are the positions of its quotes."""

    __slots__ = ("spans",)
    spans: tuple[tuple[int, int], ...]


def thin_text(text: str, spans: Iterable[tuple[int, int]]) -> Thinned:
    """Reduce a text to these spans, which may overlap; each is within it."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    left, at = [], 0
    for start, end in joined:
        left += [_GONE * (start - at), text[start:end]]
        at = end
    found = Thinned("".join(left))
    found.spans = tuple(joined)
    return found


class RevisionText(TypeDecorator[str]):
    """A text, which takes little room once it is thinned."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Write a thinned text as its quotes, and any other as it is."""
        if isinstance(value, Thinned):
            quotes = [(start, value[start:end]) for start, end in value.spans]
            return _THINNED + json.dumps(quotes, ensure_ascii=False, separators=(",", ":"))
        if value is not None and value.startswith(_ESCAPED):
            return _PLAIN + value  # an article may say anything
        return value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Read it back."""
        if value is None or not value.startswith(_ESCAPED):
            return value
        if value.startswith(_PLAIN):
            return value.removeprefix(_PLAIN)
        left, at, spans = [], 0, []
        for start, quote in json.loads(value.removeprefix(_THINNED)):
            left += [_GONE * (start - at), quote]
            at = start + len(quote)
            spans.append((start, at))
        found = Thinned("".join(left))
        found.spans = tuple(spans)
        return found


# --- the tables ---------------------------------------------------------------------------------

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Counts every change of every article: in SQLite an integer has room for that anyway.
_Count = BigInteger().with_variant(Integer(), "sqlite")


def _only(where: str) -> dict[str, Any]:
    """Make an index partial, in both dialects."""
    return {"sqlite_where": text(where), "postgresql_where": text(where)}


article = Table(
    "article",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("audience", String, nullable=False),
    Column("identity", String, nullable=False),
    Column("external_id", String),
    Column("url", Text),
    Column("publisher", String),
    Column("original_source", String),
    Column("published", Utc),
    Column("published_precision", String),
    Column("first_seen", Utc, nullable=False),
    Column("tombstoned_at", Utc),
    Column("author", String),
    Column("modified", Utc),
    Column("language", String),
    UniqueConstraint("workspace", "audience", "identity"),
    Index(None, "workspace", "published", "id"),
    Index("ix_article_tombstoned", "workspace", **_only("tombstoned_at IS NOT NULL")),
    sqlite_with_rowid=False,
)

revision = Table(
    "revision",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("article", String, primary_key=True),
    Column("n", Integer, primary_key=True),
    # The text stands last, so that asking for the hash does not walk through its pages.
    Column("sha256", String(64), nullable=False),
    Column("seen_at", Utc, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", RevisionText, nullable=False),
    ForeignKeyConstraint(["workspace", "article"], ["article.workspace", "article.id"]),
    Index(None, "seen_at"),
)

# The revisions of whose text only what is quoted of it is left. Not a column beside the text,
# which would have to be walked through to come to it.
thinned = Table(
    "thinned",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("article", String, primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    ForeignKeyConstraint(
        ["workspace", "article", "n"],
        ["revision.workspace", "revision.article", "revision.n"],
    ),
    sqlite_with_rowid=False,
)

# The independent sources of an article: its originals where it names any, else its
# publisher. ``key`` folds spellings of one publisher, so that it counts once;
# ``n`` is its place in the article's list, from 0.
article_source = Table(
    "article_source",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("article", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("name", String, nullable=False),
    ForeignKeyConstraint(["workspace", "article"], ["article.workspace", "article.id"]),
    sqlite_with_rowid=False,
)

# ``id`` names the revision and both versions, so that one reader reads a revision once.
reading = Table(
    "reading",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("article", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("reader_version", String, nullable=False),
    Column("gazetteer_version", String, nullable=False),
    # JSON [[start, end], ...]: what the index holds, kept so that a rebuild need not read again.
    Column("passages", Text, nullable=False),
    Column("superseded_at", Utc),
    ForeignKeyConstraint(
        ["workspace", "article", "revision"],
        ["revision.workspace", "revision.article", "revision.n"],
    ),
    # What waits for the reader is found by its version.
    Index(
        "ix_reading_live",
        "workspace",
        "reader_version",
        "gazetteer_version",
        **_only("superseded_at IS NULL"),
    ),
    sqlite_with_rowid=False,
)

# The mentions of an article's live reading only: they are derived, so a new reading
# replaces them. Keyed by article, which is what counting and filtering by actor needs.
mention = Table(
    "mention",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("article", String, primary_key=True),
    Column("field", String, primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, primary_key=True),
    Column("actor", String, primary_key=True),
    Column("alias", String, nullable=False),
    Column("kind", String, nullable=False),
    ForeignKeyConstraint(["workspace", "article"], ["article.workspace", "article.id"]),
    Index(None, "workspace", "actor", "article"),
    sqlite_with_rowid=False,
)

# Keyed by article first, so that what belongs to one article lies together and an insert
# touches few pages; ``id`` begins with the article's id, so that it finds its row alone.
fact = Table(
    "fact",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("article", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("reading", String, nullable=False),
    Column("source_actor", String, nullable=False),  # empty where it is no actor
    Column("class", String, nullable=False),
    Column("act", String, nullable=False),
    Column("target_actor", String),
    Column("status", String, nullable=False),
    Column("claimant", String),
    Column("event_date", Date),
    Column("precision", String),
    Column("place", String),
    Column("happening", String),
    Column("retired_at", Utc),
    # Whom the two act for: facts about the same event are found by it.
    Column("source_for", String),
    Column("target_for", String),
    # The event's, else the article's: the day that it counts for.
    Column("day", Date),
    # Whom it is done to in the quote's own words, where that is no actor.
    Column("target_words", Text),
    # Who acts in the quote's own words, where that is no actor.
    Column("source_words", Text),
    # Who says so in the quote's own words, where that is no actor.
    Column("claimant_words", Text),
    ForeignKeyConstraint(
        ["workspace", "article", "reading"],
        ["reading.workspace", "reading.article", "reading.id"],
    ),
    Index(None, "workspace", "source_actor", "day", "class"),
    Index(None, "workspace", "target_actor", "day", "class"),
    Index(None, "workspace", "claimant", "day", "class", **_only("claimant IS NOT NULL")),
    Index(None, "workspace", "place", "day", "class", **_only("place IS NOT NULL")),
    Index(None, "workspace", "source_for", "target_for", "day"),
    Index(None, "workspace", "happening"),
    sqlite_with_rowid=False,
)

evidence = Table(
    "evidence",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("article", String, primary_key=True),
    Column("fact", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("field", String, primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, primary_key=True),
    Column("quote", Text, nullable=False),
    CheckConstraint('"end" > start', name="span"),
    ForeignKeyConstraint(
        ["workspace", "article", "fact"], ["fact.workspace", "fact.article", "fact.id"]
    ),
    sqlite_with_rowid=False,
)

actor = Table(
    "actor",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("type", String, nullable=False),
    Column("name", String, nullable=False),
    Column("iso3", String(3)),
    Column("acts_for", String),
    Column("description", Text),
    Column("source", Text, nullable=False),
    Column("as_of", Date),
    Column("merged_into", String),
)

alias = Table(
    "alias",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("actor", String, primary_key=True),
    Column("text", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("lang", String),
    Column("source", Text),
    ForeignKeyConstraint(["workspace", "actor"], ["actor.workspace", "actor.id"]),
)

# Names of seed actors that do not count in a workspace.
hidden_alias = Table(
    "hidden_alias",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("actor", String, primary_key=True),
    Column("text", String, primary_key=True),
    sqlite_with_rowid=False,
)

tenure = Table(
    "tenure",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("office", String, nullable=False),
    Column("person", String, nullable=False),
    Column("since", Date),
    Column("until", Date),
    Column("source", Text, nullable=False),
    Index(None, "workspace", "office", "since"),
)

actor_change = Table(
    "actor_change",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("actor", String, nullable=False),
    Column("op", String, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("person", String, nullable=False),
    Column("at", Utc, nullable=False),
    Column("undone", Boolean, nullable=False, default=False),
)

# What every index follows. ``seq`` comes from the counter, in the same transaction as
# the change: an identity column would let a late commit slip below a reader's mark.
change = Table(
    "change",
    metadata,
    Column("seq", _Count, primary_key=True, autoincrement=False),
    Column("workspace", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("key", String, nullable=False),
    Column("op", String, nullable=False),
)

counter = Table(
    "counter",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", _Count, nullable=False),
)

# Small marks of the whole store, such as the version of the seed actors it holds.
mark = Table(
    "mark",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)


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
