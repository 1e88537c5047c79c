"""What is followed, and which place was told of which story."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.instants import Utc

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "watch",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("digest_only", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("muted_until", Utc(), nullable=True),
        sa.Column("tz", sa.String(), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_watch")),
    )
    op.create_index(op.f("ix_watch_workspace_team_place"), "watch", ["workspace", "team", "place"])
    op.create_table(
        "alerted",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "team", "place", "article", name=op.f("pk_alerted")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_alerted_workspace_story"), "alerted", ["workspace", "story"])
    op.create_index(op.f("ix_alerted_workspace_article"), "alerted", ["workspace", "article"])


def downgrade() -> None:
    op.drop_index(op.f("ix_alerted_workspace_article"), table_name="alerted")
    op.drop_index(op.f("ix_alerted_workspace_story"), table_name="alerted")
    op.drop_table("alerted")
    op.drop_index(op.f("ix_watch_workspace_team_place"), table_name="watch")
    op.drop_table("watch")
