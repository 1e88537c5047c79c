"""How rare a word of news is: what two texts have in common counts by it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

import tantivy

_LONGEST = 40
_WORD = re.compile(r"[^\W_]+")
_TABLE = ("words", "rarity.txt")


@cache
def _analyzer() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def stems(text: str) -> list[str]:
    """The words of a text in order: lower case, accents folded, English stems, no stop words."""
    return [stem for word in _WORD.findall(text) if (stem := _stem(word))]


@lru_cache(maxsize=30_000)
def _stem(word: str) -> str:
    """The stem of a word, empty for a stop word: most words come again."""
    return next(iter(_analyzer().analyze(word)), "")


@cache
def rarities() -> tuple[Mapping[str, float], float]:
    """How rare each listed stem is, and any that is not listed.

    The natural logarithm of how many news items there are for one that has it, from the table
    ``seeds/words/rarity.txt``, whose head names its source.
    """
    text = resources.files("seeds").joinpath(*_TABLE).read_text("utf-8")
    found: dict[str, float] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            weight, _, listed = line.partition(" ")
            found.update(dict.fromkeys(listed.split(), float(weight)))
    return found, max(found.values())
