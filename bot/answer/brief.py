"""The brief about an actor or a pair: what is stored, newest first, each line with its span."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta

from bot.answer.library import Library
from bot.answer.lines import (
    day_of,
    each_article_once,
    fact_lines,
    newest_first,
    place_of,
    sentence_lines,
    told_once,
)
from bot.answer.question import Question
from bot.answer.summary import bottom_line
from bot.models import ActorType, Brief, Fact, Line, Match, Nothing, Period, Status
from bot.store.records import Coverage

HAPPENED_LINES = 3
MORE_LINES = 12
PLAN_DAYS = 120
"""A plan is coming up while the newest evidence is at most this much younger than it."""

_FACTS = 120
_PAIR_FACTS = 600
_PASSAGES = 40
_TOLD = frozenset({Status.HAPPENED, Status.ONGOING})
_COMING = frozenset({Status.PLANNED, Status.CALLED_FOR, Status.POSSIBLE})


def brief(library: Library, question: Question, subjects: Sequence[Match]) -> Brief | Nothing:
    """Compose the brief about ``subjects`` (one actor, or a pair that must stand together)."""
    groups = [library.expand(one.actor) for one in subjects]
    period = question.period
    covered = _coverage(library, groups, period)
    if not covered.articles:
        return Nothing(
            query=question.text,
            subjects=tuple(subjects),
            period=period,
            undated_left_out=covered.undated,
            articles=_coverage(library, groups, None).articles if period else 0,
        )
    lines = _lines(library, groups, period)
    terms = {
        line.snippet.quote: frozenset(library.passages.terms(line.snippet.quote)) for line in lines
    }
    sources = library.store.source_counts(
        library.workspace, {line.snippet.article for line in lines}
    )
    dated = told_once(newest_first(line for line in lines if day_of(line)), sources, terms)
    undated = told_once(_central(line for line in lines if not day_of(line)), sources, terms)
    if period is not None:
        undated = []
    return _laid_out(library, question, subjects, covered, dated, undated, terms)


def _laid_out(
    library: Library,
    question: Question,
    subjects: Sequence[Match],
    covered: Coverage,
    dated: list[Line],
    undated: list[Line],
    terms: dict[str, frozenset[str]],
) -> Brief:
    planned = [line for line in dated if _coming_up(line, dated)] + [
        line for line in undated if line.status is Status.PLANNED
    ]
    told = [line for line in dated if line.status is None or line.status in _TOLD]
    bottom = bottom_line(told[:_PASSAGES], terms)
    disputed = _disputed(dated + undated)
    shown: set[tuple[str, str, int]] = set()
    parts: dict[str, tuple[Line, ...]] = {}
    if bottom is not None:
        shown.add(place_of(bottom))
    for name, candidates, most in (
        ("disputed", disputed, 2),
        ("planned", planned, 1),
        ("happened", each_article_once(told), HAPPENED_LINES),
        ("undated", [line for line in undated if line.status is None or line.status in _TOLD], 1),
        ("more", told + planned + undated + dated, MORE_LINES),
    ):
        parts[name] = _take(candidates, most, shown)
    parts["happened"] = tuple(newest_first(parts["happened"]))
    return Brief(
        query=question.text,
        subjects=tuple(subjects),
        period=question.period,
        as_of=library.as_of,
        articles=covered.articles,
        sources=covered.sources,
        newest=covered.newest,
        undated_left_out=covered.undated if question.period else 0,
        bottom_line=bottom,
        reference=_reference(library, subjects),
        **parts,
    )


def _take(lines: Sequence[Line], most: int, shown: set[tuple[str, str, int]]) -> tuple[Line, ...]:
    """Take up to ``most`` lines whose sentence does not stand in the brief yet."""
    taken: list[Line] = []
    for line in lines:
        if len(taken) < most and place_of(line) not in shown:
            taken.append(line)
            shown.add(place_of(line))
    return tuple(taken)


def _coverage(
    library: Library, groups: Sequence[Collection[str]], period: Period | None
) -> Coverage:
    return library.store.coverage(
        library.workspace,
        library.audiences,
        groups,
        since=period.start if period else None,
        until=period.end if period else None,
        as_of=library.as_of,
    )


def _lines(library: Library, groups: Sequence[frozenset[str]], period: Period | None) -> list[Line]:
    since, until = (period.start, period.end) if period else (None, None)
    facts: list[Fact] = []
    for undated in (False,) if period else (False, True):
        facts += library.store.facts(
            library.workspace,
            library.audiences,
            actors=groups[0],
            since=since,
            until=until,
            as_of=library.as_of,
            undated=undated,
            limit=_FACTS if len(groups) == 1 else _PAIR_FACTS,
        )
    lines = fact_lines(library, [fact for fact in facts if _about(fact, groups)])
    hits = library.passages.search(
        "",
        workspace=library.workspace,
        audiences=library.audiences,
        actors=groups,
        require_actor=True,
        since=since,
        until=until,
        as_of=library.as_of,
        undated=period is None,
        newest_first=True,
        limit=_PASSAGES,
    )
    quoted = {place_of(line) for line in lines}
    plain = sentence_lines(library, hits, groups)
    return lines + [line for line in plain if place_of(line) not in quoted]


def _about(fact: Fact, groups: Sequence[frozenset[str]]) -> bool:
    """A pair's facts have each of the two in a role of its own."""
    roles = {fact.source_actor, fact.target_actor, fact.claimant, fact.place}
    return all(roles & group for group in groups)


def _central(lines: Iterable[Line]) -> list[Line]:
    """Put undated lines in order, for want of time: meetings first, moves, then by place."""
    return sorted(
        lines,
        key=lambda line: (
            line.fact is None,
            line.event_class != "CONSULT",
            line.event_class != "MOVE",
            place_of(line),
        ),
    )


def _coming_up(line: Line, dated: Sequence[Line]) -> bool:
    if line.status not in _COMING or line.status is Status.POSSIBLE:
        return False
    newest, day = day_of(dated[0]), day_of(line)
    return bool(newest and day and newest - day <= timedelta(days=PLAN_DAYS))


def _disputed(lines: Sequence[Line]) -> list[Line]:
    """What one says happened and another denies: both lines, the denial second."""
    found: list[Line] = []
    for denial in lines:
        if denial.status is not Status.DENIED:
            continue
        for line in lines:
            if (
                line.status in _TOLD
                and line.event_class == denial.event_class
                and {line.who, line.whom} == {denial.who, denial.whom}
                and place_of(line) != place_of(denial)
            ):
                found += [line, denial]
                break
    return found


def _reference(library: Library, subjects: Sequence[Match]) -> tuple[str, ...]:
    """Who holds an office that was asked about: the reference list's word, labelled as such."""
    offices = [one for one in subjects if one.type is ActorType.OFFICE]
    holders = [(one, library.actors.holder(one.actor, library.today)) for one in offices]
    return tuple(
        f"{one.name}: {library.actors.name(holder)} (reference list)"
        for one, holder in holders
        if holder
    )
