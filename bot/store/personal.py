"""What is kept of one person, in every table: handed out, and forgotten.

Rows that are theirs alone go. Where others need a row – what a channel follows, what was
changed about actors – it stays, and says no more that it was theirs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    false,
    or_,
    select,
    true,
    tuple_,
    update,
)

from bot.store import introductions, writing
from bot.store.alike import near_copy
from bot.store.deleting import SHARED
from bot.store.digest_tables import digest, digested
from bot.store.feed_tables import feed, feed_notice_sent
from bot.store.feedback import feedback
from bot.store.held import held
from bot.store.installed_tables import TOKENS, installed, slack_installations
from bot.store.intake import listening
from bot.store.news import alerted
from bot.store.outbox import outgoing
from bot.store.pacing import pace
from bot.store.preferences import preference
from bot.store.requests import reply, request
from bot.store.tables import actor_change, article, metadata
from bot.store.told_tables import corrected, told, told_line
from bot.store.trust import trust_change
from bot.store.watches import watch

_Connect = Callable[[], AbstractContextManager[Connection]]
Row = dict[str, Any]


class Person(NamedTuple):
    """``places`` are the direct messages with them; ``workspace`` None is every one."""

    id: str
    places: tuple[str, ...]
    workspace: str | None = None


class Rule(NamedTuple):
    """Which rows of a table are about a person, by columns that hold who or where.

    Those whose ``place`` is theirs go, and of those that name them in ``person`` or ``owner``:
    all where ``theirs``, else their name is taken out, and of ``said`` what they typed.
    ``within`` are columns of JSON in which their id may stand.
    """

    table: Table
    who: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    theirs: bool = False
    said: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


RULES = (
    Rule(request, within=("payload",)),
    Rule(reply, who=("person",), where=("place",), theirs=True),
    Rule(feedback, who=("person",), where=("place",), theirs=True),
    Rule(preference, where=("owner",), within=("value",)),
    Rule(feed_notice_sent, who=("person",), theirs=True),
    Rule(told, who=("person",), where=("place",), said=("query",)),
    Rule(corrected, where=("place",)),
    Rule(watch, who=("person",), where=("place", "room")),
    Rule(digest, who=("person",), where=("place", "room")),
    Rule(held, who=("owner",), where=("place",), within=("alert",)),
    Rule(alerted, where=("place",)),
    Rule(outgoing, who=("owner",), where=("place",), within=("content", "tells")),
    Rule(pace, where=("place",)),
    Rule(listening, who=("person",), where=("place",)),
    Rule(actor_change, who=("person",)),
    Rule(trust_change, who=("person",)),
    Rule(feed, within=("fares",)),
    Rule(installed, who=("person",)),
    Rule(slack_installations, who=("user_id",), said=("user_token", "user_refresh_token")),
)
"""What is kept of people. What they gave in direct messages are articles, looked for apart."""

WITHIN = (told_line, digested)
"""Parts of what is above, which go with it."""

OF_NOBODY = frozenset(
    {
        *(one.name for one in SHARED if one not in (slack_installations,)),
        *("actor", "alias", "hidden_alias", "tenure", "provisional", "introduction"),
        *("article", "article_name", "article_source", "revision", "thinned", "reading"),
        *(
            "mention",
            "fact",
            "evidence",
            "wrong_fact",
            "shingle",
            "near_copy",
            "folded",
            "story_article",
        ),
        *("feed_entry", "feed_notice", "source_trust", "withheld", "change"),
    }
)
"""Tables about articles and those whom they name, and about feeds: who asks is in none."""


class Personal:
    """Part of the Store, at ``store.personal``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def of(self, person: str, workspace: str | None = None) -> Iterator[tuple[str, list[Row]]]:
        """What is kept of a person, by table; tables with nothing are absent."""
        with self._read() as connection:
            whom = _known(connection, person, workspace)
            for rule in RULES:
                rows = connection.execute(select(rule.table).where(_about(rule, whom)))
                found = [dict(row) for row in rows.mappings() if _names(rule, row, person, whom)]
                if found:
                    yield rule.table.name, [_bare(rule.table, row) for row in found]
            given = connection.execute(select(article).where(_given(article, whom))).mappings()
            if articles := [dict(row) for row in given]:
                yield article.name, articles

    def forget(self, person: str, now: datetime, workspace: str | None = None) -> dict[str, int]:
        """Delete, or take their name out of, all that is kept of a person.

        Returns how many rows of each table were touched. One transaction: all of it or none.
        """
        touched: dict[str, int] = {}
        with self._write() as connection:
            whom = _known(connection, person, workspace)
            touched["article"] = _forget_articles(connection, whom, now)
            _forget_requests(connection, whom, touched)
            for rule in RULES:
                done = _forget(connection, rule, whom)
                touched[rule.table.name] = touched.get(rule.table.name, 0) + done
        return {name: number for name, number in touched.items() if number}


def _known(connection: Connection, person: str, workspace: str | None) -> Person:
    """A person with the direct messages that they asked in."""
    places: set[str] = set()
    for table in (reply, told, feedback):
        asked = select(table.c.place).where(
            table.c.person == person, table.c.place.startswith("D"), _within(table, workspace)
        )
        places.update(connection.execute(asked.distinct()).scalars())
    return Person(person, tuple(sorted(places)), workspace)


def _within(table: Table, workspace: str | None) -> ColumnElement[bool]:
    if workspace is None:
        return true()
    if table in TOKENS:
        return or_(table.c.team_id == workspace, table.c.enterprise_id == workspace)
    if "team" in table.c:
        return or_(table.c.workspace == workspace, table.c.team == workspace)
    return table.c.workspace == workspace


def _theirs(rule: Rule, whom: Person) -> ColumnElement[bool]:
    """Rows that go."""
    places = [whom.id, *whom.places]
    here: list[ColumnElement[bool]] = [rule.table.c[name].in_(places) for name in rule.where]
    if rule.theirs:
        here += [rule.table.c[name] == whom.id for name in rule.who]
    return and_(_within(rule.table, whom.workspace), or_(false(), *here))


def _naming(rule: Rule, whom: Person) -> ColumnElement[bool]:
    """Rows that stay, without their name."""
    named = [rule.table.c[name] == whom.id for name in rule.who]
    return and_(_within(rule.table, whom.workspace), or_(false(), *named))


def _holding(rule: Rule, whom: Person) -> ColumnElement[bool]:
    """Rows in whose JSON their id may stand."""
    quoted = json.dumps(whom.id)
    held_in = [rule.table.c[name].contains(quoted, autoescape=True) for name in rule.within]
    return and_(_within(rule.table, whom.workspace), or_(false(), *held_in))


def _about(rule: Rule, whom: Person) -> ColumnElement[bool]:
    return or_(_theirs(rule, whom), _naming(rule, whom), _holding(rule, whom))


def _names(rule: Rule, row: Any, person: str, whom: Person) -> bool:
    """Whether a row is about them, and does not only have such words in it."""
    values = [row[name] for name in (*rule.who, *rule.where)]
    if person in values or any(place in values for place in whom.places):
        return True
    loaded = (json.loads(row[name]) for name in rule.within if row[name])
    return any(scrubbed(one, person) != one for one in loaded)


def _given(table: Table, whom: Person) -> ColumnElement[bool]:
    """Articles that they gave in direct messages, which nobody else is shown."""
    return and_(_within(table, whom.workspace), table.c.audience.in_([whom.id, *whom.places]))


def scrubbed(value: Any, person: str) -> Any:
    """A JSON value without somebody: out of lists, and blank where something is to stand."""
    if isinstance(value, dict):
        return {key: scrubbed(one, person) for key, one in value.items()}
    if isinstance(value, list):
        return [scrubbed(one, person) for one in value if one != person]
    return "" if value == person else value


def _bare(table: Table, row: Row) -> Row:
    """A row without the tokens that it may hold."""
    return {k: v for k, v in row.items() if table not in TOKENS or "token" not in k}


def _forget(connection: Connection, rule: Rule, whom: Person) -> int:
    table = rule.table
    for part, of in ((told_line, told), (digested, digest)):
        if table is of:
            _forget_parts(connection, part, of, _theirs(rule, whom))
    done: int = connection.execute(delete(table).where(_theirs(rule, whom))).rowcount
    for name in rule.who:
        said = {one: "" if not table.c[one].nullable else None for one in rule.said}
        blank = None if table.c[name].nullable else ""
        if not rule.theirs:
            named = and_(_within(table, whom.workspace), table.c[name] == whom.id)
            done += connection.execute(
                update(table).where(named).values({name: blank, **said})
            ).rowcount
    return done + _scrub(connection, rule, whom)


def _forget_parts(
    connection: Connection, part: Table, whole: Table, which: ColumnElement[bool]
) -> None:
    name = "message" if part is told_line else "digest"
    ids = select(whole.c.workspace, whole.c.id).where(which)
    connection.execute(delete(part).where(tuple_(part.c.workspace, part.c[name]).in_(ids)))


def _scrub(connection: Connection, rule: Rule, whom: Person) -> int:
    if not rule.within:
        return 0
    table, done = rule.table, 0
    keys = list(table.primary_key.columns)
    for row in connection.execute(select(table).where(_holding(rule, whom))).mappings().all():
        before = {name: json.loads(row[name]) for name in rule.within if row[name]}
        after = {name: scrubbed(one, whom.id) for name, one in before.items()}
        if after != before:
            values = {name: json.dumps(one, ensure_ascii=False) for name, one in after.items()}
            this = and_(*(key == row[key.name] for key in keys))
            done += connection.execute(update(table).where(this).values(values)).rowcount
    return done


def _forget_requests(connection: Connection, whom: Person, touched: dict[str, int]) -> None:
    """Requests say who asked only while they are open; of others the replies do."""
    answered = select(reply.c.workspace, reply.c.surface, reply.c.request).where(
        reply.c.person == whom.id, _within(reply, whom.workspace)
    )
    keys = tuple_(request.c.workspace, request.c.surface, request.c.key)
    done = connection.execute(delete(request).where(keys.in_(answered))).rowcount
    rule = next(one for one in RULES if one.table is request)
    for row in connection.execute(select(request).where(_holding(rule, whom))).mappings().all():
        if scrubbed(json.loads(row["payload"]), whom.id) != json.loads(row["payload"]):
            this = and_(*(key == row[key.name] for key in request.primary_key.columns))
            done += connection.execute(delete(request).where(this)).rowcount
    touched[request.name] = done


def _forget_articles(connection: Connection, whom: Person, now: datetime) -> int:
    rows = connection.execute(
        select(article.c.workspace, article.c.id).where(_given(article, whom))
    ).all()
    by_workspace: dict[str, list[str]] = {}
    for workspace, key in rows:
        by_workspace.setdefault(workspace, []).append(key)
    introduced = {
        workspace: introductions.introduced_by(connection, workspace, keys)
        for workspace, keys in by_workspace.items()
    }
    of = [one for one in reversed(metadata.sorted_tables) if "article" in one.c]
    for workspace, key in rows:
        writing.tombstone(connection, workspace, key, now)
        this = {"w": workspace, "key": key}
        for table in of:
            here = and_(table.c.workspace == bindparam("w"), table.c.article == bindparam("key"))
            connection.execute(delete(table).where(here), this)
        # What the log says of its facts quotes them.
        quoting = actor_change.c.actor.startswith(f"{key}.", autoescape=True)
        ours = actor_change.c.workspace == workspace
        connection.execute(delete(actor_change).where(ours, quoting))
        for table, other in ((near_copy, near_copy.c.other), (article, article.c.id)):
            connection.execute(delete(table).where(table.c.workspace == workspace, other == key))
    for workspace, actors in introduced.items():
        if gone := introductions.forget_unknown(connection, workspace, actors):
            writing.record_changes(connection, workspace, "actor", gone, "put")
    return len(rows)


def decided() -> Sequence[str]:
    """The tables of which it is decided what of them is somebody's."""
    return [*(one.table.name for one in RULES), *(one.name for one in WITHIN), *OF_NOBODY]
