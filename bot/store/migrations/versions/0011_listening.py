"""The places whose links are read, and who asked for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.instants import Utc

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "listening",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("reads", sa.Boolean(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "place", "n", name=op.f("pk_listening")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("listening")
