"""What is posted unasked, at each point where a process may die, and where Slack refuses it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.desk import Desk
from bot.errors import StoreUnavailable
from bot.models import Alert, Alerted, Outgoing, Reason, Topic, Watch
from bot.store.outbox import Outbox
from handlers.outbox import LEASE
from handlers.sender import OUTGOING_EVENT
from tests.replies import line
from tests.slack import DIRECT, ROOM, YOU, app_for, said, serving
from tests.workspace import LocalWorkspace

pytest_plugins = ["tests.slack_fixtures"]

TEAM = "T-of-outbox"


class Clock:
    """The time, and what is added to it."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def item(key: str, place: str = ROOM, **more: Any) -> Outgoing:
    values = {
        "content": {"said": f"Words of {key}."},
        "due_at": datetime.now(UTC),
        "kind": "notice",
    }
    return Outgoing(workspace=TEAM, key=key, place=place, **(values | more))


@asynccontextmanager
async def at_work(far: LocalWorkspace, desk: Desk, clock: Clock) -> AsyncIterator[None]:
    async with serving(app_for(far, desk, now=clock.now)) as url:
        far.connect(url)
        yield


def put(desk: Desk, *items: Outgoing) -> None:
    desk.store.outbox.put(items, datetime.now(UTC))


def posts(far: LocalWorkspace) -> list[Any]:
    return [call for call in far.calls if call.method == "chat.postMessage"]


async def ended(desk: Desk, key: str) -> tuple[str, str | None]:
    for _ in range(1000):
        if (found := desk.store.outbox.ended(TEAM, key)) is not None:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"{key} waits still")


async def logged(caplog: pytest.LogCaptureFixture, word: str) -> None:
    for _ in range(1000):
        if word in caplog.text:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"no {word} in the log")


async def test_it_is_posted_with_its_key_by_whichever_of_two(
    far: LocalWorkspace, desk: Desk
) -> None:
    async with at_work(far, desk, Clock()), at_work(far, desk, Clock()):
        put(desk, *(item(f"once-{n}", (ROOM, YOU)[n % 2]) for n in range(6)))
        for n in range(6):
            assert (await ended(desk, f"once-{n}"))[0] == "sent"
    told = [m["text"] for m in (*said(far, ROOM), *said(far, DIRECT))]
    assert sorted(told) == [f"Words of once-{n}." for n in range(6)]
    assert [m["text"] for m in said(far, ROOM)] == [f"Words of once-{n}." for n in (0, 2, 4)]
    metadata = posts(far)[0].args["metadata"]
    assert metadata["event_type"] == OUTGOING_EVENT
    assert metadata["event_payload"]["key"].startswith("once-")


async def test_who_dies_before_posting_leaves_it_to_the_next(
    far: LocalWorkspace, desk: Desk
) -> None:
    put(desk, item("before"))
    assert desk.store.outbox.claim(datetime.now(UTC), LEASE)
    clock = Clock()
    clock.ahead = LEASE + timedelta(seconds=1)
    async with at_work(far, desk, clock):
        assert (await ended(desk, "before"))[0] == "sent"
    assert len(said(far, ROOM)) == 1
    assert "conversations.history" in [call.method for call in far.calls]


@pytest.mark.parametrize("place", [ROOM, YOU])
async def test_a_post_whose_confirmation_was_lost_is_found(
    far: LocalWorkspace, desk: Desk, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """The process dies when Slack has the message: with its answer, or before the store has it."""
    key = f"lost-{place}"
    put(desk, item(key, place))
    real = Outbox.sent
    dying = True

    def sent(self: Outbox, one: Outgoing, ts: str | None, now: datetime) -> bool:
        if dying:
            raise StoreUnavailable("The store is away.")
        return real(self, one, ts, now)

    monkeypatch.setattr(Outbox, "sent", sent)
    clock = Clock()
    async with at_work(far, desk, clock):
        await far.wait(lambda: len(posts(far)) == 1)
    dying, clock.ahead = False, LEASE + timedelta(seconds=5)
    async with at_work(far, desk, clock):
        state, ts = await ended(desk, key)
    (message,) = said(far, DIRECT if place == YOU else ROOM)
    assert (state, ts) == ("sent", message["ts"])
    assert len(posts(far)) == 1


async def test_where_the_look_fails_for_now_nothing_is_posted_twice(
    far: LocalWorkspace, desk: Desk
) -> None:
    put(desk, item("look"))
    assert desk.store.outbox.claim(datetime.now(UTC), LEASE)
    far.refuse_next("conversations.history", "internal_error")
    clock = Clock()
    clock.ahead = LEASE + timedelta(seconds=1)
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async with serving(app_for(far, desk, now=clock.now, sleep=sleep)) as url:
        far.connect(url)
        assert (await ended(desk, "look"))[0] == "sent"
    assert [c.method for c in far.calls if c.method.startswith("conv")] == [
        "conversations.history"
    ] * 2
    assert waits == [0.5]


async def test_a_rate_limit_queues(far: LocalWorkspace, desk: Desk) -> None:
    """Slack asks for longer than the lease: nothing is lost, and nobody else is held up."""
    clock = Clock()
    far.refuse_next("chat.postMessage", "ratelimited", retry_after=300)
    async with at_work(far, desk, clock):
        put(
            desk,
            item("limited"),
            item("free", YOU, due_at=datetime.now(UTC) + timedelta(seconds=0.3)),
        )
        assert (await ended(desk, "free"))[0] == "sent"
        assert desk.store.outbox.ended(TEAM, "limited") is None
        clock.ahead = timedelta(seconds=301)
        assert (await ended(desk, "limited"))[0] == "sent"
    assert len(posts(far)) == 3


@pytest.mark.parametrize("word", ["channel_not_found", "not_in_channel", "is_archived"])
async def test_its_owner_hears_of_a_closed_place(
    far: LocalWorkspace, desk: Desk, word: str, caplog: pytest.LogCaptureFixture
) -> None:
    far.refuse_next("chat.postMessage", word)
    key = f"closed-{word}"
    async with at_work(far, desk, Clock()):
        put(desk, item(key, owner=YOU))
        assert (await ended(desk, key)) == (
            "failed",
            f"Slack refused chat.postMessage: {word}.",
        )
        await ended(desk, f"{key}:undelivered")
    (note,) = said(far, DIRECT)
    assert note["text"].startswith("I could not post your notice: Slack refused")
    assert f"<#{ROOM}>" in note["text"]
    reference = note["text"].split("reference ")[1].split(".")[0]
    assert any(reference in line and "given up" in line for line in caplog.messages)


async def test_without_a_good_token_it_waits(
    far: LocalWorkspace, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    far.refuse_next("chat.postMessage", "account_inactive")
    async with at_work(far, desk, clock):
        put(desk, item("inactive"))
        await logged(caplog, "account_inactive")
        assert desk.store.outbox.ended(TEAM, "inactive") is None
        clock.ahead = timedelta(minutes=6)
        assert (await ended(desk, "inactive"))[0] == "sent"


async def test_what_is_too_late_or_cannot_be_laid_out_is_given_up(
    far: LocalWorkspace, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    async with at_work(far, desk, Clock()):
        put(desk, item("late", expires_at=datetime.now(UTC) - timedelta(seconds=1)))
        put(desk, item("broken", content={}))
        assert await ended(desk, "late") == ("failed", "it is too late to send it")
        assert (await ended(desk, "broken"))[0] == "failed"
    assert said(far, ROOM) == []
    assert "KeyError" in caplog.text


async def test_the_pace_is_kept_through_two_processes(far: LocalWorkspace, desk: Desk) -> None:
    waits: list[float] = []

    at = datetime.now(UTC)
    clock = Clock()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        clock.ahead += timedelta(seconds=seconds)

    def now() -> datetime:
        return at + clock.ahead

    apps = [app_for(far, desk, gap=timedelta(seconds=1), now=now, sleep=sleep) for _ in "ab"]
    async with serving(apps[0]) as url, serving(apps[1]):
        far.connect(url)
        put(desk, *(item(f"pace-{n}", due_at=at) for n in range(4)))
        for n in range(4):
            await ended(desk, f"pace-{n}")
    assert waits == pytest.approx([1.0, 1.0, 1.0])


# --- alerts whose watches fell silent meanwhile -------------------------------------------


def follow(desk: Desk, name: str) -> int:
    """Have the channel follow an actor of that name; returns the number of the watch."""
    topic = Topic(actors=((f"state:{name}", name),))
    values = {"workspace": TEAM, "team": TEAM, "id": 0, "person": YOU, "typed": name}
    new = Watch(**values, place=ROOM, topic=topic, since=datetime.now(UTC))
    return desk.store.watches.add(new)[0].id


def alert_of(key: str, *watches: int) -> Outgoing:
    stories = [
        Alerted(
            story=f"s{n}",
            headline=f"{key} tells of {watch}",
            line=line(),
            articles=1,
            sources=1,
            reasons=(Reason(watch=watch, follows="Qatar", why="the title names it"),),
        )
        for n, watch in enumerate(watches)
    ]
    told = Alert(personal=False, tz="UTC", stories=tuple(stories))
    return item(key, kind="alert", content=told.model_dump(mode="json"))


@pytest.mark.parametrize("how", ["removed", "muted", "paused", "digest"])
async def test_an_alert_of_a_watch_that_fell_silent_is_dropped(
    far: LocalWorkspace, desk: Desk, how: str
) -> None:
    one, other = follow(desk, f"{how}-one"), follow(desk, f"{how}-other")
    put(desk, alert_of(f"{how}-alone", one), alert_of(f"{how}-both", one, other))
    watches = desk.store.watches
    if how == "removed":
        watches.remove(TEAM, [one])
    elif how == "muted":
        watches.mute(TEAM, [one], datetime.now(UTC) + timedelta(hours=1))
    elif how == "paused":
        watches.pause(TEAM, [one], paused=True)
    else:
        watches.leave_to_digest(TEAM, [one], digest_only=True)
    async with at_work(far, desk, Clock()):
        assert await ended(desk, f"{how}-alone") == ("failed", "nothing to say any more")
        assert (await ended(desk, f"{how}-both"))[0] == "sent"
    (told,) = said(far, ROOM)
    assert f"tells of {other}" in told["text"]
    assert f"tells of {one}" not in str(told["blocks"])


async def test_what_is_claimed_while_it_stops_is_handed_back(
    far: LocalWorkspace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for a lease whose holder has gone in order."""
    claiming, go_on = threading.Event(), threading.Event()
    real = Outbox.claim

    def slowly(self: Outbox, *args: Any) -> list[Outgoing]:
        found = real(self, *args)
        if found:
            claiming.set()
            assert go_on.wait(30)
        return found

    monkeypatch.setattr(Outbox, "claim", slowly)
    app = app_for(far, desk)
    app.start()
    put(desk, item("handed back"))
    await asyncio.to_thread(claiming.wait, 30)
    stopping = asyncio.create_task(app.stop())
    await asyncio.sleep(0)
    go_on.set()
    await stopping
    assert posts(far) == []
    async with at_work(far, desk, Clock()):
        assert (await ended(desk, "handed back"))[0] == "sent"
    assert len(posts(far)) == 1
