"""Briefs about actors or an event: the most important stories first, each line with its span."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations, product
from typing import NamedTuple

from bot.answer.answers import unknown_words
from bot.answer.brief_sections import (
    NEW_DAYS,
    Material,
    coverage_gaps,
    meetings,
    related,
    sections,
)
from bot.answer.importance import (
    FEW_STORIES,
    Report,
    Story,
    make_reports,
    stories,
)
from bot.answer.library import Library
from bot.answer.line_judge import LineJudge
from bot.answer.lines import fact_lines, place_of, sentence_lines
from bot.answer.office_holders import holder_in_brief, office_status
from bot.answer.question import Question
from bot.answer.retrieval import sentences_about
from bot.models import (
    ActorType,
    Brief,
    Fact,
    Line,
    Match,
    Mention,
    Nothing,
    Period,
)
from bot.search.index import Hit


def facts_of_all(facts: Sequence[Fact], groups: Sequence[frozenset[str]]) -> list[Fact]:
    """Return the facts of sentences whose facts together give every group a role.

    The store has an act of three actors as an act of each two of them.
    """
    parts: dict[tuple[str, str, int], set[str]] = {}
    for fact in facts:
        parts.setdefault(_sentence(fact), set()).update(fact.roles)
    return [fact for fact in facts if all(parts[_sentence(fact)] & group for group in groups)]


def _sentence(fact: Fact) -> tuple[str, str, int]:
    first = fact.evidence[0]
    return first.article, first.field, first.start


# --- about actors ---------------------------------------------------------------------

_FACTS_OF_ACTORS = 120
_PASSAGES = (200, 400, 800)
"""The newest passages to read: as many as it takes for ``_ARTICLES`` articles, since those of a
single running report may be a hundred."""

_ARTICLES = 12

WINDOW_DAYS = NEW_DAYS
"""The days that a brief without a period covers, if they have enough news."""

WINDOW_STEPS = (WINDOW_DAYS, 30, 90, 365)
"""The windows, in days, to try in turn until one has enough news."""

_YEAR = timedelta(days=WINDOW_STEPS[-1])

RECENT_DAYS = 90
"""Windows of so many days or more are used only if nothing newer is about the actors."""

ENOUGH_ARTICLES = 3

_MENTIONED = 0.7
"""The prominence of a subject that is only the claimant of a fact, or only its place."""


def brief(library: Library, question: Question, subjects: Sequence[Match]) -> Brief | Nothing:
    """Compose the brief about ``subjects`` (articles must name all of them)."""
    groups = library.groups(subjects)
    period = question.period
    covered = library.coverage(groups, period)
    if not covered.articles:
        return Nothing(
            query=question.text,
            subjects=tuple(subjects),
            period=period,
            undated_left_out=covered.undated,
            articles=library.coverage(groups, None).articles if period else 0,
        )
    judge = LineJudge(" and ".join(one.name for one in subjects), library.today)
    window, found, ranked = _ranked(library, groups, period, judge)
    recent = library.coverage(groups, window) if period is None and window else covered
    material = Material.of(library, found.lines, ranked)
    met = material.merged(meetings(material.lines))
    mentioned = _only_mentioned(subjects, ranked)
    return Brief(
        query=question.text,
        subjects=tuple(subjects),
        members=_members(library, subjects),
        period=period,
        as_of=library.as_of,
        articles=recent.articles,
        sources=recent.sources,
        days=days_in(library, window) if period is None and window else None,
        newest=covered.newest,
        undated_left_out=covered.undated if period else 0,
        related=related(library, groups, found.mentions, met, period),
        gaps=coverage_gaps(
            period, _published(library, groups, period), covered.newest, library.today
        ),
        reference=(*_reference(library, subjects), *mentioned),
        mentioned=bool(mentioned),
        notes=_none_lately(library, subjects, ranked, covered.newest) if period is None else (),
        **sections(material, ranked, undated=period is None, since=_start(window)),
    )


class StoredMaterial(NamedTuple):
    """Stored material about some actors in a window: lines, their reports, mentions."""

    lines: list[Line]
    reports: list[Report]
    mentions: Mapping[str, Sequence[Mention]]


def material_of(
    library: Library,
    groups: Sequence[frozenset[str]],
    period: Period | None,
    window: Period | None,
) -> StoredMaterial:
    """Collect material that names an actor of every group: the newest passages of the window, and
    the facts of the period, which may include older plans. Reports are of the window only."""
    hits = _newest_passages(library, groups, window)
    facts = lines_of_facts(library, groups, period, _FACTS_OF_ACTORS)
    articles = {hit.article for hit in hits} | {line.snippet.article for line in facts}
    mentions = library.store.mentions(library.workspace, articles)
    quoted = {place_of(line) for line in facts}
    plain = sentence_lines(library, hits, mentions, groups)
    lines = facts + [line for line in plain if place_of(line) not in quoted]
    recent = [line for line in lines if _published_in(line, window)]
    return StoredMaterial(lines, make_reports(library, groups, recent, mentions), mentions)


def _newest_passages(
    library: Library, groups: Sequence[frozenset[str]], window: Period | None
) -> list[Hit]:
    """Return the newest passages that name an actor of every group, of many articles."""
    hits: list[Hit] = []
    for limit in _PASSAGES:
        hits = library.found("", groups, window, newest_first=True, limit=limit)
        if len(hits) < limit or len({hit.article for hit in hits}) >= _ARTICLES:
            break
    return hits


def _published_in(line: Line, window: Period | None) -> bool:
    day = line.snippet.day
    return day is not None and (window is None or day in window)


def _ranked(
    library: Library, groups: Sequence[frozenset[str]], period: Period | None, judge: LineJudge
) -> tuple[Period | None, StoredMaterial, list[Story]]:
    """Return the window of a brief, its material and its stories.

    The window is the period asked for, else the shortest one with ``FEW_STORIES`` stories about
    the actors; if there is none, the shortest of those with most such stories. News older than
    ``RECENT_DAYS`` is shown only if nothing newer is about the actors.
    """
    windows = [period] if period is not None else _windows(library, groups)
    tried: list[tuple[Period | None, StoredMaterial, list[Story]]] = []
    for window in windows:
        found = material_of(library, groups, period, window)
        days = days_in(library, window)
        ranked = stories(found.reports, library.today, days, judge=judge)
        tried.append((window, found, ranked))
        if _relevant(ranked) >= (FEW_STORIES if days < RECENT_DAYS else 1):
            break
    window, found, ranked = max(tried, key=lambda one: _relevant(one[2]))  # the first of ties
    if period is None:
        ranked = sorted(ranked, key=lambda one: (not one.relevant, _step(library, one)))
    return window, found, ranked


def _step(library: Library, story: Story) -> int:
    """Return the step of the windows that a story first fits; lower steps come first."""
    age = (library.today - story.reports[0].day).days
    return sum(age > days for days in WINDOW_STEPS)


def _relevant(ranked: Sequence[Story]) -> int:
    return sum(one.relevant for one in ranked)


def _windows(library: Library, groups: Sequence[frozenset[str]]) -> list[Period | None]:
    """Return the windows to try, shortest first: recent ones with ``ENOUGH_ARTICLES`` articles.

    If even a year has fewer, return the year up to the newest article; None if no article has a
    date.
    """
    steps = [
        Period(start=library.today - timedelta(days=days), end=library.today)
        for days in WINDOW_STEPS
    ]
    enough: list[Period | None] = [
        one for one in steps if library.coverage(groups, one).articles >= ENOUGH_ARTICLES
    ]
    if enough:
        return enough
    newest = library.coverage(groups, None).newest
    return [Period(start=newest - _YEAR, end=library.today) if newest else None]


def _only_mentioned(subjects: Sequence[Match], ranked: Sequence[Story]) -> tuple[str, ...]:
    """Say so if no article is mainly about the subjects."""
    if not ranked or ranked[0].relevant:
        return ()
    only = "only mentions the name" if len(subjects) == 1 else "only mentions the names"
    return (f"No article is mainly about {_names(subjects)}: what follows {only}.",)


def _none_lately(
    library: Library, subjects: Sequence[Match], ranked: Sequence[Story], newest: date | None
) -> tuple[str, ...]:
    """Say so if articles of the last days name the subjects, but none is mainly about them.

    ``newest`` is the day of the newest article that names them.
    """
    lately = newest is not None and (library.today - newest).days <= WINDOW_DAYS
    if lately and ranked and ranked[0].relevant and _step(library, ranked[0]):
        names = _names(subjects)
        return (f"No article of the last {WINDOW_DAYS} days is mainly about {names}.",)
    return ()


def _names(subjects: Sequence[Match]) -> str:
    return " and ".join(one.name for one in subjects)


def _start(window: Period | None) -> date:
    return (window.start if window else None) or date.min


def days_in(library: Library, window: Period | None) -> int:
    """Return the days of a window; without a start, as many as the widest window has."""
    if window is None or window.start is None:
        return WINDOW_STEPS[-1]
    return max(((window.end or library.today) - window.start).days, 1)


def lines_of_facts(
    library: Library, groups: Sequence[frozenset[str]], period: Period | None, limit: int
) -> list[Line]:
    """Return facts with a role for an actor of each group, newest first, undated last.

    ``limit`` applies to each pair of groups, to dated and undated facts separately.
    """
    facts: dict[str, Fact] = {}
    pairs = combinations(groups, 2) if len(groups) > 1 else [(groups[0], None)]
    for (actors, others), undated in product(pairs, (False,) if period else (False, True)):
        found = library.facts(period, actors=actors, with_any=others, undated=undated, limit=limit)
        facts |= {one.id: one for one in found}
    several = list(facts.values())
    if len(groups) <= 2:
        chosen = [fact for fact in several if all(fact.roles & group for group in groups)]
    else:
        chosen = facts_of_all(several, groups)
    return [_weighed(line, groups) for line in fact_lines(library, chosen)]


def _weighed(line: Line, groups: Sequence[frozenset[str]]) -> Line:
    if all(group & set(line.about) for group in groups):
        return line
    return line.model_copy(update={"prominence": _MENTIONED})


def _published(
    library: Library, groups: Sequence[frozenset[str]], period: Period | None
) -> list[date]:
    """Return the days of a period with publications; empty without a period."""
    return [] if period is None else library.passages.days(groups, library.scope, period)


def _members(library: Library, subjects: Sequence[Match]) -> tuple[str, ...]:
    """Name the members of the groupings among the subjects."""
    actors = library.actors
    ids = [member for one in subjects for member in actors.members(one.actor)]
    return tuple(actors.name(member) for member in dict.fromkeys(ids))


def _reference(library: Library, subjects: Sequence[Match]) -> tuple[str, ...]:
    """Name the holder of an office that was asked about, according to the reference list."""
    offices = [one.actor for one in subjects if one.type is ActorType.OFFICE]
    found = [office_status(library, office) for office in offices]
    return tuple(holder_in_brief(library, one) for one in found if one and one.tenure)


# --- about an event -------------------------------------------------------------------


def is_of_event(question: Question) -> bool:
    """Return whether a query names an event, as in *gaza ceasefire*: no question, no bare names."""
    if question.kind != "statement" or question.general or any(question.filters):
        return False
    # A single word that states no act may be an unknown name.
    return bool(question.subjects or question.classes) or len(question.terms) > 1


def event_brief(library: Library, question: Question) -> Brief | None:
    """Compose the brief about the event that a query names; None if nothing is found.

    Combines facts of the query's classes about its actors and sentences with its words;
    ``articles`` and ``sources`` count the finds.
    """
    lines = sentences_about(library, question)
    if not lines:
        return None
    groups = library.groups(question.subjects)
    articles = {line.snippet.article for line in lines}
    days = [line.snippet.day for line in lines if line.snippet.day]
    mentions = library.store.mentions(library.workspace, articles)
    dated = _current(lines, library.today) if question.period is None else lines
    reports = make_reports(
        library, groups, [line for line in dated if line.snippet.published], mentions
    )
    ranked = stories(reports, library.today, WINDOW_STEPS[-1])
    material = Material.of(library, lines, ranked)
    once = material.merged(meetings(lines))
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
        **sections(material, ranked, undated=question.period is None),
    )


def _current(lines: Sequence[Line], today: date) -> list[Line]:
    """Return the lines of the shortest recent window with enough articles about the event.

    If even a year has too few, it is the year up to the newest article.
    """
    dated = [(line.snippet.day, line) for line in lines if line.snippet.day]
    for days in WINDOW_STEPS:
        since = today - timedelta(days=days)
        recent = [line for day, line in dated if day >= since]
        if len({line.snippet.article for line in recent}) >= ENOUGH_ARTICLES:
            return recent
    newest = max((day for day, _ in dated), default=today)
    return [line for day, line in dated if (newest - day).days <= WINDOW_STEPS[-1]]
