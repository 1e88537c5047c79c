"""What somebody chose for words that they typed."""

from __future__ import annotations

from bot.errors import BadQuery
from bot.match.actors import ActorIndex
from bot.models import Match


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
