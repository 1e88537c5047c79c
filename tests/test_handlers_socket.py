"""Socket Mode: the same requests through a connection that the app opens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.desk import Desk
from bot.errors import SettingsError
from handlers.app import SlackApp, build_app, socket_mode
from handlers.blocks.notes import WRONG
from tests.slack import ROOM, YOU, answers, app_for, button, said, settings, shown
from tests.stocked import desk_at
from tests.workspace import APP_TOKEN, LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)


async def met(far: LocalWorkspace) -> None:
    """Wait for a connection."""
    async with asyncio.timeout(60):
        await far.sockets.met.wait()


async def opened(far: LocalWorkspace, times: int) -> None:
    """Wait until so many connections were asked for, and the last is there."""
    for _ in range(500):
        if [call.method for call in far.calls].count("apps.connections.open") == times:
            break
        await asyncio.sleep(0.01)
    await met(far)


@asynccontextmanager
async def linked(app: SlackApp, far: LocalWorkspace, **how: float) -> AsyncIterator[None]:
    """Have an app at work that no request can reach but through its connection."""
    app.start()
    try:
        async with socket_mode(app.bolt, app.app_token, app.link, **how):
            await met(far)
            for _ in range(500):
                if await app.is_linked():
                    break
                await asyncio.sleep(0.01)
            else:
                pytest.fail("it is not linked")
            yield
        assert not await app.is_linked()
    finally:
        await app.stop()


@pytest.fixture
async def socket(far: LocalWorkspace, desk: Desk) -> AsyncIterator[LocalWorkspace]:
    app = app_for(far, desk, slack_app_token=SecretStr(APP_TOKEN), slack_signing_secret=None)
    async with linked(app, far):
        yield far


async def test_a_command(socket: LocalWorkspace) -> None:
    delivery = await socket.command(ROOM, "Quatar")
    assert (delivery.status, delivery.answer) == (200, "")
    (answer,) = await answers(socket, ROOM)
    assert answer["is_ephemeral"]
    assert "showing Qatar" in shown(answer)


async def test_a_mention_is_answered_once(socket: LocalWorkspace) -> None:
    ts = await socket.say(ROOM, "@Dragoman who moved to Turkey?")
    (answer,) = await answers(socket, ROOM)
    assert answer["thread_ts"] == ts


async def test_a_form_says_what_is_wrong_with_it(socket: LocalWorkspace) -> None:
    await socket.command(ROOM, "Qatar")
    (answer,) = await answers(socket, ROOM)
    await socket.click(ROOM, answer["ts"], *button(answer, WRONG))
    await socket.wait(lambda: socket.view(YOU) is not None)
    wrong = await socket.submit({"name": "Nobody Knows Whom"})
    assert "no actor with that name" in wrong["name"]


async def test_slack_asks_to_connect_anew(socket: LocalWorkspace) -> None:
    await socket.sockets.refresh()
    await opened(socket, 3)
    await socket.command(ROOM, "Qatar")
    await answers(socket, ROOM)


async def test_a_connection_that_breaks_is_opened_again(far: LocalWorkspace, desk: Desk) -> None:
    app = app_for(far, desk, slack_app_token=SecretStr(APP_TOKEN))
    async with linked(app, far, ping_seconds=0.1, lost_seconds=0.5):
        await far.sockets.close()
        await opened(far, 3)
        await far.command(ROOM, "Qatar")
        await answers(far, ROOM)


async def test_what_is_not_written_down_comes_again(
    far: LocalWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_at(tmp_path)
    app = app_for(far, desk, slack_app_token=SecretStr(APP_TOKEN))
    take, tried = app.inbox.take, []

    async def at_the_second(*args: Any) -> bool:
        tried.append(args)
        if len(tried) == 1:
            raise OSError("the disk is full")
        return await take(*args)

    far._deliverer._timeout = aiohttp.ClientTimeout(total=0.3)
    monkeypatch.setattr(app.inbox, "take", at_the_second)
    async with linked(app, far):
        await far.say("D0DRAGOMAN", "who moved to Turkey?")
        await far.settled()
        (answer,) = await answers(far, "D0DRAGOMAN")
    assert "Hamas" in answer["text"]
    desk.close()


async def test_a_token_that_is_refused(far: LocalWorkspace, desk: Desk) -> None:
    app = app_for(far, desk, slack_app_token=SecretStr("xapp-of-another"))
    app.start()
    with pytest.raises(SettingsError, match="invalid_auth") as caught:
        async with app.linked():
            raise AssertionError("it was let in")
    await app.stop()
    assert caught.value.about == "SLACK_APP_TOKEN"


async def test_without_a_secret_nothing_is_taken_by_http(far: LocalWorkspace, desk: Desk) -> None:
    values = {"slack_app_token": SecretStr(APP_TOKEN), "slack_signing_secret": None}
    app = build_app(settings(far.api_url, **values), desk)
    runner = web.AppRunner(app.web, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{url}/slack/events", data=b"{}") as response:
            assert response.status == 404
        async with session.get(f"{url}/healthz") as response:
            assert response.status == 200
    await runner.cleanup()
    await app.stop()
    assert said(far, ROOM) == []


def test_one_of_both_is_needed(desk: Desk) -> None:
    with pytest.raises(SettingsError, match="SLACK_SIGNING_SECRET"):
        build_app(settings("http://127.0.0.1:9/api/", slack_signing_secret=None), desk)
