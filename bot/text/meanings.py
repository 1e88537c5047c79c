"""What each phrase of ``absolute_dates.py`` and ``phrases.py`` means that names its days.

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
from bot.text.numbers import CARDINALS, number_of, rank_of, year_number

LAST = frozenset(
    ("last", "past", "previous", "prior", "preceding", "this past", "most recent", "trailing")
)
UP_TO_NOW = frozenset(("past", "this past", "most recent"))
"""Of these, those that of one unit mean what leads up to today: *the past week*."""

COMING = frozenset(("coming", "upcoming", "this coming", "this upcoming"))
NEXT = COMING | {"next"}
FOLLOWING = "following"
"""Next, of one unit; before a count it is a preposition (*following two weeks of protest*)."""

_SHORT = {"wk": "week", "w": "week", "mth": "month", "mo": "month", "yr": "year", "y": "year"}
_SHORT |= {"hr": "hour", "h": "hour", "d": "day", "night": "day"}

Match = re.Match[str]
Rule = Callable[[Match, date], "When | None"]


def group(m: Match, name: str) -> str:
    """A group in lower case; empty if the pattern lacks it or it matched nothing."""
    found = (m.groupdict().get(name) or "").lower()
    return _SHORT.get(found, found) if name.startswith("unit") else found


def _of_year(m: Match, today: date, make: Callable[[int], Days | None]) -> When | None:
    """Days of the year that is named, else of one still to be chosen."""
    if which := group(m, "which_year"):
        return make(today.year + offset_of(which))
    if years := group(m, "years"):  # in May two years ago
        return make(today.year - number_of(years))
    year = group(m, "year")
    return make(year_number(year, today.year)) if year else make


def offset_of(which: str) -> int:
    """How many units *last*, *this* or *next* lie from this one."""
    return 0 if which in ("this", "current") else 1 if which in NEXT | {FOLLOWING} else -1


def one_day(m: Match, today: date) -> When | None:
    """*13 July 2020, May 9*."""
    month, day = d.month_number(m["month"]), rank_of(m["day"])
    return _of_year(m, today, lambda year: d.day_of(year, month, day))


def day_range(m: Match, today: date) -> When | None:
    """*November 19-20, between 3 and 12 September 2016*."""
    month, first, last = d.month_number(m["month"]), rank_of(m["day"]), rank_of(m["last"])
    onwards = first > last and m.start("month") < m.start("day")  # April 27 to the third

    def make(year: int) -> Days | None:
        after = d.month_of(year, month + onwards).start
        start, end = d.day_of(year, month, first), d.day_of(after.year, after.month, last)
        return Days(start.start, end.end) if start and end and start <= end else None

    return _of_year(m, today, make)


def iso(m: Match, _: date) -> When | None:
    """*2020-07-13*."""
    return d.day_of(int(m["year"]), int(m["m"]), int(m["d"]))


def numeric_span(m: Match, today: date) -> When | None:
    """*10/1-11/2/2017*, *22/4 to 25/4*: month first, unless only the day can be."""
    pairs = [(int(m["a"]), int(m["b"])), (int(m["c"]), int(m["e"]))]
    if any(month > 12 for month, _ in pairs):
        pairs = [(month, day) for day, month in pairs]
    (first_month, first_day), (month, day) = pairs
    if not (1 <= first_month <= 12 and 1 <= month <= 12):
        return None

    def make(year: int) -> Days | None:
        earlier = year - ((first_month, first_day) > (month, day))
        start, end = d.day_of(earlier, first_month, first_day), d.day_of(year, month, day)
        return Days(start.start, end.end) if start and end else None

    return _of_year(m, today, make)


def numeric(m: Match, today: date) -> When | None:
    """*7/13/2020*, month first; *13/07/2020*, where it can only be the day; *13.07.2020*, day
    first, as it is wherever days are written with dots."""
    first, second, year = int(m["a"]), int(m["b"]), year_number(m["year"], today.year)
    if "." in m[0]:
        first, second = second, first
    return d.day_of(year, first, second) or d.day_of(year, second, first)


def month(m: Match, today: date) -> When | None:
    """*October 2020*, *October*."""
    number = d.month_number(m["month"])
    return _of_year(m, today, lambda year: d.month_of(year, number))


def two_months(m: Match, today: date) -> When | None:
    """*June/July 2018*, *June and July*: both, the second in the year after if it is earlier."""
    first, last = d.month_number(m["month"]), d.month_number(m["month2"])
    size = (last - first) % 12 + 1
    return _of_year(m, today, lambda year: d.months(year - (last < first), first, size))


def two_years(m: Match, _: date) -> When | None:
    """*2018-19*, *2018/2019*: the first year and those up to the second."""
    first, typed = int(m["year"]), m["to"]
    last = int(typed) if len(typed) > 2 else first // 100 * 100 + int(typed)
    return Days(d.year_of(first).start, d.year_of(last).end) if last > first else None


def iso_month(m: Match, _: date) -> When | None:
    """*2015-12*."""
    return d.month_of(int(m["year"]), int(m["m"]))


def quarter(m: Match, today: date) -> When | None:
    """*Q3 2023*, *H1 2023*."""
    n = int(m["q"]) if m["q"].isdigit() else rank_of(m["q"])
    size = {"h": 6, "q": 3}[group(m, "part")[0]]
    if n * size > 12:
        return None
    return _of_year(m, today, lambda year: d.months(year, (n - 1) * size + 1, size))


def two_quarters(m: Match, today: date) -> When | None:
    """*Q1 and Q2 2023*: both, and what lies between."""
    first, last = int(m["q"]), int(m["last"])
    if last <= first:
        return None
    return _of_year(m, today, lambda year: d.months(year, first * 3 - 2, (last - first + 1) * 3))


def season(m: Match, today: date) -> When | None:
    """*Summer 2023*: June to August, the northern one; winter runs into the next year."""
    first = d.SEASONS[group(m, "season")]
    return _of_year(m, today, lambda year: d.months(year, first, 3))


def year(m: Match, today: date) -> When | None:
    """*2023*."""
    return d.year_of(year_number(m["year"], today.year))


def decade(m: Match, today: date) -> When | None:
    """*The 1990s*, *the 90s*, *the nineties*."""
    if group(m, "hundred") == "two":  # the two thousands
        return d.unit_of(date(2000, 1, 1), "decade")
    digits = group(m, "digits") or str(d.DECADES[group(m, "word")])
    if hundred := group(m, "hundred"):
        digits = f"{CARDINALS[hundred]}{digits}"
    if digits.endswith("00") and digits != "2000":  # the 1800s
        return hundred_years(int(digits))
    if len(digits) == 4:
        return d.unit_of(date(int(digits), 1, 1), "decade")
    century = today.year // 100 * 100
    century -= 100 * (century + int(digits) > today.year)
    return d.unit_of(date(century + int(digits), 1, 1), "decade")


def century(m: Match, _: date) -> When | None:
    """*The 21st century*: 2000 to 2099, as people say it."""
    first = (rank_of(m["n"]) - 1) * 100
    return hundred_years(first) if first else None


def hundred_years(first: int) -> Days:
    """A century by its first year."""
    return Days(date(first, 1, 1), date(first + 99, 12, 31))


def holiday(m: Match, today: date) -> When | None:
    """*Easter 2024, Christmas*; *the last Easter* is the latest that is over."""
    name, which = m["name"], group(m, "which")
    if which in LAST | NEXT:
        years = range(today.year - 1, today.year + 2)
        found = [days for year in years if (days := named_day(name, year))]
        behind = [days for days in found if days.end < today]
        return behind[-1] if which in LAST else next(x for x in found if x.start > today)
    return _of_year(m, today, lambda year: named_day(name, year))


def this_holiday(m: Match, today: date) -> When | None:
    """*This Christmas*: the nearest, before or after today."""
    found = [days for n in (-1, 0, 1) if (days := named_day(m["name"], today.year + n))]
    return min(found, key=lambda days: max(days.start - today, today - days.end), default=None)


def holiday_week(m: Match, today: date) -> When | None:
    """*Christmas week*: the week that the day is in."""

    def make(year: int) -> Days | None:
        found = named_day(m["name"], year)
        return d.week_of(found.start) if found else None

    return _of_year(m, today, make)


def numbered_week(m: Match, today: date) -> When | None:
    """*Week 12*, *week 3 of 2024*: by ISO 8601, of this year where no other is named."""

    def make(year: int) -> Days:
        return d.week_of(date.fromisocalendar(year, int(m["n"]), 1))

    named = group(m, "year") or group(m, "which_year")
    return _of_year(m, today, make) if named else make(today.year)


def day_and_month(m: Match, _: date) -> When | None:
    """*5/12, 22/04* without a year: month first where it can be."""
    first, second = int(m["a"]), int(m["b"])
    month, day = (first, second) if first <= 12 else (second, first)
    return (lambda year: d.day_of(year, month, day)) if 1 <= month <= 12 else None


def holiday_weekend(m: Match, today: date) -> When | None:
    """*Halloween weekend 2021*: with the day, where it lies beside it.

    Easter's is from Good Friday to Monday.
    """

    def make(year: int) -> Days | None:
        found = named_day(m["name"], year)
        if found and m["name"].lower() == "easter":
            return Days(found.start - 2 * d.DAY, found.end + d.DAY)
        return d.long_weekend(found.start) if found else None

    return _of_year(m, today, make)


def span_with_dots(m: Match, _: date) -> When | None:
    """*15-16.03.2024*, *28.02. - 02.03.2024*."""
    year, last = int(m["year"]), int(m["e"])
    first = int(m["b"] or m["e"])
    start = d.day_of(year - (first > last), first, int(m["a"]))
    end = d.day_of(year, last, int(m["c"]))
    return Days(start.start, end.end) if start and end and start <= end else None


def numbered_weeks(m: Match, today: date) -> When | None:
    """*Weeks 10 to 12 of 2024*."""

    def make(year: int) -> Days:
        first, last = (d.week_of(date.fromisocalendar(year, int(m[n]), 1)) for n in ("n", "last"))
        return Days(first.start, last.end)

    return _of_year(m, today, make) if int(m["n"]) < int(m["last"]) <= 52 else None


def holiday_before_last(m: Match, today: date) -> When | None:
    """*The Christmas before last*."""
    found = [named_day(m["name"], today.year - n) for n in range(3)]
    behind = [days for days in found if days and days.end < today]
    return behind[1] if len(behind) > 1 else None


def around_christmas(m: Match, today: date) -> When | None:
    """*The Christmas holidays 2022*: from Christmas Eve to New Year's Day."""
    return _of_year(m, today, lambda year: Days(date(year, 12, 24), date(year + 1, 1, 1)))


def turn(m: Match, today: date) -> When | None:
    """*The turn of the year*: the months on both sides; of a century, five years on both."""
    if group(m, "turned") == "year":
        return lambda year: d.months(year - 1, 12, 2)
    first = (rank_of(group(m, "n")) - 1) * 100 if group(m, "n") else today.year // 100 * 100
    return Days(date(first - 5, 1, 1), date(first + 5, 12, 31))


def new_year(_m: Match, _: date) -> When | None:
    """*Since the new year*."""
    return lambda year: d.day_of(year, 1, 1)
