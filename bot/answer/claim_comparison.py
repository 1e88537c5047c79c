"""Whether a sentence states a claim: the same act, doer and target, and that it happened.

Claim and sentence are parsed into words, names, acts, numbers and roles. Named features describe
what they have in common. A logistic regression over them returns the probability that the sentence
states the claim. ``seeds/build_claims.py`` trains its weights, ``seeds/weights/claims.json``. In
addition there are conflicts, one of which is enough to rule a sentence out: an actor it does not
name, reversed roles, an act that is denied, the opposite, or only planned, or other numbers."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise, takewhile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.answer.question import asks_for_acts, classes_of
from bot.text.days import CARDINALS
from bot.text.english import (
    alike,
    bare_form,
    forms_of,
    is_common,
    is_participle,
    opposed,
    rarities,
    stems,
    verb_of,
)
from bot.text.networks import Vectors, encode

AUXILIARIES = frozenset(
    "is are was were be been being am gets got get has have had having do does did will would can"
    " could may might must shall should to".split()
)
UPON = frozenset("on against at of to with into in over for".split())
BEFORE_NOUNS = (UPON - {"to"}) | frozenset("the a an under by".split())
_PARTICLES = frozenset("over down up out off under".split())
_AFTER_NOUNS = frozenset("on against by of over in".split())
_LIGHT = frozenset(
    "go come take hold make get put give say announce report claim state keep".split()
)
"""Light verbs: another word names the act."""

_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['’.&][^\W_]+)*")
_OWNER = re.compile(r"['’]s?$")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_YEARS = range(1990, 2036)
_TIMES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}


class Name(NamedTuple):
    """The span of a name and all ids of its actor; none for an unknown name."""

    start: int
    end: int
    ids: frozenset[str]


class Word(NamedTuple):
    """A word of a text: ``key`` is its stem for comparison, empty for a stop word."""

    start: int
    end: int
    low: str
    key: str
    weight: float
    capital: bool
    owner: bool


@dataclass(frozen=True)
class Parsed:
    """A parsed text: its words, its names, and which words are part of names."""

    text: str
    words: tuple[Word, ...]
    names: tuple[Name, ...]
    naming: frozenset[int]
    acts: tuple[int, ...]


@lru_cache(maxsize=20_000)
def _key(low: str) -> str:
    found = stems(verb_of(low) or low)
    return found[0] if found else ""


def parse(text: str, names: Collection[Name]) -> Parsed:
    """Parse a claim or a sentence; ``names`` are the actors known in it."""
    table, rarest = rarities()
    words: list[Word] = []
    for match in _WORD.finditer(text):
        raw = match.group()
        owner = raw[-2:] in ("'s", "’s") or raw[-1:] in "'’"
        low = _OWNER.sub("", raw).casefold()
        key = _key(low)
        plain = stems(low)
        weight = table.get(plain[0], rarest) / rarest if plain else 0.0
        words.append(Word(match.start(), match.end(), low, key, weight, raw[:1].isupper(), owner))
    naming = {
        at for at, word in enumerate(words) for name in names if name.start <= word.start < name.end
    }
    known = list(names)
    for at, word in enumerate(words):
        if at in naming or not word.capital or not word.key:
            continue
        if (at == 0 or text[: word.start].rstrip()[-1:] in '.:“"') and is_common(word.low):
            continue
        naming.add(at)
        known.append(Name(word.start, word.end, frozenset()))
    acts = tuple(at for at, word in enumerate(words) if at not in naming and _may_act(word))
    return Parsed(text, tuple(words), tuple(sorted(known)), frozenset(naming), acts)


def _may_act(word: Word) -> bool:
    if word.low in AUXILIARIES or word.low in _PARTICLES or not word.key:
        return False
    return verb_of(word.low) is not None or asks_for_acts(word.low)


def main_act(claim: Parsed) -> int | None:
    """Return the word of a claim's main act: a verb in the past or present takes precedence."""
    best: tuple[float, int] | None = None
    for at in claim.acts:
        score = _acts(claim, at)
        if best is None or score > best[0]:
            best = (score, at)
    return best[1] if best else None


def _acts(text: Parsed, at: int) -> float:
    """Score how much a word looks like the main verb, or like a noun in its place."""
    word = text.words[at]
    verb, before = act_verb(text, at), text.words[at - 1].low if at else ""
    bare = bare_form(word.low)
    if verb in _LIGHT:
        return 0.35
    if is_participle(word.low):
        return 1.9
    if bare is None or before in ("the", "a", "an", "of", "his", "its", "their", "under"):
        return 0.4
    forms = forms_of(bare)
    after = text.words[at + 1].low if at + 1 < len(text.words) else ""
    if forms and word.low in forms.past:
        return 2.0
    if word.low != bare and word.low.endswith("s"):
        bare_next = bare_form(after) == after and after not in _PARTICLES
        noun = after in AUXILIARIES or (bare_next and not asks_for_acts(after))
        return 0.3 if noun else 1.7
    if before in AUXILIARIES or (forms and word.low in forms.ing):
        return 1.6
    return 0.9 if after and at and text.words[at - 1].key else 0.3


def act_verb(text: Parsed, at: int) -> str | None:
    """Return the verb of a word, with the particle after it: *step down*."""
    after = text.words[at + 1].low if at + 1 < len(text.words) else ""
    return verb_of(text.words[at].low, after)


def verbs_alike(one: Parsed, at: int, other: Parsed, to: int) -> float:
    """Return the similarity of two acts by their verbs, with and without a particle."""
    own = {act_verb(one, at), verb_of(one.words[at].low)} - {None}
    others = {act_verb(other, to), verb_of(other.words[to].low)} - {None}
    found = [alike(a, b) for a in own for b in others if a and b]
    if act_verb(one, at) in others and act_verb(one, at) is not None:
        return 1.0
    return max(found, default=0.0)


def numbers(text: Parsed, first: int = 0, last: int | None = None) -> set[float]:
    """Return the counts in a text, or in a range of its words; years are left out."""
    found: set[float] = set()
    for at, word in enumerate(text.words[first:last], max(first, 0)):
        found |= {float(one.group().replace(",", "")) for one in _NUMBER.finditer(word.low)}
        if word.low in CARDINALS:
            after = text.words[at + 1].low if at + 1 < len(text.words) else ""
            found.add(float(CARDINALS[word.low] * _TIMES.get(after, 1)))
    return {one for one in found if one not in _YEARS}


def is_verb(text: Parsed, act: int) -> bool:
    """Return whether a word that may be an act is used as a verb, not as a noun."""
    word = text.words[act]
    bare = bare_form(word.low)
    if is_participle(word.low):
        return True
    if bare is None:
        return False
    forms = forms_of(bare)
    if forms and (word.low in forms.past or word.low in forms.ing):
        return True
    before = text.words[act - 1] if act else None
    if before is None or before.owner or before.low in BEFORE_NOUNS:
        return False
    after = text.words[act + 1].low if act + 1 < len(text.words) else ""
    return not (asks_for_acts(word.low) and after in _AFTER_NOUNS)


# --- roles ----------------------------------------------------------------------------

_BE = frozenset("is are was were be been being am gets got get".split())
_HAVE = frozenset("has have had having".split())
_BESIDE = UPON | frozenset("by from after near during as while before again out".split())
"""Words that follow a verb without an object."""


_MUTUAL_VERBS = frozenset("meet talk negotiate fight clash".split())


def is_mutual(text: Parsed, act: int) -> bool:
    """Return whether an act is mutual: *X met Y* means that Y met X, too."""
    return verb_of(text.words[act].low) in _MUTUAL_VERBS


def role(text: Parsed, act: int, at: int) -> int:
    """Return 1 if the name at ``at`` does the act at ``act``, -1 for the target, 0 if unknown."""
    words = text.words
    lead = at
    while lead - 1 > max(act, at - 4) or (act > at and lead > max(0, at - 3)):
        one = words[lead - 1]
        if not (lead - 1 in text.naming or one.low in ("the", "a", "an") or _modifies(one)):
            break
        lead -= 1
    before = words[lead - 1].low if lead else ""
    if not is_verb(text, act):
        return _role_beside_noun(words, act, at, before)
    if _passive(text, act):
        return _role_in_passive(words, act, at, before)
    if at > act:
        return -1
    return 0 if _voiceless(text, act) or before in UPON - {"of"} else 1


def _modifies(word: Word) -> bool:
    """Whether a word before a name is no verb and no preposition, as in *by rebel leader X*."""
    return bool(word.key) and not word.owner and bare_form(word.low) is None


def _role_beside_noun(words: Sequence[Word], act: int, at: int, before: str) -> int:
    """Return the role beside a noun: *Israeli attack*, *attack by Israel*; *attack on Israel*."""
    if before == "by":
        return 1
    if at > act:
        return -1 if before in UPON else 0
    if any(word.low == "under" for word in words[at:act]):
        return -1
    return 1 if act - at <= 6 else 0


def _role_in_passive(words: Sequence[Word], act: int, at: int, before: str) -> int:
    if at < act:
        return -1
    struck = any(asks_for_acts(word.low) for word in words[at + 1 : at + 3])
    return 1 if before == "by" or struck else 0


def _voiceless(text: Parsed, act: int) -> bool:
    """Return whether a headline is ambiguous between doer and target: *X captured*."""
    word = text.words[act]
    bare = verb_of(word.low)
    forms = forms_of(bare) if bare else None
    if is_participle(word.low):
        return True
    if not forms or word.low not in forms.past:
        return False
    following = [one.low for one in text.words[act + 1 : act + 3]]
    if following[:1] == ["dead"]:
        following = following[1:]
    if not following or following[0].endswith("ly"):
        return True
    if following[0] == "to":  # "agreed to pay" is active, "sentenced to two years" passive
        return len(following) < 2 or bare_form(following[1]) != following[1]
    return following[0] in _BESIDE


def _passive(text: Parsed, act: int) -> bool:
    words = text.words
    bare = verb_of(words[act].low)
    forms = forms_of(bare) if bare else None
    if not forms or words[act].low.endswith("ing"):
        return False
    for back in range(act - 1, max(act - 4, -1), -1):
        if words[back].low in _BE:
            return True
        if words[back].low in _HAVE or not words[back].low.endswith("ly"):
            break
    if words[act].low == bare and words[act].low not in forms.past:
        return False
    following = [word.low for word in words[act + 1 : act + 4]]
    return "by" in following and words[act].low in forms.past


# --- negated, planned, opposite -------------------------------------------------------

_NEGATIONS = frozenset(
    "not no never without nor neither deny refuse reject fail veto decline refrain".split()
)
_MODAL = frozenset(
    "plan consider threaten vow propose intend want seek expect urge call warn pledge promise"
    " attempt demand offer hope aim if unless whether suspect threat threats".split()
)
_FAR_REACHING = frozenset("will would could should may might must".split())
"""These count at any distance before an act."""

_DONE = frozenset("force manage begin start continue".split())
"""The act after these verbs is done: a person forced to do something does it."""

_DENIED, _NEAR, _FAR = 9, 6, 18
"""How many words before an act are considered."""


def is_negated(text: Parsed, act: int | None) -> bool:
    """Return whether an act is negated; two negations cancel out."""
    words: Sequence[Word] = text.words
    if act is not None:
        words = words[max(0, act - _DENIED) : act + 3]
    return sum(map(_negates, words)) % 2 == 1


def _negates(word: Word) -> bool:
    return (
        (verb_of(word.low) or word.low) in _NEGATIONS
        or word.low in _NEGATIONS
        or (word.low.endswith("n't"))
    )


def is_hypothetical(text: Parsed, act: int | None) -> bool:
    """Return whether words around an act mark it as planned, asked for or supposed."""
    if act is None:
        return False
    words = text.words
    start = max(0, act - _FAR)
    for at in range(act - 1, start, -1):
        if ";" in text.text[words[at].end : words[at + 1].start]:
            start = at + 1
            break
    before = [word.low for word in words[start:act]]
    if any(one in _MODAL or verb_of(one) in _MODAL for one in before[-_NEAR:]):
        return True
    if _FAR_REACHING.intersection(before) or before[-2:] == ["to", "be"]:
        return True
    bare = words[act].low == bare_form(words[act].low) and is_verb(text, act)
    # "plans to sell the one and close the other"
    if not bare or "to" not in (near := before[-(10 if "and" in before[-3:] else 2) :]):
        return False
    governor = before[len(before) - len(near) + near.index("to") - 1 :][:1]
    return not any(verb_of(one) in _DONE for one in governor)


def is_opposite(claim: Parsed, act: int | None, sentence: Parsed, found: int | None) -> bool:
    """Return whether the sentence has the opposite act."""
    if act is None or found is None:
        return False
    own = verb_of(claim.words[act].low)
    near = range(max(0, found - 3), min(len(sentence.words), found + 2))
    others = {verb_of(sentence.words[at].low) for at in near if at in sentence.acts}
    return own is not None and any(one is not None and opposed(own, one) for one in others)


# --- comparison ---------------------------------------------------------------------


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
    own, others = verb_of(one.low), verb_of(other.low)
    sense = alike(own, others) if own and others else 0.0
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
        meant, is_destination = _goal(claim, act, mine[0]), _goal(sentence, found, after[0])
        passed = any(at in sentence.naming for at in range(found + 1, after[0]))
        if is_destination and passed and not meant:
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
    own = classes_of([word.low])
    here = [at for found in placed.values() for at in found]

    def fitness(at: int) -> float:
        other = sentence.words[at]
        near = max(_likeness(word, other), verbs_alike(claim, act, sentence, at))
        near += 0.15 * bool(own & classes_of([other.low])) - 0.25 * _hardly_verb(sentence, at)
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
