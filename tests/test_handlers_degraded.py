"""A store that cannot be written or is away, a clock put back, and Slack that takes nothing.

It says so, goes on by itself when that is over, and loses nothing meanwhile.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.desk import Desk
from bot.digests import issuing
from bot.digests.issuing import IssueWithArticles, make_issue
from bot.errors import StoreUnavailable
from bot.feeds.following import feed_of, key_of
from bot.gather.feeds import Listed
from bot.models import Digest, Outgoing, Times
from bot.settings import Settings
from bot.work.tasks import following, polls, repeating, shared
from handlers.app import NOT_NOW
from handlers.workspace.delivery import Delivery
from tests import databases
from tests.rogue import rogue
from tests.rogue import said as answered
from tests.site import item, rss, story
from tests.slack import (
    DIRECT,
    ROOM,
    TEAM,
    YOU,
    app_for,
    far_side,
    form,
    post,
    said,
    serving,
)
from tests.stocked import desk_at
from tests.troubled import TROUBLES, Trouble, in_trouble
from tests.unsent import unsent
from tests.workspace import LocalWorkspace

NOWHERE = "http://127.0.0.1:9/slack/events"
LEASE = timedelta(seconds=61)
ASKED = "@Dragoman who moved to Turkey?"


class Clock:
    """The time, and what is added to it; who sleeps has it go on, where ``quick``."""

    def __init__(self, *, quick: bool = False) -> None:
        self.ahead = timedelta(0)
        self.quick = quick
        self.waits: list[float] = []

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.ahead += timedelta(seconds=seconds)
        await asyncio.sleep(0)


async def until(true: Callable[[], Any], what: str) -> None:
    for _ in range(3000):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{what}: not within a minute")


@pytest.fixture(scope="module", params=list(TROUBLES))
def trouble(request: pytest.FixtureRequest) -> Iterator[Trouble]:
    """Each trouble that a store may have; the module's stores are kept where it has it."""
    found = TROUBLES[request.param]
    with databases.kept_in(found.store):
        yield found


@pytest.fixture(scope="module")
def troubled(trouble: Trouble, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk that is well still."""
    assert databases.kind() == trouble.store
    with closed(desk_at(tmp_path_factory.mktemp("troubled"))) as desk:
        yield desk


@contextmanager
def closed(desk: Desk) -> Iterator[Desk]:
    try:
        yield desk
    finally:
        desk.close()


async def delivered(url: str, one: Delivery) -> int:
    """Deliver an event again, as Slack does; returns what it was answered with."""
    return (await post(url, one.body.encode()))[0]


async def events(far: LocalWorkspace, place: str) -> list[Delivery]:
    """A post that asks something, not delivered yet."""
    far.connect(NOWHERE)
    before = len(far.deliveries)
    await far.say(place, ASKED)
    await far.settled()
    return list({one.body: one for one in far.deliveries[before:]}.values())


def command(trigger: str) -> dict[str, str]:
    return {
        "command": "/brief",
        "text": "Qatar",
        "team_id": TEAM,
        "user_id": YOU,
        "channel_id": ROOM,
        "trigger_id": trigger,
    }


async def test_what_cannot_be_written_down_is_refused_in_words_and_taken_later(
    troubled: Desk, trouble: Trouble, caplog: pytest.LogCaptureFixture
) -> None:
    async with far_side() as far, serving(app_for(far, troubled)) as url:
        asked = await events(far, ROOM)
        with in_trouble(trouble, troubled.store):
            assert [await delivered(url, one) for one in asked] == [503] * len(asked)
            status, told = await form(url, command("1.1"))
            assert (status, json.loads(told)["text"]) == (200, NOT_NOW)
            with pytest.raises(StoreUnavailable, match=trouble.said):
                troubled.store.inbox.record("T", "command", "k", {}, datetime.now(UTC))
        assert said(far, ROOM) == []
        # Slack sends the events again, the person the command.
        assert [await delivered(url, one) for one in asked] == [200] * len(asked)
        assert await form(url, command("1.2")) == (200, "")
        await until(lambda: not _open(troubled), "the end of both")
        assert len(said(far, ROOM)) == 2
    assert "Traceback" not in caplog.text


async def test_an_answer_that_cannot_be_noted_is_found_again(
    troubled: Desk, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store fails when the answer stands already: it does not come a second time."""
    real, clock, tries = troubled.store.inbox.finish_all, Clock(), 0

    def finish(items: Any) -> list[bool]:
        nonlocal tries
        tries += 1
        if tries == 1:
            trouble.begin(troubled.store)
        return real(items)

    monkeypatch.setattr(troubled.store.inbox, "finish_all", finish)
    monkeypatch.setattr(troubled.store.inbox, "finish", lambda *one: finish([one])[0])
    async with far_side() as far, serving(app_for(far, troubled, now=clock.now)) as url:
        asked = await events(far, DIRECT)
        try:
            assert [await delivered(url, one) for one in asked] == [200] * len(asked)
            await until(lambda: tries > 1, "a second try")
        finally:
            trouble.end(troubled.store)
        clock.ahead = LEASE
        await until(lambda: not _open(troubled), "the end of the request")
        assert len(said(far, DIRECT)) == 1


def _open(desk: Desk) -> int:
    with desk.store._read() as connection:
        asked = "SELECT count(*) FROM request WHERE ended_at IS NULL"
        n: int = connection.exec_driver_sql(asked).scalar_one()
    return n


def digest_for(desk: Desk, place: str, due: datetime) -> None:
    new = Digest(
        workspace=TEAM, id=0, team=TEAM, place=place, room=place, person=YOU,
        times=Times(often="daily", at=(time(8),), tz="UTC"),
        since=datetime(2026, 1, 1, tzinfo=UTC), due=due,
    )  # fmt: skip
    desk.store.digests.put(new)


@asynccontextmanager
async def all_at_work(far: LocalWorkspace, desk: Desk) -> AsyncIterator[str]:
    """All that one process does, as ``serve`` has it; yields the address for events."""
    own = Settings(_env_file=None, dragoman_fetch_allow="127.0.0.1")

    def now() -> datetime:
        return datetime.now(UTC)

    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving(app_for(far, desk)))
        polling = await stack.enter_async_context(polls(desk, own, now))
        looks = [*following(desk), *shared(desk, own, now)]
        await stack.enter_async_context(repeating(looks, polling))
        yield url


async def test_what_comes_due_meanwhile_is_done_after_once(
    troubled: Desk,
    trouble: Trouble,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A digest, an article of a feed and a message, in a process that is at work all the time."""
    monkeypatch.setattr("bot.feeds.poll.LOOK_SECONDS", 0.1)
    store, now = troubled.store, datetime.now(UTC)
    before = store.articles_total(TEAM)
    async with far_side() as far, rogue({}) as site:
        one = item(f"{site.base}/story", "Talks", story(1, 8), published=now)
        site.answers["/feed"] = answered(rss(one, title="Example"))
        feed = feed_of(Listed(f"{site.base}/feed"), workspace=TEAM, now=now)
        soon = now + timedelta(seconds=1)
        assert store.feeds.add(feed.model_copy(update={"next_poll": soon}), key_of(feed.url))
        digest_for(troubled, ROOM, soon)
        note = {"said": "Words of a note."}
        whole = {"workspace": TEAM, "key": "note", "kind": "notice", "place": DIRECT}
        store.outbox.put([Outgoing(**whole, content=note, due_at=soon)], now)
        with in_trouble(trouble, store):
            stack = AsyncExitStack()
            await stack.enter_async_context(all_at_work(far, troubled))
            await until(lambda: "waits" in caplog.text or "wait:" in caplog.text, "a word of it")
            await asyncio.sleep(1)
            assert (said(far, ROOM), said(far, DIRECT)) == ([], [])
        async with stack:
            await until(lambda: said(far, ROOM), "the digest")
            await until(lambda: said(far, DIRECT), "the message")
            await until(lambda: store.articles_total(TEAM) == before + 1, "the article")
        assert (len(said(far, ROOM)), len(said(far, DIRECT))) == (1, 1)
        assert not unsent(store, TEAM)


def test_a_digest_that_was_half_made_is_made_after(
    troubled: Desk,
    trouble: Trouble,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The store fails between its claim and its end: that is said in words."""
    clock, place = Clock(), "C0HALF"
    digests = issuing.DigestSender(troubled, now=clock.now)

    def failing_made(*args: Any) -> IssueWithArticles:
        trouble.begin(troubled.store)
        return make_issue(*args)

    digest_for(troubled, place, clock.now() - timedelta(minutes=1))
    with monkeypatch.context() as failing:
        failing.setattr(issuing, "make_issue", failing_made)
        try:
            with suppress(StoreUnavailable):  # as it looks for the next
                digests.look()
        finally:
            trouble.end(troubled.store)
    assert "waits. The store" in caplog.text
    assert "Traceback" not in caplog.text
    clock.ahead = LEASE
    digests.look()
    there = unsent(troubled.store, TEAM)
    assert [item.place for item in there if item.place == place] == [place]
