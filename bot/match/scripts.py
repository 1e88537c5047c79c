"""The n-grams of the aliases of a table, those in Latin letters apart from the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.match.candidates import NgramIndex
from bot.match.table import Table


class ScriptNgrams:
    """The n-grams of the aliases in Latin letters, or of the others, by their numbers."""

    def __init__(self, index: NgramIndex, numbers: NDArray[np.uint32]) -> None:
        self._index = index
        self._numbers = numbers

    @classmethod
    def build(cls, table: Table, *, in_latin: bool) -> Self:
        """Index the aliases of one kind."""
        numbers = np.flatnonzero(table.latin == in_latin).astype(np.uint32)
        return cls(NgramIndex.build(table.keys(numbers.tolist())), numbers)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return what ``from_arrays`` takes."""
        return {**self._index.arrays(), "numbers": self._numbers}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Self:
        """Take it out of ``arrays()``; raises KeyError or ValueError."""
        return cls(NgramIndex.from_arrays(arrays), np.asarray(arrays["numbers"], dtype=np.uint32))

    def nearest(self, key: str, limit: int) -> list[tuple[int, float]]:
        """Return up to ``limit`` ``(alias number, cosine)``, best first."""
        return [(int(self._numbers[n]), score) for n, score in self._index.nearest(key, limit)]
