"""Who did it to whom: the roles of those who take part in an act, from the order of words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answer.asked.classes import asks_for_acts
from bot.answer.claims.parsed import UPON, Parsed, Word, is_verb
from bot.text.senses import is_participle, verb_of
from bot.text.verbs import bare_form, forms_of

_BE = frozenset("is are was were be been being am gets got get".split())
_HAVE = frozenset("has have had having".split())
_BESIDE = UPON | frozenset("by from after near during as while before again out".split())
"""What follows a verb that has no object."""


_MUTUAL = frozenset("meet talk negotiate fight clash".split())


def is_mutual(text: Parsed, act: int) -> bool:
    """Whether both sides do an act: who met the Emir is also whom the Emir met."""
    return verb_of(text.words[act].low) in _MUTUAL


def role(text: Parsed, act: int, at: int) -> int:
    """1 for who does the act at ``act``, -1 for whom it is done to, 0 where that is not told."""
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
    """*Israeli attack*, *attack by Israel* are by Israel; *attack on Israel* is upon it."""
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
    """Whether a headline leaves open whether the subject did it or had it done: *X captured*."""
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
    if following[0] == "to":  # "agreed to pay" is done, "sentenced to two years" had done
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
