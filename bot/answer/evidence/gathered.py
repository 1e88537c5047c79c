"""Evidence for a question: candidates from facts and passages, and how likely each answers.

Articles are ranked first, by words and meaning; the likeliest sentences of the likeliest articles,
and facts of the kind asked for, are then judged by the question model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from bot.answer.asked.classes import classes_of
from bot.answer.asked.kinds import Kind
from bot.answer.asked.question import Question
from bot.answer.evidence.candidate import (
    ALONE,
    ENOUGH_WORDS,
    FEW_WORDS,
    Candidate,
    Features,
    probability,
)
from bot.answer.evidence.quoting import Quoted, quotes
from bot.answer.evidence.ranking import Found, nearness, ranked, time_asked
from bot.answer.evidence.spans import sought
from bot.answer.evidence.told import from_facts
from bot.answer.evidence.wanted import Wanted, wanted
from bot.answer.library import Library
from bot.answer.lines import day_of, place_of, snippet_of
from bot.models import Evidence, Line, Period
from bot.store.records import Stored
from bot.text.answerer import Passage, PassageScore, score_passages

ARTICLES = 12
"""Articles that are quoted for a question."""

QUOTES = 12
"""Quotes of them that the question model scores."""

FACTS = 3
"""Lines of facts that it scores besides."""

_SHORT = 7
"""Words of a question that asks for nothing but an act and who takes part, at most."""

LISTED = 10
"""Lines of facts where nothing is asked for but an act and who takes part: they are the answer."""

_OF_THINGS = 2
"""A question of so many words beyond names that asks for a name, a date, a number or a place is
answered with the neighbours of a sentence; others only from ``FEW_WORDS`` on."""

_EACH = 3
"""Quotes of one article."""

_FURTHER_QUOTE = 0.35
"""How much likelier than the next an article must be to be quoted again before it."""


@dataclass(frozen=True)
class Gathered:
    """What was found for a question: the candidates, best first, and the articles, ranked."""

    candidates: tuple[Candidate, ...]
    articles: tuple[Found, ...]

    @cached_property
    def probability(self) -> dict[str, float]:
        """The probability that each article answers: that of its best candidate."""
        found: dict[str, float] = {}
        for one in self.candidates:
            key = one.line.snippet.article
            found[key] = max(found.get(key, 0.0), one.probability)
        return found


def candidates(library: Library, question: Question) -> tuple[Candidate, ...]:
    """Collect and score what may answer, best first; of what fits as well, the newest first."""
    return gathered(library, question).candidates


def gathered(library: Library, question: Question) -> Gathered:
    """Collect what may answer, with all articles that were looked at; once for a request."""
    if question not in library.gathered:
        library.gathered[question] = _gathered(library, question)
    found: Gathered = library.gathered[question]
    return found


def _gathered(library: Library, question: Question) -> Gathered:
    looked = wanted(library, question)
    articles = without_copies(ranked(library, question, looked))
    facts = from_facts(library, question, looked)
    facts.sort(key=lambda one: (-one[1], _date_key(one[0])))
    # What a fact of the kind asked for reads otherwise is no answer for its words.
    contrary = {place_of(line) for line, fit in facts if not fit}
    at = {one.article.article: one for one in articles}
    found: dict[tuple[str, str, int], tuple[Line, float, Found | None]] = {}
    for line, fit in facts[: LISTED if _asks_for_acts(question, looked) else FACTS]:
        if fit:
            found.setdefault(place_of(line), (line, fit, at.get(line.snippet.article)))
    for line, article in _quoted(library, question, looked, articles):
        if place_of(line) not in contrary:
            found.setdefault(place_of(line), (line, 0.0, article))
    return Gathered(_scored(library, question, looked, list(found.values())), tuple(articles))


def without_copies(articles: Sequence[Found]) -> list[Found]:
    """Keep of near-copies the likeliest only: what one says, its copies do not say again."""
    first: dict[str, Found] = {}
    for one in articles:
        first.setdefault(one.article.fold, one)
    return list(first.values())


def _date_key(line: Line) -> int:
    day = day_of(line)
    return -(day.toordinal() if day else 0)


def _quoted(
    library: Library, question: Question, looked: Wanted, articles: Sequence[Found]
) -> list[tuple[Line, Found]]:
    """Quotes of the likeliest articles; an article that is much likelier is quoted again first."""
    likely = articles[:ARTICLES]
    stored = library.articles({one.article.article for one in likely})
    best = likely[0].score if likely else 0.0
    rated: list[tuple[float, Found, Quoted]] = []
    # Beside a name, date or number that is asked for, the neighbours of a sentence say of what.
    least = _OF_THINGS if sought(question) is not None else FEW_WORDS + 1
    widen = len(looked.topic) >= least
    for found in likely:
        one = stored.get(found.article.article)
        if one is None or one.revision.n != found.article.revision:
            continue
        chance = math.exp(found.score - best)
        kept = quotes(library, found, looked, sought(question), widen=widen)
        first, further = kept[:1], kept[1:_EACH]
        told = [*first, *(one for one in further if _has_enough(library, looked, found, one))]
        rated += [
            (chance * _FURTHER_QUOTE**again, found, quoted) for again, quoted in enumerate(told)
        ]
    rated.sort(key=lambda one: -one[0])  # of equals the likelier article stays first
    return [
        (line_of(found, stored[found.article.article], quoted), found)
        for _, found, quoted in rated[:QUOTES]
    ]


def _has_enough(library: Library, looked: Wanted, found: Found, quoted: Quoted) -> bool:
    """Whether a further quote of an article has the words of a short question by itself."""
    if len(looked.topic) > FEW_WORDS:
        return True
    words = library.passages.words(found.article.text[quoted.start : quoted.end])
    return looked.topical(words) >= ENOUGH_WORDS


def line_of(found: Found, stored: Stored, quoted: Quoted) -> Line:
    """Quote an article that was found."""
    evidence = Evidence(
        start=quoted.start,
        end=quoted.end,
        quote=found.article.text[quoted.start : quoted.end],
        article=stored.article.id,
        revision=stored.revision.n,
    )
    return Line(snippet=snippet_of(stored, evidence))


def _scored(
    library: Library,
    question: Question,
    looked: Wanted,
    found: Sequence[tuple[Line, float, Found | None]],
) -> tuple[Candidate, ...]:
    """Score each line, and mark the words of it that answer; best first."""
    passages = [_passage(library, line) for line, _, _ in found]
    scores = score_passages(question.text, passages)
    made = [
        _candidate(library, question, looked, *one, score)
        for one, score in zip(found, scores, strict=True)
    ]
    return tuple(sorted(made, key=lambda one: one.order))


def _asks_for_acts(question: Question, looked: Wanted) -> bool:
    """Whether a question, as *who attacked Iran?*, is of nothing but an act and who takes part."""
    alone = all(classes_of([term]) for term in question.terms)
    short = len(question.text.split()) <= _SHORT
    return bool(question.classes and looked.groups) and alone and short


def _passage(library: Library, line: Line) -> Passage:
    published = line.snippet.published
    age = (library.today - published.date()).days if published else None
    return Passage(line.snippet.quote, line.snippet.title, age)


def _candidate(
    library: Library,
    question: Question,
    looked: Wanted,
    line: Line,
    fit: float,
    found: Found | None,
    score: PassageScore,
) -> Candidate:
    features = _features(library, question, looked, line, fit, found, score.logit)
    likely = probability(features)
    snippet = line.snippet.model_copy(update={"score": round(likely, 4)})
    day = line.event_date or (snippet.published.date() if snippet.published else None)
    made = Candidate(
        line=line.model_copy(update={"snippet": snippet}),
        features=features,
        probability=likely,
        asked=len(looked.topic),
        inside=inside(question.period, day),
        story=found.article.story if found else None,
        keywords=_keywords(question, looked),
        listed=_asks_for_acts(question, looked),
    )
    # A fact says by its label who did what.
    unmarked = fit > 0 or (question.kind in _UNMARKED and sought(question) is None)
    if not made.is_answer or unmarked:
        return made
    marked = snippet.model_copy(update={"answer": score.span})
    return replace(made, line=line.model_copy(update={"snippet": marked}))


def _features(
    library: Library,
    question: Question,
    looked: Wanted,
    line: Line,
    fit: float,
    found: Found | None,
    logit: float,
) -> Features:
    bag = library.passages.words(f"{line.snippet.title} {line.snippet.quote}")
    near, lately = nearness(line.snippet.published, *time_asked(library, question))
    parts = found.parts if found else None
    return Features(
        logit=logit,
        similarity=parts.similarity if parts else 0.0,
        words=looked.topical(bag),
        whole=parts.passage if parts else looked.share(bag),
        proper=parts.proper if parts else looked.proper(bag),
        rarest=parts.rarest if parts else looked.rarest(bag),
        named=1.0 if fit else looked.named(named_in(found, line), bag),
        fact=fit,
        near=near,
        lately=lately,
    )


def named_in(found: Found | None, line: Line) -> set[str]:
    """Return the ids of those whom a line names, or the title of its article."""
    if found is None:
        return set(line.about)
    snippet = line.snippet
    return {
        one.actor
        for one in found.article.mentions
        if one.field == "title" or snippet.start <= one.start < snippet.end
    }


def _keywords(question: Question, looked: Wanted) -> float | None:
    """Which share of its words a line must have; None where more is asked than for an act."""
    most = {"statement": FEW_WORDS, "what": 1}.get(question.kind, 0)
    few = 0 < len(looked.topic) <= most
    if not (few or _asks_for_acts(question, looked)):
        return None
    return ENOUGH_WORDS if looked.groups else ALONE


_UNMARKED: frozenset[Kind] = frozenset({"statement", "new", "between", "versus", "planned"})
"""Kinds of questions that no few words answer."""

_GRACE = timedelta(days=3)
"""How long after the end of a period a report about it may appear."""


def inside(period: Period | None, day: date | None) -> bool:
    """Tell whether a day is in a period, or so soon after it that a report may be about it."""
    if period is None:
        return True
    if day is None:
        return False
    return (period.start or day) <= day <= (period.end + _GRACE if period.end else day)
