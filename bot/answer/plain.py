"""Replies as plain text, for the command line: the order and the words of a brief in Slack."""

from __future__ import annotations

from collections.abc import Iterable

from bot.answer.words import (
    STATUS,
    capital,
    count,
    day,
    days,
    elsewhere,
    independent,
    published,
    source,
)
from bot.models import Answer, Brief, DidYouMean, Line, Match, Nothing, Reply

SHOWN = 5
"""Lines of an answer on a terminal; ``--json`` has all."""


def plain(reply: Reply, tz: str) -> str:
    """Write a reply for a terminal; dates in time zone ``tz``."""
    match reply:
        case Brief():
            return "\n".join(_brief(reply, tz))
        case Answer():
            return "\n".join(_answer(reply, tz))
        case DidYouMean():
            return "\n".join(_did_you_mean(reply))
        case Nothing():
            return "\n".join(_nothing(reply))


def _brief(brief: Brief, tz: str) -> Iterable[str]:
    counts = [
        capital(count(brief.articles, "article")),
        count(brief.sources, "independent source"),
        *([f"newest {day(brief.newest)}"] if brief.newest else []),
    ]
    yield f"{' and '.join(map(_subject, brief.subjects))} · {', '.join(counts)}"
    if words := days(brief.period):
        yield f"  {words}{_left_out(brief.undated_left_out)}"
    yield from (f"  {line}" for line in brief.reference)
    if brief.bottom_line:
        yield from ("", "Bottom line", *_line(brief.bottom_line, tz))
    for heading, lines in (
        ("Disputed", brief.disputed),
        ("Planned", brief.planned),
        ("Happened", brief.happened),
        ("Undated", brief.undated),
    ):
        if lines:
            yield from ("", heading)
            for line in lines:
                yield from _line(line, tz)
    if brief.more:
        yield from ("", f"{count(len(brief.more), 'more line')}: add --more")


def more(brief: Brief, tz: str) -> str:
    """Write the lines that a brief leaves out at first."""
    return "\n".join(["", "More", *(text for line in brief.more for text in _line(line, tz))])


def _answer(answer: Answer, tz: str) -> Iterable[str]:
    names = ", ".join(map(_subject, answer.subjects))
    heading = " · ".join(filter(None, [names, days(answer.period)]))
    if heading:
        yield heading + _left_out(answer.undated_left_out)
    for line in answer.lines[:SHOWN]:
        yield from _line(line, tz)
    if len(answer.lines) > SHOWN:
        yield f"{count(len(answer.lines) - SHOWN, 'more line')}: add --json"


def _line(line: Line, tz: str) -> Iterable[str]:
    act = " ".join(filter(None, [line.who, line.did, line.whom]))
    marks = [STATUS[line.status]] if line.status in STATUS else []
    if line.claimant:
        marks.append(f"claimed by {line.claimant}")
    if line.event_date:
        marks.append(day(line.event_date, line.date_precision))
    if act:
        yield f"  {act}" + (f" ({', '.join(marks)})" if marks else "")
    yield f"  “{' '.join(line.snippet.quote.split())}”"
    link = f" <{line.snippet.url}>" if line.snippet.url else ""
    yield f"    — {source(line.snippet)}, {published(line.snippet, tz)}, {independent(line)}{link}"


def _did_you_mean(reply: DidYouMean) -> Iterable[str]:
    yield f"“{reply.query}” may mean:"
    for one in reply.candidates:
        yield f"  {one.name} ({one.type.value}): {one.why}"


def _nothing(reply: Nothing) -> Iterable[str]:
    words = days(reply.period)
    if reply.articles and not words:
        yield f"Nothing stored answers “{reply.query}”."
    else:
        about = " and ".join(one.name for one in reply.subjects) or f"“{reply.query}”"
        yield f"Nothing stored about {about}" + (f", {words}" if words else "") + "."
    if there_is := elsewhere(reply):
        yield there_is
    if reply.undated_left_out:
        yield f"{capital(count(reply.undated_left_out, 'undated article'))} left out."
    if reply.nearest:
        yield "Nearest names: " + ", ".join(one.name for one in reply.nearest)


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
