"""Articles that may answer a question, ranked by a sum of named features.

Passages are found by words, and articles of the question's days by their meaning.
``seeds/build_answers.py`` trained the weights by logistic regression within each question.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, time, timedelta
from functools import cache
from importlib import resources
from operator import attrgetter

from bot.answer.library import Library
from bot.answer.lines import spans_in
from bot.answer.question import Question, is_function_word
from bot.match.query import QueryActor
from bot.models import Period
from bot.search.index import Hit
from bot.search.query import raised
from bot.store.articles import Indexable
from bot.text.networks import embed_question

_CAPITAL = re.compile(r"(?<=\S )[“\"]?([A-Z][\w’'-]*|\d[\w.,]*)")
"""A capitalised word that is not the first, or a number."""

_BY_NAME = frozenset({"exact", "office at date", "demonym"})
"""Matches of a whole alias: for these the mentions in articles are reliable."""


RARE_WORD_PASSAGES = 25
"""A word in at most so many passages is also searched for in other spellings."""


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """The search words and actors of a question.

    ``weights`` has each word's stem with its inverse document frequency; ``topic`` those
    that are no part of a name, ``capitals`` those typed as names or numbers; ``asked`` all
    words in lower case. ``groups`` has the ids of each actor named. ``names`` are the stems that
    also name it in a text: none for an exact match, unless no stored text has a mention of that
    actor. ``spelt`` has the stems of every actor, for finding the nearest lines.
    ``besides`` are stems that a lone rare word may be a misspelling of: they find articles, but
    do not make a line an answer.
    """

    weights: Mapping[str, float]
    topic: frozenset[str]
    capitals: frozenset[str]
    asked: frozenset[str]
    groups: tuple[frozenset[str], ...]
    names: tuple[frozenset[str], ...]
    spelt: tuple[frozenset[str], ...] = ()
    besides: tuple[str, ...] = ()

    def share(self, bag: Collection[str]) -> float:
        """Return the share of the question's words in ``bag``, by weight; 1 without words."""
        return _share(self.weights, bag)

    def proper(self, bag: Collection[str]) -> float:
        """Return the same for words typed as names and numbers; for all words if there are none."""
        if not self.capitals:
            return self.share(bag)
        return _share({stem: self.weights[stem] for stem in self.capitals}, bag)

    def rarest(self, bag: Collection[str]) -> float:
        """Return the same for the three rarest words."""
        rare = sorted(self.weights.items(), key=lambda one: (-one[1], one[0]))[:3]
        return _share(dict(rare), bag)

    def topical(self, bag: Collection[str]) -> float:
        """Return the same for the words beyond names."""
        return _share({stem: self.weights[stem] for stem in self.topic}, bag)

    def meant(self, bag: Collection[str]) -> Collection[str]:
        """Return the bag, with the only topic word added if it has another spelling of it."""
        if not self.besides or not self.topic.isdisjoint(bag):
            return bag
        return bag if set(self.besides).isdisjoint(bag) else {*bag, *self.topic}

    def named(self, actors: Collection[str], bag: Collection[str]) -> float:
        """Return the share of the actors asked about that are in ``actors`` or named in ``bag``."""
        if not self.groups:
            return 1.0
        hits = (
            not group.isdisjoint(actors) or bool(words and words.issubset(bag))
            for group, words in zip(self.groups, self.names, strict=True)
        )
        return sum(hits) / len(self.groups)


def query_terms(library: Library, question: Question) -> QueryTerms:
    """Collect the search words and actors, weighted by the passages that the asker may see."""
    subjects = {match.actor for match in question.subjects}
    sure = {
        one.matches[0].actor: one
        for one in reversed(question.named)
        if one.verdict == "sure" and one.matches[0].actor in subjects
    }
    groups = tuple(library.groups(question.subjects))
    names = tuple(
        _name(library, sure[match.actor], group)
        for match, group in zip(question.subjects, groups, strict=True)
    )
    topic = dict.fromkeys(library.stems(question.terms))
    spoken = [stem for one in question.named for stem in library.passages.terms(_words(one))]
    stems = [*topic, *(stem for stem in spoken if stem not in topic)]
    total = max(library.frequency(None), 1)
    return QueryTerms(
        weights={stem: math.log(1 + total / (1 + library.frequency(stem))) for stem in stems},
        topic=frozenset(topic),
        capitals=frozenset(
            stem
            for word in _CAPITAL.findall(question.text)
            for stem in library.passages.words(word)
            if stem in stems
        ),
        asked=frozenset(re.findall(r"\w+", question.text.lower())),
        groups=groups,
        names=names,
        spelt=tuple(
            frozenset(library.passages.terms(_words(sure[match.actor])))
            for match in question.subjects
        ),
        besides=_besides(library, question, list(topic)) if not groups else (),
    )


def _besides(library: Library, question: Question, topic: Sequence[str]) -> tuple[str, ...]:
    """Return other stems that a single rare word may be a misspelling of."""
    if len(topic) != 1:
        return ()
    typed = {stem: word for word in question.terms for stem in library.passages.terms(word)}
    if max(map(library.frequency, typed), default=0) > RARE_WORD_PASSAGES:
        return ()
    meant = (
        library.meant_as_well(stem, typed.get(stem, "")) for stem in dict.fromkeys([*typed, *topic])
    )
    return tuple(dict.fromkeys(one for found in meant for one in found if one not in topic))


def _words(name: QueryActor) -> str:
    """Return the words of a name; if it is misspelt, those of the alias."""
    best = name.matches[0] if name.matches else None
    if best is None or best.how != "typo":
        return " ".join(word for word in name.text.split() if not is_function_word(word))
    return best.alias


def _name(library: Library, name: QueryActor, group: frozenset[str]) -> frozenset[str]:
    """Return the stems that name an actor in a text; none if its mentions are known."""
    if name.matches[0].how in _BY_NAME and _is_named(library, group):
        return frozenset()
    if name.matches[0].how == "typo":
        # The typed words are more likely in texts than the whole alias.
        stems = library.stems(name.text.lower().split())
        if all(map(library.frequency, stems)):
            return frozenset(stems)
    return frozenset(library.passages.terms(_words(name)))


def _is_named(library: Library, group: frozenset[str]) -> bool:
    return library.passages.names(group, workspace=library.workspace, audiences=library.audiences)


def _share(weights: Mapping[str, float], bag: Collection[str]) -> float:
    whole = sum(weights.values())
    if not whole:
        return 1.0
    return sum(weight for stem, weight in weights.items() if stem in bag) / whole


# --- articles -------------------------------------------------------------------------

PASSAGES = 200
ARTICLES = 30
"""How many of each are ranked."""

FEW_PASSAGES = 10
"""With fewer passages, a second search by names follows."""

_FURTHER = (1.0, 0.5, 0.3)
"""Weights of the best passages of an article."""

RECENT_WINDOW = timedelta(days=21)
"""Without a period, articles of the last so many days are compared by meaning."""

REPORTED_WITHIN = timedelta(days=3)
"""How long after a period articles may still report on it."""

MOST_COMPARED = 1_200
"""The most passages with articles compared by meaning, the newest."""

MOST_SIMILAR = 20
"""The most similar of these articles, which are ranked with those found by words."""

RECENCY_HALF_LIFE = timedelta(days=4)
"""After this time the recency of an article is one half."""

LONG_RECENCY_HALF_LIFE = timedelta(days=182)
"""The half-life of long-term recency, a separate feature."""

_SATURATED = 2.2
"""The maximum of BM25 for a word, divided by its rarity: k1 + 1 with k1 = 1.2."""


@dataclass(frozen=True, slots=True)
class RankingFeatures:
    """The features of an article; each is 0..1.

    ``passage``, ``together`` and ``title`` are the shares of the question's words, by rarity,
    in its best passage with the title, in all its passages found, and in its title;
    ``topic`` is that of its best passage for words beyond names, ``proper`` of its passages
    for words typed as names, ``rarest`` for the three rarest; ``sentence`` of the best
    sentence; ``named`` the share of the actors asked about that passage and title name;
    ``engine`` the search engine's score of its passages, relative to the maximum;
    ``near`` how near its publication is to the question's time, or else to now,
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
def ranking_weights() -> RankingFeatures:
    """Read the weight of each feature in the log-odds of an article against the others."""
    file = resources.files("seeds").joinpath("weights", "answers.json")
    return RankingFeatures(**json.loads(file.read_text("utf-8"))["ranking"])


_values = attrgetter(*(one.name for one in fields(RankingFeatures)))


@dataclass(frozen=True, slots=True)
class RankedArticle:
    """An article found, and its passages, best first.

    ``score`` is the log-odds of this article against the others found.
    """

    article: Indexable
    hits: tuple[Hit, ...]
    parts: RankingFeatures
    score: float


def rank_articles(library: Library, question: Question, wanted: QueryTerms) -> list[RankedArticle]:
    """Find the articles that may answer, the likeliest first."""
    asked = embed_question(question.text)
    by_article: dict[str, list[Hit]] = {}
    for hit in _hits(library, question, wanted):
        by_article.setdefault(hit.article, []).append(hit)
    # The sort is stable: without words the engine returns the newest first.
    likely = sorted(by_article, key=lambda key: -_passage_score(by_article[key]))[:ARTICLES]
    recent = _recent(library, question)
    vectors = library.vectors_of([*likely, *recent])
    alike = {key: float(vector @ asked) for key, vector in vectors.items()}
    usual = sum(alike.values()) / max(len(alike), 1)
    near = sorted(recent.keys() & alike.keys(), key=lambda key: -alike[key])[:MOST_SIMILAR]
    for key in near:
        by_article.setdefault(key, [recent[key]])
    values = _values(ranking_weights())
    found = []
    for one in library.store.indexable(library.workspace, list(dict.fromkeys([*likely, *near]))):
        own = [hit for hit in by_article[one.article] if hit.revision == one.revision]
        if own:
            cosine = max(alike.get(one.article, usual), 0.0)
            parts = _ranking_features(library, question, wanted, one, own, cosine)
            score = sum(w * part for w, part in zip(values, _values(parts), strict=True))
            found.append(RankedArticle(one, tuple(own), parts, score))
    return sorted(found, key=lambda one: (-one.score, one.article.article))


def _recent(library: Library, question: Question) -> dict[str, Hit]:
    """Return one passage of each of the newest articles of the question's time."""
    first, last = reporting_window(library, question)
    within = Period(start=first.date(), end=last.date())
    found = library.found(
        "", (), within, newest_first=True, require_actor=False, limit=MOST_COMPARED
    )
    return {hit.article: hit for hit in reversed(found)}


def reporting_window(library: Library, question: Question) -> tuple[datetime, datetime]:
    """Return when articles on the question's time appeared; without a period, the last weeks."""
    first, last = time_asked(library, question)
    period = question.period
    if period is None or period.start is None or first >= library.as_of:
        first -= RECENT_WINDOW
    return first, min(last + REPORTED_WITHIN, library.as_of)


def _hits(library: Library, question: Question, wanted: QueryTerms) -> list[Hit]:
    """Passages found by mentions; if these are few, also by the words of the names.

    The reader may have missed a mention, or linked it to another actor.
    """
    words = [*wanted.weights, *wanted.besides]
    found = _found_by(library, question, wanted, words, wanted.names)
    if len(found) >= FEW_PASSAGES or not wanted.groups or wanted.topic:
        return found
    known = {(hit.article, hit.start) for hit in found}
    by_name = _found_by(library, question, wanted, words, wanted.spelt)
    return found + [hit for hit in by_name if (hit.article, hit.start) not in known]


def _found_by(
    library: Library,
    question: Question,
    wanted: QueryTerms,
    words: Sequence[str],
    names: Sequence[frozenset[str]],
) -> list[Hit]:
    # Reports on an event often appear after it. So with search words a period only boosts
    # articles; without words it filters them.
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
    """Return the time that a question is about: its period up to now, else now."""
    now = library.as_of
    period = question.period
    if period is None:
        return now, now
    last = datetime.combine(period.end, time.max, UTC) if period.end else now
    first = datetime.combine(period.start, time.min, UTC) if period.start else min(last, now)
    return min(first, now), min(last, now)


def _passage_score(hits: Sequence[Hit]) -> float:
    best = sorted((hit.score for hit in hits), reverse=True)
    return sum(score * share for score, share in zip(best, _FURTHER, strict=False))


def _ranking_features(
    library: Library,
    question: Question,
    wanted: QueryTerms,
    article: Indexable,
    hits: Sequence[Hit],
    cosine: float,
) -> RankingFeatures:
    title = library.passages.words(article.title)
    texts = {
        hit: wanted.meant(library.passages.words(article.text[hit.start : hit.end])) for hit in hits
    }
    best = max(hits, key=lambda hit: (wanted.share({*title, *texts[hit]}), hit.score))
    bag = {*title, *texts[best]}
    whole = sum(wanted.weights.values()) * _SATURATED
    away = _away(article.published, *time_asked(library, question))
    points = raised(away) if away is not None else 0.0
    near, lately = recency(article.published, *time_asked(library, question))
    engine = (_passage_score(hits) - points * sum(_FURTHER[: len(hits)])) / whole if whole else 1.0
    together = {*title, *(word for text in texts.values() for word in text)}
    return RankingFeatures(
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
        named=wanted.named(actors_in(article, best.start, best.end), bag),
        engine=min(max(engine, 0.0), 1.0),
        near=near,
        lately=lately,
        similarity=cosine,
    )


def recency(published: datetime | None, first: datetime, last: datetime) -> tuple[float, float]:
    """Return the recency of an article at a time, by a half-life of days and one of months."""
    away = _away(published, first, last)
    if away is None:
        return 0.0, 0.0
    return float(0.5 ** (away / RECENCY_HALF_LIFE)), float(0.5 ** (away / LONG_RECENCY_HALF_LIFE))


def _away(published: datetime | None, first: datetime, last: datetime) -> timedelta | None:
    """Return how far from that time an article was published; None if it has no date."""
    return None if published is None else max(first - published, published - last, timedelta())


def actors_in(article: Indexable, start: int, end: int) -> set[str]:
    """Return the ids of the actors that a span of an article's text, or its title, names."""
    return {
        one.actor for one in article.mentions if one.field == "title" or start <= one.start < end
    }
