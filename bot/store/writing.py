"""How articles and what was read from them enter the store: one batch, one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select, update

from bot.errors import StoreError
from bot.models import Arrival
from bot.store import copies, folding, happenings, introductions, storied, trust
from bot.store.rows import Rows, check, collect
from bot.store.sql import advance, chunks, freshen, upsert_many, utc_day
from bot.store.tables import (
    article,
    article_source,
    change,
    evidence,
    fact,
    mention,
    reading,
    revision,
)

_LATER = (
    "external_id", "url", "publisher", "original_source", "published", "published_precision",
    "author", "modified", "language",
)  # fmt: skip
"""Columns of an article that a later arrival may fill in or correct, but never empty."""

_READ_AGAIN = ("reading", "precision", "retired_at", "source_for", "target_for")
"""Columns of a fact that another reading which holds it may change."""

_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_workspace: BindParameter[Any] = bindparam("w")

_NEWEST = (
    select(revision.c.article, revision.c.n, revision.c.sha256)
    .where(revision.c.workspace == _workspace, revision.c.article.in_(_ids))
    .order_by(revision.c.article, revision.c.n)
)
_SUPERSEDE = (
    update(reading)
    .where(reading.c.workspace == _workspace, reading.c.article.in_(_ids))
    .where(reading.c.superseded_at.is_(None))
    .values(superseded_at=bindparam("now"))
)
_RETIRE = (
    update(fact)
    .where(fact.c.workspace == _workspace, fact.c.article.in_(_ids))
    .where(fact.c.retired_at.is_(None))
    .values(retired_at=bindparam("now"))
)
_FORGET_MENTIONS = delete(mention).where(
    mention.c.workspace == _workspace, mention.c.article.in_(_ids)
)
_FORGET_SOURCES = delete(article_source).where(
    article_source.c.workspace == _workspace, article_source.c.article.in_(_ids)
)
_FORGET_EVIDENCE = delete(evidence).where(
    evidence.c.workspace == _workspace,
    evidence.c.article == bindparam("article"),
    evidence.c.fact == bindparam("fact"),
)
_TOMBSTONE = (
    update(article)
    .where(article.c.workspace == _workspace, article.c.id == bindparam("key"))
    .where(article.c.tombstoned_at.is_(None))
    .values(tombstoned_at=bindparam("now"))
)
_DAYS = (
    # An article keeps the date it had where the later arrival brings none.
    update(fact)
    .where(fact.c.workspace == _workspace, fact.c.article.in_(_ids))
    .where(fact.c.retired_at.is_(None), fact.c.event_date.is_(None))
    .values(
        day=select(utc_day(article.c.published))
        .where(article.c.workspace == fact.c.workspace, article.c.id == fact.c.article)
        .scalar_subquery()
    )
)
_CHANGE = insert(change)


def commit(
    connection: Connection,
    arrivals: Sequence[Arrival],
    now: datetime,
    kept: storied.Kept | None = None,
) -> None:
    """Store all arrivals, in the caller's transaction; for ``kept`` see ``storied.Kept``.

    Raises BadEvidence, before anything is written, where a quote is not verbatim or a span
    lies outside its text; StoreError where a revision is stored already with other words.
    An arrival older than the newest stored revision of its article is passed over.
    """
    for arrival in arrivals:
        check(arrival)
    for wave in _waves(arrivals):
        by_workspace: dict[str, list[Arrival]] = {}
        for arrival in wave:
            by_workspace.setdefault(arrival.article.workspace, []).append(arrival)
        for workspace, ours in by_workspace.items():
            _write(connection, workspace, ours, now, kept)


def tombstone(connection: Connection, workspace: str, key: str, now: datetime) -> bool:
    """Mark an article as deleted; True if it was there and was not yet."""
    touched = happenings.touched(connection, workspace, [key])
    done = connection.execute(_TOMBSTONE, {"w": workspace, "key": key, "now": now})
    if done.rowcount:
        unshared(connection, workspace, [key], touched)
    return bool(done.rowcount) or trust.forget(connection, workspace, key)


def unshared(
    connection: Connection,
    workspace: str,
    keys: Collection[str],
    touched: set[happenings.Touched],
) -> None:
    """Take what was just deleted out of all that it had a part in, and tell who follows.

    ``touched`` is what it told of before it was deleted.
    """
    happenings.join(connection, workspace, touched)
    storied.leave(connection, workspace, keys)
    others = folding.settle(connection, workspace, keys) - set(keys)
    record_changes(connection, workspace, "article", sorted(keys), "delete")
    record_changes(connection, workspace, "article", sorted(others), "put")


def record_changes(
    connection: Connection, workspace: str, kind: str, keys: Collection[str], op: str
) -> None:
    """Append to the log that indexes follow, numbered in this transaction."""
    if not keys:
        return
    first = advance(connection, "change", len(keys)) - len(keys) + 1
    connection.execute(
        _CHANGE,
        [
            {"seq": seq, "workspace": workspace, "kind": kind, "key": key, "op": op}
            for seq, key in enumerate(keys, first)
        ],
    )
    freshen(connection, first - 1, first - 1 + len(keys))


def _waves(arrivals: Sequence[Arrival]) -> Iterator[list[Arrival]]:
    """Cut where an article comes again, so that its later words find the earlier stored."""
    wave: list[Arrival] = []
    seen: set[tuple[str, str]] = set()
    for arrival in arrivals:
        key = (arrival.article.workspace, arrival.article.id)
        if key in seen:
            yield wave
            wave, seen = [], set()
        wave.append(arrival)
        seen.add(key)
    if wave:
        yield wave


def _write(
    connection: Connection,
    workspace: str,
    arrivals: list[Arrival],
    now: datetime,
    kept: storied.Kept | None,
) -> None:
    stored = _newest(connection, workspace, [arrival.article.id for arrival in arrivals])
    rows = Rows()
    current, introduced = introductions.settle(
        connection, workspace, [one for one in arrivals if _is_current(one, stored)], rows
    )
    for arrival in current:
        collect(rows, arrival)
    keys = [arrival.article.id for arrival in current]
    again = [key for key in keys if key in stored]
    touched = happenings.touched(connection, workspace, again)
    before = copies.earlier(connection, workspace, again)
    if again:
        _set_aside(connection, workspace, again, rows, now)
    _insert(connection, rows)
    aside = trust.set_aside(connection, workspace, current, now)
    folded = copies.join(connection, workspace, current, before)
    counting = [one for one in current if one.article.id not in aside]
    storied.join(connection, workspace, counting, kept)
    for some in chunks(again):
        connection.execute(_DAYS, {"w": workspace, "ids": some})
    telling = [row["article"] for row in rows.facts]
    touched |= happenings.touched(connection, workspace, telling)
    happenings.join(connection, workspace, touched)
    promoted = introductions.keep(connection, workspace, introduced)
    record_changes(connection, workspace, "article", [*keys, *folded], "put")
    record_changes(connection, workspace, "actor", promoted, "put")


def _newest(
    connection: Connection, workspace: str, keys: Collection[str]
) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    for some in chunks(keys):
        for key, n, sha256 in connection.execute(_NEWEST, {"w": workspace, "ids": some}):
            found[key] = (n, sha256)
    return found


def _is_current(arrival: Arrival, stored: dict[str, tuple[int, str]]) -> bool:
    n, sha256 = stored.get(arrival.article.id, (0, ""))
    if arrival.revision.n == n and arrival.revision.sha256 != sha256:
        raise StoreError(
            f"Article {arrival.article.id} got other words from another process meanwhile: "
            "ingest it again.",
            about=arrival.article.id,
        )
    return arrival.revision.n >= n


def _set_aside(
    connection: Connection, workspace: str, again: list[str], rows: Rows, now: datetime
) -> None:
    """Make room for a new reading of articles that have one: nothing that was said is lost.

    Facts are retired, and come back when the new reading holds them; mentions, sources and
    introductions are derived, and are replaced.
    """
    for some in chunks(again):
        values = {"w": workspace, "ids": some, "now": now}
        connection.execute(_SUPERSEDE, values)
        connection.execute(_RETIRE, values)
        connection.execute(_FORGET_MENTIONS, {"w": workspace, "ids": some})
        connection.execute(_FORGET_SOURCES, {"w": workspace, "ids": some})
        introductions.forget(connection, workspace, some)
    kept = set(again)
    told = [
        {"w": workspace, "article": row["article"], "fact": row["id"]}
        for row in rows.facts
        if row["article"] in kept
    ]
    if told:
        connection.execute(_FORGET_EVIDENCE, told)


def _insert(connection: Connection, rows: Rows) -> None:
    upsert_many(connection, article, rows.articles, keep=_LATER)
    upsert_many(connection, revision, rows.revisions)
    upsert_many(connection, article_source, rows.sources)
    upsert_many(connection, reading, rows.readings, update=("passages", "superseded_at"))
    upsert_many(connection, mention, rows.mentions)
    upsert_many(connection, fact, rows.facts, update=_READ_AGAIN)
    upsert_many(connection, evidence, rows.evidence)
