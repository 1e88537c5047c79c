"""Parse a claim or a sentence: words, names, acts, numbers, roles, and whether it is asserted."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from bot.answer.event_words import asks_for_acts
from bot.text.days import CARDINALS
from bot.text.english import (
    alike,
    bare_form,
    forms_of,
    is_common,
    is_participle,
    opposed,
    rarities,
    stems,
    verb_of,
)

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
"""Light verbs: another word names the act."""

_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['’.&][^\W_]+)*")
_OWNER = re.compile(r"['’]s?$")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_YEARS = range(1990, 2036)
_TIMES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}


class Name(NamedTuple):
    """The span of a name and all ids of its actor; none for an unknown name."""

    start: int
    end: int
    ids: frozenset[str]


class Word(NamedTuple):
    """A word of a text: ``key`` is its stem for comparison, empty for a stop word."""

    start: int
    end: int
    low: str
    key: str
    weight: float
    capital: bool
    owner: bool


@dataclass(frozen=True)
class Parsed:
    """A parsed text: its words, its names, and which words are part of names."""

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
    """Parse a claim or a sentence; ``names`` are the actors known in it."""
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
    """Return the word of a claim's main act: a verb in the past or present takes precedence."""
    best: tuple[float, int] | None = None
    for at in claim.acts:
        score = _acts(claim, at)
        if best is None or score > best[0]:
            best = (score, at)
    return best[1] if best else None


def _acts(text: Parsed, at: int) -> float:
    """Score how much a word looks like the main verb, or like a noun in its place."""
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
    """Return the verb of a word, with the particle after it: *step down*."""
    after = text.words[at + 1].low if at + 1 < len(text.words) else ""
    return verb_of(text.words[at].low, after)


def verbs_alike(one: Parsed, at: int, other: Parsed, to: int) -> float:
    """Return the similarity of two acts by their verbs, with and without a particle."""
    ours = {act_verb(one, at), verb_of(one.words[at].low)} - {None}
    theirs = {act_verb(other, to), verb_of(other.words[to].low)} - {None}
    found = [alike(a, b) for a in ours for b in theirs if a and b]
    if act_verb(one, at) in theirs and act_verb(one, at) is not None:
        return 1.0
    return max(found, default=0.0)


def numbers(text: Parsed, first: int = 0, last: int | None = None) -> set[float]:
    """Return the counts in a text, or in a range of its words; years are left out."""
    found: set[float] = set()
    for at, word in enumerate(text.words[first:last], max(first, 0)):
        found |= {float(one.group().replace(",", "")) for one in _NUMBER.finditer(word.low)}
        if word.low in CARDINALS:
            after = text.words[at + 1].low if at + 1 < len(text.words) else ""
            found.add(float(CARDINALS[word.low] * _TIMES.get(after, 1)))
    return {one for one in found if one not in _YEARS}


def is_verb(text: Parsed, act: int) -> bool:
    """Return whether a word that may be an act is used as a verb, not as a noun."""
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


# --- roles ----------------------------------------------------------------------------

_BE = frozenset("is are was were be been being am gets got get".split())
_HAVE = frozenset("has have had having".split())
_BESIDE = UPON | frozenset("by from after near during as while before again out".split())
"""Words that follow a verb without an object."""


_MUTUAL_VERBS = frozenset("meet talk negotiate fight clash".split())


def is_mutual(text: Parsed, act: int) -> bool:
    """Return whether an act is mutual: *X met Y* means that Y met X, too."""
    return verb_of(text.words[act].low) in _MUTUAL_VERBS


def role(text: Parsed, act: int, at: int) -> int:
    """Return 1 if the name at ``at`` does the act at ``act``, -1 for the target, 0 if unknown."""
    words = text.words
    lead = at
    while lead - 1 > max(act, at - 4) or (act > at and lead > max(0, at - 3)):
        one = words[lead - 1]
        if not (lead - 1 in text.naming or one.low in ("the", "a", "an") or _modifies(one)):
            break
        lead -= 1
    before = words[lead - 1].low if lead else ""
    if not is_verb(text, act):
        return _role_beside_noun(words, act, at, before)
    if _passive(text, act):
        return _role_in_passive(words, act, at, before)
    if at > act:
        return -1
    return 0 if _voiceless(text, act) or before in UPON - {"of"} else 1


def _modifies(word: Word) -> bool:
    """Whether a word before a name is no verb and no preposition, as in *by rebel leader X*."""
    return bool(word.key) and not word.owner and bare_form(word.low) is None


def _role_beside_noun(words: Sequence[Word], act: int, at: int, before: str) -> int:
    """Return the role beside a noun: *Israeli attack*, *attack by Israel*; *attack on Israel*."""
    if before == "by":
        return 1
    if at > act:
        return -1 if before in UPON else 0
    if any(word.low == "under" for word in words[at:act]):
        return -1
    return 1 if act - at <= 6 else 0


def _role_in_passive(words: Sequence[Word], act: int, at: int, before: str) -> int:
    if at < act:
        return -1
    struck = any(asks_for_acts(word.low) for word in words[at + 1 : at + 3])
    return 1 if before == "by" or struck else 0


def _voiceless(text: Parsed, act: int) -> bool:
    """Return whether a headline is ambiguous between doer and target: *X captured*."""
    word = text.words[act]
    bare = verb_of(word.low)
    forms = forms_of(bare) if bare else None
    if is_participle(word.low):
        return True
    if not forms or word.low not in forms.past:
        return False
    following = [one.low for one in text.words[act + 1 : act + 3]]
    if following[:1] == ["dead"]:
        following = following[1:]
    if not following or following[0].endswith("ly"):
        return True
    if following[0] == "to":  # "agreed to pay" is active, "sentenced to two years" passive
        return len(following) < 2 or bare_form(following[1]) != following[1]
    return following[0] in _BESIDE


def _passive(text: Parsed, act: int) -> bool:
    words = text.words
    bare = verb_of(words[act].low)
    forms = forms_of(bare) if bare else None
    if not forms or words[act].low.endswith("ing"):
        return False
    for back in range(act - 1, max(act - 4, -1), -1):
        if words[back].low in _BE:
            return True
        if words[back].low in _HAVE or not words[back].low.endswith("ly"):
            break
    if words[act].low == bare and words[act].low not in forms.past:
        return False
    following = [word.low for word in words[act + 1 : act + 4]]
    return "by" in following and words[act].low in forms.past


# --- negated, planned, opposite -------------------------------------------------------

_NEGATIONS = frozenset(
    "not no never without nor neither deny refuse reject fail veto decline refrain".split()
)
_MODAL = frozenset(
    "plan consider threaten vow propose intend want seek expect urge call warn pledge promise"
    " attempt demand offer hope aim if unless whether suspect threat threats".split()
)
_FAR_REACHING = frozenset("will would could should may might must".split())
"""These count at any distance before an act."""

_DONE = frozenset("force manage begin start continue".split())
"""The act after these verbs is done: a person forced to do something does it."""

_DENIED, _NEAR, _FAR = 9, 6, 18
"""How many words before an act are considered."""


def is_negated(text: Parsed, act: int | None) -> bool:
    """Return whether an act is negated; two negations cancel out."""
    words: Sequence[Word] = text.words
    if act is not None:
        words = words[max(0, act - _DENIED) : act + 3]
    return sum(map(_negates, words)) % 2 == 1


def _negates(word: Word) -> bool:
    return (
        (verb_of(word.low) or word.low) in _NEGATIONS
        or word.low in _NEGATIONS
        or (word.low.endswith("n't"))
    )


def is_hypothetical(text: Parsed, act: int | None) -> bool:
    """Return whether words around an act mark it as planned, asked for or supposed."""
    if act is None:
        return False
    words = text.words
    start = max(0, act - _FAR)
    for at in range(act - 1, start, -1):
        if ";" in text.text[words[at].end : words[at + 1].start]:
            start = at + 1
            break
    before = [word.low for word in words[start:act]]
    if any(one in _MODAL or verb_of(one) in _MODAL for one in before[-_NEAR:]):
        return True
    if _FAR_REACHING.intersection(before) or before[-2:] == ["to", "be"]:
        return True
    bare = words[act].low == bare_form(words[act].low) and is_verb(text, act)
    # "plans to sell the one and close the other"
    if not bare or "to" not in (near := before[-(10 if "and" in before[-3:] else 2) :]):
        return False
    governor = before[len(before) - len(near) + near.index("to") - 1 :][:1]
    return not any(verb_of(one) in _DONE for one in governor)


def is_opposite(claim: Parsed, act: int | None, sentence: Parsed, found: int | None) -> bool:
    """Return whether the sentence has the opposite act."""
    if act is None or found is None:
        return False
    ours = verb_of(claim.words[act].low)
    near = range(max(0, found - 3), min(len(sentence.words), found + 2))
    theirs = {verb_of(sentence.words[at].low) for at in near if at in sentence.acts}
    return ours is not None and any(one is not None and opposed(ours, one) for one in theirs)
