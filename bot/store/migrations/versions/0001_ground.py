"""The ground: every table of the first version."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.store.instants import Utc

revision = "0001"
down_revision = None


def upgrade() -> None:
    _article()
    _revision()
    _article_source()
    _reading()
    _mention()
    _fact()
    _evidence()
    _actor()
    _alias()
    _tenure()
    _actor_change()
    _request()
    _reply()
    _change()
    _counter()
    _mark()
    if op.get_bind().dialect.name == "sqlite":
        _statistics()


def downgrade() -> None:
    for name in reversed(
        "article revision article_source reading mention fact evidence actor alias "
        "tenure actor_change request reply change counter mark".split()
    ):
        op.drop_table(name)


def _required(kind: Any, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind(), nullable=False) for name in names]


def _optional(kind: Any, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind()) for name in names]


def _article() -> None:
    op.create_table(
        "article",
        *_required(sa.String, "workspace", "id", "audience", "identity"),
        *_optional(sa.String, "external_id"),
        *_optional(sa.Text, "url"),
        *_optional(sa.String, "publisher", "original_source"),
        *_optional(Utc, "published"),
        *_optional(sa.String, "published_precision"),
        *_required(Utc, "first_seen"),
        *_optional(Utc, "tombstoned_at"),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_article"),
        sa.UniqueConstraint(
            "workspace", "audience", "identity", name="uq_article_workspace_audience_identity"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_article_tombstoned",
        "article",
        ["workspace"],
        sqlite_where=sa.text("tombstoned_at IS NOT NULL"),
        postgresql_where=sa.text("tombstoned_at IS NOT NULL"),
    )
    op.create_index(
        "ix_article_workspace_published_id", "article", ["workspace", "published", "id"]
    )


def _revision() -> None:
    op.create_table(
        "revision",
        *_required(sa.String, "workspace", "article"),
        *_required(sa.Integer, "n"),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        *_required(Utc, "seen_at"),
        *_required(sa.Text, "title", "text"),
        sa.ForeignKeyConstraint(
            ["workspace", "article"],
            ["article.workspace", "article.id"],
            name="fk_revision_workspace",
        ),
        sa.PrimaryKeyConstraint("workspace", "article", "n", name="pk_revision"),
    )


def _article_source() -> None:
    op.create_table(
        "article_source",
        *_required(sa.String, "workspace", "article", "key"),
        *_required(sa.Integer, "n"),
        *_required(sa.String, "name"),
        sa.ForeignKeyConstraint(
            ["workspace", "article"],
            ["article.workspace", "article.id"],
            name="fk_article_source_workspace",
        ),
        sa.PrimaryKeyConstraint("workspace", "article", "key", name="pk_article_source"),
        sqlite_with_rowid=False,
    )


def _reading() -> None:
    op.create_table(
        "reading",
        *_required(sa.String, "workspace", "article", "id"),
        *_required(sa.Integer, "revision"),
        *_required(sa.String, "reader_version", "gazetteer_version"),
        *_required(sa.Text, "passages"),
        *_optional(Utc, "superseded_at"),
        sa.ForeignKeyConstraint(
            ["workspace", "article", "revision"],
            ["revision.workspace", "revision.article", "revision.n"],
            name="fk_reading_workspace",
        ),
        sa.PrimaryKeyConstraint("workspace", "article", "id", name="pk_reading"),
        sqlite_with_rowid=False,
    )


def _mention() -> None:
    op.create_table(
        "mention",
        *_required(sa.String, "workspace", "article", "field"),
        *_required(sa.Integer, "start", "end"),
        *_required(sa.String, "actor", "alias", "kind"),
        sa.ForeignKeyConstraint(
            ["workspace", "article"],
            ["article.workspace", "article.id"],
            name="fk_mention_workspace",
        ),
        sa.PrimaryKeyConstraint(
            "workspace", "article", "field", "start", "end", "actor", name="pk_mention"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_mention_workspace_actor_article", "mention", ["workspace", "actor", "article"]
    )


def _fact() -> None:
    op.create_table(
        "fact",
        *_required(
            sa.String, "workspace", "article", "id", "reading", "source_actor", "class", "act"
        ),
        *_optional(sa.String, "target_actor"),
        *_required(sa.String, "status"),
        *_optional(sa.String, "claimant"),
        *_optional(sa.Date, "event_date"),
        *_optional(sa.String, "precision", "place", "happening"),
        *_optional(Utc, "retired_at"),
        sa.ForeignKeyConstraint(
            ["workspace", "article", "reading"],
            ["reading.workspace", "reading.article", "reading.id"],
            name="fk_fact_workspace",
        ),
        sa.PrimaryKeyConstraint("workspace", "article", "id", name="pk_fact"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_fact_workspace_claimant",
        "fact",
        ["workspace", "claimant"],
        sqlite_where=sa.text("claimant IS NOT NULL"),
        postgresql_where=sa.text("claimant IS NOT NULL"),
    )
    op.create_index(
        "ix_fact_workspace_source_actor_event_date",
        "fact",
        ["workspace", "source_actor", "event_date"],
    )
    op.create_index(
        "ix_fact_workspace_target_actor_event_date",
        "fact",
        ["workspace", "target_actor", "event_date"],
    )


def _evidence() -> None:
    op.create_table(
        "evidence",
        *_required(sa.String, "workspace", "article", "fact"),
        *_required(sa.Integer, "revision"),
        *_required(sa.String, "field"),
        *_required(sa.Integer, "start", "end"),
        *_required(sa.Text, "quote"),
        sa.CheckConstraint('"end" > start', name=op.f("ck_evidence_span")),
        sa.ForeignKeyConstraint(
            ["workspace", "article", "fact"],
            ["fact.workspace", "fact.article", "fact.id"],
            name="fk_evidence_workspace",
        ),
        sa.PrimaryKeyConstraint(
            "workspace", "article", "fact", "revision", "field", "start", "end", name="pk_evidence"
        ),
        sqlite_with_rowid=False,
    )


def _actor() -> None:
    op.create_table(
        "actor",
        *_required(sa.String, "workspace", "id", "type", "name"),
        sa.Column("iso3", sa.String(length=3)),
        *_optional(sa.String, "acts_for"),
        *_optional(sa.Text, "description"),
        *_required(sa.Text, "source"),
        *_optional(sa.Date, "as_of"),
        *_optional(sa.String, "merged_into"),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_actor"),
    )


def _alias() -> None:
    op.create_table(
        "alias",
        *_required(sa.String, "workspace", "actor", "text", "kind"),
        *_optional(sa.String, "lang"),
        *_optional(sa.Text, "source"),
        sa.ForeignKeyConstraint(
            ["workspace", "actor"], ["actor.workspace", "actor.id"], name="fk_alias_workspace"
        ),
        sa.PrimaryKeyConstraint("workspace", "actor", "text", "kind", name="pk_alias"),
    )


def _tenure() -> None:
    op.create_table(
        "tenure",
        *_required(sa.String, "workspace", "id", "office", "person"),
        *_optional(sa.Date, "since", "until"),
        *_required(sa.Text, "source"),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_tenure"),
    )
    op.create_index("ix_tenure_workspace_office_since", "tenure", ["workspace", "office", "since"])


def _actor_change() -> None:
    op.create_table(
        "actor_change",
        *_required(sa.String, "workspace"),
        *_required(sa.Integer, "seq"),
        *_required(sa.String, "actor", "op"),
        *_optional(sa.Text, "before", "after"),
        *_required(sa.String, "person"),
        *_required(Utc, "at"),
        *_required(sa.Boolean, "undone"),
        sa.PrimaryKeyConstraint("workspace", "seq", name="pk_actor_change"),
    )


def _request() -> None:
    op.create_table(
        "request",
        *_required(sa.String, "workspace", "surface", "key"),
        *_required(sa.Text, "payload"),
        *_required(sa.String, "state"),
        *_optional(Utc, "lease_until"),
        *_required(sa.Integer, "attempts"),
        *_required(Utc, "received_at"),
        *_optional(Utc, "ended_at"),
        *_optional(sa.Text, "error"),
        sa.PrimaryKeyConstraint("workspace", "surface", "key", name="pk_request"),
    )
    op.create_index("ix_request_state_lease_until", "request", ["state", "lease_until"])


def _reply() -> None:
    op.create_table(
        "reply",
        *_required(sa.String, "workspace", "id", "surface", "request", "place", "person"),
        *_optional(sa.String, "ts"),
        *_required(sa.Text, "query"),
        *_optional(sa.Text, "period"),
        *_required(Utc, "as_of"),
        *_required(sa.Text, "fact_ids"),
        *_required(Utc, "sent_at"),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_reply"),
        sa.UniqueConstraint(
            "workspace", "surface", "request", name="uq_reply_workspace_surface_request"
        ),
    )
    op.create_index("ix_reply_workspace_place_ts", "reply", ["workspace", "place", "ts"])


def _change() -> None:
    op.create_table(
        "change",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        *_required(sa.String, "workspace", "kind", "key", "op"),
        sa.PrimaryKeyConstraint("seq", name="pk_change"),
    )


def _counter() -> None:
    op.create_table(
        "counter",
        *_required(sa.String, "name"),
        *_required(sa.Integer, "value"),
        sa.PrimaryKeyConstraint("name", name="pk_counter"),
    )


def _mark() -> None:
    op.create_table(
        "mark",
        *_required(sa.String, "name"),
        *_required(sa.Text, "value"),
        sa.PrimaryKeyConstraint("name", name="pk_mark"),
    )


def _statistics() -> None:
    """Tell SQLite what a store looks like: it would take a workspace for a narrow key.

    Without this it answers "which of these identities are stored?" by reading every article.
    https://sqlite.org/lang_analyze.html allows statistics to be written by hand.
    """
    op.execute("ANALYZE")  # makes the table
    op.execute("DELETE FROM sqlite_stat1")
    op.execute(
        "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES"
        " ('article', 'article', '100000 100000 1'),"
        " ('article', 'sqlite_autoindex_article_2', '100000 100000 100000 1'),"
        " ('article', 'ix_article_workspace_published_id', '100000 100000 100 1')"
    )
    op.execute("ANALYZE sqlite_schema")  # reads them
