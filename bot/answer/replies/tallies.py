"""How often, when last, who has not, what is planned, what is new: answers that are lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bot.answer.asked.question import Question
from bot.answer.briefs.brief import days_in, material_of
from bot.answer.briefs.importance import stories
from bot.answer.evidence.candidate import FEW_WORDS
from bot.answer.library import Library
from bot.answer.lines import day_of
from bot.answer.replies.ask import answer
from bot.answer.replies.telling import (
    HAPPENED,
    LINES,
    listed,
    main_classes,
    merged,
    nothing,
    noting,
    sides,
    told_facts,
    under,
)
from bot.answer.stories import told_in
from bot.answer.words import capital, count, day, days
from bot.models import Answer, Fact, Line, Match, Nothing, Period, Status

PROVES_NOTHING = "That no stored report tells of something does not show that it did not happen."
NO_PLAN = "No stored fact tells of a plan with a day ahead."
RECENT = timedelta(days=7)
OVERDUE = timedelta(days=120)
"""How long a plan whose day has passed is worth telling of."""

FEW = 5
"""Stories that are told where none is as new as was asked for."""

NAMED = 8
"""Of those that an answer is about unnamed, how many it names."""

_BEFORE = 4
_TO_COME = re.compile(
    r"\b(?:will|plans?|planned|planning|scheduled|due to|set to|set for|expected|upcoming"
    r"|to be held|intends?|promises?|vows?|agrees? to|next (?:week|month|year))\b",
    re.IGNORECASE,
)


def how_often(library: Library, question: Question) -> Answer | Nothing:
    """Count the happenings of the kind asked for, and list the newest."""
    if not question.subjects or not (classes := main_classes(question)):
        return answer(library, question)
    facts = _done(library, question)
    lines = merged(library, facts)
    if not lines:
        return noting(answer(library, question), f"No stored fact to count. {PROVES_NOTHING}")
    among = f"{count(len(facts), 'report')}, {days(question.period) or 'of all that is stored'}"
    note = f"{capital(count(len(lines), 'happening'))} in {among}; {_kinds(classes)}."
    further = f"The newest {LINES} are listed." if len(lines) > LINES else ""
    return listed(library, question, lines[:LINES], [note, *filter(None, [further])])


def _kinds(classes: frozenset[str]) -> str:
    return "counted by event class " + " or ".join(sorted(one.lower() for one in classes))


def _done(library: Library, question: Question) -> list[Fact]:
    """What happened, of the classes asked for, between the sides asked about."""
    asked = sides(library, question)
    first = library.expand(question.subjects[0].actor)
    facts = told_facts(library, question, classes=main_classes(question), actors=first)
    return [fact for fact in facts if fact.status in HAPPENED and asked.has(fact)]


def last(library: Library, question: Question) -> Answer | Nothing:
    """The newest happening of the kind asked for, and those before it."""
    if question.subjects and main_classes(question):
        lines = [one for one in merged(library, _done(library, question)) if day_of(one)]
        if lines:
            newest, *before = lines[: _BEFORE + 1]
            return listed(library, question, [newest, *under("Before that", before)])
    found = answer(library, question)
    if isinstance(found, Nothing):
        return found
    newest_first = sorted(found.lines, key=lambda one: day_of(one) or date.min, reverse=True)
    told = found.model_copy(update={"lines": tuple(newest_first)})
    return noting(
        told, "No stored fact dates this; these are the newest sentences that bear on it."
    )


def who_has_not(library: Library, question: Question) -> Answer | Nothing:
    """List those who have, for nobody is reported not to; of a grouping, also the rest."""
    classes = main_classes(question)
    if not classes:
        plain = question.subjects or question.terms
        found = answer(library, question) if plain else nothing(library, question)
        return noting(found, PROVES_NOTHING)
    asked = [library.expand(one.actor) for one in question.subjects]
    groupings = [one for one in question.subjects if len(_members(library, one.actor)) > 1]
    among = frozenset().union(*(library.expand(one.actor) for one in groupings))
    target = [library.expand(one.actor) for one in question.subjects if one not in groupings]
    actors = frozenset().union(*asked) if asked else None
    facts = [
        fact
        for fact in told_facts(library, question, classes=classes, actors=actors)
        if fact.source_actor
        and fact.status is not Status.DENIED
        and (not groupings or fact.source_actor in among)
        and all({fact.target_actor, fact.place, fact.claimant} & group for group in target)
    ]
    first: dict[str, Fact] = {}
    for fact in facts:
        first.setdefault(fact.source_actor, fact)
    lines = under("Reported to have", merged(library, list(first.values())))
    notes = [PROVES_NOTHING]
    for one in groupings:
        rest = [own for own in _members(library, one.actor) if not _any(library, own, first)]
        names = ", ".join(sorted(library.actors.name(own) for own in rest)) or "nobody"
        notes.insert(
            0, f"Of {one.name} (members by the reference list), no stored fact for: {names}."
        )
    if not lines:
        return noting(answer(library, question), *notes)
    return listed(library, question, lines[:LINES], notes)


def _members(library: Library, actor: str) -> tuple[str, ...]:
    known = library.actors.get(actor)
    return known.members if known else ()


def _any(library: Library, actor: str, doers: dict[str, Fact]) -> bool:
    return not library.expand(actor).isdisjoint(doers)


def planned(library: Library, question: Question) -> Answer | Nothing:
    """What is planned: with a day ahead, without one, and what is overdue without a report.

    What is told beside in many words is looked for by those: no list of plans has them.
    """
    if len(question.terms) > FEW_WORDS:
        return answer(library, question)
    groups = [library.expand(one.actor) for one in question.subjects]
    actors = groups[0] if groups else None
    facts = [
        fact
        for fact in told_facts(library, question, classes=question.classes or None, actors=actors)
        if all({fact.source_actor, fact.target_actor, fact.place} & group for group in groups)
    ]
    lines = merged(library, [one for one in facts if one.status is Status.PLANNED])
    today = library.today
    ahead = [one for one in lines if one.event_date and one.event_date >= today]
    open_day = [one for one in lines if not one.event_date and not _old(one, today)]
    past = [one for one in lines if one.event_date and today - OVERDUE <= one.event_date < today]
    happened = merged(library, [one for one in facts if one.status in HAPPENED])
    overdue = [one for one in past if not any(_came_true(one, other) for other in happened)]
    told = [
        *under("Ahead", sorted(ahead, key=lambda one: one.event_date or date.max)[:LINES]),
        *under("Planned, no day given", open_day[:5]),
        *under("Its day has passed, no stored report that it happened", overdue[:3]),
    ]
    if told:
        return listed(library, question, told)
    return _looking_ahead(library, question)


def _looking_ahead(library: Library, question: Question) -> Answer | Nothing:
    """Recent sentences that speak of what is to come, where no fact tells of a plan."""
    if not (question.subjects or question.terms):
        return nothing(library, question, NO_PLAN)
    found = answer(library, question)
    if isinstance(found, Nothing):
        return noting(found, NO_PLAN)
    lines = [
        one
        for one in found.lines
        if _TO_COME.search(one.snippet.quote) and not _old(one, library.today)
    ]
    if not lines:
        return nothing(library, question, NO_PLAN)
    return noting(found.model_copy(update={"lines": tuple(lines)}), NO_PLAN)


def _old(line: Line, today: date) -> bool:
    published = line.snippet.published
    return published is not None and today - published.date() > OVERDUE


def _came_true(plan: Line, told: Line) -> bool:
    """Whether a report may be of what was planned: the same act and sides, about that day."""
    when = day_of(told)
    return (
        plan.event_class is told.event_class
        and {plan.who, plan.whom} == {told.who, told.whom}
        and plan.event_date is not None
        and when is not None
        and abs(when - plan.event_date) <= RECENT
    )


def new(library: Library, question: Question) -> Answer | Nothing:
    """What is new with nobody in particular: the most important stories in the period."""
    if question.subjects or question.terms:
        return answer(library, question)
    return _newest(library, question, (), "You follow nobody here: these are")


def new_of(
    library: Library, question: Question, whom: Sequence[Match], lead: str
) -> Answer | Nothing:
    """The most important stories in the period about those whom the question does not name;
    ``lead`` says why it is about them."""
    names = ", ".join(one.name for one in whom[:NAMED])
    others = f" and {len(whom) - NAMED} more" if len(whom) > NAMED else ""
    return _newest(library, question, whom, f"{lead} ({names}{others}):")


def _newest(
    library: Library, question: Question, whom: Sequence[Match], lead: str
) -> Answer | Nothing:
    """The stories published in the period asked for; else in the past week, or the last ones."""
    period = question.period or Period(start=library.today - RECENT, end=library.today)
    since = day(period.start) if period.start else "the beginning"
    if lines := _stories(library, whom, period):
        note = f"{lead} the most important stories of all that is stored since {since}."
        return listed(library, question, lines, [note])
    groups = [_group(library, whom)] if whom else []
    last = library.coverage(groups, Period(end=period.end or library.today)).newest
    if question.period is None and last is not None:
        lines = _stories(library, whom, Period(start=last - RECENT, end=last))[:FEW]
        none = (
            f"{lead} no story since {since}" if whom else f"No stored story is of {since} or later"
        )
        return listed(library, question, lines, [f"{none}; these are the last there are."])
    newest = f"The newest stored article is of {day(last)}." if last else ""
    return nothing(
        library, question, f"{lead} no story since {since}. {newest}" if whom else newest
    )


def _stories(library: Library, whom: Sequence[Match], period: Period) -> list[Line]:
    """A line for each of the most important stories published in a period, about whom it may be."""
    if whom:
        found = material_of(library, [_group(library, whom)], period, period).reports
        told = stories(found, library.today, days_in(library, period))
    else:
        told = told_in(library, period)
    return [story.lead for story in told[:LINES]]


def _group(library: Library, whom: Sequence[Match]) -> frozenset[str]:
    return frozenset().union(*(library.expand(one.actor) for one in whom))
