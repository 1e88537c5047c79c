"""Whom a phrase is about: a name and nothing else, or a name with words around it.

*Israeli border police* is Israel; *Albanians of southern Serbia* are in Serbia; *Russian
President Boris Yeltsin* is himself. Every part must be sure; a guess stays a guess, and half
of somebody else's name (*Carlos Santiago*) is none.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from bot.match.provisional import only_words, provisional
from bot.match.query import QueryActor
from bot.match.score import similar
from bot.match.verdicts import verdict
from bot.models import ActorType, Match
from bot.text.english import GIVEN_NAMES, is_common
from bot.text.names import HONORIFICS, normalise

if TYPE_CHECKING:
    from bot.match.actors import ActorIndex

_INSIDE = 0.97
"""What a name within a longer phrase is worth of its score."""

_TITLE = 0.93
"""What an office is worth beside its holder, where a day says that the holder is meant."""

_WITHIN = re.compile(r"\b(?:in|of)(?: the)?(?: (?:north|south|east|west)\w*)? $")
_BEFORE = re.compile(r"([A-ZÀ-Þ][\w'’-]*)\.? $")
_RANK = (ActorType.PERSON, ActorType.OFFICE, ActorType.GROUP, ActorType.ORGANISATION)


def in_phrase(index: ActorIndex, text: str, as_of: date | None, limit: int) -> list[Match]:
    """List whom ``text`` may mean, best first: as a whole, else by the names within it.

    With a day, an office means first of all whoever held it then.
    """
    whole = [
        one
        for one in index.match(text, as_of, limit)
        if not (provisional(one.actor) and only_words(text, one.name, one.type, alone=True))
    ]
    if as_of is not None:
        whole = _holder_first(whole)
    if verdict(whole) == "sure":
        return whole
    parts = [
        part
        for part in index.in_query(text, as_of)
        if part.verdict == "sure" and not _half_a_name(part, text)
    ]
    if not parts:
        return whole
    parts.sort(key=lambda part: _order(part, text))
    found = [_part(part, text, number) for number, part in enumerate(parts)]
    known: dict[str, Match] = {}
    for match in found:
        known.setdefault(match.actor, match)
    return list(known.values())[:limit]


def _holder_first(found: list[Match]) -> list[Match]:
    office, holder = found[0] if found else None, found[1] if len(found) > 1 else None
    if office is None or holder is None or holder.how != "office at date":
        return found
    then = holder.model_copy(update={"score": office.score})
    title = office.model_copy(update={"score": round(office.score * _TITLE, 4)})
    return [then, title, *found[2:]]


def _half_a_name(part: QueryActor, text: str) -> bool:
    """Whether an unknown name stands before a surname, or a first name before a place: then
    both are the name of somebody who is not known."""
    first = part.matches[0]
    person = first.type is ActorType.PERSON
    if person and normalise(part.text) in GIVEN_NAMES:
        return True
    before = _BEFORE.search(text[: part.start])
    word = normalise(before[1]) if before else ""
    if not word or is_common(word) or word in HONORIFICS:
        return False
    if person:
        names = normalise(first.alias).split()
        alone = len(normalise(part.text).split()) == 1 < len(names)
        return alone and not any(
            similar(word, name) or (len(word) == 1 and word == name[0]) for name in names
        )
    return word in GIVEN_NAMES and (first.type is ActorType.PLACE or first.how == "capital")


def _order(part: QueryActor, text: str) -> tuple[bool, bool, int, int]:
    """Whoever is named before the state that it is of; where it is before whose it is; and
    last what is no person and is not spelt so: *nationalist* is no *National Diet*."""
    kind, how = part.matches[0].type, part.matches[0].how
    rank = _RANK.index(kind) if kind in _RANK else len(_RANK)
    guessed = how == "typo" and kind is not ActorType.PERSON
    outside = rank == len(_RANK) and not _WITHIN.search(text[: part.start])
    return guessed, outside, rank, part.start


def _part(part: QueryActor, text: str, number: int) -> Match:
    first = part.matches[0]
    return first.model_copy(
        update={
            "query": text,
            "score": round(first.score * _INSIDE ** (number + 1), 4),
            "why": f"“{text}” names {first.name}: {first.why}",
        }
    )
