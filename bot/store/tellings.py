"""Facts as their articles tell them, with all that says which of them tell the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, and_, bindparam, select, tuple_

from bot.models import EventClass, Fact, Status
from bot.read.happenings import LATE
from bot.read.happenings import Told as Act
from bot.store import queries
from bot.store.facts import with_evidence
from bot.store.sql import CHUNK, chunks, utc_day
from bot.store.tables import article, fact, revision

NEAR = LATE + timedelta(days=1)
"""How far apart the days of two facts may be that tell the same."""

NEWS = (Status.DENIED, Status.HAPPENED)
"""What may say of something told that it is denied, or that a plan of it is done."""

NEWS_DAYS = timedelta(days=400)
"""How far before a message the day may lie of what came since and bears on it."""

_workspace: BindParameter[Any] = bindparam("w")
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_SEEN = select(revision.c.article, revision.c.n, revision.c.seen_at).where(
    revision.c.workspace == _workspace, revision.c.article.in_(_ids)
)
_FACTS = (
    select(
        fact,
        utc_day(article.c.published).label("published"),
        article.c.audience,
        article.c.first_seen,
        article.c.tombstoned_at,
    )
    .join(article, and_(article.c.workspace == fact.c.workspace, article.c.id == fact.c.article))
    .where(fact.c.workspace == _workspace)
)
_live = and_(fact.c.retired_at.is_(None), article.c.tombstoned_at.is_(None))
_of_news = fact.c.status.in_([one.value for one in NEWS])
# Ids first, which the index holds: asked for whole rows at once, SQLite reads every fact.
_same_sides = select(fact.c.article, fact.c.id).where(
    fact.c.workspace == _workspace,
    tuple_(fact.c.source_for, fact.c.target_for).in_(bindparam("sides", expanding=True)),
    fact.c.day >= bindparam("first"),
)
_NAMED = _FACTS.where(fact.c.article.in_(_ids), fact.c.id.in_(bindparam("facts", expanding=True)))
_NEWS = _FACTS.where(_live, fact.c.article.in_(_ids), _of_news)
_AROUND = _FACTS.where(
    _live,
    tuple_(fact.c.article, fact.c.id).in_(_same_sides.where(fact.c.day <= bindparam("last"))),
)
_SINCE = _FACTS.where(
    _live,
    _of_news,
    tuple_(fact.c.article, fact.c.id).in_(_same_sides),
    article.c.first_seen > bindparam("since"),
)


class Telling(NamedTuple):
    """A fact as its article tells it: who may see it, whose it is, when that was seen, and
    whether it does so still."""

    fact: Fact
    act: Act
    audience: str
    sources: frozenset[str]
    seen: datetime
    live: bool


def news_in(connection: Connection, workspace: str, articles: Collection[str]) -> list[Any]:
    """Rows of the live facts of these articles that may deny, or fulfil, what was told."""
    found: list[Any] = []
    for some in chunks(articles):
        found += connection.execute(_NEWS, {"w": workspace, "ids": some})
    return found


def named(
    connection: Connection, workspace: str, articles: Collection[str], facts: Collection[str]
) -> dict[str, Telling]:
    """These facts of these articles, retired or not."""
    found: list[Telling] = []
    for some in chunks(articles):
        values = {"w": workspace, "ids": some, "facts": sorted(facts)}
        found += filled(connection, workspace, connection.execute(_NAMED, values).all())
    return {one.fact.id: one for one in found}


def bearing_on(
    connection: Connection, workspace: str, told_of: Sequence[Telling], since: datetime | None
) -> Iterator[Telling]:
    """Live facts that may tell what a retired one told, and what denies or fulfils since."""
    gone = [one for one in told_of if not one.live]
    for first, last in _spans([one.act.when for one in gone if one.act.when is not None]):
        for sides in slices(_sides_of(gone)):
            values = {"w": workspace, "sides": sides, "first": first, "last": last}
            yield from filled(connection, workspace, connection.execute(_AROUND, values).all())
    if since is None:
        return
    for sides in slices(_sides_of(told_of)):
        values = {"w": workspace, "sides": sides, "since": since, "first": since.date() - NEWS_DAYS}
        yield from filled(connection, workspace, connection.execute(_SINCE, values).all())


def slices(sides: Collection[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Both orders of the two sides, in lists for IN: who met somebody was met by them, too."""
    pairs = sorted({*sides, *(pair[::-1] for pair in sides)})
    for start in range(0, len(pairs), CHUNK):
        yield pairs[start : start + CHUNK]


def filled(connection: Connection, workspace: str, found: Iterable[Any]) -> list[Telling]:
    """Rows of facts with their evidence, sources and times; without evidence there is none."""
    rows = [row for row in found if row.source_for is not None]
    articles = {row.article for row in rows}
    sources = queries.source_counts(connection, workspace, articles)
    seen: dict[tuple[str, int], datetime] = {}
    for some in chunks(articles):
        for key, n, at in connection.execute(_SEEN, {"w": workspace, "ids": some}):
            seen[key, n] = at
    return [
        Telling(
            one,
            _act(row, one),
            row.audience,
            frozenset(sources.get(row.article, (f"article {row.article}",))),
            max(seen[row.article, proof.revision] for proof in one.evidence),
            row.retired_at is None and row.tombstoned_at is None,
        )
        for row, one in zip(rows, with_evidence(connection, workspace, rows), strict=True)
        if one.evidence
    ]


def _act(row: Any, one: Fact) -> Act:
    return Act(
        id=one.id,
        event_class=EventClass(one.event_class),
        act=one.act,
        status=one.status,
        source=one.source_actor,
        target=one.target_actor or "",
        source_for=row.source_for,
        target_for=row.target_for or "",
        day=one.event_date,
        precision=one.date_precision,
        # An article without a date was published when it was seen at the latest.
        published=row.published or row.first_seen.date(),
        place=one.place,
        words=" ".join(proof.quote for proof in one.evidence),
    )


def _sides_of(some: Iterable[Telling]) -> set[tuple[str, str]]:
    return {(one.act.source_for, one.act.target_for) for one in some}


def _spans(days: Iterable[date]) -> list[tuple[date, date]]:
    """Stretches of time around these days, joined where they meet."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        first = day - NEAR if day - date.min > NEAR else date.min
        last = day + NEAR if date.max - day > NEAR else date.max
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found
