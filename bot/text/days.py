"""Stretches of days, days with a name of their own, and English numbers, months and weekdays.

Weeks run from Monday to Sunday and belong to the month or year that holds their Thursday,
as in ISO 8601. Feasts by the moon are reckoned in two arithmetic calendars, as in Reingold and
Dershowitz, *Calendrical Calculations*: the tabular Islamic one (11 leap years in 30, from the epoch
of 15 July 622) meets the days that the Gulf states keep in most years; the Hebrew calendar is the
fixed one, and a feast begins on the evening before the day given here.
"""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

_ONES = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_RANKS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
    " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)

CARDINALS = {word: n for n, word in enumerate(_ONES + _TEENS, start=1)}
CARDINALS |= {word: n for n, word in zip(range(20, 100, 10), _TENS, strict=True)}
CARDINALS |= {
    f"{ten} {one}": CARDINALS[ten] + n for ten in _TENS for n, one in enumerate(_ONES, start=1)
}
# "a few" has no number; three is what readers of news take it for.
_COUNTS = CARDINALS | {"a": 1, "an": 1, "couple": 2, "few": 3, "several": 3, "some": 3}
_COUNTS |= {"dozen": 12, "hundred": 100}

_ORDINALS = {word: n for n, word in enumerate(_RANKS.split(), start=1)}
_ORDINALS |= {f"twenty {word}": 20 + n for word, n in list(_ORDINALS.items())[:9]}
_ORDINALS |= {"thirtieth": 30, "thirty first": 31}


def _either(words: list[str]) -> str:
    """A pattern for any of some words, the longest first, written with blanks or hyphens."""
    return "|".join(w.replace(" ", r"[\s-]") for w in sorted(words, key=len, reverse=True))


COUNT_WORDS = _either(list(_COUNTS))
RANK_WORDS = _either(list(_ORDINALS))
DAY_WORDS = _either([word for word, n in CARDINALS.items() if 10 <= n <= 31])
"""Days that are said as plain numbers (*May twenty nine*); below ten they are counts."""

_LOW = rf"(?:{_either([word for word, n in CARDINALS.items() if n >= 10])})"
_REST = rf"\s(?:and\s)?(?:{_either(list(CARDINALS))})"
YEAR_WORDS = (
    rf"(?:fifteen|sixteen|seventeen|eighteen|nineteen)\shundred(?:{_REST})?"
    rf"|(?:sixteen|seventeen|eighteen|nineteen|twenty)[\s-](?:{_LOW}|oh[\s-](?:{'|'.join(_ONES)}))"
    rf"|two\sthousand{_REST}"
)
"""A year in words, from 1600 to 2099: *seventeen hundred thirty three*, *two thousand and five*."""


FIRST_OF_NUMBERS = frozenset(word.split()[0] for word in (*_COUNTS, *_ORDINALS, *CARDINALS))
"""What a number or a rank in words may begin with."""


def number_of(text: str) -> int:
    """A count in digits or words."""
    return int(text) if text.isdigit() else _COUNTS[_plain(text)]


def rank_of(text: str) -> int:
    """A rank or the number of a day: ``3rd``, ``third``, ``twenty nine``."""
    digits = text.lower().rstrip("stndrh")
    if digits.isdigit():
        return int(digits)
    words = _plain(text)
    return _ORDINALS.get(words) or CARDINALS[words]


def year_number(text: str, now: int) -> int:
    """A year in digits or words; of two digits (*87*) the latest one until 15 years on."""
    digits = text.lower().removeprefix("of").strip(" '’")
    if digits.isdigit():
        year = int(digits)
        if len(digits) > 2:
            return year
        year += now // 100 * 100
        return year - 100 if year > now + 15 else year
    words = re.sub(r"\b(?:and|oh)\b", " ", _plain(text))
    for cut, unit in ((" thousand", 1000), (" hundred", 100)):
        head, found, rest = words.partition(cut)
        if found:
            return CARDINALS[head] * unit + CARDINALS.get(" ".join(rest.split()), 0)
    head, _, rest = words.partition(" ")
    return CARDINALS[head] * 100 + CARDINALS[" ".join(rest.split())]


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("-", " ").split())


DAY = timedelta(days=1)


class Days(NamedTuple):
    """From ``start`` to ``end``, both inclusive."""

    start: date
    end: date


Yearless = Callable[[int], Days | None]
"""Days that a year must be chosen for: *May 9*; None in a year that lacks them (Feb 29)."""

When = Days | Yearless

MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
WEEKDAYS = {name.lower(): n for n, name in enumerate(calendar.day_name)}
MONTH_PATTERN = (
    r"jan(?:uary|urary|uray|aury)?|feb(?:ruary|uary|rurary|rary|uray)?|mar(?:ch)?(?!-a-|\s+del\b)|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember|emeber|mber)?|oct(?:ober|ber|obre)?|nov(?:ember|emeber|mber)?|dec(?:ember|emeber|mber)?"
)
"""Names of months and how they are misspelt; the first three letters are always right."""

WEEKDAY_PATTERN = (
    r"mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday|ensday|nsday)?|we(?:n|nd)sday|thu(?:r(?:s(?:day)?|day)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?"
)
_DAYS_IN = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12, "decade": 120}
DECADES = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60,
    "seventies": 70, "eighties": 80, "nineties": 90, "noughties": 0,
}  # fmt: skip
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


def month_number(name: str) -> int:
    """The number of a month by its English name or abbreviation."""
    return next(n for full, n in MONTHS.items() if full.startswith(name.lower()[:3]))


def weekday_number(name: str) -> int:
    """The number of a weekday, Monday 0, by its English name or abbreviation."""
    return next(n for full, n in WEEKDAYS.items() if full.startswith(name.lower()[:2]))


def day_of(year: int, month: int, day: int) -> Days | None:
    """One day; None where there is no such day."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return Days(found, found)


def month_of(year: int, month: int) -> Days:
    """A month; ``month`` may lie outside 1..12 and then counts on from its year."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return Days(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def months(year: int, first: int, count: int) -> Days:
    """A run of months."""
    return Days(month_of(year, first).start, month_of(year, first + count - 1).end)


def year_of(year: int) -> Days:
    """A year."""
    return Days(date(year, 1, 1), date(year, 12, 31))


def week_of(day: date) -> Days:
    """The week that holds a day."""
    monday = day - day.weekday() * DAY
    return Days(monday, monday + 6 * DAY)


def unit_of(day: date, unit: str, offset: int = 0) -> Days:
    """The day, week, month, quarter, year or decade ``offset`` units from the one of a day."""
    if unit == "week":
        return week_of(day + 7 * offset * DAY)
    if unit == "fortnight":
        monday = week_of(day + 14 * offset * DAY).start
        return Days(monday, monday + 13 * DAY)
    if unit == "month":
        return month_of(day.year, day.month + offset)
    if unit == "quarter":
        return months(day.year, 3 * ((day.month - 1) // 3 + offset) + 1, 3)
    if unit == "year":
        return year_of(day.year + offset)
    if unit == "decade":
        first = day.year // 10 * 10 + 10 * offset
        return Days(date(first, 1, 1), date(first + 9, 12, 31))
    return Days(day + offset * DAY, day + offset * DAY)


def back(day: date, count: int, unit: str) -> date:
    """The day ``count`` units before a day (after it, if negative); the 31st becomes the last."""
    if unit == "hour":
        return day - math.ceil(count / 24) * DAY
    if unit in _DAYS_IN:
        return day - count * _DAYS_IN[unit] * DAY
    month = month_of(day.year, day.month - count * _MONTHS_IN[unit])
    return min(month.end, month.start + (day.day - 1) * DAY)


def weekday_after(day: date, number: int) -> date:
    """The first Monday (0) or other weekday after a day, which is not it itself."""
    return day + ((number - day.weekday() - 1) % 7 + 1) * DAY


def weekday_before(day: date, number: int) -> date:
    """The last one before a day, which is not it itself."""
    return day - ((day.weekday() - number - 1) % 7 + 1) * DAY


def weekend_of(day: date) -> Days:
    """Saturday and Sunday of the week that holds a day."""
    week = week_of(day)
    return Days(week.end - DAY, week.end)


def long_weekend(day: date) -> Days:
    """The weekend that a feast makes longer: Labor Day's ends on Monday."""
    weekend = weekend_of(day)
    if day.weekday() < 2:
        return Days(weekend.start - 7 * DAY, day)
    return Days(min(weekend.start, day), weekend.end) if day.weekday() > 2 else weekend


def all_of(days: Days, weekday: int) -> list[Days]:
    """Every Monday (or other weekday, Monday 0) of a stretch of days."""
    first = days.start + (weekday - days.start.weekday()) % 7 * DAY
    count = ((days.end - first).days + 7) // 7
    return [Days(first + 7 * n * DAY, first + 7 * n * DAY) for n in range(count)]


def every(days: Days) -> list[date]:
    """Every day of a stretch."""
    return [days.start + n * DAY for n in range((days.end - days.start).days + 1)]


def weeks_in(days: Days) -> list[Days]:
    """The weeks of a month or year: those whose Thursday it holds."""
    first = week_of(days.start)
    count = (days.end - first.start).days // 7 + 1
    weeks = [week_of(first.start + 7 * n * DAY) for n in range(count)]
    return [week for week in weeks if days.start <= week.start + 3 * DAY <= days.end]


def part_of(days: Days, part: str) -> Days | None:
    """The early, mid or late part of a week, month, year or decade: a third of it, roundly.

    None where there is less than a week to part.
    """
    length = (days.end - days.start).days + 1
    if length < 7:
        return None
    n = ("early", "mid", "late").index(part)
    if length > 3000:  # a decade: 0-3, 4-6, 7-9; a century ten times as many
        first, last = ((0, 3), (4, 6), (7, 9))[n]
        year = days.start.year
        if length > 30_000:
            first, last = 10 * first, 10 * last + 9
        return Days(date(year + first, 1, 1), date(year + last, 12, 31))
    if length > 85:  # a year or quarter: runs of months
        count = round(length / 30.4) // 3
        return months(days.start.year, days.start.month + n * count, count)
    thirds = (10, 20) if length >= 28 else ((length + 1) // 3, 2 * length // 3)  # of a week 2, 2, 3
    cuts = (0, *thirds, length)
    return Days(days.start + cuts[n] * DAY, days.start + (cuts[n + 1] - 1) * DAY)


def is_backwards(when: When) -> bool:
    """Whether days end before they begin, as *less than 0 days ago*: there are none then."""
    return isinstance(when, Days) and when.end < when.start


def latest(when: When, today: date) -> Days | None:
    """The latest of these days that began by today: what is read in news lies behind."""
    if isinstance(when, Days):
        return when
    return _first(when, range(today.year, today.year - 9, -1), lambda days: days.start <= today)


def first_after(when: When, day: date) -> Days | None:
    """The first of these days that ends on or after a day."""
    if isinstance(when, Days):
        return when
    return _first(when, range(day.year, day.year + 9), lambda days: days.end >= day)


def _first(when: Yearless, years: range, fits: Callable[[Days], bool]) -> Days | None:
    for year in years:
        if 1 <= year <= 9998 and (days := when(year)) and fits(days):
            return days
    return None


_ISLAMIC_EPOCH = 227_014
_HEBREW_EPOCH = -1_373_427
"""The day before the first of the first year, as ``date.toordinal`` counts."""

_ISLAMIC = {
    "ramadan": (9, 1, 30),
    "eid": (10, 1, 1),
    "eid al fitr": (10, 1, 1),
    "eid ul fitr": (10, 1, 1),
    "eid al adha": (12, 10, 1),
    "eid ul adha": (12, 10, 1),
    "hajj": (12, 8, 6),
    "arafat day": (12, 9, 1),
    "islamic new year": (1, 1, 1),
    "ashura": (1, 10, 1),
    "arbaeen": (2, 20, 1),
    "mawlid": (3, 12, 1),
}
"""By name: the month, the first day of it, and how many days."""

_HEBREW = {
    "passover": (-163, 7),
    "shavuot": (-113, 1),
    "rosh hashanah": (0, 2),
    "jewish new year": (0, 2),
    "yom kippur": (9, 1),
    "sukkot": (14, 7),
    "simchat torah": (22, 1),
    "tisha bav": (-51, 1),
    "purim": (-193, 1),
    "hanukkah": (0, 8),
    "chanukah": (0, 8),
}
"""By name: how many days after the first of the Hebrew year that begins in the autumn, and
how many days it lasts. Hanukkah is counted from the month that it begins in."""


def feast(name: str, year: int) -> Days | None:
    """The days of a feast that begins in a year of ours; None for no feast, and where none does."""
    if name in _ISLAMIC:
        month, day, length = _ISLAMIC[name]
        around = round((year - 622) * 33 / 32)
        begun = (_islamic(one, month, day) for one in range(around - 1, around + 3))
        first = next((one for one in begun if one.year == year), None)
        if first is None:
            return None
        return _lasting(first, length)
    if name not in _HEBREW:
        return None
    after, length = _HEBREW[name]
    tishri = _tishri(year + 3761)
    if name in ("hanukkah", "chanukah"):
        # The 25th of Kislev: the month before it may have a day more.
        after = 83 + (_tishri(year + 3762) - tishri in (355, 385))
    first = date.fromordinal(tishri + after)
    if name == "tisha bav" and first.weekday() == 5:
        after += 1  # a fast gives way to the Sabbath
    return _lasting(date.fromordinal(tishri + after), length)


def _lasting(first: date, length: int) -> Days:
    return Days(first, date.fromordinal(first.toordinal() + length - 1))


def _islamic(year: int, month: int, day: int) -> date:
    before = (year - 1) * 354 + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2
    return date.fromordinal(_ISLAMIC_EPOCH - 1 + before + day)


def _tishri(year: int) -> int:
    """The ordinal of the first day of a Hebrew year."""
    return _HEBREW_EPOCH + _elapsed(year) + _delay(year)


def _elapsed(year: int) -> int:
    months = (235 * year - 234) // 19
    parts = 12_084 + 13_753 * months
    day = 29 * months + parts // 25_920
    return day + 1 if (3 * (day + 1)) % 7 < 3 else day


def _delay(year: int) -> int:
    """Years have certain lengths only, so that the day of a new year may be put off."""
    before, this, after = _elapsed(year - 1), _elapsed(year), _elapsed(year + 1)
    if after - this == 356:
        return 2
    return 1 if this - before == 382 else 0


_FIXED = {
    name: (int(month), int(day))
    for month, day, names in (
        line.split(" ", 2)
        for line in """
1 1 new year day, new year
1 6 epiphany
1 7 orthodox christmas
1 20 inauguration day
1 26 australia day
1 27 holocaust remembrance day, international holocaust remembrance day
2 2 groundhog day, candlemas
2 14 valentine day, saint valentine day
3 1 saint david day
3 8 woman day, women day, international woman day, international women day
3 14 white day
3 17 saint patrick, saint patrick day
4 1 april fool day, april fool, all fool day
4 22 earth day
4 23 saint george day
4 25 anzac day
5 1 labour day, worker day, international worker day, international labour day, may day
5 3 press freedom day, world press freedom day
5 5 cinco de mayo
5 8 ve day
5 9 europe day
6 1 children day, international children day
6 5 world environment day
6 6 d day
6 19 juneteenth
6 20 world refugee day
7 1 canada day
7 14 bastille day
8 15 assumption day
9 21 international day of peace, peace day
10 5 teacher day, world teacher day
10 24 united nation day, un day
10 31 halloween
11 1 all saint day
11 2 all soul day
11 5 guy fawkes day, guy fawkes night, bonfire night
11 11 veteran day, armistice day, remembrance day, single day
11 30 saint andrew day
12 10 human right day
12 24 christmas eve
12 25 christmas, christmas day
12 26 boxing day, saint stephen day
12 31 new year eve, nye
""".strip().splitlines()
    )
    for name in names.split(", ")
}
"""Month and day by name, each word of it in the singular."""


def _nth(year: int, month: int, weekday: int, n: int) -> date:
    """The nth Monday (0) or other weekday of a month; -1 is the last."""
    days = all_of(month_of(year, month), weekday)
    return days[n - 1 if n > 0 else n].start


_FROM_EASTER = {
    "easter": 0, "easter sunday": 0, "easter monday": 1, "good friday": -2, "holy saturday": -1,
    "maundy thursday": -3, "palm sunday": -7, "ash wednesday": -46, "shrove tuesday": -47,
    "mardi gra": -47, "ascension day": 39, "pentecost": 49, "whit sunday": 49, "whit monday": 50,
    "trinity sunday": 56, "orthodox easter": 0,
}  # fmt: skip
"""Days after Easter by name."""

_WEEKDAY_OF_MONTH = {
    "martin luther king day": (1, 0, 3, 0), "mlk day": (1, 0, 3, 0), "president day": (2, 0, 3, 0),
    "mother day": (5, 6, 2, 0), "memorial day": (5, 0, -1, 0), "father day": (6, 6, 3, 0),
    "labor day": (9, 0, 1, 0), "columbus day": (10, 0, 2, 0),
    "indigenous people day": (10, 0, 2, 0), "thanksgiving": (11, 3, 4, 0),
    "thanksgiving day": (11, 3, 4, 0), "black friday": (11, 3, 4, 1), "cyber monday": (11, 3, 4, 4),
}  # fmt: skip
"""By name: the month, the weekday (Monday 0), which of that month, and how many days after it."""


def _nowruz(year: int) -> date:
    """The first day of a Persian year, of which 8 in 33 are leap; good from 1900 to 2099."""
    if year < 1822:
        raise ValueError("before the first year that is counted from")
    days = sum(366 if one % 33 in _PERSIAN_LEAPS else 365 for one in range(1200, year - 621))
    return _PERSIAN_1200 + days * DAY


_PERSIAN_1200 = date(1821, 3, 21)
_PERSIAN_LEAPS = (1, 5, 9, 13, 17, 22, 26, 30)
_PERSIAN = ("nowruz", "norooz", "persian new year")


def _moving(name: str, year: int) -> date | None:
    """The day of a feast whose day a rule gives; None for any other name."""
    if name in _FROM_EASTER:
        rule = EASTER_ORTHODOX if name.startswith("orthodox") else EASTER_WESTERN
        sunday: date = easter(year, rule)
        return sunday + _FROM_EASTER[name] * DAY
    if name in _WEEKDAY_OF_MONTH:
        *place, after = _WEEKDAY_OF_MONTH[name]
        return _nth(year, *place) + after * DAY
    return _nowruz(year) if name in _PERSIAN else None


_OTHERS_NEW_YEAR = "".join(
    rf"(?<!{whose}\s)" for whose in ("chinese", "lunar", "jewish", "persian", "islamic")
)


def _pattern(name: str) -> str:
    """A pattern for a name: with or without apostrophes, *St* for *saint*, *Xmas*."""
    words = [_OTHERWISE.get(word, rf"{word}['’]?s?['’]?") for word in name.split()]
    if name.startswith("saint "):
        words[0] = r"(?:saint|st\.?)"
    return (_OTHERS_NEW_YEAR if name.startswith("new year") else "") + r"[\s-]".join(words)


_PLAIN = frozenset(
    "christmas christi fawkes columbus thanksgiving easter day eve ash de al ul of".split()
)
_OTHERWISE = {word: word for word in _PLAIN} | {
    "christmas": "(?:christ|x)mas",
    "single": "singles['’]?",  # every single day is another
}
_NAMED = (
    *_FIXED, *_FROM_EASTER, *_WEEKDAY_OF_MONTH, *_PERSIAN, *_ISLAMIC, *_HEBREW,
)  # fmt: skip
NAMES = "(?:{})".format("|".join(map(_pattern, sorted(_NAMED, key=len, reverse=True))))
"""A pattern for all of them."""


FIRST_WORDS = frozenset(
    word + ending
    for name in _NAMED
    for word in (name.split()[0], *(("st",) if name.startswith("saint ") else ()))
    for ending in ("", "s")
) | {"xmas"}
"""What they may begin with."""


def named_day(name: str, year: int) -> Days | None:
    """The day that bears a name in a year, or the days."""
    key = " ".join(map(_singular, re.sub(r"['’.]", "", name.lower()).replace("-", " ").split()))
    key = key.replace("xmas", "christmas")
    if key in _FIXED:
        return day_of(year, *_FIXED[key])
    if (found := _moving(key, year)) is not None:
        return Days(found, found)
    return feast(key, year)


def _singular(word: str) -> str:
    if word == "st":
        return "saint"
    return word if word in _PLAIN or word == "xmas" else word.removesuffix("s")
