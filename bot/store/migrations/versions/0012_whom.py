"""Whom an act was done to in its quote's own words, where that is no actor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011a"


def upgrade() -> None:
    op.add_column("fact", sa.Column("target_words", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("fact", "target_words")
