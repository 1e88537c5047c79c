"""Requests: written down under a unique key, claimed with a lease, answered once."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
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
    or_,
    select,
    update,
)

from bot.models import Period, Request, SentReply
from bot.store import noting
from bot.store.instants import Utc
from bot.store.keys import reply_id
from bot.store.sql import upsert
from bot.store.tables import metadata

# A request is written down before it is acked. ``key`` is what makes it one request:
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
# Who gives a request back works on it no more, so the number may come again.
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


def record(
    connection: Connection,
    workspace: str,
    surface: str,
    key: str,
    payload: dict[str, Any],
    now: datetime,
) -> bool:
    """Write a request down; False if it is there already, in whatever state."""
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


def claim(
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


def end(
    connection: Connection,
    ours: Request,
    state: str,
    error: str | None,
    sent: SentReply | None,
    now: datetime,
) -> bool:
    """Close a request and write its reply; False, and nothing written, if it is ours no more.

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
        noting.reply(connection, ours, sent, now)
    return True


def in_thread(thread: object) -> str:
    """What is kept of the payload of a request that was asked in a thread, or in none."""
    return json.dumps({"thread": thread} if isinstance(thread, str) else {})


def release(connection: Connection, ours: Request) -> bool:
    """Give a request back, to be claimed at once; False if it is ours no more."""
    return connection.execute(_RELEASE, _claimed(ours)).rowcount == 1


def extend(connection: Connection, ours: Request, until: datetime) -> bool:
    """Have a request stay ours until then; False if it is ours no more."""
    return connection.execute(_EXTEND, _claimed(ours) | {"until": until}).rowcount == 1


def postpone(
    connection: Connection, ours: Request, until: datetime, *, doubted: bool = False
) -> bool:
    """Give a request back for later, as if it had not been claimed; False if ours no more.

    One that is ``doubted`` is the next time no first attempt.
    """
    left = max(ours.attempts - 1, 1 if doubted else 0)
    values = {**_claimed(ours), "until": until, "left": left}
    return connection.execute(_POSTPONE, values).rowcount == 1


def is_known(connection: Connection, workspace: str, surface: str, key: str) -> bool:
    """Whether a request was written down."""
    found = connection.execute(select(request.c.key).where(_IS), _key(workspace, surface, key))
    return found.first() is not None


def reply_to(connection: Connection, workspace: str, surface: str, key: str) -> SentReply | None:
    """The reply that a request got."""
    row = connection.execute(_REPLY, _key(workspace, surface, key)).one_or_none()
    return sent_reply(row) if row is not None else None


def reply_at(connection: Connection, workspace: str, place: str, ts: str) -> SentReply | None:
    """The reply that stands at this place under this name."""
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
