"""Guests, and people of connected workspaces: they may ask, and change nothing for others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.models import Topic, Watch
from handlers.blocks.buttons import DIRECT as TO_DIRECT
from handlers.blocks.buttons import MORE, SINCE, SOURCES
from handlers.blocks.notes import WRONG
from handlers.blocks.reply import EXPORT, TIMELINE
from handlers.payloads import workspace_of
from handlers.people import Profiles, is_guest
from tests.arrivals import arrival, met
from tests.slack import (
    DIRECT,
    ROOM,
    TEAM,
    TOKEN,
    YOU,
    answers,
    app_for,
    button,
    said,
    serving,
    shown,
)
from tests.workspace import LocalWorkspace

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
    before = len(desk.store.curation.log(TEAM))
    await guest.command(ROOM, "Qatar")
    (answer,) = await answers(guest, ROOM)
    await guest.click(ROOM, answer["ts"], *button(answer, WRONG))
    await guest.wait(lambda: guest.view(YOU) is not None)
    assert await guest.submit({"name": "Iran", "do": "alias"}) == {}
    _, told = await answers(guest, ROOM, 2)
    assert "ask a member" in told["text"]
    assert len(desk.store.curation.log(TEAM)) == before


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
    assert "Ask one of them" in told["text"]
    assert not desk.store.link_reading.is_on(TEAM, ROOM)
    assert len(said(guest, ROOM)) == 1


# --- what a guest is told, and may follow -------------------------------------------------

CLOSED = "Qatar met Iran behind a closed door."
MINE = "Qatar met Iran in a note of the guest's own."


@pytest.fixture(scope="module")
def stored(desk: Desk) -> Desk:
    """What a private channel was given, and what the guest gave in direct messages."""
    for key, text, audience in (("closed", CLOSED, "C0GULF"), ("own", MINE, DIRECT)):
        given = arrival(key, text, audience=audience, workspace=TEAM, facts=[met(text)])
        desk.store.commit([given], now=datetime.now(UTC))
    desk.catch_up()
    return desk


async def asked(slack: LocalWorkspace, text: str, room: str = ROOM) -> dict[str, Any]:
    before = len(said(slack, room))
    await slack.command(room, text)
    return (await answers(slack, room, before + 1))[-1]


@pytest.mark.usefixtures("stored")
async def test_in_direct_messages_a_guest_is_told_what_they_gave(guest: LocalWorkspace) -> None:
    told = shown(await asked(guest, "Qatar", DIRECT))
    assert "own" in told
    assert "You are a guest here" in told
    assert "One article" in told
    assert "closed door" not in told
    none = shown(await asked(guest, "Russia", DIRECT))
    assert "Nothing stored" in none
    assert "You are a guest here" in none


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("action", [MORE, SOURCES, EXPORT, TIMELINE, SINCE])
async def test_a_button_shows_a_guest_what_their_channel_sees(
    guest: LocalWorkspace, action: str
) -> None:
    """The message is seen by all: whoever asked, whoever clicks is told for themselves."""
    answer = await asked(guest, "Qatar public")
    assert "You are a guest here" not in shown(answer)
    calls = len(guest.calls)
    await guest.click(ROOM, answer["ts"], *button(answer, action))
    await guest.wait(lambda: any("response_url" in c.method for c in guest.calls[calls:]))
    given = str([guest.calls[calls:], *(guest.messages(room) for room in (ROOM, DIRECT))])
    assert "closed door" not in given
    assert "a note of the guest" not in given


@pytest.mark.usefixtures("stored")
async def test_a_guest_cannot_take_it_along_to_direct_messages(guest: LocalWorkspace) -> None:
    answer = await asked(guest, "Qatar")
    await guest.click(ROOM, answer["ts"], *button(answer, TO_DIRECT))
    _, told = await answers(guest, ROOM, 2)
    assert "You are a guest here" in told["text"]
    assert said(guest, DIRECT) == []


@pytest.mark.parametrize("text", ["add Qatar", "add Qatar for me", "mute", "pause", "remove Iran"])
@pytest.mark.parametrize("room", [ROOM, DIRECT])
async def test_a_guest_follows_nothing_and_changes_nothing(
    guest: LocalWorkspace, desk: Desk, text: str, room: str
) -> None:
    topic = Topic(actors=(("state:irn", "Iran"),))
    since = datetime.now(UTC)
    of = {"workspace": TEAM, "team": TEAM, "id": 0, "person": "U0OTHER", "typed": "Iran"}
    desk.store.watches.add(Watch(**of, place=ROOM, topic=topic, since=since))
    before = desk.store.watches.all(TEAM)
    count = len(said(guest, room))
    await guest.command(room, text, command="/watch")
    told = (await answers(guest, room, count + 1))[-1]
    assert "You are a guest here" in told["text"]
    assert desk.store.watches.all(TEAM) == before


@pytest.mark.parametrize("text", ["daily at 8", "daily at 8 for me", "preview for me", "now"])
async def test_a_guest_sets_no_digest_up(guest: LocalWorkspace, desk: Desk, text: str) -> None:
    await guest.command(ROOM, text, command="/digest")
    (told,) = await answers(guest, ROOM)
    assert "You are a guest here" in told["text"]
    assert desk.store.digests.all(TEAM) == []


@pytest.mark.parametrize(
    ("word", "guest"),
    [("user_not_visible", True), ("user_not_found", True), ("fatal_error", False)],
)
async def test_whom_slack_does_not_show_is_a_stranger(
    far: LocalWorkspace, word: str, *, guest: bool
) -> None:
    far.refuse_next("users.info", word)
    client = AsyncWebClient(TOKEN, base_url=far.api_url, proxy="")
    zones = Profiles(client, "UTC", now=lambda: datetime.now(UTC))
    assert (await zones.person(TEAM, "U0STRANGER")).guest is guest
