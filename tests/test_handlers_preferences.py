"""Settings by modal over real sockets: opened for who may, checked, kept, and told everywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from bot.desk import Desk
from bot.models import (
    Alert,
    Alerted,
    Outgoing,
    PersonPreferences,
    PlacePreferences,
    Reason,
    Topic,
    Watch,
    WorkspacePreferences,
)
from handlers.actions import command_options
from handlers.blocks import forms as form
from handlers.blocks import home as blocks
from handlers.blocks.forms import PROFILE
from handlers.blocks.limits import modal_problems
from handlers.workspace.state import ADMIN, GUEST
from tests.replies import line
from tests.slack import DIRECT, ROOM, TEAM, YOU, answers, app_for, said, serving, shown
from tests.stocked import desk_at
from tests.test_handlers_home import actions, click, opened, press, read
from tests.workspace import LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)

FEED = (
    "<rss version='2.0'><channel><title>Harbour News</title><link>http://x/</link>"
    "<item><title>One</title><link>http://x/1</link><guid>1</guid></item></channel></rss>"
)


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    opened = desk_at(tmp_path_factory.mktemp("preferences"))
    yield opened
    opened.close()


async def form_of(slack: LocalWorkspace, user: str = YOU) -> dict[str, Any]:
    await slack.wait(lambda: slack.view(user) is not None)
    view = slack.view(user)
    assert view is not None
    assert modal_problems(view) == []
    return view


async def sent(slack: LocalWorkspace, values: dict[str, Any], user: str = YOU) -> str:
    """Send the form that was opened from Home; returns what Home says then."""
    seen = slack.homes[user]["hash"]
    assert await slack.submit(values, user=user) == {}
    await slack.wait(lambda: slack.homes[user]["hash"] != seen)
    return read(slack, user)


# --- one's own ------------------------------------------------------------------------


async def test_dates_are_written_as_somebody_says(slack: LocalWorkspace, desk: Desk) -> None:
    await opened(slack)
    assert "newest 28 Mar 2026" in read(slack)
    await press(slack, blocks.SETTINGS, waits=False)
    await form_of(slack)
    told = await sent(slack, {form.DATES: "en-US", form.ZONE: "Asia/Tokyo"})
    assert "Saved" in told
    assert "newest Mar 28, 2026" in told
    kept = desk.store.preferences.person(TEAM, YOU)
    assert kept == PersonPreferences(dates="en-US", tz="Asia/Tokyo")
    await slack.command(ROOM, "Qatar")
    (brief,) = await answers(slack, ROOM)
    assert "Mar 28, 2026" in shown(brief)
    assert "28 Mar 2026" not in shown(brief)
    await slack.command(DIRECT, "daily at 8", command="/digest")
    (digest,) = await answers(slack, DIRECT)
    assert "Asia/Tokyo time" in shown(digest)
    await press(slack, blocks.SETTINGS, waits=False)
    view = await form_of(slack)
    standing = {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}
    assert standing[form.DATES]["initial_option"]["value"] == "en-US"
    assert standing[form.ZONE]["initial_option"]["value"] == "Asia/Tokyo"
    assert "2026-03-28" in await sent(slack, {form.DATES: "ISO", form.ZONE: PROFILE})
    assert desk.store.preferences.person(TEAM, YOU) == PersonPreferences(dates="ISO")


async def test_in_messages_the_command_is_for_oneself(slack: LocalWorkspace, desk: Desk) -> None:
    await slack.command(DIRECT, "Settings ")
    await form_of(slack)
    assert await slack.submit({form.DATES: "ISO"}) == {}
    (told,) = await answers(slack, DIRECT)
    assert "for you from now on" in told["text"]
    assert await alone_by(slack) == ["response_url"]
    assert desk.store.preferences.person(TEAM, YOU).dates == "ISO"


async def test_alerts_are_dated_as_whoever_reads_them_says(
    slack: LocalWorkspace, desk: Desk
) -> None:
    """A person by their own clocks, a channel by what holds there."""
    desk.store.preferences.put(TEAM, YOU, PersonPreferences(dates="en-US", tz="Asia/Tokyo"))
    desk.store.preferences.put(TEAM, ROOM, PlacePreferences(dates="ISO"))
    late = datetime(2026, 3, 28, 22, tzinfo=UTC)  # the next morning in Tokyo
    told = line(published=late, published_precision="minute")
    now = datetime.now(UTC)
    items = []
    for place in (YOU, ROOM):
        topic = Topic(phrases=("talks",))
        of = {"workspace": TEAM, "team": TEAM, "person": YOU, "typed": "talks", "since": now}
        watch, _ = desk.store.watches.add(Watch(**of, id=0, place=place, topic=topic))
        why = Reason(watch=watch.id, follows="talks", why="it says so")
        story = Alerted(
            story="s", headline="Talks", line=told, articles=1, sources=1, reasons=(why,)
        )
        alert = Alert(personal=watch.personal, tz="UTC", stories=(story,))
        items.append(
            Outgoing(
                workspace=TEAM,
                key=f"alert {place}",
                kind="alert",
                place=place,
                content=alert.model_dump(mode="json"),
                due_at=now,
            )
        )
    desk.store.outbox.put(items, now)
    (mine,) = await answers(slack, DIRECT)
    (ours,) = await answers(slack, ROOM)
    assert "Mar 29, 2026" in shown(mine)
    assert "2026-03-28" in shown(ours)


# --- a channel's ----------------------------------------------------------------------


async def _alone(slack: LocalWorkspace, n: int) -> list[dict[str, Any]]:
    """Wait for ``n`` messages in the channel that only one person sees."""

    def there() -> list[dict[str, Any]]:
        return [one for one in said(slack, ROOM) if one.get("is_ephemeral")]

    await slack.wait(lambda: len(there()) == n)
    return there()


async def alone_by(slack: LocalWorkspace) -> list[str]:
    """The methods by which replies went to one person alone."""
    await slack.settled()
    both = {"response_url", "chat.postEphemeral"}
    return [call.method for call in slack.calls if call.method in both]


async def test_a_channel_has_replies_alerts_and_quiet_hours_its_way(
    slack: LocalWorkspace, desk: Desk
) -> None:
    await slack.command(ROOM, "settings")
    await form_of(slack)
    assert set(await slack.submit({form.HUSH: "at night"})) == {form.HUSH}
    assert desk.store.preferences.place(TEAM, ROOM) == PlacePreferences()
    right = {form.PUBLIC: form.YES, form.LEAST: "3", form.HUSH: "22:00 to 7:00"}
    assert await slack.submit(right | {form.ZONE: "Asia/Qatar"}) == {}
    (told,) = await answers(slack, ROOM)
    assert "in this channel from now on" in told["text"]
    assert await alone_by(slack) == ["response_url"]
    await slack.command(ROOM, "Qatar")
    _, brief = await answers(slack, ROOM, 2)
    assert not brief.get("is_ephemeral")
    await slack.command(ROOM, "Qatar private")
    *_, alone = await answers(slack, ROOM, 3)
    assert alone.get("is_ephemeral")
    await slack.command(ROOM, "add Iran", command="/watch")
    *_, watch = await _alone(slack, 3)
    assert "when 3 independent sources report it" in shown(watch)
    await slack.command(ROOM, "add Turkey from 1 source", command="/watch")
    *_, watch = await _alone(slack, 4)
    assert "at once, one alert per story" in shown(watch)
    assert desk.store.preferences.place(TEAM, ROOM).hush is not None


async def test_a_guest_sets_nothing_for_a_channel(slack: LocalWorkspace) -> None:
    await slack.command(ROOM, "settings", user=GUEST)
    await slack.wait(lambda: bool([m for m in slack.messages(ROOM, GUEST) if m.get("bot_id")]))
    told = [m for m in slack.messages(ROOM, GUEST) if m.get("bot_id")]
    assert "Ask a member" in told[0]["text"]
    assert slack.view(GUEST) is None


@pytest.mark.parametrize(
    ("text", "usually", "query", "public"),
    [
        ("Qatar", False, "Qatar", False),
        ("Qatar public", False, "Qatar", True),
        ("Qatar", True, "Qatar", True),
        ("Qatar public", True, "Qatar", True),
        ("Qatar private", True, "Qatar", False),
        ("private Qatar", True, "Qatar", False),
        ("Qatar --private", True, "Qatar", False),
        ("Qatar private", False, "Qatar private", False),
        ("private sector in Qatar", False, "private sector in Qatar", False),
        ("privateers", True, "privateers", True),
    ],
)
def test_who_sees_a_reply(text: str, query: str, *, usually: bool, public: bool) -> None:
    assert command_options(text, usually_public=usually) == (query, public)


# --- everybody's ----------------------------------------------------------------------


async def test_an_admin_says_who_may_add_feeds(slack: LocalWorkspace, desk: Desk) -> None:
    await opened(slack, ADMIN)
    await press(slack, blocks.FOR_ALL, user=ADMIN, waits=False)
    await form_of(slack, ADMIN)
    assert set(await slack.submit({form.WHO: "listed"}, user=ADMIN)) == {form.PEOPLE}
    await sent(slack, {form.WHO: "listed", form.PEOPLE: [YOU]}, ADMIN)
    kept = desk.store.preferences.workspace(TEAM)
    assert kept == WorkspacePreferences(feeds_by="listed", people=(YOU,))
    assert blocks.FEEDS in actions(await opened(slack))
    assert blocks.FEEDS not in actions(await opened(slack, GUEST))


async def test_who_is_no_admin_any_more_changes_nothing(far: LocalWorkspace, desk: Desk) -> None:
    async with serving(app_for(far, desk)) as address:
        far.connect(address)
        await opened(far, ADMIN)
        await press(far, blocks.FOR_ALL, user=ADMIN, waits=False)
        await form_of(far, ADMIN)
    far.users[ADMIN] = far.users[ADMIN].model_copy(update={"role": "member"})
    async with serving(app_for(far, desk)) as address:
        far.connect(address)
        told = await sent(far, {form.WHO: "everybody"}, ADMIN)
    assert "Only admins of the workspace" in told
    assert desk.store.preferences.workspace(TEAM) == WorkspacePreferences()


# --- feeds ----------------------------------------------------------------------------


async def test_feeds_of_a_region_are_added_once(slack: LocalWorkspace, desk: Desk) -> None:
    await opened(slack, ADMIN)
    told = await click(slack, blocks.SEED_FEEDS, user=ADMIN)
    added = desk.store.feeds.all(TEAM)
    assert {one.category for one in added} == {"Middle East"}
    assert {one.added_by for one in added} == {f"slack:{ADMIN}"}
    assert f"Added {len(added)} feeds from Middle East. New articles are read from now on." in told
    assert blocks.SEED_FEEDS not in actions(slack.homes[ADMIN])
    await press(slack, blocks.FEEDS, user=ADMIN, waits=False)
    await form_of(slack, ADMIN)
    assert set(await slack.submit({}, user=ADMIN)) == {form.URL}
    told = await sent(slack, {form.REGION: "Middle East"}, ADMIN)
    assert "are already followed" in told
    assert len(desk.store.feeds.all(TEAM)) == len(added)


@pytest.mark.parametrize("url", ["no address", "ftp://example.org/x", "https://", "a" * 400, "x|y"])
async def test_what_is_no_address_is_said_in_the_form(slack: LocalWorkspace, url: str) -> None:
    await opened(slack, ADMIN)
    await press(slack, blocks.FEEDS, user=ADMIN, waits=False)
    await form_of(slack, ADMIN)
    assert set(await slack.submit({form.URL: url}, user=ADMIN)) == {form.URL}


@pytest.fixture
async def site() -> AsyncIterator[str]:
    """A site with a feed at one address, and nothing at another."""

    async def feed(_: web.Request) -> web.Response:
        return web.Response(text=FEED, content_type="application/rss+xml")

    app = web.Application()
    app.router.add_get("/feed.xml", feed)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_a_feed_is_added_by_its_address_or_it_is_said_why_not(
    far: LocalWorkspace, desk: Desk, site: str
) -> None:
    async with serving(app_for(far, desk, dragoman_fetch_allow="127.0.0.1")) as address:
        far.connect(address)
        await opened(far, ADMIN)
        for url, words in (
            (f"{site}/feed.xml", "Added “Harbour News” with one entry"),
            (f"{site}/feed.xml", "Harbour News is followed already"),
            (f"{site}/nothing.xml", "404"),
        ):
            await press(far, blocks.FEEDS, user=ADMIN, waits=False)
            await form_of(far, ADMIN)
            assert words in await sent(far, {form.URL: url}, ADMIN)
    (feed,) = desk.store.feeds.all(TEAM)
    assert feed.title == "Harbour News"


async def test_who_may_not_adds_no_feeds(slack: LocalWorkspace, desk: Desk) -> None:
    desk.store.preferences.put(TEAM, TEAM, WorkspacePreferences(feeds_by="everybody"))
    await opened(slack)
    desk.store.preferences.put(TEAM, TEAM, WorkspacePreferences())
    told = await click(slack, blocks.SEED_FEEDS)
    assert "Ask an admin" in told
    assert desk.store.feeds.all(TEAM) == []
    assert said(slack, DIRECT) == []
