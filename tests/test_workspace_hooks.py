"""Response URLs, answered with slack_sdk's webhook client."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.receiver import TOKEN, Receiver, connected
from tests.workspace import LocalWorkspace

BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
BLOCKS = [{"type": "actions", "block_id": "b1", "elements": [BUTTON]}]


@dataclass
class Clock:
    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Desk:
    workspace: LocalWorkspace
    receiver: Receiver
    clock: Clock = field(default_factory=Clock)

    async def command(self) -> AsyncWebhookClient:
        await self.workspace.command("C0WORLD", "Qatar")
        return AsyncWebhookClient(self.receiver.forms[-1]["response_url"], proxy="")

    async def click(self, **post: Any) -> tuple[str, AsyncWebhookClient]:
        client = AsyncWebClient(TOKEN, base_url=self.workspace.api_url, proxy="")
        said = await client.chat_postMessage(channel="C0WORLD", text="old", blocks=BLOCKS, **post)
        await self.workspace.click("C0WORLD", said["ts"], "go", None, "b1")
        payload = json.loads(self.receiver.forms[-1]["payload"])
        return said["ts"], AsyncWebhookClient(payload["response_url"], proxy="")

    def seen(self) -> list[tuple[str, bool]]:
        said = self.workspace.messages("C0WORLD")
        return [(m["text"], m.get("is_ephemeral", False)) for m in said]


@pytest_asyncio.fixture
async def desk() -> AsyncIterator[Desk]:
    clock = Clock()
    async with connected(clock=clock) as (workspace, receiver):
        yield Desk(workspace, receiver, clock)


@pytest.mark.parametrize(
    ("kind", "alone"), [(None, True), ("ephemeral", True), ("in_channel", False)]
)
async def test_who_sees_the_answer(desk: Desk, kind: str | None, alone: bool) -> None:
    hook = await desk.command()
    answer = await hook.send(text="Qatar", response_type=kind)
    assert (answer.status_code, answer.body) == (200, "ok")
    assert desk.seen() == [("Qatar", alone)]
    assert desk.workspace.calls[-1].method == "response_url"


async def test_five_answers_and_no_more(desk: Desk) -> None:
    hook = await desk.command()
    for n in range(5):
        assert (await hook.send(text=str(n))).status_code == 200
    sixth = await hook.send(text="5")
    assert (sixth.status_code, json.loads(sixth.body)["error"]) == (404, "used_url")
    assert len(desk.seen()) == 5


@pytest.mark.parametrize(("seconds", "status"), [(1800, 200), (1801, 404)])
async def test_half_an_hour_and_no_longer(desk: Desk, seconds: int, status: int) -> None:
    hook = await desk.command()
    desk.clock.now += seconds
    assert (await hook.send(text="late")).status_code == status


async def test_a_made_up_address(desk: Desk) -> None:
    hook = AsyncWebhookClient(f"{desk.workspace.url}/hooks/guess", proxy="")
    assert (await hook.send(text="x")).status_code == 404


async def test_a_click_can_replace_its_message(desk: Desk) -> None:
    ts, hook = await desk.click()
    await hook.send(text="new", replace_original=True)
    (message,) = desk.workspace.messages("C0WORLD")
    assert (message["ts"], message["text"]) == (ts, "new")


async def test_a_click_in_a_thread_is_answered_in_it(desk: Desk) -> None:
    root = await desk.workspace.say("C0WORLD", "first")
    _, hook = await desk.click(thread_ts=root)
    await hook.send(text="answer")
    answer = desk.workspace.messages("C0WORLD")[-1]
    assert (answer["text"], answer["thread_ts"], answer["is_ephemeral"]) == ("answer", root, True)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x", "blocks": [{"type": "poem"}]}, "invalid_blocks"),
        ({"text": "x" * 40_001}, "msg_too_long"),
    ],
)
async def test_a_bad_answer(desk: Desk, body: dict[str, Any], error: str) -> None:
    hook = await desk.command()
    answer = await hook.send_dict(body)
    assert (answer.status_code, json.loads(answer.body)["error"]) == (400, error)
    assert desk.seen() == []
