"""What was there when: articles day by day, what was told to whom, facts set aside since."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, not_, or_, select

from bot.models import Fact, SentReply
from bot.store.facts import scope_of, with_evidence
from bot.store.keys import article_of
from bot.store.requests import in_thread, reply, request, sent_reply
from bot.store.sql import utc_day
from bot.store.tables import article, fact
from bot.store.wrong import is_marked

MOST_TOLD = 30
"""Replies that are looked through for the last one on the same."""

_TOLD = (
    select(reply)
    .where(
        reply.c.workspace == bindparam("w"),
        reply.c.place == bindparam("place"),
        reply.c.person == bindparam("person"),
    )
    .order_by(reply.c.sent_at.desc(), reply.c.id)
    .limit(MOST_TOLD)
)
_ASKED = (
    select(reply)
    .where(
        reply.c.workspace == bindparam("w"),
        reply.c.person == bindparam("person"),
        reply.c.query != "",
    )
    .order_by(reply.c.sent_at.desc(), reply.c.id)
    .limit(MOST_TOLD)
)
_IN_THREAD = (
    select(reply)
    .join(
        request,
        (request.c.workspace == reply.c.workspace)
        & (request.c.surface == reply.c.surface)
        & (request.c.key == reply.c.request),
    )
    .where(reply.c.workspace == bindparam("w"), reply.c.place == bindparam("place"))
    # What is told of links that were posted answers no question.
    .where(request.c.payload == bindparam("thread"), reply.c.query != "")
    .order_by(reply.c.sent_at.desc(), reply.c.id)
    .limit(1)
)
_RETIRED = (
    select(fact)
    .join(article, (article.c.workspace == fact.c.workspace) & (article.c.id == fact.c.article))
    .where(fact.c.workspace == bindparam("w"))
    .where(fact.c.article.in_(bindparam("articles", expanding=True)))
    .where(fact.c.id.in_(bindparam("ids", expanding=True)))
    .where(or_(fact.c.retired_at.is_not(None), article.c.tombstoned_at.is_not(None)))
    .where(not_(is_marked))
    .order_by(fact.c.id)
)


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

    def told(self, workspace: str, place: str, person: str) -> list[SentReply]:
        """The newest replies that somebody got at a place, the newest first."""
        values = {"w": workspace, "place": place, "person": person}
        with self._read() as connection:
            rows = connection.execute(_TOLD, values).all()
        return [sent_reply(row) for row in rows]

    def asked(self, workspace: str, person: str) -> list[SentReply]:
        """The newest replies to what somebody asked, wherever that was, the newest first."""
        with self._read() as connection:
            rows = connection.execute(_ASKED, {"w": workspace, "person": person}).all()
        return [sent_reply(row) for row in rows]

    def last_in_thread(self, workspace: str, place: str, thread: str) -> SentReply | None:
        """The newest reply to what was asked in a thread of a place."""
        values = {"w": workspace, "place": place, "thread": in_thread(thread)}
        with self._read() as connection:
            row = connection.execute(_IN_THREAD, values).one_or_none()
        return sent_reply(row) if row is not None else None

    def retired(self, workspace: str, facts: Collection[str]) -> list[Fact]:
        """Those of some facts that their articles no longer tell, or whose article is gone.

        What was marked wrong here is none of them: its article tells it still.
        """
        if not facts:
            return []
        articles = sorted({article_of(one) for one in facts})
        values = {"w": workspace, "ids": sorted(facts), "articles": articles}
        with self._read() as connection:
            rows = connection.execute(_RETIRED, values).all()
            return with_evidence(connection, workspace, rows)


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
