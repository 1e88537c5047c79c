"""The words of a sentence that tell an act: "expelled" for an expulsion, "talks" for talks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from bot.models import EventClass
from bot.read.labels import forms_labelled
from bot.read.lexicon import forms
from bot.read.patterns import PATTERNS, Pattern
from bot.text.verbs import forms_of

_WORD = re.compile(r"\w[\w'’-]*")
_LEADING = re.compile(r"\(\?P<v>([a-z|-]+)\)")
"""The verbs of a pattern, as ``bot.read.lexicon.verb`` writes them."""

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
    for telling in _telling(act, event_class):
        places = [n for n, word in enumerate(said) if word in telling]
        if not places:
            continue
        nearest = min(places, key=lambda n: sum(_distance(words[n], one) for one in beside))
        found = [(words[nearest][0], words[_whole(said, nearest, act)][1])]
        verbs = _verbs(act)
        if verbs and said[nearest] not in verbs:
            leading = [n for n, word in enumerate(said) if word in verbs]
            found += [words[n] for n in sorted(leading, key=lambda n: abs(n - nearest))[:1]]
        return found
    return []


def _whole(said: Sequence[str], at: int, act: str) -> int:
    """Return the last word of a trigger that begins with one: "shot down", "rule it out"."""
    rest = set(act.split()[1:])
    while at + 1 < len(said) and said[at + 1] in rest:
        at += 1
    return at


def _distance(one: Place, other: Place) -> int:
    return max(one[0] - other[1], other[0] - one[1], 0)


@cache
def _telling(act: str, event_class: EventClass) -> tuple[frozenset[str], ...]:
    """Return sets of words that may tell an act, those first that surely do."""
    verb, _, rest = act.partition(" ")
    named = frozenset(forms(verb)) if forms_of(verb) else frozenset[str]()
    own = frozenset(_own(act))
    of_class = frozenset(
        word for one in PATTERNS if one.event_class is event_class for word in one.triggers
    )
    # "Made" tells no war, "shot" alone nothing of an aircraft.
    sets = (own, named) if rest else (named, own)
    return tuple(words for words in (*sets, of_class) if words)


def _own(act: str) -> Iterator[str]:
    yield from forms_labelled(act)
    for pattern in _patterns(act):
        yield from pattern.triggers


@cache
def _verbs(act: str) -> frozenset[str]:
    """Return the verbs that lead to the nouns of an act: "impose" and "levy" to sanctions."""
    return frozenset(
        form
        for pattern in _patterns(act)
        if (found := _LEADING.search(pattern.expression))
        for form in found[1].split("|")
    )


def _patterns(act: str) -> Iterator[Pattern]:
    return (one for one in PATTERNS if act == one.act or act.startswith(f"{one.act} "))
