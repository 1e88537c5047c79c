"""Date an act by its own sentence, relative to the day of publication."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from bot.models import Precision

_MONTHS = """
    january february march april may june july august september october november december
""".split()
_SHORT = [month[:3] for month in _MONTHS]
_MONTH = "|".join(month.capitalize() for month in _MONTHS) + (
    r"|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\."
)
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()

_FULL = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)? (?P<m1>{_MONTH}),? (?P<y1>\d{{4}})|"
    rf"(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y2>\d{{4}}))\b"
)
_MONTH_ALONE = re.compile(rf"\b[Ii]n (?:early |late |mid-)?(?P<m>{_MONTH})(?!\w|,? \d)")
_MONTH_YEAR = re.compile(rf"\b[Ii]n (?:early |mid-|late )?(?P<m>{_MONTH}),? (?P<y>\d{{4}})\b")
_DAY_MONTH = re.compile(
    rf"\b[Oo]n (?:(?P<d1>\d{{1,2}}) (?P<m1>{_MONTH})|(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}}))\b(?! ?\d)"
)
# A year later in the sentence is mostly background: "the first time since 2021".
_YEAR = re.compile(r"\AIn (?P<y>(?:19|20)\d{2})\b")
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(day.capitalize() for day in _DAYS)})\b")
# The end of a period, or a future or recurring day, is not the day of an act.
_NOT_THEN = re.compile(
    rf"\b(?:until|till|since|from|by|before|after|through|between|coming|next|following|every|each|most|of|for)"
    rf" (?:early |late |mid-)?(?:{_MONTH}|{'|'.join(day.capitalize() for day in _DAYS)}|\d{{4}})\b"
    rf"(?: \d{{1,2}}\b)?(?:,? \d{{4}})?"
)
# The timestamp of a live page runs into its first sentence: "8:39 am ET March 12, 2026".
_STAMP = re.compile(r"\b\d{1,2}:\d{2} ?[ap]\.?m\.? [A-Z]{2,4},? \w+\.? \d{1,2}, \d{4}\b")
_NEAR = re.compile(r"\b(?:yesterday|today|tonight|tomorrow)\b", re.IGNORECASE)
_NEAR_DAYS = {"yesterday": -1, "tomorrow": 1}


_TOMORROW = 6
"""The weekday of so many days ago is also tomorrow's. As often as not, it means tomorrow: the
article was updated after its date."""


def event_date(
    sentence: str, published: date | None, *, ahead: bool = False
) -> tuple[date | None, Precision | None]:
    """Return the day and its precision; (None, None) if the sentence gives none.

    A weekday is the latest one up to the day of publication, except tomorrow's; a month or a day
    without a year is the latest, too. If the act is ``ahead``, all these are the next ones. Two
    different dates give none: it is unknown which of them dates the act.
    """
    found: dict[date, Precision] = {}
    rest = _NOT_THEN.sub(" ", _STAMP.sub(" ", sentence))
    for regex, precision in ((_FULL, "day"), (_MONTH_YEAR, "month")):
        for match in regex.finditer(rest):
            day = _explicit(match)
            if day is not None:
                found[day] = "day" if precision == "day" else "month"
        rest = regex.sub(" ", rest)
    if published is not None:
        found.update(_coming(rest, published) if ahead else _latest(rest, published))
    if not found:
        for match in _YEAR.finditer(rest):
            found[date(int(match["y"]), 1, 1)] = "year"
    if len(found) != 1:
        return None, None
    return next(iter(found.items()))


def _explicit(match: re.Match[str]) -> date | None:
    groups = match.groupdict()
    month = groups.get("m1") or groups.get("m2") or groups["m"]
    day = groups.get("d1") or groups.get("d2") or "1"
    year = groups.get("y1") or groups.get("y2") or groups["y"]
    try:
        return date(int(str(year)), _number(str(month)), int(day))
    except ValueError:
        return None


def _latest(sentence: str, published: date) -> dict[date, Precision]:
    """Return the days that words without a year mean for a past act."""
    found: dict[date, Precision] = {}
    for when in _days_and_months(sentence):
        # "On December 28" in a January article is last year's.
        latest = published + (timedelta(days=31) if when.precision == "day" else timedelta(0))
        if day := when.first(range(published.year, published.year - 5, -1), latest=latest):
            found[day] = when.precision
    for match in _WEEKDAY.finditer(sentence):
        back = (published.weekday() - _DAYS.index(match.group().lower())) % 7
        if back < _TOMORROW or sentence.endswith("ast ", 0, match.start()):
            found[published - timedelta(days=back)] = "day"
    for match in _NEAR.finditer(sentence):
        away = _NEAR_DAYS.get(match.group().lower(), 0)
        if away < 1:
            found[published + timedelta(days=away)] = "day"
    return found


def _coming(sentence: str, published: date) -> dict[date, Precision]:
    """Return the days that words without a year mean for a future act."""
    found: dict[date, Precision] = {}
    for when in _days_and_months(sentence):
        earliest = published if when.precision == "day" else published.replace(day=1)
        if day := when.first(range(published.year, published.year + 5), earliest=earliest):
            found[day] = when.precision
    for match in _WEEKDAY.finditer(sentence):
        away = (_DAYS.index(match.group().lower()) - published.weekday()) % 7
        found[published + timedelta(days=away)] = "day"
    for match in _NEAR.finditer(sentence):
        away = _NEAR_DAYS.get(match.group().lower(), 0)
        if away > -1:
            found[published + timedelta(days=away)] = "day"
    return found


class _Yearless(NamedTuple):
    """A day or month without a year."""

    month: int
    day: int
    precision: Precision

    def first(
        self, years: range, *, earliest: date = date.min, latest: date = date.max
    ) -> date | None:
        """Return the first match, in the order of the years, that lies within bounds."""
        for year in years:
            try:
                found = date(year, self.month, self.day)
            except ValueError:  # February 29
                continue
            if earliest <= found <= latest:
                return found
        return None


def _days_and_months(sentence: str) -> Iterator[_Yearless]:
    for match in _DAY_MONTH.finditer(sentence):
        yield _Yearless(_number(match["m1"] or match["m2"]), int(match["d1"] or match["d2"]), "day")
    for match in _MONTH_ALONE.finditer(sentence):
        yield _Yearless(_number(match["m"]), 1, "month")


def _number(month: str) -> int:
    return _SHORT.index(month[:3].lower()) + 1
