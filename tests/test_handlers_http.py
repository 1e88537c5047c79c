import json
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.desk import Desk
from bot.errors import SettingsError
from bot.settings import Settings
from handlers.app import BODY_BYTES, BadBody, build_app, parse
from tests.slack import callback, event, form, post, serving, settings, signature

pytest_plugins = ["tests.slack_fixtures"]

NOBODY = "http://127.0.0.1:9/api/"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
async def url(desk: Desk) -> AsyncIterator[str]:
    """An app whose workers rest, and whose Slack is not there: nothing is sent."""
    async with serving(build_app(settings(NOBODY), desk), working=False) as address:
        yield address


CHALLENGE = json.dumps({"type": "url_verification", "challenge": "c-1", "token": "t"}).encode()


async def test_the_challenge_is_answered(url: str) -> None:
    status, body = await post(url, CHALLENGE)
    assert (status, json.loads(body)) == (200, {"challenge": "c-1"})


FORGED: list[tuple[dict[str, str], int]] = [
    ({}, 200),
    ({"signature": "v0=" + "0" * 64}, 401),
    ({"signature": ""}, 401),
    ({"signature": "v0=é"}, 401),
    ({"signature": signature(b"another body", "1")}, 401),
    ({"timestamp": "yesterday"}, 401),
    ({"timestamp": ""}, 401),
    ({"timestamp": "9" * 30}, 401),
]


@pytest.mark.parametrize(("headers", "expected"), FORGED)
async def test_signatures(url: str, headers: dict[str, str], expected: int) -> None:
    status, _ = await post(url, CHALLENGE, **headers)
    assert status == expected


@pytest.mark.parametrize(("age", "expected"), [(240, 200), (310, 401), (-400, 401)])
async def test_a_signature_is_good_for_five_minutes(url: str, age: int, expected: int) -> None:
    status, _ = await post(url, CHALLENGE, timestamp=str(int(time.time()) - age))
    assert status == expected


async def test_headers_that_are_missing_are_wrong(url: str) -> None:
    async with aiohttp.ClientSession() as session, session.post(url, data=CHALLENGE) as response:
        assert response.status == 401


BODIES = [
    (b"{not json", "application/json", 400),
    (b"[1, 2]", "application/json", 400),
    (b'"text"', "application/json", 400),
    (b"[" * 100_000, "application/json", 400),
    (rb'{"type": "event_callback", "token": "\ud800"}', "application/json", 400),
    (rb'{"type": "event_callback", "token": "\ud83d\ude00"}', "application/json", 200),
    (b'{"type": "event_callback", "event": "text"}', "application/json", 400),
    (b"", "application/json", 400),
    (b"", FORM, 400),
    (b"this is no form", FORM, 400),
    (b'{"type": "event_callback"}', FORM, 400),
    (b"a=%ff", FORM, 400),
    (b"payload=notjson", FORM, 400),
    (b"payload=[]", FORM, 400),
    (b"a=1", "text/plain", 400),
    (b"--x\r\n", "multipart/form-data; boundary=x", 400),
    (b"\xff\xfe", "application/json", 401),
    (b'{"a":"' + b"x" * BODY_BYTES + b'"}', "application/json", 413),
    (b"type=unknown", FORM, 200),
    (b'payload={"type":"reached_from_nowhere"}', FORM, 200),
    (b'payload={"type":"block_actions"}', FORM, 400),
    (b'{"type": "event_callback", "authorizations": 1, "event": {}}', "application/json", 400),
    (b'{"type": "event_callback", "event": {"type": "app_mention"}}', "application/json", 400),
    (b'{"type": "event_callback", "event_id": {}, "event": {"type": "app_home_opened", "user": "U1"}}', "application/json", 400),
    (b'{"type": "event_callback", "event": {"type": "app_home_opened", "user": "U1", "event_ts": {}}}', "application/json", 400),
    (b"command=/brief&user_id=U1&channel_id=x%3E&trigger_id=1", FORM, 400),
    (b"command=/brief&user_id=U1&channel_id=C1&text=x", FORM, 400),
    (b'payload={"type":"something_new","channel":1.5}', FORM, 400),
]  # fmt: skip


def _nested(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


def _click(value: str) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "user": {"id": "U1"},
        "trigger_id": "1.1",
        "channel": {"id": "C1"},
        "container": {"channel_id": "C1", "message_ts": "1.1"},
        "actions": [{"action_id": "more", "block_id": "b", "value": value}],
    }


def _chosen(value: str) -> dict[str, Any]:
    click = _click("")
    click["actions"] = [{"action_id": "menu", "selected_option": {"value": value}}]
    return click


def _sent(value: str) -> dict[str, Any]:
    view = {"id": "V1", "type": "modal", "private_metadata": value, "state": {"values": {}}}
    return {"type": "view_submission", "user": {"id": "U1"}, "view": view}


DEEP = [
    *(json.dumps(made(_nested(levels))) for made in (_click, _chosen, _sent) for levels in (101, 900, 3_000)),
    *('{"type": "block_actions", "x": ' + _nested(levels) + "}" for levels in (100, 900, 5_000)),
    json.dumps(_click("[" * 2_000)),
]  # fmt: skip


@pytest.mark.parametrize("payload", DEEP)
async def test_what_is_nested_too_deep_is_refused(url: str, payload: str) -> None:
    status, text = await form(url, {"payload": payload})
    assert (status, "Traceback" in text) == (400, False)
    status, text = await post(url, payload.encode())
    assert status == 400


@pytest.mark.parametrize("value", [_nested(100), "[" * 100, '{"a": "' + "[" * 1_500 + '"}'])
async def test_brackets_within_bounds_are_taken(url: str, value: str) -> None:
    status, _ = await form(url, {"payload": json.dumps(_click(value))})
    assert status == 200


@pytest.mark.parametrize(("body", "kind", "expected"), BODIES)
async def test_bodies(url: str, body: bytes, kind: str, expected: int) -> None:
    status, text = await post(url, body, kind)
    assert status == expected
    assert "Traceback" not in text


async def test_a_bad_signature_is_refused_before_the_body_is_read_as_anything(url: str) -> None:
    status, _ = await post(url, b"{not json", signature="v0=" + "0" * 64)
    assert status == 401


UNHANDLED: list[dict[str, Any]] = [
    {"type": "reaction_added", "user": "U1"},
    {"type": "app_home_opened", "user": "U1", "channel": "D1"},
    {"type": "team_join", "user": {"id": "U1"}},
    {"type": "message", "subtype": "channel_join", "user": "U1", "channel": "C1", "ts": "1.1"},
    {"type": "message", "user": "U1", "text": "not to us", "channel": "C1", "ts": "1.1"},
    {"type": "something_new"},
]


@pytest.mark.parametrize("what", UNHANDLED)
async def test_what_is_not_handled_is_acknowledged(url: str, what: dict[str, Any]) -> None:
    status, _ = await event(url, what)
    assert status == 200


async def test_unknown_commands_and_clicks_are_acknowledged(url: str) -> None:
    command = {"command": "/other", "text": "x", "team_id": "T1", "user_id": "U1"}
    command |= {"channel_id": "C1", "trigger_id": "1"}
    assert (await form(url, command))[0] == 200
    click = {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1"}}
    click |= {"trigger_id": "1", "channel": {"id": "C1"}}
    action = {"action_id": "unknown", "type": "button", "block_id": "b"}
    assert (await form(url, {"payload": json.dumps(click | {"actions": [action]})}))[0] == 200


async def test_every_path_takes_everything(url: str) -> None:
    for path in ("events", "commands", "interactivity"):
        status, _ = await post(url.replace("events", path), CHALLENGE)
        assert status == 200


async def test_healthz(url: str) -> None:
    root = url.removesuffix("/slack/events")
    async with aiohttp.ClientSession() as session, session.get(f"{root}/healthz") as response:
        assert (response.status, await response.text()) == (200, "ok")


def test_a_command_that_says_payload_is_a_command() -> None:
    body = b"command=%2Fbrief&text=payload+of+the+rocket&payload=x"
    assert parse(body, FORM)["text"] == "payload of the rocket"
    with pytest.raises(BadBody):
        parse(b"payload=x", FORM)


@pytest.mark.parametrize("missing", ["slack_bot_token", "slack_signing_secret"])
def test_without_credentials_there_is_one_clear_sentence(missing: str, desk: Desk) -> None:
    with pytest.raises(SettingsError, match=f"{missing.upper()} must be set"):
        build_app(settings(NOBODY, **{missing: None}), desk)


def test_settings_of_tests_do_not_read_the_environment_file() -> None:
    assert isinstance(settings(NOBODY), Settings)
    assert callback({})["type"] == "event_callback"
