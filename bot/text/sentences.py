"""Sentences with exact offsets, and the passages that they make up.

The boundaries are those of Wikimedia's sentencex (https://github.com/wikimedia/sentencex);
ours are trimmed of white space and of bullets before them, and never run over a blank line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from sentencex import get_sentence_boundaries

PASSAGE_CHARACTERS = 320
"""A passage closes at the first sentence end after this many characters: about a paragraph
of a news agency, long enough to hold a subject and what is said of it."""

_MOST_CHARACTERS = 10_000
_MOST_MARKS = 200
"""How much is given to sentencex at a time: from each mark of quotation that nothing closes it
looks through all that follows, which takes minutes over a paragraph made of them."""

_MARK = re.compile("['\"«»‘’‚‛“”„‟‹›]")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_ONLY_MARKS = re.compile(r"[\W_]*\Z")


def sentences(text: str) -> list[tuple[int, int]]:
    """Return ``(start, end)`` of each sentence, in order, as code points into ``text``."""
    found: list[tuple[int, int]] = []
    for first, last in _paragraphs(text):
        for start, end in _split(text, first, last):
            span = _trim(text, start, end)
            if span is None:
                continue
            if found and found[-1][0] >= first and _ONLY_MARKS.match(text, *span):
                found[-1] = (found[-1][0], span[1])
            else:
                found.append(span)
    return found


def passages(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join neighbouring sentences of a paragraph into passages, in order, without overlap."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined:
            first, last = joined[-1]
            if last - first < PASSAGE_CHARACTERS and not _BLANK_LINE.search(text, last, start):
                joined[-1] = (first, end)
                continue
        joined.append((start, end))
    return joined


def _split(text: str, start: int, last: int) -> Iterator[tuple[int, int]]:
    """Split a paragraph into sentences, in time that grows as its length does."""
    while start < last:
        end = _reach(text, start, last)
        found = [
            (start + one["start_index"], start + one["end_index"])
            for one in get_sentence_boundaries("en", text[start:end])
        ]
        if end < last and len(found) > 1:
            end = found.pop()[0]  # it may go on beyond what was looked at
        yield from found
        start = end


def _reach(text: str, start: int, last: int) -> int:
    """How far to look from ``start``: as far as the limits, and not into the midst of a word."""
    end = min(start + _MOST_CHARACTERS, last)
    marks = islice(_MARK.finditer(text, start, end), _MOST_MARKS, None)
    if (beyond := next(marks, None)) is not None:
        end = beyond.start()
    if end == last:
        return end
    cut = end
    while cut > start and not text[cut - 1].isspace():
        cut -= 1
    return cut if cut > start else end


def _paragraphs(text: str) -> list[tuple[int, int]]:
    start = 0
    found = []
    for blank in _BLANK_LINE.finditer(text):
        found.append((start, blank.start()))
        start = blank.end()
    found.append((start, len(text)))
    return found


_BULLETS = re.compile(r"(?:[•∎►▪●◦‣■]\s+)+(?=\S)")
"""The marks of a list's entry, before its words; a dash may be a minus sign or begin a credit."""


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Leave out white space at both ends, and the bullets of a list before a sentence."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if bullets := _BULLETS.match(text, start, end):
        start = bullets.end()
    return (start, end) if start < end else None
