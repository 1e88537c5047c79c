"""How to find the articles that wait for the reader."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

_LIVE = sa.text("superseded_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_reading_live",
        "reading",
        ["workspace", "reader_version", "gazetteer_version"],
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )


def downgrade() -> None:
    op.drop_index("ix_reading_live", "reading")
