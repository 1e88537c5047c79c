"""The outbox: what is to be posted unasked, claimed with a lease, each sent once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)

from bot.models import Outgoing
from bot.store import noting
from bot.store.instants import Utc
from bot.store.sql import upsert
from bot.store.tables import metadata

# ``not_before`` is when it may be tried (again), ``due_at`` when it was meant to be sent.
outgoing = Table(
    "outgoing",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("place", String, nullable=False),
    Column("thread", String),
    Column("content", Text, nullable=False),
    Column("due_at", Utc, nullable=False),
    Column("owner", String),
    Column("expires_at", Utc),
    Column("state", String, nullable=False),
    Column("not_before", Utc, nullable=False),
    Column("lease_until", Utc),
    Column("attempts", Integer, nullable=False),
    Column("put_at", Utc, nullable=False),
    Column("ended_at", Utc),
    Column("ts", String),
    Column("error", Text),
    # What it tells, to be noted once it is posted.
    Column("tells", Text),
    Index(None, "state", "workspace", "place", "not_before"),
)

_ORDER = (outgoing.c.not_before, outgoing.c.put_at, outgoing.c.key)
_HEADS = (
    select(
        outgoing.c.workspace,
        outgoing.c.key,
        func.row_number()
        .over(partition_by=(outgoing.c.workspace, outgoing.c.place), order_by=_ORDER)
        .label("n"),
    )
    .where(outgoing.c.state == "waiting")
    .subquery()
)
# The first of each place: what waits there is sent in order, and by one at a time.
_DUE = (
    select(outgoing)
    .join(
        _HEADS,
        and_(_HEADS.c.workspace == outgoing.c.workspace, _HEADS.c.key == outgoing.c.key),
    )
    .where(
        _HEADS.c.n == 1,
        # Said again of the row itself: it may end while this waits for who held it.
        outgoing.c.state == "waiting",
        outgoing.c.not_before <= bindparam("now"),
        or_(outgoing.c.lease_until.is_(None), outgoing.c.lease_until < bindparam("now")),
    )
    .order_by(*_ORDER)
    .limit(bindparam("most"))
)
_FREE_NOW = _DUE.with_for_update(of=outgoing, skip_locked=True)
_IS = and_(outgoing.c.workspace == bindparam("w"), outgoing.c.key == bindparam("k"))
_OURS = and_(_IS, outgoing.c.state == "waiting", outgoing.c.attempts == bindparam("claim"))
_TAKE = (
    update(outgoing)
    .where(_IS)
    .values(lease_until=bindparam("until"), attempts=outgoing.c.attempts + 1)
)
_END = (
    update(outgoing)
    .where(_OURS)
    .values(
        state=bindparam("state_"),
        lease_until=None,
        ended_at=bindparam("now"),
        ts=bindparam("ts_"),
        error=bindparam("error_"),
    )
)
_BACK = update(outgoing).where(_OURS).values(lease_until=None, not_before=bindparam("then"))
_PENDING = (
    select(outgoing)
    .where(outgoing.c.state == "waiting", outgoing.c.workspace == bindparam("w"))
    .order_by(*_ORDER)
)
_FIELDS = (
    "workspace", "key", "kind", "place", "thread", "due_at", "owner", "expires_at",
)  # fmt: skip

_Connect = Callable[[], AbstractContextManager[Connection]]


def put(connection: Connection, items: Iterable[Outgoing], now: datetime) -> int:
    """Put messages out within a write of the store; returns how many are new.

    One whose key is there already, sent or not, stays as it is.
    """
    insert = upsert(connection.dialect.name, outgoing, ())
    # By their keys: two processes that put the same out then wait in one order.
    ordered = sorted(items, key=lambda item: (item.workspace, item.key))
    return sum(connection.execute(insert, _row(item, now)).rowcount for item in ordered)


class Outboxes:
    """Part of the Store, at ``store.outbox``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def put(self, items: Iterable[Outgoing], now: datetime) -> int:
        """Put messages out; returns how many are new, by their keys."""
        with self._write() as connection:
            return put(connection, items, now)

    def claim(self, now: datetime, lease: timedelta, limit: int = 8) -> list[Outgoing]:
        """Take what is due and free, oldest first; at most one of each place.

        A place where somebody is posting gives nothing, until its lease is over.
        """
        until = now + lease
        # Most looks find nothing, and need not wait for who is writing.
        with self._read() as connection:
            if not connection.execute(_DUE, {"now": now, "most": 1}).all():
                return []
        with self._write() as connection:
            rows = connection.execute(_FREE_NOW, {"now": now, "most": limit}).all()
            for row in rows:
                connection.execute(_TAKE, {"w": row.workspace, "k": row.key, "until": until})
        ours = {"lease_until": until}
        return [_item(row).model_copy(update=ours | {"attempts": row.attempts + 1}) for row in rows]

    def sent(self, item: Outgoing, ts: str | None, now: datetime) -> bool:
        """Close what was posted as ``ts``; False where it is ours no more."""
        return self._end(item, "sent", now, ts=ts)

    def failed(self, item: Outgoing, error: str, now: datetime) -> bool:
        """Give a message up for good, saying why; False where it is ours no more."""
        return self._end(item, "failed", now, error=error)

    def give_back(self, item: Outgoing, not_before: datetime) -> bool:
        """Have it tried again later; False where it is ours no more."""
        with self._write() as connection:
            values = {**_claimed(item), "then": not_before}
            return connection.execute(_BACK, values).rowcount == 1

    def pending(self, workspace: str) -> list[Outgoing]:
        """What waits to be sent, in the order of its time."""
        with self._read() as connection:
            return [_item(row) for row in connection.execute(_PENDING, {"w": workspace})]

    def ended(self, workspace: str, key: str) -> tuple[str, str | None] | None:
        """How a message ended: ``sent`` with its ``ts``, or ``failed`` with the reason.

        None where it waits still, or is unknown.
        """
        asked = select(outgoing).where(_IS, outgoing.c.state != "waiting")
        with self._read() as connection:
            row = connection.execute(asked, {"w": workspace, "k": key}).one_or_none()
        if row is None:
            return None
        return row.state, row.ts if row.state == "sent" else row.error

    def _end(
        self,
        item: Outgoing,
        state: str,
        now: datetime,
        *,
        ts: str | None = None,
        error: str | None = None,
    ) -> bool:
        values = {**_claimed(item), "state_": state, "now": now, "ts_": ts, "error_": error}
        with self._write() as connection:
            if connection.execute(_END, values).rowcount != 1:
                return False
            if state == "sent":
                noting.outgoing(connection, item, ts, now)
        return True


def _row(item: Outgoing, now: datetime) -> dict[str, Any]:
    return {
        **{name: getattr(item, name) for name in _FIELDS},
        "content": json.dumps(item.content, ensure_ascii=False),
        "state": "waiting",
        "not_before": item.due_at,
        "lease_until": None,
        "attempts": 0,
        "put_at": now,
        "ended_at": None,
        "ts": None,
        "error": None,
        "tells": item.tells.model_dump_json() if item.tells else None,
    }


def _item(row: Row[Any]) -> Outgoing:
    values = {name: getattr(row, name) for name in (*_FIELDS, "attempts", "lease_until")}
    values["tells"] = json.loads(row.tells) if row.tells else None
    return Outgoing.model_validate({**values, "content": json.loads(row.content)})


def _claimed(item: Outgoing) -> dict[str, Any]:
    return {"w": item.workspace, "k": item.key, "claim": item.attempts}
