"""Watches: what is followed and where, what is new for it, and alerts held for quiet hours.

One cursor over the log of changes serves all processes. It moves in the transaction that queues
the alerts, and only if it is still where it was when they were decided.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
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
    func,
    insert,
    select,
    update,
)

from bot.models import Alert, Fact, Mention, Outgoing, Topic, Watch
from bot.store import outbox
from bot.store.articles import Stored, articles_by_id, mentions_in, source_counts
from bot.store.changes import changes_after
from bot.store.facts import with_evidence
from bot.store.instants import Utc
from bot.store.sql import advance, chunks, upsert, upsert_many
from bot.store.tables import article, fact, mark, metadata, story_article

watch = Table(
    "watch",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("team", String, nullable=False),
    Column("place", String, nullable=False),
    Column("room", String),
    Column("person", String, nullable=False),
    Column("typed", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("least", Integer, nullable=False),
    Column("digest_only", Boolean, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("muted_until", Utc),
    Column("tz", String, nullable=False),
    Column("since", Utc, nullable=False),
    Index(None, "workspace", "team", "place"),
)

_FIELDS = tuple(column.name for column in watch.columns)
_OF = (
    select(watch)
    .where(watch.c.workspace == bindparam("w"), watch.c.team == bindparam("team"))
    .where(watch.c.place == bindparam("place"))
    .order_by(watch.c.id)
)
_BY = (
    select(watch)
    .where(watch.c.workspace == bindparam("w"), watch.c.team == bindparam("team"))
    .where(watch.c.person == bindparam("person"))
    .order_by(watch.c.place != bindparam("person"), watch.c.place, watch.c.id)
)
_THERE = (
    select(watch)
    .where(watch.c.team == bindparam("team"), watch.c.place == bindparam("place"))
    .order_by(watch.c.workspace, watch.c.id)
)
_ALL = select(watch).order_by(watch.c.workspace, watch.c.id)
_IDS = (watch.c.workspace == bindparam("w")) & watch.c.id.in_(bindparam("ids", expanding=True))

_Connect = Callable[[], AbstractContextManager[Connection]]


class Watches:
    """Part of the Store, at ``store.watches``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def add(self, new: Watch) -> tuple[Watch, bool]:
        """Follow a topic for a place; its ``id`` is given here.

        What the place follows already gets the new options, and goes on if it was paused; False
        says so. It keeps its ``since``, so that nothing older is posted.
        """
        with self._write() as connection:
            there = connection.execute(
                _OF, {"w": new.workspace, "team": new.team, "place": new.place}
            )
            for known in map(watch_of, there):
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
                    connection.execute(update(watch).where(_IDS).values(**row), ids)
                    return ours, False
            ours = new.model_copy(update={"id": advance(connection, f"watch {new.workspace}", 1)})
            connection.execute(insert(watch), [_row(ours)])
        return ours, True

    def of(self, workspace: str, team: str, place: str) -> list[Watch]:
        """What a place follows, the oldest first."""
        with self._read() as connection:
            values = {"w": workspace, "team": team, "place": place}
            return [watch_of(row) for row in connection.execute(_OF, values)]

    def set_up_by(self, workspace: str, team: str, person: str) -> list[Watch]:
        """What somebody follows, their own first, then what they set up in channels."""
        with self._read() as connection:
            values = {"w": workspace, "team": team, "person": person}
            return [watch_of(row) for row in connection.execute(_BY, values)]

    def there(self, team: str, place: str) -> list[Watch]:
        """What a place follows, over whosever articles."""
        with self._read() as connection:
            rows = connection.execute(_THERE, {"team": team, "place": place})
            return [watch_of(row) for row in rows]

    def all(self, workspace: str | None = None) -> list[Watch]:
        """Everything that is followed over the articles of a workspace, or of all."""
        with self._read() as connection:
            found = [watch_of(row) for row in connection.execute(_ALL)]
        return [one for one in found if workspace is None or one.workspace == workspace]

    def remove(self, workspace: str, ids: Collection[int]) -> int:
        """Follow some no longer; returns how many were there."""
        with self._write() as connection:
            done = connection.execute(
                delete(watch).where(_IDS), {"w": workspace, "ids": sorted(ids)}
            )
            return int(done.rowcount)

    def mute(self, workspace: str, ids: Collection[int], until: datetime | None) -> int:
        """Send no alerts for these until an instant; None turns them on again."""
        return self._set(workspace, ids, muted_until=until)

    def pause(self, workspace: str, ids: Collection[int], *, paused: bool) -> int:
        """Stop following these for the time being, or go on, not muted either."""
        return self._set(workspace, ids, paused=paused, muted_until=None)

    def leave_to_digest(self, workspace: str, ids: Collection[int], *, digest_only: bool) -> int:
        """Tell these in the digest only, or at once as well."""
        return self._set(workspace, ids, digest_only=digest_only)

    def _set(self, workspace: str, ids: Collection[int], **values: Any) -> int:
        with self._write() as connection:
            done = connection.execute(
                update(watch).where(_IDS).values(**values), {"w": workspace, "ids": sorted(ids)}
            )
            return int(done.rowcount)


def watch_of(row: Row[Any]) -> Watch:
    """A row as a watch."""
    values = {name: getattr(row, name) for name in _FIELDS}
    return Watch.model_validate({**values, "topic": json.loads(row.topic)})


def _row(one: Watch) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in _FIELDS}
    return {**values, "topic": one.topic.model_dump_json()}


def _same(one: Topic, other: Topic) -> bool:
    """The same actors, whatever they were called then, classes and words."""
    return (
        {actor for actor, _ in one.actors} == {actor for actor, _ in other.actors}
        and set(one.classes) == set(other.classes)
        and {phrase.casefold() for phrase in one.phrases}
        == {phrase.casefold() for phrase in other.phrases}
    )


# --- alerts held during quiet hours -------------------------------------------------------------

held = Table(
    "held",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("team", String, primary_key=True),
    Column("place", String, primary_key=True),
    Column("story", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("alert", Text, nullable=False),
    Column("until", Utc, nullable=False),
    Index(None, "until"),
    sqlite_with_rowid=False,
)

_DUE = (
    select(held)
    .where(held.c.until <= bindparam("now"))
    .order_by(held.c.workspace, held.c.team, held.c.place, held.c.story)
)
_PLACE = (
    (held.c.workspace == bindparam("w"))
    & (held.c.team == bindparam("team"))
    & (held.c.place == bindparam("in"))
    & (held.c.until <= bindparam("now"))
)
_STORIES = select(held.c.story).where(_PLACE).order_by(held.c.story)


class HeldAlert(NamedTuple):
    """An alert on one story, held until the quiet hours of its place end at ``until``."""

    workspace: str
    team: str
    place: str
    story: str
    owner: str
    alert: Alert
    until: datetime


class HeldAlerts:
    """Part of the Store, at ``store.held_alerts``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def due(self, now: datetime) -> list[HeldAlert]:
        """What waits no longer, place by place."""
        with self._read() as connection:
            rows = connection.execute(_DUE, {"now": now}).mappings()
            return [
                HeldAlert(**{**row, "alert": Alert.model_validate_json(row["alert"])})
                for row in rows
            ]

    def release(self, of: Sequence[HeldAlert], message: Outgoing, now: datetime) -> bool:
        """Queue one message in place of all that no longer waits in a place.

        False, and nothing is done, where that is not just these: another process was quicker.
        """
        first = of[0]
        place = {"w": first.workspace, "team": first.team, "in": first.place, "now": now}
        with self._write() as connection:
            there = list(connection.execute(_STORIES, place).scalars())
            if there != sorted(one.story for one in of):
                return False
            connection.execute(delete(held).where(_PLACE), place)
            outbox.put(connection, [message], now)
        return True


def hold_alerts(connection: Connection, alerts: Iterable[HeldAlert]) -> None:
    """Keep alerts until later, within a write of the store."""
    upsert_many(connection, held, [_held_row(one) for one in alerts])


def _held_row(one: HeldAlert) -> dict[str, Any]:
    return {**one._asdict(), "alert": one.alert.model_dump_json()}


# --- what is new --------------------------------------------------------------------------------

# Which place got an alert on which story, by the articles it had then: a story may be split.
alerted = Table(
    "alerted",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("team", String, primary_key=True),
    Column("place", String, primary_key=True),
    Column("article", String, primary_key=True),
    Column("story", String, nullable=False),
    Column("at", Utc, nullable=False),
    Index(None, "workspace", "story"),
    Index(None, "workspace", "article"),
    sqlite_with_rowid=False,
)

MEMBERS = 60
"""Articles of a story that are looked at, the newest."""

_CURSOR = "watches"
_AHEAD = timedelta(days=1)
"""A date further ahead is wrong, and says nothing about an article's age."""

_workspace: BindParameter[Any] = bindparam("w")
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_AT = select(mark.c.value).where(mark.c.name == _CURSOR)
_seen_at = func.coalesce(article.c.published, article.c.first_seen)
_COME = (
    select(article.c.id)
    .where(article.c.workspace == _workspace, article.c.id.in_(_ids))
    .where(article.c.tombstoned_at.is_(None), article.c.first_seen >= bindparam("since"))
    .where(_seen_at.between(bindparam("oldest"), bindparam("newest")))
)
_COME_DATED = _COME.where(article.c.published.is_not(None))
_NEWS_STORIES = select(story_article.c.story).where(
    story_article.c.workspace == _workspace, story_article.c.article.in_(_ids)
)
_MEMBERS = (
    select(
        story_article.c.story,
        article.c.id,
        article.c.audience,
        article.c.first_seen,
        article.c.published,
        _seen_at.label("at"),
    )
    .join(article, (article.c.workspace == _workspace) & (article.c.id == story_article.c.article))
    .where(story_article.c.workspace == _workspace, story_article.c.story.in_(_ids))
    .where(article.c.tombstoned_at.is_(None))
    .order_by(story_article.c.story, article.c.first_seen.desc(), article.c.id)
)
_FACTS = (
    select(fact)
    .where(fact.c.workspace == _workspace, fact.c.article.in_(_ids))
    .where(fact.c.retired_at.is_(None))
    .order_by(fact.c.id)
)
_ALERTED = select(alerted.c.story, alerted.c.article, alerted.c.team, alerted.c.place).where(
    alerted.c.workspace == _workspace
)

Place = tuple[str, str]
"""A Slack workspace, and a channel or person in it."""


class Item(NamedTuple):
    """A new article, with what its live reading found in it."""

    stored: Stored
    mentions: tuple[Mention, ...]
    facts: tuple[Fact, ...]


class Part(NamedTuple):
    """An article of a story as it is counted: who may see it, and its sources.

    ``happenings`` are those of its facts, ``words`` its title and text; of the oldest articles
    of a large story both are empty.
    """

    article: str
    audience: str
    sources: tuple[str, ...]
    happenings: frozenset[str] = frozenset()
    words: str = ""


class StoryUpdate(NamedTuple):
    """A story that an article just joined: its new articles, the newest first, and all that
    count; ``told`` are the places that were alerted to it."""

    workspace: str
    story: str
    items: tuple[Item, ...]
    parts: tuple[Part, ...]
    told: frozenset[Place]


class AlertedPlace(NamedTuple):
    """A place that gets an alert on a story, which has these articles."""

    workspace: str
    team: str
    place: str
    story: str
    articles: tuple[str, ...]


class News:
    """Part of the Store, at ``store.news``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def cursor(self) -> int:
        """The number of the last change that was looked at; 0 if none was yet."""
        with self._read() as connection:
            return _cursor(connection)

    def since(
        self,
        after: int,
        limit: int,
        workspaces: dict[str, datetime],
        oldest: datetime,
        now: datetime,
    ) -> tuple[int, list[StoryUpdate]]:
        """The stories that articles joined after a change, and the number of the last one.

        Of ``workspaces``, what was stored at that instant or later, and published (without a
        date: first seen) no earlier than ``oldest``.
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
        told: Sequence[AlertedPlace],
        messages: Iterable[Outgoing],
        now: datetime,
        later: Iterable[HeldAlert] = (),
    ) -> bool:
        """Queue messages, record who is alerted to what, and move the cursor: all or nothing.

        ``later`` are alerts held until quiet hours end.

        False, and nothing is done, where the cursor is no longer at ``after``: another
        process was quicker.
        """
        with self._write() as connection:
            if _cursor(connection) != after:
                return False
            outbox.put(connection, messages, now)
            hold_alerts(connection, later)
            upsert_many(connection, alerted, [row for one in told for row in _rows(one, now)])
            move = upsert(connection.dialect.name, mark, ("value",))
            connection.execute(move, {"name": _CURSOR, "value": str(upto)})
        return True


def _cursor(connection: Connection) -> int:
    return int(connection.execute(_AT).scalar() or 0)


def story_updates(
    connection: Connection,
    workspace: str,
    keys: Collection[str],
    ages: dict[str, Any],
    *,
    dated: bool = False,
) -> list[StoryUpdate]:
    """The stories of those of these articles that arrived at ``since`` or later and were
    published between ``oldest`` and ``newest``.

    An article without a date counts as published when it was first seen, or with ``dated``
    not at all: it may be old.
    """
    came: set[str] = set()
    for some in chunks(keys):
        came.update(
            connection.execute(
                _COME_DATED if dated else _COME, {"w": workspace, "ids": some, **ages}
            ).scalars()
        )
    stories: set[str] = set()
    for some in chunks(came):
        stories.update(connection.execute(_NEWS_STORIES, {"w": workspace, "ids": some}).scalars())
    members: dict[str, list[Any]] = {}
    for some in chunks(stories):
        for row in connection.execute(_MEMBERS, {"w": workspace, "ids": some}):
            members.setdefault(row.story, []).append(row)
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
    connection: Connection,
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


def _items(connection: Connection, workspace: str, keys: Collection[str]) -> dict[str, Item]:
    stored = articles_by_id(connection, workspace, keys)
    mentions = mentions_in(connection, workspace, keys)
    facts = facts_of(connection, workspace, keys)
    return {
        key: Item(one, tuple(mentions.get(key, ())), tuple(facts.get(key, ())))
        for key, one in stored.items()
    }


def facts_of(
    connection: Connection, workspace: str, keys: Collection[str]
) -> dict[str, list[Fact]]:
    """The live facts of each of these articles; absent where it has none."""
    facts: dict[str, list[Fact]] = {}
    for some in chunks(keys):
        rows = connection.execute(_FACTS, {"w": workspace, "ids": some}).all()
        for row, one in zip(rows, with_evidence(connection, workspace, rows), strict=True):
            facts.setdefault(row.article, []).append(one)
    return facts


def _alerted_places(
    connection: Connection, workspace: str, stories: Collection[str], articles: Collection[str]
) -> dict[str, set[Place]]:
    """The places that were alerted to each of these stories or articles."""
    found: dict[str, set[Place]] = {}
    for column, keys in ((alerted.c.story, stories), (alerted.c.article, articles)):
        asked = _ALERTED.where(column.in_(_ids))
        for some in chunks(keys):
            for row in connection.execute(asked, {"w": workspace, "ids": some}):
                key = row.story if column is alerted.c.story else row.article
                found.setdefault(key, set()).add((row.team, row.place))
    return found


def _rows(one: AlertedPlace, now: datetime) -> list[dict[str, Any]]:
    place = {"workspace": one.workspace, "team": one.team, "place": one.place, "at": now}
    return [{**place, "article": key, "story": one.story} for key in one.articles]


def _instant(value: datetime | str) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
