"""What is asked of the store about actors: their facts, and which articles mention them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    Subquery,
    bindparam,
    func,
    select,
    tuple_,
    union,
)

from bot.models import EventClass, Evidence, Fact
from bot.store.keys import article_of
from bot.store.sql import chunks
from bot.store.tables import article, evidence, fact, mention

_workspace: BindParameter[Any] = bindparam("w")
_actors: BindParameter[Any] = bindparam("actors", expanding=True)
_beside: BindParameter[Any] = bindparam("beside", expanding=True)
_audiences: BindParameter[Any] = bindparam("audiences", expanding=True)
_first: BindParameter[Any] = bindparam("first")
_last: BindParameter[Any] = bindparam("last")
_as_of: BindParameter[Any] = bindparam("as_of")

_STRETCHES = (30, 300, 3000)
"""Days that are looked through for the newest facts before all are, each ten times the last:
what is looked through in vain is then little beside what is found."""

_RENAMED = {"class": "event_class", "precision": "date_precision"}
_FIELDS = [
    (at, name)
    for at, column in enumerate(fact.columns)
    if (name := _RENAMED.get(column.name, column.name)) in Fact.model_fields
]
"""Where in a row of ``fact`` what stands: by number, as looking each up by name takes as long
as the rest of making a fact."""

_PROOF = tuple(Evidence.model_fields)
_EVIDENCE = (
    select(evidence.c.fact, *(evidence.c[name] for name in _PROOF))
    .where(evidence.c.workspace == _workspace)
    .where(evidence.c.article.in_(bindparam("ids", expanding=True)))
    .order_by(evidence.c.fact, evidence.c.field, evidence.c.start, evidence.c.end)
)


def facts(
    connection: Connection,
    workspace: str,
    audiences: Collection[str],
    *,
    actors: Collection[str] | None = None,
    beside: Collection[str] | None = None,
    classes: Collection[EventClass] | None = None,
    since: date | None = None,
    until: date | None = None,
    as_of: datetime | None = None,
    undated: bool | None = None,
    limit: int = 200,
) -> list[Fact]:
    """Live facts; see ``Store.facts``."""
    asked = partial(
        _facts, actors is not None, beside is not None, classes is not None, as_of is not None
    )
    values: dict[str, Any] = {"w": workspace, "audiences": sorted(audiences), "as_of": as_of}
    values["actors"], values["beside"] = sorted(actors or ()), sorted(beside or ())
    values["classes"] = sorted(one.value for one in classes or ())
    rows: Sequence[Row[Any]] = []
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
    """The first days of ever longer stretches up to ``last``, until one holds enough facts.

    Of an actor with many facts, only those of the latest weeks are read and put in order.
    """
    earliest = since or date.min
    for days in _STRETCHES:
        if last is None or (last - earliest).days <= days:
            break
        yield last - timedelta(days=days)
    yield earliest


def with_evidence(connection: Connection, workspace: str, rows: Sequence[Row[Any]]) -> list[Fact]:
    """Rows of facts as facts, in their order, each with its evidence."""
    proofs = _evidence(connection, workspace, [row.id for row in rows])
    return [_fact(row, proofs[row.id]) for row in rows]


@cache
def _facts(
    with_actors: bool, with_beside: bool, with_classes: bool, as_of: bool, dated: bool
) -> Select[Any]:
    in_time = fact.c.day.between(_first, _last) if dated else fact.c.day.is_(None)
    chosen = [fact.c.workspace == _workspace, in_time]
    if with_classes:
        chosen.append(fact.c["class"].in_(bindparam("classes", expanding=True)))
    found = (
        select(fact)
        .join(
            article,
            (article.c.workspace == fact.c.workspace) & (article.c.id == fact.c.article),
        )
        .where(*chosen, fact.c.retired_at.is_(None))
        .where(article.c.audience.in_(_audiences), article.c.tombstoned_at.is_(None))
        .order_by(fact.c.day.desc(), fact.c.id)
        .limit(bindparam("limit"))
    )
    roles = [fact.c.source_actor, fact.c.target_actor, fact.c.claimant]
    if with_actors:
        found = found.where(_naming_any(chosen, roles, _actors))
    if with_beside:
        found = found.where(_naming_any(chosen, [*roles, fact.c.place], _beside))
    if as_of:
        found = found.where(func.coalesce(article.c.published, article.c.first_seen) <= _as_of)
    return found


def _naming_any(
    chosen: Sequence[ColumnElement[bool]],
    roles: Sequence[ColumnElement[Any]],
    actors: BindParameter[Any],
) -> ColumnElement[bool]:
    """A union of look-ups, each in one index: given an OR over them, SQLite reads every fact."""
    named = union(
        *(select(fact.c.article, fact.c.id).where(*chosen, role.in_(actors)) for role in roles)
    ).subquery()
    return tuple_(fact.c.article, fact.c.id).in_(select(named.c.article, named.c.id))


def _evidence(
    connection: Connection, workspace: str, ids: Collection[str]
) -> dict[str, tuple[Evidence, ...]]:
    found: dict[str, list[Evidence]] = {key: [] for key in ids}
    for some in chunks([article_of(key) for key in ids]):
        for key, *values in connection.execute(_EVIDENCE, {"w": workspace, "ids": some}):
            if key in found:
                named = dict(zip(_PROOF, values, strict=True))
                found[key].append(Evidence.model_validate(named))
    return {key: tuple(proofs) for key, proofs in found.items()}


def _fact(row: Row[Any], proofs: tuple[Evidence, ...]) -> Fact:
    values = {name: row[at] for at, name in _FIELDS}
    return Fact.model_validate({**values, "evidence": proofs})


def scope_of(groups: int, as_of: bool) -> Subquery:
    """The live articles that mention one actor of each group, each once."""
    named = _naming(0).distinct().subquery("named")
    scope = (
        select(article.c.id, article.c.published)
        .select_from(named)
        .join(article, (article.c.workspace == _workspace) & (article.c.id == named.c.article))
        .where(article.c.audience.in_(_audiences), article.c.tombstoned_at.is_(None))
    )
    for number in range(1, groups):
        scope = scope.where(article.c.id.in_(_naming(number)))
    if as_of:
        scope = scope.where(func.coalesce(article.c.published, article.c.first_seen) <= _as_of)
    return scope.subquery("scope")


def _naming(number: int) -> Select[Any]:
    actors: BindParameter[str] = bindparam(f"actors{number}", expanding=True)
    return select(mention.c.article).where(
        mention.c.workspace == _workspace, mention.c.actor.in_(actors)
    )
