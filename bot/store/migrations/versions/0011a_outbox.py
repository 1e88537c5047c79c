"""What is posted unasked, and the pace of each place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.instants import Utc

revision = "0011a"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "outgoing",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("due_at", Utc(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("expires_at", Utc(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("not_before", Utc(), nullable=False),
        sa.Column("lease_until", Utc(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("put_at", Utc(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "key", name=op.f("pk_outgoing")),
    )
    op.create_index(
        op.f("ix_outgoing_state_workspace_place_not_before"),
        "outgoing",
        ["state", "workspace", "place", "not_before"],
    )
    op.create_table(
        "pace",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("free_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "place", name=op.f("pk_pace")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("pace")
    op.drop_index(op.f("ix_outgoing_state_workspace_place_not_before"), table_name="outgoing")
    op.drop_table("outgoing")
