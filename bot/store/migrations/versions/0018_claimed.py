"""Who says so in a fact's quote's own words, where that is no actor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("fact", sa.Column("claimant_words", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("fact", "claimant_words")
