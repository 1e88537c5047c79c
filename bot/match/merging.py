"""Which actors may count as one: the rules of a merge."""

from __future__ import annotations

from collections.abc import Callable

from bot.errors import BadEdit
from bot.models import Actor, ActorType

_ALIKE = {
    ActorType.ORGANISATION: {ActorType.ORGANISATION, ActorType.GROUP},
    ActorType.GROUP: {ActorType.ORGANISATION, ActorType.GROUP},
}
"""What one source calls an organisation another calls a group; all else is told apart."""

Find = Callable[[str], Actor | None]


def final(actor: str, find: Find) -> str:
    """The id that an actor counts as, through any chain of merges."""
    seen = {actor}
    while (known := find(actor)) and known.merged_into and known.merged_into not in seen:
        actor = known.merged_into
        seen.add(actor)
    return actor


def check_same(actor: Actor, into: Actor, find: Find) -> None:
    """Raise BadEdit unless ``actor`` may be merged into ``into``."""
    if actor.id == into.id:
        raise BadEdit(f"{actor.name} ({actor.id}) is one actor already.", about=actor.id)
    if into.type not in _ALIKE.get(actor.type, {actor.type}):
        raise BadEdit(
            f"{actor.name} is of type {actor.type.value} and {into.name} of type "
            f"{into.type.value}: those two cannot be one and the same.",
            about=actor.id,
        )
    if actor.merged_into not in (None, into.id):
        raise BadEdit(
            f"{actor.name} ({actor.id}) counts as {actor.merged_into} already: "
            "split it from there first.",
            about=actor.id,
        )
    if final(into.id, find) == actor.id:
        raise BadEdit(
            f"{into.name} ({into.id}) counts as {actor.name} ({actor.id}) already: "
            "merging them the other way round would go in a circle.",
            about=actor.id,
        )
