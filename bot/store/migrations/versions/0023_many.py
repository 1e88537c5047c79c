"""Room for more changes than an integer of PostgreSQL counts; SQLite's has it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

_COLUMNS = (("change", "seq"), ("counter", "value"))


def upgrade() -> None:
    _to(sa.BigInteger())


def downgrade() -> None:
    _to(sa.Integer())


def _to(kind: sa.Integer) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, column in _COLUMNS:
            op.alter_column(table, column, type_=kind)
