"""The terms by which articles are compared: words, weighted by rarity and frequency.

TF-IDF, as in topic detection and tracking (Allan, 2002); names, figures and the first words weigh
more. ``uninformative`` lists what every article may share (dates, news formulas, common words).
"""

from __future__ import annotations

import calendar
import math
import re
import struct
from collections import Counter
from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from zlib import crc32

from bot.read.attributed import AGENCIES
from bot.text.english import rarities, stems

TERMS = 200
"""Terms per article for comparison, the weightiest."""

_NAMES_COUNT = 1.5
"""Weight factor of a word written as a name, ..."""

_FIGURES_COUNT = 2.0
"""... of a figure, such as a day, a toll or a strength, which tells similar events apart, ..."""

_LEAD_COUNTS = 1.5
"""... and of a word among the first, where news says what it is about."""

_LEAD = 60

_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ](?<=[\w,;:] .)\w+")
_LOWER_CASE = re.compile(r"\b[^\W\d_A-ZÀ-ÖØ-Þ][^\W_]*")
_ATTRIBUTION = re.compile(
    r",\s(?:according\sto\s[^,.;]{3,60}|[^,.;]{3,60}\s(?:said|says|reported|confirmed|announced))"
    r"(?:\son\s\w+day)?(?=\s?[.,;])"
)
"""*…, the ministry said on Monday.*: the source, not what happened."""

_COMMON = 4.0
"""Words with a lower rarity say nothing about an article's subject."""

_FORMULAS = """said told reporters statement spokesman spokeswoman spokesperson press associated
    according copyright rights reserved editing editor bureau desk updates story developing check
    newsletter subscribe here know whether"""
_CLOCK = "morning afternoon evening night today yesterday tomorrow week weekend month year hour"

_PACKED = struct.Struct("<If")

Terms = dict[int, float]
"""Weights by hashed stem, the weightiest first. Words never written in lower case (names and
figures) have negative weights."""


def terms_of(title: str, text: str) -> Terms:
    """Return the terms of an article: hashes of stems, with weights of total length 1.

    Attributions at the end of a clause are left out.
    """
    # Same precision as read back from the store, so that stored terms make no difference.
    return unpack(weigh(title, text))


def weigh(title: str, text: str) -> bytes:
    """Return the same in its stored form: see ``pack``."""
    weights, rarest = rarities()
    text = _ATTRIBUTION.sub("", text)
    words = stems(f"{title}\n{text}")
    lower = frozenset(stems(" ".join(_LOWER_CASE.findall(f"{title}\n{text}"))))
    names = frozenset(stems(" ".join(_NAME.findall(text))))
    lead = frozenset(words[:_LEAD])
    weighed: list[tuple[float, str]] = []
    for stem, times in Counter(words).items():
        weight = weights.get(stem, rarest)
        if times > 1:
            weight *= 1 + math.log(times)
        if stem in names:
            weight *= _NAMES_COUNT
        elif stem[0].isdigit():
            weight *= _FIGURES_COUNT
        weighed.append((-weight * _LEAD_COUNTS if stem in lead else -weight, stem))
    weighed.sort()
    terms = {_hash(stem): -weight if stem in lower else weight for weight, stem in weighed[:TERMS]}
    length = math.sqrt(sum(weight * weight for weight in terms.values()))
    return pack({term: weight / length for term, weight in terms.items()})


@cache
def uninformative() -> frozenset[int]:
    """Return the terms that say nothing of what happened, however rare they are in the news.

    Dates and their numbers, clock words, names of agencies, news formulas, and common words: those
    of the table of rarities, and the list of frequent English words in ``justext``.
    """
    weights, _ = rarities()
    common = {stem for stem, rarity in weights.items() if rarity < _COMMON}
    days = [*map(str, range(32)), *(f"0{n}" for n in range(10)), *map(str, range(1900, 2101))]
    days += [f"{n}{ending}" for n in range(32) for ending in ("st", "nd", "rd", "th")]
    names = (calendar.month_name, calendar.month_abbr, calendar.day_name, calendar.day_abbr)
    days += ["sept", "tues", "thur", "thurs", *(name for some in names for name in some)]
    frequent = _frequent_words()
    agencies = " ".join([*AGENCIES, *AGENCIES.values()])
    words = f"{_FORMULAS} {_CLOCK} {agencies} {frequent} {' '.join(days)}"
    return frozenset(map(_hash, common.union(days, stems(words))))


def _frequent_words() -> str:
    # Located without importing the package, which would import an HTML parser.
    spec = find_spec("justext")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("justext is not installed")
    return Path(spec.origin).with_name("stoplists").joinpath("English.txt").read_text("utf-8")


def informative(text: str) -> frozenset[int]:
    """Return the terms of a text that say what happened."""
    return frozenset(map(_hash, stems(text))) - uninformative()


def informative_stems(words: Collection[str]) -> frozenset[str]:
    """Return the stems that say what happened: see ``uninformative``."""
    known = uninformative()
    return frozenset(stem for stem in words if _hash(stem) not in known)


@cache
def _rarity_by_term() -> tuple[Mapping[int, float], float]:
    weights, rarest = rarities()
    return {_hash(stem): weight for stem, weight in weights.items()}, rarest


def rarity_of(term: int) -> float:
    """Return how rare a term is; see ``bot.text.english``."""
    weights, rarest = _rarity_by_term()
    return weights.get(term, rarest)


@lru_cache(maxsize=30_000)
def _hash(stem: str) -> int:
    return crc32(stem.encode())


def pack(terms: Terms) -> bytes:
    """Pack terms for storage: 8 bytes each, in their order."""
    return struct.pack("<" + "If" * len(terms), *chain.from_iterable(terms.items()))


def unpack(data: bytes) -> Terms:
    """Read the output of ``pack``."""
    return dict(_PACKED.iter_unpack(data))


def cosine(one: Terms, other: Terms) -> float:
    """Return the similarity of two articles by their terms, 0 to 1."""
    return sum(abs(weight * other[term]) for term, weight in one.items() if term in other)
