"""Articles join stories, and leave them, in the transaction that changes them.

Where an article belongs is decided by ``bot.read.stories``, one article after another, so that
it does not matter how a batch was cut.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, delete, select, update

from bot.models import Arrival
from bot.read.stories import FOUNDERS, FOUNDING, WITHIN, Dated, Shelf, place
from bot.read.terms import pack, terms_of, unpack
from bot.store.alike import story_article
from bot.store.copies import Prepared
from bot.store.keys import story_id
from bot.store.sql import chunks, upsert_many
from bot.store.tables import article, counter
from bot.store.turns import Portions

_AROUND = 3 * WITHIN
"""How far from an article's day the articles of its story may lie."""

_PARTED = 100
"""From where the ids of stories are counted that parted from another."""

_KEPT = 60_000
"""Terms of articles, some 200 bytes each, that are kept from one transaction to the next, ..."""

_KEPT_AT_MOST = 300_000
"""... or twice those that had to be read at first, but no more than this."""

_BEGUN_AGAIN = 8
"""Ids that are tried for a story which an article begins after it left one that it began."""

_workspace: BindParameter[Any] = bindparam("w")
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_there = story_article.alias("there")
# All of each story that has an article of these days: what is known in part is judged wrongly.
_NEAR = (
    select(story_article, article.c.audience)
    .join(article, (article.c.workspace == _workspace) & (article.c.id == story_article.c.article))
    .where(story_article.c.workspace == _workspace)
    .where(
        story_article.c.story.in_(
            select(_there.c.story).where(
                _there.c.workspace == _workspace,
                _there.c.day.between(bindparam("first"), bindparam("last")),
            )
        )
    )
    .order_by(story_article.c.day, story_article.c.article)
)
_OF_ARTICLES = select(story_article).where(
    story_article.c.workspace == _workspace, story_article.c.article.in_(_ids)
)
_OF_STORIES = (
    select(story_article, article.c.audience)
    .join(article, (article.c.workspace == _workspace) & (article.c.id == story_article.c.article))
    .where(story_article.c.workspace == _workspace, story_article.c.story.in_(_ids))
    .order_by(story_article.c.story, story_article.c.day, story_article.c.article)
)
_FORGET = delete(story_article).where(
    story_article.c.workspace == _workspace, story_article.c.article.in_(_ids)
)
_FOUNDS = (
    update(story_article)
    .where(story_article.c.workspace == _workspace, story_article.c.article.in_(_ids))
    .values(founds=True)
)
_TAKEN = select(story_article.c.story).where(
    story_article.c.workspace == _workspace, story_article.c.story.in_(_ids)
)
_CHANGES = select(counter.c.value).where(counter.c.name == "change")


class Kept:
    """The stories that one intake has at hand from each of its transactions to the next.

    Whoever changes stories moves the counter of changes in the same transaction: where that
    is not as this intake left it, or its last transaction failed, they are read anew. Not for
    several threads.
    """

    def __init__(self) -> None:
        self._left: int | None = None
        self._at_hand: dict[str, _AtHand] = {}
        self.prepared = Prepared()
        """What the texts of the next transaction share with others."""
        self.portions = Portions()
        """How much the next transaction takes."""

    @contextmanager
    def within(
        self, write: Callable[[], AbstractContextManager[Connection]]
    ) -> Iterator[Connection]:
        """A transaction of the intake, which begins with nothing unless nobody else wrote."""
        left, self._left = self._left, None
        with write() as connection:
            begun = time.thread_time()
            if left is None or left != _changes(connection):
                self._at_hand.clear()
                self.prepared.likely.clear()
            yield connection
            now = _changes(connection)
        self.portions.took(time.thread_time() - begun)
        self._left = now
        self.prepared = Prepared()

    def notice(self, connection: Connection) -> None:
        """Forget all stories if others changed some; to be called ahead of a transaction."""
        now = _changes(connection)
        if self._left != now:
            self._at_hand.clear()
            self._left = now

    def forget(self, workspace: str) -> None:
        """Forget a workspace's stories, of which this transaction changed some in the store."""
        self._at_hand.pop(workspace, None)

    def shelf(self, connection: Connection, workspace: str, days: Collection[date]) -> Shelf:
        """The stories that articles of these days may belong to, and maybe others."""
        there = self._at_hand.get(workspace)
        if there is None or there.is_full():
            there = self._at_hand[workspace] = _AtHand()
        there.read(connection, workspace, days)
        return there.shelf


class _AtHand:
    """The stories of the days that were read so far."""

    def __init__(self) -> None:
        self.shelf = Shelf(lambda article, n: story_id(article, _PARTED + n))
        self._days: set[int] = set()
        self._most = _KEPT

    def is_full(self) -> bool:
        """Whether it holds so much that it is better begun anew."""
        return self.shelf.held > self._most

    def read(self, connection: Connection, workspace: str, days: Collection[date]) -> None:
        """Add the stories around these days, as far as they are not there."""
        first = not self._days
        for start, end in _stretches(_missing(days, self._days)):
            asked = {"w": workspace, "first": start, "last": end}
            for row in connection.execute(_NEAR, asked).all():
                if row.article in self.shelf.articles:
                    continue
                one = Dated(row.article, row.audience, row.day, unpack(row.terms))
                self.shelf.put(row.story, one, founds=row.founds)
            self._days.update(range(start.toordinal(), end.toordinal() + 1))
        if first:
            self._most = min(max(_KEPT, 2 * self.shelf.held), _KEPT_AT_MOST)


def _changes(connection: Connection) -> int:
    return int(connection.execute(_CHANGES).scalar() or 0)


def dated(key: str, audience: str, at: datetime, title: str, text: str) -> Dated:
    """What an article is compared by; ``at`` is when it was published, or else first seen."""
    return Dated(key, audience, at.astimezone(UTC).date(), terms_of(title, text))


def join(
    connection: Connection, workspace: str, arrivals: Sequence[Arrival], kept: Kept | None = None
) -> None:
    """Put articles that were just stored into stories, in their order."""
    put_back(connection, workspace, [_arrived(one) for one in arrivals], kept)


def prepare(
    connection: Connection, workspace: str, arrivals: Sequence[Arrival], kept: Kept
) -> None:
    """Read ahead of the transaction the stories that these articles may belong to."""
    kept.notice(connection)
    came = [_arrived(one) for one in arrivals]
    there = _rows(connection, workspace, [one.article for one in came])
    moved = {one.day for one in came if not _stays(one, there.get(one.article))}
    if moved:
        kept.shelf(connection, workspace, moved)


def _arrived(arrival: Arrival) -> Dated:
    one, words, told = arrival.article, arrival.revision, arrival.reading.compared
    at = one.published or one.first_seen
    if told is None:
        return dated(one.id, one.audience, at, words.title, words.text)
    return Dated(one.id, one.audience, at.astimezone(UTC).date(), unpack(told.terms))


def put_back(
    connection: Connection, workspace: str, came: Sequence[Dated], kept: Kept | None = None
) -> None:
    """Put articles into stories, in their order; one that is what it was stays where it is."""
    kept = kept or Kept()
    there = _rows(connection, workspace, [one.article for one in came])
    moved = [one for one in came if not _stays(one, there.get(one.article))]
    for again, some in groupby(moved, lambda one: one.article in there):
        if not again:
            _place(connection, workspace, list(some), (), kept)
            continue
        for one in some:  # Each leaves only when it is its turn, as if it came alone.
            leave(connection, workspace, [one.article])
            kept.forget(workspace)
            _place(connection, workspace, [one], _taken(connection, workspace, [one.article]), kept)


def leave(connection: Connection, workspace: str, keys: Collection[str]) -> None:
    """Take articles out of their stories; others found those in their place."""
    left = {row.story for row in _rows(connection, workspace, keys).values()}
    for some in chunks(keys):
        connection.execute(_FORGET, {"w": workspace, "ids": some})
    by_story: dict[str, list[Row[Any]]] = {}
    for some in chunks(left):
        for row in connection.execute(_OF_STORIES, {"w": workspace, "ids": some}):
            by_story.setdefault(row.story, []).append(row)
    founding = [key for rows in by_story.values() for key in _to_found(rows)]
    for some in chunks(founding):
        connection.execute(_FOUNDS, {"w": workspace, "ids": some})


def _to_found(rows: Sequence[Row[Any]]) -> list[str]:
    """Which articles of a story, by their days, take the place of a founding one that left."""
    founders = [row for row in rows if row.founds] or [rows[0]]
    first = founders[0]
    able = [
        row
        for row in rows
        if abs(row.day - first.day) <= FOUNDING and row.audience == first.audience
    ]
    kept = {row.article for row in founders}
    more = [row.article for row in able if row.article not in kept]
    wanted = [*(row.article for row in founders), *more][:FOUNDERS]
    return [row.article for row in rows if row.article in wanted and not row.founds]


def _rows(connection: Connection, workspace: str, keys: Collection[str]) -> dict[str, Row[Any]]:
    found: dict[str, Row[Any]] = {}
    for some in chunks(keys):
        rows = connection.execute(_OF_ARTICLES, {"w": workspace, "ids": some})
        found.update((row.article, row) for row in rows)
    return found


def _stays(one: Dated, row: Row[Any] | None) -> bool:
    """Whether an article came again and is what it was."""
    return row is not None and row.day == one.day and row.terms == pack(one.terms)


def _place(
    connection: Connection,
    workspace: str,
    came: Sequence[Dated],
    taken: Collection[str],
    kept: Kept,
) -> None:
    shelf = kept.shelf(connection, workspace, {one.day for one in came})
    placed: dict[str, dict[str, Any]] = {}
    for one in came:
        ids = (story_id(one.article, n) for n in range(_BEGUN_AGAIN))
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


def _taken(connection: Connection, workspace: str, keys: Iterable[str]) -> frozenset[str]:
    """Ids that stories bear already: one goes on under its id without whoever began it."""
    found: set[str] = set()
    for some in chunks([story_id(key, n) for key in keys for n in range(_BEGUN_AGAIN)]):
        found.update(connection.execute(_TAKEN, {"w": workspace, "ids": some}).scalars())
    return frozenset(found)


def _missing(days: Collection[date], there: Collection[int]) -> Iterator[date]:
    """The days around these whose stories are not there yet."""
    around = range(-_AROUND.days, _AROUND.days + 1)
    wanted = {day.toordinal() + away for day in days for away in around}
    # Of the first and the last days there are, there is nothing around.
    possible = range(date.min.toordinal(), date.max.toordinal() + 1)
    return (date.fromordinal(one) for one in wanted.difference(there) if one in possible)


def _stretches(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days as stretches of those that follow each other."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and day == found[-1][1] + timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
