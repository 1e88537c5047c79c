"""Which texts are thinned, and how to find those that are old."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.instants import Utc

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "thinned",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "article", "n"],
            ["revision.workspace", "revision.article", "revision.n"],
            name=op.f("fk_thinned_workspace"),
        ),
        sa.PrimaryKeyConstraint("workspace", "article", "n", name=op.f("pk_thinned")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_revision_seen_at"), "revision", ["seen_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_revision_seen_at"), "revision")
    op.drop_table("thinned")
