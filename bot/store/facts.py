"""What is asked of the store about actors: their facts, and which articles mention them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
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
from bot.store.sql import chunks, utc_day
from bot.store.tables import article, evidence, fact, mention

_workspace: BindParameter[Any] = bindparam("w")
_actors: BindParameter[Any] = bindparam("actors", expanding=True)
_audiences: BindParameter[Any] = bindparam("audiences", expanding=True)
_since: BindParameter[Any] = bindparam("since")
_until: BindParameter[Any] = bindparam("until")
_as_of: BindParameter[Any] = bindparam("as_of")

_EVIDENCE = (
    select(evidence)
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
    classes: Collection[EventClass] | None = None,
    since: date | None = None,
    until: date | None = None,
    as_of: datetime | None = None,
    undated: bool | None = None,
    limit: int = 200,
) -> list[Fact]:
    """Live facts; see ``Store.facts``."""
    in_period = undated is not True and (since is not None or until is not None)
    statement = _facts(
        actors is not None,
        classes is not None,
        in_period and since is not None,
        in_period and until is not None,
        as_of is not None,
        False if in_period else undated,
    )
    values: dict[str, Any] = {"w": workspace, "audiences": sorted(audiences), "limit": limit}
    values |= {"since": since, "until": until, "as_of": as_of}  # what is not asked is not bound
    values["actors"] = sorted(actors or ())
    values["classes"] = sorted(one.value for one in classes or ())
    return with_evidence(connection, workspace, connection.execute(statement, values).all())


def with_evidence(connection: Connection, workspace: str, rows: Sequence[Row[Any]]) -> list[Fact]:
    """Rows of facts as facts, in their order, each with its evidence."""
    proofs = _evidence(connection, workspace, [row.id for row in rows])
    return [_fact(row, proofs[row.id]) for row in rows]


@cache
def _facts(
    with_actors: bool,
    with_classes: bool,
    since: bool,
    until: bool,
    as_of: bool,
    undated: bool | None,
) -> Select[Any]:
    day = func.coalesce(fact.c.event_date, utc_day(article.c.published))
    found = (
        select(fact)
        .join(
            article,
            (article.c.workspace == fact.c.workspace) & (article.c.id == fact.c.article),
        )
        .where(fact.c.workspace == _workspace, fact.c.retired_at.is_(None))
        .where(article.c.audience.in_(_audiences), article.c.tombstoned_at.is_(None))
        .order_by(day.is_(None), day.desc(), fact.c.id)
        .limit(bindparam("limit"))
    )
    if with_actors:
        # A union of three index look-ups: given an OR over them, SQLite reads every fact.
        roles = (fact.c.source_actor, fact.c.target_actor, fact.c.claimant)
        named = union(
            *(
                select(fact.c.article, fact.c.id).where(
                    fact.c.workspace == _workspace, role.in_(_actors)
                )
                for role in roles
            )
        ).subquery("named")
        found = found.where(
            tuple_(fact.c.article, fact.c.id).in_(select(named.c.article, named.c.id))
        )
    if with_classes:
        found = found.where(fact.c["class"].in_(bindparam("classes", expanding=True)))
    if since:
        found = found.where(day >= _since)
    if until:
        found = found.where(day <= _until)
    if as_of:
        found = found.where(func.coalesce(article.c.published, article.c.first_seen) <= _as_of)
    if undated is not None:
        found = found.where(day.is_(None) if undated else day.is_not(None))
    return found


def _evidence(
    connection: Connection, workspace: str, ids: Collection[str]
) -> dict[str, tuple[Evidence, ...]]:
    found: dict[str, list[Evidence]] = {key: [] for key in ids}
    for some in chunks([article_of(key) for key in ids]):
        for row in connection.execute(_EVIDENCE, {"w": workspace, "ids": some}).mappings():
            values = dict(row)
            del values["workspace"]
            key = values.pop("fact")
            if key in found:
                found[key].append(Evidence.model_validate(values))
    return {key: tuple(proofs) for key, proofs in found.items()}


def _fact(row: Row[Any], proofs: tuple[Evidence, ...]) -> Fact:
    values = dict(row._mapping)  # noqa: SLF001 - the documented way to the columns by name
    for name in ("article", "retired_at", "source_for", "target_for"):
        del values[name]
    values["event_class"] = values.pop("class")
    values["date_precision"] = values.pop("precision")
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
