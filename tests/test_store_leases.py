"""Leases that are out as the clock is put back: who holds one has another, and no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Desk
from bot.feeds.following import feed_of, key_of
from bot.gather.feeds import Listed
from bot.models import LOCAL, Digest, Outgoing, Times
from bot.settings import Settings
from bot.store.outbox import AHEAD
from bot.store.store import Store
from bot.work.tasks import shared
from tests.arrivals import NOW, open_store

pytestmark = pytest.mark.usefixtures("each_store")

HOUR, LEASE = timedelta(hours=1), timedelta(minutes=1)
MOMENT = timedelta(seconds=1)
LONG_AGO = NOW - timedelta(days=2)
"""When all was due, by either clock."""

BACK = NOW - HOUR


def _item(key: str, due: datetime = LONG_AGO) -> Outgoing:
    whole: dict[str, Any] = {"workspace": "T1", "kind": "notice", "place": f"C-{key}"}
    return Outgoing(**whole, key=key, content={"said": "Rain."}, due_at=due)


def _digest(store: Store) -> None:
    times = Times(often="daily", at=(time(8),), tz="UTC")
    new = Digest(
        workspace=LOCAL, id=0, team="T1", place="C1", room="C1", person="U1", times=times,
        since=LONG_AGO, due=LONG_AGO,
    )  # fmt: skip
    store.digests.put(new)


def _claims(store: Store) -> dict[str, Callable[[datetime], object]]:
    """What each kind of work is claimed by, of which there is one piece."""
    store.inbox.record("T1", "message", "k", {"text": "x"}, LONG_AGO)
    store.outbox.put([_item("a")], LONG_AGO)
    _digest(store)
    feed = feed_of(Listed("https://example.org/feed"), workspace=LOCAL, now=LONG_AGO)
    assert store.feeds.add(feed, key_of(feed.url))
    return {
        "request": lambda now: store.inbox.claim(now, LEASE),
        "message": lambda now: store.outbox.claim(now, LEASE),
        "digest": lambda now: store.digests.claim(now, LEASE),
        "feed": lambda now: store.feeds.claim(now, LEASE),
    }


def _given(claims: dict[str, Callable[[datetime], object]], now: datetime) -> list[str]:
    return [name for name, claim in claims.items() if claim(now)]


def test_who_died_before_the_clock_was_put_back_is_waited_for_one_lease_more(
    tmp_path: Path,
) -> None:
    with open_store(tmp_path) as store:
        claims = _claims(store)
        assert _given(claims, NOW) == [*claims]
        assert _given(claims, BACK + LEASE + MOMENT) == []
        assert store.maintenance.reset_leases(BACK, LEASE) == len(claims)
        assert store.maintenance.reset_leases(BACK + MOMENT, LEASE) == 0
        assert _given(claims, BACK + LEASE - MOMENT) == []
        assert _given(claims, BACK + LEASE + MOMENT) == [*claims]


@pytest.mark.parametrize("ahead", [timedelta(0), AHEAD - MOMENT])
def test_a_clock_that_is_a_little_behind_shortens_nobody_s_lease(
    tmp_path: Path, ahead: timedelta
) -> None:
    with open_store(tmp_path) as store:
        assert _given(_claims(store), NOW)
        assert store.maintenance.reset_leases(NOW - ahead, LEASE) == 0


def test_what_was_to_be_posted_at_once_does_not_wait_for_its_time_to_come_again(
    tmp_path: Path,
) -> None:
    """What was meant for later does, as for the end of somebody's night."""
    with open_store(tmp_path) as store:
        store.outbox.put([_item("now", NOW), _item("later", NOW + timedelta(minutes=5))], NOW)
        assert store.outbox.claim(BACK, LEASE) == []
        assert store.maintenance.reset_leases(BACK, LEASE) == 1
        assert [one.key for one in store.outbox.claim(BACK, LEASE)] == ["now"]


@pytest.mark.sqlite
def test_a_process_at_work_looks_for_them(tmp_path: Path) -> None:
    """By its own clock; beside PostgreSQL by the server's."""
    desk = Desk.open(tmp_path)
    claims = _claims(desk.store)
    assert _given(claims, NOW) == [*claims]
    for look in shared(desk, Settings(_env_file=None), lambda: BACK):
        if look.name == "leases":
            look.take()
    assert _given(claims, BACK + LEASE + MOMENT) == [*claims]
    desk.close()
