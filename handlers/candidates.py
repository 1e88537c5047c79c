"""Whom words of a question may mean, beside whom they were taken for."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk import Desk
from bot.models import Match

_LOOKED_AT = 6


def candidates(desk: Desk, workspace: str, meant: Sequence[tuple[str, str]]) -> list[Match]:
    """Whoever the words may mean, best first, whom they were taken for included."""
    index = desk.actors(workspace)
    found: list[Match] = []
    for typed, actor in meant:
        known = index.get(actor)
        if known is not None:
            found.append(_of(typed, actor, known.name, known.type.value))
        found += index.match(typed, limit=_LOOKED_AT)
        found += index.nearest(typed, _LOOKED_AT)
    unique = {match.actor: match for match in reversed(found)}
    return [unique[key] for key in dict.fromkeys(match.actor for match in found)]


def taken_for(typed: str, actor: str, found: Sequence[Match]) -> Match:
    """Whom words were taken for, as found or else by id."""
    there = next((match for match in found if match.actor == actor), None)
    kind, _, name = actor.partition(":")
    return there or _of(typed, actor, name or actor, kind)


def _of(typed: str, actor: str, name: str, kind: str) -> Match:
    kinds = {"state", "organisation", "group", "office", "person", "place", "treaty"}
    return Match.model_validate(
        {
            "query": typed,
            "actor": actor,
            "name": name,
            "type": kind if kind in kinds else "organisation",
            "alias": name,
            "how": "exact",
            "score": 1.0,
            "why": "",
        }
    )
