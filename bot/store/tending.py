"""Whether the store itself is sound: that it can be written, what is damaged, its clock.

A lease ends at a time of the day. Where the clock is put back while leases are out, they would
keep what they hold from all others for as much longer as it was put back. So whatever lies
further ahead than anything that is given now is counted anew: whoever has it has a whole lease
from then on, as after a claim.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, and_, delete, exists, select, true, update

from bot.models import Feed
from bot.store import engine
from bot.store.digest_tables import digest
from bot.store.feed_tables import feed
from bot.store.installed_tables import installed
from bot.store.outbox import outgoing
from bot.store.pacing import AHEAD
from bot.store.requests import request
from bot.store.seeding import set_mark
from bot.store.tables import mark

_Connect = Callable[[], AbstractContextManager[Connection]]
_MARK = "doctor"
_LEFT = select(installed.c.workspace).where(installed.c.left_at.is_not(None))
_FEEDS = select(feed.c.fares, feed.c.state).where(feed.c.workspace.not_in(_LEFT))
_GIVEN = (
    (request, request.c.state == "working"),
    (outgoing, outgoing.c.state == "waiting"),
    (digest, true()),
    (feed, true()),
)
"""What is given with a lease, while it may have one."""

_AT_ONCE = and_(outgoing.c.state == "waiting", outgoing.c.due_at <= outgoing.c.put_at)
"""What was to be posted when it was put there; if it waits still, then to be tried again."""


class Tending:
    """Part of the Store, at ``store.tending``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def write(self) -> None:
        """Write something and take it back; raises StoreUnavailable where that is refused."""
        with suppress(_TakenBackError), self._write() as connection:
            set_mark(connection, _MARK, datetime.now(UTC).isoformat())
            connection.execute(delete(mark).where(mark.c.name == _MARK))
            raise _TakenBackError

    def damage(self) -> list[str]:
        """What the database finds damaged in itself, a few things at most; it reads all."""
        with self._read() as connection:
            return engine.damage(connection)

    def clock(self) -> datetime | None:
        """What time it is for a database that has a clock of its own."""
        with self._read() as connection:
            return engine.clock(connection)

    def count_anew(self, now: datetime, lease: timedelta) -> int:
        """Count from ``now`` what was given before the clock was put back; returns how much.

        No lease that is given now is longer than ``lease``; clocks may differ by ``AHEAD``.
        """
        furthest = now + lease + AHEAD
        leases = [
            (table, and_(held, table.c.lease_until > furthest), {"lease_until": now + lease})
            for table, held in _GIVEN
        ]
        waits = and_(_AT_ONCE, outgoing.c.not_before > furthest)
        all_of_it = [*leases, (outgoing, waits, {"not_before": now})]
        # Most looks find nothing, and need not wait for who is writing.
        with self._read() as connection:
            asked = [select(exists().where(where)) for _, where, _ in all_of_it]
            if not any(connection.execute(one).scalar_one() for one in asked):
                return 0
        with self._write() as connection:
            mended = [update(table).where(where).values(new) for table, where, new in all_of_it]
            return sum(connection.execute(one).rowcount for one in mended)

    def feeds(self) -> list[Feed]:
        """The feeds of every workspace that is here, by workspace and address."""
        with self._read() as connection:
            rows = connection.execute(_FEEDS).all()
        found = [
            Feed.model_validate_json(row.fares).model_copy(update={"state": row.state})
            for row in rows
        ]
        return sorted(found, key=lambda one: (one.workspace, one.url))


class _TakenBackError(Exception):
    """Ends a transaction that is to leave nothing."""
