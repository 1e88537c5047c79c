"""Preferences of people, places and workspaces, where links are read, and feedback on replies."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from pydantic import ValidationError

from bot.models import (
    Feedback,
    PersonPreferences,
    PlacePreferences,
    PreferenceOf,
    Preferences,
    Verdict,
    WorkspacePreferences,
)
from bot.store.engine import Repository
from bot.store.sql import IDS, WORKSPACE, upsert
from bot.store.tables import Utc, fact, metadata, primary, required

log = logging.getLogger(__name__)

P = TypeVar("P", PersonPreferences, PlacePreferences, WorkspacePreferences)

# ``workspace`` is the Slack workspace of the people and places; ``value`` is JSON.
preference = sa.Table(
    "preference",
    metadata,
    *primary("workspace", "kind", "owner", "name"),
    sa.Column("value", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)

_MINE = (
    (preference.c.workspace == WORKSPACE)
    & (preference.c.kind == sa.bindparam("k"))
    & (preference.c.owner == sa.bindparam("o"))
)
_OF = sa.select(preference.c.name, preference.c.value).where(_MINE)
_FORGET = sa.delete(preference).where(_MINE)
_KINDS: dict[type[Preferences], PreferenceOf] = {
    PersonPreferences: "person",
    PlacePreferences: "place",
    WorkspacePreferences: "workspace",
}


class PreferenceStore(Repository):
    """Preferences of people, places and workspaces; part of the Store, at ``store.preferences``."""

    def person(self, workspace: str, person: str) -> PersonPreferences:
        """Return the preferences of a person in a Slack workspace."""
        return self._of(PersonPreferences, workspace, person)

    def place(self, workspace: str, place: str) -> PlacePreferences:
        """Return the preferences of a place in a Slack workspace."""
        return self._of(PlacePreferences, workspace, place)

    def workspace(self, workspace: str) -> WorkspacePreferences:
        """Return the preferences of a whole Slack workspace."""
        return self._of(WorkspacePreferences, workspace, workspace)

    def put(self, workspace: str, owner: str, wanted: Preferences) -> None:
        """Store the preferences of a person, a place or a workspace, replacing earlier ones.

        A default takes no row, so that it follows the default of a later version.
        """
        kind = _KINDS[type(wanted)]
        chosen = wanted.model_dump(mode="json", exclude_defaults=True)
        whose = {"workspace": workspace, "kind": kind, "owner": owner}
        rows = [
            {**whose, "name": name, "value": json.dumps(value)} for name, value in chosen.items()
        ]
        with self._write() as connection:
            connection.execute(_FORGET, {"w": workspace, "k": kind, "o": owner})
            if rows:
                connection.execute(sa.insert(preference), rows)

    def _of(self, what: type[P], workspace: str, owner: str) -> P:
        values = {"w": workspace, "k": _KINDS[what], "o": owner}
        rows = [row for row in self._all(_OF, values) if row.name in what.model_fields]
        found = {row.name: json.loads(row.value) for row in rows}
        try:
            return what.model_validate(found)
        except ValidationError as error:
            # Only valid values are written: this is from a release with another choice.
            bad = {str(one["loc"][0]) for one in error.errors()}
            log.warning("%s of %s are left as they are: %s", what.__name__, owner, ", ".join(bad))
            return what.model_validate({k: v for k, v in found.items() if k not in bad})


# --- where links are read -----------------------------------------------------------------------

# The newest row of a place says whether its links are read; the others are the log of changes.
listening = sa.Table(
    "listening",
    metadata,
    *primary("workspace", "place"),
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("reads", sa.Boolean, nullable=False),
    sa.Column("person", sa.String, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sqlite_with_rowid=False,
)

_NEWEST = (
    sa.select(listening.c.n, listening.c.reads)
    .where(listening.c.workspace == WORKSPACE, listening.c.place == sa.bindparam("place"))
    .order_by(listening.c.n.desc())
    .limit(1)
)
_LINE = sa.insert(listening)
_WHO = (
    sa.select(fact.c.article, fact.c.source_actor, fact.c.target_actor)
    .where(fact.c.workspace == WORKSPACE, fact.c.retired_at.is_(None))
    .where(fact.c.article.in_(IDS))
    .order_by(fact.c.article, fact.c.id)
)


class LinkReading(Repository):
    """Places where posted links are read; part of the Store, at ``store.link_reading``."""

    def is_on(self, workspace: str, place: str) -> bool:
        """Return whether links posted in a place are read."""
        newest = self._first(_NEWEST, {"w": workspace, "place": place})
        return newest is not None and bool(newest.reads)

    def switch(self, workspace: str, place: str, person: str, *, on: bool, now: datetime) -> bool:
        """Start or stop reading the links of a place; False if nothing changes."""
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
        """Return the actors of each fact, by article."""
        found: dict[str, list[tuple[str, ...]]] = {key: [] for key in articles}
        for key, *sides in self._all(_WHO, {"w": workspace, "ids": list(articles)}):
            found[key].append(tuple(side for side in sides if side))
        return found


# --- feedback on replies ------------------------------------------------------------------------

feedback = sa.Table(
    "feedback",
    metadata,
    *primary("workspace", "reply", "person"),
    sa.Column("verdict", sa.String, nullable=False),
    *required(sa.Text, "comment", "query", "told"),
    sa.Column("place", sa.String, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Index(None, "at"),
    sqlite_with_rowid=False,
)

_IS = (
    (feedback.c.workspace == WORKSPACE)
    & (feedback.c.reply == sa.bindparam("r"))
    & (feedback.c.person == sa.bindparam("p"))
)
_ONE = sa.select(feedback).where(_IS)
_COMMENT = sa.update(feedback).where(_IS).values(comment=sa.bindparam("said"))
_FEEDBACK_NEWEST = (feedback.c.at.desc(), feedback.c.workspace, feedback.c.reply, feedback.c.person)
# A comment stays with its author, even if the verdict changes.
_CHANGED = ("verdict", "told", "place", "at")


class FeedbackStore(Repository):
    """Feedback on replies; part of the Store, at ``store.feedback``."""

    def give(self, new: Feedback) -> Feedback | None:
        """Store someone's feedback on a reply, replacing earlier feedback.

        Returns the earlier feedback, or None; an earlier comment stays.
        """
        key = {"w": new.workspace, "r": new.reply, "p": new.person}
        with self._write() as connection:
            before = connection.execute(_ONE, key).one_or_none()
            insert = upsert(connection.dialect.name, feedback, _CHANGED)
            connection.execute(insert, dict(new))
        return None if before is None else _feedback(before)

    def comment(self, workspace: str, reply: str, person: str, said: str) -> bool:
        """Add a comment to someone's feedback on a reply; False if they gave none."""
        key = {"w": workspace, "r": reply, "p": person}
        with self._write() as connection:
            return connection.execute(_COMMENT, {**key, "said": said}).rowcount == 1

    def of(self, workspace: str, reply: str, person: str) -> Feedback | None:
        """Return someone's feedback on a reply."""
        row = self._first(_ONE, {"w": workspace, "r": reply, "p": person})
        return None if row is None else _feedback(row)

    def all(
        self,
        workspace: str | None = None,
        *,
        since: datetime | None = None,
        verdict: Verdict | None = None,
    ) -> list[Feedback]:
        """Return all feedback, in one workspace or in all, newest first."""
        asked = sa.select(feedback).order_by(*_FEEDBACK_NEWEST)
        if workspace is not None:
            asked = asked.where(feedback.c.workspace == workspace)
        if since is not None:
            asked = asked.where(feedback.c.at >= since)
        if verdict is not None:
            asked = asked.where(feedback.c.verdict == verdict)
        return [_feedback(row) for row in self._all(asked)]


def _feedback(row: sa.Row[Any]) -> Feedback:
    return Feedback.model_validate(row._asdict())
