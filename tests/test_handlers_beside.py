"""Thanks, greetings, calls for help, and requests that stored news cannot meet."""

from __future__ import annotations

import asyncio

import pytest

from bot.answer.intents import NOT_FROM_NEWS
from bot.desk import Desk
from handlers.blocks.notes import usage
from handlers.messages import SURFACE_MESSAGE
from tests.slack import DIRECT, ROOM, answers, said, shown
from tests.stocked import TEAM
from tests.workspace import LocalWorkspace

pytest_plugins = ["tests.slack_fixtures"]

NEVER = ("Did you mean", "Which one do you mean", "Nothing stored", "nearest names")


async def _finished(desk: Desk, place: str, ts: str) -> None:
    """Wait until a post was worked on, whatever came of it."""
    for _ in range(500):
        if desk.store.inbox.reply(TEAM, SURFACE_MESSAGE, f"{place}:{ts}") is not None:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(ts)


@pytest.mark.parametrize("text", ["", "Hi!", "help?", "Hello there", "what can you do?"])
async def test_a_greeting_is_answered_by_how_to_ask(slack: LocalWorkspace, text: str) -> None:
    await slack.say(ROOM, f"@Dragoman {text}")
    (answer,) = await answers(slack, ROOM)
    assert answer["text"] == usage()["text"]


@pytest.mark.parametrize(
    "text",
    ["summarise this channel", "tl;dr of this thread", "translate this into French",
     "write an email to my boss", "set a reminder for 3pm", "what's the weather like today?",
     "tell me a joke", "who are you?", "schedule a meeting for Thursday", "delete this",
     "unsubscribe"],
)  # fmt: skip
@pytest.mark.parametrize("place", [DIRECT, ROOM])
async def test_a_request_gets_one_line(slack: LocalWorkspace, place: str, text: str) -> None:
    await slack.say(place, text if place == DIRECT else f"@Dragoman {text}")
    (answer,) = await answers(slack, place)
    assert answer["text"].startswith(NOT_FROM_NEWS)
    assert "\n" not in answer["text"]
    assert not any(words in shown(answer) for words in NEVER)


async def test_what_is_in_view_and_cannot_be_seen_gets_one_line(slack: LocalWorkspace) -> None:
    await slack.say(DIRECT, "brief me on this thread")
    (answer,) = await answers(slack, DIRECT)
    assert answer["text"].startswith("I cannot see what you are looking at.")
    assert "\n" not in answer["text"]
    await slack.say(ROOM, "@Dragoman brief me on this thread")
    (answer,) = await answers(slack, ROOM)
    assert answer["text"].startswith(NOT_FROM_NEWS)


@pytest.mark.parametrize("text", ["thanks", "Thank you :)", "ok great", "lol", ":thumbsup:", "🙏"])
@pytest.mark.parametrize("place", [DIRECT, ROOM])
async def test_thanks_get_no_reply(
    slack: LocalWorkspace, desk: Desk, place: str, text: str
) -> None:
    ts = await slack.say(place, text if place == DIRECT else f"@Dragoman {text}")
    await _finished(desk, place, ts)
    assert not said(slack, place)


async def test_a_thread_goes_on_after_thanks_and_requests(
    slack: LocalWorkspace, desk: Desk
) -> None:
    root = await slack.say(ROOM, "@Dragoman who attacked Qatar?")
    await answers(slack, ROOM)
    ts = await slack.say(ROOM, "@Dragoman thanks!", thread_ts=root)
    await _finished(desk, ROOM, ts)
    await slack.say(ROOM, "@Dragoman translate that into French", thread_ts=root)
    await answers(slack, ROOM, 2)
    await slack.say(ROOM, "and Iran?", thread_ts=root)
    *_, last = await answers(slack, ROOM, 3)
    assert "attacked Tehran" in shown(last)


async def test_thanks_with_a_question_are_answered(slack: LocalWorkspace) -> None:
    root = await slack.say(DIRECT, "who attacked Qatar?")
    await answers(slack, DIRECT)
    await slack.say(DIRECT, "thanks, and Iran?", thread_ts=root)
    _, second = await answers(slack, DIRECT, 2)
    assert "attacked Tehran" in shown(second)
