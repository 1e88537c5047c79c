"""Quotes stay what their source has: shown and copied, in every message that quotes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.gather.records import Rejected
from bot.models import Alert, Alerted, DigestIssue, DigestStory, Nothing, Reason
from handlers.blocks.correction import correction_message
from handlers.blocks.digest import digest_message
from handlers.blocks.layout import Payload
from handlers.blocks.limits import problems, rich_words
from handlers.blocks.notes import learnt_message, nothing
from handlers.blocks.reply import answer_message, brief_message
from handlers.blocks.watch import alert_message
from handlers.workspace.render import message_html
from tests.replies import ZERO_WIDTH, answer, brief, line
from tests.test_blocks_correction import correction, part

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)

QUOTES = (
    "The *minister* said _no_, ~never~ and `nothing`.",
    "See https://example.org/a_b_/*c*?x=1&y=~d~ for the text.",
    "He wrote ```drop``` and 5 * 3 * 2 = 30.",
    "Prices rose:chart_with_upwards_trend: by 3% <on paper> & more.",
    "> quoted, at the start",
    "snake_case and __init__ and **kwargs",
    "Two  spaces and a\ttab stay.",
    "“Inner” quotes, ‘single’ ones, and |bars|.",
    "قال الوزير *نعم* أمس",
    "<!channel> <@U1> <https://evil.example|Sign in>",
    "e\u0301 and \u00e9 are not made one",
)


def messages(text: str) -> Iterator[Payload]:
    """A message of each kind that quotes, with ``text`` as the quote."""
    one = line(text, answer=None)
    yield brief_message(brief(in_short=(one,), planned=(), happened=(), undated=(), more=()))
    yield answer_message(answer(lines=(one,)))
    yield nothing(Nothing(query="x", near=(one,)))
    reasons = (Reason(watch=1, follows="Qatar", why="the title names it", least=1),)
    told = Alerted(story="s", headline="News", line=one, articles=1, sources=1, reasons=reasons)
    yield alert_message(Alert(personal=False, tz="UTC", stories=(told,), more=0))
    issue = DigestIssue(
        digest=1, label="Qatar", times="daily", tz="UTC", since=NOW, due=NOW, total=1,
        stories=(DigestStory(story="s", headline="News", line=one, articles=1, sources=1),),
    )  # fmt: skip
    yield digest_message(issue)
    yield correction_message(correction(part("edited", one, told=text)))


def copied(payload: Payload) -> list[str]:
    """The paragraphs of a message as they are copied, without what has no width."""
    found = [
        rich_words(part)
        for block in payload["blocks"]
        if block["type"] == "rich_text"
        for part in block["elements"]
    ]
    return [ZERO_WIDTH.sub("", one) for one in found]


@pytest.mark.parametrize("text", QUOTES)
def test_a_quote_is_copied_as_its_source_has_it(text: str) -> None:
    for payload in messages(text):
        assert problems(payload) == []
        assert any(f"“{text}”" in shown for shown in copied(payload)), payload["blocks"]


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from("ab _*~`:>|&<\t.“”é"), min_size=1, max_size=40))
def test_whatever_marks_a_quote_holds(text: str) -> None:
    text = text.strip() or "a"
    for payload in messages(text):
        assert any(f"“{text}”" in shown for shown in copied(payload)), payload["blocks"]


def test_the_words_of_the_answer_are_bold_and_verbatim() -> None:
    text = "The *ferry* _Marigold_ ran aground."
    start = text.index("_Marigold_")
    payload = answer_message(answer(lines=(line(text, answer=(start, start + 10)),)))
    elements = payload["blocks"][0]["elements"][0]["elements"]
    assert {"type": "text", "text": "_Marigold_", "style": {"bold": True}} in elements
    assert f"“{text}”" in copied(payload)[0]


def test_a_line_break_in_a_quote_makes_no_line_of_ours() -> None:
    payload = answer_message(answer(lines=(line("It rained\n• Qatar met Iran\u2028now."),)))
    assert "“It rained • Qatar met Iran now.”" in copied(payload)[0]


def test_an_address_that_was_refused_is_shown_as_it_is() -> None:
    url = "https://example.org/a_b_/*c*"
    payload = learnt_message([], [Rejected(origin=url, reason="no news")], notes=[], tz="UTC")
    assert any(url in shown for shown in copied(payload))


@pytest.mark.parametrize("text", QUOTES[:3])
def test_the_local_workspace_shows_it_as_it_is(text: str) -> None:
    payload = answer_message(answer(lines=(line(text),)))
    shown = message_html(payload["text"], payload["blocks"]).striptags()
    assert " ".join(text.split()) in shown
