"""Facts that people marked wrong."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "wrong_fact",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "article", "fact"],
            ["fact.workspace", "fact.article", "fact.id"],
            name=op.f("fk_wrong_fact_workspace"),
        ),
        sa.PrimaryKeyConstraint("workspace", "article", "fact", name=op.f("pk_wrong_fact")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("wrong_fact")
