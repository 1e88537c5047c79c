"""An answer to a question as a message: the sentences that bear on it, the best first."""

from __future__ import annotations

from bot.answer.shown import shown
from bot.answer.words import capital, count
from bot.models import Answer, Line
from handlers.blocks.buttons import sources
from handlers.blocks.feedback import thumbs
from handlers.blocks.layout import Page, Payload, Row, fit, fold
from handlers.blocks.mrkdwn import one_line
from handlers.blocks.notes import choices, nothing_but, nothing_stored, wrong
from handlers.blocks.text import NOTHING, Text, fitted, joined, lines, say, spoken
from handlers.blocks.words import REFERENCE, left_out, period, subject

LINES = 5


def answer_message(answer: Answer, *, tz: str = "UTC") -> Payload:
    """Lay an answer out; one that was not found says so and names the nearest actors."""
    if not answer.answered or not (answer.lines or answer.reference):
        stored = nothing_stored(answer.query, answer.subjects, answer.period, question=True)
        return fit(
            Page(
                head=say(stored, "."),
                lead=nothing_but(stored, answer.nearest),
                rows=[],
                notes=[say(left_out(answer.undated_left_out, answer.period)), *_notes(answer)],
                buttons=[
                    *choices("ask", answer.query, answer.nearest),
                    *_wrong(answer),
                    *thumbs("ask", answer),
                ],
            ),
            tz,
        )
    rows = _rows(answer)
    hidden = len(answer.lines) - len(rows)
    listed = lines(*(fitted(sentence, REFERENCE) for sentence in answer.reference))
    page = Page(
        head=listed or NOTHING,
        lead=lines(listed, spoken(answer.lacking)),
        rows=rows,
        notes=[
            joined(" · ", [joined(", ", map(subject, answer.subjects)), period(answer.period)]),
            say(left_out(answer.undated_left_out, answer.period)),
            *_notes(answer),
            say(f"{capital(count(hidden, 'more sentence'))} left out." if hidden > 0 else ""),
        ],
        buttons=[*sources("ask", answer), *_wrong(answer), *thumbs("ask", answer)],
        focus=one_line(answer.query).rstrip("?").split(),
    )
    return fit(page, tz)


def lines_shown(answer: Answer) -> list[Line]:
    """The lines of an answer that are shown, as far as there is room."""
    return [row.line for row in _rows(answer)] if answer.answered else []


def _rows(answer: Answer) -> list[Row]:
    return fold(Row(line.heading, line) for line in shown(answer.lines, LINES))


def _wrong(answer: Answer) -> list[Payload]:
    return wrong("ask", answer.query, answer.subjects, answer.as_of)


def _notes(answer: Answer) -> list[Text]:
    return [spoken(note) for note in answer.notes]
