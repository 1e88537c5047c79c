"""Find the actors that a typed name means: exact alias, reordered words, reranked n-grams.

The constants set the score of each kind of match, and the thresholds for accepting a match.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from bot.match.aliases import (
    CORE,
    LAST,
    PRONOUNS,
    STORED,
    TITLE,
    TURNED,
    Entry,
    Table,
    Typed,
    core,
    entries,
    initials,
    letters,
    loose,
    parse,
)
from bot.match.score import Scorer, backing, foremost, likeness, same_name
from bot.models import Actor, ActorType, AliasKind, Match
from bot.text.names import FILLERS

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
"""An exact name outranks another actor's exact demonym, capital or surname."""

ORIGIN_SCORES = {STORED: 1.0, CORE: 0.99, TURNED: 0.98, TITLE: 0.9, LAST: 0.97}

TITLED_SCORE = 0.97
"""An exact name of a person after titles are removed."""

FRAMED_SCORE = 0.96
"""An exact name of a state after *government of* and the like are removed."""

LOOSE_SCORE = 0.98
"""The same words without small ones (*emir qatar*), or in another order."""

COMMON_WORD_CAP = 0.78
"""The most a common English word or first name scores as a misspelling: never enough to be sure."""

COMMON_PART_CAP = 0.6
"""Even less does *city* or *leader* mean all the actors with it in their names."""

SECOND_NAME_SCORE = 0.85
"""Score of a state's core name that is another state's display name (China)."""

INITIALS_SCORE = 0.72
"""The acronym of a name: worth proposing, not worth assuming."""

TAIL = 0.84
"""Upper limit for a candidate that no rule accepts."""

OUTDONE = 0.03
"""By so much must another candidate look more alike for the rules to be in doubt."""


def exactly(kind: AliasKind) -> How:
    """Return how an exact alias of this kind matches."""
    if kind is AliasKind.DEMONYM:
        return "demonym"
    return "capital" if kind is AliasKind.CAPITAL else "exact"


Verdict = Literal["sure", "unsure", "unknown"]

SURE_SCORE = 0.85
"""From this score on, the best match may be taken if no other comes near."""

SURE_MARGIN = 0.05
"""Required lead of the best match over the next."""

EXACT_MARGIN = 0.025
"""Between exact matches a smaller lead suffices: a name before another's demonym or capital."""

UNSURE_SCORE = 0.62
"""Matches below this are not worth proposing."""

_EXACT = frozenset({"exact", "demonym", "capital"})


def verdict(matches: Sequence[Match]) -> Verdict:
    """Judge a list of matches, best first.

    ``sure``: take the first. ``unsure``: propose them. ``unknown``: none fits. The holder of a
    matched office does not compete with the office.
    """
    if not matches or matches[0].score < UNSURE_SCORE:
        return "unknown"
    first = matches[0]
    rivals = [m for m in matches[1:] if m.how != "office at date"]
    if not rivals:
        return "sure" if first.score >= SURE_SCORE else "unsure"
    lead = first.score - rivals[0].score
    if first.how in _EXACT and first.score >= SURE_SCORE:
        margin = EXACT_MARGIN if rivals[0].how in _EXACT else 0.0
        return "sure" if lead > 0 and lead >= margin else "unsure"
    return "sure" if first.score >= SURE_SCORE and lead >= SURE_MARGIN else "unsure"


_BODIES = (ActorType.ORGANISATION, ActorType.GROUP)
_RANKS = {kind: rank for rank, kind in enumerate(ActorType)}

_CANDIDATES = 60
_FRAME = 2
"""Up to so many words around a state's name are only its form: *Islamic Republic of*."""

_LONG_SURNAME = 8
"""A misspelt surname alone may be sure from this many letters on."""

_FLOOR = 0.3
_NEAREST_CAP = 0.59


@dataclass(frozen=True, slots=True)
class Found:
    """An actor, by number, that a query may mean, with its best alias."""

    actor: int
    entry: Entry
    score: float
    how: How
    edits: int = 0
    titles: tuple[str, ...] = ()


class Lookup:
    """All aliases of a fixed list of actors, ready for queries."""

    def __init__(self, types: Sequence[ActorType], found: Iterable[Entry]) -> None:
        """Index the entries of actors of these types; entries are grouped by actor."""
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
        """Index the names of ``actors``; they are numbered by position."""
        return cls([actor.type for actor in actors], entries(actors))

    def knows(self, word: str) -> bool:
        """Whether any stored alias contains this normalised word."""
        return word in self._scorer.owners

    def same(self, left: str, right: str, kind: ActorType) -> float:
        """Return the probability that two names are one, 0..1, by the words of all names here."""
        return same_name(left, right, kind, self._scorer)

    def stands(self, text: str) -> list[Found]:
        """List the actors with exactly ``text`` as an alias, after expanding abbreviations."""
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
        """List the actors with exactly this normalised alias, best first."""
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
        """Return the aliases that may be meant, by number, each with its best cosine."""
        keys = [query.key]
        if query.titles:
            keys.append(" ".join(query.bare))
        found: dict[int, float] = {}
        for kind in (True,) if query.latin else (True, False):
            for key in keys:
                for number, cosine in self._ngrams[kind].nearest(key, _CANDIDATES):
                    found[number] = max(cosine, found.get(number, 0.0))
        # Two swapped letters leave few n-grams whole in a short name: Lybia.
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
        """Score a candidate by the rules if they accept it and no other actor looks more alike;
        else by similarity, but a single word by the rules in any case."""
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
            # Exact matches were rated before; and a bare title must match exactly.
            score = 0.0
        elif entry.origin == LAST and len(words) > 1:
            score = 0.0  # the whole name matches better
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
        """Whether an inexact query is specific enough for a person."""
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


_KINDS = {
    AliasKind.NAME: "a name",
    AliasKind.ACRONYM: "an acronym",
    AliasKind.TRANSLITERATION: "a spelling",
    AliasKind.DEMONYM: "a demonym",
    AliasKind.CAPITAL: "the capital",
    AliasKind.METONYM: "a byname",
    AliasKind.SURNAME: "the surname",
    AliasKind.OFFICE: "a title",
}


def because(query: str, found: Found, name: str, rival: tuple[str, Found] | None) -> str:
    """Explain how the alias fits the query, and which other match it beat."""
    return f"{_fit(query, found, name)}; {_beaten(found, rival)}."


def _fit(query: str, found: Found, name: str) -> str:
    alias, kind = found.entry.alias, _KINDS[found.entry.kind]
    whose = f"{kind} of {name}"
    typed = f"“{query}”"
    if found.titles:
        typed += f" without {' and '.join(found.titles)}"
    if found.how == "reordered":
        return f"{typed} has the words of “{alias}”, {whose}, in another order"
    if found.how == "partial":
        return f"{typed} shares its telling words with “{alias}”, {whose}"
    if found.how == "typo":
        if found.edits == 0:
            return f"{typed} is spelt much like “{alias}”, {whose}"
        letters = "letter" if found.edits == 1 else "letters"
        return f"{typed} is {found.edits} {letters} away from “{alias}”, {whose}"
    if found.entry.origin == LAST:
        return f"{typed} is the last name of {name}"
    if found.entry.origin == TITLE:
        return f"{typed} is the title of “{alias}”"
    if found.entry.origin == CORE:
        return f"{typed} is the telling part of “{alias}”, {whose}"
    if found.entry.origin == TURNED:
        return f"{typed} is “{alias}” put another way"
    return f"{typed} is {whose}"


def _beaten(found: Found, rival: tuple[str, Found] | None) -> str:
    if rival is None:
        return "nothing else comes near"
    name, other = rival
    if other.score >= found.score:
        return f"{name} fits as well"
    return f"next is {name}, by “{other.entry.alias}” ({other.score:.2f} to {found.score:.2f})"


_SIGNS = 37
_TRIGRAMS = _SIGNS**3
_CODES = _TRIGRAMS + _SIGNS**2
"""Codes below ``_TRIGRAMS`` are 3-grams, those above are 2-grams."""

_BUDGET = 100_000
"""Postings read for one query, rarest grams first: this bounds the time for a long list."""

_LEAST = 4
"""So many grams are read whatever their cost."""

_AT_ONCE = 50_000
"""Keys processed at a time: their grams fit into the processor's cache."""

_NEAR = 0.3
"""Keys below this share of the best cosine are dropped."""


_TABLE = bytes("abcdefghijklmnopqrstuvwxyz0123456789".find(chr(sign)) + 1 for sign in range(256))


def _encode(text: bytes) -> NDArray[np.uint16]:
    return np.frombuffer(text.translate(_TABLE), dtype=np.uint8).astype(np.uint16)


def _grams(signs: NDArray[np.uint16], size: int) -> NDArray[np.uint16]:
    """Return the codes of all 2-grams or 3-grams of a row of signs, by start."""
    pairs = signs[:-1] * np.uint16(_SIGNS) + signs[1:]
    if size == 2:
        return pairs + np.uint16(_TRIGRAMS)
    return pairs[:-1] * np.uint16(_SIGNS) + signs[2:]


class Ngrams:
    """The postings of normalised keys, given by number.

    ``start`` says where the keys of each n-gram begin in ``postings``, as positions in ``numbers``;
    ``weight`` and ``inverse_norm`` turn shared n-grams into a cosine.
    """

    def __init__(self, keys: Mapping[int, str]) -> None:
        """Index ``keys``; their numbers ascend."""
        self._numbers = list(keys)
        texts = list(keys.values())
        parts = [_part(texts[at : at + _AT_ONCE], at) for at in range(0, len(texts), _AT_ONCE)]
        counts = np.array([part.counts for part in parts] or np.zeros((1, _CODES)), dtype=np.int64)
        total = counts.sum(axis=0)
        self._start = np.concatenate(([0], np.cumsum(total)))
        first = self._start[:-1] + np.cumsum(counts, axis=0) - counts
        idf = np.log1p(len(keys) / np.maximum(total, 1))
        self._weight = (idf * idf).astype(np.float32)
        self._postings = np.empty(self._start[-1], dtype=np.uint32)
        norms = np.zeros(len(keys))
        for part, place in zip(parts, first, strict=False):
            moved = place - (np.cumsum(part.counts) - part.counts)
            self._postings[np.repeat(moved, part.counts) + np.arange(len(part.keys))] = part.keys
            weights = np.repeat(self._weight.astype(np.float64), part.counts)
            mine = slice(part.at, part.at + part.size)
            norms[mine] = np.bincount(part.keys - part.at, weights, minlength=part.size)
        self._inverse_norm = (1 / np.sqrt(np.maximum(norms, 1e-9))).astype(np.float32)

    def nearest(self, key: str, limit: int) -> list[tuple[int, float]]:
        """Return up to ``limit`` ``(number, cosine)``, best first, ties by number."""
        if not self._numbers or not key:
            return []
        signs = _encode(f" {key} ".encode("ascii", "replace"))
        grams = np.array(
            sorted({*_grams(signs, 2).tolist(), *_grams(signs, 3).tolist()}), dtype=np.int64
        )
        sizes = self._start[grams + 1] - self._start[grams]
        held = sizes > 0
        grams, sizes = grams[held], sizes[held]
        if not len(grams):
            return []
        order = np.lexsort((grams, sizes))
        enough = int(np.searchsorted(np.cumsum(sizes[order]), _BUDGET))
        return self._rank(grams, grams[order[: max(enough, _LEAST)]], limit)

    def _rank(
        self, grams: NDArray[np.int64], read: NDArray[np.int64], limit: int
    ) -> list[tuple[int, float]]:
        scores = np.zeros(len(self._numbers), dtype=np.float32)
        for gram in read.tolist():
            scores[self._postings[self._start[gram] : self._start[gram + 1]]] += self._weight[gram]
        scores *= self._inverse_norm
        # Rank only what comes near the best: most keys share a gram or two by chance.
        near = np.flatnonzero(scores >= max(_NEAR * float(scores.max()), 1e-6))
        cosines = scores[near] / np.float32(np.sqrt(self._weight[grams].sum()))
        if len(near) > limit:
            # Ties at the cut go to the lower number, so that the order is deterministic.
            cut = np.partition(cosines, len(near) - limit)[len(near) - limit]
            above = np.flatnonzero(cosines > cut)
            kept = np.concatenate((above, np.flatnonzero(cosines == cut)[: limit - len(above)]))
            near, cosines = near[kept], cosines[kept]
        order = np.lexsort((near, -cosines))
        numbers = [self._numbers[at] for at in near[order].tolist()]
        return list(zip(numbers, cosines[order].tolist(), strict=True))


class _Part(NamedTuple):
    """The postings of consecutive keys: ``keys`` gram by gram, ``counts`` of each gram."""

    at: int
    size: int
    keys: NDArray[np.uint32]
    counts: NDArray[np.int64]


def _part(keys: Sequence[str], at: int) -> _Part:
    # Two spaces between keys: one ends a key's last gram, one begins the next's first.
    signs = _encode((" " + "  ".join(keys) + " ").encode("ascii", "replace"))
    lengths = np.fromiter(map(len, keys), dtype=np.uint32, count=len(keys)) + 2
    owner = np.repeat(np.arange(at, at + len(keys), dtype=np.uint32), lengths)
    codes, owners = [], []
    for size in (3, 2):
        last = owner[size - 1 :]
        inside = owner[: len(last)] == last  # no gram spans two keys
        codes.append(_grams(signs, size)[inside])
        owners.append(last[inside])
    code = np.concatenate(codes)
    # numpy sorts 16-bit values by counting; the sort is stable, so equal codes stay in key order.
    order = np.argsort(code, kind="stable")
    key, code = np.concatenate(owners)[order], code[order]
    new = np.ones(len(key), dtype=np.bool_)
    new[1:] = (key[1:] != key[:-1]) | (code[1:] != code[:-1])
    return _Part(at, len(keys), key[new], np.bincount(code[new], minlength=_CODES))
