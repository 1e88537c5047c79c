"""Articles that may answer, ranked: each score is a sum of parts that can each be named.

Passages are found by words, and articles of the days asked about by their meaning; here they are
gathered by article and weighed. The weights were learned by ``seeds/build_answers.py``, by logistic
regression within each question.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, time, timedelta
from functools import cache
from importlib import resources
from operator import attrgetter

from bot.answer.asked.question import Question
from bot.answer.evidence.wanted import Wanted
from bot.answer.library import Library
from bot.answer.lines import spans_in
from bot.models import Period
from bot.search.index import Hit
from bot.search.query import raised
from bot.store.records import Indexable
from bot.text.answerer import embed_question

PASSAGES = 200
ARTICLES = 30
"""How many of each are looked at closely."""

FEW = 10
"""Fewer passages than these are worth a second look."""

_FURTHER = (1.0, 0.5, 0.3)
"""What the best passages of an article count for it."""

LATELY = timedelta(days=21)
"""Where no time is asked about, articles of so many days are compared by meaning."""

AFTER = timedelta(days=3)
"""How long after a time that is asked about articles may report on it."""

LOOKED_AT = 1_200
"""Passages of that time, the newest, whose articles are compared by meaning."""

NEIGHBOURS = 20
"""Of these articles so many, the nearest in meaning, are ranked with what words found."""

_HALF = timedelta(days=4)
_HALF_LATELY = timedelta(days=182)
_SATURATED = 2.2
"""The most that BM25 gives a word, over its rarity: k1 + 1 with k1 = 1.2."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What speaks for an article; each is 0..1.

    ``passage``, ``together`` and ``title`` are the shares of the question's words, by rarity,
    that its best passage with the title, all its passages found, and its title have;
    ``topic`` the same of its best passage for words beyond names, ``proper`` of its passages
    for words typed as names, ``rarest`` for the three rarest; ``sentence`` of the best
    sentence; ``named`` the share of the actors asked about that passage and title name;
    ``engine`` how the search engine scores its passages against the most that it could;
    ``near`` how near it was published to the time asked about, which is now where no other is,
    by a half-life of four days, ``lately`` the same by half a year; ``similarity`` the cosine of
    the vectors of the question and the article.
    """

    passage: float
    together: float
    title: float
    topic: float
    proper: float
    rarest: float
    sentence: float
    named: float
    engine: float
    near: float
    lately: float
    similarity: float


@cache
def ranking_weights() -> Parts:
    """Read what a part adds to the log-odds of an article against the others found."""
    file = resources.files("seeds").joinpath("weights", "answers.json")
    return Parts(**json.loads(file.read_text("utf-8"))["ranking"])


_values = attrgetter(*(one.name for one in fields(Parts)))


@dataclass(frozen=True, slots=True)
class Found:
    """An article found, and its passages, the best first.

    ``score`` is the log-odds of this article against the others found.
    """

    article: Indexable
    hits: tuple[Hit, ...]
    parts: Parts
    score: float


def ranked(library: Library, question: Question, wanted: Wanted) -> list[Found]:
    """Find the articles that may answer, the likeliest first."""
    asked = embed_question(question.text)
    by_article: dict[str, list[Hit]] = {}
    for hit in _hits(library, question, wanted):
        by_article.setdefault(hit.article, []).append(hit)
    # Of equals those found first stay first: without words the engine puts the newest there.
    likely = sorted(by_article, key=lambda key: -_together(by_article[key]))[:ARTICLES]
    recent = _recent(library, question)
    vectors = library.vectors_of([*likely, *recent])
    alike = {key: float(vector @ asked) for key, vector in vectors.items()}
    usual = sum(alike.values()) / max(len(alike), 1)
    near = sorted(recent.keys() & alike.keys(), key=lambda key: -alike[key])[:NEIGHBOURS]
    for key in near:
        by_article.setdefault(key, [recent[key]])
    values = _values(ranking_weights())
    found = []
    for one in library.store.indexable(library.workspace, list(dict.fromkeys([*likely, *near]))):
        own = [hit for hit in by_article[one.article] if hit.revision == one.revision]
        if own:
            cosine = max(alike.get(one.article, usual), 0.0)
            parts = _parts(library, question, wanted, one, own, cosine)
            score = sum(w * part for w, part in zip(values, _values(parts), strict=True))
            found.append(Found(one, tuple(own), parts, score))
    return sorted(found, key=lambda one: (-one.score, one.article.article))


def _recent(library: Library, question: Question) -> dict[str, Hit]:
    """A passage of each of the newest articles of the time asked about, whatever they say."""
    first, last = time_asked(library, question)
    period = question.period
    if period is None or period.start is None or first >= library.as_of:
        first -= LATELY
    within = Period(start=first.date(), end=min(last + AFTER, library.as_of).date())
    found = library.found("", (), within, newest_first=True, require_actor=False, limit=LOOKED_AT)
    return {hit.article: hit for hit in reversed(found)}


def _hits(library: Library, question: Question, wanted: Wanted) -> list[Hit]:
    """Passages found; where readers met those asked about in few, also those by their names.

    A reader of articles may have missed a name that stands there, or taken it for another's.
    """
    words = [*wanted.weights, *wanted.besides]
    found = _found_by(library, question, wanted, words, wanted.names)
    if len(found) >= FEW or not wanted.groups or wanted.topic:
        return found
    known = {(hit.article, hit.start) for hit in found}
    by_name = _found_by(library, question, wanted, words, wanted.spelt)
    return found + [hit for hit in by_name if (hit.article, hit.start) not in known]


def _found_by(
    library: Library,
    question: Question,
    wanted: Wanted,
    words: Sequence[str],
    names: Sequence[frozenset[str]],
) -> list[Hit]:
    # Much that is said of an event is published after it: where there are words to go by,
    # a period raises what is in it; without any it binds.
    period = None if wanted.topic else question.period
    return library.found(
        words,
        wanted.groups,
        period,
        names=names,
        require_actor=bool(wanted.groups) and not wanted.topic,
        newest_first=not wanted.topic,
        near=time_asked(library, question),
        limit=PASSAGES,
    )


def time_asked(library: Library, question: Question) -> tuple[datetime, datetime]:
    """The time that a question is about: its period as far as it has come, else now."""
    now = library.as_of
    period = question.period
    if period is None:
        return now, now
    last = datetime.combine(period.end, time.max, UTC) if period.end else now
    first = datetime.combine(period.start, time.min, UTC) if period.start else min(last, now)
    return min(first, now), min(last, now)


def _together(hits: Sequence[Hit]) -> float:
    best = sorted((hit.score for hit in hits), reverse=True)
    return sum(score * share for score, share in zip(best, _FURTHER, strict=False))


def _parts(
    library: Library,
    question: Question,
    wanted: Wanted,
    article: Indexable,
    hits: Sequence[Hit],
    cosine: float,
) -> Parts:
    title = library.passages.words(article.title)
    texts = {
        hit: wanted.meant(library.passages.words(article.text[hit.start : hit.end])) for hit in hits
    }
    best = max(hits, key=lambda hit: (wanted.share({*title, *texts[hit]}), hit.score))
    bag = {*title, *texts[best]}
    whole = sum(wanted.weights.values()) * _SATURATED
    away = _away(article.published, *time_asked(library, question))
    points = raised(away) if away is not None else 0.0
    near, lately = nearness(article.published, *time_asked(library, question))
    engine = (_together(hits) - points * sum(_FURTHER[: len(hits)])) / whole if whole else 1.0
    together = {*title, *(word for text in texts.values() for word in text)}
    return Parts(
        passage=wanted.share(bag),
        together=wanted.share(together),
        title=wanted.share(title),
        topic=wanted.topical(bag),
        proper=wanted.proper(together),
        rarest=wanted.rarest(together),
        sentence=max(
            wanted.share(library.passages.words(article.text[start:end]))
            for start, end in spans_in(article.text, best)
        ),
        named=wanted.named(_actors(article, best), bag),
        engine=min(max(engine, 0.0), 1.0),
        near=near,
        lately=lately,
        similarity=cosine,
    )


def nearness(published: datetime | None, first: datetime, last: datetime) -> tuple[float, float]:
    """How near a time an article was published: by a half-life of days, and of months."""
    away = _away(published, first, last)
    if away is None:
        return 0.0, 0.0
    return float(0.5 ** (away / _HALF)), float(0.5 ** (away / _HALF_LATELY))


def _away(published: datetime | None, first: datetime, last: datetime) -> timedelta | None:
    """How far from that time an article was published; None where that is not known."""
    return None if published is None else max(first - published, published - last, timedelta())


def _actors(article: Indexable, hit: Hit) -> set[str]:
    return {
        one.actor
        for one in article.mentions
        if one.field == "title" or (hit.start <= one.start < hit.end)
    }


__all__ = ["Found", "Parts", "nearness", "ranked"]
