"""A list of names that is no gazetteer: who of it is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from bot.match.aliases import Entry, given_first, names_of
from bot.match.lookup import Found, Lookup, because
from bot.models import ActorType, Match
from bot.text.english import is_common

_LETTERS = re.compile(r"[^\W\d_]+(?:[-.'’ ]+[^\W\d_]+)*\.?")
_WORDS = range(2, 7)


@dataclass(frozen=True, slots=True)
class Name:
    """One name of one actor; where ``type`` is None, it is guessed from the first name."""

    actor: str
    text: str
    type: ActorType | None = None
    iso3: str | None = None


class NameList:
    """Actors known by nothing but their names; the first of each is its display name."""

    def __init__(self, actors: list[tuple[str, str | None]], lookup: Lookup) -> None:
        self._actors = actors
        self.lookup = lookup

    @classmethod
    def build(cls, names: Iterable[Name]) -> Self:
        """Index ``names``; those of one actor need not stand together."""
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
    """Guess of what kind a name is: a person's is a few words, none of them plain English."""
    words = given_first(name).split()
    personal = (
        len(words) in _WORDS
        and _LETTERS.fullmatch(" ".join(words)) is not None
        and not any(is_common(word.lower()) for word in words)
    )
    return ActorType.PERSON if personal else ActorType.ORGANISATION


def _iso3(rows: list[Name]) -> str | None:
    return next((row.iso3 for row in rows if row.iso3), None)
