"""Modals of the local workspace: opened, shown, filled in and sent as Slack would."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.workspace.render import form_html
from tests.slack import ROOM, SECRET, TOKEN, far_side
from tests.workspace import LocalWorkspace

Json = dict[str, Any]
Answer = Callable[[Json], Awaitable[Json | None]]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def view(**more: Any) -> Json:
    options = [{"text": plain(text), "value": text} for text in ("red", "blue")]
    return {
        "type": "modal",
        "callback_id": "c",
        "title": plain("Which?"),
        "submit": plain("Send"),
        "private_metadata": "kept",
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "*Say* &lt;b&gt;"}},
            {
                "type": "input",
                "block_id": "colour",
                "label": plain("Colour"),
                "element": {
                    "type": "radio_buttons",
                    "options": options,
                    "initial_option": options[1],
                },
            },
            {
                "type": "input",
                "block_id": "size",
                "optional": True,
                "label": plain("Size"),
                "element": {"type": "static_select", "action_id": "s", "options": options},
            },
            {
                "type": "input",
                "block_id": "words",
                "label": plain("Words"),
                "hint": plain("Any."),
                "element": {"type": "plain_text_input", "action_id": "w"},
            },
        ],
    } | more


class App:
    """The app behind the workspace: opens a form on every click, keeps what is sent."""

    def __init__(self, slack: LocalWorkspace) -> None:
        self.client = AsyncWebClient(token=TOKEN, base_url=slack.api_url)
        self.client.proxy = None
        self.view = view()
        self.sent: list[Json] = []
        self.triggers: list[str] = []
        self.answer: Json | None = None
        self.status = 200

    async def take(self, request: web.Request) -> web.Response:
        form = await request.post()
        payload = json.loads(str(form["payload"])) if "payload" in form else dict(form)
        if payload.get("type") == "view_submission":
            self.sent.append(payload)
            if self.answer is None:
                return web.Response(status=self.status)
            return web.json_response(self.answer, status=self.status)
        self.triggers.append(str(payload["trigger_id"]))
        return web.Response()


@pytest.fixture
async def slack() -> AsyncIterator[LocalWorkspace]:
    async with far_side() as workspace:
        yield workspace


@pytest.fixture
async def app(slack: LocalWorkspace) -> AsyncIterator[App]:
    app = App(slack)
    served = web.Application()
    served.add_routes([web.post("/slack/events", app.take)])
    runner = web.AppRunner(served)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.connect(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    yield app
    await runner.cleanup()


async def pulled(slack: LocalWorkspace, app: App) -> str:
    await slack.command(ROOM, "x")
    return app.triggers[-1]


async def opened(slack: LocalWorkspace, app: App) -> Json:
    await app.client.views_open(trigger_id=await pulled(slack, app), view=app.view)
    found = slack.view()
    assert found is not None
    return found


async def test_a_form_is_opened_filled_in_and_sent(slack: LocalWorkspace, app: App) -> None:
    shown = await opened(slack, app)
    assert (shown["callback_id"], shown["private_metadata"]) == ("c", "kept")
    assert await slack.submit({"words": " hello ", "colour": "red"}) == {}
    assert slack.view() is None
    (sent,) = app.sent
    assert sent["view"]["id"] == shown["id"]
    assert sent["view"]["private_metadata"] == "kept"
    assert (sent["user"]["id"], sent["team"]["id"]) == ("U0YOU", "T0LOCAL")
    red = {"text": plain("red"), "value": "red"}
    assert sent["view"]["state"]["values"] == {
        "colour": {"a0": {"type": "radio_buttons", "selected_option": red}},
        "size": {"s": {"type": "static_select", "selected_option": None}},
        "words": {"w": {"type": "plain_text_input", "value": "hello"}},
    }
    assert slack.deliveries[-1].headers["X-Slack-Signature"].startswith("v0=")
    assert SECRET not in slack.deliveries[-1].body


async def test_what_is_needed_is_asked_for_before_it_is_sent(
    slack: LocalWorkspace, app: App
) -> None:
    await opened(slack, app)
    assert await slack.submit({}) == {"words": "Please complete this required field."}
    assert app.sent == []


async def test_the_app_may_find_it_wrong(slack: LocalWorkspace, app: App) -> None:
    await opened(slack, app)
    app.answer = {"response_action": "errors", "errors": {"words": "No such word."}}
    assert await slack.submit({"words": "x"}) == {"words": "No such word."}
    shown = slack.view()
    assert shown is not None
    html = form_html(shown, {"words": "No such word."})
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="e-words h-words"' in html
    app.answer = None
    assert await slack.submit({"words": "x"}) == {}
    assert slack.view() is None


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (None, 500, "trouble connecting"),
        ({"response_action": "sing"}, 200, "'sing'"),
    ],
)
async def test_what_goes_wrong_stays_on_the_form(
    slack: LocalWorkspace, app: App, answer: Json | None, status: int, words: str
) -> None:
    await opened(slack, app)
    app.answer, app.status = answer, status
    assert words in (await slack.submit({"words": "x"}))[""]
    assert slack.view() is not None
    slack.deliveries.clear()  # it was answered wrongly on purpose


async def test_a_trigger_is_good_once_and_for_three_seconds(
    app: App, slack: LocalWorkspace
) -> None:
    trigger = await pulled(slack, app)
    await app.client.views_open(trigger_id=trigger, view=app.view)
    for wrong, word in ((trigger, "exchanged_trigger_id"), ("1.2.3", "invalid_trigger_id")):
        with pytest.raises(SlackApiError, match=word):
            await app.client.views_open(trigger_id=wrong, view=app.view)


async def test_three_seconds_later_it_is_too_late() -> None:
    now = [1_700_000_000.0]
    slack = LocalWorkspace(signing_secret=SECRET, bot_token=TOKEN, clock=lambda: now[0])
    trigger = slack._views.trigger("U0YOU")
    now[0] += 3.1
    with pytest.raises(Exception, match="expired_trigger_id"):
        slack._views.open({"trigger_id": trigger, "view": view()})


BROKEN = [
    ({"title": plain("A title of over twenty-four")}, "title is 27 characters; at most 24"),
    ({"type": "home"}, "type is 'home', not 'modal'"),
    ({"blocks": []}, "a modal needs blocks"),
    ({"private_metadata": "x" * 3001}, "private_metadata is 3001 characters"),
    ({"blocks": [{"type": "input", "label": plain("L")}]}, "element None is not one of"),
    (
        {"blocks": [{"type": "input", "element": {"type": "plain_text_input"}}]},
        "label is not a text object",
    ),
    (
        {
            "blocks": [
                {
                    "type": "input",
                    "label": plain("L"),
                    "element": {
                        "type": "radio_buttons",
                        "options": [{"text": plain("x" * 76), "value": str(n)} for n in range(11)],
                    },
                }
            ]
        },
        "11 options; at most 10",
    ),
]


@pytest.mark.parametrize(("more", "why"), BROKEN, ids=[why for _, why in BROKEN])
async def test_a_form_that_slack_would_refuse_is_refused(
    slack: LocalWorkspace, app: App, more: Json, why: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        await app.client.views_open(trigger_id=await pulled(slack, app), view=view(**more))
    assert refused.value.response["error"] == "invalid_arguments"
    assert why in " ".join(refused.value.response["errors"])
    assert slack.view() is None
    slack.calls.clear()  # the form was broken on purpose


async def test_the_page_shows_sends_and_closes_it(slack: LocalWorkspace, app: App) -> None:
    origin = {"Origin": slack.url}
    async with aiohttp.ClientSession(slack.url, headers=origin) as page:

        async def text() -> str:
            async with page.get("/") as response:
                return await response.text()

        assert "Which?" not in await text()
        shown = await opened(slack, app)
        html = await text()
        assert '<h2 id="view-title">Which?</h2>' in html
        assert '<input type="radio" name="colour" value="blue" checked>' in html
        assert "&lt;b&gt;" in html
        values = {"words": "hi", "colour": "blue", "size": "red"}
        body = {"view": shown["id"], "values": values}
        async with page.post("/page/submit", json=body) as response:
            assert await response.json() == {"ok": True}
        assert "Which?" not in await text()
        async with page.post("/page/submit", json=body) as response:
            assert response.status == 400
            assert await response.text() == "This form is no longer open."
        async with page.post("/page/submit", json=body | {"values": "x"}) as response:
            assert response.status == 400
        await opened(slack, app)
        async with page.post("/page/close", json={}) as response:
            assert response.status == 200
    assert slack.view() is None
    assert len(app.sent) == 1
