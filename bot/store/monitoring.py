"""Metrics for operators, and maintenance of the store itself.

A lease ends at a time of day. If the clock is set back while leases are held, they would block
other processes for that much longer. So any lease that ends later than a new one could is reset:
its holder then has one whole lease, as after a claim.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from bot.models import Feed
from bot.store import articles, engine
from bot.store.changes import last_seq, set_mark
from bot.store.digests import digest
from bot.store.engine import Repository, reads
from bot.store.feeds import FREE, LEFT, feed
from bot.store.inbox import request
from bot.store.outbox import AHEAD, outgoing
from bot.store.sql import WORKSPACE
from bot.store.tables import article, mark

_OPEN = sa.select(sa.func.count(), sa.func.min(request.c.received_at)).where(
    request.c.state.in_(("new", "working"))
)
_DUE = sa.select(sa.func.count(), sa.func.min(outgoing.c.not_before)).where(
    outgoing.c.state == "waiting", outgoing.c.not_before <= sa.bindparam("now")
)
_FEEDS = sa.select(feed.c.state, feed.c.fares).where(feed.c.workspace.not_in(LEFT))
# Walks the index to the next name: a DISTINCT query would read every article.
_NEXT = sa.select(sa.func.min(article.c.workspace)).where(
    article.c.workspace > sa.bindparam("after")
)
_NEWEST = sa.select(sa.func.max(article.c.published)).where(
    article.c.workspace == WORKSPACE, article.c.published <= sa.bindparam("now")
)
_FOLLOWS = (
    sa.select(feed.c.id).where(feed.c.workspace == WORKSPACE, feed.c.state == "active").limit(1)
)
_LATEST_DUE = sa.select(sa.func.min(feed.c.next_poll)).where(
    feed.c.state == "active", feed.c.workspace.not_in(LEFT), FREE
)


class Queue(NamedTuple):
    """How many items are due, and how long the oldest of them has waited."""

    waiting: int
    lag: timedelta


class StoreMetrics(NamedTuple):
    """Counts of the store. ``feeds`` counts feeds by state: active, failing, paused, retired.

    ``facts`` are the articles that wait for their facts. ``feeds_late`` is how long the most
    overdue feed has been due; ``newest`` the date of the newest article of any workspace, and
    ``seq`` the number of the newest change.
    """

    requests: Queue
    posts: Queue
    facts: Queue
    feeds: dict[str, int]
    feeds_late: timedelta
    newest: datetime | None
    seq: int


class Metrics(Repository):
    """Metrics for operators; part of the Store, at ``store.metrics``."""

    def now(self, now: datetime) -> StoreMetrics:
        """Count in one snapshot of the store."""
        with self._read() as connection:
            feeds = Counter({"active": 0, "failing": 0, "paused": 0, "retired": 0})
            for state, fares in connection.execute(_FEEDS):
                fails = state == "active" and json.loads(fares).get("failures")
                feeds["failing" if fails else state] += 1
            due = connection.execute(_LATEST_DUE, {"now": now}).scalar()
            dates = [
                newest
                for workspace in _workspaces(connection)
                if (newest := _newest(connection, workspace, now)) is not None
            ]
            return StoreMetrics(
                requests=_queue(connection.execute(_OPEN).one(), now),
                posts=_queue(connection.execute(_DUE, {"now": now}).one(), now),
                facts=_queue(articles.awaiting_facts(connection), now),
                feeds=dict(feeds),
                feeds_late=_since(due, now),
                newest=max(dates, default=None),
                seq=last_seq(connection),
            )

    def newest(self, now: datetime) -> dict[str, datetime | None]:
        """Return the date of the newest article, by workspace; None if no article has a date."""
        with self._read() as connection:
            every = _workspaces(connection)
            return {one: _newest(connection, one, now) for one in every}

    def follows(self, workspace: str) -> bool:
        """Return whether a workspace has feeds that are polled."""
        return self._first(_FOLLOWS, {"w": workspace}) is not None


def _queue(row: tuple[int, datetime | None], now: datetime) -> Queue:
    waiting, oldest = row
    return Queue(waiting, _since(oldest, now))


def _since(when: datetime | None, now: datetime) -> timedelta:
    return max(now - when, timedelta()) if when is not None else timedelta()


def _workspaces(connection: sa.Connection) -> Iterator[str]:
    after = ""
    while (found := connection.execute(_NEXT, {"after": after}).scalar()) is not None:
        yield found
        after = found


def _newest(connection: sa.Connection, workspace: str, now: datetime) -> datetime | None:
    newest: datetime | None = connection.execute(_NEWEST, {"w": workspace, "now": now}).scalar()
    return newest


# --- maintenance --------------------------------------------------------------------------------

_MARK = "doctor"
_LEASED = (
    (request, request.c.state == "working"),
    (outgoing, outgoing.c.state == "waiting"),
    (digest, sa.true()),
    (feed, sa.true()),
)
"""The tables with leases, and the condition on rows that may have one."""

_AT_ONCE = sa.and_(outgoing.c.state == "waiting", outgoing.c.due_at <= outgoing.c.put_at)
"""Messages queued for immediate posting; if one still waits, it waits for a retry."""


class Maintenance(Repository):
    """Checks and repairs of the store; part of the Store, at ``store.maintenance``."""

    def check_writable(self) -> None:
        """Write something and roll it back; raise StoreUnavailable if that fails."""
        with suppress(_TakenBackError), self._write() as connection:
            set_mark(connection, _MARK, datetime.now(UTC).isoformat())
            connection.execute(sa.delete(mark).where(mark.c.name == _MARK))
            raise _TakenBackError

    damage = reads(engine.damage)
    clock = reads(engine.clock)

    def reset_leases(self, now: datetime, lease: timedelta) -> int:
        """Shorten leases given before the clock was set back; return how many.

        No lease given now is longer than ``lease``; clocks may differ by ``AHEAD``.
        """
        furthest = now + lease + AHEAD
        leases = [
            (table, sa.and_(leased, table.c.lease_until > furthest), {"lease_until": now + lease})
            for table, leased in _LEASED
        ]
        too_far = sa.and_(_AT_ONCE, outgoing.c.not_before > furthest)
        outdated = [*leases, (outgoing, too_far, {"not_before": now})]
        # Most calls find nothing, and need not wait for a writer.
        with self._read() as connection:
            asked = [sa.select(sa.exists().where(where)) for _, where, _ in outdated]
            if not any(connection.execute(one).scalar_one() for one in asked):
                return 0
        with self._write() as connection:
            updates = [sa.update(table).where(where).values(new) for table, where, new in outdated]
            return sum(connection.execute(one).rowcount for one in updates)

    def feeds(self) -> list[Feed]:
        """Return the feeds of every workspace that has not left, by workspace and address."""
        found = [
            Feed.model_validate_json(row.fares).model_copy(update={"state": row.state})
            for row in self._all(_FEEDS)
        ]
        return sorted(found, key=lambda one: (one.workspace, one.url))


class _TakenBackError(Exception):
    """Raised to roll a transaction back."""
