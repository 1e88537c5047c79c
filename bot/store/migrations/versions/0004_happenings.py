"""Whom the actors of a fact act for, and facts by their happening."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("fact", sa.Column("source_for", sa.String(), nullable=True))
    op.add_column("fact", sa.Column("target_for", sa.String(), nullable=True))
    op.create_index(
        op.f("ix_fact_workspace_source_for_target_for"),
        "fact",
        ["workspace", "source_for", "target_for"],
    )
    op.create_index(op.f("ix_fact_workspace_happening"), "fact", ["workspace", "happening"])


def downgrade() -> None:
    op.drop_index(op.f("ix_fact_workspace_happening"), "fact")
    op.drop_index(op.f("ix_fact_workspace_source_for_target_for"), "fact")
    op.drop_column("fact", "target_for")
    op.drop_column("fact", "source_for")
