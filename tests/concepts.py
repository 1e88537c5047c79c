"""An embedding small enough to see through: texts are alike where they tell of the same things."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.search.meaning import Kind

CONCEPTS = (
    {"quake", "earthquake", "tremor", "shook"},
    {"talks", "met", "meeting", "negotiations"},
    {"wheat", "grain", "harvest"},
    {"qatar", "doha"},
    {"iran", "tehran"},
)


class Concepts:
    """One dimension for each of CONCEPTS and one for all else; counts what it embedded."""

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def __call__(self, texts: Sequence[str], kind: Kind) -> NDArray[np.float32]:
        self.embedded += [text for text in texts if kind == "passage"]
        return np.stack([_vector(text) for text in texts])


def _vector(text: str) -> NDArray[np.float32]:
    words = set(re.findall(r"\w+", text.lower()))
    found = np.array([*(bool(words & one) for one in CONCEPTS), 0.25], dtype=np.float32)
    length: NDArray[np.float32] = found / np.linalg.norm(found)
    return length
