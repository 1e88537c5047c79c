"""Words of a question that are typed in haste: *wht happend last wek*, *who atacked Israel*.

Only words of closed lists are put right: those that ask, those that name a stretch of time,
and those that ask for acts. What is a name, an ordinary word, or known as it stands is never
touched, and the reader is told what was read for what.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from bot.answer.asked.classes import words_for_acts
from bot.text.days import MONTHS, WEEKDAYS
from bot.text.english import is_common

_WORD = re.compile(r"(?<![\w'’@#./:-])[^\W_]+(?![\w'’@/:-]|\.\w)")
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]|(?<!\S)\S+:\S+")

_ASKING = tuple("who what when where why which whose".split())
_UNITS = tuple("day days week weeks month months quarter year years weekend morning night".split())
_BEFORE_UNIT = frozenset("last this next past previous the one two three four five six".split())
_BEFORE = {"lst": "last", "lsat": "last", "lats": "last", "nxt": "next", "tihs": "this"}
"""Words that are put right before a stretch of time alone."""

_ANYWHERE = (
    *"yesterday today tomorrow tonight since until before after between during about".split(),
    *"happened happening changed latest updates planned coming many times said".split(),
    *"really true people meeting visit quoted still".split(),
    *MONTHS,
    *WEEKDAYS,
)

_SHORTEST, _SHORTEST_ACT, _SHORTEST_ANYWHERE, _TWO_EDITS_FROM = 3, 6, 4, 9


class Reading(NamedTuple):
    """A question as it is read, and which words of it were read for which."""

    text: str
    read: tuple[tuple[str, str], ...] = ()


def unhurried(text: str, is_known: Callable[[str, str], bool]) -> Reading:
    """Put right the words that were typed in haste.

    ``is_known(typed, meant)`` says of a word whether it stands for itself: a name, or a word of
    what is stored.
    """
    kept = [found.span() for found in _QUOTED.finditer(text)]
    words = [
        word
        for word in _WORD.finditer(text)
        if not any(start < word.end() and word.start() < end for start, end in kept)
    ]
    meant = [word[0].lower() for word in words]
    for number, word in enumerate(words):
        found = _meant(meant, number)
        # A capital is a name's, but where it begins a question.
        named = word[0][0].isupper() and not text.isupper() and found not in _ASKING
        if found and found != meant[number] and not named and not is_known(word[0], found):
            meant[number] = found
    return _reading(text, words, meant)


def _meant(words: Sequence[str], number: int) -> str | None:
    """What a word may have been meant for, by its place; None where it stands as it is."""
    typed = words[number]
    before = words[number - 1] if number else ""
    after = words[number + 1] if number + 1 < len(words) else ""
    if typed in _BEFORE and _is_time(_nearest(after, _times()) or after):
        return _BEFORE[typed]
    if len(typed) < _SHORTEST or is_common(typed) or not typed.isascii() or not typed.isalpha():
        return None
    if number == 0 and after and (asking := _nearest(typed, _ASKING)):
        return asking
    if (before in _BEFORE_UNIT or before.isdigit()) and (unit := _nearest(typed, _times())):
        return unit
    if len(typed) >= _SHORTEST_ANYWHERE and (plain := _nearest(typed, _ANYWHERE)):
        return plain
    return _nearest(typed, words_for_acts()) if len(typed) >= _SHORTEST_ACT else None


@cache
def _times() -> tuple[str, ...]:
    return (*_UNITS, *WEEKDAYS, *MONTHS)


def _is_time(word: str) -> bool:
    return word in _times()


def _nearest(typed: str, words: Iterable[str]) -> str | None:
    """The one word that is a typing error away; None where none is, or two are as near.

    Of words as near, one with another letter in the place of one comes last, and a word of
    four letters or fewer may not have one; the first letter is right, or has changed places.
    """
    most = 2 if len(typed) >= _TWO_EDITS_FROM else 1
    found: list[tuple[int, bool, str]] = []
    for word in words:
        if typed[:1] != word[0] and typed[:2] != word[1::-1]:
            continue
        edits = OSA.distance(typed, word, score_cutoff=most)
        other = len(typed) == len(word) and sorted(typed) != sorted(word)
        if edits <= most and not (other and len(typed) < 5):
            found.append((edits, other, word))
    found.sort()
    if not found or (len(found) > 1 and found[0][:2] == found[1][:2]):
        return None
    return found[0][2]


def _reading(text: str, words: Sequence[re.Match[str]], meant: Sequence[str]) -> Reading:
    changed = [
        (word, new) for word, new in zip(words, meant, strict=True) if word[0].lower() != new
    ]
    for word, new in reversed(changed):
        text = text[: word.start()] + new + text[word.end() :]
    return Reading(text, tuple((word[0], new) for word, new in changed))
