"""Sources: who published what, how far each is trusted, and the effects of that.

The articles of a distrusted source are withheld, and restored when it is trusted again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from bot.gather.links import is_guess, publisher_of
from bot.store import introductions, trust
from bot.store.articles import newest_words
from bot.store.changes import record_changes
from bot.store.copies import FORGET_SOURCES, named_sources, source_rows, update_originals
from bot.store.engine import Repository
from bot.store.facts import affected_by, assign_events
from bot.store.ids import publisher_key
from bot.store.sql import (
    AUDIENCES,
    IDS,
    WORKSPACE,
    advance,
    among,
    execute_in,
    slices,
    upsert_many,
    values_in,
)
from bot.store.stories import dated, place_articles
from bot.store.tables import article, article_source, folded
from bot.store.trust import source_trust, trust_change, withheld
from bot.store.writing import detach

_seen = article.c.workspace == WORKSPACE
_PUBLISHERS = (
    sa.select(article.c.publisher).distinct().where(_seen, article.c.publisher.is_not(None))
)
_BY_PUBLISHER = sa.select(article.c.id).where(_seen, article.c.publisher.in_(IDS))
_BY_SOURCE = sa.select(article_source.c.article).where(
    article_source.c.workspace == WORKSPACE, article_source.c.key == sa.bindparam("key")
)
_WITHHELD_HERE = sa.select(folded.c.article, folded.c.sources).where(
    folded.c.workspace == WORKSPACE
)
_PARTICULARS = sa.select(
    article.c.id,
    article.c.publisher,
    article.c.audience,
    article.c.published,
    article.c.first_seen,
).where(_seen, article.c.id.in_(IDS))


def published_as(connection: sa.Connection, workspace: str, key: str) -> list[str]:
    """Return the spellings of a source as a publisher."""
    names = connection.execute(_PUBLISHERS, {"w": workspace}).scalars()
    return [name for name in names if publisher_key(name) == key]


def apply_trust(connection: sa.Connection, workspace: str, key: str, now: datetime) -> int:
    """Withhold or restore the articles that a change of trust affects; return how many."""
    distrusted = trust.distrusted_in(connection, workspace)
    moved = 0
    for some in slices(sorted(_affected_articles(connection, workspace, key))):
        own = named_sources(connection, workspace, some)
        asked = {"w": workspace, "ids": some}
        rows = {row.id: row for row in connection.execute(_PARTICULARS, asked)}
        withholding = [
            one for one in some if trust.is_withheld(rows[one].publisher, own[one], distrusted)
        ]
        restoring = [rows[one] for one in some if one not in set(withholding)]
        moved += _withhold_articles(connection, workspace, withholding, now)
        moved += _restore_articles(connection, workspace, restoring)
        changed = update_originals(connection, workspace, [row.id for row in restoring])
        record_changes(connection, workspace, "article", sorted(changed), "put")
    return moved


def _affected_articles(connection: sa.Connection, workspace: str, key: str) -> set[str]:
    """Return the articles that a source published, or that rewrite it."""
    names = published_as(connection, workspace, key)
    found = set(connection.execute(_BY_SOURCE, {"w": workspace, "key": key}).scalars())
    found.update(values_in(connection, _BY_PUBLISHER, workspace, names))
    for one, sources in connection.execute(_WITHHELD_HERE, {"w": workspace}):
        if key in map(publisher_key, json.loads(sources)):
            found.add(one)
    return found


def _withhold_articles(
    connection: sa.Connection, workspace: str, keys: Collection[str], now: datetime
) -> int:
    touched = affected_by(connection, workspace, keys)
    gone = trust.withhold(connection, workspace, keys, now)
    if gone:
        detach(connection, workspace, gone, touched)
    return len(gone)


def _restore_articles(connection: sa.Connection, workspace: str, rows: Sequence[Any]) -> int:
    restored = trust.release(connection, workspace, [row.id for row in rows])
    if not restored:
        return 0
    words = newest_words(connection, workspace, restored)
    particulars = {row.id: row for row in rows}
    place_articles(
        connection,
        workspace,
        [
            dated(
                key,
                particulars[key].audience,
                particulars[key].published or particulars[key].first_seen,
                words[key].title,
                words[key].text,
            )
            for key in restored
        ],
    )
    assign_events(connection, workspace, affected_by(connection, workspace, restored))
    record_changes(connection, workspace, "article", restored, "put")
    return len(restored)


# --- publishers named by their links ------------------------------------------------------------

_LINKED = (
    sa.select(article.c.workspace, article.c.id, article.c.url, article.c.publisher)
    .where(article.c.url.is_not(None))
    .order_by(article.c.workspace, article.c.id)
)
_NAME = (
    sa.update(article)
    .where(article.c.workspace == WORKSPACE, article.c.id == sa.bindparam("key"))
    .values(publisher=sa.bindparam("name"))
)
_FOLDED = sa.select(folded.c.article).where(among(folded.c.article))
_FOLDED_SOURCES = (
    sa.update(folded)
    .where(folded.c.workspace == WORKSPACE, folded.c.article == sa.bindparam("key"))
    .values(sources=sa.bindparam("names"))
)


class _NamedArticle(NamedTuple):
    article: str
    before: str | None
    publisher: str


def name_publishers(connection: sa.Connection, now: datetime) -> int:
    """Name the publisher of every article by its link, if it has no other name.

    ``now`` stamps articles withheld because their publisher is distrusted. Returns the number
    of articles that changed.
    """
    by_workspace: dict[str, list[_NamedArticle]] = {}
    for row in connection.execute(_LINKED):
        publisher = publisher_of(row.url)
        if publisher and publisher != row.publisher and is_guess(row.publisher, row.url):
            named = _NamedArticle(row.id, row.publisher, publisher)
            by_workspace.setdefault(row.workspace, []).append(named)
    for workspace, found in by_workspace.items():
        values = [{"w": workspace, "key": one.article, "name": one.publisher} for one in found]
        connection.execute(_NAME, values)
        for some in slices(found):
            _count_by_publisher(connection, workspace, some)
        for key in sorted(trust.distrusted_in(connection, workspace)):
            apply_trust(connection, workspace, key, now)
    return sum(map(len, by_workspace.values()))


def _count_by_publisher(
    connection: sa.Connection, workspace: str, named: Collection[_NamedArticle]
) -> None:
    """Count articles under their publishers if they name no other sources."""
    own = named_sources(connection, workspace, [one.article for one in named])
    counting = {
        one.article: one.publisher for one in named if own[one.article] in ([], [one.before])
    }
    if not counting:
        return
    asked = {"w": workspace, "ids": list(counting)}
    differing = set(connection.execute(_FOLDED, asked).scalars())
    if differing:
        rows = [
            {"w": workspace, "key": key, "names": json.dumps([counting[key]], ensure_ascii=False)}
            for key in sorted(differing)
        ]
        connection.execute(_FOLDED_SOURCES, rows)
    plain = [key for key in counting if key not in differing]
    execute_in(connection, FORGET_SOURCES, workspace, plain)
    rows = [row for key in plain for row in source_rows(workspace, key, [counting[key]])]
    upsert_many(connection, article_source, rows)
    changed = update_originals(connection, workspace, list(counting))
    promoted = introductions.promote_introduced_by(connection, workspace, list(counting))
    record_changes(connection, workspace, "article", sorted(changed | counting.keys()), "put")
    record_changes(connection, workspace, "actor", promoted, "put")


# --- the repository -----------------------------------------------------------------------------

Level = Literal["trusted", "normal", "distrusted", "removed"]
"""``trusted`` and ``normal`` sources count; articles of a ``removed`` one are refused."""


_TRUST = sa.select(source_trust).where(source_trust.c.workspace == WORKSPACE)
_LOG = (
    sa.select(trust_change)
    .where(trust_change.c.workspace == WORKSPACE)
    .order_by(trust_change.c.seq.desc())
    .limit(sa.bindparam("limit"))
)


_may_see = article.c.audience.in_(AUDIENCES)
_not_deleted = article.c.tombstoned_at.is_(None) | withheld.c.article.is_not(None)
_is_withheld = (withheld.c.workspace == WORKSPACE) & (withheld.c.article == article.c.id)
_folds = (folded.c.workspace == WORKSPACE) & (folded.c.article == article.c.id)
_seen_at = sa.func.coalesce(article.c.published, article.c.first_seen)
# An undated article only has its time of arrival, which is no date.
_newest = sa.func.max(article.c.published).label("newest")
_PUBLISHED = (
    sa.select(
        article.c.publisher,
        article.c.original_source.is_not(None).label("after"),
        folded.c.original.is_not(None).label("copies"),
        sa.func.count().label("articles"),
        _newest,
    )
    .outerjoin(withheld, _is_withheld)
    .outerjoin(folded, _folds)
    .where(_seen, _may_see, _not_deleted, article.c.publisher.is_not(None))
    .group_by(article.c.publisher, "after", "copies")
)
_CITED = (
    sa.select(article_source.c.name, sa.func.count().label("articles"), _newest)
    .join(article, (article.c.workspace == WORKSPACE) & (article.c.id == article_source.c.article))
    .outerjoin(withheld, _is_withheld)
    .where(article_source.c.workspace == WORKSPACE, _may_see, _not_deleted)
    .outerjoin(folded, _folds)
    .where(article.c.original_source.is_not(None), folded.c.article.is_(None))
    .group_by(article_source.c.name)
)
_CITED_APART = (
    sa.select(folded.c.sources, article.c.published.label("newest"))
    .join(article, (article.c.workspace == WORKSPACE) & (article.c.id == folded.c.article))
    .outerjoin(withheld, _is_withheld)
    .where(folded.c.workspace == WORKSPACE, _may_see, _not_deleted)
    .where(article.c.original_source.is_not(None))
)
_LATEST = (
    sa.select(article.c.id)
    .where(_seen, _may_see, article.c.tombstoned_at.is_(None))
    .where(_seen_at <= sa.bindparam("as_of"))
    .order_by(article.c.published.desc().nulls_last(), article.c.first_seen.desc(), article.c.id)
    .limit(1)
)
_NEWEST = _LATEST.where(article.c.publisher.in_(IDS))
_NEWEST_AFTER = _LATEST.join(
    article_source,
    (article_source.c.workspace == WORKSPACE) & (article_source.c.article == article.c.id),
).where(article_source.c.key == sa.bindparam("key"))


class Source(NamedTuple):
    """A source: ``articles`` counts those it published, ``own`` those of these that are original,
    ``cited`` articles of others that rewrite it. ``newest`` is None if all are undated.
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
        """The share of its articles that is original; None if it published nothing."""
        return self.own / self.articles if self.articles else None


class _Cited(NamedTuple):
    name: str
    articles: int
    newest: datetime | None


class TrustChange(NamedTuple):
    """An entry of the log: who set the trust in a source, and when."""

    seq: int
    key: str
    name: str
    before: Level
    level: Level
    person: str
    at: datetime


class Sources(Repository):
    """Sources, and the trust in them; part of the Store, at ``store.sources``."""

    def all(self, workspace: str, audiences: Collection[str]) -> list[Source]:
        """Return every source of articles that these audiences may see, most articles first."""
        asked = {"w": workspace, "audiences": sorted(audiences)}
        with self._read() as connection:
            levels = _levels(connection, workspace)
            published = connection.execute(_PUBLISHED, asked).all()
            cited = [
                *(_Cited(*row) for row in connection.execute(_CITED, asked)),
                # Articles that count under other sources still follow the sources that they name.
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
        """Return the newest live article of a source, else one that rewrites it, or None."""
        asked = {"w": workspace, "audiences": sorted(audiences), "as_of": as_of, "key": key}
        with self._read() as connection:
            names = published_as(connection, workspace, key)
            own = connection.execute(_NEWEST, asked | {"ids": names}).scalar() if names else None
            return own or connection.execute(_NEWEST_AFTER, asked).scalar()

    def removed(self, workspace: str) -> frozenset[str]:
        """Return the keys of the sources whose articles are refused."""
        with self._read() as connection:
            levels = _levels(connection, workspace)
        return frozenset(key for key, (_, level) in levels.items() if level == "removed")

    def log(self, workspace: str, limit: int = 50) -> list[TrustChange]:
        """Return the changes of trust, newest first."""
        rows = self._all(_LOG, {"w": workspace, "limit": limit})
        return [TrustChange(*row[1:]) for row in rows]

    def trust(
        self, workspace: str, name: str, level: Level, person: str, now: datetime
    ) -> tuple[TrustChange | None, int]:
        """Set the trust in a source; return the entry of the log, None if nothing changed.

        The entry counts the articles that were withheld or restored.
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
            connection.execute(sa.insert(trust_change), [line])
            moved = apply_trust(connection, workspace, key, now)
        return TrustChange(seq, key, name, before, level, person, now), moved


def _levels(connection: sa.Connection, workspace: str) -> dict[str, tuple[str, Level]]:
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
    for name, row, is_publisher in rows:
        key = publisher_key(name)
        source = found.get(key) or Source(key, name, "normal", 0, 0, 0, None)
        if row.articles > most.get(key, 0):
            most[key] = row.articles
            source = source._replace(name=name)
        own = is_publisher and not row.after and not row.copies
        found[key] = source._replace(
            articles=source.articles + row.articles * is_publisher,
            own=source.own + row.articles * own,
            cited=source.cited + row.articles * (not is_publisher),
            newest=max(filter(None, (source.newest, row.newest)), default=None),
        )
    return sorted(found.values(), key=lambda one: (-one.articles, -one.cited, one.key))
