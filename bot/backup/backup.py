"""Back up a store while it is in use, and restore it completely or not at all.

A backup of one kind of store can be restored into the other. The restored store is built apart and
compared with the backup before it replaces the existing one: in SQLite in a file next to it, in
PostgreSQL in a transaction.
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
from bot.backup import loading
from bot.backup.places import filled, is_empty, reading, refusal
from bot.backup.rows import (
    BATCH,
    Backup,
    Content,
    Progress,
    Row,
    Shape,
    Sum,
    batched,
    counted,
    reader,
    shapes,
    stream,
    summed,
    table_of,
    writer,
)
from bot.errors import BadBackup, StoreError, StoreUnavailable
from bot.store import changes, engine, sqlite
from bot.store.migrate import BASE, HEAD, VERSION, check, is_absent, is_known, migrate, version_of
from bot.store.tables import metadata

_ABOUT = "backup.json"
_CHUNK = 1 << 17
LONGEST = 64_000_000
"""The most bytes of a line, and of the description of a backup."""

_LIMIT = f"{LONGEST // 1_000_000} MB"
_LEVEL = 6

# The errors of reading a damaged zip, found by changing each of its bytes; RuntimeError for an
# encrypted member or an unknown compression.
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
    """A backup that is being written; see ``create_archive``."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file

    def add(self, shape: Shape, rows: Iterable[Row], total: int, progress: Progress) -> Content:
        """Write a table of about ``total`` rows; return a summary of its content."""
        count, line, waiting = Sum(), writer(shape), bytearray()
        with self._file.open(_member(shape), "w", force_zip64=True) as member:
            for row in rows:
                text = line(row)
                if len(text) > LONGEST:
                    raise BadBackup(
                        f"A row of the table {shape.name} is above {_LIMIT}, the limit of a"
                        " backup: remove the article or request that it belongs to.",
                        about=shape.name,
                    )
                count.add(text)
                waiting += text
                if len(waiting) >= _CHUNK:
                    member.write(waiting)
                    waiting.clear()
                if count.rows % BATCH == 0:
                    progress(shape.name, count.rows, total)
            member.write(waiting)
        progress(shape.name, count.rows, total)
        return count.of(shape)

    def end(self, about: Backup) -> None:
        """Write the description, which completes the backup."""
        self._file.writestr(_ABOUT, about.model_dump_json(indent=1))


@contextmanager
def create_archive(file: Path) -> Iterator[Archive]:
    """Write a backup to a new file that only our user may read; delete a partial file.

    Raises BadBackup if the file exists, or cannot be written.
    """
    temporary = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists():
            raise BadBackup(f"{file} already exists: name another file.", about=str(file))
        try:
            with _open_private(temporary) as out:
                with zipfile.ZipFile(
                    out, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL
                ) as packed:
                    yield Archive(packed)
                out.flush()
                os.fsync(out.fileno())
            temporary.replace(file)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise BadBackup(
            f"The backup {file} cannot be written ({error.strerror or error}): name a file in a "
            "folder that can be written and has room.",
            about=str(file),
        ) from error


def _open_private(file: Path) -> IO[bytes]:
    file.unlink(missing_ok=True)
    # It contains tokens.
    return open(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")  # noqa: PTH123


class BackupFile:
    """A backup opened for reading; see ``open_backup``."""

    def __init__(self, path: Path, file: zipfile.ZipFile, about: Backup) -> None:
        self._path, self._file, self.about = path, file, about

    def rows(self, shape: Shape) -> Generator[tuple[Row, bytes], None, None]:
        """Yield the rows of a table, each with its line; raise BadBackup if a line is damaged."""
        row, what = reader(shape), f"a line of the table {shape.name}"
        with (
            _in_words(self._path),
            self._file.open(_member(shape)) as member,
            io.BufferedReader(cast("io.RawIOBase", member), _CHUNK) as lines,
        ):
            while line := lines.readline(LONGEST + 1):
                _check_length(line, what, self._path)
                yield row(line), line

    def check(self, progress: Progress) -> None:
        """Read the whole backup; raise BadBackup if a table differs from its summary."""
        for content in self.about.contents:
            count, name = Sum(), content.shape.name
            for _, line in self.rows(content.shape):
                count.add(line)
                if count.rows % BATCH == 0:
                    progress(f"{name}, checked", count.rows, content.rows)
            if count.of(content.shape) != content:
                raise _damaged(self._path, f"the table {name} is not what was written")


@contextmanager
def open_backup(file: Path) -> Iterator[BackupFile]:
    """Open a backup; raise BadBackup if it is not one, or is incomplete."""
    with ExitStack() as stack:
        with _in_words(file):
            packed = stack.enter_context(zipfile.ZipFile(file))
            with packed.open(_ABOUT) as member:
                described = member.read(LONGEST + 1)
            _check_length(described, _ABOUT, file)
            about = Backup.model_validate_json(described)
        yield BackupFile(file, packed, about)


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
        reason = str(error.args[0]) if error.args else type(error).__name__
        raise _damaged(file, reason.strip().rstrip(".")) from error


def _check_length(read: bytes, what: str, file: Path) -> None:
    """Raise BadBackup if more than LONGEST bytes were read at once."""
    if len(read) > LONGEST:
        raise _damaged(file, f"{what} is above {_LIMIT}")


def _damaged(file: Path, why: str) -> BadBackup:
    return BadBackup(
        f"{file} is not a Dragoman backup, or is damaged ({why}): take another one.",
        about=str(file),
    )


def _member(shape: Shape) -> str:
    return f"tables/{shape.name}.jsonl"


_REPLACE = "name another place, or give --replace, and all that Dragoman has in it goes"


class Made(NamedTuple):
    """A backup: its file, its size in bytes, and its description."""

    file: Path
    size: int
    about: Backup


def _quiet(_table: str, _done: int, _total: int) -> None:
    return


def backup(url: str, to: Path, *, now: datetime, progress: Progress = _quiet) -> Made:
    """Write a snapshot of a store to a file, while others may write to the store.

    ``to`` is the file, or a folder, in which the file is named after ``now``. A damaged SQLite
    file is refused. Raises StoreError, StoreUnavailable or BadBackup, and then leaves no file.
    """
    of = engine.parse(url)
    where = engine.place_of(of)
    file = to / f"dragoman-{now:%Y%m%d-%H%M%S}.zip" if to.is_dir() else to
    with reading(of) as (snapshot, store):
        loading.check_sound(snapshot, where)
        contents = []
        with create_archive(file) as archive:
            full = filled(snapshot)
            for shape in shapes():
                total = counted(snapshot, shape) if shape.name in full else 0
                with closing(stream(snapshot, shape, where)) as rows:
                    contents.append(archive.add(shape, rows, total, progress))
            about = Backup(
                program=__version__,
                revision=HEAD,
                store=store,
                made_at=now,
                contents=tuple(contents),
            )
            archive.end(about)
    return Made(file, file.stat().st_size, about)


def checked(file: Path, progress: Progress = _quiet) -> Backup:
    """Read a whole backup; raise BadBackup if it is damaged, StoreError for another schema."""
    with open_backup(file) as kept:
        _check(kept, file, progress)
        return kept.about


def restore(url: str, file: Path, *, replace: bool = False, progress: Progress = _quiet) -> Backup:
    """Restore a backup into an empty place, or with ``replace`` over an existing store.

    Tables that are not Dragoman's stay as they are. The store gets a new id, so that every index
    is rebuilt. If BadBackup, StoreError or StoreUnavailable is raised, nothing has changed.
    """
    to = engine.parse(url)
    with open_backup(file) as kept:
        _check(kept, file, progress)
        put = _into_file if to.get_backend_name() == "sqlite" else _into_database
        put(kept, to, replace, progress)
        return kept.about


def _check(kept: BackupFile, file: Path, progress: Progress) -> None:
    _check_schema(kept.about.revision, file)
    named = {content.shape.name for content in kept.about.contents}
    if others := sorted(named - _tables_of(kept.about.revision)):
        raise BadBackup(
            f"{file} names a table that is not Dragoman's ({others[0]}): take another one.",
            about=str(file),
        )
    kept.check(progress)


def _check_schema(revision: str, file: Path) -> None:
    """Raise StoreError if a backup's schema cannot be restored by this version."""
    if is_known(revision):
        return
    if revision < BASE:
        raise StoreError(
            f"The backup {file} has schema {revision}, older than this version of Dragoman can "
            f"upgrade ({BASE}).",
            about=str(file),
            hint="Restore it with the version before this one, and back it up again.",
        )
    raise StoreError(
        f"The backup {file} has schema {revision}, which is newer than this version of Dragoman "
        f"knows ({HEAD}): upgrade Dragoman.",
        about=str(file),
    )


@cache
def _tables_of(revision: str) -> frozenset[str]:
    """Return the tables of one of our schemas; an older schema is built in memory."""
    if revision == HEAD:
        return frozenset(metadata.tables)
    made = loading.unwatched_engine(URL.create("sqlite"))
    with made.begin() as connection:
        migrate(connection, "in memory", revision)
        return frozenset(inspect(connection).get_table_names()) - {VERSION.name}


def _clear(connection: Connection, version: str) -> None:
    """Drop the tables of a store, so that an empty one can be built in its place."""
    ours = _tables_of(version)
    loading.drop(
        connection, [one.name for one in reversed(metadata.sorted_tables) if one.name in ours]
    )
    connection.execute(delete(VERSION))


def _into_file(kept: BackupFile, to: URL, replace: bool, progress: Progress) -> None:
    where = engine.place_of(to)
    file = Path(str(to.database))
    if not replace and not _has_nothing(to):
        raise refusal(where, _REPLACE)
    _check_unused(file)
    version = _shared_at(file) if replace else None
    sqlite.make_folder(to)
    temporary = file.with_name(f"{file.name}.restoring")
    made = loading.unwatched_engine(to.set(database=str(temporary)))
    try:
        _remove(temporary)
        if version is not None:
            shutil.copyfile(file, temporary)
        with engine.in_words(str(temporary)), made.begin() as connection:
            if version is not None:
                _clear(connection, version)
            _fill(connection, kept, where, progress)
        with engine.in_words(str(temporary)), made.connect() as connection:
            loading.check_sound(connection, str(temporary))
        made.dispose()
        _take_place(temporary, file)
    except OSError as error:
        raise StoreUnavailable(
            f"The store {where} cannot be restored ({error.strerror or error}): make its folder "
            "writable, with room for one more store.",
            about=where,
        ) from error
    finally:
        made.dispose()
        _remove(temporary)


def _shared_at(file: Path) -> str | None:
    """Return a store's schema if its file has tables or views of other programs, too; else None.

    None also if the file is missing or damaged. Raises StoreError if the owner of tables is
    unknown: in another program's file, or with a store of an unknown schema.
    """
    if not file.exists():
        return None
    made = loading.unwatched_engine(URL.create("sqlite", database=str(file)))
    try:
        with engine.in_words(str(file)), made.connect() as connection:
            version = version_of(connection)
            names = _names(connection)
    except StoreUnavailable:
        raise
    except StoreError:
        return None  # a backup may replace a damaged store
    finally:
        made.dispose()
    if version is None:
        return None
    if version and not is_known(version):
        _check_ours(names, str(file), "move the file away first")
        return None
    check(version, str(file))
    return version if names - _tables_of(version) else None


def _names(connection: Connection) -> set[str]:
    """Return the tables and views of a database, except the table of its schema version."""
    existing = inspect(connection)
    return {*existing.get_table_names(), *existing.get_view_names()} - {VERSION.name}


def _check_ours(names: set[str], where: str, otherwise: str) -> None:
    """Raise StoreError if a store of an unknown schema has tables that HEAD does not have."""
    if others := sorted(names - _tables_of(HEAD)):
        raise StoreError(
            f"The store {where} is of another version, and has tables that may be another"
            f" program's ({others[0]}): {otherwise}.",
            about=where,
        )


def _has_nothing(to: URL) -> bool:
    if is_absent(to):
        return True
    engines = engine.connect(to)
    try:
        with engine.in_words(engine.place_of(to)), engines.reader.begin() as connection:
            return version_of(connection) != "" and is_empty(connection)
    finally:
        engines.dispose()


def _take_place(temporary: Path, file: Path) -> None:
    with temporary.open("rb+") as whole:
        os.fsync(whole.fileno())
    _check_unused(file)
    for ending in ("-wal", "-shm"):
        file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)
    temporary.replace(file)


def _check_unused(file: Path) -> None:
    try:
        loading.check_file_alone(file)
    except StoreUnavailable:
        raise
    except StoreError:
        return  # a backup may replace a damaged store


def _remove(file: Path) -> None:
    for ending in ("", "-journal", "-wal", "-shm"):
        file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)


def _into_database(kept: BackupFile, to: URL, replace: bool, progress: Progress) -> None:
    where = engine.place_of(to)
    engines = engine.connect(to)
    try:
        with engine.in_words(where), engines.writer.begin() as connection:
            loading.be_patient(connection)
            version = version_of(connection)
            if version and replace and not is_known(version):
                _check_ours(_names(connection), where, "name another database")
                version = HEAD
            else:
                check(version, where)
            loading.check_alone(connection, where)
            if version is not None:
                if not replace and not is_empty(connection):
                    raise refusal(where, _REPLACE)
                _clear(connection, version)
            _fill(connection, kept, where, progress)
    finally:
        engines.dispose()


def _fill(connection: Connection, kept: BackupFile, where: str, progress: Progress) -> None:
    """Build the tables of the backup, load and compare the rows, then migrate them."""
    migrate(connection, where, kept.about.revision)
    for content in kept.about.contents:
        with closing(kept.rows(content.shape)) as rows:
            done = 0
            for batch in batched(rows, BATCH):
                loading.load(connection, table_of(content.shape), [row for row, _ in batch])
                done += len(batch)
                progress(content.shape.name, done, content.rows)
    for content in kept.about.contents:
        if not content.rows:
            continue
        progress(f"{content.shape.name}, compared", 0, content.rows)
        if summed(connection, content.shape, where) != content:
            raise StoreError(
                f"The table {content.shape.name} differs from the backup after the restore: "
                "nothing was changed; check the disk and the memory of this machine.",
                about=where,
            )
    migrate(connection, where)
    changes.renew_id(connection)
    loading.settle(connection, metadata.sorted_tables)
