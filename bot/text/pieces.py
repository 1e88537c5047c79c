"""Parts of longer stretches of days: *early March*, *first Friday of May*, *end of the year*."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from bot.text import days as d
from bot.text.days import Days
from bot.text.lazy import LazyPattern
from bot.text.meanings import group
from bot.text.numbers import RANK_WORDS, number_of, rank_of
from bot.text.phrases import THIS_ONE, WHOLE, Phrase, read
from bot.text.wording import COUNT, UNIT, UNIT_2, WEEKDAY

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
    """A part; with the one before, where it is told from that on: *early to mid-March*."""
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
