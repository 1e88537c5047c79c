"""Messages that showed facts, compared with the current store, so that they can be corrected.

All processes share one mark over the log of changes. It moves in the transaction that queues the
corrections, and only if no other process moved it since they were decided; so each is posted once.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.models import Fact, Outgoing, Shown, Status
from bot.read.event_coreference import LATE, EventReport
from bot.store import outbox
from bot.store.articles import Stored, articles_by_id, source_counts
from bot.store.changes import changes_after, last_seq
from bot.store.engine import Repository
from bot.store.facts import event_report, with_evidence
from bot.store.outbox import forget_messages, shown_line, shown_message
from bot.store.sql import (
    IDS,
    WORKSPACE,
    among,
    grouped,
    insert_new,
    of_article,
    rows_in,
    slices,
    upsert_many,
    utc_day,
    values_in,
)
from bot.store.tables import Utc, article, fact, mark, metadata, primary, revision
from bot.store.trust import WITHHELD

# A correction of a line (gone, denied or done), posted once in a thread or to a person.
corrected = sa.Table(
    "corrected",
    metadata,
    *primary("workspace", "line", "team", "place", "thread", "what"),
    sa.Column("at", Utc, nullable=False),
    sqlite_with_rowid=False,
)

NEAR_DAYS = LATE + timedelta(days=1)
"""The most days between two facts about the same event."""

UPDATES = (Status.DENIED, Status.HAPPENED)
"""The statuses of a fact that may deny an earlier one, or fulfil a plan."""

UPDATE_DAYS = timedelta(days=400)
"""How long before a message the event of a later, related fact may have happened."""

_SEEN = sa.select(revision.c.article, revision.c.n, revision.c.seen_at).where(
    among(revision.c.article)
)
_FACTS = (
    sa.select(
        fact,
        utc_day(article.c.published).label("published"),
        article.c.audience,
        article.c.first_seen,
        article.c.tombstoned_at,
    )
    .join(article, of_article(fact))
    .where(fact.c.workspace == WORKSPACE)
)
_live = sa.and_(fact.c.retired_at.is_(None), article.c.tombstoned_at.is_(None))
_is_update = fact.c.status.in_([one.value for one in UPDATES])
# Ids first, from the index alone: asked for whole rows at once, SQLite reads every fact.
_same_sides = sa.select(fact.c.article, fact.c.id).where(
    fact.c.workspace == WORKSPACE,
    sa.tuple_(fact.c.source_for, fact.c.target_for).in_(sa.bindparam("sides", expanding=True)),
    fact.c.day >= sa.bindparam("first"),
)
_NAMED = _FACTS.where(fact.c.article.in_(IDS), fact.c.id.in_(sa.bindparam("facts", expanding=True)))
_UPDATES = _FACTS.where(_live, fact.c.article.in_(IDS), _is_update)
_AROUND = _FACTS.where(
    _live,
    sa.tuple_(fact.c.article, fact.c.id).in_(_same_sides.where(fact.c.day <= sa.bindparam("last"))),
)
_SINCE = _FACTS.where(
    _live,
    _is_update,
    sa.tuple_(fact.c.article, fact.c.id).in_(_same_sides),
    article.c.first_seen > sa.bindparam("since"),
)


class ReportedFact(NamedTuple):
    """A fact as its article reports it: its audience, its sources, when it was first seen, and
    whether the article still reports it."""

    fact: Fact
    act: EventReport
    audience: str
    sources: frozenset[str]
    seen: datetime
    live: bool


def reported_facts(
    connection: sa.Connection, workspace: str, articles: Collection[str], facts: Collection[str]
) -> dict[str, ReportedFact]:
    """Return these facts of these articles, retired or not."""
    rows = list(rows_in(connection, _NAMED, workspace, articles, facts=sorted(facts)))
    return {one.fact.id: one for one in as_reported(connection, workspace, rows)}


def related_facts(
    connection: sa.Connection,
    workspace: str,
    reported: Sequence[ReportedFact],
    since: datetime | None,
) -> Iterator[ReportedFact]:
    """Return live facts that may replace a retired one, and later ones that deny or fulfil it."""
    retired = [one for one in reported if not one.live]
    for first, last in _day_spans([one.act.when for one in retired if one.act.when is not None]):
        for sides in side_chunks(_sides_of(retired)):
            values = {"w": workspace, "sides": sides, "first": first, "last": last}
            yield from as_reported(connection, workspace, connection.execute(_AROUND, values).all())
    if since is None:
        return
    for sides in side_chunks(_sides_of(reported)):
        first_day = since.date() - UPDATE_DAYS
        values = {"w": workspace, "sides": sides, "since": since, "first": first_day}
        yield from as_reported(connection, workspace, connection.execute(_SINCE, values).all())


def side_chunks(sides: Collection[tuple[str, str]]) -> Iterator[Sequence[tuple[str, str]]]:
    """Return both orders of the two sides, as lists for IN: meeting somebody is mutual."""
    pairs = sorted({*sides, *(pair[::-1] for pair in sides)})
    return slices(pairs)


def as_reported(
    connection: sa.Connection, workspace: str, found: Iterable[Any]
) -> list[ReportedFact]:
    """Return rows of facts with evidence, sources and times; skip facts without evidence."""
    rows = [row for row in found if row.source_for is not None]
    articles = {row.article for row in rows}
    sources = source_counts(connection, workspace, articles)
    seen = {(key, n): at for key, n, at in rows_in(connection, _SEEN, workspace, articles)}
    return [
        ReportedFact(
            one,
            _act(row, one),
            row.audience,
            frozenset(sources.get(row.article, (f"article {row.article}",))),
            max(seen[row.article, proof.revision] for proof in one.evidence),
            row.retired_at is None and row.tombstoned_at is None,
        )
        for row, one in zip(rows, with_evidence(connection, workspace, rows), strict=True)
        if one.evidence
    ]


def _act(row: Any, one: Fact) -> EventReport:
    # An article without a date was published no later than it was first seen.
    published = row.published or row.first_seen.date()
    return event_report(row, published, " ".join(proof.quote for proof in one.evidence))


def _sides_of(some: Iterable[ReportedFact]) -> set[tuple[str, str]]:
    return {(one.act.source_for, one.act.target_for) for one in some}


def _day_spans(days: Iterable[date]) -> list[tuple[date, date]]:
    """Return periods around these days; adjacent periods are joined."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        first = day - NEAR_DAYS if day - date.min > NEAR_DAYS else date.min
        last = day + NEAR_DAYS if date.max - day > NEAR_DAYS else date.max
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


# --- shown lines that may have changed ----------------------------------------------------------

_MESSAGES = sa.select(shown_message).where(among(shown_message.c.id))
_LINES = (
    sa.select(shown_line)
    .join(
        shown_message,
        sa.and_(
            shown_message.c.workspace == shown_line.c.workspace,
            shown_message.c.id == shown_line.c.message,
        ),
    )
    .where(shown_line.c.workspace == WORKSPACE, shown_message.c.at >= sa.bindparam("oldest"))
)
_OF_ARTICLES = _LINES.where(shown_line.c.article.in_(IDS))
_OF_MESSAGES = _LINES.where(shown_line.c.message.in_(IDS))
_BETWEEN = _LINES.join(
    fact,
    sa.and_(
        fact.c.workspace == shown_line.c.workspace,
        fact.c.article == shown_line.c.article,
        fact.c.id == shown_line.c.fact,
    ),
).where(
    sa.tuple_(fact.c.source_for, fact.c.target_for).in_(sa.bindparam("sides", expanding=True)),
    fact.c.status.in_(sa.bindparam("statuses", expanding=True)),
    fact.c["class"].in_(sa.bindparam("classes", expanding=True)),
)
_CORRECTED_BEFORE = sa.select(corrected).where(among(corrected.c.line))
_WORDS = sa.select(revision.c.article, revision.c.n, revision.c.title, revision.c.text).where(
    among(revision.c.article)
)

_MAY_CHANGE = (
    (Status.DENIED, [one for one in Status if one not in (Status.DENIED, Status.CALLED_FOR)]),
    (Status.HAPPENED, [Status.PLANNED]),
)
"""Maps a fact's status to the statuses of shown facts that it may change."""


class ShownMessage(NamedTuple):
    """A message that showed facts, as in the table ``told``."""

    workspace: str
    id: str
    team: str
    place: str
    thread: str | None
    ts: str | None
    person: str
    query: str
    audiences: frozenset[str]
    tz: str
    as_of: datetime
    at: datetime


class ShownLine(NamedTuple):
    """A line of a message; ``reported`` is the fact it showed, retired or not."""

    id: str
    message: str
    shown: Shown
    reported: ReportedFact | None


class CorrectionData(NamedTuple):
    """Lines of one workspace that may need a correction, with all data to decide it.

    ``ids`` are all lines of each message; ``stored`` the articles they show; ``before`` the title
    and text of the revision shown; ``others`` live facts between the same actors; ``changed`` the
    articles stored or deleted since the last review; ``corrected`` the corrections posted already:
    team, place, thread, line, what.
    """

    workspace: str
    messages: dict[str, ShownMessage]
    lines: tuple[ShownLine, ...]
    ids: dict[str, frozenset[str]]
    stored: dict[str, Stored]
    withheld: frozenset[str]
    before: dict[tuple[str, int], tuple[str, str]]
    others: tuple[ReportedFact, ...]
    changed: frozenset[str]
    corrected: frozenset[tuple[str, str, str, str, str]]


def correction_data(
    connection: sa.Connection,
    workspace: str,
    changed: Collection[str],
    fresh: Collection[str],
    oldest: datetime,
) -> CorrectionData | None:
    """Collect the lines to compare with the store: those of changed articles, those that their
    facts may change, and those of ``fresh`` messages. None if there are none."""
    # The live facts of these articles that may deny or fulfil a shown fact.
    news = list(rows_in(connection, _UPDATES, workspace, changed))
    rows = [
        *rows_in(connection, _OF_ARTICLES, workspace, changed, oldest=oldest),
        *rows_in(connection, _OF_MESSAGES, workspace, fresh, oldest=oldest),
        *_between(connection, workspace, news, oldest),
    ]
    if not rows:
        return None
    once = {(row.message, row.id): row for row in rows}
    messages = _messages(connection, workspace, {row.message for row in rows})
    articles = {row.article for row in rows}
    reported = reported_facts(
        connection, workspace, articles, {row.fact for row in rows if row.fact}
    )
    every = grouped(
        (row.message, row.id)
        for row in rows_in(connection, _OF_MESSAGES, workspace, messages, oldest=oldest)
    )
    since = min((messages[key].as_of for key in fresh if key in messages), default=None)
    others = {one.fact.id: one for one in as_reported(connection, workspace, news)}
    for one in related_facts(connection, workspace, list(reported.values()), since):
        others.setdefault(one.fact.id, one)
    return CorrectionData(
        workspace,
        messages,
        tuple(_line(row, reported) for _, row in sorted(once.items())),
        {key: frozenset(ids) for key, ids in every.items()},
        articles_by_id(connection, workspace, articles),
        frozenset(values_in(connection, WITHHELD, workspace, articles)),
        _before(connection, workspace, {(row.article, row.revision) for row in rows}),
        tuple(others.values()),
        frozenset(changed),
        _corrected_before(connection, workspace, {row.id for row in rows}),
    )


def _between(
    connection: sa.Connection, workspace: str, news: Sequence[Any], oldest: datetime
) -> Iterator[Any]:
    """Return lines about the same actors that showed a plan now done, or a fact now denied."""
    for status, shown_as in _MAY_CHANGE:
        some = [row for row in news if row.status == status.value]
        values = {"w": workspace, "oldest": oldest, "statuses": [one.value for one in shown_as]}
        values["classes"] = sorted({row._mapping["class"] for row in some})  # noqa: SLF001
        for sides in side_chunks(
            {(row.source_for, row.target_for) for row in some if row.source_for}
        ):
            yield from connection.execute(_BETWEEN, {**values, "sides": sides})


def _messages(
    connection: sa.Connection, workspace: str, keys: Collection[str]
) -> dict[str, ShownMessage]:
    found: dict[str, ShownMessage] = {}
    for row in rows_in(connection, _MESSAGES, workspace, keys):
        values = {name: getattr(row, name) for name in ShownMessage._fields}
        values["audiences"] = frozenset(json.loads(row.audiences))
        found[row.id] = ShownMessage(**values)
    return found


def _line(row: Any, reported: dict[str, ReportedFact]) -> ShownLine:
    shown = Shown(article=row.article, revision=row.revision, quote=row.quote, fact=row.fact)
    return ShownLine(row.id, row.message, shown, reported.get(row.fact or ""))


def _before(
    connection: sa.Connection, workspace: str, wanted: Collection[tuple[str, int]]
) -> dict[tuple[str, int], tuple[str, str]]:
    return {
        (row.article, row.n): (row.title, row.text)
        for row in rows_in(connection, _WORDS, workspace, {key for key, _ in wanted})
        if (row.article, row.n) in wanted
    }


def _corrected_before(
    connection: sa.Connection, workspace: str, keys: Collection[str]
) -> frozenset[tuple[str, str, str, str, str]]:
    rows = rows_in(connection, _CORRECTED_BEFORE, workspace, keys)
    return frozenset((row.team, row.place, row.thread, row.line, row.what) for row in rows)


# --- the repository -----------------------------------------------------------------------------

FRESH = 200
"""How many new messages one review covers."""

_MARK = "corrections"
_AT = sa.select(mark.c.value).where(mark.c.name == _MARK)
_MOVE = (
    sa.update(mark)
    .where(mark.c.name == _MARK, mark.c.value == sa.bindparam("was"))
    .values(value=sa.bindparam("now_at"))
)
_FRESH = (
    sa.select(shown_message.c.workspace, shown_message.c.id)
    .where(shown_message.c.looked.is_(False))
    .order_by(shown_message.c.at, shown_message.c.workspace, shown_message.c.id)
    .limit(sa.bindparam("most"))
)
_ANY = sa.select(shown_message.c.at).where(shown_message.c.at >= sa.bindparam("oldest")).limit(1)
_LOOKED = (
    sa.update(shown_message)
    .where(shown_message.c.workspace == WORKSPACE, shown_message.c.id == sa.bindparam("k"))
    .values(looked=True)
)
_OLD = (
    sa.select(shown_message.c.workspace, shown_message.c.id)
    .where(shown_message.c.at < sa.bindparam("oldest"))
    .limit(500)
)


class CorrectedLine(NamedTuple):
    """A posted correction of a line: its place, its thread, and what it says."""

    workspace: str
    team: str
    place: str
    thread: str
    line: str
    what: str


class Review(NamedTuple):
    """The result of one review; ``changes`` counts the changes it covered, ``fresh`` are the
    messages reviewed for the first time."""

    was: str
    upto: int
    changes: int
    fresh: tuple[tuple[str, str], ...]
    data: tuple[CorrectionData, ...]


class Corrections(Repository):
    """Lines of messages, and their corrections; part of the Store, at ``store.corrections``."""

    def begin(self) -> bool:
        """Start to review changes from now on; False if reviews started before."""
        if self._first(_AT) is not None:
            return False
        with self._write() as connection:
            row = {"name": _MARK, "value": _value(last_seq(connection), 0)}
            return insert_new(connection, mark, row)

    def review(self, limit: int, oldest: datetime) -> Review | None:
        """Return the changes since the last review, for messages of ``oldest`` or later.

        None if nothing changed and no message is new. At most ``limit`` changes.
        """
        with self._read() as connection:
            was = connection.execute(_AT).scalar()
            if was is None:
                return None
            after = _seq(was)
            fresh = [tuple(row) for row in connection.execute(_FRESH, {"most": FRESH})]
            last = last_seq(connection)
            if last <= after and not fresh:
                return None
            if connection.execute(_ANY, {"oldest": oldest}).scalar() is None:
                return Review(was, last, last - after, tuple(fresh), ())
            changes = changes_after(connection, after, limit)
            upto = changes[-1].seq if changes else after
            by_workspace: dict[str, set[str]] = {key: set() for key, _ in fresh}
            for one in changes:
                # A line that only a new version of the reader reads differently gets no correction.
                if one.kind == "article" and one.op != "again":
                    by_workspace.setdefault(one.workspace, set()).add(one.key)
            compared = [
                correction_data(connection, key, changed, [n for w, n in fresh if w == key], oldest)
                for key, changed in sorted(by_workspace.items())
            ]
        found = tuple(one for one in compared if one is not None)
        return Review(was, upto, len(changes), tuple(fresh), found)

    def skip(self) -> None:
        """Mark all changes and messages as reviewed, without any correction."""
        with self._read() as connection:
            was = connection.execute(_AT).scalar()
            last = last_seq(connection)
            fresh = connection.execute(_FRESH, {"most": 1}).all()
        if was is None or (last <= _seq(was) and not fresh):
            return
        with self._write() as connection:
            connection.execute(_MOVE, {"was": was, "now_at": _next(was, last)})
            unseen = shown_message.c.looked.is_(False)
            connection.execute(sa.update(shown_message).where(unseen).values(looked=True))

    def commit(
        self,
        looked: Review,
        said: Collection[CorrectedLine],
        messages: Iterable[Outgoing],
        now: datetime,
        oldest: datetime,
    ) -> bool:
        """Queue corrections, record them, and move the mark: all or nothing.

        Messages older than ``oldest`` are deleted, some at a time. Returns False, and changes
        nothing, if another process has reviewed meanwhile.
        """
        with self._write() as connection:
            move = {"was": looked.was, "now_at": _next(looked.was, looked.upto)}
            if connection.execute(_MOVE, move).rowcount != 1:
                return False
            rows: list[dict[str, Any]] = [{**one._asdict(), "at": now} for one in sorted(set(said))]
            upsert_many(connection, corrected, rows)
            outbox.put(connection, messages, now)
            for workspace, key in looked.fresh:
                connection.execute(_LOOKED, {"w": workspace, "k": key})
            old = connection.execute(_OLD, {"oldest": oldest})
            forget_messages(connection, [(row.workspace, row.id) for row in old])
        return True


def _value(seq: int, look: int) -> str:
    """The mark: the last change reviewed, and a number unique to that review."""
    return f"{seq} {look}"


def _seq(value: str) -> int:
    return int(value.split()[0])


def _next(value: str, seq: int) -> str:
    return _value(max(seq, _seq(value)), int(value.split()[1]) + 1)
