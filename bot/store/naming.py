"""Every name that an article goes by, so that it is one article under whichever it comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from sqlalchemy import (
    Column,
    Connection,
    ForeignKeyConstraint,
    String,
    Table,
    bindparam,
    select,
    update,
)

from bot.models import Arrival
from bot.store.sql import upsert_many
from bot.store.tables import article, metadata

# A name stays with the article that had it first, tombstoned or not.
article_name = Table(
    "article_name",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("audience", String, primary_key=True),
    Column("article", String, nullable=False),
    ForeignKeyConstraint(["workspace", "article"], ["article.workspace", "article.id"]),
    sqlite_with_rowid=False,
)

_Connect = Callable[[], AbstractContextManager[Connection]]

_RESTORE = (
    update(article)
    .where(article.c.workspace == bindparam("w"), article.c.id == bindparam("key"))
    .where(article.c.tombstoned_at.is_not(None))
    .values(tombstoned_at=None)
)
_BY_NAME = (
    select(article_name.c.article)
    .where(
        article_name.c.workspace == bindparam("w"),
        article_name.c.name.in_(bindparam("names", expanding=True)),
    )
    .distinct()
    .order_by(article_name.c.article)
)

_BY_GIVEN = (
    select(article.c.id)
    .where(article.c.workspace == bindparam("w"), article.c.external_id == bindparam("given"))
    .order_by(article.c.id)
)


def keep(connection: Connection, arrivals: Sequence[Arrival]) -> None:
    """Write down the names that articles came by; the articles are stored already."""
    rows = [
        {
            "workspace": one.article.workspace,
            "name": name,
            "audience": one.article.audience,
            "article": one.article.id,
        }
        for one in arrivals
        for name in dict.fromkeys((one.article.identity, *one.names))
    ]
    upsert_many(connection, article_name, rows)


class Names:
    """Part of the Store, at ``store.names``: which articles a name means."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def articles(self, workspace: str, names: Sequence[str]) -> list[str]:
        """The ids of the articles of any audience that go by one of these names."""
        with self._read() as connection:
            found = connection.execute(_BY_NAME, {"w": workspace, "names": list(names)})
            return [str(key) for key in found.scalars()]

    def given(self, workspace: str, external_id: str) -> list[str]:
        """The ids of the articles to which a file gave this id, which need not be unique."""
        with self._read() as connection:
            found = connection.execute(_BY_GIVEN, {"w": workspace, "given": external_id})
            return [str(key) for key in found.scalars()]

    def restore(self, workspace: str, article_: str) -> bool:
        """Take a tombstone away; True if there was one. The article is then to be read again."""
        with self._write() as connection:
            done = connection.execute(_RESTORE, {"w": workspace, "key": article_})
            return bool(done.rowcount)
