"""Messages that are posted unasked: queued, claimed with a lease, each sent once.

What a posted message showed is recorded in the transaction that closes it, so that it can be
corrected later. The pace says whose turn it is to post in a place, and who is posting there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.models import Outgoing, Request, SentReply, Shown, Tells
from bot.store.engine import Repository
from bot.store.ids import reply_id
from bot.store.sql import IDS, WORKSPACE, insert_new, upsert_many
from bot.store.tables import Utc, metadata, optional, primary, required

# A message that showed facts. ``workspace`` is whose articles it draws on, ``team`` the one
# that ``place`` is in. What has no ``ts`` was seen by ``person`` alone, or cannot be found again.
shown_message = sa.Table(
    "told",
    metadata,
    *primary("workspace", "id"),
    *required(sa.String, "team", "place"),
    *optional(sa.String, "thread", "ts"),
    sa.Column("person", sa.String, nullable=False),
    *required(sa.Text, "query", "audiences"),
    sa.Column("tz", sa.String, nullable=False),
    *required(Utc, "as_of", "at"),
    # Whether it was compared with the store since it was posted.
    sa.Column("looked", sa.Boolean, nullable=False),
    sa.Index(None, "team", "place", "ts"),
    sa.Index(None, "looked"),
    sa.Index(None, "at"),
    sqlite_with_rowid=False,
)

# Its lines. ``id`` is that of the fact where the line shows one.
shown_line = sa.Table(
    "told_line",
    metadata,
    *primary("workspace", "article", "id", "message"),
    sa.Column("fact", sa.String),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("quote", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(["workspace", "message"], ["told.workspace", "told.id"]),
    sa.Index(None, "workspace", "message"),
    sqlite_with_rowid=False,
)


# --- which facts a posted message showed --------------------------------------------------------

_MESSAGE_AT = (
    sa.select(shown_message.c.workspace, shown_message.c.id)
    .where(
        shown_message.c.team == sa.bindparam("team"), shown_message.c.place == sa.bindparam("in")
    )
    .where(shown_message.c.ts == sa.bindparam("named"))
)
_FORGET_LINES = sa.delete(shown_line).where(
    sa.tuple_(shown_line.c.workspace, shown_line.c.message).in_(IDS)
)
_FORGET_MESSAGES = sa.delete(shown_message).where(
    sa.tuple_(shown_message.c.workspace, shown_message.c.id).in_(IDS)
)


class Posted(NamedTuple):
    """Where a message was posted: ``ts`` is its timestamp, ``thread`` the thread that it is in."""

    id: str
    team: str
    place: str
    ts: str | None
    thread: str | None


def line_id(shown: Shown) -> str:
    """Name a line by its fact, else by the words quoted of its article."""
    if shown.fact:
        return shown.fact
    return f"{shown.article}#{hashlib.sha256(shown.quote.encode()).hexdigest()[:16]}"


def record_reply(
    connection: sa.Connection, request: Request, sent: SentReply, now: datetime
) -> None:
    """Record what a reply showed, in place of what its message showed before."""
    payload = request.payload
    # A click in a thread may be answered elsewhere, such as in direct messages.
    thread = payload.get("thread") if payload.get("place") == sent.place else None
    posted = Posted(
        reply_id(sent.workspace, sent.surface, sent.request),
        sent.workspace,
        sent.place,
        sent.ts,
        thread if isinstance(thread, str) else None,
    )
    _record_message(connection, posted, sent.tells, now)


def record_outgoing(
    connection: sa.Connection, item: Outgoing, ts: str | None, now: datetime
) -> None:
    """Record what a message of the outbox showed; one without a ``ts`` was not posted."""
    if ts is not None:
        key = reply_id(item.workspace, item.kind, item.key)
        posted = Posted(key, item.workspace, item.place, ts, item.thread)
        _record_message(connection, posted, item.tells, now)


def forget_messages(connection: sa.Connection, keys: list[tuple[str, str]]) -> None:
    """Forget messages, by workspace and id."""
    if keys:
        connection.execute(_FORGET_LINES, {"ids": keys})
        connection.execute(_FORGET_MESSAGES, {"ids": keys})


def _record_message(
    connection: sa.Connection, posted: Posted, tells: Tells | None, now: datetime
) -> None:
    if posted.ts is not None:
        where = {"team": posted.team, "in": posted.place, "named": posted.ts}
        forget_messages(
            connection, [(row.workspace, row.id) for row in connection.execute(_MESSAGE_AT, where)]
        )
    if tells is None or not tells.lines:
        return
    values: dict[str, Any] = {**posted._asdict(), "workspace": tells.workspace, "looked": False}
    values |= {name: getattr(tells, name) for name in ("person", "query", "tz", "as_of")}
    values |= {"audiences": json.dumps(sorted(tells.audiences)), "at": now}
    upsert_many(connection, shown_message, [values])
    lines = {(one.article, line_id(one)): one for one in tells.lines}
    of = {"workspace": tells.workspace, "message": posted.id}
    rows = [{**of, "id": key, **dict(one)} for (_, key), one in lines.items()]
    upsert_many(connection, shown_line, rows)


# --- messages to be posted ----------------------------------------------------------------------

# ``not_before`` is when it may be tried (again), ``due_at`` when it was meant to be sent.
outgoing = sa.Table(
    "outgoing",
    metadata,
    *primary("workspace", "key"),
    *required(sa.String, "kind", "place"),
    sa.Column("thread", sa.String),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("due_at", Utc, nullable=False),
    sa.Column("owner", sa.String),
    sa.Column("expires_at", Utc),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("not_before", Utc, nullable=False),
    sa.Column("lease_until", Utc),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("put_at", Utc, nullable=False),
    sa.Column("ended_at", Utc),
    sa.Column("ts", sa.String),
    sa.Column("error", sa.Text),
    # What it shows, to be recorded once it is posted.
    sa.Column("tells", sa.Text),
    sa.Index(None, "state", "workspace", "place", "not_before"),
)

_ORDER = (outgoing.c.not_before, outgoing.c.put_at, outgoing.c.key)
_HEADS = (
    sa.select(
        outgoing.c.workspace,
        outgoing.c.key,
        sa.func.row_number()
        .over(partition_by=(outgoing.c.workspace, outgoing.c.place), order_by=_ORDER)
        .label("n"),
    )
    .where(outgoing.c.state == "waiting")
    .subquery()
)
# The first of each place: what waits there is sent in order, and by one at a time.
_DUE = (
    sa.select(outgoing)
    .join(
        _HEADS,
        sa.and_(_HEADS.c.workspace == outgoing.c.workspace, _HEADS.c.key == outgoing.c.key),
    )
    .where(
        _HEADS.c.n == 1,
        # Said again of the row itself: it may end while this waits for who held it.
        outgoing.c.state == "waiting",
        outgoing.c.not_before <= sa.bindparam("now"),
        sa.or_(outgoing.c.lease_until.is_(None), outgoing.c.lease_until < sa.bindparam("now")),
    )
    .order_by(*_ORDER)
    .limit(sa.bindparam("most"))
)
_FREE_NOW = _DUE.with_for_update(of=outgoing, skip_locked=True)
_IS = sa.and_(outgoing.c.workspace == WORKSPACE, outgoing.c.key == sa.bindparam("k"))
_OURS = sa.and_(_IS, outgoing.c.state == "waiting", outgoing.c.attempts == sa.bindparam("claim"))
_TAKE = (
    sa.update(outgoing)
    .where(_IS)
    .values(lease_until=sa.bindparam("until"), attempts=outgoing.c.attempts + 1)
)
_END = (
    sa.update(outgoing)
    .where(_OURS)
    .values(
        state=sa.bindparam("state_"),
        lease_until=None,
        ended_at=sa.bindparam("now"),
        ts=sa.bindparam("ts_"),
        error=sa.bindparam("error_"),
    )
)
_BACK = sa.update(outgoing).where(_OURS).values(lease_until=None, not_before=sa.bindparam("then"))


def put(connection: sa.Connection, items: Iterable[Outgoing], now: datetime) -> int:
    """Queue messages within a transaction of the store; returns how many are new.

    One whose key is there already, sent or not, stays as it is.
    """
    # By their keys: two processes that put the same out then wait in one order.
    ordered = sorted(items, key=lambda item: (item.workspace, item.key))
    return sum(insert_new(connection, outgoing, _row(item, now)) for item in ordered)


class Outbox(Repository):
    """Messages to be posted unasked; part of the Store, at ``store.outbox``."""

    def put(self, items: Iterable[Outgoing], now: datetime) -> int:
        """Queue messages; returns how many are new, by their keys."""
        with self._help() as connection:
            return put(connection, items, now)

    def claim(self, now: datetime, lease: timedelta, limit: int = 8) -> list[Outgoing]:
        """Take what is due and free, oldest first; at most one of each place.

        A place where somebody is posting gives nothing, until its lease is over.
        """
        until = now + lease
        # Most looks find nothing, and need not wait for who is writing.
        if self._first(_DUE, {"now": now, "most": 1}) is None:
            return []
        with self._help() as connection:
            rows = connection.execute(_FREE_NOW, {"now": now, "most": limit}).all()
            for row in rows:
                connection.execute(_TAKE, {"w": row.workspace, "k": row.key, "until": until})
        ours = {"lease_until": until}
        return [_item(row).model_copy(update=ours | {"attempts": row.attempts + 1}) for row in rows]

    def sent(self, item: Outgoing, ts: str | None, now: datetime) -> bool:
        """Close what was posted as ``ts``; False where it is no longer ours."""
        return self._end(item, "sent", now, ts=ts)

    def failed(self, item: Outgoing, error: str, now: datetime) -> bool:
        """Give a message up for good, saying why; False where it is no longer ours."""
        return self._end(item, "failed", now, error=error)

    def give_back(self, item: Outgoing, not_before: datetime) -> bool:
        """Try a message again later; False where it is no longer ours."""
        with self._help() as connection:
            values = {**_claimed(item), "then": not_before}
            return connection.execute(_BACK, values).rowcount == 1

    def ended(self, workspace: str, key: str) -> tuple[str, str | None] | None:
        """How a message ended: ``sent`` with its ``ts``, or ``failed`` with the reason.

        None where it waits still, or is unknown.
        """
        asked = sa.select(outgoing).where(_IS, outgoing.c.state != "waiting")
        row = self._first(asked, {"w": workspace, "k": key})
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
        with self._help() as connection:
            if connection.execute(_END, values).rowcount != 1:
                return False
            if state == "sent":
                record_outgoing(connection, item, ts, now)
        return True


def _row(item: Outgoing, now: datetime) -> dict[str, Any]:
    return {
        **dict(item),
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


def _item(row: sa.Row[Any]) -> Outgoing:
    values = {name: getattr(row, name) for name in Outgoing.model_fields}
    values["tells"] = json.loads(row.tells) if row.tells else None
    return Outgoing.model_validate({**values, "content": json.loads(row.content)})


def _claimed(item: Outgoing) -> dict[str, Any]:
    return {"w": item.workspace, "k": item.key, "claim": item.attempts}


# --- the pace of posting ------------------------------------------------------------------------

# ``free_at`` is the next turn to be had, ``rest_until`` the end of the rest after the last
# message, ``busy_until`` the end of the lease of who is posting.
pace = sa.Table(
    "pace",
    metadata,
    *primary("workspace", "place"),
    sa.Column("free_at", Utc, nullable=False),
    *optional(Utc, "rest_until", "busy_until"),
    sqlite_with_rowid=False,
)

_PACE_IS = (pace.c.workspace == WORKSPACE) & (pace.c.place == sa.bindparam("in"))
_OF = sa.select(pace).where(_PACE_IS).with_for_update()
_FREE = sa.update(pace).where(_PACE_IS).values(free_at=sa.bindparam("free"))
_BUSY = sa.update(pace).where(_PACE_IS).values(busy_until=sa.bindparam("busy"))
_REST = (
    sa.update(pace)
    .where(_PACE_IS)
    .values(
        free_at=sa.bindparam("free"),
        rest_until=sa.bindparam("rest"),
        busy_until=sa.bindparam("busy"),
    )
)

AHEAD = timedelta(minutes=15)
"""No turn is further away: one that is was given before the clock was put back, and is void."""


class Pacing(Repository):
    """The pace of posting in each place; part of the Store, at ``store.pacing``."""

    def turn(
        self, workspace: str, place: str, now: datetime, gap: timedelta, latest: datetime
    ) -> tuple[datetime, bool]:
        """When a message may go to a place, ``gap`` after the one before; takes that turn.

        The turn is not taken (False) where it would come after ``latest``.
        """
        key = {"w": workspace, "in": place}
        with self._help() as connection:
            at = max(_no_later(_locked_row(connection, key, now).free_at, now) or now, now)
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
        with self._help() as connection:
            row = _locked_row(connection, key, now)
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
        with self._help() as connection:
            row = _locked_row(connection, key, now)
            values = {
                "free": max(_no_later(row.free_at, now) or until, until),
                "rest": max(_no_later(row.rest_until, now) or until, until),
                "busy": row.busy_until if busy else None,
            }
            connection.execute(_REST, {**key, **values})


def _no_later(at: datetime | None, now: datetime) -> datetime | None:
    """A time that was counted by the clock as it is now; None for any other."""
    return at if at is not None and at <= now + AHEAD else None


def _locked_row(connection: sa.Connection, key: dict[str, str], now: datetime) -> sa.Row[Any]:
    """The row of a place, made where it has none; nobody else changes it meanwhile."""
    insert_new(connection, pace, {"workspace": key["w"], "place": key["in"], "free_at": now})
    return connection.execute(_OF, key).one()
