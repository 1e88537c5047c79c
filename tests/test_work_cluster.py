"""Two servers and two workers, as processes on one store: all of it is done, and done once."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import aiohttp

from bot.desk import Desk
from bot.feeds.following import feed_of, key_of
from bot.gather.feeds import Listed
from bot.models import EVERYWHERE, LOCAL, AddAlias, Asker, Digest, Draft, Times
from bot.search.index import Hit
from bot.work.tasks import following, repeating
from handlers.workspace.delivery import Delivery
from handlers.workspace.state import Channel
from tests import databases
from tests.cluster import Cluster, Member, cluster
from tests.rogue import Rogue, rogue
from tests.rogue import said as answer
from tests.site import item, rss, story
from tests.slack import ROOM, TEAM, YOU, far_side, post, said
from tests.workspace import LocalWorkspace

NOWHERE = "http://127.0.0.1:9/slack/events"
ROOMS = [f"C0ROOM{n}" for n in range(8)]
LATER = "C0GULF"
FEEDS, COMMANDS = 12, 40
OFTEN = Times(often="daily", at=(time(8),), tz="UTC")


async def until(true: Callable[[], bool], what: str) -> None:
    for _ in range(1200):
        if true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{what}: not within a minute")


def url_of(folder: Path) -> str:
    return databases.server().url(folder / "dragoman.db").render_as_string(hide_password=False)


def met(desk: Desk, whom: str, key: str) -> None:
    draft = Draft(
        text=f"The Emir of Qatar met the president of {whom} in Doha on Monday, an aide said.",
        title=f"Talks with {whom}",
        publisher="News of example.org",
        external_id=key,
    )
    assert desk.ingest([draft], now=datetime.now(UTC), workspace=LOCAL).new == 1


def digest_for(desk: Desk, place: str) -> None:
    """Set up a digest that is due since a minute."""
    due = datetime.now(UTC) - timedelta(minutes=1)
    new = Digest(
        workspace=LOCAL,
        id=0,
        team=TEAM,
        place=place,
        room=place,
        person=YOU,
        times=OFTEN,
        since=due - timedelta(days=2),
        due=due,
    )
    desk.store.digests.put(new)


def follow(desk: Desk, site: Rogue) -> None:
    """Follow feeds that are due; each has an article of its own."""
    now = datetime.now(UTC)
    for n in range(FEEDS):
        one = item(f"{site.base}/{n}/story", f"Talks {n}", story(n, 8), published=now)
        site.answers[f"/{n}"] = answer(rss(one, title=f"Example {n}"))
        feed = feed_of(Listed(f"{site.base}/{n}"), workspace=LOCAL, now=now)
        assert desk.store.feeds.add(feed, key_of(feed.url))


class Slack:
    """Delivers as Slack does: some several times, and again where nobody answered."""

    def __init__(self, members: list[Member]) -> None:
        self._members = members
        self._chance = random.Random(7)  # noqa: S311 - the same order in each run

    async def deliver(self, one: Delivery) -> None:
        await asyncio.gather(*(self._once(one) for _ in range(self._chance.randint(1, 3))))

    async def _once(self, one: Delivery) -> None:
        for _ in range(600):
            url = self._chance.choice([m.url for m in self._members if m.role == "serve"])
            try:
                taken, _ = await post(url, one.body.encode(), "application/x-www-form-urlencoded")
            except (aiohttp.ClientError, OSError):
                taken = 0  # nobody is there any more
            if taken == 200:
                return
            await asyncio.sleep(0.1)
        raise AssertionError("nobody took it")


async def commands(far: LocalWorkspace, n: int, year: int) -> list[Delivery]:
    """Commands as Slack would deliver them; they are not delivered yet."""
    before = len(far.deliveries)
    for k in range(n):
        await far.command(ROOM, f"Qatar since {year + k}")
    return list({one.body: one for one in far.deliveries[before:]}.values())


def logs(folder: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in folder.glob("*/log")]


def answered(far: LocalWorkspace) -> int:
    return sum(call.method == "response_url" for call in far.calls)


@contextmanager
def opened(folder: Path) -> Iterator[Desk]:
    """A desk of the tests' own on the store that the processes share."""
    desk = Desk.open(folder / "ours", url=url_of(folder), workers=1)
    try:
        yield desk
    finally:
        desk.close()


@asynccontextmanager
async def surroundings(
    folder: Path, jobs: str = "worker"
) -> AsyncIterator[tuple[LocalWorkspace, Rogue, Desk, Cluster]]:
    """Slack, a news site, a desk on the store, and no process yet; ``jobs`` says who works."""
    async with far_side() as far, rogue({}) as site:
        far.channels.update({key: Channel(id=key, name=key.lower()) for key in ROOMS})
        far.connect(NOWHERE)
        env = {"DRAGOMAN_JOBS": jobs, "DRAGOMAN_FETCH_ALLOW": "127.0.0.1"}
        async with cluster(folder, url_of(folder), far.api_url, **env) as ours:
            with opened(folder) as desk:
                yield far, site, desk, ours


async def test_all_is_done_and_done_once(tmp_path: Path) -> None:
    async with surroundings(tmp_path) as (far, site, desk, ours):
        met(desk, "France", "first")
        _, two, left, right = await asyncio.gather(
            *(ours.start(role) for role in ("serve", "serve", "worker", "worker"))
        )
        slack = Slack(ours.members)
        follow(desk, site)
        for place in ROOMS:
            digest_for(desk, place)
        asked = await commands(far, COMMANDS, 1960)
        sending = asyncio.gather(*(slack.deliver(one) for one in asked))
        # In the middle of it one server and one worker are asked to end; the worker comes back.
        await asyncio.gather(ours.stop(two), ours.stop(right))
        await asyncio.gather(ours.again(right), sending)
        await until(lambda: answered(far) >= COMMANDS, "answers")
        await until(lambda: desk.store.articles_total(LOCAL) == FEEDS + 1, "articles")
        await until(lambda: all(said(far, place) for place in ROOMS), "digests")
        # Another is killed; what is due from then on is done by those that are left.
        await ours.kill(left)
        digest_for(desk, LATER)
        await until(lambda: bool(said(far, LATER)), "the digest after a kill")
        await asyncio.gather(*(ours.stop(member) for member in list(ours.members)))
        assert answered(far) == COMMANDS
        assert [len(said(far, place)) for place in (*ROOMS, LATER)] == [1] * (len(ROOMS) + 1)
        # Who is asked to end gives its feeds back, half polled as they may be: once, at most.
        asked_for = Counter(path for path in site.paths if path[1:].isdigit())
        assert max(asked_for.values()) <= 2, asked_for
        assert desk.store.articles_total(LOCAL) == FEEDS + 1
    for log in logs(tmp_path):
        assert "Traceback" not in log, log


async def test_one_server_does_all_by_itself(tmp_path: Path) -> None:
    """As long as nobody says that workers do: beside PostgreSQL, too."""
    async with surroundings(tmp_path, "serve") as (far, site, desk, ours):
        server = await ours.start("serve")
        follow(desk, site)
        digest_for(desk, LATER)
        for one in await commands(far, 2, 1990):
            await Slack(ours.members).deliver(one)
        await until(lambda: answered(far) == 2, "answers")
        await until(lambda: desk.store.articles_total(LOCAL) == FEEDS, "articles")
        await until(lambda: len(said(far, LATER)) == 1, "the digest")
        await ours.stop(server)
    for log in logs(tmp_path):
        assert "Traceback" not in log, log


async def test_each_follows_what_others_store(tmp_path: Path) -> None:
    """An article and a correction of names, made elsewhere, are soon known here."""
    me = Asker(workspace=LOCAL, person=YOU, place=ROOM, tz="UTC", now=datetime.now(UTC))
    with opened(tmp_path) as there:
        here = Desk.open(tmp_path / "here", url=url_of(tmp_path), workers=1)
        async with repeating(following(here)):
            met(there, "Norway", "news")
            await until(lambda: bool(found(here)), "the article")
            assert named(here, me) == []
            there.care.change(me, AddAlias(actor="state:nor", text="Fjordonia", source=YOU))
            await until(lambda: named(here, me) == ["state:nor"], "the name")
        here.close()


def found(desk: Desk) -> list[Hit]:
    return desk.passages.search("Norway", workspace=LOCAL, audiences=[EVERYWHERE])


def named(desk: Desk, me: Asker) -> list[str]:
    return [one.actor for one in desk.understood(me, "Fjordonia").subjects]
