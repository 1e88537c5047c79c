"""Guests, and people of connected workspaces: they may ask, and change nothing for others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.desk import Desk
from handlers.blocks.notes import WRONG
from handlers.whence import workspace_of
from handlers.workspace.server import LocalWorkspace
from handlers.zones import is_guest
from tests.slack import ROOM, TEAM, YOU, answers, app_for, button, said, serving, shown

pytest_plugins = ("tests.slack_fixtures",)


@pytest.mark.parametrize(
    ("profile", "guest"),
    [
        ({"team_id": TEAM}, False),
        ({}, False),
        ({"team_id": TEAM, "is_admin": True, "is_restricted": False}, False),
        ({"team_id": TEAM, "is_restricted": True}, True),
        ({"team_id": TEAM, "is_restricted": True, "is_ultra_restricted": True}, True),
        ({"team_id": "T0OTHER"}, True),
        ({"team_id": "T0OTHER", "is_stranger": True}, True),
        ({"team_id": "T0OTHER", "enterprise_user": {"teams": [TEAM, "T0OTHER"]}}, False),
        ({"team_id": "T0OTHER", "enterprise_user": {"teams": ["T0OTHER"]}}, True),
    ],
)
def test_who_is_a_guest(profile: dict[str, Any], *, guest: bool) -> None:
    assert is_guest(profile, TEAM) is guest


@pytest.mark.parametrize(
    ("body", "workspace"),
    [
        ({"team_id": "T1"}, "T1"),
        ({"team_id": "T2", "authorizations": [{"team_id": "T1"}]}, "T1"),  # a shared channel
        ({"team": {"id": "T1"}, "user": {"team_id": "T2"}}, "T1"),
        ({"team": {"id": "T2"}, "view": {"app_installed_team_id": "T1"}}, "T1"),
        ({"team": None, "user": {"team_id": "T1"}}, "T1"),  # installed for an organisation
        ({"team_id": "T1", "authorizations": []}, "T1"),
        ({}, ""),
    ],
)
def test_whose_workspace_it_is(body: dict[str, Any], workspace: str) -> None:
    assert workspace_of(body) == workspace


@pytest.fixture
async def guest(
    far: LocalWorkspace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[LocalWorkspace]:
    """Slack, where the person is a guest."""
    profile = far._api._methods["users.info"]

    def restricted(args: dict[str, Any]) -> dict[str, Any]:
        found = profile(args)
        return {"user": {**found["user"], "is_restricted": True}}

    monkeypatch.setitem(far._api._methods, "users.info", restricted)
    async with serving(app_for(far, desk)) as address:
        far.connect(address)
        yield far


async def test_a_guest_is_answered(guest: LocalWorkspace) -> None:
    await guest.command(ROOM, "Qatar")
    (answer,) = await answers(guest, ROOM)
    assert "*Qatar*" in shown(answer)


async def test_a_guest_corrects_nothing_for_others(guest: LocalWorkspace, desk: Desk) -> None:
    before = len(desk.store.care.log(TEAM))
    await guest.command(ROOM, "Qatar")
    (answer,) = await answers(guest, ROOM)
    await guest.click(ROOM, answer["ts"], *button(answer, WRONG))
    await guest.wait(lambda: guest.view(YOU) is not None)
    assert await guest.submit({"name": "Iran", "do": "alias"}) == {}
    _, told = await answers(guest, ROOM, 2)
    assert "ask a member" in told["text"]
    assert len(desk.store.care.log(TEAM)) == before


async def test_a_guest_may_mean_another_for_once(guest: LocalWorkspace) -> None:
    await guest.command(ROOM, "Qatar")
    (answer,) = await answers(guest, ROOM)
    await guest.click(ROOM, answer["ts"], *button(answer, WRONG))
    await guest.wait(lambda: guest.view(YOU) is not None)
    assert await guest.submit({"name": "Iran", "do": "once"}) == {}
    _, told = await answers(guest, ROOM, 2)
    assert "*Iran*" in shown(told)


@pytest.mark.parametrize("order", ["read links here", "stop reading links"])
async def test_a_guest_does_not_say_what_is_read(
    guest: LocalWorkspace, desk: Desk, order: str
) -> None:
    await guest.say(ROOM, f"@Dragoman {order}")
    (told,) = await answers(guest, ROOM)
    assert "ask one of them" in told["text"]
    assert not desk.store.intakes.reads(TEAM, ROOM)
    assert len(said(guest, ROOM)) == 1
