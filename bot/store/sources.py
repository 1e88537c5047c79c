"""Sources: who published what, how far each is trusted, and what follows from that.

The articles of a distrusted source are withheld, and restored when it is trusted again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import BindParameter, Connection, bindparam, delete, func, insert, select, update

from bot.gather.publishers import is_guess, publisher_of
from bot.store import introductions, trust
from bot.store.changes import record_changes
from bot.store.copies import named_sources, source_rows, update_originals
from bot.store.facts import affected_by, assign_events
from bot.store.ids import publisher_key
from bot.store.sql import CHUNK, advance, chunks, upsert_many
from bot.store.stories import dated, place_articles
from bot.store.tables import article, article_source, folded, revision
from bot.store.trust import source_trust, trust_change, withheld
from bot.store.writing import unshared

_workspace: BindParameter[Any] = bindparam("w")
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_seen = article.c.workspace == _workspace
_PUBLISHERS = select(article.c.publisher).distinct().where(_seen, article.c.publisher.is_not(None))
_BY_PUBLISHER = select(article.c.id).where(_seen, article.c.publisher.in_(_ids))
_BY_SOURCE = select(article_source.c.article).where(
    article_source.c.workspace == _workspace, article_source.c.key == bindparam("key")
)
_WITHHELD_HERE = select(folded.c.article, folded.c.sources).where(folded.c.workspace == _workspace)
_PARTICULARS = select(
    article.c.id,
    article.c.publisher,
    article.c.audience,
    article.c.published,
    article.c.first_seen,
).where(_seen, article.c.id.in_(_ids))
_WORDS = (
    select(revision.c.article, revision.c.n, revision.c.title, revision.c.text)
    .where(revision.c.workspace == _workspace, revision.c.article.in_(_ids))
    .order_by(revision.c.article, revision.c.n)
)


def published_as(connection: Connection, workspace: str, key: str) -> list[str]:
    """How a source is spelt where it published something."""
    names = connection.execute(_PUBLISHERS, {"w": workspace}).scalars()
    return [name for name in names if publisher_key(name) == key]


def apply_trust(connection: Connection, workspace: str, key: str, now: datetime) -> int:
    """Withhold or restore the articles that a change of trust affects; returns how many."""
    distrusted = trust.distrusted_in(connection, workspace)
    moved = 0
    for some in _slices(sorted(_affected_articles(connection, workspace, key))):
        own = named_sources(connection, workspace, some)
        asked = {"w": workspace, "ids": some}
        rows = {row.id: row for row in connection.execute(_PARTICULARS, asked)}
        going = [
            one for one in some if trust.is_withheld(rows[one].publisher, own[one], distrusted)
        ]
        coming = [rows[one] for one in some if one not in set(going)]
        moved += _withhold_articles(connection, workspace, going, now)
        moved += _restore_articles(connection, workspace, coming)
        changed = update_originals(connection, workspace, [row.id for row in coming])
        record_changes(connection, workspace, "article", sorted(changed), "put")
    return moved


def _slices(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def _affected_articles(connection: Connection, workspace: str, key: str) -> set[str]:
    """The articles that a source published, or that rewrite it."""
    names = published_as(connection, workspace, key)
    found = set(connection.execute(_BY_SOURCE, {"w": workspace, "key": key}).scalars())
    for some in chunks(names):
        found.update(connection.execute(_BY_PUBLISHER, {"w": workspace, "ids": some}).scalars())
    for one, sources in connection.execute(_WITHHELD_HERE, {"w": workspace}):
        if key in map(publisher_key, json.loads(sources)):
            found.add(one)
    return found


def _withhold_articles(
    connection: Connection, workspace: str, keys: Collection[str], now: datetime
) -> int:
    touched = affected_by(connection, workspace, keys)
    gone = trust.withhold(connection, workspace, keys, now)
    if gone:
        unshared(connection, workspace, gone, touched)
    return len(gone)


def _restore_articles(connection: Connection, workspace: str, rows: Sequence[Any]) -> int:
    back = trust.release(connection, workspace, [row.id for row in rows])
    if not back:
        return 0
    words = {row.article: row for row in connection.execute(_WORDS, {"w": workspace, "ids": back})}
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
            for key in back
        ],
    )
    assign_events(connection, workspace, affected_by(connection, workspace, back))
    record_changes(connection, workspace, "article", back, "put")
    return len(back)


# --- publishers named by their links ------------------------------------------------------------

_LINKED = (
    select(article.c.workspace, article.c.id, article.c.url, article.c.publisher)
    .where(article.c.url.is_not(None))
    .order_by(article.c.workspace, article.c.id)
)
_NAME = (
    update(article)
    .where(article.c.workspace == _workspace, article.c.id == bindparam("key"))
    .values(publisher=bindparam("name"))
)
_FOLDED = select(folded.c.article).where(
    folded.c.workspace == _workspace, folded.c.article.in_(_ids)
)
_FOLDED_SOURCES = (
    update(folded)
    .where(folded.c.workspace == _workspace, folded.c.article == bindparam("key"))
    .values(sources=bindparam("names"))
)
_FORGET_SOURCES = delete(article_source).where(
    article_source.c.workspace == _workspace, article_source.c.article.in_(_ids)
)


class _NamedArticle(NamedTuple):
    article: str
    before: str | None
    publisher: str


def name_publishers(connection: Connection, now: datetime) -> int:
    """Name the publisher of every article by its link, where it has no other name.

    ``now`` stamps what is set aside because its publisher is distrusted. Returns the number of
    articles that changed.
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
        for some in _publisher_slices(found):
            _count_by_publisher(connection, workspace, some)
        for key in sorted(trust.distrusted_in(connection, workspace)):
            apply_trust(connection, workspace, key, now)
    return sum(map(len, by_workspace.values()))


def _publisher_slices(named: list[_NamedArticle]) -> Iterator[list[_NamedArticle]]:
    for start in range(0, len(named), CHUNK):
        yield named[start : start + CHUNK]


def _count_by_publisher(
    connection: Connection, workspace: str, named: Collection[_NamedArticle]
) -> None:
    """Count articles under their publishers where they name no other sources."""
    own = named_sources(connection, workspace, [one.article for one in named])
    counting = {
        one.article: one.publisher for one in named if own[one.article] in ([], [one.before])
    }
    if not counting:
        return
    asked = {"w": workspace, "ids": list(counting)}
    apart = set(connection.execute(_FOLDED, asked).scalars())
    if apart:
        rows = [
            {"w": workspace, "key": key, "names": json.dumps([counting[key]], ensure_ascii=False)}
            for key in sorted(apart)
        ]
        connection.execute(_FOLDED_SOURCES, rows)
    plain = [key for key in counting if key not in apart]
    for some in chunks(plain):
        connection.execute(_FORGET_SOURCES, {"w": workspace, "ids": some})
    rows = [row for key in plain for row in source_rows(workspace, key, [counting[key]])]
    upsert_many(connection, article_source, rows)
    changed = update_originals(connection, workspace, list(counting))
    promoted = introductions.promote_introduced_by(connection, workspace, list(counting))
    record_changes(connection, workspace, "article", sorted(changed | counting.keys()), "put")
    record_changes(connection, workspace, "actor", promoted, "put")


# --- the repository -----------------------------------------------------------------------------

Level = Literal["trusted", "normal", "distrusted", "removed"]
"""``trusted`` and ``normal`` sources count; of a ``removed`` one nothing is taken in any more."""

LEVELS: tuple[Level, ...] = get_args(Level)


_TRUST = select(source_trust).where(source_trust.c.workspace == _workspace)
_LOG = (
    select(trust_change)
    .where(trust_change.c.workspace == _workspace)
    .order_by(trust_change.c.seq.desc())
    .limit(bindparam("limit"))
)


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
        """Set how far a source is trusted; returns the line of the log, None if nothing changed.

        It counts the articles that were withheld or restored.
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
            moved = apply_trust(connection, workspace, key, now)
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
