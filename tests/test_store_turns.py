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
from bot.store import naming, writing
from bot.store.sql import CHUNK, chunks
from bot.store.store import Store
from bot.store.storied import Kept
from bot.store.turns import HELD, Portions, Turns
from tests.arrivals import NOW, arrival, met, open_store

TEXT = " ".join(f"word{n} said" for n in range(300)) + "."


def test_who_writes_again_at_once_does_not_overtake_another_process(tmp_path: Path) -> None:
    # Each opens the files for itself, as two processes would.
    busy, late = (Turns("here", tmp_path / "store.db") for _ in range(2))
    asked, done = threading.Event(), threading.Event()
    overtaken = 0

    def again_and_again() -> None:
        nonlocal overtaken
        while not done.is_set():
            with busy.taken(10):
                overtaken += asked.is_set()
                done.wait(0.01)

    writing_ = threading.Thread(target=again_and_again)
    writing_.start()
    asked.set()
    with late.taken(10):
        done.set()
    writing_.join()
    assert overtaken < 10
    busy.close()
    late.close()


def test_a_turn_is_waited_for_as_long_as_is_said(tmp_path: Path) -> None:
    one, other = (Turns("the store", tmp_path / "store.db") for _ in range(2))
    with one.taken(1), pytest.raises(StoreUnavailable, match="the store is busy"):
        other.taken(0.01).__enter__()
    with other.taken(1):
        pass
    one.close()
    other.close()


def test_a_process_that_is_killed_gives_up_its_turn(tmp_path: Path) -> None:
    hold = (
        "import sys, time; from pathlib import Path; from bot.store.turns import Turns\n"
        "with Turns('', Path(sys.argv[1])).taken(1): print('held', flush=True); time.sleep(60)"
    )
    file = tmp_path / "store.db"
    command = [sys.executable, "-c", hold, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        turns = Turns("", file)
        with pytest.raises(StoreUnavailable):
            turns.taken(0.01).__enter__()
        process.kill()
        with turns.taken(10):
            pass
        turns.close()


def test_without_a_place_for_its_files_threads_take_turns_still(tmp_path: Path) -> None:
    turns = Turns("here", tmp_path / "nowhere" / "store.db")
    with turns.taken(1), pytest.raises(StoreUnavailable):
        turns.taken(0.01).__enter__()


def _some(count: int, text: str = TEXT) -> list[Arrival]:
    return [arrival(f"a{n}", f"{text} {n}", facts=[]) for n in range(count)]


def _cut(arrivals: Sequence[Arrival], seconds_each: float) -> list[int]:
    """The sizes of portions where every article takes so long."""
    portions = Portions()
    sizes: list[int] = []
    handed: list[Arrival] = []
    for some in portions.cut(arrivals):
        sizes.append(len(some))
        handed += some
        portions.took(seconds_each * len(some))
    assert handed == list(arrivals)
    return sizes


def test_portions_are_as_large_as_there_is_time_for() -> None:
    some = _some(400)
    assert _cut(some, HELD)[-1] == 1
    assert _cut(some, 10 * HELD)[-1] == 1
    assert 3 <= _cut(some, HELD / 5)[20] <= 7
    assert max(_cut(some, HELD / 100)) > 50
    assert _cut([], HELD) == []


def test_one_slow_transaction_makes_no_portion_small_for_good() -> None:
    portions, sizes = Portions(), []
    for some in portions.cut(_some(400)):
        sizes.append(len(some))
        portions.took(20 * HELD if len(sizes) == 10 else len(some) * HELD / 5)
    assert sizes[10] < sizes[8]
    assert 3 <= sizes[30] <= 7


@pytest.mark.usefixtures("each_store")
def test_what_is_stopped_midway_leaves_whole_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = [arrival(f"a{n}", "Qatar met Iran.", facts=[met("Qatar met Iran.")]) for n in range(60)]
    keep, times = naming.keep, 0

    def stopping(connection: Connection, arrivals: Sequence[Arrival]) -> None:
        nonlocal times
        times += 1
        if times == 3:
            raise KeyboardInterrupt
        keep(connection, arrivals)

    with open_store(tmp_path) as store:
        monkeypatch.setattr(naming, "keep", stopping)
        kept = Kept()
        with pytest.raises(KeyboardInterrupt):
            store.commit_in_portions(some, now=NOW, kept=kept)
        stored = store.articles_total(LOCAL)
        assert 0 < stored < len(some)
        assert len(store.facts(LOCAL, [EVERYWHERE])) == stored
        store.commit_in_portions(some, now=NOW, kept=kept)
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
