"""One process with its store in SQLite, killed at random moments, from its first line on.

People ask all the while, and feeds bring articles. At the end it is counted what is there of what
was acknowledged, and whether an index made anew answers as the one that went through it all.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack, closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bot.desk import DATABASE, Desk
from bot.feeds.following import feed_of, key_of
from bot.gather.feeds import Listed
from bot.models import LOCAL, Asker
from bot.store.store import Store
from handlers.sender import REPLY_EVENT
from handlers.workspace.delivery import Delivery
from handlers.workspace.state import Channel
from tests.chaos import NOWHERE
from tests.cluster import Cluster, Member, cluster
from tests.rogue import Rogue, rogue
from tests.rogue import said as answer
from tests.site import item, rss
from tests.slack import YOU, far_side, post
from tests.workspace import LocalWorkspace

STATES = ("Iran", "Qatar", "Oman", "Egypt", "Turkey", "Kuwait", "Jordan", "Iraq")
ITEMS = 3
"""Articles that each feed has."""

PATIENCE = 900
_ROOMS = 20


@dataclass
class Embedded:
    """What came of it; ``sound`` counts the checks of the file that found nothing."""

    kills: int
    sound: int = 0
    acknowledged: int = 0
    there: int = 0
    answered: list[int] = field(default_factory=list)
    fed: int = 0
    articles: int = 0
    revisions: int = 0
    asked: int = 0
    same: int = 0


class _Run:
    def __init__(self, far: LocalWorkspace, site: Rogue, ours: Cluster, kills: int) -> None:
        self.far, self.site, self.ours = far, site, ours
        self.out = Embedded(kills)
        self.chance = random.Random(50)  # noqa: S311 - it decides nothing secret
        self.folder = ours.folder / "one"
        self.rooms = [f"C0ASK{n}" for n in range(_ROOMS)]
        far.channels.update({key: Channel(id=key, name=key.lower()) for key in self.rooms})
        self.taken: set[str] = set()
        """Posts that were acknowledged, each by its place and time."""

    async def run(self) -> Embedded:
        self.far.connect(NOWHERE)
        for n in range(self.out.kills):
            self._follow(n)
            await self._live_and_die()
            self.out.sound += self._is_sound()
        member = await self.ours.start("serve", self.folder)
        await self._until(self._is_all_done)
        await self.ours.stop(member)
        self.out.sound += self._is_sound()
        self._count()
        await asyncio.to_thread(self._compare)
        return self.out

    async def _live_and_die(self) -> None:
        """Start it, ask it things if it comes so far, and kill it at any moment."""
        starting = asyncio.create_task(self.ours.start("serve", self.folder))
        early = self.chance.random() < 0.3
        if early:
            await asyncio.wait([starting], timeout=self.chance.uniform(0.3, 4))
        if not early or starting.done():
            member = await starting
            asking = [asyncio.create_task(self._ask(member)) for _ in range(4)]
            await asyncio.sleep(self.chance.uniform(0.05, 2))
            await self.ours.kill(member)
            await asyncio.gather(*asking)
            return
        for member in self.ours.members:
            member.process.kill()
        with suppress(AssertionError):  # it never said where it is
            await starting
        for member in list(self.ours.members):
            await self.ours.kill(member)

    async def _ask(self, member: Member) -> None:
        """Ask until it is gone; what is not acknowledged was never asked."""
        while member.is_alive:
            place, state = self.chance.choice(self.rooms), self.chance.choice(STATES)
            before = len(self.far.deliveries)
            ts = await self.far.say(place, f"@Dragoman whom did {state} meet?")
            sent = {one.body: one for one in self.far.deliveries[before:] if ts in one.body}
            for one in sent.values():
                if await self._is_taken(member, one):
                    self.taken.add(f"{place}:{ts}")

    async def _is_taken(self, member: Member, one: Delivery) -> bool:
        try:
            status, _ = await post(member.url, one.body.encode())
        except (aiohttp.ClientError, OSError, TimeoutError):
            return False
        return status == 200

    def _follow(self, n: int) -> None:
        base, now = self.site.base, datetime.now(UTC)
        items = []
        for k in range(ITEMS):
            one, other = self.chance.sample(STATES, 2)
            text = (
                f"<p>The foreign minister of {one} met the ambassador of {other} over pier {n}.{k}"
                f" on Monday, an aide said. They agreed that boat {n}{k} should stay in harbour"
                f" until the repairs of bridge {k}{n} are done.</p>"
            )
            items.append(item(f"{base}/{n}/{k}", f"{one} and {other}", text, published=now))
        self.site.answers[f"/{n}"] = answer(rss(*items, title=f"Example {n}"))
        for k in range(ITEMS):
            self.site.answers[f"/{n}/{k}"] = answer("", "404 Not Found")
        feed = feed_of(Listed(f"{base}/{n}"), workspace=LOCAL, now=now)
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._store() as store:
            assert store.feeds.add(feed, key_of(feed.url))
        self.out.fed += ITEMS

    def _store(self) -> Store:
        return Store.open(self.ours.database)

    def _is_sound(self) -> bool:
        with closing(sqlite3.connect(self.folder / DATABASE)) as file:
            sound: bool = file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return sound and not file.execute("PRAGMA foreign_key_check").fetchall()

    async def _until(self, done: Callable[[], bool]) -> None:
        for _ in range(PATIENCE):
            if await asyncio.to_thread(done):
                return
            await asyncio.sleep(1)

    def _is_all_done(self) -> bool:
        with closing(sqlite3.connect(self.folder / DATABASE)) as file:
            still = file.execute("SELECT count(*) FROM request WHERE ended_at IS NULL").fetchone()
            articles = file.execute("SELECT count(*) FROM article").fetchone()
        return bool(still == (0,) and articles[0] >= self.out.fed)

    def _count(self) -> None:
        out = self.out
        with closing(sqlite3.connect(self.folder / DATABASE)) as file:
            asked = "SELECT key FROM request WHERE surface = 'message'"
            kept = {key for (key,) in file.execute(asked)}
            (out.articles,) = file.execute("SELECT count(*) FROM article").fetchone()
            (out.revisions,) = file.execute("SELECT count(*) FROM revision").fetchone()
        out.acknowledged, out.there = len(self.taken), len(self.taken & kept)
        posted: Counter[str] = Counter()
        for room in self.rooms:
            for one in self.far.messages(room):
                if (one.get("metadata") or {}).get("event_type") == REPLY_EVENT:
                    posted[f"{room}:{one['thread_ts']}"] += 1
        # Of some that were written down the acknowledgement was lost on the way.
        out.answered = [posted[key] for key in self.taken | kept]

    def _compare(self) -> None:
        """Ask by the index that went through it all, and by one that is made anew."""
        asker = Asker(workspace=LOCAL, person=YOU, place="D1", tz="UTC", now=datetime.now(UTC))
        desk = Desk.open(self.folder)
        try:
            desk.catch_up()
            before = _answers(desk, asker)
            desk.reindex()
            after = _answers(desk, asker)
        finally:
            desk.close()
        self.out.asked = len(before)
        self.out.same = sum(a == b for a, b in zip(before, after, strict=True))


def _answers(desk: Desk, asker: Asker) -> list[str]:
    replies = [desk.ask(asker, f"whom did {state} meet?") for state in STATES]
    replies += [desk.brief(asker, state) for state in STATES]
    return [reply.model_dump_json() for reply in replies]


async def killed(kills: int, folder: Path) -> Embedded:
    """Kill a process so often whose store and index are in ``folder``, which is empty."""
    async with AsyncExitStack() as stack:
        far = await stack.enter_async_context(far_side())
        site = await stack.enter_async_context(rogue({}))
        database = f"sqlite:///{folder / 'one' / DATABASE}"
        env = {"DRAGOMAN_FETCH_ALLOW": "127.0.0.1"}
        ours = await stack.enter_async_context(cluster(folder, database, far.api_url, **env))
        return await _Run(far, site, ours, kills).run()
