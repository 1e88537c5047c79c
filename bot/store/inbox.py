"""Requests: stored under a unique key, claimed with a lease, answered once; and their replies."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    Row,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    func,
    not_,
    or_,
    select,
    update,
)

from bot.models import Fact, Period, Request, SentReply
from bot.store.curation import is_marked
from bot.store.facts import scope_of, with_evidence
from bot.store.ids import article_of, reply_id
from bot.store.instants import Utc
from bot.store.outbox import record_reply
from bot.store.sql import upsert, utc_day
from bot.store.tables import article, fact, metadata

# A request is stored before it is acknowledged. ``key`` makes it one request:
# (channel, ts) of a message, the trigger of a command or a click.
request = Table(
    "request",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("surface", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("payload", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("lease_until", Utc),
    Column("attempts", Integer, nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("ended_at", Utc),
    Column("error", Text),
    Index(None, "state", "lease_until"),
)

reply = Table(
    "reply",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("surface", String, nullable=False),
    Column("request", String, nullable=False),
    Column("place", String, nullable=False),
    Column("person", String, nullable=False),
    Column("ts", String),
    Column("query", Text, nullable=False),
    Column("period", Text),
    Column("as_of", Utc, nullable=False),
    Column("fact_ids", Text, nullable=False),
    Column("sent_at", Utc, nullable=False),
    UniqueConstraint("workspace", "surface", "request"),
    Index(None, "workspace", "place", "ts"),
    Index(None, "workspace", "person", "sent_at"),
)

_IS = and_(
    request.c.workspace == bindparam("w"),
    request.c.surface == bindparam("s"),
    request.c.key == bindparam("k"),
)
_FREE = or_(
    request.c.state == "new",
    and_(request.c.state == "working", request.c.lease_until < bindparam("now")),
)
_TAKE = (
    update(request)
    .where(_IS)
    .values(state="working", lease_until=bindparam("until"), attempts=request.c.attempts + 1)
)
# The number of the claim fences: who lost the lease to another can no longer end it.
_END = (
    update(request)
    .where(_IS, request.c.state == "working", request.c.attempts == bindparam("claim"))
    .values(
        state=bindparam("state"),
        lease_until=None,
        ended_at=bindparam("now"),
        payload=bindparam("payload"),
        error=bindparam("error"),
    )
)
_RELEASE = (
    update(request)
    .where(_IS, request.c.state == "working", request.c.attempts == bindparam("claim"))
    .values(state="new", lease_until=None)
)
_EXTEND = (
    update(request)
    .where(_IS, request.c.state == "working", request.c.attempts == bindparam("claim"))
    .values(lease_until=bindparam("until"))
)
# Whoever gives a request back no longer works on it, so the number may be used again.
_POSTPONE = (
    update(request)
    .where(_IS, request.c.state == "working", request.c.attempts == bindparam("claim"))
    .values(lease_until=bindparam("until"), attempts=bindparam("left"))
)
_REPLY = select(reply).where(
    reply.c.workspace == bindparam("w"),
    reply.c.surface == bindparam("s"),
    reply.c.request == bindparam("k"),
)
_REPLY_AT = (
    select(reply)
    .where(
        reply.c.workspace == bindparam("w"),
        reply.c.place == bindparam("place"),
        reply.c.ts == bindparam("ts"),
    )
    .order_by(reply.c.sent_at.desc(), reply.c.id)
    .limit(1)
)


def record_request(
    connection: Connection,
    workspace: str,
    surface: str,
    key: str,
    payload: dict[str, Any],
    now: datetime,
) -> bool:
    """Store a request; False if it is there already, in whatever state."""
    row = {
        "workspace": workspace,
        "surface": surface,
        "key": key,
        "payload": json.dumps(payload, ensure_ascii=False),
        "state": "new",
        "lease_until": None,
        "attempts": 0,
        "received_at": now,
        "error": None,
        "ended_at": None,
    }
    return connection.execute(upsert(connection.dialect.name, request, ()), row).rowcount == 1


@cache
def _oldest_free(names: tuple[str, ...]) -> Select[Any]:
    narrowed = [request.c[name] == bindparam(f"this_{name}") for name in names]
    return (
        select(request)
        .where(_FREE, *narrowed)
        .order_by(request.c.received_at, request.c.workspace, request.c.surface, request.c.key)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def claim_request(
    connection: Connection,
    now: datetime,
    lease: timedelta,
    workspace: str | None,
    surface: str | None,
    key: str | None,
) -> Request | None:
    """Take the oldest free request, of those named; None if there is none."""
    asked = {"workspace": workspace, "surface": surface, "key": key}
    names = tuple(name for name, value in asked.items() if value is not None)
    values = {f"this_{name}": asked[name] for name in names}
    row = connection.execute(_oldest_free(names), {**values, "now": now}).one_or_none()
    if row is None:
        return None
    until = now + lease
    connection.execute(_TAKE, {**_key(row.workspace, row.surface, row.key), "until": until})
    return Request(
        workspace=row.workspace,
        surface=row.surface,
        key=row.key,
        payload=json.loads(row.payload),
        attempts=row.attempts + 1,
        received_at=row.received_at,
        lease_until=until,
    )


def end_request(
    connection: Connection,
    ours: Request,
    state: str,
    error: str | None,
    sent: SentReply | None,
    now: datetime,
) -> bool:
    """Close a request and write its reply; False, and nothing written, if it is no longer ours.

    The payload is emptied but for the thread that it was asked in: it holds addresses that
    should not be kept.
    """
    payload = in_thread(ours.payload.get("thread"))
    values = {**_claimed(ours), "state": state, "payload": payload, "error": error, "now": now}
    if connection.execute(_END, values).rowcount != 1:
        return False
    if sent is not None:
        row = sent.model_dump(exclude={"tells"})
        row["id"] = reply_id(sent.workspace, sent.surface, sent.request)
        row["period"] = None if sent.period is None else sent.period.model_dump_json()
        row["fact_ids"] = json.dumps(sent.fact_ids)
        connection.execute(upsert(connection.dialect.name, reply, ()), row)
        record_reply(connection, ours, sent, now)
    return True


def in_thread(thread: object) -> str:
    """What is kept of the payload of a request that was asked in a thread, or in none."""
    return json.dumps({"thread": thread} if isinstance(thread, str) else {})


def release_request(connection: Connection, ours: Request) -> bool:
    """Give a request back, to be claimed at once; False if it is no longer ours."""
    return connection.execute(_RELEASE, _claimed(ours)).rowcount == 1


def extend_lease(connection: Connection, ours: Request, until: datetime) -> bool:
    """Have a request stay ours until then; False if it is no longer ours."""
    return connection.execute(_EXTEND, _claimed(ours) | {"until": until}).rowcount == 1


def postpone_request(
    connection: Connection, ours: Request, until: datetime, *, doubted: bool = False
) -> bool:
    """Give a request back for later, as if it had not been claimed; False if it is no longer ours.

    One that is ``doubted`` is the next time no first attempt.
    """
    left = max(ours.attempts - 1, 1 if doubted else 0)
    values = {**_claimed(ours), "until": until, "left": left}
    return connection.execute(_POSTPONE, values).rowcount == 1


def is_recorded(connection: Connection, workspace: str, surface: str, key: str) -> bool:
    """Whether a request is stored."""
    found = connection.execute(select(request.c.key).where(_IS), _key(workspace, surface, key))
    return found.first() is not None


def find_reply(connection: Connection, workspace: str, surface: str, key: str) -> SentReply | None:
    """The reply that a request got."""
    row = connection.execute(_REPLY, _key(workspace, surface, key)).one_or_none()
    return sent_reply(row) if row is not None else None


def find_reply_at(connection: Connection, workspace: str, place: str, ts: str) -> SentReply | None:
    """The reply posted at this place under this timestamp."""
    values = {"w": workspace, "place": place, "ts": ts}
    row = connection.execute(_REPLY_AT, values).one_or_none()
    return sent_reply(row) if row is not None else None


def sent_reply(row: Row[Any]) -> SentReply:
    """A row of ``reply`` as what was sent."""
    values = dict(row._mapping)  # noqa: SLF001 - the documented way to the columns by name
    del values["id"]
    values["fact_ids"] = tuple(json.loads(row.fact_ids))
    values["period"] = None if row.period is None else Period.model_validate_json(row.period)
    return SentReply.model_validate(values)


def _key(workspace: str, surface: str, key: str) -> dict[str, str]:
    return {"w": workspace, "s": surface, "k": key}


def _claimed(ours: Request) -> dict[str, Any]:
    return {**_key(ours.workspace, ours.surface, ours.key), "claim": ours.attempts}


# --- the repository -----------------------------------------------------------------------------

Recorded = tuple[str, str, str, dict[str, Any], datetime]
"""Workspace, surface, key and payload of a request, and when it came."""

Finished = tuple[Request, SentReply | None, datetime]
"""A request, the reply that was sent, and when."""

_Connect = Callable[[], AbstractContextManager[Connection]]


class Inbox:
    """Part of the Store, at ``store.inbox``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def record(
        self, workspace: str, surface: str, key: str, payload: dict[str, Any], now: datetime
    ) -> bool:
        """Write a request down; True if it is new, False if it was there in any state."""
        with self._write() as connection:
            return record_request(connection, workspace, surface, key, payload, now)

    def record_all(self, items: Sequence[Recorded]) -> list[bool]:
        """Write several down in one transaction; returns for each whether it is new."""
        new: dict[int, bool] = {}
        with self._write() as connection:
            # By their keys: two processes that got the same then wait in one order.
            for at in sorted(range(len(items)), key=lambda at: items[at][:3]):
                new[at] = record_request(connection, *items[at])
        return [new[at] for at in range(len(items))]

    def claim(
        self,
        now: datetime,
        lease: timedelta,
        *,
        workspace: str | None = None,
        surface: str | None = None,
        key: str | None = None,
    ) -> Request | None:
        """Take the oldest request that is new or whose lease ran out, or None.

        Any of ``workspace``, ``surface`` and ``key`` narrow which. Of any number of threads
        and processes, one gets it.
        """
        with self._write() as connection:
            return claim_request(connection, now, lease, workspace, surface, key)

    def claim_some(self, now: datetime, lease: timedelta, limit: int) -> list[Request]:
        """Take at most so many requests that are new or whose lease ran out, oldest first."""
        claimed: list[Request] = []
        with self._write() as connection:
            while len(claimed) < limit:
                found = claim_request(connection, now, lease, None, None, None)
                if found is None:
                    break
                claimed.append(found)
        return claimed

    def finish(self, request: Request, reply: SentReply | None, now: datetime) -> bool:
        """Close a request with the reply that was sent, and empty its payload.

        False, and nothing written, where its lease ran out and another claimed it.
        """
        with self._write() as connection:
            return end_request(connection, request, "done", None, reply, now)

    def finish_all(self, items: Sequence[Finished]) -> list[bool]:
        """Close several in one transaction; returns for each whether it was ours still."""
        with self._write() as connection:
            return [
                end_request(connection, request, "done", None, reply, now)
                for request, reply, now in items
            ]

    def fail(self, request: Request, error: str, now: datetime) -> bool:
        """Give a request up for good, saying why; False where it is no longer ours."""
        with self._write() as connection:
            return end_request(connection, request, "failed", error, None, now)

    def release(self, request: Request) -> bool:
        """Give a request back unanswered, to be claimed at once; False if it is no longer ours."""
        with self._write() as connection:
            return release_request(connection, request)

    def extend(self, request: Request, until: datetime) -> bool:
        """Give whoever works on a request until then; False if it is no longer theirs."""
        with self._write() as connection:
            return extend_lease(connection, request, until)

    def postpone(self, request: Request, until: datetime, *, doubted: bool = False) -> bool:
        """Give back a request of which nothing was sent, to be claimed after ``until``.

        Where it is ``doubted`` that nothing was, the next claim is a second one. That claim did
        not count; False if the request is ours no more.
        """
        with self._write() as connection:
            return postpone_request(connection, request, until, doubted=doubted)

    def knows(self, workspace: str, surface: str, key: str) -> bool:
        """Whether a request was written down, in whatever state it is."""
        with self._read() as connection:
            return is_recorded(connection, workspace, surface, key)

    def reply(self, workspace: str, surface: str, key: str) -> SentReply | None:
        """The reply that a request got, or None."""
        with self._read() as connection:
            return find_reply(connection, workspace, surface, key)

    def reply_at(self, workspace: str, place: str, ts: str) -> SentReply | None:
        """The reply posted in this place under this timestamp, or None."""
        with self._read() as connection:
            return find_reply_at(connection, workspace, place, ts)


# --- what was asked and answered before ---------------------------------------------------------

MOST_TOLD = 30
"""Replies that are looked through for the last one on the same."""

_TOLD = (
    select(reply)
    .where(
        reply.c.workspace == bindparam("w"),
        reply.c.place == bindparam("place"),
        reply.c.person == bindparam("person"),
    )
    .order_by(reply.c.sent_at.desc(), reply.c.id)
    .limit(MOST_TOLD)
)
_ASKED = (
    select(reply)
    .where(
        reply.c.workspace == bindparam("w"),
        reply.c.person == bindparam("person"),
        reply.c.query != "",
    )
    .order_by(reply.c.sent_at.desc(), reply.c.id)
    .limit(MOST_TOLD)
)
_IN_THREAD = (
    select(reply)
    .join(
        request,
        (request.c.workspace == reply.c.workspace)
        & (request.c.surface == reply.c.surface)
        & (request.c.key == reply.c.request),
    )
    .where(reply.c.workspace == bindparam("w"), reply.c.place == bindparam("place"))
    # A message about links that were posted answers no question.
    .where(request.c.payload == bindparam("thread"), reply.c.query != "")
    .order_by(reply.c.sent_at.desc(), reply.c.id)
    .limit(1)
)
_RETIRED = (
    select(fact)
    .join(article, (article.c.workspace == fact.c.workspace) & (article.c.id == fact.c.article))
    .where(fact.c.workspace == bindparam("w"))
    .where(fact.c.article.in_(bindparam("articles", expanding=True)))
    .where(fact.c.id.in_(bindparam("ids", expanding=True)))
    .where(or_(fact.c.retired_at.is_not(None), article.c.tombstoned_at.is_not(None)))
    .where(not_(is_marked))
    .order_by(fact.c.id)
)


class History:
    """Part of the Store, at ``store.history``: what was there when."""

    def __init__(self, read: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._read = read

    def volume(
        self,
        workspace: str,
        audiences: Collection[str],
        groups: Sequence[Collection[str]],
        *,
        since: date | None = None,
        until: date | None = None,
        as_of: datetime | None = None,
    ) -> dict[date, int]:
        """How many articles that name one actor of each group were published on which UTC day.

        Days without any are absent, and so are articles without a date.
        """
        values: dict[str, Any] = {"w": workspace, "audiences": sorted(audiences)}
        values |= {f"actors{number}": sorted(group) for number, group in enumerate(groups)}
        if as_of is not None:
            values["as_of"] = as_of
        with self._read() as connection:
            rows = connection.execute(_volume(len(groups), as_of is not None), values).all()
        return {
            row.day: row.articles
            for row in rows
            if (since is None or row.day >= since) and (until is None or row.day <= until)
        }

    def shown_in(self, workspace: str, place: str, person: str) -> list[SentReply]:
        """The newest replies that somebody got at a place, the newest first."""
        values = {"w": workspace, "place": place, "person": person}
        with self._read() as connection:
            rows = connection.execute(_TOLD, values).all()
        return [sent_reply(row) for row in rows]

    def asked(self, workspace: str, person: str) -> list[SentReply]:
        """The newest replies to what somebody asked, wherever that was, the newest first."""
        with self._read() as connection:
            rows = connection.execute(_ASKED, {"w": workspace, "person": person}).all()
        return [sent_reply(row) for row in rows]

    def last_in_thread(self, workspace: str, place: str, thread: str) -> SentReply | None:
        """The newest reply to what was asked in a thread of a place."""
        values = {"w": workspace, "place": place, "thread": in_thread(thread)}
        with self._read() as connection:
            row = connection.execute(_IN_THREAD, values).one_or_none()
        return sent_reply(row) if row is not None else None

    def retired(self, workspace: str, facts: Collection[str]) -> list[Fact]:
        """Those of some facts that their articles no longer report, or whose article is gone.

        Facts marked wrong here are left out: their articles still report them.
        """
        if not facts:
            return []
        articles = sorted({article_of(one) for one in facts})
        values = {"w": workspace, "ids": sorted(facts), "articles": articles}
        with self._read() as connection:
            rows = connection.execute(_RETIRED, values).all()
            return with_evidence(connection, workspace, rows)


@cache
def _volume(groups: int, as_of: bool) -> Select[date, int]:
    scope = scope_of(groups, as_of)
    day = utc_day(scope.c.published)
    return (
        select(day.label("day"), func.count().label("articles"))
        .where(scope.c.published.is_not(None))
        .group_by(day)
        .order_by(day)
    )
