"""Feeds that are followed, their entries, and notices about them.

A feed is claimed with a lease and saved with its entries in one transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.models import Feed, Notice, Seen
from bot.store.engine import Repository
from bot.store.installations import installed
from bot.store.sql import IDS, WORKSPACE, insert_new, rows_in, upsert_many, values_in
from bot.store.tables import Utc, metadata, primary, required

# ``key`` is the normalised address, which identifies the feed. ``fares`` is the whole state as
# JSON; the columns repeat the parts used in searches.
feed = sa.Table(
    "feed",
    metadata,
    *primary("workspace", "id"),
    *required(sa.String, "audience", "key", "state"),
    sa.Column("next_poll", Utc, nullable=False),
    sa.Column("lease_until", Utc),
    sa.Column("claim", sa.Integer, nullable=False),
    sa.Column("fares", sa.Text, nullable=False),
    sa.UniqueConstraint("workspace", "audience", "key"),
    sa.Index(None, "state", "next_poll"),
)

# Every entry that a feed had. ``link`` is normalised, to recognise entries of other feeds.
feed_entry = sa.Table(
    "feed_entry",
    metadata,
    *primary("workspace", "feed", "key"),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("link", sa.String),
    sa.Column("published", Utc),
    sa.Column("published_precision", sa.String),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("last_seen", Utc, nullable=False),
    sa.ForeignKeyConstraint(["workspace", "feed"], ["feed.workspace", "feed.id"]),
    sa.Index(None, "workspace", "link"),
    sqlite_with_rowid=False,
)

feed_notice = sa.Table(
    "feed_notice",
    metadata,
    *primary("workspace", "id"),
    sa.Column("feed", sa.String, nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sqlite_with_rowid=False,
)

# Recipients of notices, so that nobody gets a notice twice.
feed_notice_sent = sa.Table(
    "feed_notice_sent",
    metadata,
    *primary("workspace", "notice", "person"),
    sa.Column("at", Utc, nullable=False),
    sa.ForeignKeyConstraint(["workspace", "notice"], ["feed_notice.workspace", "feed_notice.id"]),
    sqlite_with_rowid=False,
)


KEPT = timedelta(days=90)
"""How long the store keeps an entry that its feed no longer has."""

_IS = sa.and_(feed.c.workspace == WORKSPACE, feed.c.id == sa.bindparam("k"))
FREE = sa.or_(feed.c.lease_until.is_(None), feed.c.lease_until < sa.bindparam("now"))
LEFT = sa.select(installed.c.workspace).where(installed.c.left_at.is_not(None))
_DUE = (
    sa.select(feed)
    .where(feed.c.state == "active", feed.c.next_poll <= sa.bindparam("now"), FREE)
    .where(feed.c.workspace.not_in(LEFT))
    .order_by(feed.c.next_poll, feed.c.workspace, feed.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_THIS = sa.select(feed).where(_IS, FREE).with_for_update(skip_locked=True)
_TAKE = sa.update(feed).where(_IS).values(lease_until=sa.bindparam("until"), claim=feed.c.claim + 1)
_OURS = sa.select(feed.c.state).where(_IS, feed.c.claim == sa.bindparam("held")).with_for_update()
_LOCKED = sa.select(feed).where(_IS).with_for_update()
_RELEASE = (
    sa.update(feed)
    .where(_IS, feed.c.claim == sa.bindparam("held"))
    .values(lease_until=sa.bindparam("until"))
)
_KEY = sa.select(feed).where(
    feed.c.workspace == WORKSPACE,
    feed.c.audience == sa.bindparam("audience"),
    feed.c.key == sa.bindparam("key"),
)
_SEEN = sa.select(feed_entry).where(
    feed_entry.c.workspace == WORKSPACE,
    feed_entry.c.feed == sa.bindparam("feed"),
    feed_entry.c.key.in_(IDS),
)
_LINKED = (
    sa.select(feed_entry.c.link)
    .join(feed, sa.and_(feed.c.workspace == feed_entry.c.workspace, feed.c.id == feed_entry.c.feed))
    .where(
        feed_entry.c.workspace == WORKSPACE,
        feed_entry.c.link.in_(IDS),
        feed_entry.c.sha256 != "",
        feed.c.audience == sa.bindparam("audience"),
    )
    .distinct()
)
_OLD = sa.delete(feed_entry).where(
    feed_entry.c.workspace == WORKSPACE,
    feed_entry.c.feed == sa.bindparam("feed"),
    feed_entry.c.last_seen < sa.bindparam("before"),
)
_UNSENT = (
    sa.select(feed_notice)
    .outerjoin(
        feed_notice_sent,
        sa.and_(
            feed_notice_sent.c.workspace == feed_notice.c.workspace,
            feed_notice_sent.c.notice == feed_notice.c.id,
            feed_notice_sent.c.person == sa.bindparam("person"),
        ),
    )
    .where(
        feed_notice.c.workspace == WORKSPACE,
        feed_notice.c.at >= sa.bindparam("since"),
        feed_notice_sent.c.person.is_(None),
    )
    .order_by(feed_notice.c.at, feed_notice.c.id)
)
_RECOVERED: dict[str, Any] = {
    "problem": None, "said": None, "failures": 0, "failing_since": None, "notified": False,
}  # fmt: skip
_ENTRY_CHANGES = (
    "sha256", "link", "published", "published_precision", "tries", "last_seen",
)  # fmt: skip


class Feeds(Repository):
    """The feeds of every workspace, their entries and the notices about them."""

    # --- list and edit ------------------------------------------------------------------

    def add(self, new: Feed, key: str) -> bool:
        """Follow a feed, identified by its normalised address; False if it is followed already."""
        with self._write() as connection:
            # A feed that has moved keeps the id of its first address, but has another key.
            stored = connection.execute(sa.select(feed).where(_IS), _id(new.workspace, new.id))
            if stored.one_or_none() or self._by_key(connection, new, key) is not None:
                return False
            connection.execute(feed.insert(), {**_row(new), "key": key, "lease_until": None})
            return True

    def by_key(self, like: Feed, key: str) -> Feed | None:
        """Return the feed of the same workspace and audience with this normalised address."""
        with self._read() as connection:
            row = self._by_key(connection, like, key)
        return None if row is None else _feed(row)

    def all(self, workspace: str) -> list[Feed]:
        """Return every feed of a workspace; by category, title and id."""
        statement = sa.select(feed).where(feed.c.workspace == workspace)
        found = map(_feed, self._all(statement))
        return sorted(found, key=lambda one: (one.category, one.title.casefold(), one.id))

    def get(self, workspace: str, key: str) -> Feed | None:
        """Return a feed by its id."""
        row = self._first(sa.select(feed).where(_IS), _id(workspace, key))
        return None if row is None else _feed(row)

    def set_state(self, workspace: str, key: str, state: str, now: datetime) -> bool:
        """Pause a feed, or poll it again from now on; False if there is none."""
        with self._write() as connection:
            row = connection.execute(_LOCKED, _id(workspace, key)).one_or_none()
            if row is None:
                return False
            fares = {"next_poll": now, **_RECOVERED} if state == "active" else {}
            changed = _feed(row).model_copy(update={"state": state, **fares})
            connection.execute(
                sa.update(feed).where(_IS).values(**_row(changed)), _id(workspace, key)
            )
            return True

    def remove(self, workspace: str, key: str) -> bool:
        """Stop following a feed; its articles stay. False if there is none."""
        with self._write() as connection:
            # Locked first: a process that is saving a poll of it then writes no more entries.
            connection.execute(_LOCKED, _id(workspace, key))
            mine = sa.and_(feed_entry.c.workspace == workspace, feed_entry.c.feed == key)
            connection.execute(sa.delete(feed_entry).where(mine))
            done = connection.execute(sa.delete(feed).where(_IS), _id(workspace, key))
            return bool(done.rowcount)

    # --- polling ------------------------------------------------------------------------

    def claim(self, now: datetime, lease: timedelta, only: Feed | None = None) -> Feed | None:
        """Claim the feed that is longest due, or ``only`` that one, due or not; None if none.

        Only one of the threads and processes gets it.
        """
        with self._help() as connection:
            values: dict[str, Any] = {"now": now}
            if only is not None:
                values |= _id(only.workspace, only.id)
            row = connection.execute(_THIS if only else _DUE, values).one_or_none()
            if row is None:
                return None
            connection.execute(_TAKE, {**_id(row.workspace, row.id), "until": now + lease})
            return _feed(row).model_copy(update={"claim": row.claim + 1})

    def save(
        self, polled: Feed, key: str, seen: Sequence[Seen], notice: Notice | None, now: datetime
    ) -> bool:
        """Save the result of a poll, and release the feed.

        Returns False, and writes nothing, if the lease ran out and another process claimed the
        feed, or it was removed. A feed paused meanwhile stays paused. Raises StoreError if ``key``
        belongs to another feed.
        """
        values = {**_id(polled.workspace, polled.id), "held": polled.claim}
        with self._help() as connection:
            state = connection.execute(_OURS, values).scalar()
            if state is None:
                return False
            if state == "paused" and polled.state == "active":
                polled = polled.model_copy(update={"state": "paused"})
            changed = {**_row(polled), "key": key, "lease_until": None}
            connection.execute(
                sa.update(feed).where(_IS).values(**changed), _id(polled.workspace, polled.id)
            )
            _record_entries(connection, polled, seen, now)
            if notice is not None:
                insert_new(connection, feed_notice, notice.model_dump())
            return True

    def release(self, claimed: Feed, until: datetime | None) -> bool:
        """Release a feed unchanged, to poll at once or ``until`` then; False if not ours."""
        values = {**_id(claimed.workspace, claimed.id), "held": claimed.claim, "until": until}
        with self._help() as connection:
            return bool(connection.execute(_RELEASE, values).rowcount)

    def seen(self, of: Feed, keys: Collection[str]) -> dict[str, Seen]:
        """Return the earlier entries of a feed with these keys."""
        with self._read() as connection:
            rows = rows_in(connection, _SEEN, of.workspace, keys, feed=of.id)
            return {
                row.key: Seen.model_validate(
                    {name: getattr(row, name) for name in Seen.model_fields}
                )
                for row in rows
            }

    def linked(self, of: Feed, links: Collection[str]) -> set[str]:
        """Return the normalised links that a feed of the same audience brought before."""
        with self._read() as connection:
            return set(values_in(connection, _LINKED, of.workspace, links, audience=of.audience))

    def next_due(self) -> datetime | None:
        """Return when the next feed is due; None if none is polled."""
        statement = sa.select(sa.func.min(feed.c.next_poll)).where(feed.c.state == "active")
        with self._read() as connection:
            due: datetime | None = connection.execute(statement).scalar()
        return due

    # --- notices ------------------------------------------------------------------------

    def notices(self, workspace: str, person: str, since: datetime) -> list[Notice]:
        """Return the notices that this person has not received yet, oldest first."""
        rows = self._all(_UNSENT, {"w": workspace, "person": person, "since": since})
        return [Notice.model_validate(row._asdict()) for row in rows]

    def mark_notified(self, notice: Notice, person: str, now: datetime) -> None:
        """Record that a person received a notice."""
        row = {"workspace": notice.workspace, "notice": notice.id, "person": person, "at": now}
        with self._help() as connection:
            insert_new(connection, feed_notice_sent, row)

    def _by_key(self, connection: sa.Connection, like: Feed, key: str) -> sa.Row[Any] | None:
        values = {"w": like.workspace, "audience": like.audience, "key": key}
        return connection.execute(_KEY, values).one_or_none()


def _record_entries(
    connection: sa.Connection, polled: Feed, seen: Sequence[Seen], now: datetime
) -> None:
    if not seen:  # nothing was read, and so nothing is known to be gone
        return
    mine = {"workspace": polled.workspace, "feed": polled.id, "last_seen": now}
    rows = [one.model_dump() | mine for one in seen]
    upsert_many(connection, feed_entry, rows, update=_ENTRY_CHANGES)
    before = {"w": polled.workspace, "feed": polled.id, "before": now - KEPT}
    connection.execute(_OLD, before)


def _row(of: Feed) -> dict[str, Any]:
    names = ("workspace", "id", "audience", "state", "next_poll", "claim")
    return {**{name: getattr(of, name) for name in names}, "fares": of.model_dump_json()}


def _feed(row: sa.Row[Any]) -> Feed:
    stored = Feed.model_validate_json(row.fares)
    return stored.model_copy(update={"state": row.state, "claim": row.claim})


def _id(workspace: str, key: str) -> dict[str, Any]:
    return {"w": workspace, "k": key}
