"""Excerpts of a quote that fit a limit and keep the important words; the lines shown first.

Excerpts are verbatim; an ellipsis marks every omission.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from bot.answer.act_wording import Place
from bot.models import Answer, Line, Shown

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
