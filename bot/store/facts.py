"""Facts about actors, their evidence, and facts of several articles about the same event."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.models import EventClass, Evidence, Fact, Status
from bot.read.event_coreference import EXTENT, EventReport, regrouped
from bot.store.engine import Repository
from bot.store.ids import article_of
from bot.store.sql import (
    AUDIENCES,
    IDS,
    WORKSPACE,
    among,
    grouped,
    of_article,
    rows_in,
    slices,
    utc_day,
)
from bot.store.tables import article, article_source, evidence, fact, mention

_actors: sa.BindParameter[Any] = sa.bindparam("actors", expanding=True)
_any: sa.BindParameter[Any] = sa.bindparam("with_any", expanding=True)
_first: sa.BindParameter[Any] = sa.bindparam("first")
_last: sa.BindParameter[Any] = sa.bindparam("last")
_as_of: sa.BindParameter[Any] = sa.bindparam("as_of")

_WINDOWS = (30, 300, 3000)
"""Windows in days for the search for the newest facts, each ten times the one before; then all
days. So the cost of windows in vain stays small beside that of the final one."""

_RENAMED = {"class": "event_class", "precision": "date_precision"}
_FIELDS = [
    (at, name)
    for at, column in enumerate(fact.columns)
    if (name := _RENAMED.get(column.name, column.name)) in Fact.model_fields
]
"""The positions of the fields in a row of ``fact``: looking each up by name takes as long as the
rest of making a fact."""

_PROOF = tuple(Evidence.model_fields)
_EVIDENCE = (
    sa.select(evidence.c.fact, *(evidence.c[name] for name in _PROOF))
    .where(evidence.c.workspace == WORKSPACE)
    .where(evidence.c.article.in_(IDS))
    .order_by(evidence.c.fact, evidence.c.field, evidence.c.start, evidence.c.end)
)


def facts(
    connection: sa.Connection,
    workspace: str,
    audiences: Collection[str],
    *,
    actors: Collection[str] | None = None,
    with_any: Collection[str] | None = None,
    classes: Collection[EventClass] | None = None,
    since: date | None = None,
    until: date | None = None,
    as_of: datetime | None = None,
    undated: bool | None = None,
    limit: int = 200,
) -> list[Fact]:
    """Return live facts in which any of ``actors`` is source, target or claimant.

    With ``with_any``, one of those must have a role too, or be the place of the event.
    A fact's day is the event's, else the UTC day of publication; newest first,
    undated last, ties by id. ``since`` and ``until`` are inclusive, and leave undated
    facts out; ``undated=True`` gives only those, whatever the period. ``as_of`` leaves
    out articles published (without a date: first seen) after that instant.
    """
    asked = partial(
        _facts, actors is not None, with_any is not None, classes is not None, as_of is not None
    )
    values: dict[str, Any] = {"w": workspace, "audiences": sorted(audiences), "as_of": as_of}
    values["actors"], values["with_any"] = sorted(actors or ()), sorted(with_any or ())
    values["classes"] = sorted(one.value for one in classes or ())
    rows: Sequence[sa.Row[Any]] = []
    if undated is not True:
        last = until or date.max
        for first in _starts(since, until or (as_of.date() if as_of else None)):
            values |= {"first": first, "last": last, "limit": limit}
            rows = connection.execute(asked(True), values).all()
            if len(rows) == limit:
                break
    in_period = undated is not True and (since is not None or until is not None)
    if undated is not False and not in_period and len(rows) < limit:
        values["limit"] = limit - len(rows)
        rows = [*rows, *connection.execute(asked(False), values)]
    return with_evidence(connection, workspace, rows)


def _starts(since: date | None, last: date | None) -> Iterator[date]:
    """Yield the first days of ever longer windows up to ``last``, until one holds enough facts.

    For an actor with many facts, only those of the latest weeks are read and sorted.
    """
    earliest = since or date.min
    for days in _WINDOWS:
        if last is None or (last - earliest).days <= days:
            break
        yield last - timedelta(days=days)
    yield earliest


def with_evidence(
    connection: sa.Connection, workspace: str, rows: Sequence[sa.Row[Any]]
) -> list[Fact]:
    """Convert rows to facts, in the same order, each with its evidence."""
    proofs = _evidence(connection, workspace, [row.id for row in rows])
    return [
        Fact.model_validate({name: row[at] for at, name in _FIELDS} | {"evidence": proofs[row.id]})
        for row in rows
    ]


@cache
def _facts(
    with_actors: bool, with_others: bool, with_classes: bool, as_of: bool, dated: bool
) -> sa.Select[Any]:
    in_time = fact.c.day.between(_first, _last) if dated else fact.c.day.is_(None)
    chosen = [fact.c.workspace == WORKSPACE, in_time]
    if with_classes:
        chosen.append(fact.c["class"].in_(sa.bindparam("classes", expanding=True)))
    found = (
        sa.select(fact)
        .join(article, of_article(fact))
        .where(*chosen, fact.c.retired_at.is_(None))
        .where(article.c.audience.in_(AUDIENCES), article.c.tombstoned_at.is_(None))
        .order_by(fact.c.day.desc(), fact.c.id)
        .limit(sa.bindparam("limit"))
    )
    roles = [fact.c.source_actor, fact.c.target_actor, fact.c.claimant]
    if with_actors:
        found = found.where(_with_any_role(chosen, roles, _actors))
    if with_others:
        found = found.where(_with_any_role(chosen, [*roles, fact.c.place], _any))
    if as_of:
        found = found.where(sa.func.coalesce(article.c.published, article.c.first_seen) <= _as_of)
    return found


def _with_any_role(
    chosen: Sequence[sa.ColumnElement[bool]],
    roles: Sequence[sa.ColumnElement[Any]],
    actors: sa.BindParameter[Any],
) -> sa.ColumnElement[bool]:
    """Return a union of look-ups, each in one index: with an OR SQLite would read every fact."""
    named = sa.union(
        *(sa.select(fact.c.article, fact.c.id).where(*chosen, role.in_(actors)) for role in roles)
    ).subquery()
    return sa.tuple_(fact.c.article, fact.c.id).in_(sa.select(named.c.article, named.c.id))


def _evidence(
    connection: sa.Connection, workspace: str, ids: Collection[str]
) -> dict[str, tuple[Evidence, ...]]:
    wanted = set(ids)
    rows = rows_in(connection, _EVIDENCE, workspace, [article_of(key) for key in ids])
    found = grouped(
        (key, Evidence.model_validate(dict(zip(_PROOF, values, strict=True))))
        for key, *values in rows
        if key in wanted
    )
    return {key: tuple(found.get(key, ())) for key in ids}


def scope_of(groups: int, as_of: bool) -> sa.Subquery:
    """Select the live articles that mention one actor of each group, each once."""
    named = mentioning(0).distinct().subquery("named")
    scope = (
        sa.select(article.c.id, article.c.published)
        .select_from(named)
        .join(article, (article.c.workspace == WORKSPACE) & (article.c.id == named.c.article))
        .where(article.c.audience.in_(AUDIENCES), article.c.tombstoned_at.is_(None))
    )
    for number in range(1, groups):
        scope = scope.where(article.c.id.in_(mentioning(number)))
    if as_of:
        scope = scope.where(sa.func.coalesce(article.c.published, article.c.first_seen) <= _as_of)
    return scope.subquery("scope")


def mentioning(number: int) -> sa.Select[Any]:
    """Select the articles that mention an actor of a group, the parameter ``actors`` + number."""
    actors: sa.BindParameter[str] = sa.bindparam(f"actors{number}", expanding=True)
    return sa.select(mention.c.article).where(
        mention.c.workspace == WORKSPACE, mention.c.actor.in_(actors)
    )


# --- facts about the same event -----------------------------------------------------------------

_LIVE = (
    sa.select(fact, utc_day(article.c.published).label("published"), article.c.audience)
    .join(article, of_article(fact))
    .where(fact.c.workspace == WORKSPACE, fact.c.retired_at.is_(None))
    .where(article.c.tombstoned_at.is_(None), fact.c.day.is_not(None))
)
_OF_ARTICLES = _LIVE.where(fact.c.article.in_(IDS))
# Ids first, from the index alone: asked for whole rows at once, SQLite reads every fact.
_same_sides = sa.select(fact.c.article, fact.c.id).where(
    fact.c.workspace == WORKSPACE,
    sa.tuple_(fact.c.source_for, fact.c.target_for).in_(sa.bindparam("sides", expanding=True)),
    fact.c.day.between(sa.bindparam("first"), sa.bindparam("last")),
)
_BETWEEN = _LIVE.where(sa.tuple_(fact.c.article, fact.c.id).in_(_same_sides))
_QUOTES = (
    sa.select(evidence.c.fact, evidence.c.quote)
    .where(among(evidence.c.article))
    .order_by(evidence.c.fact, evidence.c.field, evidence.c.start)
)
_JOIN = (
    sa.update(fact)
    .where(fact.c.workspace == WORKSPACE, fact.c.article == sa.bindparam("key"))
    .where(fact.c.id == sa.bindparam("fact"))
    .values(happening=sa.bindparam("name"))
)
_SOURCES = (
    sa.select(fact.c.happening, article_source.c.key)
    .distinct()
    .join(article, of_article(fact))
    .join(
        article_source,
        (article_source.c.workspace == fact.c.workspace)
        & (article_source.c.article == fact.c.article),
    )
    .where(among(fact.c.happening))
    .where(fact.c.retired_at.is_(None), article.c.tombstoned_at.is_(None))
    .where(article.c.audience.in_(AUDIENCES))
)
_KNOWN_THEN = sa.func.coalesce(article.c.published, article.c.first_seen) <= sa.bindparam("as_of")


class Events(Repository):
    """Events that several articles report; part of the Store, at ``store.events``."""

    def sources(
        self,
        workspace: str,
        audiences: Collection[str],
        names: Collection[str],
        as_of: datetime | None = None,
    ) -> dict[str, frozenset[str]]:
        """Return the keys of the independent sources of each event (``Fact.happening``).

        Only articles of these audiences count, and with ``as_of`` only those published
        (without a date: first seen) by then. Events without a named source are absent.
        """
        statement = _SOURCES if as_of is None else _SOURCES.where(_KNOWN_THEN)
        asked = {"audiences": sorted(audiences), "as_of": as_of}
        with self._read() as connection:
            found = grouped(rows_in(connection, statement, workspace, names, **asked))
        return {name: frozenset(keys) for name, keys in found.items()}


class Affected(NamedTuple):
    """A pair of actors with a changed fact, and the day of that fact."""

    sides: tuple[str, str]
    day: date


def affected_by(
    connection: sa.Connection, workspace: str, articles: Collection[str]
) -> set[Affected]:
    """Return the sides and days of these articles' live facts that have a day."""
    return {
        Affected((row.source_for, row.target_for), row.day)
        for row in rows_in(connection, _OF_ARTICLES, workspace, articles)
        if row.source_for or row.target_for
    }


def assign_events(connection: sa.Connection, workspace: str, changed: Collection[Affected]) -> None:
    """Reassign the events of the facts around a change, in the caller's transaction.

    The result depends on the stored facts only, not on which of them changed together.
    """
    if not changed:
        return
    first, last = (edge(one.day for one in changed) for edge in (min, max))
    pairs = {one.sides for one in changed} | {one.sides[::-1] for one in changed}
    further = EXTENT
    while True:
        end = last + min(further, date.max - last)
        rows = _between(connection, workspace, sorted(pairs), first, end)
        articles = {row.article for row in rows.values()}
        quotes = grouped(rows_in(connection, _QUOTES, workspace, articles))
        acts = [event_report(row, row.published, " ".join(quotes[row.id])) for row in rows.values()]
        names = {row.id: row.happening for row in rows.values()}
        named = regrouped(acts, names, first, end)
        if named is not None:
            break
        further *= 2
    moved = [
        {"w": workspace, "key": rows[key].article, "fact": key, "name": name}
        for key, name in named.items()
        if names[key] != name
    ]
    if moved:
        connection.execute(_JOIN, moved)


def _between(
    connection: sa.Connection, workspace: str, pairs: list[tuple[str, str]], first: date, last: date
) -> dict[str, Any]:
    """Return live facts between these pairs in a period, and from where its events may begin."""
    found: dict[str, Any] = {}
    since = max(first, date.min + 2 * EXTENT) - 2 * EXTENT
    for some in slices(pairs):
        asked = {"w": workspace, "sides": some, "first": since, "last": last}
        found.update((row.id, row) for row in connection.execute(_BETWEEN, asked))
    return found


def event_report(row: Any, published: date | None, words: str) -> EventReport:
    """Turn a row of ``fact``, with the article's ``audience``, into a report of an event."""
    return EventReport(
        id=row.id,
        audience=row.audience,
        event_class=EventClass(row._mapping["class"]),  # noqa: SLF001 - the documented way
        act=row.act,
        status=Status(row.status),
        source=row.source_actor,
        target=row.target_actor or "",
        source_for=row.source_for,
        target_for=row.target_for or "",
        day=row.event_date,
        precision=row.precision,
        published=published,
        place=row.place,
        words=words,
    )
