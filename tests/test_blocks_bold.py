"""The span that answers stands in bold, in Slack and on a terminal, and nothing else does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.answer.cli_output import plain_text
from bot.models import Answer, Line, Snippet
from handlers.blocks.layout import Row, statement
from handlers.blocks.text import quoted

QUOTE = "The ferry Marigold ran aground off Zanzibar\u2019s north coast, Zanzibar radio said."


def line(words: str | None) -> Line:
    start = QUOTE.index(words) if words else 0
    return Line(
        snippet=Snippet(
            article="a",
            revision=1,
            title="Ferry",
            start=0,
            end=len(QUOTE),
            quote=QUOTE,
            answer=(start, start + len(words)) if words else None,
        )
    )


@pytest.mark.parametrize(
    ("shown", "text", "expected"),
    [
        ("off Zanzibar today", "Zanzibar", "off *Zanzibar* today"),
        ("off Zanzibar, by Zanzibar", "Zanzibar", "off *Zanzibar*, by Zanzibar"),
        ("off Zanzibarian shores", "Zanzibar", "off Zanzibarian shores"),
        ("at AT&T today", "AT&T", "at *AT&amp;T* today"),
        ("off Zanzibar", "", "off Zanzibar"),
        ("off Zanzibar", "Pemba", "off Zanzibar"),
        ("on two\nlines", "two\nlines", "on *two lines*"),
    ],
)
def test_only_the_first_whole_stretch_is_bold(shown: str, text: str, expected: str) -> None:
    assert quoted(shown, text).mrkdwn == f"“{expected}”"


@pytest.mark.parametrize(("words", "stars"), [("Marigold", 2), (None, 0)])
def test_the_answer_is_bold_in_slack(words: str | None, stars: int) -> None:
    text = statement(Row("", line(words), plain=True), "UTC", 25).mrkdwn
    assert text.count("*") == stars
    assert words is None or f"*{words}*" in text


def test_the_answer_is_bold_on_a_terminal() -> None:
    reply = Answer(
        query="q", as_of=datetime(2026, 4, 1, tzinfo=UTC), answered=True, lines=(line("Marigold"),)
    )
    assert "\x1b[1mMarigold\x1b[0m ran" in plain_text(reply, "UTC")
