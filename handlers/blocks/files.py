"""The message beside a file that was sent: an export with its facts, a timeline with its chart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.answer.export import ExportedFact
from bot.answer.formatting import capital, day
from bot.answer.timeline import Timeline, alt_text, tick_label
from handlers.blocks import limits
from handlers.blocks.layout import NAME, Payload, fullest, message, section
from handlers.blocks.native import bar_chart, replacing, table, words
from handlers.blocks.text import fitted, link, raw_number, say, spoken, trim

FACTS_SHOWN = 50
"""The most facts of an export in the message's table; the file has all."""

_FACT_COLUMNS = ("Date", "Who", "What", "Whom", "Status", "Sources", "Report")
_ACT = 60


def export_message(said: str, rows: Sequence[ExportedFact]) -> Payload:
    """Confirm that the file was sent; if Slack shows tables, with the newest facts in one."""
    text = fitted(said, limits.SECTION_TEXT - 100, spoken)

    def build(shown: int) -> Payload:
        hidden = f" The newest {shown}:" if shown < len(rows) else ""
        facts = table("Facts", _FACT_COLUMNS, [_fact_row(row) for row in rows[:shown]])
        native = [section(say(text, hidden)), facts]
        return message(text, replacing([section(text)], native))

    return fullest(build, min(len(rows), FACTS_SHOWN))


def _fact_row(row: ExportedFact) -> list[Payload]:
    when = date.fromisoformat(row.date) if row.date else None
    title = trim(row.title or row.publisher or row.article, NAME)
    return [
        raw_number(
            when.toordinal() if when else 0, day(when, row.precision) if when else "undated"
        ),
        words(trim(row.source or row.source_words, NAME)),
        words(trim(row.act, _ACT)),
        words(trim(row.target or row.target_words, NAME)),
        words(trim(row.status, _ACT)),
        raw_number(row.sources, ""),
        words(link(row.url, title)),
    ]


def timeline_message(timeline: Timeline) -> Payload:
    """Return the chart of a timeline, or a sentence that its picture was sent."""
    summary = alt_text(timeline._replace(title=trim(timeline.title, 2 * NAME)))
    sent = say(f"I sent the timeline to your direct messages. {summary}")
    native = [section(say(summary)), *_charts(timeline)]
    return message(sent, replacing([section(sent)], native))


def _charts(timeline: Timeline) -> list[Payload]:
    """Chart events and coverage by step; steps are merged if a chart has no room for them."""
    wide = -(-len(timeline.steps) // limits.CHART_POINTS)
    starts = range(0, len(timeline.steps), wide)
    labels = [_label(timeline, at) for at in starts]

    def summed(counts: Sequence[int]) -> list[int]:
        return [sum(counts[at : at + wide]) for at in starts]

    per = f"per {timeline.step}" if wide == 1 else f"per {wide} {timeline.step}s"
    sides = {
        "Cooperation": summed(timeline.cooperation),
        "Conflict": summed(timeline.conflict),
    }
    articles = {"Articles": summed(timeline.articles)}
    return [
        bar_chart(f"{capital('events')} {per}", labels, sides, "Events"),
        bar_chart(f"Articles {per}", labels, articles, "Articles"),
    ]


def _label(timeline: Timeline, at: int) -> str:
    """Return the first day of a step, with its year if another step begins on the same day."""
    shown = [tick_label(one, timeline.step) for one in timeline.steps]
    clash = len(set(shown)) < len(shown)
    return day(timeline.steps[at]) if clash else shown[at]
