"""Who is who depends on the articles and their order, and not on how many came together."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

import bot.ingest
from bot.desk import Desk
from bot.gather.links import article_id
from bot.models import EVERYWHERE, LOCAL, Arrival, Draft
from bot.store.stories import BatchSizer
from tests.arrivals import NOW
from tests.contents import Contents, contents, differences, in_order, log
from tests.invented import goes, invented
from tests.shared import READINGS

MANY = 140

_ENDED = """
import os, signal, sys
import bot.ingest
from bot.cli import main
from bot.store import writing
from tests.shared import share_readings
share_readings()
bot.ingest.BATCH = 40
kept, left = writing.log_changes, int(sys.argv.pop(1))
def recorded(*given):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return kept(*given)
writing.log_changes = recorded
main()
"""
"""The command line, killed in the middle of its n-th transaction; never, if that is 0."""


@pytest.fixture(scope="module", autouse=True)
def _one_reader() -> Iterator[None]:
    """Read in the worker that is kept ready: it remembers what it read for the test before."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bot.ingest, "FEW_CHARACTERS", 10_000_000)
        patched.setattr(bot.ingest, "BATCH_CHARACTERS", 10_000_000)
        yield


@contextmanager
def desk_in(folder: Path) -> Iterator[Desk]:
    desk = Desk.open(folder, workers=1)
    try:
        yield desk
    finally:
        desk.close()


def stored(folder: Path, parts: Sequence[Sequence[Draft]]) -> Contents:
    """What a new store holds after these were ingested, one part after another."""
    with desk_in(folder) as desk:
        for some in parts:
            desk.ingest(some, now=NOW)
        return contents(desk.store)


@pytest.fixture(scope="module")
def drafts() -> list[Draft]:
    return invented(MANY, seed=7)


@pytest.fixture(scope="module")
def at_once(drafts: list[Draft], tmp_path_factory: pytest.TempPathFactory) -> Contents:
    return stored(tmp_path_factory.mktemp("at-once"), [drafts])


def test_the_invented_articles_meet_in_every_way(at_once: Contents) -> None:
    """What follows would show nothing of articles that have nothing to do with each other."""
    articles = len(at_once["article"])
    assert len(at_once["revision"]) > articles  # some are edited
    assert 20 < len(at_once["provisional"]) < len(at_once["introduction"])
    assert sum(row[0] == LOCAL for row in at_once["actor"]) > 10  # promoted
    assert len(at_once["folded"]) > 10
    assert len(at_once["near_copy"]) > 10
    assert len({row[2] for row in at_once["story_article"]}) < articles - 20
    live = [row for row in at_once["fact"] if not row[14]]
    assert len({row[13] for row in live}) < len(live) - 10  # happenings that several tell


@pytest.mark.parametrize(("parts", "seed"), [(2, 1), (9, 3)])
def test_a_cut_anywhere_gives_the_same_store(
    drafts: list[Draft], at_once: Contents, tmp_path: Path, parts: int, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - any cut will do
    at = chance.sample(range(1, len(drafts)), parts - 1)
    assert differences(at_once, stored(tmp_path, goes(drafts, at))) == {}


@pytest.mark.parametrize("together", [1, 17])
def test_the_size_of_a_transaction_does_not_matter(
    drafts: list[Draft],
    at_once: Contents,
    tmp_path: Path,
    together: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def cut(_: BatchSizer, some: Sequence[Arrival]) -> Iterator[Sequence[Arrival]]:
        return (some[start : start + together] for start in range(0, len(some), together))

    monkeypatch.setattr(BatchSizer, "split", cut)
    assert differences(at_once, stored(tmp_path, [drafts])) == {}


def test_the_log_of_changes_does_not_tell_how_transactions_were_cut(
    drafts: list[Draft], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = []
    for together in (1, 40):

        def cut(
            _: BatchSizer, some: Sequence[Arrival], size: int = together
        ) -> Iterator[Sequence[Arrival]]:
            return (some[start : start + size] for start in range(0, len(some), size))

        monkeypatch.setattr(BatchSizer, "split", cut)
        with desk_in(tmp_path / str(together)) as desk:
            desk.ingest(drafts, now=NOW)
            logs.append(log(desk.store))
    first, *others = logs
    assert {row[2] for row in first} == {"article", "actor"}
    assert len(first) > len({row[1:] for row in first})  # some are logged again after others
    for other in others:
        assert other == first


def test_reading_everything_again_changes_nothing(
    drafts: list[Draft], at_once: Contents, tmp_path: Path
) -> None:
    with desk_in(tmp_path) as desk:
        desk.ingest(drafts, now=NOW)
        desk.care.read_again(LOCAL, None, NOW, most=0)
        assert differences(at_once, contents(desk.store)) == {}


def test_the_same_again_changes_nothing(
    drafts: list[Draft], at_once: Contents, tmp_path: Path
) -> None:
    with desk_in(tmp_path) as desk:
        desk.ingest(drafts, now=NOW)
        again = desk.ingest(drafts, now=NOW)
        assert (again.new, again.revised) == (0, 0)
        assert differences(at_once, contents(desk.store)) == {}


def as_lines(file: Path, drafts: Sequence[Draft]) -> Path:
    file.write_text(
        "".join(
            json.dumps(
                {
                    "id": one.external_id,
                    "title": one.title,
                    "text": one.text,
                    "date": f"{one.published:%Y-%m-%d}",
                    "publisher": one.publisher,
                }
            )
            + "\n"
            for one in drafts
        )
    )
    return file


def ingesting(folder: Path, file: Path, *, killed_in: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _ENDED, str(killed_in), "ingest", str(file)]
    ours = {"DRAGOMAN_DATA": str(folder), "DRAGOMAN_WORKERS": "1", "PATH": ""}
    ours[READINGS] = os.environ[READINGS]
    return subprocess.Popen(
        command, env=ours, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


@pytest.mark.sqlite
def test_one_killed_and_run_again_ends_as_a_clean_one(drafts: list[Draft], tmp_path: Path) -> None:
    file = as_lines(tmp_path / "articles.jsonl", drafts[:70])
    for folder, kills in ((tmp_path / "clean", [0]), (tmp_path / "killed", [3, 4, 0])):
        for killed_in in kills:
            run = ingesting(folder, file, killed_in=killed_in)
            said, _ = run.communicate()
            assert run.returncode == (-9 if killed_in else 0), said
    with desk_in(tmp_path / "clean") as one, desk_in(tmp_path / "killed") as other:
        assert in_order(one.store) == in_order(other.store)
        assert differences(contents(one.store), contents(other.store)) == {}


@pytest.mark.sqlite
def test_two_at_once_end_as_one_in_the_order_in_which_they_stored(tmp_path: Path) -> None:
    """Each transaction decides from what the store holds, so that there is such an order."""
    known = {one.external_id: one for one in invented(80, seed=8)}
    some = list(known.values())
    both = tmp_path / "both"
    with desk_in(both):
        pass
    runs = [ingesting(both, as_lines(tmp_path / f"{n}.jsonl", some[n::2])) for n in range(2)]
    for run in runs:
        said, _ = run.communicate()
        assert run.returncode == 0, said
    ids = {article_id(LOCAL, EVERYWHERE, f"id:{key}"): key for key in known}
    with desk_in(both) as desk:
        order = [known[ids[key]] for key in in_order(desk.store)]
        found = contents(desk.store)
    assert len(order) == len(some)
    run = ingesting(tmp_path / "one", as_lines(tmp_path / "all.jsonl", order))
    said, _ = run.communicate()
    assert run.returncode == 0, said
    with desk_in(tmp_path / "one") as desk:
        assert differences(contents(desk.store), found) == {}
