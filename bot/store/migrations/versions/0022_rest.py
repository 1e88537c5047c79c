"""Who is posting in a place, and the rest after a message."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.instants import Utc

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("pace", sa.Column("rest_until", Utc(), nullable=True))
    op.add_column("pace", sa.Column("busy_until", Utc(), nullable=True))


def downgrade() -> None:
    op.drop_column("pace", "busy_until")
    op.drop_column("pace", "rest_until")
