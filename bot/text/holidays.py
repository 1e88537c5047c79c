"""Days with a name of their own: *Christmas*, *Easter 2024*, *Thanksgiving*.

Fixed days and those that a rule gives. Feasts by the moon (Ramadan, Eid) are not here: their
days depend on what is seen, and no rule gives them a year ahead.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date

from bot.text.days import DAY, Days, day_of

_FIXED = {
    "christmas": (12, 25),
    "christmas day": (12, 25),
    "christmas eve": (12, 24),
    "boxing day": (12, 26),
    "new year": (1, 1),
    "new years day": (1, 1),
    "new year day": (1, 1),
    "new years eve": (12, 31),
    "halloween": (10, 31),
    "valentines day": (2, 14),
    "earth day": (4, 22),
    "saint patrick": (3, 17),
    "saint patricks day": (3, 17),
    "st patricks day": (3, 17),
    "labour day": (5, 1),
    "workers day": (5, 1),
    "international workers day": (5, 1),
    "bastille day": (7, 14),
    "groundhog day": (2, 2),
    "cinco de mayo": (5, 5),
    "childrens day": (6, 1),
    "international childrens day": (6, 1),
    "juneteenth": (6, 19),
    "all saints day": (11, 1),
    "all souls day": (11, 2),
    "guy fawkes day": (11, 5),
    "singles day": (11, 11),
    "womens day": (3, 8),
    "international womens day": (3, 8),
    "april fools day": (4, 1),
    "april fools": (4, 1),
    "veterans day": (11, 11),
    "armistice day": (11, 11),
    "human rights day": (12, 10),
}


def _easter(year: int) -> date:
    """Western Easter Sunday, by the anonymous Gregorian rule (Meeus, Astronomical Algorithms)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    n = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + n + 90) // 25
    return date(year, month, (h - m + n + month + 19) % 32)


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
    "easter": _easter,
    "easter sunday": _easter,
    "easter monday": lambda year: _easter(year) + DAY,
    "good friday": lambda year: _easter(year) - 2 * DAY,
    "thanksgiving": _thanksgiving,
    "thanksgiving day": _thanksgiving,
    "maundy thursday": lambda year: _easter(year) - 3 * DAY,
    "palm sunday": lambda year: _easter(year) - 7 * DAY,
    "ash wednesday": lambda year: _easter(year) - 46 * DAY,
    "pentecost": lambda year: _easter(year) + 49 * DAY,
    "martin luther king day": lambda year: _nth(year, 1, 0, 3),
    "mlk day": lambda year: _nth(year, 1, 0, 3),
    "presidents day": lambda year: _nth(year, 2, 0, 3),
    "mothers day": lambda year: _nth(year, 5, 6, 2),
    "memorial day": lambda year: _nth(year, 5, 0, -1),
    "fathers day": lambda year: _nth(year, 6, 6, 3),
    "labor day": lambda year: _nth(year, 9, 0, 1),
    "columbus day": lambda year: _nth(year, 10, 0, 2),
    "cyber monday": lambda year: _thanksgiving(year) + 4 * DAY,
    "black friday": lambda year: _thanksgiving(year) + DAY,
}

NAMES = r"""
(?:(?:mother|father|president)['’]?s?['’]?\sday|(?:international\s)?wom[ae]n['’]?s?['’]?\sday
|(?:memorial|labor|columbus|groundhog|armistice|human\srights|mlk|martin\sluther\sking)\sday
|veteran['’]?s?['’]?\sday|april\sfool['’]?s?['’]?(?:\sday)?|palm\ssunday|ash\swednesday|pentecost
|cyber\smonday|maundy\sthursday|cinco\sde\smayo|juneteenth|guy\sfawkes\sday
|(?:all\s(?:saints|souls)|(?:international\s)?children|single)['’]?s?['’]?\sday|(?:international\s)?(?:workers|labour)['’]?s?['’]?\sday|christmas(?:\s(?:day|eve))?|boxing\sday
|new\syear(?:['’]?s)?\s(?:day|eve)|halloween|valentine['’]?s\sday|earth\sday|bastille\sday
|(?:saint|st\.?)\spatrick(?:['’]?s\sday)?|easter(?:\s(?:sunday|monday))?|good\sfriday
|thanksgiving(?:\sday)?|black\sfriday)
""".replace("\n", "")
"""A pattern for all of them."""


def named_day(name: str, year: int) -> Days | None:
    """The day that bears a name in a year."""
    key = " ".join(name.lower().replace("’", "").replace("'", "").replace(".", "").split())
    if key in _MOVING:
        found = _MOVING[key](year)
        return Days(found, found)
    return day_of(year, *_FIXED[key]) if key in _FIXED else None
