"""Compare a quote with its article now: is it still there, replaced, or retracted? Pure.

A change of spelling, case, spaces or punctuation alone is no change of the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from bot.models import Evidence
from bot.store.articles import Stored
from bot.text.names import normalise
from bot.text.sentences import sentences

ALIKE = 70
"""How similar (0..100) a sentence must be to be the replacement of another."""

_SHORTEST = 6
"""Letters of a word in which one changed letter may be a corrected spelling."""

_READ = 200_000
"""Characters of a text that are searched."""

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_SIZES = frozenset("hundred thousand million billion trillion".split())
_RETRACTED = re.compile(
    r"\b(?:this|the|our|that)\s(?:\w+\s)?(?:article|story|report|piece|post)\s"
    r"(?:has\sbeen|have\sbeen|was|is)\s(?:\w+\s)?"
    r"(?:retracted|withdrawn|removed|deleted|taken\sdown|unpublished)\b"
    r"|\bwe\s(?:have\s|are\s)?(?:retract(?:ed|ing)?|withdr[ae]w(?:n|ing)?)\s(?:this|the|our|that)\b",
    re.IGNORECASE,
)
_RETRACTED_TITLE = re.compile(r"^\W*(?:retract(?:ed|ion)|withdrawn)\b", re.IGNORECASE)


class Before(NamedTuple):
    """The title and text of the revision that was shown."""

    title: str
    text: str


def still_quotes(stored: Stored, quote: str) -> bool:
    """Whether an article still has these words in a row, in any spelling."""
    revision = stored.revision
    if quote in revision.text or quote in revision.title:
        return True
    wanted = _words(quote)
    if not wanted:
        return True
    for text in (revision.title, revision.text[:_READ]):
        if f" {wanted} " in f" {_words(text)} ":
            return True
    return any(_is_respelt(wanted, _words(one.quote)) for one in _passages(stored))


def find_replacement(quote: str, stored: Stored, before: Before) -> Evidence | None:
    """The most similar sentence that was not there before."""
    wanted, known = _words(quote), f" {_words(before.title)} | {_words(before.text[:_READ])} "
    best, score = None, float(ALIKE)
    for one in _passages(stored):
        words = _words(one.quote)
        if not words or f" {words} " in known:
            continue
        similarity = fuzz.token_sort_ratio(wanted, words)
        if similarity >= score:
            best, score = one, similarity + 0.001  # of equals the first
    return best


def opening(stored: Stored) -> Evidence | None:
    """Return how an article begins: the first sentence of its text, else its title."""
    passages = list(islice(_passages(stored), 2))
    return next((one for one in passages if one.field == "text"), next(iter(passages), None))


def find_retraction(stored: Stored, before: Before) -> Evidence | None:
    """The new sentence in which a publisher retracts its article."""
    for one in _passages(stored):
        pattern = _RETRACTED_TITLE if one.field == "title" else _RETRACTED
        old = before.title if one.field == "title" else before.text
        if (pattern.search(one.quote) or _RETRACTED.search(one.quote)) and one.quote not in old:
            return one
    return None


def _passages(stored: Stored) -> Iterator[Evidence]:
    """The title, and every sentence of the text."""
    revision = stored.revision
    origin = {"article": stored.article.id, "revision": revision.n}
    if revision.title.strip():
        size = len(revision.title)
        yield Evidence(field="title", start=0, end=size, quote=revision.title, **origin)
    for start, end in sentences(revision.text[:_READ]):
        yield Evidence(start=start, end=end, quote=revision.text[start:end], **origin)


def _words(text: str) -> str:
    return normalise(_THOUSANDS.sub("", text))


def _is_respelt(one: str, other: str) -> bool:
    """Whether two sentences differ only in the corrected spelling of one word."""
    if len(one.split()) != len(other.split()):
        return False
    changed = [(a, b) for a, b in zip(one.split(), other.split(), strict=True) if a != b]
    return len(changed) == 1 and _is_same_word(*changed[0])


def _is_same_word(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _SHORTEST or not (one.isalpha() and other.isalpha()):
        return False
    if one[0] != other[0] or {one, other} & _SIZES:
        return False
    return OSA.distance(one, other, score_cutoff=1) <= 1
