"""English words: which are common, which are first names, and how rare each is in news.

The list of common words tells what a typed word most likely is when it is no name: a fuzzy matcher
would otherwise take *chain* for China and *women* for Yemen. Regular endings are taken off, so
that the list holds stems.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

import tantivy

_SUFFIXES = (
    ("ies", "y"), ("ied", "y"), ("ily", "y"), ("es", ""), ("es", "e"), ("s", ""), ("ed", ""),
    ("ed", "e"),
    ("ing", ""), ("ing", "e"), ("er", ""), ("er", "e"), ("ers", ""), ("ers", "e"), ("ly", ""),
    ("ment", ""), ("ments", ""), ("ness", ""), ("al", ""), ("ive", "e"), ("ion", ""), ("ion", "e"),
    ("ions", ""), ("ions", "e"), ("ation", "e"), ("ations", "e"), ("ation", ""), ("able", ""),
    ("ful", ""), ("less", ""), ("or", ""), ("ors", ""), ("or", "e"), ("ors", "e"),
)  # fmt: skip


def _words_of(name: str) -> frozenset[str]:
    """Read a list of words of ``seeds/words``."""
    text = resources.files("seeds").joinpath("words", name).read_text("utf-8")
    return frozenset(
        word for line in text.splitlines() if not line.startswith("#") for word in line.split()
    )


COMMON = _words_of("common.txt")
"""Common English words, lower case, uninflected where the ending is regular."""

GIVEN_NAMES = _words_of("given_names.txt")
"""Common first names: no misspelling of an actor's name (Susan is not Sudan)."""


@lru_cache(maxsize=65536)
def is_common(word: str) -> bool:
    """Whether a word, normalised, is a common English one in any regular form; digits are."""
    if word in COMMON or word.isdigit():
        return True
    for ending, stem in _SUFFIXES:
        if word.endswith(ending):
            root = word[: len(word) - len(ending)]
            if len(root) < 2:
                continue
            if root + stem in COMMON or (root[-1:] * 2 == root[-2:] and root[:-1] in COMMON):
                return True
    return False


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
