"""The queue in PostgreSQL: who is asked for a look, who polls which feed, and what is lost."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any, cast

import psycopg
import psycopg_pool
import pytest
from psycopg.rows import TupleRow

from bot.errors import StoreUnavailable
from bot.feeds.poll import FEEDS_AT_ONCE
from bot.store.jobs import SCHEMA
from bot.work import queue
from bot.work.queue import queued
from bot.work.tasks import MUCH, Look, Polls
from tests import databases

Connection = psycopg.AsyncConnection[TupleRow]


@pytest.fixture
def url(tmp_path: Path) -> str:
    made = databases.server().url(tmp_path / "dragoman.db")
    return made.render_as_string(hide_password=False)


@pytest.fixture
async def beside(url: str) -> AsyncIterator[Connection]:
    """Another connection, which sees the jobs."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(f"SET search_path TO {SCHEMA}")
        yield connection


class Feeds:
    """Feeds that are due until they are polled; each takes a moment.

    The first polls last until ``crowd`` of them are under way, or for 20 s.
    """

    def __init__(self, *ids: str, crowd: int = 0) -> None:
        self.waiting = dict.fromkeys(ids)
        self.crowd = crowd
        self.crowded = asyncio.Event()
        self.polled: list[tuple[str, str]] = []
        self.at_once = self.most = 0

    def by(self, who: str) -> Polls:
        """What one process polls them with."""
        return cast("Polls", _By(self, who))


class _By:
    def __init__(self, feeds: Feeds, who: str) -> None:
        self._feeds, self._who = feeds, who

    async def due(self) -> list[tuple[str, str]]:
        return [("local", one) for one in self._feeds.waiting]

    async def one(self, workspace: str, key: str) -> None:
        feeds = self._feeds
        feeds.at_once += 1
        feeds.most = max(feeds.most, feeds.at_once)
        if feeds.at_once >= feeds.crowd:
            feeds.crowded.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(feeds.crowded.wait(), 20)
        await asyncio.sleep(0.05)
        if key in feeds.waiting:
            del feeds.waiting[key]
            feeds.polled.append((self._who, key))
        feeds.at_once -= 1


def noting(looks: list[int]) -> Look:
    """A look that notes that it was taken."""

    def look() -> int:
        looks.append(1)
        return 0

    return Look("look", look)


async def until(true: Callable[[], Any]) -> None:
    for _ in range(3000):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came")


async def under_way(connection: Connection) -> list[str]:
    """The jobs that some process is said to be at."""
    asked = "SELECT task_name FROM procrastinate_jobs WHERE status = 'doing'"
    found = await connection.execute(asked)
    return [row[0] for row in await found.fetchall()]


async def test_of_many_processes_one_at_a_time_looks(url: str, beside: Connection) -> None:
    """And each has its turn where several may share what is due; nothing is left at the end."""
    alone, shared = [0, 0], Counter[int]()
    lock = threading.Lock()

    def take() -> int:
        with lock:
            alone[0] += 1
            alone[1] = max(alone[1], alone[0])
        time.sleep(0.02)
        with lock:
            alone[0] -= 1
        return MUCH if not shared else 0

    def sharing(who: int) -> Callable[[], int]:
        def share() -> int:
            shared[who] += 1
            return 0

        return share

    async with AsyncExitStack() as stack:
        for who in range(3):
            looks = [Look("one", take), Look("many", sharing(who), shared=True)]
            await stack.enter_async_context(queued(url, looks, Feeds().by(str(who))))
        await until(lambda: sum(shared.values()) >= 3)
    assert alone == [0, 1]
    assert await under_way(beside) == []


async def test_feeds_that_are_due_spread(url: str) -> None:
    feeds = Feeds(*(str(n) for n in range(40)), crowd=FEEDS_AT_ONCE + 1)
    async with queued(url, [], feeds.by("a")), queued(url, [], feeds.by("b")):
        await until(lambda: not feeds.waiting)
    assert sorted(key for _, key in feeds.polled) == sorted(str(n) for n in range(40))
    assert {who for who, _ in feeds.polled} == {"a", "b"}
    assert feeds.most > FEEDS_AT_ONCE


async def test_what_is_under_way_is_finished_at_the_end(url: str, beside: Connection) -> None:
    begun, done = threading.Event(), []

    def slowly() -> int:
        begun.set()
        time.sleep(0.3)
        done.append(1)
        return 0

    async with queued(url, [Look("slow", slowly)], Feeds().by("a")):
        await until(begun.is_set)
    assert done
    assert await under_way(beside) == []


async def test_who_is_killed_keeps_nobody_from_looking(url: str, beside: Connection) -> None:
    """Whom no sign of life comes from any more had a job that only one may have at a time."""
    await beside.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES ('2026-01-01')")
    for name in ("look", "tidy", "feeds"):
        await beside.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, status, worker_id)"
            " SELECT 'looks', %s, %s, 'doing', id FROM procrastinate_workers",
            [name, None if name == "tidy" else name],
        )
    looked = threading.Event()

    def look() -> int:
        looked.set()
        return 0

    async with queued(url, [Look("look", look)], Feeds().by("a")):
        await until(looked.is_set)
    assert await under_way(beside) == []


async def test_a_clock_that_jumps_back_stops_nothing(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "BEAT_SECONDS", 0.05)
    looks: list[int] = []
    async with queued(url, [noting(looks)], Feeds().by("a")):
        await until(lambda: looks)
        real = time.time
        monkeypatch.setattr(time, "time", lambda: real() - 3600)
        n = len(looks)
        await until(lambda: len(looks) >= n + 4)


async def test_a_server_that_goes_away_is_found_again(
    url: str, beside: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    looks: list[int] = []
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    ended += " AND datname = current_database() AND application_name LIKE 'dragoman jobs%'"
    async with queued(url, [noting(looks)], Feeds().by("a")):
        await until(lambda: looks)
        await beside.execute(ended)
        n = len(looks)
        await until(lambda: len(looks) >= n + 2)
    ours = [record for record in caplog.records if record.name.startswith("bot")]
    assert not [record for record in ours if record.exc_info]


async def test_what_fails_is_said_once_and_tried_again(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[int] = []

    def fail() -> int:
        tried.append(1)
        raise StoreUnavailable("The store is away.", about="store")

    async with queued(url, [Look("digests", fail)], Feeds().by("a")):
        await until(lambda: len(tried) >= 3)
    said = [record.getMessage() for record in caplog.records if record.name.startswith("bot")]
    assert said == ["digests: waits. The store is away."]


async def test_a_server_that_is_not_there_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psycopg_pool.AsyncConnectionPool, "open", _never)
    with pytest.raises(
        StoreUnavailable, match=r"postgresql://db.example.org/news cannot be reached"
    ):
        async with queued("postgresql://db.example.org/news", [], Feeds().by("a")):
            raise AssertionError


async def _never(*_: object, **__: object) -> None:
    raise psycopg_pool.PoolTimeout("pool initialization incomplete after 30.0 sec")
