"""Classify texts: is an article hard news, and does a sentence report an event?

Two multinomial logistic regressions with named features. One classifies articles by their vector,
their title and the words of their address; the other classifies sentences by their shape and the
kind of their article. ``seeds/build_kinds.py`` trains ``seeds/weights/kinds.npz``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from bot.read.extraction import softmax

ARTICLES = ("news", "analysis", "opinion", "sport", "culture", "list")
"""``list`` includes quizzes, newsletters, live blogs and galleries."""

SENTENCES = ("event", "quote", "background", "boilerplate", "colour")
"""``boilerplate`` includes captions, teasers and headings."""

HARD = ("news", "analysis")
SOFT = ("opinion", "sport", "culture", "list")

ADDRESS_WORDS = 6
"""Words of a link's path that are used; a path begins with its section."""

_VECTOR_SCALE = 4.0
"""Vectors have length 1; this scales their numbers to the size of the other features."""

_WORD = re.compile(r"[a-z]{3,}")
_TITLE_SHAPES = (
    re.compile(r"\.\.\.$|…$"),
    re.compile(r"\?"),
    re.compile(r"\d"),
    re.compile(r"^\d"),
    re.compile(r"\b(?:how|what|why|best|top)\b", re.IGNORECASE),
    re.compile(r":"),
    re.compile(r"\|"),
    re.compile(r"['’‘]"),
    re.compile(r"\b(?:you|your|I|we|my)\b", re.IGNORECASE),
)
_SENTENCE_SHAPES = (
    re.compile(r"[.!”\"’']\s*$"),
    re.compile(r"\?\s*$"),
    re.compile(r"[“\"]"),
    re.compile(r"\b(?:said|says|told)\b"),
    re.compile(r"\d"),
    re.compile(r"\b(?:19|20)\d\d\b"),
    re.compile(r"^[a-z]"),
    re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"),
    re.compile(r"^(?:He|She|It|They|This|That|But|And)\b"),
    re.compile(r"\b(?:I|you|your|we|my|our)\b"),
)
_FEW_WORDS = 7

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Kinds:
    """The weights of both models: rows are features, with the bias last; columns are kinds.

    ``words`` are the words of addresses that have a weight, in the order of their rows.
    """

    words: tuple[str, ...]
    article: Numbers
    sentence: Numbers

    def of_article(self, vector: NDArray[np.floating[Any]], title: str, url: str | None) -> Numbers:
        """Return the probability of each of ``ARTICLES``."""
        return softmax(article_features(vector, title, url, self.words) @ self.article)

    def of_sentence(self, text: str, *, first: bool, article: Numbers) -> Numbers:
        """Return the probability of each of ``SENTENCES``; ``article`` is that of its article."""
        return softmax(sentence_features(text, first=first, article=article) @ self.sentence)


@cache
def trained() -> Kinds:
    """Load the weights shipped with Dragoman."""
    file = resources.files("seeds").joinpath("weights", "kinds.npz")
    with resources.as_file(file) as path, np.load(path) as arrays:
        return Kinds(
            tuple(arrays["words"].tolist()),
            arrays["article"].astype(np.float64),
            arrays["sentence"].astype(np.float64),
        )


def hardness(article: Numbers) -> float:
    """Return the probability that an article is hard news, summed over its kinds."""
    return float(sum(article[ARTICLES.index(kind)] for kind in HARD))


def softness(article: Numbers, title: str) -> float:
    """Return the probability that an article is not hard news, as far as can be judged.

    Without a title, many texts look like an item of a list.
    """
    kinds = SOFT if title.strip() else SOFT[:-1]
    return float(sum(article[ARTICLES.index(kind)] for kind in kinds))


def address_words(url: str | None) -> list[str]:
    """Return the first words of a link's path."""
    return _WORD.findall(urlsplit(url or "").path.lower())[:ADDRESS_WORDS]


def article_features(
    vector: NDArray[np.floating[Any]], title: str, url: str | None, words: Sequence[str]
) -> Numbers:
    """Return the features of an article: vector, words of its address, shape of its title, bias."""
    own = set(address_words(url))
    shape = [bool(one.search(title)) for one in _TITLE_SHAPES]
    rest = [*(word in own for word in words), *shape, len(title.split()) / 10, not title, 1.0]
    return np.concatenate([np.asarray(vector, np.float64) * _VECTOR_SCALE, np.array(rest, float)])


def sentence_features(text: str, *, first: bool, article: Numbers) -> Numbers:
    """Return the features of a sentence: place, length, shape, kind of its article, bias."""
    words = len(text.split())
    capitals = sum(one.isupper() for one in text) / max(len(text), 1)
    shape = [bool(one.search(text)) for one in _SENTENCE_SHAPES]
    own = [first, words < _FEW_WORDS, np.log1p(words), capitals * 5, *shape]
    return np.concatenate([np.array(own, float), article * 2, [1.0]])
