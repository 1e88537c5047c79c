"""Candidates for a misspelt name: character n-grams, IDF weighted, over numpy postings.

The keys are folded to an alphabet of 37 signs (a-z, 0-9, space), so that a 2-gram or
3-gram is a number and its postings are one slice: no dictionary, and a build that is
a sort. A name and its misspelling share most of their n-grams; cosine over them ranks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_SIGNS = 37
_TRIGRAMS = _SIGNS**3
_CODES = _TRIGRAMS + _SIGNS**2
"""Codes below ``_TRIGRAMS`` are 3-grams, those above are 2-grams."""

_MIN_LENGTH = 3
_COMMON_SHARE = 0.02
"""A gram in more than this share of the keys only counts once rarer ones named candidates."""

_FEW = 2000
_NEAR = 0.3
"""Keys below this share of the best cosine are no candidates."""


def _signs() -> NDArray[np.uint8]:
    table = np.zeros(256, dtype=np.uint8)
    for number, sign in enumerate("abcdefghijklmnopqrstuvwxyz0123456789", start=1):
        table[ord(sign)] = number
    return table


_TABLE = _signs()


def _grams(padded: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the codes of all 2-grams and 3-grams of a row of signs, by start."""
    pairs = padded[:-1] * _SIGNS + padded[1:]
    triples = pairs[:-1] * _SIGNS + padded[2:]
    return _TRIGRAMS + pairs, triples


def _encode(text: str) -> NDArray[np.int64]:
    return _TABLE[np.frombuffer(text.encode("ascii", "replace"), dtype=np.uint8)].astype(np.int64)


class NgramIndex:
    """The postings of a fixed list of normalised keys."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.size = len(keys)
        # Two spaces between keys: one ends a key's last gram, one begins the next's first.
        signs = _encode(" " + "  ".join(keys) + " ") if keys else np.zeros(0, dtype=np.int64)
        lengths = np.fromiter((len(key) + 2 for key in keys), dtype=np.int64, count=len(keys))
        owner = np.repeat(np.arange(len(keys), dtype=np.int64), lengths)
        code, key = self._pairs(signs, owner)
        counts = np.bincount(code, minlength=_CODES)
        self._start = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        self._postings = key.astype(np.int32)
        idf = np.log1p(len(keys) / np.maximum(counts, 1))
        self._weight = (idf * idf).astype(np.float32)
        norms = np.bincount(key, weights=self._weight[code], minlength=len(keys))
        self._norm = np.sqrt(np.maximum(norms, 1e-9)).astype(np.float32)

    @staticmethod
    def _pairs(
        signs: NDArray[np.int64], owner: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return sorted, distinct (gram, key) pairs; grams across two keys are left out."""
        if not len(signs):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        pairs, triples = _grams(signs)
        inside2, inside3 = owner[:-1] == owner[1:], owner[:-2] == owner[2:]
        code = np.concatenate((pairs[inside2], triples[inside3]))
        key = np.concatenate((owner[:-1][inside2], owner[:-2][inside3]))
        size = int(owner[-1]) + 1
        joined = np.sort(code * size + key)
        joined = joined[np.concatenate(([True], joined[1:] != joined[:-1]))]
        return joined // size, joined % size

    def nearest(self, key: str, limit: int) -> list[tuple[int, float]]:
        """Return up to ``limit`` ``(key number, cosine)``, best first, ties by number."""
        if not self.size or not key:
            return []
        pairs, triples = _grams(_encode(f" {key} "))
        grams = np.unique(np.concatenate((pairs, triples)))
        sizes = self._start[grams + 1] - self._start[grams]
        grams, sizes = grams[sizes > 0], sizes[sizes > 0]
        if not len(grams):
            return []
        rare = sizes <= max(_FEW, self.size * _COMMON_SHARE)
        if rare.sum() >= _MIN_LENGTH:
            grams = grams[rare]
        return self._rank(grams, limit)

    def _rank(self, grams: NDArray[np.int64], limit: int) -> list[tuple[int, float]]:
        slices = [self._postings[self._start[g] : self._start[g + 1]] for g in grams]
        hits = np.concatenate(slices)
        weights = np.repeat(self._weight[grams], [len(s) for s in slices])
        scores = np.bincount(hits, weights=weights, minlength=self.size).astype(np.float32)
        norm = float(np.sqrt(self._weight[grams].sum()))
        scores /= self._norm * max(norm, 1e-9)
        # Only what comes near the best is ranked: most keys share a gram or two by chance.
        near = np.flatnonzero(scores >= _NEAR * float(scores.max()))
        if len(near) > limit:
            # Ties at the cut go to the lower number, so that the order is always the same.
            cut = np.partition(scores[near], len(near) - limit)[len(near) - limit]
            above = near[scores[near] > cut]
            near = np.concatenate((above, near[scores[near] == cut][: limit - len(above)]))
        order = np.lexsort((near, -scores[near]))
        return [(int(n), float(scores[n])) for n in near[order]]
