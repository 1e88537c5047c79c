"""Links of a site that is slow, or asks for pauses: read once each, however long that takes."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.desk import Desk
from bot.errors import FetchError
from bot.gather.fetch import Fetched
from handlers import links
from handlers.intake import Fetching
from tests.arrivals import NOW, open_store
from tests.slack import DIRECT, answers, app_for, said, serving, settings, shown
from tests.web_pages import html
from tests.workspace import LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)

LEASE = timedelta(seconds=30)


@dataclass
class Site:
    """A site on loopback that counts what is asked of it; a ``held`` page waits to be let go."""

    url: str = ""
    robots: str = ""
    asked: Counter[str] = field(default_factory=Counter)
    held: dict[str, asyncio.Event] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reached = {path: asyncio.Event() for path in ("/more", *self.held)}

    async def page(self, request: web.Request) -> web.Response:
        self.asked[request.path] += 1
        if request.path in self.reached:
            self.reached[request.path].set()
        if request.path == "/robots.txt":
            return web.Response(text=self.robots)
        if request.path in self.held:
            await self.held[request.path].wait()
        told = f"Qatar met Iran in Doha about {request.path[1:]}. They are to meet again."
        return web.Response(text=html(told, title=request.path[1:]), content_type="text/html")


@asynccontextmanager
async def site(robots: str = "", *held: str) -> AsyncIterator[Site]:
    found = Site(robots=robots, held={path: asyncio.Event() for path in held})
    app = web.Application()
    app.router.add_get("/{name:.*}", found.page)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield found
    finally:
        await runner.cleanup()


async def test_links_that_outlast_a_lease_are_read_once_and_answered(
    far: LocalWorkspace, desk: Desk
) -> None:
    names = ("slow-one", "slow-two", "slow-three", "slow-four")
    app = app_for(far, desk, dragoman_fetch_allow="127.0.0.1", dragoman_lease_seconds=4)
    async with site("User-agent: *\nCrawl-delay: 2") as slow, serving(app) as address:
        far.connect(address)
        await far.say(DIRECT, " ".join(f"{slow.url}/{name}" for name in names))
        await far.wait(lambda: bool(said(far, DIRECT)), 60)
        [answer] = await answers(far, DIRECT)
        assert all(name in shown(answer) for name in names)
        assert slow.asked == {f"/{name}": 1 for name in names} | {"/robots.txt": 1}


async def test_somebody_who_waits_sees_how_far_it_is(
    far: LocalWorkspace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "PROGRESS_AFTER", 0.0)
    app = app_for(far, desk, dragoman_fetch_allow="127.0.0.1")
    async with site("", "/held-one", "/held-two") as slow, serving(app) as address:
        far.connect(address)
        await far.say(DIRECT, f"{slow.url}/held-one {slow.url}/held-two")
        await _says(far, "Reading link 1 of 2")
        [posted] = said(far, DIRECT)
        slow.held["/held-one"].set()
        await _says(far, "Reading link 2 of 2")
        assert [one["ts"] for one in said(far, DIRECT)] == [posted["ts"]]
        slow.held["/held-two"].set()
        await _says(far, "held-two")
        [answer] = await answers(far, DIRECT)
        assert answer["ts"] != posted["ts"]
        assert "Reading" not in shown(answer)


async def _says(far: LocalWorkspace, words: str) -> None:
    await far.wait(lambda: any(words in shown(one) for one in said(far, DIRECT)))


async def test_a_place_that_refuses_to_show_progress_is_answered_all_the_same(
    far: LocalWorkspace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "PROGRESS_AFTER", 0.0)
    logged = asyncio.Event()
    monkeypatch.setattr(links.log, "info", lambda *_: logged.set())
    app = app_for(far, desk, dragoman_fetch_allow="127.0.0.1")
    async with site("", "/refused") as slow, serving(app) as address:
        far.connect(address)
        far.refuse_next("chat.postMessage", "restricted_action")
        await far.say(DIRECT, f"{slow.url}/refused")
        await logged.wait()
        slow.held["/refused"].set()
        [answer] = await answers(far, DIRECT)
        assert "refused" in shown(answer)


def _fetching() -> Fetching:
    return Fetching(settings("http://127.0.0.1/api/", dragoman_fetch_allow="127.0.0.1"))


async def _pages(fetching: Fetching, request: str, *urls: str) -> list[Fetched | FetchError]:
    return await asyncio.to_thread(fetching.pages, request, urls, lambda _: None)


async def test_another_attempt_waits_for_the_pages_that_are_under_way() -> None:
    fetching = _fetching()
    async with site("", "/under-way") as slow:
        url = f"{slow.url}/under-way"
        first = asyncio.create_task(_pages(fetching, "one", url))
        await slow.reached["/under-way"].wait()
        second = asyncio.create_task(_pages(fetching, "one", url, f"{slow.url}/more"))
        await slow.reached["/more"].wait()
        slow.held["/under-way"].set()
        [page], [same, more] = await first, await second
        assert page is same
        assert isinstance(more, Fetched)
        assert await _pages(fetching, "one", url) == [page]
        assert slow.asked["/under-way"] == 1
        await asyncio.to_thread(fetching.forget, "one")
        [again] = await _pages(fetching, "one", url)
        assert again is not page
        assert slow.asked["/under-way"] == 2
    await asyncio.to_thread(fetching.close)


async def test_posts_at_the_same_time_share_what_is_known_of_a_site() -> None:
    fetching = _fetching()
    async with site("User-agent: *\nCrawl-delay: 1") as slow:
        urls = [f"{slow.url}/{n}" for n in range(3)]
        await asyncio.gather(*(_pages(fetching, url, url) for url in urls))
        # Robots.txt once for all: one fetcher, and so one lane of the site.
        assert slow.asked == {"/robots.txt": 1, "/0": 1, "/1": 1, "/2": 1}
    await asyncio.to_thread(fetching.close)


async def test_closing_ends_what_is_being_fetched() -> None:
    fetching = _fetching()
    async with site("", "/never") as slow:
        waiting = asyncio.create_task(_pages(fetching, "one", f"{slow.url}/never"))
        await slow.reached["/never"].wait()
        await asyncio.to_thread(fetching.close)
        with pytest.raises(asyncio.CancelledError):
            await waiting
        slow.held["/never"].set()
    assert not any(one.name == "fetching" for one in threading.enumerate())


@pytest.mark.usefixtures("each_store")
def test_a_lease_is_extended_for_who_has_the_claim_only(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.inbox.record("T1", "intake", "k", {}, NOW)
        ours = store.inbox.claim(NOW, LEASE)
        assert ours is not None
        assert store.inbox.extend(ours, NOW + 2 * LEASE)
        assert store.inbox.claim(NOW + 1.5 * LEASE, LEASE) is None
        theirs = store.inbox.claim(NOW + 3 * LEASE, LEASE)
        assert theirs is not None
        assert not store.inbox.extend(ours, NOW + 9 * LEASE)
        assert store.inbox.finish(theirs, None, NOW)
        assert not store.inbox.extend(theirs, NOW + 9 * LEASE)
