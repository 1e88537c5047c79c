"""The lines of a brief under their headings, and which of them stand without a click."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.answer.lines import place_of
from bot.answer.words import day
from bot.models import Brief, Changes, Line

FIRST_LINES = 7
"""Lines that stand without a click; with the line that says of whom they are, eight."""

_ROOM = {
    "Bottom line": 1,
    "Disputed": 2,
    "Planned": 1,
    "Happened": 3,
    "Said": 1,
    "Undated": 1,
}
"""How many lines of each heading stand without a click, in the order in which they get room."""

_ORDER = ("Bottom line", "Disputed", "Planned", "Happened", "Said", "Undated")


class Headed(NamedTuple):
    """A line under its heading; ``mark`` says of a change which kind it is: + ~ ×."""

    heading: str
    line: Line
    mark: str = ""


def headed(brief: Brief) -> list[Headed]:
    """All lines of a brief, in the order in which they stand."""
    rows = [Headed("Bottom line", brief.bottom_line)] if brief.bottom_line else []
    for heading, lines in (
        ("Disputed", brief.disputed),
        ("Planned", brief.planned),
        ("Happened", brief.happened),
        ("Said", brief.said),
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


def first(rows: Sequence[Headed], most: int = FIRST_LINES) -> list[Headed]:
    """The lines that stand without a click, in order."""
    kept: dict[str, list[Headed]] = {}
    left = most
    for heading, room in _ROOM.items():
        kept[heading] = [row for row in rows if row.heading == heading][: min(room, left)]
        left -= len(kept[heading])
    return [row for heading in _ORDER for row in kept[heading]]


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
    """Sentences that rest on counts and reference lists: for whom, how sure, what is missing."""
    found = []
    if brief.members:
        names = [one.name for one in brief.subjects]
        found.append(f"{' and '.join(names)} stands for {', '.join(brief.members)}.")
    found += brief.reference
    if brief.confidence:
        found.append(f"Bottom line, confidence {brief.confidence}.")
    return [*found, *brief.gaps, *brief.notes]


def related_words(brief: Brief) -> str:
    """Name those that stand beside, each with why; empty where there are none."""
    if not brief.related:
        return ""
    return "Related: " + "; ".join(f"{one.name} ({one.why})" for one in brief.related)
