"""What each phrase of ``phrases.py`` means: its match and today become days.

A rule gives None where the words name no day (31 April), and days without a year where
the year is still to be chosen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from bot.text import days as d
from bot.text.days import Days, When
from bot.text.holidays import named_day

LAST = frozenset(("last", "past", "previous", "prior", "preceding", "this past"))
COMING = frozenset(("coming", "upcoming", "this coming", "this upcoming"))
NEXT = COMING | {"next"}
FOLLOWING = "following"
"""Next, of one unit; before a count it is a preposition (*following two weeks of protest*)."""

Match = re.Match[str]
Rule = Callable[[Match, date], "When | None"]


def _group(m: Match, name: str) -> str:
    """A group in lower case; empty if the pattern lacks it or it matched nothing."""
    return (m.groupdict().get(name) or "").lower()


def _of_year(m: Match, make: Callable[[int], Days | None]) -> When | None:
    """Days of the year that is named, else of one still to be chosen."""
    year = _group(m, "year")
    return make(int(year)) if year else make


def one_day(m: Match, _: date) -> When | None:
    """*13 July 2020, May 9*."""
    month, day = d.month_number(m["month"]), d.ordinal(m["day"])
    return _of_year(m, lambda year: d.day_of(year, month, day))


def day_range(m: Match, _: date) -> When | None:
    """*November 19-20, between 3 and 12 September 2016*."""
    month, first, last = d.month_number(m["month"]), d.ordinal(m["day"]), d.ordinal(m["last"])

    def make(year: int) -> Days | None:
        start, end = d.day_of(year, month, first), d.day_of(year, month, last)
        return Days(start.start, end.end) if start and end and start <= end else None

    return _of_year(m, make)


def iso(m: Match, _: date) -> When | None:
    """*2020-07-13*."""
    return d.day_of(int(m["year"]), int(m["m"]), int(m["d"]))


def numeric(m: Match, _: date) -> When | None:
    """*7/13/2020*, month first; *13/07/2020*, where it can only be the day."""
    first, second, year = int(m["a"]), int(m["b"]), int(m["year"])
    return d.day_of(year, first, second) or d.day_of(year, second, first)


def month(m: Match, _: date) -> When | None:
    """*October 2020*, *October*."""
    number = d.month_number(m["month"])
    return _of_year(m, lambda year: d.month_of(year, number))


def iso_month(m: Match, _: date) -> When | None:
    """*2015-12*."""
    return d.month_of(int(m["year"]), int(m["m"]))


def which_month(m: Match, today: date) -> When | None:
    """*Last March* is the latest that is over, *next March* the first to come."""
    which, number = _group(m, "which"), d.month_number(m["month"])
    if which in NEXT:
        return d.month_of(today.year + (number <= today.month), number)
    return d.month_of(today.year - (which != "this" and number >= today.month), number)


def quarter(m: Match, _: date) -> When | None:
    """*Q3 2023*, *H1 2023*."""
    n, size = int(m["q"]), {"h": 6, "q": 3}[_group(m, "part")]
    if n * size > 12:
        return None
    return _of_year(m, lambda year: d.months(year, (n - 1) * size + 1, size))


def season(m: Match, _: date) -> When | None:
    """*Summer 2023*: June to August, the northern one; winter runs into the next year."""
    first = d.SEASONS[_group(m, "season")]
    return _of_year(m, lambda year: d.months(year, first, 3))


def year(m: Match, _: date) -> When | None:
    """*2023*."""
    return d.year_of(int(m["year"]))


def decade(m: Match, today: date) -> When | None:
    """*The 1990s*, *the 90s*, *the nineties*."""
    digits = _group(m, "digits") or str(d.DECADES[_group(m, "word")])
    if len(digits) == 4:
        return d.unit_of(date(int(digits), 1, 1), "decade")
    century = today.year // 100 * 100
    century -= 100 * (century + int(digits) > today.year)
    return d.unit_of(date(century + int(digits), 1, 1), "decade")


def century(m: Match, _: date) -> When | None:
    """*The 21st century*: 2000 to 2099, as people say it."""
    first = (d.ordinal(m["n"]) - 1) * 100
    return Days(date(first, 1, 1), date(first + 99, 12, 31)) if first else None


def holiday(m: Match, today: date) -> When | None:
    """*Easter 2024, Christmas*; *the last Easter* is the latest that is over."""
    name, which = m["name"], _group(m, "which")
    if which in LAST | NEXT:
        years = range(today.year - 1, today.year + 2)
        found = [days for year in years if (days := named_day(name, year))]
        behind = [days for days in found if days.end < today]
        return behind[-1] if which in LAST else next(x for x in found if x.start > today)
    return _of_year(m, lambda year: named_day(name, year))


def numbered_week(m: Match, today: date) -> When | None:
    """*Week 12*, *week 3 of 2024*: by ISO 8601, of this year where no other is named."""
    year = int(_group(m, "year") or today.year)
    return d.week_of(date.fromisocalendar(year, int(m["n"]), 1))


def weekday_and_day(m: Match, today: date) -> When | None:
    """*Monday the 13th*: the latest 13th that was one, else the next."""
    number, day = d.weekday_number(m["weekday"]), d.ordinal(m["day"])
    for offset in (*range(0, -60, -1), *range(1, 60)):
        month = d.month_of(today.year, today.month + offset).start
        found = d.day_of(month.year, month.month, day)
        if found and found.start.weekday() == number and (found.start <= today or offset > 0):
            return found
    return None


def day_of_month(m: Match, today: date) -> When | None:
    """*The 18th*: the latest one."""
    for offset in (0, -1, -2):
        month = d.month_of(today.year, today.month + offset).start
        found = d.day_of(month.year, month.month, d.ordinal(m["day"]))
        if found and found.start <= today:
            return found
    return None


def day_and_month(m: Match, _: date) -> When | None:
    """*5/12, 22/04* without a year: month first where it can be."""
    first, second = int(m["a"]), int(m["b"])
    month, day = (first, second) if first <= 12 else (second, first)
    return (lambda year: d.day_of(year, month, day)) if 1 <= month <= 12 else None


def ahead(m: Match, today: date) -> When | None:
    """*In two weeks*: the day that is so far ahead."""
    then = d.back(today, -d.number(m["n"]), _group(m, "unit"))
    return Days(then, then)


def working_days(m: Match, today: date) -> When | None:
    """*The next 4 business days*, Saturday and Sunday not counted."""
    step = d.DAY if _group(m, "which") in NEXT else -d.DAY
    left, day = d.number(m["n"]), today
    days: list[date] = []
    while left > 0 and len(days) < 400:
        day += step
        if day.weekday() < 5:
            left -= 1
        days.append(day)
    whole = [one for one in days if one.weekday() < 5]
    return Days(min(whole), max(whole)) if whole else None


def near(m: Match, today: date) -> When | None:
    """*Yesterday, tonight, the day before yesterday*."""
    words = m[0].lower().removeprefix("the ")
    offsets = {"yesterday": -1, "last night": -1, "tomorrow": 1, "day before yesterday": -2}
    return d.unit_of(today, "day", {**offsets, "day after tomorrow": 2}.get(words, 0))


def relative(m: Match, today: date) -> When | None:
    """*This week, last month, next quarter* are whole; *the past week* is up to today."""
    which, unit = _group(m, "which"), _group(m, "unit")
    if unit in ("hour", "day") or (which in ("past", "this past") and unit != "quarter"):
        return _rolling(which, 1, unit, today)
    offset = 0 if which in ("this", "current") else 1 if which in NEXT | {FOLLOWING} else -1
    return d.unit_of(today, unit, offset)


def counted(m: Match, today: date) -> When | None:
    """*The past 3 days* end today; *the last 2 quarters* are whole ones before this one."""
    which, unit, count = _group(m, "which"), _group(m, "unit"), d.number(m["n"])
    if unit in ("quarter", "decade") and count:
        first, last = (1, count) if which in NEXT else (-count, -1)
        return Days(d.unit_of(today, unit, first).start, d.unit_of(today, unit, last).end)
    return _rolling(which, count, unit, today)


def _rolling(which: str, count: int, unit: str, today: date) -> Days | None:
    if count == 0:
        return None
    if which in NEXT:
        return Days(today + d.DAY, d.back(today, -count, unit))
    # Hours reach back into the day before; other units count today as their last day.
    start = d.back(today, count, unit) + (0 if unit == "hour" else 1) * d.DAY
    return Days(start, today)


def ago(m: Match, today: date) -> When | None:
    """*3 days ago* is a day, *two months ago* that month: as exact as it was said."""
    unit = _group(m, "unit")
    then = d.back(today, d.number(m["n"]), unit)
    return d.unit_of(then, "day" if unit == "hour" else unit)


def weekday(m: Match, today: date) -> When | None:
    """*Monday* is the latest one, *last Monday* not today's, *next Monday* next week's."""
    which, week = _group(m, "which"), _group(m, "week")
    number = d.weekday_number(m["weekday"])
    if which in COMING:
        return _one(today + ((number - today.weekday() - 1) % 7 + 1) * d.DAY)
    if week or which in NEXT or which == "this":
        offset = {"this": 0, "last": -1}.get(week or which, 1)
        return _one(d.unit_of(today, "week", offset).start + number * d.DAY)
    behind = (today.weekday() - number) % 7
    return _one(today - (behind or (7 if which else 0)) * d.DAY)


def _one(day: date) -> Days:
    return Days(day, day)


def weekend(m: Match, today: date) -> When | None:
    """*The weekend* is the latest begun, *last weekend* one that is over."""
    which = _group(m, "which")
    if which == "this" or which in COMING:
        return d.weekend_of(today)
    if which in NEXT:
        return d.weekend_of(today + 7 * d.DAY)
    begun = d.weekend_of(today).start <= today
    return d.weekend_of(today if begun and not which else today - 7 * d.DAY)


def so_far(m: Match, today: date) -> When | None:
    """*Earlier this month, this year so far, year to date*."""
    return Days(d.unit_of(today, _group(m, "unit") or "year").start, today)


def this_one(m: Match, today: date) -> When | None:
    """*For the month*: this one."""
    return d.unit_of(today, _group(m, "unit"))


def later(m: Match, today: date) -> When | None:
    """*Later this week, the rest of the year*."""
    return Days(today, d.unit_of(today, _group(m, "unit")).end)
