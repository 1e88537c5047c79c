"""Actors: the seeds, and what each workspace says of its own in addition.

All seed actors are replaced at once when their version changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    bindparam,
    delete,
    func,
    insert,
    select,
    union,
    update,
)

from bot.match.edits import NOTHING, whole
from bot.models import SEED, Actor, Alias, Own, Tenure
from bot.store.changes import mark_of, record_changes, set_mark
from bot.store.ids import tenure_id
from bot.store.sql import chunks, upsert
from bot.store.tables import actor, alias, hidden_alias, tenure

_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_workspace: BindParameter[Any] = bindparam("w")
_text: BindParameter[Any] = bindparam("text")
_key: BindParameter[Any] = bindparam("key")

_ROWS = select(actor).where(actor.c.workspace == _workspace).order_by(actor.c.id)
_ALIASES = (
    select(alias)
    .where(alias.c.workspace == _workspace)
    .order_by(alias.c.actor, alias.c.text, alias.c.kind)
)
_HIDDEN = (
    select(hidden_alias.c.actor, hidden_alias.c.text)
    .where(hidden_alias.c.workspace == _workspace)
    .order_by(hidden_alias.c.actor, hidden_alias.c.text)
)
_TENURES = (
    select(tenure.c.office, tenure.c.person, tenure.c.since, tenure.c.until, tenure.c.source)
    .where(tenure.c.workspace == _workspace)
    .order_by(tenure.c.office, tenure.c.since.asc().nulls_first(), tenure.c.id)
)
_FORGET = [
    delete(table).where(table.c.workspace == _workspace, column.in_(_ids))
    for table, column in (
        (alias, alias.c.actor),
        (hidden_alias, hidden_alias.c.actor),
        (tenure, tenure.c.office),
        (actor, actor.c.id),
    )
]
_ours = [SEED, _workspace]
_OWNERS = union(
    select(alias.c.actor)
    .where(alias.c.workspace.in_(_ours))
    .where((alias.c.text == _text) | (func.lower(alias.c.text) == bindparam("lower"))),
    select(actor.c.id)
    .where(actor.c.workspace.in_(_ours))
    .where((actor.c.name == _text) | (func.lower(actor.c.name) == bindparam("lower"))),
)
_LEANING = union(
    select(actor.c.id)
    .where(actor.c.workspace == _workspace)
    .where((actor.c.merged_into == _key) | (actor.c.acts_for == _key)),
    select(tenure.c.office).where(tenure.c.workspace == _workspace, tenure.c.person == _key),
)
_FOLLOWED = ("type", "name", "iso3", "acts_for", "description", "source", "as_of")
_seed = actor.alias("seed")
_FOLLOWING = select(actor.c.workspace, actor.c.id).where(
    actor.c.workspace != SEED,
    _seed.c.workspace == SEED,
    _seed.c.id == actor.c.id,
    *(actor.c[name].is_not_distinct_from(_seed.c[name]) for name in _FOLLOWED),
)
_FOLLOW = (
    update(actor)
    .where(actor.c.workspace == _workspace, actor.c.id == _key)
    .values({name: bindparam(name) for name in _FOLLOWED})
)


def actor_rows(
    connection: Connection, workspace: str, ids: Collection[str] | None = None
) -> dict[str, Actor]:
    """The actor rows of one workspace (or of the seeds) with their aliases, by id."""
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
    connection: Connection, workspace: str, ids: Collection[str] | None = None
) -> dict[str, Own]:
    """A workspace's own edits of actors, by id; absent where there are none."""
    found: dict[str, dict[str, Any]] = {}
    for key, row in actor_rows(connection, workspace, ids).items():
        found.setdefault(key, {})["actor"] = row
    for one in _of(connection, _HIDDEN, hidden_alias.c.actor, workspace, ids):
        found.setdefault(one["actor"], {}).setdefault("hidden", []).append(one["text"])
    for one in _of(connection, _TENURES, tenure.c.office, workspace, ids):
        held = Tenure.model_validate(dict(one))
        found.setdefault(held.office, {}).setdefault("tenures", []).append(held)
    return {
        key: Own(
            actor=said.get("actor"),
            hidden=tuple(said.get("hidden", ())),
            tenures=tuple(
                sorted(said.get("tenures", ()), key=lambda t: (t.person, str(t.since or "")))
            ),
        )
        for key, said in sorted(found.items())
    }


def all_actors(connection: Connection, workspace: str) -> list[Actor]:
    """The actors as a workspace sees them: the seeds with its own edits; by id."""
    seeds, said = actor_rows(connection, SEED), own(connection, workspace)
    everyone = (whole(seeds.get(key), said.get(key, NOTHING)) for key in sorted({*seeds, *said}))
    return [one for one in everyone if one is not None]


def all_tenures(connection: Connection, workspace: str) -> list[Tenure]:
    """Who held which office, by office and begin; the workspace's word before the seed's."""
    found: dict[tuple[str, str, object], Tenure] = {}
    for whose in (SEED, workspace):
        for row in connection.execute(_TENURES, {"w": whose}).mappings():
            one = Tenure.model_validate(dict(row))
            found[one.office, one.person, one.since] = one
    return sorted(found.values(), key=lambda t: (t.office, str(t.since or ""), t.person))


def owners(connection: Connection, workspace: str, text: str) -> list[str]:
    """The ids of all that have a text for a name or alias, hidden ones included; by id.

    Case does not count: of ASCII letters, or of none.
    """
    asked = {"w": workspace, "text": text, "lower": text.lower()}
    return sorted(connection.execute(_OWNERS, asked).scalars())


def dependents(connection: Connection, workspace: str, key: str) -> tuple[str, ...]:
    """Own actors that depend on another: merged into it, acting for it, or held by it."""
    return tuple(sorted(connection.execute(_LEANING, {"w": workspace, "key": key}).scalars()))


def write_own(connection: Connection, workspace: str, said: dict[str, Own]) -> None:
    """Replace a workspace's own edits of these actors."""
    for some in chunks(said):
        for statement in _FORGET:
            connection.execute(statement, {"w": workspace, "ids": some})
    people = [
        {
            **one.actor.model_dump(exclude={"aliases", "members"}),
            "workspace": workspace,
            "type": one.actor.type.value,
        }
        for one in said.values()
        if one.actor is not None
    ]
    names = [
        {**name.model_dump(), "workspace": workspace, "actor": key, "kind": name.kind.value}
        for key, one in said.items()
        if one.actor is not None
        for name in one.actor.aliases
    ]
    gone = [
        {"workspace": workspace, "actor": key, "text": text}
        for key, one in said.items()
        for text in one.hidden
    ]
    terms = [
        {**held.model_dump(), "workspace": workspace, "id": _tenure_id(held)}
        for one in said.values()
        for held in one.tenures
    ]
    for table, lines in ((actor, people), (alias, names), (hidden_alias, gone), (tenure, terms)):
        if lines:
            connection.execute(insert(table), lines)


def followers(connection: Connection) -> list[tuple[str, str]]:
    """``(workspace, id)`` of workspace rows that equal the seed of that id."""
    return [(row.workspace, row.id) for row in connection.execute(_FOLLOWING)]


def follow(connection: Connection, whose: Iterable[tuple[str, str]]) -> None:
    """Update these rows to what the seeds say now; where a seed is gone they stay."""
    ours = list(whose)
    seeds = actor_rows(connection, SEED, {key for _, key in ours})
    found = [
        {**seeds[key].model_dump(include=set(_FOLLOWED)), "w": workspace, "key": key}
        for workspace, key in ours
        if key in seeds
    ]
    for one in found:
        connection.execute(_FOLLOW, {**one, "type": str(one["type"])})


def _tenure_id(held: Tenure) -> str:
    return tenure_id(held.office, held.person, str(held.since or ""))


def _of(
    connection: Connection,
    statement: Any,
    column: Any,
    workspace: str,
    ids: Collection[str] | None,
) -> Iterable[Any]:
    if ids is None:
        yield from connection.execute(statement, {"w": workspace}).mappings()
        return
    narrowed = statement.where(column.in_(_ids))
    for some in chunks(ids):
        yield from connection.execute(narrowed, {"w": workspace, "ids": some}).mappings()


# --- the seed actors ----------------------------------------------------------------------------

_VERSION = "gazetteer_version"


_SEED_FORGET = [
    delete(table).where(table.c.workspace == bindparam("w")) for table in (alias, tenure, actor)
]
_ACTOR = insert(actor)


def has_seeds(connection: Connection, version: str) -> bool:
    """Whether this version of the seed actors is stored."""
    return mark_of(connection, _VERSION) == version


def seed_actors(
    connection: Connection, actors: Sequence[Actor], tenures: Sequence[Tenure], version: str
) -> bool:
    """Replace all seed actors unless this version of them is there; True if it did."""
    if has_seeds(connection, version):
        return False
    following = followers(connection)
    for statement in _SEED_FORGET:
        connection.execute(statement, {"w": SEED})
    dialect = connection.dialect.name
    people = [
        {
            **one.model_dump(exclude={"aliases", "members"}),
            "workspace": SEED,
            "type": one.type.value,
        }
        for one in actors
    ]
    names = [
        {**name.model_dump(), "workspace": SEED, "actor": one.id, "kind": name.kind.value}
        for one in actors
        for name in one.aliases
    ]
    terms = [
        {
            **one.model_dump(),
            "workspace": SEED,
            "id": tenure_id(one.office, one.person, str(one.since or "")),
        }
        for one in tenures
    ]
    if people:
        connection.execute(_ACTOR, people)
    for table, rows in ((alias, names), (tenure, terms)):
        if rows:
            connection.execute(upsert(dialect, table, ()), rows)
    follow(connection, following)
    set_mark(connection, _VERSION, version)
    record_changes(connection, SEED, "actor", ["*"], "put")
    return True
