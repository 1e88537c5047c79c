"""Byte streams read with a bound on memory: gzip unpacked, lines cut, bombs refused."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bot.errors import BadRecord, UnreadableFile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_BYTES = 32 * 2**20
"""Largest line of a JSONL file, and largest other file, in bytes once unpacked. A text of
the greatest length that is kept fits, even if every character of it is written \\uXXXX."""

HEAD = 64 * 1024
"""Bytes that the kind of a file is told from."""

NOT_A_FILE = "it is no regular file but a device, a pipe or a socket; these are not read"

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark its own begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def open_file(path: Path, *, named: bool) -> BinaryIO:
    """Open a regular file, and read of it no more than it holds now.

    Nothing is waited for: opening a device or a pipe may hang, and so may reading files of
    ``/proc``, which say that they are empty. A pipe is opened where the caller ``named`` it
    (``<(command)``), and so is what a link leads to. Raises UnreadableFile for anything else,
    OSError where it cannot be opened.
    """
    if named and stat.S_ISFIFO(path.stat().st_mode):
        return path.open("rb")
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    if not named:
        flags |= getattr(os, "O_NOFOLLOW", 0)
    file = io.FileIO(os.open(path, flags | getattr(os, "O_BINARY", 0)))
    found = os.fstat(file.fileno())
    if not stat.S_ISREG(found.st_mode):
        file.close()
        raise UnreadableFile(NOT_A_FILE, about=str(path))
    return io.BufferedReader(_Limited(file, found.st_size), buffer_size=HEAD)


class Stream:
    """A file as bytes, unpacked if it is gzip, in UTF-8 if its byte-order mark says otherwise.

    ``head`` is how it begins, without the mark. Reading raises UnreadableFile where the
    packing or the encoding is damaged; OSError is the caller's.
    """

    def __init__(self, raw: BinaryIO, *, about: str) -> None:
        self.about = about
        self._bytes, head = _peeked(raw)
        if head.startswith(b"\x1f\x8b"):
            with _damage(about):
                self._bytes, head = _peeked(gzip.GzipFile(fileobj=self._bytes))
        for mark, encoding in _MARKS:
            if head.startswith(mark):
                self._bytes.read(len(mark))
                self._bytes, head = _peeked(_AsUtf8(self._bytes, encoding, about))
                break
        if head.startswith(codecs.BOM_UTF8):
            self._bytes.read(len(codecs.BOM_UTF8))
        self.head = head.removeprefix(codecs.BOM_UTF8)

    def whole(self) -> bytes:
        """All of it; raises UnreadableFile if that is more than MAX_BYTES."""
        with _damage(self.about):
            data = self._bytes.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise UnreadableFile(
                f"it is larger than {MAX_BYTES >> 20} MB once unpacked; split it, or give"
                " many articles as JSONL, one a line",
                about=self.about,
            )
        return data

    def lines(self) -> Iterator[tuple[int, bytes | BadRecord]]:
        """Its lines with their numbers, from 1; a line above MAX_BYTES is a BadRecord."""
        number = 0
        while True:
            number += 1
            with _damage(self.about, f" in line {number}; the lines before it were kept"):
                line = self._bytes.readline(MAX_BYTES + 1)
                if too_long := len(line) > MAX_BYTES:
                    self._skip_line(line)
            if not line:
                return
            if too_long:
                reason = f"the line is longer than {MAX_BYTES >> 20} MB; no article is"
                yield number, BadRecord(reason, about=f"{self.about}:{number}")
            else:
                yield number, line

    def _skip_line(self, part: bytes) -> None:
        while part and not part.endswith(b"\n"):
            part = self._bytes.readline(HEAD)


@contextmanager
def _damage(about: str, where: str = "") -> Iterator[None]:
    """Turn what gzip raises about a damaged file into our error."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableFile(
            f"its gzip data is damaged or cut short{where}; compress it again", about=about
        ) from error


def _peeked(raw: BinaryIO | io.RawIOBase | io.BufferedIOBase) -> tuple[io.BufferedReader, bytes]:
    """The stream, and its first HEAD bytes, which it still gives when read."""
    parts: list[bytes] = []
    missing = HEAD
    while missing and (part := raw.read(missing)):
        parts.append(part)
        missing -= len(part)
    head = b"".join(parts)
    return io.BufferedReader(_Chained(head, raw), buffer_size=HEAD), head


class _Chained(io.RawIOBase):
    """Some bytes, then what a stream still holds."""

    def __init__(self, head: bytes, rest: BinaryIO | io.RawIOBase | io.BufferedIOBase) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        part, self._head = self._head[: len(view)], self._head[len(view) :]
        part = part or self._rest.read(len(view)) or b""
        view[: len(part)] = part
        return len(part)


class _Limited(io.RawIOBase):
    """The first ``size`` bytes of a file, which it closes."""

    def __init__(self, file: io.FileIO, size: int) -> None:
        self._file, self._left = file, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        part = self._file.read(min(len(view := memoryview(buffer)), self._left)) or b""
        view[: len(part)] = part
        self._left -= len(part)
        return len(part)

    def close(self) -> None:
        self._file.close()
        super().close()


class _AsUtf8(io.RawIOBase):
    """A stream in another Unicode encoding, read as UTF-8."""

    def __init__(self, rest: io.BufferedReader, encoding: str, about: str) -> None:
        self._rest, self._encoding, self._about = rest, encoding, about
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        while not self._ready:
            part = self._rest.read(HEAD)
            try:
                self._ready = self._decoder.decode(part, final=not part).encode()
            except UnicodeDecodeError as error:
                raise UnreadableFile(
                    f"its byte-order mark says {self._encoding}, but it is damaged;"
                    " save it as UTF-8",
                    about=self._about,
                ) from error
            if not part:
                break
        out, self._ready = self._ready[: len(view)], self._ready[len(view) :]
        view[: len(out)] = out
        return len(out)
