"""Whose turn it is in a place, and who posts there, through all processes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from tests.arrivals import NOW, open_store

pytestmark = pytest.mark.usefixtures("each_store")

TEAM = "T1"
SECOND = timedelta(seconds=1)
LEASE = 15 * SECOND
LOOK = timedelta(seconds=0.25)


def test_the_turns_of_a_place_are_apart_in_all_processes(tmp_path: Path) -> None:
    with open_store(tmp_path) as first, open_store(tmp_path) as second:
        turns = [
            store.pacing.turn(TEAM, "C1", NOW, SECOND, NOW + LEASE)
            for store in (first, second, first)
        ]
        assert turns == [(NOW, True), (NOW + SECOND, True), (NOW + 2 * SECOND, True)]
        assert second.pacing.turn(TEAM, "C2", NOW, SECOND, NOW) == (NOW, True)
        assert first.pacing.turn("T2", "C1", NOW, SECOND, NOW) == (NOW, True)
        late = NOW + 10 * SECOND
        assert first.pacing.turn(TEAM, "C1", late, SECOND, late) == (late, True)


def test_a_turn_that_comes_too_late_is_not_taken(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.pacing.hold(TEAM, "C1", NOW, NOW + 5 * SECOND)
        store.pacing.hold(TEAM, "C1", NOW, NOW + SECOND)
        then = NOW + 5 * SECOND
        for _ in range(2):
            assert store.pacing.turn(TEAM, "C1", NOW, SECOND, NOW + SECOND) == (then, False)
        assert store.pacing.turn(TEAM, "C1", NOW, SECOND, then) == (then, True)


def test_one_posts_at_a_time_and_rests_when_it_has_arrived(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, open_store(tmp_path) as other:
        begin = other.pacing.begin
        assert store.pacing.begin(TEAM, "C1", NOW, LEASE, LOOK) is None
        assert begin(TEAM, "C1", NOW, LEASE, LOOK) == NOW + LOOK
        assert begin(TEAM, "C2", NOW, LEASE, LOOK) is None
        arrived = NOW + 3 * SECOND
        store.pacing.end(TEAM, "C1", arrived, SECOND)
        assert begin(TEAM, "C1", arrived, LEASE, LOOK) == arrived + SECOND
        assert begin(TEAM, "C1", arrived + SECOND, LEASE, LOOK) is None
        assert store.pacing.turn(TEAM, "C1", arrived, SECOND, NOW + LEASE)[0] >= arrived + SECOND


def test_a_hold_outlasts_the_rest_and_holds_who_has_a_turn(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        pacing = store.pacing
        assert pacing.begin(TEAM, "C1", NOW, LEASE, LOOK) is None
        pacing.hold(TEAM, "C1", NOW, NOW + 30 * SECOND)
        pacing.end(TEAM, "C1", NOW, SECOND)
        assert pacing.begin(TEAM, "C1", NOW + SECOND, LEASE, LOOK) == NOW + 30 * SECOND
        assert pacing.begin(TEAM, "C1", NOW + 30 * SECOND, LEASE, LOOK) is None


def test_who_died_over_posting_is_waited_for_no_longer_than_the_lease(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert store.pacing.begin(TEAM, "C1", NOW, LEASE, LOOK) is None
        last = NOW + LEASE - timedelta(seconds=0.1)
        assert store.pacing.begin(TEAM, "C1", last, LEASE, LOOK) == NOW + LEASE
        assert store.pacing.begin(TEAM, "C1", NOW + LEASE, LEASE, LOOK) is None


def test_of_many_at_once_one_begins(tmp_path: Path) -> None:
    with open_store(tmp_path) as one, open_store(tmp_path) as other, ThreadPoolExecutor(8) as pool:
        stores = [one, other] * 8
        begun = pool.map(lambda store: store.pacing.begin(TEAM, "C1", NOW, LEASE, LOOK), stores)
        assert list(begun).count(None) == 1
