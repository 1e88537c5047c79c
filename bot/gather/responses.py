"""Interpret a response: its headers, its body unpacked within a limit, and its errors.

Headers are read leniently: one that makes no sense counts as missing. Times are read as in RFC 9110
(Retry-After, HTTP dates) and RFC 9111 (Cache-Control, Expires). At most the limit and one byte of a
body are unpacked, so that a bomb is noticed as soon as it passes the limit.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

import brotli
from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientError,
    ClientPayloadError,
    ClientResponseError,
    ClientSSLError,
)
from yarl import URL

from bot.errors import FetchError, FetchKind
from bot.gather.addresses import ALLOW_HINT, shown
from bot.gather.boilerplate import CHALLENGE

LONGEST = 31 * 86_400
"""Waits and lifetimes are capped at a month, in seconds."""

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_NOT_KEPT = re.compile(r"(?:^|[,\s])no-(?:store|cache)(?:$|[,\s])", re.IGNORECASE)


def content_type(headers: Mapping[str, str]) -> tuple[str, str | None]:
    """Return the media type in lower case, empty if there is none, and the charset."""
    raw = headers.get("Content-Type", "")
    if not raw:
        return "", None
    message = Message()
    message["Content-Type"] = raw.encode("ascii", "replace").decode("ascii")
    try:
        charset = message.get_content_charset()
    except (TypeError, ValueError, LookupError):  # "charset*0*=a; charset*=b", and worse
        charset = None
    return message.get_content_type(), charset.strip("'\" ") or None if charset else None


def max_age(headers: Mapping[str, str], *, now: datetime) -> int | None:
    """Return the seconds that an answer stays fresh: 0 means not at all, None unspecified."""
    cache = headers.get("Cache-Control", "")
    if _NOT_KEPT.search(cache):
        return 0
    if found := _MAX_AGE.search(cache):
        return min(int(found[1]), LONGEST)
    if "Expires" not in headers:
        return None
    until = _date(headers["Expires"])
    if until is None:  # "0" and the like mean: already past
        return 0
    return _seconds(until, _date(headers.get("Date", "")) or now)


def retry_after(headers: Mapping[str, str], *, now: datetime) -> int | None:
    """Return the seconds after which the server asks to be tried again."""
    raw = headers.get("Retry-After", "").strip()
    if raw.isdecimal() and len(raw) <= 12:
        return min(int(raw), LONGEST)
    when = _date(raw)
    return _seconds(when, now) if when is not None else None


def _date(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _seconds(until: datetime, since: datetime) -> int:
    return min(max(round((until - since).total_seconds()), 0), LONGEST)


ENCODINGS = "gzip, deflate, br"
"""Encodings that may be requested (Accept-Encoding)."""

_PLAIN = frozenset({"", "identity"})
_ZLIB = frozenset({"gzip", "x-gzip", "deflate"})
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_RAW = -zlib.MAX_WBITS
_DEFLATED = 8
_GZIP = b"\x1f\x8b"
_MAX_MEMBERS = 1_000
"""A gzip body may hold several members; thousands of empty ones are an attack."""


class TooLarge(Exception):
    """The body is larger than the limit once unpacked."""


class Damaged(Exception):
    """The body is not packed as its header says, or in a way that was not requested."""


class CutShort(Exception):
    """The compressed body ends early."""


class Unpacker:
    """Unpacks the pieces of one body; ``whole`` returns it unpacked.

    ``coding`` is the Content-Encoding header, empty if there is none; ``limit`` is in bytes, once
    unpacked.
    """

    def __init__(self, coding: str, limit: int) -> None:
        self._coding = coding.strip().lower()
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._members = 0
        self._inflating: zlib._Decompress | None = None
        self._brotli = brotli.Decompressor() if self._coding == "br" else None
        if self._coding not in _PLAIN | _ZLIB | {"br"}:
            raise Damaged(f"packed as {self._coding[:40]!r}, which was not asked for")

    def feed(self, piece: bytes) -> None:
        """Take the next piece; raises TooLarge or Damaged."""
        try:
            if self._coding in _PLAIN:
                self._keep(piece)
            elif self._brotli is not None:
                self._unbrotli(self._brotli, piece)
            else:
                self._inflate(piece)
        except (zlib.error, brotli.error) as error:
            raise Damaged(f"not packed as {self._coding}, though it says so") from error

    def whole(self) -> bytes:
        """Return the body, after all pieces were fed; raises CutShort."""
        begun = self._inflating is not None and not self._inflating.eof
        if begun or (self._brotli is not None and not self._brotli.is_finished()):
            raise CutShort
        return b"".join(self._parts)

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._limit:
            raise TooLarge
        self._parts.append(piece)

    def _room(self) -> int:
        return self._limit - self._size + 1

    def _unbrotli(self, unpacking: brotli.Decompressor, piece: bytes) -> None:
        self._keep(unpacking.process(piece, output_buffer_limit=self._room()))
        while not unpacking.can_accept_more_data():
            self._keep(unpacking.process(b"", output_buffer_limit=self._room()))

    def _inflate(self, piece: bytes) -> None:
        while piece:
            if self._inflating is None:
                # Some servers send "deflate" without the required zlib header.
                bare = self._coding == "deflate" and piece[0] & 0x0F != _DEFLATED
                self._inflating = zlib.decompressobj(_RAW if bare else _GZIP_OR_ZLIB)
            elif self._inflating.eof:
                if not piece.startswith(_GZIP[: len(piece)]):
                    return  # padding after the last member is common, and harmless
                self._members += 1
                if self._members > _MAX_MEMBERS:
                    raise TooLarge
                self._inflating = zlib.decompressobj(_GZIP_OR_ZLIB)
            self._keep(self._inflating.decompress(piece, self._room()))
            piece = self._inflating.unconsumed_tail or self._inflating.unused_data


_CHALLENGED = frozenset({401, 403, 429, 503})
_STATUS = {
    401: "asks for a login",
    402: "asks for payment",
    403: "refuses us",
    404: "has no such page",
    410: "says that this is gone for good",
    429: "says that we ask too often",
    451: "may not show this for legal reasons",
    503: "is busy or down for a while",
}


def failure(
    error: Exception, url: URL, refused: Sequence[str], seconds: float, most: int
) -> FetchError | None:
    """Return the FetchError for a failed fetch; None for a bug of ours.

    ``refused`` are the reasons why its addresses were blocked, ``seconds`` and ``most`` (bytes) the
    limits.
    """
    described = _describe(error, refused, seconds, most)
    if described is None:
        return None
    kind, what = described
    hint = ALLOW_HINT if kind == "refused" else ""
    return FetchError(f"{url.host} {what}.", about=shown(str(url)), kind=kind, hint=hint)


def _describe(
    error: Exception, refused: Sequence[str], seconds: float, most: int
) -> tuple[FetchKind, str] | None:
    if isinstance(error, TimeoutError):
        return "timeout", f"did not answer in full within {seconds:g} seconds; try again later"
    if isinstance(error, TooLarge):
        return "too large", f"sends more than {most / 2**20:g} MB, which no article is"
    if isinstance(error, CutShort | ClientPayloadError):
        return "cut short", "closed the connection too early; try again later"
    if isinstance(error, Damaged):
        return "malformed", f"sends what cannot be unpacked ({error}); tell its publisher"
    if refused:
        return "refused", f"leads to {refused[0]}, which is not the public web"
    return _describe_connection_error(error)


def _describe_connection_error(error: Exception) -> tuple[FetchKind, str] | None:
    if isinstance(error, ClientConnectorDNSError):
        return "dns", "is not found: the name does not resolve; check it, or try again later"
    if isinstance(error, ClientConnectorCertificateError):
        return "tls", "has a certificate that is not valid; check the link, or tell its publisher"
    if isinstance(error, ClientSSLError):
        return "tls", "cannot be reached securely (TLS); check the link, or tell its publisher"
    if isinstance(error, ClientResponseError):
        return "malformed", "does not answer as a web server does; check the link"
    if isinstance(error, ClientError | OSError):
        return "unreachable", "cannot be reached, or hangs up; try again later"
    return None


def problem(
    status: int, headers: Mapping[str, str], excerpt: bytes, url: URL, retry_after: int | None
) -> FetchError:
    """Return the FetchError for a response without a page; ``excerpt`` is the start of its body."""
    kind: FetchKind = "status"
    what = _STATUS.get(status)
    if what is None:
        what = "has a problem of its own" if status >= 500 else "does not give a page"
    if status in _CHALLENGED and (
        headers.get("cf-mitigated", "").lower() == "challenge" or CHALLENGE.search(excerpt)
    ):
        kind, what = "challenge", "asks visitors to prove that they are human (a challenge page)"
    later = f"; try again in {retry_after:,} seconds" if retry_after else ""
    return FetchError(
        f"{url.host} {what} (status {status}){later}.",
        about=shown(str(url)),
        kind=kind,
        status=status,
        retry_after=retry_after,
    )
