"""Whether a line answers a question: the features of a candidate, and the model over them."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

from bot.answer.lines import day_of, place_of
from bot.models import Line

FEW_WORDS = 4
"""A question of more words beyond names is about a single event."""

ENOUGH_WORDS = 0.5
"""The share of keywords, by rarity, that a sentence must have."""

ENOUGH_WORDS_ALONE = 0.65
"""The same for keywords without an actor."""

NEARLY_ALL = 0.8
"""A line with this share of the words of a short question is an answer."""

LEAST_OF_ACTS = 0.001
"""The least probability of a line whose fact is an act asked for."""

MOST_OF_ONE_STORY = 2
"""The most lines of one story that may come before those of other stories."""


class Features(NamedTuple):
    """The features of a line; all but ``logit`` are 0..1.

    ``logit`` is the log-odds of the question model; ``similarity`` the cosine of the vectors of the
    question and the article; ``words`` the share of the question's words beyond names, by rarity,
    that the sentence and its title have; ``whole`` the same of all words and of the best passage
    of the article; ``proper`` of the words typed as names, ``rarest`` of the three rarest words,
    by all its passages found; ``named`` the share of the actors asked about that it names; ``fact``
    how well its fact fits; ``near`` and ``lately`` how near its article was published to the
    question's time, by a half-life of four days and of half a year.
    """

    logit: float
    similarity: float
    words: float
    whole: float
    proper: float
    rarest: float
    named: float
    fact: float
    near: float
    lately: float


class Sufficiency(NamedTuple):
    """A logistic model over features, and the least probability of an answer."""

    weights: Features
    bias: float
    enough: float


@cache
def sufficiency() -> Sufficiency:
    """Read the model that ``seeds/build_answers.py`` trained."""
    file = resources.files("seeds").joinpath("weights", "answers.json")
    stored = json.loads(file.read_text("utf-8"))["sufficiency"]
    return Sufficiency(Features(**stored["weights"]), stored["bias"], stored["enough"])


def probability(features: Features) -> float:
    """Return the probability that a line answers."""
    model = sufficiency()
    total = model.bias + sum(
        weight * value for weight, value in zip(model.weights, features, strict=True)
    )
    return 1 / (1 + math.exp(-total))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may answer.

    ``probability`` is that of answering. For keywords, which ask nothing, ``keywords`` is the share
    that a less likely line must have. ``inside`` says whether it is in the question's period,
    ``asked`` how many words the question has beyond names; ``listed`` whether it asks only for
    acts, which facts answer; ``related`` whether it names an actor of the question, or its passage
    has a word of the question; ``old`` whether there are much newer lines; ``story`` is the story
    of its article, if any.
    """

    line: Line
    features: Features
    probability: float
    asked: int = 0
    inside: bool = True
    story: str | None = None
    keywords: float | None = None
    listed: bool = False
    related: bool = True
    old: bool = False

    @property
    def is_answer(self) -> bool:
        """Return whether this may be shown as an answer.

        A question of many words may be about later reports on its period.
        """
        within = self.inside or self.asked > FEW_WORDS
        if not (within and self.related):
            return False
        found = self.features
        if self.is_listed_act:
            return True
        if self.keywords is not None and found.named >= 1 and found.words >= self.keywords:
            return True
        short = self.keywords is None and self.asked <= FEW_WORDS
        worded = short and found.named >= 1 and found.words >= NEARLY_ALL
        return not self.old and (worded or self.is_likely)

    @property
    def is_listed_act(self) -> bool:
        """Return whether its fact is an act that the question asks for.

        Classes are broad: a withdrawal does not answer *has Sudan signed a ceasefire*, though both
        are RETREAT. So the question model must not rule the line out.
        """
        return self.listed and self.features.fact > 0 and self.probability >= LEAST_OF_ACTS

    @property
    def is_likely(self) -> bool:
        """Return whether the question model and the other features suffice for an answer."""
        return self.probability >= sufficiency().enough

    @property
    def order(self) -> tuple[int, float, int, float, tuple[str, str, int]]:
        """Sort key: the best first; of equally good ones the newest first.

        For keywords, facts of the acts asked for come first, lines that are not likely follow by
        their words, and those that do not name all actors come last.
        """
        day = day_of(self.line)
        newest = -(day.toordinal() if day else 0)
        found = self.features
        acts = self.is_listed_act
        if self.keywords is None or (self.is_likely and not acts):
            chance = self.probability
            return 0, -round(chance, 2), newest, -chance, place_of(self.line)
        fit = found.words + 0.8 * found.named + 1.5 * found.fact
        group = 2 if found.named < 1 else 0 if acts else 1
        return group, -round(fit, 1), newest, 0.0, place_of(self.line)


def diversify(found: Sequence[Candidate]) -> list[Candidate]:
    """Limit the lines of one story: further lines move to the end.

    A question of many words is about one event, so its story is not limited.
    """
    taken: Counter[str] = Counter()
    first: list[Candidate] = []
    further: list[Candidate] = []
    for one in found:
        if one.story is None or one.asked > FEW_WORDS:
            first.append(one)
            continue
        taken[one.story] += 1
        (first if taken[one.story] <= MOST_OF_ONE_STORY else further).append(one)
    return first + further
