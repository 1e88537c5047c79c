"""HTML becomes plain text: words only, its paragraphs apart by a blank line."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

_BLOCKS = frozenset(
    "address article aside blockquote caption center dd div dl dt fieldset figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot "
    "th thead tr ul".split()
)
_UNSEEN = frozenset(
    "applet audio button canvas figcaption head iframe math noscript object option script select "
    "style svg template textarea title video".split()
)
"""Elements whose words no reader sees as part of a text; a caption tells of a picture, which may
be of another day."""

_BLANKS = re.compile(r"[\s\u00a0\u200b\ufeff]+")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]+")
_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_MARKUP = re.compile(r"<[A-Za-z!/?]|&(?:#\d|#x|\w+;)", re.IGNORECASE)


def plain(html: str) -> str:
    """Return the words of a piece of HTML, however broken; no markup, script or style."""
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
    """Collects the words of what is not within unseen elements, with line breaks between."""

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
        """Part of what lxml asks of a target."""

    def text(self) -> str:
        """The text so far: a <br> ends a line, two a paragraph."""
        paragraphs = _EMPTY_LINE.split("".join(self._pieces))
        done = ("\n".join(filter(None, map(one_line, one.split("\n")))) for one in paragraphs)
        return "\n\n".join(filter(None, done))
