"""Which stories matter most: reports of articles, grouped by event and ranked.

There are two small models with named features. One estimates how likely two reports are of the same
story, the other rates the importance of a report. Stories are then picked one by one: each as
important and as different from the earlier ones as possible. ``seeds/build_importance.py`` trains
the weights, ``seeds/weights/importance.npz``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.answer.library import Library
from bot.answer.line_grade import combination, features_of, grade, passage_of, refers_back
from bot.answer.line_judge import Candidate, LineJudge, verdict_weights
from bot.answer.lines import TOOK_PLACE
from bot.models import Line, Mention, Snippet, Status
from bot.read import text_kinds
from bot.read.terms import informative_stems
from bot.read.text_kinds import Numbers
from bot.search.vectors import Vector
from bot.text.english import rarities

MOST_REPORTS = 150
"""The most reports that are ranked, the newest."""

SAME_STORY = 0.9
"""A report joins a story if it reports the same as the lead with at least this probability."""

APART_DAYS = 14
"""The most days apart that count for the similarity of reports."""

RELEVANT = 0.4
"""Stories whose lead is less likely to be about the actors are left out."""

FEW_STORIES = 3
RELEVANT_IF_FEW = 0.15
"""With fewer stories than ``FEW_STORIES``, stories down to this are added, but no news articles,
whose lines are graded."""

SOFT = 0.5
"""Articles less likely to be hard news are left out, unless more than this share of them is."""

DIVERSITY = 8.0
"""The penalty of a story for repeating an earlier one, by the square of that probability
(maximal marginal relevance, Carbonell and Goldstein, 1998)."""

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
"""Features of a report. ``support`` and ``nearest`` are the sum and the largest of its
probabilities to be of the same story as another, ``followed`` the sum over other days; ``central``
its mean cosine to all; ``unsure`` whether it is a plan, a possibility or a denial; ``hard`` and
``event`` how likely its article is hard news, and its line reports an event."""

PAIR_FEATURES = ("meaning", "words", "both", "days", "story")
"""Features of two reports: cosine of their vectors, of their rare words, and the product; days
apart (by ``APART_DAYS``); whether the store has them in one story."""

_FEWEST_WORDS = 7
"""A line of fewer words is a heading, not a sentence."""

_FRESH_DAYS = 2

_SURE = frozenset({None, Status.HAPPENED, Status.ONGOING})

Matrix = NDArray[np.float64]


class Report(NamedTuple):
    """The report of one article about the actors: a line, its stems, and ranking features.

    ``terms`` leave out the actors' names; ``vector`` is that of the article; ``mentions`` counts
    actors in the line and ``density`` in the whole article; ``titled`` and ``leading`` say whether
    the title or the first words have one; ``day`` is that of publication; ``hard``, ``event`` and
    ``soft`` (of sport, culture, opinion or a list) and ``listed`` (of a list or running report) are
    probabilities, see ``bot.read.text_kinds``;
    ``story`` is the stored one. ``actors`` are the actors of the report, None if all reports are
    about the actors asked about. ``grade`` is how good the line is (``answer.line_grade``), None
    if unknown.
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
    grade: float | None = None
    listed: float = 0.0

    @property
    def source_count(self) -> int:
        """The number of independent sources, by its line or its article."""
        return max(len(self.sources), self.line.sources if self.line.sources > 1 else 0)


class Story(NamedTuple):
    """Reports of one event, the lead first; ``relevant`` if they are about the actors."""

    reports: tuple[Report, ...]
    relevant: bool = True

    @property
    def lead(self) -> Line:
        """Return the line to show, with the number of independent sources of the whole story."""
        sources = frozenset().union(*(one.sources for one in self.reports))
        return self.reports[0].line.model_copy(update={"sources": max(len(sources), 1)})


def needs_context(snippet: Snippet) -> bool:
    """Return whether a quote needs the sentence before it to be understood."""
    return refers_back(snippet.field, snippet.start, snippet.quote)


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
    """Read the weights that Dragoman ships with."""
    file = resources.files("seeds").joinpath("weights", "importance.npz")
    with resources.as_file(file) as path, np.load(path) as arrays:
        return Model(**{name: arrays[name].astype(np.float64) for name in arrays.files})


def stories(
    reports: Sequence[Report],
    today: date,
    window: int,
    model: Model | None = None,
    relevant_from: float = RELEVANT,
    judge: LineJudge | None = None,
) -> list[Story]:
    """Group reports by story, and put the most important story first.

    ``window`` is the number of days that the reports cover, up to ``today``. Leaves out stories
    with a lead that is about the actors with a lower probability than ``relevant_from``; a
    ``judge`` also judges the best rated reports of news articles beside the actors' names.
    """
    if not reports:
        return []
    model = model or trained()
    pool = newest(reports)
    alike = probabilities(pool, model)
    vectors = stacked(pool)
    table = features(pool, alike, today, window)
    rated = model.rate(table, vectors)
    verdicts = {} if judge is None else _verdicts(pool, rated, judge)
    for at, odds in verdicts.items():
        rated[at] += RATED_BY_VERDICT * max(odds, LEAST_ODDS)
    relevant = weighed(model.relevance(table, vectors), pool, verdicts)
    relevant = _without_soft(relevant, pool, verdicts)
    found = diverse(rated.tolist(), alike)
    about = [members for members in found if relevant[members[0]] >= relevant_from]
    if 0 < len(about) < FEW_STORIES:  # with few stories, show less relevant ones, too
        likely = [
            members
            for members in found
            if members not in about
            and pool[members[0]].grade is None
            and relevant[members[0]] >= min(relevant_from, RELEVANT_IF_FEW)
        ]
        about = [*about, *likely][:FEW_STORIES]
    return [
        Story(
            tuple(pool[at] for at in members), relevant=bool(relevant[members[0]] >= relevant_from)
        )
        for members in about or found[:1]
    ]


RELEVANT_IF_SOFT = 0.75
"""Judged reports of soft articles count from here on: of 8 that no model was trained on, all had a
good line. Many are running reports, on a war for example."""


def _without_soft(relevance: Matrix, reports: Sequence[Report], judged: Container[int]) -> Matrix:
    """Leave out sport, culture and the like, unless that is what most reports are.

    Reports that were ``judged``, by index, stay from ``RELEVANT_IF_SOFT`` on.
    """
    soft = np.array([one.hard < SOFT for one in reports])
    if soft.mean() > SOFT:
        return relevance
    sure = np.array([at in judged for at in range(len(reports))]) & (relevance >= RELEVANT_IF_SOFT)
    result: Matrix = np.where(soft & ~sure, 0.0, relevance)
    return result


MOST_JUDGED = 40
"""The most reports of news articles to judge, the best rated: each takes a while."""

RATED_BY_VERDICT, LEAST_ODDS = 0.25, -4.0
"""The weight of a verdict, as log-odds of at least ``LEAST_ODDS``, in the rating of a report. Of 36
briefs on news that no model was trained on, .47 open with the top story without it, .54 with it;
of items, which are not judged, no more do."""


def _verdicts(reports: Sequence[Report], rated: Matrix, judge: LineJudge) -> dict[int, float]:
    """Return the verdicts on reports of news articles, by their index in ``reports``."""
    graded = [at for at, one in enumerate(reports) if one.grade is not None]
    best = sorted(graded, key=lambda at: -rated[at])[:MOST_JUDGED]
    lines = [candidate(reports[at].line.snippet, reports[at].day) for at in best]
    return dict(zip(best, judge.verdicts(lines), strict=True))


def candidate(snippet: Snippet, day: date) -> Candidate:
    """Return the judge's input for the line of a news article."""
    return Candidate(snippet.quote, snippet.title if snippet.field == "text" else "", day)


def weighed(relevance: Matrix, reports: Sequence[Report], verdicts: Mapping[int, float]) -> Matrix:
    """Return how likely each report has a place in a brief.

    It combines the relevance and, for a news article, the line's grade and the judge's verdict.
    """
    chances = np.clip(relevance, 1e-3, 1 - 1e-3)
    odds = np.log(chances / (1 - chances))
    for at, one in enumerate(reports):
        if one.grade is not None:
            known = {"relevance": odds[at], "grade": one.grade, "bias": 1.0}
            known |= {"judged": verdicts[at]} if at in verdicts else {}
            weights = verdict_weights() if at in verdicts else combination()
            odds[at] = sum(weight * known[name] for name, weight in weights.items())
    result: Matrix = 1 / (1 + np.exp(-odds))
    return result


def newest(reports: Sequence[Report]) -> list[Report]:
    """Return the ``MOST_REPORTS`` newest, newest first."""
    order = sorted(reports, key=lambda one: (one.day, one.line.snippet.article), reverse=True)
    return order[:MOST_REPORTS]


def stacked(reports: Sequence[Report]) -> Matrix:
    """Return the vectors of reports, a row each."""
    return np.stack([one.vector for one in reports]).astype(np.float64)


def diverse(rated: Sequence[float], alike: Matrix) -> list[list[int]]:
    """Order reports by rating, each penalised for repeating earlier ones.

    Returns the reports of each story, the lead first: reports of the same story join its lead.
    """
    left = list(range(len(rated)))
    repeats = np.zeros(len(rated))
    found: list[list[int]] = []
    while left:
        lead = max(left, key=lambda at: (rated[at] - DIVERSITY * repeats[at], -at))
        joined = [at for at in left if at != lead and alike[lead, at] >= SAME_STORY]
        found.append([lead, *sorted(joined, key=lambda at: (-rated[at], at))])
        repeats = np.maximum(repeats, alike[lead] ** 2)
        left = [at for at in left if at not in found[-1]]
    return found


def features(reports: Sequence[Report], alike: Matrix, today: date, window: int) -> Matrix:
    """Return a row for each report and a column for each of ``FEATURES``."""
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
            "sources": math.log(1 + one.source_count),
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
    """Return the probability that each two reports are of the same story; 1 on the diagonal.

    The model was trained on reports about the same actors: others are never of the same story.
    """
    odds = pair_features(reports) @ model.same[:-1] + model.same[-1]
    found: Matrix = 1 / (1 + np.exp(-odds))
    found *= np.array([[_share(one, other) for other in reports] for one in reports])
    np.fill_diagonal(found, 1.0)
    return found


def _share(one: Report, other: Report) -> bool:
    """Return whether two reports have an actor in common, or belong to one stored story."""
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
    """Weight the terms of each text by their rarity in the news; rows have length 1."""
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


# --- reports of articles --------------------------------------------------------------

SOFT_NEWS = 0.5
"""A story with this probability of being soft news comes last."""

_LEAD = 300
"""The first characters of an article, which say what it is about."""

_BEGINNING = 600
"""Characters of an article that count as its beginning."""

_EARLY = 0.2
"""The bonus of a sentence there, as a probability of reporting an event."""

_PUBLISHER = re.compile(r"\s+[-|–—]\s+[^-|–—]{2,30}$|\s+$")
_NO_HEADLINE = re.compile(r"(?:\.\.\.|…|\?)$|^\d")
_SHORTEST_HEADLINE = 5

_LEAST_DAYS = 14
"""The least window in days for ages of articles: yesterday never counts as old."""

_OF_ONE_STORY = 12
"""The most articles ranked per stored story if there are more than ``MOST_REPORTS``."""


def rank_stories(
    library: Library,
    lines: Sequence[Line],
    days: int,
    groups: Sequence[frozenset[str]] = (),
    *,
    headlines: bool = True,
) -> list[Story]:
    """Return the stories that lines belong to, the most important first.

    ``days`` is how many days the lines cover, up to today; ``groups`` are the ids of the
    actors asked about. Without any, sport, culture, opinion and lists come last. ``headlines``
    says whether a headline may stand for the lines of its article.
    """
    kept = most_reported(library, {line.snippet.article for line in lines})
    lines = [line for line in lines if line.snippet.article in kept]
    mentions = library.store.mentions(library.workspace, kept)
    found = make_reports(library, groups, lines, mentions, headlines=headlines)
    days = max(days, _LEAST_DAYS)
    if groups:
        return stories(found, library.today, days)
    ranked = stories(found, library.today, days, relevant_from=0.0)
    return sorted(ranked, key=lambda story: _is_soft(story.reports[0]))


def _is_soft(report: Report) -> bool:
    """Return whether a report is soft news; lists and running reports are not if a line of theirs
    reports an event."""
    soft = report.soft - (report.listed if report.event >= SOFT_NEWS else 0.0)
    return soft >= SOFT_NEWS


def by_importance(
    library: Library, lines: Sequence[Line], days: int, groups: Sequence[frozenset[str]] = ()
) -> dict[str, Line]:
    """Return one line of each article, the most important first.

    Leads of stories come first, then other reports of these, then those left out by
    ``rank_stories``.
    """
    ranked = rank_stories(library, lines, days, groups, headlines=False)
    leads = [story.reports[0].line for story in ranked]
    others = [report.line for story in ranked for report in story.reports[1:]]
    found: dict[str, Line] = {}
    for line in [*leads, *others, *lines]:
        found.setdefault(line.snippet.article, line)
    return found


def most_reported(library: Library, articles: Collection[str]) -> frozenset[str]:
    """Choose at most ``MOST_REPORTS`` articles: those of the stories with most sources."""
    if len(articles) <= MOST_REPORTS:
        return frozenset(articles)
    sources = library.store.source_counts(library.workspace, articles)
    story_of = library.store.stories.of(library.workspace, articles)
    by_story: dict[str, list[str]] = {}
    for key in sorted(articles):
        by_story.setdefault(story_of.get(key, key), []).append(key)

    def weight(keys: Sequence[str]) -> tuple[int, int]:
        publishers = {source for key in keys for source in sources.get(key, ())}
        return len(publishers), len(keys)

    weightiest = sorted(by_story.values(), key=weight, reverse=True)
    chosen = [key for keys in weightiest for key in keys[:_OF_ONE_STORY]]
    return frozenset(chosen[:MOST_REPORTS])


def make_reports(
    library: Library,
    groups: Sequence[frozenset[str]],
    lines: Sequence[Line],
    mentions: Mapping[str, Sequence[Mention]],
    *,
    headlines: bool = True,
) -> list[Report]:
    """Make a report of each of the newest articles, with its most informative line.

    ``groups`` are the ids of the actors asked about; without any, every mention counts.
    With ``headlines``, the headline is the line if it says what happened.
    """
    by_article: dict[str, list[Line]] = {}
    for line in sorted(lines, key=lambda line: (_day(library, line), line.snippet.article)):
        by_article.setdefault(line.snippet.article, []).append(line)
    newest = list(by_article)[-MOST_REPORTS:]
    looked = _ReportMaker(
        library,
        frozenset().union(*groups) if groups else None,
        mentions,
        library.vectors.of(library.store, library.workspace, newest),
        library.store.source_counts(library.workspace, newest),
        library.store.stories.of(library.workspace, newest),
        headlines,
    )
    # An article that was deleted meanwhile has no vector.
    return [looked.report(key, by_article[key]) for key in newest if key in looked.vectors]


@dataclass(frozen=True)
class _ReportMaker:
    """Makes reports from the data of their articles.

    ``known`` are the ids of the actors asked about; None means any.
    """

    library: Library
    known: frozenset[str] | None
    mentions: Mapping[str, Sequence[Mention]]
    vectors: Mapping[str, Vector]
    sources: Mapping[str, Collection[str]]
    stories: Mapping[str, str]
    headlines: bool

    @cached_property
    def names(self) -> frozenset[str]:
        """The stems of the names that articles use for the actors asked about."""
        if self.known is None:
            return frozenset()
        found = [one for several in self.mentions.values() for one in several]
        aliases = sorted({one.alias for one in found if one.actor in self.known})
        return frozenset(self.library.passages.terms(" ".join(aliases)))

    def report(self, key: str, lines: Sequence[Line]) -> Report:
        """Make the report of one article."""
        snippet, models = lines[0].snippet, text_kinds.trained()
        article = models.of_article(self.vectors[key], snippet.title, snippet.url)
        own = [
            one
            for one in self.mentions.get(key, ())
            if self.known is None or one.actor in self.known
        ]
        titled = any(one.field == "title" for one in own)
        line, graded = self._best_line(lines, own, article, titled=titled)
        stems = self.library.passages.terms(f"{snippet.title} {line.snippet.quote}")
        return Report(
            line=line,
            terms=informative_stems(stems) - self.names,
            vector=self.vectors[key],
            sources=frozenset(self.sources.get(key, ())),
            mentions=sum(_within(one, line.snippet) for one in own),
            titled=titled,
            leading=any(one.field == "text" and one.start < _LEAD for one in own),
            density=len(own),
            day=_day(self.library, line),
            # Without address or title the kind of an article is unknown.
            hard=text_kinds.hardness(article) if snippet.url and snippet.title.strip() else 1.0,
            event=_event(line.snippet, article),
            story=self.stories.get(key),
            actors=None if self.known is not None else _leading(own),
            soft=text_kinds.softness(article, snippet.title),
            grade=graded,
            listed=float(article[text_kinds.ARTICLES.index("list")]) * bool(snippet.title.strip()),
        )

    def _best_line(
        self, lines: Sequence[Line], own: Sequence[Mention], article: Numbers, *, titled: bool
    ) -> tuple[Line, float | None]:
        """Return the line to show of an article, and its grade.

        Without a title or an address it may be no news article, and is not graded.
        """
        title = lines[0].snippet.title
        if not (title.strip() and lines[0].snippet.url):
            return min(lines, key=lambda one: _lead_order(one, _event(one.snippet, article))), None
        headline = _headline(lines[0]) if titled and self.headlines else None
        grades = [
            (grade(features_of(passage_of(one, own), title, article)), one)
            for one in ([headline, *lines] if headline else lines)
        ]
        later = lines[1:] if self.known is None else []
        best, line = max(
            grades,
            key=lambda one: one[0] - UNSURE * (not _took_place(one[1])) - LATER * (one[1] in later),
        )
        return line, best


UNSURE = 0.4
"""The penalty of a line about a plan or a possibility, in grades."""

LATER = 0.3
"""Where no actor is asked about, the penalty of a line that does not open its article: it may need
the opening to be understood."""


def _headline(line: Line) -> Line | None:
    """Return the title of a line's article as a line; None if it does not say what happened.

    That excludes a question, a list, a few words or a title that was cut off. The name of a
    publisher at its end is left out.
    """
    title = line.snippet.title
    words = _PUBLISHER.sub("", title)
    if len(words.split()) < _SHORTEST_HEADLINE or _NO_HEADLINE.search(words):
        return None
    start = len(words) - len(words.lstrip())
    quote = {"field": "title", "start": start, "end": len(words), "quote": words[start:]}
    snippet = line.snippet.model_copy(update={**quote, "key_spans": (), "answer": None})
    return Line(snippet=snippet)


def _leading(mentions: Sequence[Mention]) -> frozenset[str]:
    """Return the actors named in a title or the first words."""
    return frozenset(one.actor for one in mentions if one.field == "title" or one.start < _LEAD)


def _event(snippet: Snippet, article: Numbers) -> float:
    """Return the probability that a quote reports an event; ``article`` has those of its kinds."""
    if snippet.field == "title":
        return float(article[text_kinds.ARTICLES.index("news")])
    found = text_kinds.trained().of_sentence(
        snippet.quote, first=snippet.start == 0, article=article
    )
    return float(found[text_kinds.SENTENCES.index("event")])


def _lead_order(line: Line, event: float) -> tuple[bool, bool, float, int]:
    """Sort key: first lines that stand alone, then no plans, then likely events.

    The beginning of an article has a bonus.
    """
    happened = line.status is None or line.status in TOOK_PLACE
    early = _EARLY if line.snippet.start < _BEGINNING else 0.0
    return needs_context(line.snippet), not happened, -(event + early), line.snippet.start


def _took_place(line: Line) -> bool:
    return line.status is None or line.status in TOOK_PLACE


def _day(library: Library, line: Line) -> date:
    return line.snippet.day or library.today


def _within(mention: Mention, snippet: Snippet) -> bool:
    return mention.field == snippet.field and snippet.start <= mention.start < snippet.end
