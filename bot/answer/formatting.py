"""Counts, dates, periods, sources and statuses in words, for every kind of reply.

An instant known to the minute is shown in the reader's time zone; a day or a month is the same
everywhere. The style of dates is the reader's, too: within ``written_as`` every date of a reply is
in that style.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.gather.links import publisher_of
from bot.models import Answer, Brief, DateStyle, Line, Nothing, Period, Snippet, Status
from bot.text.language import name_of

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# Works like a locale: callers need not pass it on.
_STYLE: ContextVar[DateStyle] = ContextVar("date_style", default="en-GB")

STATUS = {
    Status.PLANNED: "planned",
    Status.POSSIBLE: "possible",
    Status.DENIED: "denied",
    Status.CALLED_FOR: "called for",
}
"""The statuses shown in replies; *happened* is the default."""


NO_ANSWER = "No stored article answers that"
"""Starts a reply with lines near the question that do not answer it."""

UNSURE = "Not certain, but the closest reports"
"""Starts a reply with a first line that may well answer the question."""

MAY_ANSWER = 0.1
"""The probability of answering above which the nearest line may well answer: on ``dev`` four of
five such lines do."""


_OPENS_WITH_PRONOUN = re.compile(r"\W*(?:But |And |Then )?(?:He|She|It|They)\b")


def count(n: int, one: str, many: str | None = None) -> str:
    """Count in words: ``one article``, ``1,200 articles``, ``no articles``."""
    if n == 1:
        return f"one {one}"
    return f"{n:,} {many or one + 's'}" if n else f"no {many or one + 's'}"


def coverage(articles: int, sources: int, *, days: int | None = None, found: bool = False) -> str:
    """Format the number of articles, ``found`` by words, the days they cover, and their sources.

    One article may follow several publishers, so there may be more sources than articles.
    """
    text = capital(count(articles, "article")) + (" found" if found else "")
    text += f" in the last {days} days" if days else ""
    return f"{text}, {count(sources, 'independent source')}" if articles and sources else text


def claim(line: Line) -> str:
    """Attribute a line to its claimant; empty if its source states it itself."""
    if line.claimant:
        return f"claimed by {line.claimant}"
    return f"according to “{line.claimant_words}”" if line.claimant_words else ""


def marks(line: Line, implied: Status | None = None) -> list[str]:
    """Format a line's status, unless it is ``implied``, and its claimant."""
    status = [STATUS[line.status]] if line.status in STATUS and line.status is not implied else []
    return [*status, *filter(None, [claim(line)])]


def capital(text: str) -> str:
    """Capitalise the first letter and leave the rest alone."""
    return text[:1].upper() + text[1:]


@contextmanager
def written_as(style: DateStyle) -> Iterator[None]:
    """Format dates in a style within this context."""
    token = _STYLE.set(style)
    try:
        yield
    finally:
        _STYLE.reset(token)


def day(value: date, precision: str | None = "day") -> str:
    """Format a date as precisely as it is known: ``27 Mar 2026``, ``Mar 2026``, ``2026``."""
    if precision == "year":
        return str(value.year)
    style, whole = _STYLE.get(), precision not in {"month", "period"}
    if style == "ISO":
        return value.isoformat()[: 10 if whole else 7]
    name = _MONTHS[value.month - 1]
    if style == "en-US":
        return f"{name} {value.day}, {value.year}" if whole else f"{name} {value.year}"
    return f"{value.day} {name} {value.year}" if whole else f"{name} {value.year}"


def day_of_year(value: date) -> str:
    """Format a day without its year, if the style allows it."""
    return day(value).removesuffix(f" {value.year}").removesuffix(",")


def event_day(line: Line) -> str:
    """Format the date of an event, unless its quote or the date of its source shows it.

    The year is left out if the source's date shows it.
    """
    if line.event_date is None:
        return ""
    written = day(line.event_date, line.date_precision)
    shown = line.snippet.published
    if line.date_precision != "day":
        return written
    if _names_day(line.snippet.quote, line.event_date):
        return ""
    if shown is None or shown.year != line.event_date.year:
        return written
    same_day = line.snippet.published_precision in ("minute", "day")
    if same_day and shown.date() == line.event_date:
        return ""
    return day_of_year(line.event_date)


def _names_day(quote: str, value: date) -> bool:
    """Return whether a quote has a day by its number and month: *on 27 March*, *March 27th*."""
    month, number = rf"{_MONTHS[value.month - 1]}[a-z]*\.?", rf"{value.day}(?:st|nd|rd|th)?"
    return bool(re.search(rf"\b{number} {month}\b|\b{month} {number}\b", quote))


def when(line: Line, tz: str) -> str:
    """Format the day of a line's event, else of its article."""
    if line.event_date is not None:
        return day(line.event_date, line.date_precision)
    return published(line.snippet, tz)


def published(snippet: Snippet, tz: str) -> str:
    """Format the publication date of an article; ``undated`` if it is unknown."""
    instant = snippet.published
    if instant is None:
        return "undated"
    return day(_local(instant, snippet.published_precision, tz), snippet.published_precision)


def cited(snippet: Snippet, tz: str) -> str:
    """Name the source of a snippet, its date, and its language unless that is English."""
    language = f", in {name_of(snippet.language)}" if snippet.language else ""
    return f"{source(snippet)}, {published(snippet, tz)}{language}"


def _local(instant: datetime, precision: str | None, tz: str) -> date:
    return (instant.astimezone(ZoneInfo(tz)) if precision == "minute" else instant).date()


def source(snippet: Snippet) -> str:
    """Name the publisher of a snippet, and the source that it follows.

    Older stored replies have no publisher for links: there the address names it.
    """
    publisher = (snippet.publisher or "").strip() or publisher_of(snippet.url) or ""
    original = (snippet.original_source or "").strip()
    if publisher and original and publisher.casefold() != original.casefold():
        return f"{publisher}, after {original}"
    if publisher:
        return publisher
    return f"after {original}" if original else "unnamed source"


def days(value: Period | None) -> str:
    """Format the days of a period; empty if it has no bounds."""
    if value is None or (value.start is None and value.end is None):
        return ""
    if value.start == value.end and value.start is not None:
        return day(value.start)
    if value.start is not None and value.end is not None:
        return f"{day(value.start)} to {day(value.end)}"
    if value.start is not None:
        return f"since {day(value.start)}"
    return f"until {day(value.end)}" if value.end is not None else ""


def outside_period(nothing: Nothing) -> str:
    """Say what is stored about the actors of a question, although it does not answer."""
    if not nothing.articles:
        return ""
    if nothing.period:
        return f"Outside that period: {count(nothing.articles, 'article')}."
    names = " and ".join(one.name for one in nothing.subjects)
    verb = "names" if nothing.articles == 1 else "name"
    return f"{capital(count(nothing.articles, 'article'))} {verb} {names}."


def answers_nothing(nothing: Nothing) -> bool:
    """Return whether to say that nothing answers, because there are articles about the actors."""
    if nothing.asked == "seen":
        return True
    in_period = days(nothing.period) and nothing.asked in ("", "statement")
    return bool(nothing.articles) and not in_period


def nearest_head(nothing: Nothing, asked: str) -> str:
    """Introduce lines near a question: they do not answer it, or may; ``asked`` are its days."""
    if not nothing.lacking and nothing.near and nothing.near[0].snippet.score >= MAY_ANSWER:
        return f"{UNSURE}{within(asked)}:"
    problem = nothing.lacking or f"{NO_ANSWER}{within(asked)}."
    return f"{problem} Nearest:"


def within(asked: str) -> str:
    """Format days for the end of a sentence: *since 1 May* needs no comma, *1 May* does."""
    return f"{' ' if asked.startswith(('since ', 'until ')) else ', '}{asked}" if asked else ""


def small_notes(reply: Answer | Nothing) -> list[str]:
    """Return the notes on a reply, without the one in its first line."""
    headed = isinstance(reply, Answer) or reply.near
    return [note for note in reply.notes if not (headed and note == reply.lacking)]


def abroad_head(reply: Answer | Brief | Nothing) -> str:
    """Return the words above headlines in other languages; empty if there are none."""
    if not reply.abroad:
        return ""
    if isinstance(reply, Brief):
        return "The same stories in other languages:"
    return "Perhaps about this, in other languages (not read for an answer):"


def abroad_lines(reply: Answer | Brief | Nothing, tz: str) -> list[str]:
    """Return the headlines in other languages with their sources, under a heading."""
    return [
        *filter(None, [abroad_head(reply)]),
        *(
            f"  “{' '.join(one.quote.split())}” — {cited(one, tz)}"
            f"{f' <{one.url}>' if one.url else ''}"
            for one in (line.snippet for line in reply.abroad)
        ),
    ]


def names_both_sides(line: Line) -> bool:
    """Return whether a line names both sides of its act: "Qatar arrested" says too little."""
    return bool(line.who and line.did and line.whom)


def needs_act(line: Line) -> bool:
    """Return whether to name the act before the quote, because that begins with a pronoun."""
    quote = line.snippet.quote
    if not names_both_sides(line) or not _OPENS_WITH_PRONOUN.match(quote):
        return False
    return not any(word in quote for word in line.who.split() if word[:1].isupper())


def independent(line: Line) -> str:
    """Count the independent sources of a line."""
    return count(line.sources, "source")
