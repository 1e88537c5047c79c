"""The rows of a brief in the order shown, and the changes since its reader last asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.answer.formatting import day
from bot.answer.library import Library
from bot.answer.lines import place_of
from bot.answer.question import Question
from bot.errors import BadQuery
from bot.models import Brief, Changes, Fact, Line, SentReply, Status

IN_SHORT = "In short"

_SHOWN_FIRST = {IN_SHORT: 3, "What happened": 4, "Disputed": 2, "Coming up": 1, "Undated": 1}
"""How many lines of each heading are shown first, in this order."""


class BriefRow(NamedTuple):
    """A line under its heading; ``mark`` is the kind of a change: + ~ ×."""

    heading: str
    line: Line
    mark: str = ""


def in_short_heading(brief: Brief) -> str:
    """Return the heading of the first lines, with the model that chose them, if any."""
    return f"{IN_SHORT}, chosen by {brief.chosen_by}" if brief.chosen_by else IN_SHORT


def brief_rows(brief: Brief) -> list[BriefRow]:
    """Return all lines of a brief, in the order shown."""
    rows: list[BriefRow] = []
    for heading, lines in (
        (IN_SHORT, brief.in_short),
        ("What happened", brief.happened),
        ("Disputed", brief.disputed),
        ("Coming up", brief.planned),
        ("Undated", brief.undated),
    ):
        rows += [BriefRow(heading, line) for line in lines]
    rows += [BriefRow(_later(line), line) for line in brief.more]
    marks = _marks(brief.changed)
    return [row._replace(mark=marks.get(place_of(row.line), "")) for row in rows]


def _marks(changes: Changes | None) -> dict[tuple[str, str, int], str]:
    if changes is None:
        return {}
    kinds = (("+", changes.new), ("~", changes.corrected), ("×", changes.denied))
    return {place_of(line): mark for mark, lines in kinds for line in lines}


def _later(line: Line) -> str:
    return "More" if line.snippet.published or line.event_date else "Undated"


def rows_shown_first(rows: Sequence[BriefRow]) -> list[BriefRow]:
    """Return the rows shown before a click on More, in order."""
    return [
        row
        for heading, room in _SHOWN_FIRST.items()
        for row in [one for one in rows if one.heading == heading][:room]
    ]


def citation_numbers(rows: Iterable[BriefRow]) -> dict[str, int]:
    """Number the articles that rows cite, from 1, in the order shown."""
    articles = dict.fromkeys(row.line.snippet.article for row in rows)
    return {article: n for n, article in enumerate(articles, start=1)}


def distinct_rows(rows: Sequence[BriefRow]) -> list[BriefRow]:
    """Leave out rows that repeat an earlier one: the same quote and act, or a summary line."""
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
    """Say since when it changed, and how: ``+ 3 new · ~ 1 corrected``, as the lines are marked."""
    zone: tzinfo = ZoneInfo(tz)
    when = f"since you last asked, {day(changes.since.astimezone(zone).date())}"
    counted = (
        ("+", len(changes.new), "new"),
        ("~", len(changes.corrected), "corrected"),
        ("×", len(changes.denied), "denied"),
        ("–", changes.withdrawn, "withdrawn"),
    )
    parts = " · ".join(f"{mark} {number} {word}" for mark, number, word in counted if number)
    return f"Changed {when}: {parts}" if parts else f"Nothing changed {when}"


def small_print(brief: Brief) -> list[str]:
    """Return the notes below a brief: members of groupings, gaps in coverage, other notes."""
    found = []
    if brief.members:
        names = [one.name for one in brief.subjects]
        found.append(f"{' and '.join(names)} stands for {', '.join(brief.members)}.")
    return [*found, *brief.gaps, *brief.notes]


def related_words(brief: Brief) -> str:
    """Name related actors, each with the reason; empty if there are none."""
    if not brief.related:
        return ""
    return "Related: " + "; ".join(f"{one.name} ({one.why})" for one in brief.related)


# --- changes --------------------------------------------------------------------------


def with_changes(
    library: Library,
    question: Question,
    brief: Brief,
    earlier: Sequence[SentReply],
    understood: Callable[[str], Question],
) -> Brief:
    """Add what changed since the first of ``earlier`` replies about the same subjects."""
    same = {one.actor for one in brief.subjects}
    for one in earlier:
        if one.as_of >= library.as_of:
            continue
        try:
            then = question if one.query == brief.query else understood(one.query)
        except BadQuery:  # it was a call for help, or took a correction back
            continue
        if {match.actor for match in then.subjects} == same and then.terms == question.terms:
            return brief.model_copy(update={"changed": changes(library, brief, one)})
    return brief


def changes(library: Library, brief: Brief, earlier: SentReply) -> Changes:
    """Compare a brief with the one its reader saw at ``earlier.as_of``.

    A line is new if its article has a date and was not stored then, and denied if it also is a
    denial; it is corrected if its article now says something else about the same two actors. Facts
    shown then that their article no longer supports are counted as withdrawn.
    """
    lines = [row.line for row in brief_rows(brief)]
    since = earlier.as_of
    stored = library.articles({line.snippet.article for line in lines})
    fresh = {
        key
        for key, one in stored.items()
        if one.article.published is not None and since < one.article.first_seen <= library.as_of
    }
    gone = library.store.history.retired(library.workspace, earlier.fact_ids)
    corrected = [line for line in lines if any(_corrects(line, fact) for fact in gone)]
    places = {place_of(line) for line in corrected}
    arrived = [
        line for line in lines if line.snippet.article in fresh and place_of(line) not in places
    ]
    answered = [fact for fact in gone if any(_corrects(line, fact) for line in corrected)]
    return Changes(
        since=since,
        new=tuple(line for line in arrived if line.status is not Status.DENIED),
        corrected=tuple(corrected),
        denied=tuple(line for line in arrived if line.status is Status.DENIED),
        withdrawn=len(gone) - len(answered),
    )


def _corrects(line: Line, fact: Fact) -> bool:
    if line.fact is None or not any(line.snippet.article == one.article for one in fact.evidence):
        return False
    return set(line.about) == set(fact.sides)
