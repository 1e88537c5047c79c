"""What a timeline shows: events of cooperation and of conflict, and how much was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from bot.answer.briefs.brief import lines_of_facts
from bot.answer.briefs.disputes import TOLD
from bot.answer.briefs.parts import Material
from bot.answer.library import Library
from bot.answer.lines import day_of, newest_first
from bot.models import EventClass, Line, Match, Period

COOPERATION = frozenset(
    {
        EventClass.AGREE,
        EventClass.CONSULT,
        EventClass.SUPPORT,
        EventClass.COOPERATE,
        EventClass.AID,
        EventClass.CONCEDE,
        EventClass.RETREAT,
    }
)
CONFLICT = frozenset(
    {
        EventClass.ACCUSE,
        EventClass.REJECT,
        EventClass.THREATEN,
        EventClass.PROTEST,
        EventClass.SANCTION,
        EventClass.MOBILIZE,
        EventClass.COERCE,
        EventClass.ASSAULT,
    }
)
"""After PLOVER's four quadrants (https://github.com/openeventdata/PLOVER). Requests and moves
are left out: an invitation is the one, a demand the other, and a journey is neither."""

LONGEST_DAYS = 730
"""Without a period, the two years up to the newest event are shown."""

_FACTS = 1500
_TOLD_BY_NAME = 3

Step = Literal["day", "week", "month", "year"]


class Timeline(NamedTuple):
    """Events and coverage in steps of time; every step has its first day.

    ``undated`` counts the events that cannot be placed.
    """

    title: str
    step: Step
    steps: tuple[date, ...]
    cooperation: tuple[int, ...]
    conflict: tuple[int, ...]
    articles: tuple[int, ...]
    newest: tuple[Line, ...]
    undated: int


def timeline(library: Library, subjects: Sequence[Match], period: Period | None) -> Timeline | None:
    """Lay out the events between or of ``subjects``; None where none has a date.

    Only what took place counts, each happening once, on the event's day or else the day of
    its article. Events of a period are those of its days.
    """
    groups = [library.expand(one.actor) for one in subjects]
    material = Material.of(library, lines_of_facts(library, groups, period, _FACTS))
    kinds = COOPERATION | CONFLICT
    told = [one for one in material.lines if one.status in TOLD and one.event_class in kinds]
    once = material.once(newest_first(told))
    placed = [(day, one) for one in once if (day := day_of(one)) is not None]
    if not placed:
        return None
    last = max(day for day, _ in placed)
    earliest = min(day for day, _ in placed)
    first = max(earliest, last - timedelta(days=LONGEST_DAYS)) if period is None else earliest
    placed = [(day, one) for day, one in placed if day >= first]
    step = _step((last - first).days)
    steps = _steps(first, last, step)
    volume = library.store.history.volume(
        library.workspace,
        library.audiences,
        groups,
        since=steps[0],
        until=last,
        as_of=library.as_of,
    )
    return Timeline(
        title=" and ".join(one.name for one in subjects),
        step=step,
        steps=steps,
        cooperation=_counted((d for d, one in placed if one.event_class in COOPERATION), steps),
        conflict=_counted((d for d, one in placed if one.event_class in CONFLICT), steps),
        articles=_summed(volume, steps),
        newest=tuple(one for _, one in placed[:_TOLD_BY_NAME]),
        undated=len(once) - sum(day_of(one) is not None for one in once),
    )


def _step(days: int) -> Step:
    if days <= 45:
        return "day"
    if days <= 300:
        return "week"
    return "month" if days <= 3660 else "year"


def begin(day: date, step: Step) -> date:
    """Return the first day of the step that a day lies in; weeks begin on Monday."""
    if step == "week":
        return day - timedelta(days=day.weekday())
    if step == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if step == "year" else day


def _steps(first: date, last: date, step: Step) -> tuple[date, ...]:
    found = [begin(first, step)]
    width = {"day": 1, "week": 7, "month": 31, "year": 366}[step]
    while (following := begin(found[-1] + timedelta(days=width), step)) <= last:
        found.append(following)
    return tuple(found)


def _counted(days: Iterable[date], steps: Sequence[date]) -> tuple[int, ...]:
    return _summed(Counter(days), steps)


def _summed(counts: Mapping[date, int], steps: Sequence[date]) -> tuple[int, ...]:
    """Add up what falls into each step; the last one is open."""
    sums = [0] * len(steps)
    at = 0
    for day in sorted(counts):
        while at + 1 < len(steps) and steps[at + 1] <= day:
            at += 1
        if day >= steps[0]:
            sums[at] += counts[day]
    return tuple(sums)
