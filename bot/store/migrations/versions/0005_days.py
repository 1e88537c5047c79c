"""The day that each fact counts for, and live facts by it: the newest come from an index."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ROLES = ("source_actor", "target_actor", "claimant", "place")


def _there(role: str) -> dict[str, Any]:
    return dict.fromkeys(("sqlite_where", "postgresql_where"), sa.text(f"{role} IS NOT NULL"))


_DAYS = """
    UPDATE fact SET day = coalesce(event_date, (
        SELECT {} FROM article
        WHERE article.workspace = fact.workspace AND article.id = fact.article
    ))
"""
_DAY = {
    "sqlite": "substr(article.published, 1, 10)",
    "postgresql": "CAST(article.published AT TIME ZONE 'UTC' AS DATE)",
}
_SIDES = "ix_fact_workspace_source_for_target_for"


def upgrade() -> None:
    op.add_column("fact", sa.Column("day", sa.Date(), nullable=True))
    op.execute(_DAYS.format(_DAY[op.get_bind().dialect.name]))
    for role in _ROLES[:2]:
        op.drop_index(op.f(f"ix_fact_workspace_{role}_event_date"), "fact")
    op.drop_index(op.f("ix_fact_workspace_claimant"), "fact")
    for role in _ROLES:
        only = {} if role in _ROLES[:2] else _there(role)
        op.create_index(
            op.f(f"ix_fact_workspace_{role}_day_class"),
            "fact",
            ["workspace", role, "day", "class"],
            **only,
        )
    op.drop_index(op.f(_SIDES), "fact")
    op.create_index(op.f(f"{_SIDES}_day"), "fact", ["workspace", "source_for", "target_for", "day"])


def downgrade() -> None:
    op.drop_index(op.f(f"{_SIDES}_day"), "fact")
    op.create_index(op.f(_SIDES), "fact", ["workspace", "source_for", "target_for"])
    for role in _ROLES:
        op.drop_index(op.f(f"ix_fact_workspace_{role}_day_class"), "fact")
    for role in _ROLES[:2]:
        op.create_index(
            op.f(f"ix_fact_workspace_{role}_event_date"), "fact", ["workspace", role, "event_date"]
        )
    op.create_index(
        op.f("ix_fact_workspace_claimant"), "fact", ["workspace", "claimant"], **_there("claimant")
    )
    op.drop_column("fact", "day")
