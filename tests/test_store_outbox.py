"""What is posted unasked: put once, claimed by one, in the order of its place, sent once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.models import Outgoing
from bot.store import outbox
from bot.store.store import Store
from tests.arrivals import NOW, open_store
from tests.unsent import unsent

pytestmark = pytest.mark.usefixtures("each_store")

TEAM = "T1"
LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)


def _item(key: str, place: str = "C1", *, due: datetime = NOW, workspace: str = TEAM) -> Outgoing:
    return Outgoing(
        workspace=workspace,
        key=key,
        kind="notice",
        place=place,
        content={"said": f"☂ {key}"},
        due_at=due,
    )


def _keys(items: list[Outgoing]) -> list[str]:
    return [item.key for item in items]


def _put_and_fail(store: Store) -> None:
    with store._write() as connection:
        outbox.put(connection, [_item("a")], NOW)
        raise ZeroDivisionError


def test_a_message_is_put_once_sent_or_not(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert store.outbox.put([_item("a"), _item("b"), _item("a", "C9")], NOW) == 2
        assert store.outbox.put([_item("a", workspace="T2")], NOW) == 1
        assert unsent(store, TEAM) == [_item("a"), _item("b")]
        (first, _) = store.outbox.claim(NOW, LEASE)
        assert store.outbox.sent(first, "1.1", NOW)
        assert store.outbox.put([_item("a")], NOW) == 0
        assert _keys(unsent(store, TEAM)) == ["b"]
        assert store.outbox.ended(TEAM, "a") == ("sent", "1.1")
        assert store.outbox.ended(TEAM, "b") is None


def test_what_is_put_with_another_write_stands_or_falls_with_it(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        with pytest.raises(ZeroDivisionError):
            _put_and_fail(store)
        assert unsent(store, TEAM) == []
        with store._write() as connection:
            assert outbox.put(connection, [_item("a")], NOW) == 1
        assert _keys(unsent(store, TEAM)) == ["a"]


def test_what_is_claimed_is_what_was_put(tmp_path: Path) -> None:
    whole = _item("a").model_copy(
        update={"thread": "1.0", "owner": "U1", "expires_at": NOW + LEASE, "kind": "digest"}
    )
    with open_store(tmp_path) as store:
        store.outbox.put([whole], NOW)
        (claimed,) = store.outbox.claim(NOW, LEASE)
        assert claimed == whole.model_copy(update={"attempts": 1, "lease_until": NOW + LEASE})


def test_nothing_is_claimed_before_it_is_due(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.outbox.put([_item("a", due=NOW + SECOND)], NOW)
        assert store.outbox.claim(NOW, LEASE) == []
        assert _keys(store.outbox.claim(NOW + SECOND, LEASE)) == ["a"]


def test_a_place_gets_its_messages_in_order_and_one_at_a_time(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.outbox.put([_item("b", due=NOW - SECOND), _item("a"), _item("c", "C2")], NOW)
        first, other = store.outbox.claim(NOW, LEASE)
        assert (first.key, other.key) == ("b", "c")
        assert store.outbox.claim(NOW, LEASE) == []
        assert store.outbox.sent(first, "1.1", NOW)
        assert _keys(store.outbox.claim(NOW, LEASE)) == ["a"]


def test_the_limit_is_of_the_oldest(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        for n in range(5):
            store.outbox.put([_item(f"k{n}", f"C{n}", due=NOW - n * SECOND)], NOW)
        assert _keys(store.outbox.claim(NOW, LEASE, 2)) == ["k4", "k3"]


def test_who_lost_the_lease_ends_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.outbox.put([_item("a")], NOW)
        (slow,) = store.outbox.claim(NOW, LEASE)
        assert store.outbox.claim(NOW + LEASE, LEASE) == []
        (quick,) = store.outbox.claim(NOW + LEASE + SECOND, LEASE)
        assert quick.attempts == 2
        assert not store.outbox.sent(slow, "1.1", NOW)
        assert not store.outbox.failed(slow, "no", NOW)
        assert not store.outbox.give_back(slow, NOW)
        assert store.outbox.failed(quick, "gone", NOW)
        assert store.outbox.ended(TEAM, "a") == ("failed", "gone")
        assert not store.outbox.sent(quick, "1.2", NOW)


def test_what_is_given_back_comes_again_and_holds_nobody_up(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.outbox.put([_item("a"), _item("b")], NOW)
        (first,) = store.outbox.claim(NOW, LEASE)
        assert store.outbox.give_back(first, NOW + 5 * SECOND)
        assert _keys(store.outbox.claim(NOW, LEASE)) == ["b"]
        assert _keys(unsent(store, TEAM)) == ["b", "a"]


def test_of_many_one_gets_it(tmp_path: Path) -> None:
    with open_store(tmp_path) as first, open_store(tmp_path) as second:
        first.outbox.put([_item(f"k{n}", f"C{n}") for n in range(20)], NOW)
        stores: list[Store] = [first, second] * 10
        with ThreadPoolExecutor(8) as pool:
            claimed = list(pool.map(lambda store: store.outbox.claim(NOW, LEASE, 2), stores))
        counts = Counter(item.key for items in claimed for item in items)
        assert counts == Counter(f"k{n}" for n in range(20))
