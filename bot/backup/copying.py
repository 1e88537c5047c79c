"""Copy one store to another: in batches, resumable after an interruption, verified.

The source is read in one snapshot, without later writes. Until everything is verified, the target
is marked as unfinished, and nothing opens it. A resumed copy keeps the rows of the target if the
source still begins with them; else it copies that table, and those that refer to it, again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Table, delete
from sqlalchemy.engine import URL

from bot.backup import loading
from bot.backup.places import filled, is_empty, reading, refusal
from bot.backup.rows import (
    BATCH,
    Content,
    Progress,
    Row,
    Shape,
    Sum,
    batched,
    counted,
    shape_of,
    shapes,
    stream,
    summed,
    table_of,
    writer,
)
from bot.errors import StoreError
from bot.store import changes, engine
from bot.store.migrate import migrate
from bot.store.tables import mark, metadata

_MARKS = shape_of(mark)


class Copied(NamedTuple):
    """A copied table: its rows in the source, and whether the target has the same."""

    table: str
    rows: int
    same: bool


def copy(
    source: str, target: str, progress: Progress | None = None, *, batch: int = BATCH
) -> list[Copied]:
    """Copy a store, or resume a copy, and compare both, table by table.

    Keeps ids, the numbers of changes and the id of the store. If the target is complete, both
    are only compared. Raises StoreError if there is no source, it is not at the newest schema, or
    the target has other data or is in use.
    """
    of, to = engine.parse(source), engine.parse(target)
    if engine.place_of(of) == engine.place_of(to):
        raise StoreError(
            "The store and its copy are the same: name another place.", about=engine.place_of(of)
        )
    if to.get_backend_name() == "sqlite":
        loading.check_file_alone(Path(str(to.database)))
    with reading(of) as (snapshot, store):
        engines = engine.connect(to)
        try:
            return _Copying(snapshot, of, engines, to, progress, batch).run(store)
        finally:
            engines.dispose()


class _Copying:
    def __init__(
        self,
        snapshot: Connection,
        of: URL,
        engines: engine.Engines,
        to: URL,
        progress: Progress | None,
        batch: int,
    ) -> None:
        self._snapshot, self._of = snapshot, engine.place_of(of)
        self._engines, self._to = engines, engine.place_of(to)
        self._progress = progress or (lambda _table, _done, _total: None)
        self._batch = batch
        self._begun: set[str] = set()  # the tables with rows in the target

    def run(self, store: str) -> list[Copied]:
        whole = self._begin(store)
        taken = self._summed if whole else self._copied
        full = filled(self._snapshot) | self._begun
        contents = [
            taken(shape) if shape.name in full else Sum().of(shape)
            for shape in shapes()
            if shape != _MARKS
        ]
        found = self._compared(contents)
        if whole and not all(one.same for one in found):
            raise refusal(
                self._to, "it is a copy that has been used, or is older than its source now"
            )
        if all(one.same for one in found):
            if not whole:
                self._finish()
            found += self._compared([self._summed(_MARKS)])
        return found

    def _begin(self, store: str) -> bool:
        """Prepare the target; return whether it is already a complete copy of this store."""
        with engine.in_words(self._to), self._engines.writer.begin() as connection:
            loading.be_patient(connection)
            loading.check_alone(connection, self._to)
            migrate(connection, self._to)
            self._begun = filled(connection)
            begun = changes.mark_of(connection, changes.UNFINISHED)
            if begun == store:
                return False
            if not is_empty(connection):
                if begun is None and changes.name_of(connection) == store:
                    return True
                raise refusal(self._to, "name a new file, or an empty database")
            changes.set_mark(connection, changes.UNFINISHED, store)
        return False

    def _finish(self) -> None:
        with engine.in_words(self._to), self._engines.writer.begin() as connection:
            loading.be_patient(connection)
            loading.settle(connection, metadata.sorted_tables)
            # The marks of the source, with the id of the store: now the target may be opened.
            connection.execute(delete(mark))
            loading.load(connection, mark, list(stream(self._snapshot, _MARKS, self._of)))

    def _copied(self, shape: Shape) -> Content:
        """Copy a table, or its rest; delete rows that the source does not have."""
        with closing(stream(self._snapshot, shape, self._of)) as rows:
            total = Sum()
            if self._is_prefix(shape, rows, total):
                self._store(shape, rows, total)
                return total.of(shape)
        self._empty(shape)
        with closing(stream(self._snapshot, shape, self._of)) as rows:
            total = Sum()
            self._store(shape, rows, total)
        return total.of(shape)

    def _is_prefix(self, shape: Shape, rows: Iterator[Row], total: Sum) -> bool:
        """Return whether the source begins with the target's rows; consumes as many of ``rows``."""
        if shape.name not in self._begun:
            return True
        line = writer(shape)
        with engine.in_words(self._to), self._engines.reader.begin() as connection:
            for there in stream(connection, shape, self._to):
                row = next(rows, None)
                if row is None or (ours := line(row)) != line(there):
                    return False
                total.add(ours)
        return True

    def _store(self, shape: Shape, rows: Iterator[Row], total: Sum) -> None:
        line, table = writer(shape), table_of(shape)
        all_of_them = counted(self._snapshot, shape)
        self._progress(shape.name, total.rows, all_of_them)
        for batch in batched(((row, line(row)) for row in rows), self._batch):
            with engine.in_words(self._to), self._engines.writer.begin() as connection:
                loading.load(connection, table, [row for row, _ in batch])
            for _, each in batch:
                total.add(each)
            self._progress(shape.name, total.rows, all_of_them)

    def _empty(self, shape: Shape) -> None:
        """Empty a table of the target, after those that refer to it."""
        with engine.in_words(self._to), self._engines.writer.begin() as connection:
            loading.be_patient(connection)
            for table in reversed(_with_those_that_refer(metadata.tables[shape.name])):
                connection.execute(delete(table))

    def _summed(self, shape: Shape) -> Content:
        return summed(self._snapshot, shape, self._of)

    def _compared(self, contents: Sequence[Content]) -> list[Copied]:
        found = []
        with engine.in_words(self._to), self._engines.reader.begin() as connection:
            full = filled(connection)
            for content in contents:
                shape = content.shape
                self._progress(f"{shape.name}, compared", 0, content.rows)
                there = Sum().of(shape)
                if shape.name in full:
                    there = summed(connection, shape, self._to)
                found.append(Copied(shape.name, content.rows, there == content))
        return found


def _with_those_that_refer(table: Table) -> list[Table]:
    """Return a table and all that refer to it, directly or not, in filling order."""
    found = {table}
    for other in metadata.sorted_tables:
        if any(key.referred_table in found for key in other.foreign_key_constraints):
            found.add(other)
    return [one for one in metadata.sorted_tables if one in found]
