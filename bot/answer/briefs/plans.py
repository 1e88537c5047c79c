"""What is coming up: plans whose day is ahead, and those whose day has passed unreported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.answer.briefs.disputes import TOLD
from bot.answer.lines import day_of
from bot.models import Line, Precision, Status

PLAN_DAYS = 120
"""A plan without a day is coming up while the newest evidence is at most this much younger."""

PASSED_DAYS = 60
"""For so long a plan whose day has passed is worth a word."""


def coming_up(lines: Sequence[Line], today: date) -> list[Line]:
    """Plans with a day ahead, the nearest first; then those without a day, the newest first;
    last those whose day has passed and of which no line tells that they took place.

    What took place is no plan any more and is left out.
    """
    plans = [line for line in lines if line.status is Status.PLANNED]
    told = [line for line in lines if line.status in TOLD and line.fact]
    newest = max((day for line in lines if (day := day_of(line))), default=today)
    ahead, open_, passed = [], [], []
    for plan in plans:
        if any(_fulfils(line, plan) for line in told):
            continue
        if plan.event_date is None:
            published = day_of(plan)
            if published is None or newest - published <= timedelta(days=PLAN_DAYS):
                open_.append(plan)
        elif (last := last_day(plan.event_date, plan.date_precision)) >= today:
            ahead.append(plan)
        elif today - last <= timedelta(days=PASSED_DAYS):
            passed.append(plan.model_copy(update={"passed": True}))
    ahead.sort(key=lambda line: line.event_date or today)
    open_.sort(key=lambda line: day_of(line) or date.min, reverse=True)
    return ahead + open_ + passed


def _fulfils(line: Line, plan: Line) -> bool:
    """Whether a line tells that a plan came about: the same act, after it was planned."""
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
