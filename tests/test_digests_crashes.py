"""Digests of every kind in twelve zones, two processes, one of which dies wherever it can.

Over a whole year, each digest that is due is posted once: none is missing, and none comes twice.
What a digest says is made elsewhere (``test_digests_year``), so here it is made in no time; when
it is made, claimed, kept and sent is as it is in earnest, over a real store.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from itertools import takewhile
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.desk import DATABASE, Desk
from bot.digests import issuing
from bot.digests.issuing import DigestSender, IssueWithArticles
from bot.digests.schedule import due_times, next_due
from bot.models import LOCAL, Digest, DigestIssue, Often, Outgoing, Times
from bot.store.store import Store

ZONES = (
    "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "Antarctica/Troll",
    "Africa/Cairo", "America/Santiago", "Australia/Sydney", "Europe/London",
    "America/New_York", "Asia/Kathmandu", "America/Havana", "Pacific/Chatham",
)  # fmt: skip
KINDS: tuple[Often, ...] = ("daily", "weekdays", "weekly", "twice")
LEASE = timedelta(seconds=60)
AWAY = timedelta(minutes=10)
"""For how long all are away at most; many in a row are less than an age."""

POINTS = {
    "before claim", "after claim", "while it is made", "before finish", "after finish",
    "before it is posted", "after it is posted", "after it is confirmed",
}  # fmt: skip


class Died(BaseException):
    """Nothing that runs may catch it."""


class World:
    """Two processes over one store, and Slack, where a post is found again by its key."""

    def __init__(self, store: Store, begin: datetime, end: datetime, seed: int) -> None:
        self.store = store
        self.now, self.end = begin, end
        self.posts: Counter[str] = Counter()
        self.deaths: Counter[str] = Counter()
        self.deadly = 0.02
        self.chance = random.Random(seed)  # noqa: S311 - it decides nothing secret
        desk = cast("Desk", SimpleNamespace(store=store))
        self.sender = DigestSender(desk, now=lambda: self.now)

    def maybe(self, where: str) -> None:
        if self.chance.random() < self.deadly:
            self.deaths[where] += 1
            raise Died

    def dying(self, call: Callable[..., Any], name: str) -> Callable[..., Any]:
        def done(*args: Any, **more: Any) -> Any:
            self.maybe(f"before {name}")
            found = call(*args, **more)
            self.maybe(f"after {name}")
            return found

        return done

    def make_issue(self, _desk: Desk, of: Digest, now: datetime) -> IssueWithArticles:
        self.maybe("while it is made")
        whole = {"digest": of.id, "label": "x", "times": "x", "tz": of.times.tz}
        return IssueWithArticles(
            DigestIssue.model_validate(whole | {"since": of.since, "due": now, "total": 1}), []
        )

    def run(self) -> None:
        digests = self.store.digests
        while (due := digests.next_due()) is not None and max(due, self.now) < self.end:
            self.now = max(self.now, due) + timedelta(seconds=self.chance.randrange(90))
            self.work()
        self.deadly = 0
        self.now += 2 * LEASE
        self.work()

    def work(self) -> None:
        """One process works; where it dies, the other looks at once, and again after the lease."""
        for wait in (timedelta(0), LEASE, LEASE + AWAY * self.chance.random()):
            try:
                while self.sender.look():
                    pass
                while items := self.store.outbox.claim(self.now, LEASE):
                    for item in items:
                        self.send(item)
            except Died:
                self.now += wait
            else:
                return

    def send(self, item: Outgoing) -> None:
        self.maybe("before it is posted")
        if item.attempts == 1 or item.key not in self.posts:
            self.posts[item.key] += 1
        self.maybe("after it is posted")
        assert self.store.outbox.sent(item, "1.1", self.now)
        self.maybe("after it is confirmed")


def times_of(chance: random.Random, often: Often, tz: str) -> Times:
    """Mostly at the hours at which clocks change."""
    quarters = sorted(chance.sample(range(18), 2)) if chance.random() < 0.8 else (33, 75)
    at = tuple(time(n // 4, n % 4 * 15) for n in quarters)
    weekday = chance.choice((6, 6, 5, 0, 3))
    return Times(often=often, at=at if often == "twice" else at[:1], weekday=weekday, tz=tz)


def set_up(store: Store, number: int, times: Times, begin: datetime) -> Digest:
    place = f"C{number}"
    whole: dict[str, Any] = {"workspace": LOCAL, "id": 0, "team": "T1", "person": "U1"}
    whole |= {"place": place, "room": place, "times": times, "since": begin}
    return store.digests.put(Digest(**whole, due=next_due(times, begin)))[0]


def on(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}-01-01"[:10]).replace(tzinfo=UTC)


def unsynced(store: Store) -> None:
    """Processes die here, machines do not: nothing need reach the disk at once."""
    writer = store._engines.writer
    if writer.dialect.name == "sqlite":
        connection = writer.raw_connection()
        connection.cursor().execute("PRAGMA synchronous = OFF")
        connection.close()


# At the end of 2011 Samoa left out a day.
@pytest.mark.parametrize(
    ("since", "until", "seed"), [("2026", "2027", 26), ("2011-12", "2012", 11)]
)
def test_each_due_digest_comes_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, since: str, until: str, seed: int
) -> None:
    begin, end = on(since), on(until)
    with Store.open(f"sqlite:///{tmp_path / DATABASE}") as store:
        unsynced(store)
        world = World(store, begin, end, seed)
        digests = [
            set_up(store, n, times_of(world.chance, KINDS[(n + seed) % 4], tz), begin)
            for n, tz in enumerate(ZONES)
        ]
        monkeypatch.setattr(issuing, "make_issue", world.make_issue)
        for name in ("claim", "finish"):
            call = getattr(store.digests, name)
            monkeypatch.setattr(store.digests, name, world.dying(call, name))
        world.run()
    expected = {
        f"digest {LOCAL} {one.id} {due.isoformat()}"
        for one in digests
        for due in takewhile(lambda due: due < end, due_times(one.times, begin))
    }
    assert {key for key in world.posts if key.split()[3] < end.isoformat()} == expected
    assert set(world.posts.values()) == {1}
    assert set(world.deaths) == POINTS or len(world.posts) < 1_000
