"""A year of digests in twelve zones, with processes that die wherever they can: each due digest
is posted once, none is missing, none comes twice, and no story is told twice.

The store is real; Slack is a list, in which a post whose confirmation was lost is found again.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.desk import DATABASE, INDEX, Desk
from bot.digests.issuing import DigestSender
from bot.digests.schedule import due_times, next_due
from bot.match.gazetteer import load
from bot.models import LOCAL, Digest, DigestIssue, Times
from bot.search.index import PassageIndex
from bot.store.store import Store
from tests import databases
from tests.arrivals import arrival
from tests.test_digests_schedule import ZONES

BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
LEASE = timedelta(seconds=60)
AWAY = timedelta(minutes=10)
"""For how long a process that died is away at most: many in a row are less than an age."""


class Died(BaseException):
    """Nothing that runs may catch it."""


class World:
    """One process after another over one store, and Slack."""

    def __init__(self, desk: Desk, seed: int, deadly: float) -> None:
        self.desk = desk
        self.now = BEGIN
        self.posts: dict[str, dict[str, Any]] = {}
        self.twice: list[str] = []
        self.deaths: Counter[str] = Counter()
        self._chance = random.Random(seed)  # noqa: S311 - it decides nothing secret
        self._deadly = deadly
        digests = desk.store.digests
        self._claim, self._finish = digests.claim, digests.finish

    def maybe(self, where: str) -> None:
        if self._chance.random() < self._deadly:
            self.deaths[where] += 1
            raise Died

    def deadly(self, call: Callable[..., Any], name: str) -> Callable[..., Any]:
        def dying(*args: Any, **more: Any) -> Any:
            self.maybe(f"before {name}")
            done = call(*args, **more)
            self.maybe(f"after {name}")
            return done

        return dying

    def run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        digests = self.desk.store.digests
        monkeypatch.setattr(digests, "claim", self.deadly(self._claim, "claim"))
        monkeypatch.setattr(digests, "finish", self.deadly(self._finish, "finish"))
        while (due := digests.next_due()) is not None and max(due, self.now) < END:
            self.now = max(self.now, due) + timedelta(seconds=self._chance.randrange(90))
            try:
                self.work()
            except Died:
                self.now += LEASE + AWAY * self._chance.random()
        self._deadly = 0
        self.now += 2 * LEASE
        self.work()

    def work(self) -> None:
        sender = DigestSender(self.desk, now=lambda: self.now)
        while sender.look():
            pass
        while items := self.desk.store.outbox.claim(self.now, LEASE):
            for item in items:
                self.maybe("before posting")
                if item.attempts == 1 or item.key not in self.posts:
                    if item.key in self.posts:
                        self.twice.append(item.key)
                    self.posts[item.key] = item.content
                self.maybe("before it is confirmed")
                assert self.desk.store.outbox.sent(item, "1.1", self.now)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeded")
    at(folder).close()
    return folder


@pytest.fixture
def folders(tmp_path: Path, seeded: Path) -> Callable[[], Path]:
    numbers = iter(range(100))
    return lambda: databases.copied(seeded, tmp_path / str(next(numbers)))


def at(folder: Path) -> Desk:
    store = Store.open(f"sqlite:///{folder / DATABASE}")
    return Desk(store, PassageIndex.open(folder / INDEX), load())


def set_up(desk: Desk, number: int, times: Times) -> Digest:
    digest, new = desk.store.digests.put(
        Digest(
            workspace=LOCAL,
            id=0,
            team="T1",
            place=f"C{number}",
            room=f"C{number}",
            person="U1",
            times=times,
            since=BEGIN,
            due=next_due(times, BEGIN),
        )
    )
    assert new
    return digest


# Weekly on the days on which clocks change, at the hours at which they do; every other way is
# looked at by a clock alone in test_digests_schedule. Nothing is made smaller: a year is long.
@settings(
    max_examples=1,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    seed=st.integers(0, 2**32),
    deadly=st.sampled_from((0.02, 0.05, 0.1)),
    hours=st.lists(st.integers(0, 7), min_size=12, max_size=12),
    weekday=st.sampled_from((6, 6, 5, 0)),
)
def test_a_year_of_digests(
    folders: Callable[[], Path], seed: int, deadly: float, hours: list[int], weekday: int
) -> None:
    desk = at(folders())
    chance = random.Random(seed)  # noqa: S311
    came = [BEGIN + timedelta(days=n * 13, hours=chance.randrange(24)) for n in range(25)]
    desk.store.commit(
        [
            arrival(f"a{n}", f"Word{n} other{n} thing{n} tale{n}.", published=when, first_seen=when)
            for n, when in enumerate(came)
        ],
        now=BEGIN,
    )
    digests = [
        set_up(
            desk,
            n,
            Times(
                often="weekly", at=(time(hours[n] // 2, hours[n] % 2 * 30),), weekday=weekday, tz=tz
            ),
        )
        for n, tz in enumerate(ZONES)
    ]
    world = World(desk, seed, deadly)
    with pytest.MonkeyPatch.context() as patch:
        world.run(patch)
    expected = {
        f"digest {LOCAL} {one.id} {due.isoformat()}"
        for one in digests
        for due in takewhile(lambda due: due < END, due_times(one.times, BEGIN))
    }
    assert {key for key in world.posts if key.split()[3] < END.isoformat()} == expected
    assert len(world.deaths) == 6  # everywhere
    assert world.twice == []
    for one in digests:
        mine = [v for k, v in world.posts.items() if k.startswith(f"digest {LOCAL} {one.id} ")]
        told = Counter(
            story.headline
            for content in mine
            for story in DigestIssue.model_validate(content).stories
        )
        assert max(told.values()) == 1
        assert len(told) == len(came)
    desk.close()
