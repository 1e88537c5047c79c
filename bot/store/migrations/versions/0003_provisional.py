"""Whom articles introduce that no table knows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "provisional",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("last", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("promoted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_provisional")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_provisional_workspace_key"), "provisional", ["workspace", "key"])
    op.create_index(op.f("ix_provisional_workspace_last"), "provisional", ["workspace", "last"])
    op.create_table(
        "introduction",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "article"],
            ["article.workspace", "article.id"],
            name=op.f("fk_introduction_workspace"),
        ),
        sa.PrimaryKeyConstraint("workspace", "actor", "article", name=op.f("pk_introduction")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_introduction_workspace_article"), "introduction", ["workspace", "article"]
    )


def downgrade() -> None:
    op.drop_table("introduction")
    op.drop_table("provisional")
