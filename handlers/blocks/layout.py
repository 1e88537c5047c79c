"""How lines become a message: sections, headings, lengths, and the text beside the blocks.

A line is fitted by shortening its quote, never its source; what does not fit even then
is left out and counted.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from bot.answer.words import capital, count, event_day, says_whom
from bot.models import Line, Status
from handlers.blocks import limits
from handlers.blocks.mrkdwn import bold, excerpt, one_line, quote, trim
from handlers.blocks.words import attribution, named, standing

Payload = dict[str, Any]

QUOTE_WORDS = 25
ONE_SCREEN = 900
"""Characters that a phone shows without much scrolling; quotes shorten towards it."""

_SHORTER = (QUOTE_WORDS, 21, 18, 15, 13, 11, 10)
_SHORTEST = 6
_COMPARED = 5000  # characters of two quotes that tell whether they say the same
_TAIL = 4  # words that are worth more shown than the room they take
_LINK = re.compile(r"<[^|>]*\|([^>]*)>")


class Row(NamedTuple):
    """A line under a heading; ``plain`` is a quote that stands without who did what.

    ``mark`` stands before a line that changed: + ~ ×.
    """

    heading: str
    line: Line
    implied: Status | None = None
    plain: bool = False
    mark: str = ""


class Page(NamedTuple):
    """A reply before it is fitted; all texts but those of the rows are mrkdwn already."""

    head: str
    rows: Sequence[Row]
    notes: Sequence[str] = ()
    buttons: Sequence[Payload] = ()
    focus: Sequence[str] = ()


def statement(row: Row, tz: str, words: int, focus: Iterable[str] = ()) -> str:
    """One line in mrkdwn: when · who *did what* to whom: “quote” — source, standing."""
    line, snippet = row.line, row.line.snippet
    aim = [text for text in (line.who, line.did, line.whom.strip("“”")) if text]
    if len(snippet.quote.split()) <= min(words + _TAIL, QUOTE_WORDS):
        words = QUOTE_WORDS
    answer = snippet.quote[slice(*snippet.answer)] if snippet.answer else ""
    aim = [answer, *aim] if answer else aim
    shown = bold(quote(excerpt(snippet.quote, words, focus=aim or focus)), answer)
    after = ", ".join([attribution(snippet, tz), *standing(line, implied=row.implied)])
    mark = f"{row.mark} " if row.mark else ""
    return f"{mark}{'' if row.plain else _fact(line)}{shown} — {after}"


def _fact(line: Line) -> str:
    when = f"{event_day(line)} · " if line.event_date else ""
    if not says_whom(line):
        return when
    who, did, whom = (named(text) for text in (line.who, line.did, line.whom))
    return f"{when}{who} *{did}* {whom}: "


def fold(rows: Iterable[Row]) -> list[Row]:
    """Keep the first of lines that quote the same words: no sentence stands twice."""
    kept: list[Row] = []
    said: list[tuple[str, Line]] = []
    for row in rows:
        words = " ".join(re.findall(r"\w+", row.line.snippet.quote[:_COMPARED].casefold()))
        if not any(_same(words, row.line, *other) for other in said):
            kept.append(row)
            said.append((words, row.line))
    return kept


def _same(words: str, line: Line, others: str, other: Line) -> bool:
    if words == others or f" {words} " in f" {others} " or f" {others} " in f" {words} ":
        return True
    a, b = line.snippet, other.snippet
    same_text = (a.article, a.revision, a.field) == (b.article, b.revision, b.field)
    return same_text and a.start < b.end and b.start < a.end


def fit(page: Page, tz: str, *, goal: int = ONE_SCREEN) -> Payload:
    """Build the message: whole quotes if they fit a screen, shorter ones if not.

    ``goal`` is in visible characters and is a wish; Slack's limits are not, and lines
    that break them are left out and counted.
    """
    payload: Payload = {}
    for words in _SHORTER:
        payload = _build(page, page.rows, tz, words)
        if visible(payload) <= goal and not limits.problems(payload):
            return payload
    if not limits.problems(payload):
        return payload
    rows = [row for row in page.rows if len(statement(row, tz, _SHORTEST)) < limits.ANY_TEXT - 100]
    # Fewer rows never break more limits, so the most that fit are found by halving.
    most = bisect_left(range(len(rows)), 1, key=lambda n: _too_much(page, rows[: n + 1], tz))
    return _build(page, rows[:most], tz, _SHORTEST)


def _too_much(page: Page, rows: Sequence[Row], tz: str) -> int:
    return 1 if limits.problems(_build(page, rows, tz, _SHORTEST)) else 0


def visible(payload: Mapping[str, Any]) -> int:
    """Count the characters that a reader sees of the blocks; addresses of links are unseen."""
    return sum(len(_LINK.sub(r"\1", text)) for text in limits.texts(payload.get("blocks")))


def _build(page: Page, rows: Sequence[Row], tz: str, words: int) -> Payload:
    def say(row: Row) -> str:
        return statement(row, tz, words, page.focus)

    notes = [note for note in page.notes if note]
    if missing := len(page.rows) - len(rows):
        notes.append(f"{capital(count(missing, 'more line'))} left out for length.")
    blocks = [section(page.head)] if page.head else []
    blocks += [section(text) for text in _paragraphs(rows, say)]
    if notes:
        blocks.append(context(notes))
    if page.buttons:
        blocks.append({"type": "actions", "elements": list(page.buttons)})
    return message(_fallback(page.head, [say(row) for row in rows], notes), blocks)


def _paragraphs(rows: Sequence[Row], say: Callable[[Row], str]) -> list[str]:
    done: list[str] = []
    for heading in dict.fromkeys(row.heading for row in rows):
        lines = [say(row) for row in rows if row.heading == heading]
        if len(lines) == 1:
            done.append(f"*{heading}* {lines[0]}" if heading else lines[0])
            continue
        text = f"*{heading}*" if heading else ""
        for line in lines:
            if len(text) + len(line) + 3 > limits.SECTION_TEXT:
                done.append(text)
                text = ""
            text += f"\n• {line}"
        done.append(text.strip())
    return done


def _fallback(head: str, lines: Sequence[str], notes: Sequence[str]) -> str:
    """Text that begins with the answer and keeps every source it has room for."""
    text = lines[0] if lines else head
    rest = [head, *lines[1:], *notes] if lines else list(notes)
    for n, part in enumerate(rest):
        if len(text) + len(part) + 20 > limits.MESSAGE_TEXT_ADVISED:
            return f"{text}\n… and {count(len(rest) - n, 'more line')}."
        text += f"\n{part}" if part else ""
    return text


def message(text: str, blocks: Sequence[Payload]) -> Payload:
    """Make a message that unfolds no link."""
    return {"text": text, "blocks": list(blocks), "unfurl_links": False, "unfurl_media": False}


def section(text: str) -> Payload:
    """A paragraph of mrkdwn in which Slack looks for no names or addresses of its own."""
    return {"type": "section", "text": mrkdwn(text)}


def context(notes: Sequence[str]) -> Payload:
    """Small print, one element for it all."""
    return {"type": "context", "elements": [mrkdwn(trim("\n".join(notes), limits.ANY_TEXT))]}


def mrkdwn(text: str) -> Payload:
    """A mrkdwn text object."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def button(label: str, action: str, value: Mapping[str, Any]) -> Payload | None:
    """A button whose value holds all that its handler needs; None where that is too long, or
    its label has nothing to read."""
    packed = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    text = plain(trim(label, limits.BUTTON_TEXT))
    if len(packed) > limits.BUTTON_VALUE or not text["text"]:
        return None
    return {"type": "button", "text": text, "action_id": action, "value": packed}


def plain(text: str) -> Payload:
    """A text object without marks, on one line."""
    return {"type": "plain_text", "text": one_line(text), "emoji": False}
