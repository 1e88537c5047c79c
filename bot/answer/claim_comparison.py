"""Whether a sentence states a claim: the same act, doer and target, and that it happened.

Named features describe what a claim and a sentence have in common. A logistic regression over them
returns the probability that the sentence states the claim. ``seeds/build_claims.py`` trains its
weights, ``seeds/weights/claims.json``. In addition there are conflicts, one of which is enough to
rule a sentence out: an actor it does not name, reversed roles, an act that is denied, the opposite,
or only planned, or other numbers.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise, takewhile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.answer.claim_parsing import (
    AUXILIARIES,
    BEFORE_NOUNS,
    Name,
    Parsed,
    Word,
    is_hypothetical,
    is_mutual,
    is_negated,
    is_opposite,
    main_act,
    numbers,
    role,
    verbs_alike,
)
from bot.answer.event_words import asks_for_acts, classes_of
from bot.text.english import alike, bare_form, verb_of
from bot.text.networks import Vectors, encode

FEATURES = (
    "cosine",
    "clause",
    "clause squared",
    "words",
    "words and clause",
    "act",
    "act and clause",
    "act and roles",
    "same roles",
    "swapped names",
    "swapped parts",
    "part of name",
    "numbers",
)
"""``cosine`` and ``clause`` are cosines of the claim with the sentence and with its nearest clause;
``words`` is how well the sentence covers the words of the claim beyond names, by rarity; ``act``
how alike the acts are, by the meanings and classes of their words."""


_PIECE = re.compile(r"[,;:()–—]\s|\s(?=(?:and|but|while|after|as|when|who|which|before|that)\s)")
_TRIM = " ,;:–—()"
_SPELT, _LETTERS, _ENDING = 0.95, 5, 4
"""Similarity of words with a common beginning; how long that is; how far their ends may differ."""

_BY_MEANING, _BY_CLASS = 0.9, 0.6
"""Similarity of words whose verbs are synonyms, and of words of one event class."""

_GOAL = frozenset("to into for toward towards".split())
_ORIGIN = frozenset("from of on against at by in over with".split())
_AROUND = 8
"""How many words before and after an act are considered."""

_MOST_WORDS = 20_000
_vectors: dict[str, NDArray[np.float32]] = {}


class Comparison(NamedTuple):
    """The features of a claim and a sentence, and conflicts between them."""

    features: dict[str, float]
    conflicts: frozenset[str]


@dataclass(frozen=True)
class Model:
    """A logistic model: weights, ``bias``, and the least probability of stating a claim.

    If the words of the acts are not alike, that must be at least ``surer``.
    """

    weights: Mapping[str, float]
    sure: float
    surer: float

    def probability(self, found: Comparison) -> float:
        """Return the probability that the sentence states the claim, ignoring conflicts."""
        score = self.weights["bias"]
        score += sum(self.weights[name] * value for name, value in found.features.items())
        return 1 / (1 + math.exp(-score))

    def states(self, found: Comparison) -> bool:
        """Return whether the sentence states the claim."""
        return not found.conflicts and self.likely(found)

    def likely(self, found: Comparison) -> bool:
        """Return whether the sentence would state the claim if there were no conflicts."""
        least = self.sure if found.features["act"] >= 0.5 else self.surer
        return self.probability(found) >= least


@cache
def trained() -> Model:
    """Read the weights that Dragoman ships with."""
    file = resources.files("seeds").joinpath("weights", "claims.json")
    values = json.loads(file.read_text("utf-8"))
    return Model(values["weights"], values["sure"], values["surer"])


def learn_words(texts: Iterable[Parsed]) -> None:
    """Encode the words of texts that are not encoded yet, in one batch."""
    wanted = {word.low for one in texts for word in one.words if word.key} - _vectors.keys()
    if len(_vectors) > _MOST_WORDS:
        _vectors.clear()
    ordered = sorted(wanted)
    _vectors.update(zip(ordered, encode(ordered), strict=True))


def _likeness(one: Word, other: Word) -> float:
    if one.key == other.key:
        return 1.0
    if _begin_alike(one, other):
        return _SPELT
    ours, theirs = verb_of(one.low), verb_of(other.low)
    sense = alike(ours, theirs) if ours and theirs else 0.0
    return max(_BY_MEANING * sense, float(_vectors[one.low] @ _vectors[other.low]))


def pieces(text: str) -> list[str]:
    """Return a sentence, and its clauses, each alone and with the next."""
    cuts = [0, *(match.start() for match in _PIECE.finditer(text)), len(text)]
    spans = [(start, end) for start, end in pairwise(cuts) if end - start > 3]
    spans += [(first[0], second[1]) for first, second in pairwise(spans)]
    found = [text[start:end].strip(_TRIM) for start, end in spans]
    return list(dict.fromkeys([text, *(one for one in found if len(one.split()) >= 3)]))


def compare(
    claim: Parsed, sentence: Parsed, context: frozenset[str], vector: Vectors, clauses: Vectors
) -> Comparison:
    """Compare a claim with a sentence.

    ``context`` are ids of actors that its article names elsewhere; ``vector`` is that of the claim,
    ``clauses`` those of the sentence's ``pieces``. Call ``learn_words`` with both texts before.
    """
    act = main_act(claim)
    placed = {name: _places(name, claim, sentence) for name in claim.names}
    best = _covered(claim, sentence)
    found = _act(claim, act, sentence, placed)
    like = _acts_alike(claim, act, sentence, found)
    sides = _roles(claim, act, sentence, found, placed, best)
    cosines = clauses @ vector
    whole, clause = float(cosines[0]), float(cosines.max())
    words = _share(claim, best)
    missing = max(
        (_missing(one, claim, sentence, context) for one in placed if not placed[one]), default=0.0
    )
    asked, given = numbers(claim), numbers(sentence)
    agree = bool(asked & given) or _at_least(claim, asked, given)
    features = {
        "cosine": whole,
        "clause": clause,
        "clause squared": clause * clause,
        "words": words,
        "words and clause": min(clause, words),
        "act": like,
        "act and clause": like * clause,
        "act and roles": like * sides.same,
        "same roles": sides.same,
        "swapped names": sides.swapped,
        "swapped parts": sides.parts,
        "part of name": missing,
        "numbers": float(agree),
    }
    conflicts = {
        **_conflicts(claim, act, sentence, found),
        "name": missing >= 1,
        "roles": sides.reversed(_one_act(claim, act, sentence, found))
        or _turned(claim, act, sentence, found, placed),
        "numbers": bool(asked and _beside(sentence, found)) and not agree,
    }
    return Comparison(features, frozenset(name for name, so in conflicts.items() if so))


def _conflicts(
    claim: Parsed, act: int | None, sentence: Parsed, found: int | None
) -> dict[str, bool]:
    """Return conflicts of the act: negated, the opposite, or hypothetical."""
    return {
        "negated": is_negated(claim, act) != is_negated(sentence, found),
        "contrary": is_opposite(claim, act, sentence, found),
        "unreal": is_hypothetical(sentence, found) and not is_hypothetical(claim, act),
    }


def _turned(
    claim: Parsed,
    act: int | None,
    sentence: Parsed,
    found: int | None,
    placed: Mapping[Name, Sequence[int]],
) -> bool:
    """Return whether a mover moved in the other direction than in the claim."""
    if act is None or found is None:
        return False
    for name, ats in placed.items():
        mine = [at for at, word in enumerate(claim.words) if name.start <= word.start < name.end]
        after = [at for at in ats if at > found]
        if not mine or not after or mine[0] < act:
            continue
        meant, is_told = _goal(claim, act, mine[0]), _goal(sentence, found, after[0])
        passed = any(at in sentence.naming for at in range(found + 1, after[0]))
        if is_told and passed and not meant:
            return True
    return False


def _goal(text: Parsed, act: int, at: int) -> bool:
    """Whether a name after an act is its destination, alone or after others: *to X and Y*."""
    between = [word.low for word in text.words[act + 1 : at]]
    last = max((n for n, low in enumerate(between) if low in _GOAL | _ORIGIN), default=None)
    return last is not None and between[last] in _GOAL


def _beside(sentence: Parsed, found: int | None) -> set[float]:
    """Return numbers around an act, which may be counts of participants."""
    return (
        numbers(sentence, max(0, found - _AROUND), found + _AROUND) if found is not None else set()
    )


class _Sides(NamedTuple):
    """Up to two participants of both texts: how many named ones have the ``same`` role, how many
    the opposite one, and how many ``parts`` have no name (*a teacher*); 0 to 1 each."""

    same: float = 0.0
    swapped: float = 0.0
    parts: float = 0.0

    def reversed(self, certain: bool) -> bool:
        """Return whether the roles are reversed; ``certain`` means that the act is the same."""
        if not certain:
            return self.swapped >= 1 and self.swapped > self.same
        return self.swapped + self.parts >= max(1.0, self.same)


def _covered(claim: Parsed, sentence: Parsed) -> dict[int, tuple[float, int]]:
    """Map each word of the claim beyond names to the most similar word and its similarity."""
    others = [
        at for at, word in enumerate(sentence.words) if word.key and word.low not in AUXILIARIES
    ]
    return {
        at: max(((_likeness(word, sentence.words[to]), to) for to in others), default=(0.0, -1))
        for at, word in enumerate(claim.words)
        if at not in claim.naming and word.key and word.low not in AUXILIARIES
    }


def _share(claim: Parsed, best: Mapping[int, tuple[float, int]]) -> float:
    weight = sum(claim.words[at].weight for at in best) or 1.0
    return sum(claim.words[at].weight * like for at, (like, _) in best.items()) / weight


def _missing(name: Name, claim: Parsed, sentence: Parsed, context: frozenset[str]) -> float:
    return 0.5 if name.ids & context or _partly(name, claim, sentence) else 1.0


def _places(name: Name, claim: Parsed, sentence: Parsed) -> list[int]:
    """Return the positions of the words of a sentence that name the same actor as ``name``."""
    spans = [one for one in sentence.names if one.ids & name.ids]
    found = {
        at
        for at, word in enumerate(sentence.words)
        for one in spans
        if one.start <= word.start < one.end
    }
    parts = [word for word in claim.words if name.start <= word.start < name.end and word.key]
    if parts and not found:
        last = [
            [at for at, word in enumerate(sentence.words) if _spelt_alike(part, word)]
            for part in parts
        ]
        enough = all(last) if len(parts) < 3 else sum(map(bool, last)) >= len(parts) - 1
        if enough or (parts and last[-1] and not name.ids):
            found = {at for ats in last for at in ats}
    return sorted(found)


def _partly(name: Name, claim: Parsed, sentence: Parsed) -> bool:
    """Return whether part of a name of several words is there: *Russian* of *Russian navy*."""
    parts = [word for word in claim.words if name.start <= word.start < name.end and word.key]
    return len(parts) > 1 and any(
        _spelt_alike(part, word)
        for part in parts
        for word in sentence.words
        if part.capital and len(part.low) > 2
    )


def _spelt_alike(one: Word, other: Word) -> bool:
    return one.key == other.key or _begin_alike(one, other)


def _begin_alike(one: Word, other: Word) -> bool:
    """Return whether two words differ in their endings only: *Philippine*, *Philippines*."""
    pairs = zip(one.low, other.low, strict=False)
    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
    return shared >= _LETTERS and max(len(one.low), len(other.low)) - shared <= _ENDING


def _act(
    claim: Parsed, act: int | None, sentence: Parsed, placed: Mapping[Name, Sequence[int]]
) -> int | None:
    """Return the sentence's word for the claim's act: similar, and near the participants."""
    if act is None:
        return None
    word = claim.words[act]
    ours = classes_of([word.low])
    here = [at for found in placed.values() for at in found]

    def fitness(at: int) -> float:
        other = sentence.words[at]
        near = max(_likeness(word, other), verbs_alike(claim, act, sentence, at))
        near += 0.15 * bool(ours & classes_of([other.low])) - 0.25 * _hardly_verb(sentence, at)
        return near - 0.012 * min(min((abs(at - one) for one in here), default=0), 12)

    return max(sentence.acts, key=fitness, default=None)


def _acts_alike(claim: Parsed, act: int | None, sentence: Parsed, found: int | None) -> float:
    if act is None:
        return 0.5
    if found is None:
        return 0.0
    one, other = claim.words[act], sentence.words[found]
    same_class = bool(classes_of([one.low]) & classes_of([other.low]))
    sense = verbs_alike(claim, act, sentence, found)
    return max(_likeness(one, other), sense, _BY_CLASS * same_class)


def _one_act(claim: Parsed, act: int | None, sentence: Parsed, found: int | None) -> bool:
    if act is None or found is None:
        return False
    same = _likeness(claim.words[act], sentence.words[found]) >= _SPELT
    return same or verbs_alike(claim, act, sentence, found) >= 1


def _hardly_verb(text: Parsed, at: int) -> bool:
    """Return whether a bare form is probably a noun: *part* in *a significant part*."""
    word = text.words[at]
    if word.low != bare_form(word.low) or asks_for_acts(word.low) or not at:
        return False
    before = text.words[at - 1]
    plural = before.low.endswith(("s", "men", "people")) or at - 1 in text.naming
    return not plural and bool(before.key or before.low in BEFORE_NOUNS)


def _at_least(claim: Parsed, asked: set[float], given: set[float]) -> bool:
    """Return whether the claim says *over 100* and the sentence has a larger number."""
    lows = {word.low for word in claim.words}
    if not asked or not lows & {"over", "more", "least", "hundreds", "dozens"}:
        return False
    return any(min(asked) <= one <= 2 * min(asked) for one in given)


def _roles(
    claim: Parsed,
    act: int | None,
    sentence: Parsed,
    found: int | None,
    placed: Mapping[Name, Sequence[int]],
    best: Mapping[int, tuple[float, int]],
) -> _Sides:
    if act is None or found is None:
        return _Sides()
    named = []
    for name, ats in placed.items():
        mine = [at for at, word in enumerate(claim.words) if name.start <= word.start < name.end]
        if mine and ats:
            named.append((mine[-1], min(ats, key=lambda at: abs(at - found))))
    others = [
        (at, to) for at, (like, to) in best.items() if like >= _SPELT and at != act and to != found
    ]

    def products(pairs: Sequence[tuple[int, int]]) -> list[int]:
        if is_mutual(claim, act) or is_mutual(sentence, found):
            return [1 for _ in pairs]
        return [role(claim, act, one) * role(sentence, found, other) for one, other in pairs]

    names, parts = products(named), products(others)
    counts = names.count(1), names.count(-1), parts.count(-1)
    return _Sides(*(min(count, 2) / 2 for count in counts))
