"""``/watch`` and Follow over real sockets: followed, asked back, told, muted, let go."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.desk import Desk
from bot.models import Draft, Watch
from bot.watches.telling import Alerts
from handlers.blocks.alert import DIGEST, MUTE, STOP
from handlers.blocks.buttons import FOLLOW
from handlers.blocks.limits import problems
from handlers.blocks.watch import CHOOSE, HERE
from handlers.workspace.server import LocalWorkspace
from tests.slack import DIRECT, ROOM, TEAM, YOU, answers, button, said, shown

pytest_plugins = ("tests.slack_fixtures",)


@pytest.fixture(autouse=True)
def nothing_followed(desk: Desk) -> None:
    """The desk is one for all tests: what one of them followed, another does not."""
    for one in desk.store.watches.all():
        desk.store.watches.remove(one.workspace, [one.id])
    while Alerts(desk).look():
        pass


async def watch(slack: LocalWorkspace, text: str, room: str = ROOM) -> dict[str, Any]:
    before = len(said(slack, room))
    await slack.command(room, text, command="/watch")
    (*_, answer) = await answers(slack, room, before + 1)
    assert problems(answer) == []
    return answer


def followed(desk: Desk, place: str) -> list[Watch]:
    return desk.store.watches.of(TEAM, TEAM, place)


def come(desk: Desk, text: str, title: str = "", audience: str = "*") -> None:
    now = datetime.now(UTC)
    draft = Draft(
        title=title,
        text=text,
        url=f"https://news.example.org/{len(text)}",
        publisher="news.example.org",
        published=now,
        published_precision="minute",
    )
    desk.ingest([draft], now=now, workspace=TEAM, audience=audience)
    while Alerts(desk).look():
        pass


async def test_followed_for_the_channel_and_for_oneself(slack: LocalWorkspace, desk: Desk) -> None:
    told = await watch(slack, "add Quatar from 3 sources")
    assert told["is_ephemeral"]
    assert "Following *Qatar*" in shown(told)
    assert "for this channel" in shown(told)
    assert "3 independent sources" in shown(told)
    assert "I take it for Qatar" in shown(told)
    mine = await watch(slack, "add Iran russia for me in the digest")
    assert "*Iran and Russia*" in shown(mine)
    assert "for you" in shown(mine)
    (here,) = followed(desk, ROOM)
    assert (here.least, here.room, here.person) == (3, ROOM, YOU)
    (own,) = followed(desk, YOU)
    assert own.digest_only
    assert own.room is None
    listed = shown(await watch(slack, "list"))
    assert "Followed for this channel" in listed
    assert "Followed for you" in listed
    elsewhere = shown(await watch(slack, "list", DIRECT))
    assert "Qatar" not in elsewhere
    assert "Iran and Russia" in elsewhere


async def test_followed_in_direct_messages_is_ones_own(slack: LocalWorkspace, desk: Desk) -> None:
    await watch(slack, "Hamas", DIRECT)
    (own,) = followed(desk, YOU)
    assert own.room == DIRECT
    assert followed(desk, DIRECT) == []


async def test_a_doubtful_name_is_asked_back(slack: LocalWorkspace, desk: Desk) -> None:
    asked = await watch(slack, "add Korea from 2 sources")
    assert "Which one do you mean" in shown(asked)
    assert followed(desk, ROOM) == []
    before = len(said(slack, ROOM))
    await slack.click(ROOM, asked["ts"], *button(asked, f"{CHOOSE}:0"))
    await slack.wait(lambda: bool(followed(desk, ROOM)))
    (one,) = followed(desk, ROOM)
    assert one.least == 2
    assert "Korea" in one.topic.actors[0][1]
    assert len(said(slack, ROOM)) <= before  # the question is replaced


async def test_follow_under_a_brief(slack: LocalWorkspace, desk: Desk) -> None:
    before = len(said(slack, ROOM))
    await slack.command(ROOM, "Iran Qatar")
    (*_, brief) = await answers(slack, ROOM, before + 1)
    await slack.click(ROOM, brief["ts"], *button(brief, FOLLOW))
    (*_, told) = await answers(slack, ROOM, before + 2)
    assert "*Iran and Qatar*" in shown(told)
    assert "for you" in shown(told)
    (own,) = followed(desk, YOU)
    assert not own.digest_only
    await slack.click(ROOM, told["ts"], *button(told, HERE))
    await slack.wait(lambda: bool(followed(desk, ROOM)))
    (here,) = followed(desk, ROOM)
    assert here.topic == own.topic


async def test_an_alert_and_its_buttons(slack: LocalWorkspace, desk: Desk) -> None:
    await watch(slack, "add Qatar")
    before = len(said(slack, ROOM))
    come(desk, "Qatar held talks with Chad on *wheat* <!channel>.", "Wheat & <@U0YOU> talks")
    (*_, alert) = await answers(slack, ROOM, before + 1)
    assert not alert.get("is_ephemeral")
    assert "this channel follows Qatar" in shown(alert)
    assert "<!channel>" not in shown(alert)
    assert "<@U" not in alert["text"]
    await slack.click(ROOM, alert["ts"], *button(alert, MUTE))
    await slack.wait(lambda: followed(desk, ROOM)[0].muted_until is not None)
    await slack.click(ROOM, alert["ts"], *button(alert, DIGEST))
    await slack.wait(lambda: followed(desk, ROOM)[0].digest_only)
    await slack.click(ROOM, alert["ts"], *button(alert, STOP))
    await slack.wait(lambda: not followed(desk, ROOM))
    (*_, told) = await answers(slack, ROOM, before + 4)
    assert told["is_ephemeral"]
    assert "No longer followed: Qatar" in shown(told)
    await slack.click(ROOM, alert["ts"], *button(alert, STOP))
    (*_, told) = await answers(slack, ROOM, before + 5)
    assert "Nothing is followed here" in shown(told)


async def test_ones_own_is_told_in_direct_messages(slack: LocalWorkspace, desk: Desk) -> None:
    await watch(slack, "add Qatar for me")
    rooms, direct = len(said(slack, ROOM)), len(said(slack, DIRECT))
    come(desk, "Qatar expelled the ambassador of Peru over a ship.")
    (*_, alert) = await answers(slack, DIRECT, direct + 1)
    assert "you follow Qatar" in shown(alert)
    assert len(said(slack, ROOM)) == rooms


async def test_muted_paused_resumed_removed_by_name(slack: LocalWorkspace) -> None:
    await watch(slack, "add Qatar")
    assert "Muted until" in shown(await watch(slack, "mute quatar 2h"))
    assert "muted until" in shown(await watch(slack, "list"))
    assert "Paused: Qatar" in shown(await watch(slack, "pause"))
    assert "paused" in shown(await watch(slack, "list"))
    assert "Followed again" in shown(await watch(slack, "resume qatar"))
    assert "is none of them" in shown(await watch(slack, "remove Russia"))
    assert "No longer followed" in shown(await watch(slack, "remove qatar"))
    assert "/watch add" in shown(await watch(slack, "help"))


@pytest.mark.parametrize(
    "text",
    [
        "add “<!channel> *gas* | <@U0YOU>”",
        "add \u202egnp\u202c &amp; `code`",
        "add " + "x" * 40_000,
        "remove <!here>",
        "mute " + "9" * 3_000,
        "@@@ ???",
    ],
)
async def test_hostile_words(slack: LocalWorkspace, text: str) -> None:
    said_back = await watch(slack, text)
    for words in (shown(said_back), said_back["text"]):
        assert "<!" not in words
        assert "<@" not in words


async def test_what_is_new_is_about_those_followed(slack: LocalWorkspace) -> None:
    await watch(slack, "add Peru", DIRECT)
    before = len(said(slack, DIRECT))
    await slack.say(DIRECT, "what changed since yesterday?")
    (*_, told) = await answers(slack, DIRECT, before + 1)
    assert "Of those followed here (Peru)" in shown(told)
