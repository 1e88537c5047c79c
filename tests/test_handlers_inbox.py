"""The durable path of a request, over a real store: only the work and the clock are ours."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.errors import StoreUnavailable
from bot.models import Request, SentReply
from bot.store.store import Store
from handlers.errors import NotNow, Undeliverable, reference
from handlers.inbox import ATTEMPTS, STALE, Inbox, _storable

pytestmark = pytest.mark.usefixtures("each_store")

LEASE = timedelta(seconds=30)


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 4, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_lease(self) -> None:
        self.at += LEASE + timedelta(seconds=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/dragoman.db") as opened:
        yield opened


class Worker:
    """Work that notes what it was given; ``then`` decides how it goes."""

    def __init__(self, then: Callable[[Request], Awaitable[None]] | None = None) -> None:
        self.seen: list[Request] = []
        self.then = then

    async def __call__(self, request: Request) -> SentReply:
        self.seen.append(request)
        if self.then is not None:
            await self.then(request)
        return SentReply(
            workspace=request.workspace,
            surface=request.surface,
            request=request.key,
            place="C1",
            person="U1",
            query=str(request.payload["text"]),
            as_of=request.received_at,
            sent_at=request.received_at,
        )


@asynccontextmanager
async def running(
    store: Store, worker: Worker, clock: Clock, *, at_once: int = 8, grace: float = 5.0
) -> AsyncIterator[Inbox]:
    inbox = Inbox(store, worker, lease=LEASE, at_once=at_once, now=clock, poll_seconds=0.01)
    inbox.start()
    try:
        yield inbox
    finally:
        await inbox.stop(grace)


async def until(true: Callable[[], Any]) -> None:
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110 - what is waited for is in the store or a log
            await asyncio.sleep(0.005)


def seen(worker: Worker, n: int) -> bool:
    return len(worker.seen) == n


async def settle() -> None:
    """Give a worker the time for several more looks at the store."""
    await asyncio.sleep(0.08)


async def take(inbox: Inbox, key: str = "k") -> bool:
    return await inbox.take("T1", "message", key, {"text": f"about {key}"})


async def test_a_request_is_worked_on_once_and_its_reply_kept(store: Store) -> None:
    worker, clock = Worker(), Clock()
    async with running(store, worker, clock) as inbox:
        assert await take(inbox) is True
        assert await take(inbox) is False
        await until(lambda: store.inbox.reply("T1", "message", "k"))
        clock.pass_lease()
        await settle()
    assert [request.key for request in worker.seen] == ["k"]
    kept = store.inbox.reply("T1", "message", "k")
    assert kept is not None
    assert kept.query == "about k"


async def test_what_was_taken_in_before_is_worked_on_after(store: Store) -> None:
    clock, resting = Clock(), Worker()
    before = Inbox(store, resting, lease=LEASE, now=clock)
    await take(before)
    await before.stop()
    worker = Worker()
    async with running(store, worker, clock):
        await until(lambda: store.inbox.reply("T1", "message", "k"))
    assert resting.seen == []
    assert len(worker.seen) == 1


async def test_a_worker_that_died_loses_its_request_to_another(store: Store) -> None:
    clock, worker = Clock(), Worker()
    dead = store.inbox.claim(clock(), LEASE)
    assert dead is None
    store.inbox.record("T1", "message", "k", {"text": "x"}, clock())
    assert store.inbox.claim(clock(), LEASE) is not None
    async with running(store, worker, clock):
        await settle()
        assert worker.seen == [], "the lease still holds"
        clock.pass_lease()
        await until(lambda: store.inbox.reply("T1", "message", "k"))
    assert worker.seen[0].attempts == 2


async def test_stopping_waits_for_what_is_being_worked_on(store: Store) -> None:
    begun = asyncio.Event()

    async def slowly(_: Request) -> None:
        begun.set()
        await asyncio.sleep(0.05)

    async with running(store, Worker(slowly), Clock()) as inbox:
        await take(inbox)
        await begun.wait()
    assert store.inbox.reply("T1", "message", "k") is not None


async def test_stopping_gives_back_what_takes_too_long(store: Store) -> None:
    begun, clock = asyncio.Event(), Clock()

    async def for_ever(_: Request) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with running(store, Worker(for_ever), clock, grace=0.01) as inbox:
        await take(inbox)
        await begun.wait()
    again = store.inbox.claim(clock(), LEASE)
    assert again is not None, "it need not wait for its lease"
    assert again.key == "k"


async def test_who_takes_longer_than_the_lease_is_stopped_whatever_the_clock_says(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock was put back, by which there would be an hour left: another has its turn."""
    short, clock, ended = timedelta(seconds=2), Clock(), asyncio.Event()
    claim_some, jumping = store.inbox.claim_some, threading.Lock()

    def claiming(_: datetime, lease: timedelta, limit: int) -> list[Request]:
        # Not by an instant that was read before the clock was put back.
        with jumping:
            return claim_some(clock(), lease, limit)

    monkeypatch.setattr(store.inbox, "claim_some", claiming)

    async def for_ever(request: Request) -> None:
        if request.attempts > 1:
            assert ended.is_set(), "two are at it"
            return
        try:
            with jumping:
                clock.at -= timedelta(hours=1)
                assert store.maintenance.reset_leases(clock(), short) == 1
            await asyncio.Event().wait()
        finally:
            ended.set()

    worker = Worker(for_ever)
    inbox = Inbox(store, worker, lease=short, now=clock, poll_seconds=0.01)
    inbox.start()
    await take(inbox)
    await until(ended.is_set)
    clock.pass_lease()
    await until(lambda: store.inbox.reply("T1", "message", "k"))
    await inbox.stop()
    assert [request.attempts for request in worker.seen] == [1, 2]


async def test_what_takes_too_long_each_time_is_given_up(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    short, clock = timedelta(seconds=0.05), Clock()

    async def for_ever(_: Request) -> None:
        await asyncio.Event().wait()

    def said_so(n: int) -> bool:
        return caplog.text.count("no time left") == n

    inbox = Inbox(store, Worker(for_ever), lease=short, now=clock, poll_seconds=0.01)
    inbox.start()
    await take(inbox)
    for n in range(1, ATTEMPTS + 1):
        await until(partial(said_so, n))
        clock.pass_lease()
    await until(lambda: "is given up: no answer after" in caplog.text)
    await inbox.stop()


async def test_what_slack_does_not_take_now_waits_for_its_lease(store: Store) -> None:
    async def refused_once(request: Request) -> None:
        if request.attempts == 1:
            raise NotNow("Slack is away.")

    clock, worker = Clock(), Worker(refused_once)
    async with running(store, worker, clock) as inbox:
        await take(inbox)
        await until(lambda: worker.seen)
        await settle()
        assert len(worker.seen) == 1
        clock.pass_lease()
        await until(lambda: store.inbox.reply("T1", "message", "k"))
    assert [request.attempts for request in worker.seen] == [1, 2]


async def test_slack_may_be_away_for_long_and_a_request_is_given_up_at_last(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async def refused(_: Request) -> None:
        raise NotNow("Slack is away.")

    clock, worker = Clock(), Worker(refused)
    async with running(store, worker, clock) as inbox:
        await take(inbox)
        for n in range(1, 2 * ATTEMPTS):
            await until(partial(seen, worker, n))
            await settle()
            clock.pass_lease()
        assert "is given up" not in caplog.text
        clock.at += STALE
        await until(lambda: "is given up" in caplog.text)
    # Each but the first looks whether the one before got through after all.
    assert [request.attempts for request in worker.seen[:3]] == [1, 2, 2]
    assert reference(worker.seen[0]) in caplog.text


async def test_what_everybody_dies_over_is_given_up(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    clock, worker = Clock(), Worker()
    store.inbox.record("T1", "message", "k", {"text": "x"}, clock())
    for _ in range(ATTEMPTS):
        assert store.inbox.claim(clock(), LEASE) is not None
        clock.pass_lease()
    async with running(store, worker, clock):
        await until(lambda: "is given up" in caplog.text)
    assert worker.seen == []


FINAL = [
    (Undeliverable("Slack refused it: is_archived."), "is_archived"),
    (ZeroDivisionError("boom"), "Traceback"),
]


@pytest.mark.parametrize(("error", "logged"), FINAL)
async def test_what_fails_for_good_is_not_tried_again(
    store: Store, error: Exception, logged: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(request: Request) -> None:
        if request.key == "bad":
            raise error

    clock, worker = Clock(), Worker(fail)
    async with running(store, worker, clock) as inbox:
        await take(inbox, "bad")
        await take(inbox, "good")
        await until(lambda: store.inbox.reply("T1", "message", "good"))
        await until(lambda: "is given up" in caplog.text)
        clock.pass_lease()
        await settle()
    assert sorted(request.key for request in worker.seen) == ["bad", "good"]
    assert logged in caplog.text
    assert store.inbox.reply("T1", "message", "bad") is None


async def test_a_store_that_fails_for_a_while_is_asked_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(*_: object, **__: object) -> None:
        raise StoreUnavailable("The store is busy.")

    clock, worker = Clock(), Worker()
    with monkeypatch.context() as broken:
        broken.setattr(store.inbox, "claim_some", unavailable)
        async with running(store, worker, clock) as inbox:
            await take(inbox)
            await settle()
            assert worker.seen == []
            broken.undo()
            await until(lambda: store.inbox.reply("T1", "message", "k"))


async def test_an_answer_already_sent_is_noted_when_the_store_is_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish, calls = store.inbox.finish, []

    def hesitant(*args: Any) -> bool:
        calls.append(args)
        if len(calls) < 3:
            raise StoreUnavailable("The store is busy.")
        return finish(*args)

    monkeypatch.setattr(store.inbox, "finish", hesitant)
    worker = Worker()
    async with running(store, worker, Clock()) as inbox:
        await take(inbox)
        await until(lambda: store.inbox.reply("T1", "message", "k"))
    assert len(worker.seen) == 1


async def test_no_more_than_so_many_at_once(store: Store) -> None:
    busy, most = 0, 0
    gate = asyncio.Event()

    async def count(_: Request) -> None:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await gate.wait()
        busy -= 1

    worker = Worker(count)
    async with running(store, worker, Clock(), at_once=2) as inbox:
        for n in range(5):
            await take(inbox, f"k{n}")
        await until(lambda: len(worker.seen) == 2)
        await settle()
        gate.set()
        await until(lambda: len(worker.seen) == 5)
    assert most == 2


async def test_an_ack_does_not_wait_for_answers(store: Store) -> None:
    gate = asyncio.Event()

    async def wait(_: Request) -> None:
        await gate.wait()

    worker = Worker(wait)
    async with running(store, worker, Clock(), at_once=1) as inbox:
        for n in range(4):
            assert await take(inbox, f"k{n}")
        await until(lambda: len(worker.seen) == 1)
        gate.set()
        await until(lambda: len(worker.seen) == 4)


@pytest.mark.parametrize("turns", range(6))
async def test_it_stops_at_whatever_moment_a_request_comes_in(store: Store, turns: int) -> None:
    inbox = Inbox(store, Worker(), lease=LEASE, now=Clock(), poll_seconds=3600)
    inbox.start()
    await asyncio.sleep(0.1)  # by now it sleeps, for want of requests
    await inbox.take("T1", "message", "k", {"text": "Qatar"})
    for _ in range(turns):
        await asyncio.sleep(0)
    async with asyncio.timeout(20):
        await inbox.stop()


def test_what_no_store_keeps_is_not_written_down() -> None:
    kept = {"text": "Qatar", "n": 1, "values": [["a"], {"b": None}]}
    assert _storable(kept) is kept
    odd = {"te\x00xt": "Qatar\x00\ud800", "values": [["a\x00"], {"b": "\x00"}], "said": "\\u0000"}
    clean = {"te xt": "Qatar ?", "values": [["a "], {"b": " "}], "said": "\\u0000"}
    assert _storable(odd) == clean
    assert _storable({"value": '{"q": "a\\u0000b"}'}) == {"value": '{"q": "a b"}'}
