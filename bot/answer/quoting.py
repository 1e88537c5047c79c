"""The sentences of an article to quote, and the spans of them that may be the answer."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Literal, NamedTuple

from bot.answer.library import Library
from bot.answer.question import Question
from bot.answer.ranking import QueryTerms, RankedArticle
from bot.text.english import is_common
from bot.text.names import HONORIFICS
from bot.text.sentences import sentences

AnswerType = Literal["name", "date", "count", "number", "place"]
"""A ``count`` is a number of people or things; a ``number`` may be an amount or a share, too."""

_WORDED = (
    r"(?<!\d\s)\b(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?"
    r"|millions?)\b"
)
_DIGITS = r"\d++(?:[.,]\d++)*+"
_NUMBER = (
    rf"[$€£]?{_DIGITS}(?:\s?%|\s(?:percent|per cent|thousand|million|billion|trillion))*"
    rf"|{_WORDED}|\b(?:twice|half|a third|a quarter)\b"
)
_CURRENCY = (
    r"(?:baht|cents?|dinars?|dirhams?|dollars?|dong|euros?|francs?|hryvnias?|kips?|kron[aeo]r?|kyats?"
    r"|liras?|naira|pence|pesos?|pounds?|rands?|rials?|ringgit|riyals?|ro?ubles?|rupees?|rupiahs?"
    r"|she[kq]els?|shillings?|yen|yuan|zloty)\b"
)
"""Units of money; *won* and *real* are left out, since they are common words."""

_MONEY = rf"\s(?:\w+\s){{0,2}}{_CURRENCY}"
_AGE = r"[-\s](?:year|month|week|day)s?[-\s]olds?\b"
_BARE_YEAR = r"(?!2000)(?:19|20)\d\d(?![\d.,]*\d)"
"""A number without a comma that is hardly a count; *2000* is one in *2000 people*."""

_COUNT = (
    rf"(?<![$€£\w.,])(?<![a-z]-)(?<!\baged\s)(?!{_BARE_YEAR}){_DIGITS}(?:\s(?:thousand|million|billion))*+"
    rf"(?!\s?%|\sper\s?cent|{_MONEY}|{_AGE})|{_WORDED}(?!{_MONEY}|{_AGE})|\b(?:nobody|none)\b"
)
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_DATE = (
    rf"\b(?:\d{{1,2}}\s)?{_MONTH}\.?\b(?:\s\d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,?\s\d{{4}})?"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:19|20)\d\d\b|\b(?:yesterday|today|"
    r"tomorrow)\b|\b(?:last|next|this) (?:week|month|year|summer|winter|spring|autumn|fall)\b"
)
_NAME = (
    r"“[^“”]{2,60}”|(?:[A-Z][\w’'-]*|[A-Z]\.)(?:(?: (?:of|the|de|del|al|bin|van|von|der|and)){0,2}"
    r" (?:[A-Z][\w’'-]*|[A-Z]\.))*"
)
_PATTERNS: dict[AnswerType, re.Pattern[str]] = {
    "name": re.compile(_NAME),
    "place": re.compile(_NAME),
    "date": re.compile(_DATE),
    "count": re.compile(_COUNT, re.IGNORECASE),
    "number": re.compile(_NUMBER, re.IGNORECASE),
}
_HOW_MANY = re.compile(rf"\bhow many\b(?!\s(?:per\s?cent|times)\b|{_MONEY})", re.IGNORECASE)
_HOW_MUCH = re.compile(
    r"\bhow (?:many|much|often|old|long|far|big|high|large)\b|\bwhat (?:percentage|share|number"
    r"|age|price)\b|\bapproximately\b|\bhow (?:many|much) (?:more|less)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b(?:when|(?:which|what) (?:year|month|day|date|decade|century))\b", re.IGNORECASE
)
_WHERE = re.compile(
    r"\b(?:where|(?:which|what|whose) (?:\w+ ){0,2}(?:country|countries|city|state|nation|island"
    r"|region|province|town|place|continent|territory|capital))\b",
    re.IGNORECASE,
)
_NAMING = re.compile(r"\b(?:who|whom|whose|which|what)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_BEFORE_NAMES = HONORIFICS | frozenset(
    "prime vice monday tuesday wednesday thursday friday saturday sunday".split()
)


def answer_type(question: Question) -> AnswerType | None:
    """Return the type of span that answers a question; None if it does not ask for one."""
    text = question.text
    if _HOW_MANY.search(text):
        return "count"
    if _HOW_MUCH.search(text):
        return "number"
    if _WHEN.search(text):
        return "date"
    if _WHERE.search(text):
        return "place"
    return "name" if _NAMING.search(text) else None


def answer_spans(kind: AnswerType, quote: str, asked: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield spans of a type in a quote, in code points, unless the question has them itself.

    ``asked`` are the question's words in lower case; a span with only these, or with
    common words only, answers nothing.
    """
    for match in _PATTERNS[kind].finditer(quote):
        start, end = match.span()
        if kind in ("name", "place"):
            start = _past_opening(quote, start, end)
        words = [word.lower() for word in _WORD.findall(quote[start:end])]
        fresh = [word for word in words if word not in asked]
        if kind in ("name", "place"):
            fresh = [word for word in fresh if not is_common(word)]
        if fresh:
            yield start, end


def _past_opening(quote: str, start: int, end: int) -> int:
    """Skip words that are not part of a name: a title, a day, a common word capitalised only
    because it begins a sentence."""
    while (first := _WORD.match(quote, start)) is not None and first.end() < end:
        word = first[0].lower()
        opens = start == 0 or quote[:start].rstrip()[-1:] in '.!?“"”:'
        if not (word in _BEFORE_NAMES or (opens and is_common(word))):
            break
        start = first.end() + 1
    return min(start, end)


# --- quotes ---------------------------------------------------------------------------

MOST_WORDS = 60
"""The most words of a quote of several sentences."""

_PIECE = 30
"""The least words of a piece of a sentence too long to quote: a list, a caption."""

_CUT = re.compile(r"(?<=[;:,—–])\s+|\n+|(?<=[.!?][”\"])\s+")

_MOST_HITS = 5
_LEDE, _BYLINE = 2, 12
"""Passages taken from the beginning, and the least words of one: shorter ones are bylines."""

_NEW_WORDS_WEIGHT = 0.3
"""The extra weight of words that the title does not have."""

_SPANS_WEIGHT = 0.1
"""The weight of spans of the requested type, by the logarithm of their number."""

_LENGTH_WEIGHT = 0.003
_LATE_PENALTY = 0.3
"""The penalty of a sentence at the end of an article against one at its beginning. All four
constants were chosen on the even half of the questions used to train the ranking."""


class Quote(NamedTuple):
    """A span of an article, in code points of its text, and how well it fits the question."""

    start: int
    end: int
    fit: float


class _Sentence(NamedTuple):
    """A sentence: its offsets, its stems from the question, and the spans that may answer."""

    start: int
    end: int
    words: int
    held: frozenset[str]
    answers: frozenset[str]


def choose_quotes(
    library: Library,
    found: RankedArticle,
    wanted: QueryTerms,
    kind: AnswerType | None,
    *,
    widen: bool,
) -> list[Quote]:
    """Choose spans of an article that may answer, best first, without overlaps.

    ``widen`` includes neighbouring sentences as long as the quote stays short: for a
    question of many words they often contain the answer.
    """
    text = found.article.text
    title = frozenset(library.passages.words(found.article.title))
    rated: list[Quote] = []
    for first, last in _regions(found):
        inside = [
            _sentence(library, wanted, kind, text, first + start, first + end)
            for start, end in _pieces(text[first:last])
        ]
        for run in _runs(inside, MOST_WORDS if widen else 0):
            fit = _fit(wanted, title, run) - _LATE_PENALTY * run[0].start / len(text)
            rated.append(Quote(run[0].start, run[-1].end, fit))
    return _without_overlaps(sorted(rated, key=lambda one: (-one.fit, one.start)))


def _sentence(
    library: Library, wanted: QueryTerms, kind: AnswerType | None, text: str, start: int, end: int
) -> _Sentence:
    quote = text[start:end]
    held = frozenset(library.passages.words(quote)).intersection(wanted.weights)
    answers = answer_spans(kind, quote, wanted.asked) if kind is not None else ()
    return _Sentence(
        start, end, len(quote.split()), held, frozenset(quote[one:two] for one, two in answers)
    )


def _fit(wanted: QueryTerms, title: frozenset[str], run: Sequence[_Sentence]) -> float:
    held = frozenset().union(*(one.held for one in run))
    answers = frozenset().union(*(one.answers for one in run))
    return (
        wanted.share(held)
        + _NEW_WORDS_WEIGHT * wanted.share(held - title)
        + _SPANS_WEIGHT * math.log1p(len(answers))
        + _LENGTH_WEIGHT * sum(one.words for one in run)
    )


def _regions(found: RankedArticle) -> list[tuple[int, int]]:
    """Return the best passages with their neighbours, and the lede; merged if they touch."""
    passages = found.article.passages
    wide = _lede(found)
    for hit in found.hits[:_MOST_HITS]:
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


def _lede(found: RankedArticle) -> list[tuple[int, int]]:
    """Return the first passages after the byline."""
    text, passages = found.article.text, found.article.passages
    lengths = (len(text[start:end].split()) for start, end in passages)
    first = next((n for n, words in enumerate(lengths) if words >= _BYLINE), 0)
    return [(start, end) for start, end in passages[first : first + _LEDE]]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a text; one that is too long to quote is split into pieces."""
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
    """Yield every sentence alone, and every run of sentences of at most ``most`` words."""
    for first in range(len(inside)):
        total = 0
        for last in range(first, len(inside)):
            total += inside[last].words
            if total > most and last > first:
                break
            yield inside[first : last + 1]


def _without_overlaps(rated: Sequence[Quote]) -> list[Quote]:
    kept: list[Quote] = []
    for one in rated:
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return kept
