"""Corrections as messages: what became of which line, in words that judge nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.models import Corrected, Correction, Line, Status, Turn
from handlers.blocks.correction import correction_message, marked_corrected
from handlers.blocks.limits import ANY_TEXT, problems
from tests.payloads import spoken
from tests.replies import NOW, line, texts

HOSTILE = "*_<!channel> <@U0YOU> & a|b `x` \u202egnp\u202c " + "long " * 2_000
TOLD = "Iran met Qatar on Monday."


def part(
    turn: Turn, new: Line | None = None, told: str = TOLD, who: str = "", act: str = ""
) -> Corrected:
    return Corrected(turn=turn, shown=line(told).snippet, line=new, who=who, act=act)


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
    assert "*Edited:* “Iran met Qatar on Monday.” is no longer in its article" in found["edited"]
    assert "The article now says: “Iran did not meet Qatar.”" in found["edited"]
    assert "The article now" not in found["gone"]
    assert "*Retracted* by its publisher" in found["retracted"]
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
    assert "A line that I showed — <" in said(part(turn))


@pytest.mark.parametrize(
    ("turn", "more", "text"),
    [
        ("edited", {}, "Correction: “{TOLD}” is no longer in its article, which now says {NEW}"),
        (
            "edited",
            {"act": "Iran met Qatar"},
            "Correction: Iran met Qatar is no longer in its article, which now says {NEW}",
        ),
        ("denied", {"who": "Iran"}, "Correction: “{TOLD}” is denied by Iran: {NEW}"),
        ("denied", {"act": "Iran met Qatar"}, "Correction: Iran met Qatar is denied: {NEW}"),
        ("retracted", {}, "Correction: “{TOLD}” was retracted by its publisher: {NEW}"),
        ("done", {}, "Update: “{TOLD}” is reported as done: {NEW}"),
    ],
)
def test_a_notification_names_what_it_corrects_and_says_what_is_new(
    turn: Turn, more: dict[str, str], text: str
) -> None:
    new = line("Iran did not meet Qatar.", status=Status.DENIED)
    payload = correction_message(correction(part(turn, new, **more)))
    said = "“Iran did not meet Qatar.” — jpost.com, 28 Mar 2026"
    assert payload["text"] == text.replace("{TOLD}", TOLD).replace("{NEW}", said)


def test_a_notification_counts_the_other_lines() -> None:
    new = line("Iran did not meet Qatar.")
    payload = correction_message(
        correction(part("denied", new, who="Iran"), part("edited"), more=2)
    )
    assert payload["text"].endswith(", and 3 other lines")
    assert "2 more lines changed as well" in texts(payload)


def test_a_notification_of_what_was_taken_out_quotes_nothing() -> None:
    payload = correction_message(correction(part("removed", act="Iran met Qatar")))
    assert payload["text"] == (
        "Correction: Iran met Qatar is no longer counted: its article was removed"
    )
    nameless = correction_message(correction(part("distrusted")))
    assert nameless["text"].startswith("Correction: a line that I showed is no longer counted")


def test_where_no_sentence_is_alike_it_says_how_the_article_begins() -> None:
    new = part("edited", line("Ferries ran as usual.")).model_copy(update={"opening": True})
    payload = correction_message(correction(new))
    assert "The article now begins: “Ferries ran as usual.”" in texts(payload)
    assert "which now begins “Ferries ran as usual.”" in payload["text"]


ORIGINAL = {
    "ts": "1.000100",
    "text": "Iran met Qatar on Monday.",
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "Iran met Qatar."}}],
}


def test_the_message_that_is_corrected_gets_a_note_above_it() -> None:
    noted = marked_corrected(correction(part("edited")), ORIGINAL, NOW.date())
    assert noted is not None
    assert problems(noted) == []
    assert noted["blocks"][0]["elements"][0]["text"] == "*Corrected on 1 Apr 2026: see the thread.*"
    assert noted["blocks"][1:] == ORIGINAL["blocks"]
    assert noted["text"] == "Corrected on 1 Apr 2026: see the thread.\nIran met Qatar on Monday."


def test_the_note_is_one_however_often_it_is_corrected() -> None:
    once = marked_corrected(correction(part("edited")), ORIGINAL, NOW.date())
    assert once is not None
    later = NOW.date().replace(day=3)
    twice = marked_corrected(
        correction(part("denied")), ORIGINAL | once | {"thread_ts": "0.5"}, later
    )
    assert twice is not None
    assert len(twice["blocks"]) == 2
    assert twice["text"] == "Corrected on 3 Apr 2026: see below.\nIran met Qatar on Monday."


def test_a_plan_that_is_carried_out_updates_its_message() -> None:
    noted = marked_corrected(correction(part("done", line("It was."))), ORIGINAL, NOW.date())
    assert noted is not None
    assert noted["text"].startswith("Updated on 1 Apr 2026: ")


@pytest.mark.parametrize("blocks", [[], [{"type": "divider"}] * 50])
def test_a_message_without_room_for_the_note_stays_as_it_is(blocks: list[Any]) -> None:
    assert (
        marked_corrected(correction(part("edited")), ORIGINAL | {"blocks": blocks}, NOW.date())
        is None
    )
    assert marked_corrected(correction(part("edited")), {}, NOW.date()) is None


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
    for text in spoken(payload):
        assert "<!" not in text
        assert "<@" not in text
        assert "\u202e" not in text
    assert all(
        len(block.get("text", {}).get("text", "")) <= ANY_TEXT for block in payload["blocks"]
    )


def test_a_correction_queued_by_an_earlier_version_can_be_read() -> None:
    queued = correction(part("removed"))
    earlier = queued.model_dump_json().replace('"shown":', '"told":')
    assert Correction.model_validate_json(earlier) == queued
