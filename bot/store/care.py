"""Where edits of actors, and marks of wrong facts, are applied and logged, and undone."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import BindParameter, Connection, bindparam, insert, select, update

from bot.errors import BadEdit
from bot.match.care import decide, undo
from bot.match.edits import NOTHING, Decided, Known, Refusal, whole
from bot.models import SEED, Actor, ActorChange, Edit, Fact, Fault, Own, TakeIn
from bot.store import actors, queries, wrong
from bot.store.sql import advance, chunks
from bot.store.tables import actor_change, article, change, mention
from bot.store.writing import record_changes

_said = TypeAdapter(dict[str, Own])
_workspace: BindParameter[Any] = bindparam("w")

_LOG = insert(actor_change)
_LINE = select(actor_change).where(
    actor_change.c.workspace == _workspace, actor_change.c.seq == bindparam("n")
)
_LINES = (
    select(actor_change)
    .where(actor_change.c.workspace == _workspace)
    .order_by(actor_change.c.seq.desc())
)
_UNDONE = (
    update(actor_change)
    .where(actor_change.c.workspace == _workspace, actor_change.c.seq == bindparam("n"))
    .values(undone=True)
)
_NEWS = (
    select(change.c.workspace)
    .where(
        change.c.seq > bindparam("after"),
        change.c.seq <= bindparam("last"),
        change.c.kind == "actor",
    )
    .distinct()
)

_AUDIENCES = (
    select(article.c.audience)
    .where(article.c.workspace == _workspace)
    .distinct()
    .order_by("audience")
)
_NAMING = (
    select(mention.c.article, mention.c.alias)
    .where(mention.c.workspace == _workspace, mention.c.actor.in_(bindparam("ids", expanding=True)))
    .distinct()
)
_AFTER = (
    select(article.c.id)
    .where(article.c.workspace == _workspace, article.c.id > bindparam("after"))
    .where(article.c.tombstoned_at.is_(None))
    .order_by(article.c.id)
    .limit(bindparam("limit"))
)

_TOLD_APART = 50
"""More actors than this in one change are told to those who follow as all of them."""


class Done(NamedTuple):
    """What became of an edit: ``change`` is its line of the log, None where nothing changed.

    ``names`` are the texts that name somebody else than before, ``refused`` the rows of a
    batch that were left out.
    """

    said: str
    change: ActorChange | None
    names: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()


class Care:
    """What a workspace says of actors; a part of the store, reached as ``store.care``."""

    def __init__(
        self,
        write: Callable[[], AbstractContextManager[Connection]],
        read: Callable[[], AbstractContextManager[Connection]],
    ) -> None:
        self._write = write
        self._read = read

    def change_actor(self, workspace: str, edit: Edit, person: str, now: datetime) -> Done:
        """Apply an edit and log it, in one transaction; raises BadEdit, and nothing is written.

        An edit that says what is so already is not logged.
        """
        with self._write() as connection:
            known = _known(connection, workspace, edit)
            return _apply(connection, known, decide(edit, known), person, now)

    def undo_change(self, workspace: str, seq: int | None, person: str, now: datetime) -> Done:
        """Take a change back, by default the newest that stands; the undoing is logged too.

        Raises BadEdit where there is no such change or something was built on it.
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
    ) -> Done:
        """Mark a fact that these audiences may see as wrong, and log it, in one transaction.

        ``worded`` says for the log what was read. Raises BadEdit where there is no such fact,
        or its article no longer tells it.
        """
        with self._write() as connection:
            found = wrong.seen(connection, workspace, audiences, key)
            if found is not None and wrong.is_wrong(connection, workspace, key):
                return Done("That fact is marked wrong already.", None)
            if found is None or not found[1]:
                raise BadEdit(
                    "That fact is not among what is stored for you here any more.", about=key
                )
            said = f"Marked wrong ({fault}): {worded(found[0])}."
            line = _log(connection, workspace, key, wrong.OP, said, person, now)
            wrong.mark(connection, workspace, key, line.seq, fault, now)
            return Done(said, line)

    def log(self, workspace: str, actor: str | None = None, limit: int = 50) -> list[ActorChange]:
        """The newest changes first, of one actor (or marked fact) where one is named."""
        found: list[ActorChange] = []
        with self._read() as connection:
            for row in connection.execute(_LINES, {"w": workspace}).mappings():
                if len(found) == limit:
                    break
                line = _read_line(row)
                if actor is None or actor == line.actor or actor in line.after:
                    found.append(line)
        return found

    def own(self, workspace: str) -> dict[str, Own]:
        """All that the workspace says of its own, by actor id."""
        with self._read() as connection:
            return actors.own(connection, workspace)

    def seeds(self) -> dict[str, Actor]:
        """The seed actors by id."""
        with self._read() as connection:
            return actors.rows(connection, SEED)

    def news(self, after: int) -> tuple[int, set[str]]:
        """Whose actors changed above this number (SEED: everybody's), and up to which one.

        All changes are passed over, those of articles too, so that none is looked at twice.
        """
        with self._read() as connection:
            last = queries.last_seq(connection)
            if last <= after:
                return after, set()
            rows = connection.execute(_NEWS, {"after": after, "last": last})
            return last, set(rows.scalars())

    # --- what reading again needs ---------------------------------------------------

    def audiences(self, workspace: str) -> list[str]:
        """Everybody whom an article of the workspace is for."""
        with self._read() as connection:
            return list(connection.execute(_AUDIENCES, {"w": workspace}).scalars())

    def naming(
        self, workspace: str, ids: Collection[str], texts: Collection[str], limit: int
    ) -> list[str]:
        """Articles in which these actors are named by these texts, whatever their case; by id."""
        found: set[str] = set()
        folded = {text.casefold() for text in texts}
        with self._read() as connection:
            for some in chunks(ids):
                for key, alias in connection.execute(_NAMING, {"w": workspace, "ids": some}):
                    if len(found) < limit and alias.casefold() in folded:
                        found.add(key)
        return sorted(found)

    def articles_after(self, workspace: str, after: str, limit: int) -> list[str]:
        """The ids of live articles above this one, in order."""
        asked = {"w": workspace, "after": after, "limit": limit}
        with self._read() as connection:
            return list(connection.execute(_AFTER, asked).scalars())


def _known(connection: Connection, workspace: str, edit: Edit) -> Known:
    """What an edit may ask about, from inside its transaction; a batch is read at once."""
    seeds: dict[str, Actor | None] = {}
    said: dict[str, Own] = {}

    def fetch(ids: set[str]) -> None:
        seeds.update(dict.fromkeys(ids) | actors.rows(connection, SEED, ids))
        said.update(dict.fromkeys(ids, NOTHING) | actors.own(connection, workspace, ids))

    if isinstance(edit, TakeIn):
        fetch(
            {one.id for one in edit.actors}
            | {key for held in edit.tenures for key in (held.office, held.person)}
            | {key for key, _ in (*edit.hidden, *edit.aliases)}
            | {key for pair in edit.merged for key in pair}
        )

    def seed(key: str) -> Actor | None:
        if key not in seeds:
            fetch({key})
        return seeds[key]

    def own(key: str) -> Own:
        seed(key)
        return said[key]

    def owners(text: str) -> tuple[str, ...]:
        found = actors.owners(connection, workspace, text)
        return tuple(key for key in found if _has(whole(seed(key), own(key)), text))

    return Known(workspace, seed, own, owners, partial(actors.leaning, connection, workspace))


def _has(actor: Actor | None, text: str) -> bool:
    """Whether a name is not hidden where the search for it found it."""
    if actor is None:
        return False
    names = (actor.name, *(alias.text for alias in actor.aliases))
    return text.casefold() in (name.casefold() for name in names)


def _apply(
    connection: Connection, known: Known, decided: Decided, person: str, now: datetime
) -> Done:
    if not decided.after:
        return Done(decided.said, None, (), decided.refused)
    workspace, after = known.workspace, dict(decided.after)
    before = {key: known.own(key) for key in after}
    line = _log(
        connection, workspace, decided.actor, decided.op, decided.said, person, now, before, after
    )
    actors.say(connection, workspace, after)
    keys = sorted(after) if len(after) <= _TOLD_APART else ["*"]
    record_changes(connection, workspace, "actor", keys, "put")
    return Done(decided.said, line, decided.names, decided.refused)


def _unmark(connection: Connection, line: ActorChange, person: str, now: datetime) -> Done:
    """Take the mark of a wrong fact back, and log that."""
    number = f"#{line.seq}"
    if line.undone:
        raise BadEdit(f"Change {number} is undone already.", about=number)
    if line.op != wrong.OP:
        raise BadEdit(
            f"Change {number} took the mark of a wrong fact back: mark the fact again instead.",
            about=number,
        )
    said = f"Undid {number}: {line.said}"
    new = _log(connection, line.workspace, line.actor, "undo", said, person, now)
    wrong.unmark(connection, line.workspace, line.seq)
    connection.execute(_UNDONE, {"w": line.workspace, "n": line.seq})
    return Done(said, new)


def _log(
    connection: Connection,
    workspace: str,
    about: str,
    op: str,
    said: str,
    person: str,
    now: datetime,
    before: Mapping[str, Own] = MappingProxyType({}),
    after: Mapping[str, Own] = MappingProxyType({}),
) -> ActorChange:
    """Write a line of the log under the next number."""
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
    after = {"said": line.said, "own": _said.dump_python(line.after, mode="json")}
    return {
        **line.model_dump(exclude={"before", "after", "said"}),
        "before": _said.dump_json(line.before).decode(),
        "after": json.dumps(after, ensure_ascii=False),
    }


def _line(connection: Connection, workspace: str, seq: int | None) -> ActorChange:
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
