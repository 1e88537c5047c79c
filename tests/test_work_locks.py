"""Locks of tasks: one process runs each, another takes over, and a lost server is found again."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import TupleRow

from bot.errors import StoreUnavailable
from bot.work import tasks
from bot.work.locks import TaskLocks
from bot.work.tasks import MUCH, Look, repeating
from tests import databases

Connection = psycopg.AsyncConnection[TupleRow]

ENDED = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name LIKE 'dragoman locks%'"
)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "SECONDS", 0.02)


@pytest.fixture
def url(tmp_path: Path) -> str:
    made = databases.server().url(tmp_path / "dragoman.db")
    return made.render_as_string(hide_password=False)


@pytest.fixture
def locks(url: str) -> Iterator[TaskLocks]:
    with closing(TaskLocks(url)) as made:
        yield made


@pytest.fixture
async def other(url: str) -> AsyncIterator[Connection]:
    """Another connection to the database."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        yield connection


def noting(taken: list[int]) -> Look:
    """A look that notes that it was taken."""

    def look() -> int:
        taken.append(1)
        return 0

    return Look("look", look)


async def until(true: Callable[[], Any]) -> None:
    for _ in range(3000):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came")


async def test_of_many_processes_one_at_a_time_looks(url: str) -> None:
    """Where several may share what is due, each has its turn."""
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
            locks = stack.enter_context(closing(TaskLocks(url)))
            await stack.enter_async_context(repeating(looks, hold=locks.hold))
        await until(lambda: set(shared) == {0, 1, 2})
    assert alone == [0, 1]


async def test_another_process_takes_over(url: str) -> None:
    first, second = TaskLocks(url), TaskLocks(url)
    assert first.hold("alerts")
    assert not second.hold("alerts")
    assert second.hold("corrections")
    assert not first.hold("corrections")
    first.close()
    await until(lambda: second.hold("alerts"))  # the server notices the end a moment later
    assert not first.hold("alerts")
    first.close()
    second.close()


async def test_whose_connection_ends_loses_the_lock(url: str, other: Connection) -> None:
    first, second = TaskLocks(url), TaskLocks(url)
    assert first.hold("alerts")
    await other.execute(ENDED)
    await until(lambda: second.hold("alerts"))
    with pytest.raises(StoreUnavailable, match=r"lost the connection|shutting down"):
        first.hold("alerts")
    assert not first.hold("alerts")
    first.close()
    second.close()


async def test_a_server_that_goes_away_is_found_again(
    locks: TaskLocks, other: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    taken: list[int] = []
    async with repeating([noting(taken)], hold=locks.hold):
        await until(lambda: taken)
        await other.execute(ENDED)
        n = len(taken)
        await until(lambda: len(taken) >= n + 2)
    ours = [record for record in caplog.records if record.name.startswith("bot")]
    assert not [record for record in ours if record.exc_info]


async def test_what_is_under_way_is_finished_at_the_end(locks: TaskLocks) -> None:
    begun, done = threading.Event(), []

    def slowly() -> int:
        begun.set()
        time.sleep(0.3)
        done.append(1)
        return 0

    async with repeating([Look("slow", slowly)], hold=locks.hold):
        await until(begun.is_set)
    assert done


async def test_what_fails_is_reported_once_and_tried_again(
    locks: TaskLocks, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[int] = []

    def fail() -> int:
        tried.append(1)
        raise StoreUnavailable("The store is away.", about="store")

    async with repeating([Look("digests", fail)], hold=locks.hold):
        await until(lambda: len(tried) >= 3)
    reported = [record.getMessage() for record in caplog.records if record.name.startswith("bot")]
    assert reported == ["digests: waits. The store is away."]


def test_a_server_that_cannot_be_reached_is_reported() -> None:
    locks = TaskLocks("postgresql://127.0.0.1:1/news")
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        locks.hold("alerts")
