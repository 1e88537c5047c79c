"""Questions about what is read, and who else reports a thing; and what only looks like one."""

from __future__ import annotations

import pytest

from bot.answer.conversation import asks_what_is_read, asks_who_else, link_in

LINK = "https://harbour.example/2026/ferry?id=1"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("what do you read?", True),
        ("What do you read", True),
        ("which sources do you follow?", True),
        ("what are your sources?", True),
        ("What're your feeds?", True),
        ("where do you get your news from?", True),
        ("list sources", True),
        ("which papers do you have?", True),
        ("what do you read about Qatar?", False),
        ("what do you know?", True),
        ("what do you know about Iran", False),
        ("who do you think wins?", False),
        ("what did Iran read?", False),
        ("Qatar", False),
        ("", False),
    ],
)
def test_what_is_read(text: str, asked: bool) -> None:
    assert asks_what_is_read(text) is asked


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"anyone else reporting this? {LINK}", LINK),
        (f"Is anybody else reporting this: {LINK}?", LINK),
        (f"has anyone reported this? {LINK}.", LINK),
        (f"seen {LINK}", LINK),
        (f"have you seen {LINK}?", LINK),
        (LINK, LINK),
        ("anyone else reporting that Hamas moved to Turkey?", "Hamas moved to Turkey"),
        ("who else reports Hamas left Qatar?", "Hamas left Qatar"),
        ("who else is saying “Iran closed the strait”", "Iran closed the strait"),
        ("which papers else carry this: Qatar met Iran", "Qatar met Iran"),
        ("anyone else reporting this?", ""),
        ("anyone else reporting?", ""),
        ("who reported that Hamas moved to Turkey?", None),
        ("who said Iran attacked Israel?", None),
        ("who else attacked Israel?", None),
        ("who else met Iran?", None),
        ("has Iran reported losses?", None),
        (f"what does {LINK} say about Qatar?", None),
        ("Qatar", None),
        ("", None),
    ],
)
def test_who_else(text: str, what: str | None) -> None:
    assert asks_who_else(text) == what


@pytest.mark.parametrize(
    ("text", "link"),
    [
        (f"see ({LINK}).", LINK),
        ("no link here", None),
        ("ftp://harbour.example/x", None),
        ("HTTPS://Harbour.example/a", "HTTPS://Harbour.example/a"),
    ],
)
def test_links(text: str, link: str | None) -> None:
    assert link_in(text) == link


@pytest.mark.parametrize("text", ["who else " + "is " * 5_000, "(" * 10_000, "anyone else " * 900])
def test_hostile_texts(text: str) -> None:
    assert asks_who_else(text) is None
    assert not asks_what_is_read(text)
