"""What articles have in common: sampled shingles, near-copies, and stories."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def _of_article(table: str, *columns: sa.Column[str]) -> list[sa.schema.SchemaItem]:
    """The columns that lead a table of articles, with what binds them."""
    return [
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["workspace", "article"],
            ["article.workspace", "article.id"],
            name=op.f(f"fk_{table}_workspace"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace", "article", *(one.name for one in columns), name=op.f(f"pk_{table}")
        ),
    ]


def upgrade() -> None:
    op.create_table(
        "shingle",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "hash", "article", name=op.f("pk_shingle")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "near_copy",
        *_of_article("near_copy", sa.Column("other", sa.String(), nullable=False)),
        sa.Column("share", sa.Float(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "folded",
        *_of_article("folded"),
        sa.Column("original", sa.String(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_folded_workspace_original"), "folded", ["workspace", "original"])
    op.create_table(
        "story_article",
        *_of_article("story_article"),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("founds", sa.Boolean(), nullable=False),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    for column in ("day", "story"):
        op.create_index(
            op.f(f"ix_story_article_workspace_{column}"), "story_article", ["workspace", column]
        )


def downgrade() -> None:
    for table in ("story_article", "folded", "near_copy", "shingle"):
        op.drop_table(table)
