"""A brief as a message: eight lines for a phone, the rest behind More."""

from __future__ import annotations

from typing import Any

from bot.answer.words import capital, count, day
from bot.models import Brief, Line, Status
from handlers.blocks.layout import ONE_SCREEN, Page, Payload, Row, button, fit, fold
from handlers.blocks.mrkdwn import escape
from handlers.blocks.words import left_out, period, subject

MORE = "more"
"""The action that shows the rest of a brief in place."""

WRONG = "wrong"
"""The action that opens the form to say who was meant; it carries who was taken for what."""

HAPPENED = 3  # newest first
OTHERS = 2  # under each other heading
EXPANDED = 40  # lines behind More; what is beyond is counted
ANY_LENGTH = 100_000


def brief_message(brief: Brief, *, tz: str = "UTC", whole: bool = False) -> Payload:
    """Lay a brief out as ``text`` and ``blocks``; ``whole`` is what More shows.

    No sentence stands twice. A button More is there only when it has something to show.
    """
    rows = fold(_rows(brief))
    shown = rows[:EXPANDED] if whole else _first(rows)
    hidden = len(rows) - len(shown)
    more = button("More", MORE, _again(brief)) if hidden and not whole else None
    wrong = button("Wrong actor?", WRONG, _again(brief))
    page = Page(
        head=_head(brief),
        rows=shown,
        notes=[
            left_out(brief.undated_left_out, brief.period),
            *(escape(text) for text in brief.reference),
            f"{capital(count(hidden, 'more line'))}." if hidden and more is None else "",
        ],
        buttons=[one for one in (more, wrong) if one],
        focus=[match.name for match in brief.subjects],
    )
    return fit(page, tz, goal=ANY_LENGTH if whole else ONE_SCREEN)


def _again(brief: Brief) -> dict[str, Any]:
    meant = [[match.query, match.actor] for match in brief.subjects]
    return {"do": "brief", "q": brief.query, "as_of": brief.as_of.isoformat(), "meant": meant}


def _head(brief: Brief) -> str:
    who = " and ".join(subject(match) for match in brief.subjects)
    articles = capital(count(brief.articles, "article"))
    parts = [who, f"{articles}, {count(brief.sources, 'independent source')}"]
    if brief.articles:
        parts.append(f"newest {day(brief.newest)}" if brief.newest else "all undated")
    if asked := period(brief.period):
        parts.append(asked)
    return " · ".join(parts)


def _rows(brief: Brief) -> list[Row]:
    first = [brief.bottom_line] if brief.bottom_line else []
    rows = [Row("Bottom line", line, plain=True) for line in first]
    rows += [Row("Disputed", line) for line in brief.disputed]
    rows += [Row("Planned", line, implied=Status.PLANNED) for line in brief.planned]
    rows += [Row("Happened", line) for line in brief.happened]
    rows += [Row("Undated", line) for line in brief.undated]
    return rows + [Row(_heading(line), line) for line in brief.more]


def _heading(line: Line) -> str:
    return "More" if line.snippet.published or line.event_date else "Undated"


def _first(rows: list[Row]) -> list[Row]:
    """The lines that stand without a click."""
    room = {"Bottom line": 1, "Happened": HAPPENED, "More": 0}
    kept = []
    for row in rows:
        left = room.setdefault(row.heading, OTHERS)
        if left > 0:
            kept.append(row)
            room[row.heading] = left - 1
    return kept
