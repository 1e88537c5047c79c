"""Spans of a quote that may answer: names, dates, numbers or places, by what was asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Literal

from bot.answer.asked.question import Question
from bot.text.english import is_common
from bot.text.names import HONORIFICS

Sought = Literal["name", "date", "number", "place"]

_NUMBER = (
    r"[$€£]?\d[\d,.]*\d?(?:\s?%|\s(?:percent|per cent|thousand|million|billion|trillion))*"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?"
    r"|thousands?|twice|half|a third|a quarter)\b"
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
_PATTERNS: dict[Sought, re.Pattern[str]] = {
    "name": re.compile(_NAME),
    "place": re.compile(_NAME),
    "date": re.compile(_DATE),
    "number": re.compile(_NUMBER, re.IGNORECASE),
}
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


def sought(question: Question) -> Sought | None:
    """What kind of span answers; None where the question does not ask for one."""
    text = question.text
    if _HOW_MUCH.search(text):
        return "number"
    if _WHEN.search(text):
        return "date"
    if _WHERE.search(text):
        return "place"
    return "name" if _NAMING.search(text) else None


def spans(kind: Sought, quote: str, asked: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where a quote has a span of a kind that the question does not have: code points.

    ``asked`` are the question's words in lower case; a span of nothing but those, or of
    common words alone, answers nothing.
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
    """Leave out what is no part of a name: a title, a day, a common word that has its capital
    only because a sentence begins with it."""
    while (first := _WORD.match(quote, start)) is not None and first.end() < end:
        word = first[0].lower()
        opens = start == 0 or quote[:start].rstrip()[-1:] in '.!?“"”:'
        if not (word in _BEFORE_NAMES or (opens and is_common(word))):
            break
        start = first.end() + 1
    return min(start, end)
