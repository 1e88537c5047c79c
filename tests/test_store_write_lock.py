"""Writers take turns among threads and processes, and an intake writes in short transactions."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.errors import StoreUnavailable
from bot.models import EVERYWHERE, LOCAL, Arrival
from bot.store import articles, writing
from bot.store.engine import WriteLock
from bot.store.sql import CHUNK, chunks
from bot.store.store import Store
from bot.store.stories import TARGET_SECONDS, BatchSizer, IntakeSession
from tests.arrivals import NOW, arrival, met, open_store

TEXT = " ".join(f"word{n} said" for n in range(300)) + "."


def test_who_writes_again_at_once_does_not_overtake_another_process(tmp_path: Path) -> None:
    # Each opens the files for itself, as two processes would.
    busy, late = (WriteLock("here", tmp_path / "store.db") for _ in range(2))
    asked, done = threading.Event(), threading.Event()
    overtaken = 0

    def again_and_again() -> None:
        nonlocal overtaken
        while not done.is_set():
            with busy.acquired(10):
                overtaken += asked.is_set()
                done.wait(0.01)

    writing_ = threading.Thread(target=again_and_again)
    writing_.start()
    asked.set()
    with late.acquired(10):
        done.set()
    writing_.join()
    assert overtaken < 10
    busy.close()
    late.close()


def test_a_turn_is_waited_for_as_long_as_is_said(tmp_path: Path) -> None:
    one, other = (WriteLock("the store", tmp_path / "store.db") for _ in range(2))
    with one.acquired(1), pytest.raises(StoreUnavailable, match="the store is busy"):
        other.acquired(0.01).__enter__()
    with other.acquired(1):
        pass
    one.close()
    other.close()


def test_a_process_that_is_killed_gives_up_its_turn(tmp_path: Path) -> None:
    hold = (
        "import sys, time; from pathlib import Path; from bot.store.engine import WriteLock\n"
        "with WriteLock('', Path(sys.argv[1])).acquired(1): print('held', flush=True); time.sleep(60)"
    )
    file = tmp_path / "store.db"
    command = [sys.executable, "-c", hold, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        turns = WriteLock("", file)
        with pytest.raises(StoreUnavailable):
            turns.acquired(0.01).__enter__()
        process.kill()
        with turns.acquired(10):
            pass
        turns.close()


def test_without_a_place_for_its_files_threads_take_turns_still(tmp_path: Path) -> None:
    turns = WriteLock("here", tmp_path / "nowhere" / "store.db")
    with turns.acquired(1), pytest.raises(StoreUnavailable):
        turns.acquired(0.01).__enter__()


def _some(count: int, text: str = TEXT) -> list[Arrival]:
    return [arrival(f"a{n}", f"{text} {n}", facts=[]) for n in range(count)]


def _cut(arrivals: Sequence[Arrival], seconds_each: float) -> list[int]:
    """The sizes of portions where every article takes so long."""
    portions = BatchSizer()
    sizes: list[int] = []
    handed: list[Arrival] = []
    for some in portions.split(arrivals):
        sizes.append(len(some))
        handed += some
        portions.record_time(seconds_each * len(some))
    assert handed == list(arrivals)
    return sizes


def test_portions_are_as_large_as_there_is_time_for() -> None:
    some = _some(400)
    assert _cut(some, TARGET_SECONDS)[-1] == 1
    assert _cut(some, 10 * TARGET_SECONDS)[-1] == 1
    assert 3 <= _cut(some, TARGET_SECONDS / 5)[20] <= 7
    assert max(_cut(some, TARGET_SECONDS / 100)) > 50
    assert _cut([], TARGET_SECONDS) == []


def test_one_slow_transaction_makes_no_portion_small_for_good() -> None:
    portions, sizes = BatchSizer(), []
    for some in portions.split(_some(400)):
        sizes.append(len(some))
        portions.record_time(
            20 * TARGET_SECONDS if len(sizes) == 10 else len(some) * TARGET_SECONDS / 5
        )
    assert sizes[10] < sizes[8]
    assert 3 <= sizes[30] <= 7


@pytest.mark.usefixtures("each_store")
def test_what_is_stopped_midway_leaves_whole_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = [arrival(f"a{n}", "Qatar met Iran.", facts=[met("Qatar met Iran.")]) for n in range(60)]
    keep, times = articles.record_names, 0

    def stopping(connection: Connection, arrivals: Sequence[Arrival]) -> None:
        nonlocal times
        times += 1
        if times == 3:
            raise KeyboardInterrupt
        keep(connection, arrivals)

    with open_store(tmp_path) as store:
        monkeypatch.setattr("bot.store.store.record_names", stopping)
        session = IntakeSession()
        with pytest.raises(KeyboardInterrupt):
            store.commit_in_batches(some, now=NOW, session=session)
        stored = store.articles_total(LOCAL)
        assert 0 < stored < len(some)
        assert len(store.facts(LOCAL, [EVERYWHERE])) == stored
        store.commit_in_batches(some, now=NOW, session=session)
        assert store.articles_total(LOCAL) == len(store.facts(LOCAL, [EVERYWHERE])) == len(some)


@pytest.mark.usefixtures("each_store")
def test_what_another_stores_after_the_texts_were_compared_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = writing.prepare
    with open_store(tmp_path) as ours, open_store(tmp_path) as theirs:

        def overtaken(*arguments: Any) -> None:
            prepare(*arguments)
            monkeypatch.setattr(writing, "prepare", prepare)
            theirs.commit([arrival("first", TEXT, published=NOW)])

        monkeypatch.setattr(writing, "prepare", overtaken)
        ours.commit([arrival("second", f"New: {TEXT}", published=NOW.replace(hour=13))])
        assert ours.stories.originals(LOCAL, ["first", "second"]) == {"second": "first"}
        assert _story_of(ours, "first") == _story_of(ours, "second")


def _story_of(store: Store, key: str) -> str:
    return store.stories.of(LOCAL, [key])[key]


@pytest.mark.parametrize("many", [0, 1, 2, 3, 7, 128, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_lists_for_in_have_few_lengths_and_every_value(many: int) -> None:
    values = [f"{n:06}" for n in range(many)]
    found = list(chunks(values))
    assert sorted({one for some in found for one in some}) == values
    assert {len(some) for some in found} <= {1, 2, 4, 8, 16, 32, 64, 128, 256, CHUNK}
