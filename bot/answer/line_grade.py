"""How good a line of an article is for a brief about an actor: 0 (unusable) to 3 (must read).

A linear model over named features of the line, its place in the article and its statement about the
actor. ``seeds/build_lines.py`` trains ``seeds/weights/lines.json`` on lines that people graded.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from bot.models import Line, Mention
from bot.read import text_kinds
from bot.read.text_kinds import Numbers
from bot.search.query import terms

FIRST_WORDS = 3
"""A name within so many words is at the beginning of a line."""

_NO_BEGINNING = re.compile(r"[^\w“\"'‘’$£€]")
_LABEL = re.compile(r"[A-Z][\w ]{2,24}:")
_REFERS_BACK = re.compile(
    r"(?:He|She|It|They|His|Her|Its|Their|This|That|These|Those|However|But|And|So|We|I|Yet|Still"
    r"|Also|Then|Meanwhile|Instead|Moreover|Besides|Such|Another|Both|Add|What’s more|What's more"
    r"|In (?:addition|contrast|response|turn|fact|other words)|For (?:example|instance|now)"
    r"|As a result|After that)\b"
)
_THE_ONE = re.compile(r"The [a-z]")
"""*The deal …*: a sentence before it may say which one."""
_CUT_OFF = re.compile(r"(?:\.\.\.|…)\s*$")
_FINISHED = re.compile(r"[.!?”\"’')]\s*$")
_OPENING, _CLOSING = "“", "”"

Features = Mapping[str, float]


def refers_back(field: str, start: int, quote: str) -> bool:
    """Return whether a quote needs the sentence before it to be understood."""
    before = field == "text" and start > 0
    return bool(_REFERS_BACK.match(quote) or (before and _THE_ONE.match(quote)))


class Passage(NamedTuple):
    """A title or sentence of an article; ``names`` are the positions of the actors asked about."""

    field: str
    start: int
    quote: str
    names: Sequence[int]


def passage_of(line: Line, mentions: Sequence[Mention]) -> Passage:
    """Return a line's quote with the mentions in it."""
    snippet = line.snippet
    names = [
        one.start - snippet.start
        for one in mentions
        if one.field == snippet.field and snippet.start <= one.start < snippet.end
    ]
    return Passage(snippet.field, snippet.start, snippet.quote, names)


def features_of(passage: Passage, title: str, article: Numbers) -> dict[str, float]:
    """Return the features of a passage by name; ``article`` are the probabilities of its kinds."""
    quote, titled = passage.quote, passage.field == "title"
    words = quote.split()
    first = min((len(quote[:at].split()) for at in passage.names), default=len(words))
    wanted = set(terms(title))
    shared = len(wanted.intersection(terms(quote))) / max(len(wanted), 1)
    sentence = text_kinds.trained().of_sentence(quote, first=passage.start == 0, article=article)
    chances = {
        f"{what} {kind}": float(chance)
        for what, names, numbers in (
            ("sentence", text_kinds.SENTENCES, sentence),
            ("headline of" if titled else "article", text_kinds.ARTICLES, article),
        )
        for kind, chance in zip(names, numbers, strict=True)
    }
    return {
        "title": float(titled),
        "place": 0.0 if titled else math.log1p(passage.start / 200),
        "early": float(not titled and passage.start < EARLY),
        "words": math.log1p(len(words)),
        "short": float(len(words) < FEW_WORDS),
        "no beginning": float(bool(_NO_BEGINNING.match(quote))),
        "label": float(bool(_LABEL.match(quote))),
        "refers back": float(refers_back(passage.field, passage.start, quote)),
        "cut off": float(bool(_CUT_OFF.search(quote))),
        "unfinished": float(not titled and not _FINISHED.search(quote)),
        "question": float(quote.rstrip().endswith("?")),
        "quotation": float(quote.startswith((_OPENING, '"'))),
        "unclosed": float(quote.count(_OPENING) != quote.count(_CLOSING)),
        "named": float(bool(passage.names)),
        "named first": float(bool(passage.names) and first < FIRST_WORDS),
        "named late": min(first / max(len(words), 1), 1.0),
        "named often": float(len(passage.names) > 1),
        "like the title": 0.0 if titled else shared,
        **chances,
        "bias": 1.0,
    }


EARLY = 600
"""The first characters of an article, which count as its beginning."""

FEW_WORDS = 8


def grade(features: Features) -> float:
    """Return the expected grade of a line."""
    weights = _weights()["grade"]
    return sum(weights.get(name, 0.0) * value for name, value in features.items())


def combination() -> Mapping[str, float]:
    """Return the weights of a report's relevance, as log-odds, and of the grade of its line."""
    return _weights()["combination"]


@cache
def _weights() -> dict[str, dict[str, float]]:
    file = resources.files("seeds").joinpath("weights", "lines.json")
    found: dict[str, dict[str, float]] = json.loads(file.read_text("utf-8"))
    return found
