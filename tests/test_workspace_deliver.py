"""What the app receives: signed as slack_sdk checks it, shaped and repeated as Slack does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.request.payload_utils import is_block_actions, is_im_message_event, is_slash_command
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import SettingsError
from handlers.workspace.delivery import sign
from handlers.workspace.state import WorkspaceError
from tests.receiver import SECRET, TOKEN, connected


def test_the_signature_of_slacks_own_example() -> None:
    # The example of https://docs.slack.dev/authentication/verifying-requests-from-slack.
    body = (
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        "%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert sign("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body) == expected


async def test_everything_is_signed() -> None:
    async with connected() as (workspace, receiver):
        await workspace.say("C0WORLD", "@Dragoman who moved? ½ – é 🙂")
        await workspace.command("C0WORLD", "Qatar & Iran ½ 🙂")
        checker = SignatureVerifier(SECRET)
        assert len(receiver.got) == 3
        assert all(checker.is_valid_request(body, headers) for headers, body in receiver.got)
        headers, body = receiver.got[0]
        assert not SignatureVerifier("other").is_valid_request(body, headers)


async def test_the_clock_is_in_the_signature() -> None:
    async with connected(clock=lambda: 1_500_000_000.0) as (workspace, receiver):
        await workspace.say("C0WORLD", "hello")
        headers, body = receiver.got[0]
    assert headers["X-Slack-Request-Timestamp"] == "1500000000"
    assert not SignatureVerifier(SECRET).is_valid_request(body, headers)  # stale


@pytest.mark.parametrize(
    ("channel", "text", "expected"),
    [
        ("C0WORLD", "hello", [("message", "channel")]),
        ("C0WORLD", "@Dragoman hello", [("app_mention", None), ("message", "channel")]),
        ("C0WORLD", "well, @dragoman: hello", [("app_mention", None), ("message", "channel")]),
        ("C0WORLD", "@Dragomans are many", [("message", "channel")]),
        ("C0WORLD", "me@dragoman.example", [("message", "channel")]),
        ("D0DRAGOMAN", "hello", [("message", "im")]),
        ("D0DRAGOMAN", "@Dragoman hello", [("message", "im")]),
    ],
)
async def test_which_events_a_post_gives(
    channel: str, text: str, expected: list[tuple[str, str | None]]
) -> None:
    async with connected() as (workspace, receiver):
        ts = await workspace.say(channel, text)
        events = [body["event"] for body in receiver.events]
        kinds = sorted((event["type"], event.get("channel_type")) for event in events)
        assert kinds == expected
        assert {(event["ts"], event["channel"]) for event in events} == {(ts, channel)}
        assert len({body["event_id"] for body in receiver.events}) == len(expected)


async def test_the_envelope() -> None:
    async with connected() as (workspace, receiver):
        ts = await workspace.say(
            "D0DRAGOMAN", "a < b & @Dragoman, see https://e.example/x?a=1&b=2."
        )
        (body,) = receiver.events
    assert is_im_message_event(body)
    assert (body["type"], body["team_id"], body["api_app_id"]) == (
        "event_callback",
        "T0LOCAL",
        "A0LOCAL",
    )
    assert body["authorizations"][0]["user_id"] == "U0DRAGOMAN"
    event = body["event"]
    assert event["text"] == ("a &lt; b &amp; <@U0DRAGOMAN>, see <https://e.example/x?a=1&amp;b=2>.")
    assert (event["user"], event["event_ts"]) == ("U0YOU", ts)
    assert "bot_id" not in event
    assert "thread_ts" not in event


async def test_a_reply_carries_its_thread() -> None:
    async with connected() as (workspace, receiver):
        root = await workspace.say("C0WORLD", "first")
        await workspace.say("C0WORLD", "@Dragoman and then?", thread_ts=root)
        assert {b["event"].get("thread_ts") for b in receiver.events[1:]} == {root}
        with pytest.raises(WorkspaceError, match="no message"):
            await workspace.say("C0WORLD", "x", thread_ts="1.000001")


async def test_the_bots_own_messages_come_back_to_it() -> None:
    async with connected() as (workspace, receiver):
        client = AsyncWebClient(TOKEN, base_url=workspace.api_url, proxy="")
        ts = (await client.chat_postMessage(channel="C0WORLD", text="hello"))["ts"]
        await client.chat_postEphemeral(channel="C0WORLD", user="U0YOU", text="only for you")
        await client.chat_update(channel="C0WORLD", ts=ts, text="changed")
        await client.chat_delete(channel="C0WORLD", ts=ts)
        await workspace.settled()
        events = [body["event"] for body in receiver.events]
    assert sorted(event.get("subtype", "") for event in events) == [
        "",
        "message_changed",
        "message_deleted",
    ]
    written = next(event for event in events if "subtype" not in event)
    assert (written["bot_id"], written["user"]) == ("B0DRAGOMAN", "U0DRAGOMAN")
    changed = next(event for event in events if event.get("subtype") == "message_changed")
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == (
        "changed",
        "hello",
    )


async def test_a_command() -> None:
    async with connected() as (workspace, receiver):
        delivery = await workspace.command("C0GULF", "Qatar & <Iran> ½")
        await workspace.command("D0DRAGOMAN", "")
        form, direct = receiver.forms
    assert delivery.taken
    assert is_slash_command(form)
    assert (form["command"], form["text"]) == ("/brief", "Qatar &amp; &lt;Iran&gt; ½")
    assert (form["team_id"], form["user_id"], form["channel_id"], form["channel_name"]) == (
        "T0LOCAL",
        "U0YOU",
        "C0GULF",
        "gulf-watch",
    )
    assert form["response_url"].startswith(workspace.url)
    assert form["trigger_id"] != direct["trigger_id"]
    assert (direct["text"], direct["channel_name"]) == ("", "directmessage")
    assert workspace.messages("C0GULF") == []  # What is typed as a command is no message.


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (web.Response(), []),
        (web.Response(text="working on it"), [("working on it", True)]),
        (web.json_response({"text": "for one"}), [("for one", True)]),
        (
            web.json_response({"text": "for all", "response_type": "in_channel"}),
            [("for all", False)],
        ),
    ],
    ids=["empty", "text", "ephemeral", "in channel"],
)
async def test_an_acknowledgement_may_be_an_answer(
    answer: web.Response, seen: list[tuple[str, bool]]
) -> None:
    async with connected() as (workspace, receiver):
        receiver.answers.append(answer)
        await workspace.command("C0WORLD", "Qatar")
        said = workspace.messages("C0WORLD")
    assert [(m["text"], m.get("is_ephemeral", False)) for m in said] == seen


async def test_a_click() -> None:
    button: dict[str, Any] = {
        "type": "button",
        "action_id": "more",
        "value": "r1",
        "text": {"type": "plain_text", "text": "More"},
    }
    blocks = [{"type": "actions", "block_id": "b1", "elements": [button]}]
    async with connected() as (workspace, receiver):
        client = AsyncWebClient(TOKEN, base_url=workspace.api_url, proxy="")
        ts = (await client.chat_postMessage(channel="C0WORLD", text="x", blocks=blocks))["ts"]
        await workspace.click("C0WORLD", ts, "more", "r1", "b1", user="U0YOU")
        hidden = await client.chat_postEphemeral(
            channel="C0WORLD", user="U0YOU", text="y", blocks=blocks
        )
        await workspace.click("C0WORLD", hidden["message_ts"], "more", "r1", "b1")
        shown, alone = (json.loads(form["payload"]) for form in receiver.forms)
        for wrong in (("less", "b1"), ("more", "b2")):
            with pytest.raises(WorkspaceError, match="no button"):
                await workspace.click("C0WORLD", ts, wrong[0], "r1", wrong[1])
        with pytest.raises(WorkspaceError, match="no message"):
            await workspace.click(
                "C0WORLD", hidden["message_ts"], "more", "r1", "b1", user="U0DRAGOMAN"
            )
    assert is_block_actions(shown)
    action = shown["actions"][0]
    assert (action["action_id"], action["block_id"], action["value"]) == ("more", "b1", "r1")
    assert shown["message"]["ts"] == shown["container"]["message_ts"] == ts
    assert shown["channel"]["id"] == "C0WORLD"
    assert shown["trigger_id"] != alone["trigger_id"]
    assert alone["container"]["is_ephemeral"] is True
    assert "message" not in alone


async def test_a_failed_event_is_sent_again_until_it_is_taken() -> None:
    async with connected(retry_after=(0, 0, 0)) as (workspace, receiver):
        receiver.answers = [web.Response(status=500), web.Response(status=503)]
        await workspace.say("D0DRAGOMAN", "hello")
        await workspace.settled()
        headers = [dict(h) for h, _ in receiver.got]
        assert [h.get("X-Slack-Retry-Num") for h in headers] == [None, "1", "2"]
        assert headers[1]["X-Slack-Retry-Reason"] == "http_error"
        assert len({body["event_id"] for body in receiver.events}) == 1
        checker = SignatureVerifier(SECRET)
        assert all(checker.is_valid_request(body, head) for head, body in receiver.got)
        assert workspace.notices("D0DRAGOMAN") == []  # It got through in the end.


async def test_after_three_more_attempts_it_is_given_up_in_words() -> None:
    async with connected(retry_after=(0, 0, 0)) as (workspace, receiver):
        receiver.answers = [web.Response(status=500) for _ in range(9)]
        await workspace.say("D0DRAGOMAN", "hello")
        await workspace.settled()
        assert [d.attempt for d in workspace.deliveries] == [0, 1, 2, 3]
        (notice,) = workspace.notices("D0DRAGOMAN")
    assert "HTTP 500" in notice
    assert "not tried again" in notice


async def test_the_retries_wait_as_slack_does() -> None:
    async with connected() as (workspace, receiver):
        receiver.answers = [web.Response(status=500), web.Response(status=500)]
        await workspace.say("D0DRAGOMAN", "hello")
        await workspace.wait(
            lambda: "Trying again in 60 seconds." in "".join(workspace.notices("D0DRAGOMAN"))
        )
        assert len(receiver.got) == 2  # The third waits for a minute, and ends with the workspace.


async def test_a_command_is_never_sent_again() -> None:
    async with connected(retry_after=(0, 0, 0)) as (workspace, receiver):
        receiver.answers = [web.Response(status=500)]
        delivery = await workspace.command("C0WORLD", "Qatar")
        await workspace.settled()
        assert (delivery.status, delivery.reason, len(receiver.got)) == (500, "http_error", 1)
        (notice,) = workspace.notices("C0WORLD")
    assert "/brief did not get through" in notice


async def test_an_app_that_is_not_there_or_never_answers() -> None:
    async with connected(timeout=0.05) as (workspace, _):
        workspace.connect("http://127.0.0.1:9/slack/events")
        gone = await workspace.command("C0WORLD", "Qatar")
        assert gone.reason == "connection_failed"
        assert "cannot be reached" in workspace.notices("C0WORLD")[0]

        async def never(request: web.Request) -> web.Response:
            await request.read()
            await workspace.wait(lambda: len(workspace.notices("C0WORLD")) == 2)
            return web.Response()

        app = web.Application()
        app.router.add_post("/", never)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        workspace.connect(f"http://127.0.0.1:{runner.addresses[0][1]}/")
        late = await workspace.command("C0WORLD", "Qatar")
        await runner.cleanup()
    assert late.reason == "http_timeout"


@pytest.mark.parametrize(
    "url", ["http://203.0.113.7/slack/events", "http://slack.example/", "nonsense", ""]
)
async def test_signed_requests_stay_on_this_machine(url: str) -> None:
    async with connected() as (workspace, _):
        with pytest.raises(SettingsError, match="loopback"):
            workspace.connect(url)


@pytest.mark.parametrize(
    ("channel", "text", "user", "words"),
    [
        ("C0NOWHERE", "x", "U0YOU", "no channel"),
        ("C0WORLD", "x", "U0NOBODY", "nobody"),
        ("C0WORLD", "  ", "U0YOU", "empty"),
    ],
)
async def test_what_cannot_be_said(channel: str, text: str, user: str, words: str) -> None:
    async with connected() as (workspace, receiver):
        with pytest.raises(WorkspaceError, match=words):
            await workspace.say(channel, text, user=user)
        assert receiver.got == []
