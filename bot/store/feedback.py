"""What people say of replies: a row for each person and reply."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Row,
    String,
    Table,
    Text,
    bindparam,
    select,
    update,
)

from bot.models import Feedback, Verdict
from bot.store.instants import Utc
from bot.store.sql import upsert
from bot.store.tables import metadata

feedback = Table(
    "feedback",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("reply", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("verdict", String, nullable=False),
    Column("comment", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("told", Text, nullable=False),
    Column("place", String, nullable=False),
    Column("at", Utc, nullable=False),
    Index(None, "at"),
    sqlite_with_rowid=False,
)

_FIELDS = tuple(column.name for column in feedback.columns)
_IS = (
    (feedback.c.workspace == bindparam("w"))
    & (feedback.c.reply == bindparam("r"))
    & (feedback.c.person == bindparam("p"))
)
_ONE = select(feedback).where(_IS)
_COMMENT = update(feedback).where(_IS).values(comment=bindparam("said"))
_NEWEST = (feedback.c.at.desc(), feedback.c.workspace, feedback.c.reply, feedback.c.person)
# A comment stays with who made it, whichever way they change their mind.
_CHANGED = ("verdict", "told", "place", "at")

_Connect = Callable[[], AbstractContextManager[Connection]]


class Feedbacks:
    """Part of the Store, at ``store.feedback``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def give(self, new: Feedback) -> Feedback | None:
        """Keep what somebody says of a reply, in place of what they said of it before.

        Returns that, or None; a comment made before stays.
        """
        key = {"w": new.workspace, "r": new.reply, "p": new.person}
        with self._write() as connection:
            before = connection.execute(_ONE, key).one_or_none()
            insert = upsert(connection.dialect.name, feedback, _CHANGED)
            connection.execute(insert, {name: getattr(new, name) for name in _FIELDS})
        return None if before is None else _feedback(before)

    def comment(self, workspace: str, reply: str, person: str, said: str) -> bool:
        """Put words to what somebody said of a reply; False where they said nothing of it."""
        key = {"w": workspace, "r": reply, "p": person}
        with self._write() as connection:
            return connection.execute(_COMMENT, {**key, "said": said}).rowcount == 1

    def of(self, workspace: str, reply: str, person: str) -> Feedback | None:
        """What somebody said of a reply."""
        key = {"w": workspace, "r": reply, "p": person}
        with self._read() as connection:
            row = connection.execute(_ONE, key).one_or_none()
        return None if row is None else _feedback(row)

    def all(
        self,
        workspace: str | None = None,
        *,
        since: datetime | None = None,
        verdict: Verdict | None = None,
    ) -> list[Feedback]:
        """All that was said, in one workspace or in all, the newest first."""
        asked = select(feedback).order_by(*_NEWEST)
        if workspace is not None:
            asked = asked.where(feedback.c.workspace == workspace)
        if since is not None:
            asked = asked.where(feedback.c.at >= since)
        if verdict is not None:
            asked = asked.where(feedback.c.verdict == verdict)
        with self._read() as connection:
            return [_feedback(row) for row in connection.execute(asked)]


def _feedback(row: Row[Any]) -> Feedback:
    return Feedback.model_validate({name: getattr(row, name) for name in _FIELDS})
