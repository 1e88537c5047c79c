"""Manners towards hosts: the pauses between fetches."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from yarl import URL

from bot.gather import fetch
from bot.gather.fetch import Robots


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The sleeps that were asked for; none of them takes place."""
    asked: list[float] = []

    async def sleep(seconds: float) -> None:
        asked.append(round(seconds, -1))

    real = {"Semaphore": asyncio.Semaphore, "get_running_loop": asyncio.get_running_loop}
    monkeypatch.setattr(fetch, "asyncio", SimpleNamespace(sleep=sleep, **real))
    return asked


async def test_a_pause_between_beginnings(slept: list[float]) -> None:
    ours = fetch.Lanes(2, 60.0)
    for _ in range(3):
        async with ours.turn("news.example.org"):
            pass
    async with ours.turn("news.example.org", wait=False):  # a redirect goes on
        pass
    async with ours.turn("other.example.org"):
        pass
    assert slept == [0, 60, 120, 0]


async def test_a_longer_pause_that_the_host_asks_for(slept: list[float]) -> None:
    ours = fetch.Lanes(2, 60.0)
    for pause in (300.0, 10.0, 0.0):
        async with ours.turn("news.example.org", pause):
            pass
    assert slept == [0, 300, 360]


async def test_idle_lanes_are_forgotten() -> None:
    ours = fetch.Lanes(2, 0.0)
    for n in range(3_000):
        async with ours.turn(f"{n}.example.org"):
            pass
    assert len(ours._lanes) <= 1_001


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("Crawl-delay: 2", 2.0),
        ("Crawl-delay: 0.5", 0.5),
        ("Crawl-delay: 86400", 10.0),
        ("Crawl-delay: -5", 0.0),
        ("Crawl-delay: soon", 0.0),
        ("Crawl-delay: inf", 0.0),
        ("Disallow: /private", 0.0),
    ],
)
async def test_what_robots_txt_asks_for(line: str, seconds: float) -> None:
    async def fetch(link: str) -> bytes:
        assert link == "https://news.example.org/robots.txt"
        return f"User-agent: *\n{line}\n".encode()

    assert await Robots(fetch).pause(URL("https://news.example.org/a")) == seconds


async def test_robots_txt_is_asked_for_once_and_few_are_kept() -> None:
    asked: list[str] = []

    async def fetch(link: str) -> bytes:
        asked.append(link)
        return b""

    robots = Robots(fetch)
    await asyncio.gather(*(robots.pause(URL(f"https://a.example.org/{n}")) for n in range(9)))
    await robots.pause(URL("http://a.example.org/"))
    assert asked == ["https://a.example.org/robots.txt", "http://a.example.org/robots.txt"]
    for n in range(3_000):
        await robots.pause(URL(f"https://{n}.example.org/"))
    assert len(robots._sites) <= 1_001
