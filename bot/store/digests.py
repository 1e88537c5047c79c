"""Digests: for which places, when each is due, and what each has told.

A digest that is due is claimed with a lease, worked out, and put into the outbox in the
transaction that moves it on: what was told, up to when, and when it is due again. So it is
put there once, whatever crashes when, and the outbox sends it once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.models import Digest, Outgoing
from bot.store import outbox
from bot.store.digest_tables import digest, digested
from bot.store.digested import Came, Told, came, note
from bot.store.sql import advance

_FIELDS = ("workspace", "id", "team", "place", "room", "person", "quiet", "paused", "since", "due")
_IS = and_(digest.c.workspace == bindparam("w"), digest.c.id == bindparam("n"))
_OURS = and_(_IS, digest.c.claim == bindparam("held"), digest.c.due == bindparam("was"))
_OF = (
    select(digest)
    .where(digest.c.workspace == bindparam("w"), digest.c.team == bindparam("team"))
    .where(digest.c.place == bindparam("place"))
)
_DUE = (
    select(digest)
    .where(digest.c.paused.is_(False), digest.c.due <= bindparam("now"))
    .where(or_(digest.c.lease_until.is_(None), digest.c.lease_until <= bindparam("now")))
    .order_by(digest.c.due, digest.c.workspace, digest.c.id)
    .limit(1)
)
_FREE = _DUE.with_for_update(skip_locked=True)
_TAKE = update(digest).where(_IS).values(lease_until=bindparam("until"), claim=digest.c.claim + 1)
_Connect = Callable[[], AbstractContextManager[Connection]]


class Digests:
    """Part of the Store, at ``store.digests``."""

    def __init__(self, write: _Connect, helper: _Connect, read: _Connect) -> None:
        self._write = write
        self._help = helper
        self._read = read

    # --- which there are ----------------------------------------------------------------

    def put(self, new: Digest) -> tuple[Digest, bool]:
        """Set up a digest for a place; its ``id`` is given here. A place has one.

        False says that it had one, which now has these times and subjects, is not paused, and
        goes on from what it told last.
        """
        with self._write() as connection:
            known = self._of(connection, new.workspace, new.team, new.place, lock=True)
            if known is None:
                number = advance(connection, f"digest {new.workspace}", 1)
                ours = new.model_copy(update={"id": number, "claim": 0})
                connection.execute(insert(digest), [{**_row(ours), "lease_until": None}])
                return ours, True
            kept = {"id": known.id, "since": known.since, "claim": known.claim + 1}
            ours = new.model_copy(update=kept | {"room": new.room or known.room})
            self._save(connection, ours)
            return ours, False

    def of(self, workspace: str, team: str, place: str) -> Digest | None:
        """The digest of a place."""
        with self._read() as connection:
            return self._of(connection, workspace, team, place)

    def all(self, workspace: str | None = None) -> list[Digest]:
        """Every digest over the articles of a workspace, or of all, by the time it is due."""
        statement = select(digest).order_by(digest.c.due, digest.c.workspace, digest.c.id)
        with self._read() as connection:
            found = [_digest(row) for row in connection.execute(statement)]
        return [one for one in found if workspace is None or one.workspace == workspace]

    def next_due(self) -> datetime | None:
        """When the next digest is due; None where none is."""
        statement = select(func.min(digest.c.due)).where(digest.c.paused.is_(False))
        with self._read() as connection:
            due: datetime | None = connection.execute(statement).scalar()
        return due

    def change(self, of: Digest, **values: Any) -> Digest:
        """Give a digest other values, whoever has claimed it meanwhile; returns it."""
        with self._write() as connection:
            known = self._of(connection, of.workspace, of.team, of.place, lock=True)
            ours = (known or of).model_copy(update={**values, "claim": (known or of).claim + 1})
            self._save(connection, ours)
        return ours

    def remove(self, of: Digest) -> bool:
        """Take a digest away, and what it told; False where there was none."""
        mine = (digested.c.workspace == of.workspace) & (digested.c.digest == of.id)
        with self._write() as connection:
            # The digest first: who is finishing it notes nothing more after this.
            gone = connection.execute(delete(digest).where(_IS), {"w": of.workspace, "n": of.id})
            connection.execute(delete(digested).where(mine))
            return gone.rowcount == 1

    # --- due ----------------------------------------------------------------------------

    def claim(self, now: datetime, lease: timedelta) -> Digest | None:
        """Take the digest that is longest due; of any number of processes one gets it."""
        # Most looks find nothing, and need not wait for who is writing.
        with self._read() as connection:
            if connection.execute(_DUE, {"now": now}).one_or_none() is None:
                return None
        with self._help() as connection:
            row = connection.execute(_FREE, {"now": now}).one_or_none()
            if row is None:
                return None
            connection.execute(_TAKE, {"w": row.workspace, "n": row.id, "until": now + lease})
        return _digest(row).model_copy(update={"claim": row.claim + 1})

    def finish(
        self,
        claimed: Digest,
        following: datetime,
        message: Outgoing | None,
        told: Sequence[Told],
        now: datetime,
        upto: datetime | None = None,
    ) -> bool:
        """Put the message out, note what it tells, and wait for the following time: or nothing.

        ``upto`` is up to when it told what is new; None where it told nothing. False, and
        nothing is written, where the digest is ours no more, was changed or moved on.
        """
        held = {"w": claimed.workspace, "n": claimed.id, "held": claimed.claim, "was": claimed.due}
        values: dict[str, Any] = {"due": following, "lease_until": None}
        values |= {"since": upto} if upto else {}
        with self._help() as connection:
            move = update(digest).where(_OURS).values(**values)
            if connection.execute(move, held).rowcount != 1:
                return False
            if message is not None:
                outbox.put(connection, [message], now)
            note(connection, claimed, told, now)
        return True

    # --- what is new --------------------------------------------------------------------

    def came(self, of: Digest, since: datetime, until: datetime, oldest: datetime) -> Came:
        """What came in a stretch of time, and what the digest told before of the same.

        New articles count that have a date, no earlier than ``oldest``; edited ones where the
        digest told them.
        """
        with self._read() as connection:
            return came(connection, of, since, until, oldest)

    # --- inside -------------------------------------------------------------------------

    def _of(
        self, connection: Connection, workspace: str, team: str, place: str, *, lock: bool = False
    ) -> Digest | None:
        values = {"w": workspace, "team": team, "place": place}
        asked = _OF.with_for_update() if lock else _OF
        row = connection.execute(asked, values).one_or_none()
        return None if row is None else _digest(row)

    def _save(self, connection: Connection, ours: Digest) -> None:
        values = {**_row(ours), "lease_until": None}
        ids = {"w": values.pop("workspace"), "n": values.pop("id")}
        connection.execute(update(digest).where(_IS).values(**values), ids)


def _row(of: Digest) -> dict[str, Any]:
    return {
        **{name: getattr(of, name) for name in _FIELDS},
        "times": of.times.model_dump_json(),
        "actors": json.dumps(of.actors, ensure_ascii=False),
        "hush": of.hush.model_dump_json() if of.hush else None,
        "claim": of.claim,
    }


def _digest(row: Row[Any]) -> Digest:
    values = {name: getattr(row, name) for name in (*_FIELDS, "claim")}
    texts = {"times": json.loads(row.times), "actors": json.loads(row.actors)}
    texts["hush"] = json.loads(row.hush) if row.hush else None
    return Digest.model_validate({**values, **texts})
