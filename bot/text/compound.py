"""Days told by way of other days: *early March*, *3 weeks after Easter*, *first Friday of May*.

``phrase(text, pos, today)`` reads any phrase that begins at a place, these and the plain
ones of ``phrases.py``. What stands before or between phrases (*since*, *between ... and*)
is ``periods.py``'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from bot.text import days as d
from bot.text.days import Days
from bot.text.meanings import group
from bot.text.numbers import RANK_WORDS, number_of, rank_of
from bot.text.phrases import (
    COUNT,
    DISTANT,
    EXACT,
    IN_TIME,
    THIS_ONE,
    UNIT,
    WEEKDAY,
    WHOLE,
    Phrase,
    read,
)

_PART = re.compile(
    r"(?:the\s)?(?:(?P<part>early|mid|late)(?:\sin)?|"
    r"(?P<edge>beginning|start|middle|end)(?:\sof)?)[\s-](?:the\s)?",
    re.IGNORECASE,
)
_PARTS = {"beginning": "early", "start": "early", "middle": "mid", "end": "late"}
_RANK = rf"(?:the\s)?(?P<nth>last|final|\d\d?(?:st|nd|rd|th)|{RANK_WORDS})"
_NTH = re.compile(
    rf"{_RANK}\s(?:(?P<unit>half|quarter|month|week|weekend|day|{'|'.join(d.WEEKDAYS)})\s(?:of|in)"
    r"|(?P<piece>half|quarter|week(?=\s(?:this|next|last)\s)),?(?:\s(?:of|in))?)\s(?:the\s)?",
    re.IGNORECASE,
)
_OF = re.compile(rf"(?:on\s)?{WEEKDAY}\s(?:of|in)\s", re.IGNORECASE)
_ENDS_OF = re.compile(
    rf"(?:the\s)?(?P<nth>first|last)\s{COUNT}\s{UNIT}\s(?:of|in)\s(?:the\s)?", re.IGNORECASE
)
_COUNTED_FROM = re.compile(
    rf"(?P<less>less\sthan\s)?{COUNT}\s{UNIT}\s(?P<way>before|after|from)\s(?:the\s)?",
    re.IGNORECASE,
)
_NEXT_TO = re.compile(rf"the\s{UNIT}\s(?P<way>before|after)\s(?:the\s)?", re.IGNORECASE)
_WEEK_OF = re.compile(
    r"(?:the\s)?(?P<what>week\s(?:of|starting|beginning|commencing)(?:\son)?|w/c|weekend\sof)"
    r"\s(?:the\s)?",
    re.IGNORECASE,
)
_WEEKDAY_FIRST = re.compile(rf"{WEEKDAY},?\s", re.IGNORECASE)
_WEEKDAY_LAST = re.compile(rf",?\s(?:on\s)?(?:an?\s)?{WEEKDAY}", re.IGNORECASE)
_FROM = r"(?:starting|beginning|commencing)(?:\s(?:on|from))?"
_LASTING = re.compile(
    rf"(?:for\s{COUNT}\s{UNIT},?\s(?:from|{_FROM})|{COUNT.replace('<n>', '<n2>')}\s"
    rf"{UNIT.replace('<unit>', '<unit2>')},?\s{_FROM})\s(?:the\s)?",
    re.IGNORECASE,
)
_FROM_DAY = re.compile(rf"(?:from|{_FROM})\s(?:the\s)?", re.IGNORECASE)
_FOR = re.compile(rf",?\sfor\s(?:the\snext\s)?{COUNT}\s{UNIT}", re.IGNORECASE)


def phrase(text: str, pos: int, today: date) -> Phrase | None:
    """Read the phrase that begins at ``pos``, or None; today resolves *last week*."""
    try:
        return _phrase(text, pos, today)
    except (ValueError, OverflowError):  # beyond the calendar, as 9999 years ago
        return None


def _phrase(text: str, pos: int, today: date) -> Phrase | None:
    for parts in (
        _part_of, _weekday_of, _nth_of, _ends_of, _week_of_day, _weekday_from, _distant, _next_to
    ):  # fmt: skip
        if found := parts(text, pos, today):
            return found
    return read(EXACT, text, pos, today) or read(WHOLE, text, pos, today)


def _part_of(text: str, pos: int, today: date) -> Phrase | None:
    m = _PART.match(text, pos)
    if not m:
        return None
    edge = bool(m["edge"])  # the end of the year, but not: late year
    whole = _whole(text, m.end(), today) if edge else read(WHOLE, text, m.end(), today)
    part = m["part"].lower() if m["part"] else _PARTS[m["edge"].lower()]
    return _mapped(whole, lambda days: d.part_of(days, part)) if whole else None


def _nth_of(text: str, pos: int, today: date) -> Phrase | None:
    """*The third quarter of 2023*, *first Friday of May*, *1st week of October on Friday*."""
    m = _NTH.match(text, pos)
    whole = _whole(text, m.end(), today) if m else None
    if not m or not whole:
        return None
    nth = -1 if m["nth"].lower() in ("last", "final") else rank_of(m["nth"]) - 1
    unit = group(m, "unit") or group(m, "piece")
    found = _mapped(whole, lambda days: _nth(days, unit, nth))
    on = _WEEKDAY_LAST.match(text, found.end) if found and unit == "week" else None
    return _on_weekday(found, on["weekday"], on.end()) if found and on else found


def _weekday_of(text: str, pos: int, today: date) -> Phrase | None:
    """*Friday of the first week of October*."""
    m = _OF.match(text, pos)
    week = _nth_of(text, m.end(), today) if m else None
    return _on_weekday(week, m["weekday"], week.end) if m and week else None


def _whole(text: str, pos: int, today: date) -> Phrase | None:
    return read(WHOLE, text, pos, today) or read(THIS_ONE, text, pos, today)


def _week_of_day(text: str, pos: int, today: date) -> Phrase | None:
    m = _WEEK_OF.match(text, pos)
    day = read(EXACT, text, m.end(), today) if m else None
    if not m or day is None:
        return None
    around = d.long_weekend if m["what"].lower().startswith("weekend") else d.week_of
    return _mapped(day, lambda days: around(days.start))


def _ends_of(text: str, pos: int, today: date) -> Phrase | None:
    """*The first three months of 2023*, *the last 2 weeks of May*."""
    m = _ENDS_OF.match(text, pos)
    whole = _whole(text, m.end(), today) if m else None
    if not m or not whole:
        return None
    count, unit, first = number_of(m["n"]), group(m, "unit"), m["nth"].lower() == "first"

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

    return _mapped(whole, cut)


def _counted_from(text: str, pos: int, today: date) -> Phrase | None:
    """*Two days before yesterday*, *3 weeks after May 13*."""
    m = _COUNTED_FROM.match(text, pos)
    day = read(EXACT, text, m.end(), today) if m else None
    if not m or not day:
        return None
    back, unit = m["way"].lower() == "before", group(m, "unit")

    def move(days: Days) -> Days | None:
        moved = d.back(days.start, (1 if back else -1) * number_of(m["n"]), unit)
        if unit == "hour":
            return None
        if not m["less"]:
            return Days(moved, moved)
        return Days(moved + d.DAY, days.end) if back else Days(days.start, moved - d.DAY)

    return _mapped(day, move)


def _distant(text: str, pos: int, today: date) -> Phrase | None:
    """*3 weeks after May 13*, *two months from today on Tuesday*."""
    found = _counted_from(text, pos, today) or read(DISTANT, text, pos, today)
    on = _WEEKDAY_LAST.match(text, found.end) if found else None
    return _on_weekday(found, on["weekday"], on.end()) if found and on else found


def _weekday_from(text: str, pos: int, today: date) -> Phrase | None:
    """*Thursday, two weeks from now*."""
    m = _WEEKDAY_FIRST.match(text, pos)
    found = _distant(text, m.end(), today) or read(IN_TIME, text, m.end(), today) if m else None
    return _on_weekday(found, m["weekday"], found.end) if m and found else None


def _on_weekday(found: Phrase, name: str, end: int) -> Phrase | None:
    """The first day so named on or after the start of a phrase's days."""
    number = d.weekday_number(name)

    def pick(days: Days) -> Days:
        day = days.start + (number - days.start.weekday()) % 7 * d.DAY
        return Days(day, day)

    return _mapped(found._replace(end=end), pick)


def _next_to(text: str, pos: int, today: date) -> Phrase | None:
    """*The day after Christmas*, *the week before 12 May*."""
    m = _NEXT_TO.match(text, pos)
    day = read(EXACT, text, m.end(), today) if m else None
    if not m or not day or group(m, "unit") == "hour":
        return None
    before, unit = m["way"].lower() == "before", group(m, "unit")

    def beside(days: Days) -> Days:
        if before:
            return Days(d.back(days.start, 1, unit), days.start - d.DAY)
        return Days(days.end + d.DAY, d.back(days.end, -1, unit))

    return _mapped(day, beside)


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
        return _mapped(day._replace(end=end), stretch)
    except (ValueError, OverflowError):  # beyond the calendar
        return None


def _nth(days: Days, unit: str, nth: int) -> Days | None:
    """The nth day or week of a stretch, the nth half or quarter of a year; -1 is the last."""
    if unit == "week":
        pieces = d.weeks_in(days)
    elif unit == "weekend":
        pieces = [Days(week.end - d.DAY, week.end) for week in d.weeks_in(days)]
    elif unit in d.WEEKDAYS:
        pieces = d.all_of(days, d.WEEKDAYS[unit])
    elif unit == "day":
        day = days.end if nth < 0 else days.start + nth * d.DAY
        pieces, nth = [Days(day, day)], 0 if day <= days.end else 1
    elif unit == "half" and (days.end - days.start).days < 31:
        middle = days.start + 14 * d.DAY
        pieces = [Days(days.start, middle), Days(middle + d.DAY, days.end)]
    elif (days.end - days.start).days in (364, 365):
        size = {"half": 6, "quarter": 3, "month": 1}[unit]
        pieces = [d.months(days.start.year, first, size) for first in range(1, 13, size)]
    else:
        return None
    return pieces[nth] if nth < len(pieces) else None


def _mapped(phrase: Phrase, change: Callable[[Days], Days | None]) -> Phrase | None:
    """The same phrase with its days changed, whether or not its year is known."""
    when = phrase.when
    if isinstance(when, Days):
        changed = change(when)
        return Phrase(phrase.end, changed) if changed else None
    return Phrase(phrase.end, lambda year: change(days) if (days := when(year)) else None)
