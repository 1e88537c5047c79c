"""Actors that articles introduce: kept with the article, found by name, promoted in time.

What an article introduces is derived from its reading, and replaced with it; the actor so
found stays under its id. Actors of one audience are never joined with those of another, and
only what the whole workspace may see is promoted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import fields
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    bindparam,
    delete,
    func,
    select,
    union,
    update,
)

from bot.match.provisional import (
    MOST_PROMOTED,
    PUBLISHERS,
    Provisional,
    as_actor,
    key_of,
    last_of,
    meaning,
    settled,
)
from bot.match.provisional import provisional as is_provisional
from bot.models import EVERYWHERE, Actor, ActorType, AliasKind, Arrival, Introduced, Own
from bot.store import actors
from bot.store.provisional import introduction, provisional
from bot.store.rows import Row, Rows
from bot.store.sql import chunks, upsert_many
from bot.store.tables import article, article_source

MOST_FOUND = 40
"""Actors that one look-up by name returns: more share a surname than anybody can tell apart."""

MOST_ALIKE = 400
"""Actors that one look-up by the beginning of a name returns."""

_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_workspace: BindParameter[Any] = bindparam("w")
_told = (
    select(introduction.c.actor)
    .join(
        article,
        (article.c.workspace == introduction.c.workspace)
        & (article.c.id == introduction.c.article),
    )
    .where(introduction.c.workspace == _workspace, introduction.c.actor == provisional.c.id)
    .where(article.c.tombstoned_at.is_(None))
)
_BY_ID = select(provisional).where(
    provisional.c.workspace == _workspace, provisional.c.id == bindparam("id")
)


def _whose(*chosen: ColumnElement[bool]) -> Select[Any]:
    """Those chosen by any of these, each of which an index decides.

    Ids first, which the index holds: asked for whole rows at once, SQLite reads them all.
    """
    ids = union(
        *(
            select(provisional.c.id).where(provisional.c.workspace == _workspace, one)
            for one in chosen
        )
    ).subquery()
    return select(provisional).where(
        provisional.c.workspace == _workspace, provisional.c.id.in_(select(ids.c.id))
    )


_start: BindParameter[Any] = bindparam("start")
_end: BindParameter[Any] = bindparam("end")
_BY_KEY = _whose(provisional.c.key.in_(_ids))
_BY_LAST = _whose(provisional.c.last.in_(_ids))
_BY_START = _whose(*(one.between(_start, _end) for one in (provisional.c.key, provisional.c.last)))
*_LIVE, _BEGINNING = [
    statement.where(
        provisional.c.promoted.is_(False),
        provisional.c.audience.in_(bindparam("audiences", expanding=True)),
        _told.exists(),
    )
    .order_by(provisional.c.id)
    .limit(most)
    for statement, most in (
        (_BY_KEY, MOST_FOUND),
        (_BY_LAST, MOST_FOUND),
        (_BY_START, MOST_ALIKE),
    )
]
_FORGET = delete(introduction).where(
    introduction.c.workspace == _workspace, introduction.c.article.in_(_ids)
)
_DUE = (
    select(provisional)
    .join(
        introduction,
        (introduction.c.workspace == _workspace) & (introduction.c.actor == provisional.c.id),
    )
    .join(
        article,
        (article.c.workspace == _workspace) & (article.c.id == introduction.c.article),
    )
    .join(
        article_source,
        (article_source.c.workspace == _workspace)
        & (article_source.c.article == introduction.c.article),
    )
    .where(provisional.c.workspace == _workspace, provisional.c.id.in_(_ids))
    .where(provisional.c.promoted.is_(False), provisional.c.audience == EVERYWHERE)
    # Whom articles only name, and never say who it is, is asked for by name alone.
    .where(provisional.c.role.is_not(None) | (provisional.c.type != ActorType.PERSON.value))
    .where(article.c.tombstoned_at.is_(None))
    .group_by(*provisional.c)
    .having(func.count(article_source.c.key.distinct()) >= PUBLISHERS)
    .order_by(provisional.c.id)
)
_PROMOTED = (
    select(func.count())
    .select_from(provisional)
    .where(provisional.c.workspace == _workspace, provisional.c.promoted.is_(True))
)
_PROMOTE = (
    update(provisional)
    .where(provisional.c.workspace == _workspace, provisional.c.id.in_(_ids))
    .values(promoted=True)
)
_FIELDS = [one.name for one in fields(Provisional)]
_CHANGING = ("name", "key", "role", "state")


class Introductions:
    """What the store knows of actors that no table knows."""

    def __init__(self, read: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._read = read

    def named(
        self, workspace: str, audiences: Collection[str], keys: Collection[str]
    ) -> list[Actor]:
        """Actors not promoted yet whose name is one of ``keys``, or whose surname is.

        Keys as ``key_of`` makes them; by id. At most MOST_FOUND by name and by surname each.
        """
        found: dict[str, Actor] = {}
        with self._read() as connection:
            for some in chunks(keys):
                asked = {"w": workspace, "ids": some, "audiences": list(audiences)}
                for statement in _LIVE:
                    for row in connection.execute(statement, asked).mappings():
                        found.setdefault(row["id"], as_actor(_provisional(row), workspace))
        return [found[key] for key in sorted(found)]

    def who(self, workspace: str, actor: str) -> Actor | None:
        """The actor of an id that an article's reading gave, promoted or not; else None."""
        if not is_provisional(actor):
            return None
        with self._read() as connection:
            row = connection.execute(_BY_ID, {"w": workspace, "id": actor}).mappings().first()
            return as_actor(_provisional(row), workspace) if row else None

    def beginning(self, workspace: str, audiences: Collection[str], start: str) -> list[Actor]:
        """Actors not promoted yet whose name, or surname, begins so; at most MOST_ALIKE."""
        asked = {
            "w": workspace,
            "audiences": list(audiences),
            "start": start,
            "end": f"{start}\U0010ffff",
        }
        with self._read() as connection:
            rows = connection.execute(_BEGINNING, asked).mappings()
            return [as_actor(_provisional(row), workspace) for row in rows]


def forget(connection: Connection, workspace: str, ids: Collection[str]) -> None:
    """Take away what these articles introduced: another reading of them is about to come."""
    connection.execute(_FORGET, {"w": workspace, "ids": list(ids)})


def settle(
    connection: Connection, workspace: str, arrivals: Sequence[Arrival], rows: Rows
) -> tuple[list[Arrival], list[tuple[str, str]]]:
    """Decide whom the arrivals introduce; add their mentions to ``rows``.

    Writes the actors; returns the arrivals, whose facts name them by their ids now, and
    ``(actor, article)`` of every introduction, for ``keep`` to write when the articles are
    there.
    """
    known = _known(connection, workspace, arrivals)
    changed: dict[str, Provisional] = {}
    pairs: dict[tuple[str, str], None] = {}
    meant: list[Arrival] = []
    for arrival in arrivals:
        one = arrival.article
        who: list[Provisional] = []
        for new in arrival.reading.introduced:
            alike = known.setdefault(last_of(new) or key_of(new.name), {})
            actor = settled(
                new,
                alike.values(),
                article=one.id,
                audience=one.audience,
                day=one.published.date() if one.published else None,
            )
            if alike.get(actor.id) != actor:
                alike[actor.id] = changed[actor.id] = actor
            pairs[actor.id, one.id] = None
            who.append(actor)
            rows.mentions += _mentions(arrival, new, actor)
        meant.append(meaning(arrival, who) if who else arrival)
    upsert_many(
        connection,
        provisional,
        [
            {
                "workspace": workspace,
                **{name: getattr(one, name) for name in _FIELDS},
                "type": one.type.value,
            }
            for one in changed.values()
        ],
        update=_CHANGING,
    )
    return meant, list(pairs)


def _mentions(arrival: Arrival, new: Introduced, actor: Provisional) -> list[Row]:
    return [
        {
            "workspace": arrival.article.workspace,
            "article": arrival.article.id,
            "field": span.field,
            "start": span.start,
            "end": span.end,
            "actor": actor.id,
            "alias": new.name,
            "kind": AliasKind.NAME.value,
        }
        for span in new.spans
    ]


def keep(connection: Connection, workspace: str, pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Write introductions, and promote whom enough publishers introduced; returns their ids."""
    there = list(pairs)
    upsert_many(
        connection,
        introduction,
        [{"workspace": workspace, "actor": actor, "article": key} for actor, key in there],
    )
    due: list[Provisional] = []
    for some in chunks({actor for actor, _ in there}):
        rows = connection.execute(_DUE, {"w": workspace, "ids": some}).mappings()
        due += [_provisional(row) for row in rows]
    if due:
        room = MOST_PROMOTED - int(connection.execute(_PROMOTED, {"w": workspace}).scalar_one())
        due = due[: max(room, 0)]
    for some in chunks({one.id for one in due}):
        connection.execute(_PROMOTE, {"w": workspace, "ids": some})
    actors.say(connection, workspace, {one.id: Own(actor=as_actor(one, workspace)) for one in due})
    return [one.id for one in due]


def _known(
    connection: Connection, workspace: str, arrivals: Sequence[Arrival]
) -> dict[str, dict[str, Provisional]]:
    """Return who may be meant, by the last word of people and the name of bodies."""
    new = [one for arrival in arrivals for one in arrival.reading.introduced]
    found: dict[str, dict[str, Provisional]] = {}
    for statement, keys in (
        (_BY_LAST, {last_of(one) for one in new} - {""}),
        (_BY_KEY, {key_of(one.name) for one in new if not last_of(one)}),
    ):
        for some in chunks(keys):
            for row in connection.execute(statement, {"w": workspace, "ids": some}).mappings():
                one = _provisional(row)
                found.setdefault(one.last or one.key, {})[one.id] = one
    return found


def _provisional(row: RowMapping) -> Provisional:
    values = dict(row)
    del values["workspace"]
    return Provisional(**{**values, "type": ActorType(values["type"])})
