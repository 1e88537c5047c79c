"""A brief as a message: eight lines for a phone, the rest behind More."""

from __future__ import annotations

from bot.answer.briefs.headed import (
    FIRST_LINES,
    Headed,
    first,
    headed,
    related_words,
    since_words,
    small_print,
)
from bot.answer.words import capital, count, coverage, day
from bot.models import Brief, Line, Status
from handlers.blocks import buttons
from handlers.blocks.feedback import thumbs
from handlers.blocks.layout import ONE_SCREEN, Page, Payload, Row, button, fit, fold
from handlers.blocks.menu import overflow
from handlers.blocks.mrkdwn import escape, spoken, trim
from handlers.blocks.notes import wrong
from handlers.blocks.words import NAME, left_out, period, subject

MORE = "more"
"""The action that shows the rest of a brief in place."""

EXPORT = "export"
"""The action that sends the facts between a brief's subjects as a file."""

TIMELINE = "timeline"
"""The action that sends a picture of the events between a brief's subjects."""

EXPANDED = 40  # lines behind More; what is beyond is counted
ANY_LENGTH = 100_000


def brief_message(brief: Brief, *, tz: str = "UTC", whole: bool = False) -> Payload:
    """Lay a brief out as ``text`` and ``blocks``; ``whole`` is what More shows.

    No sentence stands twice. A button More is there only when it has something to show.
    """
    rows = _once(headed(brief))
    shown = _shown(rows, brief, whole=whole)
    hidden = len(rows) - len(shown)
    beside = related_words(brief)
    again = buttons.carried("brief", brief)
    more = button("More", MORE, again) if (hidden or beside) and not whole else None
    timeline = button("Timeline", TIMELINE, again) if brief.subjects else None
    export = button("Export", EXPORT, again) if brief.subjects else None
    seldom = [
        *(buttons.sources("brief", brief) if rows else []),
        *(one for one in (timeline, export) if one),
        *buttons.since(brief),
        *wrong("brief", brief.query, brief.subjects, brief.as_of),
    ]
    page = Page(
        head=_head(brief)
        + (f"\n{escape(since_words(brief.changed, tz))}" if brief.changed else ""),
        rows=[_row(one) for one in shown],
        notes=[
            left_out(brief.undated_left_out, brief.period),
            *(spoken(text) for text in small_print(brief)),
            escape(beside) if whole else "",
            f"{capital(count(hidden, 'more line'))}." if hidden and more is None else "",
        ],
        buttons=[
            *([more] if more else []),
            *(buttons.related(brief) if whole else []),
            *buttons.follow(brief),
            *thumbs("brief", brief),
            *overflow(again, seldom),
        ],
        focus=[match.name for match in brief.subjects],
    )
    return fit(page, tz, goal=ANY_LENGTH if whole else ONE_SCREEN)


def lines_shown(brief: Brief, *, whole: bool = False) -> list[Line]:
    """The lines of a brief that are shown, as far as there is room."""
    return [row.line for row in _shown(_once(headed(brief)), brief, whole=whole)]


def _shown(rows: list[Headed], brief: Brief, *, whole: bool) -> list[Headed]:
    return rows[:EXPANDED] if whole else first(rows, FIRST_LINES - bool(brief.changed))


def _head(brief: Brief) -> str:
    event = f"*{escape(trim(brief.topic, NAME))}* (event)" if brief.topic else ""
    who = " and ".join(subject(match) for match in brief.subjects)
    parts = [event, who, coverage(brief.articles, brief.sources, found=bool(brief.topic))]
    if brief.articles:
        parts.append(f"newest {day(brief.newest)}" if brief.newest else "all undated")
    return " · ".join(filter(None, [*parts, period(brief.period)]))


def _once(rows: list[Headed]) -> list[Headed]:
    """Leave out rows that quote what one before them quotes."""
    kept = {id(row.line) for row in fold(_row(one) for one in rows)}
    return [one for one in rows if id(one.line) in kept]


def _row(one: Headed) -> Row:
    plain = one.heading == "Bottom line"
    implied = Status.PLANNED if one.heading == "Planned" else None
    return Row(one.heading, one.line, implied, plain, one.mark)
