"""How much was published of some actors, day by day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, func, select

from bot.store.facts import scope_of
from bot.store.sql import utc_day


class History:
    """Part of the Store, at ``store.history``: what was there when."""

    def __init__(self, read: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._read = read

    def volume(
        self,
        workspace: str,
        audiences: Collection[str],
        groups: Sequence[Collection[str]],
        *,
        since: date | None = None,
        until: date | None = None,
        as_of: datetime | None = None,
    ) -> dict[date, int]:
        """How many articles that name one actor of each group were published on which UTC day.

        Days without any are absent, and so are articles without a date.
        """
        values: dict[str, Any] = {"w": workspace, "audiences": sorted(audiences)}
        values |= {f"actors{number}": sorted(group) for number, group in enumerate(groups)}
        if as_of is not None:
            values["as_of"] = as_of
        with self._read() as connection:
            rows = connection.execute(_volume(len(groups), as_of is not None), values).all()
        return {
            row.day: row.articles
            for row in rows
            if (since is None or row.day >= since) and (until is None or row.day <= until)
        }


@cache
def _volume(groups: int, as_of: bool) -> Select[date, int]:
    scope = scope_of(groups, as_of)
    day = utc_day(scope.c.published)
    return (
        select(day.label("day"), func.count().label("articles"))
        .where(scope.c.published.is_not(None))
        .group_by(day)
        .order_by(day)
    )
