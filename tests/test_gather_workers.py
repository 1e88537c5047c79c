"""Worker processes that are killed at any moment: the pool is replaced, and the work is done."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import NoReaders
from bot.gather import workers
from bot.gather.workers import Workers, out_of_order
from bot.models import Draft

# Processes of these tests import this module: what takes long to import is imported in tests.

MOMENTS = [0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5]
"""Seconds after its start at which a child is killed."""

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def nothing() -> None:
    """Prepare a worker that needs no preparation."""


def double(number: int) -> int:
    return 2 * number


def refuse_to_start() -> None:
    raise MemoryError


def children() -> set[int]:
    return {one.pid for one in multiprocessing.active_children() if one.pid is not None}


class Killer:
    """Kills, so many times, the first new child of this process some seconds after its start."""

    def __init__(self, after: float, times: int = 1) -> None:
        self.killed: list[int] = []
        self._after = after
        self._times = times
        self._known = children()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Killer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        while len(self.killed) < self._times and not self._done.is_set():
            for pid in children() - self._known:
                time.sleep(self._after)
                self._known.add(pid)
                os.kill(pid, signal.SIGKILL)
                self.killed.append(pid)
            time.sleep(0.005)


@pytest.fixture
def two() -> Iterator[Workers]:
    made = Workers(2, "test cards", nothing)
    yield made
    made.close()


@pytest.mark.parametrize("after", MOMENTS)
def test_a_child_killed_while_it_starts_costs_no_work(after: float) -> None:
    made = Workers(1, "test cards", nothing)
    with Killer(after) as killer:
        jobs = [made.start(20, double, n) for n in range(5)]
        assert [job.result() for job in jobs] == [0, 2, 4, 6, 8]
    made.close()
    assert killer.killed or after > 0
    assert not out_of_order()


def test_three_killed_one_after_the_other_cost_no_work() -> None:
    made = Workers(1, "test cards", nothing)
    with Killer(0.0, times=3) as killer:
        assert made.start(20, double, 4).result() == 8
    made.close()
    assert len(killer.killed) >= 2


def test_a_child_killed_while_idle_costs_nothing(two: Workers) -> None:
    before = children()
    assert two.start(20, double, 1).result() == 2
    for pid in children() - before:
        os.kill(pid, signal.SIGKILL)
    assert [two.start(20, double, n).result() for n in range(5)] == [0, 2, 4, 6, 8]


def test_workers_that_never_start_are_told_of_until_they_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = Workers(1, "test cards", refuse_to_start)
    with pytest.raises(NoReaders, match="test cards do not start"):
        made.start(20, double, 1).result()
    monkeypatch.setattr(workers, "SECONDS_TO_PROBE", 0.0)
    assert any("test cards do not start" in one for one in out_of_order())
    made.close()
    made._initializer = nothing
    while made.broken:  # the look itself tries again, with no work to do
        out_of_order()
        time.sleep(0.1)
    assert made.start(20, double, 3).result() == 6
    made.close()


def made_up(number: int, sentences: int) -> list[Draft]:
    return [
        Draft(
            origin=f"made up {n}",
            title=f"Visit number {n}",
            text="Iran met Qatar. " + f"Delegation {n} left on time. " * sentences,
        )
        for n in range(number)
    ]


@pytest.mark.parametrize("after", [0.0, 0.25, 0.5])
@pytest.mark.parametrize("drafts", [made_up(1, 1), made_up(16, 500)], ids=["a link", "a folder"])
def test_what_killed_readers_were_to_read_is_stored(
    tmp_path: Path, after: float, drafts: list[Draft]
) -> None:
    from bot.desk import Desk
    from bot.match.gazetteer import load
    from bot.read.pool import kept_ready

    kept_ready(load()).close()
    desk = Desk.open(tmp_path / "data", workers=1)
    with Killer(after, times=2) as killer:
        report = desk.ingest(drafts, now=NOW)
    desk.close()
    assert (report.new, report.rejected) == (len(drafts), 0)
    assert report.facts >= len(drafts)
    assert killer.killed
    assert not out_of_order()
