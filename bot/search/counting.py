"""What is counted in the index rather than found: how often actors are named together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from tantivy import Query, Schema

from bot.models import Period
from bot.search.query import build


class Scope(NamedTuple):
    """Whose passages are counted; ``as_of`` leaves out what was published later."""

    workspace: str
    audiences: Collection[str]
    as_of: datetime | None = None


def naming(
    schema: Schema,
    actors: Sequence[Collection[str]],
    scope: Scope,
    period: Period | None = None,
) -> Query:
    """Passages that name one actor of every group, in a period those published in it."""
    return build(
        schema,
        "",
        workspace=scope.workspace,
        audiences=scope.audiences,
        actors=actors,
        require_actor=True,
        since=period.start if period else None,
        until=period.end if period else None,
        as_of=scope.as_of,
        undated=period is None,
    )
