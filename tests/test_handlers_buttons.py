"""Buttons under a reply: where each puts what it asks for, and what it does not show there."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from handlers.blocks.buttons import DIRECT, MORE, SHARE, SINCE, SOURCES
from handlers.blocks.limits import texts
from handlers.blocks.native import TABLE
from handlers.blocks.notes import asked_by, sentence
from handlers.blocks.reply import EXPORT, TIMELINE
from tests.arrivals import arrival, met
from tests.payloads import POWER
from tests.replies import offered
from tests.slack import DIRECT as DM
from tests.slack import (
    ROOM,
    TEAM,
    TOKEN,
    YOU,
    answers,
    app_for,
    button,
    post,
    said,
    serving,
    shown,
)
from tests.stocked import desk_at
from tests.workspace import LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)

LEADING_ON = {SHARE, DIRECT}


def actions(answer: dict[str, Any]) -> list[str]:
    return [
        action
        for block in answer["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        for action in offered(element)
    ]


def quoted(answer: dict[str, Any]) -> int:
    """How many quotes with a source a reply shows."""
    return shown(answer).count("” — ")


async def asked(slack: LocalWorkspace, text: str, room: str = ROOM) -> dict[str, Any]:
    """Use the command, and return what it brought."""
    before = len(said(slack, room))
    await slack.command(room, text)
    return (await answers(slack, room, before + 1))[-1]


async def click(
    slack: LocalWorkspace, answer: dict[str, Any], action: str, room: str = ROOM
) -> None:
    await slack.click(room, answer["ts"], *button(answer, action))


# --- which buttons stand where ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "room", "there"),
    [
        ("Qatar", ROOM, True),
        ("Qatar public", ROOM, False),
        ("Qatar", DM, False),
        ("Wakanda", ROOM, False),
        ("Korea", ROOM, False),
    ],
)
async def test_what_one_person_sees_in_a_channel_can_be_shared_or_taken_along(
    slack: LocalWorkspace, text: str, room: str, *, there: bool
) -> None:
    assert LEADING_ON.issubset(actions(await asked(slack, text, room))) is there


async def test_a_mention_is_seen_by_all_already(slack: LocalWorkspace) -> None:
    await slack.say(ROOM, "@Dragoman brief Qatar")
    (answer,) = await answers(slack, ROOM)
    assert not LEADING_ON.intersection(actions(answer))
    assert {SOURCES, SINCE} <= set(actions(answer))


async def test_what_has_a_period_offers_no_other(slack: LocalWorkspace) -> None:
    assert SINCE not in actions(await asked(slack, "Qatar since 2024"))


# --- share ------------------------------------------------------------------------------


async def test_share_shows_it_to_all_once(slack: LocalWorkspace) -> None:
    answer = await asked(slack, "Qatar")
    await click(slack, answer, SHARE)
    _, shared = await answers(slack, ROOM, 2)
    assert not shared.get("is_ephemeral")
    assert "*Qatar*" in shown(shared)
    assert slack.messages(ROOM, user="U0OTHER") == [shared]


async def test_a_click_that_comes_again_is_one(far: LocalWorkspace, desk: Desk) -> None:
    async with serving(app_for(far, desk)) as one, serving(app_for(far, desk)) as other:
        far.connect(one)
        await click(far, await asked(far, "Qatar"), SHARE)
        body = far.deliveries[-1].body.encode()
        kind = "application/x-www-form-urlencoded"
        again = [post(url, body, kind) for url in (one, other, one, other)]
        assert [status for status, _ in await asyncio.gather(*again)] == [200] * 4
        assert len(await answers(far, ROOM, 2)) == 2


async def test_share_where_we_are_no_member(slack: LocalWorkspace) -> None:
    answer = await asked(slack, "Qatar")
    slack.refuse_next("chat.postMessage", "not_in_channel")
    await click(slack, answer, SHARE)
    _, shared = await answers(slack, ROOM, 2)
    assert not shared.get("is_ephemeral")
    assert "*Qatar*" in shown(shared)


async def test_what_changed_for_one_is_not_shared(slack: LocalWorkspace, desk: Desk) -> None:
    await asked(slack, "Lebanon")
    text = "Lebanon met Iran on the sixth floor."
    fresh = arrival("fresh", text, workspace=TEAM, facts=[met(text)])
    desk.store.commit([fresh], now=datetime.now(UTC))
    desk.catch_up()
    answer = await asked(slack, "Lebanon")
    await click(slack, answer, SHARE)
    shared = (await answers(slack, ROOM, 3))[-1]
    assert "Changed" not in shown(shared)


# --- continue in the direct messages ----------------------------------------------------


async def test_it_goes_on_in_the_direct_messages(slack: LocalWorkspace) -> None:
    await click(slack, await asked(slack, "Qatar"), DIRECT)
    _, told = await answers(slack, ROOM, 2)
    assert told["is_ephemeral"]
    assert "direct messages" in told["text"]
    (there,) = await answers(slack, DM)
    assert "*Qatar*" in shown(there)
    await slack.say(DM, "and Iran?", thread_ts=there["ts"])
    _, further = await answers(slack, DM, 2)
    assert "*Iran*" in shown(further)
    await slack.say(DM, "since 2025")
    *_, latest = await answers(slack, DM, 3)
    assert "*Iran*" in shown(latest)
    assert "since 1 Jan 2025" in shown(latest)


async def test_a_new_question_there_follows_nothing(slack: LocalWorkspace) -> None:
    await click(slack, await asked(slack, "Qatar"), DIRECT)
    await answers(slack, DM)
    await slack.say(DM, "who moved to Turkey?")
    _, answer = await answers(slack, DM, 2)
    assert "Hamas" in answer["text"]


async def test_what_is_told_in_a_place_stays_there(slack: LocalWorkspace, desk: Desk) -> None:
    text = "Qatar met Iran behind a closed door."
    secret = arrival("closed", text, audience="C0GULF", workspace=TEAM, facts=[met(text)])
    desk.store.commit([secret], now=datetime.now(UTC))
    desk.catch_up()
    answer = await asked(slack, "Qatar Iran", "C0GULF")
    await click(slack, answer, SOURCES, "C0GULF")
    _, listed = await answers(slack, "C0GULF", 2)
    assert "closed" in shown(listed)
    await click(slack, answer, DIRECT, "C0GULF")
    (there,) = await answers(slack, DM)
    assert "closed door" not in shown(there)


async def test_direct_messages_that_are_closed_are_told(slack: LocalWorkspace) -> None:
    slack.refuse_next("conversations.open", "user_disabled")
    await click(slack, await asked(slack, "Qatar"), DIRECT)
    _, told = await answers(slack, ROOM, 2)
    assert "does not let me send you direct messages" in told["text"]
    assert said(slack, DM) == []


# --- sources, last week, and actors beside ----------------------------------------------


async def test_sources_are_listed_once_each(slack: LocalWorkspace) -> None:
    answer = await asked(slack, "Qatar")
    await click(slack, answer, SOURCES)
    _, listed = await answers(slack, ROOM, 2)
    (table,) = [one for one in listed["blocks"] if one["type"] == TABLE]
    rows = [str(row) for row in table["rows"][1:]]
    assert rows
    assert len(set(rows)) == len(rows)
    assert listed["text"].split()[0] in (str(len(rows)), "One")
    assert shown(said(slack, ROOM)[0]) == shown(answer)


async def test_sources_of_an_answer_in_a_thread(slack: LocalWorkspace) -> None:
    root = await slack.say(ROOM, "@Dragoman who moved to Turkey?")
    (answer,) = await answers(slack, ROOM)
    await click(slack, answer, SOURCES)
    _, listed = await answers(slack, ROOM, 2)
    assert (listed["is_ephemeral"], listed["thread_ts"]) == (True, root)
    assert "article" in listed["text"]


async def test_since_last_week_replaces_what_one_sees(slack: LocalWorkspace) -> None:
    await click(slack, await asked(slack, "Qatar"), SINCE)
    await slack.wait(lambda: "last week" in shown(said(slack, ROOM)[0]))
    assert len(said(slack, ROOM)) == 1


async def test_since_last_week_leaves_what_all_see(slack: LocalWorkspace) -> None:
    answer = await asked(slack, "Qatar public")
    await click(slack, answer, SINCE)
    first, second = await answers(slack, ROOM, 2)
    assert shown(first) == shown(answer)
    assert second["is_ephemeral"]
    assert "last week" in shown(second)


@pytest.mark.parametrize("how", ["Qatar public", "shared", "mention", "in a thread"])
async def test_more_under_what_all_see_answers_the_clicker_alone(
    slack: LocalWorkspace, how: str
) -> None:
    if how == "shared":
        await click(slack, await asked(slack, "Qatar"), SHARE)
        await slack.wait(lambda: len(said(slack, ROOM)) == 2)
    elif how == "Qatar public":
        await asked(slack, how)
    else:
        root = await slack.say(ROOM, "hello" if how == "in a thread" else "@Dragoman brief Qatar")
        if how == "in a thread":
            await slack.say(ROOM, "@Dragoman brief Qatar", thread_ts=root)
        await answers(slack, ROOM)
    public = said(slack, ROOM)[-1]
    for person in ("U0ADA", YOU):
        n = len(said(slack, ROOM, person))
        await slack.click(ROOM, public["ts"], *button(public, MORE), user=person)
        *_, last = await answers(slack, ROOM, n + 1, person)
        assert last["is_ephemeral"]
        assert len(shown(last)) > len(shown(public))
        assert last.get("thread_ts") == public.get("thread_ts")
    assert shown(next(m for m in said(slack, ROOM) if m["ts"] == public["ts"])) == shown(public)


async def test_what_all_see_says_who_asked(slack: LocalWorkspace) -> None:
    public = await asked(slack, "Qatar public")
    assert "Asked by you" in shown(public)
    nothing = await asked(slack, "Wakanda public")
    assert "Asked by you" in shown(nothing)
    alone = await asked(slack, "Qatar")
    assert "Asked by" not in shown(alone)
    await click(slack, alone, SHARE)
    await slack.wait(lambda: len(said(slack, ROOM)) == 4)
    assert "Asked by you" in shown(said(slack, ROOM)[-1])


def test_a_display_name_is_shown_as_words() -> None:
    hostile = "<!channel> *Ada* <https://evil.example|x>\n" + "y" * 5_000
    payload = asked_by(sentence("Nothing stored about Qatar."), hostile)
    (line,) = (text for text in texts(payload["blocks"]) if "Asked by" in text)
    assert not POWER.search(line)
    assert "<http" not in line
    assert "\n" not in line
    assert len(line) < 500


async def test_more_in_direct_messages_is_in_place(slack: LocalWorkspace) -> None:
    await slack.say(DM, "brief Qatar")
    (answer,) = await answers(slack, DM)
    await slack.click(DM, answer["ts"], *button(answer, MORE))
    await slack.wait(lambda: len(shown(said(slack, DM)[0])) > len(shown(answer)))
    assert len(said(slack, DM)) == 1


async def test_more_of_an_answer_is_for_whoever_clicks(slack: LocalWorkspace) -> None:
    await slack.say(ROOM, "@Dragoman who attacked Iran?")
    (answer,) = await answers(slack, ROOM)
    assert quoted(answer) == 4
    await slack.click(ROOM, answer["ts"], *button(answer, MORE))
    first, whole = await answers(slack, ROOM, 2)
    assert shown(first) == shown(answer)
    assert whole["is_ephemeral"]
    assert quoted(whole) > 4
    assert MORE not in actions(whole)
    assert SOURCES in actions(whole)


async def test_a_name_is_chosen_for_everybody_only_by_who_asked(slack: LocalWorkspace) -> None:
    await slack.say(ROOM, "@Dragoman brief Korea")
    (asks,) = await answers(slack, ROOM)
    await slack.click(ROOM, asks["ts"], *button(asks, "choose:0"), user="U0ADA")
    first, alone = await answers(slack, ROOM, 2, "U0ADA")
    assert shown(first) == shown(asks)
    assert alone["is_ephemeral"]
    await slack.click(ROOM, asks["ts"], *button(asks, "choose:0"))
    await slack.wait(lambda: shown(said(slack, ROOM)[0]) != shown(asks))


async def test_an_actor_beside(slack: LocalWorkspace) -> None:
    answer = await asked(slack, "Qatar")
    await click(slack, answer, MORE)
    await slack.wait(lambda: "related:0" in actions(said(slack, ROOM)[0]))
    whole = said(slack, ROOM)[0]
    _, value, _ = button(whole, "related:0")
    await click(slack, whole, "related:0")
    await slack.wait(lambda: _is_pair(said(slack, ROOM)))
    assert '"q":"Qatar ' in value


def _is_pair(found: list[dict[str, Any]]) -> bool:
    return " and *" in shown(found[0])


# --- old buttons, and a restart ------------------------------------------------------------


@pytest.mark.parametrize("action", [SHARE, DIRECT, MORE])
async def test_a_button_that_cannot_be_read_leaves_the_message(
    slack: LocalWorkspace, action: str
) -> None:
    answer = await asked(slack, "Qatar")
    name, _, block = button(answer, action)
    await slack.click(ROOM, answer["ts"], name, '{"old":1}', block)
    first, told = await answers(slack, ROOM, 2)
    assert shown(first) == shown(answer)
    assert "ask again" in told["text"]


OLD_VALUE = json.dumps({"do": "brief", "q": "Qatar", "meant": [["Qatar", "state:qat"]]})


@pytest.mark.parametrize(
    ("action", "value", "words"),
    [
        (SOURCES, OLD_VALUE, "articles from"),
        (SINCE, OLD_VALUE, "Qatar"),
        (EXPORT, OLD_VALUE, "direct messages"),
        (TIMELINE, OLD_VALUE, "direct messages"),
        (SOURCES, "{}", "ask again"),
        (EXPORT, "{}", "ask again"),
    ],
)
async def test_a_button_of_a_message_before_there_was_a_menu(
    slack: LocalWorkspace, action: str, value: str, words: str
) -> None:
    old: dict[str, Any] = {"type": "button", "action_id": action, "value": value}
    old["text"] = {"type": "plain_text", "text": "Old"}
    blocks = [{"type": "actions", "block_id": "old", "elements": [old]}]
    client = AsyncWebClient(TOKEN, base_url=slack.api_url)
    ts = (await client.chat_postMessage(channel=ROOM, text="Qatar", blocks=blocks))["ts"]
    await slack.click(ROOM, ts, action, value, "old")
    _, told = await answers(slack, ROOM, 2)
    assert words in told["text"]


async def test_a_menu_that_cannot_be_read_leaves_the_message(slack: LocalWorkspace) -> None:
    option = {"text": {"type": "plain_text", "text": "New"}, "value": "of a later version"}
    menu = 'menu:["brief"]'
    element = {"type": "overflow", "action_id": menu, "options": [option]}
    blocks = [{"type": "actions", "block_id": "odd", "elements": [element]}]
    client = AsyncWebClient(TOKEN, base_url=slack.api_url)
    ts = (await client.chat_postMessage(channel=ROOM, text="Qatar", blocks=blocks))["ts"]
    await slack.click(ROOM, ts, menu, "of a later version", "odd")
    _, told = await answers(slack, ROOM, 2)
    assert "ask again" in told["text"]


@pytest.mark.parametrize("action", [SHARE, SOURCES])
async def test_a_button_of_before_a_restart(
    far: LocalWorkspace, tmp_path: Path, action: str
) -> None:
    before = desk_at(tmp_path)
    async with serving(app_for(far, before)) as address:
        far.connect(address)
        answer = await asked(far, "Qatar")
    before.close()
    after = desk_at(tmp_path)
    async with serving(app_for(far, after)) as address:
        far.connect(address)
        await click(far, answer, action)
        await answers(far, ROOM, 2)
    after.close()
