"""How lines become a message: words, sections, headings, lengths, and the text for notifications.

To fit a line, its quote is shortened, never its source; a line that does not fit even then is left
out and counted. The plain words are in ``bot.answer.formatting``, which the command line shares.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from bot.answer.formatting import (
    abroad_head,
    capital,
    cited,
    count,
    days,
    event_day,
    excerpt,
    independent,
    marks,
    needs_act,
)
from bot.models import Answer, Brief, Line, Match, Nothing, Period, Snippet, Status
from handlers.blocks import limits
from handlers.blocks.native import replacing
from handlers.blocks.text import (
    NOTHING,
    Text,
    bold,
    cut,
    fitted,
    italic,
    joined,
    lines,
    link,
    mrkdwn,
    one_line,
    plain,
    quoted,
    say,
    strong,
    trim,
)

# --- sources, status, periods, subjects --------------------------------------------------


NAME = 120
"""The most characters of a name, a label or a query that a reply repeats."""

REFERENCE = 2 * NAME
"""The most characters of an office in the reference list."""


_LONG_LINK = 700
"""Characters of an address beyond which a message of many lines leaves it out."""


def named(text: str) -> Text:
    """Return a name, a label or a query, cut to its longest length."""
    return fitted(trim(text, NAME), 2 * NAME)


def attribution(snippet: Snippet, tz: str) -> Text:
    """Return publisher, date and a language other than English, linked to the article.

    Sources are never trimmed.
    """
    return link(snippet.url, cited(snippet, tz))


def abroad(reply: Answer | Brief | Nothing, tz: str) -> Text:
    """List headlines in other languages as they stand, each with its language and its source."""
    if not reply.abroad:
        return NOTHING
    snippets = [without_long_link(line).snippet for line in reply.abroad]
    listed = [
        say("• ", quoted(trim(one_line(one.quote), 2 * NAME)), " — ", attribution(one, tz))
        for one in snippets
    ]
    return lines(abroad_head(reply), *listed)


def without_long_link(line: Line) -> Line:
    """Return a line without a link that is too long for a message of many lines."""
    if len(link(line.snippet.url, "…")) <= _LONG_LINK:
        return line
    return line.model_copy(update={"snippet": line.snippet.model_copy(update={"url": None})})


def status_words(line: Line, *, implied: Status | None = None) -> list[Text]:
    """Return what a reader must know without a click: status, claimant, sources if several.

    ``implied`` is a status that the line's heading already states.
    """
    words = [italic(named(said)) for said in marks(line, implied)]
    return [*words, say(independent(line))] if line.sources > 1 else words


def period(value: Period | None) -> str:
    """Return the days of a query, as typed and as understood; empty if it had none."""
    asked = days(value)
    label = trim(one_line(value.label), NAME) if value and asked else ""
    if not label or any(character.isdigit() for character in label):
        return asked  # the typed words add nothing to the days
    first = label.split()[0].casefold()
    return f"{label} ({asked.removeprefix(f'{first} ')})"


def subject(match: Match) -> Text:
    """Name an actor, its kind, and the typed words if they differ from its name."""
    name, typed = named(match.name), named(match.query)
    kind = match.type.value
    if match.query.strip().casefold() == match.name.strip().casefold() or not typed:
        return say(bold(name), f" ({kind})")
    return say(bold(name), f" ({kind}; you typed ", italic(typed), " — showing ", name, ")")


def left_out(undated: int, value: Period | None) -> str:
    """Count what a period could not include; empty if nothing was left out."""
    if not undated:
        return ""
    tail = " of this period" if period(value) else ""
    return f"{capital(count(undated, 'undated article'))} left out{tail}."


# --- messages ----------------------------------------------------------------------------


Payload = dict[str, Any]

QUOTE_WORDS = 25
ONE_SCREEN = 900
"""Characters that a phone shows without much scrolling; quotes shorten towards it."""

ANY_LENGTH = 100_000
"""The same for a message whose reader asked for all of it."""

_SHORTER = (
    (50, 40),
    (50, 32),
    (45, 25),
    (40, 21),
    (34, 18),
    (28, 15),
    (25, 13),
    (21, 11),
    (18, 10),
    (10, 10),
)
"""Words of a message's first quote, and of each other: use the most that fit a screen."""

_SHORTEST = (6, 6)
_HEADING = 240  # characters of a heading, which may be the name of a publisher
_COMPARED = 5000  # characters of two quotes that are compared
_TAIL = 4  # words short enough to show rather than cut
_UNMARKED = {"status": None, "claimant": None, "claimant_words": None}
_LINK = re.compile(r"<[^|>]*\|([^>]*)>")


class Row(NamedTuple):
    """A line under a heading; ``plain`` is a quote that stands without who did what.

    ``mark`` stands before a line that changed: + ~ ×. ``phrase`` holds the words of its quote that
    answer, to show above it.
    """

    heading: str
    line: Line
    implied: Status | None = None
    plain: bool = False
    mark: str = ""
    phrase: str = ""


class Page(NamedTuple):
    """A reply before it is fitted to Slack's limits and to a screen.

    ``lead`` begins the text sent with the blocks, before the first row: what a notification must
    say about rows that do not answer. ``table`` makes a data table of the rows, which replaces them
    in workspaces that show tables.
    """

    head: Text
    rows: Sequence[Row]
    notes: Sequence[Text] = ()
    buttons: Sequence[Payload] = ()
    focus: Sequence[str] = ()
    lead: Text = NOTHING
    table: Callable[[Sequence[Row]], Payload] | None = None


def statement(row: Row, tz: str, words: int, focus: Iterable[str] = ()) -> Text:
    """One line: when · “quote” — source, status; who *did what* first where the quote has *it*.

    Words in the phrase above a line are not repeated.
    """
    line, snippet = row.line, row.line.snippet
    aim = [text for text in (line.actor, line.act, line.target.strip("“”")) if text]
    if (number := len(snippet.quote.split())) <= words + _TAIL:
        words = max(words, number)
    answer = snippet.quote[slice(*snippet.answer)] if snippet.answer else ""
    keep = [*([snippet.answer] if snippet.answer else []), *snippet.key_spans]
    shown = quoted(excerpt(snippet.quote, words, keep=keep, focus=aim or focus), answer)
    shown_line = line.model_copy(update=_UNMARKED) if row.phrase else line
    after = joined(", ", [attribution(snippet, tz), *status_words(shown_line, implied=row.implied)])
    mark = f"{row.mark} " if row.mark else ""
    return say(mark, NOTHING if row.plain else _fact(line), shown, " — ", after)


def _phrase(row: Row) -> Text:
    """Return the answering words, in bold, and whether they are planned, denied or claimed."""
    words = ", ".join(marks(row.line, row.implied))
    beside = say(" (", italic(named(words)), ")") if words else NOTHING
    return say(strong(row.phrase), beside) if row.phrase else NOTHING


def _fact(line: Line) -> Text:
    when = f"{day_words} · " if (day_words := event_day(line)) else ""
    if not needs_act(line):
        return say(when)
    actor, act, target = (named(text) for text in (line.actor, line.act, line.target))
    return say(when, actor, " ", bold(act), " ", target, ": ")


def fold(rows: Iterable[Row]) -> list[Row]:
    """Keep the first of lines that quote the same words: no sentence appears twice."""
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

    ``goal``, in visible characters, is a preference; Slack's limits are firm, and lines that break
    them are left out and counted.
    """
    payload: Payload = {}
    for words in _SHORTER:
        payload = _build(page, page.rows, tz, words)
        if visible(payload) <= goal and not limits.problems(payload):
            return payload
    if not limits.problems(payload):
        return payload
    longest = limits.ANY_TEXT - 100
    rows = [row for row in page.rows if len(statement(row, tz, _SHORTEST[1])) < longest]
    # Fewer rows never break more limits, so a binary search finds the most that fit.
    most = bisect_left(range(len(rows)), 1, key=lambda n: _too_much(page, rows[: n + 1], tz))
    return _build(page, rows[:most], tz, _SHORTEST)


def _too_much(page: Page, rows: Sequence[Row], tz: str) -> int:
    return 1 if limits.problems(_build(page, rows, tz, _SHORTEST)) else 0


def visible(payload: Mapping[str, Any]) -> int:
    """Count the characters of the blocks that a reader sees; link addresses are invisible."""
    return sum(len(_LINK.sub(r"\1", text)) for text in limits.texts(payload.get("blocks")))


def _build(page: Page, rows: Sequence[Row], tz: str, words: tuple[int, int]) -> Payload:
    def stated(row: Row) -> Text:
        return statement(row, tz, words[row is not rows[0]], page.focus)

    notes = [note for note in page.notes if note]
    if missing := len(page.rows) - len(rows):
        notes.append(say(f"{capital(count(missing, 'more line'))} left out for length."))
    blocks = [section(page.head)] if page.head else []
    listed = [section(text) for text in _paragraphs(rows, stated)]
    blocks += replacing(listed, [page.table(rows)]) if page.table and rows else listed
    if notes:
        blocks.append(context(notes))
    blocks += row(*page.buttons)
    beside = [joined(": ", [_phrase(row), stated(row)]) for row in rows]
    return message(_fallback(page, beside, notes), blocks)


def _paragraphs(rows: Sequence[Row], stated: Callable[[Row], Text]) -> list[Text]:
    done: list[Text] = []
    if rows and rows[0].phrase:
        first, *rest = rows
        under = NOTHING if first.heading else stated(first)
        done.append(lines(_phrase(first), under))
        rows = rows if first.heading else rest
    for name in dict.fromkeys(row.heading for row in rows):
        heading = bold(fitted(name, _HEADING))
        listed = [stated(row) for row in rows if row.heading == name]
        if len(listed) == 1:
            done.append(joined(" ", [heading, listed[0]]))
        else:
            done += packed([heading, *(say("• ", line) for line in listed)])
    return done


def packed(texts: Iterable[Text]) -> list[Text]:
    """Put texts, each on its own line, into as few paragraphs as can hold them."""
    done: list[Text] = []
    for text in texts:
        if done and len(done[-1]) + len(text) < limits.SECTION_TEXT:
            done[-1] = lines(done[-1], text)
        else:
            done.append(text)
    return [one for one in done if one]


def _fallback(page: Page, stated: Sequence[Text], notes: Sequence[Text]) -> Text:
    """Return text that begins with the answer, or says that there is none, and keeps as many
    sources as fit."""
    text, *rest = [*stated, *notes] if stated else [page.lead or page.head, *notes]
    if stated and page.lead:
        text = say(page.lead, " ", text)
    elif stated:
        rest = [page.head, *rest]
    for n, part in enumerate(rest):
        if len(text) + len(part) + 20 > limits.MESSAGE_TEXT_ADVISED:
            return lines(text, f"… and {count(len(rest) - n, 'more line')}.")
        text = lines(text, part)
    return text


def message(text: Text, blocks: Sequence[Payload]) -> Payload:
    """Make a message that unfurls no link; ``text`` is sent with the blocks."""
    return {
        "text": text.mrkdwn,
        "blocks": list(blocks),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def section(text: Text, accessory: Payload | None = None) -> Payload:
    """Return a paragraph, with a button or a menu next to it, if any."""
    if accessory is not None:  # rich_text accepts none
        return {"type": "section", "text": mrkdwn(text), "accessory": accessory}
    if (elements := text.elements) is None:
        return {"type": "section", "text": mrkdwn(text)}
    paragraph = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "elements": [paragraph]}


def context(notes: Sequence[Text]) -> Payload:
    """Return small print as one element."""
    return {"type": "context", "elements": [mrkdwn(cut(lines(*notes), limits.ANY_TEXT))]}


def fullest(build: Callable[[int], Payload], most: int) -> Payload:
    """Build a message of as many of ``most`` parts as Slack's limits allow, at least one."""
    for shown in range(most, 0, -1):
        payload = build(shown)
        if not limits.problems(payload):
            break
    return payload


def made(*buttons: Payload | None) -> list[Payload]:
    """Return the buttons that could be made."""
    return [one for one in buttons if one is not None]


def row(*buttons: Payload | None, block_id: str = "") -> list[Payload]:
    """Return a row of the buttons that could be made; no block if there are none."""
    elements = made(*buttons)
    given = {"block_id": block_id} if block_id else {}
    return [{"type": "actions", **given, "elements": elements}] if elements else []


def button(label: str, action: str, value: Mapping[str, Any]) -> Payload | None:
    """Return a button whose value holds all that its handler needs; None if that is too long, or
    the label has no visible text."""
    packed = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    text = plain(trim(label, limits.BUTTON_TEXT))
    if len(packed) > limits.BUTTON_VALUE or not text["text"]:
        return None
    return {"type": "button", "text": text, "action_id": action, "value": packed}
