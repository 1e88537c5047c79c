"""Days told by way of other days: *3 weeks after Easter*, *the Friday before 12 May*.

``phrase(text, pos, today)`` reads any phrase that begins at a place: these, and the plain ones of
``date_patterns.py``. What stands before or between phrases (*since*, *between ... and*) is read by
``periods.py``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from bot.text import days as d
from bot.text.date_meanings import group, offset_of
from bot.text.date_patterns import (
    COUNT,
    COUNT_2,
    DISTANT,
    EXACT,
    IN_TIME,
    THIS_ONE,
    UNIT,
    UNIT_2,
    WEEKDAY,
    WHOLE,
    LazyPattern,
    Phrase,
    read,
)
from bot.text.days import RANK_WORDS, Days, number_of, rank_of

WEEKDAY_LAST = re.compile(rf",?\s(?:on\s)?(?:an?\s)?{WEEKDAY}", re.IGNORECASE)
_PART = re.compile(
    r"(?:the\s)?(?:(?:(?P<since>early|mid)[\s-]to[\s-])?(?P<part>early|mid|late)(?:\sin)?|"
    r"(?P<edge>(?:very\s)?(?:beginning|start|outset|dawn|middle|end|close)|(?:half|mid)way\sthrough)"
    r"(?:\sof)?)[\s-](?:the\s)?",
    re.IGNORECASE,
)
_PARTS = dict.fromkeys(("beginning", "start", "outset", "dawn"), "early")
_PARTS |= {"middle": "mid", "through": "mid", "end": "late", "close": "late"}
_RANK = r"(?:the\s)?(?P<nth>last\sbut\sone|last|final|latter|penultimate|second[\s-]to[\s-]last"
_RANK += rf"|[1-9]\d?\d?(?:st|nd|rd|th)|{RANK_WORDS})"
_NTH = LazyPattern(
    rf"{_RANK}\s(?:(?P<unit>half|quarter|month|decade|week|weekend|day|(?:business|working)\sday|{'|'.join(d.WEEKDAYS)})\s(?:of|in)"
    r"|(?P<piece>half|third|quarter|week(?=\s(?:this|next|last)\s)),?(?:\s(?:of|in))?)\s(?:the\s)?"
)
_OF = re.compile(rf"(?:on\s)?{WEEKDAY}\s(?:of|in)\s", re.IGNORECASE)
_ENDS_OF = LazyPattern(
    rf"(?:the\s)?(?:(?P<nth>first|last|opening|closing|final)\s{COUNT}\s{UNIT}"
    rf"|(?P<some>first|last|opening|early|closing|final)\s{UNIT_2.replace('s?', 's')})"
    r"\s(?:of|in)\s(?:the\s)?"
)
"""Of *the last days of May* there are three, as of *a few*."""

_ALL_OF = re.compile(
    r"(?:all|(?:the\s)?(?:whole|entirety|course|length))\sof\s(?:the\s)?", re.IGNORECASE
)
_OF_YEAR = {"half": 6, "quarter": 3, "month": 1}
_OPENING = ("first", "opening", "early")
_NUMBERED = LazyPattern(rf"(?:the\s)?week\s{COUNT}\sof\s(?:the\s)?")
_SO_FAR = re.compile(
    r"(?:earlier|so\sfar|thus\sfar)\s(?:in|during)\s(?:the\s)?(?!week|month|quarter|year)",
    re.IGNORECASE,
)


def part_of(text: str, pos: int, today: date) -> Phrase | None:
    """*Early March*, *the end of the year*, *early in the week*."""
    m = _PART.match(text, pos)
    if not m:
        return None
    edge = bool(m["edge"])  # the end of the year, but not: late year
    of_this = edge or " in " in m[0].lower()  # early in the year
    found = whole(text, m.end(), today) if of_this else read(WHOLE, text, m.end(), today)
    part = m["part"].lower() if m["part"] else _PARTS[m["edge"].lower().split()[-1]]
    return mapped(found, lambda days: _from_part(days, group(m, "since"), part)) if found else None


def _from_part(days: Days, since: str, part: str) -> Days | None:
    """Return a part, or from an earlier part to its end: *early to mid-March*."""
    last = d.part_of(days, part)
    first = d.part_of(days, since) if since else last
    return Days(first.start, last.end) if first and last and first.start <= last.start else None


def nth_of(text: str, pos: int, today: date) -> Phrase | None:
    """*The third quarter of 2023*, *first Friday of May*, *1st week of October on Friday*."""
    m = _NTH.match(text, pos)
    among = whole(text, m.end(), today) if m else None
    if not m or not among:
        return None
    nth = _number(m["nth"].lower())
    unit = (group(m, "unit") or group(m, "piece")).replace("working", "business")
    found = mapped(among, lambda days: _nth(days, unit, nth))
    on = WEEKDAY_LAST.match(text, found.end) if found and unit == "week" else None
    return on_weekday(found, on["weekday"], on.end()) if found and on else found


def _number(rank: str) -> int:
    """At which place of the pieces a rank stands, counted from the end below 0."""
    if rank in ("last", "final", "latter"):
        return -1
    return -2 if rank.startswith("penult") or "last" in rank else rank_of(rank) - 1


def numbered_week(text: str, pos: int, today: date) -> Phrase | None:
    """*Week two of May 2024*."""
    m = _NUMBERED.match(text, pos)
    month = whole(text, m.end(), today) if m else None
    if not m or not month:
        return None
    nth = number_of(m["n"]) - 1
    short = mapped(month, lambda days: _nth(days, "week", nth) if _is_month(days) else None)
    return short if short and nth >= 0 else None


def _is_month(days: Days) -> bool:
    return (days.end - days.start).days < 31


def so_far_in(text: str, pos: int, today: date) -> Phrase | None:
    """*Earlier in March*, *so far in 2026*: up to today, where it is not over."""
    m = _SO_FAR.match(text, pos)
    found = read(WHOLE, text, m.end(), today) if m else None
    return mapped(found, lambda days: _until(days, today)) if found else None


def _until(days: Days, today: date) -> Days:
    return Days(days.start, min(days.end, today)) if days.start <= today else days


def weekday_of(text: str, pos: int, today: date) -> Phrase | None:
    """*Friday of the first week of October*."""
    m = _OF.match(text, pos)
    week = nth_of(text, m.end(), today) if m else None
    return on_weekday(week, m["weekday"], week.end) if m and week else None


def all_of(text: str, pos: int, today: date) -> Phrase | None:
    """*The whole of March*, *all of last year*."""
    m = _ALL_OF.match(text, pos)
    found = whole(text, m.end(), today) if m else None
    return found._replace(weak=False) if found else None


def whole(text: str, pos: int, today: date) -> Phrase | None:
    """A month or a year; of a bare unit this one."""
    return read(WHOLE, text, pos, today) or read(THIS_ONE, text, pos, today)


def ends_of(text: str, pos: int, today: date) -> Phrase | None:
    """*The first three months of 2023*, *the last 2 weeks of May*."""
    m = _ENDS_OF.match(text, pos)
    found = whole(text, m.end(), today) if m else None
    if not m or not found:
        return None
    count, unit = number_of(m["n"] or "few"), group(m, "unit") or group(m, "unit2")
    first = (m["nth"] or m["some"]).lower() in _OPENING

    def cut(days: Days) -> Days | None:
        if unit == "week":
            weeks = d.weeks_in(days)
            some = weeks[:count] if first else weeks[-count:]
            return Days(some[0].start, some[-1].end) if 0 < count <= len(weeks) else None
        # Measured from midnight to midnight, so that three months end with a month.
        after = days.end + d.DAY
        edge = d.back(days.start, -count, unit) if first else d.back(after, count, unit)
        if unit == "hour" or not days.start < edge <= after:
            return None
        return Days(days.start, edge - d.DAY) if first else Days(edge, days.end)

    return mapped(found, cut)


def on_weekday(found: Phrase, name: str, end: int) -> Phrase | None:
    """The first day so named on or after the start of a phrase's days."""
    number = d.weekday_number(name)

    def pick(days: Days) -> Days:
        day = days.start + (number - days.start.weekday()) % 7 * d.DAY
        return Days(day, day)

    return mapped(found._replace(end=end), pick)


def _nth(days: Days, unit: str, nth: int) -> Days | None:
    """The nth day or week of a stretch, the nth half or quarter of a year; -1 is the last."""
    if unit == "week":
        pieces = d.weeks_in(days)
    elif unit == "weekend":
        pieces = [d.weekend_of(day.start) for day in d.all_of(days, 5)]
    elif unit in d.WEEKDAYS:
        pieces = d.all_of(days, d.WEEKDAYS[unit])
    elif unit == "day":
        day = days.end if nth < 0 else days.start + nth * d.DAY
        pieces, nth = [Days(day, day)], 0 if day <= days.end else 1
    elif unit == "business day":
        pieces = [Days(day, day) for day in d.every(days) if day.weekday() < 5]
    elif unit in ("half", "decade") and (days.end - days.start).days > 3000:
        pieces = _parted(
            days, 10 if unit == "decade" else (days.end.year - days.start.year + 1) // 2
        )
    elif unit == "third":
        pieces = [some for part in ("early", "mid", "late") if (some := d.part_of(days, part))]
    elif unit == "half" and _is_month(days):
        length = (days.end - days.start).days + 1
        middle = days.start + (15 if length >= 28 else length // 2) * d.DAY - d.DAY
        pieces = [Days(days.start, middle), Days(middle + d.DAY, days.end)]
    elif unit in _OF_YEAR and (days.end - days.start).days in (364, 365):
        size = _OF_YEAR[unit]
        pieces = [d.months(days.start.year, first, size) for first in range(1, 13, size)]
    else:
        return None
    return pieces[nth] if -len(pieces) <= nth < len(pieces) else None


def _parted(days: Days, years: int) -> list[Days]:
    """A decade or century in runs of so many years."""
    first, last = days.start.year, days.end.year
    return [
        Days(date(year, 1, 1), date(year + years - 1, 12, 31))
        for year in range(first, last + 1, years)
    ]


def mapped(phrase: Phrase, change: Callable[[Days], Days | None]) -> Phrase | None:
    """The same phrase with its days changed, whether or not its year is known."""
    when = phrase.when

    def changed(days: Days | None) -> Days | None:
        then = change(days) if days else None
        return then if then and not d.is_backwards(then) else None

    if isinstance(when, Days):
        then = changed(when)
        return Phrase(phrase.end, then) if then else None
    return Phrase(phrase.end, lambda year: changed(when(year)))


_COUNTED_FROM = LazyPattern(
    rf"(?P<less>less\sthan\s)?{COUNT}\s{UNIT}\s(?P<way>before|after|from)\s(?:the\s)?"
)
_ALL_BESIDE = LazyPattern(
    rf"the\s(?:first\s|last\s)?(?:(?:{COUNT}\s)?{UNIT}|{UNIT_2.replace('s?', 's')})\s"
    r"(?P<way>before|preceding|leading\sup\sto|prior\sto|after|following|since)\s(?:the\s)?"
)
_WITHIN = LazyPattern(rf"within\s{COUNT}\s{UNIT}\sof\s(?:the\s)?")
_EVE = LazyPattern(r"(?:the\s)?eve\sof\s(?:the\s)?")
_IN_YEAR = re.compile(
    r"(?P<which>this|last|next)\syear(?:['’]s\s|,?\s(?:in|on|over|during|around|at)\s(?:the\s)?)",
    re.IGNORECASE,
)
_NEXT_TO = LazyPattern(rf"(?:the\s)?{UNIT}\s(?P<way>before|after|following)\s(?:the\s)?")
_WEEKDAY_BY = LazyPattern(
    rf"(?:the\s)?(?:(?P<nth>first|second|third|fourth|last)\s)?{WEEKDAY}\s"
    r"(?P<way>before|after|following)\s(?:the\s)?"
)
_ENDING = LazyPattern(
    rf"(?:the\s)?(?:{COUNT}\s)?{UNIT}\s(?:(?:that\s)?end(?:ing|ed|s)|(?:up\s)?to|through)(?:\son)?\s"
    r"(?:the\s)?"
)
_WEEK_OF = re.compile(
    r"(?:the\s)?(?P<what>week\s(?:of|starting|beginning|commencing)(?:\son)?|w/[ce]|weekend\sof)"
    r"\s(?:the\s)?",
    re.IGNORECASE,
)
_WEEKDAY_FIRST = LazyPattern(rf"{WEEKDAY},?\s")
_FROM = r"(?:starting|beginning|commencing)(?:\s(?:on|from))?"
_LASTING = LazyPattern(
    rf"(?:for\s{COUNT}\s{UNIT},?\s(?:from|{_FROM})|{COUNT_2}\s"
    rf"{UNIT_2},?\s{_FROM})\s(?:the\s)?"
)
_FROM_DAY = re.compile(rf"(?:from|{_FROM})\s(?:the\s)?", re.IGNORECASE)
_FOR = LazyPattern(rf",?\sfor\s(?:the\snext\s)?{COUNT}\s{UNIT}")
AT_END = re.compile(r"(?:the\s)?end\sof\b", re.IGNORECASE)
_AFTER = ("after", "following", "since")
_RANKS = ("first", "second", "third", "fourth")


@lru_cache(maxsize=256)
def phrase(text: str, pos: int, today: date) -> Phrase | None:
    """Read the phrase that begins at ``pos``, or None; today resolves *last week*.

    A place is asked for several times in a row, as what it may be is tried.
    """
    try:
        return _phrase(text, pos, today)
    except (ValueError, OverflowError):  # beyond the calendar, as 9999 years ago
        return None


def _phrase(text: str, pos: int, today: date) -> Phrase | None:
    for parts in (
        so_far_in, all_of, part_of, weekday_of, nth_of, ends_of, numbered_week, _week_of_day,
        _weekday_from, _all_beside, _around, _eve, _distant, _next_to, _weekday_by, _ending,
        _in_year,
    ):  # fmt: skip
        if found := parts(text, pos, today):
            return found
    return read(EXACT, text, pos, today) or read(WHOLE, text, pos, today)


def _week_of_day(text: str, pos: int, today: date) -> Phrase | None:
    m = _WEEK_OF.match(text, pos)
    day = read(EXACT, text, m.end(), today) if m else None
    if not m or day is None:
        return None
    around = d.long_weekend if m["what"].lower().startswith("weekend") else d.week_of
    return mapped(day, lambda days: around(days.start))


def _counted_from(text: str, pos: int, today: date) -> Phrase | None:
    """*Two days before yesterday*, *3 weeks after May 13*."""
    m = _COUNTED_FROM.match(text, pos)
    day = _day_or_part(text, m.end(), today) if m else None
    if not m or not day:
        return None
    back, unit = m["way"].lower() == "before", group(m, "unit")
    bare = m["way"].lower() == "from" and text[m.end() : day.end].lower() in d.WEEKDAYS

    def move(days: Days) -> Days | None:
        if bare and days.end < today:  # two weeks from Friday: the one to come
            days = Days(days.start + 7 * d.DAY, days.end + 7 * d.DAY)
        at_end = AT_END.match(text, m.end())  # ten days before the end of May
        first = days.start if back and not at_end else days.end
        moved = d.back(first, (1 if back else -1) * number_of(m["n"]), unit)
        if unit == "hour":
            return None
        if not m["less"]:
            return Days(moved, moved)
        return Days(moved + d.DAY, days.end) if back else Days(days.start, moved - d.DAY)

    return mapped(day, move)


def _distant(text: str, pos: int, today: date) -> Phrase | None:
    """*3 weeks after May 13*, *two months from today on Tuesday*."""
    found = _counted_from(text, pos, today) or read(DISTANT, text, pos, today)
    on = WEEKDAY_LAST.match(text, found.end) if found else None
    return on_weekday(found, on["weekday"], on.end()) if found and on else found


def _weekday_from(text: str, pos: int, today: date) -> Phrase | None:
    """*Thursday, two weeks from now*."""
    m = _WEEKDAY_FIRST.match(text, pos)
    found = _distant(text, m.end(), today) or read(IN_TIME, text, m.end(), today) if m else None
    return on_weekday(found, m["weekday"], found.end) if m and found else None


def _next_to(text: str, pos: int, today: date) -> Phrase | None:
    """*The day after Christmas*, *the week before 12 May*, *the month after May*."""
    m = _NEXT_TO.match(text, pos)
    day = _day_or_part(text, m.end(), today) if m else None
    if not m or not day or group(m, "unit") == "hour":
        return None
    before, unit = m["way"].lower() == "before", group(m, "unit")
    return mapped(day, lambda days: _beside(days, before, 1, unit))


def _beside(days: Days, before: bool, count: int, unit: str) -> Days:
    """So many weeks or the like that end just before some days, or begin just after them."""
    if before:
        return Days(d.back(days.start, count, unit), days.start - d.DAY)
    return Days(days.end + d.DAY, d.back(days.end, -count, unit))


def _all_beside(text: str, pos: int, today: date) -> Phrase | None:
    """*The two weeks after 12 May*, *the days before Christmas*: the days between, not a day."""
    m = _ALL_BESIDE.match(text, pos)
    day = _day_or_part(text, m.end(), today) if m else None
    if not m or not day or "hour" in (group(m, "unit"), group(m, "unit2")):
        return None
    unit, before = group(m, "unit") or group(m, "unit2"), m["way"].lower() not in _AFTER
    several = text[m.end("unit") : m.end("unit") + 1].lower() == "s" if m["unit"] else True
    if not m["n"] and not several and "first " not in m[0].lower():
        return None  # the week after: beside, as a whole
    count = number_of(m["n"] or ("few" if several else "one"))
    return mapped(day, lambda days: _beside(days, before, count, unit))


def _around(text: str, pos: int, today: date) -> Phrase | None:
    """*Within a week of 12 May*: on either side."""
    m = _WITHIN.match(text, pos)
    day = _day_or_part(text, m.end(), today) if m else None
    if not m or not day or group(m, "unit") == "hour":
        return None
    count, unit = number_of(m["n"]), group(m, "unit")
    return mapped(
        day, lambda days: Days(d.back(days.start, count, unit), d.back(days.end, -count, unit))
    )


def _eve(text: str, pos: int, today: date) -> Phrase | None:
    """*The eve of 12 May*."""
    m = _EVE.match(text, pos)
    day = read(EXACT, text, m.end(), today) if m else None
    return mapped(day, lambda days: Days(days.start - d.DAY, days.start - d.DAY)) if day else None


def _in_year(text: str, pos: int, today: date) -> Phrase | None:
    """*Last year in March*, *this year on 5 May*: what follows lacks only its year."""
    m = _IN_YEAR.match(text, pos)
    found = _phrase(text, m.end(), today) if m else None
    if not m or not found or isinstance(found.when, Days):
        return None
    days = found.when(today.year + offset_of(group(m, "which")))
    return Phrase(found.end, days) if days else None


def _weekday_by(text: str, pos: int, today: date) -> Phrase | None:
    """*The Friday before Christmas*, *second Monday after 10 June*."""
    m = _WEEKDAY_BY.match(text, pos)
    day = _day_or_part(text, m.end(), today) if m else None
    if not m or not day:
        return None
    number, before = d.weekday_number(m["weekday"]), m["way"].lower() == "before"
    weeks = _RANKS.index(group(m, "nth")) if group(m, "nth") in _RANKS else 0

    def pick(days: Days) -> Days:
        if before:
            found = d.weekday_before(days.start, number, weeks)
        else:
            found = d.weekday_after(days.end, number, weeks)
        return Days(found, found)

    return mapped(day, pick)


def _ending(text: str, pos: int, today: date) -> Phrase | None:
    """*The week ending 15 July*, *three months to June*, *the quarter ended on 30 June*."""
    m = _ENDING.match(text, pos)
    day = _day_or_part(text, m.end(), today) if m else None
    if not m or not day or group(m, "unit") == "hour":
        return None
    count = number_of(m["n"]) if m["n"] else 1

    def until(days: Days) -> Days:
        return Days(d.back(days.end + d.DAY, count, group(m, "unit")), days.end)

    return mapped(day, until)


def _day_or_part(text: str, pos: int, today: date) -> Phrase | None:
    """A day or a stretch that something is before or after."""
    return (
        read(EXACT, text, pos, today) or part_of(text, pos, today) or read(WHOLE, text, pos, today)
    )


def lasting(text: str, pos: int, today: date) -> Phrase | None:
    """*For 3 days from today*, *from 20 December for a week*: a stretch from its first day."""
    if m := _LASTING.match(text, pos):
        count, unit = m["n"] or m["n2"], group(m, "unit") or group(m, "unit2")
        day = phrase(text, m.end(), today)
        end = day.end if day else 0
    else:
        head = _FROM_DAY.match(text, pos)
        day = phrase(text, head.end(), today) if head else None
        tail = _FOR.match(text, day.end) if day else None
        if not tail:
            return None
        count, unit, end = tail["n"], group(tail, "unit"), tail.end()
    if day is None or unit == "hour":
        return None

    def stretch(days: Days) -> Days | None:
        after = d.back(days.start, -number_of(count), unit)
        return Days(days.start, after - d.DAY) if after > days.start else None

    try:
        return mapped(day._replace(end=end), stretch)
    except (ValueError, OverflowError):  # beyond the calendar
        return None
