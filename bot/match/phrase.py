"""Whom a phrase is about: a name and nothing else, or a name with words around it.

*Israeli border police* is Israel; *Albanians of southern Serbia* are in Serbia; *Russian
President Boris Yeltsin* is himself. Every part must be sure; a guess stays a guess.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from bot.match.query import QueryActor
from bot.match.verdicts import verdict
from bot.models import ActorType, Match

if TYPE_CHECKING:
    from bot.match.actors import ActorIndex

_INSIDE = 0.97
"""What a name within a longer phrase is worth of its score."""

_TITLE = 0.93
"""What an office is worth beside its holder, where a day says that the holder is meant."""

_WITHIN = re.compile(r"\b(?:in|of)(?: the)?(?: (?:north|south|east|west)\w*)? $")
_RANK = (ActorType.PERSON, ActorType.OFFICE, ActorType.GROUP, ActorType.ORGANISATION)


def in_phrase(index: ActorIndex, text: str, as_of: date | None, limit: int) -> list[Match]:
    """List whom ``text`` may mean, best first: as a whole, else by the names within it.

    With a day, an office means first of all whoever held it then.
    """
    whole = index.match(text, as_of, limit)
    if as_of is not None:
        whole = _holder_first(whole)
    if verdict(whole) == "sure":
        return whole
    parts = [part for part in index.in_query(text, as_of) if part.verdict == "sure"]
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


def _order(part: QueryActor, text: str) -> tuple[bool, int, int]:
    """Whoever is named before the state that it is of; where it is before whose it is."""
    kind = part.matches[0].type
    rank = _RANK.index(kind) if kind in _RANK else len(_RANK)
    return rank == len(_RANK) and not _WITHIN.search(text[: part.start]), rank, part.start


def _part(part: QueryActor, text: str, number: int) -> Match:
    first = part.matches[0]
    return first.model_copy(
        update={
            "query": text,
            "score": round(first.score * _INSIDE ** (number + 1), 4),
            "why": f"“{text}” names {first.name}: {first.why}",
        }
    )
