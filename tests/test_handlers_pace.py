"""The pace of a place, by a clock of our own: never closer than a second at arrival."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.store.store import Store
from handlers.blocks.notes import sentence
from handlers.errors import NotNow
from handlers.sender import GAP, DirectMessages, Pace, Sender
from tests.arrivals import NOW, open_store
from tests.slack import DIRECT, ROOM, TOKEN, YOU
from tests.workspace import LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)

LATEST = NOW + timedelta(minutes=5)


class Clock:
    """Stands still but for who sleeps, and how long Slack takes."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    def pace(self, store: Store) -> Pace:
        return Pace(store.pacing, now=self.now, sleep=self.sleep)


@pytest.mark.parametrize("takes", [0.0, 0.3, 2.5])
async def test_a_second_lies_between_one_arriving_and_the_next_being_sent(
    tmp_path: Path, takes: float
) -> None:
    """What is sent at once by two processes, however long Slack takes for each."""
    clock = Clock()
    sent: list[tuple[datetime, datetime]] = []

    async def post(pace: Pace) -> None:
        async with pace.turn("C1", LATEST):
            begun = clock.at
            over = begun + timedelta(seconds=takes)
            while clock.at < over:  # others look meanwhile whether it is their turn
                await clock.sleep(0.1)
            sent.append((begun, clock.at))

    with open_store(tmp_path) as one, open_store(tmp_path) as other:
        paces = [clock.pace(one), clock.pace(other)] * 3
        await asyncio.gather(*(post(pace) for pace in paces))
    assert len(sent) == 6
    assert all(begun - arrived >= GAP for (_, arrived), (begun, _) in pairwise(sorted(sent)))


async def test_what_fails_gives_the_place_free(tmp_path: Path) -> None:
    clock = Clock()
    with open_store(tmp_path) as store:
        with pytest.raises(ZeroDivisionError):
            async with clock.pace(store).turn("C1", LATEST):
                raise ZeroDivisionError
        async with clock.pace(store).turn("C1", LATEST):
            assert clock.at == NOW + GAP


async def test_who_would_be_too_late_is_told_when_to_come_again(tmp_path: Path) -> None:
    clock = Clock()
    with open_store(tmp_path) as store:
        pace = clock.pace(store)
        async with pace.turn("C1", LATEST):
            pass
        await pace.hold("C1", 30)
        with pytest.raises(NotNow) as told:
            async with pace.turn("C1", NOW + timedelta(seconds=10)):
                pass
        assert told.value.again_at == NOW + timedelta(seconds=30)


async def test_a_person_and_their_room_have_one_pace(far: LocalWorkspace, tmp_path: Path) -> None:
    clock = Clock()
    client = AsyncWebClient(TOKEN, base_url=far.api_url, proxy="")
    with open_store(tmp_path) as store:
        sender = Sender(client, pace=clock.pace(store), now=clock.now, sleep=clock.sleep)
        for place in (YOU, DIRECT, YOU, ROOM):
            await sender.post(place, sentence("One at a time."), LATEST)
    assert clock.at == NOW + 2 * GAP
    calls = [(call.method, call.args.get("channel")) for call in far.calls]
    assert calls == [
        ("conversations.open", None),
        *[("chat.postMessage", place) for place in (DIRECT, DIRECT, DIRECT, ROOM)],
    ]


async def test_whom_slack_opens_no_room_for_keeps_their_own_id(far: LocalWorkspace) -> None:
    rooms = DirectMessages(AsyncWebClient(TOKEN, base_url=far.api_url, proxy=""))
    far.refuse_next("conversations.open", "user_disabled")
    assert await rooms.of(YOU) == YOU
    assert await rooms.of(YOU) == DIRECT
    assert await rooms.of(ROOM) == ROOM
