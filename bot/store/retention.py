"""Retention: thin old texts; export and delete the data of a workspace or a person.

A thinned text keeps its title, its facts and its quoted parts.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.errors import BadWorkspace
from bot.models import LOCAL, SEED
from bot.read.copies import sketch
from bot.store import introductions, writing
from bot.store.changes import record_changes
from bot.store.corrections import corrected
from bot.store.digests import digest, digested
from bot.store.engine import Repository
from bot.store.feeds import feed, feed_notice_sent
from bot.store.inbox import reply, request
from bot.store.installations import TOKENS, installed, slack_installations
from bot.store.outbox import outgoing, pace, shown_line, shown_message
from bot.store.preferences import feedback, listening, preference
from bot.store.sql import WORKSPACE, advance, grouped, slices
from bot.store.tables import (
    Thinned,
    actor_change,
    article,
    change,
    counter,
    evidence,
    mark,
    mention,
    metadata,
    near_copy,
    reading,
    revision,
    shingle,
    story_article,
    thin_text,
    thinned,
)
from bot.store.trust import trust_change
from bot.store.watches import alerted, held_alert, watch

THINNED_AT_ONCE = 40
"""Texts thinned per transaction: nobody waits long for a turn to write."""


_article: sa.BindParameter[Any] = sa.bindparam("article_")
_n: sa.BindParameter[Any] = sa.bindparam("n_")
_IS_THIN = sa.and_(
    thinned.c.workspace == revision.c.workspace,
    thinned.c.article == revision.c.article,
    thinned.c.n == revision.c.n,
)
_WHOLE = sa.select(thinned.c.n).where(_IS_THIN).exists()
_THIS = sa.and_(
    revision.c.workspace == WORKSPACE, revision.c.article == _article, revision.c.n == _n
)
_QUOTED = sa.select(evidence.c.start, evidence.c.end).where(
    evidence.c.workspace == WORKSPACE,
    evidence.c.article == _article,
    evidence.c.revision == _n,
    evidence.c.field == "text",
)
_SHOWN = sa.select(shown_line.c.quote).where(
    shown_line.c.workspace == WORKSPACE,
    shown_line.c.article == _article,
    shown_line.c.revision == _n,
)
_THIN = sa.update(revision).where(_THIS).values(text=sa.bindparam("left"))
_PASSAGES = (
    sa.update(reading)
    .where(
        reading.c.workspace == WORKSPACE, reading.c.article == _article, reading.c.revision == _n
    )
    .values(passages=sa.bindparam("spans"))
)
_IN_TEXT = sa.and_(
    mention.c.workspace == WORKSPACE, mention.c.article == _article, mention.c.field == "text"
)
_NAMED = sa.select(mention.c.start, mention.c.end).where(_IN_TEXT).distinct()
_FORGET_MENTIONS = sa.delete(mention).where(
    _IN_TEXT, mention.c.start == sa.bindparam("from"), mention.c.end == sa.bindparam("to")
)
_LIVE = sa.select(reading.c.revision).where(
    reading.c.workspace == WORKSPACE,
    reading.c.article == _article,
    reading.c.superseded_at.is_(None),
)
_HASHES = sa.delete(shingle).where(
    shingle.c.workspace == WORKSPACE,
    shingle.c.hash == sa.bindparam("key"),
    shingle.c.article == _article,
)


class Thinning(Repository):
    """Old texts, thinned to their quoted parts; part of the Store, at ``store.thinning``."""

    def due(self, before: datetime) -> tuple[int, int]:
        """Count the whole texts seen before then, and their characters."""
        asked = _due(before).with_only_columns(
            sa.func.count(), sa.func.coalesce(sa.func.sum(sa.func.length(revision.c.text)), 0)
        )
        texts, characters = self._all(asked)[0]
        return int(texts), int(characters)

    def thin_some(self, before: datetime, now: datetime, most: int = THINNED_AT_ONCE) -> int:
        """Thin at most ``most`` texts seen before then; return how many.

        The changes are logged, so that indexes follow.
        """
        asked = _due(before).order_by(*_ORDER).limit(most)
        # Most calls find nothing, and need not wait for a writer.
        if self._first(asked.limit(1)) is None:
            return 0
        with self._write() as connection:
            rows = connection.execute(asked).all()
            for row in rows:
                _thin(connection, row.workspace, row.article, row.n, now)
            for workspace, keys in grouped((row.workspace, row.article) for row in rows).items():
                record_changes(connection, workspace, "article", sorted(set(keys)), "put")
        return len(rows)


_ORDER = (revision.c.seen_at, revision.c.workspace, revision.c.article, revision.c.n)


def _due(before: datetime) -> sa.Select[Any]:
    return sa.select(revision.c.workspace, revision.c.article, revision.c.n).where(
        revision.c.seen_at < before, sa.not_(_WHOLE)
    )


def _thin(connection: sa.Connection, workspace: str, article: str, n: int, now: datetime) -> None:
    this = {"w": workspace, "article_": article, "n_": n}
    text: str = connection.execute(sa.select(revision.c.text).where(_THIS), this).scalar_one()
    left = thin_text(text, _quoted_spans(connection, this, text))
    connection.execute(_THIN, {**this, "left": left})
    spans = json.dumps(left.spans, separators=(",", ":"))
    connection.execute(_PASSAGES, {**this, "spans": spans})
    if connection.execute(_LIVE, this).scalar() == n:
        _forget_mentions(connection, this, left)
        hashes = sorted(sketch(text).hashes)
        if hashes:  # a later copy can no longer be compared with the text
            connection.execute(_HASHES, [{**this, "key": one} for one in hashes])
    row = {"workspace": workspace, "article": article, "n": n, "at": now}
    connection.execute(sa.insert(thinned), row)


def _quoted_spans(
    connection: sa.Connection, this: dict[str, Any], text: str
) -> Iterator[tuple[int, int]]:
    """Yield the spans of a text that evidence or a message quotes."""
    for start, end in connection.execute(_QUOTED, this):
        yield start, end
    for (quote,) in connection.execute(_SHOWN, this):
        if quote and (start := text.find(quote)) >= 0:
            yield start, start + len(quote)


def _forget_mentions(connection: sa.Connection, this: dict[str, Any], left: Thinned) -> None:
    """Delete mentions in the removed parts of a text."""
    starts = [start for start, _ in left.spans]
    gone = []
    for start, end in connection.execute(_NAMED, this).all():
        at = bisect_right(starts, start) - 1
        if at < 0 or end > left.spans[at][1]:
            gone.append({**this, "from": start, "to": end})
    if gone:
        connection.execute(_FORGET_MENTIONS, gone)


# --- export of a workspace ----------------------------------------------------------------------

LEFT_OUT = (change, pace, shingle, near_copy)
"""Tables of use to this store only: its log, its turns, and hashes for comparing texts."""

_FETCHED = 500


class Export(Repository):
    """Export of a workspace; part of the Store, at ``store.export``."""

    def rows(self, workspace: str) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
        """Yield each table with its rows of a workspace, in key order, as of now.

        Take all rows of a table before the next one. If no workspace has installed Dragoman,
        questions from Slack belong to ``local``, whatever the workspace is called there.
        """
        with self._read() as connection:
            alone = workspace == LOCAL and connection.execute(sa.select(installed)).first() is None
            for table in sorted((*owned_tables(), installed), key=lambda one: one.name):
                if table in LEFT_OUT:
                    continue
                mine = table.c.workspace != SEED if alone else rows_of(table, workspace)
                asked = sa.select(table).where(mine).order_by(*table.primary_key.columns)
                found = connection.execute(asked.execution_options(yield_per=_FETCHED))
                yield table.name, (dict(row) for row in found.mappings())


# --- deletion of a workspace --------------------------------------------------------------------

SHARED = (counter, mark, *TOKENS)
"""Tables of no workspace, or with its tokens only, which go when it leaves."""

DELETED_AT_ONCE = 2000
"""Rows deleted per transaction: nobody waits long for a turn to write."""

_IS = installed.c.workspace == WORKSPACE
_BEGIN = sa.update(installed).where(_IS).values(deleting=True)
_END = sa.delete(installed).where(_IS, installed.c.left_at.is_not(None))
_RESET = sa.update(installed).where(_IS).values(deleting=False, begun_at=None)


class Deletion(Repository):
    """Deletion of a workspace; part of the Store, at ``store.deletion``."""

    def has_data(self, workspace: str) -> bool:
        """Return whether any data of a workspace is stored."""
        with self._read() as connection:
            return any(
                connection.execute(sa.select(sa.exists().where(rows_of(table, workspace)))).scalar()
                for table in (*owned_tables(), installed)
                if table is not change
            )

    def delete_some(self, workspace: str, most: int = DELETED_AT_ONCE) -> int:
        """Delete at most ``most`` rows of a workspace for good; 0 if none is left.

        Once begun, call this until it returns 0: a workspace that installs again meanwhile then
        starts with nothing, not with half of its data. The log of changes makes indexes drop its
        articles. Raises BadWorkspace for the actors that all workspaces share.
        """
        if workspace == SEED:
            raise BadWorkspace("The actors that all workspaces share stay.", about=workspace)
        for table in owned_tables():
            with self._write() as connection:
                connection.execute(_BEGIN, {"w": workspace})
                if table is article:
                    done = _articles(connection, workspace, most)
                else:
                    done = _rows(connection, table, rows_of(table, workspace), most)
                if done and table is story_article:
                    # So that an ``IntakeSession`` reads its stories again.
                    advance(connection, "change", 1)
            if done:
                return done
        with self._write() as connection:
            record_changes(connection, workspace, "actor", ["*"], "put")
            connection.execute(_END, {"w": workspace})
            connection.execute(_RESET, {"w": workspace})
        return 0


def owned_tables() -> list[sa.Table]:
    """Return the tables with data of a workspace, in the order of deletion.

    Rows that refer to others go first, and articles last: a reader of the log of changes then
    finds nothing left that refers to them. The log keeps the deletions of articles, by id,
    because indexes follow it.
    """
    late = (digest, change, article)
    tables = [one for one in reversed(metadata.sorted_tables) if one not in (*SHARED, installed)]
    return [*(one for one in tables if one not in late), *late]


def rows_of(table: sa.Table, workspace: str) -> sa.ColumnElement[bool]:
    """Select the rows of a workspace in a table: from its articles, or shown to its people."""
    ours = table.c.workspace == workspace
    if table is change:
        return sa.and_(ours, sa.or_(change.c.kind != "article", change.c.op != "delete"))
    if "team" in table.c:
        return sa.or_(ours, table.c.team == workspace)
    if table is digested:
        posted = sa.and_(digest.c.workspace == table.c.workspace, digest.c.id == table.c.digest)
        return sa.or_(ours, sa.exists().where(posted, digest.c.team == workspace))
    for key in table.foreign_key_constraints:
        if "team" in (whole := key.referred_table).c:
            part_of = sa.and_(*(one.column == one.parent for one in key.elements))
            ours = sa.or_(ours, sa.exists().where(part_of, whole.c.team == workspace))
    return ours


def _rows(
    connection: sa.Connection, table: sa.Table, which: sa.ColumnElement[bool], most: int
) -> int:
    keys = list(table.primary_key.columns)
    some = sa.select(*keys).where(which).limit(most)
    return connection.execute(sa.delete(table).where(sa.tuple_(*keys).in_(some))).rowcount


def _articles(connection: sa.Connection, workspace: str, most: int) -> int:
    asked = sa.select(article.c.id).where(article.c.workspace == workspace).limit(most)
    ids = sorted(connection.execute(asked).scalars())
    record_changes(connection, workspace, "article", ids, "delete")
    for some in slices(ids):
        these = article.c.id.in_(some)
        connection.execute(sa.delete(article).where(article.c.workspace == workspace, these))
    return len(ids)


# --- data about one person ----------------------------------------------------------------------

Row = dict[str, Any]


class Person(NamedTuple):
    """A person; ``places`` are their direct messages; ``workspace`` None means all workspaces."""

    id: str
    places: tuple[str, ...]
    workspace: str | None = None


class Rule(NamedTuple):
    """Which rows of a table are about a person, by columns that hold ``who`` or ``where``.

    Rows of their direct messages (``where``) are deleted. Rows that name them (``who``) are deleted
    if ``deleted``, else they lose the name and the ``typed`` text. ``columns`` hold JSON that
    may contain their id.
    """

    table: sa.Table
    who: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    deleted: bool = False
    typed: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


RULES = (
    Rule(request, columns=("payload",)),
    Rule(reply, who=("person",), where=("place",), deleted=True),
    Rule(feedback, who=("person",), where=("place",), deleted=True),
    Rule(preference, where=("owner",), columns=("value",)),
    Rule(feed_notice_sent, who=("person",), deleted=True),
    Rule(shown_message, who=("person",), where=("place",), typed=("query",)),
    Rule(corrected, where=("place",)),
    Rule(watch, who=("person",), where=("place", "room")),
    Rule(digest, who=("person",), where=("place", "room")),
    Rule(held_alert, who=("owner",), where=("place",), columns=("alert",)),
    Rule(alerted, where=("place",)),
    Rule(outgoing, who=("owner",), where=("place",), columns=("content", "tells")),
    Rule(pace, where=("place",)),
    Rule(listening, who=("person",), where=("place",)),
    Rule(actor_change, who=("person",)),
    Rule(trust_change, who=("person",)),
    Rule(feed, columns=("fares",)),
    Rule(installed, who=("person",)),
    Rule(slack_installations, who=("user_id",), typed=("user_token", "user_refresh_token")),
)
"""Data about people. Articles that they shared in direct messages are found separately."""


class PersonalData(Repository):
    """Export and deletion of a person's data; part of the Store, at ``store.personal_data``."""

    def of(self, person: str, workspace: str | None = None) -> Iterator[tuple[str, list[Row]]]:
        """Return all data about a person, by table; tables without any are absent."""
        with self._read() as connection:
            subject = _known(connection, person, workspace)
            for rule in RULES:
                rows = connection.execute(sa.select(rule.table).where(_rows_about(rule, subject)))
                found = [dict(row) for row in rows.mappings() if _names(rule, row, person, subject)]
                if found:
                    secret = rule.table in TOKENS
                    yield (
                        rule.table.name,
                        [
                            {k: v for k, v in row.items() if not (secret and "token" in k)}
                            for row in found
                        ],
                    )
            given = connection.execute(
                sa.select(article).where(_given_articles(article, subject))
            ).mappings()
            if articles := [dict(row) for row in given]:
                yield article.name, articles

    def forget(self, person: str, now: datetime, workspace: str | None = None) -> dict[str, int]:
        """Delete all data about a person, or remove their name from it.

        Returns how many rows of each table were changed. One transaction: all of it or none.
        """
        touched: dict[str, int] = {}
        with self._write() as connection:
            subject = _known(connection, person, workspace)
            touched["article"] = _forget_articles(connection, subject, now)
            touched[request.name] = _forget_answered(connection, subject)
            for rule in RULES:
                done = _forget(connection, rule, subject)
                touched[rule.table.name] = touched.get(rule.table.name, 0) + done
        return {name: number for name, number in touched.items() if number}


def _known(connection: sa.Connection, person: str, workspace: str | None) -> Person:
    """Return a person with the direct messages in which they asked."""
    places: set[str] = set()
    for table in (reply, shown_message, feedback):
        asked = sa.select(table.c.place).where(
            table.c.person == person, table.c.place.startswith("D"), _within(table, workspace)
        )
        places.update(connection.execute(asked.distinct()).scalars())
    return Person(person, tuple(sorted(places)), workspace)


def _within(table: sa.Table, workspace: str | None) -> sa.ColumnElement[bool]:
    if workspace is None:
        return sa.true()
    if table in TOKENS:
        return sa.or_(table.c.team_id == workspace, table.c.enterprise_id == workspace)
    if "team" in table.c:
        return sa.or_(table.c.workspace == workspace, table.c.team == workspace)
    return table.c.workspace == workspace


def _any_of(
    rule: Rule, subject: Person, conditions: Iterable[sa.ColumnElement[bool]]
) -> sa.ColumnElement[bool]:
    """Select rows of the subject's workspace that meet any of these conditions."""
    return sa.and_(_within(rule.table, subject.workspace), sa.or_(sa.false(), *conditions))


def _named_in(rule: Rule, subject: Person) -> list[sa.ColumnElement[bool]]:
    return [rule.table.c[name] == subject.id for name in rule.who]


def _deleted_rows(rule: Rule, subject: Person) -> sa.ColumnElement[bool]:
    """Select the rows to delete."""
    places = [subject.id, *subject.places]
    here: list[sa.ColumnElement[bool]] = [rule.table.c[name].in_(places) for name in rule.where]
    return _any_of(rule, subject, here + (_named_in(rule, subject) if rule.deleted else []))


def _mentioning_rows(rule: Rule, subject: Person) -> sa.ColumnElement[bool]:
    """Select the rows whose JSON may hold their id."""
    quoted = json.dumps(subject.id)
    held_in = (rule.table.c[name].contains(quoted, autoescape=True) for name in rule.columns)
    return _any_of(rule, subject, held_in)


def _rows_about(rule: Rule, subject: Person) -> sa.ColumnElement[bool]:
    return sa.or_(
        _deleted_rows(rule, subject),
        _any_of(rule, subject, _named_in(rule, subject)),
        _mentioning_rows(rule, subject),
    )


def _names(rule: Rule, row: Any, person: str, subject: Person) -> bool:
    """Return whether a row is about them, and does not merely contain the same letters."""
    values = [row[name] for name in (*rule.who, *rule.where)]
    if person in values or any(place in values for place in subject.places):
        return True
    loaded = (json.loads(row[name]) for name in rule.columns if row[name])
    return any(without_person(one, person) != one for one in loaded)


def _given_articles(table: sa.Table, subject: Person) -> sa.ColumnElement[bool]:
    """Select articles that they shared in direct messages, which nobody else sees."""
    return sa.and_(
        _within(table, subject.workspace), table.c.audience.in_([subject.id, *subject.places])
    )


def without_person(value: Any, person: str) -> Any:
    """Return a JSON value without a person: removed from lists, blank elsewhere."""
    if isinstance(value, dict):
        return {key: without_person(one, person) for key, one in value.items()}
    if isinstance(value, list):
        return [without_person(one, person) for one in value if one != person]
    return "" if value == person else value


def _forget(connection: sa.Connection, rule: Rule, subject: Person) -> int:
    table = rule.table
    for part, of in ((shown_line, shown_message), (digested, digest)):
        if table is of:
            _forget_parts(connection, part, of, _deleted_rows(rule, subject))
    done: int = connection.execute(sa.delete(table).where(_deleted_rows(rule, subject))).rowcount
    for name in () if rule.deleted else rule.who:
        blank = {one: None if table.c[one].nullable else "" for one in (name, *rule.typed)}
        named = _any_of(rule, subject, [table.c[name] == subject.id])
        done += connection.execute(sa.update(table).where(named).values(blank)).rowcount
    return done + _scrub(connection, rule, subject)


def _forget_parts(
    connection: sa.Connection, part: sa.Table, whole: sa.Table, which: sa.ColumnElement[bool]
) -> None:
    name = "message" if part is shown_line else "digest"
    ids = sa.select(whole.c.workspace, whole.c.id).where(which)
    connection.execute(sa.delete(part).where(sa.tuple_(part.c.workspace, part.c[name]).in_(ids)))


def _scrub(connection: sa.Connection, rule: Rule, subject: Person) -> int:
    """Remove their name from JSON; a request that has it is deleted."""
    table, done = rule.table, 0
    asked = sa.select(table).where(_mentioning_rows(rule, subject))
    for row in connection.execute(asked).mappings().all():
        before = {name: json.loads(row[name]) for name in rule.columns if row[name]}
        after = {name: without_person(one, subject.id) for name, one in before.items()}
        if after == before:
            continue
        values = {name: json.dumps(one, ensure_ascii=False) for name, one in after.items()}
        change = sa.delete(table) if table is request else sa.update(table).values(values)
        this = sa.and_(*(key == row[key.name] for key in table.primary_key.columns))
        done += connection.execute(change.where(this)).rowcount
    return done


def _forget_answered(connection: sa.Connection, subject: Person) -> int:
    """Delete their answered requests: only the replies to these say who asked."""
    answered = sa.select(reply.c.workspace, reply.c.surface, reply.c.request).where(
        reply.c.person == subject.id, _within(reply, subject.workspace)
    )
    keys = sa.tuple_(request.c.workspace, request.c.surface, request.c.key)
    return connection.execute(sa.delete(request).where(keys.in_(answered))).rowcount


def _forget_articles(connection: sa.Connection, subject: Person, now: datetime) -> int:
    rows = connection.execute(
        sa.select(article.c.workspace, article.c.id).where(_given_articles(article, subject))
    ).all()
    introduced = {
        workspace: introductions.introduced_by(connection, workspace, keys)
        for workspace, keys in grouped((row.workspace, row.id) for row in rows).items()
    }
    of = [one for one in reversed(metadata.sorted_tables) if "article" in one.c]
    for workspace, key in rows:
        writing.tombstone(connection, workspace, key, now)
        this = {"w": workspace, "key": key}
        for table in of:
            here = sa.and_(table.c.workspace == WORKSPACE, table.c.article == sa.bindparam("key"))
            connection.execute(sa.delete(table).where(here), this)
        # Log entries about its facts quote them.
        quoting = actor_change.c.actor.startswith(f"{key}.", autoescape=True)
        ours = actor_change.c.workspace == workspace
        connection.execute(sa.delete(actor_change).where(ours, quoting))
        for table, other in ((near_copy, near_copy.c.other), (article, article.c.id)):
            connection.execute(sa.delete(table).where(table.c.workspace == workspace, other == key))
    for workspace, actors in introduced.items():
        if gone := introductions.forget_unknown(connection, workspace, actors):
            record_changes(connection, workspace, "actor", gone, "put")
    return len(rows)
