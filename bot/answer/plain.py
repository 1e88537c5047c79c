"""Replies as plain text, for the command line: the order and the words of a brief in Slack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.answer.briefs.headed import (
    IN_SHORT,
    Headed,
    first,
    headed,
    numbers,
    once,
    related_words,
    since_words,
    small_print,
)
from bot.answer.excerpts import lead
from bot.answer.shown import answer_phrase, shown, unmarked
from bot.answer.words import (
    answers_nothing,
    capital,
    count,
    coverage,
    day,
    days,
    elsewhere,
    event_day,
    independent,
    marks,
    nearest_head,
    needs_act,
    published,
    small_notes,
    source,
    when,
    within,
)
from bot.models import Answer, Brief, DidYouMean, Line, Match, Nothing, Reply, Snippet

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"

QUOTE_WORDS = 40
"""Words of a sentence of a brief, which is shortened to them."""


def plain(reply: Reply, tz: str, *, whole: bool = False) -> str:
    """Write a reply for a terminal; dates in time zone ``tz``.

    Of a brief ``whole`` writes all lines, each once, in place of those that stand at first.
    """
    match reply:
        case Brief():
            return "\n".join(_brief(reply, tz, whole=whole))
        case Answer():
            return "\n".join(_answer(reply, tz))
        case DidYouMean():
            return "\n".join(_did_you_mean(reply))
        case Nothing():
            return "\n".join(_nothing(reply, tz))


def without_marks(text: str) -> str:
    """Leave the codes for a terminal out of what ``plain`` writes, and any others in it."""
    text = text.replace(_BOLD, "").replace(_PLAIN, "")
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n")


def _brief(brief: Brief, tz: str, *, whole: bool) -> Iterable[str]:
    counts = [
        coverage(brief.articles, brief.sources, days=brief.days, found=bool(brief.topic)),
        *([f"newest {day(brief.newest)}"] if brief.newest else []),
    ]
    event = [f"“{brief.topic}” (event)"] if brief.topic else []
    names = " and ".join(map(_subject, brief.subjects))
    yield " · ".join(filter(None, [*event, names, ", ".join(counts)]))
    for sentence in brief.reference:
        yield f"  {sentence}"
    if words := days(brief.period):
        yield f"  {words}{_left_out(brief.undated_left_out)}"
    if brief.changed:
        yield f"  {since_words(brief.changed, tz)}"
    rows = once(headed(brief))
    standing = rows if whole else first(rows)
    yield from _headed(standing, numbers(standing), tz)
    if len(rows) > len(standing):
        yield from ("", f"{count(len(rows) - len(standing), 'more line')}: add --more")
    if notes := small_print(brief):
        yield from ("", *notes)
    if whole and (beside := related_words(brief)):
        yield from ("", beside)


def _headed(rows: Sequence[Headed], number: Mapping[str, int], tz: str) -> Iterable[str]:
    """Write rows under their headings, each with the number of its source; then the sources."""
    for heading in dict.fromkeys(row.heading for row in rows):
        yield from ("", heading)
        for row in rows:
            if row.heading == heading:
                cited = f"[{number[row.line.snippet.article]}]"
                yield f"  {_story(row, tz)} {cited}{_several(row.line)}"
    articles = {row.line.snippet.article: row.line.snippet for row in rows}
    yield from [""] if articles else []
    for article, snippet in articles.items():
        link = f" <{snippet.url}>" if snippet.url else ""
        yield f"[{number[article]}] {source(snippet)}, {published(snippet, tz)}{link}"


def _story(row: Headed, tz: str) -> str:
    """Write a sentence in short, or the line of a story: when, its standing, and its quote."""
    line = row.line
    quote = " ".join(lead(line.snippet.quote, QUOTE_WORDS, keep=line.snippet.key_spans).split())
    note = _standing(line)
    if row.heading == IN_SHORT:
        return " ".join(filter(None, [row.mark, note, f"“{quote}”"]))
    return " ".join(filter(None, [row.mark, f"{when(line, tz)} ·", note, f"“{quote}”"]))


def _several(line: Line) -> str:
    return f" · {independent(line)}" if line.sources > 1 else ""


def _standing(line: Line) -> str:
    words = marks(line)
    return f"({', '.join(words)})" if words else ""


def _answer(answer: Answer, tz: str) -> Iterable[str]:
    """Write what answers, the lines, then what was understood and what else is to be said."""
    yield from answer.reference
    phrase = answer_phrase(answer)
    lines = shown(answer.lines)
    if answer.lacking:
        yield answer.lacking
        lines = [unmarked(line) for line in lines]
    if phrase:
        yield " ".join(filter(None, [f"{_BOLD}{phrase}{_PLAIN}", _standing(lines[0])]))
    under = ""
    for n, line in enumerate(lines):
        if line.heading != under:
            yield from ([""] if n or phrase or answer.lacking else [])
            yield line.heading
            under = line.heading
        yield from _line(line, tz, bare=bool(phrase) and n == 0)
    names = ", ".join(map(_subject, answer.subjects))
    heading = " · ".join(filter(None, [names, days(answer.period)]))
    if heading:
        yield heading + _left_out(answer.undated_left_out)
    yield from small_notes(answer)
    if len(answer.lines) > len(lines):
        yield f"{count(len(answer.lines) - len(lines), 'more line')}: add --json"


def _line(line: Line, tz: str, *, bare: bool = False) -> Iterable[str]:
    """Write a line: its day and standing, its quote, its source; ``bare`` without standing."""
    day_of_event = event_day(line)
    before = [
        f"{day_of_event} ·" if day_of_event else "",
        "" if bare else _standing(line),
        f"{line.who} {line.did} {line.whom}:" if needs_act(line) else "",
    ]
    quote = f"“{' '.join(_marked(line.snippet).split())}”"
    yield f"  {' '.join(filter(None, [*before, quote]))}"
    several = f", {independent(line)}" if line.sources > 1 else ""
    link = f" <{line.snippet.url}>" if line.snippet.url else ""
    yield f"    — {source(line.snippet)}, {published(line.snippet, tz)}{several}{link}"


def _marked(snippet: Snippet) -> str:
    """The quote, with the span that answers in bold: a terminal shows it, a file leaves it out."""
    if snippet.answer is None:
        return snippet.quote
    start, end = snippet.answer
    quote = snippet.quote
    return f"{quote[:start]}{_BOLD}{quote[start:end]}{_PLAIN}{quote[end:]}"


def _did_you_mean(reply: DidYouMean) -> Iterable[str]:
    yield f"“{reply.query}” may mean:"
    for one in reply.candidates:
        yield f"  {one.name} ({one.type.value}): {one.why}"


def _nothing(reply: Nothing, tz: str) -> Iterable[str]:
    if reply.near:
        yield nearest_head(reply, days(reply.period))
        for line in reply.near:
            yield from _line(unmarked(line), tz)
    else:
        yield _nothing_stored(reply)
    if there_is := elsewhere(reply):
        yield there_is
    if reply.undated_left_out:
        yield f"{capital(count(reply.undated_left_out, 'undated article'))} left out."
    yield from small_notes(reply)
    if reply.nearest:
        yield "Nearest names: " + ", ".join(one.name for one in reply.nearest)


def _nothing_stored(reply: Nothing) -> str:
    in_days = within(days(reply.period))
    if answers_nothing(reply):
        return f"Nothing stored answers “{reply.query}”{in_days}."
    about = " and ".join(one.name for one in reply.subjects) or f"“{reply.query}”"
    return f"Nothing stored about {about}{in_days}."


def _subject(match: Match) -> str:
    typed = match.query.strip()
    shown = f"{match.name} ({match.type.value}"
    return shown + (
        ")"
        if typed.casefold() == match.name.casefold()
        else f"; showing {match.name} for “{typed}”)"
    )


def _left_out(undated: int) -> str:
    return f" · {count(undated, 'undated article')} left out" if undated else ""
