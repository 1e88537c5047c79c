"""Checksums of many keys at once: what an alias table is looked up by.

Sums of signs, each weighted by its place or its kind, modulo 2**64: numpy makes them of
thousands of keys in a few passes, and what may change places counts without its place.
Different keys may share one; whoever looks a key up by it compares the keys themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import cycle
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.match.entries import TELLING, initials, loose
from bot.text.names import FILLERS

Sums = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]

_SPACE = ord(" ")
_SHUFFLED = 12
"""Two letters that changed places leave few n-grams whole only in a name this short."""

_PLACES = 1024
"""A power of two; in a longer key the weights of the places begin again."""

_chance = np.random.Generator(np.random.PCG64(20260101))
_BY_PLACE = _chance.integers(2**63, 2**64, _PLACES, dtype=np.uint64) | np.uint64(1)
_PLAIN_BY_PLACE: list[int] = _BY_PLACE.tolist()
_64_BITS = 2**64 - 1
_BY_SIGN = _chance.integers(2**63, 2**64, 256, dtype=np.uint64) | np.uint64(1)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_HALF, _THIRD = np.uint64(32), np.uint64(29)


class Keys:
    """Some normalised keys, none of them empty, laid out one after another."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._joined = "".join(keys)
        raw = np.frombuffer(self._joined.encode("ascii"), dtype=np.uint8)
        self.spaces = raw == _SPACE
        self.signs = np.where(self.spaces, 0, raw)
        self.lengths = np.fromiter(map(len, keys), dtype=np.int64, count=len(keys))
        self.starts = np.cumsum(self.lengths) - self.lengths
        begins = np.zeros(len(raw), dtype=np.bool_)
        begins[1:] = self.spaces[:-1]
        begins[self.starts] = True
        self.word_starts = np.flatnonzero(begins)
        self.first_words = np.searchsorted(self.word_starts, self.starts)
        self.counts = _lengths(self.first_words, len(self.word_starts))

    @cached_property
    def words(self) -> Sums:
        """The checksum of each word of each key, in their order."""
        return _placed(self.signs, self.word_starts)

    @cached_property
    def telling(self) -> Flags:
        """Which words are no fillers."""
        return np.isin(self.words, _FILLERS, invert=True)

    def of(self) -> Numbers:
        """Return the number of the key that each word is of."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    def texts(self, numbers: Numbers) -> list[str]:
        """Return words by their numbers."""
        starts = self.word_starts[numbers]
        ends = starts + _lengths(self.word_starts, len(self.signs))[numbers]
        return [
            self._joined[start:end].rstrip()
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]


class Index(NamedTuple):
    """A way to look keys up.

    ``made`` gives what is compared, from a key; ``of_all`` the checksums of keys, and which
    of them have one; ``of_one`` the checksum of what ``made`` gave.
    """

    made: Callable[[str], str]
    of_all: Callable[[Keys], tuple[Sums, Flags]]
    of_one: Callable[[str], int]


def _whole(keys: Keys) -> tuple[Sums, Flags]:
    return _placed(keys.signs, keys.starts), keys.lengths > 0


def _letters(keys: Keys) -> tuple[Sums, Flags]:
    return _summed(_BY_SIGN[keys.signs], keys.starts), keys.lengths <= _SHUFFLED


def _loose(keys: Keys) -> tuple[Sums, Flags]:
    sums = _summed(_spread(keys.words) * keys.telling, keys.first_words)
    return sums, (keys.counts > 1) & (_telling(keys) > 0)


def _initials(keys: Keys) -> tuple[Sums, Flags]:
    before: Numbers = np.cumsum(keys.telling) - keys.telling
    rank: Numbers = before - np.repeat(before[keys.first_words], keys.counts)
    heads = keys.signs[keys.word_starts] * keys.telling
    count = _telling(keys)
    few = (count >= TELLING.start) & (count < TELLING.stop)
    return _summed(heads * _BY_PLACE[rank & (_PLACES - 1)], keys.first_words), few


def _telling(keys: Keys) -> Numbers:
    return np.add.reduceat(keys.telling, keys.first_words, dtype=np.int64)


def _one(text: str) -> int:
    """The same as ``_whole`` of one key, without its detours."""
    signs = text.encode("ascii").replace(b" ", b"\0")
    return sum(place * sign for place, sign in zip(cycle(_PLAIN_BY_PLACE), signs)) & _64_BITS


def _placed(signs: NDArray[np.uint8], starts: Numbers) -> Sums:
    """Sum the signs from each start to the next, weighted by their places after it."""
    place = np.arange(len(signs)) - np.repeat(starts, _lengths(starts, len(signs)))
    return _summed(_BY_PLACE[place & (_PLACES - 1)] * signs, starts)


def _summed(values: Sums, starts: Numbers) -> Sums:
    return np.add.reduceat(values, starts)


def _lengths(starts: Numbers, end: int) -> Numbers:
    return np.diff(starts, append=end)


def _spread(words: Sums) -> Sums:
    """Break what is linear, or words could trade letters unseen."""
    return ((words ^ (words >> _THIRD)) * _SPREAD) >> _HALF


def _loose_of(text: str) -> int:
    return int(_spread(np.array([_one(word) for word in text.split()], dtype=np.uint64)).sum())


def _letters_of(text: str) -> int:
    return int(_letters(Keys([text]))[0][0]) if text else 0


def letters(key: str) -> str:
    """What stays the same when letters change places."""
    return "".join(sorted(key))


INDEXES = {
    "key": Index(str, _whole, _one),
    "loose": Index(lambda key: loose(key) if " " in key else "", _loose, _loose_of),
    "letters": Index(
        lambda key: letters(key) if len(key) <= _SHUFFLED else "", _letters, _letters_of
    ),
    "initials": Index(initials, _initials, _one),
}
"""What an alias is looked up by, from its key; where ``made`` gives nothing, it is left out."""

_FILLERS = np.array([_one(word) for word in sorted(FILLERS)], dtype=np.uint64)
