"""What somebody meant by what they typed: what they chose, and what they typed in haste."""

from __future__ import annotations

from bot.answer.asked.haste import Reading, unhurried
from bot.answer.asked.question import LONGEST
from bot.answer.library import KNOWN, Library
from bot.errors import BadQuery
from bot.match.actors import ActorIndex, verdict
from bot.models import Match
from bot.text.names import normalise

_MUCH_COMMONER = 30
"""So much more often is a word stored than a misspelling of it that publishers print, too."""


def chosen(actors: ActorIndex, typed: str, actor: str) -> Match:
    """Take words for an actor, by its id; raises BadQuery for an unknown one."""
    known = actors.get(actor)
    if known is None:
        raise BadQuery(f"There is no actor {actor} any more: please ask again.", about=actor)
    return Match(
        query=typed,
        actor=actor,
        name=known.name,
        type=known.type,
        iso3=known.iso3,
        alias=known.name,
        how="exact",
        score=1.0,
        why=f"“{typed}” was said to mean {known.name}.",
    )


def as_meant(library: Library, text: str) -> Reading:
    """A question with the words put right that were typed in haste.

    Names, however they are spelt, and words that are stored stand as they are. What is too
    long for a question is not looked at: it is refused as it came.
    """
    if len(text) > LONGEST:
        return Reading(text)

    def is_known(typed: str, meant: str) -> bool:
        if library.actors.lookup.knows(normalise(typed)):
            return True
        often = max((library.frequency(term) for term in library.passages.terms(typed)), default=0)
        if often >= KNOWN:
            known = max(map(library.frequency, library.passages.terms(meant)), default=0)
            return often * _MUCH_COMMONER > known
        return verdict(library.actors.match(typed)) == "sure"

    return unhurried(text, is_known)


def read_as(reading: Reading) -> tuple[str, ...]:
    """Say which words were read for which; nothing where all were read as they stand."""
    told = ", ".join(f"“{typed}” as “{meant}”" for typed, meant in reading.read)
    return (f"Read {told}.",) if told else ()
