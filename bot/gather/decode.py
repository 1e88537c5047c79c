"""Bytes become text, or a sentence that says what they look like instead.

Text is kept verbatim after decoding: no newline is changed, nothing is stripped.
"""

from __future__ import annotations

import re

import charset_normalizer

from bot.errors import UnreadableFile

_AS_UTF8 = "save it as UTF-8"
_EXPORT = "save its article as plain text (UTF-8) and give that file"
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "a PNG picture", _EXPORT),
    (b"\xff\xd8\xff", "a JPEG picture", _EXPORT),
    (b"GIF8", "a GIF picture", _EXPORT),
    (b"RIFF", "a sound, film or WebP picture", _EXPORT),
    (b"PK\x03\x04", "a ZIP archive or an Office document", "unpack it, or save it as plain text"),
    (b"\xd0\xcf\x11\xe0", "an old Office document", _EXPORT),
    (b"{\\rtf", "an RTF document", _EXPORT),
    (b"\x1f\x8b", "gzip within gzip", "unpack it once and give that file"),
    (b"BZh", "a bzip2 archive", "unpack it and give what is in it"),
    (b"\xfd7zXZ", "an xz archive", "unpack it and give what is in it"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", "unpack it and give what is in it"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it and give what is in it"),
    (b"SQLite format 3\x00", "an SQLite database", "export its articles as JSONL"),
    (b"\x7fELF", "a program", "give text instead"),
)

_SAMPLE = 2**18
"""Bytes that the encoding is guessed from; the whole must then decode with it."""

_MAX_CHAOS = 0.1
"""Above this share of unlikely neighbours, charset-normalizer's guess is not believed."""

_CLOSE = 0.03
"""Two guesses nearer than this in chaos and coherence, with different texts, are a tie: a
wrong one would put letters into quotes that nobody wrote, so a tie is refused."""

_MAX_ACCENTS = 0.015
_ICELANDIC = frozenset("ðþýÐÞÝ")

_CONTROL = re.compile("[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MAX_CONTROL = 0.01


def refuse_binary(head: bytes, *, about: str) -> None:
    """Raise UnreadableFile if the first bytes of a file are those of a known format."""
    for magic, name, remedy in _MAGIC:
        # A text may begin with the letters RIFF, GIF8 or BZh: those have no odd bytes near.
        if head.startswith(magic) and not (magic.isascii() and _plain(head, magic)):
            raise UnreadableFile(f"it looks like {name}; {remedy}", about=about)


def decode(data: bytes, *, about: str) -> str:
    """Decode a whole file: as UTF-8, else by a confident guess.

    Raises UnreadableFile for binary data, NULs, and encodings that stay unknown.
    """
    refuse_binary(data[:512], about=about)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _by_guess(data, about=about)
    if "\x00" in text:
        raise UnreadableFile(f"it holds NUL characters; remove them, or {_AS_UTF8}", about=about)
    if len(_CONTROL.findall(text[:_SAMPLE])) > _MAX_CONTROL * min(len(text), _SAMPLE):
        raise UnreadableFile(
            f"it looks like binary data, full of control characters; {_EXPORT}", about=about
        )
    return text


def _by_guess(data: bytes, *, about: str) -> str:
    if b"\x00" in data:
        raise UnreadableFile(
            f"it holds NUL bytes: binary, or UTF-16 without a byte-order mark; {_AS_UTF8}",
            about=about,
        )
    encoding = guessed(data, about=about)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"it is not UTF-8, and not {encoding} throughout (byte {error.start}); {_AS_UTF8}",
            about=about,
        ) from error


def guessed(data: bytes, *, about: str) -> str:
    """Guess the encoding of bytes that are not UTF-8; raises UnreadableFile where in doubt."""
    if _is_english(data):
        return "cp1252"
    return _confident(charset_normalizer.from_bytes(data[:_SAMPLE]), about=about)


def _is_english(data: bytes) -> bool:
    """Whether it is ASCII but for some Windows-1252: English with quotes and names.

    charset-normalizer sees a tie there, and with the Windows encodings of other languages
    too; those have an accent in every other word, or letters that Windows-1252 reads as
    Icelandic.
    """
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    accents = [c for c in text if c > "\x7f" and c.isalpha()]
    return len(accents) <= _MAX_ACCENTS * len(text) and not _ICELANDIC.intersection(accents)


def _confident(guesses: charset_normalizer.CharsetMatches, *, about: str) -> str:
    """The best guess, if no other guess is as good and reads differently."""
    best = guesses.best()
    if best is None or best.chaos > _MAX_CHAOS:
        raise UnreadableFile(
            f"its encoding is not UTF-8 and cannot be detected; {_AS_UTF8}", about=about
        )
    ties = [
        other.encoding
        for other in guesses
        if str(other) != str(best)
        and abs(other.chaos - best.chaos) < _CLOSE
        and best.coherence - other.coherence < _CLOSE
    ]
    if ties:
        raise UnreadableFile(
            f"its encoding is not UTF-8 and may be {best.encoding} or {ties[0]}; {_AS_UTF8}",
            about=about,
        )
    return best.encoding


def _plain(head: bytes, magic: bytes) -> bool:
    """Whether the bytes after a magic that is made of letters are ordinary text."""
    return magic[:1].isalnum() and all(b in b"\t\r\n" or b >= 32 for b in head)
