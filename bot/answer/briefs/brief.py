"""The brief about an actor or a pair: the most important stories first, each line with its span."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations, product
from typing import NamedTuple

from bot.answer.asked.question import Question
from bot.answer.briefs.gaps import gaps
from bot.answer.briefs.importance import Report, Story, stories
from bot.answer.briefs.parts import Material, parts
from bot.answer.briefs.related import meetings, related
from bot.answer.briefs.reports import reports
from bot.answer.briefs.together import THREE, of_all, roles_of, told_by_two
from bot.answer.holders import in_brief, standing
from bot.answer.library import Library
from bot.answer.lines import fact_lines, place_of, sentence_lines
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

_FACTS = 120
_PASSAGES = 200

WINDOW_DAYS = 14
"""A brief without a period is about so many days, ..."""

WIDER = (14, 30, 90, 365)
"""... or more of them until there are ``ENOUGH`` articles."""

_YEAR = timedelta(days=WIDER[-1])

ENOUGH = 3

_MENTIONED = 0.7
"""How prominent those asked about are in a fact that is about others, which they only claim
or which took place there."""


def brief(library: Library, question: Question, subjects: Sequence[Match]) -> Brief | Nothing:
    """Compose the brief about ``subjects`` (one actor, or a pair that must stand together)."""
    groups = [library.expand(one.actor) for one in subjects]
    period = question.period
    covered = library.coverage(groups, period)
    if not covered.articles:
        return Nothing(
            query=question.text,
            subjects=tuple(subjects),
            period=period,
            undated_left_out=covered.undated,
            articles=library.coverage(groups, None).articles if period else 0,
            notes=told_by_two(library, subjects, period),
        )
    window = _window(library, groups, period)
    recent = library.coverage(groups, window) if period is None and window else covered
    found = material_of(library, groups, period, window)
    material = Material.of(library, found.lines)
    met = material.once(meetings(material.lines))
    told = stories(found.reports, library.today, days_in(library, window))
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
        gaps=gaps(period, _published(library, groups, period), covered.newest, library.today),
        reference=_reference(library, subjects),
        notes=(
            *told_by_two(library, subjects, period, found.lines, found.mentions),
            *_only_mentioned(subjects, told),
        ),
        **parts(material, told, undated=period is None, since=_start(window)),
    )


class Found(NamedTuple):
    """What is stored about some actors in a window: lines, reports made of them, mentions."""

    lines: list[Line]
    reports: list[Report]
    mentions: Mapping[str, Sequence[Mention]]


def material_of(
    library: Library,
    groups: Sequence[frozenset[str]],
    period: Period | None,
    window: Period | None,
) -> Found:
    """Collect what names one actor of every group: the newest passages of the window, and facts
    of the period, among which older plans may be. Reports are of the window alone."""
    hits = library.found("", groups, window, newest_first=True, limit=_PASSAGES)
    facts = lines_of_facts(library, groups, period, _FACTS)
    articles = {hit.article for hit in hits} | {line.snippet.article for line in facts}
    mentions = library.store.mentions(library.workspace, articles)
    quoted = {place_of(line) for line in facts}
    plain = sentence_lines(library, hits, mentions, groups)
    lines = facts + [line for line in plain if place_of(line) not in quoted]
    recent = [line for line in lines if _published_in(line, window)]
    return Found(lines, reports(library, groups, recent, mentions), mentions)


def _published_in(line: Line, window: Period | None) -> bool:
    published = line.snippet.published
    if published is None:
        return False
    if window is None:
        return True
    day = published.date()
    return (window.start or date.min) <= day <= (window.end or date.max)


def _window(
    library: Library, groups: Sequence[frozenset[str]], period: Period | None
) -> Period | None:
    """Return the days a brief is about: a period that was asked for, else the last ones.

    Where even a year has fewer than ``ENOUGH`` articles, it is the year up to the newest one; None
    where no article has a date.
    """
    if period is not None:
        return period
    for days in WIDER:
        last = Period(start=library.today - timedelta(days=days), end=library.today)
        if library.coverage(groups, last).articles >= ENOUGH:
            return last
    newest = library.coverage(groups, None).newest
    return Period(start=newest - _YEAR, end=library.today) if newest else None


def _only_mentioned(subjects: Sequence[Match], told: Sequence[Story]) -> tuple[str, ...]:
    """Say so where no article is about those who were asked about."""
    if not told or told[0].relevant:
        return ()
    names = " and ".join(one.name for one in subjects)
    return (f"No article of these days is mainly about {names}: they are only mentioned.",)


def _start(window: Period | None) -> date:
    return (window.start if window else None) or date.min


def days_in(library: Library, window: Period | None) -> int:
    """How many days a window has; of one without a beginning, as many as the widest."""
    if window is None or window.start is None:
        return WIDER[-1]
    return max(((window.end or library.today) - window.start).days, 1)


def lines_of_facts(
    library: Library, groups: Sequence[frozenset[str]], period: Period | None, limit: int
) -> list[Line]:
    """The facts in which one actor of each group has a role, newest first, then undated ones.

    ``limit`` is of facts about two of the groups, dated and undated each.
    """
    facts: dict[str, Fact] = {}
    pairs = combinations(groups, 2) if len(groups) > 1 else [(groups[0], None)]
    for (actors, beside), undated in product(pairs, (False,) if period else (False, True)):
        found = library.store.facts(
            library.workspace,
            library.audiences,
            actors=actors,
            beside=beside,
            since=period.start if period else None,
            until=period.end if period else None,
            as_of=library.as_of,
            undated=undated,
            limit=limit,
        )
        facts |= {one.id: one for one in found}
    several = list(facts.values())
    if len(groups) < THREE:
        chosen = [fact for fact in several if all(roles_of(fact) & group for group in groups)]
    else:
        chosen = of_all(several, groups)
    return [_weighed(line, groups) for line in fact_lines(library, chosen)]


def _weighed(line: Line, groups: Sequence[frozenset[str]]) -> Line:
    if all(group & set(line.about) for group in groups):
        return line
    return line.model_copy(update={"prominence": _MENTIONED})


def _published(
    library: Library, groups: Sequence[frozenset[str]], period: Period | None
) -> list[date]:
    """The days of a period on which something was published; without a period nobody asks."""
    return [] if period is None else library.passages.days(groups, library.scope, period)


def _members(library: Library, subjects: Sequence[Match]) -> tuple[str, ...]:
    """Name whom the groupings among the subjects stood for."""
    actors = library.actors
    ids = [member for one in subjects for member in actors.members(one.actor)]
    return tuple(actors.name(member) for member in dict.fromkeys(ids))


def _reference(library: Library, subjects: Sequence[Match]) -> tuple[str, ...]:
    """Who holds an office that was asked about: the reference list's word, labelled as such."""
    offices = [one.actor for one in subjects if one.type is ActorType.OFFICE]
    found = [standing(library, office) for office in offices]
    return tuple(in_brief(library, one) for one in found if one and one.tenure)
