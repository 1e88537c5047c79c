"""The cascade: exact alias -> the same words otherwise put -> n-gram candidates, reranked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rapidfuzz import fuzz

from bot.match.candidates import NgramIndex
from bot.match.entries import CORE, LAST, STORED, TITLE, TURNED, Entry, core, entries
from bot.match.score import Scorer
from bot.models import Actor, ActorType, AliasKind
from bot.text.english import GIVEN_NAMES, is_common
from bot.text.names import FILLERS, latin, normalise, strip_honorifics

How = Literal["exact", "typo", "reordered", "partial", "demonym", "capital"]

KIND_SCORES = {
    AliasKind.NAME: 1.0,
    AliasKind.ACRONYM: 1.0,
    AliasKind.OFFICE: 1.0,
    AliasKind.TRANSLITERATION: 0.99,
    AliasKind.DEMONYM: 0.97,
    AliasKind.METONYM: 0.97,
    AliasKind.CAPITAL: 0.96,
    AliasKind.SURNAME: 0.96,
}
"""An exact name outranks an exact demonym, capital or surname of somebody else."""

ORIGIN_SCORES = {STORED: 1.0, CORE: 0.99, TURNED: 0.98, TITLE: 0.9, LAST: 0.97}

TITLED_SCORE = 0.97
"""An exact name of a person once titles are taken off."""

FRAMED_SCORE = 0.96
"""An exact name of a state once *government of* and the like are taken off."""

LOOSE_SCORE = 0.98
"""The same words but for small ones (*emir qatar*), or in another order."""

COMMON_WORD_CAP = 0.78
"""A common English word or first name is no misspelling to be sure of."""

COMMON_PART_CAP = 0.6
"""Still less does *city* or *leader* mean all the actors that have it in their names."""

SECOND_NAME_SCORE = 0.85
"""What a state's core name scores where another state has it as its very name (China)."""

_TELLING = 3
"""So many English words together are no chance likeness: *international atomic agency*."""

_COMPASS = {"n": "north", "s": "south", "e": "east", "w": "west"}

_ABBREVIATIONS = {
    "intl": "international",
    "govt": "government",
    "natl": "national",
    "dept": "department",
    "org": "organisation",
    "min": "minister",
    "sec": "secretary",
    "pm": "prime minister",
    "fm": "foreign minister",
    "pres": "president",
    "gen": "general",
}

_CANDIDATES = 60
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


@dataclass(frozen=True, slots=True)
class _Query:
    key: str
    words: tuple[str, ...]
    bare: tuple[str, ...]
    """The words without honorifics: what a person's name is compared with."""
    titles: tuple[str, ...]
    common: bool
    given: bool
    latin: bool


class _Ngrams:
    """An n-gram index over some of the entries, by their numbers."""

    def __init__(self, entries_: Sequence[Entry], numbers: Sequence[int]) -> None:
        self._numbers = numbers
        self._index = NgramIndex([entries_[n].key for n in numbers])

    def nearest(self, key: str, limit: int) -> list[tuple[int, float]]:
        return [(self._numbers[n], score) for n, score in self._index.nearest(key, limit)]


class Lookup:
    """All aliases of a fixed list of actors, ready to be asked."""

    def __init__(self, actors: Sequence[Actor]) -> None:
        self._types = [actor.type for actor in actors]
        self._names = [normalise(actor.name) for actor in actors]
        self.entries = entries(actors)
        self._latin = [latin(entry.alias) for entry in self.entries]
        self._words = [tuple(entry.key.split()) for entry in self.entries]
        self._by_key: dict[str, list[int]] = {}
        self._by_loose: dict[str, list[int]] = {}
        self._by_letters: dict[str, list[int]] = {}
        for number, entry in enumerate(self.entries):
            self._by_key.setdefault(entry.key, []).append(number)
            if self._latin[number]:
                self._by_letters.setdefault(_letters(entry.key), []).append(number)
            if " " in entry.key:
                self._by_loose.setdefault(loose(entry.key), []).append(number)
        self._ngrams = {
            kind: _Ngrams(self.entries, [n for n, is_ in enumerate(self._latin) if is_ is kind])
            for kind in (True, False)
        }
        self._scorer = Scorer(
            (entry.actor, words)
            for entry, words in zip(self.entries, self._words, strict=True)
            if entry.origin == STORED and latin(entry.alias)
        )

    def knows(self, word: str) -> bool:
        """Whether any stored alias holds this normalised word."""
        return word in self._scorer.owners

    def stands(self, text: str) -> list[Found]:
        """List the actors that have exactly ``text`` as an alias, abbreviations written out."""
        return self.exact(_parse(text).key)

    def find(self, text: str) -> list[Found]:
        """List the actors that ``text`` may mean, best first; ties by type, then position."""
        query = _parse(text)
        if all(word in FILLERS for word in query.words):
            return []
        best: dict[int, Found] = {}
        _keep(best, self._exact(query))
        _keep(best, self._rearranged(query))
        _keep(best, self._fuzzy(query))
        return sorted(
            (found for found in best.values() if found.score >= _FLOOR),
            key=lambda found: (-found.score, list(ActorType).index(self._types[found.actor]),
                               found.actor),
        )  # fmt: skip

    def exact(self, key: str) -> list[Found]:
        """List the actors that have exactly this normalised alias, best first."""
        best: dict[int, Found] = {}
        _keep(best, self._by(key))
        return sorted(best.values(), key=lambda found: (-found.score, found.actor))

    def _by(self, key: str, *, typed_latin: bool = True) -> Iterable[Found]:
        numbers = [n for n in self._by_key.get(key, ()) if self._latin[n] or not typed_latin]
        named = any(
            self._names[self.entries[n].actor] == key
            and self._types[self.entries[n].actor] is ActorType.STATE
            for n in numbers
        )
        for number in numbers:
            entry = self.entries[number]
            score = KIND_SCORES[entry.kind] * ORIGIN_SCORES[entry.origin]
            if named and entry.origin == CORE and self._names[entry.actor] != key:
                yield Found(entry.actor, entry, SECOND_NAME_SCORE, "partial")
            else:
                yield Found(entry.actor, entry, score, _exactly(entry.kind))

    def _exact(self, query: _Query) -> Iterable[Found]:
        yield from self._by(query.key, typed_latin=query.latin)
        if query.titles:
            for found in self._by(" ".join(query.bare)):
                if self._types[found.actor] is ActorType.PERSON:
                    yield replace(found, score=found.score * TITLED_SCORE, titles=query.titles)

    def _rearranged(self, query: _Query) -> Iterable[Found]:
        if " " not in query.key:
            return
        for number in self._by_loose.get(loose(query.key), ()):
            entry = self.entries[number]
            score = LOOSE_SCORE * KIND_SCORES[entry.kind] * ORIGIN_SCORES[entry.origin]
            if entry.key != query.key:
                same_order = _solid(entry.key) == _solid(query.key)
                yield Found(entry.actor, entry, score, "partial" if same_order else "reordered")
        if (without := core(query.key)) != query.key:
            for found in self._by(without):
                if self._types[found.actor] is ActorType.STATE:
                    yield replace(found, score=found.score * FRAMED_SCORE, how="partial")

    def _fuzzy(self, query: _Query) -> Iterable[Found]:
        keys = [query.key]
        if query.titles:
            keys.append(" ".join(query.bare))
        numbers = dict.fromkeys(
            n
            for kind in ((True,) if query.latin else (True, False))
            for key in keys
            for n, _ in self._ngrams[kind].nearest(key, _CANDIDATES)
        )
        # Two letters that changed places leave few n-grams whole in a short name: Lybia.
        for number in self._by_letters.get(_letters(query.key), ()):
            numbers.setdefault(number)
        for number in numbers:
            yield self._rated(query, number)

    def _rated(self, query: _Query, number: int) -> Found:
        entry = self.entries[number]
        person = self._types[entry.actor] is ActorType.PERSON
        words = query.bare if person else query.words
        rating = self._scorer.rate(words, self._words[number], person=person)
        score = rating.score * KIND_SCORES[entry.kind] * ORIGIN_SCORES[entry.origin]
        if entry.key == query.key or entry.origin == TITLE:
            # What is exact has been rated; and a bare title is taken only as it stands.
            score = 0.0
        if query.common and rating.how == "partial":
            score = min(score, COMMON_PART_CAP)
        elif query.common or (query.given and rating.how == "typo"):
            score = min(score, COMMON_WORD_CAP)
        titles = query.titles if person else ()
        return Found(entry.actor, entry, score, rating.how, rating.edits, titles)

    def nearest(self, text: str, limit: int) -> list[Found]:
        """List the actors whose names look most like ``text``, however far; best first."""
        key = _parse(text).key
        best: dict[int, Found] = {}
        for number, cosine in self._ngrams[True].nearest(key, 4 * _CANDIDATES):
            entry = self.entries[number]
            if entry.origin not in (STORED, CORE):
                continue
            alike = (fuzz.ratio(key, entry.key) / 100 + cosine) / 2
            _keep(best, [Found(entry.actor, entry, _NEAREST_CAP * alike, "typo")])
        return sorted(best.values(), key=lambda found: (-found.score, found.actor))[:limit]


def loose(key: str) -> str:
    """What stays the same when small words go and the others change places."""
    return " ".join(sorted(word for word in key.split() if word not in FILLERS))


def _letters(key: str) -> str:
    return "".join(sorted(key))


def _solid(key: str) -> list[str]:
    return [word for word in key.split() if word not in FILLERS]


def _exactly(kind: AliasKind) -> How:
    if kind is AliasKind.DEMONYM:
        return "demonym"
    return "capital" if kind is AliasKind.CAPITAL else "exact"


def _parse(text: str) -> _Query:
    key = normalise(text).removeprefix("the ")
    rest, titles = strip_honorifics(text)
    first, _, others = key.partition(" ")
    if others and first in _COMPASS:
        key = f"{_COMPASS[first]} {others}"
    if others:
        key = " ".join(_ABBREVIATIONS.get(word, word) for word in key.split())
    words = tuple(key.split())
    return _Query(
        key=key,
        words=words,
        bare=tuple(normalise(rest).removeprefix("the ").split()) or words,
        titles=titles,
        common=len(words) < _TELLING and all(is_common(word) for word in words),
        given=len(words) == 1 and key in GIVEN_NAMES,
        latin=latin(text),
    )


def _keep(best: dict[int, Found], found: Iterable[Found]) -> None:
    for one in found:
        if one.actor not in best or one.score > best[one.actor].score:
            best[one.actor] = one
