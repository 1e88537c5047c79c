"""Replies for the command line: plain text for a terminal, and rows for files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from bot.answer.brief_sections import (
    IN_SHORT,
    BriefRow,
    brief_rows,
    citation_numbers,
    distinct_rows,
    in_short_heading,
    related_words,
    rows_shown_first,
    since_words,
    small_print,
)
from bot.answer.formatting import (
    abroad_lines,
    answer_phrase,
    answers_nothing,
    capital,
    cited,
    count,
    coverage,
    day,
    days,
    event_day,
    first_lines,
    independent,
    lead,
    marks,
    nearest_head,
    needs_act,
    outside_period,
    small_notes,
    source,
    when,
    within,
    without_answer_mark,
)
from bot.answer.lines import place_of
from bot.answer.retrieval import Retrieved
from bot.models import Answer, Brief, DidYouMean, Line, Match, Nothing, Reply, Snippet

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"

QUOTE_WORDS = 40
"""The most words to quote from a sentence of a brief."""


def plain_text(reply: Reply, tz: str, *, whole: bool = False, hints: bool = True) -> str:
    """Format a reply for a terminal; dates in time zone ``tz``.

    ``whole`` includes all lines of a brief, each once, not only the first ones. ``hints`` adds
    the options of the command that show the rest.
    """
    match reply:
        case Brief():
            return "\n".join(_brief(reply, tz, whole=whole, hints=hints))
        case Answer():
            return "\n".join(_answer(reply, tz, hints=hints))
        case DidYouMean():
            return "\n".join(_did_you_mean(reply))
        case Nothing():
            return "\n".join(_nothing(reply, tz))


def without_marks(text: str) -> str:
    """Remove terminal codes and other unprintable characters."""
    text = text.replace(_BOLD, "").replace(_PLAIN, "")
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n")


def _brief(brief: Brief, tz: str, *, whole: bool, hints: bool) -> Iterable[str]:
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
    rows = distinct_rows(brief_rows(brief))
    standing = rows if whole else rows_shown_first(rows)
    titles = {IN_SHORT: in_short_heading(brief)}
    yield from _headed(standing, citation_numbers(standing), tz, titles)
    if hints and len(rows) > len(standing):
        yield from ("", f"{count(len(rows) - len(standing), 'more line')}: add --more")
    if abroad := abroad_lines(brief, tz):
        yield from ("", *abroad)
    if notes := small_print(brief):
        yield from ("", *notes)
    if whole and (beside := related_words(brief)):
        yield from ("", beside)


def _headed(
    rows: Sequence[BriefRow], number: Mapping[str, int], tz: str, titles: Mapping[str, str]
) -> Iterable[str]:
    """Format rows under their headings, each with the number of its source; then the sources.

    ``titles`` maps headings to other wordings.
    """
    for heading in dict.fromkeys(row.heading for row in rows):
        yield from ("", titles.get(heading, heading))
        for row in rows:
            if row.heading == heading:
                mark = f"[{number[row.line.snippet.article]}]"
                yield f"  {_story(row, tz)} {mark}{_several(row.line)}"
    articles = {row.line.snippet.article: row.line.snippet for row in rows}
    yield from [""] if articles else []
    for article, snippet in articles.items():
        link = f" <{snippet.url}>" if snippet.url else ""
        yield f"[{number[article]}] {cited(snippet, tz)}{link}"


def _story(row: BriefRow, tz: str) -> str:
    """Format a summary sentence or the line of a story: day, status and quote."""
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


def _answer(answer: Answer, tz: str, *, hints: bool) -> Iterable[str]:
    """Format the answer: its lines, then how the question was understood, and notes."""
    yield from answer.reference
    phrase = answer_phrase(answer)
    lines = first_lines(answer.lines)
    yield from filter(None, [answer.verdict])
    if answer.lacking:
        yield answer.lacking
        lines = [without_answer_mark(line) for line in lines]
    if phrase:
        yield " ".join(filter(None, [f"{_BOLD}{phrase}{_PLAIN}", _standing(lines[0])]))
    under = ""
    for n, line in enumerate(lines):
        if line.heading != under:
            yield from ([""] if n or phrase or answer.verdict or answer.lacking else [])
            yield line.heading
            under = line.heading
        yield from _line(line, tz, bare=bool(phrase) and n == 0)
    names = ", ".join(map(_subject, answer.subjects))
    heading = " · ".join(filter(None, [names, days(answer.period)]))
    if heading:
        yield heading + _left_out(answer.undated_left_out)
    yield from abroad_lines(answer, tz)
    yield from small_notes(answer)
    if hints and len(answer.lines) > len(lines):
        yield f"{count(len(answer.lines) - len(lines), 'more line')}: add --json"


def _line(line: Line, tz: str, *, bare: bool = False) -> Iterable[str]:
    """Format a line: day, status, quote and source; ``bare`` leaves the status out."""
    day_of_event = event_day(line)
    before = [
        f"{day_of_event} ·" if day_of_event else "",
        "" if bare else _standing(line),
        f"{line.actor} {line.act} {line.target}:" if needs_act(line) else "",
    ]
    quote = f"“{' '.join(_marked(line.snippet).split())}”"
    yield f"  {' '.join(filter(None, [*before, quote]))}"
    several = f", {independent(line)}" if line.sources > 1 else ""
    link = f" <{line.snippet.url}>" if line.snippet.url else ""
    yield f"    — {cited(line.snippet, tz)}{several}{link}"


def _marked(snippet: Snippet) -> str:
    """Return the quote, with the answering span in bold."""
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
            yield from _line(without_answer_mark(line), tz)
    else:
        yield _nothing_stored(reply)
    yield from abroad_lines(reply, tz)
    if there_is := outside_period(reply):
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


# --- rows -----------------------------------------------------------------------------

SNIPPETS = 10
MATCHES = 10


def row_of(reply: Reply, looked: Retrieved, tz: str) -> dict[str, Any]:
    """Turn a reply into a row: its lines as shown, then other candidates, each once.

    ``answered`` says whether the reply shows an answer; then its lines are the first snippets, and
    their ``bears`` is true. ``matches`` are articles, the likeliest first, those shown
    before all others. Articles have the id from their file or feed, else the store's.
    """
    reply_lines = list(lines_of(reply))
    bearing = {place_of(line) for line in reply_lines}
    found = [one.line for one in looked.candidates]
    near = reply.near if isinstance(reply, Nothing) else ()
    lines = _distinct([*reply_lines, *near, *found])[:SNIPPETS]
    # A brief is sorted by kind and date, not by how well a line fits the query.
    is_brief = isinstance(reply, Brief)
    likely = _distinct(_in_turn(found, reply_lines))[:SNIPPETS] if is_brief else lines
    leading = next(iter(reply_lines), None)
    return {
        "kind": reply.kind,
        "answered": leading is not None,
        "matches": _matches(
            likely,
            looked,
            {line.snippet.article for line in reply_lines},
            in_turn=is_brief,
        ),
        "subjects": [
            {"actor": one.actor, "name": one.name, "query": one.query}
            for one in getattr(reply, "subjects", ())
        ],
        "period": _period(reply),
        "snippets": [
            {**_snippet(line.snippet), "bears": place_of(line) in bearing} for line in lines
        ],
        "summary": without_marks(
            _summary(reply, leading, tz) if leading else plain_text(reply, tz)
        ),
    }


def brief_row(reply: Reply, tz: str) -> dict[str, Any]:
    """Turn a reply to ``/brief`` into one row of a file.

    ``opening`` and ``first_view`` are the articles cited by the first line and by all lines
    shown without a click, each once, in the order shown, by the id from their file or feed (else
    the store's). ``summary`` is the reply in words.
    """
    return {"kind": reply.kind, **views(reply), "summary": without_marks(plain_text(reply, tz))}


def views(reply: Reply) -> dict[str, list[str]]:
    """Return ``opening`` and ``first_view`` of a reply: see ``brief_row``."""
    if isinstance(reply, Brief):
        standing = [row.line for row in rows_shown_first(distinct_rows(brief_rows(reply)))]
    elif isinstance(reply, Answer):
        standing = first_lines(reply.lines)
    else:
        standing = []
    cited = [line.snippet.external_id or line.snippet.article for line in standing]
    return {"opening": cited[:1], "first_view": list(dict.fromkeys(cited))}


def lines_of(reply: Reply) -> Iterator[Line]:
    """Yield every line of a reply, in the order a reader sees them."""
    if isinstance(reply, Answer):
        first = first_lines(reply.lines)
        yield from first
        yield from (line for line in reply.lines if line not in first)
    elif isinstance(reply, Brief):
        rows = distinct_rows(brief_rows(reply))
        standing = rows_shown_first(rows)
        yield from (row.line for row in standing)
        yield from (row.line for row in rows if row not in standing)


def _in_turn(first: list[Line], second: list[Line]) -> list[Line]:
    return [line for pair in zip_longest(first, second) for line in pair if line is not None]


def _distinct(lines: Iterable[Line]) -> list[Line]:
    """Keep the first line of each quote, in order."""
    kept: dict[tuple[str, str, int], Line] = {}
    for line in lines:
        kept.setdefault(place_of(line), line)
    return list(kept.values())


def _matches(
    lines: list[Line], looked: Retrieved, shown: set[str], *, in_turn: bool
) -> list[dict[str, Any]]:
    names = {line.snippet.article: line.snippet.external_id for line in lines}
    names |= {one.article.article: one.article.external_id for one in looked.articles}
    cited = [one.line.snippet for one in looked.candidates]
    names |= {snippet.article: snippet.external_id for snippet in cited}
    scored = sorted(looked.probability, key=lambda key: -looked.probability[key])
    ranked = list(dict.fromkeys([*scored, *(one.article.article for one in looked.articles)]))
    ahead = [line.snippet.article for line in lines]
    if in_turn:
        turns = zip_longest(ahead, ranked)
        order = dict.fromkeys(key for pair in turns for key in pair if key is not None)
    else:
        order = dict.fromkeys([*(key for key in ahead if key in shown), *ranked])
    return [
        {
            "article": names[key] or key,
            "score": round(looked.probability.get(key, 1.0 if key in shown else 0.0), 4),
            "answered": key in shown,
        }
        for key in list(order)[:MATCHES]
    ]


def _period(reply: Reply) -> dict[str, str | None] | None:
    period = getattr(reply, "period", None)
    if period is None:
        return None
    return {
        "start": period.start.isoformat() if period.start else None,
        "end": period.end.isoformat() if period.end else None,
        "label": period.label,
    }


def _snippet(snippet: Snippet) -> dict[str, Any]:
    answer = snippet.answer
    return {
        "article": snippet.external_id or snippet.article,
        "revision": snippet.revision,
        "field": snippet.field,
        "url": snippet.url,
        "source": source(snippet),
        "published": snippet.published.isoformat() if snippet.published else None,
        "quote": snippet.quote,
        "start": snippet.start,
        "end": snippet.end,
        "answer": snippet.quote[answer[0] : answer[1]] if answer else None,
        "score": snippet.score,
    }


def _summary(reply: Reply, line: Line, tz: str) -> str:
    snippet = line.snippet
    quoted = f"“{' '.join(snippet.quote.split())}” — {cited(snippet, tz)}"
    phrase = answer_phrase(reply) if isinstance(reply, Answer) else ""
    return f"{phrase}: {quoted}" if phrase else quoted
