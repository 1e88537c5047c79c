"""What came since a digest, and what it told before: read and noted within a connection."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, delete, func, select

from bot.models import Digest, Fact
from bot.store.digest_tables import digested
from bot.store.news import Telling, facts_of, tellings
from bot.store.sql import chunks, upsert_many
from bot.store.tables import article, revision

FORGOTTEN = timedelta(days=60)
"""After so long a story that comes up again is told as new."""

_workspace: BindParameter[Any] = bindparam("w")
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_CAME = (
    select(article.c.id)
    .where(article.c.workspace == _workspace, article.c.tombstoned_at.is_(None))
    .where(article.c.first_seen > bindparam("since"), article.c.first_seen <= bindparam("until"))
)
_EDITED = (
    select(revision.c.article)
    .where(revision.c.workspace == _workspace, revision.c.n > 1)
    .where(revision.c.seen_at > bindparam("since"), revision.c.seen_at <= bindparam("until"))
    .distinct()
)
_TOLD = select(digested).where(
    digested.c.workspace == _workspace,
    digested.c.digest == bindparam("digest"),
    digested.c.article.in_(_ids),
)
_NEWEST = (
    select(revision.c.article, func.max(revision.c.n))
    .where(revision.c.workspace == _workspace, revision.c.article.in_(_ids))
    .group_by(revision.c.article)
)
_AHEAD = timedelta(days=1)
_LONG_AGO = datetime.fromisoformat("0001-01-02T00:00:00+00:00")


class Told(NamedTuple):
    """An article that a digest told: as part of which story, in which revision, with the
    independent sources that it counted for."""

    article: str
    story: str
    revision: int
    sources: tuple[str, ...]


Act = tuple[str, ...]
"""What two facts share that tell the same."""


class Came(NamedTuple):
    """Stories that got articles or other words; of their articles those told before, the
    newest revisions, and the acts that those told tell of."""

    tellings: list[Telling]
    told: dict[str, Told]
    revisions: dict[str, int]
    acts: frozenset[Act]


def key_of(one: Fact) -> Act:
    """What a fact shares with those that tell the same."""
    if one.happening:
        return (one.happening,)
    target = one.target_actor or one.target_words or ""
    return (one.source_actor, str(one.event_class), target, str(one.status))


def came(
    connection: Connection, of: Digest, since: datetime, until: datetime, oldest: datetime
) -> Came:
    """See ``Digests.came``."""
    span = {"w": of.workspace, "since": since, "until": until}
    new = set(connection.execute(_CAME, span).scalars())
    edited = set(connection.execute(_EDITED, span).scalars())
    again = set(_told(connection, of, edited)) - new
    ages = {"since": since, "oldest": oldest, "newest": until + _AHEAD}
    found = tellings(connection, of.workspace, new, ages)
    there = {one.story: at for at, one in enumerate(found)}
    ages |= {"since": _LONG_AGO, "oldest": _LONG_AGO}
    for one in tellings(connection, of.workspace, again, ages):
        items = tuple(item for item in one.items if item.stored.article.id in again)
        if (at := there.get(one.story)) is None:
            found.append(one._replace(items=items))
        else:
            found[at] = found[at]._replace(items=found[at].items + items)
    parts = {part.article for one in found for part in one.parts}
    known = _told(connection, of, parts)
    newest = _revisions(connection, of.workspace, parts)
    return Came(found, known, newest, _acts(connection, of.workspace, known))


def _told(connection: Connection, of: Digest, keys: Collection[str]) -> dict[str, Told]:
    found: dict[str, Told] = {}
    for some in chunks(keys):
        asked = {"w": of.workspace, "digest": of.id, "ids": some}
        for row in connection.execute(_TOLD, asked):
            sources = tuple(json.loads(row.sources))
            found[row.article] = Told(row.article, row.story, row.revision, sources)
    return found


def _revisions(connection: Connection, workspace: str, keys: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in chunks(keys):
        rows = connection.execute(_NEWEST, {"w": workspace, "ids": some})
        found.update(tuple(row) for row in rows)
    return found


def _acts(connection: Connection, workspace: str, keys: Collection[str]) -> frozenset[Act]:
    return frozenset(
        key_of(one) for facts in facts_of(connection, workspace, keys).values() for one in facts
    )


def note(connection: Connection, of: Digest, told: Iterable[Told], now: datetime) -> None:
    """Note what a digest told, and forget what it told long ago."""
    mine = {"workspace": of.workspace, "digest": of.id, "at": now}
    rows = [
        {
            **mine,
            "article": one.article,
            "story": one.story,
            "revision": one.revision,
            "sources": json.dumps(one.sources),
        }
        for one in told
    ]
    upsert_many(connection, digested, rows, update=("story", "revision", "sources", "at"))
    old = (digested.c.workspace == of.workspace) & (digested.c.digest == of.id)
    connection.execute(delete(digested).where(old, digested.c.at < now - FORGOTTEN))
