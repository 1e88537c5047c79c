"""The sources that a workspace distrusts, and the articles withheld because of that.

A withheld article is stored like a deleted one, and restored when its source is trusted again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.models import Arrival
from bot.store.ids import publisher_key
from bot.store.sql import WORKSPACE, among, execute_in, upsert_many, values_in
from bot.store.tables import Utc, article, metadata, primary, required

# The trust that somebody set in a source, by the key of its name.
source_trust = sa.Table(
    "source_trust",
    metadata,
    *primary("workspace", "key"),
    *required(sa.String, "name", "level"),
    sqlite_with_rowid=False,
)

# Every change of trust, in order, with who made it and when.
trust_change = sa.Table(
    "trust_change",
    metadata,
    sa.Column("workspace", sa.String, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    *required(sa.String, "key", "name", "before", "level", "person"),
    sa.Column("at", Utc, nullable=False),
)

# Articles that are hidden, like deleted ones, as long as their source is distrusted.
withheld = sa.Table(
    "withheld",
    metadata,
    *primary("workspace", "article"),
    sa.ForeignKeyConstraint(["workspace", "article"], ["article.workspace", "article.id"]),
    sqlite_with_rowid=False,
)

_DISTRUSTED = sa.select(source_trust.c.key).where(
    source_trust.c.workspace == WORKSPACE,
    source_trust.c.level.in_(["distrusted", "removed"]),
)
WITHHELD = sa.select(withheld.c.article).where(among(withheld.c.article))
_FORGET = sa.delete(withheld).where(among(withheld.c.article))
_LIVE = sa.select(article.c.id).where(
    among(article.c.id),
    article.c.tombstoned_at.is_(None),
)
_MARK = sa.update(article).where(among(article.c.id)).values(tombstoned_at=sa.bindparam("now"))


def distrusted_in(connection: sa.Connection, workspace: str) -> frozenset[str]:
    """Return the keys of the sources whose evidence does not count in a workspace."""
    return frozenset(connection.execute(_DISTRUSTED, {"w": workspace}).scalars())


def is_withheld(publisher: str | None, named: Collection[str], distrusted: Collection[str]) -> bool:
    """Return whether an article is withheld: for its publisher, or for all that it rewrites.

    ``named`` are its own sources; an article that also rewrites a trusted source stays.
    """
    keys = {publisher_key(name) for name in named}
    return bool(
        (publisher and publisher_key(publisher) in distrusted) or (keys and keys <= set(distrusted))
    )


def withhold_arrivals(
    connection: sa.Connection, workspace: str, arrivals: Sequence[Arrival], now: datetime
) -> list[str]:
    """Withhold new articles of distrusted sources; return those articles."""
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
    connection: sa.Connection, workspace: str, keys: Collection[str], now: datetime
) -> list[str]:
    """Withhold live articles; return those that were live."""
    found = list(values_in(connection, _LIVE, workspace, keys))
    execute_in(connection, _MARK, workspace, found, now=now)
    rows = [{"workspace": workspace, "article": key} for key in found]
    upsert_many(connection, withheld, rows)
    return found


def release(connection: sa.Connection, workspace: str, keys: Collection[str]) -> list[str]:
    """Let withheld articles count again; return those that were withheld."""
    found = list(values_in(connection, WITHHELD, workspace, keys))
    execute_in(connection, _MARK, workspace, found, now=None)
    execute_in(connection, _FORGET, workspace, found)
    return found


def forget_withheld(connection: sa.Connection, workspace: str, key: str) -> bool:
    """Keep an article deleted, even if its source is trusted again; True if it was withheld."""
    done = connection.execute(_FORGET, {"w": workspace, "ids": [key]})
    return bool(done.rowcount)
