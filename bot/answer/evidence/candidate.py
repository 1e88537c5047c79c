"""A line that may answer, with the parts of its score, and whether it bears on the question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.models import Line

ENOUGH_WORDS = 0.5
"""The share of the question's words, by rarity, that a sentence with its title must have."""

FEW_WORDS = 4
"""A question of more words beyond names is one that no sentence repeats: then its article
is judged, not one sentence."""

SURE = 0.5
"""How likely such an article must be to answer, ..."""

WHOLE = 0.9
"""... or which share of all words, names too, its best passage must have. Both were chosen on
the even half of the news questions, with room to spare: of as many that nothing stored answers
2 % pass there. See ``python -m tests.bench answers`` for the curve."""

OF_ONE_STORY = 2
"""Lines of one story that stand before those of others."""

NOT_UNLIKELY = 0.33
"""How likely the article of a quote must be that is looked for beside its sentence alone."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may answer, with the parts of its score; each is 0..1.

    ``context`` is the share of the question's words that its passage and title have,
    ``asked`` how many words those are; ``sure`` how likely its article answers, ``whole``
    the share of all words, names too, that its passage has. ``inside`` says whether it was
    published in the period asked about; ``least`` is how likely the article of a quote of a
    question of few words must be, ``own`` the share of the actors that the sentence names.
    ``story`` is the story that its article belongs to, if it is looked up.
    """

    line: Line
    words: float
    actors: float
    fact: float
    rank: float
    context: float = 0.0
    asked: int = 0
    sure: float = 0.0
    whole: float = 0.0
    inside: bool = True
    least: float = 0.0
    own: float = 1.0
    story: str | None = None

    @property
    def score(self) -> float:
        """The parts, weighted; of a question of many words how likely its article answers."""
        return self.sure if self.asked > FEW_WORDS else self.fitness + 0.3 * self.rank

    @property
    def fitness(self) -> float:
        """How well it fits what was asked, whatever the search engine thinks of its passage."""
        return self.words + 0.8 * self.actors + 1.5 * self.fact

    @property
    def bears(self) -> bool:
        """Whether this may be shown as an answer at all."""
        if self.asked > FEW_WORDS:
            return self.sure >= SURE or self.whole >= WHOLE
        enough = self.fact > 0 or self.words >= ENOUGH_WORDS
        likely = self.sure >= self.least
        return self.inside and self.actors >= 1 and enough and likely


def spread(found: Sequence[Candidate]) -> list[Candidate]:
    """Let no story take the place of all others: what is further of one comes last.

    A question of many words is about one happening, which its story tells.
    """
    taken: Counter[str] = Counter()
    first: list[Candidate] = []
    further: list[Candidate] = []
    for one in found:
        if one.story is None or one.asked > FEW_WORDS:
            first.append(one)
            continue
        taken[one.story] += 1
        (first if taken[one.story] <= OF_ONE_STORY else further).append(one)
    return first + further
