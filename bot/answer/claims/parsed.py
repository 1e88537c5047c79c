"""A claim or a sentence read into words, names, acts and numbers."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from bot.answer.asked.classes import asks_for_acts
from bot.text.english import is_common
from bot.text.numbers import CARDINALS
from bot.text.rarity import rarities, stems
from bot.text.senses import alike, is_participle, verb_of
from bot.text.verbs import bare_form, forms_of

AUXILIARIES = frozenset(
    "is are was were be been being am gets got get has have had having do does did will would can"
    " could may might must shall should to".split()
)
UPON = frozenset("on against at of to with into in over for".split())
BEFORE_NOUNS = (UPON - {"to"}) | frozenset("the a an under by".split())
_PARTICLES = frozenset("over down up out off under".split())
_AFTER_NOUNS = frozenset("on against by of over in".split())
_LIGHT = frozenset(
    "go come take hold make get put give say announce report claim state keep".split()
)
"""Verbs that leave it to another word what was done."""

_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['’.&][^\W_]+)*")
_OWNER = re.compile(r"['’]s?$")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_YEARS = range(1990, 2036)
_TIMES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}


class Name(NamedTuple):
    """Where a text names somebody, and all ids that count as them; none of a name unknown."""

    start: int
    end: int
    ids: frozenset[str]


class Word(NamedTuple):
    """A word of a text: ``key`` is what it is compared by, empty for a stop word."""

    start: int
    end: int
    low: str
    key: str
    weight: float
    capital: bool
    owner: bool


@dataclass(frozen=True)
class Parsed:
    """A text read: its words, its names, and which words are part of names."""

    text: str
    words: tuple[Word, ...]
    names: tuple[Name, ...]
    naming: frozenset[int]
    acts: tuple[int, ...]


@lru_cache(maxsize=20_000)
def _key(low: str) -> str:
    found = stems(verb_of(low) or low)
    return found[0] if found else ""


def parse(text: str, names: Collection[Name]) -> Parsed:
    """Read a claim or a sentence; ``names`` are the actors known in it."""
    table, rarest = rarities()
    words: list[Word] = []
    for match in _WORD.finditer(text):
        raw = match.group()
        owner = raw[-2:] in ("'s", "’s") or raw[-1:] in "'’"
        low = _OWNER.sub("", raw).casefold()
        key = _key(low)
        plain = stems(low)
        weight = table.get(plain[0], rarest) / rarest if plain else 0.0
        words.append(Word(match.start(), match.end(), low, key, weight, raw[:1].isupper(), owner))
    naming = {
        at for at, word in enumerate(words) for name in names if name.start <= word.start < name.end
    }
    known = list(names)
    for at, word in enumerate(words):
        if at in naming or not word.capital or not word.key:
            continue
        if (at == 0 or text[: word.start].rstrip()[-1:] in '.:“"') and is_common(word.low):
            continue
        naming.add(at)
        known.append(Name(word.start, word.end, frozenset()))
    acts = tuple(at for at, word in enumerate(words) if at not in naming and _may_act(word))
    return Parsed(text, tuple(words), tuple(sorted(known)), frozenset(naming), acts)


def _may_act(word: Word) -> bool:
    if word.low in AUXILIARIES or word.low in _PARTICLES or not word.key:
        return False
    return verb_of(word.low) is not None or asks_for_acts(word.low)


def main_act(claim: Parsed) -> int | None:
    """The word of a claim for what was done: a verb in the past or present before others."""
    best: tuple[float, int] | None = None
    for at in claim.acts:
        score = _acts(claim, at)
        if best is None or score > best[0]:
            best = (score, at)
    return best[1] if best else None


def _acts(text: Parsed, at: int) -> float:
    """How much a word looks like the main verb, or a noun in its place."""
    word = text.words[at]
    verb, before = act_verb(text, at), text.words[at - 1].low if at else ""
    bare = bare_form(word.low)
    if verb in _LIGHT:
        return 0.35
    if is_participle(word.low):
        return 1.9
    if bare is None or before in ("the", "a", "an", "of", "his", "its", "their", "under"):
        return 0.4
    forms = forms_of(bare)
    after = text.words[at + 1].low if at + 1 < len(text.words) else ""
    if forms and word.low in forms.past:
        return 2.0
    if word.low != bare and word.low.endswith("s"):
        bare_next = bare_form(after) == after and after not in _PARTICLES
        noun = after in AUXILIARIES or (bare_next and not asks_for_acts(after))
        return 0.3 if noun else 1.7
    if before in AUXILIARIES or (forms and word.low in forms.ing):
        return 1.6
    return 0.9 if after and at and text.words[at - 1].key else 0.3


def act_verb(text: Parsed, at: int) -> str | None:
    """The verb of a word, with the particle that follows it: *step down*."""
    after = text.words[at + 1].low if at + 1 < len(text.words) else ""
    return verb_of(text.words[at].low, after)


def verbs_alike(one: Parsed, at: int, other: Parsed, to: int) -> float:
    """How alike two acts are by the meanings of their verbs, with and without a particle."""
    ours = {act_verb(one, at), verb_of(one.words[at].low)} - {None}
    theirs = {act_verb(other, to), verb_of(other.words[to].low)} - {None}
    found = [alike(a, b) for a in ours for b in theirs if a and b]
    if act_verb(one, at) in theirs and act_verb(one, at) is not None:
        return 1.0
    return max(found, default=0.0)


def numbers(text: Parsed, first: int = 0, last: int | None = None) -> set[float]:
    """The counts in a text, or from one word of it to before another; no years."""
    found: set[float] = set()
    for at, word in enumerate(text.words[first:last], max(first, 0)):
        found |= {float(one.group().replace(",", "")) for one in _NUMBER.finditer(word.low)}
        if word.low in CARDINALS:
            after = text.words[at + 1].low if at + 1 < len(text.words) else ""
            found.add(float(CARDINALS[word.low] * _TIMES.get(after, 1)))
    return {one for one in found if one not in _YEARS}


def is_verb(text: Parsed, act: int) -> bool:
    """Whether a word that may be an act is a verb where it stands, and no noun."""
    word = text.words[act]
    bare = bare_form(word.low)
    if is_participle(word.low):
        return True
    if bare is None:
        return False
    forms = forms_of(bare)
    if forms and (word.low in forms.past or word.low in forms.ing):
        return True
    before = text.words[act - 1] if act else None
    if before is None or before.owner or before.low in BEFORE_NOUNS:
        return False
    after = text.words[act + 1].low if act + 1 < len(text.words) else ""
    return not (asks_for_acts(word.low) and after in _AFTER_NOUNS)
