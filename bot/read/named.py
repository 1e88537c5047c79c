"""People whom an article only names: no role tells who they are, but they speak and are asked.

Wilma Zembla ... Zembla said     a first name that people have, and somewhere a verb of people
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from bot.match.actors import ActorIndex
from bot.models import ActorType
from bot.read.runs import UPPER, headline, personal_name, tokens
from bot.text.english import GIVEN_NAMES, is_common
from bot.text.names import normalise

_WORD = rf"[{UPPER}][a-zà-ÿ]+(?:[-’'](?!s\b)[{UPPER}]?[a-zà-ÿ]+)*"
_FULL = re.compile(
    rf"(?<![\w’'.-])(?P<first>{_WORD}) (?:[{UPPER}]\. )?(?:(?:al|de|van|von|der|bin) )?"
    rf"(?P<last>{_WORD}|[{UPPER}][a-z]+[{UPPER}][a-z]+)(?![\w-])(?! [{UPPER}])"
)
_SPEAKS = (
    "said|says|told|tells|tweeted|wrote|added|asked|argued|noted|warned|testified|insisted|"
    "recalled|explained|responded|replied|acknowledged|thinks|thought|believes|believed|denied"
)
_SPEAKING = re.compile(
    rf"(?<![\w’'-])(?P<last>[{UPPER}][\w’'-]+)(?:,? who|,? (?:has |had |also |later )?(?:{_SPEAKS})"
    rf"|, \d\d,)(?![\w-])|(?:said|says) (?:[{UPPER}][\w’'.-]+ ){{0,2}}(?P<after>[{UPPER}][\w’'-]+)"
)
_BEFORE = re.compile(rf"[{UPPER}][\w’'-]* \Z")
_REACH = 30
_SHORTEST = 3


def persons_named(
    text: str, index: ActorIndex, taken: Callable[[int, int], bool]
) -> Iterator[tuple[int, int]]:
    """Yield where a full name stands whose bearer somewhere says or is said to do something."""
    given = _given(index)
    full = [match for match in _FULL.finditer(text) if normalise(match["first"]) in given]
    if not full:
        return
    speaking = {match["last"] or match["after"] for match in _SPEAKING.finditer(text)}
    for match in full:
        if (
            match["last"] in speaking
            and not taken(*match.span())
            and not _BEFORE.search(text, max(0, match.start() - _REACH), match.start())
            and personal_name(tokens(text, *match.span()))
            and not headline(text, match.start())
        ):
            yield match.span()


@lru_cache(maxsize=8)
def _given(index: ActorIndex) -> frozenset[str]:
    """Return the first names of people, as the lists have them, that are nothing else."""
    firsts = {
        normalise(actor.name).split()[0]
        for actor in index.actors
        if actor.type is ActorType.PERSON and " " in actor.name
    }
    named = {first for first in firsts if len(first) >= _SHORTEST and not is_common(first)}
    return frozenset(GIVEN_NAMES | named)
