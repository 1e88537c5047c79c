"""The bottom line: the one stored sentence that says most of what the others say."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from bot.answer.lines import day_of
from bot.models import Line

HALF_LIFE_DAYS = 10.0
"""What is this much older than the newest counts half."""

_SHORTEST, _LONGEST = 40, 400


def bottom_line(lines: Sequence[Line], terms: Mapping[str, frozenset[str]]) -> Line | None:
    """Choose a line by centrality and age; None where there is nothing to choose from.

    Centrality is the mean tf-idf weight of a sentence's terms in all of ``lines`` together
    (the centroid method of Radev et al., 2004, over sentences); ``terms`` are by quote.
    """
    if len(lines) < 2:
        return None
    weights = _centroid([terms[line.snippet.quote] for line in lines])
    newest = max((day for line in lines if (day := day_of(line))), default=None)
    scored = [
        (_score(line, terms[line.snippet.quote], weights, newest), -at, line)
        for at, line in enumerate(lines)
        if _SHORTEST <= len(line.snippet.quote) <= _LONGEST and line.snippet.field == "text"
    ]
    return max(scored, key=lambda one: one[:2])[2] if scored else None


def _centroid(bags: Sequence[frozenset[str]]) -> dict[str, float]:
    counts = Counter(term for bag in bags for term in bag)
    return {
        term: count / len(bags) * math.log(1 + len(bags) / count) for term, count in counts.items()
    }


def _score(
    line: Line, bag: frozenset[str], weights: Mapping[str, float], newest: date | None
) -> float:
    if not bag:
        return 0.0
    centrality = sum(weights[term] for term in bag) / math.sqrt(len(bag))
    day = day_of(line)
    if newest is None:
        age = 1.0
    elif day is None:
        age = 0.1
    else:
        age = 0.5 ** ((newest - day).days / HALF_LIFE_DAYS)
    return centrality * age * (1.5 if line.fact else 1.0)
