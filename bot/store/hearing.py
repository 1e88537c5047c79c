"""What must be known to say which lines no longer stand: read within a connection."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Select, and_, bindparam, select, tuple_

from bot.models import Shown, Status
from bot.store import queries
from bot.store.records import Stored
from bot.store.sql import chunks
from bot.store.tables import fact, revision
from bot.store.tellings import Telling, bearing_on, filled, named, news_in, slices
from bot.store.told_tables import corrected, told, told_line
from bot.store.trust import withheld

_workspace: BindParameter[Any] = bindparam("w")
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_MESSAGES = select(told).where(told.c.workspace == _workspace, told.c.id.in_(_ids))
_LINES = (
    select(told_line)
    .join(told, and_(told.c.workspace == told_line.c.workspace, told.c.id == told_line.c.message))
    .where(told_line.c.workspace == _workspace, told.c.at >= bindparam("oldest"))
)
_OF_ARTICLES = _LINES.where(told_line.c.article.in_(_ids))
_OF_MESSAGES = _LINES.where(told_line.c.message.in_(_ids))
_BETWEEN = _LINES.join(
    fact,
    and_(
        fact.c.workspace == told_line.c.workspace,
        fact.c.article == told_line.c.article,
        fact.c.id == told_line.c.fact,
    ),
).where(
    tuple_(fact.c.source_for, fact.c.target_for).in_(bindparam("sides", expanding=True)),
    fact.c.status.in_(bindparam("statuses", expanding=True)),
    fact.c["class"].in_(bindparam("classes", expanding=True)),
)
_SAID = select(corrected).where(corrected.c.workspace == _workspace, corrected.c.line.in_(_ids))
_WITHHELD = select(withheld.c.article).where(
    withheld.c.workspace == _workspace, withheld.c.article.in_(_ids)
)
_WORDS = select(revision.c.article, revision.c.n, revision.c.title, revision.c.text).where(
    revision.c.workspace == _workspace, revision.c.article.in_(_ids)
)

_BORNE_ON = (
    (Status.DENIED, [one for one in Status if one not in (Status.DENIED, Status.CALLED_FOR)]),
    (Status.HAPPENED, [Status.PLANNED]),
)
"""A fact of which status may bear on lines that told a fact of which others."""


class Message(NamedTuple):
    """A message that told something, as ``told_tables.told`` has it."""

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


class ToldLine(NamedTuple):
    """A line of a message; ``telling`` is the fact it told, retired or not."""

    id: str
    message: str
    shown: Shown
    telling: Telling | None


class Heard(NamedTuple):
    """Lines of one workspace that something may have become of, and all that says what.

    ``ids`` are the lines of each message, all of them; ``stored`` the articles told of;
    ``before`` their title and text in the revision told of; ``others`` live facts between the
    same; ``changed`` the articles that were stored or deleted since the last look; ``said``
    what was said already: team, place, thread, line, what.
    """

    workspace: str
    messages: dict[str, Message]
    lines: tuple[ToldLine, ...]
    ids: dict[str, frozenset[str]]
    stored: dict[str, Stored]
    withheld: frozenset[str]
    before: dict[tuple[str, int], tuple[str, str]]
    others: tuple[Telling, ...]
    changed: frozenset[str]
    said: frozenset[tuple[str, str, str, str, str]]


def hear(
    connection: Connection,
    workspace: str,
    changed: Collection[str],
    fresh: Collection[str],
    oldest: datetime,
) -> Heard | None:
    """What is to be held against the store: lines of changed articles, lines that facts of them
    bear on, and the lines of ``fresh`` messages; None where there are none."""
    news = news_in(connection, workspace, changed)
    rows = [
        *_lines(connection, workspace, changed, oldest, _OF_ARTICLES),
        *_lines(connection, workspace, fresh, oldest, _OF_MESSAGES),
        *_between(connection, workspace, news, oldest),
    ]
    if not rows:
        return None
    once = {(row.message, row.id): row for row in rows}
    messages = _messages(connection, workspace, {row.message for row in rows})
    articles = {row.article for row in rows}
    told_of = named(connection, workspace, articles, {row.fact for row in rows if row.fact})
    every = _lines(connection, workspace, messages, oldest, _OF_MESSAGES)
    since = min((messages[key].as_of for key in fresh if key in messages), default=None)
    others = {one.fact.id: one for one in filled(connection, workspace, news)}
    for one in bearing_on(connection, workspace, list(told_of.values()), since):
        others.setdefault(one.fact.id, one)
    return Heard(
        workspace,
        messages,
        tuple(_line(row, told_of) for _, row in sorted(once.items())),
        _ids_of(every),
        queries.articles(connection, workspace, articles),
        _withheld(connection, workspace, articles),
        _before(connection, workspace, {(row.article, row.revision) for row in rows}),
        tuple(others.values()),
        frozenset(changed),
        _said(connection, workspace, {row.id for row in rows}),
    )


def _lines(
    connection: Connection,
    workspace: str,
    keys: Collection[str],
    oldest: datetime,
    asked: Select[Any],
) -> list[Any]:
    found: list[Any] = []
    for some in chunks(keys):
        found += connection.execute(asked, {"w": workspace, "ids": some, "oldest": oldest})
    return found


def _between(
    connection: Connection, workspace: str, news: Sequence[Any], oldest: datetime
) -> Iterator[Any]:
    """Lines that told a plan that is done, or something that is denied, between the same."""
    for status, told_as in _BORNE_ON:
        some = [row for row in news if row.status == status.value]
        values = {"w": workspace, "oldest": oldest, "statuses": [one.value for one in told_as]}
        values["classes"] = sorted({row._mapping["class"] for row in some})  # noqa: SLF001
        for sides in slices({(row.source_for, row.target_for) for row in some if row.source_for}):
            yield from connection.execute(_BETWEEN, {**values, "sides": sides})


def _messages(connection: Connection, workspace: str, keys: Collection[str]) -> dict[str, Message]:
    found: dict[str, Message] = {}
    for some in chunks(keys):
        for row in connection.execute(_MESSAGES, {"w": workspace, "ids": some}):
            values = {name: getattr(row, name) for name in Message._fields}
            values["audiences"] = frozenset(json.loads(row.audiences))
            found[row.id] = Message(**values)
    return found


def _line(row: Any, told_of: dict[str, Telling]) -> ToldLine:
    shown = Shown(article=row.article, revision=row.revision, quote=row.quote, fact=row.fact)
    return ToldLine(row.id, row.message, shown, told_of.get(row.fact or ""))


def _ids_of(rows: Iterable[Any]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row.message, set()).add(row.id)
    return {key: frozenset(ids) for key, ids in found.items()}


def _withheld(connection: Connection, workspace: str, keys: Collection[str]) -> frozenset[str]:
    found: set[str] = set()
    for some in chunks(keys):
        found.update(connection.execute(_WITHHELD, {"w": workspace, "ids": some}).scalars())
    return frozenset(found)


def _before(
    connection: Connection, workspace: str, wanted: Collection[tuple[str, int]]
) -> dict[tuple[str, int], tuple[str, str]]:
    found: dict[tuple[str, int], tuple[str, str]] = {}
    for some in chunks({key for key, _ in wanted}):
        for row in connection.execute(_WORDS, {"w": workspace, "ids": some}):
            if (row.article, row.n) in wanted:
                found[row.article, row.n] = (row.title, row.text)
    return found


def _said(
    connection: Connection, workspace: str, keys: Collection[str]
) -> frozenset[tuple[str, str, str, str, str]]:
    found: set[tuple[str, str, str, str, str]] = set()
    for some in chunks(keys):
        for row in connection.execute(_SAID, {"w": workspace, "ids": some}):
            found.add((row.team, row.place, row.thread, row.line, row.what))
    return frozenset(found)
