"""What was told, held against what the store says now.

One mark over the log of changes serves all processes. It moves in the transaction that puts the
corrections out, and only from where it was when they were decided; so each is said once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from bot.models import Outgoing
from bot.store import noting, outbox, queries
from bot.store.hearing import Heard, hear
from bot.store.sql import upsert, upsert_many
from bot.store.tables import mark
from bot.store.told_tables import corrected, told

FRESH = 200
"""Messages that were told lately and are looked at together."""

_MARK = "corrections"
_AT = select(mark.c.value).where(mark.c.name == _MARK)
_MOVE = (
    update(mark)
    .where(mark.c.name == _MARK, mark.c.value == bindparam("was"))
    .values(value=bindparam("now_at"))
)
_FRESH = (
    select(told.c.workspace, told.c.id)
    .where(told.c.looked.is_(False))
    .order_by(told.c.at, told.c.workspace, told.c.id)
    .limit(bindparam("most"))
)
_ANY = select(told.c.at).where(told.c.at >= bindparam("oldest")).limit(1)
_LOOKED = (
    update(told)
    .where(told.c.workspace == bindparam("w"), told.c.id == bindparam("k"))
    .values(looked=True)
)
_OLD = select(told.c.workspace, told.c.id).where(told.c.at < bindparam("oldest")).limit(500)

_Connect = Callable[[], AbstractContextManager[Connection]]


class Said(NamedTuple):
    """A line of which something was said once: in which thread of which place, and what."""

    workspace: str
    team: str
    place: str
    thread: str
    line: str
    what: str


class Looked(NamedTuple):
    """What one look found; ``changes`` is how many changes it took in, ``fresh`` the messages
    that were looked at for the first time."""

    was: str
    upto: int
    changes: int
    fresh: tuple[tuple[str, str], ...]
    heard: tuple[Heard, ...]


class Remembered:
    """Part of the Store, at ``store.told``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def begin(self) -> bool:
        """Begin to look at what changes from now on; False where that has begun already."""
        with self._read() as connection:
            if connection.execute(_AT).scalar() is not None:
                return False
        with self._write() as connection:
            row = {"name": _MARK, "value": _value(queries.last_seq(connection), 0)}
            done = connection.execute(upsert(connection.dialect.name, mark, ()), row)
            return done.rowcount == 1

    def look(self, limit: int, oldest: datetime) -> Looked | None:
        """What changed since the last look of what was told at ``oldest`` or later.

        None where nothing changed and nothing new was told. At most ``limit`` changes.
        """
        with self._read() as connection:
            was = connection.execute(_AT).scalar()
            if was is None:
                return None
            after = _seq(was)
            fresh = [tuple(row) for row in connection.execute(_FRESH, {"most": FRESH})]
            last = queries.last_seq(connection)
            if last <= after and not fresh:
                return None
            if connection.execute(_ANY, {"oldest": oldest}).scalar() is None:
                return Looked(was, last, last - after, tuple(fresh), ())
            changes = queries.changes(connection, after, limit)
            upto = changes[-1].seq if changes else after
            by_workspace: dict[str, set[str]] = {key: set() for key, _ in fresh}
            for one in changes:
                # What a new version reads differently was shown in good faith: no correction.
                if one.kind == "article" and one.op != "again":
                    by_workspace.setdefault(one.workspace, set()).add(one.key)
            heard = [
                hear(connection, key, changed, [n for w, n in fresh if w == key], oldest)
                for key, changed in sorted(by_workspace.items())
            ]
        found = tuple(one for one in heard if one is not None)
        return Looked(was, upto, len(changes), tuple(fresh), found)

    def skip(self) -> None:
        """Take all that changed, and all that was told, for looked at: nothing is said of it."""
        with self._read() as connection:
            was = connection.execute(_AT).scalar()
            last = queries.last_seq(connection)
            fresh = connection.execute(_FRESH, {"most": 1}).all()
        if was is None or (last <= _seq(was) and not fresh):
            return
        with self._write() as connection:
            connection.execute(_MOVE, {"was": was, "now_at": _next(was, last)})
            connection.execute(update(told).where(told.c.looked.is_(False)).values(looked=True))

    def correct(
        self,
        looked: Looked,
        said: Collection[Said],
        messages: Iterable[Outgoing],
        now: datetime,
        oldest: datetime,
    ) -> bool:
        """Put corrections out, note what they say, and move on: all or nothing.

        What was told before ``oldest`` is forgotten, a part at a time. False, and nothing is
        done, where another process has looked meanwhile.
        """
        with self._write() as connection:
            move = {"was": looked.was, "now_at": _next(looked.was, looked.upto)}
            if connection.execute(_MOVE, move).rowcount != 1:
                return False
            rows: list[dict[str, Any]] = [{**one._asdict(), "at": now} for one in sorted(set(said))]
            upsert_many(connection, corrected, rows)
            outbox.put(connection, messages, now)
            for workspace, key in looked.fresh:
                connection.execute(_LOOKED, {"w": workspace, "k": key})
            old = connection.execute(_OLD, {"oldest": oldest})
            noting.forget(connection, [(row.workspace, row.id) for row in old])
        return True


def _value(seq: int, look: int) -> str:
    """The mark: the last change looked at, and a number that no other look has."""
    return f"{seq} {look}"


def _seq(value: str) -> int:
    return int(value.split()[0])


def _next(value: str, seq: int) -> str:
    return _value(max(seq, _seq(value)), int(value.split()[1]) + 1)
