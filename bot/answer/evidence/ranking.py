"""Articles that may answer, ranked: each score is a sum of parts that can each be named.

The engine finds passages; here they are gathered by article and weighed. Weights were learned
on the even half of 639 questions about the news of their day, by logistic regression within
each question; ``python -m tests.bench answers`` reports the other half.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, time, timedelta
from operator import attrgetter

from bot.answer.asked.question import Question
from bot.answer.evidence.wanted import Wanted
from bot.answer.library import Library
from bot.answer.lines import spans_in
from bot.search.index import Hit
from bot.search.query import raised
from bot.store.records import Indexable

PASSAGES = 200
ARTICLES = 30
"""How many of each are looked at closely."""

FEW = 10
"""Fewer passages than these are worth a second look."""

_FURTHER = (1.0, 0.5, 0.3)
"""What the best passages of an article count for it."""

_HALF = timedelta(days=4)
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
    ``near`` how near it was published to the time asked about, which is now where no other is.
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


WEIGHTS = Parts(
    passage=1.5,
    together=3.6,
    title=1.4,
    topic=1.2,
    proper=1.8,
    rarest=1.5,
    sentence=0.8,
    named=0.6,
    engine=2.6,
    near=4.6,
)
"""What a part adds to the log-odds of an article against the others found."""

SURE = Parts(
    passage=0.0,
    together=0.0,
    title=0.0,
    topic=2.2,
    proper=3.3,
    rarest=1.8,
    sentence=0.0,
    named=0.0,
    engine=0.0,
    near=3.9,
)
SURE_BIAS = -7.3
"""What a part adds to the log-odds that the question is answered at all, learned with as many
questions that nothing stored answers."""

_values = attrgetter(*(one.name for one in fields(Parts)))
_WEIGHTS: tuple[float, ...] = _values(WEIGHTS)
_SURE: tuple[float, ...] = _values(SURE)


@dataclass(frozen=True, slots=True)
class Found:
    """An article found, and its passages, the best first.

    ``score`` is the log-odds of this article against the others found, ``sure`` how likely
    it is, 0..1, that the question is answered by it at all.
    """

    article: Indexable
    hits: tuple[Hit, ...]
    parts: Parts
    score: float
    sure: float


def _found(article: Indexable, hits: tuple[Hit, ...], parts: Parts) -> Found:
    values = _values(parts)
    score = sum(weight * part for weight, part in zip(_WEIGHTS, values, strict=True))
    sure = SURE_BIAS + sum(weight * part for weight, part in zip(_SURE, values, strict=True))
    return Found(article, hits, parts, score, 1 / (1 + math.exp(-sure)))


def ranked(library: Library, question: Question, wanted: Wanted) -> list[Found]:
    """Find the articles that may answer, the likeliest first."""
    hits = _hits(library, question, wanted)
    by_article: dict[str, list[Hit]] = {}
    for hit in hits:
        by_article.setdefault(hit.article, []).append(hit)
    # Of equals those found first stay first: without words the engine puts the newest there.
    likely = sorted(by_article, key=lambda key: -_together(by_article[key]))[:ARTICLES]
    found = [
        _found(one, tuple(own), _parts(library, question, wanted, one, own))
        for one in library.store.indexable(library.workspace, likely)
        if (own := [hit for hit in by_article[one.article] if hit.revision == one.revision])
    ]
    return sorted(found, key=lambda one: (-one.score, one.article.article))


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
    library: Library, question: Question, wanted: Wanted, article: Indexable, hits: Sequence[Hit]
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
        near=0.0 if away is None else float(0.5 ** (away / _HALF)),
    )


def _away(published: datetime | None, first: datetime, last: datetime) -> timedelta | None:
    """How far from that time an article was published; None where that is not known."""
    return None if published is None else max(first - published, published - last, timedelta())


def _actors(article: Indexable, hit: Hit) -> set[str]:
    return {
        one.actor
        for one in article.mentions
        if one.field == "title" or (hit.start <= one.start < hit.end)
    }


__all__ = ["Found", "Parts", "ranked"]
