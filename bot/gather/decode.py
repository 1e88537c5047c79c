"""Decode bytes and HTML to plain text, or raise an error that says what they look like instead.

Text is kept verbatim after decoding: no newline is changed, nothing is stripped. Bytes of a web
page that decode as UTF-8 and contain a non-ASCII letter are UTF-8: other encodings hardly ever look
like it. Otherwise, as in browsers, the encoding of the HTTP header takes precedence over the page's
own ``<meta>``, if the bytes decode with it. Failing both, the encoding is guessed.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping

import charset_normalizer
from lxml import etree

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
"""Bytes used to guess the encoding; the whole text must then decode with it."""

_MAX_CHAOS = 0.1
"""A guess of charset-normalizer with a higher chaos (share of unlikely neighbours) is rejected."""

_CLOSE = 0.03
"""Two guesses closer than this in chaos and coherence, with different texts, are a tie. A tie is
refused: a wrong guess would put letters into quotes that nobody wrote."""

_MAX_ACCENTS = 0.015
_ICELANDIC = frozenset("ðþýÐÞÝ")

_CONTROL = re.compile("[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MAX_CONTROL = 0.01


def refuse_binary(head: bytes, *, about: str) -> None:
    """Raise UnreadableFile if the first bytes are those of a known binary format."""
    for magic, name, remedy in _MAGIC:
        # A text may begin with the letters RIFF, GIF8 or BZh, but without control bytes nearby.
        if head.startswith(magic) and not (magic.isascii() and _plain(head, magic)):
            raise UnreadableFile(f"it looks like {name}; {remedy}", about=about)


def decode(data: bytes, *, about: str) -> str:
    """Decode a whole file: as UTF-8, else by a confident guess.

    Raises UnreadableFile for binary data, NULs, and encodings that cannot be guessed.
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
    """Guess the encoding of bytes that are not UTF-8; raises UnreadableFile if in doubt."""
    if _is_english(data):
        return "cp1252"
    return _confident(charset_normalizer.from_bytes(data[:_SAMPLE]), about=about)


def _is_english(data: bytes) -> bool:
    """Whether bytes are ASCII with a little Windows-1252: English with quotes and names.

    charset-normalizer finds ties there, also with the Windows encodings of other languages. Those
    have an accent in every other word, or letters that Windows-1252 reads as Icelandic.
    """
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    accents = [c for c in text if c > "\x7f" and c.isalpha()]
    return len(accents) <= _MAX_ACCENTS * len(text) and not _ICELANDIC.intersection(accents)


def _confident(guesses: charset_normalizer.CharsetMatches, *, about: str) -> str:
    """Return the best guess, unless another is as good and reads differently."""
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
    """Whether a head whose magic number is made of letters is ordinary text."""
    return magic[:1].isalnum() and all(b in b"\t\r\n" or b >= 32 for b in head)


_META = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
_HEAD = 4_096
"""Bytes in which a page must name its encoding; browsers read only the first 1,024."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Pages often name a narrower encoding than they use. Only these are text encodings:
# https://encoding.spec.whatwg.org/#names-and-labels
_WIDER = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030",
    "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "iso8859-11": "cp874",
    "tis-620": "cp874", "big5": "big5hkscs",
}  # fmt: skip
_TEXT = frozenset(
    "utf-8 cp866 koi8-r koi8-u mac-roman mac-cyrillic euc_jp iso2022_jp gb18030 cp932 cp949 cp874"
    " big5hkscs".split()
    + [f"cp{number}" for number in range(1250, 1259)]
    + [f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)]
)

_NO_WORDS = re.compile(
    rb"<script\b.*?</script|<style\b.*?</style|<[^>]*>", re.IGNORECASE | re.DOTALL
)
"""Markup, scripts and styles; their ASCII would make any page look like English."""

_MAX_DAMAGE = 0.001
"""Share of a page that may be damaged: a cut or a stray byte."""


def page_text(data: bytes, charset: str | None, *, about: str) -> str:
    """Decode a page; ``charset`` is from its HTTP header. Raises UnreadableFile."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    named = _META.search(data[:_HEAD])
    said = [_known(charset), _known(named[1].decode("ascii", "replace")) if named else None]
    claimed = [one for one in dict.fromkeys(said) if one]
    # Encodings that write all letters in ASCII, such as ISO-2022-JP, are what they claim to be.
    tried = claimed if data.isascii() else ["utf-8", *claimed]
    for encoding in tried or ["ascii"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return _damaged(data, claimed[0] if claimed else "utf-8", about=about)


def _damaged(data: bytes, encoding: str, *, about: str) -> str:
    """Decode a page that no encoding it claims decodes throughout."""
    for maybe in dict.fromkeys((encoding, "utf-8")):
        text = data.decode(maybe, "replace")
        if text.count("\ufffd") <= _MAX_DAMAGE * len(text):
            return text
    try:
        return data.decode(guessed(_NO_WORDS.sub(b" ", data), about=about))
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            "its encoding is not what it says and cannot be detected; save its article as plain"
            " text (UTF-8) and give that file",
            about=about,
        ) from error


def _known(name: str | None) -> str | None:
    """Return the encoding for a label; None if it is unknown or not a text encoding."""
    try:
        known = codecs.lookup(name or "").name
    except (LookupError, ValueError):  # ValueError: the name contains a NUL
        return None
    wider = _WIDER.get(known, known)
    return wider if wider in _TEXT else None


_BLOCKS = frozenset(
    "address article aside blockquote caption center dd div dl dt fieldset figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot "
    "th thead tr ul".split()
)
_UNSEEN = frozenset(
    "applet audio button canvas figcaption head iframe math noscript object option script select "
    "style svg template textarea title video".split()
)
"""Elements whose words are not part of the text; a caption describes a picture, which may be from
another day."""

_BLANKS = re.compile(r"[\s\u00a0\u200b\ufeff]+")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]+")
_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_MARKUP = re.compile(r"<[A-Za-z!/?]|&(?:#\d|#x|\w+;)", re.IGNORECASE)


def plain(html: str) -> str:
    """Return the words of a piece of HTML, however broken, without markup, scripts or styles."""
    if not _MARKUP.search(html):
        return tidy(html)
    words = _Words()
    parser = etree.HTMLParser(target=words)  # type: ignore[arg-type]  # the stubs expect bytes, too
    parser.feed(_UNFIT.sub(" ", _CDATA.sub("", html)))
    parser.close()
    return words.text()


def tidy(text: str) -> str:
    """Return plain text with single blanks, and blank lines between its paragraphs."""
    paragraphs = (_BLANKS.sub(" ", piece).strip() for piece in _EMPTY_LINE.split(text))
    return "\n\n".join(filter(None, paragraphs))


def one_line(text: str) -> str:
    """Return text on one line."""
    return _BLANKS.sub(" ", text).strip()


class _Words:
    """Collects the words outside of unseen elements, with line breaks between blocks."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._unseen = 0

    def start(self, tag: str, attrib: Mapping[str, str]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _BLOCKS:
            self._pieces.append("\n\n")
        elif tag == "br":
            self._pieces.append("\n")

    def end(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen -= 1
        elif tag in _BLOCKS:
            self._pieces.append("\n\n")

    def data(self, data: str) -> None:
        if not self._unseen:
            self._pieces.append(_BLANKS.sub(" ", data))

    def close(self) -> None:
        """Do nothing; lxml requires a target to have this method."""

    def text(self) -> str:
        """Return the text so far: one <br> ends a line, two end a paragraph."""
        paragraphs = _EMPTY_LINE.split("".join(self._pieces))
        done = ("\n".join(filter(None, map(one_line, one.split("\n")))) for one in paragraphs)
        return "\n\n".join(filter(None, done))
