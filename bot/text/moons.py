"""Feasts by the moon, in the months of two arithmetic calendars: *Ramadan 2024*, *Passover*.

The Islamic days are those of the tabular calendar (11 leap years in 30) from the epoch of 15
July 622, which meets the days that the Gulf states keep in most years: where the new moon is
looked for, a feast may be a day earlier or later. The Hebrew calendar is the fixed one. Both
rules are as in Reingold and Dershowitz, *Calendrical Calculations*. A Hebrew feast begins on
the evening before the day given here.
"""

from __future__ import annotations

from datetime import date

from bot.text.days import Days

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

NAMES = (*_ISLAMIC, *_HEBREW)


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
