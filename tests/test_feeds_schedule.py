"""When a feed is polled again, and what is told of it: tables of cases, no clock, no network."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import FetchError, TooHeavy
from bot.feeds.following import feed_of
from bot.feeds.schedule import (
    DEAD_TRIES,
    FASTEST,
    SLOWEST,
    Changed,
    Outcome,
    Unchanged,
    conditions,
    polled,
)
from bot.gather.feeds import Listed
from bot.gather.fetch import Fetched
from bot.models import Feed, FeedEntry, FeedRead

pytestmark = pytest.mark.usefixtures("each_store")

NOW = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
URL = "https://news.example.org/feed"
HOUR, DAY = 3_600, 86_400


def feed(**more: Any) -> Feed:
    made = feed_of(Listed(URL, "Example News"), workspace="local", now=NOW - timedelta(days=30))
    return made.model_copy(update=more)


def well(**more: Any) -> Feed:
    """A feed with an entry every four hours, polled two hours ago."""
    before = NOW - timedelta(hours=2)
    return feed(
        **{"gap": 4 * HOUR, "interval": 2 * HOUR, "etag": '"1"', "last_success": before,
           "last_poll": before, "last_new": before, "polls": 10} | more
    )  # fmt: skip


def failing(n: int, since: timedelta, **more: Any) -> Feed:
    return well(
        **{"failures": n, "failing_since": NOW - since, "problem": "dns", "said": "x"} | more
    )


def fetched(status: int = 200, **more: Any) -> Fetched:
    values: dict[str, Any] = {
        "asked": URL, "url": URL, "status": status, "body": b"x" * 100, "content_type": "",
        "charset": None, "etag": '"2"', "last_modified": None, "max_age": None,
        "retry_after": None, "moved_to": None,
    }  # fmt: skip
    return Fetched(**values | more)


def entries(*hours: float) -> tuple[FeedEntry, ...]:
    """Entries published so many hours ago."""
    return tuple(FeedEntry(title=f"{ago}", published=NOW - timedelta(hours=ago)) for ago in hours)


def came(new: int = 1, left: int = 0, read: FeedRead | None = None, **more: Any) -> Changed:
    return Changed(
        fetched(**more), read or FeedRead(kind="rss20", entries=entries(1, 5)), new, left
    )


def wait(feed: Feed) -> float:
    return (feed.next_poll - NOW).total_seconds()


def fails(kind: Any = "timeout", **more: Any) -> FetchError:
    return FetchError("news.example.org does not answer.", kind=kind, **more)


@pytest.mark.parametrize(
    ("before", "outcome", "seconds"),
    [
        # how often entries come
        (well(), came(new=1), (0.7 * 4 + 0.3 * 2) * HOUR / 12),
        (well(), came(new=1, etag=None), (0.7 * 4 + 0.3 * 2) * HOUR / 4),
        (well(), came(new=8), (0.7 * 4 + 0.3 * 0.25) * HOUR / 12),
        (well(gap=60.0, interval=FASTEST), came(new=100), FASTEST),
        (well(), came(new=0), 4 * HOUR / 12),
        (well(), Unchanged(fetched(304, etag=None)), 4 * HOUR / 12),
        (well(gap=None), came(new=4), FASTEST),
        (well(gap=None, last_new=NOW - timedelta(days=1)), came(new=0), 24 * HOUR / 12),
        (well(last_new=NOW - timedelta(days=2)), came(new=0), (0.7 * 4 + 0.3 * 48) * HOUR / 12),
        (well(last_new=NOW - timedelta(days=300)), Unchanged(fetched(304)), SLOWEST),
        # the first poll tells by the dates of the entries
        (feed(), came(read=FeedRead(kind="x", entries=entries(1, 13, 25, 37))), HOUR),
        (feed(), came(read=FeedRead(kind="x", entries=entries(0.1, 0.2, 0.3))), FASTEST),
        (feed(), came(read=FeedRead(kind="x", entries=entries(24 * 300, 24 * 300 + 1))), SLOWEST),
        (feed(), came(read=FeedRead(kind="x", entries=(FeedEntry(),), problem="undated")), HOUR),
        # what is left is fetched soon
        (well(), came(new=40, left=9), FASTEST),
        # what a failure costs: ever longer, never more than a day
        (well(), fails(), 2 * HOUR),
        (failing(1, timedelta(hours=2)), fails(), 4 * HOUR),
        (failing(3, timedelta(hours=9)), fails(), 16 * HOUR),
        (failing(40, timedelta(days=40), notified=True), fails(), SLOWEST),
        (well(interval=FASTEST), fails(), FASTEST),
        (well(), TooHeavy("reading it takes more than 2 s; it was given up"), 2 * HOUR),
        (well(), came(read=FeedRead(problem="page")), 2 * HOUR),
    ],
)
def test_the_wait_follows_from_the_pace_and_the_failures(
    before: Feed, outcome: Outcome, seconds: float
) -> None:
    after, _ = polled(before, outcome, NOW)
    assert 0.9 * seconds - 1 <= wait(after) <= 1.1 * seconds + 1


@pytest.mark.parametrize(
    ("before", "outcome", "at_least"),
    [
        (well(), came(max_age=5 * HOUR), 5 * HOUR),
        (well(), Unchanged(fetched(304, max_age=5 * HOUR)), 5 * HOUR),
        (well(), came(max_age=400 * DAY), DAY),
        (well(), came(retry_after=2 * DAY), 2 * DAY),
        (well(), came(read=FeedRead(entries=entries(1), ttl=6 * HOUR)), 6 * HOUR),
        (well(ttl=6 * HOUR), Unchanged(fetched(304)), 6 * HOUR),
        (well(), came(new=40, left=9, max_age=3 * HOUR), 3 * HOUR),
        (well(), fails("status", status=429, retry_after=3 * DAY), 3 * DAY),
        (well(), fails("status", status=503, retry_after=900 * DAY), 7 * DAY),
    ],
)
def test_what_the_server_asks_for_is_respected(
    before: Feed, outcome: Outcome, at_least: int
) -> None:
    after, _ = polled(before, outcome, NOW)
    assert wait(after) == at_least


def test_feeds_added_together_are_not_polled_together() -> None:
    waits = {round(wait(polled(well(id=f"{n}"), came(), NOW)[0])) for n in range(20)}
    assert len(waits) > 15
    assert polled(well(), came(), NOW) == polled(well(), came(), NOW)


def test_what_is_known_of_a_feed_asks_whether_it_is_as_it_was() -> None:
    after, _ = polled(feed(), came(etag='"9"', last_modified="Fri"), NOW)
    assert conditions(after) == ('"9"', "Fri")
    left, _ = polled(feed(), came(left=1), NOW)
    assert conditions(left) == (None, None)
    failed, _ = polled(after, fails(), NOW)
    assert conditions(failed) == (None, None)
    assert failed.etag == '"9"'


def test_an_unchanged_feed_clears_no_failure() -> None:
    before = failing(3, timedelta(hours=9))
    after, _ = polled(before, Unchanged(fetched(304)), NOW)
    assert (after.failures, after.problem, after.said) == (3, "dns", "x")
    assert (after.failing_since, after.last_success) == (before.failing_since, before.last_success)
    again, _ = polled(after, came(), NOW)
    assert (again.failures, again.problem, again.said, again.failing_since) == (0, None, None, None)
    undated, _ = polled(well(problem="undated", said="y"), Unchanged(fetched(304)), NOW)
    assert (undated.problem, undated.last_success) == ("undated", NOW)


@pytest.mark.parametrize(
    ("outcome", "problem", "said"),
    [
        (fails("dns"), "dns", "does not answer"),
        (fails("tls"), "tls", "does not answer"),
        (fails("challenge", status=403), "challenge", "does not answer"),
        (came(read=FeedRead(problem="page")), "page", "a web page in place of the feed"),
        (came(read=FeedRead(problem="challenge")), "challenge", "prove that they are human"),
        (came(read=FeedRead(problem="not_a_feed")), "not_a_feed", "something that is not a feed"),
        (came(read=FeedRead(kind="rss20", problem="empty")), "empty", "has no entries"),
        (TooHeavy("reading it takes more than 2 s; it was given up"), "too heavy", "more than 2 s"),
    ],
)
def test_what_is_wrong_is_said_in_words(outcome: Outcome, problem: str, said: str) -> None:
    after, notice = polled(well(), outcome, NOW)
    assert (after.problem, after.failures, notice) == (problem, 1, None)
    assert said in str(after.said)
    assert after.last_success == well().last_success


@pytest.mark.parametrize(
    ("failures", "since", "told", "is_told"),
    [
        (DEAD_TRIES - 1, timedelta(days=4), False, True),
        (DEAD_TRIES - 2, timedelta(days=4), False, False),  # too seldom to tell
        (DEAD_TRIES + 9, timedelta(days=2), False, False),  # too short
        (DEAD_TRIES + 9, timedelta(days=9), True, False),  # known
    ],
)
def test_a_dying_feed_is_told_of_once(
    failures: int, since: timedelta, told: bool, is_told: bool
) -> None:
    after, notice = polled(failing(failures, since, notified=told), fails(), NOW)
    assert (notice is not None) is is_told
    assert after.notified is (told or is_told)
    assert after.state == "active"
    if notice is not None:
        assert notice.said.startswith("The feed Example News (https://news.example.org/feed) has")
        assert "failed since 24 March 2026. news.example.org does not answer." in notice.said
    recovered, _ = polled(after, came(), NOW)
    assert not recovered.notified


def test_a_feed_that_is_gone_is_retired_with_a_notice() -> None:
    after, notice = polled(well(), fails("status", status=410), NOW)
    assert (after.state, after.problem) == ("retired", "gone")
    assert notice is not None
    assert "no longer polled" in notice.said
    missing, nothing = polled(well(), fails("status", status=404), NOW)
    assert (missing.state, nothing) == ("active", None)


def test_a_permanent_redirect_is_remembered_once_it_is_stable() -> None:
    there, elsewhere = "https://new.example.org/feed", "https://other.example.org/feed"
    now = well()
    for target in (there, elsewhere, there, None, there, there):
        now, _ = polled(now, came(moved_to=target), NOW)
        assert now.url == URL
    now, _ = polled(now, Unchanged(fetched(304, moved_to=there)), NOW)
    assert (now.url, now.moved_to, now.moved_seen) == (there, None, 0)
    lost, _ = polled(now, came(moved_to=elsewhere, read=FeedRead(problem="page")), NOW)
    assert lost.moved_seen == 0  # to where there is no feed


def test_what_is_received_is_counted() -> None:
    now, _ = polled(well(), came(), NOW)
    now, _ = polled(now, Unchanged(fetched(304, body=b"")), NOW)
    now, _ = polled(now, came(read=FeedRead(problem="page")), NOW)
    assert (now.polls, now.unchanged, now.received) == (13, 1, 200)


def test_a_feed_stored_by_an_earlier_version_keeps_its_notice() -> None:
    stored = failing(40, timedelta(days=40), notified=True)
    earlier = stored.model_dump_json().replace('"notified":', '"told":')
    assert Feed.model_validate_json(earlier) == stored
