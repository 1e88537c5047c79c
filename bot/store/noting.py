"""What is noted of a message that was posted: the lines that it tells, and to whom.

It is written in the transaction that closes the request, or the outgoing message, so that
nothing that was said is forgotten.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, delete, select, tuple_

from bot.models import Outgoing, Request, SentReply, Shown, Tells
from bot.store.keys import reply_id
from bot.store.sql import upsert_many
from bot.store.told_tables import told, told_line

_AT = (
    select(told.c.workspace, told.c.id)
    .where(told.c.team == bindparam("team"), told.c.place == bindparam("in"))
    .where(told.c.ts == bindparam("named"))
)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_FORGET_LINES = delete(told_line).where(
    tuple_(told_line.c.workspace, told_line.c.message).in_(_IDS)
)
_FORGET = delete(told).where(tuple_(told.c.workspace, told.c.id).in_(_IDS))


class Posted(NamedTuple):
    """Where a message stands: ``ts`` is its name there, ``thread`` the thread that it is in."""

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


def reply(connection: Connection, request: Request, sent: SentReply, now: datetime) -> None:
    """Note what a reply told, in place of what stood under its name before."""
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
    _note(connection, posted, sent.tells, now)


def outgoing(connection: Connection, item: Outgoing, ts: str | None, now: datetime) -> None:
    """Note what a message of the outbox told; one without a ``ts`` stands nowhere."""
    if ts is not None:
        key = reply_id(item.workspace, item.kind, item.key)
        posted = Posted(key, item.workspace, item.place, ts, item.thread)
        _note(connection, posted, item.tells, now)


def forget(connection: Connection, keys: list[tuple[str, str]]) -> None:
    """Forget messages, by workspace and id."""
    if keys:
        connection.execute(_FORGET_LINES, {"ids": keys})
        connection.execute(_FORGET, {"ids": keys})


def _note(connection: Connection, posted: Posted, tells: Tells | None, now: datetime) -> None:
    if posted.ts is not None:
        where = {"team": posted.team, "in": posted.place, "named": posted.ts}
        forget(connection, [(row.workspace, row.id) for row in connection.execute(_AT, where)])
    if tells is None or not tells.lines:
        return
    values: dict[str, Any] = {**posted._asdict(), "workspace": tells.workspace, "looked": False}
    values |= {name: getattr(tells, name) for name in ("person", "query", "tz", "as_of")}
    values |= {"audiences": json.dumps(sorted(tells.audiences)), "at": now}
    upsert_many(connection, told, [values])
    lines = {(one.article, line_id(one)): one for one in tells.lines}
    rows = [
        {
            "workspace": tells.workspace,
            "article": article,
            "id": key,
            "message": posted.id,
            "fact": one.fact,
            "revision": one.revision,
            "quote": one.quote,
        }
        for (article, key), one in lines.items()
    ]
    upsert_many(connection, told_line, rows)
