"""Find actors by name, and look up their relations.

An ActorIndex is built from the actors and tenures of a gazetteer or of the store. It is immutable
and thread-safe. A worker process builds its own.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Self

from bot.match.aliases import Entry, given_first, names_of
from bot.match.edits import final
from bot.match.lookup import Found, Lookup, because
from bot.match.query import QueryActor, scan_query
from bot.match.trie import Trie
from bot.models import Actor, ActorType, Match, Tenure
from bot.text.english import is_common
from bot.text.names import normalise

MEMBERS_MEANT = 7
"""A grouping with at most this many members stands for each of them."""


KEPT = 4_000
"""Texts whose matches are cached."""


class ActorIndex:
    """Finds actors by name: typed (``match``, ``in_query``) or printed (``trie``).

    Also knows which actors act for others and who holds which office; an unknown id gives an empty
    result.
    """

    def __init__(self, actors: Sequence[Actor], tenures: Sequence[Tenure] = ()) -> None:
        """Index ``actors``; those merged into another are found as that other."""
        self._relate(actors, tenures)
        self._actors: MutableMapping[str, Actor] = dict(self._stored)
        self._list = tuple(actors)
        self._others: Callable[[str], Actor | None] | None = None
        # Shared by all copies of this index: building these takes half a second, and a fifth of
        # one. Reading running text needs no lookup, and answering needs no trie.
        self._lookups: list[Lookup] = []
        self._built: list[Trie] = []
        # People repeat queries, and computing what changed for them looks up all they asked before.
        self._found: dict[str, list[Found]] = {}

    def _relate(self, actors: Sequence[Actor], tenures: Sequence[Tenure]) -> None:
        self._stored = {actor.id: actor for actor in actors}
        self._acting: dict[str, list[str]] = {}
        self._merged_into: dict[str, list[str]] = {}
        for actor in actors:
            if actor.acts_for:
                self._acting.setdefault(actor.acts_for, []).append(actor.id)
            if actor.merged_into:
                self._merged_into.setdefault(actor.merged_into, []).append(actor.id)
        self._tenures: dict[str, list[Tenure]] = {}
        self._offices: dict[str, set[str]] = {}
        for tenure in tenures:
            self._tenures.setdefault(tenure.office, []).append(tenure)
            self._offices.setdefault(tenure.person, set()).add(tenure.office)
        self._tenures = {office: _in_order(rows) for office, rows in self._tenures.items()}

    @property
    def lookup(self) -> Lookup:
        """All names as they may be typed; built on first use."""
        if not self._lookups:
            self._lookups.append(Lookup.build(self._list))
        return self._lookups[0]

    @property
    def trie(self) -> Trie:
        """All stored aliases, ready to scan running text; built on first use."""
        if not self._built:
            self._built.append(Trie(self._list))
        return self._built[0]

    @property
    def actors(self) -> tuple[Actor, ...]:
        """All actors, in the given order."""
        return self._list

    def get(self, actor: str) -> Actor | None:
        """Return the actor with this id."""
        return self._actors.get(actor) or (self._others(actor) if self._others else None)

    def name(self, actor: str) -> str:
        """Return an actor's display name; for an unknown id, the id itself."""
        known = self.get(actor)
        return known.name if known else actor

    def named(self, name: str) -> list[Actor]:
        """List the actors with exactly this name, apart from case and the like; best first."""
        return [self._actor(found) for found in self.lookup.exact(normalise(name))]

    def with_others(self, others: Sequence[Actor]) -> ActorIndex:
        """Return this index with additional actors, found by id but not by name."""
        known = copy(self)
        known._actors = ChainMap({one.id: one for one in others}, self._actors)  # noqa: SLF001
        return known

    def asking(self, others: Callable[[str], Actor | None]) -> ActorIndex:
        """Return this index, which asks ``others`` for ids that it lacks."""
        known = copy(self)
        known._others = others  # noqa: SLF001
        return known

    def match(self, query: str, as_of: date | None = None, limit: int = 5) -> list[Match]:
        """List the actors that ``query`` may mean, best first, each explained.

        An office is followed by its holder on ``as_of`` (by default now), with ``how="office at
        date"``. ``verdict`` says whether the first may be taken.
        """
        matches: list[Match] = []
        found = self._merged(self._find(query))
        for number, one in enumerate(found[:limit]):
            rival = found[number + 1] if number + 1 < len(found) else None
            matches.append(self._match(query, one, rival))
            if number == 0 and (held := self._held(query, one, as_of)):
                matches.append(held)
        return matches[:limit]

    def _find(self, query: str) -> list[Found]:
        if (found := self._found.get(query)) is None:
            found = self.lookup.find(query)
            if len(self._found) >= KEPT:
                self._found.clear()
            self._found[query] = found
        return found

    def nearest(self, query: str, n: int = 3) -> list[Match]:
        """List the ``n`` actors whose names look most like an unknown ``query``."""
        found = self._merged(self.lookup.nearest(query, 2 * n))[:n]
        return [self._match(query, one, None) for one in found]

    def in_query(self, text: str, as_of: date | None = None) -> list[QueryActor]:
        """Find the actors that a typed question names, in order; see QueryActor."""
        return scan_query(self, text, as_of)

    def offices_of(self, owner: str) -> tuple[str, ...]:
        """Return the ids of the offices that act for a state or body."""
        return tuple(one for one in self.acting(owner) if self._is_office(one))

    def _is_office(self, actor: str) -> bool:
        known = self._actors.get(actor)
        return known is not None and known.type is ActorType.OFFICE

    def _merged(self, found: Sequence[Found]) -> list[Found]:
        """Keep the best of the actors that were merged into one."""
        kept: dict[str, Found] = {}
        for one in found:
            kept.setdefault(self.final(self._list[one.actor].id), one)
        return list(kept.values())

    def _actor(self, found: Found) -> Actor:
        actor = self._list[found.actor]
        return self._actors.get(self.final(actor.id), actor)

    def _match(self, query: str, found: Found, rival: Found | None) -> Match:
        actor = self._actor(found)
        other = (self._actor(rival).name, rival) if rival else None
        return Match(
            query=query,
            actor=actor.id,
            name=actor.name,
            type=actor.type,
            iso3=actor.iso3 or self.iso3(actor.id),
            alias=found.entry.alias,
            how=found.how,
            score=round(found.score, 4),
            why=because(query, found, actor.name, other) + self._stands_for(actor),
        )

    def _stands_for(self, actor: Actor) -> str:
        names = [self.name(member) for member in self.members(actor.id)]
        return f" It stands for its members: {', '.join(names)}." if names else ""

    def _held(self, query: str, found: Found, as_of: date | None) -> Match | None:
        office = self._actor(found)
        if office.type is not ActorType.OFFICE:
            return None
        person = self._actors.get(self.holder(office.id, as_of) or "")
        if person is None:
            return None
        when = f"on {as_of.isoformat()}" if as_of else "now, as far as the reference list goes"
        return Match(
            query=query,
            actor=person.id,
            name=person.name,
            type=person.type,
            iso3=person.iso3 or self.iso3(office.id),
            alias=found.entry.alias,
            how="office at date",
            score=round(found.score * 0.95, 4),
            why=f"{person.name} holds the office “{office.name}” {when}.",
        )

    def holder(self, office: str, on: date | None = None) -> str | None:
        """Return the holder of ``office`` on a day: the last known to have taken it by then.

        None if no holder is known. Without a day: the current holder, else the last one. A holder
        with an unknown start took it when the previous one left.
        """
        tenure = self.tenure(office, on)
        return tenure.person if tenure else None

    def tenure(self, office: str, on: date | None = None) -> Tenure | None:
        """Return the tenure of ``office`` on a day: see ``holder``."""
        rows = self._tenures.get(office, [])
        if on is not None:
            rows = [row for row in rows if row.since is None or row.since <= on]
            rows = [row for row in rows if row.until is None or row.until >= on]
        else:
            rows = [row for row in rows if row.until is None] or rows
        return rows[-1] if rows else None

    def tenures(self, office: str) -> tuple[Tenure, ...]:
        """Return all tenures of an office, in order."""
        return tuple(self._tenures.get(office, ()))

    def _left(self, office: str, on: date | None) -> str | None:
        """Return the last holder of a vacant office: stored facts about it are about them."""
        rows = [row for row in self._tenures.get(office, []) if row.until and on and row.until < on]
        return max(rows, key=lambda row: row.until or date.min).person if rows else None

    def offices(self, person: str, on: date | None = None) -> list[str]:
        """Return the ids of the offices that a person holds on a day, or holds now."""
        return sorted(
            office
            for office in self._offices.get(person, ())
            if self.holder(office, on) == person and self._still(office, person, on)
        )

    def served(self, person: str, since: date, until: date, *, leading: bool = False) -> bool:
        """Return whether a person held an office on some day of a period.

        With ``leading``, only presidents and prime ministers count.
        """
        return any(
            one.person == person
            and (one.since or date.min) <= until
            and (one.until or date.max) >= since
            for office in self._offices.get(person, ())
            if not leading or self.name(office).startswith(("President of", "Prime Minister of"))
            for one in self._tenures[office]
        )

    def acting(self, actor: str) -> tuple[str, ...]:
        """Return the ids of the actors that act for an actor, in the order of the list."""
        return tuple(self._acting.get(actor, ()))

    def held(self, person: str) -> frozenset[str]:
        """Return the ids of the offices that a person holds or ever held."""
        return frozenset(self._offices.get(person, ()))

    def _still(self, office: str, person: str, on: date | None) -> bool:
        if on is not None:
            return True
        return any(t.person == person and t.until is None for t in self._tenures[office])

    def iso3(self, actor: str, on: date | None = None) -> str | None:
        """Return the state that an actor is, or acts for, as its ISO 3166 code.

        A person acts for the states of the offices held on the day, or else of those held last.
        """
        seen: set[str] = set()
        waiting = [actor]
        while waiting:
            one = waiting.pop(0)
            known = self._stored.get(one)
            if known is None or one in seen:
                continue
            seen.add(one)
            if known.iso3:
                return known.iso3
            if known.acts_for:
                waiting.append(known.acts_for)
            if known.type is ActorType.PERSON:
                waiting += self.offices(one, on) or self._former(one)
        return None

    def _former(self, person: str) -> list[str]:
        """Return the offices that a person ever held, the last first."""
        held = [
            (row.until or row.since or date.min, office)
            for office in self._offices.get(person, ())
            for row in self._tenures[office]
            if row.person == person
        ]
        return [office for _, office in sorted(held, reverse=True)]

    def final(self, actor: str) -> str:
        """Return the id that an actor was merged into, through any chain of merges."""
        return final(actor, self._stored.get)

    def members(self, actor: str) -> tuple[str, ...]:
        """Return the members that a grouping stands for (*E3*, *Gulf states*); none for other
        actors.

        A body with someone who acts for it, such as a secretary general, acts by itself. The name
        of a body with many members does not mean each of them.
        """
        known = self._stored.get(actor)
        if known is None or len(known.members) > MEMBERS_MEANT or self._acting.get(actor):
            return ()
        return known.members

    def expand(self, actor: str, on: date | None = None) -> frozenset[str]:
        """Return the ids that count as ``actor`` in queries of the store.

        These are the actor itself and any merged with it. In addition: for a state or body, all
        that act for it (``acts_for``, transitively), offices with their holder on the day; for an
        office, its holder; for a person, the offices held; for a grouping (*E3*), its members with
        all that act for them. Without a day, the current holders.
        """
        start = self.final(actor)
        found: set[str] = set()
        waiting = [actor, start]
        while waiting:
            one = waiting.pop()
            if one in found:
                continue
            found.add(one)
            if one == start:
                waiting.extend(self.members(one))
            waiting.extend(self._merged_into.get(one, ()))
            waiting.extend(self._acting.get(one, ()))
            kind = self._stored[one].type if one in self._stored else None
            if kind is ActorType.OFFICE and (person := self.holder(one, on) or self._left(one, on)):
                waiting.append(person)
            if kind is ActorType.PERSON and one == start:
                waiting.extend(self.offices(one, on))
        return frozenset(found)


def _in_order(rows: Sequence[Tenure]) -> list[Tenure]:
    """Sort an office's tenures by start; a current one without a start follows all that ended."""
    ends = [row.until for row in rows if row.until is not None]
    last = max(ends, default=None)
    known = [
        row.model_copy(update={"since": last}) if row.since is None and row.until is None else row
        for row in rows
    ]
    return sorted(known, key=lambda r: (r.since or date.min, r.until or date.max, r.person))


_LETTERS = re.compile(r"[^\W\d_]+(?:[-.'’ ]+[^\W\d_]+)*\.?")
_WORDS = range(2, 7)


@dataclass(frozen=True, slots=True)
class Name:
    """A name of an actor; if ``type`` is None, it is guessed from the first name."""

    actor: str
    text: str
    type: ActorType | None = None
    iso3: str | None = None


class NameList:
    """Actors known only by their names; the first of each is its display name."""

    def __init__(self, actors: list[tuple[str, str | None]], lookup: Lookup) -> None:
        self._actors = actors
        self.lookup = lookup

    @classmethod
    def build(cls, names: Iterable[Name]) -> Self:
        """Index ``names``; the names of one actor need not be adjacent."""
        of: dict[str, list[Name]] = {}
        for name in names:
            of.setdefault(name.actor, []).append(name)
        types = [_type(rows) for rows in of.values()]
        lookup = Lookup(types, _entries(types, of.values()))
        return cls([(actor, _iso3(rows)) for actor, rows in of.items()], lookup)

    def match(self, query: str, limit: int = 5) -> list[Match]:
        """List the actors that ``query`` may mean, best first, each explained."""
        found = self.lookup.find(query)
        following: list[Found | None] = [*found[1:], None]
        return [
            self._match(query, one, rival)
            for one, rival in zip(found[:limit], following, strict=False)
        ]

    def _match(self, query: str, found: Found, rival: Found | None) -> Match:
        actor, iso3 = self._actors[found.actor]
        name = self.lookup.table.display_of(found.actor)
        other = (self.lookup.table.display_of(rival.actor), rival) if rival else None
        return Match(
            query=query,
            actor=actor,
            name=name,
            type=self.lookup.table.types[found.actor],
            iso3=iso3,
            alias=found.entry.alias,
            how=found.how,
            score=round(found.score, 4),
            why=because(query, found, name, other),
        )


def _entries(types: list[ActorType], rows: Iterable[list[Name]]) -> Iterator[Entry]:
    for number, (kind, names) in enumerate(zip(types, rows, strict=True)):
        yield from names_of(number, kind, [name.text for name in names])


def _type(rows: list[Name]) -> ActorType:
    given = next((row.type for row in rows if row.type is not None), None)
    return given or kind_of(rows[0].text)


def kind_of(name: str) -> ActorType:
    """Guess the type of a name: a person's is a few words, none of them plain English."""
    words = given_first(name).split()
    personal = (
        len(words) in _WORDS
        and _LETTERS.fullmatch(" ".join(words)) is not None
        and not any(is_common(word.lower()) for word in words)
    )
    return ActorType.PERSON if personal else ActorType.ORGANISATION


def _iso3(rows: list[Name]) -> str | None:
    return next((row.iso3 for row in rows if row.iso3), None)
