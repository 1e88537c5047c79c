"""When digests are due, and when quiet hours end, in the time zones of their places.

Local times become instants as in PEP 495 (https://peps.python.org/pep-0495): of a time that occurs
twice, the first counts; a time that a clock skips is due at the instant of the jump.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.models import Hours, Times, Watch
from bot.store.store import Store

AGE = timedelta(hours=12)
"""A digest that was due longer ago is not sent; the next one covers its time."""

_WEEKDAYS = range(5)
_AROUND = timedelta(days=2)  # a zone may jump by a whole day


class Step(NamedTuple):
    """What to do about a due digest: send the one due at ``send`` (None: too late), then wait."""

    send: datetime | None
    next_due: datetime


def next_due(times: Times, after: datetime) -> datetime:
    """The first instant after ``after`` at which a digest is due, in UTC."""
    return next(due_times(times, after))


def due_times(times: Times, after: datetime) -> Iterator[datetime]:
    """All instants after ``after`` at which a digest is due, in UTC and in order, endlessly."""
    zone = ZoneInfo(times.tz)
    day = after.astimezone(zone).date() - _AROUND
    known = after
    while True:
        for instant in _on(times, day, zone):
            # Two skipped times fall on the same instant, which is due once.
            if instant > known:
                known = instant
                yield instant
        day += timedelta(days=1)


def step(times: Times, due: datetime, now: datetime, age: timedelta = AGE) -> Step:
    """Decide what to do at ``now`` about a digest due at ``due``, or later if it was missed.

    Of several missed digests the last is sent, and covers the time of all.
    """
    last = due
    for instant in due_times(times, due):
        if instant > now:
            return Step(last if now - last < age else None, instant)
        last = instant
    raise AssertionError("there is always a next one")


def after_quiet_hours(hours: Hours | None, tz: str, now: datetime) -> datetime:
    """The end of the quiet hours that ``now`` is in; ``now`` if it is in none."""
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


def end_of_quiet(store: Store, workspace: str, team: str, place: str, now: datetime) -> datetime:
    """When a place may be sent something: now, or at the end of its quiet hours.

    These are the quiet hours of its digest, or, if that has none, those of its preferences.
    """
    digest = store.digests.of(workspace, team, place)
    if digest is not None and digest.hush is not None:
        return after_quiet_hours(digest.hush, digest.times.tz, now)
    preferred = store.preferences.place(team, place)
    return after_quiet_hours(preferred.hush, preferred.tz, now)


def send_time(store: Store, watch: Watch, now: datetime) -> datetime:
    """When an alert of a watch may be sent: now, or at the end of the quiet hours."""
    return end_of_quiet(store, watch.workspace, watch.team, watch.place, now)


def _on(times: Times, day: date, zone: tzinfo) -> Iterator[datetime]:
    if times.often == "weekdays" and day.weekday() not in _WEEKDAYS:
        return
    if times.often == "weekly" and day.weekday() != times.weekday:
        return
    for at in sorted(times.at) if times.often == "twice" else times.at[:1]:
        yield _instant(day, at, zone)


def _instant(day: date, at: time, zone: tzinfo) -> datetime:
    """The first instant at which the clock shows this time on this day."""
    wall = datetime.combine(day, at)
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    # Skipped: the clock jumps somewhere between the readings by the two offsets.
    low, high = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), first
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
