"""Tokens that cannot be what they should be end ``serve`` at once, each in one sentence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.errors import SettingsError
from bot.serve import serve
from bot.settings import Settings
from handlers.app import _quiet, build_app, socket_mode
from handlers.auth import token_of
from tests.slack import settings
from tests.stocked import desk_at

BOT, APP = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"

WRONG = [
    (BOT, "xoxp-1-2-abc", "it is a user token"),
    (BOT, "xapp-1-A-2-b", "it is an app-level token"),
    (BOT, "xoxe-1-abc", "it is a refresh token"),
    (BOT, "foo", "it does not start with xoxb-"),
    (BOT, "XOXB-1-2-abc", "it does not start with xoxb-"),
    (BOT, '"xoxb-1-2-abc"', "it has quotes"),
    (BOT, "\u2018xoxb-1-2-abc\u2019", "it has quotes"),
    (BOT, "xoxb-", "it is cut short"),
    (BOT, "xoxb-1-2 abc", "it is cut short"),
    (BOT, "xoxb-1-2-\u2026", "it is cut short"),
    (APP, "foo", "it does not start with xapp-"),
    (APP, "xoxb-1-2-abc", "it is a bot token"),
    (APP, "'xapp-1-A-2-b'", "it has quotes"),
]


def _with(name: str, value: str, **more: object) -> Settings:
    return settings("http://127.0.0.1:9/api/", **{name.lower(): SecretStr(value)}, **more)


@pytest.mark.parametrize(("name", "value", "why"), WRONG)
def test_a_malformed_token_ends_serve_before_anything_is_opened(
    name: str, value: str, why: str, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    with pytest.raises(SettingsError, match=why) as caught:
        asyncio.run(serve(_with(name, value, dragoman_data=folder)))
    assert caught.value.about == name
    assert caught.value.message.startswith(f"{name} must be the ")
    assert len(value) < 6 or value not in caught.value.message
    assert "\n" not in caught.value.message
    assert not folder.exists()


@pytest.mark.parametrize(
    ("name", "value", "token"),
    [
        (BOT, "xoxb-1-2-abc", "xoxb-1-2-abc"),
        (BOT, "  xoxb-1-2-abc\n", "xoxb-1-2-abc"),
        (BOT, "xoxe.xoxb-1-abc", "xoxe.xoxb-1-abc"),
        (APP, "xapp-1-A-2-b \t", "xapp-1-A-2-b"),
        (APP, "  ", ""),
    ],
)
def test_blanks_around_a_token_do_not_count(name: str, value: str, token: str) -> None:
    assert token_of(_with(name, value), name) == token


def test_a_blank_app_token_does_not_stand_for_the_signing_secret(tmp_path: Path) -> None:
    desk = desk_at(tmp_path)
    with pytest.raises(SettingsError, match="SLACK_SIGNING_SECRET must be set"):
        build_app(_with(APP, "  ", slack_signing_secret=None), desk)
    desk.close()


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What the log of Socket Mode says, formatted."""
    found: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(self.format(record))

    kept = Kept()
    _quiet.addHandler(kept)
    yield found
    _quiet.removeHandler(kept)


def test_an_attempt_without_network_is_one_line(lines: list[str]) -> None:
    error = OSError("no route\nto host")
    _quiet.error("Failed to connect (error: %s); Retrying...", error, exc_info=error)
    assert lines == ["Failed to connect (error: no route to host); Retrying..."]


async def test_without_network_it_is_tried_again_in_lines(lines: list[str], tmp_path: Path) -> None:
    desk = desk_at(tmp_path)
    app = build_app(_with(APP, "xapp-1-A-2-b"), desk)
    async with socket_mode(app.bolt, app.app_token, app.link, ping_seconds=0.05):
        for _ in range(1000):
            if len(lines) >= 3:
                break
            await asyncio.sleep(0.01)
    assert len(lines) >= 3
    assert all("\n" not in one and one.startswith("Failed to connect") for one in lines)
    await app.stop()
    desk.close()
