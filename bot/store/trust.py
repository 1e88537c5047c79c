"""Which sources a workspace distrusts, and which articles are withheld because of that.

An article that stands aside is kept as a deleted one is, and comes back with its source.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    select,
    update,
)

from bot.models import Arrival
from bot.store.ids import publisher_key
from bot.store.instants import Utc
from bot.store.sql import chunks, upsert_many
from bot.store.tables import article, metadata

# How far a source is trusted where somebody said so, by the key of its name.
source_trust = Table(
    "source_trust",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("level", String, nullable=False),
    sqlite_with_rowid=False,
)

# Who said it, and when: every change in order.
trust_change = Table(
    "trust_change",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("key", String, nullable=False),
    Column("name", String, nullable=False),
    Column("before", String, nullable=False),
    Column("level", String, nullable=False),
    Column("person", String, nullable=False),
    Column("at", Utc, nullable=False),
)

# Articles that are hidden, like deleted ones, for as long as their source is distrusted.
withheld = Table(
    "withheld",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("article", String, primary_key=True),
    ForeignKeyConstraint(["workspace", "article"], ["article.workspace", "article.id"]),
    sqlite_with_rowid=False,
)

_workspace: BindParameter[Any] = bindparam("w")
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_DISTRUSTED = select(source_trust.c.key).where(
    source_trust.c.workspace == _workspace,
    source_trust.c.level.in_(["distrusted", "removed"]),
)
_WITHHELD = select(withheld.c.article).where(
    withheld.c.workspace == _workspace, withheld.c.article.in_(_ids)
)
_FORGET = delete(withheld).where(withheld.c.workspace == _workspace, withheld.c.article.in_(_ids))
_LIVE = select(article.c.id).where(
    article.c.workspace == _workspace,
    article.c.id.in_(_ids),
    article.c.tombstoned_at.is_(None),
)
_MARK = (
    update(article)
    .where(article.c.workspace == _workspace, article.c.id.in_(_ids))
    .values(tombstoned_at=bindparam("now"))
)


def distrusted_in(connection: Connection, workspace: str) -> frozenset[str]:
    """The keys of the sources whose evidence does not count in a workspace."""
    return frozenset(connection.execute(_DISTRUSTED, {"w": workspace}).scalars())


def is_withheld(publisher: str | None, named: Collection[str], distrusted: Collection[str]) -> bool:
    """Whether an article is withheld with its source: its publisher, or all that it rewrites.

    ``named`` are its own sources; what is after a trusted source as well stays.
    """
    keys = {publisher_key(name) for name in named}
    return bool(
        (publisher and publisher_key(publisher) in distrusted) or (keys and keys <= set(distrusted))
    )


def withhold_arrivals(
    connection: Connection, workspace: str, arrivals: Sequence[Arrival], now: datetime
) -> list[str]:
    """Withhold new articles of distrusted sources; returns those articles."""
    distrusted = distrusted_in(connection, workspace)
    if not distrusted:
        return []
    keys = [
        one.article.id
        for one in arrivals
        if is_withheld(one.article.publisher, one.sources, distrusted)
    ]
    return withhold(connection, workspace, keys, now)


def withhold(
    connection: Connection, workspace: str, keys: Collection[str], now: datetime
) -> list[str]:
    """Withhold live articles; returns those that were live."""
    found: list[str] = []
    for some in chunks(keys):
        values: Mapping[str, Any] = {"w": workspace, "ids": some}
        live = list(connection.execute(_LIVE, values).scalars())
        connection.execute(_MARK, {"w": workspace, "ids": live, "now": now})
        found += live
    rows = [{"workspace": workspace, "article": key} for key in found]
    upsert_many(connection, withheld, rows)
    return found


def release(connection: Connection, workspace: str, keys: Collection[str]) -> list[str]:
    """Let withheld articles count again; returns those that were withheld."""
    found: list[str] = []
    for some in chunks(keys):
        aside = list(connection.execute(_WITHHELD, {"w": workspace, "ids": some}).scalars())
        connection.execute(_MARK, {"w": workspace, "ids": aside, "now": None})
        connection.execute(_FORGET, {"w": workspace, "ids": aside})
        found += aside
    return found


def forget_withheld(connection: Connection, workspace: str, key: str) -> bool:
    """Keep an article deleted, whatever happens to its source."""
    done = connection.execute(_FORGET, {"w": workspace, "ids": [key]})
    return bool(done.rowcount)
