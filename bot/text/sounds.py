"""What a word sounds like, roughly: spellings that transliteration makes of one sound."""

from __future__ import annotations

import re
from functools import lru_cache

_SAME = (
    "ph:f kh:k gh:g ck:k q:k dh:d th:t zh:j sch:s sh:s ch:j c:k tz:z ts:z dj:j ou:u oo:u ee:i "
    "ie:i ei:i ai:i ay:i y:i w:v x:ks o:u e:i"
)
_RULES = tuple((a, b) for a, _, b in (rule.partition(":") for rule in _SAME.split()))
_TWICE = re.compile(r"(.)\1+")
_SHORT = 3


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """Fold a normalised word: *gadhafi* and *qaddafi*, *mohammed* and *muhamad* come near.

    Not a phonetic alphabet, which would make too many names one: *Iran* and *Iraq* differ.
    """
    for spelt, kept in _RULES:
        word = word.replace(spelt, kept)
    word = _TWICE.sub(r"\1", word)
    return word[:-1] if len(word) > _SHORT and word.endswith("h") else word
