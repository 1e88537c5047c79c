"""Answers that list facts: filtered, how often, last time, who has not, planned, new."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from bot.answer.answers import (
    LINES,
    answer,
    event_lines,
    facts_asked_for,
    list_answer,
    main_classes,
    no_answer,
    one_line_per_event,
    sides,
    with_heading,
    with_notes,
)
from bot.answer.brief import days_in, material_of
from bot.answer.formatting import capital, count, day, days
from bot.answer.importance import stories
from bot.answer.library import Library
from bot.answer.lines import (
    TOOK_PLACE,
    day_of,
    fact_lines,
    newest_first,
    place_of,
    snippet_of,
    spans_in,
)
from bot.answer.question import Question
from bot.answer.stories import stories_of
from bot.answer.sufficiency import FEW_WORDS
from bot.models import Answer, Fact, Line, Match, Nothing, Period, Status
from bot.search.index import Hit
from bot.store.ids import publisher_key

NOTHING_PASSES = "No stored report matches the filters of this question."

_PASSAGES = 600
_SHARE_OF_WORDS = 0.5


def filtered_answer(library: Library, question: Question) -> Answer | Nothing:
    """Return the newest lines about the actors of the question that pass its filters."""
    groups = library.groups(question.subjects)
    lines = _facts(library, question, groups)
    if not question.filters.classes:
        known = {place_of(one) for one in lines}
        lines += [
            one for one in _sentences(library, question, groups) if place_of(one) not in known
        ]
    passing = _passing(library, question, lines)
    if not passing:
        return no_answer(library, question, NOTHING_PASSES)
    return list_answer(
        library, question, one_line_per_event(library, newest_first(passing))[:LINES]
    )


def _facts(library: Library, question: Question, groups: Sequence[frozenset[str]]) -> list[Line]:
    classes = question.filters.classes
    if not groups and not classes:
        return []
    asked = sides(library, question)
    found = facts_asked_for(
        library, question, classes=classes or None, actors=groups[0] if groups else None
    )
    return fact_lines(
        library,
        [
            fact
            for fact in found
            if (asked.has(fact) if question.doer else all(fact.roles & group for group in groups))
        ],
    )


def _sentences(
    library: Library, question: Question, groups: Sequence[frozenset[str]]
) -> list[Line]:
    phrases = question.filters.phrases
    hits = library.found(
        " ".join(phrases or question.terms),
        groups,
        question.period,
        require_actor=bool(groups),
        newest_first=not (phrases or question.terms),
        limit=_PASSAGES,
    )
    return _holding(library, hits, phrases, groups)


def _holding(
    library: Library,
    hits: Sequence[Hit],
    phrases: Sequence[str],
    groups: Sequence[frozenset[str]],
) -> list[Line]:
    """Return the sentences of passages that have a phrase, or name the actors of the question."""
    mentions = library.store.mentions(library.workspace, {hit.article for hit in hits})
    found: list[Line] = []
    for hit, one in library.current(hits):
        text = one.revision.text
        for start, end in spans_in(text, hit):
            quote = text[start:end]
            inside = {
                one.actor
                for one in mentions.get(hit.article, ())
                if one.field == "text" and start <= one.start < end
            }
            if phrases and not any(_folded(phrase) in _folded(quote) for phrase in phrases):
                continue
            if not phrases and not all(group & inside for group in groups):
                continue
            found.append(Line(snippet=snippet_of(one, one.evidence(start, end), hit.score)))
    return found


def _passing(library: Library, question: Question, lines: Sequence[Line]) -> list[Line]:
    filters = question.filters
    articles = {one.snippet.article for one in lines}
    sources = library.store.source_counts(library.workspace, articles)
    unwanted = [_folded(word) for word in filters.without]
    ids = _ids(library, filters.without)
    mentions = library.store.mentions(library.workspace, articles) if ids else {}
    stems = set(library.stems(question.terms)) if not filters.phrases else set()
    kept = []
    for line in lines:
        snippet = line.snippet
        named = {
            one.actor
            for one in mentions.get(snippet.article, ())
            if one.field == snippet.field and snippet.start <= one.start < snippet.end
        }
        quote = f" {_folded(snippet.quote)} "
        if (
            (not filters.publishers or _from(line, sources, filters.publishers))
            and all(_folded(phrase) in quote for phrase in filters.phrases)
            and not any(f" {word} " in quote for word in unwanted)
            and not named & ids
            and _says(library, line, stems)
        ):
            kept.append(line)
    return kept


def _folded(text: str) -> str:
    letters = "".join(c if c.isalnum() else " " for c in text.casefold())
    return " ".join(letters.split())


def _ids(library: Library, words: Sequence[str]) -> frozenset[str]:
    """Return the actors that the excluded words clearly name."""
    named = [one for word in words for one in library.actors.in_query(word, library.today)]
    return frozenset().union(*(library.expand(one.actor) for one in named if one.actor))


def _says(library: Library, line: Line, stems: Collection[str]) -> bool:
    snippet = line.snippet
    held = set(library.passages.terms(f"{snippet.title} {snippet.quote} {line.did}"))
    return line.fact is not None or len(held & set(stems)) >= _SHARE_OF_WORDS * len(stems)


def _from(line: Line, sources: dict[str, tuple[str, ...]], publishers: Collection[str]) -> bool:
    """Return whether one of the publishers published an article or is cited in it."""
    snippet = line.snippet
    named = {publisher_key(one) for one in (snippet.publisher, snippet.original_source) if one}
    named |= set(sources.get(snippet.article, ()))
    return any(_is(asked, name) for asked in publishers for name in named)


def _is(asked: str, name: str) -> bool:
    """Return whether a publisher is the one asked for: by name, its first words, or its domain."""
    return name == asked or name.startswith((f"{asked} ", f"{asked}."))


# --- events: how often, last, who has not ---------------------------------------------

PROVES_NOTHING = "A lack of stored reports does not mean that it did not happen."
NO_PLAN = "No upcoming plan is stored."
RECENT = timedelta(days=7)
OVERDUE = timedelta(days=120)
"""How long after its day a plan without a report is still listed."""

FEW = 5
"""How many of the last stories are listed if the period has none."""

NAMED = 8
"""The most actors that a note names."""

_BEFORE = 4
_TO_COME = re.compile(
    r"\b(?:will|plans?|planned|planning|scheduled|due to|set to|set for|expected|upcoming"
    r"|to be held|intends?|promises?|vows?|agrees? to|next (?:week|month|year))\b",
    re.IGNORECASE,
)


def how_often(library: Library, question: Question) -> Answer | Nothing:
    """Count the events of the kind asked for, and list the newest."""
    if not question.subjects or not (classes := main_classes(question)):
        return answer(library, question)
    facts = _facts_done(library, question)
    lines = event_lines(library, facts)
    if not lines:
        return with_notes(answer(library, question), f"No stored fact to count. {PROVES_NOTHING}")
    among = f"{count(len(facts), 'report')}, {days(question.period) or 'of all that is stored'}"
    note = f"{capital(count(len(lines), 'event'))} in {among}; {_kinds(classes)}."
    further = f"The newest {LINES} are listed." if len(lines) > LINES else ""
    return list_answer(library, question, lines[:LINES], [note, *filter(None, [further])])


def _kinds(classes: frozenset[str]) -> str:
    return "counted by event class " + " or ".join(sorted(one.lower() for one in classes))


def _facts_done(library: Library, question: Question) -> list[Fact]:
    """Return the facts of the requested classes that happened between the sides."""
    asked = sides(library, question)
    first = library.expand(question.subjects[0].actor)
    facts = facts_asked_for(library, question, classes=main_classes(question), actors=first)
    return [fact for fact in facts if fact.status in TOOK_PLACE and asked.has(fact)]


def last_time(library: Library, question: Question) -> Answer | Nothing:
    """Answer with the newest event of the requested kind, and those before it."""
    if question.subjects and main_classes(question):
        lines = [one for one in event_lines(library, _facts_done(library, question)) if day_of(one)]
        if lines:
            newest, *before = lines[: _BEFORE + 1]
            return list_answer(library, question, [newest, *with_heading("Before that", before)])
    found = answer(library, question)
    if isinstance(found, Nothing):
        return found
    newest_first = sorted(found.lines, key=lambda one: day_of(one) or date.min, reverse=True)
    by_date = found.model_copy(update={"lines": tuple(newest_first)})
    return with_notes(by_date, "No stored fact says when; these are the newest sentences about it.")


def who_has_not(library: Library, question: Question) -> Answer | Nothing:
    """List the actors that did it, since no report says who has not; and a grouping's rest."""
    classes = main_classes(question)
    if not classes:
        plain = question.subjects or question.terms
        found = answer(library, question) if plain else no_answer(library, question)
        return with_notes(found, PROVES_NOTHING)
    asked = library.groups(question.subjects)
    groupings = [one for one in question.subjects if len(_members(library, one.actor)) > 1]
    among = frozenset().union(*library.groups(groupings))
    target = [library.expand(one.actor) for one in question.subjects if one not in groupings]
    actors = frozenset().union(*asked) if asked else None
    facts = [
        fact
        for fact in facts_asked_for(library, question, classes=classes, actors=actors)
        if fact.source_actor
        and fact.status is not Status.DENIED
        and (not groupings or fact.source_actor in among)
        and all({fact.target_actor, fact.place, fact.claimant} & group for group in target)
    ]
    first: dict[str, Fact] = {}
    for fact in facts:
        first.setdefault(fact.source_actor, fact)
    lines = with_heading("Reported to have", event_lines(library, list(first.values())))
    notes = [PROVES_NOTHING]
    for one in groupings:
        rest = [own for own in _members(library, one.actor) if not _any(library, own, first)]
        names = ", ".join(sorted(library.actors.name(own) for own in rest)) or "nobody"
        notes.insert(
            0, f"Of {one.name} (members by the reference list), no stored fact for: {names}."
        )
    if not lines:
        return with_notes(answer(library, question), *notes)
    return list_answer(library, question, lines[:LINES], notes)


def _members(library: Library, actor: str) -> tuple[str, ...]:
    known = library.actors.get(actor)
    return known.members if known else ()


def _any(library: Library, actor: str, doers: dict[str, Fact]) -> bool:
    return not library.expand(actor).isdisjoint(doers)


def what_is_planned(library: Library, question: Question) -> Answer | Nothing:
    """List plans: those with a day ahead, those without a day, and overdue ones without a report.

    A question of many words is answered by these words, not by a list of plans.
    """
    if len(question.terms) > FEW_WORDS:
        return answer(library, question)
    groups = library.groups(question.subjects)
    actors = groups[0] if groups else None
    facts = [
        fact
        for fact in facts_asked_for(
            library, question, classes=question.classes or None, actors=actors
        )
        if all({fact.source_actor, fact.target_actor, fact.place} & group for group in groups)
    ]
    lines = event_lines(library, [one for one in facts if one.status is Status.PLANNED])
    today = library.today
    ahead = [one for one in lines if one.event_date and one.event_date >= today]
    open_day = [one for one in lines if not one.event_date and not _old(one, today)]
    past = [one for one in lines if one.event_date and today - OVERDUE <= one.event_date < today]
    happened = event_lines(library, [one for one in facts if one.status in TOOK_PLACE])
    overdue = [one for one in past if not any(_came_true(one, other) for other in happened)]
    plans = [
        *with_heading("Ahead", sorted(ahead, key=lambda one: one.event_date or date.max)[:LINES]),
        *with_heading("Planned, no day given", open_day[:5]),
        *with_heading("Overdue, with no stored report that it happened", overdue[:3]),
    ]
    if plans:
        return list_answer(library, question, plans)
    return _looking_ahead(library, question)


def _looking_ahead(library: Library, question: Question) -> Answer | Nothing:
    """Return recent sentences about the future, if no fact is a plan."""
    if not (question.subjects or question.terms):
        return no_answer(library, question, NO_PLAN)
    found = answer(library, question)
    if isinstance(found, Nothing):
        return with_notes(found, NO_PLAN)
    lines = [
        one
        for one in found.lines
        if _TO_COME.search(one.snippet.quote) and not _old(one, library.today)
    ]
    if not lines:
        return no_answer(library, question, NO_PLAN)
    return with_notes(found.model_copy(update={"lines": tuple(lines)}), NO_PLAN)


def _old(line: Line, today: date) -> bool:
    return line.snippet.day is not None and today - line.snippet.day > OVERDUE


def _came_true(plan: Line, report: Line) -> bool:
    """Return whether a report may be about a plan: the same act and sides, around that day."""
    when = day_of(report)
    return (
        plan.event_class is report.event_class
        and {plan.who, plan.whom} == {report.who, report.whom}
        and plan.event_date is not None
        and when is not None
        and abs(when - plan.event_date) <= RECENT
    )


def what_is_new(library: Library, question: Question) -> Answer | Nothing:
    """Answer what is new, without an actor: the most important stories of the period."""
    if question.subjects or question.terms:
        return answer(library, question)
    return _newest(library, question, (), "You follow nobody here; these are")


def what_is_new_about(
    library: Library, question: Question, actors: Sequence[Match], lead: str
) -> Answer | Nothing:
    """List the most important stories of the period about actors that the question does not name;
    ``lead`` says why about these."""
    names = ", ".join(one.name for one in actors[:NAMED])
    others = f" and {len(actors) - NAMED} more" if len(actors) > NAMED else ""
    return _newest(library, question, actors, f"{lead} ({names}{others}):")


def _newest(
    library: Library, question: Question, actors: Sequence[Match], lead: str
) -> Answer | Nothing:
    """List the stories of the period, else of the past week, else the last ones."""
    period = question.period or Period(start=library.today - RECENT, end=library.today)
    since = day(period.start) if period.start else "the beginning"
    if lines := _stories(library, actors, period):
        note = f"{lead} the most important stored stories since {since}."
        return list_answer(library, question, lines, [note])
    groups = [_group(library, actors)] if actors else []
    last = library.coverage(groups, Period(end=period.end or library.today)).newest
    if question.period is None and last is not None:
        lines = _stories(library, actors, Period(start=last - RECENT, end=last))[:FEW]
        none = f"{lead} no story since {since}"
        if not actors:
            none = f"No story is stored from {since} on"
        return list_answer(library, question, lines, [f"{none}; these are the latest."])
    newest = f"The newest stored article is from {day(last)}." if last else ""
    return no_answer(
        library, question, f"{lead} no story since {since}. {newest}" if actors else newest
    )


def _stories(library: Library, actors: Sequence[Match], period: Period) -> list[Line]:
    """Return a line for each important story of a period, about some actors or any."""
    if actors:
        found = material_of(library, [_group(library, actors)], period, period).reports
        ranked = stories(found, library.today, days_in(library, period))
    else:
        ranked = stories_of(library, period)
    return [story.lead for story in ranked[:LINES]]


def _group(library: Library, actors: Sequence[Match]) -> frozenset[str]:
    return frozenset().union(*library.groups(actors))
