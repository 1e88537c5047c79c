"""Bodies unpacked piece by piece, so that a bomb is noticed when it passes the limit.

At no time is more of it unpacked than the limit and one byte.
"""

from __future__ import annotations

import zlib

import brotli

ENCODINGS = "gzip, deflate, br"
"""What may be asked for (Accept-Encoding)."""

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
    """The body is not packed as its header says, or in a way that was not asked for."""


class CutShort(Exception):
    """The body ends in the middle of its packing."""


class Unpacker:
    """Takes the pieces of one body; ``whole`` gives it unpacked.

    ``coding`` is the Content-Encoding header, empty where there is none; ``limit`` is in
    bytes, once unpacked.
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
        """The body, when no more pieces come; raises CutShort."""
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
                # Some servers write "deflate" without the zlib header that belongs to it.
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
