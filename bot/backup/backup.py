"""A backup made, while the store is in use; and put back, or not at all.

A backup of one kind of store may be put back into the other. What is put back is made aside
and compared with the backup before it takes the place of what is there: in SQLite it is a
file beside, in PostgreSQL a transaction.
"""

from __future__ import annotations

import io
import lzma
import os
import shutil
import struct
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import IO, NamedTuple, cast

from pydantic import ValidationError
from sqlalchemy import Connection, delete, inspect
from sqlalchemy.engine import URL

from bot import __version__
from bot.backup.places import filled, is_empty, reading, refusal
from bot.backup.rows import (
    BATCH,
    Row,
    Sum,
    Tell,
    counted,
    cut,
    reader,
    shapes,
    stream,
    summed,
    table_of,
    writer,
)
from bot.errors import BadBackup, StoreError, StoreUnavailable
from bot.models.backups import Backup, Content, Shape
from bot.store import changes, engine, loading, sqlite
from bot.store.migrate import HEAD, VERSION, check, is_absent, is_known, migrate, version_of
from bot.store.tables import metadata

_ABOUT = "backup.json"
_CHUNK = 1 << 17
LONGEST = 64_000_000
"""Bytes of a line, and of what a backup tells of itself: more is neither written nor read."""

_LIMIT = f"{LONGEST // 1_000_000} MB"
_LEVEL = 6

# What reading a zip whose bytes are others may raise, as each of its bytes was tried; of an
# encrypted member, or one packed otherwise, RuntimeError.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    ValueError,
    LookupError,
    RuntimeError,
)


class Archive:
    """A backup that is being written. Made by ``written``."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file

    def add(self, shape: Shape, rows: Iterable[Row], total: int, tell: Tell) -> Content:
        """Write a table, of about ``total`` rows; returns what it holds."""
        count, line, waiting = Sum(), writer(shape), bytearray()
        with self._file.open(_member(shape), "w", force_zip64=True) as member:
            for row in rows:
                text = line(row)
                if len(text) > LONGEST:
                    raise BadBackup(
                        f"A row of the table {shape.name} is above {_LIMIT}, which no backup may"
                        " hold: remove the article or request that it belongs to.",
                        about=shape.name,
                    )
                count.add(text)
                waiting += text
                if len(waiting) >= _CHUNK:
                    member.write(waiting)
                    waiting.clear()
                if count.rows % BATCH == 0:
                    tell(shape.name, count.rows, total)
            member.write(waiting)
        tell(shape.name, count.rows, total)
        return count.of(shape)

    def end(self, about: Backup) -> None:
        """Write what it tells of itself: now it is whole."""
        self._file.writestr(_ABOUT, about.model_dump_json(indent=1))


@contextmanager
def written(file: Path) -> Iterator[Archive]:
    """Write a backup to a new file, which nobody else may read; nothing stays of half of one.

    Raises BadBackup where the file is there already, or cannot be written.
    """
    aside = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists():
            raise BadBackup(f"{file} is there already: name another file.", about=str(file))
        try:
            with _for_us_alone(aside) as out:
                with zipfile.ZipFile(
                    out, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL
                ) as packed:
                    yield Archive(packed)
                out.flush()
                os.fsync(out.fileno())
            aside.replace(file)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise BadBackup(
            f"The backup {file} cannot be written ({error.strerror or error}): name a file in a "
            "folder that can be written and has room.",
            about=str(file),
        ) from error


def _for_us_alone(file: Path) -> IO[bytes]:
    file.unlink(missing_ok=True)
    # Tokens are in it.
    return open(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")  # noqa: PTH123


class Kept:
    """A backup that is read. Made by ``opened``."""

    def __init__(self, path: Path, file: zipfile.ZipFile, about: Backup) -> None:
        self._path, self._file, self.about = path, file, about

    def rows(self, shape: Shape) -> Generator[tuple[Row, bytes], None, None]:
        """The rows of a table, each with its line; raises BadBackup where that is damaged."""
        row, what = reader(shape), f"a line of the table {shape.name}"
        with (
            _in_words(self._path),
            self._file.open(_member(shape)) as member,
            io.BufferedReader(cast("io.RawIOBase", member), _CHUNK) as lines,
        ):
            while line := lines.readline(LONGEST + 1):
                _check_length(line, what, self._path)
                yield row(line), line

    def check(self, tell: Tell) -> None:
        """Read it through; raises BadBackup where a table is not what was written."""
        for content in self.about.contents:
            count, name = Sum(), content.shape.name
            for _, line in self.rows(content.shape):
                count.add(line)
                if count.rows % BATCH == 0:
                    tell(f"{name}, checked", count.rows, content.rows)
            if count.of(content.shape) != content:
                raise _damaged(self._path, f"the table {name} is not what was written")


@contextmanager
def opened(file: Path) -> Iterator[Kept]:
    """Open a backup; raises BadBackup where it is none, or was cut short."""
    with ExitStack() as stack:
        with _in_words(file):
            packed = stack.enter_context(zipfile.ZipFile(file))
            with packed.open(_ABOUT) as member:
                told = member.read(LONGEST + 1)
            _check_length(told, _ABOUT, file)
            about = Backup.model_validate_json(told)
        yield Kept(file, packed, about)


@contextmanager
def _in_words(file: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise BadBackup(f"There is no file {file}.", about=str(file)) from error
    except OSError as error:
        raise BadBackup(
            f"The backup {file} cannot be read ({error.strerror or error}): check the file and "
            "its disk.",
            about=str(file),
        ) from error
    except ValidationError as error:
        raise _damaged(file, f"{_ABOUT} is of another form") from error
    except _DAMAGE as error:
        said = str(error.args[0]) if error.args else type(error).__name__
        raise _damaged(file, said.strip().rstrip(".")) from error


def _check_length(read: bytes, what: str, file: Path) -> None:
    """Raise BadBackup where more than LONGEST bytes were read at once."""
    if len(read) > LONGEST:
        raise _damaged(file, f"{what} is above {_LIMIT}")


def _damaged(file: Path, why: str) -> BadBackup:
    return BadBackup(
        f"{file} is no backup of Dragoman, or is damaged ({why}): take another one.",
        about=str(file),
    )


def _member(shape: Shape) -> str:
    return f"tables/{shape.name}.jsonl"


_REPLACE = "name another place, or give --replace, and all that Dragoman has in it goes"


class Made(NamedTuple):
    """A backup: where it is, how many bytes it has, and what it tells of itself."""

    file: Path
    size: int
    about: Backup


def _quiet(_table: str, _done: int, _total: int) -> None:
    return


def backup(url: str, to: Path, *, now: datetime, tell: Tell = _quiet) -> Made:
    """Write all that a store holds at one moment to a file, while others write to the store.

    ``to`` is the file, or a folder, in which it is named after ``now``. A damaged file of
    SQLite is refused. Raises StoreError, StoreUnavailable or BadBackup, and then leaves no file.
    """
    of = engine.parse(url)
    where = engine.place_of(of)
    file = to / f"dragoman-{now:%Y%m%d-%H%M%S}.zip" if to.is_dir() else to
    with reading(of) as (snapshot, store):
        loading.check_sound(snapshot, where)
        contents = []
        with written(file) as archive:
            full = filled(snapshot)
            for shape in shapes():
                total = counted(snapshot, shape) if shape.name in full else 0
                with closing(stream(snapshot, shape, where)) as rows:
                    contents.append(archive.add(shape, rows, total, tell))
            about = Backup(
                program=__version__,
                revision=HEAD,
                store=store,
                made_at=now,
                contents=tuple(contents),
            )
            archive.end(about)
    return Made(file, file.stat().st_size, about)


def checked(file: Path, tell: Tell = _quiet) -> Backup:
    """Read a backup through; raises BadBackup where it is damaged, StoreError where newer."""
    with opened(file) as kept:
        _check(kept, file, tell)
        return kept.about


def restore(url: str, file: Path, *, replace: bool = False, tell: Tell = _quiet) -> Backup:
    """Put a backup back where nothing is, or with ``replace`` in place of what is there.

    Tables that are not Dragoman's stay as they are. It gets an id of its own, so that every
    index of the store before is built anew. Whatever is raised (BadBackup, StoreError,
    StoreUnavailable), nothing has changed then.
    """
    to = engine.parse(url)
    with opened(file) as kept:
        _check(kept, file, tell)
        put = _into_file if to.get_backend_name() == "sqlite" else _into_database
        put(kept, to, replace, tell)
        return kept.about


def _check(kept: Kept, file: Path, tell: Tell) -> None:
    check(kept.about.revision, str(file))
    named = {content.shape.name for content in kept.about.contents}
    if others := sorted(named - _tables_of(kept.about.revision)):
        raise BadBackup(
            f"{file} names a table that is not Dragoman's ({others[0]}): take another one.",
            about=str(file),
        )
    kept.check(tell)


@cache
def _tables_of(revision: str) -> frozenset[str]:
    """The tables of a schema of ours, in whatever database; an older one is made in memory."""
    if revision == HEAD:
        return frozenset(metadata.tables)
    made = loading.unwatched_engine(URL.create("sqlite"))
    with made.begin() as connection:
        migrate(connection, "in memory", revision)
        return frozenset(inspect(connection).get_table_names()) - {VERSION.name}


def _clear(connection: Connection, version: str) -> None:
    """Drop the tables of a store, and leave an empty one to be made in the same place."""
    ours = _tables_of(version)
    loading.drop(
        connection, [one.name for one in reversed(metadata.sorted_tables) if one.name in ours]
    )
    connection.execute(delete(VERSION))


def _into_file(kept: Kept, to: URL, replace: bool, tell: Tell) -> None:
    where = engine.place_of(to)
    file = Path(str(to.database))
    if not replace and not _has_nothing(to):
        raise refusal(where, _REPLACE)
    _check_unused(file)
    version = _shared_at(file) if replace else None
    sqlite.make_folder(to)
    aside = file.with_name(f"{file.name}.restoring")
    made = loading.unwatched_engine(to.set(database=str(aside)))
    try:
        _remove(aside)
        if version is not None:
            shutil.copyfile(file, aside)
        with engine.in_words(str(aside)), made.begin() as connection:
            if version is not None:
                _clear(connection, version)
            _fill(connection, kept, where, tell)
        with engine.in_words(str(aside)), made.connect() as connection:
            loading.check_sound(connection, str(aside))
        made.dispose()
        _take_place(aside, file)
    except OSError as error:
        raise StoreUnavailable(
            f"The store {where} cannot be put back ({error.strerror or error}): make its folder "
            "writable, with room for one more store.",
            about=where,
        ) from error
    finally:
        made.dispose()
        _remove(aside)


def _shared_at(file: Path) -> str | None:
    """The schema of the store in a file that others have tables or views in, too; else None.

    None of a file that is not there, or is damaged. Raises StoreError where which tables are
    whose cannot be told: in another program's file, or beside a store of a newer schema.
    """
    if not file.exists():
        return None
    made = loading.unwatched_engine(URL.create("sqlite", database=str(file)))
    try:
        with engine.in_words(str(file)), made.connect() as connection:
            version = version_of(connection)
            there = inspect(connection)
            names = {*there.get_table_names(), *there.get_view_names()} - {VERSION.name}
    except StoreUnavailable:
        raise
    except StoreError:
        return None  # one that is damaged is what a backup is for
    finally:
        made.dispose()
    if version is None:
        return None
    if version and not is_known(version):
        if others := sorted(names - _tables_of(HEAD)):
            raise StoreError(
                f"The store {file} is of a newer version, and has tables that may be another"
                f" program's ({others[0]}): move the file away first.",
                about=str(file),
            )
        return None
    check(version, str(file))
    return version if names - _tables_of(version) else None


def _has_nothing(to: URL) -> bool:
    if is_absent(to):
        return True
    engines = engine.connect(to)
    try:
        with engine.in_words(engine.place_of(to)), engines.reader.begin() as connection:
            return version_of(connection) != "" and is_empty(connection)
    finally:
        engines.dispose()


def _take_place(aside: Path, file: Path) -> None:
    with aside.open("rb+") as whole:
        os.fsync(whole.fileno())
    _check_unused(file)
    for ending in ("-wal", "-shm"):
        file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)
    aside.replace(file)


def _check_unused(file: Path) -> None:
    try:
        loading.check_file_alone(file)
    except StoreUnavailable:
        raise
    except StoreError:
        return  # one that is damaged is what a backup is for


def _remove(file: Path) -> None:
    for ending in ("", "-journal", "-wal", "-shm"):
        file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)


def _into_database(kept: Kept, to: URL, replace: bool, tell: Tell) -> None:
    where = engine.place_of(to)
    engines = engine.connect(to)
    try:
        with engine.in_words(where), engines.writer.begin() as connection:
            loading.be_patient(connection)
            version = version_of(connection)
            check(version, where)
            loading.check_alone(connection, where)
            if version is not None:
                if not replace and not is_empty(connection):
                    raise refusal(where, _REPLACE)
                _clear(connection, version)
            _fill(connection, kept, where, tell)
    finally:
        engines.dispose()


def _fill(connection: Connection, kept: Kept, where: str, tell: Tell) -> None:
    """Make the tables as they were, put the rows in and compare them; then bring all up to date."""
    migrate(connection, where, kept.about.revision)
    for content in kept.about.contents:
        with closing(kept.rows(content.shape)) as rows:
            done = 0
            for batch in cut(rows, BATCH):
                loading.load(connection, table_of(content.shape), [row for row, _ in batch])
                done += len(batch)
                tell(content.shape.name, done, content.rows)
    for content in kept.about.contents:
        if not content.rows:
            continue
        tell(f"{content.shape.name}, compared", 0, content.rows)
        if summed(connection, content.shape, where) != content:
            raise StoreError(
                f"The table {content.shape.name} came back otherwise than it is in the backup: "
                "nothing was changed; check the disk and the memory of this machine.",
                about=where,
            )
    migrate(connection, where)
    changes.name_anew(connection)
    loading.settle(connection, metadata.sorted_tables)
