"""How far sources are trusted, who said so, and which articles stand aside for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.instants import Utc

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "source_trust",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "key", name=op.f("pk_source_trust")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "trust_change",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "seq", name=op.f("pk_trust_change")),
    )
    op.create_table(
        "withheld",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "article"],
            ["article.workspace", "article.id"],
            name=op.f("fk_withheld_workspace"),
        ),
        sa.PrimaryKeyConstraint("workspace", "article", name=op.f("pk_withheld")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("withheld", "trust_change", "source_trust"):
        op.drop_table(table)
