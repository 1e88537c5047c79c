"""Home over real sockets: published when opened and after each click, to whom as may see what."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.desk import Desk
from bot.models import Draft, Feed, WorkspacePreferences
from handlers.blocks import digest
from handlers.blocks import home as blocks
from handlers.blocks.limits import home_problems
from handlers.workspace.state import ADMIN, GUEST
from tests.payloads import POWER, parsed
from tests.replies import texts
from tests.slack import (
    DIRECT,
    ROOM,
    TEAM,
    US,
    YOU,
    answers,
    app_for,
    callback,
    event,
    said,
    serving,
)
from tests.slack import shown as shown_
from tests.stocked import desk_at
from tests.workspace import LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)

Json = dict[str, Any]


def read(slack: LocalWorkspace, user: str = YOU) -> str:
    return texts(slack.homes[user])


async def opened(slack: LocalWorkspace, user: str = YOU) -> Json:
    """Open Home, and wait for what is published then."""
    before = (slack.homes.get(user) or {}).get("hash")
    await slack.open_home(user=user)
    await slack.wait(lambda: (slack.homes.get(user) or {}).get("hash") != before)
    view = slack.homes[user]
    assert home_problems(view) == []
    return view


def elements(view: Json) -> Iterator[tuple[str, Json]]:
    for block in view["blocks"]:
        for element in [*block.get("elements", ()), block.get("accessory") or {}]:
            if element.get("action_id"):
                yield block["block_id"], element


async def click(slack: LocalWorkspace, action: str, chosen: str = "", user: str = YOU) -> str:
    """Click what has this action in Home, and wait until it is published anew."""
    await press(slack, action, chosen, user)
    return read(slack, user)


async def press(
    slack: LocalWorkspace, action: str, chosen: str = "", user: str = YOU, *, waits: bool = True
) -> None:
    view = slack.homes[user]
    block, element = next(one for one in elements(view) if one[1]["action_id"] == action)
    value = element.get("value")
    if chosen:
        label = chosen
        value = next(o["value"] for o in element["options"] if o["text"]["text"] == label)
    await slack.click_view(view["id"], action, value, block, user=user)
    if waits:
        await slack.wait(lambda: slack.homes[user]["hash"] != view["hash"])
        assert home_problems(slack.homes[user]) == []


def actions(view: Json) -> set[str]:
    return {element["action_id"] for _, element in elements(view)}


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    opened = desk_at(tmp_path_factory.mktemp("home"))
    yield opened
    opened.close()


async def test_a_newcomer_is_shown_the_first_steps(slack: LocalWorkspace) -> None:
    view = await opened(slack)
    told = read(slack)
    assert "I know only what I have read:* 52 articles from 26 sources, newest 28 Mar 2026" in told
    assert "No feeds yet." in told
    assert "*Try*" in told
    assert "Qatar Iran" in told
    assert not {blocks.FEEDS, blocks.SEED_FEEDS, blocks.FOR_ALL} & actions(view)  # for admins
    await slack.settled()
    assert "in Messages" in await click(slack, f"{blocks.BRIEF}:try0")
    (brief,) = await answers(slack, DIRECT)
    assert "*Qatar*" in shown_(brief)
    assert "*Iran*" in shown_(brief)
    assert "Your latest questions" in read(slack)
    assert "*Try*" not in read(slack)


async def test_an_actor_is_briefed_on_in_messages(slack: LocalWorkspace) -> None:
    view = await opened(slack)
    assert "Most mentioned" in read(slack)
    first = next(e for _, e in elements(view) if e["action_id"] == f"{blocks.BRIEF}:0")
    await click(slack, f"{blocks.BRIEF}:0")
    (brief,) = await answers(slack, DIRECT)
    name = json.loads(first["value"])["q"]
    assert f"*{name}*" in shown_(brief)
    assert name in read(slack)  # under what was asked lately
    await click(slack, f"{blocks.BRIEF}:asked0")
    assert len(await answers(slack, DIRECT, 2)) == 2


async def test_a_button_that_cannot_be_read_is_out_of_date(slack: LocalWorkspace) -> None:
    view = await opened(slack)
    block, element = next(e for e in elements(view) if e[1]["action_id"] == f"{blocks.BRIEF}:try0")
    await slack.click_view(view["id"], element["action_id"], "{}", block)
    await slack.wait(lambda: slack.homes[YOU]["hash"] != view["hash"])
    assert "This button is out of date. Please ask again." in read(slack)
    assert said(slack, DIRECT) == []


async def test_what_is_followed_is_muted_paused_and_stopped(
    slack: LocalWorkspace, desk: Desk
) -> None:
    await slack.command(ROOM, "add Iran", command="/watch")
    await answers(slack, ROOM, 2)
    await slack.command(DIRECT, "add Qatar", command="/watch")
    await answers(slack, DIRECT)
    await opened(slack)
    assert "*Qatar* (#2) for you — at once, one alert per story" in read(slack)
    assert f"*Iran* (#1) in <#{ROOM}>" in read(slack)
    assert "Muted until" in await click(slack, f"{blocks.WATCH}:2", "Mute 8 hours")
    assert "_muted until" in read(slack)
    assert "Followed again" in await click(slack, f"{blocks.WATCH}:2", "Unmute")
    assert "Paused: Iran (#1)" in await click(slack, f"{blocks.WATCH}:1", "Pause")
    assert "_paused_" in read(slack)
    assert "No longer followed: Iran" in await click(slack, f"{blocks.WATCH}:1", "Stop following")
    assert f"<#{ROOM}>" not in read(slack).partition("No longer")[2]
    assert [one.id for one in desk.store.watches.all()] == [2]
    *_, paused, stopped = await answers(slack, ROOM, 4)
    assert paused["text"] == "you changed what is followed here. Paused: Iran (#1)."
    assert stopped["text"] == "you changed what is followed here. No longer followed: Iran (#1)."


async def test_what_is_gone_meanwhile_is_said_to_be(slack: LocalWorkspace, desk: Desk) -> None:
    await slack.command(DIRECT, "add Qatar", command="/watch")
    await answers(slack, DIRECT)
    await opened(slack)
    desk.store.watches.remove(TEAM, [1])
    assert "no longer exists" in await click(slack, f"{blocks.WATCH}:1", "Pause")
    assert "Nothing yet." in read(slack)


async def test_a_digest_is_set_up_and_paused(slack: LocalWorkspace, desk: Desk) -> None:
    await opened(slack)
    await press(slack, blocks.SET_UP, waits=False)
    await slack.wait(lambda: slack.view() is not None)
    seen = slack.homes[YOU]["hash"]
    assert await slack.submit({digest.AT: "half past"}) != {}
    assert await slack.submit({digest.AT: "7:15"}) == {}
    await slack.wait(lambda: slack.homes[YOU]["hash"] != seen)
    assert "You now get a digest" in read(slack)
    assert "For you: Monday to Friday at 07:15" in read(slack)
    assert said(slack, DIRECT) == []  # Home says it
    (of,) = desk.store.digests.all()
    assert "_paused_" in await click(slack, f"{blocks.DIGEST}:{of.id}", "Pause")
    assert "is active again" in await click(slack, f"{blocks.DIGEST}:{of.id}", "Resume")
    await press(slack, f"{blocks.DIGEST}:{of.id}", "Settings…", waits=False)
    await slack.wait(lambda: slack.view() is not None)
    view = slack.view()
    assert view is not None
    at = next(b for b in view["blocks"] if b.get("block_id") == digest.AT)
    assert at["element"]["initial_value"] == "07:15"
    assert "digest was removed" in await click(slack, f"{blocks.DIGEST}:{of.id}", "Remove")
    assert desk.store.digests.all() == []


async def test_an_admin_sees_how_feeds_fare_and_others_how_many(
    slack: LocalWorkspace, desk: Desk
) -> None:
    now = datetime.now(UTC)
    for n, failures in enumerate((0, 4)):
        feed = Feed(
            workspace=TEAM,
            id=f"feed{n}",
            url=f"https://example.org/{n}.xml",
            title=f"Paper {n} <!channel> *x*",
            added_at=now,
            next_poll=now,
            last_poll=now,
            failures=failures,
            failing_since=now if failures else None,
            said="its server does not answer" if failures else None,
        )
        desk.store.feeds.add(feed, f"example.org/{n}.xml")
    view = await opened(slack, ADMIN)
    assert "2 feeds, 1 failing" in read(slack, ADMIN)
    assert "Paper 1 <!channel>" in read(slack, ADMIN)
    assert {blocks.FEEDS, blocks.FOR_ALL} <= actions(view)
    view = await opened(slack)
    assert "2 feeds." in read(slack)
    assert "failing" not in read(slack)
    assert not {blocks.FEEDS, blocks.SEED_FEEDS, blocks.FOR_ALL} & actions(view)


async def test_a_guest_sees_nothing_of_the_workspaces(slack: LocalWorkspace, desk: Desk) -> None:
    desk.store.preferences.put(TEAM, TEAM, WorkspacePreferences(feeds_by="everybody"))
    view = await opened(slack, GUEST)
    told = read(slack, GUEST)
    assert "You are a guest here" in told
    assert "no articles" in told
    assert "52" not in told
    assert "Most mentioned" not in told
    assert "*Try*" not in told
    assert blocks.SET_UP not in actions(view)
    assert not {blocks.FEEDS, blocks.SEED_FEEDS, blocks.FOR_ALL} & actions(view)


async def test_a_guest_leaves_a_channels_watches_alone(slack: LocalWorkspace, desk: Desk) -> None:
    await slack.command(ROOM, "add Iran", command="/watch", user=YOU)
    await answers(slack, ROOM, 2)
    (watch,) = desk.store.watches.all()
    theirs = watch.model_copy(update={"person": GUEST, "topic": watch.topic, "place": "C0GULF"})
    desk.store.watches.add(theirs)
    await opened(slack, GUEST)
    assert "Ask a member" in await click(slack, f"{blocks.WATCH}:2", "Pause", GUEST)
    assert not any(one.paused for one in desk.store.watches.all())


async def test_two_clicks_at_once_are_both_shown(slack: LocalWorkspace) -> None:
    await slack.command(DIRECT, "add Iran", command="/watch")
    await answers(slack, DIRECT)
    await slack.command(DIRECT, "add Qatar", command="/watch")
    await answers(slack, DIRECT, 2)
    view = await opened(slack)
    told = [call.method for call in slack.calls].count("views.publish")
    rows = {e["action_id"]: block for block, e in elements(view)}
    both = ((f"{blocks.WATCH}:{n}", f"pause:{n}") for n in (1, 2))
    await asyncio.gather(
        *(slack.click_view(view["id"], name, value, rows[name]) for name, value in both)
    )
    calls = slack.calls
    # The second finds another view than was clicked in, and is gathered and published again.
    await slack.wait(lambda: [call.method for call in calls].count("views.publish") >= told + 3)
    assert read(slack).count("_paused_") == 2


async def test_delivered_four_times_it_is_answered_once(slack: LocalWorkspace) -> None:
    address = slack._deliverer.request_url or ""
    happened = {
        "type": "app_home_opened",
        "user": YOU,
        "channel": DIRECT,
        "tab": "home",
        "event_ts": "1.2",
    }
    given = await asyncio.gather(*(event(address, happened, event_id="Ev4") for _ in range(4)))
    assert [status for status, _ in given] == [200] * 4
    await slack.wait(lambda: YOU in slack.homes)
    await asyncio.sleep(0.1)
    assert [call.method for call in slack.calls].count("views.publish") == 1
    assert callback(happened)["event"]["tab"] == "home"


async def test_a_view_replaced_meanwhile_is_published_all_the_same(slack: LocalWorkspace) -> None:
    await opened(slack)
    slack.refuse_next("views.publish", "hash_conflict")
    await opened(slack)
    assert [call.method for call in slack.calls].count("views.publish") == 3


async def test_what_slack_refuses_is_said_with_a_reference(
    slack: LocalWorkspace, caplog: pytest.LogCaptureFixture
) -> None:
    slack.refuse_next("views.publish", "not_enabled")
    await slack.open_home()
    (told,) = await answers(slack, DIRECT)
    assert "Slack refused my answer (not_enabled)" in told["text"]
    reference = told["text"].rpartition("reference ")[2].rstrip(".")
    assert reference in caplog.text


async def test_the_messages_tab_is_no_home(slack: LocalWorkspace) -> None:
    await slack.open_messages()
    await slack.settled()
    assert US not in slack.homes
    assert slack.homes == {}


@pytest.fixture
async def hostile(far: LocalWorkspace, desk: Desk) -> AsyncIterator[LocalWorkspace]:
    """Slack, where what was read and asked is hostile."""
    words = "*x* <!channel> <@U0YOU> `y` \u202e <https://example.org|z>"
    draft = Draft(
        title=words,
        text=f"Qatar met Iran on Monday. {words}",
        publisher=f"Paper {words}",
        external_id="hostile",
        published=datetime.now(UTC),
        published_precision="minute",
    )
    desk.ingest([draft], now=datetime.now(UTC), workspace=TEAM)
    async with serving(app_for(far, desk)) as address:
        far.connect(address)
        yield far


async def test_hostile_words_are_shown_as_words(hostile: LocalWorkspace) -> None:
    slack = hostile
    await slack.say(DIRECT, "<!channel> *who* is `it` \u202e <https://example.org|z> & Qatar?")
    await slack.command(ROOM, 'add "<!here> *boo* <@U1>"', command="/watch")
    await slack.say(DIRECT, "x" * 3_000)
    await answers(slack, DIRECT, 2)
    await answers(slack, ROOM, 2)
    await opened(slack)
    told = read(slack)
    assert not any(POWER.search(shown) for shown in parsed(slack.homes[YOU]))
    assert "\u202e" not in told
    assert "Your latest questions" in told
    assert "“∗boo∗" in told or "boo" in told
