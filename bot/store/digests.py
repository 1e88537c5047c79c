"""Digests: for which places, when each is due, what is new since, and what it contained before."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.models import Digest, Fact, Outgoing
from bot.store import outbox
from bot.store.instants import Utc
from bot.store.outbox import told as told_message
from bot.store.outbox import told_line
from bot.store.sql import advance, chunks, upsert_many
from bot.store.tables import article, metadata, revision
from bot.store.watches import StoryUpdate, alerted, facts_of, story_updates

digest = Table(
    "digest",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("team", String, nullable=False),
    Column("place", String, nullable=False),
    Column("room", String),
    Column("person", String, nullable=False),
    Column("times", Text, nullable=False),
    Column("actors", Text, nullable=False),
    Column("quiet", String, nullable=False),
    Column("hush", Text),
    Column("paused", Boolean, nullable=False),
    Column("since", Utc, nullable=False),
    Column("due", Utc, nullable=False),
    Column("lease_until", Utc),
    Column("claim", Integer, nullable=False),
    Index(None, "workspace", "team", "place", unique=True),
    Index(None, "paused", "due"),
)

# Which articles a digest contained, in which revision: a story may be split and go on.
digested = Table(
    "digested",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("digest", Integer, primary_key=True, autoincrement=False),
    Column("article", String, primary_key=True),
    Column("story", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("sources", Text, nullable=False),
    Column("at", Utc, nullable=False),
    sqlite_with_rowid=False,
)


# --- what is new since a digest -----------------------------------------------------------------

FORGOTTEN = timedelta(days=60)
"""After so long a story that comes up again counts as new."""

_workspace: BindParameter[Any] = bindparam("w")
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_ARRIVED = (
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
_DIGESTED_BEFORE = select(digested).where(
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


class DigestedArticle(NamedTuple):
    """An article that a digest, or an alert in its place, contained: in which story, in which
    revision, with the independent sources that it counted for."""

    article: str
    story: str
    revision: int
    sources: tuple[str, ...]


Act = tuple[str, ...]
"""What two facts about the same event share."""


class DigestMaterial(NamedTuple):
    """Stories with new or edited articles; of their articles those contained before, the newest
    revisions, and the acts that the earlier ones reported."""

    stories: list[StoryUpdate]
    sent: dict[str, DigestedArticle]
    revisions: dict[str, int]
    acts: frozenset[Act]


def act_key(one: Fact) -> Act:
    """What a fact shares with others about the same event."""
    if one.happening:
        return (one.happening,)
    source = one.source_actor or one.source_words or ""
    target = one.target_actor or one.target_words or ""
    return (source, str(one.event_class), target, str(one.status))


def digest_material(
    connection: Connection, of: Digest, since: datetime, until: datetime, oldest: datetime
) -> DigestMaterial:
    """See ``Digests.material``."""
    span = {"w": of.workspace, "since": since, "until": until}
    new = set(connection.execute(_ARRIVED, span).scalars())
    edited = set(connection.execute(_EDITED, span).scalars())
    again = {*_digested_before(connection, of, edited), *_alerts(connection, of, edited)} - new
    ages = {"since": since, "oldest": oldest, "newest": until + _AHEAD}
    found = story_updates(connection, of.workspace, new, ages, dated=True)
    there = {one.story: at for at, one in enumerate(found)}
    ages |= {"since": _LONG_AGO, "oldest": _LONG_AGO}
    for one in story_updates(connection, of.workspace, again, ages):
        items = tuple(item for item in one.items if item.stored.article.id in again)
        if (at := there.get(one.story)) is None:
            found.append(one._replace(items=items))
        else:
            found[at] = found[at]._replace(items=found[at].items + items)
    sources = {part.article: part.sources for one in found for part in one.parts}
    known = _alerts(connection, of, sources)
    for key, by_digest in _digested_before(connection, of, sources).items():
        if key not in known or by_digest.revision >= known[key].revision:
            known[key] = by_digest
    newest = _revisions(connection, of.workspace, sources)
    return DigestMaterial(found, known, newest, _acts(connection, of.workspace, known))


def _digested_before(
    connection: Connection, of: Digest, keys: Collection[str]
) -> dict[str, DigestedArticle]:
    found: dict[str, DigestedArticle] = {}
    for some in chunks(keys):
        asked = {"w": of.workspace, "digest": of.id, "ids": some}
        for row in connection.execute(_DIGESTED_BEFORE, asked):
            sources = tuple(json.loads(row.sources))
            found[row.article] = DigestedArticle(row.article, row.story, row.revision, sources)
    return found


def _alerts(
    connection: Connection, of: Digest, sources: Collection[str] | Mapping[str, tuple[str, ...]]
) -> dict[str, DigestedArticle]:
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
        key: DigestedArticle(key, row.story, seen.get(key, 1), tuple(known.get(key, ())))
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
        act_key(one) for facts in facts_of(connection, workspace, keys).values() for one in facts
    )


def record_digested(
    connection: Connection, of: Digest, told: Iterable[DigestedArticle], now: datetime
) -> None:
    """Record what a digest contained, and delete what it contained long ago."""
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


# --- the digests themselves ---------------------------------------------------------------------

_FIELDS = ("workspace", "id", "team", "place", "room", "person", "quiet", "paused", "since", "due")
_IS = and_(digest.c.workspace == bindparam("w"), digest.c.id == bindparam("n"))
_OURS = and_(_IS, digest.c.claim == bindparam("held"), digest.c.due == bindparam("was"))
_OF = (
    select(digest)
    .where(digest.c.workspace == bindparam("w"), digest.c.team == bindparam("team"))
    .where(digest.c.place == bindparam("place"))
)
_DUE = (
    select(digest)
    .where(digest.c.paused.is_(False), digest.c.due <= bindparam("now"))
    .where(or_(digest.c.lease_until.is_(None), digest.c.lease_until <= bindparam("now")))
    .order_by(digest.c.due, digest.c.workspace, digest.c.id)
    .limit(1)
)
_FREE = _DUE.with_for_update(skip_locked=True)
_TAKE = update(digest).where(_IS).values(lease_until=bindparam("until"), claim=digest.c.claim + 1)
_Connect = Callable[[], AbstractContextManager[Connection]]


class Digests:
    """Part of the Store, at ``store.digests``."""

    def __init__(self, write: _Connect, helper: _Connect, read: _Connect) -> None:
        self._write = write
        self._help = helper
        self._read = read

    # --- which there are ----------------------------------------------------------------

    def put(self, new: Digest) -> tuple[Digest, bool]:
        """Set up a digest for a place; its ``id`` is given here. A place has one.

        False says that it had one, which now has these times and subjects, is not paused, and
        goes on from what it contained last.
        """
        with self._write() as connection:
            known = self._of(connection, new.workspace, new.team, new.place, lock=True)
            if known is None:
                number = advance(connection, f"digest {new.workspace}", 1)
                ours = new.model_copy(update={"id": number, "claim": 0})
                connection.execute(insert(digest), [{**_row(ours), "lease_until": None}])
                return ours, True
            kept = {"id": known.id, "since": known.since, "claim": known.claim + 1}
            ours = new.model_copy(update=kept | {"room": new.room or known.room})
            self._save(connection, ours)
            return ours, False

    def of(self, workspace: str, team: str, place: str) -> Digest | None:
        """The digest of a place."""
        with self._read() as connection:
            return self._of(connection, workspace, team, place)

    def all(self, workspace: str | None = None) -> list[Digest]:
        """Every digest over the articles of a workspace, or of all, by the time it is due."""
        statement = select(digest).order_by(digest.c.due, digest.c.workspace, digest.c.id)
        with self._read() as connection:
            found = [_digest(row) for row in connection.execute(statement)]
        return [one for one in found if workspace is None or one.workspace == workspace]

    def next_due(self) -> datetime | None:
        """When the next digest is due; None where none is."""
        statement = select(func.min(digest.c.due)).where(digest.c.paused.is_(False))
        with self._read() as connection:
            due: datetime | None = connection.execute(statement).scalar()
        return due

    def change(self, of: Digest, **values: Any) -> Digest:
        """Give a digest other values, whoever has claimed it meanwhile; returns it."""
        with self._write() as connection:
            known = self._of(connection, of.workspace, of.team, of.place, lock=True)
            ours = (known or of).model_copy(update={**values, "claim": (known or of).claim + 1})
            self._save(connection, ours)
        return ours

    def remove(self, of: Digest) -> bool:
        """Delete a digest and what it contained; False where there was none."""
        mine = (digested.c.workspace == of.workspace) & (digested.c.digest == of.id)
        with self._write() as connection:
            # The digest first: who is finishing it notes nothing more after this.
            gone = connection.execute(delete(digest).where(_IS), {"w": of.workspace, "n": of.id})
            connection.execute(delete(digested).where(mine))
            return gone.rowcount == 1

    # --- due ----------------------------------------------------------------------------

    def claim(self, now: datetime, lease: timedelta) -> Digest | None:
        """Take the digest that is longest due; of any number of processes one gets it."""
        # Most looks find nothing, and need not wait for who is writing.
        with self._read() as connection:
            if connection.execute(_DUE, {"now": now}).one_or_none() is None:
                return None
        with self._help() as connection:
            row = connection.execute(_FREE, {"now": now}).one_or_none()
            if row is None:
                return None
            connection.execute(_TAKE, {"w": row.workspace, "n": row.id, "until": now + lease})
        return _digest(row).model_copy(update={"claim": row.claim + 1})

    def finish(
        self,
        claimed: Digest,
        following: datetime,
        message: Outgoing | None,
        told: Sequence[DigestedArticle],
        now: datetime,
        upto: datetime | None = None,
    ) -> bool:
        """Queue the message, record what it contains, and schedule the next one: all or nothing.

        ``upto`` is the end of the period it covers; None where it was empty. False, and nothing
        is written, where the digest is no longer ours, was changed or moved on.
        """
        held = {"w": claimed.workspace, "n": claimed.id, "held": claimed.claim, "was": claimed.due}
        values: dict[str, Any] = {"due": following, "lease_until": None}
        values |= {"since": upto} if upto else {}
        with self._help() as connection:
            move = update(digest).where(_OURS).values(**values)
            if connection.execute(move, held).rowcount != 1:
                return False
            if message is not None:
                outbox.put(connection, [message], now)
            record_digested(connection, claimed, told, now)
        return True

    # --- what is new --------------------------------------------------------------------

    def material(
        self, of: Digest, since: datetime, until: datetime, oldest: datetime
    ) -> DigestMaterial:
        """What arrived in a period, and what the digest contained before about the same.

        New articles count that have a date, no earlier than ``oldest``; edited ones if the
        digest contained them.
        """
        with self._read() as connection:
            return digest_material(connection, of, since, until, oldest)

    # --- inside -------------------------------------------------------------------------

    def _of(
        self, connection: Connection, workspace: str, team: str, place: str, *, lock: bool = False
    ) -> Digest | None:
        values = {"w": workspace, "team": team, "place": place}
        asked = _OF.with_for_update() if lock else _OF
        row = connection.execute(asked, values).one_or_none()
        return None if row is None else _digest(row)

    def _save(self, connection: Connection, ours: Digest) -> None:
        values = {**_row(ours), "lease_until": None}
        ids = {"w": values.pop("workspace"), "n": values.pop("id")}
        connection.execute(update(digest).where(_IS).values(**values), ids)


def _row(of: Digest) -> dict[str, Any]:
    return {
        **{name: getattr(of, name) for name in _FIELDS},
        "times": of.times.model_dump_json(),
        "actors": json.dumps(of.actors, ensure_ascii=False),
        "hush": of.hush.model_dump_json() if of.hush else None,
        "claim": of.claim,
    }


def _digest(row: Row[Any]) -> Digest:
    values = {name: getattr(row, name) for name in (*_FIELDS, "claim")}
    texts = {"times": json.loads(row.times), "actors": json.loads(row.actors)}
    texts["hush"] = json.loads(row.hush) if row.hush else None
    return Digest.model_validate({**values, **texts})
