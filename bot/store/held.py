"""Alerts that wait for quiet hours to end, to be told together then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Index, String, Table, Text, bindparam, delete, select

from bot.models import Alert, Outgoing
from bot.store import outbox
from bot.store.instants import Utc
from bot.store.sql import upsert_many
from bot.store.tables import metadata

held = Table(
    "held",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("team", String, primary_key=True),
    Column("place", String, primary_key=True),
    Column("story", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("alert", Text, nullable=False),
    Column("until", Utc, nullable=False),
    Index(None, "until"),
    sqlite_with_rowid=False,
)

_DUE = (
    select(held)
    .where(held.c.until <= bindparam("now"))
    .order_by(held.c.workspace, held.c.team, held.c.place, held.c.story)
)
_PLACE = (
    (held.c.workspace == bindparam("w"))
    & (held.c.team == bindparam("team"))
    & (held.c.place == bindparam("in"))
    & (held.c.until <= bindparam("now"))
)
_STORIES = select(held.c.story).where(_PLACE).order_by(held.c.story)

_Connect = Callable[[], AbstractContextManager[Connection]]


class Held(NamedTuple):
    """An alert on one story that a place is told when its quiet hours end, at ``until``."""

    workspace: str
    team: str
    place: str
    story: str
    owner: str
    alert: Alert
    until: datetime


class Holding:
    """Part of the Store, at ``store.holding``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def due(self, now: datetime) -> list[Held]:
        """What waits no longer, place by place."""
        with self._read() as connection:
            rows = connection.execute(_DUE, {"now": now}).mappings()
            return [
                Held(**{**row, "alert": Alert.model_validate_json(row["alert"])}) for row in rows
            ]

    def release(self, of: Sequence[Held], message: Outgoing, now: datetime) -> bool:
        """Put one message out in place of all that waits no longer in a place.

        False, and nothing is done, where that is not just these: another process was quicker.
        """
        first = of[0]
        place = {"w": first.workspace, "team": first.team, "in": first.place, "now": now}
        with self._write() as connection:
            there = list(connection.execute(_STORIES, place).scalars())
            if there != sorted(one.story for one in of):
                return False
            connection.execute(delete(held).where(_PLACE), place)
            outbox.put(connection, [message], now)
        return True


def hold(connection: Connection, alerts: Iterable[Held]) -> None:
    """Keep alerts until later, within a write of the store."""
    upsert_many(connection, held, [_row(one) for one in alerts])


def _row(one: Held) -> dict[str, Any]:
    return {**one._asdict(), "alert": one.alert.model_dump_json()}
