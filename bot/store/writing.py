"""How articles and what was read from them enter the store: one batch, one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select, update

from bot.errors import StoreError
from bot.models import NAMES_ONLY, Arrival, is_names_only
from bot.store import copies, folding, happenings, introductions, storied, trust, wrong
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
_FORGET_NAMES = (
    delete(reading)
    .where(reading.c.workspace == _workspace, reading.c.article.in_(_ids))
    .where(reading.c.reader_version.like(f"%{NAMES_ONLY}"))
)
_READ_BY = (
    select(
        reading.c.article,
        reading.c.revision,
        reading.c.reader_version,
        reading.c.gazetteer_version,
    )
    .where(reading.c.workspace == _workspace, reading.c.article.in_(_ids))
    .where(reading.c.superseded_at.is_(None))
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
    kept: storied.Kept,
) -> None:
    """Store all arrivals, which were checked, in the caller's transaction.

    ``kept`` is what was prepared for it. Raises StoreError where a revision is stored already
    with other words. An arrival older than the newest stored revision of its article is passed
    over.
    """
    for wave in _waves(arrivals):
        for workspace, ours in _by_workspace(wave).items():
            stored = _newest(connection, workspace, [one.article.id for one in ours])
            for some in _runs(ours, stored):
                _write(connection, workspace, some, stored, now, kept)


def check_all(arrivals: Sequence[Arrival]) -> None:
    """Raise BadEvidence where a quote is not verbatim or a span lies outside its text."""
    for arrival in arrivals:
        check(arrival)


def look_ahead(connection: Connection, arrivals: Sequence[Arrival], kept: storied.Kept) -> None:
    """Read the stories that articles of this and later transactions may belong to."""
    for workspace, ours in _by_workspace(arrivals).items():
        storied.prepare(connection, workspace, ours, kept)


def prepare(connection: Connection, arrivals: Sequence[Arrival], kept: storied.Kept) -> None:
    """Do ahead of the transaction, in one that only reads, what takes long in it.

    It decides nothing: what others write in between is seen by the transaction all the same.
    """
    for workspace, ours in _by_workspace(arrivals).items():
        storied.prepare(connection, workspace, ours, kept)
        copies.prepare(connection, workspace, ours, kept.prepared)


def _by_workspace(arrivals: Sequence[Arrival]) -> dict[str, list[Arrival]]:
    found: dict[str, list[Arrival]] = {}
    for arrival in arrivals:
        found.setdefault(arrival.article.workspace, []).append(arrival)
    return found


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
    """Append one sort of change to the log that indexes follow."""
    log_changes(connection, workspace, [(kind, key, op) for key in keys])


def log_changes(
    connection: Connection, workspace: str, changes: Sequence[tuple[str, str, str]]
) -> None:
    """Append changes, each its kind, key and operation, to the log that indexes follow.

    They are numbered in this transaction.
    """
    if not changes:
        return
    first = advance(connection, "change", len(changes)) - len(changes) + 1
    connection.execute(
        _CHANGE,
        [
            {"seq": seq, "workspace": workspace, "kind": kind, "key": key, "op": op}
            for seq, (kind, key, op) in enumerate(changes, first)
        ],
    )
    freshen(connection, first - 1, first - 1 + len(changes))


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


def _runs(
    arrivals: Sequence[Arrival], stored: dict[str, tuple[int, str]]
) -> Iterator[list[Arrival]]:
    """Cut around each article whose words change, so that those before it find its old words."""
    run: list[Arrival] = []
    for arrival in arrivals:
        _, sha256 = stored.get(arrival.article.id, (0, arrival.revision.sha256))
        if sha256 == arrival.revision.sha256:
            run.append(arrival)
            continue
        if run:
            yield run
        yield [arrival]
        run = []
    if run:
        yield run


def _write(
    connection: Connection,
    workspace: str,
    arrivals: list[Arrival],
    stored: dict[str, tuple[int, str]],
    now: datetime,
    kept: storied.Kept,
) -> None:
    rows = Rows()
    told = introductions.settle(
        connection, workspace, [one for one in arrivals if _is_current(one, stored)], rows
    )
    current = told.arrivals
    for arrival in current:
        collect(rows, arrival)
    keys = [arrival.article.id for arrival in current]
    again = [key for key in keys if key in stored]
    touched = happenings.touched(connection, workspace, again)
    before = copies.earlier(connection, workspace, again)
    no_news = _only_read_again(connection, workspace, current)
    if again:
        _set_aside(connection, workspace, again, rows, now)
    _insert(connection, rows)
    wrong.keep_away(connection, workspace, again, now)
    aside = trust.set_aside(connection, workspace, current, now)
    changes: list[tuple[str, str, str]] = []
    folded = copies.join(connection, workspace, current, before, kept.prepared)
    for key, others, actors in introductions.keep(connection, workspace, told, folded, set(again)):
        changes.append(("article", key, "again" if key in no_news else "put"))
        changes += [("article", one, "put") for one in others]
        changes += [("actor", one, "put") for one in actors]
    counting = [one for one in current if one.article.id not in aside]
    storied.join(connection, workspace, counting, kept)
    for some in chunks(again):
        connection.execute(_DAYS, {"w": workspace, "ids": some})
    telling = {row["article"] for row in rows.facts}
    telling |= introductions.side_with(connection, workspace, told.sides)
    touched |= happenings.touched(connection, workspace, telling)
    happenings.join(connection, workspace, touched)
    log_changes(connection, workspace, changes)


def _newest(
    connection: Connection, workspace: str, keys: Collection[str]
) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    for some in chunks(keys):
        for key, n, sha256 in connection.execute(_NEWEST, {"w": workspace, "ids": some}):
            found[key] = (n, sha256)
    return found


def _only_read_again(
    connection: Connection, workspace: str, arrivals: Sequence[Arrival]
) -> set[str]:
    """Those whose stored words, facts and all, another version of the reader has read before."""
    found: set[str] = set()
    came = {one.article.id: one for one in arrivals}
    for some in chunks(came):
        for key, n, *by in connection.execute(_READ_BY, {"w": workspace, "ids": some}):
            one = came[key]
            versions = [one.reading.reader_version, one.reading.gazetteer_version]
            if n == one.revision.n and not is_names_only(by[0]) and by != versions:
                found.add(key)
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

    Facts are retired, and come back when the new reading holds them; mentions and
    sources are derived, and are replaced, as is a reading of names alone; introductions are
    by ``introductions.keep``.
    """
    for some in chunks(again):
        values = {"w": workspace, "ids": some, "now": now}
        connection.execute(_FORGET_NAMES, {"w": workspace, "ids": some})
        connection.execute(_SUPERSEDE, values)
        connection.execute(_RETIRE, values)
        connection.execute(_FORGET_MENTIONS, {"w": workspace, "ids": some})
        connection.execute(_FORGET_SOURCES, {"w": workspace, "ids": some})
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
