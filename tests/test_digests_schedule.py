"""When digests are due: through clock changes, leap days and time away."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digests.schedule import after_quiet_hours, due_times, next_due, step
from bot.models import Hours, Often, Times

ZONES = (
    "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Australia/Sydney",
    "Pacific/Auckland", "America/Santiago", "Australia/Lord_Howe", "Asia/Beirut",
    "America/Havana", "Asia/Kathmandu", "Africa/Casablanca", "Atlantic/Azores",
)  # fmt: skip
QUARTER = timedelta(minutes=15)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def times(at: str, tz: str, often: Often = "daily", weekday: int = 0) -> Times:
    clocks = tuple(time.fromisoformat(one) for one in at.split())
    return Times(often=often, at=clocks, weekday=weekday, tz=tz)


@pytest.mark.parametrize(
    ("asked", "after", "due"),
    [
        # An hour that does not exist: at the instant of the jump.
        (times("02:30", "Europe/Berlin"), "2026-03-28T12:00", "2026-03-29T01:00"),
        (times("02:00", "Europe/Berlin"), "2026-03-28T12:00", "2026-03-29T01:00"),
        (times("01:59", "Europe/Berlin"), "2026-03-28T12:00", "2026-03-29T00:59"),
        (times("03:00", "Europe/Berlin"), "2026-03-28T12:00", "2026-03-29T01:00"),
        (times("02:30", "Europe/Berlin"), "2026-03-29T01:00", "2026-03-30T00:30"),
        (times("00:30", "America/Santiago"), "2026-09-05T12:00", "2026-09-06T04:00"),
        (times("02:15", "Australia/Lord_Howe"), "2026-10-03T12:00", "2026-10-03T15:30"),
        # An hour that comes twice: the first time, and not again.
        (times("02:30", "Europe/Berlin"), "2026-10-24T12:00", "2026-10-25T00:30"),
        (times("02:30", "Europe/Berlin"), "2026-10-25T00:30", "2026-10-26T01:30"),
        (times("02:30", "Australia/Sydney"), "2026-04-04T00:00", "2026-04-04T15:30"),
        (times("02:30", "Australia/Sydney"), "2026-04-04T15:30", "2026-04-05T16:30"),
        # A day that does not exist.
        (times("08:00", "Pacific/Apia"), "2011-12-29T20:00", "2011-12-30T10:00"),
        (times("08:00", "Pacific/Apia"), "2011-12-30T10:00", "2011-12-30T18:00"),
        # Days and weekdays are those of the place.
        (times("08:00", "Pacific/Auckland", "weekdays"), "2026-05-01T00:00", "2026-05-03T20:00"),
        (times("08:00", "UTC", "weekly", 6), "2026-05-04T00:00", "2026-05-10T08:00"),
        (times("18:00 08:00", "UTC", "twice"), "2026-05-04T08:00", "2026-05-04T18:00"),
        (times("18:00 08:00", "UTC"), "2026-05-04T08:00", "2026-05-04T18:00"),
        (times("08:00", "UTC"), "2028-02-28T08:00", "2028-02-29T08:00"),
    ],
)
def test_due_by_the_clocks_of_a_place(asked: Times, after: str, due: str) -> None:
    assert next_due(asked, utc(after)) == utc(due)


def test_two_times_that_a_clock_leaves_out_are_due_once() -> None:
    both = times("02:15 02:45", "Europe/Berlin", "twice")
    found = takewhile(
        lambda one: one < utc("2026-03-30T00:00"), due_times(both, utc("2026-03-28T12:00"))
    )
    assert list(found) == [utc("2026-03-29T01:00")]


@pytest.mark.parametrize("tz", ZONES)
@settings(max_examples=6, deadline=None)
@given(
    often=st.sampled_from(("daily", "weekdays", "weekly", "twice")),
    quarters=st.lists(st.integers(0, 95), min_size=2, max_size=2, unique=True),
    weekday=st.integers(0, 6),
    year=st.integers(2024, 2027),
)
def test_a_year_by_a_clock_that_is_watched(
    tz: str, often: Often, quarters: list[int], weekday: int, year: int
) -> None:
    """Due is when the clock, looked at every quarter of an hour, has first come to a time."""
    at = tuple(sorted(time(n // 4, n % 4 * 15) for n in quarters))
    asked = Times(often=often, at=at, weekday=weekday, tz=tz)
    begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    found = list(takewhile(lambda one: one <= end, due_times(asked, begin)))
    assert found == _watched(asked, begin, end)
    assert len(found) == len(set(found))


def _watched(asked: Times, begin: datetime, end: datetime) -> list[datetime]:
    zone, found = ZoneInfo(asked.tz), []
    at = asked.at if asked.often == "twice" else asked.at[:1]
    ahead = [
        datetime.combine((begin + n * DAY).date(), one)
        for n in range(-2, 370)
        for one in at
        if asked.often != "weekdays" or (begin + n * DAY).weekday() < 5
        if asked.often != "weekly" or (begin + n * DAY).weekday() == asked.weekday
    ]
    furthest = begin.astimezone(zone).replace(tzinfo=None)
    instant = begin
    while instant <= end:
        wall = instant.astimezone(zone).replace(tzinfo=None)
        if any(furthest < one <= wall for one in ahead[:3]):
            found.append(instant)
        furthest = max(furthest, wall)
        while ahead and ahead[0] <= furthest:
            ahead.pop(0)
        instant += QUARTER
    return found


@pytest.mark.parametrize(
    ("now", "send", "then"),
    [
        ("2026-05-04T08:00", "2026-05-04T08:00", "2026-05-05T08:00"),
        ("2026-05-04T19:59", "2026-05-04T08:00", "2026-05-05T08:00"),
        ("2026-05-04T20:00", None, "2026-05-05T08:00"),  # too late
        ("2026-05-07T09:00", "2026-05-07T08:00", "2026-05-08T08:00"),  # of four the last
        ("2026-05-07T07:59", None, "2026-05-07T08:00"),  # the last is old, the next is near
    ],
)
def test_missed_it_is_sent_once_on_return(now: str, send: str | None, then: str) -> None:
    done = step(times("08:00", "UTC"), utc("2026-05-04T08:00"), utc(now), 12 * HOUR)
    assert done == (utc(send) if send else None, utc(then))


@pytest.mark.parametrize(
    ("begin", "end", "now", "then"),
    [
        ("22:00", "07:00", "2026-05-04T20:30", "2026-05-05T05:00"),
        ("22:00", "07:00", "2026-05-04T02:00", "2026-05-04T05:00"),
        ("22:00", "07:00", "2026-05-04T05:00", "2026-05-04T05:00"),  # it is over
        ("22:00", "07:00", "2026-05-04T19:59", "2026-05-04T19:59"),
        ("12:00", "13:00", "2026-05-04T10:30", "2026-05-04T11:00"),
        ("12:00", "13:00", "2026-05-04T11:00", "2026-05-04T11:00"),
        ("08:00", "08:00", "2026-05-04T06:00", "2026-05-04T06:00"),  # none
        ("22:00", "02:30", "2026-03-29T00:30", "2026-03-29T01:00"),  # ends in the lost hour
    ],
)
def test_quiet_hours_end_by_the_clock(begin: str, end: str, now: str, then: str) -> None:
    hours = Hours(begin=time.fromisoformat(begin), end=time.fromisoformat(end))
    assert after_quiet_hours(hours, "Europe/Berlin", utc(now)) == utc(then)
    assert after_quiet_hours(None, "Europe/Berlin", utc(now)) == utc(now)
