"""What people, places and workspaces choose, where links are read, and feedback on replies."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from bot.models import (
    Feedback,
    PersonPreferences,
    PlacePreferences,
    PreferenceOf,
    Preferences,
    Verdict,
    WorkspacePreferences,
)
from bot.store.instants import Utc
from bot.store.sql import upsert
from bot.store.tables import fact, metadata

log = logging.getLogger(__name__)

P = TypeVar("P", PersonPreferences, PlacePreferences, WorkspacePreferences)

# ``workspace`` is the Slack workspace that people and places are in; ``value`` is JSON.
preference = Table(
    "preference",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("owner", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

_MINE = (
    (preference.c.workspace == bindparam("w"))
    & (preference.c.kind == bindparam("k"))
    & (preference.c.owner == bindparam("o"))
)
_OF = select(preference.c.name, preference.c.value).where(_MINE)
_FORGET = delete(preference).where(_MINE)
_KINDS: dict[type[Preferences], PreferenceOf] = {
    PersonPreferences: "person",
    PlacePreferences: "place",
    WorkspacePreferences: "workspace",
}

_Connect = Callable[[], AbstractContextManager[Connection]]


class PreferenceStore:
    """Part of the Store, at ``store.preferences``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def person(self, workspace: str, person: str) -> PersonPreferences:
        """How somebody in a Slack workspace reads."""
        return self._of(PersonPreferences, workspace, person)

    def place(self, workspace: str, place: str) -> PlacePreferences:
        """What holds in a place of a Slack workspace."""
        return self._of(PlacePreferences, workspace, place)

    def workspace(self, workspace: str) -> WorkspacePreferences:
        """What holds in a whole Slack workspace."""
        return self._of(WorkspacePreferences, workspace, workspace)

    def put(self, workspace: str, owner: str, wanted: Preferences) -> None:
        """Keep what somebody, a place or a workspace prefers, in place of what it did.

        What is left as it is takes no row, so that a later default holds for it.
        """
        mine = {"w": workspace, "k": _KINDS[type(wanted)], "o": owner}
        chosen = wanted.model_dump(mode="json", exclude_defaults=True)
        rows = [
            {
                "workspace": workspace,
                "kind": mine["k"],
                "owner": owner,
                "name": name,
                "value": json.dumps(value),
            }
            for name, value in chosen.items()
        ]
        with self._write() as connection:
            connection.execute(_FORGET, mine)
            if rows:
                connection.execute(insert(preference), rows)

    def _of(self, what: type[P], workspace: str, owner: str) -> P:
        values = {"w": workspace, "k": _KINDS[what], "o": owner}
        with self._read() as connection:
            rows = connection.execute(_OF, values).all()
        found = {row.name: json.loads(row.value) for row in rows if row.name in what.model_fields}
        try:
            return what.model_validate(found)
        except ValidationError as error:
            # Only valid ones are written: this was by a release that knew another choice.
            bad = {str(one["loc"][0]) for one in error.errors()}
            log.warning("%s of %s are left as they are: %s", what.__name__, owner, ", ".join(bad))
            return what.model_validate({k: v for k, v in found.items() if k not in bad})


# --- where links are read -----------------------------------------------------------------------

# The newest line of a place says whether its links are read; the others are who changed that.
listening = Table(
    "listening",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("place", String, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("reads", Boolean, nullable=False),
    Column("person", String, nullable=False),
    Column("at", Utc, nullable=False),
    sqlite_with_rowid=False,
)

_NEWEST = (
    select(listening.c.n, listening.c.reads)
    .where(listening.c.workspace == bindparam("w"), listening.c.place == bindparam("place"))
    .order_by(listening.c.n.desc())
    .limit(1)
)
_LINE = insert(listening)
_WHO = (
    select(fact.c.article, fact.c.source_actor, fact.c.target_actor)
    .where(fact.c.workspace == bindparam("w"), fact.c.retired_at.is_(None))
    .where(fact.c.article.in_(bindparam("ids", expanding=True)))
    .order_by(fact.c.article, fact.c.id)
)


class LinkReading:
    """Part of the Store, at ``store.link_reading``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def is_on(self, workspace: str, place: str) -> bool:
        """Whether a place asked for its links to be read."""
        with self._read() as connection:
            newest = connection.execute(_NEWEST, {"w": workspace, "place": place}).first()
        return newest is not None and bool(newest.reads)

    def switch(self, workspace: str, place: str, person: str, *, on: bool, now: datetime) -> bool:
        """Have the links of a place read, or no longer; False if that is so already."""
        with self._write() as connection:
            newest = connection.execute(_NEWEST, {"w": workspace, "place": place}).first()
            if (newest is not None and bool(newest.reads)) == on:
                return False
            line = {
                "workspace": workspace,
                "place": place,
                "n": newest.n + 1 if newest is not None else 1,
                "reads": on,
                "person": person,
                "at": now,
            }
            connection.execute(_LINE, line)
        return True

    def actors(self, workspace: str, articles: Collection[str]) -> dict[str, list[tuple[str, ...]]]:
        """Who acts in each fact that was read from each of a few articles."""
        found: dict[str, list[tuple[str, ...]]] = {key: [] for key in articles}
        with self._read() as connection:
            for key, *sides in connection.execute(_WHO, {"w": workspace, "ids": list(articles)}):
                found[key].append(tuple(side for side in sides if side))
        return found


# --- feedback on replies ------------------------------------------------------------------------

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
_FEEDBACK_NEWEST = (feedback.c.at.desc(), feedback.c.workspace, feedback.c.reply, feedback.c.person)
# A comment stays with who made it, whichever way they change their mind.
_CHANGED = ("verdict", "told", "place", "at")


class FeedbackStore:
    """Part of the Store, at ``store.feedback``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def give(self, new: Feedback) -> Feedback | None:
        """Store someone's feedback on a reply, in place of earlier feedback.

        Returns that, or None; a comment made before stays.
        """
        key = {"w": new.workspace, "r": new.reply, "p": new.person}
        with self._write() as connection:
            before = connection.execute(_ONE, key).one_or_none()
            insert = upsert(connection.dialect.name, feedback, _CHANGED)
            connection.execute(insert, {name: getattr(new, name) for name in _FIELDS})
        return None if before is None else _feedback(before)

    def comment(self, workspace: str, reply: str, person: str, said: str) -> bool:
        """Add a comment to someone's feedback on a reply; False where they gave none."""
        key = {"w": workspace, "r": reply, "p": person}
        with self._write() as connection:
            return connection.execute(_COMMENT, {**key, "said": said}).rowcount == 1

    def of(self, workspace: str, reply: str, person: str) -> Feedback | None:
        """Someone's feedback on a reply."""
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
        """All feedback, in one workspace or in all, the newest first."""
        asked = select(feedback).order_by(*_FEEDBACK_NEWEST)
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
