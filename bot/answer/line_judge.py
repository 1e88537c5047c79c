"""Which lines of news articles belong in a brief about some actors: a network reads both.

``seeds/build_judge.py`` trains the network, and learns the weight of its verdict beside the
relevance of a report (``answer.importance``) and the grade of its line (``answer.line_grade``):
``seeds/weights/judge.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib import resources
from typing import NamedTuple

from bot.text.networks import Passage, judge_lines


class Candidate(NamedTuple):
    """A line of an article, the article's title unless it is the line, and the article's day."""

    quote: str
    title: str
    day: date


class LineJudge:
    """Judges lines for a brief about ``actors`` as of ``today``, each line once."""

    def __init__(self, actors: str, today: date) -> None:
        """Take the names asked about, joined by *and*."""
        self._actors, self._today = actors, today
        self._known: dict[Candidate, float] = {}

    def verdicts(self, lines: Sequence[Candidate]) -> list[float]:
        """Return the log-odds that each line belongs in the brief."""
        new = [one for one in dict.fromkeys(lines) if one not in self._known]
        scores = judge_lines(self._actors, [self._passage(one) for one in new])
        self._known |= dict(zip(new, scores, strict=True))
        return [self._known[one] for one in lines]

    def _passage(self, one: Candidate) -> Passage:
        return Passage(one.quote, one.title, max((self._today - one.day).days, 0))


@cache
def verdict_weights() -> Mapping[str, float]:
    """Return the weights of a report's relevance, as log-odds, the grade of its line, the verdict
    on that, and a bias."""
    file = resources.files("seeds").joinpath("weights", "judge.json")
    found: dict[str, float] = json.loads(file.read_text("utf-8"))
    return found
