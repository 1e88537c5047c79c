"""What waits, how feeds fare and how new the newest article is: for whoever runs it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, or_, select

from bot.store import backlog, queries
from bot.store.feed_tables import feed
from bot.store.installed_tables import installed
from bot.store.outbox import outgoing
from bot.store.requests import request
from bot.store.tables import article

_Connect = Callable[[], AbstractContextManager[Connection]]

_OPEN = select(func.count(), func.min(request.c.received_at)).where(
    request.c.state.in_(("new", "working"))
)
_DUE = select(func.count(), func.min(outgoing.c.not_before)).where(
    outgoing.c.state == "waiting", outgoing.c.not_before <= bindparam("now")
)
_LEFT = select(installed.c.workspace).where(installed.c.left_at.is_not(None))
_FEEDS = select(feed.c.state, feed.c.next_poll, feed.c.fares).where(feed.c.workspace.not_in(_LEFT))
# The next one by name: to ask for the distinct ones would read every article.
_NEXT = select(func.min(article.c.workspace)).where(article.c.workspace > bindparam("after"))
_NEWEST = select(func.max(article.c.published)).where(
    article.c.workspace == bindparam("w"), article.c.published <= bindparam("now")
)
_FOLLOWS = (
    select(feed.c.id).where(feed.c.workspace == bindparam("w"), feed.c.state == "active").limit(1)
)
_FREE = or_(feed.c.lease_until.is_(None), feed.c.lease_until < bindparam("now"))
_LATEST_DUE = select(func.min(feed.c.next_poll)).where(
    feed.c.state == "active", feed.c.workspace.not_in(_LEFT), _FREE
)


class Queue(NamedTuple):
    """How many wait that are due, and for how long the first of them has."""

    waiting: int
    lag: timedelta


class Counted(NamedTuple):
    """``feeds`` counts them by how they fare: active, failing, paused, retired.

    ``facts`` are the articles that wait for theirs. ``feeds_late`` is for how long the feed has
    been due that nobody polls; ``newest`` the date of the newest article of any workspace, and
    ``seq`` the number of the newest change.
    """

    requests: Queue
    posts: Queue
    facts: Queue
    feeds: dict[str, int]
    feeds_late: timedelta
    newest: datetime | None
    seq: int


class Counting:
    """Part of the Store, at ``store.counting``."""

    def __init__(self, read: _Connect) -> None:
        self._read = read

    def now(self, now: datetime) -> Counted:
        """Count in one picture of the store."""
        with self._read() as connection:
            feeds = Counter({"active": 0, "failing": 0, "paused": 0, "retired": 0})
            for state, _, fares in connection.execute(_FEEDS):
                fails = state == "active" and json.loads(fares).get("failures")
                feeds["failing" if fails else state] += 1
            due = connection.execute(_LATEST_DUE, {"now": now}).scalar()
            dates = [
                newest
                for workspace in _workspaces(connection)
                if (newest := _newest(connection, workspace, now)) is not None
            ]
            return Counted(
                requests=_queue(connection.execute(_OPEN).one(), now),
                posts=_queue(connection.execute(_DUE, {"now": now}).one(), now),
                facts=_queue(backlog.for_facts(connection), now),
                feeds=dict(feeds),
                feeds_late=_since(due, now),
                newest=max(dates, default=None),
                seq=queries.last_seq(connection),
            )

    def newest(self, now: datetime) -> dict[str, datetime | None]:
        """The date of the newest article, by workspace; None where none has a date."""
        with self._read() as connection:
            every = _workspaces(connection)
            return {one: _newest(connection, one, now) for one in every}

    def follows(self, workspace: str) -> bool:
        """Whether a workspace has feeds that are polled."""
        with self._read() as connection:
            return connection.execute(_FOLLOWS, {"w": workspace}).first() is not None


def _queue(row: tuple[int, datetime | None], now: datetime) -> Queue:
    waiting, oldest = row
    return Queue(waiting, _since(oldest, now))


def _since(when: datetime | None, now: datetime) -> timedelta:
    return max(now - when, timedelta()) if when is not None else timedelta()


def _workspaces(connection: Connection) -> Iterator[str]:
    after = ""
    while (found := connection.execute(_NEXT, {"after": after}).scalar()) is not None:
        yield found
        after = found


def _newest(connection: Connection, workspace: str, now: datetime) -> datetime | None:
    newest: datetime | None = connection.execute(_NEWEST, {"w": workspace, "now": now}).scalar()
    return newest
