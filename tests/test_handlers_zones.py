"""Profiles: asked for once, however many wait for the same."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from slack_sdk.web.async_client import AsyncWebClient

from handlers.people import Profiles
from tests.slack import TEAM, TOKEN, YOU
from tests.workspace import LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)


async def test_of_many_who_wait_one_asks(far: LocalWorkspace) -> None:
    client = AsyncWebClient(TOKEN, base_url=far.api_url, proxy="", retry_handlers=[])
    zones = Profiles(client, "UTC", now=lambda: datetime.now(UTC))
    found = await asyncio.gather(*(zones.of(TEAM, YOU) for _ in range(20)))
    assert set(found) == {"Asia/Qatar"}
    assert [call.method for call in far.calls] == ["users.info"]


async def test_a_look_up_that_fails_is_not_repeated_by_each(far: LocalWorkspace) -> None:
    client = AsyncWebClient(TOKEN, base_url=far.api_url, proxy="", retry_handlers=[])
    zones = Profiles(client, "Europe/Berlin", now=lambda: datetime.now(UTC))
    far.refuse_next("users.info", "internal_error")
    found = await asyncio.gather(*(zones.of(TEAM, YOU) for _ in range(20)))
    assert set(found) == {"Europe/Berlin"}
    assert len(far.calls) == 1
