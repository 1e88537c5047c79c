"""What is wrong with a store is said in one sentence."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from bot.errors import StoreError, StoreUnavailable
from bot.models import LOCAL
from bot.store import engine
from bot.store.store import Store
from tests.arrivals import NOW, arrival, open_store

MET = "Qatar met Iran."


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("dragoman.db", "not a database URL"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("mysql://someone:secret@db/dragoman", "cannot be kept in mysql"),
        ("postgresql+asyncpg://someone:secret@db/dragoman", "not reached by postgresql.asyncpg"),
        ("postgresql://someone:secret@db", "names no database"),
        ("postgresql://someone:secret@db:port/dragoman", "not a database URL"),
    ],
)
def test_addresses_that_cannot_be_a_store(url: str, words: str) -> None:
    with pytest.raises(StoreError, match=words) as caught:
        Store.open(url)
    assert "secret" not in str(caught.value) + caught.value.about


@pytest.mark.sqlite
def test_the_folder_is_made(tmp_path: Path) -> None:
    open_store(tmp_path / "deep" / "down").close()
    assert (tmp_path / "deep" / "down" / "dragoman.db").is_file()


@pytest.mark.sqlite
def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable, match=r"The folder of the store .* cannot be made"):
        open_store(tmp_path / "file")


@pytest.mark.sqlite
@pytest.mark.parametrize("content", [b"these are notes, not a database\n" * 100, b"\0" * 5000])
def test_a_file_that_is_not_a_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "dragoman.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="is not a database: name another file"):
        open_store(tmp_path)
    assert path.read_bytes() == content


@pytest.mark.sqlite
def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "dragoman.db").mkdir()
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        open_store(tmp_path)


@pytest.mark.sqlite
def test_a_read_only_store_is_read_and_not_written(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([arrival("a", MET)])
    path = tmp_path / "dragoman.db"
    with Store.open(f"sqlite:///file:{path}?mode=ro&uri=true") as store:
        assert store.articles_total(LOCAL) == 1
        with pytest.raises(StoreUnavailable, match="cannot be written: make the file"):
            store.commit([arrival("b", MET)])
        with pytest.raises(StoreUnavailable):
            store.inbox.record("T1", "command", "k", {}, NOW)
        assert store.articles_total(LOCAL) == 1


@pytest.mark.sqlite
def test_a_store_that_another_process_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    with open_store(tmp_path) as store:
        store.commit([arrival("a", MET)])
        other = sqlite3.connect(tmp_path / "dragoman.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="is locked by another process"):
            store.commit([arrival("b", MET)])
        # Readers never wait for a writer, nor does opening.
        assert store.articles_total(LOCAL) == 1
        with open_store(tmp_path) as second:
            assert second.articles_total(LOCAL) == 1
        other.execute("ROLLBACK")
        other.close()
        store.commit([arrival("b", MET)])
        assert store.articles_total(LOCAL) == 2


@pytest.mark.sqlite
def test_a_full_disk_stores_nothing_of_a_batch(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        with store._engines.writer.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StoreUnavailable, match="has no room left"):
            store.commit([arrival(f"a{number}", MET + " " * 5000) for number in range(50)])
        assert (store.articles_total(LOCAL), store.last_seq()) == (0, 0)


def test_readers_and_the_writer_from_many_threads(tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def read(store: Store) -> None:
        try:
            for _ in range(40):
                total = store.articles_total(LOCAL)
                assert total % 5 == 0, "a batch was seen in part"
        except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
            failures.append(error)

    with open_store(tmp_path) as store:
        threads = [threading.Thread(target=read, args=(store,)) for _ in range(12)]
        for thread in threads:
            thread.start()
        for batch in range(8):
            store.commit([arrival(f"a{batch}-{number}", MET) for number in range(5)])
        for thread in threads:
            thread.join()
        assert failures == []
        assert store.articles_total(LOCAL) == 40


@pytest.mark.sqlite
def test_who_is_in_the_store_as_it_closes_leaves_nothing_open(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store._read() as connection:
        driver = connection.connection.driver_connection
        store.close()
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1
    assert isinstance(driver, sqlite3.Connection)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        driver.execute("SELECT 1")


@pytest.mark.sqlite
def test_who_opens_a_file_that_another_is_making_waits(tmp_path: Path) -> None:
    making = sqlite3.connect(
        tmp_path / "dragoman.db", isolation_level=None, check_same_thread=False
    )
    making.execute("BEGIN IMMEDIATE")
    done = threading.Timer(0.3, lambda: making.execute("COMMIT"))
    done.start()
    try:
        with open_store(tmp_path) as store:
            assert store.id
    finally:
        done.join()
        making.close()
