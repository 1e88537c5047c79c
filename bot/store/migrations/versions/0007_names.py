"""Every name of an article: its identity, and its link as it is folded now."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.gather.links import canonical_url, short

revision = "0007"
down_revision = "0006"

_IDENTITIES = """
    INSERT INTO article_name (workspace, name, audience, article)
    SELECT workspace, identity, audience, id FROM article
"""
_LINKS = sa.text("SELECT workspace, audience, id, url FROM article WHERE url IS NOT NULL")
_NAME = sa.text("""
    INSERT INTO article_name (workspace, name, audience, article) VALUES (:w, :name, :audience, :id)
    ON CONFLICT DO NOTHING
""")
_ROWS = 10_000


def upgrade() -> None:
    op.create_table(
        "article_name",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "article"],
            ["article.workspace", "article.id"],
            name=op.f("fk_article_name_workspace"),
        ),
        sa.PrimaryKeyConstraint("workspace", "name", "audience", name=op.f("pk_article_name")),
        sqlite_with_rowid=False,
    )
    op.execute(_IDENTITIES)
    connection = op.get_bind()
    for rows in connection.execute(_LINKS).partitions(_ROWS):
        connection.execute(
            _NAME,
            [
                {"w": w, "name": short(canonical_url(url)), "audience": audience, "id": key}
                for w, audience, key, url in rows
            ],
        )


def downgrade() -> None:
    op.drop_table("article_name")
