"""What is new for those who follow something, and what they were told of it.

One cursor over the log of changes serves all processes: it moves in the transaction that puts
out what was decided, and only from where it was when that was decided.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    Index,
    String,
    Table,
    bindparam,
    func,
    select,
)

from bot.models import Fact, Mention, Outgoing
from bot.store import outbox, queries
from bot.store.alike import story_article
from bot.store.facts import with_evidence
from bot.store.held import Held, hold
from bot.store.instants import Utc
from bot.store.records import Stored
from bot.store.sql import chunks, upsert, upsert_many
from bot.store.tables import article, fact, mark, metadata

# Which place was told of which story, by the articles that it had then: a story may be parted.
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
"""A date that lies further ahead is wrong, and tells nothing of an article's age."""

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
_STORIES = select(story_article.c.story).where(
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
_TOLD = select(alerted.c.story, alerted.c.article, alerted.c.team, alerted.c.place).where(
    alerted.c.workspace == _workspace
)

Place = tuple[str, str]
"""A Slack workspace, and a channel or person in it."""

_Connect = Callable[[], AbstractContextManager[Connection]]


class Item(NamedTuple):
    """An article that came lately, with what its live reading found in it."""

    stored: Stored
    mentions: tuple[Mention, ...]
    facts: tuple[Fact, ...]


class Part(NamedTuple):
    """An article of a story as far as it is counted: who may see it, and whose it is.

    ``happenings`` are those of its facts, ``words`` its title and text; of the oldest articles
    of a large story both are empty.
    """

    article: str
    audience: str
    sources: tuple[str, ...]
    happenings: frozenset[str] = frozenset()
    words: str = ""


class Telling(NamedTuple):
    """A story that an article just joined: its new articles, the newest first, and all that
    count; ``told`` are the places that know of it."""

    workspace: str
    story: str
    items: tuple[Item, ...]
    parts: tuple[Part, ...]
    told: frozenset[Place]


class Told(NamedTuple):
    """A place that is told of a story, which has these articles."""

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
    ) -> tuple[int, list[Telling]]:
        """The stories that articles joined after a change, and the number of the last one.

        Of ``workspaces``, what was stored at that instant or later, and published (without a
        date: first seen) no earlier than ``oldest``.
        """
        found: list[Telling] = []
        with self._read() as connection:
            changed = queries.changes(connection, after, limit)
            for workspace, since in sorted(workspaces.items()):
                keys = {
                    one.key
                    for one in changed
                    if one.workspace == workspace and (one.kind, one.op) == ("article", "put")
                }
                ages = {"since": since, "oldest": oldest, "newest": now + _AHEAD}
                found += tellings(connection, workspace, keys, ages)
        return changed[-1].seq if changed else after, found

    def tell(
        self,
        after: int,
        upto: int,
        told: Sequence[Told],
        messages: Iterable[Outgoing],
        now: datetime,
        later: Iterable[Held] = (),
    ) -> bool:
        """Put messages out, note who is told of what, and move the cursor, all or nothing.

        ``later`` are alerts that wait for quiet hours to end.

        False, and nothing is done, where the cursor is no longer at ``after``: another
        process was quicker.
        """
        with self._write() as connection:
            if _cursor(connection) != after:
                return False
            outbox.put(connection, messages, now)
            hold(connection, later)
            upsert_many(connection, alerted, [row for one in told for row in _rows(one, now)])
            move = upsert(connection.dialect.name, mark, ("value",))
            connection.execute(move, {"name": _CURSOR, "value": str(upto)})
        return True


def _cursor(connection: Connection) -> int:
    return int(connection.execute(_AT).scalar() or 0)


def tellings(
    connection: Connection,
    workspace: str,
    keys: Collection[str],
    ages: dict[str, Any],
    *,
    dated: bool = False,
) -> list[Telling]:
    """The stories of these articles, as far as those came at ``since`` or later and were
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
        stories.update(connection.execute(_STORIES, {"w": workspace, "ids": some}).scalars())
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
) -> list[Telling]:
    looked = {row.id for rows in members.values() for row in rows[:MEMBERS]}
    items = _items(connection, workspace, looked.union(*fresh.values()))
    every = {row.id for rows in members.values() for row in rows}
    sources = queries.source_counts(connection, workspace, every)
    knows = _told(connection, workspace, set(members), every)
    return [
        Telling(
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
    stored = queries.articles(connection, workspace, keys)
    mentions = queries.mentions(connection, workspace, keys)
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


def _told(
    connection: Connection, workspace: str, stories: Collection[str], articles: Collection[str]
) -> dict[str, set[Place]]:
    """The places that know of each of these stories, or were told of each of these articles."""
    found: dict[str, set[Place]] = {}
    for column, keys in ((alerted.c.story, stories), (alerted.c.article, articles)):
        asked = _TOLD.where(column.in_(_ids))
        for some in chunks(keys):
            for row in connection.execute(asked, {"w": workspace, "ids": some}):
                key = row.story if column is alerted.c.story else row.article
                found.setdefault(key, set()).add((row.team, row.place))
    return found


def _rows(one: Told, now: datetime) -> list[dict[str, Any]]:
    place = {"workspace": one.workspace, "team": one.team, "place": one.place, "at": now}
    return [{**place, "article": key, "story": one.story} for key in one.articles]


def _instant(value: datetime | str) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
