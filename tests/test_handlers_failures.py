"""What goes wrong on the way to an answer, and what is said or done about it."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.desk import Desk
from bot.errors import StoreUnavailable
from bot.models import Reply
from handlers import messages
from handlers.app import NOT_NOW
from handlers.blocks.native import FEEDBACK_ROW, GOOD, types_in
from tests.slack import (
    DIRECT,
    ROOM,
    US,
    answers,
    app_for,
    body_of_a_mention,
    button,
    event,
    form,
    message,
    post,
    said,
    serving,
    shown,
)
from tests.workspace import LocalWorkspace

pytest_plugins = ["tests.slack_fixtures"]


async def test_what_cannot_be_understood_is_said_in_a_sentence(slack: LocalWorkspace) -> None:
    await slack.command(ROOM, "😀" * 3000)
    (answer,) = await answers(slack, ROOM)
    assert answer["text"].startswith("I see no question in that.")


async def test_a_failure_says_where_the_log_has_it(
    slack: LocalWorkspace,
    desk: Desk,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> Reply:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr(desk, "ask", broken)
    await slack.say(DIRECT, "who moved to Turkey?")
    (answer,) = await answers(slack, DIRECT)
    assert "Traceback" not in answer["text"]
    reference = answer["text"].split("reference ")[1].rstrip(".")
    assert any(reference in r.getMessage() and r.exc_info for r in caplog.records)


async def test_without_a_store_nothing_is_acknowledged(
    far: LocalWorkspace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = await body_of_a_mention(far)

    def unavailable(*_: object) -> bool:
        raise StoreUnavailable("The store is busy.")

    async with serving(app_for(far, desk)) as url:
        with monkeypatch.context() as broken:
            broken.setattr(desk.store.inbox, "record", unavailable)
            assert (await post(url, body))[0] == 503
            command = {
                "command": "/brief",
                "text": "Qatar",
                "team_id": "T0LOCAL",
                "user_id": "U0YOU",
                "channel_id": ROOM,
                "trigger_id": "1.1",
            }
            status, shown = await form(url, command)  # Slack sends a command but once
            assert (status, NOT_NOW in shown) == (200, True)
            assert (await event(url, message("not to us", "1.1", ROOM)))[0] == 200
        assert said(far, ROOM) == []
        assert (await post(url, body))[0] == 200
        await answers(far, ROOM)


REFUSED_FOR_NOW = [("ratelimited", 1), ("internal_error", None), ("service_unavailable", None)]


@pytest.mark.parametrize(("word", "wait"), REFUSED_FOR_NOW)
async def test_what_far_refuses_for_now_is_sent_again(
    far: LocalWorkspace, desk: Desk, word: str, wait: int | None
) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async with serving(app_for(far, desk, sleep=sleep)) as url:
        far.connect(url)
        far.refuse_next("chat.postMessage", word, retry_after=wait)
        far.refuse_next("chat.postMessage", word, retry_after=wait)
        await far.say(DIRECT, "who moved to Turkey?")
        await answers(far, DIRECT)
    assert waits == ([1.0, 1.0] if wait else [0.5, 1.0])


async def test_newer_blocks_that_slack_refuses_become_plain_ones(slack: LocalWorkspace) -> None:
    slack.refused_blocks.add(FEEDBACK_ROW)
    for n in (1, 2):
        await slack.say(DIRECT, "who moved to Turkey?")
        (*_, answer) = await answers(slack, DIRECT, n)
        assert answer["blocks"]
        assert types_in(answer) == set()
        button(answer, GOOD)
    tried = [call for call in slack.calls if call.method == "chat.postMessage"]
    assert [types_in(call.args) for call in tried] == [{FEEDBACK_ROW}, set(), set()]


async def test_blocks_that_slack_refuses_become_text(slack: LocalWorkspace) -> None:
    for _ in range(2):  # the newer ones, and the plain ones
        slack.refuse_next("chat.postMessage", "invalid_blocks")
    await slack.say(DIRECT, "who moved to Turkey?")
    (answer,) = await answers(slack, DIRECT)
    assert not answer.get("blocks")
    assert "Hamas" in answer["text"]


async def test_without_a_good_token_it_is_given_up(
    slack: LocalWorkspace, caplog: pytest.LogCaptureFixture
) -> None:
    slack.refuse_next("chat.postMessage", "invalid_auth")
    await slack.say(DIRECT, "who moved to Turkey?")
    await slack.say(DIRECT, "who else?")
    await answers(slack, DIRECT)
    assert any("given up" in r.getMessage() for r in caplog.records)
    assert any("SLACK_BOT_TOKEN" in r.getMessage() for r in caplog.records)
    assert [c.method for c in slack.calls].count("chat.postMessage") == 2


CLOSED = [
    ("channel_not_found", "I am not a member there"),
    ("not_in_channel", "I am not a member there"),
    ("is_archived", "it is archived"),
    ("restricted_action", "Slack does not let me post there"),
]


@pytest.mark.parametrize(("word", "why"), CLOSED)
async def test_what_a_closed_channel_refuses_is_answered_in_person(
    slack: LocalWorkspace, word: str, why: str
) -> None:
    slack.refuse_next("chat.postMessage", word)
    await slack.say(ROOM, "@Dragoman who moved to Turkey?")
    (answer,) = await answers(slack, DIRECT)
    assert "Hamas" in answer["text"]
    assert why in shown(answer)
    assert f"<#{ROOM}>" in shown(answer)
    assert said(slack, ROOM) == []


async def test_what_a_closed_channel_refuses_to_whisper_is_answered_in_person(
    far: LocalWorkspace, desk: Desk
) -> None:
    command = {
        "command": "/brief",
        "text": "Qatar",
        "team_id": "T0LOCAL",
        "user_id": "U0YOU",
        "channel_id": ROOM,
        "response_url": f"{far.url}/hooks/unknown",
        "trigger_id": "9.1",
    }
    far.refuse_next("chat.postEphemeral", "not_in_channel")
    async with serving(app_for(far, desk)) as url:
        await form(url, command)
        (answer,) = await answers(far, DIRECT)
    assert "Qatar" in shown(answer)


@pytest.mark.parametrize("word", ["msg_too_long", "some_new_word"])
async def test_an_answer_that_slack_refuses_is_excused_with_a_reference(
    slack: LocalWorkspace, word: str, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        slack.refuse_next("chat.postMessage", word)
    await slack.say(ROOM, "@Dragoman who moved to Turkey?")
    (answer,) = await answers(slack, ROOM)
    assert answer["is_ephemeral"]
    assert answer["text"].startswith(
        f"I could not answer, because Slack refused my answer ({word})"
    )
    reference = answer["text"].split("reference ")[1].rstrip(".")
    assert any(reference in r.getMessage() and "given up" in r.getMessage() for r in caplog.records)


async def test_a_fault_outside_of_the_desk_is_excused_too(
    slack: LocalWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Reply:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr(messages, "reference", broken)
    await slack.say(ROOM, "@Dragoman who moved to Turkey?")
    (answer,) = await answers(slack, ROOM)
    assert answer["is_ephemeral"]
    assert answer["text"].startswith("I could not answer, because something went wrong.")


async def test_a_rate_limit_beyond_the_lease_queues(
    far: LocalWorkspace, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer comes when Slack takes it, however often it asks to wait."""
    ahead = timedelta(0)
    caplog.set_level("INFO", "handlers.inbox")
    async with serving(app_for(far, desk, now=lambda: datetime.now(UTC) + ahead)) as url:
        far.connect(url)
        for _ in range(8):
            far.refuse_next("chat.postMessage", "ratelimited", retry_after=45)
        await far.say(DIRECT, "who moved to Turkey?")
        for tries in range(1, 9):
            await _logged(caplog, "waits until", tries)
            ahead += timedelta(seconds=46)
        await answers(far, DIRECT)
    assert _posts(far) == 9


async def _logged(caplog: pytest.LogCaptureFixture, words: str, times: int) -> None:
    for _ in range(1000):
        if caplog.text.count(words) >= times:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"not {times} times {words} in the log")


def _posts(far: LocalWorkspace) -> int:
    return [c.method for c in far.calls].count("chat.postMessage")


async def test_a_spent_response_url_does_not_lose_the_answer(
    far: LocalWorkspace, desk: Desk
) -> None:
    command = {
        "command": "/brief",
        "text": "Qatar",
        "team_id": "T0LOCAL",
        "user_id": "U0YOU",
        "channel_id": ROOM,
        "response_url": f"{far.url}/hooks/unknown",
        "trigger_id": "1.1",
    }
    async with serving(app_for(far, desk)) as url:
        await form(url, command)
        (alone,) = await answers(far, ROOM)
        assert alone["is_ephemeral"]
        await form(url, command | {"text": "Qatar public", "trigger_id": "1.2"})
        _, public = await answers(far, ROOM, 2)
        assert not public.get("is_ephemeral")


def _nodes(value: object) -> Iterator[dict[str, object]]:
    """Every object in a payload, outside in."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)


def _markup(blocks: object) -> list[str]:
    return [str(one["text"]) for one in _nodes(blocks) if one.get("type") == "mrkdwn"]


def _types(blocks: object) -> list[str]:
    return [str(one.get("type")) for one in _nodes(blocks)]


HOSTILE = ["<!channel> <@U1> *x* _y_ `z`", "\u202eevil", "a|b>c", "> quote", "التقى أمير قطر"]


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_queries_are_shown_as_text(slack: LocalWorkspace, text: str) -> None:
    await slack.command(ROOM, f"{text} public")
    (answer,) = await answers(slack, ROOM)
    shown = json.dumps(answer["blocks"], ensure_ascii=False) + answer["text"]
    assert "\u202e" not in shown
    # In the elements of rich text nothing is markup: only their types can ping.
    live = "\n".join([*_markup(answer["blocks"]), answer["text"]])
    for power in ("<!", "<@"):
        assert power not in live
    assert not {"user", "usergroup", "broadcast"} & set(_types(answer["blocks"]))
    assert US not in shown
