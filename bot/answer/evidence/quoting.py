"""Which words of an article are quoted: the sentences that answer, and no more than fit."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.answer.evidence.ranking import Found
from bot.answer.evidence.spans import Sought, spans
from bot.answer.evidence.wanted import Wanted
from bot.answer.library import Library
from bot.text.sentences import sentences

MOST_WORDS = 60
"""A quote that is made of several sentences has no more words."""

_PIECE = 30
"""Words of a piece of a sentence that alone has more than a quote may have: a list, a caption."""

_CUT = re.compile(r"(?<=[;:,—–])\s+|\n+|(?<=[.!?][”\"])\s+")

_HITS = 5
_LEDE, _BYLINE = 2, 12
"""Passages at the beginning that are looked at; fewer words than these are no part of it."""

_FRESH_COUNTS = 0.3
"""What words count that the title does not have already, on top of all words."""

_SPANS_COUNT = 0.1
"""What spans of the kind that is asked for add, by the logarithm of their number."""

_LENGTH_COUNTS = 0.003
_LATE_COSTS = 0.3
"""An article says first what it is about: what the last words of one lose against the first.
All four were chosen on the even half of the questions that the ranking was learned on."""


class Quoted(NamedTuple):
    """A stretch of an article, code points into its text, and how well it fits."""

    start: int
    end: int
    fit: float


class _Sentence(NamedTuple):
    """A sentence: where it is, the stems asked for and the spans that may answer in it."""

    start: int
    end: int
    words: int
    held: frozenset[str]
    answers: frozenset[str]


def quotes(
    library: Library,
    found: Found,
    wanted: Wanted,
    kind: Sought | None,
    *,
    widen: bool,
) -> list[Quoted]:
    """Stretches of an article that may answer, best first, none overlapping another.

    With ``widen`` neighbouring sentences are taken in, as long as the quote stays short:
    where a sentence of many words is asked for, its neighbours often hold the answer.
    """
    text = found.article.text
    title = frozenset(library.passages.words(found.article.title))
    rated: list[Quoted] = []
    for first, last in _stretches(found):
        inside = [
            _sentence(library, wanted, kind, text, first + start, first + end)
            for start, end in _pieces(text[first:last])
        ]
        for run in _runs(inside, MOST_WORDS if widen else 0):
            fit = _fit(wanted, title, run) - _LATE_COSTS * run[0].start / len(text)
            rated.append(Quoted(run[0].start, run[-1].end, fit))
    return _apart(sorted(rated, key=lambda one: (-one.fit, one.start)))


def _sentence(
    library: Library, wanted: Wanted, kind: Sought | None, text: str, start: int, end: int
) -> _Sentence:
    quote = text[start:end]
    held = frozenset(library.passages.words(quote)).intersection(wanted.weights)
    answers = spans(kind, quote, wanted.asked) if kind is not None else ()
    return _Sentence(
        start, end, len(quote.split()), held, frozenset(quote[one:two] for one, two in answers)
    )


def _fit(wanted: Wanted, title: frozenset[str], run: Sequence[_Sentence]) -> float:
    held = frozenset().union(*(one.held for one in run))
    answers = frozenset().union(*(one.answers for one in run))
    return (
        wanted.share(held)
        + _FRESH_COUNTS * wanted.share(held - title)
        + _SPANS_COUNT * math.log1p(len(answers))
        + _LENGTH_COUNTS * sum(one.words for one in run)
    )


def _stretches(found: Found) -> list[tuple[int, int]]:
    """The best passages, each with its neighbours, and the lede; joined where they touch."""
    passages = found.article.passages
    wide = _lede(found)
    for hit in found.hits[:_HITS]:
        at = next((n for n, (start, _) in enumerate(passages) if start == hit.start), None)
        if at is None:
            wide.append((hit.start, hit.end))
        else:
            before, after = max(at - 1, 0), min(at + 1, len(passages) - 1)
            wide.append((passages[before][0], passages[after][1]))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(wide):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _lede(found: Found) -> list[tuple[int, int]]:
    """The first passages after what names only who wrote it, and for whom."""
    text, passages = found.article.text, found.article.passages
    told = (n for n, (start, end) in enumerate(passages) if len(text[start:end].split()) >= _BYLINE)
    first = next(told, 0)
    return [(start, end) for start, end in passages[first : first + _LEDE]]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of a stretch; one that is too long to be quoted in pieces, as it is read."""
    for start, end in sentences(text):
        if len(text[start:end].split()) <= MOST_WORDS:
            yield start, end
            continue
        at, cut = start, None
        for gap in _CUT.finditer(text, start, end):
            if cut is not None and len(text[at : gap.start()].split()) > _PIECE:
                yield at, cut.start()
                at = cut.end()
            cut = gap
        yield at, end


def _runs(inside: Sequence[_Sentence], most: int) -> Iterator[Sequence[_Sentence]]:
    """Every sentence alone, and every run of them that has no more than ``most`` words."""
    for first in range(len(inside)):
        total = 0
        for last in range(first, len(inside)):
            total += inside[last].words
            if total > most and last > first:
                break
            yield inside[first : last + 1]


def _apart(rated: Sequence[Quoted]) -> list[Quoted]:
    kept: list[Quoted] = []
    for one in rated:
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return kept
