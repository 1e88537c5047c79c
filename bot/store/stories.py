"""What is asked of the store about stories: which there are, and what belongs to one.

Of a story everybody sees the articles that they may see, and no more is counted: its headline,
its days and its sources follow from those.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Select, bindparam, func, select

from bot.store.alike import folded, story_article
from bot.store.folding import folds, said
from bot.store.sql import chunks
from bot.store.tables import article, article_source, mention, revision

LEAST = 2
"""Articles that a story has to be listed: most that is told once is no story yet."""

_workspace: BindParameter[Any] = bindparam("w")
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_audiences: BindParameter[Any] = bindparam("audiences", expanding=True)
_SEEN = (
    select(story_article.c.story)
    .join(article, (article.c.workspace == _workspace) & (article.c.id == story_article.c.article))
    .where(story_article.c.workspace == _workspace)
    .where(article.c.audience.in_(_audiences), article.c.tombstoned_at.is_(None))
    .where(func.coalesce(article.c.published, article.c.first_seen) <= bindparam("as_of"))
)
_LATEST = func.max(story_article.c.day)
_NEWEST = (
    _SEEN.add_columns(_LATEST.label("last"), func.count().label("articles"))
    .group_by(story_article.c.story)
    .having(func.count() >= bindparam("least"))
    .order_by(_LATEST.desc(), func.count().desc(), story_article.c.story)
    .limit(bindparam("limit"))
)
_MEMBERS = (
    _SEEN.add_columns(
        story_article.c.article,
        story_article.c.day,
        article.c.publisher,
        article.c.original_source,
        article.c.url,
        article.c.published,
        article.c.published_precision,
        folded.c.original,
    )
    .outerjoin(
        folded, (folded.c.workspace == _workspace) & (folded.c.article == story_article.c.article)
    )
    .where(story_article.c.story.in_(_ids))
    .order_by(
        story_article.c.story,
        func.coalesce(article.c.published, article.c.first_seen),
        story_article.c.article,
    )
)
_STORIES = select(story_article.c.article, story_article.c.story).where(
    story_article.c.workspace == _workspace, story_article.c.article.in_(_ids)
)
_COPIES = select(folded.c.article).where(
    folded.c.workspace == _workspace, folded.c.original.in_(_ids)
)
_SOURCES = select(article_source.c.article, article_source.c.key).where(
    article_source.c.workspace == _workspace, article_source.c.article.in_(_ids)
)
_WORDS = (
    select(revision.c.article, revision.c.n, revision.c.title, revision.c.text)
    .where(revision.c.workspace == _workspace, revision.c.article.in_(_ids))
    .order_by(revision.c.article, revision.c.n)
)


class Member(NamedTuple):
    """An article of a story; ``original`` is whose near-copy it is, None if nobody's.

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


class Told(NamedTuple):
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


class Stories:
    """Part of the Store, at ``store.stories``."""

    def __init__(self, read: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._read = read

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
    ) -> list[Told]:
        """The stories of a period that were told of last; of a day those with most articles.

        With ``actors``, those in which one of every group is named. The period bounds the
        articles that are counted, not those that are handed out.
        """
        statement: Select[Any] = _NEWEST
        values: dict[str, Any] = _scope(workspace, audiences, as_of)
        values |= {"least": least, "limit": limit}
        for edge, day in (("since", since), ("until", until)):
            if day is not None:
                bound: BindParameter[date] = bindparam(edge)
                column = story_article.c.day
                statement = statement.where(column >= bound if edge == "since" else column <= bound)
                values[edge] = day
        for number, group in enumerate(actors):
            named: BindParameter[Any] = bindparam(f"actors{number}", expanding=True)
            naming = _naming(named)
            statement = statement.where(story_article.c.article.in_(naming))
            values[named.key] = sorted(group)
        with self._read() as connection:
            ids = [row.story for row in connection.execute(statement, values)]
            found = _told(connection, workspace, audiences, as_of, ids)
        return [found[key] for key in ids if key in found]

    def one(
        self, workspace: str, audiences: Collection[str], as_of: datetime, story: str
    ) -> Told | None:
        """A story by its id; None where there is none that these audiences may see."""
        with self._read() as connection:
            return _told(connection, workspace, audiences, as_of, [story]).get(story)

    def of(self, workspace: str, articles: Collection[str]) -> dict[str, str]:
        """The story that each article belongs to, by the article's id."""
        found: dict[str, str] = {}
        with self._read() as connection:
            for some in chunks(articles):
                rows = connection.execute(_STORIES, {"w": workspace, "ids": some})
                found.update((row.article, row.story) for row in rows)
        return found

    def originals(self, workspace: str, articles: Collection[str]) -> dict[str, str]:
        """The original of each article that is a near-copy of another; others are absent."""
        with self._read() as connection:
            return folds(connection, workspace, articles)

    def said(self, workspace: str, articles: Collection[str]) -> dict[str, list[str]]:
        """The sources that each article names of its own, whatever it counts as."""
        with self._read() as connection:
            return said(connection, workspace, articles)

    def copies(self, workspace: str, originals: Collection[str]) -> list[str]:
        """The near-copies of these articles."""
        found: list[str] = []
        with self._read() as connection:
            for some in chunks(originals):
                asked = {"w": workspace, "ids": some}
                found += connection.execute(_COPIES, asked).scalars()
        return sorted(found)


def _naming(named: BindParameter[Any]) -> Select[Any]:
    return select(mention.c.article).where(
        mention.c.workspace == _workspace, mention.c.actor.in_(named)
    )


def _scope(workspace: str, audiences: Collection[str], as_of: datetime) -> dict[str, Any]:
    return {"w": workspace, "audiences": sorted(audiences), "as_of": as_of}


def _told(
    connection: Connection,
    workspace: str,
    audiences: Collection[str],
    as_of: datetime,
    ids: Collection[str],
) -> dict[str, Told]:
    rows: dict[str, list[Any]] = {}
    for some in chunks(ids):
        asked = _scope(workspace, audiences, as_of) | {"ids": some}
        for row in connection.execute(_MEMBERS, asked):
            rows.setdefault(row.story, []).append(row)
    keys = [row.article for some in rows.values() for row in some]
    words: dict[str, Any] = {}
    sources: dict[str, set[str]] = {}
    for some in chunks(keys):
        values = {"w": workspace, "ids": some}
        words.update((row.article, row) for row in connection.execute(_WORDS, values))
        for key, source in connection.execute(_SOURCES, values):
            sources.setdefault(key, set()).add(source)
    return {
        story: Told(
            story,
            tuple(_member(row, words[row.article]) for row in some),
            frozenset().union(*(sources.get(row.article, ()) for row in some)),
        )
        for story, some in rows.items()
    }


def _member(row: Any, words: Any) -> Member:
    return Member(
        article=row.article,
        title=words.title,
        text=words.text,
        publisher=row.publisher,
        original_source=row.original_source,
        url=row.url,
        published=row.published,
        precision=row.published_precision,
        day=row.day,
        original=row.original,
    )
