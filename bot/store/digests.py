"""Digests: their places, when each is due, what is new since, and what they contained before."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.models import Digest, Fact, Outgoing
from bot.store import outbox
from bot.store.engine import Repository, reads
from bot.store.outbox import shown_line, shown_message
from bot.store.sql import IDS, WORKSPACE, advance, among, rows_in, upsert_many, values_in
from bot.store.tables import Utc, article, metadata, required, revision
from bot.store.watches import StoryUpdate, alerted, facts_of, story_updates

digest = sa.Table(
    "digest",
    metadata,
    sa.Column("workspace", sa.String, primary_key=True),
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    *required(sa.String, "team", "place"),
    sa.Column("room", sa.String),
    sa.Column("person", sa.String, nullable=False),
    *required(sa.Text, "times", "actors"),
    sa.Column("quiet", sa.String, nullable=False),
    sa.Column("hush", sa.Text),
    sa.Column("paused", sa.Boolean, nullable=False),
    *required(Utc, "since", "due"),
    sa.Column("lease_until", Utc),
    sa.Column("claim", sa.Integer, nullable=False),
    sa.Index(None, "workspace", "team", "place", unique=True),
    sa.Index(None, "paused", "due"),
)

# The articles a digest contained, and their revisions: a story may be split and go on.
digested = sa.Table(
    "digested",
    metadata,
    sa.Column("workspace", sa.String, primary_key=True),
    sa.Column("digest", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("article", sa.String, primary_key=True),
    sa.Column("story", sa.String, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("sources", sa.Text, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sqlite_with_rowid=False,
)


# --- what is new since a digest -----------------------------------------------------------------

FORGOTTEN = timedelta(days=60)
"""A story that comes up again after this long counts as new."""

_ARRIVED = (
    sa.select(article.c.id)
    .where(article.c.workspace == WORKSPACE, article.c.tombstoned_at.is_(None))
    .where(
        article.c.first_seen > sa.bindparam("since"), article.c.first_seen <= sa.bindparam("until")
    )
)
_EDITED = (
    sa.select(revision.c.article)
    .where(revision.c.workspace == WORKSPACE, revision.c.n > 1)
    .where(revision.c.seen_at > sa.bindparam("since"), revision.c.seen_at <= sa.bindparam("until"))
    .distinct()
)
_DIGESTED_BEFORE = sa.select(digested).where(
    digested.c.workspace == WORKSPACE,
    digested.c.digest == sa.bindparam("digest"),
    digested.c.article.in_(IDS),
)
_NEWEST = (
    sa.select(revision.c.article, sa.func.max(revision.c.n))
    .where(among(revision.c.article))
    .group_by(revision.c.article)
)
_ALERTED = sa.select(alerted.c.article, alerted.c.story, alerted.c.at).where(
    alerted.c.workspace == WORKSPACE,
    alerted.c.team == sa.bindparam("team"),
    alerted.c.place == sa.bindparam("place"),
)
_POSTED = (
    sa.select(shown_line.c.article)
    .join(
        shown_message,
        sa.and_(
            shown_message.c.workspace == shown_line.c.workspace,
            shown_message.c.id == shown_line.c.message,
        ),
    )
    .where(among(shown_line.c.article))
    .where(
        shown_message.c.team == sa.bindparam("team"), shown_message.c.place == sa.bindparam("place")
    )
)
_SEEN = sa.select(revision.c.article, revision.c.n, revision.c.seen_at).where(
    among(revision.c.article)
)
_AHEAD = timedelta(days=1)
_LONG_AGO = datetime.fromisoformat("0001-01-02T00:00:00+00:00")


class DigestedArticle(NamedTuple):
    """An article in a digest, or in an alert sent to its place: its story, its revision, and the
    independent sources it counted for."""

    article: str
    story: str
    revision: int
    sources: tuple[str, ...]


Act = tuple[str, ...]
"""The part that two facts about the same event share."""


class DigestMaterial(NamedTuple):
    """Stories with new or edited articles; their articles already sent; the newest revisions of all
    their articles; and the acts that the sent articles report."""

    stories: list[StoryUpdate]
    sent: dict[str, DigestedArticle]
    revisions: dict[str, int]
    acts: frozenset[Act]


def act_key(one: Fact) -> Act:
    """Return the part of a fact that other facts about the same event share."""
    if one.happening:
        return (one.happening,)
    source = one.source_actor or one.source_words or ""
    target = one.target_actor or one.target_words or ""
    return (source, str(one.event_class), target, str(one.status))


def digest_material(
    connection: sa.Connection, of: Digest, since: datetime, until: datetime, oldest: datetime
) -> DigestMaterial:
    """Collect what arrived in a period, and what the digest already contained on the same stories.

    New articles count if they have a date, no earlier than ``oldest``; edited ones if the
    digest contained them.
    """
    span = {"w": of.workspace, "since": since, "until": until}
    new = set(connection.execute(_ARRIVED, span).scalars())
    edited = set(connection.execute(_EDITED, span).scalars())
    again = {*_digested_before(connection, of, edited), *_alerts(connection, of, edited)} - new
    ages = {"since": since, "oldest": oldest, "newest": until + _AHEAD}
    found = story_updates(connection, of.workspace, new, ages, dated=True)
    position = {one.story: at for at, one in enumerate(found)}
    ages |= {"since": _LONG_AGO, "oldest": _LONG_AGO}
    for one in story_updates(connection, of.workspace, again, ages):
        items = tuple(item for item in one.items if item.stored.article.id in again)
        if (at := position.get(one.story)) is None:
            found.append(one._replace(items=items))
        else:
            found[at] = found[at]._replace(items=found[at].items + items)
    sources = {part.article: part.sources for one in found for part in one.parts}
    known = _alerts(connection, of, sources)
    for key, by_digest in _digested_before(connection, of, sources).items():
        if key not in known or by_digest.revision >= known[key].revision:
            known[key] = by_digest
    newest = dict(rows_in(connection, _NEWEST, of.workspace, sources))
    facts = facts_of(connection, of.workspace, known).values()
    acts = frozenset(act_key(fact) for some in facts for fact in some)
    return DigestMaterial(found, known, newest, acts)


def _digested_before(
    connection: sa.Connection, of: Digest, keys: Collection[str]
) -> dict[str, DigestedArticle]:
    found: dict[str, DigestedArticle] = {}
    for row in rows_in(connection, _DIGESTED_BEFORE, of.workspace, keys, digest=of.id):
        sources = tuple(json.loads(row.sources))
        found[row.article] = DigestedArticle(row.article, row.story, row.revision, sources)
    return found


def _alerts(
    connection: sa.Connection, of: Digest, sources: Collection[str] | Mapping[str, tuple[str, ...]]
) -> dict[str, DigestedArticle]:
    """Return those of some articles that the place of a digest was alerted to, as of then.

    ``sources`` are the articles, with the independent sources of each where those matter. An
    alert that was never posted, because its watch was muted meanwhile, does not count.
    """
    place = {"team": of.team, "place": of.place}

    def rows(column: sa.Column[Any], keys: Collection[str]) -> Iterator[sa.Row[Any]]:
        return rows_in(connection, _ALERTED.where(column.in_(IDS)), of.workspace, keys, **place)

    asked = {row.article: row for row in rows(alerted.c.article, sources)}
    story_of = {
        row.article: row.story
        for row in rows(alerted.c.story, {row.story for row in asked.values()})
    }
    posted = {
        story_of[key] for key in values_in(connection, _POSTED, of.workspace, story_of, **place)
    }
    shown = {key: row for key, row in asked.items() if row.story in posted}
    seen: dict[str, int] = {}
    for row in rows_in(connection, _SEEN, of.workspace, shown):
        if row.seen_at <= shown[row.article].at:
            seen[row.article] = max(seen.get(row.article, 1), row.n)
    known = sources if isinstance(sources, Mapping) else {}
    return {
        key: DigestedArticle(key, row.story, seen.get(key, 1), tuple(known.get(key, ())))
        for key, row in shown.items()
    }


def record_digested(
    connection: sa.Connection, of: Digest, contents: Iterable[DigestedArticle], now: datetime
) -> None:
    """Record the contents of a digest, and delete the contents of long ago."""
    mine = {"workspace": of.workspace, "digest": of.id, "at": now}
    rows = [{**mine, **one._asdict(), "sources": json.dumps(one.sources)} for one in contents]
    upsert_many(connection, digested, rows, update=("story", "revision", "sources", "at"))
    old = (digested.c.workspace == of.workspace) & (digested.c.digest == of.id)
    connection.execute(sa.delete(digested).where(old, digested.c.at < now - FORGOTTEN))


# --- the digests themselves ---------------------------------------------------------------------

_IS = sa.and_(digest.c.workspace == WORKSPACE, digest.c.id == sa.bindparam("n"))
_OURS = sa.and_(_IS, digest.c.claim == sa.bindparam("held"), digest.c.due == sa.bindparam("was"))
_OF = (
    sa.select(digest)
    .where(digest.c.workspace == WORKSPACE, digest.c.team == sa.bindparam("team"))
    .where(digest.c.place == sa.bindparam("place"))
)
_DUE = (
    sa.select(digest)
    .where(digest.c.paused.is_(False), digest.c.due <= sa.bindparam("now"))
    .where(sa.or_(digest.c.lease_until.is_(None), digest.c.lease_until <= sa.bindparam("now")))
    .order_by(digest.c.due, digest.c.workspace, digest.c.id)
    .limit(1)
)
_FREE = _DUE.with_for_update(skip_locked=True)
_TAKE = (
    sa.update(digest).where(_IS).values(lease_until=sa.bindparam("until"), claim=digest.c.claim + 1)
)


class Digests(Repository):
    """Digests at set times, and their contents; part of the Store, at ``store.digests``."""

    # --- list and edit ------------------------------------------------------------------

    def put(self, new: Digest) -> tuple[Digest, bool]:
        """Set up a digest for a place and assign its ``id``. A place has at most one.

        Returns False if it had one already. That one gets these times and subjects, is no longer
        paused, and continues after its last contents.
        """
        with self._write() as connection:
            known = self._locked(connection, new)
            if known is None:
                number = advance(connection, f"digest {new.workspace}", 1)
                ours = new.model_copy(update={"id": number, "claim": 0})
                connection.execute(sa.insert(digest), [_row(ours)])
                return ours, True
            kept = {"id": known.id, "since": known.since, "claim": known.claim + 1}
            ours = new.model_copy(update=kept | {"room": new.room or known.room})
            self._save(connection, ours)
            return ours, False

    def of(self, workspace: str, team: str, place: str) -> Digest | None:
        """Return the digest of a place."""
        row = self._first(_OF, {"w": workspace, "team": team, "place": place})
        return None if row is None else _digest(row)

    def all(self, workspace: str | None = None) -> list[Digest]:
        """Return every digest of a workspace's articles, or of all workspaces, by due time."""
        statement = sa.select(digest).order_by(digest.c.due, digest.c.workspace, digest.c.id)
        found = [_digest(row) for row in self._all(statement)]
        return [one for one in found if workspace is None or one.workspace == workspace]

    def next_due(self) -> datetime | None:
        """Return when the next digest is due; None if there is none."""
        statement = sa.select(sa.func.min(digest.c.due)).where(digest.c.paused.is_(False))
        with self._read() as connection:
            due: datetime | None = connection.execute(statement).scalar()
        return due

    def change(self, of: Digest, **values: Any) -> Digest:
        """Change a digest, even if a process has claimed it meanwhile; return it."""
        with self._write() as connection:
            known = self._locked(connection, of)
            ours = (known or of).model_copy(update={**values, "claim": (known or of).claim + 1})
            self._save(connection, ours)
        return ours

    def remove(self, of: Digest) -> bool:
        """Delete a digest and its recorded contents; False if there is none."""
        mine = (digested.c.workspace == of.workspace) & (digested.c.digest == of.id)
        with self._write() as connection:
            # The digest first: a process that is finishing it then records nothing more.
            gone = connection.execute(sa.delete(digest).where(_IS), {"w": of.workspace, "n": of.id})
            connection.execute(sa.delete(digested).where(mine))
            return gone.rowcount == 1

    # --- due ----------------------------------------------------------------------------

    def claim(self, now: datetime, lease: timedelta) -> Digest | None:
        """Claim the digest that is longest due; only one of the processes gets it."""
        # Most polls find nothing, and need not wait for a writer.
        if self._first(_DUE, {"now": now}) is None:
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
        contents: Sequence[DigestedArticle],
        now: datetime,
        upto: datetime | None = None,
    ) -> bool:
        """Queue the message, record its contents, and schedule the next one: all or nothing.

        ``upto`` is the end of the period it covers; None if the period was empty. Returns False,
        and writes nothing, if the digest was claimed by another process, changed or moved on.
        """
        claim = {"w": claimed.workspace, "n": claimed.id, "held": claimed.claim, "was": claimed.due}
        values: dict[str, Any] = {"due": following, "lease_until": None}
        values |= {"since": upto} if upto else {}
        with self._help() as connection:
            move = sa.update(digest).where(_OURS).values(**values)
            if connection.execute(move, claim).rowcount != 1:
                return False
            if message is not None:
                outbox.put(connection, [message], now)
            record_digested(connection, claimed, contents, now)
        return True

    # --- what is new --------------------------------------------------------------------

    material = reads(digest_material)

    # --- internal -----------------------------------------------------------------------

    def _locked(self, connection: sa.Connection, like: Digest) -> Digest | None:
        """Return the digest of the same place, and lock it."""
        values = {"w": like.workspace, "team": like.team, "place": like.place}
        row = connection.execute(_OF.with_for_update(), values).one_or_none()
        return None if row is None else _digest(row)

    def _save(self, connection: sa.Connection, ours: Digest) -> None:
        values = _row(ours)
        ids = {"w": values.pop("workspace"), "n": values.pop("id")}
        connection.execute(sa.update(digest).where(_IS).values(**values), ids)


def _row(of: Digest) -> dict[str, Any]:
    return {
        **dict(of),
        "times": of.times.model_dump_json(),
        "actors": json.dumps(of.actors, ensure_ascii=False),
        "hush": of.hush.model_dump_json() if of.hush else None,
        "lease_until": None,
    }


def _digest(row: sa.Row[Any]) -> Digest:
    values = {name: getattr(row, name) for name in Digest.model_fields}
    texts = {"times": json.loads(row.times), "actors": json.loads(row.actors)}
    texts["hush"] = json.loads(row.hush) if row.hush else None
    return Digest.model_validate({**values, **texts})
