"""Days with a name of their own: *Christmas*, *Easter 2024*, *Thanksgiving*, *Ramadan 2024*.

Fixed days, those that a rule gives, and feasts by the moon, in the months of two arithmetic
calendars. The Islamic days are those of the tabular calendar (11 leap years in 30) from the epoch
of 15 July 622, which meets the days that the Gulf states keep in most years: where the new moon is
looked for, a feast may be a day earlier or later. The Hebrew calendar is the fixed one. Both
rules are as in Reingold and Dershowitz, *Calendrical Calculations*. A Hebrew feast begins on
the evening before the day given here.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date

from dateutil.easter import EASTER_ORTHODOX, easter

from bot.text.days import DAY, Days, day_of

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

LUNAR = (*_ISLAMIC, *_HEBREW)


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


def _orthodox_easter(year: int) -> date:
    sunday: date = easter(year, EASTER_ORTHODOX)
    return sunday


def _nth(year: int, month: int, weekday: int, n: int) -> date:
    """The nth Monday (0) or other weekday of a month; -1 is the last."""
    month_days = calendar.monthrange(year, month)[1]
    first = 1 + (weekday - calendar.weekday(year, month, 1)) % 7
    days = range(first, month_days + 1, 7)
    return date(year, month, days[n - 1] if n > 0 else days[n])


def _thanksgiving(year: int) -> date:
    """The fourth Thursday of November."""
    return _nth(year, 11, 3, 4)


_MOVING: dict[str, Callable[[int], date]] = {
    "easter": easter,
    "easter sunday": easter,
    "easter monday": lambda year: easter(year) + DAY,
    "good friday": lambda year: easter(year) - 2 * DAY,
    "holy saturday": lambda year: easter(year) - DAY,
    "maundy thursday": lambda year: easter(year) - 3 * DAY,
    "palm sunday": lambda year: easter(year) - 7 * DAY,
    "ash wednesday": lambda year: easter(year) - 46 * DAY,
    "shrove tuesday": lambda year: easter(year) - 47 * DAY,
    "mardi gra": lambda year: easter(year) - 47 * DAY,
    "ascension day": lambda year: easter(year) + 39 * DAY,
    "pentecost": lambda year: easter(year) + 49 * DAY,
    "whit sunday": lambda year: easter(year) + 49 * DAY,
    "whit monday": lambda year: easter(year) + 50 * DAY,
    "trinity sunday": lambda year: easter(year) + 56 * DAY,
    "orthodox easter": _orthodox_easter,
    "thanksgiving": _thanksgiving,
    "thanksgiving day": _thanksgiving,
    "martin luther king day": lambda year: _nth(year, 1, 0, 3),
    "mlk day": lambda year: _nth(year, 1, 0, 3),
    "president day": lambda year: _nth(year, 2, 0, 3),
    "mother day": lambda year: _nth(year, 5, 6, 2),
    "memorial day": lambda year: _nth(year, 5, 0, -1),
    "father day": lambda year: _nth(year, 6, 6, 3),
    "labor day": lambda year: _nth(year, 9, 0, 1),
    "columbus day": lambda year: _nth(year, 10, 0, 2),
    "indigenous people day": lambda year: _nth(year, 10, 0, 2),
    "cyber monday": lambda year: _thanksgiving(year) + 4 * DAY,
    "black friday": lambda year: _thanksgiving(year) + DAY,
}


def _nowruz(year: int) -> date:
    """The first day of a Persian year, of which 8 in 33 are leap; good from 1900 to 2099."""
    if year < 1822:
        raise ValueError("before the first year that is counted from")
    days = sum(366 if one % 33 in _PERSIAN_LEAPS else 365 for one in range(1200, year - 621))
    return _PERSIAN_1200 + days * DAY


_PERSIAN_1200 = date(1821, 3, 21)
_PERSIAN_LEAPS = (1, 5, 9, 13, 17, 22, 26, 30)
_MOVING |= dict.fromkeys(("nowruz", "norooz", "persian new year"), _nowruz)

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
NAMES = "(?:{})".format(
    "|".join(map(_pattern, sorted({*_FIXED, *_MOVING, *LUNAR}, key=len, reverse=True)))
)
"""A pattern for all of them."""


FIRST_WORDS = frozenset(
    word + ending
    for name in (*_FIXED, *_MOVING, *LUNAR)
    for word in (name.split()[0], *(("st",) if name.startswith("saint ") else ()))
    for ending in ("", "s")
) | {"xmas"}
"""What they may begin with."""


def named_day(name: str, year: int) -> Days | None:
    """The day that bears a name in a year, or the days."""
    key = " ".join(map(_singular, re.sub(r"['’.]", "", name.lower()).replace("-", " ").split()))
    key = key.replace("xmas", "christmas")
    if key in _MOVING:
        found = _MOVING[key](year)
        return Days(found, found)
    if key in _FIXED:
        return day_of(year, *_FIXED[key])
    return feast(key, year)


def _singular(word: str) -> str:
    if word == "st":
        return "saint"
    return word if word in _PLAIN or word == "xmas" else word.removesuffix("s")
