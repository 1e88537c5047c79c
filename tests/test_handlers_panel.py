"""The agent panel: prompts where it is opened, a thread for each question, a status meanwhile."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from bot.desk import Desk
from bot.models import Reply
from handlers import messages
from handlers.workspace.server import LocalWorkspace
from tests.slack import DIRECT, YOU, answers, app_for, event, serving, shown

pytest_plugins = ("tests.slack_fixtures",)

SET_STATUS = "assistant.threads.setStatus"
SET_PROMPTS = "assistant.threads.setSuggestedPrompts"


async def called(slack: LocalWorkspace, method: str) -> dict[str, Any]:
    """Wait for a call, and return what it was called with."""
    for _ in range(500):
        if found := [call.args for call in slack.calls if call.method == method]:
            return found[-1]
        await asyncio.sleep(0.01)
    raise AssertionError(method)


async def test_prompts_stand_where_the_panel_is_opened(slack: LocalWorkspace) -> None:
    await slack.open_messages()
    args = await called(slack, SET_PROMPTS)
    assert "thread_ts" not in args  # with it, Slack would show none in the agent view
    assert args["channel_id"] == DIRECT
    assert [one["title"] for one in slack.panel.prompts] == [title for title, _ in messages.PROMPTS]


@pytest.mark.parametrize("said", [said for _, said in messages.PROMPTS])
async def test_each_prompt_is_answered(slack: LocalWorkspace, said: str) -> None:
    await slack.say(DIRECT, said)
    (answer,) = await answers(slack, DIRECT)
    assert "went wrong" not in answer["text"]


async def test_each_question_in_the_panel_begins_a_thread(slack: LocalWorkspace) -> None:
    await slack.open_messages()
    await called(slack, SET_PROMPTS)
    ts = await slack.say(DIRECT, "who attacked Qatar?")
    (answer,) = await answers(slack, DIRECT)
    assert answer["thread_ts"] == ts
    await slack.say(DIRECT, "and Iran?", thread_ts=ts)
    _, further = await answers(slack, DIRECT, 2)
    assert further["thread_ts"] == ts
    assert "attacked Tehran" in shown(further)


async def test_without_a_panel_answers_stand_beside(slack: LocalWorkspace) -> None:
    slack.refuse_next(SET_PROMPTS, "missing_scope")
    await slack.open_messages()
    await called(slack, SET_PROMPTS)
    await slack.say(DIRECT, "who attacked Qatar?")
    (answer,) = await answers(slack, DIRECT)
    assert "thread_ts" not in answer


async def test_the_older_view_has_threads_of_its_own(far: LocalWorkspace, desk: Desk) -> None:
    root = "1700000000.000100"
    thread = {"user_id": YOU, "channel_id": DIRECT, "thread_ts": root, "context": {}}
    async with serving(app_for(far, desk)) as address:
        far.connect(address)
        started = {"type": "assistant_thread_started", "assistant_thread": thread}
        assert (await event(address, started))[0] == 200
        assert (await called(far, SET_PROMPTS))["thread_ts"] == root


@pytest.mark.parametrize("tab", ["home", None])
async def test_another_tab_is_no_panel(slack: LocalWorkspace, desk: Desk, tab: str | None) -> None:
    async with serving(app_for(slack, desk), working=False) as address:
        opened = {"type": "app_home_opened", "user": YOU, "channel": DIRECT, "tab": tab}
        assert (await event(address, opened))[0] == 200
        await asyncio.sleep(0.1)
    assert not [call for call in slack.calls if call.method == SET_PROMPTS]


async def test_a_status_stands_until_the_answer(
    slack: LocalWorkspace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, shown_first = desk.ask, threading.Event()

    def slowly(*args: Any, **more: Any) -> Reply:
        assert shown_first.wait(5)
        return ask(*args, **more)

    monkeypatch.setattr(messages, "STATUS_AFTER", 0)
    monkeypatch.setattr(desk, "ask", slowly)
    await slack.open_messages()
    await called(slack, SET_PROMPTS)
    ts = await slack.say(DIRECT, "who attacked Qatar?")
    args = await called(slack, SET_STATUS)
    assert (args["channel_id"], args["thread_ts"]) == (DIRECT, ts)
    assert slack.panel.statuses == {ts: messages.STATUS}
    shown_first.set()
    await answers(slack, DIRECT)
    assert slack.panel.statuses == {}


async def test_what_is_quick_needs_no_status(
    slack: LocalWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "STATUS_AFTER", 60)
    root = await slack.say(DIRECT, "Qatar")
    await slack.say(DIRECT, "and Iran?", thread_ts=root)
    await answers(slack, DIRECT, 2)
    assert not [call for call in slack.calls if call.method == SET_STATUS]


async def test_a_status_that_is_refused_holds_nothing_up(
    slack: LocalWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "STATUS_AFTER", 0)
    slack.refuse_next(SET_STATUS, "not_allowed")
    root = await slack.say(DIRECT, "Qatar")
    await slack.say(DIRECT, "and Iran?", thread_ts=root)
    await answers(slack, DIRECT, 2)
