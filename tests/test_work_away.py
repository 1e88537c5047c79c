"""A server of PostgreSQL that crashes, and one that answers nobody, under processes at work.

Nothing stands in for it: it is ended as ``pg_ctl stop -m immediate`` does, or stopped in the
middle of whatever it was doing. The processes live through it and need nobody's help.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.desk import Desk
from bot.feeds.following import feed_of, key_of
from bot.gather.feeds import Listed
from bot.models import LOCAL
from handlers.app import NOT_NOW
from handlers.workspace.delivery import Delivery
from handlers.workspace.state import Channel
from tests.bench.server import Server, running
from tests.cluster import Cluster, Member, cluster
from tests.rogue import Rogue, rogue
from tests.rogue import said as answered
from tests.site import item, rss, story
from tests.slack import DIRECT, ROOM, far_side, post, said
from tests.test_work_cluster import LATER, NOWHERE, ROOMS, digest_for, logs, met, until
from tests.workspace import LocalWorkspace

SECONDS = 3
"""How long the server is away."""

DATABASE = "news"
_FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of this test's own, for nobody else may miss it."""
    folder = Path(tempfile.mkdtemp(prefix="dragoman-away-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        with running(folder / "server") as started:
            started.make(DATABASE)
            yield started
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Away:
    """Slack, a news site, and a server and a worker on one store."""

    def __init__(self, far: LocalWorkspace, site: Rogue, desk: Desk, ours: Cluster) -> None:
        self.far, self.site, self.desk, self.ours = far, site, desk, ours

    @property
    def url(self) -> str:
        return next(member.url for member in self.ours.members if member.url)

    async def asked(self, place: str, text: str) -> list[Delivery]:
        """A post, not delivered yet."""
        before = len(self.far.deliveries)
        await self.far.say(place, text)
        await self.far.settled()
        return list({one.body: one for one in self.far.deliveries[before:]}.values())

    async def ordered(self, text: str) -> Delivery:
        """A command, not delivered yet."""
        return await self.far.command(ROOM, text)

    async def give(self, one: Delivery) -> tuple[int, str]:
        kind = "application/json" if one.sort == "event" else _FORM
        return await post(self.url, one.body.encode(), kind)

    async def ready(self) -> tuple[int, str]:
        where = next(f"{member.health}/readyz" for member in self.ours.members if member.url)
        async with aiohttp.ClientSession() as session, session.get(where) as answer:
            return answer.status, await answer.text()

    def comes_due(self, n: int, place: str) -> None:
        """A digest that is due, and a feed with an article that is."""
        digest_for(self.desk, place)
        base, now = self.site.base, datetime.now(UTC)
        one = item(f"{base}/{n}/story", f"Talks {n}", story(n, 8), published=now)
        self.site.answers[f"/{n}"] = answered(rss(one, title=f"Example {n}"))
        feed = feed_of(Listed(f"{base}/{n}"), workspace=LOCAL, now=now)
        assert self.desk.store.feeds.add(feed, key_of(feed.url))

    def hooks(self) -> int:
        return sum(call.method == "response_url" for call in self.far.calls)


@asynccontextmanager
async def at_work(server: Server, folder: Path) -> AsyncIterator[Away]:
    url = server.url(DATABASE).render_as_string(hide_password=False)
    async with AsyncExitStack() as stack:
        far = await stack.enter_async_context(far_side())
        site = await stack.enter_async_context(rogue({}))
        far.connect(NOWHERE)
        env = {"DRAGOMAN_JOBS": "worker", "DRAGOMAN_FETCH_ALLOW": "127.0.0.1"}
        env["DRAGOMAN_LEASE_SECONDS"] = "12"
        ours = await stack.enter_async_context(cluster(folder, url, far.api_url, **env))
        desk = await asyncio.to_thread(Desk.open, folder / "ours", url=url, workers=1)
        stack.push_async_callback(asyncio.to_thread, desk.close)
        met(desk, "France", "first")
        await asyncio.gather(ours.start("serve"), ours.start("worker"))
        yield Away(far, site, desk, ours)


async def it_crashes(here: Away, server: Server) -> None:
    """What cannot be written down is refused in words; all the rest is done after."""
    taken = await here.asked(DIRECT, "whom did Qatar meet?")
    assert [(await here.give(one))[0] for one in taken] == [200] * len(taken)
    later = await here.asked(ROOMS[2], "@Dragoman whom did Qatar meet?")
    here.comes_due(1, LATER)
    server.crash()
    assert {(await here.give(one))[0] for one in later} == {503}
    command = await here.ordered("Qatar")
    status, told = await here.give(command)
    assert (status, json.loads(told)["text"]) == (200, NOT_NOW)
    status, told = await here.ready()
    assert (status, "cannot be reached" in told) == (503, True), told
    await until(lambda: all(_waits(member) for member in here.ours.members), "words of it")
    with pytest.raises(AssertionError, match=r"^Error: The store .* cannot be reached"):
        await here.ours.start("worker")  # it is for whoever looks after it to start it again
    server.start()
    for one in later:
        await given(here, one)
    assert (await here.give(command))[0] == 200
    await until(lambda: here.hooks() == 1, "the command's answer")
    await until(lambda: len(said(here.far, ROOMS[2])) == 1, "an answer")
    await until(lambda: len(said(here.far, DIRECT)) == 1, "what was taken in before")


async def given(here: Away, one: Delivery) -> None:
    """Give it again, as Slack does, until somebody has it."""
    for _ in range(300):
        if (await here.give(one))[0] == 200:
            return
        await asyncio.sleep(0.2)
    raise AssertionError("nobody took it")


def _waits(member: Member) -> bool:
    return "waits. The store" in member.said


async def it_answers_nobody(here: Away, server: Server) -> None:
    """What is given meanwhile hangs as the server does, and is not lost."""
    asked = [*await here.asked(ROOMS[0], "@Dragoman whom did Qatar meet?"), await here.ordered("x")]
    here.comes_due(2, ROOMS[1])
    with server.frozen():
        giving = [asyncio.create_task(here.give(one)) for one in asked]
        await asyncio.sleep(SECONDS)
        assert not giving[-1].done()
        assert (said(here.far, ROOMS[0]), here.hooks()) == ([], 1)
    assert [(await task)[0] for task in giving] == [200] * len(asked)
    await until(lambda: here.hooks() == 2, "the second command's answer")
    await until(lambda: len(said(here.far, ROOMS[0])) == 1, "an answer")


async def test_a_server_that_is_away_for_a_while_is_waited_for(
    server: Server, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as here:
        here.far.channels.update({one: Channel(id=one, name=one.lower()) for one in ROOMS})
        await it_crashes(here, server)
        await it_answers_nobody(here, server)
        digests = (LATER, ROOMS[1])
        await until(lambda: all(said(here.far, place) for place in digests), "both digests")
        await until(lambda: here.desk.store.articles_total(LOCAL) == 3, "both articles")
        for member in list(here.ours.members):
            await here.ours.stop(member)
        places = (DIRECT, ROOMS[2], ROOMS[0], *digests)
        assert [len(said(here.far, place)) for place in places] == [1] * len(places)
        assert here.hooks() == 2
    for log in logs(tmp_path):
        assert "Traceback" not in log, log
