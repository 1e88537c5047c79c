"""The period that a question names: *since Monday*, *between March and May 2024*.

``phrases.py`` reads the days; here is what stands before and between them. A word that may
be no date (*May* the politician, *march* the verb, *2000* troops) counts only after a word
that makes it one (*in May*, *since 2000*). A date without a year is the latest one; weeks
run from Monday to Sunday, and both ends of a range belong to it.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from bot.errors import BadQuery
from bot.models import Model, Period
from bot.text.compound import lasting, phrase
from bot.text.days import DAY, WEEKDAYS, Days, When, first_after, latest
from bot.text.holidays import NAMES
from bot.text.numbers import YEAR_WORDS
from bot.text.phrases import Phrase


class FoundPeriod(Model):
    """A period and the span of text that names it, with its preposition."""

    start: int
    end: int
    period: Period


_START = re.compile(r"(?<![\w$€£#@/.-])(?:['’](?=\d0s)|(?=\w))")
_WORD = re.compile(r"\w+")
_PREFIX = re.compile(
    r"(?P<prefix>ever\ssince|since|starting(?:\s(?:in|on|from))?|beginning(?:\s(?:in|on))?|from"
    r"|after|before|prior\sto|up\s(?:until|to)|until|till|through|by|as\s(?:of|at)"
    r"|more\sthan(?=\s\w+(?:[\s-]\w+)*?\sago\b)"
    r"|in|on|during|over|within|throughout|for|of|between)\s",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?:(?P<between>between)|from|since|starting(?:\s(?:on|from|in))?|in|on|for|during|over)\s(?:the\s(?=\d))?",
    re.IGNORECASE,
)
_AND = re.compile(r"\sand\s", re.IGNORECASE)
_TO = re.compile(
    r"\.?\s(?:up\s)?(?:through\sto|to|until|['’]?till?|through|thru)\s|\s?(?:--|[-–—~])\s?",
    re.IGNORECASE,
)
_NOW = re.compile(r"(?:now|the\spresent|present|date)\b", re.IGNORECASE)
_ONWARDS = re.compile(r"\s(?:onwards?\b|on\b(?!\s\w))", re.IGNORECASE)

_FROM = {"since", "ever since", "starting", "beginning"}
_TILL = {"until", "till", "up to", "up until", "through", "by", "as of", "as at"}
_BEFORE = {"before", "prior to", "more than"}
_PLAIN = {"in", "during", "throughout", "over"}
_POINTERS = {"on", "since", "until", "till", "before", "after", "by", "from", "over"}
_MODAL = {"may", "march"}
_SURE_MONTH = re.compile(
    r"feb(?:ruary)?|january|july|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
# A number or a feast: a day only where a preposition says so.
_POINT = re.compile(rf"(?:the\s)?\d\d?(?:st|nd|rd|th|[/.]\d)|{NAMES}\b", re.IGNORECASE)

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
_AHEAD = re.compile(
    r"(?:\b(?:will|won['’]t|shall|going\sto|wants?\sto|hopes?\sto|plans?\sto|intends?\sto|due"
    r"|to\sbe|expected|expires?)|['’]ll)\b[^.?!]*$",
    re.IGNORECASE,
)
_END_OF = re.compile(r"(?:the\s)?end\sof\b", re.IGNORECASE)
_SPELLED = re.compile(YEAR_WORDS, re.IGNORECASE)
_JUST_OVER = 60 * DAY
_MAX_QUERY = 3_000


def find_period(text: str, today: date) -> FoundPeriod | None:
    """Return the first period that an English text names, with its span, or None.

    ``today`` is the asker's day: what *last week* is counted from. Only the first 3,000
    characters are looked at. An end that the text leaves open (*since Monday*) is None.
    """
    squeezed, at = _squeezed(text[:_MAX_QUERY])
    for word in _START.finditer(squeezed):
        pos = word.start()
        if found := _read_at(squeezed, pos, today):
            end, days = found
            start, stop = at[pos], at[end - 1] + 1
            period = Period(start=days[0], end=days[1], label=squeezed[pos:end])
            return FoundPeriod(start=start, end=stop, period=period)
    return None


def parse_day(text: str, today: date, *, edge: Literal["start", "end"] = "start") -> date:
    """Read a day as an option gives it: ISO, or a phrase of find_period (*last Monday*).

    Of a longer phrase (*2023*, *last week*) it is the first day, or with ``edge="end"``
    the last. Raises BadQuery for anything else, and for a numeric date that can be read
    two ways (5/6/2024).
    """
    asked = " ".join(text.split())
    numeric = re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2\d{4}", asked)
    if numeric and int(numeric[1]) <= 12 and int(numeric[3]) <= 12 and numeric[1] != numeric[3]:
        raise BadQuery(f"{asked!r} may be day or month first; write it as 2024-03-27", about=asked)
    found = phrase(asked, 0, today) if len(asked) <= 100 else None
    days = latest(found.when, today) if found and found.end == len(asked) else None
    if days is None:
        raise BadQuery(
            f"{asked[:60]!r} is not a day; write it as 2024-03-27, or say: yesterday,"
            " last Monday, 3 days ago, March 2024",
            about=asked[:60],
        )
    return days.start if edge == "start" else days.end


Ends = tuple[date | None, date | None]


def _squeezed(text: str) -> tuple[str, list[int]]:
    """The text with every run of blanks as one space, and where each character stood."""
    at = [n for n, c in enumerate(text) if not (c.isspace() and n and text[n - 1].isspace())]
    return "".join(" " if text[n].isspace() else text[n] for n in at), at


def _at(text: str, pos: int, today: date) -> Phrase | None:
    found = phrase(text, pos, today)
    if found and (found.end == len(text) or not text[found.end].isalnum()):
        return found
    return None


def _read_at(text: str, pos: int, today: date) -> tuple[int, Ends] | None:
    """The period that begins at a place, and where its words end."""
    if stretch := lasting(text, pos, today):
        days = latest(stretch.when, today)
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
    second = _point(text, joint.end(), today) if joint else None
    if joint is None or second is None:
        return None
    words = text[begin : first.end], text[joint.end() : second.end]
    if not head and first.weak and second.weak and not _sure(words):
        return None
    days = _joined(first.when, second.when, words, today)
    return (second.end, (days.start, days.end)) if days else None


def _point(text: str, pos: int, today: date) -> Phrase | None:
    if now := _NOW.match(text, pos):
        return Phrase(now.end(), Days(today, today), weak=True)
    return _at(text, pos, today)


def _sure(words: tuple[str, str]) -> bool:
    """Whether two doubtful words join as dates: two years, or two months written as names."""
    if all(_SURE_MONTH.fullmatch(w.lower()) for w in words):
        return True
    return all(w.isdigit() for w in words) or all(w[:1].isupper() for w in words)


def _joined(first: When, second: When, words: tuple[str, str], today: date) -> Days | None:
    if not isinstance(second, Days):
        a = latest(first, today)
        b = first_after(second, a.start) if a else None
    else:
        b = second
        a = latest(first, b.end)
    if a is None or b is None:
        return None
    if words[0].lower() in WEEKDAYS and b.start > today:  # from Monday to next Friday
        name = WEEKDAYS[words[0].lower()]
        return Days(b.start - ((b.start.weekday() - name - 1) % 7 + 1) * DAY, b.end)
    if b.end < a.start:
        if words[1].lower().split()[-1] in WEEKDAYS:  # from Friday to Monday
            return Days(a.start, b.end + ((a.start - b.end).days + 6) // 7 * 7 * DAY)
        a, b = b, a
    return Days(a.start, max(a.end, b.end))


def _prefixed(text: str, pos: int, today: date) -> tuple[int, Ends] | None:
    """A phrase after its preposition, or alone."""
    head = _PREFIX.match(text, pos)
    prefix = " ".join(head["prefix"].lower().split()) if head else ""
    found = _at(text, head.end() if head else pos, today)
    if head and found is None:  # "in two weeks' time" has its own
        head, prefix, found = None, "", _at(text, pos, today)
    if found is None or not _believed(text, head.end() if head else pos, prefix, found):
        return None
    days = _chosen(found.when, text[:pos], today)
    if days is None:
        return None
    end = found.end
    if prefix == "from" and (more := _ONWARDS.match(text, end)):
        prefix, end = "since", more.end()
    if prefix in _BEFORE and _END_OF.match(text, head.end() if head else pos):
        return end, (None, days.end)  # before the end of 2019: in it too
    return end, _ends(prefix, days)


def _chosen(when: When, before: str, today: date) -> Days | None:
    """The latest of some days; where what is to come is told, the next, unless just over."""
    days = latest(when, today)
    if days is None or isinstance(when, Days) or today - days.end <= _JUST_OVER:
        return days
    return first_after(when, today) if _AHEAD.search(before) else days


def _ends(prefix: str, days: Days) -> Ends:
    if prefix in _FROM or prefix.startswith(("starting ", "beginning ")):
        return days.start, None
    if prefix == "after":
        return days.end + DAY, None
    if prefix in _BEFORE:
        return None, days.start - DAY
    return (None if prefix in _TILL else days.start), days.end


def _believed(text: str, begin: int, prefix: str, found: Phrase) -> bool:
    """Whether a phrase is meant as a time where it stands."""
    words, before, after = text[begin : found.end], text[:begin], found.end
    if _is_name(words, before, text[after:], found):
        return False
    if not found.weak:
        return True
    if words.isdigit() or _SPELLED.fullmatch(words):  # a year, or a count
        if _COUNTED.match(text, after):
            return False
        return bool(prefix) or not _WORD.match(text, after + 1)
    word = words.lower().rstrip(".")
    if word.startswith(("in ", "within ")):  # from now, if of what is to come
        return bool(_AHEAD.search(before))
    if word.endswith((" day", " eve", "halloween")):
        return True
    if word in _MODAL:
        sure = prefix in _PLAIN | _FROM or prefix in ("until", "till", "before")
        return sure and (words[0].isupper() or prefix != "before")
    if _POINT.match(word):
        alone = not _WORD.match(text, after + 1)
        if word.startswith("the "):  # I'll be back the 12th
            return prefix in _POINTERS | {"for"} or bool(_AHEAD.search(before))
        return prefix in _POINTERS or (alone and not word[0].isdigit())
    if _SURE_MONTH.fullmatch(word):
        return bool(prefix) or len(word) > 4
    if word[:3] in ("sat", "sun", "mon", "wed", "tue", "thu", "fri"):
        return prefix in {"on", "since", "until", "till", "before", "after", "by"}
    return prefix not in ("", "by", "of", "on", "for")


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
