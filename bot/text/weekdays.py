"""What phrases with weekdays, weekends and working days mean, counted from today."""

from __future__ import annotations

from datetime import date

from bot.text import days as d
from bot.text.days import Days, When
from bot.text.meanings import COMING, LAST, NEXT, Match, group
from bot.text.numbers import number_of, rank_of


def one(day: date) -> Days:
    """A day as a stretch of days."""
    return Days(day, day)


def weekday_and_day(m: Match, today: date) -> When | None:
    """*Monday the 13th*: the latest 13th that was one, else the next."""
    number, day = d.weekday_number(m["weekday"]), rank_of(m["day"])
    for offset in (*range(0, -60, -1), *range(1, 60)):
        month = d.month_of(today.year, today.month + offset).start
        found = d.day_of(month.year, month.month, day)
        if found and found.start.weekday() == number and (found.start <= today or offset > 0):
            return found
    return None


def working_days(m: Match, today: date) -> When | None:
    """*The next 4 business days*, Saturday and Sunday not counted."""
    step = d.DAY if group(m, "which") in NEXT else -d.DAY
    left, day = number_of(m["n"]), today
    days: list[date] = []
    while left > 0 and len(days) < 400:
        day += step
        if day.weekday() < 5:
            left -= 1
        days.append(day)
    whole = [one for one in days if one.weekday() < 5]
    return Days(min(whole), max(whole)) if whole else None


def weekday_beyond(m: Match, today: date) -> When | None:
    """*The Sunday before last*, *Tuesday after next*."""
    number = d.weekday_number(m["weekday"])
    if group(m, "way"):
        return one(d.weekday_before(today, number, 1))
    return one(d.weekday_after(today, number, 1))


def week_on(m: Match, today: date) -> When | None:
    """*A week on Monday*, *Friday week*: a week after the next one."""
    number = d.weekday_number(m["weekday"])
    return one(d.weekday_after(today, number, 1))


def weekend_beyond(m: Match, today: date) -> When | None:
    """*The weekend before last*, *after next*."""
    return d.weekend_of(today + (-14 if group(m, "way") else 14) * d.DAY)


def weekends_away(m: Match, today: date) -> When | None:
    """*Two weekends ago*, *three weekends from now*; one that has begun is not counted."""
    weeks = number_of(m["n"])
    return d.weekend_of(today + (-7 if group(m, "way") else 7) * weeks * d.DAY)


def weekdays_away(m: Match, today: date) -> When | None:
    """*Two Mondays ago*, *three Fridays from now*; today's own weekday is not counted."""
    number, count = d.weekday_number(m["weekday"]), number_of(m["n"])
    if group(m, "way") == "ago":
        return one(d.weekday_before(today, number, count - 1))
    return one(d.weekday_after(today, number, count - 1))


def several_weekdays(m: Match, today: date) -> When | None:
    """*The next two Mondays*: from the nearest to the farthest."""
    number, count = d.weekday_number(m["weekday"]), number_of(m["n"])
    if group(m, "which") in NEXT:
        return Days(d.weekday_after(today, number), d.weekday_after(today, number, count - 1))
    return Days(d.weekday_before(today, number, count - 1), d.weekday_before(today, number))


def two_weekdays(m: Match, today: date) -> When | None:
    """*Monday and Tuesday*: the latest of the second, and the first before it."""
    second = d.weekday_before(today + d.DAY, d.weekday_number(m["weekday2"]))
    first = d.weekday_before(second + d.DAY, d.weekday_number(m["weekday"]))
    return Days(first, second)


def working_day(m: Match, today: date) -> When | None:
    """*3 business days ago*, *in five working days*."""
    step, left = (-d.DAY if group(m, "way") else d.DAY), number_of(m["n"])
    day = today
    for _ in range(400):
        if left == 0:
            return one(day)
        day += step
        left -= day.weekday() < 5
    return None


def weekday(m: Match, today: date) -> When | None:
    """*Monday* is the latest one, *last Monday* not today's, *next Monday* next week's."""
    which, week = group(m, "which"), group(m, "week").removeprefix("the ")
    number = d.weekday_number(m["weekday"])
    if which in COMING:
        return one(d.weekday_after(today, number))
    if week or which in NEXT or which == "this":
        word = week or which
        offset = 0 if word == "this" else -1 if word in LAST else 1
        return one(d.unit_of(today, "week", offset).start + number * d.DAY)
    return one(d.weekday_before(today if which else today + d.DAY, number))


def weekend(m: Match, today: date) -> When | None:
    """*The weekend* is the latest begun, *last weekend* one that is over."""
    which = group(m, "which")
    if which == "this" or which in COMING:
        return d.weekend_of(today)
    if which in NEXT:
        return d.weekend_of(today + 7 * d.DAY)
    begun = d.weekend_of(today).start <= today
    return d.weekend_of(today if begun and not which else today - 7 * d.DAY)


def weekends(m: Match, today: date) -> When | None:
    """*The next two weekends*: from the first day of the nearest to the end of the farthest."""
    count, begun = number_of(m["n"]), d.weekend_of(today)
    if group(m, "which") in NEXT:
        near = begun if begun.start > today else d.weekend_of(today + 7 * d.DAY)
        return Days(near.start, near.end + 7 * (count - 1) * d.DAY)
    near = begun if begun.end < today else d.weekend_of(today - 7 * d.DAY)
    return Days(near.start - 7 * (count - 1) * d.DAY, near.end)
