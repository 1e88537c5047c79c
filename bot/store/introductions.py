"""Actors that articles introduce: stored with the article, found by name, promoted later.

The introductions of an article come from its reading and are replaced with it; the actor keeps its
id. Actors of one audience are never merged with those of another, and only actors that the whole
workspace may see are promoted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from bot.match.edits import NOTHING
from bot.match.provisional import (
    MOST_PROMOTED,
    PUBLISHERS,
    Provisional,
    acting_for,
    as_actor,
    key_of,
    last_of,
    meaning,
    settled,
)
from bot.match.provisional import provisional as is_provisional
from bot.models import EVERYWHERE, Actor, ActorType, AliasKind, Arrival, Article, Introduced, Own
from bot.store import actors
from bot.store.engine import Repository
from bot.store.sql import (
    AUDIENCES,
    IDS,
    WORKSPACE,
    among,
    chunks,
    execute_in,
    grouped,
    of_article,
    rows_in,
    upsert_many,
    values_in,
)
from bot.store.tables import (
    article,
    article_source,
    fact,
    mention,
    metadata,
    optional,
    primary,
    required,
)

if TYPE_CHECKING:
    from bot.store.writing import Row, Rows

provisional = sa.Table(
    "provisional",
    metadata,
    *primary("workspace", "id"),
    *required(sa.String, "audience", "name", "key", "last", "type"),
    *optional(sa.String, "role", "state"),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("as_of", sa.Date),
    sa.Column("promoted", sa.Boolean, nullable=False),
    sa.Index(None, "workspace", "key"),
    sa.Index(None, "workspace", "last"),
    sqlite_with_rowid=False,
)

introduction = sa.Table(
    "introduction",
    metadata,
    *primary("workspace", "actor", "article"),
    sa.ForeignKeyConstraint(["workspace", "article"], ["article.workspace", "article.id"]),
    sa.Index(None, "workspace", "article"),
    sqlite_with_rowid=False,
)


MOST_FOUND = 40
"""The most actors per look-up by name: more share a surname than anyone can distinguish."""

MOST_ALIKE = 400
"""The most actors per look-up by the beginning of a name."""

_introduced_live = (
    sa.select(introduction.c.actor)
    .join(article, of_article(introduction))
    .where(introduction.c.workspace == WORKSPACE, introduction.c.actor == provisional.c.id)
    .where(article.c.tombstoned_at.is_(None))
)
_BY_ID = sa.select(provisional).where(
    provisional.c.workspace == WORKSPACE, provisional.c.id == sa.bindparam("id")
)


def _chosen_by(*chosen: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Select the actors that match any of these conditions, each of which has an index.

    Ids first, from the index alone: asked for whole rows at once, SQLite reads them all.
    """
    ids = sa.union(
        *(
            sa.select(provisional.c.id).where(provisional.c.workspace == WORKSPACE, one)
            for one in chosen
        )
    ).subquery()
    return sa.select(provisional).where(
        provisional.c.workspace == WORKSPACE, provisional.c.id.in_(sa.select(ids.c.id))
    )


_start: sa.BindParameter[Any] = sa.bindparam("start")
_end: sa.BindParameter[Any] = sa.bindparam("end")
_BY_KEY = _chosen_by(provisional.c.key.in_(IDS))
_BY_LAST = _chosen_by(provisional.c.last.in_(IDS))
_BY_START = _chosen_by(
    *(one.between(_start, _end) for one in (provisional.c.key, provisional.c.last))
)
*_LIVE, _BEGINNING = [
    statement.where(
        provisional.c.promoted.is_(False),
        provisional.c.audience.in_(AUDIENCES),
        _introduced_live.exists(),
    )
    .order_by(provisional.c.id)
    .limit(most)
    for statement, most in ((_BY_KEY, MOST_FOUND), (_BY_LAST, MOST_FOUND), (_BY_START, MOST_ALIKE))
]
_UNKNOWN = sa.select(provisional.c.id).where(
    among(provisional.c.id),
    ~sa.select(introduction.c.actor)
    .where(introduction.c.workspace == WORKSPACE, introduction.c.actor == provisional.c.id)
    .exists(),
)
_DELETE = sa.delete(provisional).where(among(provisional.c.id))
_FORGET = sa.delete(introduction).where(among(introduction.c.article))
_INTRODUCED = sa.select(introduction.c.actor).distinct().where(among(introduction.c.article))
_INTRODUCING = (
    sa.select(provisional.c.id, introduction.c.article)
    .join(
        introduction,
        (introduction.c.workspace == WORKSPACE) & (introduction.c.actor == provisional.c.id),
    )
    .join(
        article,
        (article.c.workspace == WORKSPACE) & (article.c.id == introduction.c.article),
    )
    .where(among(provisional.c.id))
    .where(provisional.c.audience == EVERYWHERE)
    # People without a role in the article are found by name only.
    .where(provisional.c.role.is_not(None) | (provisional.c.type != ActorType.PERSON.value))
    .where(article.c.tombstoned_at.is_(None))
)
_KEYS = sa.select(article_source.c.article, article_source.c.key).where(
    among(article_source.c.article)
)
_SOME = sa.select(provisional).where(among(provisional.c.id))
_ALL_PROMOTED = sa.select(provisional).where(
    provisional.c.workspace == WORKSPACE, provisional.c.promoted.is_(True)
)
_PROMOTED = (
    sa.select(sa.func.count())
    .select_from(provisional)
    .where(provisional.c.workspace == WORKSPACE, provisional.c.promoted.is_(True))
)
_PROMOTE = sa.update(provisional).where(among(provisional.c.id)).values(promoted=sa.bindparam("on"))
_NAMED = (
    sa.select(mention.c.article, mention.c.alias, mention.c.actor)
    .distinct()
    .join(
        introduction,
        (introduction.c.workspace == mention.c.workspace)
        & (introduction.c.article == mention.c.article)
        & (introduction.c.actor == mention.c.actor),
    )
    .where(among(mention.c.article))
)
_SIDES = [
    (
        sa.update(fact).where(open_).values({side.name: sa.bindparam("side")}),
        sa.select(fact.c.article).distinct().where(open_),
    )
    for actor, side in (
        (fact.c.source_actor, fact.c.source_for),
        (fact.c.target_actor, fact.c.target_for),
    )
    for open_ in [
        (fact.c.workspace == WORKSPACE)
        & (actor == sa.bindparam("key"))
        & (side == sa.bindparam("key"))
    ]
]
"""Facts of an actor, as source and as target, without the state that it acts for."""
_FIELDS = [one.name for one in fields(Provisional)]
_CHANGING = ("name", "key", "role", "state")


class Introductions(Repository):
    """Actors known only from articles; part of the Store, at ``store.introductions``."""

    def named(
        self, workspace: str, audiences: Collection[str], keys: Collection[str]
    ) -> list[Actor]:
        """Return actors not promoted yet whose name or surname is one of ``keys``.

        Keys as ``key_of`` makes them; by id. At most MOST_FOUND by name and by surname each.
        """
        found: dict[str, Actor] = {}
        with self._read() as connection:
            for statement in _LIVE:
                rows = rows_in(connection, statement, workspace, keys, audiences=list(audiences))
                found |= {row.id: as_actor(_provisional(row), workspace) for row in rows}
        return [found[key] for key in sorted(found)]

    def by_id(self, workspace: str, actor: str) -> Actor | None:
        """Return the actor with an id from an article's reading, promoted or not; else None."""
        if not is_provisional(actor):
            return None
        row = self._first(_BY_ID, {"w": workspace, "id": actor})
        return as_actor(_provisional(row), workspace) if row else None

    def promoted(self, workspace: str) -> dict[str, Own]:
        """Return promoted actors of a workspace that no person has edited, by id."""
        found = map(_provisional, self._all(_ALL_PROMOTED, {"w": workspace}))
        return {one.id: Own(actor=as_actor(one, workspace)) for one in found}

    def starting_with(self, workspace: str, audiences: Collection[str], start: str) -> list[Actor]:
        """Return actors not promoted yet with such a (sur)name prefix; at most MOST_ALIKE."""
        asked = {"w": workspace, "audiences": list(audiences)}
        asked |= {"start": start, "end": f"{start}\U0010ffff"}
        return [as_actor(_provisional(row), workspace) for row in self._all(_BEGINNING, asked)]


def introduced_by(
    connection: sa.Connection, workspace: str, articles: Collection[str]
) -> list[str]:
    """Return the ids of the actors that these articles introduce."""
    return sorted(set(values_in(connection, _INTRODUCED, workspace, articles)))


def forget_unknown(
    connection: sa.Connection, workspace: str, actors_: Collection[str]
) -> list[str]:
    """Delete those of these actors that no article introduces any more; return their ids."""
    gone = list(values_in(connection, _UNKNOWN, workspace, actors_))
    execute_in(connection, _DELETE, workspace, gone)
    actors.write_own(connection, workspace, dict.fromkeys(gone, Own()))  # some were promoted
    return gone


@dataclass
class Step:
    """The introductions of one article.

    ``who`` are the introduced actors by id, in their new state; ``new`` the ids of those that this
    article introduces first; ``earlier`` the changed ones, in their old state. ``left`` are those
    that an earlier reading of it introduced.
    """

    who: dict[str, Provisional] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)
    earlier: dict[str, Provisional] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)

    def may_promote(self, sources: int) -> bool:
        """Return whether so many sources may promote, change or demote an actor."""
        return bool(
            self.left
            or self.earlier
            or (self.new and sources >= PUBLISHERS)
            or any(not one.promoted for one in self.who.values() if one.id not in self.new)
        )


class Settled(NamedTuple):
    """The decisions of ``settle_introductions``.

    The facts of ``arrivals`` name introduced actors by id. ``steps`` are by article. ``sides``
    map actors to the state that they act for, where an article revealed it.
    """

    arrivals: list[Arrival]
    steps: dict[str, Step]
    sides: dict[str, str]


def settle_introductions(
    connection: sa.Connection, workspace: str, arrivals: Sequence[Arrival], rows: Rows
) -> Settled:
    """Decide which actors the arrivals introduce; add mentions to ``rows``.

    The decision on each article depends on the store and the articles before it, not on the size
    of the batch. Call this before earlier readings of the articles are superseded;
    ``write_introductions`` writes the actors and introductions afterwards.
    """
    introducing = _Introducing(
        _known(connection, workspace, arrivals),
        _before(connection, workspace, [one.article.id for one in arrivals]),
    )
    resolved: list[Arrival] = []
    for arrival in arrivals:
        actors_ = [introducing.who(arrival.article, new) for new in arrival.reading.introduced]
        for new, actor in zip(arrival.reading.introduced, actors_, strict=True):
            rows.mentions += _mentions(arrival, new, actor)
        resolved.append(meaning(arrival, actors_) if actors_ else arrival)
    return Settled(resolved, introducing.steps, introducing.sides)


class _Introducing:
    """Collects the actors that some articles introduce, one article after another.

    ``known`` are the actors that a name may mean, ``before`` those of earlier readings of the
    articles, by article and name. The rest is as in ``Settled``.
    """

    def __init__(
        self, known: dict[str, dict[str, Provisional]], before: dict[tuple[str, str], str]
    ) -> None:
        self._known = known
        self._before = before
        self.steps: dict[str, Step] = {}
        self.sides: dict[str, str] = {}
        for (article_id, _), actor in before.items():
            self._step(article_id).left.add(actor)

    def who(self, one: Article, new: Introduced) -> Provisional:
        """Decide which actor an article introduces by one name."""
        namesakes = self._known.setdefault(last_of(new) or key_of(new.name), {})
        actor = settled(
            new,
            namesakes.values(),
            article=one.id,
            audience=one.audience,
            day=one.published.date() if one.published else None,
            before=self._before.get((one.id, new.name)),
        )
        step = self._step(one.id)
        step.who[actor.id] = actor
        earlier = namesakes.get(actor.id)
        if earlier == actor:
            return actor
        namesakes[actor.id] = actor
        if not earlier:
            step.new.add(actor.id)
        elif actor.id not in step.new:
            step.earlier.setdefault(actor.id, earlier)
        if earlier and acting_for(earlier) is None and (side := acting_for(actor)):
            self.sides[actor.id] = side
        return actor

    def _step(self, article_id: str) -> Step:
        return self.steps.setdefault(article_id, Step())


def side_with(connection: sa.Connection, workspace: str, sides: Mapping[str, str]) -> set[str]:
    """Set the states that these actors act for in stored facts; return the facts' articles.

    Articles that did not say so were stored before the one that does.
    """
    found: set[str] = set()
    for statement, articles in _SIDES:
        for actor, side in sorted(sides.items()):
            values = {"w": workspace, "key": actor, "side": side}
            changed = set(connection.execute(articles, values).scalars())
            if changed:
                connection.execute(statement, values)
                found |= changed
    return found


def _before(
    connection: sa.Connection, workspace: str, articles: Collection[str]
) -> dict[tuple[str, str], str]:
    """Return the actors that earlier readings introduced, by article and name."""
    rows = rows_in(connection, _NAMED, workspace, articles)
    return {(key, name): actor for key, name, actor in rows}


def _mentions(arrival: Arrival, new: Introduced, actor: Provisional) -> list[Row]:
    named = {"actor": actor.id, "alias": new.name, "kind": AliasKind.NAME.value}
    named |= {"workspace": arrival.article.workspace, "article": arrival.article.id}
    return [{**named, **dict(span)} for span in new.spans]


def write_introductions(
    connection: sa.Connection,
    workspace: str,
    decided: Settled,
    folded: Iterable[tuple[Arrival, list[str] | None]],
    again: Collection[str],
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Write actors and introductions, and promote actors that enough publishers introduce.

    ``folded`` are the arrivals, each with the other articles whose sources changed with it, as
    ``copies.fold_arrivals`` yields them; ``again`` the articles stored before, whose introductions
    are replaced. An actor that somebody edited after its promotion stays unchanged. Yields
    for each article its id, those other articles, and all actors that it changed.
    """
    waiting: dict[str, Step] = {}
    for arrival, others in folded:
        key = arrival.article.id
        step = waiting[key] = decided.steps.get(key) or Step()
        changed: list[str] = []
        if others is not None or step.may_promote(len(arrival.sources)):
            _write(connection, workspace, waiting, again)
            waiting = {}
            around = introduced_by(connection, workspace, others or ())
            affected = dict.fromkeys([*step.who, *around, *sorted(step.left)])
            changed = _promote(connection, workspace, affected, step.earlier)
        yield key, others or [], changed
    _write(connection, workspace, waiting, again)


def _write(
    connection: sa.Connection, workspace: str, steps: Mapping[str, Step], again: Collection[str]
) -> None:
    execute_in(connection, _FORGET, workspace, [key for key in steps if key in again])
    introduced = {key: one for step in steps.values() for key, one in step.who.items()}
    rows = [
        {
            "workspace": workspace,
            **{name: getattr(one, name) for name in _FIELDS},
            "type": one.type.value,
        }
        for one in introduced.values()
    ]
    upsert_many(connection, provisional, rows, update=_CHANGING)
    pairs = [
        {"workspace": workspace, "actor": actor, "article": key}
        for key, step in steps.items()
        for actor in step.who
    ]
    upsert_many(connection, introduction, pairs)


def promote_introduced_by(
    connection: sa.Connection, workspace: str, articles: Collection[str]
) -> list[str]:
    """Promote actors that these articles introduce, if they have enough sources now.

    Returns the ids of all actors that changed.
    """
    return _promote(connection, workspace, introduced_by(connection, workspace, articles), {})


def _promote(
    connection: sa.Connection,
    workspace: str,
    ids: Iterable[str],
    earlier: Mapping[str, Provisional],
) -> list[str]:
    """Decide which of these actors are promoted; ``earlier`` has the old state of changed ones."""
    wanted = list(ids)
    stored: dict[str, Provisional] = {}
    due: set[str] = set()
    for some in chunks(wanted):
        asked = {"w": workspace, "ids": some}
        stored |= {row.id: _provisional(row) for row in connection.execute(_SOME, asked)}
        due |= _due(connection, workspace, some)
    ours = [stored[key] for key in wanted if key in stored]
    edits = _promoted(connection, workspace, earlier, [one for one in ours if one.id in due])
    edits |= _demoted(connection, workspace, earlier, [one for one in ours if one.id not in due])
    actors.write_own(connection, workspace, edits)
    return list(edits)


def _due(connection: sa.Connection, workspace: str, ids: Collection[str]) -> set[str]:
    """Return those of these actors that enough publishers introduce.

    Sources are read by article, without a join: SQLite would scan those of all articles.
    """
    rows = connection.execute(_INTRODUCING, {"w": workspace, "ids": list(ids)})
    introducing = grouped((key, actor) for actor, key in rows)
    publishers: dict[str, set[str]] = {}
    for key, publisher in rows_in(connection, _KEYS, workspace, introducing):
        for actor in introducing[key]:
            publishers.setdefault(actor, set()).add(publisher)
    return {actor for actor, known in publishers.items() if len(known) >= PUBLISHERS}


def _promoted(
    connection: sa.Connection,
    workspace: str,
    earlier: Mapping[str, Provisional],
    due: Sequence[Provisional],
) -> dict[str, Own]:
    """Promote these, while there is room; return the edits for new or changed ones."""
    new = [one for one in due if not one.promoted]
    if new:
        room = MOST_PROMOTED - int(connection.execute(_PROMOTED, {"w": workspace}).scalar_one())
        new = new[: max(room, 0)]
    _mark(connection, workspace, new, on=True)
    changed = [one for one in due if one.promoted and one.id in earlier]
    untouched = _untouched(connection, workspace, earlier, changed)
    return {one.id: Own(actor=as_actor(one, workspace)) for one in (*new, *untouched)}


def _demoted(
    connection: sa.Connection,
    workspace: str,
    earlier: Mapping[str, Provisional],
    gone: Sequence[Provisional],
) -> dict[str, Own]:
    """Undo the promotion of actors that too few publishers introduce."""
    promoted = [one for one in gone if one.promoted]
    untouched = _untouched(connection, workspace, earlier, promoted)
    _mark(connection, workspace, untouched, on=False)
    return {one.id: NOTHING for one in untouched}


def _untouched(
    connection: sa.Connection,
    workspace: str,
    earlier: Mapping[str, Provisional],
    some: Sequence[Provisional],
) -> list[Provisional]:
    """Return promoted actors that no person has edited."""
    if not some:
        return []
    own = actors.own(connection, workspace, [one.id for one in some])
    return [
        one
        for one in some
        if own.get(one.id) == Own(actor=as_actor(earlier.get(one.id, one), workspace))
    ]


def _mark(
    connection: sa.Connection, workspace: str, some: Sequence[Provisional], *, on: bool
) -> None:
    execute_in(connection, _PROMOTE, workspace, [one.id for one in some], on=on)


def _known(
    connection: sa.Connection, workspace: str, arrivals: Sequence[Arrival]
) -> dict[str, dict[str, Provisional]]:
    """Return actors that may be meant, by last name for people and by name for others."""
    new = [one for arrival in arrivals for one in arrival.reading.introduced]
    found: dict[str, dict[str, Provisional]] = {}
    for statement, keys in (
        (_BY_LAST, {last_of(one) for one in new} - {""}),
        (_BY_KEY, {key_of(one.name) for one in new if not last_of(one)}),
    ):
        for one in map(_provisional, rows_in(connection, statement, workspace, keys)):
            found.setdefault(one.last or one.key, {})[one.id] = one
    return found


def _provisional(row: sa.Row[Any]) -> Provisional:
    values = {name: getattr(row, name) for name in _FIELDS}
    return Provisional(**{**values, "type": ActorType(row.type)})
