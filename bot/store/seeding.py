"""The seed actors, replaced all at once when their version is another, and the store's marks."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import Connection, bindparam, delete, insert, select

from bot.models import SEED, Actor, Tenure
from bot.store import actors as stored
from bot.store.keys import tenure_id
from bot.store.sql import upsert
from bot.store.tables import actor, alias, mark, tenure
from bot.store.writing import record_changes

_STORE = "store"
_VERSION = "gazetteer_version"
_MARK = select(mark.c.value).where(mark.c.name == bindparam("mark"))
_FORGET = [
    delete(table).where(table.c.workspace == bindparam("w")) for table in (alias, tenure, actor)
]
_ACTOR = insert(actor)


def mark_of(connection: Connection, name: str) -> str | None:
    """Read a mark of the whole store."""
    return connection.execute(_MARK, {"mark": name}).scalar()


def _set_mark(connection: Connection, name: str, value: str) -> None:
    statement = upsert(connection.dialect.name, mark, ("value",))
    connection.execute(statement, {"name": name, "value": value})


def name_of(connection: Connection) -> str:
    """Read the id of this store; empty if it has none yet."""
    return mark_of(connection, _STORE) or ""


def name_store(connection: Connection) -> str:
    """Read the id of this store; give it one if it has none."""
    found = name_of(connection)
    if not found:
        found = uuid4().hex
        _set_mark(connection, _STORE, found)
    return found


def has_seeds(connection: Connection, version: str) -> bool:
    """Whether this version of the seed actors is stored."""
    return mark_of(connection, _VERSION) == version


def seed_actors(
    connection: Connection, actors: Sequence[Actor], tenures: Sequence[Tenure], version: str
) -> bool:
    """Replace all seed actors unless this version of them is there; True if it did."""
    if has_seeds(connection, version):
        return False
    following = stored.following(connection)
    for statement in _FORGET:
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
    stored.follow(connection, following)
    _set_mark(connection, _VERSION, version)
    record_changes(connection, SEED, "actor", ["*"], "put")
    return True
