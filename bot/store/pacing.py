"""The pace of posting: whose turn it is in a place, and who is posting there.

Slack counts the messages of all processes that speak for an app, by when they arrive:
https://docs.slack.dev/apis/web-api/rate-limits. So a turn is taken first, which keeps those who
wait in order, and a message is sent only when the one before has arrived and ``gap`` is over.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Row, String, Table, bindparam, select, update

from bot.store.instants import Utc
from bot.store.sql import upsert
from bot.store.tables import metadata

# ``free_at`` is the next turn to be had, ``rest_until`` the end of the rest after the last
# message, ``busy_until`` the end of the lease of who is posting.
pace = Table(
    "pace",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("place", String, primary_key=True),
    Column("free_at", Utc, nullable=False),
    Column("rest_until", Utc),
    Column("busy_until", Utc),
    sqlite_with_rowid=False,
)

_IS = (pace.c.workspace == bindparam("w")) & (pace.c.place == bindparam("in"))
_OF = select(pace).where(_IS).with_for_update()
_FREE = update(pace).where(_IS).values(free_at=bindparam("free"))
_BUSY = update(pace).where(_IS).values(busy_until=bindparam("busy"))
_REST = (
    update(pace)
    .where(_IS)
    .values(free_at=bindparam("free"), rest_until=bindparam("rest"), busy_until=bindparam("busy"))
)

AHEAD = timedelta(minutes=15)
"""No turn is further away: one that is was given before the clock was put back, and is void."""

_Write = Callable[[], AbstractContextManager[Connection]]


class Pacing:
    """Part of the Store, at ``store.pacing``."""

    def __init__(self, write: _Write) -> None:
        self._write = write

    def turn(
        self, workspace: str, place: str, now: datetime, gap: timedelta, latest: datetime
    ) -> tuple[datetime, bool]:
        """When a message may go to a place, ``gap`` after the one before; takes that turn.

        The turn is not taken (False) where it would come after ``latest``.
        """
        key = {"w": workspace, "in": place}
        with self._write() as connection:
            at = max(_no_later(_there(connection, key, now).free_at, now) or now, now)
            if at > latest:
                return at, False
            connection.execute(_FREE, {**key, "free": at + gap})
            return at, True

    def begin(
        self, workspace: str, place: str, now: datetime, lease: timedelta, look: timedelta
    ) -> datetime | None:
        """Begin to post, for at most ``lease``: None, and nobody else posts there meanwhile.

        Else when to look again: after the rest, or in ``look`` where somebody is posting.
        """
        key = {"w": workspace, "in": place}
        with self._write() as connection:
            row = _there(connection, key, now)
            busy, rest = _no_later(row.busy_until, now), _no_later(row.rest_until, now)
            if busy is not None and busy > now:
                return min(busy, now + look)
            if rest is not None and rest > now:
                return rest
            connection.execute(_BUSY, {**key, "busy": now + lease})
            return None

    def end(self, workspace: str, place: str, now: datetime, gap: timedelta) -> None:
        """End posting: the message has arrived, or never will."""
        self._rest(workspace, place, now, now + gap, busy=False)

    def hold(self, workspace: str, place: str, now: datetime, until: datetime) -> None:
        """Have nobody post to a place before ``until``, as Slack asked."""
        self._rest(workspace, place, now, until, busy=True)

    def _rest(
        self, workspace: str, place: str, now: datetime, until: datetime, *, busy: bool
    ) -> None:
        key = {"w": workspace, "in": place}
        with self._write() as connection:
            row = _there(connection, key, now)
            values = {
                "free": max(_no_later(row.free_at, now) or until, until),
                "rest": max(_no_later(row.rest_until, now) or until, until),
                "busy": row.busy_until if busy else None,
            }
            connection.execute(_REST, {**key, **values})


def _no_later(at: datetime | None, now: datetime) -> datetime | None:
    """A time that was counted by the clock as it is now; None for any other."""
    return at if at is not None and at <= now + AHEAD else None


def _there(connection: Connection, key: dict[str, str], now: datetime) -> Row[Any]:
    """The row of a place, made where it has none; nobody else changes it meanwhile."""
    new = {"workspace": key["w"], "place": key["in"], "free_at": now}
    connection.execute(upsert(connection.dialect.name, pace, ()), new)
    return connection.execute(_OF, key).one()
