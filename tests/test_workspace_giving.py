"""What people give in the local workspace arrives as Slack would send it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import aiohttp
import pytest
import pytest_asyncio

from handlers.workspace.state import WorkspaceError
from tests.receiver import Receiver, connected
from tests.workspace import LocalWorkspace

ROOM = "C0WORLD"


@pytest_asyncio.fixture
async def at_work() -> AsyncIterator[tuple[LocalWorkspace, Receiver]]:
    async with connected() as found:
        yield found


async def test_a_shared_file_comes_with_its_message(
    at_work: tuple[LocalWorkspace, Receiver],
) -> None:
    workspace, receiver = at_work
    ts = await workspace.people.share(ROOM, "a.txt", b"hello", "@Dragoman read this")
    mention, message = (one["event"] for one in receiver.events)
    assert (mention["type"], mention.get("subtype")) == ("app_mention", None)
    assert (message["type"], message["subtype"], message["ts"]) == ("message", "file_share", ts)
    (file,) = message["files"]
    assert (file["name"], file["size"]) == ("a.txt", 5)
    async with aiohttp.ClientSession() as session, session.get(file["url_private"]) as answer:
        assert await answer.read() == b"hello"


async def test_the_shortcut_carries_the_message(at_work: tuple[LocalWorkspace, Receiver]) -> None:
    workspace, receiver = at_work
    ts = await workspace.say(ROOM, "see https://example.org/1")
    assert (await workspace.people.shortcut(ROOM, ts)).taken
    payload = json.loads(receiver.forms[-1]["payload"])
    assert (payload["type"], payload["callback_id"]) == ("message_action", "add_to_dragoman")
    assert payload["message"]["text"] == "see <https://example.org/1>"
    assert payload["message_ts"] == ts
    assert payload["channel"] == {"id": ROOM, "name": "world-desk"}
    assert payload["trigger_id"]
    assert payload["response_url"].startswith(workspace.url)


async def test_what_cannot_be_given_is_said(at_work: tuple[LocalWorkspace, Receiver]) -> None:
    workspace, _ = at_work
    with pytest.raises(WorkspaceError, match="empty"):
        await workspace.people.share(ROOM, "a.txt", b"")
    with pytest.raises(WorkspaceError, match="no channel"):
        await workspace.people.share("C0NONE", "a.txt", b"x")
    with pytest.raises(WorkspaceError, match="no message"):
        await workspace.people.shortcut(ROOM, "1.1")


async def test_the_page_gives_both(at_work: tuple[LocalWorkspace, Receiver]) -> None:
    workspace, receiver = at_work
    ts = await workspace.say(ROOM, "see https://example.org/1")
    here = {"Origin": workspace.url}
    query = urlencode({"channel": ROOM, "name": "a.txt", "text": "look"})
    share, shortcut = f"{workspace.url}/page/share?{query}", f"{workspace.url}/page/shortcut"
    good = {"channel": ROOM, "ts": ts, "callback": "add_to_dragoman"}
    async with aiohttp.ClientSession() as session:
        for url, data, headers, status in (
            (share, b"hello", here, 200),
            (share, b"", here, 400),
            (share, b"hello", {}, 403),
            (shortcut, json.dumps(good).encode(), here, 200),
            (shortcut, json.dumps(good).encode(), {"Origin": "https://evil.example"}, 403),
            (shortcut, json.dumps({**good, "callback": "other"}).encode(), here, 400),
            (shortcut, json.dumps({**good, "ts": "1.1"}).encode(), here, 400),
            (shortcut, b"[]", here, 400),
            (shortcut, b"no json", here, 400),
        ):
            async with session.post(url, data=data, headers=headers) as answer:
                assert answer.status == status, (url, data, headers)
        async with session.get(f"{workspace.url}/?channel={ROOM}") as answer:
            page = await answer.text()
    assert page.count('data-shortcut="add_to_dragoman"') == 2
    assert "a.txt" in page
    assert receiver.events[-1]["event"]["files"][0]["name"] == "a.txt"
