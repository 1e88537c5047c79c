"""The text of a PDF: lines joined to paragraphs, without what stands on every page.

A PDF knows where letters are and not what belongs together, so that paragraphs are told
from the lengths of lines. When it was made is not when it was published: a date is not
taken from it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pypdfium2

from bot.errors import UnreadableFile
from bot.gather.lines import PARAGRAPH, article_lines
from bot.models import Extracted, WebPage
from bot.text.language import language

MAGIC = b"%PDF-"

_NUMBER = re.compile(r"\W*(?:page\s+)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\W*", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_SOFT = "\x02\ufffe\xad"
_DIVIDED = re.compile(f"[{_SOFT}]")
"""What PDFium gives for a hyphen at the end of a line, and for that end."""
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BULLET = re.compile(r"[•‣▪●◦*–—-]\s|\(?(?:\d{1,2}|[a-z])[.)]\s")
_END = re.compile(r"""[.!?:;…]["'”’)\]]*\Z""")
_NO_TITLE = re.compile(
    r"\(?(?:untitled|unspecified|anonymous|document\d*|microsoft \w+ - .*"
    r"|.*\.(?:docx?|pdf|indd|qxd|tex|rtf))\)?",
    re.IGNORECASE,
)

_SHORT = 0.75
"""A line below this share of the width of a text is the last of its paragraph, or a heading."""

_EDGE = 3
"""Lines at the top and bottom of a page that may stand on every page."""

_MOST_TITLE = 200


def extract_pdf(page: WebPage) -> Extracted:
    """Read the text of a PDF; raises UnreadableFile with the reason why it has none."""
    about = page.url or "pdf"
    try:
        document = pypdfium2.PdfDocument(page.body)
        sheets = [_lines(document, number) for number in range(len(document))]
        said = {
            key: _UNSTORABLE.sub("", value).strip()
            for key, value in document.get_metadata_dict().items()
        }
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise UnreadableFile(
            "it is a PDF with a password; save it without one"
            if locked
            else "it is a damaged PDF; open it, and save it or its text again",
            about=about,
        ) from error
    paragraphs = list(_paragraphs(_without_running(sheets)))
    if not paragraphs:
        raise UnreadableFile(
            "the PDF holds pictures and no text; give its text as a file", about=about
        )
    title = _title(said.get("Title", ""), paragraphs)
    text = PARAGRAPH.join(article_lines("\n".join(paragraphs), [title] if title else []))
    author = said.get("Author", "")
    return Extracted(
        title=title,
        text=text,
        author=author if author and not _NO_TITLE.fullmatch(author) else None,
        language=language(text),
    )


def _lines(document: pypdfium2.PdfDocument, number: int) -> list[str]:
    """The lines of one page, in the order in which the PDF has them."""
    sheet = document[number]
    try:
        text = sheet.get_textpage().get_text_bounded()
    finally:
        sheet.close()
    lines = (" ".join(line.split()) for line in _DIVIDED.sub(r"\g<0>\n", str(text)).splitlines())
    return [line for line in lines if line]


def _without_running(sheets: Sequence[list[str]]) -> list[list[str]]:
    """The pages without page numbers, and without the lines that most pages begin or end with."""
    shapes = [
        {_DIGITS.sub("#", line) for line in (*lines[:_EDGE], *lines[-_EDGE:])} for lines in sheets
    ]
    often = Counter(shape for one in shapes for shape in one)
    running = {shape for shape, times in often.items() if times > 1 and times > len(sheets) / 2}
    return [
        [
            line
            for place, line in enumerate(lines)
            if not _NUMBER.fullmatch(line)
            and not (
                min(place, len(lines) - 1 - place) < _EDGE and _DIGITS.sub("#", line) in running
            )
        ]
        for lines in sheets
    ]


def _paragraphs(sheets: Sequence[list[str]]) -> Iterator[str]:
    """Join the lines of a text, over the ends of pages, to paragraphs."""
    lines = [line for sheet in sheets for line in sheet]
    if not lines:
        return
    width = sorted(map(len, lines))[int(len(lines) * 0.8)]
    parts = [lines[0]]
    for before, line in pairwise(lines):
        if _ends(before, line, width):
            yield _joined(parts)
            parts = []
        parts.append(line)
    yield _joined(parts)


def _ends(before: str, line: str, width: int) -> bool:
    """Whether a paragraph ends between two lines."""
    if _BULLET.match(line):
        return True
    if len(before) >= _SHORT * width:
        return False
    # A short line is the last one, or a heading, unless the sentence goes on in the next.
    return bool(_END.search(before)) or not (line[0].islower() or before[-1] in ",-" + _SOFT)


def _joined(lines: Sequence[str]) -> str:
    """Lines as one; a word that was divided at the end of a line is whole again."""
    text = lines[0]
    for line in lines[1:]:
        if text[-1] in _SOFT or (text[-1] == "-" and text[-2:-1].isalpha() and line[0].islower()):
            text = text[:-1] + line
        else:
            text += " " + line
    return _UNSTORABLE.sub("", text)


def _title(said: str, paragraphs: Sequence[str]) -> str:
    """The title that the PDF says it has, else its first line where that is no sentence."""
    said = " ".join(said.split())
    if said and not _NO_TITLE.fullmatch(said):
        return said[:_MOST_TITLE]
    first = paragraphs[0]
    return (
        first
        if len(paragraphs) > 1 and len(first) <= _MOST_TITLE and not _END.search(first)
        else ""
    )
