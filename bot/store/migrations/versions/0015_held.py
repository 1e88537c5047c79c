"""Alerts that wait for quiet hours to end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.instants import Utc

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "held",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("alert", sa.Text(), nullable=False),
        sa.Column("until", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "team", "place", "story", name=op.f("pk_held")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_held_until"), "held", ["until"])


def downgrade() -> None:
    op.drop_index(op.f("ix_held_until"), table_name="held")
    op.drop_table("held")
