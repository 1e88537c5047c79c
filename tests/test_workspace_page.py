"""The page: what it shows, what it takes, and from whom."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import SettingsError
from handlers.workspace import state
from tests.receiver import SECRET, TOKEN, Receiver, connected
from tests.workspace import LocalWorkspace


@dataclass
class Reader:
    workspace: LocalWorkspace
    receiver: Receiver
    session: aiohttp.ClientSession

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self.session.get(self.workspace.url + path, headers=headers) as response:
            return response.status, await response.text()

    async def post(self, path: str, body: Any, **headers: str) -> tuple[int, str]:
        headers = {"Origin": self.workspace.url} | headers
        async with self.session.post(
            self.workspace.url + path, json=body, headers=headers
        ) as response:
            return response.status, await response.text()


@pytest_asyncio.fixture
async def reader() -> AsyncIterator[Reader]:
    async with connected() as (workspace, receiver), aiohttp.ClientSession() as session:
        yield Reader(workspace, receiver, session)


async def test_the_page_opens_with_what_to_try(reader: Reader) -> None:
    status, html = await reader.get("/")
    assert status == 200
    for words in ("/brief Qatar", "/brief Quatar", "/brief Wakanda", "#world-desk", "gulf-watch"):
        assert words in html
    assert 'aria-live="polite"' in html
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", html)  # nothing from elsewhere
    assert not re.search(r"<script>|<style|\son\w+=|style=", html)  # as its policy demands


async def test_its_parts_are_served_under_a_strict_policy(reader: Reader) -> None:
    for path, kind in (
        ("/", "text/html"),
        ("/static/page.css", "text/css"),
        ("/static/page.js", "text/javascript"),
        ("/static/icon.svg", "image/svg+xml"),
    ):
        async with reader.session.get(reader.workspace.url + path) as response:
            assert response.status == 200
            assert response.content_type == kind
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
    for path in ("/static/../server.py", "/static/other.js", "/?channel=C0NOWHERE"):
        assert (await reader.get(path))[0] == 404


async def test_messages_are_shown_as_they_stand(reader: Reader) -> None:
    client = AsyncWebClient(TOKEN, base_url=reader.workspace.api_url, proxy="")
    root = await reader.workspace.say("C0WORLD", "<script>alert(1)</script> & @Dragoman")
    later = await reader.workspace.say("C0WORLD", "later")
    reply = await client.chat_postMessage(channel="C0WORLD", text="*reply*", thread_ts=root)
    await client.chat_postEphemeral(channel="C0WORLD", user="U0YOU", text="quietly")
    _, html = await reader.get("/?channel=C0WORLD")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert '<span class="mention">@Dragoman</span>' in html
    assert html.count("Only visible to you") == 1
    ids = [root, reply["ts"], later]  # a reply is under its root
    assert ids == sorted(ids, key=lambda ts: html.index(f'id="m{ts}"'))
    assert html.count('class="message message reply') == 1
    assert 'class="message ' not in (await reader.get("/?channel=C0GULF"))[1]


async def test_the_json_and_the_limits_it_breaks(reader: Reader) -> None:
    client = AsyncWebClient(TOKEN, base_url=reader.workspace.api_url, proxy="")
    divider = [{"type": "divider"}]
    await client.chat_postMessage(channel="C0WORLD", text="fine", blocks=divider)
    _, html = await reader.get("/?channel=C0WORLD")
    assert "&#34;type&#34;: &#34;divider&#34;" in html
    assert "broken" not in html
    await client.api_call("chat.postMessage", json={"channel": "C0WORLD", "blocks": divider})
    _, html = await reader.get("/?channel=C0WORLD")
    assert "1 limit broken" in html
    assert "text is missing" in html


@pytest.mark.parametrize(
    ("text", "command", "events"),
    [
        ("/brief Qatar", "Qatar", []),
        ("  /brief   two words ", "two words", []),
        ("/brief", "", []),
        ("hello", None, ["message"]),
        ("@Dragoman hello", None, ["app_mention", "message"]),
    ],
)
async def test_what_is_typed_reaches_the_app(
    reader: Reader, text: str, command: str | None, events: list[str]
) -> None:
    status, _ = await reader.post("/page/send", {"channel": "C0WORLD", "text": text})
    assert status == 200
    assert [form["text"] for form in reader.receiver.forms] == (
        [] if command is None else [command]
    )
    assert sorted(body["event"]["type"] for body in reader.receiver.events) == events
    _, html = await reader.get("/?channel=C0WORLD")
    assert "You" in html  # What was typed is seen, a command as well.


async def test_a_thread_and_a_click(reader: Reader) -> None:
    client = AsyncWebClient(TOKEN, base_url=reader.workspace.api_url, proxy="")
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "block_id": "b1", "elements": [button]}]
    ts = (await client.chat_postMessage(channel="C0WORLD", text="x", blocks=blocks))["ts"]
    click = {"channel": "C0WORLD", "ts": ts, "block": "b1", "action": "go", "value": None}
    assert (await reader.post("/page/click", click))[0] == 200
    assert '"action_id": "go"' in reader.receiver.forms[0]["payload"]
    reply = {"channel": "C0WORLD", "text": "and?", "thread_ts": ts}
    assert (await reader.post("/page/send", reply))[0] == 200
    assert reader.workspace.messages("C0WORLD")[-1]["thread_ts"] == ts
    status, said = await reader.post("/page/click", click | {"action": "stop"})
    assert (status, "no button" in said) == (400, True)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "no channel"),
        ({"channel": "C0WORLD", "text": " "}, "empty"),
        ({"channel": "C0WORLD", "text": "/poem x"}, "/poem is not a command"),
        ({"channel": "C0WORLD"}, "field text"),
        ({"channel": "C0WORLD", "text": 7}, "field text"),
        ({"channel": "C0WORLD", "text": "x", "thread_ts": 7}, "field thread_ts"),
        ([], "not a JSON object"),
    ],
)
async def test_what_the_page_cannot_send(reader: Reader, body: Any, words: str) -> None:
    status, said = await reader.post("/page/send", body)
    assert (status, words in said) == (400, True)
    assert reader.receiver.got == []


async def test_an_unreachable_bot_is_said_in_words(reader: Reader) -> None:
    reader.workspace.connect("http://127.0.0.1:9/slack/events")
    await reader.post("/page/send", {"channel": "C0WORLD", "text": "/brief Qatar"})
    _, html = await reader.get("/?channel=C0WORLD")
    assert "Dragoman cannot be reached" in html


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Host": "evil.example"}, 403),
    ],
)
async def test_only_the_page_itself_may_write(
    reader: Reader, headers: dict[str, str], status: int
) -> None:
    body = {"channel": "C0WORLD", "text": "hello"}
    assert (await reader.post("/page/send", body, **headers))[0] == status
    assert len(reader.receiver.got) == (status == 200)


async def test_a_write_without_an_origin_is_refused(reader: Reader) -> None:
    url = reader.workspace.url + "/page/send"
    body = {"channel": "C0WORLD", "text": "hello"}
    async with reader.session.post(url, json=body) as response:
        assert response.status == 403


async def test_only_this_machines_names_are_answered(reader: Reader) -> None:
    port = reader.workspace.url.rsplit(":", 1)[1]
    for host, status in (
        (f"127.0.0.1:{port}", 200),
        (f"localhost:{port}", 200),
        ("localhost", 403),
        (f"evil.example:{port}", 403),
        (f"127.0.0.1.evil.example:{port}", 403),
    ):
        assert (await reader.get("/", Host=host))[0] == status
        assert (await reader.get("/?channel=C0WORLD", Host=host))[0] == status
    async with reader.session.get(
        reader.workspace.api_url + "auth.test", headers={"Origin": "http://evil.example"}
    ) as response:
        assert response.status == 403


async def test_the_stream_names_the_channel_that_changed(reader: Reader) -> None:
    async with reader.session.get(reader.workspace.url + "/page/stream") as stream:
        assert stream.content_type == "text/event-stream"
        assert await stream.content.readuntil(b"\n\n") == b"retry: 1000\n\n"
        await reader.workspace.say("C0GULF", "hello")
        assert await stream.content.readuntil(b"\n\n") == b'data: {"channel": "C0GULF"}\n\n'


async def test_stopping_ends_the_streams() -> None:
    workspace = LocalWorkspace(signing_secret=SECRET, bot_token=TOKEN)
    await workspace.start()
    async with (
        aiohttp.ClientSession() as session,
        session.get(workspace.url + "/page/stream") as stream,
    ):
        await stream.content.readuntil(b"\n\n")
        async with asyncio.timeout(60):
            await workspace.stop()
            assert await stream.content.read() == b""


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "dragoman.example", ""])  # noqa: S104
async def test_no_other_machine_is_served(host: str) -> None:
    workspace = LocalWorkspace(signing_secret=SECRET, bot_token=TOKEN)
    with pytest.raises(SettingsError, match=r"for this machine alone.*127\.0\.0\.1"):
        await workspace.start(host=host)
    assert workspace.url == ""


async def test_a_port_that_is_taken_is_said_in_words(reader: Reader) -> None:
    port = int(reader.workspace.url.rsplit(":", 1)[1])
    second = LocalWorkspace(signing_secret=SECRET, bot_token=TOKEN)
    with pytest.raises(SettingsError, match=f"Cannot listen on port {port}"):
        await second.start(port)
    await second.stop()


@pytest.mark.parametrize(
    ("tz", "expected"),
    [("Asia/Qatar", "Asia/Qatar"), (":Europe/Paris", "Europe/Paris"), ("XYZ9", "UTC")],
)
def test_the_machines_zone(monkeypatch: pytest.MonkeyPatch, tz: str, expected: str) -> None:
    monkeypatch.setenv("TZ", tz)
    assert state.machine_tz() == expected
