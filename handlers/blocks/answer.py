"""An answer as a message: the words that answer, then the sentences, the best first."""

from __future__ import annotations

from bot.answer.excerpts import answer_phrase, first_lines, without_answer_mark
from bot.answer.formatting import capital, count, small_notes
from bot.models import Answer, Line
from handlers.blocks.buttons import EXPANDED, carried, more, sources
from handlers.blocks.feedback import thumbs
from handlers.blocks.layout import ANY_LENGTH, ONE_SCREEN, Page, Payload, Row, fit, fold
from handlers.blocks.menu import overflow
from handlers.blocks.mrkdwn import one_line
from handlers.blocks.notes import HEAD, choices, nothing_but, nothing_stored, wrong
from handlers.blocks.text import Text, fitted, joined, lines, say, spoken
from handlers.blocks.words import REFERENCE, left_out, period, subject
from handlers.blocks.wrong import wrong_fact


def answer_message(answer: Answer, *, tz: str = "UTC", whole: bool = False) -> Payload:
    """Lay an answer out, ``whole`` with all its lines; one that was not found says so."""
    if not answer.answered or not (answer.lines or answer.reference):
        return _not_found(answer, tz)
    every = _rows(answer)
    rows = every if whole else _first(every)
    hidden = len(every) - len(rows)
    behind = more("ask", answer) if hidden else []
    lacking = fitted(answer.lacking, HEAD, spoken)
    listed = lines(*(fitted(sentence, REFERENCE) for sentence in answer.reference))
    left = f"{capital(count(hidden, 'more sentence'))} left out."
    page = Page(
        head=lines(listed, lacking),
        lead=lines(listed, lacking),
        rows=rows,
        notes=[
            joined(" · ", [joined(", ", map(subject, answer.subjects)), period(answer.period)]),
            say(left_out(answer.undated_left_out, answer.period)),
            *_notes(answer),
            say(left if hidden and not behind else ""),
        ],
        buttons=_buttons(answer, behind, rows),
        focus=one_line(answer.query).rstrip("?").split(),
    )
    return fit(page, tz, goal=ANY_LENGTH if whole else ONE_SCREEN)


def _buttons(answer: Answer, behind: list[Payload], shown: list[Row]) -> list[Payload]:
    """What leads on; beside More there is room for no more than a menu of it."""
    again, whence = carried("ask", answer), sources("ask", answer)
    wrongs = [*_wrong(answer), *wrong_fact("ask", answer, [row.line for row in shown])]
    if not behind and len(wrongs) < 2:
        return [*whence, *wrongs, *thumbs("ask", answer)]
    if not behind:
        return [*whence, *thumbs("ask", answer), *overflow(again, wrongs)]
    return [*behind, *thumbs("ask", answer), *overflow(again, [*whence, *wrongs])]


def _not_found(answer: Answer, tz: str) -> Payload:
    """Say that nothing answers, and name the nearest actors."""
    stored = nothing_stored(answer.query, answer.subjects, answer.period, question=True)
    page = Page(
        head=say(stored, "."),
        lead=nothing_but(stored, answer.nearest),
        rows=[],
        notes=[say(left_out(answer.undated_left_out, answer.period)), *_notes(answer)],
        buttons=[
            *choices("ask", answer.query, answer.nearest),
            *_wrong(answer),
            *thumbs("ask", answer),
        ],
    )
    return fit(page, tz)


def lines_shown(answer: Answer, *, whole: bool = False) -> list[Line]:
    """The lines of an answer that are shown, as far as there is room."""
    rows = _rows(answer) if answer.answered else []
    return [row.line for row in (rows if whole else _first(rows))]


def _rows(answer: Answer) -> list[Row]:
    """The lines, no sentence twice; above the first the words that answer, if any do."""
    lines = answer.lines[:EXPANDED]
    if answer.lacking:
        return fold(Row(line.heading, without_answer_mark(line)) for line in lines)
    phrase = answer_phrase(answer)
    rows = fold(Row(line.heading, line) for line in lines)
    return [row._replace(phrase=phrase) if n == 0 else row for n, row in enumerate(rows)]


def _first(rows: list[Row]) -> list[Row]:
    """The rows that are shown without asking for more."""
    kept = {id(line) for line in first_lines([row.line for row in rows])}
    return [row for row in rows if id(row.line) in kept]


def _wrong(answer: Answer) -> list[Payload]:
    return wrong("ask", answer.query, answer.subjects, answer.as_of)


def _notes(answer: Answer) -> list[Text]:
    return [spoken(note) for note in small_notes(answer)]
