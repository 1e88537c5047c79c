"""Messages that Dragoman posts on its own: queued, claimed with a lease, each sent once.

The transaction that closes a posted message also records its lines, so that they can be corrected
later. The pace says when the next message may go to a place, and whether a process posts there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.models import MessageRecord, Outgoing, Request, SentReply, Shown
from bot.store.engine import Repository
from bot.store.ids import reply_id
from bot.store.sql import IDS, WORKSPACE, insert_new, upsert_many
from bot.store.tables import Utc, metadata, optional, primary, required

# A message that showed facts. ``workspace`` is the owner of its articles, ``team`` the workspace
# of ``place``. Without a ``ts`` only ``person`` saw it, or it cannot be found again.
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
    # Whether it has been compared with the store since it was posted.
    sa.Column("looked", sa.Boolean, nullable=False),
    sa.Index(None, "team", "place", "ts"),
    sa.Index(None, "looked"),
    sa.Index(None, "at"),
    sqlite_with_rowid=False,
)

# Its lines. ``id`` is that of the fact if the line shows one.
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


# --- facts that a posted message showed ---------------------------------------------------------

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
    """Where a message was posted: ``ts`` is its timestamp, ``thread`` the thread it is in."""

    id: str
    team: str
    place: str
    ts: str | None
    thread: str | None


def line_id(shown: Shown) -> str:
    """Return the id of a line: its fact's, else a hash of the quote of its article."""
    if shown.fact:
        return shown.fact
    return f"{shown.article}#{hashlib.sha256(shown.quote.encode()).hexdigest()[:16]}"


def record_reply(
    connection: sa.Connection, request: Request, sent: SentReply, now: datetime
) -> None:
    """Record the lines of a reply; they replace the earlier lines of its message."""
    payload = request.payload
    # The answer to a click in a thread may go elsewhere, such as to direct messages.
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
    """Record the lines of a message from the outbox; without a ``ts`` it was not posted."""
    if ts is not None:
        key = reply_id(item.workspace, item.kind, item.key)
        posted = Posted(key, item.workspace, item.place, ts, item.thread)
        _record_message(connection, posted, item.tells, now)


def forget_messages(connection: sa.Connection, keys: list[tuple[str, str]]) -> None:
    """Delete records of messages, by workspace and id."""
    if keys:
        connection.execute(_FORGET_LINES, {"ids": keys})
        connection.execute(_FORGET_MESSAGES, {"ids": keys})


def _record_message(
    connection: sa.Connection, posted: Posted, tells: MessageRecord | None, now: datetime
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

# ``not_before`` is the time of the next try, ``due_at`` the intended time of sending.
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
    # Its lines, to be recorded once it is posted.
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
# The first message of each place: a place's messages are sent in order, by one process at a time.
_DUE = (
    sa.select(outgoing)
    .join(
        _HEADS,
        sa.and_(_HEADS.c.workspace == outgoing.c.workspace, _HEADS.c.key == outgoing.c.key),
    )
    .where(
        _HEADS.c.n == 1,
        # Check the row itself again: it may be closed while this waits for its lock.
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
    """Queue messages within a transaction of the store; return how many are new.

    A message with a key that exists already, sent or not, is skipped.
    """
    # Sorted by key: two processes that queue the same messages then lock in the same order.
    ordered = sorted(items, key=lambda item: (item.workspace, item.key))
    return sum(insert_new(connection, outgoing, _row(item, now)) for item in ordered)


class Outbox(Repository):
    """Messages that Dragoman posts on its own; part of the Store, at ``store.outbox``."""

    def put(self, items: Iterable[Outgoing], now: datetime) -> int:
        """Queue messages; return how many are new, by their keys."""
        with self._help() as connection:
            return put(connection, items, now)

    def claim(self, now: datetime, lease: timedelta, limit: int = 8) -> list[Outgoing]:
        """Claim messages that are due and free, oldest first; at most one per place.

        A place where a process is posting yields nothing until its lease is over.
        """
        until = now + lease
        # Most polls find nothing, and need not wait for a writer.
        if self._first(_DUE, {"now": now, "most": 1}) is None:
            return []
        with self._help() as connection:
            rows = connection.execute(_FREE_NOW, {"now": now, "most": limit}).all()
            for row in rows:
                connection.execute(_TAKE, {"w": row.workspace, "k": row.key, "until": until})
        ours = {"lease_until": until}
        return [_item(row).model_copy(update=ours | {"attempts": row.attempts + 1}) for row in rows]

    def sent(self, item: Outgoing, ts: str | None, now: datetime) -> bool:
        """Close a message that was posted as ``ts``; False if it is no longer ours."""
        return self._end(item, "sent", now, ts=ts)

    def failed(self, item: Outgoing, error: str, now: datetime) -> bool:
        """Mark a message as failed, with the reason; False if it is no longer ours."""
        return self._end(item, "failed", now, error=error)

    def give_back(self, item: Outgoing, not_before: datetime) -> bool:
        """Retry a message later; False if it is no longer ours."""
        with self._help() as connection:
            values = {**_claimed(item), "then": not_before}
            return connection.execute(_BACK, values).rowcount == 1

    def ended(self, workspace: str, key: str) -> tuple[str, str | None] | None:
        """Return how a message ended: ``sent`` with its ``ts``, or ``failed`` with the reason.

        None if it is still waiting, or unknown.
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

# ``free_at`` is the next free turn, ``rest_until`` the end of the rest after the last message,
# ``busy_until`` the end of the lease of the process that is posting.
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
"""No turn is further ahead than this; a later one predates a clock change, and is ignored."""


class Pacing(Repository):
    """The pace of posting in each place; part of the Store, at ``store.pacing``."""

    def turn(
        self, workspace: str, place: str, now: datetime, gap: timedelta, latest: datetime
    ) -> tuple[datetime, bool]:
        """Take the next turn in a place, ``gap`` after the one before; return its time.

        The turn is not taken (False) if it would come after ``latest``.
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
        """Start to post, for at most ``lease``; None if nobody else posts there meanwhile.

        Otherwise the time to check again: after the rest, or in ``look`` if a process is posting.
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
        """Finish posting: the message has arrived, or never will."""
        self._rest(workspace, place, now, now + gap, busy=False)

    def hold(self, workspace: str, place: str, now: datetime, until: datetime) -> None:
        """Block posts to a place before ``until``, as Slack asked."""
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
    """Return a time if it fits the current clock, else None."""
    return at if at is not None and at <= now + AHEAD else None


def _locked_row(connection: sa.Connection, key: dict[str, str], now: datetime) -> sa.Row[Any]:
    """Return the row of a place, created if missing, and lock it."""
    insert_new(connection, pace, {"workspace": key["w"], "place": key["in"], "free_at": now})
    return connection.execute(_OF, key).one()
