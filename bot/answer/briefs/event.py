"""The brief about an event: what bears on its words, laid out as any brief."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.answer.asked.question import Question
from bot.answer.briefs.brief import ENOUGH, WIDER, lines_of_facts
from bot.answer.briefs.importance import stories
from bot.answer.briefs.parts import Material, parts
from bot.answer.briefs.related import meetings, related
from bot.answer.briefs.reports import reports
from bot.answer.evidence.topical import sentences_about
from bot.answer.library import Library
from bot.answer.lines import place_of
from bot.answer.replies.replying import unknown_words
from bot.models import Brief, Line

ENOUGH_WORDS = 0.5
"""The share of an event's words that the sentence of a fact about its actors must have."""

_FACTS = 200


def is_of_event(question: Question) -> bool:
    """Whether a query names an event, as *gaza ceasefire* does, rather than ask or only name."""
    if question.kind != "statement" or question.general or any(question.filters):
        return False
    # A lone word that no kind of act is asked by may be a name that nobody knows.
    return bool(question.subjects or question.classes) or len(question.terms) > 1


def event_brief(library: Library, question: Question) -> Brief | None:
    """Compose the brief about the event that a query names; None where nothing bears on it.

    What bears on the words of the query is told together with the facts of their class about
    the actors named, where these have the words too. ``articles`` and ``sources`` count what
    was found so.
    """
    found = sentences_about(library, question)
    if not found:
        return None
    groups = [library.expand(one.actor) for one in question.subjects]
    asked = frozenset(library.stems(question.terms))
    known = {place_of(line) for line in found}
    facts = _facts(library, question, groups, asked)
    lines = found + [line for line in facts if place_of(line) not in known]
    material = Material.of(library, lines)
    articles = {line.snippet.article for line in lines}
    days = [line.snippet.published.date() for line in lines if line.snippet.published]
    mentions = library.store.mentions(library.workspace, articles)
    once = material.once(meetings(lines))
    dated = _current(lines, library.today) if question.period is None else lines
    told = stories(
        reports(library, groups, [line for line in dated if line.snippet.published], mentions),
        library.today,
        WIDER[-1],
    )
    return Brief(
        query=question.text,
        subjects=question.subjects,
        topic=question.text,
        period=question.period,
        as_of=library.as_of,
        articles=len(articles),
        sources=len(frozenset().union(*material.sources.values())),
        newest=max(days, default=None),
        related=related(library, groups, mentions, once, question.period) if groups else (),
        notes=(*question.notes, *unknown_words(library, question)),
        **parts(material, told, undated=question.period is None),
    )


def _current(lines: Sequence[Line], today: date) -> list[Line]:
    """Return the lines of the last days in which enough articles tell of the event.

    Where even a year has too few, they are those of the year up to the newest one.
    """
    dated = [(line.snippet.published.date(), line) for line in lines if line.snippet.published]
    for days in WIDER:
        since = today - timedelta(days=days)
        recent = [line for day, line in dated if day >= since]
        if len({line.snippet.article for line in recent}) >= ENOUGH:
            return recent
    newest = max((day for day, _ in dated), default=today)
    return [line for day, line in dated if (newest - day).days <= WIDER[-1]]


def _facts(
    library: Library,
    question: Question,
    groups: Sequence[frozenset[str]],
    asked: frozenset[str],
) -> list[Line]:
    if not groups or not question.classes:
        return []
    found = lines_of_facts(library, groups, question.period, _FACTS)
    return [
        line
        for line in found
        if line.event_class in question.classes and _has_words(library, line, asked)
    ]


def _has_words(library: Library, line: Line, asked: frozenset[str]) -> bool:
    own = library.passages.terms(f"{line.snippet.title} {line.snippet.quote}")
    return len(asked.intersection(own)) >= ENOUGH_WORDS * len(asked)
