"""What people say of the replies they got."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.instants import Utc

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "reply", "person", name=op.f("pk_feedback")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_feedback_at"), "feedback", ["at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_feedback_at"), table_name="feedback")
    op.drop_table("feedback")
