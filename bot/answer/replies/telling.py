"""What the kinds of question share that list facts: which facts, in which direction."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from bot.answer.asked.classes import classes_of
from bot.answer.asked.question import Question
from bot.answer.library import Library
from bot.answer.lines import fact_lines, told_once
from bot.models import Answer, EventClass, Fact, Line, Nothing, Status

MOST_FACTS = 600
LINES = 10
"""Lines an answer holds; a surface may show fewer first."""

HAPPENED = frozenset({Status.HAPPENED, Status.ONGOING})
MUTUAL = frozenset({EventClass.CONSULT, EventClass.AGREE, EventClass.COOPERATE})
"""Acts that both sides do: who met the Emir is also whom the Emir met."""

_UPON = re.compile(r"\b(?:on|against|to|in|at|into|with)\s(?:the\s)?$", re.IGNORECASE)
_BY = re.compile(r"\bby\b", re.IGNORECASE)
_TOGETHER = re.compile(r"^\s*(?:and|with|&|,|-|–|/|vs\.?|versus)\s*(?:the\s)?$", re.IGNORECASE)
_PASSIVE = re.compile(
    r"^\W*(?:(?:when|how\s(?:often|many\stimes))\s)?(?:was|were|is|are|has|have)\s", re.IGNORECASE
)


class Sides(NamedTuple):
    """Who did it and to whom, as a question has it; a group is the ids of one actor.

    An empty side may be anybody; ``either`` are actors of whom the question does not say
    which side they are on.
    """

    doers: frozenset[str] = frozenset()
    done_to: frozenset[str] = frozenset()
    either: tuple[frozenset[str], ...] = ()

    def has(self, fact: Fact) -> bool:
        """Whether a fact is between those sides; of what both sides do, whichever way."""
        roles = {fact.source_actor, fact.target_actor, fact.place}
        if fact.event_class in MUTUAL:
            return all(not side or roles & side for side in (*self.either, *self[:2]))
        return (
            all(roles & group for group in self.either)
            and (not self.doers or fact.source_actor in self.doers)
            and (not self.done_to or bool({fact.target_actor, fact.place} & self.done_to))
        )


def sides(library: Library, question: Question) -> Sides:
    """Work out from the words around the first two names who is asked to have done it."""
    names = [one for one in question.named if one.verdict == "sure"][:2]
    groups = [library.expand(one.matches[0].actor) for one in names]
    text = question.text
    if not names:
        return Sides()
    upon = bool(_UPON.search(text[: names[0].start]))
    if len(names) == 1:
        passive = bool(_PASSIVE.match(text[: names[0].start] + " "))
        if question.doer or upon or passive:
            return Sides(done_to=groups[0])
        return (
            Sides(doers=groups[0]) if question.kind != "statement" else Sides(either=(groups[0],))
        )
    between = text[names[0].end : names[1].start]
    if _TOGETHER.match(between):
        return Sides(either=tuple(groups))
    if _BY.search(between) or (upon and not _UPON.search(between)):
        return Sides(doers=groups[1], done_to=groups[0])
    return Sides(doers=groups[0], done_to=groups[1])


def main_classes(question: Question) -> frozenset[EventClass]:
    """The classes of the first word that asks for any: *condemned* of *condemned the attack*."""
    if question.filters.classes:
        return question.filters.classes
    found = (classes_of([word]) for word in question.terms)
    return next((classes for classes in found if classes), question.classes)


def told_facts(
    library: Library,
    question: Question,
    *,
    classes: Collection[EventClass] | None = None,
    actors: Collection[str] | None = None,
    since: date | None = None,
) -> list[Fact]:
    """Facts of the question's period, newest first, undated last where it has none."""
    period = question.period
    return library.store.facts(
        library.workspace,
        library.audiences,
        actors=actors,
        classes=classes,
        since=period.start if period else since,
        until=period.end if period else None,
        as_of=library.as_of,
        limit=MOST_FACTS,
    )


def merged(library: Library, facts: Sequence[Fact]) -> list[Line]:
    """Lines of facts, those of one happening as one line that counts all their sources."""
    return once(library, fact_lines(library, facts))


def once(library: Library, lines: Sequence[Line]) -> list[Line]:
    """Fold lines that tell the same happening."""
    terms = {
        one.snippet.quote: frozenset(library.passages.terms(one.snippet.quote)) for one in lines
    }
    articles = {one.snippet.article for one in lines}
    return told_once(lines, library.store.source_counts(library.workspace, articles), terms)


def under(heading: str, lines: Iterable[Line]) -> list[Line]:
    """Put lines into a list of their own."""
    return [line.model_copy(update={"heading": heading}) for line in lines]


def listed(
    library: Library, question: Question, lines: Sequence[Line], notes: Sequence[str] = ()
) -> Answer:
    """An answer of these lines."""
    return Answer(
        query=question.text,
        subjects=question.subjects,
        period=question.period,
        as_of=library.as_of,
        answered=True,
        lines=tuple(lines),
        notes=tuple(notes),
    )


def noting(reply: Answer | Nothing, *notes: str) -> Answer | Nothing:
    """Return the same reply with notes on what it does not tell, the first as what it lacks."""
    lacking = {"lacking": notes[0]} if isinstance(reply, Answer) else {}
    return reply.model_copy(update={"notes": (*reply.notes, *notes), **lacking})


def nothing(library: Library, question: Question, *notes: str) -> Nothing:
    """The honest no: how many articles name the subjects, though none of them answers."""
    groups = [library.expand(one.actor) for one in question.subjects]
    known = library.coverage(groups, None).articles if groups else 0
    return Nothing(
        query=question.text,
        subjects=question.subjects,
        period=None if groups else question.period,
        articles=known,
        notes=tuple(filter(None, notes)),
    )
