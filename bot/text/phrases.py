"""English phrases for days and stretches of days, one pattern each.

``phrase(text, pos, today)`` reads the phrase that begins at a place: *13 July 2020*, *last
week*, *the past 3 days*, *early March*, *Q3 2023*. What stands before or between phrases
(*since*, *between ... and*) is ``periods.py``'s.

A numeric date that may be read either way (5/6/2024) is read month first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from bot.text import days as d
from bot.text import meanings as means
from bot.text.days import Days, When
from bot.text.holidays import NAMES
from bot.text.meanings import FOLLOWING, LAST, NEXT, Rule


class Phrase(NamedTuple):
    """What a phrase means, and where it ends; ``weak`` if it may be another word (*may*)."""

    end: int
    when: When
    weak: bool = False


_M = rf"(?P<month>{d.MONTH_PATTERN})\b\.?"
_Y = r"(?P<year>(?:1[6-9]|20|21)\d\d)(?![\w%]|[.,]\d|[-/]\d\d?\b)"
_SEP_Y = rf"(?:(?:\s?,\s?|[\s/-]{{1,2}}|\s(?:of|in)\s){_Y})"
_ORD = "|".join(sorted((w.replace(" ", r"\s") for w in d.ORDINALS), key=len, reverse=True))
_D = rf"(?P<day>(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?|{_ORD})(?![\w%]|:\d|[.,/]\d)"
_D2 = _D.replace("<day>", "<last>")
_WD = rf"(?P<weekday>{d.WEEKDAY_PATTERN})\b\.?"
_N = r"(?:a\s)?(?P<n>\d{1,4}|" + "|".join(d.NUMBERS) + r")(?:\sof)?"
_NO_M = rf"(?!\s?(?:{d.MONTH_PATTERN})\b)"
_UNIT = r"(?P<unit>hour|day|week|fortnight|month|quarter|year|decade)s?\b"
_TO = r"\s?(?:-|–|—|~|to|and|through|until|till)\s?(?:the\s)?"
_LAST = "|".join(w.replace(" ", r"\s") for w in sorted(LAST, key=len, reverse=True))
_NEXT = "|".join(w.replace(" ", r"\s") for w in sorted(NEXT, key=len, reverse=True))
_WHICH = rf"(?P<which>{_LAST}|{_NEXT}|this)"
_WHICH_UNIT = rf"(?P<which>{_LAST}|{_NEXT}|{FOLLOWING}|this|current)"
_NUM = r"[012]?\d|3[01]"


def _rules(
    *rows: tuple[str, Rule] | tuple[str, Rule, bool],
) -> list[tuple[re.Pattern[str], Rule, bool]]:
    return [(re.compile(row[0], re.IGNORECASE), row[1], len(row) > 2) for row in rows]


# Whole months and years, of which a part can be taken: "early ...", "the end of ...".
_WHOLE = _rules(
    (rf"{_M}{_SEP_Y}", means.month),
    (rf"{_Y}[\s/-]{_M}(?![\s/-]\d)", means.month),
    (r"(?P<year>(?:19|20)\d\d)[-/](?P<m>0\d|1[012])\b(?![-/.]\d)", means.iso_month),
    (r"(?P<m>0?\d|1[012])[-/](?P<year>(?:19|20)\d\d)\b(?![-/.]\d)", means.iso_month),
    (rf"(?:the\s)?{_WHICH_UNIT}\s(?:calendar\s)?{_UNIT}", means.relative),
    (r"(?:the\s)?(?P<digits>(?:1[6-9]|20)\d0)\s?['’]?s\b", means.decade),
    (r"(?:the\s['’]?|['’])(?P<digits>\d0)\s?['’]?s\b", means.decade),
    (r"(?P<digits>\d0)\s?['’]?s\b", means.decade, True),
    (rf"(?:the\s)?(?P<word>{'|'.join(d.DECADES)})\b", means.decade),
    (rf"{_WHICH}\s{_M}", means.which_month),
    (rf"(?:the\s)?(?:calendar\s)?(?:(?:year|cy)\s(?:of\s)?){_Y}", means.year),
    (_Y, means.year, True),
    (rf"{_M}(?!['’]s\b)", means.month, True),
)  # fmt: skip


_EXACT = _rules(
    (rf"(?P<year>\d{{4}})[-/.](?P<m>{_NUM})[-/.](?P<d>{_NUM})(?![\w]|[-/]\d)", means.iso),
    (r"(?P<year>(?:19|20)\d\d)(?P<m>0[1-9]|1[012])(?P<d>[012]\d|3[01])\b", means.iso),
    (rf"(?P<a>{_NUM})(?P<s>[-/.])(?P<b>{_NUM})(?P=s)(?P<year>\d{{4}})\b(?!\.\d)", means.numeric),
    (rf"(?:{_WD},?\s)?(?:the\s)?{_D}{_TO}{_D2}\s?(?:of\s)?{_M}{_SEP_Y}?", means.day_range),
    (rf"(?:{_WD},?\s)?{_M}\s?(?:the\s)?{_D}{_TO}{_D2}{_NO_M}{_SEP_Y}?", means.day_range),
    (rf"(?:{_WD},?\s)?(?:the\s)?{_D}[\s-]?(?:of\s)?{_M}(?:{_SEP_Y})?", means.one_day),
    (rf"(?:{_WD},?\s)?{_M}[\s-]?(?:the\s)?{_D}(?:{_SEP_Y})?", means.one_day),
    (rf"{_Y}[/-]{_M}[/-]{_D}", means.one_day),
    (r"(?P<part>q)(?P<q>[1-4])\b" + rf"(?:{_SEP_Y})?", means.quarter),
    (rf"{_Y}[\s-]?(?P<part>[qh])(?P<q>[1-4])\b", means.quarter),
    (rf"(?P<part>h)(?P<q>[12])\b{_SEP_Y}", means.quarter),
    (r"(?:the\s)?day\s(?:before\syesterday|after\stomorrow)\b", means.near),
    (r"(?:yesterday|today|tonight|tomorrow|last\snight)\b", means.near),
    (r"this\s(?:morning|afternoon|evening)\b", means.near),
    (rf"(?:the\s)?(?P<which>{_LAST}|{_NEXT})\s{_N}\s{_UNIT}", means.counted),
    (rf"(?:the\s)?{_N}\s(?P<which>{_LAST}|{_NEXT})\s{_UNIT}", means.counted),
    (rf"{_N}\s{_UNIT}\sago\b", means.ago),
    (rf"(?:earlier|so\sfar)\s(?:this|in\sthe)\s{_UNIT}", means.so_far),
    (rf"this\s{_UNIT}\sso\sfar\b", means.so_far),
    (r"(?:(?:the\s)?year[\s-]to[\s-]date|ytd)\b", means.so_far),
    (r"for\sthe\s(?P<unit>day|week|month|quarter|year)(?=\s*(?:$|[.,;?!]))", means.this_one),
    (rf"(?:later|the\srest\sof)\s(?:this|(?:in\s)?the)\s{_UNIT}", means.later),
    (rf"(?P<week>this|last|next)\sweek(?:['’]s)?(?:\son)?\s{_WD}", means.weekday),
    (rf"{_WD}(?:\sof)?\s(?P<week>this|last|next)\sweek\b", means.weekday),
    (rf"{_WHICH}\s{_WD}", means.weekday),
    (rf"(?:the\s)?(?:{_WHICH}\s)?weekend\b", means.weekend),
    (rf"(?:the\s)?(?P<which>{_LAST}|{_NEXT})\s(?P<name>{NAMES})\b", means.holiday),
    (rf"(?P<name>{NAMES})\b{_SEP_Y}", means.holiday),
    (rf"(?P<name>{NAMES})\b(?!\s(?:rising|accords?|agreement|sales?|island))", means.holiday, True),
    (rf"(?:the\s)?{_WHICH}\s{_N}\s(?:business|working)\sdays\b", means.working_days),
    (r"(?:the\s)?(?P<n>\d\d(?:st|nd|rd|th))\scentury\b", means.century),
    (rf"(?:the\s)?week\s(?P<n>[1-4]?\d|5[0-3])\b(?:\sof\s{_Y})?", means.numbered_week, True),
    (rf"{_WD},?\s(?:the\s)?(?P<day>\d{{1,2}}(?:st|nd|rd|th))\b(?!\s\w)", means.weekday_and_day),
    (r"(?:the\s)?(?P<day>\d{1,2}(?:st|nd|rd|th))(?=\s*(?:$|[.,;?!]))", means.day_of_month, True),
    (rf"{_M}/{_D}", means.one_day),
    (r"(?P<a>[0-3]?\d)[/.](?P<b>[0-3]?\d)(?![\w%]|[/.-]\d)", means.day_and_month, True),
    (rf"in\s{_N}\s{_UNIT}['’]?s?['’]?\stime\b", means.ahead),
    (rf"{_N}\s{_UNIT}\sfrom\s(?:now|today)\b", means.ahead),
    (rf"(?P<season>spring|summer|autumn|fall|winter)(?:{_SEP_Y})", means.season),
    (rf"(?P<weekday>{'|'.join(d.WEEKDAYS)})\b", means.weekday),
    (_WD, means.weekday, True),
)  # fmt: skip

_THIS_ONE = _rules(
    (
        r"(?P<unit>week|month|quarter|year|decade)\b",
        lambda m, today: d.unit_of(today, m["unit"].lower()),
    )
)

_PART = re.compile(
    r"(?:the\s)?(?:(?P<part>early|mid|late)(?:\sin)?|"
    r"(?P<edge>beginning|start|middle|end)(?:\sof)?)[\s-](?:the\s)?",
    re.IGNORECASE,
)
_NTH = re.compile(
    rf"(?:the\s)?(?P<nth>last|\d(?:st|nd|rd|th)|{_ORD})\s(?P<unit>half|quarter|week)\s(?:of|in)\s(?:the\s)?",
    re.IGNORECASE,
)
_ENDS_OF = re.compile(
    rf"(?:the\s)?(?P<nth>first|last)\s{_N}\s{_UNIT}\s(?:of|in)\s(?:the\s)?", re.IGNORECASE
)
_COUNTED_FROM = re.compile(rf"{_N}\s{_UNIT}\s(?P<way>before|after|from)\s(?:the\s)?", re.IGNORECASE)
_WEEK_OF = re.compile(
    r"(?:the\s)?(?:week\s(?:of|starting|beginning|commencing)(?:\son)?|w/c)\s(?:the\s)?",
    re.IGNORECASE,
)
_PARTS = {"beginning": "early", "start": "early", "middle": "mid", "end": "late"}


def phrase(text: str, pos: int, today: date) -> Phrase | None:
    """Read the phrase that begins at ``pos``, or None; today resolves *last week*."""
    try:
        return _phrase(text, pos, today)
    except (ValueError, OverflowError):  # beyond the calendar, as 9999 years ago
        return None


def _phrase(text: str, pos: int, today: date) -> Phrase | None:
    for parts in (_part_of, _nth_of, _ends_of, _week_of_day, _counted_from):
        if found := parts(text, pos, today):
            return found
    return _first(_EXACT, text, pos, today) or _first(_WHOLE, text, pos, today)


def _first(
    rules: list[tuple[re.Pattern[str], Rule, bool]], text: str, pos: int, today: date
) -> Phrase | None:
    for pattern, rule, weak in rules:
        if m := pattern.match(text, pos):
            when = rule(m, today)
            if when is not None:
                return Phrase(m.end(), when, weak)
    return None


def _part_of(text: str, pos: int, today: date) -> Phrase | None:
    m = _PART.match(text, pos)
    if not m:
        return None
    whole = _first(_WHOLE, text, m.end(), today)
    if whole is None and m["edge"]:  # the end of the year
        whole = _first(_THIS_ONE, text, m.end(), today)
    part = m["part"].lower() if m["part"] else _PARTS[m["edge"].lower()]
    return _mapped(whole, lambda days: d.part_of(days, part)) if whole else None


def _nth_of(text: str, pos: int, today: date) -> Phrase | None:
    m = _NTH.match(text, pos)
    whole = _first(_WHOLE, text, m.end(), today) if m else None
    if not m or not whole:
        return None
    nth = -1 if m["nth"].lower() == "last" else d.ordinal(m["nth"]) - 1
    return _mapped(whole, lambda days: _nth(days, m["unit"].lower(), nth))


def _week_of_day(text: str, pos: int, today: date) -> Phrase | None:
    m = _WEEK_OF.match(text, pos)
    day = _first(_EXACT, text, m.end(), today) if m else None
    if day is None:
        return None
    return _mapped(day, lambda days: d.week_of(days.start))


def _ends_of(text: str, pos: int, today: date) -> Phrase | None:
    """*The first three months of 2023*, *the last 2 weeks of May*."""
    m = _ENDS_OF.match(text, pos)
    whole = _first(_WHOLE, text, m.end(), today) if m else None
    if not m or not whole:
        return None
    count, unit, first = d.number(m["n"]), m["unit"].lower(), m["nth"].lower() == "first"

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
    day = _first(_EXACT, text, m.end(), today) if m else None
    if not m or not day:
        return None
    sign, unit = (1 if m["way"].lower() == "before" else -1), m["unit"].lower()

    def move(days: Days) -> Days | None:
        moved = d.back(days.start, sign * d.number(m["n"]), unit)
        return Days(moved, moved) if unit != "hour" else None

    return _mapped(day, move)


def _nth(days: Days, unit: str, nth: int) -> Days | None:
    """The nth week of a month or year, the nth half or quarter of a year; -1 is the last."""
    if unit == "week":
        pieces = d.weeks_in(days)
    elif (days.end - days.start).days in (364, 365):
        size = {"half": 6, "quarter": 3}[unit]
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
