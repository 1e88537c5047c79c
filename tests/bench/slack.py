"""Commands over real sockets, while another process reads articles into the same SQLite file.

The local workspace stands for Slack: it signs and delivers ``/brief`` to the bot, which answers
through response URLs at the pace of the product, one message a second a channel. One command in
ten is for everybody in its channel, the others for the asker alone. The store holds the first
rows of PATH/current-events/items.jsonl.gz; meanwhile ``dragoman ingest`` reads ``--articles``
more: five of PATH/news/articles_dev.jsonl.gz to seven of the next rows, while there are any. Two
commands a second are given until the other process is done. Before those, ``--burst`` gives so
many in 10 s, such as 200: more than two cores that also read can answer as they come, but all
must be taken in; ``…_after_burst`` are the others alone.

How to read it: ``ack`` is how long Slack waited for the acknowledgement (goal: p99 below 1 s,
none above 3 s, when Slack gives up), ``answer`` the time from the command to the answer's
arrival at Slack (goal: p95 below 3 s), for the asker alone; ``public`` waits for its turn as
well. ``lost`` and ``twice`` must be 0, and so must ``not_acknowledged``, which counts commands
that Slack reports as failed. ``closest`` is the least time between two messages for everybody
in one channel, measured where they arrive: 1 s less the difference in travel time. ``held`` is how
long each transaction of the other process held the write lock (goal: p99 at most 50 ms), and
``ingest_seconds`` how long it took. ``load_average`` above the number of cores means that the
figures are of a busy machine.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import cycle, islice, pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from bot.desk import Desk
from bot.gather.files import Defaults, drafts
from bot.models import Draft
from handlers.app import SlackApp, build_app
from handlers.sender import GAP
from tests.bench.common import ITEMS, Result, needed, percentile
from tests.bench.latency import BRIEFS
from tests.slack import SECRET, TEAM, TOKEN, US, settings
from tests.workspace import LocalWorkspace

NEWS = Path("news") / "articles_dev.jsonl.gz"
SECONDS = 10.0
"""How long the burst takes."""
THEN = 0.5
"""Seconds from one command to the next, after the burst."""
BEFORE = 6_000
"""Rows that are stored before the test."""
PUBLIC = 10
"""One command in so many is for everybody."""
ROOMS = ("C0WORLD", "C0GULF")
_MIX = "iniinininiin"
"""Which of every twelve articles are items, and which are news."""


class Given(NamedTuple):
    """A command: when it was given, when it was acknowledged, and whether within 3 s."""

    at: float
    done: float
    taken: bool


class Arrival(NamedTuple):
    """An answer on arrival: under which response URL, when, and whether all see it."""

    hook: str
    at: float
    public: bool


class Read(NamedTuple):
    """The result of the other process: its report, its seconds, and those of each transaction."""

    report: dict[str, int]
    seconds: float
    held: list[float]


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options for how much the other process reads, and for the burst."""
    parser.add_argument(
        "--articles", type=int, default=12_000, help="articles that another process reads"
    )
    parser.add_argument("--burst", type=int, default=0, help="commands in the first 10 s")


def run(path: Path, _: Path | None = None, articles: int = 12_000, burst: int = 0) -> Result:
    """Fill a store, then ask while another process reads more."""
    items, news = needed(path, ITEMS), needed(path, NEWS)
    with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as name:
        more = Path(name) / "more.jsonl"
        with more.open("w", encoding="utf-8") as file:
            file.writelines(islice(_mixed(items, news), articles))
        data = Path(name) / "data"
        desk = Desk.open(data)
        try:
            desk.ingest(islice(_rows(items), BEFORE), now=datetime.now(UTC), workspace=TEAM)
            desk.catch_up()
            return asyncio.run(_asked(desk, data, more, burst))
        finally:
            desk.close()


def _rows(items: Path) -> Iterator[Draft]:
    found = drafts([str(items)], defaults=Defaults(), now=datetime.now(UTC))
    return (one for one in found if isinstance(one, Draft))


def _mixed(items: Path, news: Path) -> Iterator[str]:
    """Yield the lines of both files in the order of _MIX, those of the items not stored yet."""
    with (
        gzip.open(items, "rt", encoding="utf-8") as short,
        gzip.open(news, "rt", encoding="utf-8") as long,
    ):
        sources = {"i": islice(short, BEFORE, None), "n": iter(long)}
        lines = (next(sources[kind], None) for kind in cycle(_MIX))
        yield from iter(lambda: next(lines), None)


async def _asked(desk: Desk, data: Path, more: Path, burst: int) -> Result:
    arrivals: list[Arrival] = []
    async with _slack(arrivals) as far:
        app = build_app(settings(far.api_url), desk)
        async with _serving(app) as url:
            far.connect(url)
            reading = asyncio.create_task(_read(data, more))
            acks = await _commands(far, reading, burst)
            await _all(arrivals, len(acks))
            read = await reading
        hooks = {_hook(one.body): n for n, one in enumerate(far.deliveries)}
    return _told(acks, [hooks[one.hook] for one in arrivals], arrivals, read, burst)


async def _read(data: Path, more: Path) -> Read:
    """Read a file into the store as ``dragoman ingest`` does, in a separate process."""
    holds = more.with_suffix(".held")
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.bench.holding", str(holds)),
        *("ingest", str(more), "--json", "--workspace", TEAM),
        env=os.environ | {"DRAGOMAN_DATA": str(data)},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    seconds = time.perf_counter() - begun
    return Read(json.loads(out), seconds, json.loads(holds.read_text(encoding="utf-8")))


async def _commands(far: LocalWorkspace, reading: asyncio.Task[Read], burst: int) -> list[Given]:
    """Give a burst within SECONDS, then one every THEN until the other process is done."""
    begun = time.perf_counter()

    async def one(n: int, at: float) -> Given:
        await asyncio.sleep(at - time.perf_counter())
        given = time.perf_counter()
        text = BRIEFS[n % len(BRIEFS)] + ("" if n % PUBLIC else " public")
        delivery = await far.command(ROOMS[n // PUBLIC % len(ROOMS)], text)
        return Given(given, time.perf_counter(), delivery.status == 200)

    first = [begun + n * SECONDS / burst for n in range(burst)]
    going = [asyncio.create_task(one(n, at)) for n, at in enumerate(first)]
    await asyncio.sleep(SECONDS if burst else 0)
    while not reading.done():
        going.append(asyncio.create_task(one(len(going), time.perf_counter())))
        await asyncio.sleep(THEN)
    return await asyncio.gather(*going)


async def _all(arrivals: list[Arrival], many: int) -> None:
    """Wait for every answer, and a second longer for one too many."""
    for _ in range(600):
        if len(arrivals) >= many:
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(1)


@asynccontextmanager
async def _slack(arrivals: list[Arrival]) -> AsyncIterator[LocalWorkspace]:
    """Run the local workspace, and note when each answer arrives."""
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


def _told(
    acks: list[Given], which: list[int], arrivals: list[Arrival], read: Read, burst: int
) -> Result:
    counts = Counter(which)
    waited = [one.done - one.at for one in acks]
    later: list[float] = []
    waits: dict[bool, list[float]] = {False: [], True: []}
    rooms: dict[str, list[float]] = {}
    for n, one in zip(which, arrivals, strict=True):
        waits[one.public].append(one.at - acks[n].at)
        if n >= burst and not one.public:
            later.append(one.at - acks[n].at)
        if one.public:
            rooms.setdefault(ROOMS[n // PUBLIC % len(ROOMS)], []).append(one.at)
    apart = [b - a for times in rooms.values() for a, b in pairwise(sorted(times))]
    return {
        "commands": len(acks),
        "not_acknowledged": sum(not one.taken for one in acks),
        "lost": len(acks) - len(counts),
        "twice": sum(n - 1 for n in counts.values()),
        "ack": _spread(waited),
        "ack_after_burst": _spread(waited[burst:]),
        "answer": _spread(waits[False]),
        "answer_after_burst": _spread(later),
        "public": _spread(waits[True]),
        "closest_seconds": round(min(apart), 3) if apart else None,
        "pace_seconds": GAP.total_seconds(),
        "read_in": read.report["new"],
        "ingest_seconds": round(read.seconds, 1),
        "held": _spread(read.held),
        "load_average": os.getloadavg()[0],
    }


def _spread(seconds: list[float]) -> Result:
    if not seconds:
        return {"count": 0}
    return {
        "count": len(seconds),
        "p50_ms": round(1000 * percentile(seconds, 0.50)),
        "p95_ms": round(1000 * percentile(seconds, 0.95)),
        "p99_ms": round(1000 * percentile(seconds, 0.99)),
        "max_ms": round(1000 * max(seconds)),
    }
