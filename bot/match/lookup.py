"""The cascade: exact alias -> the same words otherwise put -> n-gram candidates, reranked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from bot.match.candidates import Ngrams
from bot.match.entries import (
    CORE,
    LAST,
    STORED,
    TITLE,
    Entry,
    Table,
    core,
    entries,
    initials,
    letters,
    loose,
)
from bot.match.likeness import backing, foremost, likeness
from bot.match.pairs import same_name
from bot.match.score import Scorer
from bot.match.typed import PRONOUNS, Typed, parse
from bot.match.verdicts import (
    COMMON_PART_CAP,
    COMMON_WORD_CAP,
    FRAMED_SCORE,
    INITIALS_SCORE,
    KIND_SCORES,
    LOOSE_SCORE,
    ORIGIN_SCORES,
    OUTDONE,
    SECOND_NAME_SCORE,
    SURE_SCORE,
    TAIL,
    TITLED_SCORE,
    How,
    exactly,
)
from bot.models import Actor, ActorType
from bot.text.names import FILLERS

_BODIES = (ActorType.ORGANISATION, ActorType.GROUP)
_RANKS = {kind: rank for rank, kind in enumerate(ActorType)}

_CANDIDATES = 60
_FRAME = 2
"""So many words around a state's name say no more than its form: *Islamic Republic of*."""

_LONG_SURNAME = 8
"""From so many letters on a misspelt surname alone may be sure."""

_FLOOR = 0.3
_NEAREST_CAP = 0.59


@dataclass(frozen=True, slots=True)
class Found:
    """An actor, by number, that a query may mean, by its best alias."""

    actor: int
    entry: Entry
    score: float
    how: How
    edits: int = 0
    titles: tuple[str, ...] = ()


class Lookup:
    """All aliases of a fixed list of actors, ready to be asked."""

    def __init__(self, types: Sequence[ActorType], found: Iterable[Entry]) -> None:
        """Index the entries of actors of these types; entries come actor by actor."""
        self.table = table = Table(types, found)
        self._ngrams = {
            kind: Ngrams(
                {n: table.entries[n].key for n, one in enumerate(table.latin) if one is kind}
            )
            for kind in (True, False)
        }
        self._scorer = Scorer(table.owners, len(table.types))

    @classmethod
    def build(cls, actors: Sequence[Actor]) -> Self:
        """Index the names of ``actors``; they are known by their positions."""
        return cls([actor.type for actor in actors], entries(actors))

    def knows(self, word: str) -> bool:
        """Whether any stored alias holds this normalised word."""
        return word in self._scorer.owners

    def same(self, left: str, right: str, kind: ActorType) -> float:
        """Return how surely two names are one, 0..1, by the words of all names here."""
        return same_name(left, right, kind, self._scorer)

    def stands(self, text: str) -> list[Found]:
        """List the actors that have exactly ``text`` as an alias, abbreviations written out."""
        return self.exact(parse(text).key)

    def find(self, text: str) -> list[Found]:
        """List the actors that ``text`` may mean, best first; ties by type, then position."""
        query = parse(text)
        if text.strip() in PRONOUNS or all(word in FILLERS for word in query.words):
            return []
        best: dict[int, Found] = {}
        _keep(best, self._exact(query))
        _keep(best, self._rearranged(query))
        _keep(best, self._initials(query))
        _keep(best, self._fuzzy(query))
        return sorted(
            (found for found in best.values() if found.score >= _FLOOR),
            key=lambda found: (-found.score, _RANKS[self.table.types[found.actor]], found.actor),
        )

    def exact(self, key: str) -> list[Found]:
        """List the actors that have exactly this normalised alias, best first."""
        best: dict[int, Found] = {}
        _keep(best, self._by(key))
        return sorted(best.values(), key=lambda found: (-found.score, found.actor))

    def _by(self, key: str, *, typed_latin: bool = True) -> Iterator[Found]:
        table = self.table
        numbers = [n for n in table.by("key", key) if table.latin[n] or not typed_latin]
        found = [table.entries[n] for n in numbers]
        named = any(
            self._is(entry, ActorType.STATE) and table.name_of(entry.actor) == key
            for entry in found
        )
        for entry in found:
            score = KIND_SCORES[entry.kind] * ORIGIN_SCORES[entry.origin]
            if named and entry.origin == CORE and table.name_of(entry.actor) != key:
                yield Found(entry.actor, entry, SECOND_NAME_SCORE, "partial")
            else:
                yield Found(entry.actor, entry, score, exactly(entry.kind))

    def _is(self, entry: Entry, kind: ActorType) -> bool:
        return self.table.types[entry.actor] is kind

    def _exact(self, query: Typed) -> Iterator[Found]:
        yield from self._by(query.key, typed_latin=query.latin)
        if query.titles:
            for found in self._by(" ".join(query.bare)):
                if self._is(found.entry, ActorType.PERSON):
                    yield replace(found, score=found.score * TITLED_SCORE, titles=query.titles)

    def _rearranged(self, query: Typed) -> Iterator[Found]:
        if " " not in query.key:
            return
        for number in self.table.by("loose", loose(query.key)):
            entry = self.table.entries[number]
            score = LOOSE_SCORE * KIND_SCORES[entry.kind] * ORIGIN_SCORES[entry.origin]
            if entry.key != query.key:
                same_order = _solid(entry.key) == _solid(query.key)
                if self._is(entry, ActorType.PERSON) and not self._telling(query.bare, entry):
                    score = TAIL
                yield Found(entry.actor, entry, score, "partial" if same_order else "reordered")
        without = core(query.key)
        if (
            0
            < len(query.words) - len(without.split()) - sum(w in FILLERS for w in query.words)
            <= _FRAME
        ):
            for found in self._by(without):
                if self._is(found.entry, ActorType.STATE):
                    yield replace(found, score=found.score * FRAMED_SCORE, how="partial")

    def _initials(self, query: Typed) -> Iterator[Found]:
        """Propose the long name of an acronym, and the acronym of a long name."""
        short = " " not in query.key
        numbers = (
            self.table.by("initials", query.key)
            if short and not query.common
            else self.table.by("key", initials(query.key))
        )
        for number in numbers:
            entry = self.table.entries[number]
            named = self.table.types[entry.actor] in _BODIES and entry.origin == STORED
            if named and (short or entry.alias.isupper()):
                yield Found(entry.actor, entry, INITIALS_SCORE, "partial")

    def _fuzzy(self, query: Typed) -> list[Found]:
        cosines = self._candidates(query)
        if not cosines:
            return []
        numbers = list(cosines)
        alike = self._alike(query, numbers, list(cosines.values()))
        actors = [self.table.entries[n].actor for n in numbers]
        more = backing(actors, alike.tolist())
        order = foremost(np.lexsort((np.array(numbers), -alike)).tolist(), actors)
        first = actors[order[0]]
        best = float(alike[order[0]])
        second = max((float(alike[n]) for n in order if actors[n] != first), default=0.0)
        return [
            self._rated(
                query, numbers[n], float(alike[n]) + more[n], second if actors[n] == first else best
            )
            for n in order
        ]

    def _candidates(self, query: Typed) -> dict[int, float]:
        """The aliases that may be meant, by number, each with its best cosine."""
        keys = [query.key]
        if query.titles:
            keys.append(" ".join(query.bare))
        found: dict[int, float] = {}
        for kind in (True,) if query.latin else (True, False):
            for key in keys:
                for number, cosine in self._ngrams[kind].nearest(key, _CANDIDATES):
                    found[number] = max(cosine, found.get(number, 0.0))
        # Two letters that changed places leave few n-grams whole in a short name: Lybia.
        for number in self.table.by("letters", letters(query.key)):
            if self.table.latin[number]:
                found.setdefault(number, 0.0)
        return found

    def _alike(
        self, query: Typed, numbers: Sequence[int], cosines: Sequence[float]
    ) -> NDArray[np.float32]:
        keys = [self.table.entries[n].key for n in numbers]
        alike = likeness(query.words, keys, cosines, self._scorer)
        if query.bare == query.words:
            return alike
        bare = likeness(query.bare, keys, cosines, self._scorer)
        persons = [self._is(self.table.entries[n], ActorType.PERSON) for n in numbers]
        return np.where(persons, np.maximum(bare, alike), alike)

    def _rated(self, query: Typed, number: int, alike: float, other: float) -> Found:
        """Score a candidate: by the rules where they are sure of it and no other actor looks
        more alike, else by how alike it looks; one word alone by the rules in any case."""
        entry = self.table.entries[number]
        person = self._is(entry, ActorType.PERSON)
        words = query.bare if person else query.words
        rating = self._scorer.rate(words, tuple(entry.key.split()), person=person)
        score = rating.score
        if score < SURE_SCORE or alike < other - OUTDONE:
            lone = score if len(_solid(" ".join(words))) == 1 else 0.0
            score = TAIL * max(min(alike, 1.0), min(lone, 1.0))
        score *= KIND_SCORES[entry.kind] * ORIGIN_SCORES[entry.origin]
        if entry.key == query.key or entry.origin == TITLE:
            # What is exact has been rated; and a bare title is taken only as it stands.
            score = 0.0
        elif entry.origin == LAST and len(words) > 1:
            score = 0.0  # the whole name says more
        elif entry.origin == CORE and self.table.is_name_of_another(entry):
            score *= SECOND_NAME_SCORE
        if query.common and (rating.how == "partial" or entry.origin == LAST):
            score = min(score, COMMON_PART_CAP)  # an everyday word is no misspelt surname
        elif query.common or (query.given and rating.how == "typo"):
            score = min(score, COMMON_WORD_CAP)
        elif len(words) == 1 and rating.how == "partial" and self._is(entry, ActorType.OFFICE):
            score = min(score, COMMON_WORD_CAP)  # a state's name means none of its offices
        elif person and not self._telling(words, entry):
            score = min(score, TAIL)
        titles = query.titles if person else ()
        return Found(entry.actor, entry, score, rating.how, rating.edits, titles)

    def _telling(self, words: Sequence[str], entry: Entry) -> bool:
        """Whether what was typed, not being exact, is enough to be sure of a person."""
        if len(words) == 1:
            return entry.origin != LAST or len(words[0]) >= _LONG_SURNAME
        return self._scorer.says_much(words)

    def nearest(self, text: str, limit: int) -> list[Found]:
        """List the actors whose names look most like ``text``, however far; best first."""
        key = parse(text).key
        best: dict[int, Found] = {}
        for number, cosine in self._ngrams[True].nearest(key, 4 * _CANDIDATES):
            entry = self.table.entries[number]
            if entry.origin not in (STORED, CORE):
                continue
            alike = (fuzz.ratio(key, entry.key) / 100 + cosine) / 2
            _keep(best, [Found(entry.actor, entry, _NEAREST_CAP * alike, "typo")])
        return sorted(best.values(), key=lambda found: (-found.score, found.actor))[:limit]


def _solid(key: str) -> list[str]:
    return [word for word in key.split() if word not in FILLERS]


def _keep(best: dict[int, Found], found: Iterable[Found]) -> None:
    for one in found:
        if one.actor not in best or one.score > best[one.actor].score:
            best[one.actor] = one
