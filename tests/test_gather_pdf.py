"""The text of a PDF: paragraphs whole, running lines gone, no date made up."""

from __future__ import annotations

import io

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from bot.errors import UnreadableFile
from bot.gather.extract import extract
from bot.models import Extracted, WebPage
from tests.fuzz.seeds import PDF
from tests.web_pages import NOW

LINES = (
    "The delegation said on Monday that it would travel to the",
    "capital for the talks, and that it expected an agree-",
    "ment within the week.",
    "The minister of the other country said that it was ready",
    "for them, too.",
)
WHOLE = (
    "The delegation said on Monday that it would travel to the capital for the talks, and that"
    " it expected an agreement within the week.",
    "The minister of the other country said that it was ready for them, too.",
)


def pdf(*sheets: tuple[str, ...], **said: str) -> bytes:
    """A PDF with these lines on its pages, and these metadata."""
    out = io.BytesIO()
    with mpl.rc_context({"pdf.fonttype": 42}), PdfPages(out, metadata={**said}) as pages:
        for lines in sheets:
            figure = Figure(figsize=(8, 11))
            for number, line in enumerate(lines):
                figure.text(0.1, 0.95 - 0.03 * number, line, fontsize=10)
            pages.savefig(figure)
    return out.getvalue()


def read(body: bytes) -> Extracted:
    return extract(WebPage(body=body, now=NOW))


def test_lines_become_paragraphs() -> None:
    found = read(
        pdf(("Talks are to begin", *LINES), Title="Talks are to begin", Author="Jo Example")
    )
    assert found.text.split("\n\n") == list(WHOLE)
    assert (found.title, found.author) == ("Talks are to begin", "Jo Example")
    assert (found.published, found.modified) == (None, None)


def test_a_paragraph_goes_on_over_the_page_and_what_stands_on_every_page_is_left_out() -> None:
    top = "Example Report, volume 3"
    found = read(
        pdf(
            (top, *LINES[:2], "Page 1 of 3"),
            (top, *LINES[2:4], "Page 2 of 3"),
            (top, LINES[4], "Page 3 of 3"),
        )
    )
    assert found.text.split("\n\n") == list(WHOLE)


def test_a_heading_stays_apart_and_an_item_of_a_list_too() -> None:
    found = read(pdf((*LINES, "What comes next", *LINES, "1. The first thing", "2. The second")))
    assert found.text.split("\n\n")[2:] == [
        "What comes next", *WHOLE, "1. The first thing", "2. The second",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "first", "title"),
    [
        ("Untitled", "Talks are to begin", "Talks are to begin"),
        ("Microsoft Word - talks.docx", "Talks are to begin", "Talks are to begin"),
        ("report-3.pdf", "Talks are to begin", "Talks are to begin"),
        ("", "It began on Monday.", ""),
        ("A report", "Talks are to begin", "A report"),
    ],
)
def test_title(said: str, first: str, title: str) -> None:
    assert read(pdf((first, *LINES), Title=said)).title == title


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (pdf(()), "pictures and no text"),
        (b"%PDF-1.7\n\xe2\xe3 rubbish", "damaged PDF"),
        (pdf(LINES)[:400], "damaged PDF"),
    ],
)
def test_refused(body: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile, match=why):
        read(body)


def test_what_cannot_be_stored_is_in_no_title_and_no_author() -> None:
    said = rb"(Ta\000lks)/Author(A.\000 Writer)"
    found = read(PDF.replace(b"(Talks)/Author(A. Writer)", said))
    assert (found.title, found.author) == ("Talks", "A. Writer")
