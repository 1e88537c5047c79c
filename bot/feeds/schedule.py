"""What a poll makes of a feed: purely, from how it stood, what came, and the time.

A feed is polled a dozen times for each entry that comes, so that news is known in a twelfth of
the time that passes between two of them; to ask whether a feed has changed costs next to
nothing. A server that cannot be asked that is polled four times. Polls are between ten
minutes and a day apart, and never before the server, or the feed itself, asks to be asked
again. What fails is tried less and less often. Each wait is stretched or shortened a little,
always alike for the same feed and poll, so that feeds added together are not polled together.
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
"""Polls for each entry that comes, where the server tells what is unchanged and where not."""

FASTEST = 600
SLOWEST = 86_400
_WEEK = 7 * 86_400
_JITTER = 0.1
_OLD_SHARE = 0.7
"""How much of what is known of a feed's pace stays when another poll says otherwise."""

_LATEST = 20
"""Entries from whose dates the pace of a feed is told that is polled for the first time."""

MOVED_FOR_GOOD = 3
"""Polls in a row that must be redirected to one address before it is taken for the feed's."""

DEAD_AFTER = timedelta(days=3)
DEAD_TRIES = 6
"""A feed that failed for so long, and so often, is told of to the admins."""

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
class Came:
    """A feed was fetched and read: ``new`` entries, of which ``left`` wait for the next poll."""

    fetched: Fetched
    read: FeedRead
    new: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server says that nothing has changed (304)."""

    fetched: Fetched


Outcome = Came | Unchanged | GatherError
"""What came of a poll; an error of fetching (FetchError) or of reading it."""


def polled(feed: Feed, outcome: Outcome, now: datetime) -> tuple[Feed, Notice | None]:
    """The feed after a poll, and a notice where its admins should know."""
    begun = feed.model_copy(update={"polls": feed.polls + 1, "last_poll": now})
    if isinstance(outcome, Unchanged):
        return _unchanged(begun, outcome.fetched, now), None
    if isinstance(outcome, Came):
        problem = outcome.read.problem
        if problem is None or problem == "undated":
            return _came(begun, outcome, now), None
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
    """What is wrong with a feed that was read, in a sentence."""
    return _PROBLEMS[problem].format(host=_host(url))


def retired(feed: Feed, said: str, now: datetime) -> tuple[Feed, Notice]:
    """The feed given up for good, and the notice of it."""
    notice = _notice(feed, f"{_name(feed)} is no longer polled. {said}", now)
    return feed.model_copy(update={"state": "retired", "problem": "gone", "said": said}), notice


class Conditions(NamedTuple):
    """What a feed is asked by whether there is anything new."""

    etag: str | None = None
    last_modified: str | None = None


def conditions(feed: Feed) -> Conditions:
    """What to ask by; nothing of a feed that failed.

    A 304 would say that it is as it was, and not that it is well.
    """
    return Conditions() if feed.failures else Conditions(feed.etag, feed.last_modified)


def _came(feed: Feed, came: Came, now: datetime) -> Feed:
    fetched, read = came.fetched, came.read
    gap = _gap(feed, came.new, read.entries, now)
    ttl = read.ttl
    changed: dict[str, Any] = {
        "title": feed.title or read.title,
        "site": read.site or feed.site,
        "ttl": ttl,
        # With entries left a 304 would keep them from us.
        "etag": None if came.left else fetched.etag,
        "last_modified": None if came.left else fetched.last_modified,
        "last_success": now,
        "last_new": now if came.new else feed.last_new,
        "entries": len(read.entries),
        "problem": read.problem,
        "said": sentence(read.problem, feed.url) if read.problem else None,
        "failures": 0,
        "failing_since": None,
        "told": False,
        "received": feed.received + len(fetched.body),
        "gap": gap,
        "interval": FASTEST if came.left else _interval(gap, fetched),
        **_moved(feed, fetched),
    }
    well = feed.model_copy(update=changed)
    return _again(well, well.interval, now, ttl, fetched.max_age, fetched.retry_after)


def _unchanged(feed: Feed, fetched: Fetched, now: datetime) -> Feed:
    gap = _gap(feed, 0, (), now)
    changed: dict[str, Any] = {
        "unchanged": feed.unchanged + 1,
        # A later answer may name the same state otherwise.
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
            "told": feed.told or dead,
        }
    )
    wait = min(feed.interval * 2 ** min(failures - 1, 16), SLOWEST)
    notice = None
    if dead and not feed.told:
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
    # A seed of text is the same in every process, and known from nothing else.
    stretch = random.Random(f"{feed.id}:{feed.polls}").uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311
    seconds = max(
        wait * stretch,
        min(ttl or 0, SLOWEST),
        min(max_age or 0, SLOWEST),
        min(retry_after or 0, _WEEK),
    )
    return feed.model_copy(update={"next_poll": now + timedelta(seconds=seconds)})


def _gap(feed: Feed, new: int, entries: tuple[FeedEntry, ...], now: datetime) -> float | None:
    """The seconds between two entries, by what is known and what this poll says."""
    if feed.last_success is None:
        return _pace(entries, now)
    since = feed.last_success if new else feed.last_new or feed.added_at
    seen = max((now - since).total_seconds(), 1.0) / max(new, 1)
    if feed.gap is None:  # without dates the first poll told nothing
        return seen
    if not new and seen < feed.gap:
        return feed.gap
    return _OLD_SHARE * feed.gap + (1 - _OLD_SHARE) * seen


def _pace(entries: tuple[FeedEntry, ...], now: datetime) -> float | None:
    """The pace of a feed by the dates of its newest entries; None where they do not tell."""
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
    """Count redirects for good; after some in a row the feed has its new address."""
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
