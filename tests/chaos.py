"""Much at once for several processes on one store, of which one is killed again and again.

Slack delivers each event up to three times, and again until somebody takes it; feeds and digests
come due all the while. At the end it is counted what was answered, kept and posted, how often.
"""

from __future__ import annotations

import asyncio
import random
import time as clock
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import aiohttp
from sqlalchemy import func, select

from bot.desk import Desk
from bot.errors import StoreUnavailable
from bot.feeds.following import feed_of, key_of
from bot.gather.feeds import Listed
from bot.models import LOCAL, Digest, Draft, Times
from bot.store.inbox import request
from bot.store.tables import revision
from handlers.app import NOT_NOW
from handlers.sender import OUTGOING_EVENT, REPLY_EVENT
from handlers.workspace.delivery import Delivery
from handlers.workspace.state import Channel
from tests.bench.server import Server
from tests.cluster import Cluster, Member, Role, cluster
from tests.rogue import Rogue, rogue
from tests.rogue import said as answer
from tests.site import item, rss, story
from tests.slack import TEAM, YOU, far_side, post
from tests.unsent import unsent
from tests.workspace import LocalWorkspace

NOWHERE = "http://127.0.0.1:9/slack/events"
ROLES: tuple[Role, ...] = ("serve", "serve", "worker", "worker")
ITEMS = 4
"""Articles that each feed has."""

PATIENCE = 900.0
"""Seconds after which what is missing is taken for lost; a busy machine takes long."""

AT_ONCE = 24
"""Deliveries that are under way at a time."""

_FORM = "application/x-www-form-urlencoded"
_DAILY = Times(often="daily", at=(time(8),), tz="UTC")


@dataclass(frozen=True)
class Plan:
    """How much of each, over how many ``seconds``, with a kill every ``every`` seconds.

    In the middle of it the server of PostgreSQL crashes, and is ``away`` for so many more.
    """

    mentions: int
    commands: int
    feeds: int
    digests: int
    seconds: float
    every: float
    rooms: int = 100
    away: float = 0.0

    @property
    def kills(self) -> int:
        """How often a process is killed."""
        return int(self.seconds / self.every)


@dataclass
class Outcome:
    """What came of it; each list holds how often one event, digest or command was answered."""

    plan: Plan
    answered: list[int] = field(default_factory=list)
    commands: list[int] = field(default_factory=list)
    digests: list[int] = field(default_factory=list)
    requests: dict[str, int] = field(default_factory=dict)
    articles: int = 0
    revisions: int = 0
    deliveries: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    tracebacks: int = 0
    seconds: float = 0.0

    def lost(self, times: Sequence[int]) -> int:
        """How many of these nobody ever saw."""
        return sum(n == 0 for n in times)

    def twice(self, times: Sequence[int]) -> int:
        """How many of these came more than once."""
        return sum(n > 1 for n in times)


class Chaos:
    """One run: the far side, a site with feeds, the processes, and a desk to look by."""

    def __init__(
        self,
        plan: Plan,
        far: LocalWorkspace,
        site: Rogue,
        ours: Cluster,
        desk: Desk,
        server: Server | None = None,
    ) -> None:
        self.plan, self.far, self.site, self.ours, self.desk = plan, far, site, ours, desk
        self.server = server
        self.out = Outcome(plan)
        self.up: list[Member] = []
        self.turns = asyncio.Semaphore(AT_ONCE)
        self.chance = random.Random(7)  # noqa: S311 - it decides nothing secret
        self.rooms = [f"C0ASK{n}" for n in range(plan.rooms)]
        self.places = [f"C0DIG{n}" for n in range(plan.digests)]
        names = [*self.rooms, *self.places]
        far.channels.update({key: Channel(id=key, name=key.lower()) for key in names})

    async def run(self) -> Outcome:
        """Start all, have it happen, wait until nothing is open, end all in order, count."""
        met(self.desk)
        folders = [self.ours.folder / f"{role}-{n}" for n, role in enumerate(ROLES)]
        async with asyncio.TaskGroup() as starting:
            begun = [
                starting.create_task(self.ours.start(role, folder))
                for role, folder in zip(ROLES, folders, strict=True)
            ]
        self.up = [task.result() for task in begun]
        bodies = await self._asked()
        began = clock.monotonic()
        # Where one of it fails the others end, too, and so do the processes.
        async with asyncio.TaskGroup() as all_of_it:
            for work in (
                self._killing(),
                self._away(),
                *(self._delivering(one) for one in bodies),
                *(self._following(n) for n in range(self.plan.feeds)),
                *(self._coming_due(place) for place in self.places),
            ):
                all_of_it.create_task(work)
        await self._until(self._is_all_done)
        self.out.seconds = clock.monotonic() - began
        for member in list(self.ours.members):
            await self.ours.stop(member)
        self._count()
        return self.out

    async def _asked(self) -> list[Delivery]:
        """What people ask: written in the workspace, and not delivered yet."""
        self.far.connect(NOWHERE)
        for n in range(0, self.plan.mentions, 50):
            some = range(n, min(n + 50, self.plan.mentions))
            rooms = [self.rooms[k % len(self.rooms)] for k in some]
            await asyncio.gather(
                *(self.far.say(room, "@Dragoman whom did Qatar meet?") for room in rooms)
            )
        for n in range(self.plan.commands):
            await self.far.command(self.rooms[n % len(self.rooms)], f"Qatar since {1900 + n % 120}")
        await self.far.settled()
        return list({one.body: one for one in self.far.deliveries}.values())

    def _some_time(self) -> float:
        return self.chance.uniform(0, self.plan.seconds)

    async def _delivering(self, one: Delivery) -> None:
        await asyncio.sleep(self._some_time())
        times = self.chance.randint(1, 3)
        await asyncio.gather(*(self._once(one) for _ in range(times)))

    async def _once(self, one: Delivery) -> None:
        until = clock.monotonic() + PATIENCE
        while clock.monotonic() < until:
            async with self.turns:
                if await self._is_taken(one):
                    return
            await asyncio.sleep(self.chance.uniform(0.2, 2))
        raise AssertionError("nobody took a delivery")

    async def _is_taken(self, one: Delivery) -> bool:
        urls = [member.url for member in self.up if member.url]
        if not urls:
            return False
        self.out.deliveries += 1
        kind = "application/json" if one.sort == "event" else _FORM
        try:
            status, told = await post(self.chance.choice(urls), one.body.encode(), kind)
        except (aiohttp.ClientError, OSError, TimeoutError):
            return False  # whoever was there was killed
        # Who is told that a command is not taken in gives it again.
        return status == 200 and NOT_NOW not in told

    async def _following(self, n: int) -> None:
        base, now = self.site.base, datetime.now(UTC)
        items = [
            item(f"{base}/{n}/{k}", f"Bridge {n}.{k}", story(n * ITEMS + k, 6), published=now)
            for k in range(ITEMS)
        ]
        self.site.answers[f"/{n}"] = answer(rss(*items, title=f"Example {n}"))
        await asyncio.sleep(self._some_time())
        feed = feed_of(Listed(f"{base}/{n}"), workspace=LOCAL, now=datetime.now(UTC))
        await self._stored(lambda: self.desk.store.feeds.add(feed, key_of(feed.url)))

    async def _coming_due(self, place: str) -> None:
        due = datetime.now(UTC) + timedelta(seconds=self._some_time())
        new = Digest(
            workspace=LOCAL, id=0, team=TEAM, place=place, room=place, person=YOU, times=_DAILY,
            since=due - timedelta(days=2), due=due,
        )  # fmt: skip
        await self._stored(lambda: self.desk.store.digests.put(new))

    async def _stored(self, write: Callable[[], object]) -> None:
        """Write what may be written twice, as soon as it can be."""
        until = clock.monotonic() + PATIENCE
        while clock.monotonic() < until:
            with suppress(StoreUnavailable):
                await asyncio.to_thread(write)
                return
            await asyncio.sleep(1)
        raise AssertionError("the store did not come back")

    async def _away(self) -> None:
        if self.server is None or not self.plan.away:
            return
        await asyncio.sleep(self.plan.seconds / 2)
        await asyncio.to_thread(self.server.crash)
        await asyncio.sleep(self.plan.away)
        await asyncio.to_thread(self.server.start)

    async def _killing(self) -> None:
        async with asyncio.TaskGroup() as starting:
            for _ in range(self.plan.kills):
                await asyncio.sleep(self.plan.every)
                if not self.up:
                    continue
                member = self.chance.choice(self.up)
                self.up.remove(member)
                await self.ours.kill(member)
                self.out.kills[member.role] += 1
                starting.create_task(self._again(member))

    async def _again(self, member: Member) -> None:
        """Start another, as a service manager does: again where it ended for want of a store."""
        until = clock.monotonic() + PATIENCE
        while True:
            try:
                new = await self.ours.again(member)
            except AssertionError:
                if not self.plan.away or clock.monotonic() > until:
                    raise
                await asyncio.sleep(2)
            else:
                self.up.append(new)
                return

    async def _until(self, done: Callable[[], bool]) -> None:
        until = clock.monotonic() + PATIENCE
        while clock.monotonic() < until:
            with suppress(StoreUnavailable):
                if await asyncio.to_thread(done):
                    return
            await asyncio.sleep(1)

    def _is_all_done(self) -> bool:
        requests, store = self._requests(), self.desk.store
        return (
            set(requests) <= {"done", "failed"}
            and sum(requests.values()) >= self.plan.mentions + self.plan.commands
            and store.articles_total(LOCAL) > self.plan.feeds * ITEMS
            and not unsent(store, LOCAL)
            and all(self._posts(place, OUTGOING_EVENT) for place in self.places)
        )

    def _requests(self) -> dict[str, int]:
        asked = select(request.c.state, func.count()).group_by(request.c.state)
        with self.desk.store._read() as connection:
            return {str(row[0]): int(row[1]) for row in connection.execute(asked)}

    def _posts(self, place: str, kind: str) -> list[str]:
        """The keys of what was posted in a place, each as often as it stands there."""
        found = (one.get("metadata") or {} for one in self.far.messages(place))
        return [one["event_payload"]["key"] for one in found if one.get("event_type") == kind]

    def _count(self) -> None:
        out, plan = self.out, self.plan
        keys = Counter(key for room in self.rooms for key in self._posts(room, REPLY_EVENT))
        out.answered = [*keys.values(), *[0] * (plan.mentions - len(keys))]
        hooks = [uses for _, _, uses in self.far._hooks._given.values()]
        out.commands = [*hooks, *[0] * (plan.commands - len(hooks))]
        out.digests = [len(self._posts(place, OUTGOING_EVENT)) for place in self.places]
        out.requests = self._requests()
        out.articles = self.desk.store.articles_total(LOCAL) - 1
        with self.desk.store._read() as connection:
            n: int = connection.execute(select(func.count()).select_from(revision)).scalar_one()
        out.revisions = n - 1
        logs = [path.read_text(encoding="utf-8") for path in self.ours.folder.glob("*/log")]
        out.tracebacks = sum(log.count("Traceback (most recent call last)") for log in logs)


def met(desk: Desk) -> None:
    """Have one article stored, so that there is something to say."""
    draft = Draft(
        text="The Emir of Qatar met the president of France in Doha on Monday, an aide said.",
        title="Talks with France",
        publisher="News of example.org",
        external_id="first",
    )
    assert desk.ingest([draft], now=datetime.now(UTC), workspace=LOCAL).new == 1


async def chaos(plan: Plan, folder: Path, database: str, server: Server | None = None) -> Outcome:
    """Run it on a store in PostgreSQL that is empty; data folders and logs are in ``folder``.

    ``server`` is whose database it is, if that is to go away.
    """
    async with AsyncExitStack() as stack:
        far = await stack.enter_async_context(far_side())
        site = await stack.enter_async_context(rogue({}))
        desk = await asyncio.to_thread(Desk.open, folder / "desk", url=database)
        stack.push_async_callback(asyncio.to_thread, desk.close)
        env = {"DRAGOMAN_JOBS": "worker", "DRAGOMAN_FETCH_ALLOW": "127.0.0.1"}
        ours = await stack.enter_async_context(cluster(folder, database, far.api_url, **env))
        return await Chaos(plan, far, site, ours, desk, server).run()
