"""Candidates for a misspelt name: character n-grams, IDF weighted, over numpy postings.

The keys are folded to an alphabet of 37 signs (a-z, 0-9, space), so that a 2-gram or
3-gram is a number and its postings are one slice: no dictionary, and a build that is
a sort. A name and its misspelling share most of their n-grams; cosine over them ranks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[np.generic]]

_SIGNS = 37
_TRIGRAMS = _SIGNS**3
_CODES = _TRIGRAMS + _SIGNS**2
"""Codes below ``_TRIGRAMS`` are 3-grams, those above are 2-grams."""

_BUDGET = 100_000
"""Postings read for one query, rarest grams first: what bounds the time in a long list."""

_LEAST = 4
"""So many grams are read whatever they cost."""

_NEAR = 0.3
"""Keys below this share of the best cosine are no candidates."""


def _signs() -> NDArray[np.uint8]:
    table = np.zeros(256, dtype=np.uint8)
    for number, sign in enumerate("abcdefghijklmnopqrstuvwxyz0123456789", start=1):
        table[ord(sign)] = number
    return table


_TABLE = _signs()


def _encode(text: bytes) -> NDArray[np.uint32]:
    return _TABLE[np.frombuffer(text, dtype=np.uint8)].astype(np.uint32)


def _grams(signs: NDArray[np.uint32], size: int) -> NDArray[np.uint32]:
    """Return the codes of all 2-grams or 3-grams of a row of signs, by start."""
    pairs = signs[:-1] * np.uint32(_SIGNS) + signs[1:]
    if size == 2:
        return pairs + np.uint32(_TRIGRAMS)
    return pairs[:-1] * np.uint32(_SIGNS) + signs[2:]


class NgramIndex:
    """The postings of a fixed list of normalised keys.

    ``start`` (int64, one more than there are codes) says where each gram's keys begin in
    ``postings`` (uint32); ``weight`` and ``inverse_norm`` (float32) make it a cosine.
    """

    def __init__(
        self,
        start: NDArray[np.int64],
        postings: NDArray[np.uint32],
        weight: NDArray[np.float32],
        inverse_norm: NDArray[np.float32],
    ) -> None:
        self.size = len(inverse_norm)
        self._start = start
        self._postings = postings
        self._weight = weight
        self._inverse_norm = inverse_norm

    @classmethod
    def build(cls, keys: Sequence[str]) -> Self:
        """Index ``keys``, by their position."""
        # Two spaces between keys: one ends a key's last gram, one begins the next's first.
        text = (" " + "  ".join(keys) + " ").encode("ascii", "replace") if keys else b""
        lengths = np.fromiter((len(key) + 2 for key in keys), dtype=np.uint32, count=len(keys))
        signs = _encode(text)
        owner = np.repeat(np.arange(len(keys), dtype=np.uint32), lengths)
        counts = np.zeros(_CODES, dtype=np.int64)
        parts: list[tuple[NDArray[np.uint32], NDArray[np.uint16]]] = []
        for size in (3, 2):
            key, code = _sorted_pairs(signs, owner, size)
            counts += np.bincount(code, minlength=_CODES)
            parts.append((key, code))
        idf = np.log1p(len(keys) / np.maximum(counts, 1))
        weight = (idf * idf).astype(np.float32)
        norms = np.zeros(len(keys))
        for key, code in parts:
            norms += np.bincount(key, weights=weight[code], minlength=len(keys))
        return cls(
            np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            np.concatenate([key for key, _ in parts]),
            weight,
            (1 / np.sqrt(np.maximum(norms, 1e-9))).astype(np.float32),
        )

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return what ``from_arrays`` takes."""
        return {
            "start": self._start,
            "postings": self._postings,
            "weight": self._weight,
            "inverse_norm": self._inverse_norm,
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        """Take an index out of ``arrays()``; raises KeyError or ValueError if it is none."""
        start = np.asarray(arrays["start"], dtype=np.int64)
        postings = np.asarray(arrays["postings"], dtype=np.uint32)
        weight = np.asarray(arrays["weight"], dtype=np.float32)
        norm = np.asarray(arrays["inverse_norm"], dtype=np.float32)
        if len(start) != _CODES + 1 or len(weight) != _CODES or start[-1] != len(postings):
            raise ValueError("the postings do not fit their index")
        if len(postings) and int(postings.max()) >= len(norm):
            raise ValueError("a posting points to no key")
        return cls(start, postings, weight, norm)

    def nearest(self, key: str, limit: int) -> list[tuple[int, float]]:
        """Return up to ``limit`` ``(key number, cosine)``, best first, ties by number."""
        if not self.size or not key:
            return []
        signs = _encode(f" {key} ".encode("ascii", "replace"))
        grams = np.unique(np.concatenate((_grams(signs, 2), _grams(signs, 3)))).astype(np.int64)
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
        scores = np.zeros(self.size, dtype=np.float32)
        for gram in read.tolist():
            scores[self._postings[self._start[gram] : self._start[gram + 1]]] += self._weight[gram]
        scores *= self._inverse_norm
        scores /= np.float32(np.sqrt(self._weight[grams].sum()))
        # Only what comes near the best is ranked: most keys share a gram or two by chance.
        near = np.flatnonzero(scores >= max(_NEAR * float(scores.max()), 1e-6))
        if len(near) > limit:
            # Ties at the cut go to the lower number, so that the order is always the same.
            cut = np.partition(scores[near], len(near) - limit)[len(near) - limit]
            above = near[scores[near] > cut]
            near = np.concatenate((above, near[scores[near] == cut][: limit - len(above)]))
        order = np.lexsort((near, -scores[near]))
        return [(int(n), float(scores[n])) for n in near[order]]


def _sorted_pairs(
    signs: NDArray[np.uint32], owner: NDArray[np.uint32], size: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
    """Return the distinct (key, gram) pairs, by gram, then key; none lies across two keys."""
    if not len(signs):
        return np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint16)
    last = owner[size - 1 :]
    inside = owner[: len(last)] == last
    joined = _grams(signs, size)[inside].astype(np.uint64) << np.uint64(32)
    joined |= last[inside]
    joined.sort()
    joined = joined[np.concatenate(([True], joined[1:] != joined[:-1]))]
    return joined.astype(np.uint32), (joined >> np.uint64(32)).astype(np.uint16)
