"""Facts that tell the same happening get its name, in the transaction that stores them.

Everything that a change may matter to is decided again by ``bot.read.happenings``, so that it
does not matter in which order and how many at once articles come, and an edit, another reading
or a deletion takes back what it joined.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, func, select, tuple_, update

from bot.models import EventClass, Status
from bot.read.happenings import EXTENT, Told, regrouped
from bot.store.sql import CHUNK, chunks, utc_day
from bot.store.tables import article, article_source, evidence, fact

_workspace: BindParameter[Any] = bindparam("w")
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_LIVE = (
    select(fact, utc_day(article.c.published).label("published"))
    .join(article, (article.c.workspace == fact.c.workspace) & (article.c.id == fact.c.article))
    .where(fact.c.workspace == _workspace, fact.c.retired_at.is_(None))
    .where(article.c.tombstoned_at.is_(None), fact.c.day.is_not(None))
)
_OF_ARTICLES = _LIVE.where(fact.c.article.in_(_ids))
# Ids first, which the index holds: asked for whole rows at once, SQLite reads every fact.
_same_sides = select(fact.c.article, fact.c.id).where(
    fact.c.workspace == _workspace,
    tuple_(fact.c.source_for, fact.c.target_for).in_(bindparam("sides", expanding=True)),
    fact.c.day.between(bindparam("first"), bindparam("last")),
)
_BETWEEN = _LIVE.where(tuple_(fact.c.article, fact.c.id).in_(_same_sides))
_QUOTES = (
    select(evidence.c.fact, evidence.c.quote)
    .where(evidence.c.workspace == _workspace, evidence.c.article.in_(_ids))
    .order_by(evidence.c.fact, evidence.c.field, evidence.c.start)
)
_JOIN = (
    update(fact)
    .where(fact.c.workspace == _workspace, fact.c.article == bindparam("key"))
    .where(fact.c.id == bindparam("fact"))
    .values(happening=bindparam("name"))
)
_SOURCES = (
    select(fact.c.happening, article_source.c.key)
    .distinct()
    .join(article, (article.c.workspace == fact.c.workspace) & (article.c.id == fact.c.article))
    .join(
        article_source,
        (article_source.c.workspace == fact.c.workspace)
        & (article_source.c.article == fact.c.article),
    )
    .where(fact.c.workspace == _workspace, fact.c.happening.in_(_ids))
    .where(fact.c.retired_at.is_(None), article.c.tombstoned_at.is_(None))
    .where(article.c.audience.in_(bindparam("audiences", expanding=True)))
)
_KNOWN_THEN = func.coalesce(article.c.published, article.c.first_seen) <= bindparam("as_of")


class Happenings:
    """What the store knows of happenings that several articles tell."""

    def __init__(self, read: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._read = read

    def sources(
        self,
        workspace: str,
        audiences: Collection[str],
        names: Collection[str],
        as_of: datetime | None = None,
    ) -> dict[str, frozenset[str]]:
        """The keys of the independent sources that tell each happening (``Fact.happening``).

        Only articles of these audiences count, and with ``as_of`` only those published
        (without a date: first seen) by then. Absent is what no named source tells.
        """
        found: dict[str, set[str]] = {}
        statement = _SOURCES if as_of is None else _SOURCES.where(_KNOWN_THEN)
        with self._read() as connection:
            for some in chunks(names):
                asked: dict[str, Any] = {"w": workspace, "ids": some}
                asked |= {"audiences": sorted(audiences), "as_of": as_of}
                for name, key in connection.execute(statement, asked):
                    found.setdefault(name, set()).add(key)
        return {name: frozenset(keys) for name, keys in found.items()}


class Touched(NamedTuple):
    """Between whom something changed, and on which day."""

    sides: tuple[str, str]
    day: date


def touched(connection: Connection, workspace: str, articles: Collection[str]) -> set[Touched]:
    """What these articles' live facts tell of, as far as they have a day."""
    found: set[Touched] = set()
    for some in chunks(articles):
        for row in connection.execute(_OF_ARTICLES, {"w": workspace, "ids": some}):
            if row.source_for is not None:
                found.add(Touched((row.source_for, row.target_for), row.day))
    return found


def join(connection: Connection, workspace: str, changed: Collection[Touched]) -> None:
    """Name the happenings around what changed again, in the caller's transaction.

    What they are afterwards depends on the facts that are stored, and not on which of them
    changed together.
    """
    if not changed:
        return
    first, last = (edge(one.day for one in changed) for edge in (min, max))
    pairs = {one.sides for one in changed} | {one.sides[::-1] for one in changed}
    further = EXTENT
    while True:
        end = _later(last, further)
        rows = _between(connection, workspace, sorted(pairs), first, end)
        words = _words(connection, workspace, {row.article for row in rows.values()})
        told = [_told(row, words[row.id]) for row in rows.values()]
        names = {row.id: row.happening for row in rows.values()}
        named = regrouped(told, names, first, end)
        if named is not None:
            break
        further *= 2
    moved = [
        {"w": workspace, "key": rows[key].article, "fact": key, "name": name}
        for key, name in named.items()
        if names[key] != name
    ]
    if moved:
        connection.execute(_JOIN, moved)


def _between(
    connection: Connection, workspace: str, pairs: list[tuple[str, str]], first: date, last: date
) -> dict[str, Any]:
    """The live facts between these of these days, and of those that a happening may begin on."""
    found: dict[str, Any] = {}
    since = max(first, date.min + 2 * EXTENT) - 2 * EXTENT
    for some in _slices(pairs):
        asked = {"w": workspace, "sides": some, "first": since, "last": last}
        found.update((row.id, row) for row in connection.execute(_BETWEEN, asked))
    return found


def _later(day: date, by: timedelta) -> date:
    return day + min(by, date.max - day)


def _slices(pairs: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    for start in range(0, len(pairs), CHUNK):
        yield pairs[start : start + CHUNK]


def _words(connection: Connection, workspace: str, articles: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in chunks(articles):
        for key, quote in connection.execute(_QUOTES, {"w": workspace, "ids": some}):
            found[key] = f"{found[key]} {quote}" if key in found else quote
    return found


def _told(row: Any, words: str) -> Told:
    return Told(
        id=row.id,
        event_class=EventClass(row._mapping["class"]),  # noqa: SLF001 - the documented way
        act=row.act,
        status=Status(row.status),
        source=row.source_actor,
        target=row.target_actor or "",
        source_for=row.source_for,
        target_for=row.target_for,
        day=row.event_date,
        precision=row.precision,
        published=row.published,
        place=row.place,
        words=words,
    )
