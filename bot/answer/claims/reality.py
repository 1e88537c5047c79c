"""Whether an act is told as done: neither denied nor planned, asked for or supposed."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answer.claims.parsed import Parsed, Word, is_verb
from bot.text.senses import opposed, verb_of
from bot.text.verbs import bare_form

_NEGATIONS = frozenset(
    "not no never without nor neither deny refuse reject fail veto decline refrain".split()
)
_MODAL = frozenset(
    "plan consider threaten vow propose intend want seek expect urge call warn pledge promise"
    " attempt demand offer hope aim if unless whether suspect threat threats".split()
)
_SURE = frozenset("will would could should may might must".split())
"""These count however far before an act they stand."""

_DONE = frozenset("force manage begin start continue".split())
"""Whoever is forced to do a thing does it."""

_DENIED, _NEAR, _FAR = 9, 6, 18
"""Words before an act."""


def negated(text: Parsed, act: int | None) -> bool:
    """Whether what is told of an act is that it was not done; twice not is done."""
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


def unreal(text: Parsed, act: int | None) -> bool:
    """Whether a word around an act says that it is planned, asked for or supposed."""
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
    if _SURE.intersection(before) or before[-2:] == ["to", "be"]:
        return True
    bare = words[act].low == bare_form(words[act].low) and is_verb(text, act)
    # "plans to sell the one and close the other"
    if not bare or "to" not in (near := before[-(10 if "and" in before[-3:] else 2) :]):
        return False
    governor = before[len(before) - len(near) + near.index("to") - 1 :][:1]
    return not any(verb_of(one) in _DONE for one in governor)


def contrary(claim: Parsed, act: int | None, sentence: Parsed, found: int | None) -> bool:
    """Whether the sentence tells, of the same, the opposite act."""
    if act is None or found is None:
        return False
    ours = verb_of(claim.words[act].low)
    near = range(max(0, found - 3), min(len(sentence.words), found + 2))
    theirs = {verb_of(sentence.words[at].low) for at in near if at in sentence.acts}
    return ours is not None and any(one is not None and opposed(ours, one) for one in theirs)
