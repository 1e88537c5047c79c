"""Feeds read leniently: RSS, Atom, RDF and CDF by feedparser, JSON Feed by us.

What a feed says wrongly is left out, never the entry that says it. A date that is missing,
or that lies in the future, is unknown; when an entry was last changed is not when it appeared.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import feedparser

from bot.gather.apart import Apart
from bot.gather.entries import entry_of, feed_of, read_json
from bot.gather.walls import CHALLENGE
from bot.models import FeedProblem, FeedRead

SECONDS = 2.0
"""Processor time for one feed: some eight megabytes of RSS."""

MEGABYTES = 100
"""How much reading a feed may grow the process that does it."""

_SURPRISES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What feedparser raises on damaged input, found by damaging its own test feeds at random."""

_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]*)|([0-9]*));?")
_UNFIT = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]+")
_DECLARATION = re.compile(rb"\A<\?xml[^>]*>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"']*)["']""")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00", b"\x00\x00", b"\x4c\x6f\xa7\x94")
"""How a feed in UTF-16, UTF-32 or EBCDIC begins, whose bytes are not ASCII's."""

_ENTRY = re.compile(rb"<(?:item|entry)[\s>/]")
_NEEDLESS = re.compile(rb"</?(?:georss|gml|geo|psc|cc|creativeCommons):[^>]*>", re.IGNORECASE)
"""Where something is, its licence, its chapters: feedparser is strict there; we need none of it."""

_CAPTION = re.compile(
    rb"<media:(title|description|text)\b[^>]*(?<!/)>(?:[^<]|<(?!/?(?:item|entry|media:)))*</media:\1\s*>",
    re.IGNORECASE,
)
"""Words on a picture, which feedparser takes for the article's; ..."""

_WORDS = re.compile(rb"<(?:description|summary|content|content:encoded)[\s>]", re.IGNORECASE)
"""... unless a feed has no other, as those of films."""

_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_HEAD = 4096
_LONGEST_HEAD = 2**16


def feeds_apart(workers: int = 1) -> Apart:
    """Make the processes that feeds are read in; whoever makes them closes them."""
    return Apart(seconds=SECONDS, megabytes=MEGABYTES, workers=workers)


def read_feed(data: bytes, *, url: str = "", charset: str | None = None, now: datetime) -> FeedRead:
    """Read a feed from its bytes, as served from ``url`` with this charset.

    Never raises for what it is given, but may take long: call it through ``feeds_apart``.
    ``now`` is what dates are measured against.
    """
    if data.removeprefix(codecs.BOM_UTF8)[:_HEAD].lstrip()[:1] == b"{":
        read = read_json(data, url=url, now=now)
    else:
        read = _read_xml(data, url, charset, now)
    if not read.kind and not read.entries:
        return FeedRead(problem=_instead(data))
    return read.model_copy(update={"problem": _problem(read)})


def _instead(data: bytes) -> FeedProblem:
    """What stands where the feed should be."""
    if not _PAGE.search(data[:_HEAD]):
        return "not_a_feed"
    return "challenge" if CHALLENGE.search(data[:_LONGEST_HEAD]) else "page"


def _problem(read: FeedRead) -> FeedProblem | None:
    if not read.entries:
        return "empty"
    return None if any(entry.published for entry in read.entries) else "undated"


def _read_xml(data: bytes, url: str, charset: str | None, now: datetime) -> FeedRead:
    data = _clean(data)
    headers = {"content-type": _content_type(data, charset), "content-location": url}
    parsed = _whole(data, headers)
    pieces = [parsed] if parsed is not None else list(_piecemeal(data, headers))
    found = [piece for piece in pieces if piece is not None]
    read = feed_of(found[0], url) if found else FeedRead()
    entries = [(raw, piece) for piece in found for raw in piece["entries"]]
    made = [entry_of(raw, whole, url, now) for raw, whole in entries]
    return read.model_copy(
        update={
            "entries": tuple(entry for entry, _ in made),
            "refused": sum(refused for _, refused in made),
            "lost": len(pieces) - len(found),
        }
    )


def _whole(data: bytes, headers: Mapping[str, str]) -> Mapping[str, Any] | None:
    """The feed in one go; None where something in it is too odd for that."""
    for careful in (False, True):
        try:
            return _parsed(_NEEDLESS.sub(b"", data) if careful else data, headers)
        except _SURPRISES:
            continue  # one odd element would cost every entry
    return None


def _parsed(data: bytes, headers: Mapping[str, str]) -> Mapping[str, Any]:
    # What it would sanitise becomes plain text here, in a quarter of the time.
    parsed: Mapping[str, Any] = feedparser.parse(
        io.BytesIO(data),
        response_headers=dict(headers),
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    return parsed


def _piecemeal(data: bytes, headers: Mapping[str, str]) -> Iterator[Mapping[str, Any] | None]:
    """The feed once for each of its entries, with that entry alone; None for one it is lost on."""
    starts = [found.start() for found in _ENTRY.finditer(data)]
    if not starts:
        return
    head = data[: starts[0]] if starts[0] < _LONGEST_HEAD else b"<rss><channel>"
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        try:
            yield _parsed(head + data[start:end], headers)
        except _SURPRISES:
            yield None


def _clean(data: bytes) -> bytes:
    """Take out what no XML may hold, and what feedparser fails on."""
    if data.startswith(_WIDE):
        return data
    data = _UNFIT.sub(b"", data.removeprefix(codecs.BOM_UTF8)).lstrip()
    data = _REFERENCE.sub(_fit, data)
    if _WORDS.search(data):
        data = _CAPTION.sub(b"", data)
    declared = _DECLARATION.match(data)
    if declared and (named := _ENCODING.search(declared[0])) and not _decodes(data, named[1]):
        data = data[declared.end() :]
    return data


def _fit(reference: re.Match[bytes]) -> bytes:
    """A reference to a character as it stands, where there is such a character."""
    digits = reference[1] if reference[1] is not None else reference[2]
    if not digits or len(digits) > 8:
        return b"" if digits else reference[0].replace(b"&", b"&amp;")
    code = int(digits, 16 if reference[1] is not None else 10)
    fits = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0x110000
    return reference[0] if fits else b""


def _content_type(data: bytes, charset: str | None) -> str:
    """What feedparser is told: the encoding that the bytes bear out.

    Text that is not ASCII and is valid UTF-8 is UTF-8, whatever server and feed say; then
    the feed is believed before the server, whose charset is often that of its setup.
    """
    if data.startswith(_WIDE):
        return "application/xml"
    if not data.isascii() and _decodes(data, b"utf-8"):
        return "application/xml; charset=utf-8"
    if charset and not _DECLARATION.match(data) and _decodes(data, charset.encode()):
        return f"application/xml; charset={charset}"
    return "application/xml"


def _decodes(data: bytes, encoding: bytes) -> bool:
    try:
        data.decode(encoding.decode("ascii"))
    except (UnicodeDecodeError, LookupError, ValueError):
        return False
    return True
