"""Home and forms: published, changed, clicked in and closed as in Slack."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.workspace.state import WorkspaceError
from tests.receiver import TOKEN, Receiver, connected
from tests.workspace import LocalWorkspace

Json = dict[str, Any]
ROOM = "C0WORLD"


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


BUTTON = {"type": "button", "action_id": "go", "text": plain("Go"), "value": "7"}
ROW = {"type": "actions", "block_id": "row", "elements": [BUTTON]}
SECTION = {
    "type": "section",
    "block_id": "sec",
    "text": {"type": "mrkdwn", "text": "&lt;script&gt; *x*"},
    "accessory": BUTTON,
}
WORDS = {
    "type": "input",
    "block_id": "words",
    "label": plain("Words"),
    "element": {"type": "plain_text_input", "action_id": "w", "initial_value": "first"},
}


def modal(title: str = "Form", **more: Any) -> Json:
    blocks = [ROW, WORDS]
    view = {"type": "modal", "title": plain(title), "submit": plain("Send"), "blocks": blocks}
    return {**view, **more}


def home(*blocks: Json) -> Json:
    return {"type": "home", "blocks": list(blocks or (SECTION,))}


class App:
    def __init__(self, slack: LocalWorkspace, receiver: Receiver) -> None:
        self.slack, self.receiver = slack, receiver
        self.client = AsyncWebClient(TOKEN, base_url=slack.api_url, proxy="")

    def last(self) -> Json:
        found: Json = json.loads(self.receiver.forms[-1]["payload"])
        return found

    async def trigger(self) -> str:
        await self.slack.command(ROOM, "x")
        return self.receiver.forms[-1]["trigger_id"]

    async def opened(self, **more: Any) -> Json:
        view = modal(**more)
        found: Json = (await self.client.views_open(trigger_id=await self.trigger(), view=view))[
            "view"
        ]
        return found


@pytest_asyncio.fixture
async def app() -> AsyncIterator[App]:
    async with connected() as (slack, receiver):
        yield App(slack, receiver)


async def test_home_is_opened_published_and_clicked_in(app: App) -> None:
    await app.slack.open_home()
    event = app.receiver.events[-1]["event"]
    assert (event["type"], event["tab"], event["user"]) == ("app_home_opened", "home", "U0YOU")
    assert event["channel"] == "D0DRAGOMAN"
    await app.client.views_publish(user_id="U0YOU", view=home())
    shown = app.slack.homes["U0YOU"]
    await app.slack.click_view(shown["id"], "go", "7", "sec")
    sent = app.last()
    assert (sent["type"], sent["container"]) == (
        "block_actions",
        {"type": "view", "view_id": shown["id"]},
    )
    assert (sent["actions"][0]["action_id"], sent["actions"][0]["value"]) == ("go", "7")
    assert (sent["view"]["type"], sent["user"]["id"]) == ("home", "U0YOU")
    assert "channel" not in sent
    with pytest.raises(WorkspaceError, match="has changed"):
        await app.slack.click_view(shown["id"], "gone", None, "sec")


async def test_what_is_published_keeps_its_id_and_its_hash_is_checked(app: App) -> None:
    first = (await app.client.views_publish(user_id="U0YOU", view=home()))["view"]
    second = (await app.client.views_publish(user_id="U0YOU", view=home(), hash=first["hash"]))[
        "view"
    ]
    assert second["id"] == first["id"]
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await app.client.views_publish(user_id="U0YOU", view=home(), hash=first["hash"])
    for view, word in (
        (modal(), "not 'home'"),
        (home({"type": "poem"}), "poem"),
        ({"type": "home"}, "blocks"),
        (home({**ROW, "elements": [BUTTON, BUTTON]}), "stands 2 times"),
    ):
        with pytest.raises(SlackApiError) as refused:
            await app.client.views_publish(user_id="U0YOU", view=view)
        assert word in " ".join(refused.value.response["errors"])


async def test_the_page_shows_home_as_text(app: App) -> None:
    await app.client.views_publish(user_id="U0YOU", view=home())
    async with aiohttp.ClientSession(app.slack.url) as page:
        async with page.get("/?channel=D0DRAGOMAN&tab=home") as response:
            html = await response.text()
        assert "&lt;script&gt; <strong>x</strong>" in html
        assert 'data-block="sec" data-action="go" data-value="7"' in html
        async with page.get("/?channel=D0ADA&tab=home&as=U0ADA") as response:
            assert "&lt;script&gt;" not in await response.text()  # to each their own


async def test_a_click_in_a_form_carries_what_is_filled_in(app: App) -> None:
    shown = await app.opened(private_metadata="kept")
    await app.slack.click_view(shown["id"], "go", "7", "row", values={"words": "typed"})
    sent = app.last()
    values = sent["view"]["state"]["values"]
    assert values["words"]["w"] == {"type": "plain_text_input", "value": "typed"}
    assert sent["view"]["private_metadata"] == "kept"
    await app.slack.submit({"words": "sent"})
    assert app.last()["view"]["state"]["values"]["words"]["w"]["value"] == "sent"
    assert app.slack.view() is None
