"""Patterns of English dates, and what they mean: parts, whole months and years, exact days.

``WHOLE`` are months and years of which a part can be taken, ``DISTANT`` days so far from today,
``EXACT`` days and stretches that a phrase names outright. A rule takes a match of its pattern and
the asker's day. It returns None where the words name no day (31 April), and days without a year
where the year is still to be chosen. Phrases made of others (*early March*), and what stands before
or between phrases, are in ``periods.py``. A numeric date that may be read either way (5/6/2024) is
read month first; one written with dots (5.6.2024) day first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import NamedTuple

from bot.text import days as d
from bot.text.days import (
    CARDINALS,
    COUNT_WORDS,
    DAY_WORDS,
    NAMES,
    RANK_WORDS,
    YEAR_WORDS,
    Days,
    When,
    named_day,
    number_of,
    rank_of,
    year_number,
)

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


def two_weekdays(m: Match, today: date) -> When | None:
    """*Monday and Tuesday*: the latest of the second, and the first before it."""
    second = d.weekday_before(today + d.DAY, d.weekday_number(m["weekday2"]))
    first = d.weekday_before(second + d.DAY, d.weekday_number(m["weekday"]))
    return Days(first, second)


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


_LETTERS = {"w": "week", "m": "month", "q": "quarter", "y": "year"}


def days_of_month(m: Match, today: date) -> When | None:
    """*The 5th of next month*, *4 till 23 this month*."""
    which = group(m, "which")
    month = d.unit_of(today, "month", offset_of(which) if which else 0).start
    last = group(m, "last") or m["day"]
    start = d.day_of(month.year, month.month, rank_of(m["day"]))
    end = d.day_of(month.year, month.month, rank_of(last))
    return Days(start.start, end.end) if start and end and start <= end else None


def which_month(m: Match, today: date) -> When | None:
    """*Last March* is the latest that is over, *next March* the first to come."""
    which, number = group(m, "which"), d.month_number(m["month"])
    if which in NEXT:
        return d.month_of(today.year + (number <= today.month), number)
    return d.month_of(today.year - (which != "this" and number >= today.month), number)


def which_season(m: Match, today: date) -> When | None:
    """*Last winter* is the latest that is over, *next summer* *this* the nearest."""
    which, first = group(m, "which"), d.SEASONS[group(m, "season")]
    runs = [d.months(today.year + n, first, 3) for n in (-2, -1, 0, 1)]
    if which in LAST:
        return [days for days in runs if days.end < today][-1]
    if which in NEXT:
        return next(days for days in runs if days.start > today)
    return min(runs, key=lambda days: max(days.start - today, today - days.end))


def day_of_month(m: Match, today: date) -> When | None:
    """*The 18th*: the latest one."""
    for offset in (0, -1, -2):
        month = d.month_of(today.year, today.month + offset).start
        found = d.day_of(month.year, month.month, rank_of(m["day"]))
        if found and found.start <= today:
            return found
    return None


def ahead(m: Match, today: date) -> When | None:
    """*In two weeks*: the day that is so far ahead."""
    then = d.back(today, -number_of(m["n"]), group(m, "unit"))
    return Days(then, then)


def near(m: Match, today: date) -> When | None:
    """*Yesterday, tonight, the day before yesterday*."""
    words = m[0].lower()
    if words.endswith(("yesterday", "last night", "last evening", "yday")):
        return d.unit_of(today, "day", -2 if "before" in words else -1)
    ahead = words.endswith(("row", "tmrw", "tmr", "tmw"))
    return d.unit_of(today, "day", (2 if "after" in words else 1) if ahead else 0)


def few(m: Match, today: date) -> When | None:
    """*Recent weeks, the days ahead*: three of them, as *a few* is."""
    which = "next" if group(m, "which") in NEXT | {"to come", "ahead", FOLLOWING} else "past"
    return _rolling(which, number_of("few"), group(m, "unit"), today)


def day_beside(m: Match, today: date) -> When | None:
    """*The day before, the day after*, with nothing that it is before or after: today."""
    return one(today + (-1 if group(m, "way") == "before" else 1) * d.DAY)


def this_day(m: Match, today: date) -> When | None:
    """*This day last year*, *the same week last year*; *this time last year* is a month of it."""
    then = d.back(today, 1 if group(m, "which") == "last" else -1, group(m, "unit"))
    about = {"year": "month", "quarter": "month", "month": "week"}
    same = group(m, "same")
    unit = about.get(group(m, "unit"), "day") if same == "time" else same
    return d.unit_of(then, unit)


def other(m: Match, today: date) -> When | None:
    """*The other day* is one of a week, *the other week* one of three."""
    unit = group(m, "unit")
    count, unit = (3, unit) if unit in ("week", "month") else (1, "week")
    return _rolling("past", count, unit, today)


def overnight(_: Match, today: date) -> When | None:
    """*Overnight* is partly yesterday's."""
    return Days(today - d.DAY, today)


def past_half(m: Match, today: date) -> When | None:
    """*The past year and a half*, *the last two and a half years*, *the past half year*."""
    if whole := group(m, "whole"):
        return _rolling("past", *((6, "month") if whole == "year" else (5, "year")), today)
    unit = group(m, "half") or group(m, "half2")
    then = d.back(today, number_of(m["n"] or "a"), unit)
    start = d.back(then, 6, "month") if unit == "year" else d.back(then, 15, "day")
    return Days(start + d.DAY, today)


def ago_between(m: Match, today: date) -> When | None:
    """*Two or three days ago*, *a week or two ago*: any of them."""
    unit = group(m, "unit") or group(m, "unit2")
    if not unit or (m["unit"] and m["unit2"]):
        return None
    counts = sorted((number_of(m["n"]), number_of(m["n2"])))
    last, first = (d.unit_of(d.back(today, n, unit), _whole(unit)) for n in counts)
    return Days(first.start, last.end)


def _whole(unit: str) -> str:
    """Return the calendar unit that an amount so far back is given in."""
    return {"hour": "day", "fortnight": "week"}.get(unit, unit)


def beyond(m: Match, today: date) -> When | None:
    """*The week before last*, *the month after next*."""
    return d.unit_of(today, group(m, "unit"), -2 if group(m, "way") == "before" else 2)


def half_away(m: Match, today: date) -> When | None:
    """*Half a year ago, a year and a half from now*: the month, or the day of half a month."""
    way = 1 if group(m, "way") else -1
    if group(m, "decade"):
        return d.unit_of(d.back(today, way * 5, "year"), "year")
    count, unit = number_of(m["n"]) if m["n"] else 0, group(m, "half") or group(m, "half2")
    if unit == "month":
        return one(d.back(d.back(today, way * count, "month"), 15 * way, "day"))
    return d.unit_of(d.back(today, way * (12 * count + 6), "month"), "month")


def soon(m: Match, today: date) -> When | None:
    """*Within 3 days*: the days to come."""
    return _rolling("next", number_of(m["n"]), group(m, "unit"), today)


def within(m: Match, today: date) -> When | None:
    """*Less than 3 days ago*: since then; that day itself is not within it."""
    return Days(d.back(today, number_of(m["n"]), group(m, "unit")) + d.DAY, today)


def relative(m: Match, today: date) -> When | None:
    """*This week, last month, next quarter* are whole; *the past week* is up to today."""
    which, unit = group(m, "which"), group(m, "unit")
    if m[0].lower().endswith("s") and unit != "decade":
        return few(m, today)
    if unit == "day" and which not in UP_TO_NOW | {"last"}:
        return d.unit_of(today, unit, offset_of(which))
    rolling = which in UP_TO_NOW and unit != "quarter"
    if unit in ("hour", "day") or rolling or (unit == "fortnight" and which in LAST):
        return _rolling(which, 1, unit, today)
    return d.unit_of(today, unit, offset_of(which))


def counted(m: Match, today: date) -> When | None:
    """*The past 3 days* end today; *the last 2 quarters* are whole ones before this one."""
    which, unit, count = group(m, "which"), group(m, "unit"), number_of(m["n"])
    if unit in ("quarter", "decade") and count:
        first, last = (1, count) if which in NEXT else (-count, -1)
        return Days(d.unit_of(today, unit, first).start, d.unit_of(today, unit, last).end)
    return _rolling(which, count, unit, today)


def _rolling(which: str, count: int, unit: str, today: date) -> Days | None:
    if count == 0:
        return None
    if which in NEXT:  # hours begin today
        return Days(today + (0 if unit == "hour" else 1) * d.DAY, d.back(today, -count, unit))
    # Hours reach back into the day before; other units count today as their last day.
    start = d.back(today, count, unit) + (0 if unit == "hour" else 1) * d.DAY
    return Days(start, today)


def ago(m: Match, today: date) -> When | None:
    """*3 days ago* is a day, *two months ago* that month: as exact as it was said."""
    unit, count = group(m, "unit"), number_of(m["n"])
    if unit == "hour":
        return one(today - count // 24 * d.DAY)
    then = d.back(today, count, unit)
    return d.unit_of(then, _whole(unit))


def end_of(m: Match, today: date) -> When | None:
    """*EOM, EOY*: as *the end of the month*."""
    return d.part_of(d.unit_of(today, _LETTERS[group(m, "letter")]), "late")


def part_of_this(m: Match, today: date) -> When | None:
    """*Mid-month, year-end*."""
    return d.part_of(d.unit_of(today, group(m, "unit")), "mid" if group(m, "part") else "late")


def so_far(m: Match, today: date) -> When | None:
    """*Earlier this month, this year so far, year to date*."""
    unit = group(m, "unit") or _LETTERS.get(group(m, "letter"), "year")
    return Days(d.unit_of(today, unit).start, today)


def this_one(m: Match, today: date) -> When | None:
    """*For the month*: this one."""
    return d.unit_of(today, group(m, "unit"))


def later(m: Match, today: date) -> When | None:
    """*Later this week, the rest of the year*."""
    return Days(today, d.unit_of(today, group(m, "unit")).end)


class LazyPattern:
    """A regular expression that ignores case, compiled on first use."""

    def __init__(self, source: str) -> None:
        self._source = source

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The compiled expression."""
        return re.compile(self._source, re.IGNORECASE)


END = r"(?=\s*(?:$|[.,;:?!)]))"
SURE_YEAR = r"(?:1[6-9]|20|21)\d\d(?![\w%]|[.,]\d|[-/]\d\d?\b)"
TWO_DIGITS = rf"(?<=\sof\s)['’]?\d\d{END}|(?<=\s)['’]\d\d(?!\w)"
M = rf"(?P<month>{d.MONTH_PATTERN})\b\.?"
Y = rf"(?P<year>{SURE_YEAR})"
YEAR_AFTER = rf"(?P<year>{SURE_YEAR}|(?:{YEAR_WORDS}|two\sthousand)\b|{TWO_DIGITS})"
COUNT = rf"(?:a\s)?(?P<n>\d{{1,4}}|{COUNT_WORDS})(?:\sof)?"
THAT_YEAR = (
    r"(?:(?P<which_year>this|last|next)\syear\b"
    rf"|{COUNT.replace('<n>', '<years>')}\syears?\sago\b)"
)
SEP_Y = (
    rf"(?:(?:\s?,\s?(?:in\s)?|[\s/-]{{1,2}}|\s(?:of|in)\s){YEAR_AFTER}|\s(?:of\s|in\s)?{THAT_YEAR})"
)
RANKED = rf"\d{{1,2}}(?:st|nd|rd|th)|{RANK_WORDS}"
NO_FIGURE = r"(?![\w%]|:\d|[./]\d|,\d(?!\d{3}\b))"
D = rf"(?P<day>(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?|{RANK_WORDS}){NO_FIGURE}"
D2 = D.replace("<day>", "<last>")
WEEKDAY = rf"(?P<weekday>{d.WEEKDAY_PATTERN})\b\.?"
OF_WEEKDAY = rf"(?:{WEEKDAY},?\s\(?)?"
NO_M = rf"(?!\s?(?:{d.MONTH_PATTERN})\b)"
UNIT = r"(?P<unit>hour|hr|day|night|week|wk|fortnight|month|mth|quarter|year|yr|decade)s?\b"
COMPACT = r"(?P<n>\d{1,3})\s?(?P<unit>h|hr|d|wk?|mo|yr?)s?\b"
"""How much in short, as it is written for a machine: *24h, 7d*."""
TO = r"\s?(?:-|–|—|~|to|and|through|thru|until|till?)\s?(?:the\s)?"
LAST_WORDS = "|".join(w.replace(" ", r"\s") for w in sorted(LAST, key=len, reverse=True))
NEXT_WORDS = "|".join(w.replace(" ", r"\s") for w in sorted(NEXT, key=len, reverse=True))
WHICH = rf"(?P<which>{LAST_WORDS}|{NEXT_WORDS}|this)"
WHICH_UNIT = rf"(?P<which>{LAST_WORDS}|{NEXT_WORDS}|{FOLLOWING}|this|current)"
WEEK_OF_DAY = (
    r"(?P<week>this|(?:the\s)?(?:last|next|previous|past|coming|upcoming|following))\sweek"
)
NUM = r"[012]?\d|3[01]"
WHICH_MONTH = rf"{WHICH_UNIT}\smonth\b"
YEAR = r"(?P<year>(?:19|20)\d\d)"
TOMORROW = r"(?:tomm?orr?ow|tmrw?|tmw)"
HUNDREDS = "sixteen|seventeen|eighteen|nineteen|twenty"
NUMERIC_M = r"(?P<a>\d\d?)/(?P<b>\d\d?)"
WEEKDAYS = rf"(?P<weekday>{'|'.join(d.WEEKDAYS)})"
CLOCK = r"(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
HALF = r"(?:and\sa\shalf\s(?P<half>year|month)s?|(?P<half2>year|month)s?\sand\sa\shalf)"
SEASON = r"(?P<season>spring|summer|autumn|fall|winter)(?:\smonths)?"
RANK_OF_FOUR = r"(?P<q>first|second|third|fourth|1st|2nd|3rd|4th)"
FISCAL = r"(?:fy|cy|(?:fiscal|financial|school|academic|tax|budget)(?:\syear)?)"
SHORT_YEAR = rf"(?:\s?['’]|\s?{FISCAL}\s?['’]?)(?P<year>(?:20)?\d\d)(?![\w%])"
COUNT_2, UNIT_2 = (
    part.replace("<n>", "<n2>").replace("<unit>", "<unit2>") for part in (COUNT, UNIT)
)
M2 = M.replace("<month>", "<month2>")


class Phrase(NamedTuple):
    """What a phrase means, and where it ends; ``weak`` if it may be another word (*may*)."""

    end: int
    when: When
    weak: bool = False


class Rules:
    """A table of patterns and what they mean, compiled when a text is first read by it.

    A third value in a row marks a pattern that may mean no time at all. Compiling all tables
    takes a third of a second, which a command that meets no date need not wait for.
    """

    def __init__(self, *rows: tuple[str, Rule] | tuple[str, Rule, bool]) -> None:
        self._rows = rows

    def __add__(self, other: Rules) -> Rules:
        return Rules(*self._rows, *other._rows)

    @cached_property
    def compiled(self) -> list[tuple[re.Pattern[str], Rule, bool]]:
        """Each pattern, what it means, and whether it may mean no time."""
        return [(re.compile(row[0], re.IGNORECASE), row[1], len(row) > 2) for row in self._rows]


# Whole months and years, of which a part can be taken: "early ...", "the end of ...".
WHOLE = Rules(
    (rf"(?:the\s)?{FISCAL}\s?['’]?(?P<year>(?:19|20)?\d\d)\b(?![-/]\d)", year),
    (
        rf"(?:(?:the\s)?(?:{FISCAL}|season)\s?)?{YEAR}(?:/|[-–](?!0\d|1[012]))"
        r"(?P<to>(?:20)?\d\d)(?![\w%]|[-/.]\d)",
        two_years,
    ),
    (rf"{YEAR}\s(?:and|or|&)\s(?P<to>(?:19|20)\d\d)(?!\w)", two_years, True),
    (rf"{YEAR}\s(?:to|till?|until|through|[-–])\s['’]?(?P<to>\d\d){END}", two_years),
    (rf"{M}(?:/|\s?&\s?|\s(?:and|or)\s){M2}{SEP_Y}", two_months),
    (rf"{M}(?:/|\s?&\s?|\s(?:and|or)\s){M2}", two_months, True),
    (rf"(?P<which_year>this|last|next)\syear['’]s\s{M}", month),
    (rf"(?:(?:the\s)?month\sof\s)?{M}{SEP_Y}", month),
    (rf"{M}\s?['’](?P<year>\d\d)\b", month),
    (rf"(?:the\s)?month\sof\s{M}", month),
    (rf"{YEAR}(?:/|\.(?=\d\d?{END}))(?P<m>0?[1-9]|1[012])(?![\w%]|[-/.]\d)", iso_month),
    (r"(?:the\s)?(?P<hundred>two)\sthousands\b", decade),
    (rf"{Y}[\s/-]{M}(?![\s/-]\d)", month),
    (rf"{YEAR}[-/](?P<m>0\d|1[012])\b(?![-/.]\d)", iso_month),
    (rf"(?P<m>0?\d|1[012])[-/]{YEAR}\b(?![-/.]\d(?!\d?/\d{{4}}))", iso_month),
    (rf"(?:the\s)?{WHICH_UNIT}\s(?:calendar\s)?{UNIT}", relative),
    (r"(?:the\s)?(?P<digits>(?:1[6-9]|20)\d0)\s?['’]?s\b", decade),
    (r"(?:the\s['’]?|['’])(?P<digits>\d0)\s?['’]?s\b", decade),
    (r"(?P<digits>\d0)\s?['’]?s\b", decade, True),
    (rf"(?:the\s)?(?P<word>{'|'.join(d.DECADES)})\b", decade),
    (rf"(?:the\s)?(?P<hundred>{HUNDREDS})[\s-](?P<word>{'|'.join(d.DECADES)})\b", decade),
    (rf"(?:the\s)?{UNIT}\s(?:(?P<way>before)\slast|after\snext)\b", beyond),
    (rf"{WHICH}\s{M}", which_month),
    (rf"(?:the\s)?(?P<n>\d\d(?:st|nd|rd|th)|{RANK_WORDS})[\s-]century\b", century),
    (rf"(?:the\s)?years\s{YEAR}\s?[-–/]\s?(?P<to>(?:20)?\d\d)\b", two_years),
    (rf"(?:the\s)?(?:calendar\s)?(?:(?:year|cy)\s(?:of\s)?){Y}", year),
    (Y, year, True),
    (rf"(?P<year>{YEAR_WORDS}|['’]\d\d)\b(?!\s?s\b)", year, True),
    (rf"{M}(?!['’]s\b)", month, True),
    (rf"{SEASON}(?:\sof)?\s{YEAR}[-–/]\d\d(?:\d\d)?\b", season),
    (rf"(?:the\s)?{SEASON}(?:{SEP_Y})", season),
    (rf"{WHICH}\s{SEASON}\b(?!\sof\b)", which_season),
    (rf"(?:the\s)?{SEASON}\b(?!\s(?:of|offensive|fighting|session|transfer|olympics|games|break)\b)",
     season, True),
)  # fmt: skip


# A day so far from today, of which the weekday may be given too: "two weeks from now on Monday".
DISTANT = Rules(
    (
        rf"{COUNT_2}(?:\s{UNIT_2})?\s?(?:or|to|-|–|and(?=\s\w+\s\w+\sago))\s?{COUNT}(?:\s{UNIT})?\s(?:ago|back)\b",
        ago_between,
    ),
    (rf"{COUNT}\s{UNIT}(?:\sor\sso)?\s(?:ago|back|earlier)\b", ago),
    (
        rf"(?:half\sa\s(?:year|(?P<decade>decade))|{COUNT}\s{HALF})\s(?:(?P<way>ago)|from\s(?:now|today))",
        half_away,
    ),
    (rf"in\s{COUNT}\s{UNIT}['’]?s?['’]?\stime\b", ahead),
    (rf"{COUNT}\s{UNIT}\sfrom\s(?:now|today)\b", ahead),
)
# The same, but only with a weekday: "Tuesday in three weeks".
IN_TIME = Rules((rf"in\s{COUNT}\s{UNIT}", ahead))
THIS_ONE = Rules(
    (
        r"(?P<unit>week|month|quarter|year|decade)\b",
        lambda m, today: d.unit_of(today, m["unit"].lower()),
    )
)


def read(rules: Rules, text: str, pos: int, today: date) -> Phrase | None:
    """The phrase that the first fitting rule reads at a place, or None."""
    for pattern, rule, weak in rules.compiled:
        if m := pattern.match(text, pos):
            when = rule(m, today)
            if when is not None and not d.is_backwards(when):
                return Phrase(m.end(), when, weak)
    return None


EXACT = DISTANT + Rules(
    (
        r"(?:(?:this|the\ssame|same)\s(?P<same>day|date|week|month|quarter|time)|today)"
        rf"(?:\s(?:of|in))?\s(?P<which>last|next)\s{UNIT}",
        this_day,
    ),
    (r"(?:the\s)?other\s(?P<unit>day|night|week|month)\b(?!\s(?:of|in|shift|care))", other),
    (r"overnight\b(?!\s(?:success|stays?|trains?|flights?|bus|guests?|trips?))", overnight),
    (rf"{COMPACT}\s(?:ago|back)\b", ago),
    (rf"(?:the\s)?(?P<which>{LAST_WORDS}|{NEXT_WORDS})\s{COMPACT}", counted),
    (
        rf"(?:the\s)?(?:{LAST_WORDS})\s(?:(?:{COUNT}\s)?{HALF}"
        r"|half[\s-](?:a\s)?(?P<whole>year|decade)\b)",
        past_half,
    ),
    (rf"(?:the\s)?(?P<day>{RANKED})(?:\sday)?\s(?:of|in)\sthe\smonth\b", days_of_month),
    (r"(?:the\s)?(?:end\sof\s(?:the\s)?(?:business\s)?day|eod|cob)\b", near),
    (rf"(?:the\s)?day\s(?P<way>before|after){END}", day_beside),
    (rf"(?:in\s)?(?:the\s)?recent\s{UNIT}", few),
    (rf"in\sthe\s{UNIT}\s(?P<which>to\scome|ahead)\b", few),
    (rf"(?:all|(?:the\s)?(?:whole|entire)(?:\sof\s(?:the|this))?)\s{UNIT}", this_one),
    (r"(?P<part>mid)[\s-]?(?P<unit>week|month|year)\b(?!\s\d)", part_of_this),
    (r"(?:the\s)?(?P<unit>week|month|quarter|year)(?:[’']?s)?[\s-]end\b", part_of_this),
    (rf"(?P<day>\d\d?)/(?P<last>\d\d?)\s{M}{SEP_Y}?", day_range),
    (r"(?:the\s)?(?P<letter>[mqwy])td\b", so_far),
    (
        rf"(?:the\s)?{D}\s?(?:of\s)?{M}\s(?:to|until|till?|through)\s(?:the\s)?"
        rf"(?P<last>\d\d?(?:st|nd|rd|th)){NO_M}(?!\s?\w|[-/]\w)",
        day_range,
    ),
    (
        rf"{M}\s?(?P<day>\d\d?)(?:st|nd|rd|th)?"
        r"(?:\s?,\s?\d\d?(?:st|nd|rd|th)?)?,?\s(?:and|&)\s"
        rf"(?P<last>\d\d?)(?:st|nd|rd|th)?(?![\w%]|[.,/]\d){NO_M}{SEP_Y}?",
        day_range,
    ),
    (rf"(?P<part>[qh])(?P<q>[1-4]){SHORT_YEAR}", quarter),
    (rf"{YEAR}(?P<part>[qh])(?P<q>[1-4])\b", quarter),
    (rf"(?P<q>[1-4])(?P<part>[qh]){SHORT_YEAR}", quarter),
    (rf"(?P<q>[1-4])(?P<part>[qh]){SEP_Y}", quarter),
    (r"(?P<q>[1-4])(?P<part>[qh])(?P<year>(?:20)?\d\d)\b", quarter),
    (rf"(?:the\s)?{RANK_OF_FOUR}[\s-](?P<part>q(?:uarter|tr)?|h(?:alf)?)\b{SEP_Y}", quarter),
    (rf"(?:the\s)?{RANK_OF_FOUR}\s(?P<part>quarter)\b(?!\s(?:of|in)\b)", quarter, True),
    (r"(?P<q>[1-4])(?P<part>q)\b", quarter, True),
    (rf"(?P<which_year>this|last|next)\syear['’]s\s(?P<name>{NAMES})\b", holiday),
    (rf"{YEAR},?\s(?:week|wk)\s?(?P<n>[1-4]?\d|5[0-3])\b", numbered_week),
    (rf"w(?P<n>[0-5]?\d)[\s/,-]{{1,2}}{YEAR}(?!\w)", numbered_week),
    (rf"{D}[/-]{M}[/-](?P<year>\d\d)(?![\w%]|[/.-]\d)", one_day),
    (r"(?P<a>\d\d)\.(?P<b>\d\d)\.(?P<year>\d\d)(?![\w%]|[/.-]\d)", numeric),
    (
        rf"(?P<year>\d{{4}})[-/.](?P<m>{NUM})[-/.](?P<d>{NUM}){CLOCK}"
        r"(?![\w]|[-/]\d\d?(?!\d))",
        iso,
    ),
    (
        rf"{NUMERIC_M}{TO}(?P<c>\d\d?)/(?P<e>\d\d?)"
        r"(?:(?:\s?,\s?|/|\s)(?P<year>(?:19|20)\d\d|(?<=/)\d\d))?(?![\w%/])",
        numeric_span,
    ),
    (rf"{NUMERIC_M}/(?P<year>\d\d)(?![\w%]|[/.-]\d)", numeric),
    (r"(?P<a>\d\d?)-(?P<b>\d\d?)-(?P<year>\d\d)(?![\w%]|[/.-]\d)", numeric),
    (rf"(?:(?:{WHICH}\s)?{WEEKDAY},?\s){NUMERIC_M}(?![\w%]|[/.-]\d)", day_and_month),
    (rf"(?:the\s)?{D}{TO}{D2}\s(?:of\s|in\s)?(?:the\s)?{WHICH_MONTH}", days_of_month),
    (rf"(?:the\s)?(?P<day>{RANKED})\s(?:of\s|in\s)?(?:the\s)?{WHICH_MONTH}", days_of_month),
    (rf"{WHICH_MONTH}(?:\son)?\s(?:the\s)?(?P<day>{RANKED})\b", days_of_month),
    (rf"{YEAR}(?P<m>0[1-9]|1[012])(?P<d>[012]\d|3[01])\b", iso),
    (rf"(?P<a>{NUM})(?P<s>[-/.])(?P<b>{NUM})(?P=s)(?P<year>\d{{4}})\b(?!\.\d)", numeric),
    (
        rf"{OF_WEEKDAY}(?:the\s)?{D}(?:,\s\d\d?(?:st|nd|rd|th)?)*\.?{TO}{D2}\.?\s?(?:of\s)?{M}"
        rf"{SEP_Y}?",
        day_range,
    ),
    (rf"(?:{WEEKDAY},?\s)?{M}\s?(?:the\s)?{D}{TO}{D2}{NO_M}{SEP_Y}?", day_range),
    (rf"{OF_WEEKDAY}(?:the\s)?{D}(?:\.?\s|[./-])?(?:of\s)?{M}(?:{SEP_Y})?", one_day),
    (rf"{OF_WEEKDAY}{M}[\s/-]?(?:the\s)?{D}(?:{SEP_Y})?", one_day),
    (rf"{Y}[/-]{M}[/-]{D}", one_day),
    (rf"{YEAR}[/-]{D}[/-]{M}", one_day),
    (rf"{YEAR},?\s{M}\s{D}", one_day),
    (rf"{D}[/-]{YEAR}[/-]{M}", one_day),
    (rf"{M}[/-]{YEAR}[/-]{D}", one_day),
    (rf"(?P<month>{d.MONTH_PATTERN}){D}(?:{SEP_Y})?", one_day),
    (rf"(?P<day>\d\d?)(?P<month>{d.MONTH_PATTERN}){YEAR}\b", one_day),
    (rf"(?P<day>\d\d?)(?:st|nd|rd|th)?{M}(?:{SEP_Y})?", one_day),
    (rf"(?:{WEEKDAY},?\s)?(?P<day>{DAY_WORDS})\s(?:of\s)?{M}(?:{SEP_Y})?(?!\s\d)", one_day),
    (rf"{M}\s(?P<day>{DAY_WORDS})(?:{SEP_Y}|{END})", one_day),
    (r"(?P<part>q)(?P<q>[1-4])\b" + rf"(?:{SEP_Y})?", quarter),
    (rf"(?P<part>quarter|qtr)\s(?P<q>[1-4])\b(?:{SEP_Y})?", quarter),
    (rf"{Y}[\s-]?(?P<part>[qh])(?P<q>[1-4])\b", quarter),
    (rf"{Y}[\s-](?P<q>[1-4])(?P<part>[qh])\b", quarter),
    (rf"{Y},?\s(?P<q>first|second|third|fourth)\s(?P<part>quarter|half)\b", quarter),
    (rf"(?P<part>h)(?P<q>[12])\b{SEP_Y}", quarter),
    (rf"(?:the\s)?day\s(?:before\s(?:yesterday|yday)|after\s{TOMORROW})\b", near),
    (rf"(?:yesterday|yday|today|tonight|{TOMORROW}|last\s(?:night|evening))\b", near),
    (r"this\s(?:morning|afternoon|evening)\b", near),
    (
        rf"(?:the\s)?(?P<which>{LAST_WORDS}|{NEXT_WORDS})\s(?:{COUNT_2}\s?(?:or|to|-|–)\s?)?"
        rf"{COUNT}\s{UNIT}",
        counted,
    ),
    (rf"(?:the\s)?(?P<which>{LAST_WORDS}|{NEXT_WORDS})\s{UNIT}\sor\s(?P<n>two)\b", counted),
    (rf"(?:the\s)?{COUNT}\s(?P<which>{LAST_WORDS}|{NEXT_WORDS})\s{UNIT}", counted),
    (rf"less\sthan\s{COUNT}\s{UNIT}\sago\b", within),
    (rf"(?:earlier|so\sfar)\s(?:this|in\sthe)\s{UNIT}", so_far),
    (rf"this\s{UNIT}\s(?:so\sfar|to\sdate|(?:up\s)?(?:un)?to\snow)\b", so_far),
    (r"(?:(?:the\s)?(?P<unit>week|month|quarter|year)[\s-]to[\s-]date|ytd)\b", so_far),
    (r"(?:the\s)?eo(?P<letter>[wmqy])\b", end_of),
    (rf"(?:for|of|during|throughout)\sthe\s(?P<unit>day|week|month|quarter|year|decade){END}",
     this_one),
    (
        r"(?:later|(?:the\s)?(?:rest|remainder|balance)\sof)\s"
        rf"(?:(?:this|my|our|(?:in\s)?the(?:\scurrent)?)\s)?{UNIT}",
        later,
    ),
    (rf"{WEEK_OF_DAY}(?:['’]s)?(?:\son)?\s{WEEKDAY}", weekday),
    (rf"{WEEKDAY}(?:\sof)?\s{WEEK_OF_DAY}\b", weekday),
    (rf"{WHICH}\s{WEEKDAY}", weekday),
    (rf"(?:the\s)?(?:{WHICH}\s)?weekend\b(?!\sof\b)", weekend),
    (rf"(?P<name>{NAMES})\sweekend\b(?:{SEP_Y})?", holiday_weekend),
    (rf"(?:the\s)?(?P<which>{LAST_WORDS}|{NEXT_WORDS})\s(?P<name>{NAMES})\b", holiday),
    (rf"(?P<name>{NAMES})\b{SEP_Y}", holiday),
    (rf"{YEAR}\s(?P<name>{NAMES})\b", holiday),
    (rf"(?P<name>{NAMES})\b(?!\s(?:rising|accords?|agreement|sales?|island))", holiday, True),
    (rf"(?:the\s)?{WHICH}\s{COUNT}\s(?:business|working)\sdays\b", working_days),
    (rf"{WEEKDAY}\s(?:and|or|&)\s{WEEKDAY.replace('<weekday>', '<weekday2>')}(?!\s(?:of|in)\b)",
     two_weekdays),
    (rf"(?P<which>this)\s(?P<name>{NAMES})\b(?!\sweek)", this_holiday),
    (rf"{WEEKDAY}\s(?:morning|afternoon|evening|night)\s(?:of\s)?{WEEK_OF_DAY}\b",
     weekday),
    (rf"the\s(?P<day>{RANK_WORDS}){END}", day_of_month, True),
    (rf"(?:the\s)?(?:week|wk|cw)\.?\s?(?P<n>[1-4]?\d|5[0-3])\b{SEP_Y}", numbered_week),
    (
        r"(?:the\s)?(?:(?:calendar\s|iso\s)?week|wk|cw)\.?\s?(?P<n>[1-4]?\d|5[0-3])\b",
        numbered_week,
        True,
    ),
    (rf"{YEAR}-?w(?P<n>[0-5]\d)\b", numbered_week),
    (rf"{WEEKDAY},?\s(?:the\s)?(?P<day>\d{{1,2}}(?:st|nd|rd|th))\b(?!\s\w)", weekday_and_day),
    (
        r"(?:the\s)?(?P<day>\d{1,2}(?:st|nd|rd|th))"
        r"(?=\s*(?:$|[.,;?!])|\s(?:to|until|till?|through)\s)",
        day_of_month,
        True,
    ),
    (r"(?P<a>[0-3]?\d)[/.-](?P<b>[0-3]?\d)(?![\w%]|[/.-]\d)", day_and_month, True),
    (rf"in\s{COUNT}\s{UNIT}(?!['’\w])", ahead, True),
    (rf"(?P<which>within|in\sless\sthan)\s{COUNT}\s{UNIT}", soon, True),
    (rf"{WEEKDAYS}\b", weekday),
    (WEEKDAY, weekday, True),
)  # fmt: skip
