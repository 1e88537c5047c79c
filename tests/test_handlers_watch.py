"""``/watch`` and Follow over real sockets: followed, asked back, told, muted, let go."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.desk import Desk
from bot.models import Draft, Watch
from bot.watches.alerts import Alerts
from handlers.blocks.buttons import FOLLOW
from handlers.blocks.limits import problems
from handlers.blocks.watch import CHOOSE, DIGEST, HERE, MUTE, STOP
from tests.payloads import spoken
from tests.slack import DIRECT, ROOM, TEAM, YOU, answers, button, said, shown
from tests.workspace import LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)


@pytest.fixture(autouse=True)
def nothing_followed(desk: Desk) -> None:
    """The desk is one for all tests: what one of them followed, another does not."""
    for one in desk.store.watches.all():
        desk.store.watches.remove(one.workspace, [one.id])
    while Alerts(desk).look():
        pass


async def watch(slack: LocalWorkspace, text: str, room: str = ROOM) -> dict[str, Any]:
    """Use the command, and return what the person who used it is told."""
    before = len(alone(slack, room))
    await slack.command(room, text, command="/watch")
    await slack.wait(lambda: len(alone(slack, room)) > before)
    answer = alone(slack, room)[-1]
    assert problems(answer) == []
    return answer


def alone(slack: LocalWorkspace, room: str) -> list[dict[str, Any]]:
    """What the bot told one person; in direct messages, all that it said."""
    return [m for m in said(slack, room) if m.get("is_ephemeral") or room == DIRECT]


async def announced(slack: LocalWorkspace, n: int) -> list[str]:
    """Wait for ``n`` announcements in the channel, and return all of them."""

    def there() -> list[str]:
        found = [m["text"] for m in said(slack, ROOM) if not m.get("is_ephemeral")]
        return [text for text in found if "what is followed here" in text]

    await slack.wait(lambda: len(there()) >= n)
    await asyncio.sleep(0.1)
    assert len(there()) == n, there()
    return there()


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


async def test_what_a_channel_follows_is_changed_in_sight_of_all(slack: LocalWorkspace) -> None:
    await watch(slack, "add Qatar")
    await watch(slack, "mute Qatar 2h")
    await watch(slack, "resume Qatar")
    await watch(slack, "add Qatar from 3 sources")
    await watch(slack, "add Qatar from 3 sources")  # changes nothing
    await watch(slack, "list")
    await watch(slack, "add Iran for me")
    await watch(slack, "Hamas", DIRECT)
    await watch(slack, "pause Qatar")
    await watch(slack, "remove Qatar")
    told = await announced(slack, 6)
    changes = [
        "Now followed: Qatar",
        "Muted until ",
        "Followed again: Qatar",
        "Sent from another number",
        "Paused: Qatar",
        "No longer followed: Qatar",
    ]
    for line, change in zip(told, changes, strict=True):
        assert line.startswith(f"you changed what is followed here. {change}"), line
        assert "\n" not in line


async def test_followed_for_the_channel_and_for_oneself(slack: LocalWorkspace, desk: Desk) -> None:
    told = await watch(slack, "add Quatar from 3 sources")
    assert told["is_ephemeral"]
    assert "Following *Qatar*" in shown(told)
    assert "for this channel" in shown(told)
    assert "3 independent sources" in shown(told)
    assert "I understood Qatar" in shown(told)
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
    before = len(alone(slack, ROOM))
    await slack.click(ROOM, asked["ts"], *button(asked, f"{CHOOSE}:0"))
    await slack.wait(lambda: bool(followed(desk, ROOM)))
    (one,) = followed(desk, ROOM)
    assert one.least == 2
    assert "Korea" in one.topic.actors[0][1]
    await announced(slack, 1)
    assert len(alone(slack, ROOM)) <= before  # the question is replaced


async def test_follow_under_a_brief(slack: LocalWorkspace, desk: Desk) -> None:
    await slack.command(ROOM, "Iran Qatar")
    await slack.wait(lambda: len(alone(slack, ROOM)) == 1)
    (brief,) = alone(slack, ROOM)
    await slack.click(ROOM, brief["ts"], *button(brief, FOLLOW))
    await slack.wait(lambda: len(alone(slack, ROOM)) == 2)
    told = alone(slack, ROOM)[-1]
    assert "*Iran and Qatar*" in shown(told)
    assert "for you" in shown(told)
    (own,) = followed(desk, YOU)
    assert not own.digest_only
    await slack.click(ROOM, told["ts"], *button(told, HERE))
    await slack.wait(lambda: bool(followed(desk, ROOM)))
    (here,) = followed(desk, ROOM)
    assert here.topic == own.topic
    await announced(slack, 1)


async def test_an_alert_and_its_buttons(slack: LocalWorkspace, desk: Desk) -> None:
    await watch(slack, "add Qatar")
    await announced(slack, 1)
    before = len(said(slack, ROOM))
    come(desk, "Qatar held talks with Chad on *wheat* <!channel>.", "Wheat & <@U0YOU> talks")
    (*_, alert) = await answers(slack, ROOM, before + 1)
    own = len(alone(slack, ROOM))
    assert not alert.get("is_ephemeral")
    assert "this channel follows Qatar" in shown(alert)
    assert "<!channel>" not in "".join(spoken(alert))
    assert "<@U" not in alert["text"]
    await slack.click(ROOM, alert["ts"], *button(alert, MUTE))
    await slack.wait(lambda: followed(desk, ROOM)[0].muted_until is not None)
    await slack.click(ROOM, alert["ts"], *button(alert, DIGEST))
    await slack.wait(lambda: followed(desk, ROOM)[0].digest_only)
    await slack.click(ROOM, alert["ts"], *button(alert, STOP))
    await slack.wait(lambda: not followed(desk, ROOM))
    await slack.wait(lambda: len(alone(slack, ROOM)) == own + 3)
    assert "No longer followed: Qatar" in shown(alone(slack, ROOM)[-1])
    await announced(slack, 4)
    await slack.click(ROOM, alert["ts"], *button(alert, STOP))
    await slack.wait(lambda: len(alone(slack, ROOM)) == own + 4)
    assert "Nothing is followed here" in shown(alone(slack, ROOM)[-1])
    await announced(slack, 4)


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
    for words in spoken(said_back):
        assert "<!" not in words
        assert "<@" not in words


async def test_what_is_new_is_about_those_followed(slack: LocalWorkspace) -> None:
    await watch(slack, "add Peru", DIRECT)
    before = len(said(slack, DIRECT))
    await slack.say(DIRECT, "what changed since yesterday?")
    (*_, told) = await answers(slack, DIRECT, before + 1)
    assert "Of those followed here (Peru)" in shown(told)
