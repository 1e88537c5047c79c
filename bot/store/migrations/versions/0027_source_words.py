"""Who acts in a fact's quote's own words, where that is no actor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("fact", sa.Column("source_words", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("fact", "source_words")
