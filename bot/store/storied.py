"""Articles join stories, and leave them, in the transaction that changes them.

Where an article belongs is decided by ``bot.read.stories``, one article after another, so that
it does not matter how a batch was cut.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, delete, select, update

from bot.models import Arrival
from bot.read.stories import FOUNDERS, FOUNDING, WITHIN, Dated, Shelf, place
from bot.read.terms import pack, terms_of, unpack
from bot.store.alike import story_article
from bot.store.keys import story_id
from bot.store.sql import chunks, upsert_many
from bot.store.tables import article

_AROUND = 3 * WITHIN
"""How far from an article's day the articles of its story may lie."""

_PARTED = 100
"""From where the ids of stories are counted that parted from another."""

_BEGUN_AGAIN = 8
"""Ids that are tried for a story which an article begins after it left one that it began."""

_workspace: BindParameter[Any] = bindparam("w")
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_NEAR = (
    select(story_article, article.c.audience)
    .join(article, (article.c.workspace == _workspace) & (article.c.id == story_article.c.article))
    .where(story_article.c.workspace == _workspace)
    .where(story_article.c.day.between(bindparam("first"), bindparam("last")))
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


def dated(key: str, audience: str, at: datetime, title: str, text: str) -> Dated:
    """What an article is compared by; ``at`` is when it was published, or else first seen."""
    return Dated(key, audience, at.astimezone(UTC).date(), terms_of(title, text))


def join(connection: Connection, workspace: str, arrivals: Sequence[Arrival]) -> None:
    """Put articles that were just stored into stories, in their order."""
    put_back(connection, workspace, [_arrived(one) for one in arrivals])


def _arrived(arrival: Arrival) -> Dated:
    one, words, told = arrival.article, arrival.revision, arrival.reading.compared
    at = one.published or one.first_seen
    if told is None:
        return dated(one.id, one.audience, at, words.title, words.text)
    return Dated(one.id, one.audience, at.astimezone(UTC).date(), unpack(told.terms))


def put_back(connection: Connection, workspace: str, came: Sequence[Dated]) -> None:
    """Put articles into stories; one that is what it was stays where it is."""
    there = _rows(connection, workspace, [one.article for one in came])
    moved = [one for one in came if not _stays(one, there.get(one.article))]
    again = [one.article for one in moved if one.article in there]
    leave(connection, workspace, again)
    _place(connection, workspace, moved, _taken(connection, workspace, again))


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
    connection: Connection, workspace: str, came: Sequence[Dated], taken: Collection[str]
) -> None:
    shelf = _shelf(connection, workspace, {one.day for one in came})
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


def _shelf(connection: Connection, workspace: str, days: Collection[date]) -> Shelf:
    """The stories that articles of these days may belong to."""
    shelf = Shelf(lambda article, n: story_id(article, _PARTED + n))
    for first, last in _stretches(days):
        asked = {"w": workspace, "first": first, "last": last}
        for row in connection.execute(_NEAR, asked).all():
            one = Dated(row.article, row.audience, row.day, unpack(row.terms))
            shelf.put(row.story, one, founds=row.founds)
    return shelf


def _stretches(days: Collection[date]) -> list[tuple[date, date]]:
    """The days to look at, in stretches that do not overlap."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        first, last = day - _AROUND, day + _AROUND
        if found and first <= found[-1][1] + timedelta(days=1):
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found
