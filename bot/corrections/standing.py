"""Whether words that were quoted still stand in their article, and what stands there instead: pure.

What changes spelling, case, spaces or marks only is no change of the words.
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
"""How alike two sentences are (0..100) of which one stands in place of the other."""

_SPELT = 6
"""Letters of a word in which one other letter may be a spelling corrected."""

_READ = 200_000
"""Characters of a text that are looked through."""

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_SIZES = frozenset("hundred thousand million billion trillion".split())
_TAKEN_BACK = re.compile(
    r"\b(?:this|the|our|that)\s(?:\w+\s)?(?:article|story|report|piece|post)\s"
    r"(?:has\sbeen|have\sbeen|was|is)\s(?:\w+\s)?"
    r"(?:retracted|withdrawn|removed|deleted|taken\sdown|unpublished)\b"
    r"|\bwe\s(?:have\s|are\s)?(?:retract(?:ed|ing)?|withdr[ae]w(?:n|ing)?)\s(?:this|the|our|that)\b",
    re.IGNORECASE,
)
_TITLED = re.compile(r"^\W*(?:retract(?:ed|ion)|withdrawn)\b", re.IGNORECASE)


class Before(NamedTuple):
    """The words of the revision that was told of."""

    title: str
    text: str


def stands(quote: str, stored: Stored) -> bool:
    """Whether an article still has these words, however spelt, one after another."""
    revision = stored.revision
    if quote in revision.text or quote in revision.title:
        return True
    wanted = _words(quote)
    if not wanted:
        return True
    for text in (revision.title, revision.text[:_READ]):
        if f" {wanted} " in f" {_words(text)} ":
            return True
    return any(_respelt(wanted, _words(one.quote)) for one in _pieces(stored))


def instead(quote: str, stored: Stored, before: Before) -> Evidence | None:
    """The sentence that stands where these words did: alike, and not there before."""
    wanted, known = _words(quote), f" {_words(before.title)} | {_words(before.text[:_READ])} "
    best, most = None, float(ALIKE)
    for one in _pieces(stored):
        words = _words(one.quote)
        if not words or f" {words} " in known:
            continue
        if (score := fuzz.token_sort_ratio(wanted, words)) >= most:
            best, most = one, score + 0.001  # of equals the first
    return best


def opening(stored: Stored) -> Evidence | None:
    """Return how an article begins: the first sentence of its text, else its title."""
    pieces = list(islice(_pieces(stored), 2))
    return next((one for one in pieces if one.field == "text"), next(iter(pieces), None))


def taken_back(stored: Stored, before: Before) -> Evidence | None:
    """The sentence by which a publisher takes its article back, where it did not stand before."""
    for one in _pieces(stored):
        found = _TITLED if one.field == "title" else _TAKEN_BACK
        was = before.title if one.field == "title" else before.text
        if (found.search(one.quote) or _TAKEN_BACK.search(one.quote)) and one.quote not in was:
            return one
    return None


def _pieces(stored: Stored) -> Iterator[Evidence]:
    """The title, and every sentence of the text."""
    revision = stored.revision
    where = {"article": stored.article.id, "revision": revision.n}
    if revision.title.strip():
        size = len(revision.title)
        yield Evidence(field="title", start=0, end=size, quote=revision.title, **where)
    for start, end in sentences(revision.text[:_READ]):
        yield Evidence(start=start, end=end, quote=revision.text[start:end], **where)


def _words(text: str) -> str:
    return normalise(_THOUSANDS.sub("", text))


def _respelt(wanted: str, words: str) -> bool:
    """Whether one sentence is the other with the spelling of one word put right."""
    mine, theirs = wanted.split(), words.split()
    if len(mine) != len(theirs):
        return False
    other = [(a, b) for a, b in zip(mine, theirs, strict=True) if a != b]
    return len(other) == 1 and _one_word(*other[0])


def _one_word(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _SPELT or not (one.isalpha() and other.isalpha()):
        return False
    if one[0] != other[0] or {one, other} & _SIZES:
        return False
    return OSA.distance(one, other, score_cutoff=1) <= 1
