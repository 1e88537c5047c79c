"""Names of seed actors that do not count in a workspace."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "hidden_alias",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "actor", "text", name=op.f("pk_hidden_alias")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("hidden_alias")
