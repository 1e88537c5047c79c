"""How alike a typed name and many candidates look: one number each, all at once.

A blend of five views: shared n-grams, edits over the whole, the share of the query's words
(weighted by rarity) that the alias has, the share of the alias's that the query has, and
both together. Words are compared by letters and by sound; neighbours that are written as
one word (*aman ullah*, *amanullah*) count as it. The weights were learned as a ranking
over the development halves of the sets in ``tests/bench/actors.py``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from bot.match.score import Scorer

_SAME = (
    "ph:f kh:k gh:g ck:k q:k dh:d th:t zh:j sch:s sh:s ch:j c:k tz:z ts:z dj:j ou:u oo:u ee:i "
    "ie:i ei:i ai:i ay:i y:i w:v x:ks o:u e:i"
)
_RULES = tuple((a, b) for a, _, b in (rule.partition(":") for rule in _SAME.split()))
_TWICE = re.compile(r"(.)\1+")
_SHORT = 3


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """Fold a normalised word: *gadhafi* and *qaddafi*, *mohammed* and *muhamad* come near.

    Not a phonetic alphabet, which would make too many names one: *Iran* and *Iraq* differ.
    """
    for spelt, kept in _RULES:
        word = word.replace(spelt, kept)
    word = _TWICE.sub(r"\1", word)
    return word[:-1] if len(word) > _SHORT and word.endswith("h") else word


Floats = NDArray[np.float32]

_COSINE, _RATIO, _COVERED, _SHARE, _BOTH = 0.226, 0.143, 0.232, 0.148, 0.251
_SOUND = 0.97
_LEAST = 0.65
"""Words less alike than this are different words."""
_JOINED = 0.8
_INITIAL = 0.75
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
    """What an alias gains by two others of its actor that look nearly as much alike."""
    of: dict[int, list[float]] = {}
    for actor, value in zip(actors, alike, strict=True):
        of.setdefault(actor, []).append(value)
    gains: dict[int, float] = {}
    for actor, values in of.items():
        first, *others = sorted(values, reverse=True)[:3]
        gains[actor] = _BACKING * sum(max(0.0, value - first + _NEARLY) for value in others)
    return [gains[actor] for actor in actors]


def foremost(order: Sequence[int], actors: Sequence[int]) -> list[int]:
    """Keep the first few, and of each actor no more than two: rating one takes long."""
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
    """How alike each query word and each word of the keys are: (query, words)."""
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
    """How alike words are, by letters or by sound, 0..1: (left, right)."""
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
    alike[initials & short] = np.maximum(alike[initials & short], _INITIAL)
    return np.asarray(alike, dtype=np.float32)
