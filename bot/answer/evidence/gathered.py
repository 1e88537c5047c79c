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
from bot.answer.evidence.quoting import Quoted, quotes
from bot.answer.evidence.ranking import Found, ranked
from bot.answer.evidence.spans import marked, sought
from bot.answer.evidence.wanted import Wanted, wanted
from bot.answer.library import Library
from bot.answer.lines import day_of, fact_lines, place_of, snippet_of
from bot.models import EventClass, Evidence, Fact, Line, Period, Status
from bot.store.records import Stored

ENOUGH_WORDS = 0.5
"""The share of the question's words, by rarity, that a sentence with its title must have."""

FEW_WORDS = 4
"""A question of more words beyond names is one that no sentence repeats: then its article
is judged, not one sentence."""

ASKS_OF_THINGS = 2
"""Of so many words beyond names and more, a name, date, number or place that is asked for is
looked for in the likeliest articles, with the sentences beside; of fewer in any that fits."""

SURE = 0.5
"""How likely such an article must be to answer, ..."""

WHOLE = 0.9
"""... or which share of all words, names too, its best passage must have. Both were chosen on
the even half of the news questions, with room to spare: of as many that nothing stored answers
2 % pass there. See ``python -m tests.bench answers`` for the curve."""

NOT_UNLIKELY = 0.33
"""How likely the article of a quote must be that is looked for beside its sentence alone."""

_ARTICLES = 12
"""Articles that are quoted for a question of many words, the likeliest."""

_QUOTES, _QUOTES_EACH = 24, 6
"""How many quotes are made of them, and of each."""

_FURTHER_QUOTE = 0.5
"""How much likelier than the next an article must be to be quoted again before it."""

_FACTS = 300
_MUTUAL = frozenset({EventClass.CONSULT, EventClass.AGREE})
"""Acts that both sides do: who met the Emir is also whom the Emir met."""

_OTHERWISE = {"host": frozenset("host hosts hosted hosting guest guests".split())}
"""Acts of a class that differ from its others: who hosts does not move. Each by its words."""

_COMING = frozenset({Status.PLANNED, Status.CALLED_FOR})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may answer, with the parts of its score; each is 0..1.

    ``context`` is the share of the question's words that its passage and title have,
    ``asked`` how many words those are; ``sure`` how likely its article answers, ``whole``
    the share of all words, names too, that its passage has. ``inside`` says whether it was
    published in the period asked about; ``least`` is how likely the article of a quote of a
    question of few words must be, ``own`` the share of the actors that the sentence names.
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
    articles = ranked(library, question, looked)
    if len(looked.topic) > FEW_WORDS:
        return Gathered(_by_article(library, question, looked, articles), tuple(articles))
    found = _from_facts(library, question, looked)
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


def _fitting(one: Candidate) -> tuple[float, int, float, tuple[str, str, int]]:
    day = day_of(one.line)
    newest = -(day.toordinal() if day else 0)
    return (-round(one.fitness, 1), newest, -round(one.rank, 3), place_of(one.line))


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
    )


def _inside(period: Period | None, day: date | None) -> bool:
    if period is None:
        return True
    if day is None:
        return False
    return (period.start or day) <= day <= (period.end or day)


def _from_facts(library: Library, question: Question, looked: Wanted) -> list[Candidate]:
    groups = looked.groups
    if not groups or not (question.classes or not question.terms):
        return []
    facts = library.store.facts(
        library.workspace,
        library.audiences,
        actors=groups[0] if question.classes else frozenset().union(*groups),
        classes=question.classes or None,
        since=question.period.start if question.period else None,
        until=question.period.end if question.period else None,
        as_of=library.as_of,
        undated=False if question.period else None,
        limit=_FACTS,
    )
    fits = {fact.id: _fit(fact, question, groups) for fact in facts if _about(fact, groups)}
    lines = fact_lines(
        library,
        [fact for fact in facts if fact.id in fits],
        lambda quote: round(looked.share(library.passages.terms(quote)), 1),
    )
    found = []
    for line in lines:
        fit = fits[line.fact or ""]
        # A sentence that tells the contrary is kept as what does not bear on the question,
        # or it would come again for its words.
        words = looked.topical(library.passages.terms(_all_words(line))) if fit else 0.0
        answer = marked(sought(question), line.snippet.quote, looked.asked)
        marking = {"snippet": line.snippet.model_copy(update={"answer": answer})}
        found.append(Candidate(line.model_copy(update=marking), words, float(fit > 0), fit, 0.0))
    return found


def _all_words(line: Line) -> str:
    return f"{line.snippet.title} {line.snippet.quote}"


def _about(fact: Fact, groups: Sequence[frozenset[str]]) -> bool:
    roles = {fact.source_actor, fact.target_actor, fact.claimant, fact.place}
    return all(group & roles for group in groups)


def _fit(fact: Fact, question: Question, groups: Sequence[frozenset[str]]) -> float:
    """How well a fact about those who are asked about fits the question: 0 is not at all."""
    fit = 0.6
    if fact.act in _OTHERWISE and _OTHERWISE[fact.act].isdisjoint(question.terms):
        return 0.0
    if question.doer and len(groups) == 1 and question.classes:
        # "Who moved to Turkey?" asks for those who did it to Turkey, not what Turkey did.
        if fact.target_actor in groups[0] or fact.event_class in _MUTUAL:
            fit += 0.3
        elif fact.place not in groups[0]:
            return 0.0
    elif fact.source_actor in groups[0]:
        fit += 0.3
    if question.ahead:
        fit += 0.1 if fact.status in _COMING else -0.3
    return max(fit, 0.0)
