"""What of an answer is shown at first, and what is remembered of the lines that were shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.answer.excerpts import excerpt
from bot.models import Answer, Line, Shown

FIRST = 4
"""Lines of an answer shown without asking for more."""

PHRASE_WORDS, PHRASE_CHARACTERS = 12, 120
"""Most words and characters of what stands in bold above the first line."""

_MOST_OF = 0.8
"""From this share of a quote's characters on, the words that answer are the quote itself."""

_TWO_SIDED = frozenset({"versus", "is it true", "still"})
"""Kinds of question whose lists are the two sides of an answer."""


def shown(lines: Sequence[Line], most: int = FIRST) -> list[Line]:
    """The first lines; where an answer has several lists, some of each and at least one."""
    taken: Counter[str] = Counter()
    ranks = []
    for n, line in enumerate(lines):
        taken[line.heading] += 1
        ranks.append((taken[line.heading], n))
    kept = sorted(ranks)[: max(most, len(taken))]
    return [lines[n] for n in sorted(n for _, n in kept)]


def answer_phrase(answer: Answer) -> str:
    """The words of the first line that answer the question, to stand in bold above it.

    Empty where the first line has none or does not answer, where the lines tell two sides, and
    where the words are most of the quote: it would say the same again.
    """
    if not answer.lines or answer.lacking:
        return ""
    sides = {line.heading for line in answer.lines} if answer.asked in _TWO_SIDED else set()
    snippet = answer.lines[0].snippet
    words = snippet.quote[slice(*snippet.answer)] if snippet.answer else ""
    if len(sides) > 1 or len(words) >= _MOST_OF * len(snippet.quote.strip()):
        return ""
    told = " ".join(words.split()).rstrip(",;:")
    return excerpt(told, PHRASE_WORDS, limit=PHRASE_CHARACTERS)


def unmarked(line: Line) -> Line:
    """A line that does not answer: nothing of its quote is marked as if it did."""
    return line.model_copy(update={"snippet": line.snippet.model_copy(update={"answer": None})})


def telling(lines: Iterable[Line]) -> tuple[Shown, ...]:
    """What is to be remembered of lines that are shown, each once."""
    told = (
        Shown(
            article=line.snippet.article,
            revision=line.snippet.revision,
            quote=line.snippet.quote,
            fact=line.fact,
        )
        for line in lines
    )
    return tuple(dict.fromkeys(told))
