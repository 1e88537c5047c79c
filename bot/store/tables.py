"""The schema of articles, facts, actors and stories, the same for SQLite and PostgreSQL.

``migrations/`` creates it. The tables of other subjects are defined in their own modules.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator, TypeEngine


class Utc(TypeDecorator[datetime]):
    """An aware UTC instant: ``timestamptz`` on PostgreSQL, on SQLite text that sorts by time."""

    impl = sa.String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        """Choose the column type of the dialect."""
        if dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import TIMESTAMP

            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(sa.String(27))

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> object:
        """Reject naive instants; write UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: the store takes aware ones only")
        utc = value.astimezone(UTC)
        if dialect.name == "postgresql":
            return utc
        return utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"

    def process_result_value(self, value: object, dialect: sa.Dialect) -> datetime | None:
        """Return aware UTC."""
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return datetime.fromisoformat(str(value))


_THINNED = "\x1e\x1ethinned "
_PLAIN = "\x1e\x1eplain "
_ESCAPED = (_THINNED, _PLAIN)
_GONE = "\n"


class Thinned(str):
    """A thinned text; ``spans`` are the positions of its quotes."""

    __slots__ = ("spans",)
    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, quotes: Iterable[tuple[int, str]]) -> Thinned:
        """Put quotes at their old offsets; each with its start, in order, none within another."""
        left, at, spans = [], 0, []
        for start, quote in quotes:
            left += [_GONE * (start - at), quote]
            at = start + len(quote)
            spans.append((start, at))
        found = cls("".join(left))
        found.spans = tuple(spans)
        return found


def thin_text(text: str, spans: Iterable[tuple[int, int]]) -> Thinned:
    """Reduce a text to these spans, which may overlap; each must lie within it."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return Thinned.of((start, text[start:end]) for start, end in joined)


class RevisionText(TypeDecorator[str]):
    """A text; a thinned one takes little room."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """Store a thinned text as its quotes, and any other text unchanged."""
        if isinstance(value, Thinned):
            quotes = [(start, value[start:end]) for start, end in value.spans]
            return _THINNED + json.dumps(quotes, ensure_ascii=False, separators=(",", ":"))
        if value is not None and value.startswith(_ESCAPED):
            return _PLAIN + value  # an article may contain anything
        return value

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """Restore the text."""
        if value is None or not value.startswith(_ESCAPED):
            return value
        if value.startswith(_PLAIN):
            return value.removeprefix(_PLAIN)
        return Thinned.of(json.loads(value.removeprefix(_THINNED)))


# --- the tables ---------------------------------------------------------------------------------

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# The number of all changes of all articles: an SQLite integer has room for it anyway.
_Count = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def primary(*names: str) -> list[sa.Column[Any]]:
    """Return text columns that make up the primary key."""
    return [sa.Column(name, sa.String, primary_key=True) for name in names]


def required(kind: type[TypeEngine[Any]], *names: str) -> list[sa.Column[Any]]:
    """Return columns of one type that are not NULL."""
    return [sa.Column(name, kind, nullable=False) for name in names]


def optional(kind: type[TypeEngine[Any]], *names: str) -> list[sa.Column[Any]]:
    """Return columns of one type that may be NULL."""
    return [sa.Column(name, kind) for name in names]


def _only(where: str) -> dict[str, Any]:
    """Make an index partial, in both dialects."""
    return {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}


article = sa.Table(
    "article",
    metadata,
    *primary("workspace", "id"),
    *required(sa.String, "audience", "identity"),
    sa.Column("external_id", sa.String),
    sa.Column("url", sa.Text),
    *optional(sa.String, "publisher", "original_source"),
    sa.Column("published", Utc),
    sa.Column("published_precision", sa.String),
    sa.Column("first_seen", Utc, nullable=False),
    sa.Column("tombstoned_at", Utc),
    sa.Column("author", sa.String),
    sa.Column("modified", Utc),
    sa.Column("language", sa.String),
    sa.UniqueConstraint("workspace", "audience", "identity"),
    sa.Index(None, "workspace", "published", "id"),
    sa.Index("ix_article_tombstoned", "workspace", **_only("tombstoned_at IS NOT NULL")),
    sqlite_with_rowid=False,
)

revision = sa.Table(
    "revision",
    metadata,
    *primary("workspace", "article"),
    sa.Column("n", sa.Integer, primary_key=True),
    # The text is the last column, so that a query for the hash does not read through its pages.
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("seen_at", Utc, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", RevisionText, nullable=False),
    sa.ForeignKeyConstraint(["workspace", "article"], ["article.workspace", "article.id"]),
    sa.Index(None, "seen_at"),
)

# The thinned revisions. Not a column beside the text: a query would have to read through the text
# to reach it.
thinned = sa.Table(
    "thinned",
    metadata,
    *primary("workspace", "article"),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Utc, nullable=False),
    sa.ForeignKeyConstraint(
        ["workspace", "article", "n"],
        ["revision.workspace", "revision.article", "revision.n"],
    ),
    sqlite_with_rowid=False,
)

# The independent sources of an article: its originals if it names any, else its
# publisher. ``key`` folds spellings of one publisher, so that it counts once;
# ``n`` is its place in the article's list, from 0.
article_source = sa.Table(
    "article_source",
    metadata,
    *primary("workspace", "article", "key"),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.ForeignKeyConstraint(["workspace", "article"], ["article.workspace", "article.id"]),
    sqlite_with_rowid=False,
)

# ``id`` names the revision and both versions, so that one reader reads a revision once.
reading = sa.Table(
    "reading",
    metadata,
    *primary("workspace", "article", "id"),
    sa.Column("revision", sa.Integer, nullable=False),
    *required(sa.String, "reader_version", "gazetteer_version"),
    # JSON [[start, end], ...]: the index's passages, so that a rebuild need not read again.
    sa.Column("passages", sa.Text, nullable=False),
    sa.Column("superseded_at", Utc),
    sa.ForeignKeyConstraint(
        ["workspace", "article", "revision"],
        ["revision.workspace", "revision.article", "revision.n"],
    ),
    # The backlog of the reader is found by version.
    sa.Index(
        "ix_reading_live",
        "workspace",
        "reader_version",
        "gazetteer_version",
        **_only("superseded_at IS NULL"),
    ),
    sqlite_with_rowid=False,
)

# The mentions of an article's live reading only: they are derived, so a new reading
# replaces them. Keyed by article, which counts and filters by actor need.
mention = sa.Table(
    "mention",
    metadata,
    *primary("workspace", "article", "field"),
    sa.Column("start", sa.Integer, primary_key=True),
    sa.Column("end", sa.Integer, primary_key=True),
    sa.Column("actor", sa.String, primary_key=True),
    *required(sa.String, "alias", "kind"),
    sa.ForeignKeyConstraint(["workspace", "article"], ["article.workspace", "article.id"]),
    sa.Index(None, "workspace", "actor", "article"),
    sqlite_with_rowid=False,
)

# Keyed by article first, so that the rows of one article lie together and an insert
# touches few pages; ``id`` begins with the article's id, so that it finds its row alone.
fact = sa.Table(
    "fact",
    metadata,
    *primary("workspace", "article", "id"),
    sa.Column("reading", sa.String, nullable=False),
    sa.Column("source_actor", sa.String, nullable=False),  # empty if it is no actor
    *required(sa.String, "class", "act"),
    sa.Column("target_actor", sa.String),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("claimant", sa.String),
    sa.Column("event_date", sa.Date),
    *optional(sa.String, "precision", "place", "happening"),
    sa.Column("retired_at", Utc),
    # The states that the two act for: they identify facts about the same event.
    *optional(sa.String, "source_for", "target_for"),
    # The day of the event, else of the article.
    sa.Column("day", sa.Date),
    # The quote's own words for the target, if that is no actor.
    sa.Column("target_words", sa.Text),
    # The quote's own words for the source, if that is no actor.
    sa.Column("source_words", sa.Text),
    # The quote's own words for the claimant, if that is no actor.
    sa.Column("claimant_words", sa.Text),
    sa.ForeignKeyConstraint(
        ["workspace", "article", "reading"],
        ["reading.workspace", "reading.article", "reading.id"],
    ),
    sa.Index(None, "workspace", "source_actor", "day", "class"),
    sa.Index(None, "workspace", "target_actor", "day", "class"),
    sa.Index(None, "workspace", "claimant", "day", "class", **_only("claimant IS NOT NULL")),
    sa.Index(None, "workspace", "place", "day", "class", **_only("place IS NOT NULL")),
    sa.Index(None, "workspace", "source_for", "target_for", "day"),
    sa.Index(None, "workspace", "happening"),
    sqlite_with_rowid=False,
)

evidence = sa.Table(
    "evidence",
    metadata,
    *primary("workspace", "article", "fact"),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("field", sa.String, primary_key=True),
    sa.Column("start", sa.Integer, primary_key=True),
    sa.Column("end", sa.Integer, primary_key=True),
    sa.Column("quote", sa.Text, nullable=False),
    sa.CheckConstraint('"end" > start', name="span"),
    sa.ForeignKeyConstraint(
        ["workspace", "article", "fact"], ["fact.workspace", "fact.article", "fact.id"]
    ),
    sqlite_with_rowid=False,
)

actor = sa.Table(
    "actor",
    metadata,
    *primary("workspace", "id"),
    *required(sa.String, "type", "name"),
    sa.Column("iso3", sa.String(3)),
    sa.Column("acts_for", sa.String),
    sa.Column("description", sa.Text),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("as_of", sa.Date),
    sa.Column("merged_into", sa.String),
)

alias = sa.Table(
    "alias",
    metadata,
    *primary("workspace", "actor", "text", "kind"),
    sa.Column("lang", sa.String),
    sa.Column("source", sa.Text),
    sa.ForeignKeyConstraint(["workspace", "actor"], ["actor.workspace", "actor.id"]),
)

# Names of seed actors that a workspace has hidden.
hidden_alias = sa.Table(
    "hidden_alias",
    metadata,
    *primary("workspace", "actor", "text"),
    sqlite_with_rowid=False,
)

tenure = sa.Table(
    "tenure",
    metadata,
    *primary("workspace", "id"),
    *required(sa.String, "office", "person"),
    *optional(sa.Date, "since", "until"),
    sa.Column("source", sa.Text, nullable=False),
    sa.Index(None, "workspace", "office", "since"),
)

actor_change = sa.Table(
    "actor_change",
    metadata,
    sa.Column("workspace", sa.String, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    *required(sa.String, "actor", "op"),
    *optional(sa.Text, "before", "after"),
    sa.Column("person", sa.String, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("undone", sa.Boolean, nullable=False, default=False),
)

# The log that every index follows. ``seq`` comes from the counter, in the same transaction as
# the change: with an identity column a late commit could slip below a reader's mark.
change = sa.Table(
    "change",
    metadata,
    sa.Column("seq", _Count, primary_key=True, autoincrement=False),
    *required(sa.String, "workspace", "kind", "key", "op"),
)

counter = sa.Table(
    "counter",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", _Count, nullable=False),
)

# Small marks of the whole store, such as the version of the seed actors it holds.
mark = sa.Table(
    "mark",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)


# Hashes for finding near-copies: ``kept`` is how many hashes the text has in all.
shingle = sa.Table(
    "shingle",
    metadata,
    sa.Column("workspace", sa.String, primary_key=True),
    sa.Column("hash", sa.BigInteger, primary_key=True),
    sa.Column("article", sa.String, primary_key=True),
    sa.Column("kept", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Two texts with enough overlap, in each direction: ``share`` is how much of the article's words
# the other has. Only the words count, whatever the audience, deleted or not.
near_copy = sa.Table(
    "near_copy",
    metadata,
    *primary("workspace", "article", "other"),
    sa.Column("share", sa.Float, nullable=False),
    sa.ForeignKeyConstraint(["workspace", "article"], ["article.workspace", "article.id"]),
    sqlite_with_rowid=False,
)

# Articles that do not count under the sources they name: ``original`` is the article that a
# near-copy counts as, ``sources`` (JSON) the sources that it names itself.
folded = sa.Table(
    "folded",
    metadata,
    *primary("workspace", "article"),
    sa.Column("original", sa.String),
    sa.Column("sources", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(["workspace", "article"], ["article.workspace", "article.id"]),
    sa.Index(None, "workspace", "original"),
    sqlite_with_rowid=False,
)

# The story of each article. Stories are compared by their founding articles; ``terms`` are pairs
# of a hash and a weight for comparing an article.
story_article = sa.Table(
    "story_article",
    metadata,
    *primary("workspace", "article"),
    sa.Column("story", sa.String, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("founds", sa.Boolean, nullable=False),
    sa.Column("terms", sa.LargeBinary, nullable=False),
    sa.ForeignKeyConstraint(["workspace", "article"], ["article.workspace", "article.id"]),
    sa.Index(None, "workspace", "day"),
    sa.Index(None, "workspace", "story"),
    sqlite_with_rowid=False,
)
