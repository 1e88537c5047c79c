"""Slack that takes nothing for a minute, and a clock that is put back by an hour."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any, get_args

import pytest

from bot.desk import Desk
from bot.digests.issuing import DigestSender
from bot.models import Digest, Outgoing, Times
from bot.store.store import Store
from handlers.app import SlackApp, build_app
from handlers.workspace.state import Hook
from tests.outage import Mode, Outage, outage
from tests.slack import DIRECT, ROOM, TEAM, YOU, far_side, form, said, serving, settings
from tests.stocked import desk_at
from tests.unsent import unsent
from tests.workspace import LocalWorkspace

HOUR = timedelta(hours=1)


class Clock:
    """The time, and what is added to it; who sleeps wakes when it has come so far."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def sleep(self, seconds: float) -> None:
        until = self.now() + timedelta(seconds=seconds)
        while self.now() < until:  # noqa: ASYNC110 - the clock is moved by hand
            await asyncio.sleep(0.01)


async def until(true: Callable[[], Any], what: str) -> None:
    for _ in range(3000):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{what}: not within a minute")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    opened = desk_at(tmp_path_factory.mktemp("desk"))
    yield opened
    opened.close()


@asynccontextmanager
async def at_work(
    desk: Desk, clock: Clock, gap: timedelta = timedelta(0)
) -> AsyncIterator[tuple[LocalWorkspace, Outage, SlackApp, str]]:
    """Slack, what stands before it, and an app at work, with its address for events."""
    async with far_side() as far, outage(far) as between:
        app = build_app(
            settings(between.api_url), desk, poll_seconds=0.05, now=clock.now,
            sleep=clock.sleep, gap=gap,
        )  # fmt: skip
        async with serving(app) as url:
            far.connect(url)
            yield far, between, app, url


def is_open(desk: Desk) -> bool:
    with desk.store._read() as connection:
        asked = "SELECT count(*) FROM request WHERE ended_at IS NULL"
        requests: int = connection.exec_driver_sql(asked).scalar_one()
    return bool(requests or unsent(desk.store, TEAM))


def put(desk: Desk, key: str, place: str, now: datetime) -> None:
    note = {"said": f"Words of {key}."}
    whole = {"workspace": TEAM, "key": key, "kind": "notice", "place": place}
    desk.store.outbox.put([Outgoing(**whole, content=note, due_at=now)], now)


@pytest.mark.parametrize("mode", [mode for mode in get_args(Mode) if mode != "well"])
async def test_a_minute_without_slack_loses_nothing_and_doubles_nothing(
    desk: Desk, mode: Mode, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if mode == "hangs":
        # It is given up after ten seconds, here after a tenth of one.
        monkeypatch.setattr("handlers.auth.CALL_SECONDS", 0.1)
        monkeypatch.setattr("handlers.sender.CALL_SECONDS", 0.1)
    clock = Clock()
    async with at_work(desk, clock) as (far, between, app, url):
        between.mode = mode
        await far.say(DIRECT, "who moved to Turkey?")
        await far.say(ROOM, "@Dragoman who moved to Turkey?")
        hook = far._hooks.new(Hook(channel=ROOM, user=YOU)).replace(far.url, between.url)
        command = {
            "command": "/brief", "text": "Qatar", "team_id": TEAM, "user_id": YOU,
            "channel_id": ROOM, "response_url": hook, "trigger_id": f"1.{mode}",
        }  # fmt: skip
        assert (await form(url, command))[0] == 200
        put(desk, f"note-{mode}", ROOM, clock.now())
        await until(lambda: between.refused >= 4, "a refusal for each")
        for _ in range(61):
            clock.ahead += timedelta(seconds=1)
            await asyncio.sleep(0.02)
        assert (said(far, ROOM), said(far, DIRECT)) == ([], [])
        if mode == "hangs":
            await until(lambda: not _is_busy(app), "an end of all calls")
            monkeypatch.undo()
        between.mode = "well"
        for _ in range(20):
            await until(lambda: not _is_busy(app), "an end of what is under way")
            if not is_open(desk):
                break
            # What was not taken waits for its lease.
            clock.ahead += timedelta(seconds=61)
            await asyncio.sleep(0.2)
        told = [one["text"] for one in said(far, ROOM)]
    assert len(told) == 3, told
    assert len(said(far, DIRECT)) == 1
    assert "Traceback" not in caplog.text


def _is_busy(app: SlackApp) -> bool:
    return bool(app.inbox.claims.at_work or app.outbox.claims.at_work)


def digest_for(store: Store, place: str, due: datetime) -> Digest:
    new = Digest(
        workspace=TEAM, id=0, team=TEAM, place=place, room=place, person=YOU,
        times=Times(often="daily", at=(time(8),), tz="UTC"),
        since=datetime(2026, 1, 1, tzinfo=UTC), due=due,
    )  # fmt: skip
    return store.digests.put(new)[0]


async def test_a_clock_put_back_by_an_hour_holds_nobody_up_and_tells_nothing_twice(
    desk: Desk,
) -> None:
    clock = Clock()
    sender = DigestSender(desk, now=clock.now)
    async with at_work(desk, clock, gap=timedelta(seconds=1)) as (far, _, _, _):
        digest_for(desk.store, ROOM, clock.now() - timedelta(minutes=1))
        await asyncio.to_thread(sender.look)
        await far.say(ROOM, "@Dragoman who moved to Turkey?")
        await until(lambda: len(said(far, ROOM)) == 2, "a digest and an answer")
        clock.ahead -= HOUR
        await asyncio.to_thread(sender.look)
        await far.say(ROOM, "@Dragoman what did Hamas do?")
        await far.say(DIRECT, "what did Hamas do?")
        put(desk, "after", ROOM, clock.now())
        await until(lambda: not is_open(desk), "what was asked after")
        clock.ahead += HOUR
        await asyncio.to_thread(sender.look)
        await far.say(ROOM, "@Dragoman who met Qatar?")
        await until(lambda: not is_open(desk), "what was asked at last")
    assert len(said(far, ROOM)) == 5
    assert len(said(far, DIRECT)) == 1
