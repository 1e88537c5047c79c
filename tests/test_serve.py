"""The servers as processes of their own: they say where they are, answer, and end when asked."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.errors import SettingsError
from bot.feeds.following import feed_of, key_of
from bot.gather.feeds import Listed
from bot.models import LOCAL
from bot.serve import demo, serve
from bot.settings import Settings
from tests import teams
from tests.rogue import rogue
from tests.rogue import said as said_by
from tests.site import item, rss, store_in, story
from tests.slack import DIRECT, SECRET, TOKEN, YOU, far_side, post, said

# A process finds the store by its folder, as the tests do here.
pytestmark = pytest.mark.sqlite

SHARED = "from tests.shared import share_readings; share_readings(); "
"""The notes are read once for all programs."""

DEMO = f"{SHARED}import asyncio; from bot.serve import demo; asyncio.run(demo({{data}}, {{port}}))"
SERVE = (
    f"{SHARED}import asyncio; from bot.serve import serve; from bot.settings import load_settings; "
    "asyncio.run(serve(load_settings(None)))"
)


@asynccontextmanager
async def running(program: str, folder: Path, **env: str) -> AsyncIterator[tuple[Process, str]]:
    """Run a program; yields it with the line that says where it is."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        stdout=PIPE,
        stderr=PIPE,
        env=os.environ | {"TMPDIR": str(folder), "METRICS_PORT": "0"} | env,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(120):
            yield process, (await process.stdout.readline()).decode()
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ended(process: Process) -> str:
    """Ask for the end as a service manager does; returns what was said on stderr."""
    process.send_signal(signal.SIGTERM)
    _, errors = await process.communicate()
    assert process.returncode == 0
    return errors.decode()


async def status(url: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status


def inside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_the_demo_finds_a_port_says_where_it_is_and_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with running(DEMO.format(data=None, port=port), tmp_path) as (process, line):
            assert line.startswith("Dragoman is at http://127.0.0.1:")
            assert line.endswith(" — press Ctrl-C to stop it\n")
            url = line.split()[3]
            assert port < int(url.rsplit(":", 1)[1]) < port + 10
            assert await status(url) == 200
            assert len(inside(tmp_path)) == 1
            errors = await ended(process)
            assert f"Cannot listen on port {port}" in errors
            assert "Traceback" not in errors
    assert inside(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_demo_stopped_while_it_starts_leaves_nothing_behind(
    tmp_path: Path, number: signal.Signals
) -> None:
    command = [sys.executable, "-c", DEMO.format(data=None, port=0)]
    env = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=PIPE, stderr=PIPE, env=env) as process:
        until = time.monotonic() + 120
        while not list(tmp_path.glob("*/dragoman.db")) and time.monotonic() < until:
            time.sleep(0.01)
        process.send_signal(number)
        _, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, b"")
    assert inside(tmp_path) == []


async def test_the_demo_keeps_the_data_it_was_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running = asyncio.create_task(demo(tmp_path / "data", 0))
    said = ""
    async with asyncio.timeout(120):
        while "press Ctrl-C to stop it" not in said:
            await asyncio.sleep(0.02)
            said += capsys.readouterr().out
    os.kill(os.getpid(), signal.SIGTERM)
    await running
    assert {"dragoman.db", "index"} <= set(inside(tmp_path / "data"))


async def test_serve_takes_signed_requests_and_ends_in_order(tmp_path: Path) -> None:
    env = {
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "DRAGOMAN_DATA": str(tmp_path / "data"),
        "PORT": "0",
    }
    async with running(SERVE, tmp_path, **env) as (process, line):
        url = next(word for word in line.split() if word.startswith("http"))
        assert await status(url.replace("/slack/events", "/healthz")) == 200
        assert process.stdout is not None
        told = (await process.stdout.readline()).decode().split()
        assert told[:3] == ["Metrics", "are", "at"]
        assert await status(told[3]) == 200
        assert await status(url.replace("/slack/events", "/metrics")) == 404
        challenge = b'{"type": "url_verification", "challenge": "c"}'
        assert await post(url, challenge) == (200, '{"challenge": "c"}')
        assert (await post(url, challenge, signature="v0=0"))[0] == 401
        assert await ended(process) == ""


async def test_serve_where_many_install_it_says_where_and_gives_them_the_notes(
    tmp_path: Path,
) -> None:
    async with teams.teams() as far:
        env = {
            "SLACK_CLIENT_ID": teams.CLIENT_ID,
            "SLACK_CLIENT_SECRET": teams.CLIENT_SECRET,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": far.api_url,
            "DRAGOMAN_DATA": str(tmp_path / "data"),
            "DRAGOMAN_WORKERS": "1",
            "PORT": "0",
        }
        async with running(SERVE, tmp_path, **env) as (process, line):
            url = next(word for word in line.split() if word.startswith("http"))
            assert process.stdout is not None
            told = (await process.stdout.readline()).decode()
            assert told == f"Workspaces install it at {url.replace('events', 'install')}\n"
            assert (await teams.install(url, far.code("T0NEW"))).status == 200
            with store_in(tmp_path / "data") as store:
                for _ in range(1200):
                    if (known := store.installations.of("T0NEW")) and known.begun_at:
                        break
                    await asyncio.sleep(0.05)
                assert store.articles_total("T0NEW") == 52
                assert store.articles_total(LOCAL) == 0
            await teams.mention(url, "T0NEW", "who moved to Turkey?", "1.0")
            for _ in range(1200):
                if far.said("T0NEW"):
                    break
                await asyncio.sleep(0.05)
            assert "Hamas" in far.said("T0NEW")[0]
            await ended(process)


async def test_serve_without_credentials_says_what_is_missing(tmp_path: Path) -> None:
    settings = Settings(
        _env_file=None, dragoman_data=tmp_path, slack_bot_token=None, slack_signing_secret=None
    )
    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET must be set"):
        await serve(settings)


async def test_serve_on_a_port_that_is_taken_says_so(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = Settings(
            _env_file=None,
            dragoman_data=tmp_path,
            slack_bot_token=TOKEN,
            slack_signing_secret=SECRET,
            port=taken.getsockname()[1],
            metrics_port=0,
        )
        with pytest.raises(SettingsError, match="set HOST and PORT"):
            await serve(settings)


async def test_serve_polls_feeds_and_tells_of_one_that_is_gone(tmp_path: Path) -> None:
    published = datetime(2026, 3, 20, tzinfo=UTC)
    async with far_side() as workspace, rogue({}) as site:
        good = rss(item(f"{site.base}/1", "Talks", story(1, 8), published=published))
        site.answers |= {"/good": said_by(good), "/gone": said_by("", "410 Gone")}
        env = {
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": workspace.api_url,
            "DRAGOMAN_DATA": str(tmp_path / "data"),
            "DRAGOMAN_FETCH_ALLOW": "127.0.0.1",
            "DRAGOMAN_ADMINS": YOU,
            "PORT": "0",
        }
        (tmp_path / "data").mkdir()
        with store_in(tmp_path / "data") as store:
            for path in ("/good", "/gone"):
                feed = feed_of(Listed(site.base + path), workspace=LOCAL, now=datetime.now(UTC))
                assert store.feeds.add(feed, key_of(feed.url))
            async with running(SERVE, tmp_path, **env) as (process, _line):
                await workspace.wait(lambda: bool(said(workspace, DIRECT)))
                for _ in range(1200):
                    if store.articles_total(LOCAL):
                        break
                    await asyncio.sleep(0.05)
                errors = await ended(process)
            assert store.articles_total(LOCAL) == 1
        assert "is no longer polled" in errors
        (told,) = said(workspace, DIRECT)
        assert "is no longer polled. 127.0.0.1" in told["text"]
