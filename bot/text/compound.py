"""Days told by way of other days: *3 weeks after Easter*, *the Friday before 12 May*.

``phrase(text, pos, today)`` reads any phrase that begins at a place, these, the parts of
``pieces.py`` and the plain ones of ``outright.py`` and ``phrases.py``. What stands before or
between phrases (*since*, *between ... and*) is ``periods.py``'s.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from bot.text import days as d
from bot.text.days import Days
from bot.text.lazy import LazyPattern
from bot.text.meanings import group, offset_of
from bot.text.numbers import number_of
from bot.text.outright import EXACT
from bot.text.phrases import DISTANT, IN_TIME, WHOLE, Phrase, read
from bot.text.pieces import (
    WEEKDAY_LAST,
    all_of,
    ends_of,
    mapped,
    nth_of,
    numbered_week,
    on_weekday,
    part_of,
    so_far_in,
    weekday_of,
)
from bot.text.wording import COUNT, COUNT_2, UNIT, UNIT_2, WEEKDAY

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
