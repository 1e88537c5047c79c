"""What somebody promises, agrees, refuses or threatens to do to whom: "refuse to meet"."""

from __future__ import annotations

from bot.read.clauses import is_bare
from bot.read.complements import after_act, named
from bot.read.nouns import is_adverb
from bot.read.patterns import Pattern
from bot.read.patterns.pattern import Found
from bot.read.phrases import Phrase, word_at
from bot.read.shape import Shape
from bot.read.stretches import kept
from bot.read.theirs import place_of
from bot.read.words import DETERMINERS

_TO_DO = frozenset(("promise", "commit to", "agree", "refuse", "decline", "threaten", "vow"))
_MOST_WORDS = 3


def deed_towards(shaped: Shape, pattern: Pattern, match: Found, target: Phrase) -> str | None:
    """Name an act with what is to be done to its target, where that stands right before it.

    "Promised to pay Ruritania" is no promise of Ruritania; what stands farther off is not told.
    """
    if pattern.act not in _TO_DO or pattern.both or pattern.nominal or target.letter not in "np":
        return None
    found = kept(shaped)
    at = after_act(pattern, match)
    end = place_of(found, target)
    if at is None or found[end].start != target.start:
        return None
    if pattern.name != "will not":
        while is_adverb(found[at]):
            at += 1
        if word_at(found, at) != "to":
            return None
        at += 1
    words = [word_at(found, n) for n in range(at, end)]
    while words and words[-1] in DETERMINERS:
        words.pop()
    plain = all(word.isalpha() for word in words) and is_bare(found, at)
    if not plain or not 0 < len(words) <= _MOST_WORDS:
        return None
    return " ".join((named(pattern, match, "to"), *words))
