"""Which stories matter most about some actors: reports grouped by event, and ranked.

Two small models with named features. One says how likely two reports tell the same story, the
other rates how important a report is; stories are then picked one by one, each as important and as
different from those before it as possible. ``seeds/build_importance.py`` trains their weights,
``seeds/weights/importance.npz``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.models import Line, Snippet, Status
from bot.search.vectors import Vector
from bot.text.rarity import rarities

MOST = 150
"""Reports that are weighed against each other; the newest."""

SAME = 0.9
"""The probability of telling the same story as a lead from which on a report joins it."""

APART_DAYS = 14
"""Reports that are so many days apart are as far apart as any."""

RELEVANT = 0.4
"""Stories whose lead is less likely to be about the actors are left out."""

FEW = 3
PERHAPS = 0.15
"""With fewer stories than ``FEW``, those that are less likely to be about the actors fill up."""

SOFT = 0.5
"""Articles less likely to be hard news are left out, unless more than this share of all are so."""

DIVERSITY = 8.0
"""How much a story is rated down by the square of the probability that one before it tells the
same (maximal marginal relevance, Carbonell and Goldstein, 1998)."""

FEATURES = (
    "support",
    "nearest",
    "followed",
    "central",
    "sources",
    "prominence",
    "mentions",
    "titled",
    "leading",
    "density",
    "age",
    "fresh",
    "length",
    "heading",
    "fact",
    "unsure",
    "hard",
    "event",
)
"""Of a report. ``support`` and ``nearest`` are the sum and the largest of its probabilities of
telling the same story as another, ``followed`` the sum over other days; ``central`` its mean
cosine to all; ``unsure`` that it is a plan, a possibility or a denial; ``hard`` and
``event`` how likely its article is hard news, and its line reports an event."""

PAIR_FEATURES = ("meaning", "words", "both", "days", "story")
"""Of two reports: cosine of their vectors, of their rare words, and the product; days apart (by
``APART_DAYS``); whether the store has them in one story."""

_LEANING = re.compile(r"(?:He|She|It|They|His|Her|Its|Their|This|That|These|Those|However)\b")
"""A sentence that begins so refers to the one before it, which is not shown."""

_THE_ONE = re.compile(r"The [a-z]")
"""*The deal …*: if a sentence stands before it, that says which one."""

_FEWEST_WORDS = 7
"""With fewer, a report is a heading and no sentence."""

_FRESH_DAYS = 2

_SURE = frozenset({None, Status.HAPPENED, Status.ONGOING})

Matrix = NDArray[np.float64]


class Report(NamedTuple):
    """What one article says of the actors: a line, its stems, and what ranks it.

    ``terms`` leave out the actors' names; ``vector`` is that of the article; ``mentions`` counts
    actors in the line and ``density`` in the whole article; ``titled`` and ``leading`` say whether
    the title or the first words have one; ``day`` is that of publication; ``hard``, ``event`` and
    ``soft`` (of sport, culture, opinion or a list) are probabilities, see ``bot.read.kinds``;
    ``story`` is the stored one. ``actors`` are those it is about, None where all reports are about
    the actors asked about.
    """

    line: Line
    terms: frozenset[str]
    vector: Vector
    sources: frozenset[str]
    mentions: int
    titled: bool
    day: date
    leading: bool = True
    density: int = 1
    hard: float = 1.0
    event: float = 1.0
    story: str | None = None
    soft: float = 0.0
    actors: frozenset[str] | None = None

    @property
    def told_by(self) -> int:
        """How many independent sources tell it, as far as its line or its article knows."""
        return max(len(self.sources), self.line.sources if self.line.sources > 1 else 0)


class Story(NamedTuple):
    """Reports of one event, the one to show first; ``relevant`` if it is about the actors."""

    reports: tuple[Report, ...]
    relevant: bool = True

    @property
    def lead(self) -> Line:
        """The line to show, with the number of independent sources of the whole story."""
        sources = frozenset().union(*(one.sources for one in self.reports))
        return self.reports[0].line.model_copy(update={"sources": max(len(sources), 1)})


def leans(snippet: Snippet) -> bool:
    """Whether a quote needs the sentence before it to be understood."""
    before = snippet.field == "text" and snippet.start > 0
    return bool(_LEANING.match(snippet.quote) or (before and _THE_ONE.match(snippet.quote)))


@dataclass(frozen=True)
class Model:
    """The weights of both models.

    ``same`` has one for each of ``PAIR_FEATURES`` and a bias, ``relevant`` one for each feature
    of a report, each number of its vector, and a bias. Features of a report are scaled by
    ``mean`` and ``spread``; its rating is linear in them and in the vector (``linear``), plus a
    layer of hidden units over both and the mean vector of all reports (``inner``, ``bias``,
    ``outer``).
    """

    same: Matrix
    relevant: Matrix
    mean: Matrix
    spread: Matrix
    linear: Matrix
    inner: Matrix
    bias: Matrix
    outer: Matrix

    def relevance(self, table: Matrix, vectors: Matrix) -> Matrix:
        """Return how likely each report is about the actors and has a place in a brief."""
        scaled = (table - self.mean) / self.spread
        odds = np.hstack([scaled, vectors]) @ self.relevant[:-1] + self.relevant[-1]
        result: Matrix = 1 / (1 + np.exp(-odds))
        return result

    def rate(self, table: Matrix, vectors: Matrix) -> Matrix:
        """Rate reports by their features (a row each) and their vectors."""
        scaled = (table - self.mean) / self.spread
        middle = np.repeat(vectors.mean(axis=0, keepdims=True), len(vectors), axis=0)
        hidden = np.hstack([scaled, vectors, middle]) @ self.inner + self.bias
        linear: Matrix = np.hstack([scaled, vectors]) @ self.linear
        return linear + _gelu(hidden) @ self.outer


def _gelu(values: Matrix) -> Matrix:
    """The Gaussian error linear unit, by its tanh approximation (Hendrycks and Gimpel, 2016)."""
    inner = math.sqrt(2 / math.pi) * (values + 0.044715 * values**3)
    result: Matrix = 0.5 * values * (1 + np.tanh(inner))
    return result


@cache
def trained() -> Model:
    """Read the weights that come with Dragoman."""
    file = resources.files("seeds").joinpath("weights", "importance.npz")
    with resources.as_file(file) as path, np.load(path) as arrays:
        return Model(**{name: arrays[name].astype(np.float64) for name in arrays.files})


def stories(
    reports: Sequence[Report],
    today: date,
    window: int,
    model: Model | None = None,
    relevant_from: float = RELEVANT,
) -> list[Story]:
    """Group reports by story, and put the most important story first.

    ``window`` is the number of days that the reports are from, up to ``today``. Stories whose
    lead is about the actors with a lower probability than ``relevant_from`` are left out.
    """
    if not reports:
        return []
    model = model or trained()
    pool = newest(reports)
    alike = probabilities(pool, model)
    vectors = stacked(pool)
    table = features(pool, alike, today, window)
    relevant = model.relevance(table, vectors)
    found = diverse(model.rate(table, vectors).tolist(), alike)
    # Whatever is stored, the best of it is shown.
    soft = np.array([one.hard < SOFT for one in pool])
    if soft.mean() <= SOFT:  # else the question is about sport, culture or the like
        relevant = np.where(soft, 0.0, relevant)
    about = [members for members in found if relevant[members[0]] >= relevant_from]
    if 0 < len(about) < FEW:  # where little is stored, what may be about the actors is welcome
        likely = min(relevant_from, PERHAPS)
        about = [members for members in found if relevant[members[0]] >= likely][:FEW]
    return [
        Story(tuple(pool[at] for at in members), relevant=bool(about))
        for members in about or found[:1]
    ]


def newest(reports: Sequence[Report]) -> list[Report]:
    """Return the ``MOST`` newest, newest first."""
    order = sorted(reports, key=lambda one: (one.day, one.line.snippet.article), reverse=True)
    return order[:MOST]


def stacked(reports: Sequence[Report]) -> Matrix:
    """Return the vectors of reports, a row each."""
    return np.stack([one.vector for one in reports]).astype(np.float64)


def diverse(rated: Sequence[float], alike: Matrix) -> list[list[int]]:
    """Order reports by rating, each penalized for what it repeats of those before it.

    Returns for each story its reports, the lead first: those that tell the same as a lead join it.
    """
    left = list(range(len(rated)))
    repeats = np.zeros(len(rated))
    found: list[list[int]] = []
    while left:
        lead = max(left, key=lambda at: (rated[at] - DIVERSITY * repeats[at], -at))
        joined = [at for at in left if at != lead and alike[lead, at] >= SAME]
        found.append([lead, *sorted(joined, key=lambda at: (-rated[at], at))])
        repeats = np.maximum(repeats, alike[lead] ** 2)
        left = [at for at in left if at not in found[-1]]
    return found


def features(reports: Sequence[Report], alike: Matrix, today: date, window: int) -> Matrix:
    """Return a row for each report beside the others, a column for each of ``FEATURES``."""
    others = alike - np.eye(len(reports))
    days = np.array([one.day.toordinal() for one in reports])
    elsewhen = others * (days[:, None] != days[None, :])
    vectors = stacked(reports)
    central = vectors @ vectors.mean(axis=0)
    rows = []
    for at, one in enumerate(reports):
        age = max((today - one.day).days, 0)
        words = len(one.line.snippet.quote.split())
        row = {
            "support": others[at].sum(),
            "nearest": others[at].max(initial=0.0),
            "followed": elsewhen[at].sum(),
            "central": central[at],
            "sources": math.log(1 + one.told_by),
            "prominence": one.line.prominence,
            "mentions": min(one.mentions, 4),
            "titled": one.titled,
            "leading": one.leading,
            "density": math.log(1 + one.density),
            "age": min(age / max(window, 1), 1.0),
            "fresh": age <= _FRESH_DAYS,
            "length": math.log(1 + words),
            "heading": words < _FEWEST_WORDS and one.line.snippet.field == "text",
            "fact": one.line.fact is not None,
            "unsure": one.line.status not in _SURE,
            "hard": one.hard,
            "event": one.event,
        }
        rows.append([float(row[name]) for name in FEATURES])
    return np.array(rows)


def probabilities(reports: Sequence[Report], model: Model) -> Matrix:
    """Return how likely each two reports tell the same story; 1 on the diagonal.

    The weights are those of reports about the same actors: others are never the same.
    """
    odds = pair_features(reports) @ model.same[:-1] + model.same[-1]
    found: Matrix = 1 / (1 + np.exp(-odds))
    found *= np.array([[_share(one, other) for other in reports] for one in reports])
    np.fill_diagonal(found, 1.0)
    return found


def _share(one: Report, other: Report) -> bool:
    """Whether two reports are about an actor in common, or of one stored story."""
    if one.actors is None or other.actors is None:
        return True
    same = one.story is not None and one.story == other.story
    return same or not one.actors.isdisjoint(other.actors)


def pair_features(reports: Sequence[Report]) -> Matrix:
    """Return ``PAIR_FEATURES`` of each two reports: an array of n by n by their number."""
    vectors = stacked(reports)
    meaning = vectors @ vectors.T
    terms = _term_vectors([one.terms for one in reports])
    words = terms @ terms.T
    days = np.array([one.day.toordinal() for one in reports])
    apart = np.minimum(np.abs(days[:, None] - days[None, :]) / APART_DAYS, 1.0)
    known = {story: at for at, story in enumerate({one.story for one in reports if one.story})}
    story = np.array([known.get(one.story or "", -1 - at) for at, one in enumerate(reports)])
    together = (story[:, None] == story[None, :]).astype(np.float64)
    return np.stack([meaning, words, meaning * words, apart, together], axis=2)


def _term_vectors(texts: Sequence[Collection[str]]) -> Matrix:
    """Weigh the terms of each text by how rare they are in the news; rows of length 1."""
    weights, rarest = rarities()
    column: Mapping[str, int] = {
        term: at for at, term in enumerate(sorted(frozenset().union(*texts)))
    }
    found = np.zeros((len(texts), len(column)))
    for row, terms in enumerate(texts):
        for term in terms:
            found[row, column[term]] = weights.get(term, rarest)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    result: Matrix = found / np.where(lengths == 0, 1.0, lengths)
    return result
