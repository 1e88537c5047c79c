"""The period that a question names: *since Monday*, *between March and May 2024*.

``date_patterns.py`` reads days; this module reads days given by others (*3 weeks after
Easter*), and what stands before and between days. A word that
may be no date (*May* the politician, *march* the verb, *2000* troops) counts only after a word
that makes it one (*in May*, *since 2000*). A date without a year is the latest one; weeks
run from Monday to Sunday, and both ends of a range belong to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Literal

from bot.errors import BadQuery
from bot.models import Model, Period
from bot.text import days as d
from bot.text.date_patterns import (
    COUNT,
    COUNT_2,
    DISTANT,
    END,
    EXACT,
    IN_TIME,
    THIS_ONE,
    UNIT,
    UNIT_2,
    WEEKDAY,
    WHOLE,
    LazyPattern,
    Phrase,
    group,
    offset_of,
    read,
)
from bot.text.days import (
    DAY,
    DECADES,
    FIRST_OF_NUMBERS,
    FIRST_WORDS,
    MONTH_PATTERN,
    MONTHS,
    NAMES,
    RANK_WORDS,
    SEASONS,
    WEEKDAYS,
    YEAR_WORDS,
    Days,
    When,
    number_of,
    rank_of,
)
from bot.text.english import is_ing, is_past

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
_ENDS_OF = LazyPattern(
    rf"(?:the\s)?(?:(?P<nth>first|last|opening|closing|final)\s{COUNT}\s{UNIT}"
    rf"|(?P<some>first|last|opening|early|closing|final)\s{UNIT_2.replace('s?', 's')})"
    r"\s(?:of|in)\s(?:the\s)?"
)
"""Of *the last days of May* there are three, as of *a few*."""

_OF_YEAR = {"half": 6, "quarter": 3, "month": 1}
_FIRST_PARTS = ("first", "opening", "early")


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
    m = _NTH.compiled.match(text, pos)
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


def _is_short(days: Days) -> bool:
    return (days.end - days.start).days < 31


def whole(text: str, pos: int, today: date) -> Phrase | None:
    """A month or a year; of a bare unit this one."""
    return read(WHOLE, text, pos, today) or read(THIS_ONE, text, pos, today)


def ends_of(text: str, pos: int, today: date) -> Phrase | None:
    """*The first three months of 2023*, *the last 2 weeks of May*."""
    m = _ENDS_OF.compiled.match(text, pos)
    found = whole(text, m.end(), today) if m else None
    if not m or not found:
        return None
    count, unit = number_of(m["n"] or "few"), group(m, "unit") or group(m, "unit2")
    first = (m["nth"] or m["some"]).lower() in _FIRST_PARTS

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
    elif unit == "half" and _is_short(days):
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
_IN_YEAR = re.compile(
    r"(?P<which>this|last|next)\syear(?:['’]s\s|,?\s(?:in|on|over|during|around|at)\s(?:the\s)?)",
    re.IGNORECASE,
)
_NEXT_TO = LazyPattern(rf"(?:the\s)?{UNIT}\s(?P<way>before|after|following)\s(?:the\s)?")
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
_STARTING = r"(?:starting|beginning|commencing)(?:\s(?:on|from))?"
_LASTING = LazyPattern(
    rf"(?:for\s{COUNT}\s{UNIT},?\s(?:from|{_STARTING})|{COUNT_2}\s"
    rf"{UNIT_2},?\s{_STARTING})\s(?:the\s)?"
)
_FROM_DAY = re.compile(rf"(?:from|{_STARTING})\s(?:the\s)?", re.IGNORECASE)
_FOR = LazyPattern(rf",?\sfor\s(?:the\snext\s)?{COUNT}\s{UNIT}")
AT_END = re.compile(r"(?:the\s)?end\sof\b", re.IGNORECASE)
_AFTER = ("after", "following", "since")


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
        part_of, nth_of, ends_of, _week_of_day, _weekday_from, _all_beside, _distant, _next_to,
        _ending, _in_year,
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
    m = _COUNTED_FROM.compiled.match(text, pos)
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
    m = _WEEKDAY_FIRST.compiled.match(text, pos)
    found = _distant(text, m.end(), today) or read(IN_TIME, text, m.end(), today) if m else None
    return on_weekday(found, m["weekday"], found.end) if m and found else None


def _next_to(text: str, pos: int, today: date) -> Phrase | None:
    """*The day after Christmas*, *the week before 12 May*, *the month after May*."""
    m = _NEXT_TO.compiled.match(text, pos)
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
    m = _ALL_BESIDE.compiled.match(text, pos)
    day = _day_or_part(text, m.end(), today) if m else None
    if not m or not day or "hour" in (group(m, "unit"), group(m, "unit2")):
        return None
    unit, before = group(m, "unit") or group(m, "unit2"), m["way"].lower() not in _AFTER
    several = text[m.end("unit") : m.end("unit") + 1].lower() == "s" if m["unit"] else True
    if not m["n"] and not several and "first " not in m[0].lower():
        return None  # the week after: beside, as a whole
    count = number_of(m["n"] or ("few" if several else "one"))
    return mapped(day, lambda days: _beside(days, before, count, unit))


def _in_year(text: str, pos: int, today: date) -> Phrase | None:
    """*Last year in March*, *this year on 5 May*: what follows lacks only its year."""
    m = _IN_YEAR.match(text, pos)
    found = _phrase(text, m.end(), today) if m else None
    if not m or not found or isinstance(found.when, Days):
        return None
    days = found.when(today.year + offset_of(group(m, "which")))
    return Phrase(found.end, days) if days else None


def _ending(text: str, pos: int, today: date) -> Phrase | None:
    """*The week ending 15 July*, *three months to June*, *the quarter ended on 30 June*."""
    m = _ENDING.compiled.match(text, pos)
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
    if m := _LASTING.compiled.match(text, pos):
        count, unit = m["n"] or m["n2"], group(m, "unit") or group(m, "unit2")
        day = phrase(text, m.end(), today)
        end = day.end if day else 0
    else:
        head = _FROM_DAY.match(text, pos)
        day = phrase(text, head.end(), today) if head else None
        tail = _FOR.compiled.match(text, day.end) if day else None
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


_LETTERS = re.compile(r"[^\W\d_]+")

_WORDS = frozenset(
    """
    a academic advance after ahead all an as balance before beginning between budget by calendar
    closing cob commencing coming cw cy current date dating day days decade decades during early
    earlier effective end entire eod eom eoq eow eoy eve ever exactly festive few final
    financial first fiscal following for fortnight fortnights from fy going h half halfway hour
    hours hr hrs in iso last late later latter lead leading less mid middle midway midmonth
    midweek midyear month months more most mtd next no not now of on opening other over
    overnight past penultimate preceding previous prior q qtd qtr quarter quarters recent
    remainder rest run same school season second several since so some start starting stretching
    tax the this through throughout thus till today tomorrow tommorow tommorrow tomorow tmr tmw
    tmrw tonight trailing turn two until up upcoming very w week weekend weeks whole within wk
    wks yday year years yesterday yr yrs ytd
    """.split()
)
_OPENING = _WORDS | FIRST_WORDS | FIRST_OF_NUMBERS | DECADES.keys() | SEASONS.keys()
_SHORT = frozenset(name[:3] for name in (*MONTHS, *WEEKDAYS)) | {"wen"}


def may_open(text: str, pos: int) -> bool:
    """Whether a phrase may begin at a place of a text: by its word, without its ending."""
    found = _LETTERS.match(text, pos)
    if found is None:
        return True  # a number, or an apostrophe before one
    word = found[0].lower()
    return word in _OPENING or word[:3] in _SHORT


Ends = tuple[date | None, date | None]

PREFIX = LazyPattern(
    r"(?P<prefix>(?:no|not)\slater\sthan|on\sor\sbefore|before\s(?:or\son|and\sincluding)|not\safter"
    r"|(?:in\s)?advance\sof|ahead\sof|(?:in\s)?(?:the\s)?(?:run|lead)[\s-]up\sto|leading\sup\sto"
    r"|as\sfrom|effective(?:\sfrom)?|(?:dating|going|stretching)\sback\sto|as\sfar\sback\sas"
    rf"|following(?=\s(?:the\s)?(?:\d|(?:{MONTH_PATTERN})\b))"
    r"|(?:no|not)\searlier\sthan|on\sor\safter"
    r"|not\sbefore|earlier\sthan|later\sthan|ever\ssince|since"
    r"|starting(?:\s(?:in|on|from))?|beginning(?:\s(?:in|on))?|from"
    r"|after|before|prior\sto|up\s(?:until|to|through)|(?:up\sto|until)\sand\sincluding|until|till|through|by|as\s(?:of|at)"
    r"|more\sthan(?=\s\w+(?:[\s-]\w+)*?\sago\b)"
    r"|in|on|during|over|within|throughout|for|of|between)\s"
)

_TILL = {"until", "till", "up to", "up until", "through", "by", "as of", "as at", "on or before"}
_TILL |= {"no later than", "not later than", "before or on", "before and including", "not after"}
_TILL |= {"up through", "up to and including", "until and including"}
BEFORE = {"before", "prior to", "more than", "earlier than"}

_SAME = (
    ("before", re.compile(r"ahead\sof|.*advance\sof|.*(?:run|lead)[\s-]up\sto|leading\sup\sto")),
    (
        "since",
        re.compile(r"as\sfrom|effective.*|(?:dating|going|stretching)\sback\sto|as\sfar\sback\sas"),
    ),
    ("after", re.compile(r"following")),
)
"""Prepositions in more words than those that mean the same."""


def plain(prefix: str) -> str:
    """A preposition in lower case; one of several words that mean the same as one, as that."""
    words = " ".join(prefix.lower().split())
    return next((plain for plain, same in _SAME if same.fullmatch(words)), words)


def ends(prefix: str, days: Days) -> Ends:
    """The ends of a period of some days and the preposition before them."""
    if prefix in FROM or prefix.startswith(("starting ", "beginning ")):
        return days.start, None
    if prefix in ("after", "later than"):
        return days.end + DAY, None
    if prefix in BEFORE:
        return None, days.start - DAY
    return (None if prefix in _TILL else days.start), days.end


class FoundPeriod(Model):
    """A period and the span of text that names it, with its preposition."""

    start: int
    end: int
    period: Period


_START = re.compile(
    r"(?<![\w$€£#@/.-])(?:['’](?=\d0s)|(?=\w))|(?<=[_/-])(?=(?:19|20)\d\d([-/])\d\d\1\d\d(?!\d))"
)
"""Where a phrase may begin; inside a name of a file or an address, a whole date alone."""

_WORD = re.compile(r"\w+")
_RANGE = re.compile(
    r"(?:(?P<between>between)|from|since|starting(?:\s(?:on|from|in))?|in|on|for|during|over)\s(?:the\s(?=\d))?",
    re.IGNORECASE,
)
_AND = re.compile(r"\sand\s", re.IGNORECASE)
_ABOUT = re.compile(
    r"(?:around|about|circa|ca?\.|approximately|roughly|at\sleast|as\searly\sas|some\s?time\s(?:in|around|during)"
    r"|(?:early|late)\son|(?:noon|midday|midnight|dawn|dusk)(?:\son)?)\s",
    re.IGNORECASE,
)
_SINCE_COUNT = LazyPattern(rf"since\s(?:the\s)?{COUNT}\s{UNIT}{END}")
_TO = re.compile(
    r"\.?\s(?:up\s)?(?:through\sto|to\sand\sincluding|to|until|['’]?till?|through|thru)\s|\s?(?:--|[-–—~]|\.\.\.?|…)\s?"
    r"|/(?=\d{4}-\d\d-\d\d)",
    re.IGNORECASE,
)
_ALSO = re.compile(r"(?:,?\s(?:and|or|&)\s|\s?/\s?)(?:in\s)?(?:the\s(?=['’]?\d))?", re.IGNORECASE)
_NOW = re.compile(r"(?:now|the\spresent|present|date)\b", re.IGNORECASE)
_ONWARDS = re.compile(
    r"\s(?:onwards?\b|forwards?\b|on\b(?!\s\w)|(?:and|or)\s(?:later|after|beyond)\b(?!\s\w))",
    re.IGNORECASE,
)
_DOWNWARDS = re.compile(r"\s(?:and|or)\s(?:earlier|before)\b(?!\s\w)", re.IGNORECASE)

_ONLY_WEEKDAY = re.compile(rf"(?:{d.WEEKDAY_PATTERN})\.?", re.IGNORECASE)
_MONTH = re.compile(rf"(?:{d.MONTH_PATTERN})\.?", re.IGNORECASE)
_NUMERIC = re.compile(r"(\d\d?)[./-](\d\d?)[./-]((?:19|20)\d\d)")
_LEAP = 2024
_WRITTEN_DAY = LazyPattern(
    r"(?<![\w/.-])(?:(?P<year>(?:19|20)\d\d)-(?P<m>\d\d?)-(?P<d>\d\d?)(?![\w-])"
    rf"|(?:(?P<day>30|31)(?:st|nd|rd|th)?\s(?:of\s)?(?P<month>{d.MONTH_PATTERN})\b"
    rf"|(?P<month2>{d.MONTH_PATTERN})\s(?P<day2>30|31)(?:st|nd|rd|th)?(?![\w:%./,]))"
    r"(?:,?\s(?P<y>(?:19|20)\d\d)\b)?)"
)
_SAME_LETTER = str.maketrans("ıİſ", "iIs")  # same to a pattern, unknown to a table of words
_JUST_OVER = 60 * DAY
"""What was over for no longer than this is meant even where something to come is reported."""
_MAX_QUERY = 3_000
FIRST_DAY, LAST_DAY = date(1000, 1, 1), date(2999, 12, 31)
"""The days that can be asked about: far enough from the ends of the calendar to reckon with."""


def find_period(text: str, today: date) -> FoundPeriod | None:
    """Return the first period that an English text names, with its span, or None.

    ``today`` is the asker's day: what *last week* is counted from. Only the first 3,000
    characters are looked at. An end that the text leaves open (*since Monday*) is None.
    """
    squeezed, at = _squeezed(text[:_MAX_QUERY])
    for word in _START.finditer(squeezed):
        pos = word.start()
        if not may_open(squeezed, pos):
            continue
        if found := _read_at(squeezed, pos, today):
            end, days = found
            start, stop = at[pos], at[end - 1] + 1
            label = " ".join(text[start:stop].split())
            period = Period(start=days[0], end=days[1], label=label)
            return FoundPeriod(start=start, end=stop, period=period)
    return None


def refuse_no_days(text: str) -> None:
    """Raise BadQuery for a date that no calendar has: *2025-13-45*, *31 April*, *30 Feb 2024*."""
    for found in _WRITTEN_DAY.compiled.finditer(text.translate(_SAME_LETTER)):
        year = int(found["year"] or found["y"] or _LEAP)
        month = int(found["m"]) if found["m"] else d.month_number(found["month"] or found["month2"])
        if d.day_of(year, month, int(found["d"] or found["day"] or found["day2"])) is None:
            raise BadQuery(
                f"“{found[0].strip()}” is no day of any calendar: write a date as 2024-03-27.",
                about=found[0].strip(),
            )


def parse_day(text: str, today: date, *, edge: Literal["start", "end"] = "start") -> date:
    """Read a day as an option gives it: ISO, or a phrase of find_period (*last Monday*).

    Of a longer phrase (*2023*, *last week*) it is the first day, or with ``edge="end"``
    the last. Raises BadQuery for anything else, and for a numeric date that can be read
    two ways (5/6/2024).
    """
    asked = " ".join(_squeezed(text)[0].split())
    numeric = re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2\d{4}", asked)
    if numeric and int(numeric[1]) <= 12 and int(numeric[3]) <= 12 and numeric[1] != numeric[3]:
        raise BadQuery(f"{asked!r} may be day or month first; write it as 2024-03-27", about=asked)
    days = _days_of(asked, today) if len(asked) <= 100 else None
    if days is None:
        raise BadQuery(
            f"{asked[:60]!r} is not a day; write it as 2024-03-27, or say: yesterday,"
            " last Monday, 3 days ago, March 2024",
            about=asked[:60],
        )
    refuse_far_days(asked[:60], days)
    return days.start if edge == "start" else days.end


def refuse_far_days(asked: str, ends: Iterable[date | None]) -> None:
    """Raise BadQuery where ``asked`` means a day that is too far away to ask about."""
    if not all(FIRST_DAY <= day <= LAST_DAY for day in ends if day is not None):
        raise BadQuery(
            f"{asked!r} is too far away: give days between the years {FIRST_DAY.year} and"
            f" {LAST_DAY.year}, or leave that end out.",
            about=asked,
        )


def _days_of(phrase_alone: str, today: date) -> Days | None:
    """The latest days that a phrase means, if nothing stands after it."""
    found = phrase(phrase_alone, 0, today)
    if found is None or found.end < len(phrase_alone):
        return None
    try:
        return d.latest(found.when, today)
    except (ValueError, OverflowError):  # beyond the calendar, as 9999 years before Easter
        return None


def _squeezed(text: str) -> tuple[str, list[int]]:
    """The text with every run of blanks as one space, and where each character stood."""
    text = text.translate(_SAME_LETTER)
    at = [n for n, c in enumerate(text) if not (c.isspace() and n and text[n - 1].isspace())]
    return "".join(" " if text[n].isspace() else text[n] for n in at), at


def _at(text: str, pos: int, today: date) -> Phrase | None:
    found = phrase(text, pos, today)
    if found and (found.end == len(text) or not text[found.end].isalnum()):
        return found
    return None


def _read_at(text: str, pos: int, today: date) -> tuple[int, Ends] | None:
    """The period that begins at a place, and where its words end."""
    try:
        return _read(text, pos, today)
    except (ValueError, OverflowError):  # beyond the calendar, as since 9999 years
        return None


def _read(text: str, pos: int, today: date) -> tuple[int, Ends] | None:
    if stretch := lasting(text, pos, today):
        days = _chosen(stretch.when, text[:pos], text[stretch.end :], today)
        if days and not text[stretch.end : stretch.end + 1].isalnum():
            return stretch.end, (days.start, days.end)
    return _range(text, pos, today) or _prefixed(text, pos, today)


def _range(text: str, pos: int, today: date) -> tuple[int, Ends] | None:
    """*Between A and B*, *from A to B*, *A - B*."""
    head = _RANGE.match(text, pos)
    begin = head.end() if head else pos
    first = _point(text, begin, today)
    if first is None:
        return None
    joint = _TO.match(text, first.end)
    if joint is None and head and head["between"]:
        joint = _AND.match(text, first.end)
    if joint is None:
        open_ended = head and head[0].lower().startswith(("since", "from", "starting"))
        return None if open_ended else _followed(text, first, today)
    second = _point(text, joint.end(), today)
    if second is None:
        return None
    words = text[begin : first.end], text[joint.end() : second.end]
    if days := _day_first(words):
        return second.end, (days.start, days.end)
    if not head and first.weak and second.weak and not _sure(words):
        return None
    days = _joined(first.when, second.when, words, today)
    around = text[:pos], text[second.end :]
    if days and _long_over(first, second, days, today) and to_come(*around):
        days = _joined(first.when, d.first_after(second.when, today) or days, words, today)
    return (second.end, (days.start, days.end)) if days else None


def _long_over(first: Phrase, second: Phrase, days: Days, today: date) -> bool:
    """Whether a range without a year has long been over, so that the next one may be meant."""
    yearless = not isinstance(first.when, Days) and not isinstance(second.when, Days)
    return yearless and today - days.end > _JUST_OVER


def _followed(text: str, first: Phrase, today: date) -> tuple[int, Ends] | None:
    """*Late February and early March*, *the 80s and 90s*: two of which one follows the other."""
    also = _ALSO.match(text, first.end)
    second = _at(text, also.end(), today) if also else None
    if second is None or first.weak or (second.weak and not isinstance(second.when, Days)):
        return None
    b = d.latest(second.when, today)
    a = d.latest(first.when, b.end) if b else None
    if a is None or b is None or b.start != a.end + DAY:
        return None
    return second.end, (a.start, b.end)


def _point(text: str, pos: int, today: date) -> Phrase | None:
    if now := _NOW.match(text, pos):
        return Phrase(now.end(), Days(today, today), weak=True)
    return _at(text, pos, today)


def _day_first(words: tuple[str, str]) -> Days | None:
    """*29.5.2018 to 3.6.2018*: where one of two numeric days puts the day first, both do."""
    found = [_NUMERIC.fullmatch(word) for word in words]
    if not (found[0] and found[1]) or max(int(found[0][1]), int(found[1][1])) <= 12:
        return None
    days = [d.day_of(int(m[3]), int(m[2]), int(m[1])) for m in found if m]
    if days[0] is None or days[1] is None:
        return None
    return Days(min(days[0].start, days[1].start), max(days[0].end, days[1].end))


def _sure(words: tuple[str, str]) -> bool:
    """Whether two doubtful words join as dates: two years, or two months written as names."""
    if any(SURE_MONTH.fullmatch(w.lower()) for w in words) and all(map(_MONTH.fullmatch, words)):
        return True
    if words[0].isdigit() and _NOW.fullmatch(words[1]):  # 2020 to present
        return True
    return all(w.isdigit() for w in words) or all(w[:1].isupper() for w in words)


def _joined(first: When, second: When, words: tuple[str, str], today: date) -> Days | None:
    if not isinstance(second, Days):
        a = d.latest(first, today)
        b = d.first_after(second, a.start) if a else None
    else:
        b = second
        a = d.latest(first, b.end)
    if a is None or b is None:
        return None
    of_week = b.start > today or words[1].lower().endswith(" week")
    if _ONLY_WEEKDAY.fullmatch(words[0]) and of_week:  # from Monday to next Friday
        return Days(d.weekday_before(b.start, d.weekday_number(words[0])), b.end)
    if isinstance(first, Days) and _ONLY_WEEKDAY.fullmatch(words[1]) and " " in words[0]:
        # last week Monday to Wednesday
        return Days(a.start, d.weekday_after(a.start, d.weekday_number(words[1])))
    if b.end < a.start:
        if _ONLY_WEEKDAY.fullmatch(words[1].split()[-1]):  # from Friday to Monday
            return Days(a.start, b.end + ((a.start - b.end).days + 6) // 7 * 7 * DAY)
        a, b = b, a
    return Days(a.start, b.end if b.start >= a.start else max(a.end, b.end))


def _prefixed(text: str, pos: int, today: date) -> tuple[int, Ends] | None:
    """A phrase after its preposition, or alone."""
    head = PREFIX.compiled.match(text, pos)
    prefix = plain(head["prefix"]) if head else ""
    if since := _SINCE_COUNT.compiled.match(text, pos):  # since two weeks
        start = d.back(today, number_of(since["n"]), group(since, "unit"))
        return since.end(), (start + DAY, None)
    about = _ABOUT.match(text, head.end()) if head else None
    found = _at(text, about.end() if about else head.end() if head else pos, today)
    if head and found is None:  # "in two weeks' time" has its own
        head, about, prefix, found = None, None, "", _at(text, pos, today)
    begin = about.end() if about else head.end() if head else pos
    if found is None or not is_time_phrase(text, begin, prefix, found):
        return None
    days = d.latest(found.when, today)
    if not prefix.endswith("since"):
        days = _chosen(found.when, text[:pos], text[found.end :], today)
    if days is None:
        return None
    end = found.end
    if prefix in ("", "from", "in") and (more := _ONWARDS.match(text, end)):
        prefix, end = "since", more.end()
    elif prefix in ("", "in") and (more := _DOWNWARDS.match(text, end)):
        prefix, end = "until", more.end()
    if prefix == "over" and text[:end].endswith(" ago") and not text[:pos].endswith("just "):
        prefix = "before"
    if prefix in BEFORE and AT_END.match(text, begin):
        return end, (None, days.end)  # before the end of 2019: in it too
    return end, ends(prefix, days)


def _chosen(when: When, before: str, after: str, today: date) -> Days | None:
    """The latest of some days; where the text is about the future, the next, unless just over."""
    days = d.latest(when, today)
    if days is None or isinstance(when, Days) or today - days.end <= _JUST_OVER:
        return days
    return d.first_after(when, today) if to_come(before, after) else days


FROM = frozenset(
    (
        "since", "ever since", "starting", "beginning", "on or after", "not before",
        "no earlier than", "not earlier than",
    )
)  # fmt: skip
_PLAIN = {"in", "during", "throughout", "over"}
_POINTERS = {
    "during",
    "throughout",
    "on",
    "since",
    "until",
    "till",
    "before",
    "after",
    "by",
    "from",
    "over",
}
_POSSESSIVE = re.compile(r"['’]s\b")
_MODAL = {"may", "march"}
SURE_MONTH = re.compile(
    r"feb(?:ruary)?|january|july|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
# A number or a feast: a day only where a preposition says so.
_POINT = LazyPattern(rf"(?:the\s)?(?:\d\d?(?:st|nd|rd|th|[/.-]\d)|(?:{RANK_WORDS})$)|{NAMES}\b")
_AND_ON = re.compile(
    r"\s(?:onwards?|(?:and|or)\s(?:later|after|beyond|earlier|before))\b(?!\s\w)", re.IGNORECASE
)
# What makes a year a count, and a day the name of an event.
_COUNTED = re.compile(
    r"\s(?:hundred|countries|attacks|people|troops|soldiers|fighters|men|women|children|dead|deaths|cases|civilians|votes"
    r"|dollars|euros|pounds|years|days|km|kilomet\w+|miles|met\w+|tons|tonnes|missiles|drones"
    r"|rockets|prisoners|hostages|refugees|villages|homes|others|more|million|billion)\b",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\s(?:attacks?|massacre|assault|riots?|insurrection|committee|movement|bridge|war"
    r"|agreement|coup|revolution|uprising|bombings?|group|organi[sz]ation|hostages?)\b",
    re.IGNORECASE,
)
_PAPER = re.compile(r"\s(?:Times|Telegraph|Herald|Mail|Express|Mirror|Post|People)\b")
_NAMED_DAY = re.compile(r"\b(?:black|good|bloody|super|ash|fat|holy)\s$", re.IGNORECASE)
_BLACK = re.compile(r"\bblack\s$", re.IGNORECASE)  # Black September
_ARTICLE = re.compile(r"\b(?:an?|the)\s$", re.IGNORECASE)
_OUTLET = re.compile(r"\b[A-Z]\w+\s$")
_NUMBERED = re.compile(
    r"\b(?:(?:resolution|vision|agenda|expo|flight|article|section|order|decree|number|no\.)\s"
    r"|(?:act|law|treaty|accords?|code|constitution)\sof\s)$",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\b(?:will|won['’]t|shall|going\sto|to\sbe|book|arrange|reserve|remind|schedule|let['’]?s|upcoming"
    r"|set\s(?:up|ooo)|(?:wants?|hopes?|plans?|intends?|aims?|vows?|pledges?|threatens?)\sto"
    r"|(?:is|are)\s(?:not\s)?to|(?:is|are|be)\sset(?=\s?$)|expires?|(?:would|could|might)(?!(?:n['’]t|\snot)?\shave)"
    r"|(?<!in\s)(?<!of\s)(?<!and\s)(?<!last\s)may\s(?!and\b|or\b|\d)(?=[a-z])"
    r"|(?P<due>due|expected|scheduled|planned|slated|set\s(?:for|to)|coming))\b|['’]ll\b",
    re.IGNORECASE,
)
"""Words that tell of what is to come; what was ``due`` is over, for all one knows."""
_WAS = re.compile(r"\b(?:was|were|been)\s(?:(?:not|also|still|\w+ly)\s)?$", re.IGNORECASE)
_IS_DOING = re.compile(r"\b(?:is|are|am|whos|who['’]s)\s(?:\S+\s){0,3}?(\w+ing)\b", re.IGNORECASE)
_DONE = frozenset({"did", "had", "was", "were"})
_CLAUSE = re.compile(
    r"[;:,]|\b(?:that|which|who(?!['’]s)|whom|what|after|before|when|because|since|while|where|as)\b",
    re.IGNORECASE,
)
_SPELLED = LazyPattern(rf"{YEAR_WORDS}|\d{{4}}\s(?:and|or|&)\s\d{{4}}")


def to_come(before: str, after: str = "") -> bool:
    """Whether what stands around a phrase tells of something that is yet to come.

    The clause of the phrase decides; if that tells neither, the one before it, and for a phrase
    that opens its sentence the one after it.
    """
    sentence = re.split(r"[.?!]", before)[-1]
    clauses = [part for part in _CLAUSE.split(sentence) if part.strip()]
    following = [part for part in _CLAUSE.split(re.split(r"[.?!]", after)[0]) if part.strip()]
    for clause in (*reversed(clauses), *(following[:1] if not clauses else ())):
        if _comes(clause):
            return True
        if any(word in _DONE or is_past(word) for word in _WORD.findall(clause.lower())):
            return False
    return False


def _comes(clause: str) -> bool:
    doing = _IS_DOING.search(clause)
    if doing and is_ing(doing[1].lower()):
        return True
    cues = _TO_COME.finditer(clause)
    return any(not (cue["due"] and _WAS.search(clause, 0, cue.start())) for cue in cues)


def is_time_phrase(text: str, begin: int, prefix: str, found: Phrase) -> bool:
    """Whether a phrase is meant as a time where it stands."""
    words, before, after = text[begin : found.end], text[:begin], found.end
    if _is_name(words, before, text[after:], found):
        return False
    if not found.weak:
        return True
    if words.isdigit() or _SPELLED.compiled.fullmatch(words):  # a year, or a count
        if _COUNTED.match(text, after):
            return False
        alone = not _WORD.match(text, after + 1) or bool(_POSSESSIVE.match(text, after))
        return bool(prefix) or alone or bool(_AND_ON.match(text, after))
    word = words.lower().rstrip(".")
    if word.startswith(("in ", "within ")):  # from now, if of what is to come
        return bool(to_come(before))
    if word.endswith((" day", " eve", "halloween")):
        return True
    if word in _MODAL:
        return _is_month(words, prefix)
    if _POINT.compiled.match(word):
        alone = not _WORD.match(text, after + 1)
        if word.startswith("the "):  # I'll be back the 12th
            return prefix in _POINTERS | {"for"} or bool(to_come(before))
        # On 4-2; but "won 4-2" and "hit 3.5" are no days.
        dated = "/" in word and bool(to_come(before))
        return prefix in _POINTERS or (alone and (dated or not word[0].isdigit()))
    if SURE_MONTH.fullmatch(word):
        return bool(prefix) or len(word) > 4
    if word[:3] in ("sat", "sun", "mon", "wed", "wen", "tue", "thu", "fri"):
        return prefix in {"on", "since", "until", "till", "before", "after", "by"}
    return prefix not in ("", "by", "of", "on", "for")


def _is_month(word: str, prefix: str) -> bool:
    """Whether *May* or *March* is meant as a month."""
    if word == "March" and prefix in _POINTERS:
        return True  # few are named so
    sure = prefix in _PLAIN | FROM or prefix in ("until", "till", "before")
    return sure and (word[0].isupper() or prefix != "before")


def _is_name(words: str, before: str, after: str, found: Phrase) -> bool:
    """Whether a date is the name of something else: *the October 7 attack*, *USA Today*."""
    if words == "Today":
        return bool(_OUTLET.search(before))
    if words.lower() in WEEKDAYS:
        return bool(_NAMED_DAY.search(before) or _PAPER.match(after))
    if words.isdigit():
        return bool(_NUMBERED.search(before))
    if _BLACK.search(before):
        return True
    yearless = not isinstance(found.when, Days)
    return yearless and bool(_EVENT.match(after) or _ARTICLE.search(before))
