"""Facts that may answer a question, and how well each fits it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answer.asked.question import Question
from bot.answer.evidence.wanted import Wanted
from bot.answer.library import Library
from bot.answer.lines import fact_lines
from bot.models import EventClass, Fact, Line, Status

_FACTS = 300
_MUTUAL = frozenset({EventClass.CONSULT, EventClass.AGREE})
"""Acts that both sides do: who met the Emir is also whom the Emir met."""

_OTHERWISE = {"host": frozenset("host hosts hosted hosting guest guests".split())}
"""Acts of a class that differ from its others: who hosts does not move. Each by its words."""

_UPON = re.compile(
    r"\b(?:(?:sanctions?|attacks?|strikes?|airstrikes?|raids?|tariffs|embargo|war|pressure|threats?)"
    r"\s(?:on|against|at)|(?:invasion|bombing|shelling|killing|assassination|arrest|siege"
    r"|occupation|criticism|condemnation)\sof)\s(?:the\s)?$",
    re.IGNORECASE,
)

_DID = re.compile(r"\b(?:did|does|do)\s(?:the\s)?$", re.IGNORECASE)
_PAST = re.compile(r"\b(?:did|has|have|was|were)\b", re.IGNORECASE)

_COMING = frozenset({Status.PLANNED, Status.CALLED_FOR})


def from_facts(library: Library, question: Question, looked: Wanted) -> list[tuple[Line, float]]:
    """Return lines of facts about those asked about, of the kind asked for, and how each fits.

    The fit of a fact that tells the contrary is 0.
    """
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
    fitting = [fact for fact in facts if fact.id in fits]
    # Of what took place where it is asked about, the sentence that names the place.
    there = [fact for fact in fitting if any(fact.place in group for group in groups)]
    names = [frozenset(library.passages.terms(one.name)) for one in question.subjects]
    lines = fact_lines(
        library,
        there,
        lambda quote: sum(name <= set(library.passages.terms(quote)) for name in names),
    )
    lines += fact_lines(library, [fact for fact in fitting if fact not in there])
    return [(line, fits[line.fact or ""]) for line in lines]


def _about(fact: Fact, groups: Sequence[frozenset[str]]) -> bool:
    roles = {fact.source_actor, fact.target_actor, fact.claimant, fact.place}
    return all(group & roles for group in groups)


def _fit(fact: Fact, question: Question, groups: Sequence[frozenset[str]]) -> float:
    """How well a fact about those who are asked about fits the question: 0 is not at all."""
    fit = 0.6
    if fact.act in _OTHERWISE and _OTHERWISE[fact.act].isdisjoint(question.terms):
        return 0.0
    upon = question.doer or _done_to(question)
    if upon and len(groups) == 1 and question.classes:
        # "Who moved to Turkey?" asks for those who did it to Turkey, not what Turkey did.
        if fact.target_actor in groups[0] or fact.event_class in _MUTUAL:
            fit += 0.3
        elif fact.place not in groups[0]:
            return 0.0
    elif fact.source_actor in groups[0]:
        fit += 0.3
    elif fact.event_class not in _MUTUAL and _doing(question):
        return 0.0  # "Did Iran attack?" does not ask who attacked Iran.
    if fact.status is Status.DENIED:
        fit -= 0.3  # what was not done comes after what was
    if fact.status in _COMING and not question.ahead and _PAST.search(question.text):
        fit -= 0.3
    if question.ahead:
        fit += 0.1 if fact.status in _COMING else -0.3
    return max(fit, 0.0)


def _done_to(question: Question) -> bool:
    """Whether the words before the first name say that it was done to them: *sanctions on*."""
    first = next((one for one in question.named if one.verdict == "sure"), None)
    return first is not None and bool(_UPON.search(question.text[: first.start]))


def _doing(question: Question) -> bool:
    """Whether the first name is of who did it: *who did Iran attack?*, *did Hamas release …*"""
    first = next((one for one in question.named if one.verdict == "sure"), None)
    return first is not None and bool(_DID.search(question.text[: first.start]))
