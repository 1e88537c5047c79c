"""Find near-copies: sampled shingles find candidates, the words themselves decide. Pure.

A shingle is three words in a row. Those whose hash is 0 modulo 16 are kept, so that two texts keep
the same samples of what they share, however much longer one of them is. A lookup of a few numbers
then finds all texts that share enough. Broder's shingles and containment, as in "On the resemblance
and containment of documents" (1997), with sampling by modulus.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.models import EVERYWHERE

SHORT = 60
"""A text with fewer words is a copy only of one with exactly the same words: news sentences often
share their wording, and the few shingles of a short text prove nothing."""

FEWEST = 12
"""A text with fewer words is never a copy: two texts may well say so little in the same words."""

SHORT_DAYS = 3
"""... and was published within so many days: the same sentence recurs with every election."""

SAMPLED = 2
"""Sampled shingles that two texts must share to be compared, ..."""

LIKELY = 0.25
"""... and the minimum share of the shorter text's samples."""

COPIED = 0.4
"""Minimum share of a text's shingles that another must have to be its original. Chosen on the even
half of the benchmark ``python -m tests.bench stories``."""

_MODULUS = 16
_MOST = 1_000
"""Sampled shingles kept of one text: some 16,000 words."""

_WORD = re.compile(r"\w+")
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)
_HIGH = np.uint64(40)
_HALF = np.uint64(1)


class Sketch(NamedTuple):
    """What is kept to find a text: hashes of 63 bits, and its number of words."""

    hashes: frozenset[int]
    words: int

    @property
    def short(self) -> bool:
        """Whether it is a copy only of a text with exactly the same words."""
        return self.words < SHORT


def sketch(text: str) -> Sketch:
    """Sample a text; a short text has one hash of all its words."""
    words = _words(text)
    if len(words) < SHORT:
        return Sketch(frozenset([_whole(words)] if len(words) >= FEWEST else ()), len(words))
    every = _shingles(words)
    kept = every[(every >> _HIGH) % np.uint64(_MODULUS) == 0]
    return Sketch(frozenset(np.unique(kept)[:_MOST].tolist()), len(words))


def alike(kept: int, other_kept: int, shared: int) -> bool:
    """Return whether two sketches share enough to compare the texts."""
    fewer = min(kept, other_kept)
    return shared >= min(SAMPLED, fewer) and shared >= LIKELY * fewer


def covered(one: str, other: str) -> tuple[float, float]:
    """Return the share of the first text found in the second, and vice versa.

    The shares are of distinct shingles; short texts match entirely or not at all.
    """
    words = [_words(text) for text in (one, other)]
    if min(map(len, words)) < SHORT:
        same = float(words[0] == words[1] and len(words[0]) >= FEWEST)
        return same, same
    first, second = (np.unique(_shingles(some)) for some in words)
    common = len(np.intersect1d(first, second, assume_unique=True))
    return common / len(first), common / len(second)


class Printed(NamedTuple):
    """An article among near-copies; ``at`` is when it was published, or else first seen.

    ``publisher`` is the key of its publisher, ``named`` the keys of the originals that it credits.
    Only an article of the same ``audience``, or of everybody's, can be its original.
    """

    id: str
    at: datetime
    publisher: str
    named: frozenset[str]
    audience: str


def originals(
    printed: Iterable[Printed], shares: Mapping[tuple[str, str], float]
) -> dict[str, str]:
    """Map each near-copy to its original; other articles are absent.

    ``shares`` gives the share of the first article's words found in the second. The original is the
    one that a copy credits, else the first published; for an excerpt it is the whole text, unless
    that came later. Copies of a copy fold into the first of all.
    """
    known = {one.id: one for one in printed}
    fitting: dict[str, list[Printed]] = {}
    for (key, other), share in shares.items():
        if share < COPIED or key not in known or other not in known:
            continue
        if _may_fold(known[key], known[other], shares.get((other, key), 0.0)):
            fitting.setdefault(key, []).append(known[other])
    folds = {
        key: min(some, key=lambda one: (not _names(known[key], one), _age(one))).id
        for key, some in fitting.items()
    }
    return {key: root for key in folds if (root := _root(key, folds, known)) != key}


def _may_fold(one: Printed, other: Printed, back: float) -> bool:
    if other.audience not in (one.audience, EVERYWHERE):
        return False
    if _names(one, other) or _names(other, one):
        return _names(one, other) and (not _names(other, one) or _age(other) < _age(one))
    if other.audience != one.audience:
        return True  # the reverse is never folded, whichever came first
    return _age(other) < _age(one) if back >= COPIED else other.at <= one.at


def _names(one: Printed, other: Printed) -> bool:
    return other.publisher in one.named


def _age(one: Printed) -> tuple[datetime, str]:
    return one.at, one.id


def _root(key: str, folds: Mapping[str, str], known: Mapping[str, Printed]) -> str:
    """Follow an article to its original; in a circle, return the oldest."""
    trail: list[str] = []
    while key in folds and key not in trail:
        trail.append(key)
        key = folds[key]
    if key not in trail:
        return key
    return min(trail[trail.index(key) :], key=lambda one: _age(known[one]))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _shingles(words: list[str]) -> NDArray[np.uint64]:
    """Return a number of 63 bits for every three words in a row."""
    hashed = np.fromiter((crc32(word.encode()) for word in words), np.uint64, len(words))
    one, two, three = (hashed[start : len(hashed) - 2 + start] for start in range(3))
    mixed: NDArray[np.uint64] = (one * _FACTORS[0]) ^ (two * _FACTORS[1]) ^ (three * _FACTORS[2])
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _FACTORS[1]
    return mixed >> _HALF


def _whole(words: list[str]) -> int:
    digest = hashlib.blake2b(" ".join(words).encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1
