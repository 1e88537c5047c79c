"""When digests are due, by the clocks of their places: pure.

What clocks show is turned into instants as PEP 495 (https://peps.python.org/pep-0495) lays it
down: a time that comes twice is meant the first time. A time that a clock leaves out is due at
the instant it jumps, the next that there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.models import Hours, Times

AGE = timedelta(hours=12)
"""A digest that was due longer ago is not sent any more: the next one tells what is new."""

_WEEKDAYS = range(5)
_AROUND = timedelta(days=2)  # a zone may jump by a whole day


class Turn(NamedTuple):
    """What is to be done of a digest that is due: ``send`` the one that was due at that
    instant, None where it is too late for it, and wait for ``following``."""

    send: datetime | None
    following: datetime


def following(times: Times, after: datetime) -> datetime:
    """The first instant after another at which a digest is due; UTC."""
    return next(dues(times, after))


def dues(times: Times, after: datetime) -> Iterator[datetime]:
    """All instants after another at which a digest is due, in order; UTC, without an end."""
    zone = ZoneInfo(times.tz)
    day = after.astimezone(zone).date() - _AROUND
    known = after
    while True:
        for instant in _on(times, day, zone):
            # Two times that a clock leaves out fall on one instant, which is due once.
            if instant > known:
                known = instant
                yield instant
        day += timedelta(days=1)


def turn(times: Times, due: datetime, now: datetime, age: timedelta = AGE) -> Turn:
    """Decide what to do at ``now`` of a digest due at ``due``, or later if it was missed.

    Of several that were missed the last is sent, and tells what all of them would have told.
    """
    last = due
    for instant in dues(times, due):
        if instant > now:
            return Turn(last if now - last < age else None, instant)
        last = instant
    raise AssertionError("there is always a next one")


def loud(hours: Hours | None, tz: str, now: datetime) -> datetime:
    """When something may be told that comes at ``now``: at once, or when quiet hours end."""
    if hours is None or hours.begin == hours.end:
        return now
    zone = ZoneInfo(tz)
    today = now.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        last = day if hours.begin < hours.end else day + timedelta(days=1)
        begin, end = _instant(day, hours.begin, zone), _instant(last, hours.end, zone)
        if begin <= now < end:
            return end
    return now


def _on(times: Times, day: date, zone: tzinfo) -> Iterator[datetime]:
    if times.often == "weekdays" and day.weekday() not in _WEEKDAYS:
        return
    if times.often == "weekly" and day.weekday() != times.weekday:
        return
    for at in sorted(times.at) if times.often == "twice" else times.at[:1]:
        yield _instant(day, at, zone)


def _instant(day: date, at: time, zone: tzinfo) -> datetime:
    """When the clock shows this time on this day, for the first time."""
    wall = datetime.combine(day, at)
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    # Left out: the clock jumps somewhere between what the two offsets make of it.
    low, high = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), first
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
