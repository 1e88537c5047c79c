"""Checks and stores articles and their readings: one batch, one transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.errors import BadEvidence, StoreError
from bot.match.provisional import introduced_as, named
from bot.models import NAMES_ONLY, Arrival, FoundFact, is_names_only
from bot.store import introductions, trust
from bot.store.articles import newest_words
from bot.store.changes import log_changes, record_changes
from bot.store.copies import (
    FORGET_SOURCES,
    fold_arrivals,
    prepare_copies,
    source_rows,
    update_originals,
)
from bot.store.curation import retire_marked
from bot.store.facts import Affected, affected_by, assign_events
from bot.store.ids import fact_id, reading_id
from bot.store.sql import (
    WORKSPACE,
    among,
    chunks,
    execute_in,
    grouped,
    rows_in,
    upsert_many,
    utc_day,
)
from bot.store.stories import IntakeSession, add_arrivals, read_stories_ahead, remove_articles
from bot.store.tables import article, article_source, evidence, fact, mention, reading, revision

Row = dict[str, Any]


@dataclass
class Rows:
    """The rows of one wave, table by table."""

    articles: list[Row] = field(default_factory=list)
    revisions: list[Row] = field(default_factory=list)
    sources: list[Row] = field(default_factory=list)
    readings: list[Row] = field(default_factory=list)
    mentions: list[Row] = field(default_factory=list)
    facts: list[Row] = field(default_factory=list)
    evidence: list[Row] = field(default_factory=list)


def check_arrival(arrival: Arrival) -> None:
    """Raise BadEvidence unless every span lies in its text and every quote is verbatim."""
    about = arrival.article.id
    if (arrival.revision.workspace, arrival.revision.article) != (arrival.article.workspace, about):
        raise StoreError(f"The words of article {about} belong to another article.", about=about)
    words = {"title": arrival.revision.title, "text": arrival.revision.text}
    found = arrival.reading
    for piece in found.mentions:
        if not piece.start < piece.end <= len(words[piece.field]):
            raise BadEvidence(
                f"A mention of {piece.actor} lies outside the {piece.field} of article {about}.",
                about=about,
            )
    for new in found.introduced:
        if any(not span.start < span.end <= len(words[span.field]) for span in new.spans):
            raise BadEvidence(f"{new.name} stands outside of article {about}.", about=about)
    numbers = {introduced_as(one) for fact in found.facts for one in named(fact)} - {None}
    if not numbers <= set(range(len(found.introduced))):
        raise BadEvidence(f"A fact of article {about} is about nobody introduced.", about=about)
    for start, end in found.passages:
        if not 0 <= start < end <= len(words["text"]):
            raise BadEvidence(f"A passage lies outside the text of article {about}.", about=about)
    for stated in found.facts:
        _check_words(stated, about)
        for proof in stated.evidence:
            if words[proof.field][proof.start : proof.end] != proof.quote:
                raise BadEvidence(
                    f"A quote is not verbatim in the {proof.field} of article {about} "
                    f"at {proof.start}: {proof.quote[:60]!r}.",
                    about=about,
                )


def _check_words(stated: FoundFact, about: str) -> None:
    for words in filter(None, (stated.source_words, stated.target_words, stated.claimant_words)):
        if not any(words in proof.quote for proof in stated.evidence):
            raise BadEvidence(
                f"No evidence of article {about} has the words {words[:60]!r}.", about=about
            )


def add_rows(rows: Rows, arrival: Arrival) -> None:
    """Add the rows of one arrival: its words and its reading."""
    one, found = arrival.article, arrival.reading
    rows.articles.append(
        {
            **dict(one),
            "original_source": one.original_source or found.original_source,
            "language": one.language or found.language,
        }
    )
    rows.revisions.append(dict(arrival.revision))
    rows.sources += source_rows(one.workspace, one.id, arrival.sources)
    _collect_reading(rows, arrival)


def _collect_reading(rows: Rows, arrival: Arrival) -> None:
    words, found = arrival.revision, arrival.reading
    w, key = arrival.article.workspace, arrival.article.id
    named = reading_id(key, words.n, found.reader_version, found.gazetteer_version)
    rows.readings.append(
        {
            "workspace": w,
            "id": named,
            "article": key,
            "revision": words.n,
            "reader_version": found.reader_version,
            "gazetteer_version": found.gazetteer_version,
            "passages": json.dumps(found.passages, separators=(",", ":")),
            "superseded_at": None,
        }
    )
    rows.mentions += [
        {"workspace": w, "article": key, **dict(piece), "kind": piece.kind.value}
        for piece in found.mentions
    ]
    for stated in found.facts:
        _collect_fact(rows, arrival, stated, named)


def _collect_fact(rows: Rows, arrival: Arrival, stated: FoundFact, named: str) -> None:
    w, key = arrival.article.workspace, arrival.article.id
    identity = fact_id(key, stated)
    values = dict(stated)
    del values["evidence"], values["probability"], values["event_class"]
    values |= {
        "workspace": w,
        "id": identity,
        "article": key,
        "reading": named,
        "class": stated.event_class.value,
        "status": stated.status.value,
        "day": stated.event_date or _day(arrival.article.published),
        "precision": values.pop("date_precision"),
        "happening": identity,  # its own, until it is matched with another fact
        "retired_at": None,
        "source_for": stated.source_for or stated.source_actor,
        "target_for": stated.target_for or stated.target_actor or "",
    }
    rows.facts.append(values)
    rows.evidence += [
        {
            **dict(proof),
            "workspace": w,
            "fact": identity,
            "article": key,
            "revision": arrival.revision.n,
        }
        for proof in stated.evidence
    ]


def _day(published: datetime | None) -> date | None:
    return published.astimezone(UTC).date() if published else None


# --- writing rows -------------------------------------------------------------------------------

_LATER = (
    "external_id", "url", "publisher", "original_source", "published", "published_precision",
    "author", "modified", "language",
)  # fmt: skip
"""Columns of an article that a later arrival may fill in or correct, but never empty."""

_READ_AGAIN = ("reading", "precision", "retired_at", "source_for", "target_for")
"""Columns of a fact that another reading of the same fact may change."""


_NEWEST = (
    select(revision.c.article, revision.c.n, revision.c.sha256)
    .where(among(revision.c.article))
    .order_by(revision.c.article, revision.c.n)
)
_SUPERSEDE = (
    update(reading)
    .where(among(reading.c.article))
    .where(reading.c.superseded_at.is_(None))
    .values(superseded_at=bindparam("now"))
)
_FORGET_NAMES = (
    delete(reading)
    .where(among(reading.c.article))
    .where(reading.c.reader_version.like(f"%{NAMES_ONLY}"))
)
_READ_BY = (
    select(
        reading.c.article,
        reading.c.revision,
        reading.c.reader_version,
        reading.c.gazetteer_version,
    )
    .where(among(reading.c.article))
    .where(reading.c.superseded_at.is_(None))
)
_RETIRE = (
    update(fact)
    .where(among(fact.c.article))
    .where(fact.c.retired_at.is_(None))
    .values(retired_at=bindparam("now"))
)
_FORGET_MENTIONS = delete(mention).where(among(mention.c.article))
_FORGET_EVIDENCE = delete(evidence).where(
    evidence.c.workspace == WORKSPACE,
    evidence.c.article == bindparam("article"),
    evidence.c.fact == bindparam("fact"),
)
_TOMBSTONE = (
    update(article)
    .where(article.c.workspace == WORKSPACE, article.c.id == bindparam("key"))
    .where(article.c.tombstoned_at.is_(None))
    .values(tombstoned_at=bindparam("now"))
)
_DAYS = (
    # An article keeps its date if the later arrival has none.
    update(fact)
    .where(among(fact.c.article))
    .where(fact.c.retired_at.is_(None), fact.c.event_date.is_(None))
    .values(
        day=select(utc_day(article.c.published))
        .where(article.c.workspace == fact.c.workspace, article.c.id == fact.c.article)
        .scalar_subquery()
    )
)


def commit(
    connection: Connection,
    arrivals: Sequence[Arrival],
    now: datetime,
    session: IntakeSession,
) -> None:
    """Store all arrivals, already checked, in the caller's transaction.

    ``session`` holds the data prepared for it. Raises StoreError if a revision is stored already
    with other words. Skips an arrival older than the newest stored revision of its article.
    """
    for wave in _waves(arrivals):
        for workspace, ours in _by_workspace(wave).items():
            keys = [one.article.id for one in ours]
            stored = {
                key: (n, sha256) for key, n, sha256 in rows_in(connection, _NEWEST, workspace, keys)
            }
            for some in _runs(ours, stored):
                _write(connection, workspace, some, stored, now, session)


def check_all(arrivals: Sequence[Arrival]) -> None:
    """Raise BadEvidence if a quote is not verbatim or a span lies outside its text."""
    for arrival in arrivals:
        check_arrival(arrival)


def look_ahead(connection: Connection, arrivals: Sequence[Arrival], session: IntakeSession) -> None:
    """Read the stories that articles of this and later transactions may belong to."""
    for workspace, ours in _by_workspace(arrivals).items():
        read_stories_ahead(connection, workspace, ours, session)


def prepare(connection: Connection, arrivals: Sequence[Arrival], session: IntakeSession) -> None:
    """Do the slow work before the transaction, in one that only reads.

    It decides nothing: the transaction still sees what others write in between.
    """
    for workspace, ours in _by_workspace(arrivals).items():
        read_stories_ahead(connection, workspace, ours, session)
        prepare_copies(connection, workspace, ours, session.prepared)


def _by_workspace(arrivals: Sequence[Arrival]) -> dict[str, list[Arrival]]:
    return grouped((one.article.workspace, one) for one in arrivals)


def tombstone(connection: Connection, workspace: str, key: str, now: datetime) -> bool:
    """Mark an article as deleted: it is hidden, and not stored again unless it is restored.

    Returns whether it was visible or withheld before.
    """
    touched = affected_by(connection, workspace, [key])
    done = connection.execute(_TOMBSTONE, {"w": workspace, "key": key, "now": now})
    if done.rowcount:
        detach(connection, workspace, [key], touched)
    return bool(done.rowcount) or trust.forget_withheld(connection, workspace, key)


def detach(
    connection: Connection,
    workspace: str,
    keys: Collection[str],
    touched: set[Affected],
) -> None:
    """Remove articles just deleted from stories, events and copies, and log the changes.

    ``touched`` are the sides and days of their facts before the deletion.
    """
    assign_events(connection, workspace, touched)
    remove_articles(connection, workspace, keys)
    others = update_originals(connection, workspace, keys) - set(keys)
    record_changes(connection, workspace, "article", sorted(keys), "delete")
    record_changes(connection, workspace, "article", sorted(others), "put")


def _waves(arrivals: Sequence[Arrival]) -> Iterator[list[Arrival]]:
    """Cut where an article is repeated, so that its earlier revision is stored first."""
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
    """Cut around each article with a changed text, so that earlier ones see the old text."""
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
    session: IntakeSession,
) -> None:
    rows = Rows()
    settled = introductions.settle_introductions(
        connection, workspace, [one for one in arrivals if _is_current(one, stored)], rows
    )
    current = settled.arrivals
    for arrival in current:
        add_rows(rows, arrival)
    keys = [arrival.article.id for arrival in current]
    known = [key for key in keys if key in stored]
    touched = affected_by(connection, workspace, known)
    words = newest_words(connection, workspace, known)
    before = {key: row.text for key, row in words.items()}
    no_news = _only_read_again(connection, workspace, current)
    if known:
        _supersede(connection, workspace, known, rows, now)
    _insert(connection, rows)
    retire_marked(connection, workspace, known, now)
    withheld = trust.withhold_arrivals(connection, workspace, current, now)
    changes: list[tuple[str, str, str]] = []
    folded = fold_arrivals(connection, workspace, current, before, session.prepared)
    for key, others, actors in introductions.write_introductions(
        connection, workspace, settled, folded, set(known)
    ):
        changes.append(("article", key, "again" if key in no_news else "put"))
        changes += [("article", one, "put") for one in others]
        changes += [("actor", one, "put") for one in actors]
    counting = [one for one in current if one.article.id not in withheld]
    add_arrivals(connection, workspace, counting, session)
    execute_in(connection, _DAYS, workspace, known)
    reporting = {row["article"] for row in rows.facts}
    reporting |= introductions.side_with(connection, workspace, settled.sides)
    touched |= affected_by(connection, workspace, reporting)
    assign_events(connection, workspace, touched)
    log_changes(connection, workspace, changes)


def _only_read_again(
    connection: Connection, workspace: str, arrivals: Sequence[Arrival]
) -> set[str]:
    """Return the articles whose stored text another version has read before, with facts."""
    found: set[str] = set()
    by_id = {one.article.id: one for one in arrivals}
    for key, n, *by in rows_in(connection, _READ_BY, workspace, by_id):
        one = by_id[key]
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


def _supersede(
    connection: Connection, workspace: str, ids: list[str], rows: Rows, now: datetime
) -> None:
    """Prepare articles for a new reading: no fact is lost.

    Facts are retired, and return when the new reading has them; mentions and
    sources are derived, and are replaced, as is a reading of names alone. Introductions are
    replaced by ``introductions.write_introductions``.
    """
    for some in chunks(ids):
        values = {"w": workspace, "ids": some, "now": now}
        connection.execute(_FORGET_NAMES, {"w": workspace, "ids": some})
        connection.execute(_SUPERSEDE, values)
        connection.execute(_RETIRE, values)
        connection.execute(_FORGET_MENTIONS, {"w": workspace, "ids": some})
        connection.execute(FORGET_SOURCES, {"w": workspace, "ids": some})
    known = set(ids)
    repeated = [
        {"w": workspace, "article": row["article"], "fact": row["id"]}
        for row in rows.facts
        if row["article"] in known
    ]
    if repeated:
        connection.execute(_FORGET_EVIDENCE, repeated)


def _insert(connection: Connection, rows: Rows) -> None:
    upsert_many(connection, article, rows.articles, keep=_LATER)
    upsert_many(connection, revision, rows.revisions)
    upsert_many(connection, article_source, rows.sources)
    upsert_many(connection, reading, rows.readings, update=("passages", "superseded_at"))
    upsert_many(connection, mention, rows.mentions)
    upsert_many(connection, fact, rows.facts, update=_READ_AGAIN)
    upsert_many(connection, evidence, rows.evidence)
