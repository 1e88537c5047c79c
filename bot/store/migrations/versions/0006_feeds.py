"""Feeds that are followed, their entries, and what is told of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.instants import Utc

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "feed",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("next_poll", Utc(), nullable=False),
        sa.Column("lease_until", Utc(), nullable=True),
        sa.Column("claim", sa.Integer(), nullable=False),
        sa.Column("fares", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_feed")),
        sa.UniqueConstraint(
            "workspace", "audience", "key", name=op.f("uq_feed_workspace_audience_key")
        ),
    )
    op.create_index(op.f("ix_feed_state_next_poll"), "feed", ["state", "next_poll"])
    op.create_table(
        "feed_entry",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("published", Utc(), nullable=True),
        sa.Column("published_precision", sa.String(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_seen", Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "feed"], ["feed.workspace", "feed.id"],
            name=op.f("fk_feed_entry_workspace"),
        ),
        sa.PrimaryKeyConstraint("workspace", "feed", "key", name=op.f("pk_feed_entry")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_index(op.f("ix_feed_entry_workspace_link"), "feed_entry", ["workspace", "link"])
    op.create_table(
        "feed_notice",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_feed_notice")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "feed_notice_sent",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("notice", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "notice"], ["feed_notice.workspace", "feed_notice.id"],
            name=op.f("fk_feed_notice_sent_workspace"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace", "notice", "person", name=op.f("pk_feed_notice_sent")
        ),
        sqlite_with_rowid=False,
    )  # fmt: skip


def downgrade() -> None:
    for name in ("feed_notice_sent", "feed_notice", "feed_entry", "feed"):
        op.drop_table(name)
