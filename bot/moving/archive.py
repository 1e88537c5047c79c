"""The file of a backup: a zip of one member a table, a line a row, and what it tells of itself.

What it tells (``backup.json``) is written last, and so is the list of its members: a file that
was cut short has neither.
"""

from __future__ import annotations

import io
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, cast

from pydantic import ValidationError

from bot.errors import BadBackup
from bot.models.backups import Backup, Content, Shape
from bot.moving.rows import BATCH, Row, Sum, Tell, reader, writer

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
