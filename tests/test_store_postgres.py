"""A store in PostgreSQL: what goes wrong in a sentence, and what several processes may do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, create_engine, text

from bot.errors import StoreError, StoreUnavailable
from bot.models import LOCAL, Outgoing
from bot.store import engine, postgres
from bot.store.inbox import Recorded
from bot.store.store import Store
from tests import databases
from tests.arrivals import NOW, arrival, open_store
from tests.unsent import unsent

MET = "Qatar met Iran."
LEASE = timedelta(seconds=30)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database with a store in it."""
    made = databases.server().url(tmp_path / "dragoman.db")
    return made.render_as_string(hide_password=False)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        yield opened


@contextmanager
def beside(url: str) -> Iterator[Connection]:
    """A connection of another program."""
    other = create_engine(engine.parse(url))
    with other.connect() as connection:
        yield connection
    other.dispose()


def ask(transaction: AbstractContextManager[Connection], *statements: str) -> None:
    """Run statements in one transaction of a store."""
    with transaction as connection:
        for statement in statements:
            connection.execute(text(statement))


# --- addresses and errors -------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_however_it_is_written(scheme: str) -> None:
    parsed = engine.parse(f"{scheme}://ada:hush@db.example:5433/news?sslmode=require&password=p2")
    assert parsed.drivername == "postgresql+psycopg"
    assert parsed.query["sslmode"] == "require"
    assert engine.place_of(parsed) == "postgresql://db.example:5433/news"


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(StoreUnavailable, match=r"cannot be reached .*host and port") as caught:
        Store.open("postgresql://ada:hush@127.0.0.1:1/news")
    assert "hush" not in f"{caught.value}{caught.value.about}{caught.value.__cause__}"


def test_a_database_that_is_not_there(url: str) -> None:
    wrong = engine.parse(url).set(database="nowhere").render_as_string(hide_password=False)
    with pytest.raises(StoreUnavailable, match="is not there: create the database"):
        Store.open(wrong)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('FATAL:  password authentication failed for user "ada"', "check the name, the password"),
        ('FATAL:  no pg_hba.conf entry for host "::1"', "pg_hba.conf"),
        ("FATAL:  the database system is starting up", "shutting down or starting"),
        ("FATAL:  sorry, too many clients already", "has no connection left"),
        ("server closed the connection unexpectedly", "lost the connection"),
        ('connection failed: could not translate host name "db"', "cannot be reached"),
    ],
)
def test_what_a_server_says_at_the_door(said: str, words: str) -> None:
    error = postgres.explained(psycopg.OperationalError(said), "there")
    assert isinstance(error, StoreUnavailable)
    assert words in str(error)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("53100", "has no room left"),
        ("53200", "lacks memory"),
        ("40P01", "met another writer"),
        ("40001", "met another writer"),
        ("55P03", "is busy writing"),
        ("57P01", "is shutting down or starting"),
        ("25006", "is read-only, as a standby is"),
        ("58030", "server's disk"),
        ("42501", "give it the rights"),
    ],
)
def test_what_may_succeed_later(code: str, words: str) -> None:
    error = postgres.explained(psycopg.errors.lookup(code)(), "there")
    assert isinstance(error, StoreUnavailable)
    assert words in str(error)


def test_what_never_will() -> None:
    for code in ("XX001", "42P01", "23505"):
        error = postgres.explained(psycopg.errors.lookup(code)(), "there")
        assert not isinstance(error, StoreUnavailable)


def test_no_row_is_in_an_error(store: Store) -> None:
    twice = ["INSERT INTO mark VALUES ('secret words', 'x')"] * 2
    with pytest.raises(StoreError) as caught:
        ask(store._write(), *twice)
    assert "duplicate key" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_database_of_another_encoding(tmp_path: Path) -> None:
    made = databases.server().bare(tmp_path / "latin", encoding="LATIN1")
    with pytest.raises(StoreError, match="has the encoding LATIN1"):
        Store.open(made.render_as_string(hide_password=False))


def test_a_read_only_server(url: str, store: Store) -> None:
    store.commit([arrival("a", MET)])
    with beside(url) as other:
        name = engine.parse(url).database
        other.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
        other.commit()
    with Store.open(url) as again:
        assert again.articles_total(LOCAL) == 1
        with pytest.raises(StoreUnavailable, match="cannot be written: the server is read-only"):
            again.commit([arrival("b", MET)])
        with pytest.raises(StoreUnavailable):
            again.inbox.record("T1", "command", "k", {}, NOW)


def test_a_server_that_comes_back(url: str, store: Store) -> None:
    store.commit([arrival("a", MET)])
    assert store.inbox.record("T1", "command", "k", {}, NOW)
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    ended += " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with beside(url) as other:
        with pytest.raises(StoreUnavailable, match="shutting down or starting"):
            ask(store._read(), "SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 1")
        other.execute(text(ended))
        other.commit()
        # Nobody need do anything: the connections that are gone are made anew.
        assert store.articles_total(LOCAL) == 1
        store.commit([arrival("b", MET)])
        assert not store.inbox.record("T1", "command", "k", {}, NOW)


def test_a_statement_that_takes_too_long(store: Store) -> None:
    with pytest.raises(StoreUnavailable, match="took too long"):
        ask(store._read(), "SET LOCAL statement_timeout = '20ms'", "SELECT pg_sleep(30)")


# --- who sees and writes what ----------------------------------------------------------------


def test_writers_queue_and_others_do_not(
    url: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.commit([arrival("a", MET)])
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    with Store.open(url) as second, store._write():
        with pytest.raises(StoreUnavailable, match="is busy writing"):
            second.commit([arrival("b", MET)])
        # Readers never wait for a writer, nor does who takes a request in, nor opening.
        assert second.articles_total(LOCAL) == 1
        assert second.inbox.record("T1", "command", "k", {}, NOW)
        assert second.inbox.claim(NOW, LEASE) is not None
        with Store.open(url) as third:
            assert third.id == store.id


def test_a_reader_sees_one_picture_and_cannot_write(store: Store) -> None:
    total = text("SELECT count(*) FROM article")
    with store._read() as connection:
        assert connection.execute(total).scalar_one() == 0
        store.commit([arrival("a", MET)])
        assert connection.execute(total).scalar_one() == 0
    with pytest.raises(StoreUnavailable):
        ask(store._read(), "DELETE FROM article")


def test_text_is_in_the_order_of_its_bytes(store: Store) -> None:
    with store._read() as connection:
        other = connection.execute(text(_OTHERWISE)).all()
    assert other == []
    keys = ["b", "B", "a", "Z", "ä", "-a", "a-"]
    store.commit([arrival(key, f"{MET} {key}") for key in keys])
    assert store.curation.articles_after(LOCAL, "", 10) == sorted(keys)


def test_a_store_that_fills_is_counted_at_once(store: Store) -> None:
    counted = text("SELECT reltuples FROM pg_class WHERE relname = 'article'")
    for batch in range(2):
        store.commit([arrival(f"a{batch}-{number}", f"{MET} {number}") for number in range(40)])
    with store._read() as connection:
        assert connection.execute(counted).scalar_one() == 80


_OTHERWISE = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name <> 'alembic_version'
      AND data_type IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C'
"""


# --- several processes -----------------------------------------------------------------------


def together(*works: object) -> None:
    """Run all at once; what one raises fails the test."""
    failures: list[BaseException] = []

    def run(work: object) -> None:
        try:
            assert callable(work)
            work()
        except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_who_follows_misses_no_change_of_two_writers(url: str, store: Store) -> None:
    done = threading.Event()
    seen: list[int] = []

    def write(by: str, into: Store) -> None:
        for number in range(8):
            into.commit([arrival(f"{by}{number}", f"{MET} {by} {number}")])

    def follow() -> None:
        while not done.is_set() or len(seen) < 16:
            seen.extend(one.seq for one in store.changes(seen[-1] if seen else 0, 100))

    with Store.open(url) as second, Store.open(url) as third:
        follower = threading.Thread(target=follow)
        follower.start()
        together(lambda: write("a", second), lambda: write("b", third))
        done.set()
        follower.join()
    assert seen == list(range(1, len(seen) + 1))
    assert len(seen) >= 16


def test_each_message_is_claimed_once_and_a_place_by_one(url: str, store: Store) -> None:
    items = [
        Outgoing(
            workspace="T1",
            key=f"{place}-{number}",
            kind="notice",
            place=place,
            content={"said": "x"},
            due_at=NOW,
        )
        for place in ("C1", "C2", "C3")
        for number in range(6)
    ]
    store.outbox.put(items, NOW)
    sent: list[tuple[str, str]] = []
    posting: dict[str, int] = {}
    lock = threading.Lock()

    def work(of: Store) -> None:
        while unsent(of, "T1"):
            for item in of.outbox.claim(NOW, LEASE, limit=2):
                with lock:
                    posting[item.place] = posting.get(item.place, 0) + 1
                    assert posting[item.place] == 1
                    sent.append((item.place, item.key))
                    posting[item.place] -= 1
                assert of.outbox.sent(item, "1.0", NOW)

    with Store.open(url) as second:
        together(*(lambda of=of: work(of) for of in (store, second) * 3))
    assert len(sent) == len(set(sent)) == len(items)
    for place in ("C1", "C2", "C3"):
        ours = [key for where, key in sent if where == place]
        assert ours == sorted(ours)


def test_the_same_put_by_many_at_once_is_new_once(url: str, store: Store) -> None:
    items = [
        Outgoing(
            workspace="T1", key=str(n), kind="notice", place="C1", content={"n": n}, due_at=NOW
        )
        for n in range(20)
    ]
    counts: list[int] = []
    recorded: list[bool] = []
    requests: list[Recorded] = [("T1", "command", str(n), {}, NOW) for n in range(20)]
    with Store.open(url) as second:
        pairs = [(store, 1), (second, -1)] * 2
        together(
            *(lambda of=of, s=s: counts.append(of.outbox.put(items[::s], NOW)) for of, s in pairs),
            *(
                lambda of=of, s=s: recorded.extend(of.inbox.record_all(requests[::s]))
                for of, s in pairs
            ),
        )
    assert sum(counts) == 20
    assert sum(recorded) == 20


def test_the_store_of_a_file_stays_where_it_is(tmp_path: Path) -> None:
    with databases.kept_in("sqlite"), open_store(tmp_path) as here:
        assert here.where.endswith("dragoman.db")
        assert Path(here.where).is_file()
