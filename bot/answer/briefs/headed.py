"""The lines of a brief under their headings, and which of them stand without a click."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.answer.lines import place_of
from bot.answer.words import day
from bot.models import Brief, Changes, Line

IN_SHORT = "In short"

_ROOM = {IN_SHORT: 3, "What happened": 4, "Disputed": 2, "Coming up": 1, "Undated": 1}
"""How many lines of each heading stand without a click, in the order shown."""


class Headed(NamedTuple):
    """A line under its heading; ``mark`` says of a change which kind it is: + ~ ×."""

    heading: str
    line: Line
    mark: str = ""


def headed(brief: Brief) -> list[Headed]:
    """All lines of a brief, in the order in which they stand."""
    rows: list[Headed] = []
    for heading, lines in (
        (IN_SHORT, brief.in_short),
        ("What happened", brief.happened),
        ("Disputed", brief.disputed),
        ("Coming up", brief.planned),
        ("Undated", brief.undated),
    ):
        rows += [Headed(heading, line) for line in lines]
    rows += [Headed(_later(line), line) for line in brief.more]
    marks = _marks(brief.changed)
    return [row._replace(mark=marks.get(place_of(row.line), "")) for row in rows]


def _marks(changes: Changes | None) -> dict[tuple[str, str, int], str]:
    if changes is None:
        return {}
    kinds = (("+", changes.new), ("~", changes.corrected), ("×", changes.denied))
    return {place_of(line): mark for mark, lines in kinds for line in lines}


def _later(line: Line) -> str:
    return "More" if line.snippet.published or line.event_date else "Undated"


def first(rows: Sequence[Headed]) -> list[Headed]:
    """The lines that stand without a click, in order."""
    return [
        row
        for heading, room in _ROOM.items()
        for row in [one for one in rows if one.heading == heading][:room]
    ]


def numbers(rows: Iterable[Headed]) -> dict[str, int]:
    """Number the articles that rows cite, from 1, in the order shown."""
    articles = dict.fromkeys(row.line.snippet.article for row in rows)
    return {article: n for n, article in enumerate(articles, start=1)}


def once(rows: Sequence[Headed]) -> list[Headed]:
    """Leave out what an earlier row says: the same quote for the same act, or in short."""
    seen: set[tuple[object, ...]] = set()
    kept = []
    for row in rows:
        line, place = row.line, place_of(row.line)
        act = (*place, line.status, line.who, line.did, line.whom)
        if place in seen or act in seen:
            continue
        seen.add(place if row.heading == IN_SHORT else act)
        kept.append(row)
    return kept


def since_words(changes: Changes, tz: str) -> str:
    """Say since when it changed, and how: ``+ 3 new · ~ 1 corrected``, the marks of the lines."""
    zone: tzinfo = ZoneInfo(tz)
    when = f"since you last asked, {day(changes.since.astimezone(zone).date())}"
    counted = (
        ("+", len(changes.new), "new"),
        ("~", len(changes.corrected), "corrected"),
        ("×", len(changes.denied), "denied"),
        ("–", changes.withdrawn, "withdrawn"),
    )
    told = " · ".join(f"{mark} {number} {word}" for mark, number, word in counted if number)
    return f"Changed {when}: {told}" if told else f"Nothing changed {when}"


def small_print(brief: Brief) -> list[str]:
    """Sentences that rest on counts: for whom a grouping stands, what is missing."""
    found = []
    if brief.members:
        names = [one.name for one in brief.subjects]
        found.append(f"{' and '.join(names)} stands for {', '.join(brief.members)}.")
    return [*found, *brief.gaps, *brief.notes]


def related_words(brief: Brief) -> str:
    """Name those that stand beside, each with why; empty where there are none."""
    if not brief.related:
        return ""
    return "Related: " + "; ".join(f"{one.name} ({one.why})" for one in brief.related)
