"""The seed actors, replaced all at once when their version is another, and the store's marks."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import Connection, bindparam, delete, insert, select

from bot.errors import StoreError
from bot.models import SEED, Actor, Tenure
from bot.store import actors as stored
from bot.store.engine import place_of
from bot.store.keys import tenure_id
from bot.store.sql import upsert
from bot.store.tables import actor, alias, mark, tenure
from bot.store.writing import record_changes

_STORE = "store"
UNFINISHED = "unfinished"
"""The mark of a store that is being copied from another; its value is the id of that one."""

_VERSION = "gazetteer_version"
_MARK = select(mark.c.value).where(mark.c.name == bindparam("mark"))
_NAMES = select(mark.c.name, mark.c.value).where(mark.c.name.in_([_STORE, UNFINISHED]))
_FORGET = [
    delete(table).where(table.c.workspace == bindparam("w")) for table in (alias, tenure, actor)
]
_ACTOR = insert(actor)


def mark_of(connection: Connection, name: str) -> str | None:
    """Read a mark of the whole store."""
    return connection.execute(_MARK, {"mark": name}).scalar()


def set_mark(connection: Connection, name: str, value: str) -> None:
    """Write a mark of the whole store."""
    statement = upsert(connection.dialect.name, mark, ("value",))
    connection.execute(statement, {"name": name, "value": value})


def name_of(connection: Connection) -> str:
    """Read the id of this store; empty if it has none yet.

    Raises StoreError for one that is being copied from another.
    """
    marks: dict[str, str] = {one.name: one.value for one in connection.execute(_NAMES)}
    if UNFINISHED in marks:
        where = place_of(connection.engine.url)
        raise StoreError(
            f"The store {where} is a copy that is not finished.",
            about=where,
            hint="Run the same `dragoman copy` again, which goes on with it.",
        )
    return marks.get(_STORE, "")


def name_store(connection: Connection) -> str:
    """Read the id of this store; give it one if it has none."""
    return name_of(connection) or name_anew(connection)


def name_anew(connection: Connection) -> str:
    """Give this store another id, so that no index takes it for the one that it followed."""
    name = uuid4().hex
    set_mark(connection, _STORE, name)
    return name


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
    set_mark(connection, _VERSION, version)
    record_changes(connection, SEED, "actor", ["*"], "put")
    return True
