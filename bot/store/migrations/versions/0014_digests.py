"""What is told at set times, and which articles each digest told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.instants import Utc

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "digest",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("times", sa.Text(), nullable=False),
        sa.Column("actors", sa.Text(), nullable=False),
        sa.Column("quiet", sa.String(), nullable=False),
        sa.Column("hush", sa.Text(), nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.Column("due", Utc(), nullable=False),
        sa.Column("lease_until", Utc(), nullable=True),
        sa.Column("claim", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_digest")),
    )
    op.create_index(
        op.f("ix_digest_workspace_team_place"),
        "digest",
        ["workspace", "team", "place"],
        unique=True,
    )
    op.create_index(op.f("ix_digest_paused_due"), "digest", ["paused", "due"])
    op.create_table(
        "digested",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("digest", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "digest", "article", name=op.f("pk_digested")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("digested")
    op.drop_index(op.f("ix_digest_paused_due"), table_name="digest")
    op.drop_index(op.f("ix_digest_workspace_team_place"), table_name="digest")
    op.drop_table("digest")
