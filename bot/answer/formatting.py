"""Counts, dates, periods, sources, statuses and excerpts in words, for every kind of reply.

An instant known to the minute is shown in the reader's time zone; a day or a month is the same
everywhere. The style of dates is the reader's, too: within ``written_as`` every date of a reply is
in that style. Excerpts of a quote are verbatim; an ellipsis marks every omission."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from bot.answer.act_wording import Place
from bot.gather.links import publisher_of
from bot.models import Answer, Brief, DateStyle, Line, Nothing, Period, Shown, Snippet, Status
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


NO_ANSWER = "No stored article clearly answers that"
"""Starts a reply with lines near the question that do not answer it."""

UNSURE = "Not certain, but the closest reports"
"""Starts a reply with a first line that may well answer the question."""

MAY_ANSWER = 0.1
"""The probability of answering from which the nearest line may well answer: of such lines of
held-out questions that were not answered, .37 did."""


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
    if nothing.near_only_named:
        names = " and ".join(one.name for one in nothing.subjects)
        return f"{nothing.lacking or f'{NO_ANSWER}{within(asked)}.'} Other reports about {names}:"
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
    return bool(line.actor and line.act and line.target)


def needs_act(line: Line) -> bool:
    """Return whether to name the act before the quote, because that begins with a pronoun."""
    quote = line.snippet.quote
    if not names_both_sides(line) or not _OPENS_WITH_PRONOUN.match(quote):
        return False
    return not any(word in quote for word in line.actor.split() if word[:1].isupper())


def independent(line: Line) -> str:
    """Count the independent sources of a line."""
    return count(line.sources, "source")


# --- excerpts -----------------------------------------------------------------------


ELLIPSIS = "…"

_SCANNED = 20_000
"""The characters of a text that are scanned; no sentence is longer."""

_LONGEST_WORD = 40
_PART = 10
"""Longer runs without a space (Chinese, an address) are cut into parts of so many characters."""

_UNIT = re.compile(r"\S+")

_FEW = 3
"""A span of at most so many words, such as a name, is not cut."""

_DATELINE = re.compile(
    r"(?:(?:[A-Z][\w .,’'-]{0,40})?\([A-Z][\w .]{1,30}\)\s*[-–—]?|[A-Z][A-Z .,]{3,40}\s[-–—])"
    r"\s*(?=[A-Z“\"])"
)
"""*Kyiv, Ukraine (CNN) —*, before the first sentence of a report."""

_HANGING = re.compile(rf"(?:\s+[a-z]{{1,4}})+{ELLIPSIS}$")
"""Short words before the end of an excerpt (*to the …*), which lead to the omitted part."""

_CLAUSE_ENDS = ",;:–—"
_LEAD_CHARACTERS = 300


def excerpt(
    text: str,
    words: int = 25,
    *,
    keep: Sequence[Place] = (),
    focus: Iterable[str] = (),
    limit: int = 300,
) -> str:
    """Quote at most ``words`` words and ``limit`` characters of ``text``.

    ``keep`` are the places to show, the most important first. The first is always shown,
    however long the excerpt gets; each other one, or its beginning, if it fits beside those
    before it. If they are far apart, the excerpt has several pieces. Without ``keep`` it is
    the stretch with most of the words of ``focus``, the first of equally good ones.
    """
    units = _units(text[:_SCANNED])
    if not units:
        return ""
    whole = len(text) <= _SCANNED
    if whole and len(units) <= words and units[-1][1] - units[0][0] <= limit:
        return text[units[0][0] : units[-1][1]]
    aims = tuple(focus)
    must = [held for place in keep if (held := _held(units, place))]
    for most in range(min(words, len(units)), 0, -1):
        first, *others = must or [_best(text, units, most, aims)]
        kept = _widened(_fitting(first, others, most), len(units), most)
        shown = _shown(text, units, kept, whole)
        if len(shown) <= limit or (must and len(must[0]) >= most):
            break
    return shown


def lead(text: str, words: int, *, keep: Sequence[Place] = ()) -> str:
    """Quote a sentence from its beginning to the end of a clause, of at most ``words`` words.

    Leaves out a dateline before it. If no clause ends there, or the first place of ``keep``
    would be lost, it returns an excerpt.
    """
    if dateline := _DATELINE.match(text):
        skipped = dateline.end()
        left = [(start - skipped, end - skipped) for start, end in keep if start >= skipped]
        return lead(text[skipped:], words, keep=left)
    units = _units(text[:_SCANNED])
    if len(units) <= words:
        return excerpt(text, words, keep=keep)
    needed = max(keep[0][1] if keep else 0, units[max(words // 2, 1)][1])
    ends = [
        end
        for _, end in units[:words]
        if text[end - 1] in _CLAUSE_ENDS and needed <= end - 1 <= _LEAD_CHARACTERS
    ]
    if ends:
        return text[units[0][0] : ends[-1] - 1] + ELLIPSIS
    shown = excerpt(text, words, keep=keep)
    return shown if keep else _HANGING.sub(ELLIPSIS, shown)


def _fitting(first: frozenset[int], others: Iterable[frozenset[int]], most: int) -> set[int]:
    """Return the words of the first place, and of those others that fit among ``most``.

    If the words of a place do not all fit, it takes the first: "called for an inquiry into…".
    """
    kept = set(first)
    for held in others:
        more = sorted(held - kept)
        room = most - len(kept)
        if len(more) <= room:
            kept.update(more)
        elif len(more) > _FEW <= room:
            kept.update(more[:room])
    return kept


def _units(text: str) -> list[Place]:
    """Return the spans of a text's words; a very long word is cut into parts."""
    return [part for found in _UNIT.finditer(text) for part in _parts(text, *found.span())]


def _parts(text: str, start: int, end: int) -> Iterator[Place]:
    while end - start > _LONGEST_WORD:
        cut = start + _PART
        while cut < end and _joins(text[cut - 1], text[cut]):
            cut += 1
        yield start, cut
        start = cut
    yield start, end


def _joins(before: str, after: str) -> bool:
    """Return whether two characters are read as one."""
    joiner = "\u200d"
    return joiner in (before, after) or unicodedata.category(after) in {"Mn", "Me", "Sk", "Mc"}


def _held(units: Sequence[Place], place: Place) -> frozenset[int]:
    """Return the words that a place covers, fully or partly."""
    start, end = place
    return frozenset(n for n, (one, two) in enumerate(units) if one < end and start < two)


def _best(text: str, units: Sequence[Place], words: int, focus: Iterable[str]) -> frozenset[int]:
    wanted = {part for one in focus for part in one.casefold().split() if len(part) > 1}
    lowered = [text[start:end].casefold() for start, end in units]
    hits = [frozenset(part for part in wanted if part in word) for word in lowered]
    most = max(len(units) - words, 0)
    start = max(range(most + 1), key=lambda n: len(frozenset().union(*hits[n : n + words])))
    return frozenset(range(start, min(start + words, len(units))))


def _widened(kept: set[int], number: int, most: int) -> set[int]:
    """Add words to the kept ones until there are ``most``.

    First it fills gaps between two pieces, the shortest gap first; then the words before the
    first piece, if they reach back to the beginning; then the words after it.
    """
    kept = set(kept)
    gaps = sorted(_gaps(kept), key=len)
    for gap in gaps:
        if len(kept) + len(gap) <= most:
            kept.update(gap)
    before = range(min(kept))
    if len(kept) + len(before) <= most:
        kept.update(before)
    for n in (*range(min(kept), number), *reversed(range(min(kept)))):
        if len(kept) >= most:
            break
        kept.add(n)
    return kept


def _gaps(kept: set[int]) -> list[range]:
    order = sorted(kept)
    return [range(one + 1, two) for one, two in pairwise(order) if two > one + 1]


def _shown(text: str, units: Sequence[Place], kept: set[int], whole: bool) -> str:
    pieces = [
        [n for _, n in run]
        for _, run in groupby(enumerate(sorted(kept)), key=lambda pair: pair[1] - pair[0])
    ]
    shown = f" {ELLIPSIS} ".join(text[units[run[0]][0] : units[run[-1]][1]] for run in pieces)
    before = ELLIPSIS if pieces[0][0] > 0 else ""
    after = "" if whole and pieces[-1][-1] == len(units) - 1 else ELLIPSIS
    return f"{before}{shown}{after}"


# --- the shown part of an answer ------------------------------------------------------

SHOWN_FIRST = 4
"""Lines of an answer shown without a click on More."""

PHRASE_WORDS, PHRASE_CHARACTERS = 12, 120
"""The most words and characters of the phrase in bold above the first line."""

_MOST_OF = 0.8
"""An answer with this share of a quote's characters is not shown apart."""

_TWO_SIDED = frozenset({"versus", "is it true", "still"})
"""Kinds of question whose answers have two sides."""


def first_lines(lines: Sequence[Line], most: int = SHOWN_FIRST) -> list[Line]:
    """Return the lines shown first; of several lists, at least one line each."""
    taken: Counter[str] = Counter()
    ranks = []
    for n, line in enumerate(lines):
        taken[line.heading] += 1
        ranks.append((taken[line.heading], n))
    kept = sorted(ranks)[: max(most, len(taken))]
    return [lines[n] for n in sorted(n for _, n in kept)]


def answer_phrase(answer: Answer) -> str:
    """Return the words of the first line that answer the question, for the bold phrase above it.

    Empty if the first line has none or does not answer, if there are two sides, and if the
    words are most of the quote, which would repeat them.
    """
    if not answer.lines or answer.lacking:
        return ""
    sides = {line.heading for line in answer.lines} if answer.asked in _TWO_SIDED else set()
    snippet = answer.lines[0].snippet
    words = snippet.quote[slice(*snippet.answer)] if snippet.answer else ""
    if len(sides) > 1 or len(words) >= _MOST_OF * len(snippet.quote.strip()):
        return ""
    phrase = " ".join(words.split()).rstrip(",;:")
    return excerpt(phrase, PHRASE_WORDS, limit=PHRASE_CHARACTERS)


def without_answer_mark(line: Line) -> Line:
    """Return a line without the mark of its answering words, since it does not answer."""
    return line.model_copy(update={"snippet": line.snippet.model_copy(update={"answer": None})})


def shown_records(lines: Iterable[Line]) -> tuple[Shown, ...]:
    """Return the records of shown lines, each once."""
    records = (
        Shown(
            article=line.snippet.article,
            revision=line.snippet.revision,
            quote=line.snippet.quote,
            fact=line.fact,
        )
        for line in lines
    )
    return tuple(dict.fromkeys(records))
