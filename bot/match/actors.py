"""ActorIndex: who is meant, however it is typed.

Built from the actors and tenures of a gazetteer or of the store; immutable afterwards, and
safe to share between threads. A worker process builds its own.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, MutableMapping, Sequence
from copy import copy
from datetime import date
from typing import Literal

from bot.match.explain import because
from bot.match.lookup import Found, Lookup
from bot.match.query import QueryActor, scan_query
from bot.match.relations import Relations
from bot.match.trie import Trie
from bot.match.verdicts import verdict as _verdict
from bot.models import Actor, ActorType, Match, Tenure
from bot.text.names import normalise

KEPT = 4_000
"""Of how many texts it is kept whom they may mean."""


class ActorIndex:
    """Finds actors by name: typed (``match``, ``in_query``) or printed (``trie``)."""

    def __init__(self, actors: Sequence[Actor], tenures: Sequence[Tenure] = ()) -> None:
        """Index ``actors``; those merged into another are found as that other."""
        self._actors: MutableMapping[str, Actor] = {actor.id: actor for actor in actors}
        self._list = tuple(actors)
        self._others: Callable[[str], Actor | None] | None = None
        self._relations = Relations(actors, tenures)
        # For all copies of this index: these take half a second, and a fifth of one. What only
        # reads running text needs no lookup, and what only answers no trie.
        self._lookups: list[Lookup] = []
        self._built: list[Trie] = []
        # People ask the same again, and what changed for them looks at all they asked before.
        self._found: dict[str, list[Found]] = {}

    @property
    def lookup(self) -> Lookup:
        """Every name as it may be typed; built when first asked for."""
        if not self._lookups:
            self._lookups.append(Lookup.build(self._list))
        return self._lookups[0]

    @property
    def trie(self) -> Trie:
        """Every stored alias, ready to scan running text; built when first asked for."""
        if not self._built:
            self._built.append(Trie(self._list))
        return self._built[0]

    @property
    def actors(self) -> tuple[Actor, ...]:
        """All actors, in the order they were given."""
        return self._list

    def get(self, actor: str) -> Actor | None:
        """Return the actor with this id."""
        return self._actors.get(actor) or (self._others(actor) if self._others else None)

    def name(self, actor: str) -> str:
        """Return an actor's display name; of an unknown id, the id itself."""
        known = self.get(actor)
        return known.name if known else actor

    def named(self, name: str) -> list[Actor]:
        """List the actors that have exactly this name, case and the like apart; best first."""
        return [self._actor(found) for found in self.lookup.exact(normalise(name))]

    def beside(self, others: Sequence[Actor]) -> ActorIndex:
        """Return this index with some more actors, known by their ids and not by name."""
        known = copy(self)
        known._actors = ChainMap({one.id: one for one in others}, self._actors)  # noqa: SLF001
        return known

    def asking(self, others: Callable[[str], Actor | None]) -> ActorIndex:
        """Return this index, which asks ``others`` for the ids that it has not."""
        known = copy(self)
        known._others = others  # noqa: SLF001
        return known

    def match(self, query: str, as_of: date | None = None, limit: int = 5) -> list[Match]:
        """List the actors that ``query`` may mean, best first, each explained.

        An office is followed by whoever holds it on ``as_of`` (by default now), with
        ``how="office at date"``. ``verdict`` says whether the first may be taken.
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
        """Find the actors that a typed question names, in their order; see QueryActor."""
        return scan_query(self, text, as_of)

    def holder(self, office: str, on: date | None = None) -> str | None:
        """Return the id of who holds ``office`` on a day, by default now; None if unknown."""
        return self._relations.holder(office, on)

    def tenure(self, office: str, on: date | None = None) -> Tenure | None:
        """Return the row that says who holds ``office`` on a day; None if nobody is known to."""
        return self._relations.tenure(office, on)

    def tenures(self, office: str) -> tuple[Tenure, ...]:
        """Return all rows that say who held ``office``, in order."""
        return self._relations.tenures(office)

    def offices_of(self, owner: str) -> tuple[str, ...]:
        """Return the ids of the offices that act for a state or body."""
        return tuple(one for one in self._relations.acting(owner) if self._is_office(one))

    def _is_office(self, actor: str) -> bool:
        known = self._actors.get(actor)
        return known is not None and known.type is ActorType.OFFICE

    def offices(self, person: str, on: date | None = None) -> list[str]:
        """Return the ids of the offices that ``person`` holds on a day, by default now."""
        return self._relations.offices(person, on)

    def held(self, person: str) -> frozenset[str]:
        """Return the ids of the offices that ``person`` holds or ever held."""
        return self._relations.held(person)

    def iso3(self, actor: str, on: date | None = None) -> str | None:
        """Return the state that an actor is, or acts for, as its ISO 3166 code.

        A person acts for whom the offices held on the day act, or else those held last.
        """
        return self._relations.iso3(actor, on)

    def expand(self, actor: str, on: date | None = None) -> frozenset[str]:
        """Return the ids that count as ``actor`` when the store is asked about it.

        Itself and whatever was merged with it; of a state or body, all that act for it
        (``acts_for``, transitively), offices with their holder on the day; of an office,
        its holder; of a person, the offices held; of a grouping (*E3*), its members with
        all that act for them. Without a day, as things stand now.
        """
        return self._relations.expand(actor, on)

    def members(self, actor: str) -> tuple[str, ...]:
        """Return the ids of whom a grouping stands for (*E3*); of any other actor, nobody's."""
        return self._relations.members(actor)

    def _merged(self, found: Sequence[Found]) -> list[Found]:
        """Keep the best of those that were merged into one."""
        kept: dict[str, Found] = {}
        for one in found:
            kept.setdefault(self._relations.final(self._list[one.actor].id), one)
        return list(kept.values())

    def _actor(self, found: Found) -> Actor:
        actor = self._list[found.actor]
        return self._actors.get(self._relations.final(actor.id), actor)

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
        names = [self.name(member) for member in self._relations.members(actor.id)]
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


def verdict(matches: Sequence[Match]) -> Literal["sure", "unsure", "unknown"]:
    """Say whether the first match may be taken; the thresholds are in ``verdicts``."""
    return _verdict(matches)
