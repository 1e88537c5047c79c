"""200 commands in 10 s over real sockets, while PATH/current-events/items.jsonl.gz is read in.

The local workspace stands for Slack: it signs and delivers ``/brief`` to the bot, which
answers through response URLs at the pace of the product, one message a second a channel. One
command in ten is for everybody in its channel, the others for the asker alone. At the same
time the same process ingests the file, as far as it comes in that time; the store holds the
first rows of it before.

How to read it: ``ack`` is how long Slack waited for the acknowledgement (goal: below 1 s, Slack
gives up after 3 s), ``answer`` the time from the command to the answer's arrival at Slack (goal: p95
below 2 s), of those for the asker alone; ``public`` waits for its turn as well. ``lost`` and
``twice`` must be 0, and so must ``not_acknowledged``, of which Slack tells the person that it
failed. ``closest`` is the least time between two messages for everybody in one
channel, measured where they arrive: 1 s less what the way there differs. ``read_in`` counts the
articles that were stored meanwhile. ``load_average`` above the number of cores means that the
figures are of a busy machine.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import islice, pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from bot.desk import Desk
from bot.gather.files import Defaults, drafts
from bot.ingest import Report
from bot.models import Draft
from handlers.app import SlackApp, build_app
from handlers.pace import GAP
from handlers.workspace.server import LocalWorkspace
from tests.bench.common import ITEMS, Result, needed, percentile
from tests.bench.latency import BRIEFS
from tests.slack import SECRET, TEAM, TOKEN, US, settings

COMMANDS = 200
SECONDS = 10.0
BEFORE = 6_000
"""Rows that are stored before."""
PUBLIC = 10
"""One command in so many is for everybody."""
ROOMS = ("C0WORLD", "C0GULF")


class Given(NamedTuple):
    """A command: when it was given, when it was acknowledged, and whether within 3 s."""

    at: float
    done: float
    taken: bool


class Arrival(NamedTuple):
    """An answer as it arrived: under which response URL, when, and whether all see it."""

    hook: str
    at: float
    public: bool


def run(path: Path, _: Path | None = None) -> Result:
    """Fill a store, then ask while more comes in."""
    items = needed(path, ITEMS)
    with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as name:
        desk = Desk.open(Path(name))
        try:
            rows = _rows(items)
            desk.ingest(islice(rows, BEFORE), now=datetime.now(UTC), workspace=TEAM)
            desk.catch_up()
            return asyncio.run(_asked(desk, rows))
        finally:
            desk.close()


def _rows(items: Path) -> Iterator[Draft]:
    found = drafts([str(items)], defaults=Defaults(), now=datetime.now(UTC))
    return (one for one in found if isinstance(one, Draft))


async def _asked(desk: Desk, rows: Iterator[Draft]) -> Result:
    arrivals: list[Arrival] = []
    async with _slack(arrivals) as far:
        app = build_app(settings(far.api_url), desk)
        async with _serving(app) as url:
            far.connect(url)
            going = True

            def more() -> Iterator[Draft]:
                while going and (row := next(rows, None)) is not None:
                    yield row

            reading = asyncio.create_task(
                asyncio.to_thread(desk.ingest, more(), now=datetime.now(UTC), workspace=TEAM)
            )
            try:
                acks = await _commands(far)
                await _all(arrivals)
            finally:
                going = False
                report = await reading
        hooks = {_hook(one.body): n for n, one in enumerate(far.deliveries)}
    return _told(acks, [hooks[one.hook] for one in arrivals], arrivals, report)


async def _commands(far: LocalWorkspace) -> list[Given]:
    """Give COMMANDS in SECONDS; returns when each was given, and when acknowledged."""
    begun = time.perf_counter()

    async def one(n: int) -> Given:
        await asyncio.sleep(begun + n * SECONDS / COMMANDS - time.perf_counter())
        given = time.perf_counter()
        text = BRIEFS[n % len(BRIEFS)] + ("" if n % PUBLIC else " public")
        delivery = await far.command(ROOMS[n // PUBLIC % len(ROOMS)], text)
        return Given(given, time.perf_counter(), delivery.status == 200)

    return await asyncio.gather(*(one(n) for n in range(COMMANDS)))


async def _all(arrivals: list[Arrival]) -> None:
    """Wait for every answer, and a second longer for one too many."""
    for _ in range(600):
        if len(arrivals) >= COMMANDS:
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(1)


@asynccontextmanager
async def _slack(arrivals: list[Arrival]) -> AsyncIterator[LocalWorkspace]:
    """The far side, which notes when each answer comes."""
    far = LocalWorkspace(signing_secret=SECRET, bot_token=TOKEN, bot_user=US, tz="Asia/Qatar")
    await far.start()
    proxy = web.Application()

    async def note(request: web.Request) -> web.Response:
        body = await request.json()
        public = body.get("response_type") == "in_channel"
        arrivals.append(Arrival(request.match_info["key"], time.perf_counter(), public))
        return web.Response(text="ok")

    proxy.add_routes([web.post("/hooks/{key}", note)])
    runner = web.AppRunner(proxy, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    far._hooks.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield far
    finally:
        await runner.cleanup()
        await far.stop()


@asynccontextmanager
async def _serving(app: SlackApp) -> AsyncIterator[str]:
    runner = web.AppRunner(app.web, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    app.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()
        await app.stop()


def _hook(body: str) -> str:
    return urlsplit(parse_qs(body)["response_url"][0]).path.rpartition("/")[2]


def _told(acks: list[Given], which: list[int], arrivals: list[Arrival], report: Report) -> Result:
    counts = Counter(which)
    waits: dict[bool, list[float]] = {False: [], True: []}
    rooms: dict[str, list[float]] = {}
    for n, one in zip(which, arrivals, strict=True):
        waits[one.public].append(one.at - acks[n].at)
        if one.public:
            rooms.setdefault(ROOMS[n // PUBLIC % len(ROOMS)], []).append(one.at)
    apart = [b - a for times in rooms.values() for a, b in pairwise(sorted(times))]
    return {
        "commands": len(acks),
        "not_acknowledged": sum(not one.taken for one in acks),
        "lost": len(acks) - len(counts),
        "twice": sum(n - 1 for n in counts.values()),
        "ack": _spread([one.done - one.at for one in acks]),
        "answer": _spread(waits[False]),
        "public": _spread(waits[True]),
        "closest_seconds": round(min(apart), 3) if apart else None,
        "pace_seconds": GAP.total_seconds(),
        "read_in": report.new,
        "load_average": os.getloadavg()[0],
    }


def _spread(seconds: list[float]) -> Result:
    return {
        "count": len(seconds),
        "p50_ms": round(1000 * percentile(seconds, 0.50)),
        "p95_ms": round(1000 * percentile(seconds, 0.95)),
        "max_ms": round(1000 * max(seconds)),
    }
