"""How a feed fares, in plain words."""

from __future__ import annotations

from datetime import datetime

from bot.answer.formatting import day
from bot.models import Feed


def health(feed: Feed) -> str:
    """One line: well, new, paused, retired, or since when it fails and why."""
    if feed.state == "retired":
        return f"retired: {feed.said}" if feed.said else "retired"
    if feed.state == "paused":
        return "paused" + (f"; before that, {_failing(feed)}" if feed.failures else "")
    if feed.last_poll is None:
        return "not polled yet"
    if feed.failures:
        return _failing(feed)
    return f"well, but: {feed.said}" if feed.said else "well"


def _failing(feed: Feed) -> str:
    times = "once" if feed.failures == 1 else f"{feed.failures:,} times in a row"
    first = feed.failing_since
    since = f" since {day(first)}, {first:%H:%M} UTC" if first else ""
    return f"failed {times}{since}: {feed.said}"


def ago(when: datetime | None, now: datetime) -> str:
    """How long ago, or in how long, something is: ``12 min``, ``3 h``, ``9 days``."""
    if when is None:
        return "never"
    seconds = abs((when - now).total_seconds())
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3_600:
        return f"{seconds / 60:.0f} min"
    if seconds < 2 * 86_400:
        return f"{seconds / 3_600:.0f} h"
    return f"{seconds / 86_400:.0f} days"
