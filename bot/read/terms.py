"""What an article is compared by: its words, each by how rare it is and how often it stands there.

TF-IDF, as in topic detection and tracking (Allan, 2002); names, figures and what stands first
weigh more.
"""

from __future__ import annotations

import math
import re
import struct
from collections import Counter
from functools import lru_cache
from itertools import chain
from zlib import crc32

from bot.text.rarity import rarities, stems

TERMS = 200
"""Terms that an article is compared by, the weightiest."""

_NAMES_COUNT = 1.5
"""How much more a word counts that is written as a name, ..."""

_FIGURES_COUNT = 2.0
"""... a figure, such as a day, a toll or a strength, which happenings of one kind differ in, ..."""

_LEAD_COUNTS = 1.5
"""... and one that stands among the first, as news tells first what it is about."""

_LEAD = 60

_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ](?<=[\w,;:] .)\w+")
_PACKED = struct.Struct("<If")

Terms = dict[int, float]


def terms_of(title: str, text: str) -> Terms:
    """Return what an article is compared by: hashes of stems, weights of length 1 in all."""
    # As it is read back from the store, so that it makes no difference whether it was.
    return unpack(weigh(title, text))


def weigh(title: str, text: str) -> bytes:
    """Return the same as it is stored: see ``pack``."""
    weights, rarest = rarities()
    words = stems(f"{title}\n{text}")
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
    terms = {_hash(stem): -weight for weight, stem in weighed[:TERMS]}
    length = math.sqrt(sum(weight * weight for weight in terms.values()))
    return pack({term: weight / length for term, weight in terms.items()})


@lru_cache(maxsize=30_000)
def _hash(stem: str) -> int:
    return crc32(stem.encode())


def pack(terms: Terms) -> bytes:
    """Write terms to be stored: 8 bytes each, in their order."""
    return struct.pack("<" + "If" * len(terms), *chain.from_iterable(terms.items()))


def unpack(data: bytes) -> Terms:
    """Read what ``pack`` wrote."""
    return dict(_PACKED.iter_unpack(data))


def cosine(one: Terms, other: Terms) -> float:
    """How alike two articles are by their terms, 0 to 1."""
    return sum(weight * other[term] for term, weight in one.items() if term in other)
