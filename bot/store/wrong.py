"""Facts that a workspace marked wrong: retired, and kept so when their article is read again.

A mark holds for facts of an article with the same class, source, target and quote, so that
a fact that another reader finds in the same words stays away, too. Where the status is what was
wrong, the same act with another status is another fact.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    Column,
    Connection,
    ForeignKeyConstraint,
    Integer,
    Row,
    String,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    select,
    update,
)

from bot.match.merging import final
from bot.models import SEED, Actor, Fact, Fault, WrongFact
from bot.store import actors, happenings
from bot.store.facts import with_evidence
from bot.store.held import held
from bot.store.keys import article_of
from bot.store.sql import chunks, upsert_many
from bot.store.tables import actor_change, article, fact, metadata, reading, revision
from bot.store.words import Thinned

OP = "wrong fact"
"""What the log of changes calls a mark."""

# A row for the fact that was marked, and for each that was retired because of that mark;
# ``seq`` is the mark's line of the log. ``hidden`` says that the live reading has the fact.
wrong_fact = Table(
    "wrong_fact",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("article", String, primary_key=True),
    Column("fact", String, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("fault", String, nullable=False),
    Column("hidden", Boolean, nullable=False),
    ForeignKeyConstraint(
        ["workspace", "article", "fact"], ["fact.workspace", "fact.article", "fact.id"]
    ),
    sqlite_with_rowid=False,
)

_workspace: BindParameter[Any] = bindparam("w")
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_IS = and_(
    wrong_fact.c.workspace == fact.c.workspace,
    wrong_fact.c.article == fact.c.article,
    wrong_fact.c.fact == fact.c.id,
)
is_marked = exists().where(_IS)
"""Whether a fact was marked wrong; for queries of ``fact``."""

_SEEN = (
    select(fact)
    .join(article, and_(article.c.workspace == fact.c.workspace, article.c.id == fact.c.article))
    .where(fact.c.workspace == _workspace, fact.c.article == bindparam("key"))
    .where(fact.c.id == bindparam("fact"), article.c.tombstoned_at.is_(None))
    .where(article.c.audience.in_(bindparam("audiences", expanding=True)))
)
_MARKS = (
    select(fact, wrong_fact.c.seq, wrong_fact.c.fault)
    .join(wrong_fact, _IS)
    .where(fact.c.workspace == _workspace, fact.c.article.in_(_ids))
    .order_by(wrong_fact.c.seq, fact.c.id)
)
_LIVE = select(fact).where(
    fact.c.workspace == _workspace, fact.c.article.in_(_ids), fact.c.retired_at.is_(None)
)
_RETIRE = (
    update(fact)
    .where(fact.c.workspace == _workspace, fact.c.article == bindparam("key"))
    .where(fact.c.id == bindparam("fact"))
    .values(retired_at=bindparam("at"))
)
_NOT_HELD = (
    update(wrong_fact)
    .where(wrong_fact.c.workspace == _workspace, wrong_fact.c.article.in_(_ids))
    .values(hidden=False)
)
_WAITING = delete(held).where(
    held.c.workspace == _workspace, held.c.alert.contains(bindparam("named"))
)
_BY_SEQ = and_(wrong_fact.c.workspace == _workspace, wrong_fact.c.seq == bindparam("n"))
_OF_MARK = select(wrong_fact.c.article, wrong_fact.c.fact, wrong_fact.c.hidden).where(_BY_SEQ)
_UNMARK = delete(wrong_fact).where(_BY_SEQ)
_ALL = (
    select(
        fact,
        wrong_fact.c.seq,
        wrong_fact.c.fault,
        actor_change.c.person,
        actor_change.c.at,
        article.c.external_id,
        article.c.url,
        article.c.publisher,
        article.c.published,
        revision.c.title,
        revision.c.text,
    )
    .join(wrong_fact, _IS)
    .join(
        actor_change,
        and_(
            actor_change.c.workspace == wrong_fact.c.workspace,
            actor_change.c.seq == wrong_fact.c.seq,
            actor_change.c.actor == wrong_fact.c.fact,
        ),
    )
    .join(article, and_(article.c.workspace == fact.c.workspace, article.c.id == fact.c.article))
    .join(
        reading,
        and_(
            reading.c.workspace == fact.c.workspace,
            reading.c.article == fact.c.article,
            reading.c.id == fact.c.reading,
        ),
    )
    .join(
        revision,
        and_(
            revision.c.workspace == fact.c.workspace,
            revision.c.article == fact.c.article,
            revision.c.n == reading.c.revision,
        ),
    )
    .where(article.c.tombstoned_at.is_(None))
    .order_by(actor_change.c.at.desc(), fact.c.workspace, wrong_fact.c.seq.desc())
)


class WrongFacts:
    """Part of the Store, at ``store.wrong``."""

    def __init__(self, read: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._read = read

    def all(
        self, workspace: str | None = None, *, since: datetime | None = None
    ) -> list[WrongFact]:
        """The marks that stand, in one workspace or in all, the newest first.

        Those of articles that were removed are left out.
        """
        asked = _ALL if workspace is None else _ALL.where(fact.c.workspace == workspace)
        if since is not None:
            asked = asked.where(actor_change.c.at >= since)
        with self._read() as connection:
            rows = connection.execute(asked).all()
            found = _facts(connection, rows)
        return [_wrong(row, one) for row, one in zip(rows, found, strict=True)]


def seen(
    connection: Connection, workspace: str, audiences: Collection[str], key: str
) -> tuple[Fact, bool] | None:
    """A fact that these audiences may see, and whether it is live; None where there is none."""
    asked = {"w": workspace, "key": article_of(key), "fact": key, "audiences": sorted(audiences)}
    rows = connection.execute(_SEEN, asked).all()
    if not rows:
        return None
    (found,) = with_evidence(connection, workspace, rows)
    return found, rows[0].retired_at is None


def is_wrong(connection: Connection, workspace: str, key: str) -> bool:
    """Whether a fact is marked wrong."""
    asked = {"w": workspace, "ids": [article_of(key)]}
    return any(row.id == key for row in connection.execute(_MARKS, asked))


def mark(
    connection: Connection, workspace: str, key: str, seq: int, fault: Fault, now: datetime
) -> None:
    """Mark a fact wrong, by this line of the log, and retire every fact equal to it."""
    articles = [article_of(key)]
    touched = happenings.touched(connection, workspace, articles)
    upsert_many(connection, wrong_fact, [_row(workspace, key, seq, fault, hidden=False)])
    _hide(connection, workspace, articles, now)
    happenings.join(connection, workspace, touched)


def unmark(connection: Connection, workspace: str, seq: int) -> None:
    """Take a mark back: the facts that it keeps away count again."""
    rows = connection.execute(_OF_MARK, {"w": workspace, "n": seq}).all()
    connection.execute(_UNMARK, {"w": workspace, "n": seq})
    for row in rows:
        if row.hidden:
            this = {"w": workspace, "key": row.article, "fact": row.fact}
            connection.execute(_RETIRE, {**this, "at": None})
    touched = happenings.touched(connection, workspace, {row.article for row in rows})
    happenings.join(connection, workspace, touched)


def keep_away(
    connection: Connection, workspace: str, articles: Collection[str], now: datetime
) -> None:
    """Retire facts of articles just read again that were marked wrong before."""
    for some in chunks(articles):
        connection.execute(_NOT_HELD, {"w": workspace, "ids": some})
    _hide(connection, workspace, articles, now)


def _hide(connection: Connection, workspace: str, articles: Collection[str], now: datetime) -> None:
    for some in chunks(articles):
        asked = {"w": workspace, "ids": some}
        marks = connection.execute(_MARKS, asked).all()
        if not marks:
            continue
        marked = list(zip(marks, with_evidence(connection, workspace, marks), strict=True))
        asked = {"w": workspace, "ids": sorted({row.article for row in marks})}
        live = with_evidence(connection, workspace, connection.execute(_LIVE, asked).all())
        whole = _counting_as(connection, workspace)
        hidden = [
            _row(workspace, one.id, row.seq, row.fault, hidden=True)
            for one in live
            for row in _matching(one, marked, whole)
        ]
        for row in hidden:
            this = {"w": workspace, "key": row["article"], "fact": row["fact"]}
            connection.execute(_RETIRE, {**this, "at": now})
            # Each alert held for quiet hours is about one story and names one fact.
            connection.execute(_WAITING, {"w": workspace, "named": f'"{row["fact"]}"'})
        upsert_many(connection, wrong_fact, hidden, update=("seq", "fault", "hidden"))


def _matching(
    one: Fact, marked: Iterable[tuple[Row[Any], Fact]], whole: Callable[[str], str]
) -> Iterator[Row[Any]]:
    """The first mark that holds for a fact, if any does."""
    for row, wrong in marked:
        if article_of(wrong.id) == article_of(one.id) and _is_same(one, wrong, row.fault, whole):
            yield row
            return


def _is_same(one: Fact, wrong: Fact, fault: str, whole: Callable[[str], str]) -> bool:
    if one.id == wrong.id:
        return True
    if one.event_class != wrong.event_class or _whom(one, whole) != _whom(wrong, whole):
        return False
    if fault == "status" and one.status != wrong.status:
        return False
    same_source = whole(one.source_actor) == whole(wrong.source_actor)
    return same_source and any(
        mine in theirs or theirs in mine for mine in _quotes(one) for theirs in _quotes(wrong)
    )


def _whom(one: Fact, whole: Callable[[str], str]) -> str:
    return whole(one.target_actor) if one.target_actor else _folded(one.target_words or "")


def _quotes(one: Fact) -> list[str]:
    return [_folded(proof.quote) for proof in one.evidence]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _counting_as(connection: Connection, workspace: str) -> Callable[[str], str]:
    """What an actor counts as by now: two may have been merged since a mark was made."""
    known: dict[str, Actor | None] = {}

    def find(key: str) -> Actor | None:
        if key not in known:
            ours = actors.rows(connection, workspace, {key})
            known[key] = (ours or actors.rows(connection, SEED, {key})).get(key)
        return known[key]

    return lambda key: final(key, find)


def _row(workspace: str, key: str, seq: int, fault: str, *, hidden: bool) -> dict[str, Any]:
    named = {"workspace": workspace, "article": article_of(key), "fact": key}
    return {**named, "seq": seq, "fault": fault, "hidden": hidden}


def _facts(connection: Connection, rows: Collection[Row[Any]]) -> list[Fact]:
    """Rows of facts of several workspaces as facts, in their order."""
    by_workspace: dict[str, list[Row[Any]]] = {}
    for row in rows:
        by_workspace.setdefault(row.workspace, []).append(row)
    found = {
        (workspace, one.id): one
        for workspace, some in by_workspace.items()
        for one in with_evidence(connection, workspace, some)
    }
    return [found[row.workspace, row.id] for row in rows]


def _wrong(row: Row[Any], one: Fact) -> WrongFact:
    named = WrongFact.model_fields.keys() - {"fact", "text"}
    values = {name: getattr(row, name) for name in named}
    text = "" if isinstance(row.text, Thinned) else row.text
    return WrongFact(**values, fact=one, text=text)
