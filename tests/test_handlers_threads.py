"""A thread under an answer goes on: what is typed there follows what was asked before."""

import asyncio
import json
from typing import Any

import pytest

from handlers.payloads import thread_post
from tests.slack import DIRECT, ROOM, US, answers, app_for, callback, message, serving, shown
from tests.stocked import TEAM
from tests.workspace import LocalWorkspace

pytest_plugins = ["tests.slack_fixtures"]

TS, ROOT = "1700000000.000100", "1600000000.000100"


def words(answer: Any) -> str:
    return json.dumps(answer["blocks"], ensure_ascii=False)


async def test_a_name_in_the_thread_of_an_answer_needs_no_mention(slack: LocalWorkspace) -> None:
    root = await slack.say(ROOM, "@Dragoman who attacked Qatar?")
    await answers(slack, ROOM)
    await slack.say(ROOM, "and Iran?", thread_ts=root)
    _, second = await answers(slack, ROOM, 2)
    assert second["thread_ts"] == root
    assert "attacked Tehran" in shown(second)


async def test_each_follows_the_one_before(slack: LocalWorkspace) -> None:
    root = await slack.say(ROOM, "@Dragoman who attacked Qatar?")
    await answers(slack, ROOM)
    await slack.say(ROOM, "and Iran?", thread_ts=root)
    await answers(slack, ROOM, 2)
    await slack.say(ROOM, "@Dragoman since 2019", thread_ts=root)
    *_, third = await answers(slack, ROOM, 3)
    assert "*Iran*" in words(third)
    assert "since 1 Jan 2019" in words(third)


async def test_a_direct_thread_goes_on_too(slack: LocalWorkspace) -> None:
    root = await slack.say(DIRECT, "who attacked Qatar?")
    await answers(slack, DIRECT)
    await slack.say(DIRECT, "and Iran?", thread_ts=root)
    _, second = await answers(slack, DIRECT, 2)
    assert "attacked Tehran" in shown(second)


async def test_other_threads_and_talk_are_let_go(slack: LocalWorkspace) -> None:
    other = await slack.say(ROOM, "lunch?")
    await slack.say(ROOM, "and Iran?", thread_ts=other)
    root = await slack.say(ROOM, "@Dragoman who attacked Qatar?")
    await slack.say(ROOM, "that looks right to me", thread_ts=root)
    await slack.say(ROOM, "@Dragoman who moved to Turkey?")
    assert len(await answers(slack, ROOM, 2)) == 2


async def test_a_thread_goes_on_from_its_latest_question_after_a_restart(
    far: LocalWorkspace, desk: Any
) -> None:
    async with serving(app_for(far, desk)) as address:
        far.connect(address)
        root = await far.say(ROOM, "@Dragoman who attacked Qatar?")
        await answers(far, ROOM)
        ts = await far.say(ROOM, "and Iran?", thread_ts=root)
        await answers(far, ROOM, 2)
        await _noted(desk, ts)
        # Meanwhile another thread of the same room asks about something else.
        other = await far.say(ROOM, "@Dragoman who moved to Turkey?")
        await answers(far, ROOM, 3)
        await _noted(desk, other)
    async with serving(app_for(far, desk)) as address:
        far.connect(address)
        await far.say(ROOM, "since 2019", thread_ts=root)
        *_, last = await answers(far, ROOM, 4)
    assert "*Iran*" in words(last)
    assert "since 1 Jan 2019" in words(last)


async def _noted(desk: Any, ts: str) -> Any:
    """The reply that the store keeps; it is noted once it has been sent."""
    for _ in range(200):
        if (kept := desk.store.inbox.reply(TEAM, "message", f"{ROOM}:{ts}")) is not None:
            return kept
        await asyncio.sleep(0.02)
    raise AssertionError(ts)


async def test_what_was_asked_is_kept_in_the_store(slack: LocalWorkspace, desk: Any) -> None:
    root = await slack.say(ROOM, "@Dragoman who attacked Qatar?")
    await answers(slack, ROOM)
    ts = await slack.say(ROOM, "and Iran?", thread_ts=root)
    await answers(slack, ROOM, 2)
    kept = await _noted(desk, ts)
    assert kept.query == "who attacked Iran?"


async def test_more_in_a_thread_shows_the_whole_reply(slack: LocalWorkspace) -> None:
    root = await slack.say(ROOM, "@Dragoman brief Qatar Iran")
    (first,) = await answers(slack, ROOM)
    await slack.say(ROOM, "tell me more", thread_ts=root)
    _, second = await answers(slack, ROOM, 2)
    assert len(words(second)) > len(words(first))


async def test_a_follow_up_may_come_before_the_answer_to_the_last(slack: LocalWorkspace) -> None:
    root = await slack.say(ROOM, "@Dragoman who attacked Qatar?")
    await answers(slack, ROOM)
    await slack.say(ROOM, "and Iran?", thread_ts=root)
    await slack.say(ROOM, "and Israel?", thread_ts=root)
    await answers(slack, ROOM, 3)


@pytest.mark.parametrize("text", ["and Iran?", "why?", "more"])
async def test_a_colleague_or_who_posts_after_one_must_mention_us(
    slack: LocalWorkspace, text: str
) -> None:
    root = await slack.say(ROOM, "@Dragoman who attacked Qatar?")
    await answers(slack, ROOM)
    await slack.say(ROOM, text, user="U0ADA", thread_ts=root)
    await slack.say(ROOM, text, thread_ts=root)
    await answers(slack, ROOM)
    await slack.say(ROOM, f"@Dragoman {text}", user="U0ADA", thread_ts=root)
    await answers(slack, ROOM, 2)
    # Now the colleague is the one who asked.
    await slack.say(ROOM, text, thread_ts=root)
    await slack.say(ROOM, "@ada and Iran?", user="U0ADA", thread_ts=root)
    assert len(await answers(slack, ROOM, 2)) == 2


async def test_where_slack_does_not_show_the_thread_nothing_is_said(slack: LocalWorkspace) -> None:
    root = await slack.say(ROOM, "@Dragoman who attacked Qatar?")
    await answers(slack, ROOM)
    slack.refuse_next("conversations.replies", "ratelimited")
    await slack.say(ROOM, "and Iran?", thread_ts=root)
    assert len(await answers(slack, ROOM)) == 1


@pytest.mark.parametrize(
    "event",
    [
        message("and Iran?", TS, "C1"),
        message("<!here> and Iran?", TS, "C1", thread_ts=ROOT),
        message("and Iran?", TS, "C1", thread_ts=ROOT, bot_id="B1"),
        message("and Iran?", TS, "C1", thread_ts=ROOT, user=US),
        message("and Iran?", TS, "C1", thread_ts=ROOT, subtype="message_changed"),
        message("and Iran?", TS, "D1", thread_ts=ROOT, channel_type="im"),
        message("<@U2> and Iran?", TS, "C1", thread_ts=ROOT),
    ],
)
def test_what_does_not_ask_on(event: dict[str, Any]) -> None:
    assert thread_post(callback(event)) is None


def test_what_asks_on() -> None:
    post = thread_post(callback(message("and Iran?", TS, "C1", thread_ts=ROOT)))
    assert post is not None
    assert (post.text, post.thread) == ("and Iran?", ROOT)
