"""When an article was published, as far as its file says so.

A date is never guessed: what a file does not say stays unknown, and what it says
wrongly is refused with a sentence.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.models import Precision

OLDEST_YEAR = 1600
"""Newspapers begin in 1605; an earlier year is a slip of the pen."""

AHEAD = timedelta(days=1)
"""How far ahead of now a date may be: the far side of the date line, no further."""

_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})")
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_INSTANT = re.compile(r"\d{4}-?\d\d-?\d\d[T ]\d\d.*", re.IGNORECASE)
_RFC_2822 = re.compile(r"(?:[A-Za-z]{3}, *)?\d{1,2} [A-Za-z]{3} \d{4} \d\d:\d\d.*")
_ZONE_NAME = re.compile(r" ?(?:UTC|GMT)$", re.IGNORECASE)


def published(text: str, *, now: datetime) -> tuple[datetime, Precision]:
    """Read a date of publication: the first instant (UTC) it may mean, and its precision.

    Takes ISO 8601 dates and datetimes (a naive one is UTC), a month ``2024-03``, a year
    ``2024``, and RFC 2822 (``Wed, 27 Mar 2024 10:00:00 GMT``). Raises ValueError with the
    rest of a sentence that begins "date is ...": what is wrong with it, what to write.
    """
    text = text.strip()
    try:
        when, precision = _parse(text)
        when = when.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(
            f"{_short(text)}: not a date; write it as 2024-03-27, or 2024-03-27T10:00Z"
        ) from error
    if when.year < OLDEST_YEAR:
        raise ValueError(f"{_short(text)}: earlier than any newspaper; check the year")
    if when > now + AHEAD:
        raise ValueError(f"{_short(text)}: in the future; check it, or leave it out")
    return when, precision


def _parse(text: str) -> tuple[datetime, Precision]:
    if _YEAR.fullmatch(text):
        return _midnight(int(text), 1, 1), "year"
    if found := _MONTH.fullmatch(text):
        return _midnight(int(found[1]), int(found[2]), 1), "month"
    if found := _DAY.fullmatch(text):
        return _midnight(int(found[1]), int(found[2]), int(found[3])), "day"
    if _RFC_2822.fullmatch(text):
        return _aware(parsedate_to_datetime(text)), "minute"
    if _INSTANT.fullmatch(text):
        return _aware(datetime.fromisoformat(_ZONE_NAME.sub("+00:00", text))), "minute"
    only_day = date.fromisoformat(text)
    return _midnight(only_day.year, only_day.month, only_day.day), "day"


def _midnight(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _short(text: str) -> str:
    return repr(text) if len(text) <= 60 else repr(text[:60] + "…")
