"""Actors: the seeds, and each workspace's own actors and edits.

All seed actors are replaced at once when their version changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from bot.match.edits import NOTHING, whole
from bot.models import SEED, Actor, Alias, Own, Tenure
from bot.store.changes import mark_of, record_changes, set_mark
from bot.store.ids import tenure_id
from bot.store.sql import IDS, WORKSPACE, chunks, upsert
from bot.store.tables import actor, alias, hidden_alias, tenure

_text: sa.BindParameter[Any] = sa.bindparam("text")
_key: sa.BindParameter[Any] = sa.bindparam("key")

_ROWS = sa.select(actor).where(actor.c.workspace == WORKSPACE).order_by(actor.c.id)
_ALIASES = (
    sa.select(alias)
    .where(alias.c.workspace == WORKSPACE)
    .order_by(alias.c.actor, alias.c.text, alias.c.kind)
)
_HIDDEN = (
    sa.select(hidden_alias.c.actor, hidden_alias.c.text)
    .where(hidden_alias.c.workspace == WORKSPACE)
    .order_by(hidden_alias.c.actor, hidden_alias.c.text)
)
_TENURES = (
    sa.select(tenure.c.office, tenure.c.person, tenure.c.since, tenure.c.until, tenure.c.source)
    .where(tenure.c.workspace == WORKSPACE)
    .order_by(tenure.c.office, tenure.c.since.asc().nulls_first(), tenure.c.id)
)
_FORGET = [
    sa.delete(table).where(table.c.workspace == WORKSPACE, column.in_(IDS))
    for table, column in (
        (alias, alias.c.actor),
        (hidden_alias, hidden_alias.c.actor),
        (tenure, tenure.c.office),
        (actor, actor.c.id),
    )
]
_visible = [SEED, WORKSPACE]
_OWNERS = sa.union(
    sa.select(alias.c.actor)
    .where(alias.c.workspace.in_(_visible))
    .where((alias.c.text == _text) | (sa.func.lower(alias.c.text) == sa.bindparam("lower"))),
    sa.select(actor.c.id)
    .where(actor.c.workspace.in_(_visible))
    .where((actor.c.name == _text) | (sa.func.lower(actor.c.name) == sa.bindparam("lower"))),
)
_DEPENDENTS = sa.union(
    sa.select(actor.c.id)
    .where(actor.c.workspace == WORKSPACE)
    .where((actor.c.merged_into == _key) | (actor.c.acts_for == _key)),
    sa.select(tenure.c.office).where(tenure.c.workspace == WORKSPACE, tenure.c.person == _key),
)
_FOLLOWED = ("type", "name", "iso3", "acts_for", "description", "source", "as_of")
_seed = actor.alias("seed")
_FOLLOWING = sa.select(actor.c.workspace, actor.c.id).where(
    actor.c.workspace != SEED,
    _seed.c.workspace == SEED,
    _seed.c.id == actor.c.id,
    *(actor.c[name].is_not_distinct_from(_seed.c[name]) for name in _FOLLOWED),
)
_FOLLOW = (
    sa.update(actor)
    .where(actor.c.workspace == WORKSPACE, actor.c.id == _key)
    .values({name: sa.bindparam(name) for name in _FOLLOWED})
)


def actor_rows(
    connection: sa.Connection, workspace: str, ids: Collection[str] | None = None
) -> dict[str, Actor]:
    """Return the actor rows of one workspace (or of the seeds) with their aliases, by id."""
    names: dict[str, list[Alias]] = {}
    for row in _of(connection, _ALIASES, alias.c.actor, workspace, ids):
        values = dict(row)
        del values["workspace"]
        names.setdefault(values.pop("actor"), []).append(Alias.model_validate(values))
    return {
        row["id"]: Actor.model_validate({**row, "aliases": tuple(names.get(row["id"], ()))})
        for row in _of(connection, _ROWS, actor.c.id, workspace, ids)
    }


def own(
    connection: sa.Connection, workspace: str, ids: Collection[str] | None = None
) -> dict[str, Own]:
    """Return a workspace's own edits of actors, by id; actors without edits are absent."""
    found: dict[str, dict[str, Any]] = {}
    for key, row in actor_rows(connection, workspace, ids).items():
        found.setdefault(key, {})["actor"] = row
    for one in _of(connection, _HIDDEN, hidden_alias.c.actor, workspace, ids):
        found.setdefault(one["actor"], {}).setdefault("hidden", []).append(one["text"])
    for one in _of(connection, _TENURES, tenure.c.office, workspace, ids):
        term = Tenure.model_validate(dict(one))
        found.setdefault(term.office, {}).setdefault("tenures", []).append(term)
    return {
        key: Own(
            actor=edits.get("actor"),
            hidden=tuple(edits.get("hidden", ())),
            tenures=tuple(
                sorted(edits.get("tenures", ()), key=lambda t: (t.person, str(t.since or "")))
            ),
        )
        for key, edits in sorted(found.items())
    }


def all_actors(connection: sa.Connection, workspace: str) -> list[Actor]:
    """Return the actors as a workspace sees them: the seeds with its own edits; by id."""
    seeds, edits = actor_rows(connection, SEED), own(connection, workspace)
    everyone = (whole(seeds.get(key), edits.get(key, NOTHING)) for key in sorted({*seeds, *edits}))
    return [one for one in everyone if one is not None]


def all_tenures(connection: sa.Connection, workspace: str) -> list[Tenure]:
    """Return the tenures, by office and start; a workspace's entries replace the seed's."""
    found: dict[tuple[str, str, object], Tenure] = {}
    for owner in (SEED, workspace):
        for row in connection.execute(_TENURES, {"w": owner}).mappings():
            one = Tenure.model_validate(dict(row))
            found[one.office, one.person, one.since] = one
    return sorted(found.values(), key=lambda t: (t.office, str(t.since or ""), t.person))


def owners(connection: sa.Connection, workspace: str, text: str) -> list[str]:
    """Return the ids of all actors with a text as name or alias, hidden ones included; sorted.

    Case is ignored: of ASCII letters, or of none.
    """
    asked = {"w": workspace, "text": text, "lower": text.lower()}
    return sorted(connection.execute(_OWNERS, asked).scalars())


def dependents(connection: sa.Connection, workspace: str, key: str) -> tuple[str, ...]:
    """Return own actors that depend on another: merged into it, acting for it, or held by it."""
    return tuple(sorted(connection.execute(_DEPENDENTS, {"w": workspace, "key": key}).scalars()))


def write_own(connection: sa.Connection, workspace: str, edits: dict[str, Own]) -> None:
    """Replace a workspace's own edits of these actors."""
    for some in chunks(edits):
        for statement in _FORGET:
            connection.execute(statement, {"w": workspace, "ids": some})
    people = [one.actor for one in edits.values() if one.actor is not None]
    terms = [term for one in edits.values() for term in one.tenures]
    hidden = [
        {"workspace": workspace, "actor": key, "text": text}
        for key, one in edits.items()
        for text in one.hidden
    ]
    for table, rows in (*_rows(workspace, people, terms), (hidden_alias, hidden)):
        if rows:
            connection.execute(sa.insert(table), rows)


def _rows(
    workspace: str, actors: Collection[Actor], tenures: Iterable[Tenure]
) -> list[tuple[sa.Table, list[dict[str, Any]]]]:
    """Return actors, their aliases and tenures as rows, table by table."""
    people = [
        {
            **one.model_dump(exclude={"aliases", "members"}),
            "workspace": workspace,
            "type": one.type.value,
        }
        for one in actors
    ]
    names = [
        {**name.model_dump(), "workspace": workspace, "actor": one.id, "kind": name.kind.value}
        for one in actors
        for name in one.aliases
    ]
    terms = [
        {
            **term.model_dump(),
            "workspace": workspace,
            "id": tenure_id(term.office, term.person, str(term.since or "")),
        }
        for term in tenures
    ]
    return [(actor, people), (alias, names), (tenure, terms)]


def followers(connection: sa.Connection) -> list[tuple[str, str]]:
    """Return ``(workspace, id)`` of the workspace rows that equal the seed of that id."""
    return [(row.workspace, row.id) for row in connection.execute(_FOLLOWING)]


def follow(connection: sa.Connection, rows: Iterable[tuple[str, str]]) -> None:
    """Update these rows to the seeds' current values; rows without a seed stay."""
    ours = list(rows)
    seeds = actor_rows(connection, SEED, {key for _, key in ours})
    found = [
        {**seeds[key].model_dump(include=set(_FOLLOWED)), "w": workspace, "key": key}
        for workspace, key in ours
        if key in seeds
    ]
    for one in found:
        connection.execute(_FOLLOW, {**one, "type": str(one["type"])})


def _of(
    connection: sa.Connection,
    statement: Any,
    column: Any,
    workspace: str,
    ids: Collection[str] | None,
) -> Iterable[Any]:
    if ids is None:
        yield from connection.execute(statement, {"w": workspace}).mappings()
        return
    narrowed = statement.where(column.in_(IDS))
    for some in chunks(ids):
        yield from connection.execute(narrowed, {"w": workspace, "ids": some}).mappings()


# --- the seed actors ----------------------------------------------------------------------------

_VERSION = "gazetteer_version"


_SEED_FORGET = [
    sa.delete(table).where(table.c.workspace == WORKSPACE) for table in (alias, tenure, actor)
]


def has_seeds(connection: sa.Connection, version: str) -> bool:
    """Return whether this version of the seed actors is stored."""
    return mark_of(connection, _VERSION) == version


def seed_actors(
    connection: sa.Connection, actors: Sequence[Actor], tenures: Sequence[Tenure], version: str
) -> bool:
    """Replace all seed actors unless this version is stored; return whether it did."""
    if has_seeds(connection, version):
        return False
    following = followers(connection)
    for statement in _SEED_FORGET:
        connection.execute(statement, {"w": SEED})
    dialect = connection.dialect.name
    for table, rows in _rows(SEED, actors, tenures):
        if rows:
            # An alias or a tenure may be listed twice, an actor must not.
            insert = sa.insert(actor) if table is actor else upsert(dialect, table, ())
            connection.execute(insert, rows)
    follow(connection, following)
    set_mark(connection, _VERSION, version)
    record_changes(connection, SEED, "actor", ["*"], "put")
    return True
