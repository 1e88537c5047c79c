"""What is disputed: told by one and denied by another, agreed and refused, or other figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from bot.answer.lines import ALIKE, day_of, place_of
from bot.models import EventClass, Line, Status

TOLD = frozenset({Status.HAPPENED, Status.ONGOING})

DENIAL_DAYS = 30
"""A denial is of what was told at most this long before it."""

REVERSED_DAYS = 2
"""What happens later than this after a denial is a change of mind."""

FIGURE_DAYS = 1

SAME_WORDS = 0.65
"""The share of the shorter sentence's words in the other, where only words tell that both are
about one happening."""

_OPPOSED = {EventClass.AGREE: EventClass.REJECT, EventClass.CONSULT: EventClass.REJECT}

_NUMBERS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split(),
        start=1,
    )
}
_N = rf"(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d+|{'|'.join(_NUMBERS)})(?![\d%-]|[.,]\d)"
_NO_THING = "and|but|he|she|it|they|who|that|percent|per|years?|days?|months?|hours?"
_OF = (
    rf"(?:\s(?!(?:{_NO_THING})\b)[a-z'’-]+){{0,3}}?\s(?:(?:were|was|are|is|have been|had been)\s)?"
)
_HARM = re.compile(r"kill|dead|died|death|injur|wound|hurt|arrest|detain", re.IGNORECASE)
"""Without one of these no figure is read: most sentences are done with at once."""

_FIGURES = {
    "dead": (
        rf"{_N}{_OF}(?:killed|dead|died|deaths)\b",
        rf"\bkill(?:ed|s|ing)\s(?:at least\s)?{_N}",
    ),
    "hurt": (
        rf"{_N}{_OF}(?:injured|wounded|hurt)\b",
        rf"\b(?:injur(?:ed|es|ing)|wound(?:ed|s|ing))\s(?:at least\s)?{_N}",
    ),
    "held": (
        rf"{_N}{_OF}(?:arrested|detained)\b",
        rf"\b(?:arrest|detain)(?:ed|s|ing)\s(?:at least\s)?{_N}",
    ),
}
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w’'-]+")
"""A word with a capital inside a sentence; what begins one may have it for that alone."""

_COMPILED = {
    kind: tuple(re.compile(rule, re.IGNORECASE) for rule in rules)
    for kind, rules in _FIGURES.items()
}


def disputed(lines: Sequence[Line], terms: Mapping[str, frozenset[str]]) -> list[Line]:
    """Pairs of lines that cannot both be right, one after the other, the denial second.

    A fact told and denied of the same actors within a month; a deal or a meeting and its
    refusal, or two figures for the dead, hurt or held, where the words show that both tell of
    the same happening (``terms`` by quote). No line stands in two pairs.
    """
    found: list[Line] = []
    used: set[tuple[str, str, int]] = set()
    for one, other in _pairs(lines, terms):
        if place_of(one) not in used and place_of(other) not in used:
            used |= {place_of(one), place_of(other)}
            found += [one, other]
    return found


def _pairs(
    lines: Sequence[Line], terms: Mapping[str, frozenset[str]]
) -> Iterable[tuple[Line, Line]]:
    denied = [line for line in lines if line.status is Status.DENIED]
    told = [line for line in lines if line.status in TOLD]
    for denial in denied:
        yield from ((line, denial) for line in told if _denies(denial, line))
    for refusal in (line for line in told if line.event_class is EventClass.REJECT):
        yield from ((line, refusal) for line in told if _refuses(refusal, line, terms))
    counted = [(line, found) for line in lines if (found := figures(line.snippet.quote))]
    for (line, mine), (other, theirs) in combinations(counted, 2):
        kinds = mine.keys() & theirs.keys()
        if any(mine[kind] != theirs[kind] for kind in kinds) and _same_event(line, other, terms):
            yield line, other


def figures(quote: str) -> dict[str, int]:
    """How many a sentence says are dead, hurt and held; a kind it gives several of is left out."""
    found: dict[str, int] = {}
    if not _HARM.search(quote):
        return found
    for kind, rules in _COMPILED.items():
        numbers = {_number(match["n"]) for rule in rules for match in rule.finditer(quote)}
        if len(numbers) == 1:
            found[kind] = numbers.pop()
    return found


def _number(word: str) -> int:
    return _NUMBERS.get(word.casefold()) or int(word.replace(",", ""))


def _denies(denial: Line, line: Line) -> bool:
    return (
        line.event_class == denial.event_class
        and bool(line.about)
        and set(line.about) == set(denial.about)
        and place_of(line) != place_of(denial)
        and _days_before(line, denial) in range(-REVERSED_DAYS, DENIAL_DAYS + 1)
    )


def _days_before(line: Line, denial: Line) -> int | None:
    told, denied = day_of(line), day_of(denial)
    return (denied - told).days if told and denied else None


def _refuses(refusal: Line, line: Line, terms: Mapping[str, frozenset[str]]) -> bool:
    return (
        line.event_class is not None
        and _OPPOSED.get(line.event_class) is refusal.event_class
        and set(line.about) == set(refusal.about)
        and len(set(line.about)) > 1
        and _within(line, refusal, FIGURE_DAYS)
        and _share(line, refusal, terms) >= 0.5
    )


def _same_event(line: Line, other: Line, terms: Mapping[str, frozenset[str]]) -> bool:
    if line.snippet.article == other.snippet.article or not _within(line, other, FIGURE_DAYS):
        return False
    if line.happening and line.happening == other.happening:
        return True
    if _elsewhere(line.snippet.quote, other.snippet.quote):
        return False
    same_act = line.fact and other.fact and line.event_class == other.event_class
    alike = same_act and set(line.about) == set(other.about)
    return _share(line, other, terms) >= (ALIKE if alike else SAME_WORDS)


def _elsewhere(one: str, other: str) -> bool:
    """Whether each of two sentences has names that the other lacks: of two towns, two men."""
    mine, theirs = set(_NAME.findall(one)), set(_NAME.findall(other))
    return bool(mine - theirs and theirs - mine)


def _within(line: Line, other: Line, days: int) -> bool:
    mine, theirs = day_of(line), day_of(other)
    if mine is None or theirs is None:
        return False
    return abs((mine - theirs).days) <= days


def _share(line: Line, other: Line, terms: Mapping[str, frozenset[str]]) -> float:
    one, two = terms[line.snippet.quote], terms[other.snippet.quote]
    return len(one & two) / min(len(one), len(two)) if one and two else 0.0
