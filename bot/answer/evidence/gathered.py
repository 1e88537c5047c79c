"""Evidence for a question: candidates from facts and passages, scored apart from found.

A candidate's score is a sum of parts that can each be named: how much of the question's
words it has, weighted by how rare they are; whether it names whom the question names;
whether it is a fact of the kind asked for; how its article ranks among those found.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.answer.asked.question import Question
from bot.answer.evidence.candidate import ENOUGH_WORDS, FEW_WORDS, NOT_UNLIKELY, Candidate
from bot.answer.evidence.quoting import Quoted, quotes
from bot.answer.evidence.ranking import Found, ranked
from bot.answer.evidence.spans import marked, sought
from bot.answer.evidence.told import from_facts
from bot.answer.evidence.wanted import Wanted, wanted
from bot.answer.library import Library
from bot.answer.lines import day_of, place_of, snippet_of
from bot.models import Evidence, Line, Period
from bot.store.records import Stored

ASKS_OF_THINGS = 2
"""Of so many words beyond names and more, a name, date, number or place that is asked for is
looked for in the likeliest articles, with the sentences beside; of fewer in any that fits."""

_ARTICLES = 12
"""Articles that are quoted for a question of many words, the likeliest."""

_QUOTES, _QUOTES_EACH = 24, 6
"""How many quotes are made of them, and of each."""

_FURTHER_QUOTE = 0.35
"""How much likelier than the next an article must be to be quoted again before it."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found for a question: the candidates, best first, and the articles, ranked."""

    candidates: tuple[Candidate, ...]
    articles: tuple[Found, ...]


def candidates(library: Library, question: Question) -> tuple[Candidate, ...]:
    """Collect and score what may answer, best first; of what fits as well, the newest first."""
    return gathered(library, question).candidates


def gathered(library: Library, question: Question) -> Gathered:
    """Collect what may answer, with all articles that were looked at."""
    looked = wanted(library, question)
    articles = _apart(ranked(library, question, looked))
    if len(looked.topic) > FEW_WORDS:
        return Gathered(_by_article(library, question, looked, articles), tuple(articles))
    found = from_facts(library, question, looked)
    known = {place_of(one.line) for one in found}
    if len(looked.topic) >= ASKS_OF_THINGS and sought(question) is not None:
        quoted = _by_article(library, question, looked, articles)
        further = [
            replace(one, least=NOT_UNLIKELY) for one in quoted if place_of(one.line) not in known
        ]
        return Gathered((*sorted(found, key=_fitting), *further), tuple(articles))
    told = any(one.fact > 0 for one in found)
    for one in _by_sentence(library, question, looked, articles):
        # Beside facts that tell it, a sentence must name by itself who is asked about.
        if place_of(one.line) not in known and (one.own >= 1 or not told):
            known.add(place_of(one.line))
            found.append(one)
    return Gathered(tuple(sorted(found, key=_fitting)), tuple(articles))


def _apart(articles: Sequence[Found]) -> list[Found]:
    """Of near-copies the likeliest only: what one says, its copies do not say again."""
    first: dict[str, Found] = {}
    for one in articles:
        first.setdefault(one.article.fold, one)
    return list(first.values())


def _fitting(one: Candidate) -> tuple[bool, float, int, float, tuple[str, str, int]]:
    """What names all who are asked about comes first: of others nothing is answered."""
    day = day_of(one.line)
    newest = -(day.toordinal() if day else 0)
    order = -round(one.fitness, 1), newest, -round(one.rank, 3)
    return (one.actors < 1, *order, place_of(one.line))


def _by_article(
    library: Library, question: Question, looked: Wanted, articles: Sequence[Found]
) -> tuple[Candidate, ...]:
    """Quotes of the likeliest articles; an article that is much likelier is quoted again first."""
    likely = articles[:_ARTICLES]
    stored = library.articles({one.article.article for one in likely})
    best = likely[0].score if likely else 0.0
    rated: list[tuple[float, Found, Quoted]] = []
    for found in likely:
        one = stored.get(found.article.article)
        if one is None or one.revision.n != found.article.revision:
            continue
        kept = quotes(library, found, looked, sought(question), widen=True)
        chance = math.exp(found.score - best)
        rated += [
            (chance * _FURTHER_QUOTE**again, found, quoted)
            for again, quoted in enumerate(kept[:_QUOTES_EACH])
        ]
    rated.sort(key=lambda one: -one[0])  # of equals the likelier article stays first
    return tuple(
        _quote(library, question, looked, found, stored[found.article.article], quoted)
        for _, found, quoted in rated[:_QUOTES]
    )


def _by_sentence(
    library: Library, question: Question, looked: Wanted, articles: Sequence[Found]
) -> list[Candidate]:
    """Of each article the sentences that have most of the question's words."""
    stored = library.articles({one.article.article for one in articles})
    found = []
    for one in articles:
        article = stored.get(one.article.article)
        if article is None or article.revision.n != one.article.revision:
            continue
        kept = [
            quoted
            for quoted in quotes(library, one, looked, sought(question), widen=False)
            if _tells_of(looked, one, quoted)
        ]
        further = [quoted for quoted in kept[1:3] if _says_enough(library, looked, one, quoted)]
        found += [
            _quote(library, question, looked, one, article, quoted)
            for quoted in [*kept[:1], *further]
        ]
    return found


def _says_enough(library: Library, looked: Wanted, found: Found, quoted: Quoted) -> bool:
    """Whether a sentence has the words itself, without its title."""
    words = library.passages.words(found.article.text[quoted.start : quoted.end])
    return looked.topical(words) >= ENOUGH_WORDS


def _tells_of(looked: Wanted, found: Found, quoted: Quoted) -> bool:
    """Whether a sentence names, of several that are asked about, any or nobody at all."""
    own = _named_in(found, quoted)
    return len(looked.groups) < 2 or not own or looked.named(own, ()) > 0


def _named_in(found: Found, quoted: Quoted) -> set[str]:
    return {
        one.actor
        for one in found.article.mentions
        if one.field == "text" and quoted.start <= one.start < quoted.end
    }


def _quote(
    library: Library,
    question: Question,
    looked: Wanted,
    found: Found,
    stored: Stored,
    quoted: Quoted,
) -> Candidate:
    text = found.article.text[quoted.start : quoted.end]
    bag = library.passages.words(f"{found.article.title} {text}")
    own = looked.named(_named_in(found, quoted), bag)
    evidence = Evidence(
        start=quoted.start,
        end=quoted.end,
        quote=text,
        article=stored.article.id,
        revision=stored.revision.n,
    )
    published = stored.article.published
    answer = marked(sought(question), text, looked.asked)
    scored = snippet_of(stored, evidence, found.sure)
    snippet = scored.model_copy(update={"answer": answer})
    return Candidate(
        line=Line(snippet=snippet),
        words=looked.topical(bag),
        actors=max(found.parts.named, own),
        fact=0.0,
        rank=found.parts.engine * (1.0 if own >= 1 else 0.7),
        context=found.parts.topic,
        asked=len(looked.topic),
        sure=found.sure,
        whole=found.parts.passage,
        inside=_inside(question.period, published.date() if published else None),
        own=own,
        story=found.article.story,
    )


def _inside(period: Period | None, day: date | None) -> bool:
    if period is None:
        return True
    if day is None:
        return False
    return (period.start or day) <= day <= (period.end or day)
