"""Find candidates for a misspelt name: character n-grams, weighted by IDF, over numpy postings.

Keys are folded to an alphabet of 37 characters (a-z, 0-9, space), so that a 2-gram or 3-gram is a
number and its postings are one slice. It needs no dictionary, and building it is one sort. A name
and its misspelling share most n-grams; cosine similarity over them ranks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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
