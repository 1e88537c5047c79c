"""A typed name, taken apart: its key, its words, the titles it carries."""

from __future__ import annotations

from dataclasses import dataclass

from bot.text.english import GIVEN_NAMES, is_common
from bot.text.names import latin, normalise, strip_honorifics

_TELLING = 3
"""So many English words together are no chance likeness: *international atomic agency*."""

PRONOUNS = frozenset({"who", "Who"})
"""Asked, not named, though an acronym in capitals is the same word."""

_COMPASS = {"n": "north", "s": "south", "e": "east", "w": "west"}

_ABBREVIATIONS = {
    "intl": "international",
    "govt": "government",
    "natl": "national",
    "dept": "department",
    "org": "organisation",
    "min": "minister",
    "sec": "secretary",
    "pm": "prime minister",
    "fm": "foreign minister",
    "pres": "president",
    "gen": "general",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed. ``common``: ordinary English words; ``given``: a bare first name."""

    key: str
    words: tuple[str, ...]
    bare: tuple[str, ...]
    """The words without honorifics: what a person's name is compared with."""
    titles: tuple[str, ...]
    common: bool
    given: bool
    latin: bool


def parse(text: str) -> Typed:
    """Take a typed name apart; abbreviations (*pres*, *n. korea*) are written out."""
    key = normalise(text).removeprefix("the ")
    rest, titles = strip_honorifics(text)
    first, _, others = key.partition(" ")
    if others and first in _COMPASS:
        key = f"{_COMPASS[first]} {others}"
    if others:
        key = " ".join(_ABBREVIATIONS.get(word, word) for word in key.split())
    words = tuple(key.split())
    return Typed(
        key=key,
        words=words,
        bare=tuple(normalise(rest).removeprefix("the ").split()) or words,
        titles=titles,
        common=len(words) < _TELLING and all(is_common(word) for word in words),
        given=len(words) == 1 and key in GIVEN_NAMES,
        latin=latin(text),
    )
