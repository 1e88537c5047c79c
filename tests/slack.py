"""Dragoman's Slack side over real sockets: served, sent signed requests, and watched as Slack."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from pydantic import AnyHttpUrl, SecretStr

from bot.settings import Settings
from handlers.app import SlackApp, build_app
from tests.payloads import POWER, answered, broken, spoken
from tests.replies import texts
from tests.workspace import LocalWorkspace

ROOM, DIRECT = "C0WORLD", "D0DRAGOMAN"

SECRET = "a-secret-of-tests"  # noqa: S105
TOKEN = "xoxb-of-tests"  # noqa: S105
TEAM = "T0LOCAL"
US = "U0DRAGOMAN"
YOU = "U0YOU"

Json = dict[str, Any]


def settings(api_url: str, **more: Any) -> Settings:
    values: Json = {
        "slack_bot_token": SecretStr(TOKEN),
        "slack_signing_secret": SecretStr(SECRET),
        "slack_api_url": AnyHttpUrl(api_url),
    }
    return Settings(_env_file=None, **(values | more))


def signature(body: bytes, timestamp: str, secret: str = SECRET) -> str:
    base = b":".join((b"v0", timestamp.encode(), body))
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


async def post(
    url: str, body: bytes, kind: str = "application/json", **headers: str
) -> tuple[int, str]:
    """POST a body, signed now unless ``headers`` say otherwise."""
    timestamp = headers.pop("timestamp", str(int(time.time())))
    all_headers = {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": headers.pop("signature", signature(body, timestamp)),
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers=all_headers | headers) as response,
    ):
        return response.status, await response.text()


async def event(url: str, event: Json, **more: Any) -> tuple[int, str]:
    return await post(url, json.dumps(callback(event, **more)).encode())


async def form(url: str, fields: Json) -> tuple[int, str]:
    return await post(url, urlencode(fields).encode(), "application/x-www-form-urlencoded")


def callback(event: Json, **more: Any) -> Json:
    authorization = {"team_id": TEAM, "user_id": US, "is_bot": True, "enterprise_id": None}
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A1",
        "event_id": "Ev1",
        "event_time": 1,
        "event": event,
        "authorizations": [authorization],
        **more,
    }


def mention(text: str, ts: str, channel: str, **more: Any) -> Json:
    return {
        "type": "app_mention",
        "user": YOU,
        "text": f"<@{US}> {text}",
        "ts": ts,
        "channel": channel,
        "event_ts": ts,
        **more,
    }


def message(text: str, ts: str, channel: str, **more: Any) -> Json:
    values = mention(text, ts, channel) | {"type": "message", "channel_type": "channel"}
    return values | {"text": text} | more


@asynccontextmanager
async def serving(app: SlackApp, *, working: bool = True) -> AsyncIterator[str]:
    """Serve an app on a free port; yields the address for events."""
    runner = web.AppRunner(app.web, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    if working:
        app.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()
        await app.stop()


@asynccontextmanager
async def far_side() -> AsyncIterator[LocalWorkspace]:
    """Run the local workspace as Slack; finally check every payload it got against the limits."""
    workspace = LocalWorkspace(
        signing_secret=SECRET, bot_token=TOKEN, bot_user=US, tz="Asia/Qatar", retry_after=(0.05,)
    )
    await workspace.start()
    try:
        yield workspace
    finally:
        await workspace.stop()
    for call in workspace.calls:
        assert (broken(call), call) == ([], call)
        for text in spoken(call.args):
            assert not POWER.search(text), call
    for delivery in workspace.deliveries:
        assert (answered(delivery), delivery) == ([], delivery)


def app_for(workspace: LocalWorkspace, desk: Any, **more: Any) -> SlackApp:
    clock: Json = {k: more.pop(k) for k in ("now", "sleep") if k in more}
    # Tests post faster than Slack allows, except for the tests of the pace.
    clock["gap"] = more.pop("gap", timedelta(0))
    return build_app(settings(workspace.api_url, **more), desk, poll_seconds=0.05, **clock)


def said(workspace: LocalWorkspace, channel: str, user: str = YOU) -> list[Json]:
    """Return what the bot said in a channel, to everyone or to ``user`` alone."""
    return [m for m in workspace.messages(channel, user) if m.get("bot_id") or m.get("user") == US]


async def answers(
    slack: LocalWorkspace, channel: str, n: int = 1, user: str = YOU
) -> list[dict[str, Any]]:
    """Wait for ``n`` answers that ``user`` sees, and a little longer for one too many."""
    await slack.wait(lambda: len(said(slack, channel, user)) >= n)
    await asyncio.sleep(0.08)
    found = said(slack, channel, user)
    assert len(found) == n, [m["text"] for m in found]
    return found


def shown(answer: dict[str, Any]) -> str:
    return texts(answer)


def button(answer: dict[str, Any], action: str) -> tuple[str, str, str]:
    """Return the arguments of a click on an answer's button, or on the same item in its menu."""
    for block in answer["blocks"]:
        for element in block.get("elements", []):
            if element.get("action_id") == action:
                return action, element["value"], block["block_id"]
            for thumb in ("positive_button", "negative_button"):
                value = element.get(thumb, {}).get("value", "")
                if value.startswith(f"{action}:"):
                    return element["action_id"], value, block["block_id"]
            if any(one["value"] == action for one in element.get("options", [])):
                return element["action_id"], action, block["block_id"]
    raise AssertionError(f"no button {action}")


async def body_of_a_mention(far: LocalWorkspace, text: str = "who moved to Turkey?") -> bytes:
    """Return an ``event_callback`` for a post in the workspace that is not yet delivered."""
    far.connect("http://127.0.0.1:9/far/events")
    await far.say(ROOM, f"@Dragoman {text}")
    body = next(d.body for d in far.deliveries if "app_mention" in d.body)
    return body.encode()
