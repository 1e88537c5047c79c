"""What stands beside a name in a question and is about the same: a title, or more of the name.

*French President Emmanuel Macron* is one actor; *Juan Carlos Jobet*, whom nobody listed, is not
*Juan Carlos I*, and *Donald Trump Jr.* is not his father.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.match.score import similar
from bot.models import ActorType
from bot.text.english import GIVEN_NAMES, is_common
from bot.text.names import FILLERS, HONORIFICS, normalise
from bot.text.rarity import rarities, stems
from bot.text.verbs import is_verb_form

if TYPE_CHECKING:
    from bot.match.actors import ActorIndex
    from bot.match.query import QueryActor

_BETWEEN = re.compile(r"(?P<whose>['’]s)?,?(?P<titles>(?: [\w-]+)*) ")
_AFTER = re.compile(r",? (?:the )?")
_NEXT = re.compile(r" (\w+(?:[-’']\w+)*)")
_LED = re.compile(r"(\w+) $")
_JUNIOR = frozenset({"jr", "junior", "sr", "senior"})


def part_of_a_longer_name(index: ActorIndex, text: str, one: QueryActor) -> bool:
    """Tell whether a person's name goes on with what is none of it, so that it is another's."""
    first = one.matches[0]
    following = _NEXT.match(text, one.end)
    if first.type is not ActorType.PERSON or following is None:
        return False
    if normalise(following[1]) in _JUNIOR:
        return True
    typed = [word for word in normalise(one.text).split() if word not in HONORIFICS]
    wanted = [word for word in normalise(first.alias).split() if word not in FILLERS]
    lacks = any(not any(similar(word, other) for other in typed) for word in wanted)
    only_given = all(word in GIVEN_NAMES for word in typed)
    return (lacks or only_given) and len(typed) > 1 and _like_a_name(index, following[1])


def _like_a_name(index: ActorIndex, word: str) -> bool:
    key = normalise(word)
    if is_common(key) or is_verb_form(key) or key in FILLERS or key in HONORIFICS:
        return False
    if word[:1].isupper():
        return True
    return index.lookup.knows(key) or not all(stem in rarities()[0] for stem in stems(word))


def joined(
    index: ActorIndex, text: str, named: Sequence[QueryActor], as_of: date | None
) -> list[QueryActor]:
    """Take a person for one actor with the office or the nationality beside the name."""
    found = list(named)
    while (one := _first_pair(index, text, found, as_of)) is not None:
        number, both = one
        found[number : number + 2] = [both]
    return found


def _first_pair(
    index: ActorIndex, text: str, named: Sequence[QueryActor], as_of: date | None
) -> tuple[int, QueryActor] | None:
    for number, (one, other) in enumerate(pairwise(named)):
        if one.verdict != "sure" or other.verdict != "sure":
            continue
        if _leads(index, text, one, other, as_of):
            start = _begin(text, one.start)
            return number, other.over(text, start, other.end)
        if _follows(index, text, one, other):
            return number, one.over(text, one.start, other.end)
    return None


def _leads(
    index: ActorIndex, text: str, one: QueryActor, other: QueryActor, as_of: date | None
) -> bool:
    """Whether an office or a nationality stands before the name of whom it is told."""
    title, person = one.matches[0], other.matches[0]
    between = _BETWEEN.fullmatch(text[one.end : other.start])
    if person.type is not ActorType.PERSON or between is None:
        return False
    titles = normalise(between["titles"])
    if titles and not all(word in HONORIFICS for word in titles.split()):
        return False
    if title.type is ActorType.STATE:
        if not (title.how == "demonym" or between["whose"] or titles):
            return False
    elif title.type is not ActorType.OFFICE:
        return False
    theirs = index.iso3(person.actor, as_of)
    held = title.actor in index.held(person.actor)
    return held or theirs in (None, index.iso3(title.actor))


def _follows(index: ActorIndex, text: str, one: QueryActor, other: QueryActor) -> bool:
    """Whether an office stands after the name of somebody who holds it, or did."""
    if _AFTER.fullmatch(text[one.end : other.start]) is None:
        return False
    return other.matches[0].actor in index.held(one.matches[0].actor)


def _begin(text: str, start: int) -> int:
    """Where the words before a title begin that belong to it: *former*, *acting*."""
    while (led := _LED.search(text, 0, start)) and normalise(led[1]) in HONORIFICS:
        start = led.start()
    return start
