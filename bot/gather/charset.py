"""The bytes of a web page become text: in the encoding that it is in, not the one it claims.

What decodes as UTF-8 and has a letter beyond ASCII is UTF-8: other encodings hardly ever
look like it. Else the encoding of the HTTP header counts before that of the page's own
``<meta>``, as in browsers, where the bytes can be in it; else it is guessed.
"""

from __future__ import annotations

import codecs
import re

from bot.errors import UnreadableFile
from bot.gather.decode import guessed

_META = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
_HEAD = 4_096
"""Bytes in which a page must name its encoding; browsers look no further than 1,024."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What pages call an encoding is often a smaller one than they are in, and only these are text:
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
"""What is no prose; its ASCII would make any page look like English."""

_MAX_DAMAGE = 0.001
"""The share of a page that may be damaged in its encoding: a cut or a stray byte."""


def page_text(data: bytes, charset: str | None, *, about: str) -> str:
    """Decode a page; ``charset`` is what its HTTP header says. Raises UnreadableFile."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    named = _META.search(data[:_HEAD])
    said = [_known(charset), _known(named[1].decode("ascii", "replace")) if named else None]
    claimed = [one for one in dict.fromkeys(said) if one]
    # Those that write all letters in ASCII, such as ISO-2022-JP, are what they claim to be.
    tried = claimed if data.isascii() else ["utf-8", *claimed]
    for encoding in tried or ["ascii"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return _damaged(data, claimed[0] if claimed else "utf-8", about=about)


def _damaged(data: bytes, encoding: str, *, about: str) -> str:
    """Decode a page that is in none of the encodings that it claims throughout."""
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
    """The encoding that a label means; None for what is no encoding of text, or none known."""
    try:
        known = codecs.lookup(name or "").name
    except (LookupError, ValueError):  # a ValueError is for a name with a NUL in it
        return None
    wider = _WIDER.get(known, known)
    return wider if wider in _TEXT else None
