"""How sure a reader may be of a line, from what can be counted, and why."""

from __future__ import annotations

from datetime import date

from bot.answer.words import claim, count
from bot.models import Line

MANY_SOURCES = 3
RECENT_DAYS = 30
OLD_DAYS = 365


def confidence(line: Line, today: date) -> str:
    """Say ``good``, ``fair`` or ``low`` of a line, with the reason: ``fair: 2 independent
    sources, told directly, 3 days old``.

    Good takes three independent sources that tell it themselves within a month; low is one
    source that retells or quotes another, or has no date, or is older than a year.
    """
    age = _age(line, today)
    direct = not _second_hand(line)
    if line.sources >= MANY_SOURCES and not claim(line) and age is not None:
        word = "good" if age <= RECENT_DAYS else "fair"
    elif line.sources == 1 and (not direct or age is None or age > OLD_DAYS):
        word = "low"
    else:
        word = "fair"
    how = _second_hand(line) or "told directly"
    return f"{word}: {count(line.sources, 'independent source')}, {how}, {_told_age(age)}"


def _second_hand(line: Line) -> str:
    """How it comes at second hand, if it does; from whom stands in the line itself."""
    snippet = line.snippet
    if claim(line):
        return "a claim"
    publisher, original = (snippet.publisher or "").strip(), (snippet.original_source or "").strip()
    if original and original.casefold() != publisher.casefold():
        return "retold"
    return ""


def _age(line: Line, today: date) -> int | None:
    published = line.snippet.published
    return max((today - published.date()).days, 0) if published else None


def _told_age(days: int | None) -> str:
    if days is None:
        return "undated"
    return "of today" if days == 0 else f"{count(days, 'day')} old"
