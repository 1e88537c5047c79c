"""Two servers and two workers on one PostgreSQL, one of them killed with -9 every five seconds.

Nothing of PATH is read, and it may be left out. For two minutes Slack delivers 2,000 events, each
up to three times and again until a server takes it, while 50 feeds of a server on this machine
and 200 digests come due. A killed process is restarted at once. With ``--away 30`` the PostgreSQL
server crashes in the middle of it and is away for so many seconds. Then one process with a store
in SQLite is killed at 50 random moments.

How to read it: ``once`` must be all of them, ``lost`` and ``twice`` 0. A command is answered
through a response URL, which does not show earlier answers: if a process answers and dies before it
could note that, the command is answered again, as ``commands`` counts. ``embedded`` shows what was
acknowledged and is there, whether the file is sound after each kill, and whether a rebuilt index
answers the same.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests import databases
from tests.bench.common import Result
from tests.bench.server import running
from tests.chaos import ITEMS, Outcome, Plan, chaos
from tests.chaos_embedded import Embedded, killed

MENTIONS, COMMANDS, FEEDS, DIGESTS = 1_500, 500, 50, 200
SECONDS, EVERY, KILLS = 120.0, 5.0, 50


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options for how much of each."""
    parser.add_argument("--mentions", type=int, default=MENTIONS)
    parser.add_argument("--commands", type=int, default=COMMANDS)
    parser.add_argument("--feeds", type=int, default=FEEDS)
    parser.add_argument("--digests", type=int, default=DIGESTS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--every", type=float, default=EVERY)
    parser.add_argument("--away", type=float, default=0.0, help="seconds without PostgreSQL")
    parser.add_argument("--kills", type=int, default=KILLS, help="of the embedded process")


def run(
    _path: Path | None = None,
    _store: Path | None = None,
    *,
    mentions: int = MENTIONS,
    commands: int = COMMANDS,
    feeds: int = FEEDS,
    digests: int = DIGESTS,
    seconds: float = SECONDS,
    every: float = EVERY,
    away: float = 0.0,
    kills: int = KILLS,
) -> Result:
    """Run both parts, except one with a count of 0."""
    result: Result = {}
    plan = Plan(mentions, commands, feeds, digests, seconds, every, away=away)
    with tempfile.TemporaryDirectory(prefix="dragoman-chaos-") as name:
        folder = Path(name)
        if mentions + commands + feeds + digests:
            result["cluster"] = _cluster(_clustered(plan, folder))
        if kills:
            result["embedded"] = _embedded(asyncio.run(killed(kills, folder / "embedded")))
    return result


def _clustered(plan: Plan, folder: Path) -> Outcome:
    if not plan.away:
        url = databases.server().url(folder / "dragoman.db")
        place = url.render_as_string(hide_password=False)
        return asyncio.run(chaos(plan, folder / "cluster", place))
    # A server that nobody else uses, and that loses nothing when it crashes.
    folder.chmod(0o755)
    with running(folder / "server") as server:
        server.make("news")
        place = server.url("news").render_as_string(hide_password=False)
        return asyncio.run(chaos(plan, folder / "cluster", place, server))


def _cluster(out: Outcome) -> Result:
    plan = out.plan
    return {
        "deliveries": out.deliveries,
        "killed": " ".join(f"{role} {n}" for role, n in sorted(out.kills.items())),
        "requests": " ".join(f"{state} {n}" for state, n in sorted(out.requests.items())),
        "mentions": _line(out.answered),
        "commands": _line(out.commands),
        "digests": _line(out.digests),
        "articles": f"{out.articles} of {plan.feeds * ITEMS}, {out.revisions} revisions",
        "tracebacks": out.tracebacks,
        "seconds": round(out.seconds, 1),
    }


def _line(times: Sequence[int]) -> str:
    once, lost = times.count(1), times.count(0)
    return f"{len(times)}: {once} once, {lost} lost, {len(times) - once - lost} twice"


def _embedded(out: Embedded) -> Result:
    return {
        "kills": out.kills,
        "sound": out.sound,
        "acknowledged": out.acknowledged,
        "there": out.there,
        "answered": _line(out.answered),
        "articles": f"{out.articles} of {out.fed}, {out.revisions} revisions",
        "same_answers": f"{out.same} of {out.asked}",
    }
