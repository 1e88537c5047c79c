"""A page becomes its article: title, paragraphs, and what it says of itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import UnreadableFile
from bot.text.sentences import sentences
from tests.web_pages import TALKS, extracted, html


def test_the_article_is_told_from_the_page_around_it() -> None:
    found = extracted(html(*TALKS))
    assert found.title == "Talks are to begin"
    assert found.text.split("\n\n") == list(TALKS)
    assert found.wall is None
    # Each paragraph is a sentence here, so that none runs over into the next.
    assert [found.text[start:end] for start, end in sentences(found.text)] == list(TALKS)


def test_buttons_teasers_and_the_title_again_are_not_the_article() -> None:
    found = extracted(
        html(
            "Talks are to begin",
            TALKS[0],
            "READ MORE: Another headline about another thing",
            *TALKS[1:],
            "Follow us on Facebook and never miss a story",
            "Advertisement",
        )
    )
    assert found.text.split("\n\n") == list(TALKS)


def test_letters_are_those_of_the_page() -> None:
    told = "“Señor”, said the minister — naïvely — of the coöperation &amp; of Łódź, İzmir and Æbeltoft."
    found = extracted(html(told, *TALKS))
    assert found.text.split("\n\n")[0] == told.replace("&amp;", "&")


def test_what_no_store_takes_is_left_out() -> None:
    found = extracted(html("A \x00bell\x07 rang &#0; twice.", *TALKS))
    assert "\x00" not in found.text
    assert "\x07" not in found.text


@pytest.mark.parametrize("body", [b"", b"   "])
def test_an_empty_page_has_no_article(body: bytes) -> None:
    with pytest.raises(UnreadableFile, match="nothing on it to read"):
        extracted(body)


def test_a_page_of_hardly_a_word_has_no_article() -> None:
    assert extracted("<!DOCTYPE html><html><body><p></p></body></html>").text == ""


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"\x89PNG\r\n\x1a\n\x00", "PNG picture"),
        (b"PK\x03\x04\x14\x00\x00", "ZIP archive"),
        (b"%PDF-1.7\nrubbish", "damaged PDF"),
    ],
)
def test_what_is_no_page_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile, match=why):
        extracted(body)


def test_a_page_dated_in_the_future_is_undated_unless_its_address_says_a_day() -> None:
    future = '<meta property="article:published_time" content="2031-01-01T10:00:00Z">'
    found = extracted(html(*TALKS, head=future), url="https://news.example.org/talks")
    assert (found.published, found.published_precision) == (None, None)
    found = extracted(html(*TALKS, head=future))
    assert (found.published, found.published_precision) == (
        datetime(2026, 3, 27, tzinfo=UTC),
        "day",
    )
