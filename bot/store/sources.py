"""Which sources there are, how far each is trusted, and what becomes of their articles.

What is distrusted leaves every brief and count in the transaction that says so, and comes back
in the one that takes it back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import BindParameter, Connection, bindparam, func, insert, select

from bot.store.alike import folded
from bot.store.aside import move, published_as
from bot.store.keys import publisher_key
from bot.store.sql import advance, upsert_many
from bot.store.tables import article, article_source
from bot.store.trust import source_trust, trust_change, withheld

Level = Literal["trusted", "normal", "distrusted", "removed"]
"""``trusted`` and ``normal`` sources count; of a ``removed`` one nothing is taken in any more."""

LEVELS: tuple[Level, ...] = get_args(Level)

_workspace: BindParameter[Any] = bindparam("w")
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_TRUST = select(source_trust).where(source_trust.c.workspace == _workspace)
_LOG = (
    select(trust_change)
    .where(trust_change.c.workspace == _workspace)
    .order_by(trust_change.c.seq.desc())
    .limit(bindparam("limit"))
)
_seen = article.c.workspace == _workspace
_may_see = article.c.audience.in_(bindparam("audiences", expanding=True))
_there = article.c.tombstoned_at.is_(None) | withheld.c.article.is_not(None)
_aside = (withheld.c.workspace == _workspace) & (withheld.c.article == article.c.id)
_folds = (folded.c.workspace == _workspace) & (folded.c.article == article.c.id)
_seen_at = func.coalesce(article.c.published, article.c.first_seen)
# Of what has no date nothing is known but when it came, which is no date.
_newest = func.max(article.c.published).label("newest")
_PUBLISHED = (
    select(
        article.c.publisher,
        article.c.original_source.is_not(None).label("after"),
        folded.c.original.is_not(None).label("copies"),
        func.count().label("articles"),
        _newest,
    )
    .outerjoin(withheld, _aside)
    .outerjoin(folded, _folds)
    .where(_seen, _may_see, _there, article.c.publisher.is_not(None))
    .group_by(article.c.publisher, "after", "copies")
)
_CITED = (
    select(article_source.c.name, func.count().label("articles"), _newest)
    .join(article, (article.c.workspace == _workspace) & (article.c.id == article_source.c.article))
    .outerjoin(withheld, _aside)
    .where(article_source.c.workspace == _workspace, _may_see, _there)
    .outerjoin(folded, _folds)
    .where(article.c.original_source.is_not(None), folded.c.article.is_(None))
    .group_by(article_source.c.name)
)
_CITED_APART = (
    select(folded.c.sources, article.c.published.label("newest"))
    .join(article, (article.c.workspace == _workspace) & (article.c.id == folded.c.article))
    .outerjoin(withheld, _aside)
    .where(folded.c.workspace == _workspace, _may_see, _there)
    .where(article.c.original_source.is_not(None))
)
_LATEST = (
    select(article.c.id)
    .where(_seen, _may_see, article.c.tombstoned_at.is_(None))
    .where(_seen_at <= bindparam("as_of"))
    .order_by(article.c.published.desc().nulls_last(), article.c.first_seen.desc(), article.c.id)
    .limit(1)
)
_NEWEST = _LATEST.where(article.c.publisher.in_(_ids))
_NEWEST_AFTER = _LATEST.join(
    article_source,
    (article_source.c.workspace == _workspace) & (article_source.c.article == article.c.id),
).where(article_source.c.key == bindparam("key"))


class Source(NamedTuple):
    """A source: ``articles`` are those it published, ``own`` of these the ones that are nobody
    else's, ``cited`` those of others that are after it. ``newest`` is None where all are undated.
    """

    key: str
    name: str
    level: Level
    articles: int
    own: int
    cited: int
    newest: datetime | None

    @property
    def independence(self) -> float | None:
        """The share of what it published that is its own; None where it published nothing."""
        return self.own / self.articles if self.articles else None


class _Cited(NamedTuple):
    name: str
    articles: int
    newest: datetime | None


class TrustChange(NamedTuple):
    """One line of the log: who trusts a source how far from when on."""

    seq: int
    key: str
    name: str
    before: Level
    level: Level
    person: str
    at: datetime


class Sources:
    """Part of the Store, at ``store.sources``."""

    def __init__(
        self,
        write: Callable[[], AbstractContextManager[Connection]],
        read: Callable[[], AbstractContextManager[Connection]],
    ) -> None:
        self._write = write
        self._read = read

    def all(self, workspace: str, audiences: Collection[str]) -> list[Source]:
        """Every source of articles that these audiences may see, those with most first."""
        asked = {"w": workspace, "audiences": sorted(audiences)}
        with self._read() as connection:
            levels = _levels(connection, workspace)
            published = connection.execute(_PUBLISHED, asked).all()
            cited = [
                *(_Cited(*row) for row in connection.execute(_CITED, asked)),
                # What counts otherwise than it says is after those that it names all the same.
                *(
                    _Cited(name, 1, newest)
                    for names, newest in connection.execute(_CITED_APART, asked)
                    for name in json.loads(names)
                ),
            ]
        return _listed(levels, published, cited)

    def newest(
        self, workspace: str, audiences: Collection[str], key: str, as_of: datetime
    ) -> str | None:
        """The newest live article that a source published, else one that is after it, or None."""
        asked = {"w": workspace, "audiences": sorted(audiences), "as_of": as_of, "key": key}
        with self._read() as connection:
            names = published_as(connection, workspace, key)
            own = connection.execute(_NEWEST, asked | {"ids": names}).scalar() if names else None
            return own or connection.execute(_NEWEST_AFTER, asked).scalar()

    def removed(self, workspace: str) -> frozenset[str]:
        """The keys of the sources of which nothing is taken in."""
        with self._read() as connection:
            levels = _levels(connection, workspace)
        return frozenset(key for key, (_, level) in levels.items() if level == "removed")

    def log(self, workspace: str, limit: int = 50) -> list[TrustChange]:
        """Who trusted which source how far, the newest first."""
        with self._read() as connection:
            rows = connection.execute(_LOG, {"w": workspace, "limit": limit})
            return [TrustChange(*row[1:]) for row in rows]

    def trust(
        self, workspace: str, name: str, level: Level, person: str, now: datetime
    ) -> tuple[TrustChange | None, int]:
        """Say how far a source is trusted; returns the line of the log, None if it was so.

        With it comes how many articles left, or came back.
        """
        key = publisher_key(name)
        with self._write() as connection:
            _, before = _levels(connection, workspace).get(key, (name, "normal"))
            if before == level:
                return None, 0
            row = {"workspace": workspace, "key": key, "name": name, "level": level}
            upsert_many(connection, source_trust, [dict(row)], update=("name", "level"))
            seq = advance(connection, f"trust {workspace}", 1)
            line = row | {"seq": seq, "before": before, "person": person, "at": now}
            connection.execute(insert(trust_change), [line])
            moved = move(connection, workspace, key, now)
        return TrustChange(seq, key, name, before, level, person, now), moved


def _levels(connection: Connection, workspace: str) -> dict[str, tuple[str, Level]]:
    rows = connection.execute(_TRUST, {"w": workspace})
    return {row.key: (row.name, row.level) for row in rows}


def _listed(
    levels: dict[str, tuple[str, Level]], published: Sequence[Any], cited: Sequence[Any]
) -> list[Source]:
    found: dict[str, Source] = {
        key: Source(key, name, level, 0, 0, 0, None) for key, (name, level) in levels.items()
    }
    most: dict[str, int] = {}
    rows = [(one.publisher, one, True) for one in published] + [
        (one.name, one, False) for one in cited
    ]
    for name, row, ours in rows:
        key = publisher_key(name)
        there = found.get(key) or Source(key, name, "normal", 0, 0, 0, None)
        if row.articles > most.get(key, 0):
            most[key] = row.articles
            there = there._replace(name=name)
        own = ours and not row.after and not row.copies
        found[key] = there._replace(
            articles=there.articles + row.articles * ours,
            own=there.own + row.articles * own,
            cited=there.cited + row.articles * (not ours),
            newest=max(filter(None, (there.newest, row.newest)), default=None),
        )
    return sorted(found.values(), key=lambda one: (-one.articles, -one.cited, one.key))
