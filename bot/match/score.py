"""Compare names: a typed name and one alias, or many candidates at once.

``Scorer.rate`` takes the better of two views of a pair. As one string: few edits, for typing errors
and for words joined or split. As words: aligned one to one, each weighted by its rarity among all
names (IDF), for words left out or in another order. Rare words on both sides without a counterpart
contradict each other, so that "mohammed al thani" is no other Al Thani, and not Thailand.

``likeness`` blends five views: shared n-grams, edits over the whole, the share of the query's words
(weighted by rarity) that the alias has, the share of the alias's words that the query has, and the
product of both. Words are compared by letters and by sound; neighbours written as one word (*aman
ullah*, *amanullah*) match it. Its weights were learned as a ranking over the development halves of
the sets in ``tests/bench/actors.py``.

``same_name`` is a logistic blend of the rules' ratings in both directions, the word with the worst
counterpart on either side, words without any on both sides, and equality except for spaces. Its
weights were learned on the development half of the pairs in ``tests/bench/name_pairs.py``.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from bot.models import ActorType
from bot.text.english import is_common
from bot.text.names import FILLERS, normalise, strip_honorifics

How = Literal["exact", "typo", "reordered", "partial"]

EDITS = ((12, 3), (9, 2), (4, 1))
"""Minimum lengths, and how many edits may be a typing error there; none in shorter names."""

EDIT_SCORES = {1: 0.93, 2: 0.9, 3: 0.87}
"""Score of a name within its allowed edits; a swap of neighbours counts as one."""

FAR_EDIT_SCORE = 0.74
"""One edit more than allowed: worth proposing, not worth assuming."""

SHORT_EDIT_SCORE = 0.72
"""One edit, no swap, in a name of four letters: Iran and Iraq, Mali and Male."""

FIRST_LETTER_COST = 0.12
"""People seldom mistype the first letter."""

CONTRADICTION = 0.55
"""What is left of a score when rare words on both sides have no counterpart."""

_PARTIAL_FLOOR = 0.66
_COMMON_WEIGHT = 0.35
_FILLER_WEIGHT = 0.08
_WORD_SIMILARITY = 0.7
_INITIAL = 0.9
_TELLING = 1.3
_LOOSE_WORD = 0.85


@dataclass(frozen=True, slots=True)
class Rating:
    """A score and its basis."""

    score: float
    how: How
    edits: int = 0


def allowed_edits(length: int) -> int:
    """Return how many edits may be a typing error in a name of ``length`` letters."""
    return next((edits for least, edits in EDITS if length >= least), 0)


class Scorer:
    """Rates queries against aliases; the weights of words come from all aliases."""

    def __init__(self, owners: Mapping[str, int], total: int) -> None:
        """``owners`` counts, for each word, how many of the ``total`` actors have it."""
        self.owners = owners
        self._total = total
        self._rarest = self._weigh("?", 1)

    def _weigh(self, word: str, owners: int) -> float:
        if word in FILLERS:
            return _FILLER_WEIGHT
        return math.log(1 + (self._total + 1) / (owners + 0.5))

    def weight(self, word: str) -> float:
        """Return the weight of a word; common English words that no name contains weigh little."""
        owners = self.owners.get(word)
        if owners is not None:
            return self._weigh(word, owners)
        return self._rarest * _COMMON_WEIGHT if is_common(word) else self._rarest

    def says_much(self, words: Sequence[str]) -> bool:
        """Whether words together are rare enough to identify a person."""
        return sum(self.weight(word) for word in words) > _TELLING * self._rarest

    def rate(self, query: Sequence[str], alias: Sequence[str], *, person: bool) -> Rating:
        """Rate normalised words against normalised words."""
        return max(
            _as_string(query, alias),
            self._as_words(query, alias, person=person),
            key=lambda rating: rating.score,
        )

    def _as_words(self, query: Sequence[str], alias: Sequence[str], *, person: bool) -> Rating:
        pairs = _align(query, alias)
        q_weights = [self.weight(word) for word in query]
        a_weights = [self.weight(word) for word in alias]
        q_all, a_all = sum(q_weights), sum(a_weights)
        q_hit = sum(q_weights[i] * sim for i, _, sim in pairs)
        a_hit = sum(a_weights[j] * sim for _, j, sim in pairs)
        if not pairs or q_hit <= 0:
            return Rating(0.0, "partial")
        covered, share = q_hit / q_all, a_hit / a_all
        if person and any(j == len(alias) - 1 and sim == 1 for _, j, sim in pairs):
            share = max(share, 0.8)
        score = covered * (_PARTIAL_FLOOR + (1 - _PARTIAL_FLOOR) * share)
        q_left = q_all - sum(q_weights[i] for i, _, _ in pairs)
        a_left = a_all - sum(a_weights[j] for _, j, _ in pairs)
        if min(q_left, a_left) > 0.25 * self._rarest:
            score *= CONTRADICTION
        if _numbers(query) and _numbers(alias) and _numbers(query) != _numbers(alias):
            score *= CONTRADICTION
        if len(query) == 1 < len(alias) and pairs[0][2] < 1:
            score *= _LOOSE_WORD  # one misspelt word of several is weak evidence
        chars = max(
            fuzz.ratio(" ".join(query), " ".join(alias)),
            fuzz.token_sort_ratio(" ".join(query), " ".join(alias)),
        )
        score = 0.93 * score + 0.07 * chars / 100
        return Rating(min(score, 0.97), _how(pairs, query, alias))


def _how(
    pairs: Sequence[tuple[int, int, float]], query: Sequence[str], alias: Sequence[str]
) -> How:
    used_q, used_a = {i for i, _, _ in pairs}, {j for _, j, _ in pairs}
    left = [w for i, w in enumerate(query) if i not in used_q]
    left += [w for j, w in enumerate(alias) if j not in used_a]
    if any(word not in FILLERS for word in left):
        return "partial"
    if any(sim < 1 for _, _, sim in pairs):
        return "typo"
    ordered = sorted(pairs)
    if any(a[1] > b[1] for a, b in pairwise(ordered)):
        return "reordered"
    return "partial" if left else "exact"


def _as_string(query: Sequence[str], alias: Sequence[str]) -> Rating:
    """Compare as one string without spaces: edits, and words joined or split."""
    left, right = "".join(query), "".join(alias)
    length = min(len(left), len(right))
    allowed = allowed_edits(length)
    edits = OSA.distance(left, right, score_cutoff=allowed + 1)
    if edits == 2 and length >= 5 and left[0] == right[0] and sorted(left) == sorted(right):
        edits = 1  # two swapped letters, adjacent or not: Lybia
    if edits == 0:
        return Rating(0.97, "exact" if query == alias else "typo")
    if edits > allowed + 1 or length < 4:
        return Rating(0.0, "typo", edits)
    if _numbers(query) != _numbers(alias):
        return Rating(0.0, "typo", edits)
    if edits > allowed or not _each_may_be(query, alias):
        score = FAR_EDIT_SCORE if length > 5 else 0.0
    elif length == 4 and sorted(left) != sorted(right):
        score = SHORT_EDIT_SCORE
    else:
        score = EDIT_SCORES[edits]
    swapped = left[:2] == right[:2][::-1]
    if left[0] != right[0] and not swapped:
        score -= FIRST_LETTER_COST
    return Rating(max(score, 0.0), "typo", edits)


def _each_may_be(query: Sequence[str], alias: Sequence[str]) -> bool:
    """Whether every word may be a misspelling of its counterpart: a long name may have three
    errors, but not all in one short word, as *Khin Maung Yi* and *Khin Maung Swe*."""
    if len(query) != len(alias) or len(query) == 1:
        return True
    for left, right in zip(query, alias, strict=True):
        allowed = allowed_edits(max(len(left), len(right)))
        swapped = sorted(left) == sorted(right)
        if not swapped and OSA.distance(left, right, score_cutoff=allowed) > allowed:
            return False
    return True


def _align(query: Sequence[str], alias: Sequence[str]) -> list[tuple[int, int, float]]:
    """Pair the words of two names one to one, best pairs first: ``(i, j, similarity)``."""
    if len(query) == 1 and len(alias) == 1:
        alike = similar(query[0], alias[0])
        return [(0, 0, alike)] if alike else []
    options = [
        (-alike, i, j)
        for i, q in enumerate(query)
        for j, a in enumerate(alias)
        if (alike := similar(q, a))
    ]
    pairs: list[tuple[int, int, float]] = []
    used_q: set[int] = set()
    used_a: set[int] = set()
    for negative, i, j in sorted(options):
        if i not in used_q and j not in used_a:
            used_q.add(i)
            used_a.add(j)
            pairs.append((i, j, -negative))
    return pairs


def similar(left: str, right: str) -> float:
    """Return the similarity of two words, 0..1; 0 unless one may be a misspelling of the other."""
    if left == right:
        return 1.0
    if len(left) == 1 or len(right) == 1:
        return _INITIAL if left[0] == right[0] and left not in FILLERS else 0.0
    if abs(len(left) - len(right)) > 3:
        return 0.0
    allowed = allowed_edits(min(len(left), len(right)))
    if not allowed:
        return 0.0
    edits = OSA.distance(left, right, score_cutoff=allowed)
    if edits > allowed or (left[0] != right[0] and left[:2] != right[:2][::-1]):
        return 0.0
    alike = 1 - edits / max(len(left), len(right))
    return alike if alike >= _WORD_SIMILARITY else 0.0


def _numbers(words: Sequence[str]) -> set[str]:
    return {word for word in words if word.isdigit()}


_SOUNDS_AS = (
    "ph:f kh:k gh:g ck:k q:k dh:d th:t zh:j sch:s sh:s ch:j c:k tz:z ts:z dj:j ou:u oo:u ee:i "
    "ie:i ei:i ai:i ay:i y:i w:v x:ks o:u e:i"
)
_RULES = tuple((a, b) for a, _, b in (rule.partition(":") for rule in _SOUNDS_AS.split()))
_TWICE = re.compile(r"(.)\1+")
_SHORT_WORD = 3


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """Fold a normalised word by sound: *gadhafi* and *qaddafi*, *mohammed* and *muhamad* come near.

    Not a phonetic alphabet, which would conflate too many names: *Iran* and *Iraq* differ.
    """
    for spelt, kept in _RULES:
        word = word.replace(spelt, kept)
    word = _TWICE.sub(r"\1", word)
    return word[:-1] if len(word) > _SHORT_WORD and word.endswith("h") else word


Floats = NDArray[np.float32]

_COSINE, _RATIO, _COVERED, _SHARE, _BOTH = 0.226, 0.143, 0.232, 0.148, 0.251
_SOUND = 0.97
_LEAST = 0.65
"""Words with a lower similarity are different words."""
_JOINED = 0.8
_SAME_INITIAL = 0.75
_BACKING, _NEARLY = 0.1, 0.18
_RATED, _OF_EACH = 12, 2


def likeness(
    query: Sequence[str], keys: Sequence[str], cosines: Sequence[float], scorer: Scorer
) -> Floats:
    """Compare the words of a query with normalised keys; returns 0..1 for each key."""
    split = [key.split() for key in keys]
    starts = np.cumsum([0, *(len(words) for words in split)])[:-1]
    words = [word for one in split for word in one]
    alike = _aligned(query, split, words, starts)
    wanted = np.array([scorer.weight(word) for word in query], dtype=np.float32)
    weights = np.array([scorer.weight(word) for word in words], dtype=np.float32)
    covered = wanted @ np.maximum.reduceat(alike, starts, axis=1) / wanted.sum()
    shared = np.add.reduceat(weights * alike.max(axis=0), starts)
    share = shared / np.add.reduceat(weights, starts)
    ratio = cdist([" ".join(query)], keys, scorer=fuzz.ratio)[0] / 100
    blend = _COSINE * np.asarray(cosines, dtype=np.float32) + _RATIO * ratio
    blend += _COVERED * covered + _SHARE * share + _BOTH * covered * share
    return np.asarray(np.minimum(blend, 1), dtype=np.float32)


def backing(actors: Sequence[int], alike: Sequence[float]) -> list[float]:
    """Return the bonus of aliases for up to two nearly as similar aliases of the same actor."""
    of: dict[int, list[float]] = {}
    for actor, value in zip(actors, alike, strict=True):
        of.setdefault(actor, []).append(value)
    gains: dict[int, float] = {}
    for actor, values in of.items():
        first, *others = sorted(values, reverse=True)[:3]
        gains[actor] = _BACKING * sum(max(0.0, value - first + _NEARLY) for value in others)
    return [gains[actor] for actor in actors]


def foremost(order: Sequence[int], actors: Sequence[int]) -> list[int]:
    """Keep the first few, and at most two of each actor: rating is slow."""
    kept: list[int] = []
    seen: Counter[int] = Counter()
    for number in order:
        seen[actors[number]] += 1
        if seen[actors[number]] <= _OF_EACH:
            kept.append(number)
        if len(kept) == _RATED:
            break
    return kept


def _aligned(
    query: Sequence[str],
    split: Sequence[Sequence[str]],
    words: Sequence[str],
    starts: NDArray[np.int64],
) -> Floats:
    """Return the similarity of each query word and each word of the keys: (query, words)."""
    joins = [
        (int(start) + n, a + b)
        for start, one in zip(starts, split, strict=True)
        for n, (a, b) in enumerate(pairwise(one))
    ]
    typed = [*query, *(a + b for a, b in pairwise(query))]
    compared = list(dict.fromkeys([*words, *(word for _, word in joins)]))
    place = {word: n for n, word in enumerate(compared)}
    table = words_alike(typed, compared)
    alike = table[: len(query), [place[word] for word in words]]
    for n in range(len(query) - 1):
        joined = table[len(query) + n, [place[word] for word in words]]
        joined = np.where(joined >= _JOINED, joined, 0)
        alike[n : n + 2] = np.maximum(alike[n : n + 2], joined)
    if joins:
        at = np.array([n for n, _ in joins])
        joined = table[: len(query), [place[word] for _, word in joins]]
        joined = np.where(joined >= _JOINED, joined, 0)
        alike[:, at] = np.maximum(alike[:, at], joined)
        alike[:, at + 1] = np.maximum(alike[:, at + 1], joined)
    return alike


def words_alike(left: Sequence[str], right: Sequence[str]) -> Floats:
    """Return the similarity of words, by letters or by sound, 0..1: (left, right)."""
    letters = cdist(left, right, scorer=OSA.normalized_similarity)
    sounds = cdist(
        [sound(word) for word in left],
        [sound(word) for word in right],
        scorer=OSA.normalized_similarity,
    )
    alike = np.maximum(letters, _SOUND * sounds)
    alike[alike < _LEAST] = 0
    initials = np.array([word[0] for word in left])[:, None] == np.array([w[0] for w in right])
    short = np.array([len(w) == 1 for w in left])[:, None] | np.array([len(w) == 1 for w in right])
    alike[initials & short] = np.maximum(alike[initials & short], _SAME_INITIAL)
    return np.asarray(alike, dtype=np.float32)


SAME = 0.48
"""From this score on, two names count as one."""

_LOWER, _HIGHER, _POOREST, _BETTER, _APART, _EQUAL, _BASE = (
    0.4,
    1.43,
    1.46,
    1.42,
    -0.42,
    2.07,
    -2.01,
)

_FORMS = frozenset(
    """
    ltd limited llc llp lp inc incorporated corp corporation co company gmbh ag sa sarl srl spa
    bv nv plc oao ooo zao pao jsc ojsc pjsc cjsc kg as ab oy the of and de sprl sl lda
    """.split()
)
"""Legal forms and small words, which do not distinguish bodies."""


def same_name(left: str, right: str, kind: ActorType, scorer: Scorer) -> float:
    """Return the probability that two names are of one actor of this kind, 0..1."""
    one, two = _words(left, kind), _words(right, kind)
    if not one or not two:
        return 0.0
    person = kind is ActorType.PERSON
    ratings = [
        scorer.rate(one, two, person=person).score,
        scorer.rate(two, one, person=person).score,
    ]
    alike = words_alike(one, two)
    of_left, of_right = alike.max(axis=1), alike.max(axis=0)
    poorest = [float(of_left.min()), float(of_right.min())]
    total = (
        _BASE
        + _LOWER * min(ratings)
        + _HIGHER * max(ratings)
        + _POOREST * min(poorest)
        + _BETTER * max(poorest)
        + _APART * (max(poorest) == 0)
        + _EQUAL * ("".join(one) == "".join(two))
    )
    return 1 / (1 + math.exp(-total))


def _words(name: str, kind: ActorType) -> list[str]:
    """Return the significant words: a person's without titles, a body's without its legal form."""
    words = normalise(name).split()
    if kind is ActorType.PERSON:
        return normalise(strip_honorifics(name)[0]).split() or words
    return [word for word in words if word not in _FORMS] or words
