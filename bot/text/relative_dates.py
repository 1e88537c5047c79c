"""What phrases mean that are counted from today, those with weekdays and working days among them.

The patterns are those of ``absolute_dates.py`` and ``phrases.py``. A rule gives None where the
words name no day (the 31st of a short month).
"""

from __future__ import annotations

from datetime import date

from bot.text import days as d
from bot.text.days import Days, When
from bot.text.meanings import (
    COMING,
    FOLLOWING,
    LAST,
    NEXT,
    UP_TO_NOW,
    Match,
    group,
    hundred_years,
    offset_of,
)
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
