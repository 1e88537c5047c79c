"""Who wrote an article, when it was last changed, and its language."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.instants import Utc

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("article", sa.Column("author", sa.String(), nullable=True))
    op.add_column("article", sa.Column("modified", Utc(), nullable=True))
    op.add_column("article", sa.Column("language", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("article", "language")
    op.drop_column("article", "modified")
    op.drop_column("article", "author")
