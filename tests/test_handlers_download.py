"""Files that people share: our token goes to Slack and nowhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from handlers import intake
from handlers.errors import Undeliverable
from handlers.intake import FileDownloads, SharedFile, shared_file

SLACK = "https://slack.com/api/"


async def token() -> str:
    return "xoxb-1"


FILE = SharedFile("F1", "a.txt", 5, "", None)


@pytest.mark.parametrize(
    "address",
    [
        "https://files.slack.com/files-pri/T1-F1/a.txt",
        "https://files.slack.com:443/files-pri/T1-F1/download/a.txt?t=1",
        "https://team.slack.com/files/a.txt",
        "https://slack-files.com/T1-F1",
        "https://files.slack-gov.com/files-pri/T1-F1/a.txt",
    ],
)
def test_slack(address: str) -> None:
    assert FileDownloads(token, SLACK)._is_slack(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://files.slack.com/files-pri/T1-F1/a.txt",
        "https://files.slack.com:8443/a.txt",
        "https://files.slack.com.evil.example/a.txt",
        "https://evilslack.com/a.txt",
        "https://evil.example/files.slack.com/a.txt",
        "https://files.slack.com@evil.example/a.txt",
        "https://user:pass@files.slack.com/a.txt",
        "https://evil.example#files.slack.com",
        "https://[::1]/a.txt",
        "https://[/a.txt",
        "https://files.slack.com:x/a.txt",
        "file:///etc/passwd",
        "https://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:9/a.txt",
    ],
)
async def test_not_slack(address: str) -> None:
    files = FileDownloads(token, SLACK)
    assert not files._is_slack(address)
    with pytest.raises(Undeliverable, match="does not say where"):
        await files.content(FILE._replace(address=address))


@pytest.fixture
async def server() -> AsyncIterator[tuple[str, list[str]]]:
    """A Slack-compatible server; yields its address, and the tokens that it was shown."""
    tokens: list[str] = []

    async def give(request: web.Request) -> web.Response:
        tokens.append(request.headers.get("Authorization", ""))
        match request.match_info["name"]:
            case "elsewhere":
                raise web.HTTPFound("https://evil.example/")
            case "page":
                return web.Response(text="<!DOCTYPE html>Sign in", content_type="text/html")
            case "none":
                raise web.HTTPNotFound
        return web.Response(body=b"hello")

    app = web.Application()
    app.router.add_get("/{name}", give)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", tokens
    finally:
        await runner.cleanup()


async def test_the_server_that_the_settings_name_gets_the_token(
    server: tuple[str, list[str]],
) -> None:
    base, tokens = server
    files = FileDownloads(token, f"{base}/api/")
    assert await files.content(FILE._replace(address=f"{base}/file")) == b"hello"
    assert tokens == ["Bearer xoxb-1"]


async def test_a_file_that_is_gone_is_said_to_be(server: tuple[str, list[str]]) -> None:
    base, _ = server
    with pytest.raises(Undeliverable, match="was deleted before I could read it"):
        await FileDownloads(token, f"{base}/api/").content(FILE._replace(address=f"{base}/none"))


@pytest.mark.parametrize("name", ["elsewhere", "page"])
async def test_what_is_not_the_file_is_said(server: tuple[str, list[str]], name: str) -> None:
    base, _ = server
    with pytest.raises(Undeliverable, match="files:read"):
        await FileDownloads(token, f"{base}/api/").content(FILE._replace(address=f"{base}/{name}"))


async def test_what_is_too_large_is_not_fetched(
    server: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    base, tokens = server
    files = FileDownloads(token, f"{base}/api/")
    with pytest.raises(Undeliverable, match="larger than 16 MB"):
        await files.content(FILE._replace(size=2**30, address=f"{base}/file"))
    assert tokens == []
    monkeypatch.setattr(intake, "MOST_BYTES", 3)  # it says nothing of its size, and is larger
    with pytest.raises(Undeliverable, match="larger than"):
        await files.content(FILE._replace(size=0, address=f"{base}/file"))


async def test_a_server_that_is_away_is_said() -> None:
    files = FileDownloads(token, "http://127.0.0.1:9/api/")
    with pytest.raises(Undeliverable, match="did not deliver the file"):
        await files.content(FILE._replace(address="http://127.0.0.1:9/file"))


def test_a_file_that_slack_only_hints_at_has_no_address() -> None:
    found = shared_file({"id": "F1", "file_access": "check_file_info"})
    assert (found.id, found.name, found.address, found.link) == ("F1", "file", "", None)
