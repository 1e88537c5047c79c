"""Read open files as records: text, Markdown, JSON, JSONL, web pages and PDF, also gzipped.

The name of a file determines its kind; if it does not, the first bytes do. Streams are read with
bounded memory: gzip is unpacked, lines are cut, bombs are refused.
"""

from __future__ import annotations

import codecs
import gzip
import io
import json
import os
import re
import stat
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import yaml

from bot.errors import BadRecord, UnreadableFile
from bot.gather.decode import decode, refuse_binary

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


MAX_BYTES = 32 * 2**20
"""Largest line of a JSONL file, and largest other file, in bytes once unpacked. The longest text
that is kept fits, even if every character of it is written \\uXXXX."""

HEAD = 64 * 1024
"""Bytes from which the kind of a file is detected."""

NOT_A_FILE = "it is no regular file but a device, a pipe or a socket; these are not read"

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: this mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def open_file(path: Path, *, named: bool) -> BinaryIO:
    """Open a regular file, and read no more of it than its current size.

    Never waits: opening a device or a pipe may hang, and so may reading files of ``/proc``, which
    claim to be empty. A pipe or a link is opened only if the caller ``named`` it (``<(command)``).
    Raises UnreadableFile for anything else, OSError if it cannot be opened.
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
    """A file as bytes, unpacked if it is gzip, converted to UTF-8 as its byte-order mark says.

    ``head`` holds its first bytes, without the mark. Reading raises UnreadableFile if the
    compression or the encoding is damaged; OSError is left to the caller.
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
        """Return all of it; raises UnreadableFile if it is larger than MAX_BYTES."""
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
        """Yield its lines with their numbers, from 1; a line above MAX_BYTES is a BadRecord."""
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
    """Convert the errors that gzip raises for a damaged file to ours."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableFile(
            f"its gzip data is damaged or cut short{where}; compress it again", about=about
        ) from error


def _peeked(raw: BinaryIO | io.RawIOBase | io.BufferedIOBase) -> tuple[io.BufferedReader, bytes]:
    """Return the stream and its first HEAD bytes, which can still be read from it."""
    parts: list[bytes] = []
    missing = HEAD
    while missing and (part := raw.read(missing)):
        parts.append(part)
        missing -= len(part)
    head = b"".join(parts)
    return io.BufferedReader(_Chained(head, raw), buffer_size=HEAD), head


class _Source(io.RawIOBase):
    """A stream made of pieces: ``_piece`` returns up to a number of bytes, none at the end."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        part = self._piece(len(view))
        view[: len(part)] = part
        return len(part)

    def _piece(self, size: int) -> bytes:
        raise NotImplementedError


class _Chained(_Source):
    """Some bytes, followed by the rest of a stream."""

    def __init__(self, head: bytes, rest: BinaryIO | io.RawIOBase | io.BufferedIOBase) -> None:
        self._head, self._rest = head, rest

    def _piece(self, size: int) -> bytes:
        part, self._head = self._head[:size], self._head[size:]
        return part or self._rest.read(size) or b""


class _Limited(_Source):
    """The first ``size`` bytes of a file, which it closes."""

    def __init__(self, file: io.FileIO, size: int) -> None:
        self._file, self._left = file, size

    def _piece(self, size: int) -> bytes:
        part = self._file.read(min(size, self._left)) or b""
        self._left -= len(part)
        return part

    def close(self) -> None:
        self._file.close()
        super().close()


class _AsUtf8(_Source):
    """A stream in another Unicode encoding, read as UTF-8."""

    def __init__(self, rest: io.BufferedReader, encoding: str, about: str) -> None:
        self._rest, self._encoding, self._about = rest, encoding, about
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._ready = b""

    def _piece(self, size: int) -> bytes:
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
        out, self._ready = self._ready[:size], self._ready[size:]
        return out


_MAX_FRONT = 64 * 1024
"""Maximum characters of front matter."""

KINDS = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown",
    ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".html": "page", ".htm": "page", ".xhtml": "page", ".pdf": "page",
}  # fmt: skip
_FENCE = re.compile(r"-{3}[ \t]*\r?\n")
_FENCE_END = re.compile(r"^(?:-{3}|\.{3})[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_HEADING = re.compile(r"\s*#[ \t]+(\S[^\r\n]*?)[ \t#]*(?:\r?\n|\Z)")
_OBJECT = re.compile(rb'\s*\{\s*["}]')
_LIST = re.compile(rb"\s*\[\s*[\[{\]]")
_PAGE = re.compile(
    rb"%PDF-|\s*(?:<\?xml[^>]*>\s*)?(?>(?:<!--.*?-->\s*)*)<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(rb"\s*<(?:\?xml\s|rss\b|feed\b|rdf:)", re.IGNORECASE)


_Found = tuple[dict[str, object] | BadRecord | bytes, str, bool]
"""A record or why it is invalid, or the bytes of a web page or PDF to extract elsewhere; its place;
and whether it is alone in its file."""


def records(raw: BinaryIO, origin: str, name: str) -> Iterator[_Found]:
    """Yield the records of one file, each with its place and whether it is alone in the file."""
    stream = Stream(raw, about=origin)
    refuse_binary(stream.head[:512], about=origin)
    kind = kind_of(name) or "unknown"
    if _PAGE.match(stream.head) or kind == "page":
        return iter([(stream.whole(), origin, True)])
    if _XML.match(stream.head):
        raise UnreadableFile(
            "it looks like XML; save its article as plain text (UTF-8) and give that file",
            about=origin,
        )
    if kind not in ("text", "markdown"):
        kind = _sniff(stream.head, kind)
    if kind == "jsonl":
        return _json_lines(stream)
    text = decode(stream.whole(), about=origin)
    if kind == "json":
        return _json_whole(text, origin)
    if kind == "markdown":
        return iter([(_markdown(text, origin), origin, True)])
    return iter([({"text": text}, origin, True)])


def _json_lines(stream: Stream) -> Iterator[_Found]:
    for number, line in stream.lines():
        place = f"{stream.about}:{number}"
        if isinstance(line, BadRecord):
            yield line, place, False
        elif line.strip():
            yield _parsed(line, place), place, False


def _parsed(line: bytes, place: str) -> dict[str, object] | BadRecord:
    try:
        return _object(json.loads(line.decode("utf-8")), place)
    except UnicodeDecodeError as error:
        return BadRecord(
            f"the line is not UTF-8 (byte {error.start + 1}); save the file as UTF-8", about=place
        )
    except RecursionError:
        return BadRecord("the line is nested too deeply to be an article", about=place)
    except json.JSONDecodeError as error:
        reason = (
            f"the line is not JSON: {error.msg[:1].lower()}{error.msg[1:]} at column {error.colno}"
        )
        return BadRecord(reason, about=place)
    except ValueError as error:  # a number with more digits than Python reads
        return BadRecord(f"the line cannot be read: {error}", about=place)


def _json_whole(text: str, origin: str) -> Iterator[_Found]:
    """Read one object, a list of them, or ``{"articles": [...]}``; items are numbered from 1."""
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise UnreadableFile("it is nested too deeply to hold articles", about=origin) from error
    except ValueError as error:
        raise UnreadableFile(f"it is not JSON: {error}", about=origin) from error
    articles = value.get("articles") if isinstance(value, dict) else value
    if not isinstance(articles, list):
        return iter([(_object(value, origin), origin, True)])
    if not articles:
        raise UnreadableFile("its list of articles is empty", about=origin)
    places = ((item, f"{origin}#{n}") for n, item in enumerate(articles, start=1))
    return ((_object(item, place), place, False) for item, place in places)


def _object(value: object, place: str) -> dict[str, object] | BadRecord:
    if isinstance(value, dict):
        return value
    return BadRecord('it is not an object with a "text" key, so not an article', about=place)


def _markdown(text: str, origin: str) -> dict[str, object] | BadRecord:
    """Read front matter and text; the text begins right after the closing fence or the heading."""
    record: dict[str, object] = {}
    if fence := _FENCE.match(text):
        end = _FENCE_END.search(text, fence.end(), fence.end() + _MAX_FRONT)
        if end is None:
            return BadRecord('its front matter has no closing line "---"', about=origin)
        front = _yaml(text[fence.end() : end.start()])
        if isinstance(front, str):
            return BadRecord(f"its front matter is not YAML: {front}", about=origin)
        record, text = front, text[end.end() :]
    if not record.get("title") and (heading := _HEADING.match(text)):
        record, text = {**record, "title": heading[1]}, text[heading.end() :]
    return {**record, "text": text}


def _yaml(front: str) -> dict[str, object] | str:
    """Return the front matter, or an error message. Every scalar stays as it was typed."""
    try:
        # BaseLoader makes only strings, lists and mappings. It is as safe as the safe loader, and
        # leaves "2024-13-40" or the id 007 for us to validate.
        value = yaml.load(front, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError) as error:
        return " ".join(str(error).split())[:200]
    if value in (None, ""):
        return {}
    if not isinstance(value, dict):
        return "it is not made of lines like `title: ...`"
    return {str(k): None if v in ("~", "null") else v for k, v in value.items()}


def _sniff(head: bytes, kind: str) -> str:
    """Distinguish JSONL, JSON and text by the first bytes of a file."""
    if _LIST.match(head):
        return "json"
    if kind == "jsonl":
        return kind
    if not _OBJECT.match(head):
        if kind == "json":
            return kind
        return "markdown" if head.startswith((b"---\n", b"---\r\n")) else "text"
    first, _, rest = head.lstrip().partition(b"\n")
    several = first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")
    # A first line that fills the whole head is one long JSONL record or a JSON file on one line:
    # the JSONL reader handles both.
    return "jsonl" if several or (kind == "unknown" and len(first) == len(head)) else "json"


def kind_of(name: str) -> str | None:
    """Return a file's kind by its name: text, markdown, json, jsonl or page, or None."""
    suffix = Path(name.lower().removesuffix(".gz")).suffix
    return KINDS.get(suffix)


_BUFFER = 64 * 1024


@dataclass
class Amount:
    """Bytes read so far; ``total`` is None if unknown."""

    total: int | None = None
    read: int = 0


def size_of(paths: Iterable[str]) -> int | None:
    """Return the total bytes of files and folders; None if a path is neither, like ``-``.

    Hidden files are left out, as in reading. Later changes to the files are not counted.
    """
    total = 0
    for named in paths:
        path = Path(named)
        try:
            if named and path.is_dir():
                total += sum(one.stat().st_size for one in _files(path))
            elif path.is_file():
                total += path.stat().st_size
            else:
                return None
        except (OSError, ValueError):
            return None
    return total


def _files(folder: Path) -> Iterable[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = [one for one in folders if not one.startswith(".")]
        for name in names:
            file = Path(where, name)
            if not name.startswith(".") and file.is_file():
                yield file


def counted(raw: BinaryIO, amount: Amount | None) -> BinaryIO:
    """Return the same stream; reading it adds its bytes to the amount."""
    return raw if amount is None else io.BufferedReader(_Counted(raw, amount), _BUFFER)


class _Counted(_Source):
    def __init__(self, raw: BinaryIO, amount: Amount) -> None:
        self._raw, self._amount = raw, amount

    def _piece(self, size: int) -> bytes:
        part = self._raw.read(size)
        self._amount.read += len(part)
        return part
