"""A store copied to another place: every table, both ways, whenever it is interrupted."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import insert

from bot.backup.copying import copy
from bot.backup.rows import shapes
from bot.cli import main
from bot.desk import Desk
from bot.errors import StoreError, StoreUnavailable
from bot.match.gazetteer import load
from bot.models import LOCAL, Asker
from bot.search.index import PassageIndex
from bot.store.installations import slack_bots
from bot.store.migrate import HEAD
from bot.store.store import Store
from bot.store.tables import metadata
from tests import databases, stocked
from tests.arrivals import arrival
from tests.moved import WORDS, connected, filled, lines_of, url_in
from tests.older_schema import make_older, older_known

pytestmark = pytest.mark.sqlite

WAYS: tuple[tuple[databases.Kind, databases.Kind], ...] = (
    ("sqlite", "postgresql"),
    ("postgresql", "sqlite"),
)
both_ways = pytest.mark.parametrize(("here", "there"), WAYS)
MET = "Qatar met Iran."


class Killed(BaseException):
    """The end of a process, as far as one can do it to oneself."""


class Dying:
    """Progress that ends the process once it is told of so many batches that are new to it."""

    def __init__(self, batches: int) -> None:
        self._batches, self._known = batches, set[tuple[str, int]]()

    def __call__(self, table: str, done: int, _total: int) -> None:
        if done and not table.endswith("compared") and (table, done) not in self._known:
            self._known.add((table, done))
            if len(self._known) % self._batches == 0:
                raise Killed

    @property
    def batches(self) -> int:
        """How many it was told of."""
        return len(self._known)


def stored(url: str, *names: str) -> None:
    with Store.open(url) as store:
        store.commit([arrival(name, f"{MET} It was round {name}.") for name in names])


# --- whole ----------------------------------------------------------------------------------


@both_ways
def test_every_table_comes_across(
    tmp_path: Path, here: databases.Kind, there: databases.Kind
) -> None:
    source = filled(url_in(tmp_path, here, "here"))
    target = url_in(tmp_path, there, "there")
    found = copy(source, target)
    assert {one.table for one in found} == set(metadata.tables)
    assert all(one.same and one.rows for one in found)
    assert {one.rows for one in found if one.table != "mark"} == {len(WORDS)}
    assert lines_of(source) == lines_of(target)
    with Store.open(source) as one, Store.open(target) as other:
        assert one.id == other.id
        assert one.last_seq() == other.last_seq()
    assert all(one.same for one in copy(source, target)), "once more, and nothing happens"


def test_what_counts_goes_on_counting(tmp_path: Path) -> None:
    source = filled(url_in(tmp_path, "sqlite", "here"))
    target = url_in(tmp_path, "postgresql", "there")
    copy(source, target)
    token = {"client_id": "1.2", "app_id": "A1", "is_enterprise_install": False}
    with connected(target) as connection:
        made = connection.execute(
            insert(slack_bots),
            token | {"installed_at": datetime(2026, 1, 1)},  # noqa: DTZ001
        )
        assert made.inserted_primary_key == (len(WORDS),)


def test_a_kind_of_column_that_is_not_known_is_no_surprise() -> None:
    assert {shape.name for shape in shapes()} == set(metadata.tables)
    assert all(shape.keys for shape in shapes())


QUESTIONS = (
    "Qatar", "quatar", "iran russia", "when will the Emir visit Tehran?", "who moved to Turkey?",
    "hamas leaving doha", "what did Iran do in March 2026?", "who met whom in Doha?", "Korea",
    "what do you read?", "sanctions on Russia", "Wakanda",
)  # fmt: skip


def test_the_same_is_answered_from_each(tmp_path: Path) -> None:
    """By indexes that are built anew: over the notes, their copy, and the copy of that."""
    stocked.desk_at(tmp_path / "here").close()
    first = f"sqlite:///{tmp_path / 'here' / 'dragoman.db'}"
    second = url_in(tmp_path, "postgresql", "there")
    third = f"sqlite:///{tmp_path / 'back.db'}"
    for source, target in ((first, second), (second, third)):
        assert all(one.same for one in copy(source, target))
    asker = Asker(workspace=stocked.TEAM, now=datetime(2026, 4, 1, 12, tzinfo=UTC))
    replies = []
    for n, url in enumerate((first, second, third)):
        passages = PassageIndex.open(tmp_path / f"index-{n}")
        desk = Desk(Store.open(url), passages, load())
        try:
            desk.catch_up()
            replies.append([desk.ask(asker, one).model_dump_json() for one in QUESTIONS])
        finally:
            desk.close()
    assert replies[0] == replies[1] == replies[2]
    assert len(set(replies[0])) == len(QUESTIONS)


# --- interrupted ----------------------------------------------------------------------------


@both_ways
def test_killed_after_each_batch(
    tmp_path: Path, here: databases.Kind, there: databases.Kind
) -> None:
    source, target = url_in(tmp_path, here, "here"), url_in(tmp_path, there, "there")
    stored(source, *"abcd")
    runs, told = 0, Dying(1)
    while True:
        runs += 1
        try:
            found = copy(source, target, told, batch=3)
        except Killed:
            assert runs == told.batches, "each run dies one batch further"
        else:
            break
        if runs == 2:
            with pytest.raises(StoreError, match=r"not finished\. Run the same `dragoman copy`"):
                Store.open(target)
    assert runs > 10
    assert all(one.same for one in found)
    assert lines_of(source) == lines_of(target)


@both_ways
def test_what_changed_while_it_was_interrupted(
    tmp_path: Path, here: databases.Kind, there: databases.Kind
) -> None:
    source, target = url_in(tmp_path, here, "here"), url_in(tmp_path, there, "there")
    stored(source, *"bcd")
    with pytest.raises(Killed):
        copy(source, target, Dying(14), batch=2)
    before = lines_of(target)
    assert before["revision"]
    stored(source, "a", "e")
    with Store.open(source) as store:
        store.tombstone(LOCAL, "c", datetime(2026, 4, 2, tzinfo=UTC))
    assert all(one.same for one in copy(source, target, batch=2))
    assert lines_of(source) == lines_of(target)


@both_ways
def test_what_is_written_meanwhile_is_not_in_it(
    tmp_path: Path, here: databases.Kind, there: databases.Kind
) -> None:
    source, target = url_in(tmp_path, here, "here"), url_in(tmp_path, there, "there")
    stored(source, "a", "b")
    written: list[str] = []

    def write_along(table: str, _done: int, _total: int) -> None:
        if table == "change" and not written:
            written.append(table)
            at_once = threading.Thread(target=stored, args=(source, "c"))
            at_once.start()
            at_once.join()

    found = {one.table: one for one in copy(source, target, write_along)}
    assert written
    assert all(one.same for one in found.values())
    assert [found[name].rows for name in ("article", "revision", "change")] == [2, 2, 2]
    with Store.open(source) as one, Store.open(target) as other:
        assert (one.articles_total(LOCAL), other.articles_total(LOCAL)) == (3, 2)
    with pytest.raises(StoreError, match="has been used, or is older than its source now"):
        copy(source, target)


# --- refused --------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def taken(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store that holds an article of its own."""
    url = url_in(tmp_path, request.param, "taken")
    stored(url, "mine")
    return url


def test_a_target_with_other_data_is_left_alone(tmp_path: Path, taken: str) -> None:
    source = url_in(tmp_path, "sqlite", "here")
    stored(source, "a")
    before = lines_of(taken)
    with pytest.raises(StoreError, match="is not empty: name a new file, or an empty database"):
        copy(source, taken)
    assert lines_of(taken) == before


def test_a_target_with_nothing_but_seed_actors_is_empty(tmp_path: Path) -> None:
    source, target = url_in(tmp_path, "sqlite", "here"), url_in(tmp_path, "postgresql", "there")
    stored(source, "a")
    Desk.open(tmp_path / "index", url=target).close()
    assert all(one.same for one in copy(source, target))
    assert lines_of(source) == lines_of(target)


def test_a_target_that_is_in_use(tmp_path: Path, taken: str) -> None:
    source = url_in(tmp_path, "sqlite", "here")
    stored(source, "a")
    with (
        Store.open(taken),
        pytest.raises(StoreUnavailable, match=r"in use .*: stop every Dragoman"),
    ):
        copy(source, taken)


def test_another_copy_that_is_not_finished(tmp_path: Path, taken: str) -> None:
    source, target = url_in(tmp_path, "sqlite", "here"), url_in(tmp_path, "sqlite", "there")
    stored(source, "a")
    with pytest.raises(Killed):
        copy(source, target, Dying(3))
    for here, there in ((taken, target), (target, taken)):
        with pytest.raises(StoreError, match=r"is not empty|not finished"):
            copy(here, there)
    assert all(one.same for one in copy(source, target))


def test_sources_that_are_none(tmp_path: Path) -> None:
    target = url_in(tmp_path, "sqlite", "there")
    for source, words in (
        (url_in(tmp_path, "sqlite", "nowhere"), "There is no store"),
        (url_in(tmp_path, "postgresql", "bare"), f"is at nothing yet, and not at {HEAD}"),
        (target, "are the same: name another place"),
    ):
        with pytest.raises(StoreError, match=words):
            copy(source, target)
    assert not list(tmp_path.glob("*.db"))
    with older_known(tmp_path):
        make_older(target)
        with pytest.raises(StoreError, match=r"is at 0026, .* run `dragoman migrate` first"):
            copy(target, url_in(tmp_path, "sqlite", "other"))
    with pytest.raises(StoreError, match=r"schema 0026, older than .* can upgrade"):
        copy(target, url_in(tmp_path, "sqlite", "other"))


# --- the command ----------------------------------------------------------------------------


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = url_in(tmp_path, "sqlite", "here"), url_in(tmp_path, "postgresql", "there")
    stored(source, "a")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["copy", "--from", source, "--to", target])
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0].split() == ["table", "rows", "same"]
    assert ["article", "1", "yes"] in [line.split() for line in lines]
    assert len(lines) == len(metadata.tables) + 1
    monkeypatch.setenv("DATABASE_URL", target)
    done = CliRunner().invoke(main, ["copy", "--to", source, "--json"])
    assert (done.exit_code, '"article", "rows": 1, "same": true' in done.output) == (0, True)
    stored(source, "b")
    done = CliRunner().invoke(main, ["copy", "--to", source])
    assert (done.exit_code, "is not empty" in done.output) == (1, True)
