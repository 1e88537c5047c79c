"""What a person does on the page, and as whom."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from slack_sdk.web.async_client import AsyncWebClient

from handlers.workspace.state import Clock
from tests.receiver import TOKEN, Receiver, connected
from tests.workspace import LocalWorkspace

Json = dict[str, Any]
ROOM, DIRECT = "C0WORLD", "D0DRAGOMAN"


@dataclass
class Reader:
    slack: LocalWorkspace
    receiver: Receiver
    session: aiohttp.ClientSession
    due: list[datetime]

    async def get(self, path: str) -> str:
        async with self.session.get(path) as response:
            return await response.text()

    async def do(self, act: str, **body: Any) -> tuple[int, Json]:
        async with self.session.post(f"/page/{act}", json={"channel": ROOM, **body}) as response:
            text = await response.text()
            return response.status, json.loads(text) if text.startswith("{") else {"said": text}

    def events(self) -> list[Json]:
        return [body["event"] for body in self.receiver.events]

    def client(self) -> AsyncWebClient:
        return AsyncWebClient(TOKEN, base_url=self.slack.api_url, proxy="")


@pytest_asyncio.fixture
async def page() -> AsyncIterator[Reader]:
    due: list[datetime] = []
    clock = Clock(lambda: due[0] if due else None)
    async with connected(moved=clock) as (slack, receiver):
        here = {"Origin": slack.url}
        async with aiohttp.ClientSession(slack.url, headers=here) as session:
            yield Reader(slack, receiver, session, due)


async def test_people_see_their_own_rooms(page: Reader) -> None:
    assert "quiet-room" in await page.get("/?as=U0YOU")
    guest = await page.get("/?as=U0GUEST")
    assert "world-desk" in guest
    for hidden in ("quiet-room", "gulf-watch", DIRECT):
        assert hidden not in guest
    assert "D0GUEST" in guest
    async with page.session.get("/?as=U0GUEST&channel=C0QUIET", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (302, "/?as=U0GUEST")
    for path in ("/?as=U9", "/?as=U0DRAGOMAN", "/?as=U9&channel=C0QUIET"):
        async with page.session.get(path) as response:
            assert response.status == 404, path


async def test_what_is_for_one_is_shown_to_one(page: Reader) -> None:
    client = page.client()
    await client.chat_postEphemeral(channel=ROOM, user="U0ADA", text="for Ada")
    assert "for Ada" in await page.get(f"/?channel={ROOM}&as=U0ADA")
    assert "for Ada" not in await page.get(f"/?channel={ROOM}")
    await page.do("send", text="/brief Qatar", **{"as": "U0ADA"})
    assert page.receiver.forms[-1]["user_id"] == "U0ADA"


@pytest.mark.parametrize(
    ("user", "room", "flags"),
    [
        ("U0YOU", DIRECT, (False, False)),
        ("U0ADA", "D0ADA", (True, False)),
        ("U0GUEST", "D0GUEST", (False, True)),
    ],
)
async def test_who_they_are_in_slacks_eyes(
    page: Reader, user: str, room: str, flags: tuple[bool, bool]
) -> None:
    client = page.client()
    found: Json = (await client.users_info(user=user))["user"]
    assert (found["is_admin"], found["is_restricted"]) == flags
    opened: Json = (await client.conversations_open(users=user))["channel"]
    assert opened["id"] == room
    info: Json = (await client.conversations_info(channel=room))["channel"]
    assert (info["user"], info["is_im"]) == (user, True)
    await client.chat_postMessage(channel=user, text="hello")
    assert [m["text"] for m in page.slack.messages(room, user)] == ["hello"]


async def test_the_clock_goes_on(page: Reader) -> None:
    assert (await page.do("send", text="/clock"))[0] == 400  # no digest is set up
    page.due.append(datetime.now(UTC) + timedelta(hours=30))
    assert (await page.do("send", text="/clock"))[0] == 200
    assert page.receiver.got == []
    ts = float(await page.slack.say(ROOM, "later"))
    assert ts > page.due[0].timestamp()
    now = datetime.fromtimestamp(ts, UTC)
    assert f"{now:%a} {now.day} {now:%b}" in await page.get("/")


async def test_where_there_is_no_clock_it_cannot_be_moved() -> None:
    async with connected() as (slack, _), aiohttp.ClientSession(slack.url) as session:
        body, here = {"channel": ROOM, "text": "/clock"}, {"Origin": slack.url}
        async with session.post("/page/send", json=body, headers=here) as response:
            assert (response.status, "not a command" in await response.text()) == (400, True)


async def test_the_panel_offers_prompts_and_shows_what_is_being_done(page: Reader) -> None:
    client = page.client()
    prompts = [{"title": "What <i>is</i> new?", "message": "news"}]
    await page.do("open", tab="messages")
    assert (page.events()[-1]["type"], page.events()[-1]["tab"]) == ("app_home_opened", "messages")
    await client.api_call(
        "assistant.threads.setSuggestedPrompts",
        json={"channel_id": DIRECT, "prompts": prompts},
    )
    channel = f"/?channel={DIRECT}"
    assert 'data-try="news">What &lt;i&gt;is&lt;/i&gt; new?<' in await page.get(channel)
    ts = await page.slack.say(DIRECT, "news")
    await client.api_call(
        "assistant.threads.setStatus",
        json={"channel_id": DIRECT, "thread_ts": ts, "status": "is reading <x>"},
    )
    assert "Dragoman is reading &lt;x&gt;" in await page.get(channel)
    await client.chat_postMessage(channel=DIRECT, thread_ts=ts, text="Done.")
    assert "is reading" not in await page.get(channel)
    assert (await page.do("open", tab="about"))[0] == 400


async def test_a_choice_in_a_menu_and_what_is_no_form(page: Reader) -> None:
    menu = {
        "type": "overflow",
        "action_id": "c",
        "options": [{"text": {"type": "plain_text", "text": v}, "value": v} for v in "ab"],
    }
    blocks = [{"type": "actions", "block_id": "b", "elements": [menu]}]
    ts = (await page.client().chat_postMessage(channel=ROOM, text="x", blocks=blocks))["ts"]
    assert (await page.do("click", ts=ts, block="b", action="c", value="b"))[0] == 200
    (action,) = json.loads(page.receiver.forms[-1]["payload"])["actions"]
    assert action["selected_option"]["value"] == "b"
    for value in (7, ["z"]):
        assert (await page.do("click", ts=ts, block="b", action="c", value=value))[0] == 400
    not_a_form: tuple[object, ...] = ("{}", [])
    for values in not_a_form:
        body: Json = {"view": "V1", "values": values}
        assert (await page.do("submit", **body))[0] == 400
        assert (await page.do("view-click", block="b", action="c", **body))[0] == 400
