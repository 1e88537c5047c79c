"""The reply to who holds an office: the reference list, and the newest sentences about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice

from bot.answer.asked.offices import OfficeAsked
from bot.answer.asked.question import Question
from bot.answer.holders import Found, Standing, contradicted, held, is_name_of, listed, standing
from bot.answer.library import Library
from bot.answer.replies.telling import once
from bot.models import Answer, Tenure

LINES = 10
"""Lines an answer holds; a surface may show fewer first."""

HOLDING = 1
"""Of sentences that only name the holder, so many are shown."""

BEFORE = timedelta(days=60)
"""What was told so long before the holder took office is told of how it came about."""

NO_CHANGE = "No stored sentence tells of a change."


def holders(library: Library, question: Question, asked: OfficeAsked) -> Answer | None:
    """Answer by the list and by what is stored; None where neither knows the office."""
    known = [standing(library, office, question.period) for office in asked.offices]
    found = [one for one in known if one and (one.tenure or one.found)]
    if not found:
        return None
    against = [one.line for each in found for one in _first(each)]
    others = [one.line for each in found for one in _others(library, each)]
    lines = once(library, [*against, *others])[:LINES]
    notes = [] if lines else [NO_CHANGE]
    return Answer(
        query=question.text,
        subjects=question.subjects,
        period=question.period,
        as_of=library.as_of,
        answered=True,
        reference=tuple(_reference(library, question, asked, found)),
        lines=tuple(lines),
        notes=tuple(notes),
    )


def _first(one: Standing) -> list[Found]:
    """What stands right below what is said of the list."""
    return [*one.against, *([one.elected] if one.elected else [])]


def _others(library: Library, one: Standing) -> Iterator[Found]:
    """What else is told since the holder took office, changes and plans first, then the newest
    that calls the holder so."""
    rest = [told for told in one.found if told not in _first(one)]
    since = one.tenure.since if one.tenure else None
    for told in rest:
        if told.told.verb and (since is None or told.on >= since - BEFORE):
            yield told
    holder = library.actors.get(one.tenure.person) if one.tenure else None
    called = (told for told in rest if told.told.kind == "holds")
    named = (told for told in called if holder and is_name_of(told.told.name, holder))
    yield from islice(named, HOLDING)


def _reference(
    library: Library, question: Question, asked: OfficeAsked, found: Sequence[Standing]
) -> Iterator[str]:
    if question.period is not None:
        for one in found:
            rows = _in_period(library.actors.tenures(one.office.id), question)
            yield from held(library, one.office.id, rows) if rows else (listed(library, one),)
        return
    for one in found:
        if asked.person and one.tenure and one.tenure.person != asked.person:
            every = library.actors.tenures(one.office.id)
            his = [row for row in every if row.person == asked.person]
            yield from held(library, one.office.id, his)
        yield contradicted(library, one) or listed(library, one)


def _in_period(rows: Sequence[Tenure], question: Question) -> list[Tenure]:
    """Who held an office on any day of the period."""
    period = question.period
    start = (period.start if period else None) or date.min
    end = (period.end if period else None) or date.max
    return [
        row for row in rows if (row.since or date.min) <= end and (row.until or date.max) >= start
    ]
