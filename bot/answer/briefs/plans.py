"""What is coming up: plans whose day is ahead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.answer.briefs.disputes import TOLD
from bot.answer.lines import day_of
from bot.models import Line, Precision, Status

PLAN_DAYS = 120
"""A plan without a day is current for so long after it was reported."""


def coming_up(lines: Sequence[Line], today: date) -> list[Line]:
    """Return the plans whose day is today or later, the nearest first.

    A plan is left out where a line reports that it took place.
    """
    told = [line for line in lines if line.status in TOLD and line.fact]
    ahead = [
        line
        for line in lines
        if line.status is Status.PLANNED
        and line.event_date is not None
        and last_day(line.event_date, line.date_precision) >= today
        and not any(_fulfils(one, line) for one in told)
    ]
    return sorted(ahead, key=lambda line: line.event_date or today)


def _fulfils(line: Line, plan: Line) -> bool:
    """Whether a line reports that a plan took place: the same act, after it was planned."""
    if (line.event_class, set(line.about)) != (plan.event_class, set(plan.about)):
        return False
    told, planned = day_of(line), plan.snippet.published
    return bool(told and planned and told >= planned.date())


def last_day(day: date, precision: Precision | None) -> date:
    """Return the last day that a date may mean: of a month or a year, the last of it."""
    if precision == "year":
        return date(day.year, 12, 31)
    if precision in {"month", "period"}:
        first = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return first - timedelta(days=1)
    return day
