"""What was told to whom, and what was corrected."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.instants import Utc

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("outgoing", sa.Column("tells", sa.Text(), nullable=True))
    _told()
    op.create_table(
        "told_line",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("fact", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "message"],
            ["told.workspace", "told.id"],
            name=op.f("fk_told_line_workspace"),
        ),
        sa.PrimaryKeyConstraint("workspace", "article", "id", "message", name=op.f("pk_told_line")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_told_line_workspace_message"), "told_line", ["workspace", "message"])
    op.create_table(
        "corrected",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace", "line", "team", "place", "thread", "what", name=op.f("pk_corrected")
        ),
        sqlite_with_rowid=False,
    )


def _told() -> None:
    op.create_table(
        "told",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("audiences", sa.Text(), nullable=False),
        sa.Column("tz", sa.String(), nullable=False),
        sa.Column("as_of", Utc(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("looked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_told")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_told_team_place_ts"), "told", ["team", "place", "ts"])
    op.create_index(op.f("ix_told_looked"), "told", ["looked"])
    op.create_index(op.f("ix_told_at"), "told", ["at"])


def downgrade() -> None:
    op.drop_table("corrected")
    op.drop_index(op.f("ix_told_line_workspace_message"), table_name="told_line")
    op.drop_table("told_line")
    op.drop_index(op.f("ix_told_at"), table_name="told")
    op.drop_index(op.f("ix_told_looked"), table_name="told")
    op.drop_index(op.f("ix_told_team_place_ts"), table_name="told")
    op.drop_table("told")
    op.drop_column("outgoing", "tells")
