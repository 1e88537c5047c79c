"""Watches: what a place follows, what is new for it, and alerts held for quiet hours.

All processes share one cursor over the log of changes. It moves in the transaction that queues
the alerts, and only if no other process moved it since they were decided.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.models import Alert, Fact, Mention, Outgoing, Topic, Watch
from bot.store import outbox
from bot.store.articles import Stored, articles_by_id, mentions_in, source_counts
from bot.store.changes import changes_after, mark_of, set_mark
from bot.store.engine import Repository, reads
from bot.store.facts import with_evidence
from bot.store.sql import (
    IDS,
    WORKSPACE,
    advance,
    among,
    grouped,
    rows_in,
    upsert_many,
    values_in,
)
from bot.store.tables import Utc, article, fact, metadata, primary, required, story_article

watch = sa.Table(
    "watch",
    metadata,
    sa.Column("workspace", sa.String, primary_key=True),
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    *required(sa.String, "team", "place"),
    sa.Column("room", sa.String),
    sa.Column("person", sa.String, nullable=False),
    *required(sa.Text, "typed", "topic"),
    sa.Column("least", sa.Integer, nullable=False),
    *required(sa.Boolean, "digest_only", "paused"),
    sa.Column("muted_until", Utc),
    sa.Column("tz", sa.String, nullable=False),
    sa.Column("since", Utc, nullable=False),
    sa.Index(None, "workspace", "team", "place"),
)

_OF = (
    sa.select(watch)
    .where(watch.c.workspace == WORKSPACE, watch.c.team == sa.bindparam("team"))
    .where(watch.c.place == sa.bindparam("place"))
    .order_by(watch.c.id)
)
_BY = (
    sa.select(watch)
    .where(watch.c.workspace == WORKSPACE, watch.c.team == sa.bindparam("team"))
    .where(watch.c.person == sa.bindparam("person"))
    .order_by(watch.c.place != sa.bindparam("person"), watch.c.place, watch.c.id)
)
_AT_PLACE = (
    sa.select(watch)
    .where(watch.c.team == sa.bindparam("team"), watch.c.place == sa.bindparam("place"))
    .order_by(watch.c.workspace, watch.c.id)
)
_ALL = sa.select(watch).order_by(watch.c.workspace, watch.c.id)
_CHOSEN = among(watch.c.id)


class Watches(Repository):
    """Watches, and who set them up; part of the Store, at ``store.watches``."""

    def add(self, new: Watch) -> tuple[Watch, bool]:
        """Follow a topic for a place and assign its ``id``.

        Returns False if the place follows it already. That watch gets the new options, and resumes
        if it was paused. It keeps its ``since``, so that nothing older is posted.
        """
        with self._write() as connection:
            rows = connection.execute(
                _OF, {"w": new.workspace, "team": new.team, "place": new.place}
            )
            for known in map(watch_of, rows):
                if _same(known.topic, new.topic):
                    ours = known.model_copy(
                        update={
                            "least": new.least,
                            "digest_only": new.digest_only,
                            "room": new.room or known.room,
                            "paused": False,
                            "muted_until": None,
                        }
                    )
                    row = _row(ours)
                    ids = {"w": row.pop("workspace"), "ids": [row.pop("id")]}
                    connection.execute(sa.update(watch).where(_CHOSEN).values(**row), ids)
                    return ours, False
            ours = new.model_copy(update={"id": advance(connection, f"watch {new.workspace}", 1)})
            connection.execute(sa.insert(watch), [_row(ours)])
        return ours, True

    def of(self, workspace: str, team: str, place: str) -> list[Watch]:
        """Return the watches of a place, oldest first."""
        values = {"w": workspace, "team": team, "place": place}
        return [watch_of(row) for row in self._all(_OF, values)]

    def set_up_by(self, workspace: str, team: str, person: str) -> list[Watch]:
        """Return a person's watches: their own first, then those they set up in channels."""
        values = {"w": workspace, "team": team, "person": person}
        return [watch_of(row) for row in self._all(_BY, values)]

    def at_place(self, team: str, place: str) -> list[Watch]:
        """Return the watches of a place, over the articles of any workspace."""
        return [watch_of(row) for row in self._all(_AT_PLACE, {"team": team, "place": place})]

    def all(self, workspace: str | None = None) -> list[Watch]:
        """Return all watches over the articles of a workspace, or of all."""
        found = [watch_of(row) for row in self._all(_ALL)]
        return [one for one in found if workspace is None or one.workspace == workspace]

    def remove(self, workspace: str, ids: Collection[int]) -> int:
        """Delete watches; return how many there were."""
        return self._execute(sa.delete(watch), workspace, ids)

    def mute(self, workspace: str, ids: Collection[int], until: datetime | None) -> int:
        """Mute these watches until an instant; None turns their alerts on again."""
        return self._set(workspace, ids, muted_until=until)

    def pause(self, workspace: str, ids: Collection[int], *, paused: bool) -> int:
        """Pause or resume these watches; either ends a mute."""
        return self._set(workspace, ids, paused=paused, muted_until=None)

    def leave_to_digest(self, workspace: str, ids: Collection[int], *, digest_only: bool) -> int:
        """Report these watches in the digest only, or also at once."""
        return self._set(workspace, ids, digest_only=digest_only)

    def _set(self, workspace: str, ids: Collection[int], **values: Any) -> int:
        return self._execute(sa.update(watch).values(**values), workspace, ids)

    def _execute(self, change: sa.Update | sa.Delete, workspace: str, ids: Collection[int]) -> int:
        with self._write() as connection:
            done = connection.execute(change.where(_CHOSEN), {"w": workspace, "ids": sorted(ids)})
            return int(done.rowcount)


def watch_of(row: sa.Row[Any]) -> Watch:
    """Convert a row to a watch."""
    return Watch.model_validate({**row._asdict(), "topic": json.loads(row.topic)})


def _row(one: Watch) -> dict[str, Any]:
    return {**dict(one), "topic": one.topic.model_dump_json()}


def _same(one: Topic, other: Topic) -> bool:
    """Return whether actors (by id, whatever their names), classes and words are the same."""
    return (
        {actor for actor, _ in one.actors} == {actor for actor, _ in other.actors}
        and set(one.classes) == set(other.classes)
        and {phrase.casefold() for phrase in one.phrases}
        == {phrase.casefold() for phrase in other.phrases}
    )


# --- alerts held during quiet hours -------------------------------------------------------------

held_alert = sa.Table(
    "held",
    metadata,
    *primary("workspace", "team", "place", "story"),
    sa.Column("owner", sa.String, nullable=False),
    sa.Column("alert", sa.Text, nullable=False),
    sa.Column("until", Utc, nullable=False),
    sa.Index(None, "until"),
    sqlite_with_rowid=False,
)

_DUE = (
    sa.select(held_alert)
    .where(held_alert.c.until <= sa.bindparam("now"))
    .order_by(held_alert.c.workspace, held_alert.c.team, held_alert.c.place, held_alert.c.story)
)
_PLACE = (
    (held_alert.c.workspace == WORKSPACE)
    & (held_alert.c.team == sa.bindparam("team"))
    & (held_alert.c.place == sa.bindparam("in"))
    & (held_alert.c.until <= sa.bindparam("now"))
)
_STORIES = sa.select(held_alert.c.story).where(_PLACE).order_by(held_alert.c.story)


class HeldAlert(NamedTuple):
    """An alert on one story, held until the quiet hours of its place end at ``until``."""

    workspace: str
    team: str
    place: str
    story: str
    owner: str
    alert: Alert
    until: datetime


class HeldAlerts(Repository):
    """Alerts held until quiet hours end; part of the Store, at ``store.held_alerts``."""

    def due(self, now: datetime) -> list[HeldAlert]:
        """Return the alerts whose quiet hours have ended, by place."""
        return [
            HeldAlert(**{**row._asdict(), "alert": Alert.model_validate_json(row.alert)})
            for row in self._all(_DUE, {"now": now})
        ]

    def release(self, of: Sequence[HeldAlert], message: Outgoing, now: datetime) -> bool:
        """Replace the alerts of a place whose quiet hours have ended with one queued message.

        Returns False, and changes nothing, if those are no longer exactly ``of``: another process
        was quicker.
        """
        first = of[0]
        place = {"w": first.workspace, "team": first.team, "in": first.place, "now": now}
        with self._write() as connection:
            waiting = list(connection.execute(_STORIES, place).scalars())
            if waiting != sorted(one.story for one in of):
                return False
            connection.execute(sa.delete(held_alert).where(_PLACE), place)
            outbox.put(connection, [message], now)
        return True


def hold_alerts(connection: sa.Connection, alerts: Iterable[HeldAlert]) -> None:
    """Hold alerts until later, within a write of the store."""
    rows = [{**one._asdict(), "alert": one.alert.model_dump_json()} for one in alerts]
    upsert_many(connection, held_alert, rows)


# --- what is new --------------------------------------------------------------------------------

# Places alerted to a story, by the articles it had then: a story may be split.
alerted = sa.Table(
    "alerted",
    metadata,
    *primary("workspace", "team", "place", "article"),
    sa.Column("story", sa.String, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Index(None, "workspace", "story"),
    sa.Index(None, "workspace", "article"),
    sqlite_with_rowid=False,
)

MEMBERS = 60
"""The most articles of a story to look at, the newest."""

_CURSOR = "watches"
_AHEAD = timedelta(days=1)
"""A date further ahead is wrong, and does not show an article's age."""

_seen_at = sa.func.coalesce(article.c.published, article.c.first_seen)
_ARRIVED = (
    sa.select(article.c.id)
    .where(among(article.c.id))
    .where(article.c.tombstoned_at.is_(None), article.c.first_seen >= sa.bindparam("since"))
    .where(_seen_at.between(sa.bindparam("oldest"), sa.bindparam("newest")))
)
_ARRIVED_DATED = _ARRIVED.where(article.c.published.is_not(None))
_NEWS_STORIES = sa.select(story_article.c.story).where(among(story_article.c.article))
_MEMBERS = (
    sa.select(
        story_article.c.story,
        article.c.id,
        article.c.audience,
        article.c.first_seen,
        article.c.published,
        _seen_at.label("at"),
    )
    .join(article, (article.c.workspace == WORKSPACE) & (article.c.id == story_article.c.article))
    .where(among(story_article.c.story))
    .where(article.c.tombstoned_at.is_(None))
    .order_by(story_article.c.story, article.c.first_seen.desc(), article.c.id)
)
_FACTS = (
    sa.select(fact)
    .where(among(fact.c.article))
    .where(fact.c.retired_at.is_(None))
    .order_by(fact.c.id)
)
_ALERTED = sa.select(alerted.c.story, alerted.c.article, alerted.c.team, alerted.c.place).where(
    alerted.c.workspace == WORKSPACE
)

Place = tuple[str, str]
"""A Slack workspace, and a channel or person in it."""


class Item(NamedTuple):
    """A new article, with the mentions and facts of its live reading."""

    stored: Stored
    mentions: tuple[Mention, ...]
    facts: tuple[Fact, ...]


class Part(NamedTuple):
    """An article of a story for counting: who may see it, and its sources.

    ``happenings`` are the events of its facts, ``words`` its title and text; for the oldest
    articles of a large story both are empty.
    """

    article: str
    audience: str
    sources: tuple[str, ...]
    happenings: frozenset[str] = frozenset()
    words: str = ""


class StoryUpdate(NamedTuple):
    """A story that an article just joined: its new articles, newest first, and all that
    count; ``alerted_places`` are the places alerted to it."""

    workspace: str
    story: str
    items: tuple[Item, ...]
    parts: tuple[Part, ...]
    alerted_places: frozenset[Place]


class AlertedPlace(NamedTuple):
    """A place that gets an alert on a story, and the articles of that story."""

    workspace: str
    team: str
    place: str
    story: str
    articles: tuple[str, ...]


def _cursor(connection: sa.Connection) -> int:
    """Return the number of the last change looked at; 0 if there is none yet."""
    return int(mark_of(connection, _CURSOR) or 0)


class News(Repository):
    """News for watches; part of the Store, at ``store.news``."""

    cursor = reads(_cursor)

    def since(
        self,
        after: int,
        limit: int,
        workspaces: dict[str, datetime],
        oldest: datetime,
        now: datetime,
    ) -> tuple[int, list[StoryUpdate]]:
        """Return the stories that articles joined after a change, and the last change's number.

        Only articles of ``workspaces`` count, stored at that workspace's instant or later, and
        published (without a date: first seen) no earlier than ``oldest``.
        """
        found: list[StoryUpdate] = []
        with self._read() as connection:
            changed = changes_after(connection, after, limit)
            for workspace, since in sorted(workspaces.items()):
                keys = {
                    one.key
                    for one in changed
                    if one.workspace == workspace and (one.kind, one.op) == ("article", "put")
                }
                ages = {"since": since, "oldest": oldest, "newest": now + _AHEAD}
                found += story_updates(connection, workspace, keys, ages)
        return changed[-1].seq if changed else after, found

    def record(
        self,
        after: int,
        upto: int,
        alerts: Sequence[AlertedPlace],
        messages: Iterable[Outgoing],
        now: datetime,
        later: Iterable[HeldAlert] = (),
    ) -> bool:
        """Queue messages, record the alerted places, and move the cursor: all or nothing.

        ``later`` are alerts held until quiet hours end.

        Returns False, and changes nothing, if the cursor is no longer at ``after``: another
        process was quicker.
        """
        with self._write() as connection:
            if _cursor(connection) != after:
                return False
            outbox.put(connection, messages, now)
            hold_alerts(connection, later)
            upsert_many(connection, alerted, [row for one in alerts for row in _rows(one, now)])
            set_mark(connection, _CURSOR, str(upto))
        return True


def story_updates(
    connection: sa.Connection,
    workspace: str,
    keys: Collection[str],
    ages: dict[str, Any],
    *,
    dated: bool = False,
) -> list[StoryUpdate]:
    """Return the stories of those of these articles that arrived at ``since`` or later and were
    published between ``oldest`` and ``newest``.

    An article without a date counts as published when it was first seen. With ``dated`` it is
    skipped: it may be old.
    """
    arrived = set(
        values_in(connection, _ARRIVED_DATED if dated else _ARRIVED, workspace, keys, **ages)
    )
    stories = set(values_in(connection, _NEWS_STORIES, workspace, arrived))
    rows = rows_in(connection, _MEMBERS, workspace, stories)
    members = grouped((row.story, row) for row in rows)
    fresh = {
        story: [
            row.id
            for row in rows
            if row.first_seen >= ages["since"]
            and ages["oldest"] <= _instant(row.at) <= ages["newest"]
            and (row.published is not None or not dated)
        ][:MEMBERS]
        for story, rows in members.items()
    }
    return _filled(connection, workspace, members, fresh)


def _filled(
    connection: sa.Connection,
    workspace: str,
    members: dict[str, list[Any]],
    fresh: dict[str, list[str]],
) -> list[StoryUpdate]:
    looked = {row.id for rows in members.values() for row in rows[:MEMBERS]}
    items = _items(connection, workspace, looked.union(*fresh.values()))
    every = {row.id for rows in members.values() for row in rows}
    sources = source_counts(connection, workspace, every)
    knows = _alerted_places(connection, workspace, set(members), every)
    return [
        StoryUpdate(
            workspace,
            story,
            tuple(items[key] for key in fresh[story] if key in items),
            tuple(_part(row, sources.get(row.id, ()), items.get(row.id)) for row in rows),
            frozenset(
                place for key in (story, *(row.id for row in rows)) for place in knows.get(key, ())
            ),
        )
        for story, rows in sorted(members.items())
    ]


def _part(row: Any, sources: tuple[str, ...], item: Item | None) -> Part:
    if item is None:
        return Part(row.id, row.audience, sources)
    happenings = frozenset(fact.happening for fact in item.facts if fact.happening)
    words = f"{item.stored.revision.title}\n{item.stored.revision.text}"
    return Part(row.id, row.audience, sources, happenings, words)


def _items(connection: sa.Connection, workspace: str, keys: Collection[str]) -> dict[str, Item]:
    stored = articles_by_id(connection, workspace, keys)
    mentions = mentions_in(connection, workspace, keys)
    facts = facts_of(connection, workspace, keys)
    return {
        key: Item(one, tuple(mentions.get(key, ())), tuple(facts.get(key, ())))
        for key, one in stored.items()
    }


def facts_of(
    connection: sa.Connection, workspace: str, keys: Collection[str]
) -> dict[str, list[Fact]]:
    """Return the live facts of each of these articles; absent if it has none."""
    rows = list(rows_in(connection, _FACTS, workspace, keys))
    found = with_evidence(connection, workspace, rows)
    return grouped((row.article, one) for row, one in zip(rows, found, strict=True))


def _alerted_places(
    connection: sa.Connection, workspace: str, stories: Collection[str], articles: Collection[str]
) -> dict[str, set[Place]]:
    """Return the places alerted to each of these stories or articles."""
    found: dict[str, set[Place]] = {}
    for column, keys in ((alerted.c.story, stories), (alerted.c.article, articles)):
        asked = _ALERTED.where(column.in_(IDS))
        for row in rows_in(connection, asked, workspace, keys):
            key = row.story if column is alerted.c.story else row.article
            found.setdefault(key, set()).add((row.team, row.place))
    return found


def _rows(one: AlertedPlace, now: datetime) -> list[dict[str, Any]]:
    place = {"workspace": one.workspace, "team": one.team, "place": one.place, "at": now}
    return [{**place, "article": key, "story": one.story} for key in one.articles]


def _instant(value: datetime | str) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
