"""What came since a digest, and what its place was told before.

Read and noted within a connection.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Column, Connection, and_, bindparam, delete, func, select

from bot.models import Digest, Fact
from bot.store.digest_tables import digested
from bot.store.news import Telling, alerted, facts_of, tellings
from bot.store.sql import chunks, upsert_many
from bot.store.tables import article, revision
from bot.store.told_tables import told as told_message
from bot.store.told_tables import told_line

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
_ALERTED = select(alerted.c.article, alerted.c.story, alerted.c.at).where(
    alerted.c.workspace == _workspace,
    alerted.c.team == bindparam("team"),
    alerted.c.place == bindparam("place"),
)
_POSTED = (
    select(told_line.c.article)
    .join(
        told_message,
        and_(
            told_message.c.workspace == told_line.c.workspace,
            told_message.c.id == told_line.c.message,
        ),
    )
    .where(told_line.c.workspace == _workspace, told_line.c.article.in_(_ids))
    .where(told_message.c.team == bindparam("team"), told_message.c.place == bindparam("place"))
)
_SEEN = select(revision.c.article, revision.c.n, revision.c.seen_at).where(
    revision.c.workspace == _workspace, revision.c.article.in_(_ids)
)
_AHEAD = timedelta(days=1)
_LONG_AGO = datetime.fromisoformat("0001-01-02T00:00:00+00:00")


class Told(NamedTuple):
    """An article that a digest, or an alert in its place, told: as part of which story, in which
    revision, with the independent sources that it counted for."""

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
    source = one.source_actor or one.source_words or ""
    target = one.target_actor or one.target_words or ""
    return (source, str(one.event_class), target, str(one.status))


def came(
    connection: Connection, of: Digest, since: datetime, until: datetime, oldest: datetime
) -> Came:
    """See ``Digests.came``."""
    span = {"w": of.workspace, "since": since, "until": until}
    new = set(connection.execute(_CAME, span).scalars())
    edited = set(connection.execute(_EDITED, span).scalars())
    again = {*_told(connection, of, edited), *_alerts(connection, of, edited)} - new
    ages = {"since": since, "oldest": oldest, "newest": until + _AHEAD}
    found = tellings(connection, of.workspace, new, ages, dated=True)
    there = {one.story: at for at, one in enumerate(found)}
    ages |= {"since": _LONG_AGO, "oldest": _LONG_AGO}
    for one in tellings(connection, of.workspace, again, ages):
        items = tuple(item for item in one.items if item.stored.article.id in again)
        if (at := there.get(one.story)) is None:
            found.append(one._replace(items=items))
        else:
            found[at] = found[at]._replace(items=found[at].items + items)
    sources = {part.article: part.sources for one in found for part in one.parts}
    known = _alerts(connection, of, sources)
    for key, by_digest in _told(connection, of, sources).items():
        if key not in known or by_digest.revision >= known[key].revision:
            known[key] = by_digest
    newest = _revisions(connection, of.workspace, sources)
    return Came(found, known, newest, _acts(connection, of.workspace, known))


def _told(connection: Connection, of: Digest, keys: Collection[str]) -> dict[str, Told]:
    found: dict[str, Told] = {}
    for some in chunks(keys):
        asked = {"w": of.workspace, "digest": of.id, "ids": some}
        for row in connection.execute(_TOLD, asked):
            sources = tuple(json.loads(row.sources))
            found[row.article] = Told(row.article, row.story, row.revision, sources)
    return found


def _alerts(
    connection: Connection, of: Digest, sources: Collection[str] | Mapping[str, tuple[str, ...]]
) -> dict[str, Told]:
    """Return those of some articles that the place of a digest was alerted to, as of then.

    ``sources`` are the articles, with the independent sources of each where those matter. What
    was to be alerted and was not posted, as its watch was muted meanwhile, does not count.
    """
    place = {"w": of.workspace, "team": of.team, "place": of.place}

    def rows(column: Column[Any], keys: Collection[str]) -> list[Any]:
        asked = _ALERTED.where(column.in_(_ids))
        found = [connection.execute(asked, {**place, "ids": some}).all() for some in chunks(keys)]
        return [row for some in found for row in some]

    asked = {row.article: row for row in rows(alerted.c.article, sources)}
    story_of = {
        row.article: row.story
        for row in rows(alerted.c.story, {row.story for row in asked.values()})
    }
    posted = {
        story_of[key]
        for some in chunks(story_of)
        for key in connection.execute(_POSTED, {**place, "ids": some}).scalars()
    }
    there = {key: row for key, row in asked.items() if row.story in posted}
    seen: dict[str, int] = {}
    for some in chunks(there):
        for row in connection.execute(_SEEN, {"w": of.workspace, "ids": some}):
            if row.seen_at <= there[row.article].at:
                seen[row.article] = max(seen.get(row.article, 1), row.n)
    known = sources if isinstance(sources, Mapping) else {}
    return {
        key: Told(key, row.story, seen.get(key, 1), tuple(known.get(key, ())))
        for key, row in there.items()
    }


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
