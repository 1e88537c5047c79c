"""What phrases of dates mean: days that are named, and days counted from today.

A rule takes a match of a pattern of ``date_patterns.py`` and the asker's day. It returns None
where the words name no day (31 April), and days without a year where the year is still to be
chosen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from bot.text import days as d
from bot.text.days import CARDINALS, Days, When, named_day, number_of, rank_of, year_number

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


_LETTERS = {"w": "week", "m": "month", "q": "quarter", "y": "year"}


def days_of_month(m: Match, today: date) -> When | None:
    """*The 5th of next month*, *4 till 23 this month*."""
    which = group(m, "which")
    month = d.unit_of(today, "month", offset_of(which) if which else 0).start
    last = group(m, "last") or m["day"]
    start = d.day_of(month.year, month.month, rank_of(m["day"]))
    end = d.day_of(month.year, month.month, rank_of(last))
    return Days(start.start, end.end) if start and end and start <= end else None


def days_of_latest_month(m: Match, today: date) -> When | None:
    """*The 5th to the 8th*: of the latest month in which they have begun."""
    first, last = rank_of(m["day"]), rank_of(m["last"])
    for offset in (0, -1, -2):
        month = d.month_of(today.year, today.month + offset).start
        after = d.month_of(month.year, month.month + (last < first)).start
        start = d.day_of(month.year, month.month, first)
        end = d.day_of(after.year, after.month, last)
        if start and end and start.start <= today:
            return Days(start.start, end.end)
    return None


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


def season_before(m: Match, today: date) -> When | None:
    """*The summer before last*."""
    first = d.SEASONS[group(m, "season")]
    runs = [d.months(today.year + n, first, 3) for n in (-3, -2, -1, 0)]
    return [days for days in runs if days.end < today][-2]


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


def to_the_day(m: Match, today: date) -> When | None:
    """*Exactly a year ago*, *two years ago today*, *a year ago this week*."""
    day = today - d.DAY if group(m, "yesterday") else today
    then = d.back(day, number_of(m["n"]), group(m, "unit"))
    return d.unit_of(then, group(m, "same") or "day")


def other(m: Match, today: date) -> When | None:
    """*The other day* is one of a week, *the other week* one of three."""
    unit = group(m, "unit")
    count, unit = (3, unit) if unit in ("week", "month") else (1, "week")
    return _rolling("past", count, unit, today)


def overnight(_: Match, today: date) -> When | None:
    """*Overnight* is partly yesterday's."""
    return Days(today - d.DAY, today)


def just_now(_: Match, today: date) -> When | None:
    """*Twenty minutes ago*."""
    return one(today)


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
    """As which unit of the calendar one is told that lies so far back."""
    return {"hour": "day", "fortnight": "week"}.get(unit, unit)


def two_units_away(m: Match, today: date) -> When | None:
    """*3 weeks and 2 days ago*: as exact as the smaller of the two was said."""
    ago, unit = 1 if group(m, "way") else -1, group(m, "unit2")
    then = d.back(today, ago * number_of(m["n"]), group(m, "unit"))
    then = d.back(then, ago * number_of(m["n2"]), unit)
    return d.unit_of(then, "day" if unit == "hour" else unit)


def centuries_ago(m: Match, today: date) -> When | None:
    """*Two centuries ago*: the century so far back."""
    return hundred_years(today.year // 100 * 100 - 100 * number_of(m["n"]))


def beyond(m: Match, today: date) -> When | None:
    """*The week before last*, *the month after next*."""
    return d.unit_of(today, group(m, "unit"), -2 if group(m, "way") == "before" else 2)


def that_century(m: Match, today: date) -> When | None:
    """*This century*."""
    return hundred_years(today.year // 100 * 100 + 100 * offset_of(group(m, "which")))


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


def end_of_year(m: Match, _: date) -> When | None:
    """*EOY 2024, year-end 2024*."""
    return d.part_of(d.year_of(int(m["year"])), "late")


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
