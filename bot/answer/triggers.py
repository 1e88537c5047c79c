"""The words of a sentence that tell an act: "expelled" for an expulsion, "talks" for talks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answer.asked.classes import words_for
from bot.models import EventClass
from bot.text.verbs import bare_form

_WORD = re.compile(r"\w[\w'’-]*")

Place = tuple[int, int]
"""Where words stand in a sentence: code points, the end exclusive."""


def triggers_in(
    sentence: str, act: str, event_class: EventClass, beside: Sequence[Place] = ()
) -> list[Place]:
    """Return where a sentence has the words that tell an act, those that say most first.

    One place, or two where a noun tells it that has a verb of its own ("imposed … sanctions");
    none where the sentence has no such word. Of several the nearest to those ``beside`` counts:
    where the two stand who act.
    """
    words = [(found.start(), found.end()) for found in _WORD.finditer(sentence)]
    said = [sentence[start:end].lower().replace("’", "'") for start, end in words]
    verb, *rest = act.split()
    verbs = {n for n, word in enumerate(said) if word == verb or bare_form(word) == verb}
    nouns = {n for n, word in enumerate(said) if word in rest and word not in _PARTICLES}
    of_class = words_for(event_class)
    for places in (nouns, verbs, {n for n, word in enumerate(said) if word in of_class}):
        if not places:
            continue
        nearest = min(places, key=lambda n: sum(_distance(words[n], one) for one in beside))
        found = [(words[nearest][0], words[_whole(said, nearest, act)][1])]
        if places is nouns and verbs:
            leading = min(verbs, key=lambda n: abs(n - nearest))
            if leading + 1 == nearest:
                return [(words[leading][0], found[0][1])]
            found.append(words[leading])
        return found
    return []


_PARTICLES = frozenset(
    "on with to for from against at of in into over by out off up down back away".split()
)
"""Words of an act that tell nothing by themselves: *call on*, *pull out*."""


def _whole(said: Sequence[str], at: int, act: str) -> int:
    """Return the last word of a trigger that begins with one: "shot down", "rule it out"."""
    rest = set(act.split()[1:])
    while at + 1 < len(said) and said[at + 1] in rest:
        at += 1
    return at


def _distance(one: Place, other: Place) -> int:
    return max(one[0] - other[1], other[0] - one[1], 0)
