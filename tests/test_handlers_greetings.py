"""Greetings and thanks are no questions."""

from __future__ import annotations

import pytest

from handlers.blocks.limits import problems
from handlers.blocks.notes import Do, usage
from handlers.greetings import WELCOME, small_talk


@pytest.mark.parametrize(
    ("said", "do", "text"),
    [
        ("", "brief", usage()["text"]),
        ("Hi!", "ask", usage()["text"]),
        ("help?", "ask", usage()["text"]),
        ("Hello there", "ask", usage()["text"]),
        ("thx", "ask", WELCOME),
        ("Thank you :)", "ask", WELCOME),
        ("thanks", "brief", None),
        ("hi Qatar", "ask", None),
        ("who is Hi?", "ask", None),
        ("Okay Iran", "ask", None),
    ],
)
def test_small_talk(said: str, do: Do, text: str | None) -> None:
    answer = small_talk(said, do)
    assert (answer or {}).get("text") == text
    assert answer is None or problems(answer) == []
