"""Words that every reply uses: counts, dates, periods, sources and status.

Dates are the reader's: an instant known to the minute is turned into the reader's time
zone, a day or a month is what it is everywhere.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.models import Line, Match, Period, Snippet, Status
from handlers.blocks.mrkdwn import escape, link, trim

NAME = 120
"""Most characters of a name, a label or a query that a reply repeats."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STATUS = {
    Status.PLANNED: "planned",
    Status.POSSIBLE: "possible",
    Status.DENIED: "denied",
    Status.CALLED_FOR: "called for",
}


def count(n: int, one: str, many: str | None = None) -> str:
    """Count in words: ``one article``, ``1,200 articles``, ``no articles``."""
    if n == 1:
        return f"one {one}"
    return f"{n:,} {many or one + 's'}" if n else f"no {many or one + 's'}"


def capital(text: str) -> str:
    """Begin with a capital letter and leave the rest alone."""
    return text[:1].upper() + text[1:]


def day(value: date, precision: str | None = "day") -> str:
    """Write a date as far as it is known: ``27 Mar 2026``, ``Mar 2026``, ``2026``."""
    if precision == "year":
        return str(value.year)
    month = f"{_MONTHS[value.month - 1]} {value.year}"
    return month if precision in {"month", "period"} else f"{value.day} {month}"


def published(snippet: Snippet, tz: str) -> str:
    """Write when an article appeared; ``undated`` where that is not known."""
    instant = snippet.published
    if instant is None:
        return "undated"
    return day(_local(instant, snippet.published_precision, tz), snippet.published_precision)


def _local(instant: datetime, precision: str | None, tz: str) -> date:
    return (instant.astimezone(ZoneInfo(tz)) if precision == "minute" else instant).date()


def source(snippet: Snippet) -> str:
    """Name who published a snippet, and whom that publisher says it follows."""
    publisher, original = (snippet.publisher or "").strip(), (snippet.original_source or "").strip()
    if publisher and original and publisher.casefold() != original.casefold():
        return f"{publisher}, after {original}"
    if publisher:
        return publisher
    return f"after {original}" if original else "unnamed source"


def attribution(snippet: Snippet, tz: str) -> str:
    """Publisher and date, linked to the article; mrkdwn. Sources are never trimmed."""
    return link(snippet.url, f"{source(snippet)}, {published(snippet, tz)}")


def standing(line: Line, *, implied: Status | None = None) -> list[str]:
    """Say what a reader must know without a click: status, claimant, number of sources.

    ``implied`` is a status that the line's heading already says.
    """
    words = []
    if line.status in _STATUS and line.status is not implied:
        words.append(f"_{_STATUS[line.status]}_")
    if line.claimant:
        words.append(f"_claimed by {escape(trim(line.claimant, NAME))}_")
    words.append(count(line.sources, "source") if line.sources > 1 else "_one source_")
    return words


def period(value: Period | None) -> str:
    """Say which days were asked about; empty where none were."""
    if value is None or (value.start is None and value.end is None):
        return ""
    if value.start == value.end and value.start is not None:
        days = day(value.start)
    elif value.start is not None and value.end is not None:
        days = f"{day(value.start)} to {day(value.end)}"
    elif value.start is not None:
        days = f"since {day(value.start)}"
    elif value.end is not None:
        days = f"until {day(value.end)}"
    label = escape(trim(value.label, NAME))
    return f"{label} ({days})" if label and label.casefold() != days.casefold() else days


def subject(match: Match) -> str:
    """Name an actor, what it is, and what was typed for it where that was something else."""
    name, typed = escape(trim(match.name, NAME)), escape(trim(match.query, NAME))
    kind = match.type.value
    if match.query.strip().casefold() == match.name.strip().casefold() or not typed:
        return f"*{name}* ({kind})"
    return f"*{name}* ({kind}; you typed _{typed}_ — showing {name})"


def left_out(undated: int, value: Period | None) -> str:
    """Count what a period could not take in; empty where nothing was left out."""
    if not undated:
        return ""
    tail = " of this period" if period(value) else ""
    return f"{capital(count(undated, 'undated article'))} left out{tail}."
