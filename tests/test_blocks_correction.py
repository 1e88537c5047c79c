"""Corrections as messages: what became of which line, in words that judge nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.models import Corrected, Correction, Line, Status, Turn
from handlers.blocks.correction import correction_message
from handlers.blocks.limits import ANY_TEXT, problems
from tests.replies import NOW, line, texts

HOSTILE = "*_<!channel> <@U0YOU> & a|b `x` \u202egnp\u202c " + "long " * 2_000
TOLD = "Iran met Qatar on Monday."


def part(
    turn: Turn, new: Line | None = None, told: str = TOLD, who: str = "", act: str = ""
) -> Corrected:
    return Corrected(turn=turn, told=line(told).snippet, line=new, who=who, act=act)


def correction(*parts: Corrected, **more: Any) -> Correction:
    return Correction(**({"asked_at": NOW, "parts": parts, "tz": "UTC"} | more))


def said(*parts: Corrected, **more: Any) -> str:
    payload = correction_message(correction(*parts, **more))
    assert problems(payload) == []
    return texts(payload)


def test_each_turn_is_said_with_its_source_and_no_verdict() -> None:
    new = line("Iran did not meet Qatar.", status=Status.DENIED)
    found = {
        "edited": said(part("edited", new)),
        "gone": said(part("edited")),
        "retracted": said(part("retracted", line("This story was withdrawn."))),
        "removed": said(part("removed", act="Iran met Qatar")),
        "distrusted": said(part("distrusted", act="Iran met Qatar")),
        "denied": said(part("denied", new, who="Iran")),
        "nobody": said(part("denied", new)),
        "done": said(part("done", line("The Emir visited Iran."))),
    }
    assert (
        "*Edited:* “Iran met Qatar on Monday.” stands no longer in its article" in found["edited"]
    )
    assert "It says now: “Iran did not meet Qatar.”" in found["edited"]
    assert "It says now" not in found["gone"]
    assert "*Taken back* by its publisher" in found["retracted"]
    assert "“This story was withdrawn.”" in found["retracted"]
    assert "*Iran denies it:* “Iran did not meet Qatar.”" in found["denied"]
    assert "*Denied:* “" in found["nobody"]
    assert "*Reported as done:* “The Emir visited Iran.”" in found["done"]
    for text in found.values():
        assert "<https://" in text
        assert not re.search(r"\b(?:false|wrong|untrue|fake|incorrect|error)\b", text, re.I)


@pytest.mark.parametrize("turn", ["removed", "distrusted"])
def test_what_was_taken_out_is_not_quoted_again(turn: Turn) -> None:
    text = said(part(turn, act="Iran met Qatar"))
    assert "*No longer counted:* Iran met Qatar — <https://" in text
    assert TOLD not in text
    assert "A line that I told — <" in said(part(turn))


def test_a_notification_begins_with_what_is_new() -> None:
    new = line("Iran did not meet Qatar.")
    payload = correction_message(
        correction(part("denied", new, who="Iran"), part("edited"), more=2)
    )
    assert payload["text"].startswith("Iran denies it: “Iran did not meet Qatar.” — ")
    edited = correction_message(correction(part("edited", new)))
    assert edited["text"].startswith("Edited since I told it; its article says now: “Iran did not")
    assert payload["text"].endswith(", and 3 other lines")
    assert "2 more lines changed as well" in texts(payload)


def test_directly_it_says_what_was_asked_when_and_where() -> None:
    text = said(part("edited"), query="Quatar <@U1>", asked_in="C0WORLD")
    assert "you asked me “Quatar &lt;@U1&gt;” in <#C0WORLD>. Since then:" in text
    assert "in <#" not in said(part("edited"), query="Qatar", asked_in="D1")


@pytest.mark.parametrize("turn", ["edited", "retracted", "removed", "distrusted", "denied", "done"])
def test_hostile_words_are_shown_as_words(turn: Turn) -> None:
    new = line(HOSTILE, publisher=HOSTILE[:200], url="https://news.example.org/" + "a" * 2_900)
    parts = [part(turn, new, told=HOSTILE, who=HOSTILE, act=HOSTILE) for _ in range(8)]
    payload = correction_message(correction(*parts, query=HOSTILE, asked_in="C0WORLD"))
    assert problems(payload) == []
    for text in (texts(payload), payload["text"]):
        assert "<!" not in text
        assert "<@" not in text
        assert "\u202e" not in text
    assert all(
        len(block.get("text", {}).get("text", "")) <= ANY_TEXT for block in payload["blocks"]
    )
