"""Stories: which articles are about the same event.

Articles join and leave stories in the transaction that changes them. ``bot.read.stories`` chooses
the story of one article after another, so that the result does not depend on how a batch is cut.
Readers see only those articles of a story that they may see; its headline, days and sources follow
from these.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.models import Arrival
from bot.read.stories import FOUNDERS, FOUNDING, WITHIN, Dated, Shelf, place
from bot.read.terms import pack, terms_of, unpack
from bot.store import copies as _copies
from bot.store.articles import newest_words, source_counts
from bot.store.copies import PreparedCopies
from bot.store.engine import Repository, reads
from bot.store.facts import mentioning
from bot.store.ids import story_id
from bot.store.sql import (
    AUDIENCES,
    IDS,
    WORKSPACE,
    among,
    execute_in,
    grouped,
    rows_in,
    upsert_many,
    values_in,
)
from bot.store.tables import (
    article,
    counter,
    folded,
    story_article,
)

TARGET_SECONDS = 0.02
"""Target of processor time per intake transaction, in seconds. On a busy machine it takes longer,
but smaller transactions would only slow the intake down."""


_FIRST = 2_000
"""The size of an intake's first transaction, in the units of ``_weight``."""


class BatchSizer:
    """Cuts an intake into transactions of about TARGET_SECONDS.

    The time per article differs by machine and store, so the size of each transaction follows
    from the times of earlier ones. An article is never cut.
    """

    def __init__(self) -> None:
        self._room = float(_FIRST)
        self._weight = 0

    def split(self, arrivals: Sequence[Arrival]) -> Iterator[Sequence[Arrival]]:
        """Yield one batch after another; call ``record_time`` for each before the next."""
        start = 0
        while start < len(arrivals):
            end, self._weight = start + 1, _weight(arrivals[start])
            while end < len(arrivals):
                more = self._weight + _weight(arrivals[end])
                if more > self._room:
                    break
                end, self._weight = end + 1, more
            yield arrivals[start:end]
            start = end

    def record_time(self, seconds: float) -> None:
        """Record the processor time of the last batch's transaction."""
        # The rest of a batch, or an empty one, says nothing about the possible size.
        if self._weight < self._room / 2 and seconds < TARGET_SECONDS:
            return
        change = (TARGET_SECONDS / max(seconds, TARGET_SECONDS / 100)) ** 0.25
        self._room = max(self._room * min(max(change, 0.7), 1.2), _FIRST / 10)


def _weight(arrival: Arrival) -> int:
    """Estimate the work of an article: its characters, plus 500 for its rows."""
    return 500 + len(arrival.revision.text)


_AROUND = 3 * WITHIN
"""The most days between an article and the other articles of its story."""

_PARTED = 100
"""The first number in the ids of stories that split off from another."""

_CACHED_TERMS = 60_000
"""Terms of articles, some 200 bytes each, kept from one transaction to the next, ..."""

_MOST_CACHED_TERMS = 300_000
"""... or twice those of the first read, but no more than this."""

_FOUNDED_AGAIN = 8
"""How many ids are tried for a new story of an article that left one it had begun."""

_near_day = story_article.alias("near_day")
# All of each story with an article of these days: with a part of it the decision would be wrong.
_NEAR = (
    sa.select(story_article, article.c.audience)
    .join(article, (article.c.workspace == WORKSPACE) & (article.c.id == story_article.c.article))
    .where(story_article.c.workspace == WORKSPACE)
    .where(
        story_article.c.story.in_(
            sa.select(_near_day.c.story).where(
                _near_day.c.workspace == WORKSPACE,
                _near_day.c.day.between(sa.bindparam("first"), sa.bindparam("last")),
            )
        )
    )
    .order_by(story_article.c.day, story_article.c.article)
)
_OF_ARTICLES = sa.select(story_article).where(among(story_article.c.article))
_OF_STORIES = (
    sa.select(story_article, article.c.audience)
    .join(article, (article.c.workspace == WORKSPACE) & (article.c.id == story_article.c.article))
    .where(among(story_article.c.story))
    .order_by(story_article.c.story, story_article.c.day, story_article.c.article)
)
_FORGET = sa.delete(story_article).where(among(story_article.c.article))
_FOUNDS = sa.update(story_article).where(among(story_article.c.article)).values(founds=True)
_TAKEN = sa.select(story_article.c.story).where(among(story_article.c.story))
_CHANGES = sa.select(counter.c.value).where(counter.c.name == "change")


class IntakeSession:
    """The stories that one intake keeps in memory from one transaction to the next.

    Every change of stories advances the counter of changes in the same transaction. If the counter
    is not where this intake left it, or its last transaction failed, the stories are read again.
    Not thread-safe.
    """

    def __init__(self) -> None:
        self._left: int | None = None
        self._stories: dict[str, _StoryCache] = {}
        self.prepared = PreparedCopies()
        """Overlaps of the next transaction's texts with others."""
        self.batches = BatchSizer()
        """The size of the next transaction."""

    @contextmanager
    def transaction(
        self, write: Callable[[], AbstractContextManager[sa.Connection]]
    ) -> Iterator[sa.Connection]:
        """Open a transaction of the intake; stories that others changed are read again."""
        left, self._left = self._left, None
        with write() as connection:
            begun = time.thread_time()
            if left is None or left != _changes(connection):
                self._stories.clear()
                self.prepared.likely.clear()
            yield connection
            now = _changes(connection)
        self.batches.record_time(time.thread_time() - begun)
        self._left = now
        self.prepared = PreparedCopies()

    def refresh(self, connection: sa.Connection) -> None:
        """Forget all stories if other processes changed some; call it before a transaction."""
        now = _changes(connection)
        if self._left != now:
            self._stories.clear()
            self._left = now

    def forget(self, workspace: str) -> None:
        """Forget a workspace's stories after this transaction changed some in the store."""
        self._stories.pop(workspace, None)

    def shelf(self, connection: sa.Connection, workspace: str, days: Collection[date]) -> Shelf:
        """Return the stories that articles of these days may belong to, and maybe others."""
        cache = self._stories.get(workspace)
        if cache is None or cache.is_full():
            cache = self._stories[workspace] = _StoryCache()
        cache.read(connection, workspace, days)
        return cache.shelf


class _StoryCache:
    """The stories of the days read so far."""

    def __init__(self) -> None:
        self.shelf = Shelf(lambda article, n: story_id(article, _PARTED + n))
        self._days: set[int] = set()
        self._most = _CACHED_TERMS

    def is_full(self) -> bool:
        """Return whether it is so large that a new one is better."""
        return self.shelf.held > self._most

    def read(self, connection: sa.Connection, workspace: str, days: Collection[date]) -> None:
        """Load the stories around these days that are not loaded yet."""
        first = not self._days
        for start, end in _day_ranges(_missing(days, self._days)):
            asked = {"w": workspace, "first": start, "last": end}
            for row in connection.execute(_NEAR, asked).all():
                if row.article in self.shelf.articles:
                    continue
                one = Dated(row.article, row.audience, row.day, unpack(row.terms))
                self.shelf.put(row.story, one, founds=row.founds)
            self._days.update(range(start.toordinal(), end.toordinal() + 1))
        if first:
            self._most = min(max(_CACHED_TERMS, 2 * self.shelf.held), _MOST_CACHED_TERMS)


def _changes(connection: sa.Connection) -> int:
    return int(connection.execute(_CHANGES).scalar() or 0)


def dated(key: str, audience: str, at: datetime, title: str, text: str) -> Dated:
    """The data of an article for comparisons; ``at`` is its publication, or else first seen."""
    return Dated(key, audience, at.astimezone(UTC).date(), terms_of(title, text))


def add_arrivals(
    connection: sa.Connection,
    workspace: str,
    arrivals: Sequence[Arrival],
    session: IntakeSession | None = None,
) -> None:
    """Put articles that were just stored into stories, in order."""
    place_articles(connection, workspace, [_arrived(one) for one in arrivals], session)


def read_stories_ahead(
    connection: sa.Connection, workspace: str, arrivals: Sequence[Arrival], session: IntakeSession
) -> None:
    """Read the stories that these articles may belong to, before the transaction."""
    session.refresh(connection)
    arrived = [_arrived(one) for one in arrivals]
    stored = _rows(connection, workspace, [one.article for one in arrived])
    moved = {one.day for one in arrived if not _stays(one, stored.get(one.article))}
    if moved:
        session.shelf(connection, workspace, moved)


def _arrived(arrival: Arrival) -> Dated:
    one, words, compared = arrival.article, arrival.revision, arrival.reading.compared
    at = one.published or one.first_seen
    if compared is None:
        return dated(one.id, one.audience, at, words.title, words.text)
    return Dated(one.id, one.audience, at.astimezone(UTC).date(), unpack(compared.terms))


def place_articles(
    connection: sa.Connection,
    workspace: str,
    arrived: Sequence[Dated],
    session: IntakeSession | None = None,
) -> None:
    """Put articles into stories, in order; unchanged articles stay in theirs."""
    session = session or IntakeSession()
    stored = _rows(connection, workspace, [one.article for one in arrived])
    moved = [one for one in arrived if not _stays(one, stored.get(one.article))]
    for is_stored, group in groupby(moved, lambda one: one.article in stored):
        if not is_stored:
            _place(connection, workspace, list(group), (), session)
            continue
        for one in group:  # Each leaves only at its turn, as if it arrived alone.
            remove_articles(connection, workspace, [one.article])
            session.forget(workspace)
            # A story keeps its id without the article that began it.
            ids = [story_id(one.article, n) for n in range(_FOUNDED_AGAIN)]
            taken = frozenset(values_in(connection, _TAKEN, workspace, ids))
            _place(connection, workspace, [one], taken, session)


def remove_articles(connection: sa.Connection, workspace: str, keys: Collection[str]) -> None:
    """Take articles out of their stories; other articles become founders in their place."""
    left = {row.story for row in _rows(connection, workspace, keys).values()}
    execute_in(connection, _FORGET, workspace, keys)
    by_story = grouped(
        (row.story, row) for row in rows_in(connection, _OF_STORIES, workspace, left)
    )
    founding = [key for rows in by_story.values() for key in _new_founders(rows)]
    execute_in(connection, _FOUNDS, workspace, founding)


def _new_founders(rows: Sequence[sa.Row[Any]]) -> list[str]:
    """Return the articles of a story, by days, that replace founders that left."""
    founders = [row for row in rows if row.founds] or [rows[0]]
    first = founders[0]
    able = [
        row
        for row in rows
        if abs(row.day - first.day) <= FOUNDING and row.audience == first.audience
    ]
    founding = {row.article for row in founders}
    more = [row.article for row in able if row.article not in founding]
    wanted = [*(row.article for row in founders), *more][:FOUNDERS]
    return [row.article for row in rows if row.article in wanted and not row.founds]


def _rows(
    connection: sa.Connection, workspace: str, keys: Collection[str]
) -> dict[str, sa.Row[Any]]:
    rows = rows_in(connection, _OF_ARTICLES, workspace, keys)
    return {row.article: row for row in rows}


def _stays(one: Dated, row: sa.Row[Any] | None) -> bool:
    """Return whether an article arrived again unchanged."""
    return row is not None and row.day == one.day and row.terms == pack(one.terms)


def _place(
    connection: sa.Connection,
    workspace: str,
    arrived: Sequence[Dated],
    taken: Collection[str],
    session: IntakeSession,
) -> None:
    shelf = session.shelf(connection, workspace, {one.day for one in arrived})
    placed: dict[str, dict[str, Any]] = {}
    for one in arrived:
        ids = (story_id(one.article, n) for n in range(_FOUNDED_AGAIN))
        new = next((key for key in ids if key not in taken), one.article)
        for each in place(shelf, one, new):
            placed[each.one.article] = {
                "workspace": workspace,
                "article": each.one.article,
                "story": each.story,
                "day": each.one.day,
                "founds": each.founds,
                "terms": pack(each.one.terms),
            }
    upsert_many(connection, story_article, list(placed.values()), update=("story", "founds"))


def _missing(days: Collection[date], loaded: Collection[int]) -> Iterator[date]:
    """Yield the days around these whose stories are not loaded yet."""
    offsets = range(-_AROUND.days, _AROUND.days + 1)
    wanted = {day.toordinal() + away for day in days for away in offsets}
    # Days before the first or after the last possible date do not exist.
    possible = range(date.min.toordinal(), date.max.toordinal() + 1)
    return (date.fromordinal(one) for one in wanted.difference(loaded) if one in possible)


def _day_ranges(days: Iterable[date]) -> list[tuple[date, date]]:
    """Join consecutive days into ranges."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and day == found[-1][1] + timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


# --- queries ------------------------------------------------------------------------------------

LEAST = 2
"""The least articles of a listed story: a single report is usually no story yet."""


_SEEN = (
    sa.select(story_article.c.story)
    .join(article, (article.c.workspace == WORKSPACE) & (article.c.id == story_article.c.article))
    .where(story_article.c.workspace == WORKSPACE)
    .where(article.c.audience.in_(AUDIENCES), article.c.tombstoned_at.is_(None))
    .where(sa.func.coalesce(article.c.published, article.c.first_seen) <= sa.bindparam("as_of"))
)
_LATEST = sa.func.max(story_article.c.day)
_NEWEST = (
    _SEEN.add_columns(_LATEST.label("last"), sa.func.count().label("articles"))
    .group_by(story_article.c.story)
    .having(sa.func.count() >= sa.bindparam("least"))
    .order_by(_LATEST.desc(), sa.func.count().desc(), story_article.c.story)
    .limit(sa.bindparam("limit"))
)
_MEMBERS = (
    _SEEN.add_columns(
        story_article.c.article,
        story_article.c.day,
        article.c.publisher,
        article.c.original_source,
        article.c.url,
        article.c.published,
        article.c.published_precision.label("precision"),
        folded.c.original,
    )
    .outerjoin(
        folded, (folded.c.workspace == WORKSPACE) & (folded.c.article == story_article.c.article)
    )
    .where(story_article.c.story.in_(IDS))
    .order_by(
        story_article.c.story,
        sa.func.coalesce(article.c.published, article.c.first_seen),
        story_article.c.article,
    )
)
_STORIES = sa.select(story_article.c.article, story_article.c.story).where(
    among(story_article.c.article)
)
_COPIES = sa.select(folded.c.article).where(among(folded.c.original))


class Member(NamedTuple):
    """An article of a story; ``original`` is the article it is a near-copy of, or None.

    ``title`` and ``text`` are its newest words.
    """

    article: str
    title: str
    text: str
    publisher: str | None
    original_source: str | None
    url: str | None
    published: datetime | None
    precision: str | None
    day: date
    original: str | None


class StoredStory(NamedTuple):
    """A story as one asker may see it: its articles by date, and its independent sources."""

    id: str
    members: tuple[Member, ...]
    sources: frozenset[str]

    @property
    def first(self) -> date:
        """The day of its first article."""
        return min(one.day for one in self.members)

    @property
    def last(self) -> date:
        """The day of its last article."""
        return max(one.day for one in self.members)


class Stories(Repository):
    """Stories, and the articles in them; part of the Store, at ``store.stories``."""

    originals = reads(_copies.originals_of)
    named_sources = reads(_copies.named_sources)

    def newest(
        self,
        workspace: str,
        audiences: Collection[str],
        as_of: datetime,
        *,
        since: date | None = None,
        until: date | None = None,
        actors: Sequence[Collection[str]] = (),
        least: int = LEAST,
        limit: int = 20,
    ) -> list[StoredStory]:
        """Return stories, those with the latest articles first; on the same day, the larger first.

        With ``actors``, those that name one of every group. The period limits the articles that
        count, not those that are returned.
        """
        statement: sa.Select[Any] = _NEWEST
        values: dict[str, Any] = {"w": workspace, "audiences": sorted(audiences), "as_of": as_of}
        values |= {"least": least, "limit": limit}
        for edge, day in (("since", since), ("until", until)):
            if day is not None:
                bound: sa.BindParameter[date] = sa.bindparam(edge)
                column = story_article.c.day
                statement = statement.where(column >= bound if edge == "since" else column <= bound)
                values[edge] = day
        for number, group in enumerate(actors):
            statement = statement.where(story_article.c.article.in_(mentioning(number)))
            values[f"actors{number}"] = sorted(group)
        with self._read() as connection:
            ids = [row.story for row in connection.execute(statement, values)]
            found = _stories(connection, workspace, audiences, as_of, ids)
        return [found[key] for key in ids if key in found]

    def one(
        self, workspace: str, audiences: Collection[str], as_of: datetime, story: str
    ) -> StoredStory | None:
        """Return a story by its id; None if there is none that these audiences may see."""
        with self._read() as connection:
            return _stories(connection, workspace, audiences, as_of, [story]).get(story)

    def of(self, workspace: str, articles: Collection[str]) -> dict[str, str]:
        """Return the story of each article, by the article's id."""
        with self._read() as connection:
            rows = rows_in(connection, _STORIES, workspace, articles)
            return {row.article: row.story for row in rows}

    def copies(self, workspace: str, originals: Collection[str]) -> list[str]:
        """Return the near-copies of these articles."""
        with self._read() as connection:
            return sorted(values_in(connection, _COPIES, workspace, originals))


def _stories(
    connection: sa.Connection,
    workspace: str,
    audiences: Collection[str],
    as_of: datetime,
    ids: Collection[str],
) -> dict[str, StoredStory]:
    asked = {"audiences": sorted(audiences), "as_of": as_of}
    rows = grouped(
        (row.story, row) for row in rows_in(connection, _MEMBERS, workspace, ids, **asked)
    )
    keys = [row.article for some in rows.values() for row in some]
    words = newest_words(connection, workspace, keys)
    sources = source_counts(connection, workspace, keys)
    return {
        story: StoredStory(
            story,
            tuple(_member(row, words[row.article]) for row in some),
            frozenset().union(*(sources.get(row.article, ()) for row in some)),
        )
        for story, some in rows.items()
    }


def _member(row: Any, words: Any) -> Member:
    values = row._asdict()
    del values["story"]
    return Member(title=words.title, text=words.text, **values)
