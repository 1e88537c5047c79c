"""Damaged bytes in any file of an index: what is found is right, or the index is rebuilt."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bot.desk import DATABASE, INDEX, Desk
from bot.errors import IndexDamaged
from bot.health.doctor import examine_store
from bot.health.probes import Health
from bot.models import EVERYWHERE, LOCAL
from bot.search import folder as folders
from bot.search.folder import damaged, panics_as_errors
from bot.search.index import PassageIndex
from bot.search.schema import VERSION
from bot.settings import Settings
from bot.store.store import Store
from tests.arrivals import IRAN, NOW, QATAR, arrival, day, open_store
from tests.slack import DIRECT, answers, app_for, far_side, serving, shown
from tests.stocked import desk_at

pytestmark = pytest.mark.sqlite

WORDS = "envoys traded grain salt copper timber wool glass paper bread tea maps bells".split()


def rolled(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - no secret


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Path]]:
    """A store of made-up articles, and an index of several segments, one with deletions."""
    place = tmp_path_factory.mktemp("stock")
    dice = rolled(5)
    with open_store(place) as store:
        index = PassageIndex.open(place / "index")
        for batch in range(4):
            store.commit(
                [
                    arrival(
                        f"article {batch} {n}",
                        f"Qatar met Iran. {' '.join(dice.choices(WORDS, k=60)).capitalize()}.",
                        published=day(f"2026-03-{1 + (7 * batch + n) % 28:02}"),
                    )
                    for n in range(60)
                ]
            )
            index.catch_up(store)
        store.commit([arrival("article 0 1", "Iran wrote to Qatar.", n=2)])
        index.catch_up(store)
        index.close()
        yield store, place / "index"


def everything(index: PassageIndex) -> list[Any]:
    """What searches of every kind find."""
    where: dict[str, Any] = {"workspace": LOCAL, "audiences": (EVERYWHERE,)}
    found: list[Any] = [index.size]
    for word in WORDS:
        hits = index.search(word, **where, limit=100)
        found.append(sorted((hit.article, hit.start, hit.end) for hit in hits))
        found.append(index.frequency(word, **where))
        found.append(index.spelled(f"{word[:-1]}x", **where))
    for group in ([QATAR], [IRAN]):
        hits = index.search("", **where, actors=[group], require_actor=True, limit=400)
        found.append(sorted(hit.article for hit in hits))
        found.append(index.names(group, **where))
    return found


def files_of(index: Path) -> list[Path]:
    found = (index / f"v{VERSION}").rglob("*")
    return sorted(one for one in found if one.is_file() and one.stat().st_size)


def flip(file: Path, dice: random.Random) -> None:
    """Change some bytes of a file in place, as a failing disk does."""
    data = bytearray(file.read_bytes())
    at = dice.randrange(len(data))
    for offset in range(at, min(at + dice.choice([1, 1, 4, 64]), len(data))):
        data[offset] ^= dice.randrange(1, 256)
    with file.open("r+b") as stream:
        stream.write(data)


def cut(file: Path, dice: random.Random) -> None:
    with file.open("r+b") as stream:
        stream.truncate(dice.randrange(file.stat().st_size))


def remove(file: Path, _: random.Random) -> None:
    file.unlink()


@pytest.mark.parametrize("seed", range(60))
def test_an_index_damaged_while_nobody_looks_finds_the_same(
    stock: tuple[Store, Path], tmp_path: Path, seed: int
) -> None:
    store, whole = stock
    shutil.copytree(whole, tmp_path / "index")
    dice = rolled(seed)
    how: Callable[[Path, random.Random], None] = dice.choice([flip, flip, flip, cut, remove])
    how(dice.choice(files_of(tmp_path / "index")), dice)
    pristine = PassageIndex.open(whole)
    index = PassageIndex.open(tmp_path / "index")
    index.catch_up(store)
    try:
        assert everything(index) == everything(pristine)
        assert index.check() == ""
    finally:
        index.close()
        pristine.close()


def search_damaged(whole: Path, folder: Path, first: int, last: int) -> None:
    """Damage indexes while they are searched; prints the number of each before and after it."""
    with Store.open(f"sqlite:///{whole.parent / DATABASE}") as store:
        for seed in range(first, last):
            print(f"begun {seed}", flush=True)
            shutil.copytree(whole, folder / str(seed))
            dice = rolled(1_000 + seed)
            index = PassageIndex.open(folder / str(seed))
            other = PassageIndex.open(folder / str(seed))  # of a second process: it only reads
            before = everything(index)
            flip(dice.choice(files_of(folder / str(seed))), dice)
            for one in (index, other):
                with suppress(IndexDamaged):  # nothing else may be raised
                    everything(one)
            index.check()
            index.catch_up(store)
            other.catch_up(store)
            assert everything(index) == before == everything(other)
            assert index.check() == index.damage == other.damage == ""
            index.close()
            other.close()
            print(f"done {seed}", flush=True)


def test_an_index_damaged_while_it_is_searched_says_so_and_is_rebuilt(
    stock: tuple[Store, Path], tmp_path: Path
) -> None:
    """tantivy may also end the process, as for a length that no memory holds: the next rebuilds."""
    store, whole = stock
    tries, ended = 40, 0
    code = "import sys; from pathlib import Path; from tests.test_search_damage import *;"
    code += "search_damaged(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))"
    first = 0
    while first < tries:
        command = [sys.executable, "-c", code, str(whole), str(tmp_path), str(first), str(tries)]
        run = subprocess.run(command, check=False, capture_output=True, text=True)
        if run.returncode == 0:
            break
        assert run.returncode in (-signal.SIGABRT, -signal.SIGBUS, -signal.SIGSEGV), run.stderr
        *_, last = run.stdout.splitlines()
        assert last.startswith("begun"), run.stdout
        first = int(last.split()[1]) + 1
        ended += 1
        pristine, index = PassageIndex.open(whole), PassageIndex.open(tmp_path / str(first - 1))
        index.catch_up(store)
        assert everything(index) == everything(pristine)
        index.close()
        pristine.close()
    assert ended <= tries // 4


def damage_store(index: Path) -> None:
    for file in files_of(index):
        if file.suffix in (".store", ".term", ".idx", ".fast"):
            flip(file, rolled(7))


def test_damage_is_logged_once_and_searches_wait_for_the_rebuild(
    stock: tuple[Store, Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store, whole = stock
    shutil.copytree(whole, tmp_path / "index")
    index = PassageIndex.open(tmp_path / "index")
    damage_store(tmp_path / "index")
    assert index.check()
    for _ in range(3):
        with pytest.raises(IndexDamaged, match="ask again"):
            index.size  # noqa: B018 - the look is what fails
    assert index.check()
    assert len([one for one in caplog.records if "damaged" in one.message]) == 1
    assert index.catch_up(store)
    assert index.size
    index.close()


def test_a_rebuild_that_was_cut_short_is_made_again(
    stock: tuple[Store, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, whole = stock
    shutil.copytree(whole, tmp_path / "index")
    index = PassageIndex.open(tmp_path / "index")
    size = index.size

    def crash(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(index, "_follow", crash)
        with pytest.raises(KeyboardInterrupt):
            index.rebuild(store)
    index.close()
    again = PassageIndex.open(tmp_path / "index")
    with pytest.raises(IndexDamaged):
        again.size  # noqa: B018 - the look is what fails
    again.catch_up(store)
    assert again.size == size
    again.close()


def test_whoever_follows_the_store_reads_all_files_now_and_then(
    stock: tuple[Store, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, whole = stock
    shutil.copytree(whole, tmp_path / "index")
    monkeypatch.setattr(folders, "AT_ONCE", 0)  # as an index too large to be read when opened
    damage_store(tmp_path / "index")
    index = PassageIndex.open(tmp_path / "index")
    assert not index.damage
    monkeypatch.setattr(folders, "SECONDS_TO_CHECK", 0.0)
    assert index.catch_up(store)
    assert index.check() == ""
    index.close()


def test_a_fault_that_no_damage_explains_rebuilds_nothing(
    stock: tuple[Store, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, whole = stock
    shutil.copytree(whole, tmp_path / "index")
    index = PassageIndex.open(tmp_path / "index")

    def refuse(*_: object) -> int:
        raise ValueError("a fault of ours")

    with monkeypatch.context() as broken:
        broken.setattr("bot.search.index.count", refuse)
        with pytest.raises(ValueError, match="fault of ours"):
            index.size  # noqa: B018 - the look is what fails
    assert index.size
    index.close()


def test_only_panics_become_errors() -> None:
    with pytest.raises(KeyboardInterrupt), panics_as_errors():
        raise KeyboardInterrupt


def test_a_folder_without_an_index_is_not_damaged(tmp_path: Path) -> None:
    assert damaged(tmp_path) == ""
    (tmp_path / "meta.json").write_text(json.dumps({"segments": 3}))
    assert damaged(tmp_path) == "meta.json"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = desk_at(tmp_path)
    yield opened
    opened.close()


async def test_slack_is_told_in_one_sentence_until_the_index_is_built_again(
    desk: Desk, tmp_path: Path
) -> None:
    async with far_side() as far, serving(app_for(far, desk)) as url:
        far.connect(url)
        damage_store(tmp_path / INDEX)
        assert desk.passages.check()
        await far.say(DIRECT, "who moved to Turkey?")
        (told,) = await answers(far, DIRECT)
        assert "ask again in a few minutes" in shown(told)
        desk.catch_up()
        await far.say(DIRECT, "who moved to Turkey?")
        _, answer = await answers(far, DIRECT, 2)
        assert "ask again" not in shown(answer)


def test_the_doctor_finds_damage(desk: Desk, tmp_path: Path) -> None:
    damage_store(tmp_path / INDEX)
    ours = Settings(dragoman_data=tmp_path)
    found = [one for one in examine_store(desk.store, ours, NOW) if one.area == "index"]
    assert [one.level for one in found] == ["wrong"]
    assert "damaged" in found[0].said
    desk.catch_up()  # the doctor has left word for whoever follows the store
    found = [one for one in examine_store(desk.store, ours, NOW) if one.area == "index"]
    assert [one.level for one in found] == ["well"]


async def test_a_damaged_index_shows_in_readyz(desk: Desk, tmp_path: Path) -> None:
    health = Health(desk, fresh=0.0)
    assert await health.unready() == []
    damage_store(tmp_path / INDEX)
    assert desk.passages.check()
    assert [said for said in await health.unready() if "index is damaged" in said]
    desk.catch_up()
    assert await health.unready() == []
    health.close()
