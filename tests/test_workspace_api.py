"""The Web API of the local workspace, asked with the real slack_sdk over real sockets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.receiver import TOKEN, connected
from tests.workspace import LocalWorkspace

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*Qatar*"}}
BUTTONS = {
    "type": "actions",
    "elements": [
        {"type": "button", "action_id": "more", "text": {"type": "plain_text", "text": "More"}}
    ],
}


@pytest_asyncio.fixture
async def workspace() -> AsyncIterator[LocalWorkspace]:
    async with connected() as (started, _):
        yield started


@pytest.fixture
def client(workspace: LocalWorkspace) -> AsyncWebClient:
    # An empty proxy, so that the tests mean this machine whatever the environment says.
    return AsyncWebClient(TOKEN, base_url=workspace.api_url, proxy="")


async def refused(call: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as caught:
        await call
    data = caught.value.response.data
    assert isinstance(data, dict)
    return data


async def test_auth_test_says_who_the_bot_is(client: AsyncWebClient) -> None:
    said = await client.auth_test()
    assert (said["user_id"], said["bot_id"], said["team_id"]) == (
        "U0DRAGOMAN",
        "B0DRAGOMAN",
        "T0LOCAL",
    )


@pytest.mark.parametrize(
    ("token", "error"),
    [(None, "not_authed"), ("xoxb-other", "invalid_auth"), (TOKEN.upper(), "invalid_auth")],
)
async def test_a_wrong_token(workspace: LocalWorkspace, token: str | None, error: str) -> None:
    client = AsyncWebClient(token, base_url=workspace.api_url, proxy="")
    assert (await refused(client.auth_test()))["error"] == error


async def test_an_unknown_method(client: AsyncWebClient) -> None:
    assert await refused(client.api_call("chat.shout")) == {"ok": False, "error": "unknown_method"}


async def test_post_reply_update_and_delete(
    client: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    posted = await client.chat_postMessage(channel="C0WORLD", text="Qatar", blocks=[SECTION])
    reply = await client.chat_postMessage(channel="C0WORLD", text="more", thread_ts=posted["ts"])
    changed = await client.chat_update(channel="C0WORLD", ts=posted["ts"], text="Qatar, again")
    first, second = workspace.messages("C0WORLD")
    assert first["text"] == changed["text"] == "Qatar, again"
    assert "edited" in first
    assert "blocks" not in first
    assert (second["ts"], second["thread_ts"]) == (reply["ts"], posted["ts"])
    await client.chat_delete(channel="C0WORLD", ts=posted["ts"])
    assert [m["ts"] for m in workspace.messages("C0WORLD")] == [reply["ts"]]
    methods = [call.method for call in workspace.calls]
    assert methods == ["chat.postMessage", "chat.postMessage", "chat.update", "chat.delete"]


async def test_a_reply_to_a_reply_joins_its_thread(client: AsyncWebClient) -> None:
    root = (await client.chat_postMessage(channel="C0WORLD", text="1"))["ts"]
    reply = (await client.chat_postMessage(channel="C0WORLD", text="2", thread_ts=root))["ts"]
    third = await client.chat_postMessage(channel="C0WORLD", text="3", thread_ts=reply)
    assert third["message"]["thread_ts"] == root


async def test_an_ephemeral_message_is_for_one(
    client: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    said = await client.chat_postEphemeral(channel="C0GULF", user="U0YOU", text="for you")
    (seen,) = workspace.messages("C0GULF", "U0YOU")
    assert seen["ts"] == said["message_ts"]
    assert seen["is_ephemeral"] is True
    assert workspace.messages("C0GULF", "U0DRAGOMAN") == []
    assert (await client.conversations_history(channel="C0GULF"))["messages"] == []
    for call in (
        client.chat_update(channel="C0GULF", ts=seen["ts"], text="changed"),
        client.chat_delete(channel="C0GULF", ts=seen["ts"]),
    ):
        assert (await refused(call))["error"] == "message_not_found"


async def test_missing_ids_are_given(client: AsyncWebClient, workspace: LocalWorkspace) -> None:
    await client.chat_postMessage(channel="C0WORLD", text="x", blocks=[SECTION, BUTTONS])
    blocks = workspace.messages("C0WORLD")[0]["blocks"]
    assert len({block["block_id"] for block in blocks}) == 2
    assert blocks[1]["elements"][0]["action_id"] == "more"


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0WORLD", "text": " "}, "no_text"),
        ({"channel": "C0WORLD", "text": "x", "blocks": "[{"}, "invalid_blocks_format"),
        ({"channel": "C0WORLD", "text": "x", "blocks": "{}"}, "invalid_blocks_format"),
        ({"channel": "C0WORLD", "text": "x", "blocks": ["x"]}, "invalid_blocks_format"),
        ({"channel": "C0WORLD", "text": "x", "blocks": [{"type": "poem"}]}, "invalid_blocks"),
        (
            {"channel": "C0WORLD", "text": "x", "blocks": [{"type": "divider"}] * 51},
            "invalid_blocks",
        ),
        ({"channel": "C0WORLD", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C0WORLD", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
    ],
)
async def test_what_slack_refuses(
    client: AsyncWebClient, workspace: LocalWorkspace, args: dict[str, Any], error: str
) -> None:
    call = client.api_call("chat.postMessage", json=args)
    assert (await refused(call))["error"] == error
    assert workspace.messages("C0WORLD") == []


async def test_the_near_misses_are_taken(client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C0WORLD", text="x" * 40_000)
    await client.chat_postMessage(channel="C0WORLD", text="x", blocks=[{"type": "divider"}] * 50)
    await client.chat_postMessage(channel="U0YOU", text="a person is a direct message")


async def test_a_broken_limit_is_named_to_the_bot_and_on_the_page(
    client: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    said = await refused(client.chat_postMessage(channel="C0WORLD", text="x", blocks=[long]))
    assert said["error"] == "invalid_blocks"
    (detail,) = said["response_metadata"]["messages"]
    assert "3000" in detail
    (notice,) = workspace.notices("C0WORLD")
    assert "invalid_blocks" in notice
    assert "3000" in notice


async def test_only_its_own_messages_can_be_changed(
    client: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    ts = await workspace.say("C0WORLD", "mine")
    update = client.chat_update(channel="C0WORLD", ts=ts, text="yours")
    assert (await refused(update))["error"] == "cant_update_message"
    delete = client.chat_delete(channel="C0WORLD", ts=ts)
    assert (await refused(delete))["error"] == "cant_delete_message"


async def test_conversations_and_people(client: AsyncWebClient) -> None:
    channel = (await client.conversations_info(channel="C0GULF"))["channel"]
    assert (channel["name"], channel["is_im"]) == ("gulf-watch", False)
    assert (await client.conversations_info(channel="D0DRAGOMAN"))["channel"]["user"] == "U0YOU"
    assert (await client.conversations_open(users=["U0YOU"]))["channel"]["id"] == "D0DRAGOMAN"
    user = (await client.users_info(user="U0YOU"))["user"]
    assert (user["tz"], user["tz_offset"], user["is_bot"]) == ("UTC", 0, False)
    assert (await client.users_info(user="U0DRAGOMAN"))["user"]["is_bot"] is True
    for call in (
        client.users_info(user="U0NOBODY"),
        client.conversations_open(users=["U0NOBODY"]),
    ):
        assert (await refused(call))["error"] == "user_not_found"


async def test_the_zone_of_the_person_is_told() -> None:
    async with connected(tz="Asia/Qatar") as (workspace, _):
        client = AsyncWebClient(TOKEN, base_url=workspace.api_url, proxy="")
        user = (await client.users_info(user="U0YOU"))["user"]
    assert (user["tz"], user["tz_offset"]) == ("Asia/Qatar", 3 * 3600)


async def test_history_and_replies_are_paged(client: AsyncWebClient) -> None:
    ts = [(await client.chat_postMessage(channel="C0WORLD", text=str(n)))["ts"] for n in range(5)]
    for n in range(3):
        await client.chat_postMessage(channel="C0WORLD", text=f"r{n}", thread_ts=ts[0])
    pages = [
        [message["text"] for message in page["messages"]]
        async for page in await client.conversations_history(channel="C0WORLD", limit=2)
    ]
    assert pages == [["4", "3"], ["2", "1"], ["0"]]
    after = await client.conversations_history(channel="C0WORLD", oldest=ts[3])
    assert [message["text"] for message in after["messages"]] == ["4"]
    both = await client.conversations_history(channel="C0WORLD", oldest=ts[3], inclusive=True)
    assert [message["text"] for message in both["messages"]] == ["4", "3"]
    thread = await client.conversations_replies(channel="C0WORLD", ts=ts[0])
    assert [message["text"] for message in thread["messages"]] == ["0", "r0", "r1", "r2"]
    missing = client.conversations_replies(channel="C0WORLD", ts="1.000001")
    assert (await refused(missing))["error"] == "thread_not_found"


async def test_arguments_come_any_way(workspace: LocalWorkspace) -> None:
    url = workspace.api_url + "chat.postMessage"
    args = {"channel": "C0WORLD", "text": "any & all", "blocks": json.dumps([SECTION])}
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    async with aiohttp.ClientSession() as session:
        for request in (
            session.get(url, params=args, headers=bearer),
            session.post(url, params=args, headers=bearer),
            session.post(url, data=args, headers=bearer),
            session.post(url, data={**args, "token": TOKEN}),
            session.post(url, json={**args, "blocks": [SECTION]}, headers=bearer),
            session.post(url, params={"channel": "C0WORLD"}, data=args, headers=bearer),
        ):
            async with request as response:
                assert (await response.json())["ok"] is True
    said = workspace.messages("C0WORLD")
    assert [message["text"] for message in said] == ["any & all"] * 6
    assert all(message["blocks"][0]["text"] == SECTION["text"] for message in said)


@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        (b"{", "application/json", "invalid_json"),
        (b"\xff\xfe", "application/json", "invalid_json"),
        (b"[]", "application/json", "json_not_object"),
        (b"<a/>", "text/xml", "invalid_post_type"),
    ],
)
async def test_a_body_that_cannot_be_read(
    workspace: LocalWorkspace, body: bytes, kind: str, error: str
) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            workspace.api_url + "auth.test", data=body, headers={"Content-Type": kind}
        ) as response,
    ):
        assert (await response.json()) == {"ok": False, "error": error}


async def test_a_refusal_can_be_asked_for(
    client: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    workspace.refuse_next("chat.postMessage", "ratelimited", retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0WORLD", text="x")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "7"
    await client.chat_postMessage(channel="C0WORLD", text="x")
    assert len(workspace.messages("C0WORLD")) == 1


async def test_times_rise_where_the_clock_stands_still() -> None:
    async with connected(clock=lambda: 1_700_000_000.5) as (workspace, _):
        client = AsyncWebClient(TOKEN, base_url=workspace.api_url, proxy="")
        ts = [(await client.chat_postMessage(channel="C0WORLD", text="x"))["ts"] for _ in range(3)]
    assert ts[0] == "1700000000.500000"
    assert ts == sorted(set(ts))
