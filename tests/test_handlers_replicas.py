"""Two replicas on one store: whatever is delivered to them, and how often, is answered once."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Desk
from bot.ingest import Report
from bot.models import Draft
from bot.store.outbox import Pacing
from handlers.blocks.buttons import MORE
from handlers.workspace.delivery import Delivery
from tests.slack import DIRECT, ROOM, answers, app_for, button, far_side, post, said, serving
from tests.stocked import TEAM, desk_at
from tests.workspace import LocalWorkspace

pytestmark = pytest.mark.usefixtures("each_store")

NOWHERE = "http://127.0.0.1:9/slack/events"

Pair = tuple[LocalWorkspace, list[str], Desk]


@asynccontextmanager
async def replicas(folder: Path, gap: timedelta) -> AsyncIterator[Pair]:
    """Slack, which delivers nothing by itself, and two replicas at work."""
    one, other = desk_at(folder), desk_at(folder)
    async with far_side() as far:
        first, second = (app_for(far, desk, gap=gap) for desk in (one, other))
        async with serving(first) as url, serving(second) as another:
            far.connect(NOWHERE)
            yield far, [url, another], one
    one.close()
    other.close()


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    """Two replicas that post as fast as they can."""
    async with replicas(tmp_path, timedelta(0)) as both:
        yield both


async def deliver(pair: Pair, *deliveries: Delivery, seed: int = 0) -> None:
    """Deliver each of these one to four times to either replica, all at once, in any order."""
    chance = random.Random(seed)  # noqa: S311 - the same order in each run
    sent = [
        (one, pair[1][chance.randrange(2)])
        for one in deliveries
        for _ in range(chance.randint(1, 4))
    ]
    chance.shuffle(sent)
    kinds = ("application/x-www-form-urlencoded", "application/json")
    taken = await asyncio.gather(
        *(post(url, one.body.encode(), kinds[one.sort == "event"]) for one, url in sent)
    )
    assert {status for status, _ in taken} == {200}


def since(far: LocalWorkspace, n: int) -> list[Delivery]:
    """Deliveries that Slack made, each attempt of the same but once."""
    return list({one.body: one for one in far.deliveries[n:]}.values())


@pytest.mark.parametrize("seed", range(3))
async def test_a_mention_is_one_though_slack_sends_two_events(pair: Pair, seed: int) -> None:
    far = pair[0]
    await far.say(ROOM, "@Dragoman who moved to Turkey?")
    events = since(far, 0)
    assert {json.loads(one.body)["event"]["type"] for one in events} == {"app_mention", "message"}
    await deliver(pair, *events, seed=seed)
    await answers(far, ROOM)


async def test_a_direct_message_a_command_and_a_click(pair: Pair) -> None:
    far, urls, _ = pair
    await far.say(DIRECT, "who moved to Turkey?")
    await far.command(ROOM, "Qatar")
    await deliver(pair, *since(far, 0), seed=1)
    await answers(far, DIRECT)
    (brief,) = await answers(far, ROOM)
    n = len(far.deliveries)
    await far.click(ROOM, brief["ts"], *button(brief, MORE))
    calls = len(far.calls)
    await deliver(pair, *since(far, n), seed=2)
    far.connect(urls[0])
    await far.say(DIRECT, "what did Hamas do?")
    await answers(far, DIRECT, 2)
    answered = [call.method for call in far.calls[calls:]]
    assert answered.count("response_url") == 1
    assert answered.count("chat.postMessage") == 1


async def test_many_at_once_are_each_answered_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A burst while the archive is read in, alone and for all: paced, none lost, none twice."""
    turns: list[datetime] = []
    real = Pacing.turn

    def turn(self: Pacing, *args: Any) -> tuple[datetime, bool]:
        at, ours = real(self, *args)
        turns.extend([at] if ours else [])
        return at, ours

    monkeypatch.setattr(Pacing, "turn", turn)
    gap = timedelta(milliseconds=50)
    async with replicas(tmp_path, gap) as pair:
        far, _, desk = pair
        for n in range(40):
            await far.command(ROOM, f"Qatar since {2000 + n // 2}" + (" public" if n % 2 else ""))
        reading = asyncio.create_task(asyncio.to_thread(_backfill, desk))
        await asyncio.gather(*(deliver(pair, one, seed=n) for n, one in enumerate(since(far, 0))))
        await far.wait(lambda: len(said(far, ROOM)) >= 40, 60)
        assert (await reading).new == 200
        found = await answers(far, ROOM, 40)
        used = [call.method for call in far.calls].count("response_url")
    assert sum(bool(m.get("is_ephemeral")) for m in found) == 20
    assert used == 40
    assert len(turns) == 20
    assert all(b - a >= gap for a, b in pairwise(sorted(turns)))


def _backfill(desk: Desk) -> Report:
    drafts = [
        Draft(
            text=f"The minister of Example {n} met the ambassador of Qatar in Doha on Monday.",
            title=f"Talks {n}",
            publisher="News of example.org",
            external_id=f"backfill-{n}",
        )
        for n in range(200)
    ]
    return desk.ingest(drafts, now=datetime(2026, 4, 1, tzinfo=UTC), workspace=TEAM)
