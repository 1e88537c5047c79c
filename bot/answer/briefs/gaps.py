"""What a brief cannot know: days of a period without articles, and how old the newest is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from bot.answer.words import count, day, days
from bot.models import Period

OLD_DAYS = 14
"""A newest article older than this is worth a word."""

LONG_DAYS = 14
"""So is a stretch of a period, of so many days, without any."""


def gaps(
    period: Period | None, published: Sequence[date], newest: date | None, today: date
) -> tuple[str, ...]:
    """Sentences on what is missing; ``published`` are the days of the articles of a period."""
    found = []
    if period is None:
        if newest is not None and (today - newest).days > OLD_DAYS:
            age = count((today - newest).days, "day")
            found.append(f"The newest article is {age} old ({day(newest)}).")
    elif longest := _longest(period, published, today):
        found.append(f"No article of {days(longest)} is stored.")
    return tuple(found)


def _longest(period: Period, published: Sequence[date], today: date) -> Period | None:
    """The longest stretch of a period, up to today, in which nothing was published."""
    if not published:
        return None
    known = sorted(set(published))
    start = period.start or known[0]
    end = min(period.end or today, today)
    edges = [start - timedelta(days=1), *known, end + timedelta(days=1)]
    stretches = [(after - before, before) for before, after in pairwise(edges)]
    length, before = max(stretches)
    if length.days - 1 < LONG_DAYS:
        return None
    one = timedelta(days=1)
    return Period(start=before + one, end=before + length - one)
