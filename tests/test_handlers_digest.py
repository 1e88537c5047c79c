"""``/digest`` over real sockets: set up in a form or by words, shown, sent once, paused."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Desk
from bot.digests.issuing import DigestSender
from bot.models import Draft
from handlers.blocks import digest as form
from handlers.blocks.digest import PAUSE, SETTINGS
from handlers.blocks.limits import modal_problems, problems
from tests.slack import DIRECT, ROOM, TEAM, YOU, answers, app_for, button, far_side, said, serving
from tests.slack import shown as shown_
from tests.stocked import desk_at
from tests.workspace import LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)

NEWS = "Qatar held talks with Iran on Monday about the gas field. Officials gave no details."


@pytest.fixture
def desk(tmp_path: Path) -> Any:
    opened = desk_at(tmp_path)
    yield opened
    opened.close()


async def digest(slack: LocalWorkspace, text: str, room: str = ROOM) -> str:
    before = len(said(slack, room))
    await slack.command(room, text, command="/digest")
    (*_, answer) = await answers(slack, room, before + 1)
    assert problems(answer) == []
    assert answer.get("is_ephemeral")
    return shown_(answer)


async def opened(slack: LocalWorkspace, text: str = "", room: str = ROOM) -> dict[str, Any]:
    await slack.command(room, text, command="/digest")
    await slack.wait(lambda: slack.view() is not None)
    view = slack.view()
    assert view is not None
    assert modal_problems(view) == []
    return view


def come(desk: Desk, text: str = NEWS, title: str = "", n: int = 0) -> None:
    now = datetime.now(UTC)
    draft = Draft(
        title=title,
        text=text,
        url=f"https://one.example.org/{n}",
        external_id=None,
        publisher="one.example.org",
        published=now,
        published_precision="minute",
    )
    desk.ingest([draft], now=now, workspace=TEAM)


async def test_a_form_sets_it_up_and_says_when(slack: LocalWorkspace, desk: Desk) -> None:
    view = await opened(slack)
    blocks = {block.get("block_id"): block for block in view["blocks"]}
    assert blocks[form.ZONE]["element"]["initial_option"]["value"] == "Asia/Qatar"
    assert any("Preview" in text for text in map(str, view["blocks"]))
    values = {form.OFTEN: "twice", form.AT: "8am and 18:30", form.WHO: "Quatar, Iran"}
    problem = await slack.submit(values | {form.WHO: "Wakanda", form.AT: "8:00"})
    assert set(problem) == {form.WHO, form.AT}
    assert await slack.submit(values | {form.QUIET: "silent", form.HUSH: "22:00 to 7:00"}) == {}
    (told,) = await answers(slack, ROOM)
    assert "twice a day at 08:00 and 18:30, Asia/Qatar time" in shown_(told)
    found = desk.store.digests.of(TEAM, TEAM, ROOM)
    assert found is not None
    assert found.hush is not None
    assert [actor for actor, _ in found.actors] == ["state:qat", "state:irn"]
    assert (found.quiet, found.personal, found.room) == ("silent", False, ROOM)


async def test_words_set_it_up_pause_and_list_it(slack: LocalWorkspace, desk: Desk) -> None:
    assert "No digest is set up" in await digest(slack, "list")
    assert "no digest yet: set one up with `/digest`" in await digest(slack, "pause")
    assert "every Monday at 09:00" in await digest(slack, "weekly on monday at 9 for me")
    assert "every day at 08:00" in await digest(slack, "daily at 8")
    listed = await digest(slack, "list")
    assert "Here: every day" in listed
    assert "For you: every Monday" in listed
    assert "is paused" in await digest(slack, "pause")
    assert "paused" in await digest(slack, "list")
    assert "is active again" in await digest(slack, "resume")
    assert "The digest for you was removed" in await digest(slack, "off for me")
    assert desk.store.digests.of(TEAM, TEAM, YOU) is None
    assert "`/digest now`" in await digest(slack, "help")
    assert "is not a command I know: `/digest help`" in await digest(slack, "dance")


async def test_now_tells_everybody_once_and_nothing_again(
    slack: LocalWorkspace, desk: Desk
) -> None:
    await digest(slack, "daily at 8")
    come(desk, title="Two neighbours talk")
    assert "Two neighbours talk" in await digest(slack, "preview")
    before = len(said(slack, ROOM))
    await slack.command(ROOM, "now", command="/digest")
    await slack.wait(lambda: len(said(slack, ROOM)) >= before + 2)
    posted = [m for m in said(slack, ROOM) if not m.get("is_ephemeral")]
    assert ["Two neighbours talk" in shown_(one) for one in posted] == [True]
    assert "Nothing new about everything" in await digest(slack, "preview")


async def test_in_a_direct_message_it_is_ones_own(slack: LocalWorkspace, desk: Desk) -> None:
    view = await opened(slack, room=DIRECT)
    assert form.WHERE not in {block.get("block_id") for block in view["blocks"]}
    assert await slack.submit({form.AT: "7:15"}) == {}
    await slack.wait(lambda: desk.store.digests.of(TEAM, TEAM, YOU) is not None)
    own = desk.store.digests.of(TEAM, TEAM, YOU)
    assert own is not None
    assert own.room == DIRECT


async def test_due_it_is_posted_once_by_two_processes(desk: Desk) -> None:
    clock = [datetime.now(UTC)]
    async with far_side() as far:
        app = app_for(far, desk, now=lambda: clock[0])
        other = app_for(far, desk, now=lambda: clock[0])
        async with serving(app) as address, serving(other):
            far.connect(address)
            await digest(far, "daily at 8")
            come(desk, title="Two neighbours talk")
            due = desk.store.digests.next_due()
            assert due is not None
            clock[0] = due + timedelta(seconds=5)
            sender = [DigestSender(desk, now=lambda: clock[0]) for _ in range(2)]
            made = await asyncio.gather(*(asyncio.to_thread(one.look) for one in sender))
            assert sum(made) == 1
            await far.wait(lambda: len(said(far, ROOM)) >= 2)
            await asyncio.sleep(0.2)
            (posted,) = [m for m in said(far, ROOM) if not m.get("is_ephemeral")]
            assert posted["text"].startswith("One story: Two neighbours talk")
            await far.click(ROOM, posted["ts"], *button(posted, PAUSE))
            await far.wait(lambda: "is paused" in str(said(far, ROOM)))
            await far.click(ROOM, posted["ts"], *button(posted, SETTINGS))
            await far.wait(lambda: far.view() is not None)
    assert desk.store.digests.next_due() is None
