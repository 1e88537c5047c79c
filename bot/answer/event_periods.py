"""Periods that an event begins or ends: *since the ceasefire*, *before the attack on Doha*.

The event is searched for in the store, and the reply says which event was found.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from bot.answer.answers import facts_asked_for
from bot.answer.event_words import classes_of
from bot.answer.formatting import day, source
from bot.answer.library import Library
from bot.answer.lines import TOOK_PLACE, fact_lines, snippet_of, spans_in
from bot.answer.question import Question, find_filters, understand
from bot.answer.statement_answers import ENDED
from bot.errors import BadQuery
from bot.match.actors import ActorIndex
from bot.match.query import QueryActor
from bot.models import EventClass, Period, Snippet
from bot.text.days import MONTH_PATTERN
from bot.text.periods import find_period

_DAY = timedelta(days=1)
_PASSAGES = 200
_EVENT_BOUND = re.compile(
    r"\b(?P<prefix>since|after|following|before|until|till|up\sto)\s(?:the|their|its|last|his|her)\s"
    r"(?P<event>[^?!.;:,]{3,60}?)(?=\s*(?:[?!.;:,]|$)|\s{3})",
    re.IGNORECASE,
)
_WHEN = re.compile(rf"\b(?:(?:{MONTH_PATTERN})\b(?:\s\d{{4}})?|(?:19|20)\d\d)\b", re.IGNORECASE)
_BEGAN = re.compile(
    r"\b(?:(?:takes?|took) (?:effect|hold)|(?:comes?|came) (?:in)?to (?:effect|force)|beg[ai]ns?"
    r"|starts?|started|agree[sd]?|sign(?:s|ed)?|reach(?:es|ed)|announc(?:es|ed)|declar(?:es|ed)"
    r"|launch(?:es|ed)|(?:goes?|went) into (?:effect|force)|struck|erupt(?:s|ed)"
    r"|(?:breaks?|broke) out)\b",
    re.IGNORECASE,
)


class DatedEvent(NamedTuple):
    """The day of an event, and a sentence that reports it."""

    day: date
    snippet: Snippet


def with_event_period(library: Library, question: Question) -> Question:
    """Return the question with the period that its event sets, if the store has the event.

    Words for an event of no class are left alone; a note says if no report dates an event.
    """
    # Filters are blanked, so that offsets stay valid and none becomes part of an event.
    match = _EVENT_BOUND.search(find_filters(question.text)[1])
    if match is None or question.period is not None:
        return question
    words = [word.lower() for word in re.findall(r"[\w-]+", match["event"])]
    if not classes_of(words):
        return question
    event_words = match["event"]
    try:
        event = understand(*_dated(event_words, library.today, library.actors))
    except BadQuery:
        return question
    found = _find(library, event, question)
    if found is None:
        note = f"No stored report dates “the {event_words}”, so no period was applied."
        return _without(library, question, match, None).noting(note)
    return _within(library, question, match, found)


def _dated(
    event: str, today: date, actors: ActorIndex
) -> tuple[str, ActorIndex, date, Period | None]:
    """Split *the October ceasefire* into the event and its time."""
    when = _WHEN.search(event)
    found = find_period(f"in {when[0]}", today) if when else None
    if when is None or found is None:
        return event, actors, today, None
    return event[: when.start()] + event[when.end() :], actors, today, found.period


def _within(
    library: Library, question: Question, match: re.Match[str], found: DatedEvent
) -> Question:
    prefix = match["prefix"].lower()
    label = " ".join(match[0].split())
    if prefix in ("since", "following"):
        period = Period(start=found.day, label=label)
    elif prefix == "after":
        period = Period(start=found.day + _DAY, label=label)
    elif prefix == "before":
        period = Period(end=found.day - _DAY, label=label)
    else:
        period = Period(end=found.day, label=label)
    note = (
        f"“{match['event']}” was taken to be the one of {day(found.day)}: "
        f"“{_short(found.snippet.quote)}” ({source(found.snippet)})."
    )
    return _without(library, question, match, period).noting(note)


def _without(
    library: Library, question: Question, match: re.Match[str], period: Period | None
) -> Question:
    """Return the question without the words of the event, which only say when."""
    rest = question.text[: match.start()] + question.text[match.end() :]
    try:
        asked = understand(rest, library.actors, library.today, period)
    except BadQuery:
        return question
    named = tuple(_standing(one, question.text) for one in asked.named)
    return replace(asked, text=question.text, named=named).noting(*question.notes)


def _standing(one: QueryActor, text: str) -> QueryActor:
    """Return a name with its offsets in ``text``."""
    start = text.find(one.text)
    return replace(one, start=start, end=start + len(one.text))


def _short(quote: str, words: int = 25) -> str:
    split = quote.split()
    return " ".join(split[:words]) + (" …" if len(split) > words else "")


def _find(library: Library, event: Question, question: Question) -> DatedEvent | None:
    """Return the newest dated event of this kind: from a fact, else a sentence on its start.

    It must involve all actors of the event, else those of the rest of the question.
    """
    named = library.groups(event.subjects)
    others = library.groups(question.subjects)
    wanted = named or others
    stems = set(library.stems(event.terms))
    return _fact(library, event, wanted, stems) or _sentence(library, event, wanted, stems)


def _fact(
    library: Library, event: Question, groups: list[frozenset[str]], stems: set[str]
) -> DatedEvent | None:
    facts = facts_asked_for(
        library, event, classes=event.classes or None, actors=groups[0] if groups else None
    )
    for fact in facts:
        if fact.status not in TOOK_PLACE or not all(fact.roles & group for group in groups):
            continue
        quotes = " ".join(one.quote for one in fact.evidence)
        if not stems <= set(library.passages.terms(quotes)) or _over(event, quotes):
            continue
        for line in fact_lines(library, [fact]):
            when = fact.event_date or line.snippet.day
            if when and when <= library.today:
                return DatedEvent(when, line.snippet)
    return None


def _over(event: Question, quote: str) -> bool:
    """Return whether a sentence reports the end of an agreement, which is not its date."""
    return EventClass.AGREE in event.classes and bool(ENDED.search(quote))


def _sentence(
    library: Library, event: Question, groups: list[frozenset[str]], stems: set[str]
) -> DatedEvent | None:
    hits = library.found(
        " ".join(event.terms),
        groups,
        event.period,
        require_actor=bool(groups),
        undated=False,
        limit=_PASSAGES,
    )
    best: DatedEvent | None = None
    for hit, one in library.current(hits):
        if hit.published is None:
            continue
        if best is not None and hit.published.date() <= best.day:
            continue
        text = one.revision.text
        for start, end in spans_in(text, hit):
            quote = text[start:end]
            if _BEGAN.search(quote) and stems <= set(library.passages.terms(quote)):
                snippet = snippet_of(one, one.evidence(start, end))
                best = DatedEvent(hit.published.date(), snippet)
                break
    return best
