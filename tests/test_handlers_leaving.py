"""Who removes the app: sent nothing from then on, kept for a while, then deleted; or back."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Desk
from bot.errors import StoreUnavailable
from bot.feeds.following import feed_of, key_of, notify
from bot.gather.feeds import Listed
from bot.models import EVERYWHERE, Outgoing
from bot.store.installations import LEFT, Installations
from bot.workspaces import Coming, feed_recipients
from handlers.app import NOT_HERE
from tests import teams as slack
from tests.slack import event, serving
from tests.stocked import opened
from tests.teams import PERSON, ROOM, Teams
from tests.test_handlers_install import ONE, TALKS, TWO, VISIT, ask, come, ts, until

GRACE = timedelta(days=30)


class Clock:
    """The time, and what is added to it."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
async def far() -> AsyncIterator[Teams]:
    async with slack.teams() as there:
        yield there


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    found = opened(tmp_path)
    yield found
    found.close()


@asynccontextmanager
async def at_work(
    far: Teams, desk: Desk, clock: Clock | None = None, **more: Any
) -> AsyncIterator[str]:
    app = slack.app_for(far, desk, now=(clock or Clock()).now, **more)
    async with serving(app) as address:
        yield address


def put(desk: Desk, team: str, key: str) -> None:
    now = datetime.now(UTC)
    item = Outgoing(
        workspace=team, key=key, kind="notice", place=ROOM, content={"said": key}, due_at=now
    )
    desk.store.outbox.put([item], now)


async def test_nothing_is_sent_to_who_removed_it(far: Teams, desk: Desk) -> None:
    come(desk, ONE, TALKS)
    async with at_work(far, desk) as address, at_work(far, desk) as replica:
        for team in (ONE, TWO):
            await slack.install(address, far.code(team))
        await ask(far, address, ONE)
        assert await slack.uninstall(address, ONE) == (200, "")
        far.revoke(ONE, "account_inactive")
        sent = len(far.said(ONE))
        put(desk, ONE, "late")
        put(desk, TWO, "meant for another")
        assert NOT_HERE in (await slack.command(far, replica, ONE, "Qatar"))[1]
        await slack.mention(replica, ONE, "Qatar", ts())
        await until(lambda: desk.store.outbox.ended(ONE, "late"))
        await until(lambda: far.said(TWO))
        assert desk.store.outbox.ended(ONE, "late") == ("failed", LEFT)
        assert len(far.said(ONE)) == sent
        assert far.hooked() == []


async def test_a_request_that_was_taken_in_is_not_answered_any_more(far: Teams, desk: Desk) -> None:
    come(desk, ONE, TALKS)
    app = slack.app_for(far, desk)
    async with serving(app, working=False) as address:
        await slack.install(address, far.code(ONE))
        await slack.command(far, address, ONE, "Qatar")
        await slack.uninstall(address, ONE)
        app.start()
        await asyncio.sleep(0.2)
    assert far.hooked() == []


async def test_a_token_of_the_bot_that_was_revoked_is_the_same(far: Teams, desk: Desk) -> None:
    async with at_work(far, desk) as address:
        await slack.install(address, far.code(ONE))
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}
        assert (await event(address, revoked, **slack.of(ONE)))[0] == 200
        known = desk.store.installations.of(ONE)
        assert known is not None
        assert known.here
        revoked = {"type": "tokens_revoked", "tokens": {"bot": ["U0DRAGOMAN"]}}
        assert (await event(address, revoked, **slack.of(ONE)))[0] == 200
        known = desk.store.installations.of(ONE)
        assert known is not None
        assert not known.here


async def test_word_of_it_that_comes_late_or_twice_changes_nothing(far: Teams, desk: Desk) -> None:
    async with at_work(far, desk) as address:
        await slack.install(address, far.code(ONE))
        for _ in range(2):
            assert await slack.uninstall(address, ONE) == (200, "")
        await slack.install(address, far.code(ONE))
        await slack.uninstall(address, ONE, event_time=int(time.time()) - 60)
        known = desk.store.installations.of(ONE)
        assert known is not None
        assert known.here


async def test_word_that_cannot_be_written_down_is_asked_for_again(
    far: Teams, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leave(*_: object) -> None:
        raise StoreUnavailable("The store is away.")

    async with at_work(far, desk) as address:
        await slack.install(address, far.code(ONE))
        with monkeypatch.context() as patched:
            patched.setattr(Installations, "leave", leave)
            assert (await slack.uninstall(address, ONE))[0] == 503
        assert (await slack.uninstall(address, ONE))[0] == 200
        assert not [one for one in desk.store.installations.all() if one.here]


async def test_who_comes_gets_the_notes_once(far: Teams, desk: Desk) -> None:
    clock = Clock()
    coming = Coming(desk, grace=GRACE, now=clock.now)
    async with at_work(far, desk) as address:
        await slack.install(address, far.code(ONE))
        await asyncio.to_thread(coming.look)
        assert desk.store.articles_total(ONE) == 52
        assert "moved" in await ask(far, address, ONE, "who moved to Turkey?")
        desk.store.tombstone(ONE, _an_article(desk, ONE), clock.now())
        await slack.uninstall(address, ONE)
        await slack.install(address, far.code(ONE))
        await asyncio.to_thread(coming.look)
    assert desk.store.articles_total(ONE) == 51
    assert desk.store.articles_total(TWO) == 0


async def test_the_first_question_waits_for_the_notes(far: Teams, desk: Desk) -> None:
    coming = Coming(desk, grace=GRACE)
    async with at_work(far, desk) as address:
        await slack.install(address, far.code(ONE))
        asking = asyncio.create_task(ask(far, address, ONE, "who moved to Turkey?"))
        await asyncio.sleep(0.6)
        assert not asking.done()
        await asyncio.to_thread(coming.look)
        assert "moved" in await asking
        assert "moved" in await ask(far, address, ONE, "did Hamas move to Turkey?")


async def test_notes_that_take_long_are_said_to_be_read(far: Teams, desk: Desk) -> None:
    async with at_work(far, desk, dragoman_lease_seconds=9) as address:
        await slack.install(address, far.code(ONE))
        assert "still reading my starter notes" in await ask(
            far, address, ONE, "who moved to Turkey?"
        )
        assert "still reading my starter notes" in await ask(far, address, ONE, "brief Qatar")
        # Of what is there already is told at once.
        come(desk, ONE, TALKS)
        assert "held talks" in await ask(far, address, ONE, "brief Qatar")


def _an_article(desk: Desk, team: str) -> str:
    changes = desk.store.changes(0, 500)
    return next(one.key for one in changes if (one.workspace, one.kind) == (team, "article"))


async def test_who_left_is_deleted_after_a_while_and_nobody_else(far: Teams, desk: Desk) -> None:
    clock = Clock()
    coming = Coming(desk, grace=GRACE, now=clock.now)
    come(desk, ONE, TALKS)
    come(desk, TWO, VISIT)
    async with at_work(far, desk) as address:
        for team in (ONE, TWO):
            await slack.install(address, far.code(team))
            desk.store.installations.mark_notes_loaded(team, clock.now())
            await slack.command(far, address, team, "add Qatar", "/watch")
            await until(lambda team=team: far.said(team))  # what is followed there now
            await ask(far, address, team)
        await slack.uninstall(address, ONE)
        clock.ahead = GRACE - timedelta(minutes=1)
        assert coming.look() == 0
        assert desk.store.articles_total(ONE) == 1
        assert len(desk.store.watches.all(ONE)) == 1
        clock.ahead = GRACE + timedelta(minutes=1)
        while coming.look():
            pass
        desk.catch_up()
        assert not desk.store.deletion.has_data(ONE)
        assert desk.passages.frequency("gas", workspace=ONE, audiences=[EVERYWHERE]) == 0
        assert desk.passages.size == 1
        assert desk.store.installations.of(ONE) is None
        assert "France" in await ask(far, address, TWO)
        assert len(desk.store.watches.all(TWO)) == 1
        await slack.install(address, far.code(ONE))
        desk.store.installations.mark_notes_loaded(ONE, clock.now())
        assert "Iran" not in await ask(far, address, ONE)


async def test_who_comes_back_in_time_finds_everything(far: Teams, desk: Desk) -> None:
    clock = Clock()
    coming = Coming(desk, grace=GRACE, now=clock.now)
    come(desk, ONE, TALKS)
    async with at_work(far, desk) as address:
        await slack.install(address, far.code(ONE))
        desk.store.installations.mark_notes_loaded(ONE, clock.now())
        await slack.command(far, address, ONE, "add Qatar", "/watch")
        await until(far.hooked)
        await slack.uninstall(address, ONE)
        clock.ahead = GRACE - timedelta(days=1)
        coming.look()
        await slack.install(address, far.code(ONE))
        clock.ahead = GRACE + timedelta(days=10)
        coming.look()
        assert "Iran" in await ask(far, address, ONE)
        assert len(desk.store.watches.all(ONE)) == 1


async def test_feeds_of_who_left_rest(far: Teams, desk: Desk) -> None:
    now = datetime.now(UTC)
    store = desk.store
    for team in (ONE, TWO):
        feed = feed_of(Listed(f"https://example.org/{team}"), workspace=team, now=now)
        assert store.feeds.add(feed, key_of(feed.url))
    async with at_work(far, desk) as address:
        await slack.install(address, far.code(ONE))
        await slack.uninstall(address, ONE)
        lease = timedelta(minutes=1)
        polled = [store.feeds.claim(now, lease) for _ in range(2)]
        assert [one.workspace if one else None for one in polled] == [TWO, None]
        await slack.install(address, far.code(ONE))
        back = store.feeds.claim(now, lease)
        assert back is not None
        assert back.workspace == ONE


async def test_who_installed_it_is_told_of_its_feeds(far: Teams, desk: Desk) -> None:
    admins = ["U0OPERATOR"]
    assert feed_recipients(desk.store, "local", admins) == admins
    async with at_work(far, desk) as address:
        await slack.install(address, far.code(ONE))
        assert feed_recipients(desk.store, ONE, admins) == [PERSON]
        await slack.uninstall(address, ONE)
        assert feed_recipients(desk.store, ONE, admins) == []
        assert notify(desk.store, ONE, [], datetime.now(UTC)) == 0


async def test_whoever_has_one_token_goes_on_as_before(far: Teams, desk: Desk) -> None:
    """There the event is but told in the log: another token is for whoever runs it."""
    from pydantic import SecretStr

    from handlers.app import build_app
    from tests.slack import settings

    values = settings(far.api_url, slack_bot_token=SecretStr("xoxb-one"))
    async with serving(build_app(values, desk, workspace="local", poll_seconds=0.05)) as address:
        assert await slack.uninstall(address, ONE) == (200, "")
        assert (await slack.command(far, address, ONE, "help"))[0] == 200
        await until(far.hooked)
    assert "Dragoman" in json.dumps(far.hooked()[0])
