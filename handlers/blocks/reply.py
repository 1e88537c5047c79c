"""Any reply of the desk as a message: briefs, answers, lists of sources, and short replies.

A brief has the most important points in short, then a line per story with its sources; the rest is
behind More.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from bot.answer.brief_sections import (
    IN_SHORT,
    BriefRow,
    brief_rows,
    citation_numbers,
    in_short_heading,
    related_words,
    rows_shown_first,
    since_words,
    small_print,
)
from bot.answer.export import ExportedFact
from bot.answer.formatting import (
    answer_phrase,
    capital,
    cited,
    count,
    coverage,
    day,
    first_lines,
    independent,
    lead,
    marks,
    published,
    small_notes,
    source,
    when,
    without_answer_mark,
)
from bot.answer.timeline import Timeline, alt_text, tick_label
from bot.models import Answer, Brief, DidYouMean, Line, Nothing, Reply, Snippet, Status
from handlers.blocks import buttons, limits, native, notes
from handlers.blocks.buttons import EXPANDED, carried, more, overflow, sources
from handlers.blocks.curation import thumbs, wrong_fact
from handlers.blocks.layout import (
    ANY_LENGTH,
    NAME,
    ONE_SCREEN,
    REFERENCE,
    Page,
    Payload,
    Row,
    abroad,
    attribution,
    button,
    context,
    fit,
    fold,
    fullest,
    left_out,
    message,
    named,
    packed,
    period,
    section,
    subject,
    visible,
    without_long_link,
)
from handlers.blocks.native import container, replacing
from handlers.blocks.notes import HEAD, choices, nothing_but, nothing_stored, wrong
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
    one_line,
    quoted,
    raw_number,
    say,
    spoken,
    trim,
)

# --- briefs ------------------------------------------------------------------------------


EXPORT = "export"
"""The action that sends the facts between a brief's subjects as a file."""

TIMELINE = "timeline"
"""The action that sends a picture of the events between a brief's subjects."""

_WORDS = (
    (34, 34),
    (28, 24),
    (26, 18),
    (25, 15),
    (24, 12),
    (23, 10),
    (22, 9),
    (20, 8),
    (17, 8),
    (14, 8),
    (8, 8),
)
"""Words of a sentence in short, and of another line: use the most with which the message fits a
phone's screen. A sentence in short must stand by itself; other lines are shortened first."""


def brief_message(brief: Brief, *, tz: str = "UTC", whole: bool = False) -> Payload:
    """Lay out a brief as ``text`` and ``blocks``; ``whole`` is what More shows.

    No sentence appears twice. A button More is there only when it has something to show. Quotes
    are shortened until the message fits a screen; lines that break Slack's limits even then are
    left out and counted.
    """
    rows = _once(brief_rows(brief))
    wanted = _shown(rows, whole=whole)
    shown = [row for row in wanted if len(_source(row, tz)) < limits.ANY_TEXT - 100]
    goal = ANY_LENGTH if whole else ONE_SCREEN
    laid = _Laid(brief, tz, whole, len(rows) - len(wanted))
    payload: Payload = {}
    for words in _WORDS:
        payload = laid.built(shown, words, len(wanted) - len(shown))
        if visible(payload) <= goal and not limits.problems(payload):
            return payload
    while limits.problems(payload) and shown:
        shown = shown[: len(shown) * 3 // 4]
        payload = laid.built(shown, _WORDS[-1], len(wanted) - len(shown))
    return payload


def brief_lines_shown(brief: Brief, *, whole: bool = False) -> list[Line]:
    """Return the lines of a brief that are shown, as far as there is room."""
    return [row.line for row in _shown(_once(brief_rows(brief)), whole=whole)]


def _shown(rows: list[BriefRow], *, whole: bool) -> list[BriefRow]:
    return rows[: buttons.EXPANDED] if whole else rows_shown_first(rows)


class _Laid(NamedTuple):
    """A brief to lay out: its time zone, whether all of it, and how many lines are hidden."""

    brief: Brief
    tz: str
    whole: bool
    hidden: int

    def built(self, shown: Sequence[BriefRow], words: tuple[int, int], missing: int) -> Payload:
        """Build the message with quotes of so many words; ``missing`` lines had no room."""
        number = citation_numbers(shown)
        head = lines(
            _head(self.brief),
            *(fitted(sentence, REFERENCE) for sentence in self.brief.reference),
            since_words(self.brief.changed, self.tz) if self.brief.changed else "",
        )
        short = [row for row in shown if row.heading == IN_SHORT]
        in_short = joined(" ", (_sentence(row, number, words[0]) for row in short))
        others = [row for row in shown if row.heading != IN_SHORT]
        parts = _parts(others, number, self.tz, words[1])
        paragraphs = [text for part in parts.items() for text in _paragraphs(*part)]
        sources = _sources(shown, number, self.tz)
        notes = self._notes(missing)
        opening = [joined(" ", [bold(in_short_heading(self.brief)), in_short])] if short else []
        blocks = [section(text) for text in (head, *opening)]
        blocks += _folding(parts) if self.whole else map(section, paragraphs)
        blocks += _source_blocks(sources, len(number))
        notes = [*filter(None, [abroad(self.brief, self.tz)]), *notes]
        blocks += [context([text]) for text in notes]
        if elements := _brief_buttons(
            self.brief, more=self._more(), whole=self.whole, lines=bool(shown)
        ):
            blocks.append({"type": "actions", "elements": elements})
        beside = [*([in_short] if short else []), *paragraphs, head, *sources, *notes]
        return message(_beside(beside), blocks)

    def _more(self) -> bool:
        return bool(self.hidden or related_words(self.brief)) and not self.whole

    def _notes(self, missing: int) -> list[Text]:
        beside = related_words(self.brief) if self.whole else ""
        hidden = self.hidden if not self._more() else 0
        notes = [
            say(left_out(self.brief.undated_left_out, self.brief.period)),
            *(spoken(text) for text in small_print(self.brief)),
            say(beside),
            say(f"{capital(count(hidden, 'more line'))}." if hidden else ""),
            say(f"{capital(count(missing, 'more line'))} left out for length." if missing else ""),
        ]
        text = lines(*notes)
        return [text] if text else []


def _sentence(row: BriefRow, number: Mapping[str, int], words: int) -> Text:
    """Return a sentence in short: verbatim, its status if that matters, its number and sources."""
    snippet = row.line.snippet
    quote = quoted(lead(snippet.quote, words, keep=snippet.key_spans))
    mark = f"{row.mark} " if row.mark else ""
    several = f" ({independent(row.line)})" if row.line.sources > 1 else ""
    return say(mark, _standing(row), quote, f" [{number[snippet.article]}]{several}")


def _parts(
    rows: Sequence[BriefRow], number: Mapping[str, int], tz: str, words: int
) -> dict[str, list[Text]]:
    """Return the other headings, each with a line a story."""
    parts: dict[str, list[Text]] = {}
    for row in rows:
        parts.setdefault(row.heading, []).append(say("• ", _line(row, number, tz, words)))
    return parts


def _paragraphs(heading: str, listed: Sequence[Text]) -> list[Text]:
    return packed([bold(heading), *listed])


def _folding(parts: Mapping[str, Sequence[Text]]) -> list[Payload]:
    """Return the other headings as collapsible parts, all but the first of them closed."""
    blocks: list[Payload] = []
    for n, (heading, listed) in enumerate(parts.items()):
        shown = [section(text) for text in _paragraphs(heading, listed)]
        folded = [section(text) for text in packed(listed)]
        if len(folded) <= limits.CONTAINER_BLOCKS:
            shown = replacing(shown, [container(heading, folded, collapsed=n > 0)])
        blocks += shown
    return blocks


def _source_blocks(sources: Sequence[Text], articles: int) -> list[Payload]:
    """Return the cited articles, in a collapsible part."""
    shown = [context([text]) for text in sources]
    if not 0 < len(shown) <= limits.CONTAINER_BLOCKS:
        return shown
    title = f"Sources ({articles})"
    return replacing(shown, [container(title, shown, collapsed=True)])


def _line(row: BriefRow, number: Mapping[str, int], tz: str, words: int) -> Text:
    """Return a story's line: when, its quote, its number, and its sources if there are several."""
    line, snippet = row.line, row.line.snippet
    mark = f"{row.mark} " if row.mark else ""
    shown = quoted(lead(snippet.quote, words, keep=snippet.key_spans))
    several = f" · {independent(line)}" if line.sources > 1 else ""
    cited = f" [{number[snippet.article]}]{several}"
    return say(mark, when(line, tz), " · ", _standing(row), shown, cited)


def _standing(row: BriefRow) -> Text:
    """Return the status that a reader must know: planned, possible, denied, and the claimant."""
    line = row.line
    implied = Status.PLANNED if row.heading == "Coming up" else None
    words = marks(line, implied)
    return say(italic(named(", ".join(words))), " ") if words else NOTHING


def _sources(rows: Sequence[BriefRow], number: Mapping[str, int], tz: str) -> list[Text]:
    """Return the cited articles, by number, each a link; in as few paragraphs as hold them."""
    done: list[Text] = []
    for key, row in {row.line.snippet.article: row for row in rows}.items():
        one = say(f"[{number[key]}] ", _source(row, tz))
        if done and len(done[-1]) + len(one) < limits.ANY_TEXT - 10:
            done[-1] = say(done[-1], " · ", one)
        else:
            done.append(one)
    return done


def _source(row: BriefRow, tz: str) -> Text:
    return attribution(without_long_link(row.line).snippet, tz)


def _beside(parts: Sequence[Text]) -> Text:
    """Return the text sent with the blocks: the answer first, then as much else as fits."""
    text, rest = cut(parts[0], limits.MESSAGE_TEXT_ADVISED - 100), parts[1:]
    for n, part in enumerate(rest):
        if len(text) + len(part) + 20 > limits.MESSAGE_TEXT_ADVISED:
            return lines(text, f"… and {count(len(rest) - n, 'more line')}.")
        text = lines(text, part)
    return text


def _brief_buttons(brief: Brief, *, more: bool, whole: bool, lines: bool) -> list[Payload]:
    again = buttons.carried("brief", brief)
    timeline = button("Timeline", TIMELINE, again) if brief.subjects else None
    export = button("Export", EXPORT, again) if brief.subjects else None
    in_menu = [
        *(buttons.sources("brief", brief) if lines else []),
        *(one for one in (timeline, export) if one),
        *buttons.since(brief),
        *wrong("brief", brief.query, brief.subjects, brief.as_of),
        *(wrong_fact("brief", brief, brief_lines_shown(brief, whole=whole)) if lines else []),
    ]
    return [
        *(buttons.more("brief", brief) if more else []),
        *(buttons.related(brief) if whole else []),
        *buttons.follow(brief),
        *thumbs("brief", brief),
        *overflow(again, in_menu),
    ]


def _head(brief: Brief) -> Text:
    event = say(bold(trim(brief.topic, NAME)), " (event)") if brief.topic else NOTHING
    who = joined(" and ", map(subject, brief.subjects))
    parts: list[str | Text] = [
        event,
        who,
        coverage(brief.articles, brief.sources, days=brief.days, found=bool(brief.topic)),
    ]
    if brief.articles:
        parts.append(f"newest {day(brief.newest)}" if brief.newest else "all undated")
    return joined(" · ", [*parts, period(brief.period)])


def _once(rows: list[BriefRow]) -> list[BriefRow]:
    """Leave out rows that quote the same as an earlier row."""
    kept = {id(row.line) for row in fold(Row(one.heading, one.line) for one in rows)}
    return [one for one in rows if id(one.line) in kept]


# --- answers -----------------------------------------------------------------------------


def answer_message(answer: Answer, *, tz: str = "UTC", whole: bool = False) -> Payload:
    """Lay out an answer, ``whole`` with all its lines; one that was not found says so."""
    if not answer.answered or not (answer.lines or answer.reference):
        return _not_found(answer, tz)
    every = _rows(answer)
    rows = every if whole else _rows_at_first(every)
    hidden = len(every) - len(rows)
    more_button = more("ask", answer) if hidden else []
    leading = fitted(answer.verdict or answer.lacking, HEAD, spoken)
    listed = lines(*(fitted(sentence, REFERENCE) for sentence in answer.reference))
    left = f"{capital(count(hidden, 'more sentence'))} left out."
    page = Page(
        head=lines(listed, leading),
        lead=lines(listed, leading),
        rows=rows,
        notes=[
            joined(" · ", [joined(", ", map(subject, answer.subjects)), period(answer.period)]),
            say(left_out(answer.undated_left_out, answer.period)),
            abroad(answer, tz),
            *_notes(answer),
            say(left if hidden and not more_button else ""),
        ],
        buttons=_buttons(answer, more_button, rows),
        focus=one_line(answer.query).rstrip("?").split(),
        table=(lambda rows: _stories(rows, tz)) if whole and answer.asked == "new" else None,
    )
    return fit(page, tz, goal=ANY_LENGTH if whole else ONE_SCREEN)


def _stories(rows: Sequence[Row], tz: str) -> Payload:
    """Return the stories of an answer as a table, one a row, most important first."""
    header = ("Published", "Story", "Source", "Sources")
    return native.table("Stories", header, [_story_row(row.line, tz) for row in rows])


def _story_row(line: Line, tz: str) -> list[Payload]:
    snippet = line.snippet
    quote = lead(snippet.quote, _STORY_WORDS, keep=snippet.key_spans)
    return [
        _published(snippet, tz),
        native.words(link(snippet.url, quote)),
        native.words(source(snippet)),
        raw_number(line.sources, ""),
    ]


_STORY_WORDS = 24
"""Words of a story in a table."""


def _buttons(answer: Answer, more_button: list[Payload], shown: list[Row]) -> list[Payload]:
    """Return the buttons; beside More there is only room for a menu of the others."""
    again, listed = carried("ask", answer), sources("ask", answer)
    wrongs = [*_wrong(answer), *wrong_fact("ask", answer, [row.line for row in shown])]
    if not more_button and len(wrongs) < 2:
        return [*listed, *wrongs, *thumbs("ask", answer)]
    if not more_button:
        return [*listed, *thumbs("ask", answer), *overflow(again, wrongs)]
    return [*more_button, *thumbs("ask", answer), *overflow(again, [*listed, *wrongs])]


def _not_found(answer: Answer, tz: str) -> Payload:
    """Say that nothing answers, and name the nearest actors."""
    stored = nothing_stored(answer.query, answer.subjects, answer.period, question=True)
    page = Page(
        head=say(stored, "."),
        lead=nothing_but(stored, answer.nearest),
        rows=[],
        notes=[
            abroad(answer, tz),
            say(left_out(answer.undated_left_out, answer.period)),
            *_notes(answer),
        ],
        buttons=[
            *choices("ask", answer.query, answer.nearest),
            *_wrong(answer),
            *thumbs("ask", answer),
        ],
    )
    return fit(page, tz)


def answer_lines_shown(answer: Answer, *, whole: bool = False) -> list[Line]:
    """Return the lines of an answer that are shown, as far as there is room."""
    rows = _rows(answer) if answer.answered else []
    return [row.line for row in (rows if whole else _rows_at_first(rows))]


def _rows(answer: Answer) -> list[Row]:
    """Return the lines, no sentence twice; above the first the words that answer, if any do."""
    lines = answer.lines[:EXPANDED]
    if answer.lacking:
        return fold(Row(line.heading, without_answer_mark(line)) for line in lines)
    phrase = answer_phrase(answer)
    rows = fold(Row(line.heading, line) for line in lines)
    return [row._replace(phrase=phrase) if n == 0 else row for n, row in enumerate(rows)]


def _rows_at_first(rows: list[Row]) -> list[Row]:
    """Return the rows that are shown without a click on More."""
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
    """List the articles, newest first, the undated last.

    Those beyond ``SOURCES_SHOWN`` are counted.
    """
    articles = {line.snippet.article: line.snippet for line in lines}
    ordered = sorted(
        articles.values(),
        key=lambda one: (one.published or _NEVER, one.title, one.article),
        reverse=True,
    )
    publishers = len({source(one).casefold() for one in ordered})
    counted = f"{count(len(ordered), 'article')} from {count(publishers, 'source')}"
    head = say(f"{capital(counted)}: ", italic(trim(one_line(query), NAME)))
    shown = min(len(ordered), SOURCES_SHOWN)
    payload = _listed(head, capital(counted), ordered, shown, tz)
    while limits.problems(payload) and shown:
        shown -= 1
        payload = _listed(head, capital(counted), ordered, shown, tz)
    return payload


def _listed(head: Text, caption: str, ordered: Sequence[Snippet], shown: int, tz: str) -> Payload:
    """List so many articles, each as a line or a table row, and count the rest."""
    lines = packed([_article_line(one, tz) for one in ordered[:shown]])
    listed = [section(line) for line in lines]
    if shown:
        rows = [_article_row(one, tz) for one in ordered[:shown]]
        header = ("Article", "Source", "Published")
        listed = replacing(listed, [native.table(caption, header, rows)])
    hidden = len(ordered) - shown
    small = [context([say(f"{capital(count(hidden, 'more article'))}.")])] if hidden else []
    return message(head, [section(head), *listed, *small])


def _article_row(snippet: Snippet, tz: str) -> list[Payload]:
    title = link(snippet.url, _article_title(snippet))
    thinned = say(title, " (full text not kept)") if snippet.thinned else title
    return [native.words(thinned), native.words(source(snippet)), _published(snippet, tz)]


def _published(snippet: Snippet, tz: str) -> Payload:
    """Return the cell of a publication date, by which a table can be sorted."""
    at = snippet.published
    return raw_number(int(at.timestamp()) if at else 0, published(snippet, tz))


def _article_title(snippet: Snippet) -> str:
    return trim(one_line(snippet.title) or snippet.quote, NAME)


def _article_line(snippet: Snippet, tz: str) -> Text:
    title = _article_title(snippet)
    after = cited(snippet, tz)
    if snippet.thinned:
        after += ", full text not kept: only what is quoted from it"
    return say("• ", link(snippet.url, title), f" — {after}")


# --- replies -----------------------------------------------------------------------------


def reply_message(reply: Reply, *, do: notes.Do, tz: str = "UTC", whole: bool = False) -> Payload:
    """Lay out a reply; ``do`` is the kind of query, so that a choice asks the same again."""
    if isinstance(reply, Brief):
        return brief_message(reply, tz=tz, whole=whole)
    if isinstance(reply, Answer):
        return answer_message(reply, tz=tz, whole=whole)
    if isinstance(reply, DidYouMean):
        return notes.did_you_mean(reply, do=do)
    return notes.nothing(reply, do=do, tz=tz)


def lines_shown(reply: Reply, *, whole: bool = False) -> list[Line]:
    """Return the lines that a reply shows as its answer, as far as there is room."""
    if isinstance(reply, Brief):
        return brief_lines_shown(reply, whole=whole)
    return answer_lines_shown(reply, whole=whole) if isinstance(reply, Answer) else []


def tells_anything(reply: Reply) -> bool:
    """Return whether a reply holds a line that others may want to see or its reader to keep."""
    return isinstance(reply, Brief | Answer) or (isinstance(reply, Nothing) and bool(reply.near))


# --- files that were sent ----------------------------------------------------------------


FACTS_SHOWN = 50
"""The most facts of an export in the message's table; the file has all."""

_FACT_COLUMNS = ("Date", "Who", "What", "Whom", "Status", "Sources", "Report")
_ACT = 60


def export_message(said: str, rows: Sequence[ExportedFact]) -> Payload:
    """Confirm that the file was sent; if Slack shows tables, with the newest facts in one."""
    text = fitted(said, limits.SECTION_TEXT - 100, spoken)

    def build(shown: int) -> Payload:
        hidden = f" The newest {shown}:" if shown < len(rows) else ""
        facts = native.table("Facts", _FACT_COLUMNS, [_fact_row(row) for row in rows[:shown]])
        newer = [section(say(text, hidden)), facts]
        return message(text, replacing([section(text)], newer))

    return fullest(build, min(len(rows), FACTS_SHOWN))


def _fact_row(row: ExportedFact) -> list[Payload]:
    when = date.fromisoformat(row.date) if row.date else None
    title = trim(row.title or row.publisher or row.article, NAME)
    return [
        raw_number(
            when.toordinal() if when else 0, day(when, row.precision) if when else "undated"
        ),
        native.words(trim(row.source or row.source_words, NAME)),
        native.words(trim(row.act, _ACT)),
        native.words(trim(row.target or row.target_words, NAME)),
        native.words(trim(row.status, _ACT)),
        raw_number(row.sources, ""),
        native.words(link(row.url, title)),
    ]


def timeline_message(timeline: Timeline) -> Payload:
    """Return the chart of a timeline, or a sentence that its picture was sent."""
    summary = alt_text(timeline._replace(title=trim(timeline.title, 2 * NAME)))
    sent = say(f"I sent the timeline to your direct messages. {summary}")
    newer = [section(say(summary)), *_charts(timeline)]
    return message(sent, replacing([section(sent)], newer))


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
        native.bar_chart(f"{capital('events')} {per}", labels, sides, "Events"),
        native.bar_chart(f"Articles {per}", labels, articles, "Articles"),
    ]


def _label(timeline: Timeline, at: int) -> str:
    """Return the first day of a step, with its year if another step begins on the same day."""
    shown = [tick_label(one, timeline.step) for one in timeline.steps]
    clash = len(set(shown)) < len(shown)
    return day(timeline.steps[at]) if clash else shown[at]
