"""The state of a feed after a poll: a pure function of its previous state, the outcome, the time.

A feed is polled twelve times per entry, so that an entry is found within a twelfth of the time
between two entries; conditional requests cost next to nothing. A server without conditional
requests is polled four times per entry. Polls are between ten minutes and a day apart, and never
before the time that the server, or the feed itself, asks for. Failing feeds back off. Each wait
has a little jitter, always the same for the same feed and poll, so that feeds added together are
not polled together.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from bot.errors import FetchError, GatherError, TooHeavy
from bot.gather.fetch import Fetched
from bot.models import Feed, FeedEntry, FeedRead, Notice

OFTEN, SELDOM = 12, 4
"""Polls per new entry, for servers with conditional requests and for others."""

FASTEST = 600
SLOWEST = 86_400
_WEEK = 7 * 86_400
_JITTER = 0.1
_OLD_SHARE = 0.7
"""The weight of a feed's known pace when another poll updates it."""

_LATEST = 20
"""Entries whose dates give the pace of a feed on its first poll."""

MOVED_FOR_GOOD = 3
"""Permanent redirects in a row to one address before the feed takes that address."""

DEAD_AFTER = timedelta(days=3)
DEAD_TRIES = 6
"""The admins get a notice of a feed that failed for this long and this often."""

_GONE = 410
_PROBLEMS = {
    "page": "{host} sends a web page in place of the feed: check its address; "
    "`dragoman feeds test` finds the feeds of a site.",
    "challenge": "{host} asks visitors to prove that they are human (a challenge page).",
    "not_a_feed": "{host} sends something that is not a feed: check its address.",
    "empty": "The feed of {host} has no entries.",
    "undated": "No entry of the feed has a date: its articles are kept undated.",
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A feed was fetched and parsed: ``new`` entries, of which ``left`` wait for the next poll."""

    fetched: Fetched
    read: FeedRead
    new: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server says that nothing has changed (304)."""

    fetched: Fetched


Outcome = Changed | Unchanged | GatherError
"""The outcome of a poll; errors come from fetching (FetchError) or parsing."""


def polled(feed: Feed, outcome: Outcome, now: datetime) -> tuple[Feed, Notice | None]:
    """Return the feed after a poll, and a notice if its admins should know."""
    begun = feed.model_copy(update={"polls": feed.polls + 1, "last_poll": now})
    if isinstance(outcome, Unchanged):
        return _unchanged(begun, outcome.fetched, now), None
    if isinstance(outcome, Changed):
        problem = outcome.read.problem
        if problem is None or problem == "undated":
            return _changed(begun, outcome, now), None
        begun = begun.model_copy(update={"received": begun.received + len(outcome.fetched.body)})
        wait = outcome.fetched.max_age
        return _failed(begun, problem, sentence(problem, feed.url), wait, now)
    if isinstance(outcome, FetchError):
        if outcome.status == _GONE:
            return retired(begun, outcome.message, now)
        return _failed(begun, outcome.kind, outcome.message, outcome.retry_after, now)
    word = "too heavy" if isinstance(outcome, TooHeavy) else "fault"
    return _failed(begun, word, f"{_host(feed.url)}: {outcome.message}.", None, now)


def sentence(problem: str, url: str) -> str:
    """Return the problem of a parsed feed in a sentence."""
    return _PROBLEMS[problem].format(host=_host(url))


def retired(feed: Feed, said: str, now: datetime) -> tuple[Feed, Notice]:
    """Return the feed as retired for good, and the notice of it."""
    notice = _notice(feed, f"{_name(feed)} is no longer polled. {said}", now)
    return feed.model_copy(update={"state": "retired", "problem": "gone", "said": said}), notice


class Conditions(NamedTuple):
    """The validators of a conditional request."""

    etag: str | None = None
    last_modified: str | None = None


def conditions(feed: Feed) -> Conditions:
    """Return the validators to send; none for a feed that failed.

    A 304 would say that the feed has not changed, not that it is well.
    """
    return Conditions() if feed.failures else Conditions(feed.etag, feed.last_modified)


def _changed(feed: Feed, outcome: Changed, now: datetime) -> Feed:
    fetched, read = outcome.fetched, outcome.read
    gap = _gap(feed, outcome.new, read.entries, now)
    ttl = read.ttl
    changed: dict[str, Any] = {
        "title": feed.title or read.title,
        "site": read.site or feed.site,
        "ttl": ttl,
        # With entries left, a 304 would hide them from the next poll.
        "etag": None if outcome.left else fetched.etag,
        "last_modified": None if outcome.left else fetched.last_modified,
        "last_success": now,
        "last_new": now if outcome.new else feed.last_new,
        "entries": len(read.entries),
        "problem": read.problem,
        "said": sentence(read.problem, feed.url) if read.problem else None,
        "failures": 0,
        "failing_since": None,
        "notified": False,
        "received": feed.received + len(fetched.body),
        "gap": gap,
        "interval": FASTEST if outcome.left else _interval(gap, fetched),
        **_moved(feed, fetched),
    }
    well = feed.model_copy(update=changed)
    return _again(well, well.interval, now, ttl, fetched.max_age, fetched.retry_after)


def _unchanged(feed: Feed, fetched: Fetched, now: datetime) -> Feed:
    gap = _gap(feed, 0, (), now)
    changed: dict[str, Any] = {
        "unchanged": feed.unchanged + 1,
        # A later response may give the same state other validators.
        "etag": fetched.etag or feed.etag,
        "last_modified": fetched.last_modified or feed.last_modified,
        "gap": gap,
        "interval": _interval(gap, fetched),
        **_moved(feed, fetched),
    }
    if not feed.failures:
        changed["last_success"] = now
    same = feed.model_copy(update=changed)
    return _again(same, same.interval, now, feed.ttl, fetched.max_age, fetched.retry_after)


def _failed(
    feed: Feed, problem: str, said: str, at_least: int | None, now: datetime
) -> tuple[Feed, Notice | None]:
    failures = feed.failures + 1
    since = feed.failing_since or now
    dead = failures >= DEAD_TRIES and now - since >= DEAD_AFTER
    failing = feed.model_copy(
        update={
            "problem": problem,
            "said": said,
            "failures": failures,
            "failing_since": since,
            "notified": feed.notified or dead,
        }
    )
    wait = min(feed.interval * 2 ** min(failures - 1, 16), SLOWEST)
    notice = None
    if dead and not feed.notified:
        words = f"{_name(feed)} has failed since {since.day} {since:%B %Y}. {said}"
        notice = _notice(feed, words, now)
    return _again(failing, wait, now, None, None, at_least), notice


def _again(
    feed: Feed,
    wait: float,
    now: datetime,
    ttl: int | None,
    max_age: int | None,
    retry_after: int | None,
) -> Feed:
    # A text seed gives the same jitter in every process.
    stretch = random.Random(f"{feed.id}:{feed.polls}").uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311
    seconds = max(
        wait * stretch,
        min(ttl or 0, SLOWEST),
        min(max_age or 0, SLOWEST),
        min(retry_after or 0, _WEEK),
    )
    return feed.model_copy(update={"next_poll": now + timedelta(seconds=seconds)})


def _gap(feed: Feed, new: int, entries: tuple[FeedEntry, ...], now: datetime) -> float | None:
    """Return the seconds between two entries, from the known pace and this poll."""
    if feed.last_success is None:
        return _pace(entries, now)
    since = feed.last_success if new else feed.last_new or feed.added_at
    seen = max((now - since).total_seconds(), 1.0) / max(new, 1)
    if feed.gap is None:  # without dates, the first poll gave no pace
        return seen
    if not new and seen < feed.gap:
        return feed.gap
    return _OLD_SHARE * feed.gap + (1 - _OLD_SHARE) * seen


def _pace(entries: tuple[FeedEntry, ...], now: datetime) -> float | None:
    """Return the pace of a feed from the dates of its newest entries; None without dates."""
    dates = sorted((one.published for one in entries if one.published), reverse=True)[:_LATEST]
    if not dates:
        return None
    between = (dates[0] - dates[-1]).total_seconds() / max(len(dates) - 1, 1)
    return max(between, (now - dates[0]).total_seconds() / 2, 1.0)


def _interval(gap: float | None, fetched: Fetched) -> int:
    if gap is None:
        return 3_600
    cheap = fetched.status == 304 or fetched.etag or fetched.last_modified
    return round(min(max(gap / (OFTEN if cheap else SELDOM), FASTEST), SLOWEST))


def _moved(feed: Feed, fetched: Fetched) -> dict[str, Any]:
    """Count permanent redirects; after enough in a row the feed takes its new address."""
    if fetched.moved_to is None:
        return {"moved_to": None, "moved_seen": 0}
    seen = feed.moved_seen + 1 if fetched.moved_to == feed.moved_to else 1
    if seen < MOVED_FOR_GOOD:
        return {"moved_to": fetched.moved_to, "moved_seen": seen}
    return {"url": fetched.moved_to, "moved_to": None, "moved_seen": 0}


def _notice(feed: Feed, said: str, now: datetime) -> Notice:
    return Notice(
        workspace=feed.workspace,
        id=f"{feed.id}.{now:%Y%m%dT%H%M%S}",
        feed=feed.id,
        said=said,
        at=now,
    )


def _name(feed: Feed) -> str:
    return f"The feed {feed.title} ({feed.url})" if feed.title else f"The feed {feed.url}"


def _host(url: str) -> str:
    return urlsplit(url).hostname or url
