"""What is followed: for which places, since when, and how they want to be told."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from bot.models import Topic, Watch
from bot.store.instants import Utc
from bot.store.sql import advance
from bot.store.tables import metadata

watch = Table(
    "watch",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("team", String, nullable=False),
    Column("place", String, nullable=False),
    Column("room", String),
    Column("person", String, nullable=False),
    Column("typed", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("least", Integer, nullable=False),
    Column("digest_only", Boolean, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("muted_until", Utc),
    Column("tz", String, nullable=False),
    Column("since", Utc, nullable=False),
    Index(None, "workspace", "team", "place"),
)

_FIELDS = tuple(column.name for column in watch.columns)
_OF = (
    select(watch)
    .where(watch.c.workspace == bindparam("w"), watch.c.team == bindparam("team"))
    .where(watch.c.place == bindparam("place"))
    .order_by(watch.c.id)
)
_BY = (
    select(watch)
    .where(watch.c.workspace == bindparam("w"), watch.c.team == bindparam("team"))
    .where(watch.c.person == bindparam("person"))
    .order_by(watch.c.place != bindparam("person"), watch.c.place, watch.c.id)
)
_THERE = (
    select(watch)
    .where(watch.c.team == bindparam("team"), watch.c.place == bindparam("place"))
    .order_by(watch.c.workspace, watch.c.id)
)
_ALL = select(watch).order_by(watch.c.workspace, watch.c.id)
_IDS = (watch.c.workspace == bindparam("w")) & watch.c.id.in_(bindparam("ids", expanding=True))

_Connect = Callable[[], AbstractContextManager[Connection]]


class Watches:
    """Part of the Store, at ``store.watches``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def add(self, new: Watch) -> tuple[Watch, bool]:
        """Follow a topic for a place; its ``id`` is given here.

        What the place follows already is told by the new options, and goes on if it was
        paused; False says so. It keeps its ``since``: nothing is told that would not have been.
        """
        with self._write() as connection:
            there = connection.execute(
                _OF, {"w": new.workspace, "team": new.team, "place": new.place}
            )
            for known in map(watch_of, there):
                if _same(known.topic, new.topic):
                    ours = known.model_copy(
                        update={
                            "least": new.least,
                            "digest_only": new.digest_only,
                            "room": new.room or known.room,
                            "paused": False,
                            "muted_until": None,
                        }
                    )
                    row = _row(ours)
                    ids = {"w": row.pop("workspace"), "ids": [row.pop("id")]}
                    connection.execute(update(watch).where(_IDS).values(**row), ids)
                    return ours, False
            ours = new.model_copy(update={"id": advance(connection, f"watch {new.workspace}", 1)})
            connection.execute(insert(watch), [_row(ours)])
        return ours, True

    def of(self, workspace: str, team: str, place: str) -> list[Watch]:
        """What a place follows, the oldest first."""
        with self._read() as connection:
            values = {"w": workspace, "team": team, "place": place}
            return [watch_of(row) for row in connection.execute(_OF, values)]

    def set_up_by(self, workspace: str, team: str, person: str) -> list[Watch]:
        """What somebody follows, their own first, then what they set up in channels."""
        with self._read() as connection:
            values = {"w": workspace, "team": team, "person": person}
            return [watch_of(row) for row in connection.execute(_BY, values)]

    def there(self, team: str, place: str) -> list[Watch]:
        """What a place follows, over whosever articles."""
        with self._read() as connection:
            rows = connection.execute(_THERE, {"team": team, "place": place})
            return [watch_of(row) for row in rows]

    def all(self, workspace: str | None = None) -> list[Watch]:
        """Everything that is followed over the articles of a workspace, or of all."""
        with self._read() as connection:
            found = [watch_of(row) for row in connection.execute(_ALL)]
        return [one for one in found if workspace is None or one.workspace == workspace]

    def remove(self, workspace: str, ids: Collection[int]) -> int:
        """Follow some no longer; returns how many were there."""
        with self._write() as connection:
            done = connection.execute(
                delete(watch).where(_IDS), {"w": workspace, "ids": sorted(ids)}
            )
            return int(done.rowcount)

    def mute(self, workspace: str, ids: Collection[int], until: datetime | None) -> int:
        """Tell nothing at once of these until an instant; None has them told again."""
        return self._set(workspace, ids, muted_until=until)

    def pause(self, workspace: str, ids: Collection[int], *, paused: bool) -> int:
        """Stop following these for the time being, or go on, not muted either."""
        return self._set(workspace, ids, paused=paused, muted_until=None)

    def leave_to_digest(self, workspace: str, ids: Collection[int], *, digest_only: bool) -> int:
        """Tell these in the digest only, or at once as well."""
        return self._set(workspace, ids, digest_only=digest_only)

    def _set(self, workspace: str, ids: Collection[int], **values: Any) -> int:
        with self._write() as connection:
            done = connection.execute(
                update(watch).where(_IDS).values(**values), {"w": workspace, "ids": sorted(ids)}
            )
            return int(done.rowcount)


def watch_of(row: Row[Any]) -> Watch:
    """A row as a watch."""
    values = {name: getattr(row, name) for name in _FIELDS}
    return Watch.model_validate({**values, "topic": json.loads(row.topic)})


def _row(one: Watch) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in _FIELDS}
    return {**values, "topic": one.topic.model_dump_json()}


def _same(one: Topic, other: Topic) -> bool:
    """The same actors, whatever they were called then, classes and words."""
    return (
        {actor for actor, _ in one.actors} == {actor for actor, _ in other.actors}
        and set(one.classes) == set(other.classes)
        and {phrase.casefold() for phrase in one.phrases}
        == {phrase.casefold() for phrase in other.phrases}
    )
