"""Evidence for a question: candidates from facts and passages, scored apart from found.

A candidate's score is a sum of parts that can each be named: how much of the question's
words it has, weighted by how rare they are; whether it names whom the question names;
whether it is a fact of the kind asked for; how well the search engine ranks its passage.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.answer.library import Library
from bot.answer.lines import day_of, fact_lines, place_of, snippet_of, spans_in
from bot.answer.question import Question
from bot.models import EventClass, Evidence, Fact, Line, Mention, Status
from bot.search.index import Hit
from bot.store.records import Stored

ENOUGH_WORDS = 0.5
"""The share of the question's words, by rarity, that a sentence with its title must have."""

ENOUGH_OF_MANY = 0.35
"""The same for a question of many words, which no sentence repeats: of its passage and title.
Chosen on the even half of 400 questions about news, where it raised those answered right
first from .56 to .70 of all; on questions that nothing stored answers it was wrong no oftener."""

FEW_WORDS, MANY_WORDS = 4, 10

_PASSAGES = 60
_FACTS = 300
_MUTUAL = frozenset({EventClass.CONSULT, EventClass.AGREE})
"""Acts that both sides do: who met the Emir is also whom the Emir met."""

_COMING = frozenset({Status.PLANNED, Status.CALLED_FOR})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may answer, with the parts of its score; each is 0..1.

    ``context`` is the share of the question's words that its passage and title have,
    ``asked`` how many words those are.
    """

    line: Line
    words: float
    actors: float
    fact: float
    rank: float
    context: float = 0.0
    asked: int = 0

    @property
    def score(self) -> float:
        """The parts, weighted."""
        return self.fitness + 0.3 * self.rank

    @property
    def fitness(self) -> float:
        """How well it fits what was asked, whatever the search engine thinks of its passage."""
        return self.words + 0.8 * self.actors + 1.5 * self.fact

    @property
    def bears(self) -> bool:
        """Whether this may be shown as an answer at all."""
        if self.asked <= FEW_WORDS or self.fact > 0:
            return self.actors >= 1 and (self.fact > 0 or self.words >= ENOUGH_WORDS)
        share = min((self.asked - FEW_WORDS) / (MANY_WORDS - FEW_WORDS), 1.0)
        needed = ENOUGH_WORDS - share * (ENOUGH_WORDS - ENOUGH_OF_MANY)
        return self.actors >= 0.5 and max(self.words, self.context) >= needed


def candidates(library: Library, question: Question) -> list[Candidate]:
    """Collect and score what may answer, best first; of what fits as well, the newest first."""
    groups = [library.expand(one.actor) for one in question.subjects]
    weights = _weights(library, question.terms)
    found = _from_facts(library, question, groups, weights)
    known = {place_of(one.line) for one in found}
    for one in _from_passages(library, question, groups, weights):
        if place_of(one.line) not in known:
            known.add(place_of(one.line))
            found.append(one)
    return sorted(
        found,
        key=lambda one: (
            -round(one.fitness, 1),
            -(day.toordinal() if (day := day_of(one.line)) else 0),
            -round(one.rank, 3),
            place_of(one.line),
        ),
    )


def _weights(library: Library, terms: Sequence[str]) -> dict[str, float]:
    """Inverse document frequency by stemmed term; a word that is stored nowhere weighs most."""
    total = max(library.frequency(None), 1)
    return {
        stem: math.log(1 + total / (1 + library.frequency(stem))) for stem in library.stems(terms)
    }


def _share(weights: Mapping[str, float], bag: Collection[str]) -> float:
    whole = sum(weights.values())
    if not whole:
        return 1.0
    return sum(weight for term, weight in weights.items() if term in bag) / whole


def _from_facts(
    library: Library,
    question: Question,
    groups: Sequence[frozenset[str]],
    weights: Mapping[str, float],
) -> list[Candidate]:
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
    lines = fact_lines(library, [fact for fact in facts if fact.id in fits])
    found = []
    for line in lines:
        fit = fits[line.fact or ""]
        # A sentence that tells the contrary is kept as what does not bear on the question,
        # or it would come again for its words.
        words = _share(weights, library.passages.terms(_all_words(line))) if fit else 0.0
        found.append(Candidate(line, words, float(fit > 0), fit, 0.0))
    return found


def _all_words(line: Line) -> str:
    return f"{line.snippet.title} {line.snippet.quote}"


def _about(fact: Fact, groups: Sequence[frozenset[str]]) -> bool:
    roles = {fact.source_actor, fact.target_actor, fact.claimant, fact.place}
    return all(group & roles for group in groups)


def _fit(fact: Fact, question: Question, groups: Sequence[frozenset[str]]) -> float:
    """How well a fact about those who are asked about fits the question: 0 is not at all."""
    fit = 0.6
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


def _from_passages(
    library: Library,
    question: Question,
    groups: Sequence[frozenset[str]],
    weights: Mapping[str, float],
) -> list[Candidate]:
    period = question.period
    hits = library.passages.search(
        " ".join(weights),
        workspace=library.workspace,
        audiences=library.audiences,
        actors=groups,
        require_actor=bool(groups) and not question.terms,
        since=period.start if period else None,
        until=period.end if period else None,
        as_of=library.as_of,
        undated=period is None,
        newest_first=not question.terms,
        limit=_PASSAGES,
    )
    ids = {hit.article for hit in hits}
    stored = library.articles(ids)
    mentions = library.store.mentions(library.workspace, ids)
    best = max((hit.score for hit in hits), default=0.0) or 1.0
    found = []
    for hit in hits:
        article = stored.get(hit.article)
        if article is not None and article.revision.n == hit.revision:
            one = _best_sentence(
                library, article, hit, mentions.get(hit.article, ()), groups, weights, best
            )
            if one is not None:
                found.append(one)
    return found


def _best_sentence(
    library: Library,
    stored: Stored,
    hit: Hit,
    mentions: Sequence[Mention],
    groups: Sequence[frozenset[str]],
    weights: Mapping[str, float],
    best: float,
) -> Candidate | None:
    text = stored.revision.text
    title = library.passages.terms(stored.revision.title)
    about = {one.actor for one in mentions if one.field == "title" or _in(one, hit)}
    context = _share(weights, {*title, *library.passages.terms(text[hit.start : hit.end])})
    choice: Candidate | None = None
    for start, end in spans_in(text, hit):
        quote = text[start:end]
        own = {one.actor for one in mentions if one.field == "text" and start <= one.start < end}
        if len(groups) > 1 and own and not _named(groups, own):
            continue  # it tells of others, and answers nothing about these
        one = Candidate(
            line=Line(
                snippet=snippet_of(
                    stored,
                    Evidence(
                        start=start,
                        end=end,
                        quote=quote,
                        article=stored.article.id,
                        revision=stored.revision.n,
                    ),
                )
            ),
            words=_share(weights, {*title, *library.passages.terms(quote)}),
            actors=_named(groups, about),
            fact=0.0,
            rank=hit.score / best * (1.0 if _named(groups, own) >= 1 else 0.7),
            context=context,
            asked=len(weights),
        )
        if choice is None or one.score > choice.score:
            choice = one
    return choice


def _in(mention: Mention, hit: Hit) -> bool:
    return mention.field == "text" and hit.start <= mention.start < hit.end


def _named(groups: Sequence[frozenset[str]], actors: Collection[str]) -> float:
    if not groups:
        return 1.0
    return sum(bool(group & set(actors)) for group in groups) / len(groups)
