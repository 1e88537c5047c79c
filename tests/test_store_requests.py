"""A request is written down once, claimed by one, and answered once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from bot.models import Period, Request, SentReply
from bot.store.store import Store
from tests.arrivals import NOW, open_store

pytestmark = pytest.mark.usefixtures("each_store")

LEASE = timedelta(seconds=30)
TEAM, COMMAND = "T1", "command"
T = TypeVar("T")


def _record(store: Store, key: str, *, at: datetime = NOW, workspace: str = TEAM) -> bool:
    return store.inbox.record(workspace, COMMAND, key, {"text": f"Qatar ☂ {key}"}, at)


def _claim(store: Store, *, at: datetime = NOW) -> Request:
    found = store.inbox.claim(at, LEASE)
    assert found is not None
    return found


def _reply(key: str) -> SentReply:
    return SentReply(
        workspace=TEAM,
        surface=COMMAND,
        request=key,
        place="C1",
        person="U1",
        ts="1700000000.000100",
        query="Qatar",
        period=Period(start=date(2026, 3, 1), label="since March"),
        as_of=NOW,
        fact_ids=("a.1", "b.2"),
        sent_at=NOW,
    )


def _at_once(count: int, work: Callable[[int], T]) -> list[T]:
    gate = threading.Barrier(count)

    def run(number: int) -> T:
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_a_request_is_new_once(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert _record(store, "k")
        assert not _record(store, "k", at=NOW + LEASE)
        assert _record(store, "k", workspace="T2")
        assert store.inbox.record(TEAM, "message", "k", {}, NOW)


def test_a_claim_holds_the_payload_until_its_lease_ends(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert store.inbox.claim(NOW, LEASE) is None
        _record(store, "k")
        first = _claim(store)
        assert first == Request(
            workspace=TEAM,
            surface=COMMAND,
            key="k",
            payload={"text": "Qatar ☂ k"},
            attempts=1,
            received_at=NOW,
            lease_until=NOW + LEASE,
        )
        assert store.inbox.claim(NOW + LEASE, LEASE) is None
        second = _claim(store, at=NOW + LEASE + timedelta(microseconds=1))
        assert (second.attempts, second.payload) == (2, first.payload)


def test_the_oldest_is_claimed_first(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        for seconds, key in ((3, "c"), (1, "b"), (1, "a"), (2, "d")):
            _record(store, key, at=NOW + timedelta(seconds=seconds))
        assert [_claim(store).key for _ in range(4)] == ["a", "b", "d", "c"]
        assert store.inbox.claim(NOW, LEASE) is None


def test_a_finished_request_leaves_its_reply_and_no_payload(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        _record(store, "k")
        ours = _claim(store)
        assert store.inbox.reply(TEAM, COMMAND, "k") is None
        assert store.inbox.finish(ours, _reply("k"), NOW)
        assert store.inbox.reply(TEAM, COMMAND, "k") == _reply("k")
        assert store.inbox.reply_at(TEAM, "C1", "1700000000.000100") == _reply("k")
        assert store.inbox.reply_at(TEAM, "C2", "1700000000.000100") is None
        assert store.inbox.reply_at("T2", "C1", "1700000000.000100") is None
        assert store.inbox.claim(NOW + 2 * LEASE, LEASE) is None
        assert not _record(store, "k")
        assert not store.inbox.finish(ours, _reply("k"), NOW)
        with store._read() as connection:
            assert connection.exec_driver_sql("SELECT payload, state FROM request").all() == [
                ("{}", "done")
            ]


def test_a_thread_has_its_newest_reply(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        for n, (key, thread) in enumerate([("a", "1.0"), ("b", "1.0"), ("c", "2.0")]):
            store.inbox.record(TEAM, COMMAND, key, {"thread": thread, "url": "secret"}, NOW)
            sent = _reply(key).model_copy(update={"sent_at": NOW + timedelta(minutes=n)})
            assert store.inbox.finish(_claim(store), sent, NOW)
        found = store.history.last_in_thread(TEAM, "C1", "1.0")
        assert found is not None
        assert found.request == "b"
        assert store.history.last_in_thread(TEAM, "C1", "3.0") is None
        assert store.history.last_in_thread(TEAM, "C9", "1.0") is None
        with store._read() as connection:
            kept = connection.exec_driver_sql("SELECT payload FROM request").all()
        assert not any("secret" in payload for (payload,) in kept)


def test_who_lost_the_lease_cannot_finish(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        _record(store, "k")
        slow = _claim(store)
        later = NOW + 2 * LEASE
        quick = _claim(store, at=later)
        for done in (
            store.inbox.finish(slow, _reply("k"), later),
            store.inbox.fail(slow, "too late", later),
            store.inbox.release(slow),
        ):
            assert not done
        assert store.inbox.reply(TEAM, COMMAND, "k") is None
        assert store.inbox.finish(quick, None, later)
        assert store.inbox.reply(TEAM, COMMAND, "k") is None


def test_a_released_request_is_free_at_once_and_a_failed_one_never(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        _record(store, "k")
        assert store.inbox.release(_claim(store))
        again = _claim(store)
        assert again.attempts == 2
        assert store.inbox.fail(again, "the place is gone", NOW)
        assert store.inbox.claim(NOW + 2 * LEASE, LEASE) is None
        assert not _record(store, "k")


def test_restart_between_writing_down_and_answering(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        _record(store, "k")
        _claim(store)
    with open_store(tmp_path) as store:
        assert not _record(store, "k")
        resumed = _claim(store, at=NOW + 2 * LEASE)
        assert (resumed.key, resumed.attempts) == ("k", 2)
        assert store.inbox.finish(resumed, _reply("k"), NOW)


def test_threads_and_stores_agree_on_who_is_first(tmp_path: Path) -> None:
    with open_store(tmp_path) as one, open_store(tmp_path) as other:
        stores = [one, other]
        news = _at_once(8, lambda number: _record(stores[number % 2], "k"))
        assert sorted(news) == [False] * 7 + [True]
        claims = _at_once(8, lambda number: stores[number % 2].inbox.claim(NOW, LEASE))
        [mine] = [claim for claim in claims if claim is not None]
        ends = _at_once(8, lambda number: stores[number % 2].inbox.finish(mine, _reply("k"), NOW))
        assert sorted(ends) == [False] * 7 + [True]


def test_many_requests_are_shared_out_without_overlap(tmp_path: Path) -> None:
    with open_store(tmp_path) as one, open_store(tmp_path) as other:
        keys = [f"k{number:02}" for number in range(24)]
        for key in keys:
            _record(one, key, at=datetime(2026, 4, 1, tzinfo=UTC))

        def take(number: int) -> list[str]:
            taken = []
            while (claim := [one, other][number % 2].inbox.claim(NOW, LEASE)) is not None:
                taken.append(claim.key)
            return taken

        assert sorted(key for taken in _at_once(6, take) for key in taken) == keys
