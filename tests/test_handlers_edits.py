"""A question that is edited is answered anew where its answer stands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.desk import Desk
from handlers.payloads import edit_of
from tests.slack import (
    DIRECT,
    ROOM,
    US,
    YOU,
    answers,
    app_for,
    callback,
    event,
    said,
    serving,
    shown,
)
from tests.workspace import LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)

EDITED = "1800000000.000100"


def edit(ts: str, before: str, now: str, room: str = ROOM, **more: Any) -> dict[str, Any]:
    """The event of an edit; ``more`` goes into both versions of the post."""
    post = {"type": "message", "user": YOU, "ts": ts, **more}
    edited = {"user": YOU, "ts": more.pop("edited", EDITED)}
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": room,
        "channel_type": "im" if room == DIRECT else "channel",
        "ts": EDITED,
        "event_ts": EDITED,
        "message": {**post, "text": now, "edited": edited},
        "previous_message": {**post, "text": before},
    }


@pytest.fixture
async def url(far: LocalWorkspace, desk: Desk) -> AsyncIterator[str]:
    async with serving(app_for(far, desk)) as address:
        far.connect(address)
        yield address


async def test_the_answer_is_replaced_in_place(far: LocalWorkspace, url: str) -> None:
    ts = await far.say(ROOM, "@Dragoman brief Qatar")
    (first,) = await answers(far, ROOM)
    change = edit(ts, f"<@{US}> brief Qatar", f"<@{US}> brief Iran", thread_ts=ts)
    for _ in range(3):
        assert (await event(url, change))[0] == 200
    await far.wait(lambda: "*Iran*" in shown(said(far, ROOM)[0]))
    (second,) = await answers(far, ROOM)
    assert (second["ts"], second["thread_ts"]) == (first["ts"], ts)
    assert [call.method for call in far.calls].count("chat.update") == 1


async def test_in_direct_messages_too(far: LocalWorkspace, url: str) -> None:
    ts = await far.say(DIRECT, "Qatar")
    await answers(far, DIRECT)
    await event(url, edit(ts, "Qatar", "Iran", DIRECT))
    await far.wait(lambda: "*Iran*" in shown(said(far, DIRECT)[0]))
    await answers(far, DIRECT)


async def test_an_edit_before_the_answer_is_out(far: LocalWorkspace, url: str) -> None:
    before, now = f"<@{US}> brief Qatar", f"<@{US}> brief Iran"
    ts = await far.say(ROOM, "@Dragoman brief Qatar")
    await event(url, edit(ts, before, now, thread_ts=ts))
    await far.wait(lambda: any("*Iran*" in shown(one) for one in said(far, ROOM)))
    await answers(far, ROOM)


async def test_what_asks_on_afterwards_follows_the_edit(far: LocalWorkspace, url: str) -> None:
    ts = await far.say(ROOM, "@Dragoman who attacked Qatar?")
    await answers(far, ROOM)
    ask = f"<@{US}> who moved to Turkey?"
    await event(url, edit(ts, f"<@{US}> who attacked Qatar?", ask, thread_ts=ts))
    await far.wait(lambda: "Hamas" in said(far, ROOM)[0]["text"])
    await far.say(ROOM, "and Qatar?", thread_ts=ts)
    _, further = await answers(far, ROOM, 2)
    assert "moved" in shown(further)


async def test_an_answer_that_is_gone_is_posted_anew(far: LocalWorkspace, url: str) -> None:
    ts = await far.say(ROOM, "@Dragoman brief Qatar")
    await answers(far, ROOM)
    far.refuse_next("chat.update", "message_not_found")
    await event(url, edit(ts, f"<@{US}> brief Qatar", f"<@{US}> brief Iran", thread_ts=ts))
    _, second = await answers(far, ROOM, 2)
    assert "*Iran*" in shown(second)


async def test_a_name_that_is_added_asks_once(far: LocalWorkspace, url: str) -> None:
    ts = await far.say(ROOM, "brief Qatar")
    await event(url, edit(ts, "brief Qatar", f"<@{US}> brief Qatar"))
    (answer,) = await answers(far, ROOM)
    assert answer["thread_ts"] == ts


@pytest.mark.parametrize(
    ("before", "now", "more"),
    [
        ("<@{us}> brief Qatar", "<@{us}> brief Qatar", {}),  # a link unfolded
        ("<@{us}> brief Qatar", "never mind", {}),
        ("lunch?", "dinner?", {}),
        ("<@{us}> brief Qatar", "<@{us}> brief Iran", {"bot_id": "B1"}),
        ("<@{us}> brief Qatar", "<@{us}> brief Iran", {"subtype": "assistant_app_thread"}),
    ],
)
async def test_other_changes_are_let_go(
    far: LocalWorkspace, url: str, before: str, now: str, more: dict[str, Any]
) -> None:
    ts = await far.say(ROOM, "@Dragoman brief Qatar")
    (first,) = await answers(far, ROOM)
    change = edit(ts, before.format(us=US), now.format(us=US), thread_ts=ts, **more)
    assert (await event(url, change))[0] == 200
    await asyncio.sleep(0.2)
    assert await answers(far, ROOM) == [first]


def test_what_is_no_edit() -> None:
    assert edit_of(callback({"type": "message", "text": "a"})) is None
    assert edit_of(callback(edit("1", "a", "a"))) is None
    found = edit_of(callback(edit("1", "a", "b")))
    assert found is not None
    assert [body["event"]["text"] for body in found] == ["b", "a"]
