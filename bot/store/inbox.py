"""Requests: stored under a unique key, claimed with a lease, answered once; and their replies."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.models import Fact, Period, Request, SentReply
from bot.store.curation import is_marked
from bot.store.engine import Repository
from bot.store.facts import scope_of, with_evidence
from bot.store.ids import article_of, reply_id
from bot.store.outbox import record_reply
from bot.store.sql import IDS, WORKSPACE, insert_new, of_article, utc_day
from bot.store.tables import Utc, article, fact, metadata, primary, required

# A request is stored before it is acknowledged. ``key`` makes it one request:
# (channel, ts) of a message, the trigger of a command or a click.
request = sa.Table(
    "request",
    metadata,
    *primary("workspace", "surface", "key"),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("lease_until", Utc),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("received_at", Utc, nullable=False),
    sa.Column("ended_at", Utc),
    sa.Column("error", sa.Text),
    sa.Index(None, "state", "lease_until"),
)

reply = sa.Table(
    "reply",
    metadata,
    *primary("workspace", "id"),
    *required(sa.String, "surface", "request", "place", "person"),
    sa.Column("ts", sa.String),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("period", sa.Text),
    sa.Column("as_of", Utc, nullable=False),
    sa.Column("fact_ids", sa.Text, nullable=False),
    sa.Column("sent_at", Utc, nullable=False),
    sa.UniqueConstraint("workspace", "surface", "request"),
    sa.Index(None, "workspace", "place", "ts"),
    sa.Index(None, "workspace", "person", "sent_at"),
)

_IS = sa.and_(
    request.c.workspace == WORKSPACE,
    request.c.surface == sa.bindparam("s"),
    request.c.key == sa.bindparam("k"),
)
_FREE = sa.or_(
    request.c.state == "new",
    sa.and_(request.c.state == "working", request.c.lease_until < sa.bindparam("now")),
)
_OLDEST_FREE = (
    sa.select(request)
    .where(_FREE)
    .order_by(request.c.received_at, request.c.workspace, request.c.surface, request.c.key)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_TAKE = (
    sa.update(request)
    .where(_IS)
    .values(state="working", lease_until=sa.bindparam("until"), attempts=request.c.attempts + 1)
)
# The claim number fences: a process that lost its lease can no longer end the request.
_OURS = sa.and_(_IS, request.c.state == "working", request.c.attempts == sa.bindparam("claim"))
_END = (
    sa.update(request)
    .where(_OURS)
    .values(
        state=sa.bindparam("state"),
        lease_until=None,
        ended_at=sa.bindparam("now"),
        payload=sa.bindparam("payload"),
        error=sa.bindparam("error"),
    )
)
_RELEASE = sa.update(request).where(_OURS).values(state="new", lease_until=None)
_EXTEND = sa.update(request).where(_OURS).values(lease_until=sa.bindparam("until"))
# A process that releases a request no longer works on it, so the number may be used again.
_POSTPONE = (
    sa.update(request)
    .where(_OURS)
    .values(lease_until=sa.bindparam("until"), attempts=sa.bindparam("left"))
)
_REPLY = sa.select(reply).where(
    reply.c.workspace == WORKSPACE,
    reply.c.surface == sa.bindparam("s"),
    reply.c.request == sa.bindparam("k"),
)
_NEWEST = (
    sa.select(reply)
    .where(reply.c.workspace == WORKSPACE)
    .order_by(reply.c.sent_at.desc(), reply.c.id)
)
_AT_PLACE = reply.c.place == sa.bindparam("place")
_REPLY_AT = _NEWEST.where(_AT_PLACE, reply.c.ts == sa.bindparam("ts")).limit(1)


def _record(
    connection: sa.Connection,
    workspace: str,
    surface: str,
    key: str,
    payload: dict[str, Any],
    now: datetime,
) -> bool:
    """Store a request; False if it is stored already, in any state."""
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
    return insert_new(connection, request, row)


def _end(
    connection: sa.Connection,
    ours: Request,
    state: str,
    error: str | None,
    sent: SentReply | None,
    now: datetime,
) -> bool:
    """Close a request and write its reply; False, and nothing written, if it is no longer ours.

    The payload is emptied except for the thread of the question: it holds addresses that
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
        insert_new(connection, reply, row)
        record_reply(connection, ours, sent, now)
    return True


def in_thread(thread: object) -> str:
    """Return the payload that a finished request keeps: its thread, if it has one."""
    return json.dumps({"thread": thread} if isinstance(thread, str) else {})


def _sent_or_none(row: sa.Row[Any] | None) -> SentReply | None:
    return sent_reply(row) if row is not None else None


def sent_reply(row: sa.Row[Any]) -> SentReply:
    """Convert a row of ``reply`` to a sent reply."""
    values = row._asdict()
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
"""Workspace, surface, key and payload of a request, and when it arrived."""

Finished = tuple[Request, SentReply | None, datetime]
"""A request, the reply that was sent, and when."""


class Inbox(Repository):
    """Requests and their replies; part of the Store, at ``store.inbox``."""

    def record(
        self, workspace: str, surface: str, key: str, payload: dict[str, Any], now: datetime
    ) -> bool:
        """Store a request; True if it is new, False if it is stored already, in any state."""
        return self.record_all([(workspace, surface, key, payload, now)])[0]

    def record_all(self, items: Sequence[Recorded]) -> list[bool]:
        """Store several requests in one transaction; return for each whether it is new."""
        new: dict[int, bool] = {}
        with self._help() as connection:
            # Sorted by key: two processes with the same requests then lock in the same order.
            for at in sorted(range(len(items)), key=lambda at: items[at][:3]):
                new[at] = _record(connection, *items[at])
        return [new[at] for at in range(len(items))]

    def claim(self, now: datetime, lease: timedelta) -> Request | None:
        """Claim the oldest request that is new or whose lease ran out, or return None.

        Only one of the threads and processes gets it.
        """
        return next(iter(self.claim_some(now, lease, 1)), None)

    def claim_some(self, now: datetime, lease: timedelta, limit: int) -> list[Request]:
        """Claim at most ``limit`` requests that are new or whose lease ran out, oldest first."""
        claimed: list[Request] = []
        with self._help() as connection:
            while len(claimed) < limit and (found := _claim(connection, now, now + lease)):
                claimed.append(found)
        return claimed

    def finish(self, request: Request, reply: SentReply | None, now: datetime) -> bool:
        """Close a request with the reply that was sent, and empty its payload.

        Returns False, and writes nothing, if the lease ran out and another process claimed it.
        """
        return self.finish_all([(request, reply, now)])[0]

    def finish_all(self, items: Sequence[Finished]) -> list[bool]:
        """Close several in one transaction; return for each whether it was still ours."""
        with self._help() as connection:
            return [
                _end(connection, request, "done", None, reply, now) for request, reply, now in items
            ]

    def fail(self, request: Request, error: str, now: datetime) -> bool:
        """Mark a request as failed, with the reason; False if it is no longer ours."""
        with self._help() as connection:
            return _end(connection, request, "failed", error, None, now)

    def release(self, request: Request) -> bool:
        """Release a request unanswered, free to claim at once; False if it is no longer ours."""
        return self._change(_RELEASE, request)

    def extend(self, request: Request, until: datetime) -> bool:
        """Extend the lease of a request until then; False if it is no longer ours."""
        return self._change(_EXTEND, request, until=until)

    def postpone(self, request: Request, until: datetime, *, doubted: bool = False) -> bool:
        """Release a request for which nothing was sent; it can be claimed after ``until``.

        The claim does not count as an attempt, unless it is ``doubted`` that nothing was sent:
        then the next claim is a second attempt. False if the request is no longer ours.
        """
        left = max(request.attempts - 1, 1 if doubted else 0)
        return self._change(_POSTPONE, request, until=until, left=left)

    def knows(self, workspace: str, surface: str, key: str) -> bool:
        """Return whether a request is stored, in any state."""
        asked = sa.select(request.c.key).where(_IS)
        return self._first(asked, _key(workspace, surface, key)) is not None

    def reply(self, workspace: str, surface: str, key: str) -> SentReply | None:
        """Return the reply to a request, or None."""
        return _sent_or_none(self._first(_REPLY, _key(workspace, surface, key)))

    def reply_at(self, workspace: str, place: str, ts: str) -> SentReply | None:
        """Return the reply posted in this place with this timestamp, or None."""
        return _sent_or_none(self._first(_REPLY_AT, {"w": workspace, "place": place, "ts": ts}))

    def _change(self, statement: sa.Update, ours: Request, **values: Any) -> bool:
        with self._help() as connection:
            return connection.execute(statement, _claimed(ours) | values).rowcount == 1


def _claim(connection: sa.Connection, now: datetime, until: datetime) -> Request | None:
    """Claim the oldest free request, if any."""
    row = connection.execute(_OLDEST_FREE, {"now": now}).one_or_none()
    if row is None:
        return None
    connection.execute(_TAKE, {**_key(row.workspace, row.surface, row.key), "until": until})
    values = {name: getattr(row, name) for name in Request.model_fields}
    values |= {"payload": json.loads(row.payload), "attempts": row.attempts + 1}
    return Request.model_validate({**values, "lease_until": until})


# --- earlier questions and replies --------------------------------------------------------------

MOST_SEARCHED = 30
"""How many of the newest replies are searched for one on the same subject."""

_BY_PERSON = _NEWEST.where(reply.c.person == sa.bindparam("person")).limit(MOST_SEARCHED)
_REPLIES_AT = _BY_PERSON.where(_AT_PLACE)
_ASKED = _BY_PERSON.where(reply.c.query != "")
_IN_THREAD = (
    _NEWEST.join(
        request,
        (request.c.workspace == reply.c.workspace)
        & (request.c.surface == reply.c.surface)
        & (request.c.key == reply.c.request),
    )
    # A message about posted links answers no question.
    .where(_AT_PLACE, request.c.payload == sa.bindparam("thread"), reply.c.query != "")
    .limit(1)
)
_RETIRED = (
    sa.select(fact)
    .join(article, of_article(fact))
    .where(fact.c.workspace == WORKSPACE)
    .where(fact.c.article.in_(sa.bindparam("articles", expanding=True)))
    .where(fact.c.id.in_(IDS))
    .where(sa.or_(fact.c.retired_at.is_not(None), article.c.tombstoned_at.is_not(None)))
    .where(sa.not_(is_marked))
    .order_by(fact.c.id)
)


class History(Repository):
    """Articles per day, and earlier replies; part of the Store, at ``store.history``."""

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
        """Count the articles per UTC day of publication that name one actor of each group.

        Days without any are absent, and so are articles without a date.
        """
        values: dict[str, Any] = {"w": workspace, "audiences": sorted(audiences)}
        values |= {f"actors{number}": sorted(group) for number, group in enumerate(groups)}
        if as_of is not None:
            values["as_of"] = as_of
        return {
            row.day: row.articles
            for row in self._all(_volume(len(groups), as_of is not None), values)
            if (since is None or row.day >= since) and (until is None or row.day <= until)
        }

    def shown_in(self, workspace: str, place: str, person: str) -> list[SentReply]:
        """Return the newest replies to a person in a place, newest first."""
        values = {"w": workspace, "place": place, "person": person}
        return [sent_reply(row) for row in self._all(_REPLIES_AT, values)]

    def asked(self, workspace: str, person: str) -> list[SentReply]:
        """Return the newest replies to a person's questions, in any place, newest first."""
        return [sent_reply(row) for row in self._all(_ASKED, {"w": workspace, "person": person})]

    def last_in_thread(self, workspace: str, place: str, thread: str) -> SentReply | None:
        """Return the newest reply to a question in a thread of a place."""
        values = {"w": workspace, "place": place, "thread": in_thread(thread)}
        return _sent_or_none(self._first(_IN_THREAD, values))

    def retired(self, workspace: str, facts: Collection[str]) -> list[Fact]:
        """Return the facts that their articles no longer report, or that lost their article.

        Facts marked as wrong here are left out: their articles still report them.
        """
        if not facts:
            return []
        articles = sorted({article_of(one) for one in facts})
        values = {"w": workspace, "ids": sorted(facts), "articles": articles}
        with self._read() as connection:
            rows = connection.execute(_RETIRED, values).all()
            return with_evidence(connection, workspace, rows)


@cache
def _volume(groups: int, as_of: bool) -> sa.Select[date, int]:
    scope = scope_of(groups, as_of)
    day = utc_day(scope.c.published)
    return (
        sa.select(day.label("day"), sa.func.count().label("articles"))
        .where(scope.c.published.is_not(None))
        .group_by(day)
        .order_by(day)
    )
