"""How well a typed name fits one alias: a score in 0..1, and how it fits.

Two views of the same pair, of which the better counts. As one string: few edits, for
typing errors and for words joined or split. As words: aligned one to one, each weighted
by how rare it is among all names (IDF), for words left out or in another order; rare words
on both sides that have no counterpart contradict each other, so that "mohammed al thani"
is no other Al Thani, and certainly not Thailand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from bot.text.english import is_common
from bot.text.names import FILLERS

How = Literal["exact", "typo", "reordered", "partial"]

EDITS = ((12, 3), (9, 2), (4, 1))
"""From this length up, so many edits may be a typing error; none in shorter names."""

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
    """A score and what it rests on."""

    score: float
    how: How
    edits: int = 0


def allowed_edits(length: int) -> int:
    """How many edits may be a typing error in a name of ``length`` letters."""
    return next((edits for least, edits in EDITS if length >= least), 0)


class Scorer:
    """Rates queries against aliases; the weights of words come from all aliases."""

    def __init__(self, owners: Mapping[str, int], total: int) -> None:
        """Take by how many of the ``total`` actors each word is borne."""
        self.owners = owners
        self._total = total
        self._rarest = self._weigh("?", 1)

    def _weigh(self, word: str, owners: int) -> float:
        if word in FILLERS:
            return _FILLER_WEIGHT
        return math.log(1 + (self._total + 1) / (owners + 0.5))

    def weight(self, word: str) -> float:
        """Weight of a word; common English that no name holds weighs little."""
        owners = self.owners.get(word)
        if owners is not None:
            return self._weigh(word, owners)
        return self._rarest * _COMMON_WEIGHT if is_common(word) else self._rarest

    def says_much(self, words: Sequence[str]) -> bool:
        """Whether words together are rare enough to tell one person from all others."""
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
            score *= _LOOSE_WORD  # one misspelt word of several is little to go by
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
        edits = 1  # two letters have changed places, neighbours or not: Lybia
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
    errors, yet not three in one short word, as *Khin Maung Yi* and *Khin Maung Swe*."""
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
    """How alike two words are, 0..1; 0 unless one may be a misspelling of the other."""
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
