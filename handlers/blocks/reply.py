"""Any reply of the desk as a message: answers, lists of sources, and by its kind all else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from bot.answer.excerpts import answer_phrase, first_lines, without_answer_mark
from bot.answer.formatting import capital, count, published, small_notes, source
from bot.models import Answer, Brief, DidYouMean, Line, Nothing, Reply, Snippet
from handlers.blocks import brief, limits, notes
from handlers.blocks.brief import brief_message
from handlers.blocks.buttons import EXPANDED, carried, more, overflow, sources
from handlers.blocks.curation import wrong_fact
from handlers.blocks.feedback import thumbs
from handlers.blocks.layout import (
    ANY_LENGTH,
    NAME,
    ONE_SCREEN,
    REFERENCE,
    Page,
    Payload,
    Row,
    context,
    fit,
    fold,
    left_out,
    message,
    packed,
    period,
    section,
    subject,
)
from handlers.blocks.notes import HEAD, choices, nothing_but, nothing_stored, wrong
from handlers.blocks.text import (
    Text,
    fitted,
    italic,
    joined,
    lines,
    link,
    one_line,
    say,
    spoken,
    trim,
)

# --- answers -----------------------------------------------------------------------------


def answer_message(answer: Answer, *, tz: str = "UTC", whole: bool = False) -> Payload:
    """Lay an answer out, ``whole`` with all its lines; one that was not found says so."""
    if not answer.answered or not (answer.lines or answer.reference):
        return _not_found(answer, tz)
    every = _rows(answer)
    rows = every if whole else _rows_at_first(every)
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
    again, listed = carried("ask", answer), sources("ask", answer)
    wrongs = [*_wrong(answer), *wrong_fact("ask", answer, [row.line for row in shown])]
    if not behind and len(wrongs) < 2:
        return [*listed, *wrongs, *thumbs("ask", answer)]
    if not behind:
        return [*listed, *thumbs("ask", answer), *overflow(again, wrongs)]
    return [*behind, *thumbs("ask", answer), *overflow(again, [*listed, *wrongs])]


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


def answer_lines_shown(answer: Answer, *, whole: bool = False) -> list[Line]:
    """The lines of an answer that are shown, as far as there is room."""
    rows = _rows(answer) if answer.answered else []
    return [row.line for row in (rows if whole else _rows_at_first(rows))]


def _rows(answer: Answer) -> list[Row]:
    """The lines, no sentence twice; above the first the words that answer, if any do."""
    lines = answer.lines[:EXPANDED]
    if answer.lacking:
        return fold(Row(line.heading, without_answer_mark(line)) for line in lines)
    phrase = answer_phrase(answer)
    rows = fold(Row(line.heading, line) for line in lines)
    return [row._replace(phrase=phrase) if n == 0 else row for n, row in enumerate(rows)]


def _rows_at_first(rows: list[Row]) -> list[Row]:
    """The rows that are shown without asking for more."""
    kept = {id(line) for line in first_lines([row.line for row in rows])}
    return [row for row in rows if id(row.line) in kept]


def _wrong(answer: Answer) -> list[Payload]:
    return wrong("ask", answer.query, answer.subjects, answer.as_of)


def _notes(answer: Answer) -> list[Text]:
    return [spoken(note) for note in small_notes(answer)]


# --- the articles that a reply draws on --------------------------------------------------


SOURCES_SHOWN = 20
_NEVER = datetime.min.replace(tzinfo=UTC)


def sources_message(query: str, lines: Iterable[Line], *, tz: str = "UTC") -> Payload:
    """List the articles, newest first, the undated last; those beyond ``MOST`` are counted."""
    articles = {line.snippet.article: line.snippet for line in lines}
    ordered = sorted(
        articles.values(),
        key=lambda one: (one.published or _NEVER, one.title, one.article),
        reverse=True,
    )
    publishers = len({source(one).casefold() for one in ordered})
    told = f"{count(len(ordered), 'article')} of {count(publishers, 'source')}"
    head = say(f"{capital(told)}: ", italic(trim(one_line(query), NAME)))
    return _fitting(head, [_article_line(one, tz) for one in ordered], SOURCES_SHOWN)


def _article_line(snippet: Snippet, tz: str) -> Text:
    title = trim(one_line(snippet.title) or snippet.quote, NAME)
    after = f"{source(snippet)}, {published(snippet, tz)}"
    if snippet.thinned:
        after += ", text thinned: only what is quoted of it is kept"
    return say("• ", link(snippet.url, title), f" — {after}")


def _fitting(head: Text, lines: Sequence[Text], most: int) -> Payload:
    """As many of the lines as a message takes, the rest counted."""
    shown, hidden = lines[:most], len(lines[most:])
    blocks = [section(head), *map(section, packed(shown))]
    if hidden:
        blocks.append(context([say(f"{capital(count(hidden, 'more article'))}.")]))
    payload = message(head, blocks)
    return _fitting(head, lines, most - 1) if limits.problems(payload) and most else payload


# --- replies -----------------------------------------------------------------------------


def reply_message(reply: Reply, *, do: notes.Do, tz: str = "UTC", whole: bool = False) -> Payload:
    """Lay out a reply; ``do`` is what was asked, so that a choice asks the same again."""
    if isinstance(reply, Brief):
        return brief_message(reply, tz=tz, whole=whole)
    if isinstance(reply, Answer):
        return answer_message(reply, tz=tz, whole=whole)
    if isinstance(reply, DidYouMean):
        return notes.did_you_mean(reply, do=do)
    return notes.nothing(reply, do=do, tz=tz)


def lines_shown(reply: Reply, *, whole: bool = False) -> list[Line]:
    """The lines of a reply that are shown as what answers it, as far as there is room."""
    if isinstance(reply, Brief):
        return brief.lines_shown(reply, whole=whole)
    return answer_lines_shown(reply, whole=whole) if isinstance(reply, Answer) else []


def tells_anything(reply: Reply) -> bool:
    """Whether a reply holds a line, which others may want to see or its reader to keep."""
    return isinstance(reply, Brief | Answer) or (isinstance(reply, Nothing) and bool(reply.near))
