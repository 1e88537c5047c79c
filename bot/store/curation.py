"""Corrections by people: edits of actors and facts marked as wrong, logged, with undo.

A fact marked as wrong is retired, and stays retired when its article is read again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

import sqlalchemy as sa
from pydantic import TypeAdapter

from bot.errors import BadEdit
from bot.match.edits import NOTHING, Decided, Known, Refusal, decide, final, undo, whole
from bot.models import SEED, Actor, ActorChange, Edit, Fact, Fault, Own, TakeIn, WrongFact
from bot.store import actors
from bot.store.changes import last_seq, record_changes
from bot.store.engine import Repository, reads
from bot.store.facts import affected_by, assign_events, with_evidence
from bot.store.ids import article_of
from bot.store.sql import (
    AUDIENCES,
    WORKSPACE,
    advance,
    among,
    chunks,
    execute_in,
    grouped,
    of_article,
    rows_in,
    upsert_many,
)
from bot.store.tables import (
    Thinned,
    actor_change,
    article,
    change,
    fact,
    mention,
    metadata,
    primary,
    reading,
    revision,
)
from bot.store.watches import held_alert

WRONG_OP = "wrong fact"
"""The kind of a mark in the log of changes."""

# One row for the marked fact, and one for each fact retired because of that mark. ``seq`` is the
# mark's entry in the log. ``hidden`` means that the live reading has the fact.
wrong_fact = sa.Table(
    "wrong_fact",
    metadata,
    *primary("workspace", "article", "fact"),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("fault", sa.String, nullable=False),
    sa.Column("hidden", sa.Boolean, nullable=False),
    sa.ForeignKeyConstraint(
        ["workspace", "article", "fact"], ["fact.workspace", "fact.article", "fact.id"]
    ),
    sqlite_with_rowid=False,
)

_IS = sa.and_(
    wrong_fact.c.workspace == fact.c.workspace,
    wrong_fact.c.article == fact.c.article,
    wrong_fact.c.fact == fact.c.id,
)
is_marked = sa.exists().where(_IS)
"""A condition for queries of ``fact``: whether the fact was marked as wrong."""

_SEEN = (
    sa.select(fact)
    .join(article, of_article(fact))
    .where(fact.c.workspace == WORKSPACE, fact.c.article == sa.bindparam("key"))
    .where(fact.c.id == sa.bindparam("fact"), article.c.tombstoned_at.is_(None))
    .where(article.c.audience.in_(AUDIENCES))
)
_MARKS = (
    sa.select(fact, wrong_fact.c.seq, wrong_fact.c.fault)
    .join(wrong_fact, _IS)
    .where(among(fact.c.article))
    .order_by(wrong_fact.c.seq, fact.c.id)
)
_LIVE = sa.select(fact).where(among(fact.c.article), fact.c.retired_at.is_(None))
_RETIRE = (
    sa.update(fact)
    .where(fact.c.workspace == WORKSPACE, fact.c.article == sa.bindparam("key"))
    .where(fact.c.id == sa.bindparam("fact"))
    .values(retired_at=sa.bindparam("at"))
)
_NOT_HELD = sa.update(wrong_fact).where(among(wrong_fact.c.article)).values(hidden=False)
_FORGET_ALERTS = sa.delete(held_alert).where(
    held_alert.c.workspace == WORKSPACE, held_alert.c.alert.contains(sa.bindparam("named"))
)
_BY_SEQ = sa.and_(wrong_fact.c.workspace == WORKSPACE, wrong_fact.c.seq == sa.bindparam("n"))
_OF_MARK = sa.select(wrong_fact.c.article, wrong_fact.c.fact, wrong_fact.c.hidden).where(_BY_SEQ)
_UNMARK = sa.delete(wrong_fact).where(_BY_SEQ)
_ALL = (
    sa.select(
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
        sa.and_(
            actor_change.c.workspace == wrong_fact.c.workspace,
            actor_change.c.seq == wrong_fact.c.seq,
            actor_change.c.actor == wrong_fact.c.fact,
        ),
    )
    .join(article, of_article(fact))
    .join(
        reading,
        sa.and_(
            reading.c.workspace == fact.c.workspace,
            reading.c.article == fact.c.article,
            reading.c.id == fact.c.reading,
        ),
    )
    .join(
        revision,
        sa.and_(
            revision.c.workspace == fact.c.workspace,
            revision.c.article == fact.c.article,
            revision.c.n == reading.c.revision,
        ),
    )
    .where(article.c.tombstoned_at.is_(None))
    .order_by(actor_change.c.at.desc(), fact.c.workspace, wrong_fact.c.seq.desc())
)


class WrongFacts(Repository):
    """Facts that people marked as wrong; part of the Store, at ``store.wrong_facts``."""

    def all(
        self, workspace: str | None = None, *, since: datetime | None = None
    ) -> list[WrongFact]:
        """Return the marks in force, in one workspace or in all, newest first.

        Marks of removed articles are left out.
        """
        asked = _ALL if workspace is None else _ALL.where(fact.c.workspace == workspace)
        if since is not None:
            asked = asked.where(actor_change.c.at >= since)
        with self._read() as connection:
            rows = connection.execute(asked).all()
            found = _facts(connection, rows)
        return [_wrong(row, one) for row, one in zip(rows, found, strict=True)]


def visible_fact(
    connection: sa.Connection, workspace: str, audiences: Collection[str], key: str
) -> tuple[Fact, bool] | None:
    """Return a fact that these audiences may see, and whether it is live; None if there is none."""
    asked = {"w": workspace, "key": article_of(key), "fact": key, "audiences": sorted(audiences)}
    rows = connection.execute(_SEEN, asked).all()
    if not rows:
        return None
    (found,) = with_evidence(connection, workspace, rows)
    return found, rows[0].retired_at is None


def is_wrong(connection: sa.Connection, workspace: str, key: str) -> bool:
    """Return whether a fact is marked as wrong."""
    asked = {"w": workspace, "ids": [article_of(key)]}
    return any(row.id == key for row in connection.execute(_MARKS, asked))


def mark_fact(
    connection: sa.Connection, workspace: str, key: str, seq: int, fault: Fault, now: datetime
) -> None:
    """Mark a fact as wrong, with its entry in the log, and retire every equal fact."""
    articles = [article_of(key)]
    touched = affected_by(connection, workspace, articles)
    upsert_many(connection, wrong_fact, [_row(workspace, key, seq, fault, hidden=False)])
    _hide(connection, workspace, articles, now)
    assign_events(connection, workspace, touched)


def unmark_fact(connection: sa.Connection, workspace: str, seq: int) -> None:
    """Remove a mark: the facts that it hides count again."""
    rows = connection.execute(_OF_MARK, {"w": workspace, "n": seq}).all()
    connection.execute(_UNMARK, {"w": workspace, "n": seq})
    for row in rows:
        if row.hidden:
            this = {"w": workspace, "key": row.article, "fact": row.fact}
            connection.execute(_RETIRE, {**this, "at": None})
    touched = affected_by(connection, workspace, {row.article for row in rows})
    assign_events(connection, workspace, touched)


def retire_marked(
    connection: sa.Connection, workspace: str, articles: Collection[str], now: datetime
) -> None:
    """Retire facts of re-read articles that were marked as wrong before."""
    execute_in(connection, _NOT_HELD, workspace, articles)
    _hide(connection, workspace, articles, now)


def _hide(
    connection: sa.Connection, workspace: str, articles: Collection[str], now: datetime
) -> None:
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
            # Each alert held for quiet hours covers one story and names one fact.
            connection.execute(_FORGET_ALERTS, {"w": workspace, "named": f'"{row["fact"]}"'})
        upsert_many(connection, wrong_fact, hidden, update=("seq", "fault", "hidden"))


def _matching(
    one: Fact, marked: Iterable[tuple[sa.Row[Any], Fact]], whole: Callable[[str], str]
) -> Iterator[sa.Row[Any]]:
    """Return the first mark that applies to a fact, if any."""
    for row, wrong in marked:
        if article_of(wrong.id) == article_of(one.id) and _is_same(one, wrong, row.fault, whole):
            yield row
            return


def _is_same(one: Fact, wrong: Fact, fault: str, whole: Callable[[str], str]) -> bool:
    if one.id == wrong.id:
        return True
    if one.event_class != wrong.event_class or _target(one, whole) != _target(wrong, whole):
        return False
    if fault == "status" and one.status != wrong.status:
        return False
    same_source = whole(one.source_actor) == whole(wrong.source_actor)
    return same_source and any(
        quote in other or other in quote for quote in _quotes(one) for other in _quotes(wrong)
    )


def _target(one: Fact, whole: Callable[[str], str]) -> str:
    return whole(one.target_actor) if one.target_actor else _folded(one.target_words or "")


def _quotes(one: Fact) -> list[str]:
    return [_folded(proof.quote) for proof in one.evidence]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _counting_as(connection: sa.Connection, workspace: str) -> Callable[[str], str]:
    """Return a function that maps an actor to the one it was merged into since, or to itself."""
    known: dict[str, Actor | None] = {}

    def find(key: str) -> Actor | None:
        if key not in known:
            ours = actors.actor_rows(connection, workspace, {key})
            known[key] = (ours or actors.actor_rows(connection, SEED, {key})).get(key)
        return known[key]

    return lambda key: final(key, find)


def _row(workspace: str, key: str, seq: int, fault: str, *, hidden: bool) -> dict[str, Any]:
    named = {"workspace": workspace, "article": article_of(key), "fact": key}
    return {**named, "seq": seq, "fault": fault, "hidden": hidden}


def _facts(connection: sa.Connection, rows: Collection[sa.Row[Any]]) -> list[Fact]:
    """Convert rows of facts of several workspaces to facts, in the same order."""
    by_workspace = grouped((row.workspace, row) for row in rows)
    found = {
        (workspace, one.id): one
        for workspace, some in by_workspace.items()
        for one in with_evidence(connection, workspace, some)
    }
    return [found[row.workspace, row.id] for row in rows]


def _wrong(row: sa.Row[Any], one: Fact) -> WrongFact:
    named = WrongFact.model_fields.keys() - {"fact", "text"}
    values = {name: getattr(row, name) for name in named}
    text = "" if isinstance(row.text, Thinned) else row.text
    return WrongFact(**values, fact=one, text=text)


# --- edits of actors ----------------------------------------------------------------------------

_edits = TypeAdapter(dict[str, Own])


_LOG = sa.insert(actor_change)
_LINE = sa.select(actor_change).where(
    actor_change.c.workspace == WORKSPACE, actor_change.c.seq == sa.bindparam("n")
)
_LINES = (
    sa.select(actor_change)
    .where(actor_change.c.workspace == WORKSPACE)
    .order_by(actor_change.c.seq.desc())
)
_UNDONE = (
    sa.update(actor_change)
    .where(actor_change.c.workspace == WORKSPACE, actor_change.c.seq == sa.bindparam("n"))
    .values(undone=True)
)
_NEWS = (
    sa.select(change.c.workspace)
    .where(
        change.c.seq > sa.bindparam("after"),
        change.c.seq <= sa.bindparam("last"),
        change.c.kind == "actor",
    )
    .distinct()
)

_AUDIENCES = (
    sa.select(article.c.audience)
    .where(article.c.workspace == WORKSPACE)
    .distinct()
    .order_by("audience")
)
_NAMING = sa.select(mention.c.article, mention.c.alias).where(among(mention.c.actor)).distinct()
_AFTER = (
    sa.select(article.c.id)
    .where(article.c.workspace == WORKSPACE, article.c.id > sa.bindparam("after"))
    .where(article.c.tombstoned_at.is_(None))
    .order_by(article.c.id)
    .limit(sa.bindparam("limit"))
)

_MOST_LOGGED = 50
"""A change of more actors than this is logged as a change of all actors."""


class EditResult(NamedTuple):
    """The result of an edit: ``change`` is its entry in the log, None if nothing changed.

    ``names`` are the texts that now name another actor than before, ``refused`` the rows of a
    batch that were left out.
    """

    said: str
    change: ActorChange | None
    names: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()


class Curation(Repository):
    """Edits of actors and facts marked as wrong; part of the Store, at ``store.curation``."""

    def change_actor(self, workspace: str, edit: Edit, person: str, now: datetime) -> EditResult:
        """Apply an edit and log it, in one transaction; on BadEdit nothing is written.

        An edit that changes nothing is not logged.
        """
        with self._write() as connection:
            known = _known(connection, workspace, edit)
            return _apply(connection, known, decide(edit, known), person, now)

    def undo_change(
        self, workspace: str, seq: int | None, person: str, now: datetime
    ) -> EditResult:
        """Undo a change, by default the newest in force; the undo is logged too.

        Raises BadEdit if there is no such change or later changes depend on it.
        """
        with self._write() as connection:
            line = _line(connection, workspace, seq)
            if not line.after:
                return _unmark(connection, line, person, now)
            known = _known(connection, workspace, TakeIn())
            done = _apply(connection, known, undo(line, known), person, now)
            connection.execute(_UNDONE, {"w": workspace, "n": line.seq})
            return done

    def mark_wrong(
        self,
        workspace: str,
        audiences: Collection[str],
        key: str,
        fault: Fault,
        person: str,
        now: datetime,
        worded: Callable[[Fact], str],
    ) -> EditResult:
        """Mark a fact that these audiences may see as wrong, and log it, in one transaction.

        ``worded`` is the text shown, for the log. Raises BadEdit if there is no such fact, or its
        article no longer reports it.
        """
        with self._write() as connection:
            found = visible_fact(connection, workspace, audiences, key)
            if found is not None and is_wrong(connection, workspace, key):
                return EditResult("That fact is marked wrong already.", None)
            if found is None or not found[1]:
                raise BadEdit(
                    "That fact is not among what is stored for you here any more.", about=key
                )
            said = f"Marked wrong ({fault}): {worded(found[0])}."
            line = _log(connection, workspace, key, WRONG_OP, said, person, now)
            mark_fact(connection, workspace, key, line.seq, fault, now)
            return EditResult(said, line)

    def log(self, workspace: str, actor: str | None = None, limit: int = 50) -> list[ActorChange]:
        """Return the newest changes first, of one actor (or marked fact) if one is named."""
        found: list[ActorChange] = []
        with self._read() as connection:
            for row in connection.execute(_LINES, {"w": workspace}).mappings():
                if len(found) == limit:
                    break
                line = _read_line(row)
                if actor is None or actor == line.actor or actor in line.after:
                    found.append(line)
        return found

    own = reads(actors.own)

    def changed_since(self, after: int) -> tuple[int, set[str]]:
        """Return the number of the last change, and the workspaces whose actors changed since.

        SEED stands for all workspaces. All changes count, those of articles too, so that none is
        looked at twice.
        """
        with self._read() as connection:
            last = last_seq(connection)
            if last <= after:
                return after, set()
            rows = connection.execute(_NEWS, {"after": after, "last": last})
            return last, set(rows.scalars())

    # --- for reading again ----------------------------------------------------------

    def audiences(self, workspace: str) -> list[str]:
        """Return every audience that has an article in the workspace."""
        return [row.audience for row in self._all(_AUDIENCES, {"w": workspace})]

    def articles_naming(
        self, workspace: str, ids: Collection[str], texts: Collection[str], limit: int
    ) -> list[str]:
        """Return articles in which these texts name these actors, ignoring case; by id."""
        found: set[str] = set()
        folded = {text.casefold() for text in texts}
        with self._read() as connection:
            for key, alias in rows_in(connection, _NAMING, workspace, ids):
                if len(found) < limit and alias.casefold() in folded:
                    found.add(key)
        return sorted(found)

    def articles_after(self, workspace: str, after: str, limit: int) -> list[str]:
        """Return the ids of live articles above this id, in order."""
        asked = {"w": workspace, "after": after, "limit": limit}
        return [row.id for row in self._all(_AFTER, asked)]


def _known(connection: sa.Connection, workspace: str, edit: Edit) -> Known:
    """Queries of an edit, inside its transaction; a batch is read at once."""
    seeds: dict[str, Actor | None] = {}
    edits: dict[str, Own] = {}

    def fetch(ids: set[str]) -> None:
        seeds.update(dict.fromkeys(ids) | actors.actor_rows(connection, SEED, ids))
        edits.update(dict.fromkeys(ids, NOTHING) | actors.own(connection, workspace, ids))

    if isinstance(edit, TakeIn):
        fetch(
            {one.id for one in edit.actors}
            | {key for term in edit.tenures for key in (term.office, term.person)}
            | {key for key, _ in (*edit.hidden, *edit.aliases)}
            | {key for pair in edit.merged for key in pair}
        )

    def seed(key: str) -> Actor | None:
        if key not in seeds:
            fetch({key})
        return seeds[key]

    def own(key: str) -> Own:
        seed(key)
        return edits[key]

    def owners(text: str) -> tuple[str, ...]:
        found = actors.owners(connection, workspace, text)
        return tuple(key for key in found if _has(whole(seed(key), own(key)), text))

    return Known(workspace, seed, own, owners, partial(actors.dependents, connection, workspace))


def _has(actor: Actor | None, text: str) -> bool:
    """Return whether the actor has this name, and does not hide it."""
    if actor is None:
        return False
    names = (actor.name, *(alias.text for alias in actor.aliases))
    return text.casefold() in (name.casefold() for name in names)


def _apply(
    connection: sa.Connection, known: Known, decided: Decided, person: str, now: datetime
) -> EditResult:
    if not decided.after:
        return EditResult(decided.said, None, (), decided.refused)
    workspace, after = known.workspace, dict(decided.after)
    before = {key: known.own(key) for key in after}
    line = _log(
        connection, workspace, decided.actor, decided.op, decided.said, person, now, before, after
    )
    actors.write_own(connection, workspace, after)
    keys = sorted(after) if len(after) <= _MOST_LOGGED else ["*"]
    record_changes(connection, workspace, "actor", keys, "put")
    return EditResult(decided.said, line, decided.names, decided.refused)


def _unmark(connection: sa.Connection, line: ActorChange, person: str, now: datetime) -> EditResult:
    """Undo the mark of a wrong fact, and log that."""
    number = f"#{line.seq}"
    if line.undone:
        raise BadEdit(f"Change {number} is undone already.", about=number)
    if line.op != WRONG_OP:
        raise BadEdit(
            f"Change {number} took the mark of a wrong fact back: mark the fact again instead.",
            about=number,
        )
    said = f"Undid {number}: {line.said}"
    new = _log(connection, line.workspace, line.actor, "undo", said, person, now)
    unmark_fact(connection, line.workspace, line.seq)
    connection.execute(_UNDONE, {"w": line.workspace, "n": line.seq})
    return EditResult(said, new)


def _log(
    connection: sa.Connection,
    workspace: str,
    about: str,
    op: str,
    said: str,
    person: str,
    now: datetime,
    before: Mapping[str, Own] = MappingProxyType({}),
    after: Mapping[str, Own] = MappingProxyType({}),
) -> ActorChange:
    """Write an entry of the log under the next number."""
    line = ActorChange(
        workspace=workspace,
        seq=advance(connection, f"actor_change {workspace}", 1),
        actor=about,
        op=op,
        said=said,
        before=dict(before),
        after=dict(after),
        person=person,
        at=now,
    )
    connection.execute(_LOG, _written(line))
    return line


def _written(line: ActorChange) -> dict[str, Any]:
    after = {"said": line.said, "own": _edits.dump_python(line.after, mode="json")}
    return {
        **line.model_dump(exclude={"before", "after", "said"}),
        "before": _edits.dump_json(line.before).decode(),
        "after": json.dumps(after, ensure_ascii=False),
    }


def _line(connection: sa.Connection, workspace: str, seq: int | None) -> ActorChange:
    if seq is not None:
        row = connection.execute(_LINE, {"w": workspace, "n": seq}).mappings().one_or_none()
        if row is None:
            raise BadEdit(
                f"There is no change #{seq}.",
                about=f"#{seq}",
                hint="`dragoman actors log` lists them.",
            )
        return _read_line(row)
    for row in connection.execute(_LINES, {"w": workspace}).mappings():
        if not row["undone"] and row["op"] != "undo":
            return _read_line(row)
    raise BadEdit("There is no change to undo.", about=workspace)


def _read_line(row: Any) -> ActorChange:
    values = dict(row)
    after = json.loads(values["after"])
    values |= {"said": after["said"], "after": after["own"], "before": json.loads(values["before"])}
    return ActorChange.model_validate(values)
