"""What says most: the bottom line of a brief, and which of its lines stand without a click."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from bot.answer.lines import day_of
from bot.models import Line

HALF_LIFE_DAYS = 10.0
"""What is this much older than the newest counts half."""

NOVEL = 0.5
"""A line of whose words more than this share stands in one chosen before says nothing new."""

_HANGING = re.compile(r"(?:He|She|It|They|His|Her|Its|Their|This|That|These|Those|However)\b")
"""A sentence that begins so leans on the one before it, which is not shown."""

_SHORTEST, _LONGEST = 40, 400
_FEWEST_TERMS = 12

Terms = Mapping[str, frozenset[str]]
"""The stemmed words of each quote."""


def bottom_line(
    lines: Sequence[Line], terms: Terms, asked: Collection[str] = frozenset()
) -> Line | None:
    """Choose a line by centrality, prominence and age; None where there is no choice.

    Centrality is the mean tf-idf weight of a sentence's terms in all of ``lines`` together
    (the centroid method of Radev et al., 2004, over sentences); ``asked`` are terms that the
    query asks for, which weigh as much as the heaviest.
    """
    if len(lines) < 2:
        return None
    weights = _centroid([terms[line.snippet.quote] for line in lines], asked)
    newest = max((day for line in lines if (day := day_of(line))), default=None)
    scored = [
        (
            _centrality(terms[line.snippet.quote], weights)
            * (1.5 if line.fact else 1.0)
            * salience(line, newest),
            -at,
            line,
        )
        for at, line in enumerate(lines)
        if _SHORTEST <= len(line.snippet.quote) <= _LONGEST and line.snippet.field == "text"
    ]
    return max(scored, key=lambda one: one[:2])[2] if scored else None


def _centroid(bags: Sequence[frozenset[str]], asked: Collection[str]) -> dict[str, float]:
    counts = Counter(term for bag in bags for term in bag)
    # A term of one sentence alone says nothing of what the others say.
    weights = {
        term: count / len(bags) * math.log(1 + len(bags) / count)
        for term, count in counts.items()
        if count > 1
    }
    most = max(weights.values(), default=0.0)
    return weights | {term: most for term in asked if term in weights}


def _centrality(bag: frozenset[str], weights: Mapping[str, float]) -> float:
    """The mean weight of a sentence's terms; a short one is not central for its few words."""
    return sum(weights.get(term, 0.0) for term in bag) / max(len(bag), _FEWEST_TERMS)


def salience(line: Line, newest: date | None) -> float:
    """Rate what a line is worth showing for: its age, its sources, how much it is about them.

    A line's ``prominence`` is how much of its sentence is about those asked about.
    """
    day = day_of(line)
    if newest is None:
        age = 1.0
    elif day is None:
        age = 0.1
    else:
        age = 0.5 ** (max((newest - day).days, 0) / HALF_LIFE_DAYS)
    stands = 0.5 if _HANGING.match(line.snippet.quote) else 1.0
    return age * stands * line.prominence * (1 + 0.2 * min(line.sources - 1, 4))


def most_telling(
    lines: Sequence[Line], terms: Terms, most: int, before: Sequence[Line] = ()
) -> list[Line]:
    """Choose up to ``most`` lines by salience, none of which only repeats one before it.

    Where there are not enough that say something new, the others follow.
    """
    newest = max((day for line in lines if (day := day_of(line))), default=None)
    ranked = sorted(lines, key=lambda line: -salience(line, newest) * (1.3 if line.fact else 1.0))
    chosen: list[Line] = []
    repeating: list[Line] = []
    for line in ranked:
        if any(repeats(line, other, terms) for other in [*before, *chosen]):
            repeating.append(line)
        else:
            chosen.append(line)
        if len(chosen) == most:
            break
    return (chosen + repeating)[:most]


def repeats(line: Line, other: Line, terms: Terms) -> bool:
    """Whether a line says nothing beside another: of one article, or in much the same words."""
    if line.snippet.article == other.snippet.article:
        return True
    one, two = terms[line.snippet.quote], terms[other.snippet.quote]
    return len(one & two) > NOVEL * min(len(one), len(two))
