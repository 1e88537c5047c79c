"""“Brief me on this”: names found in a message, whoever wrote it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.desk import Desk
from handlers.actions import SHORTCUT, named_actors
from tests.slack import DIRECT, ROOM, YOU, answers, button, said, shown
from tests.stocked import TEAM
from tests.workspace import LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)

MANY = "Talks between Iran, Turkey and Qatar: Iran wants more, says a diplomat."


async def used(slack: LocalWorkspace, text: str, room: str = ROOM) -> dict[str, Any]:
    """Use the shortcut on a message, and return what it brought."""
    ts = await slack.say(room, text)
    before = len(said(slack, room))
    await slack.people.shortcut(room, ts, callback=SHORTCUT)
    return (await answers(slack, room, before + 1))[-1]


@pytest.mark.parametrize(
    ("text", "actors"),
    [
        ("The Emir of Qatar left for home.", ["office:emir-of-qatar"]),
        ("Qatar and Iran met; Qatar was pleased.", ["state:qat", "state:irn"]),
        (MANY, ["state:irn", "state:tur", "state:qat"]),
        ("anything on quatar?", ["state:qat"]),  # typed, not written
        ("lunch at noon?", []),
        ("turkey sandwiches for all of us, and then back to work until late in the evening", []),
        ("", []),
    ],
)
def test_whom_a_message_names(desk: Desk, text: str, actors: list[str]) -> None:
    found = named_actors(desk, TEAM, text)
    assert [one.actor for one in found] == actors
    assert all(one.words in text for one in found)


async def test_one_name_is_briefed_on_alone(slack: LocalWorkspace) -> None:
    answer = await used(slack, "Did you see what Qatar did?")
    assert answer["is_ephemeral"]
    assert "*Qatar*" in shown(answer)
    assert slack.messages(ROOM, user="U0OTHER")[-1]["user"] == YOU


async def test_two_names_are_a_pair(slack: LocalWorkspace) -> None:
    assert "*Qatar* (state) and *Iran* (state)" in shown(
        await used(slack, "Qatar has warned Iran.")
    )


async def test_of_more_names_one_is_chosen(slack: LocalWorkspace) -> None:
    answer = await used(slack, MANY)
    assert "Who should I brief you on?" in answer["text"]
    assert '"q":"Iran Turkey"' in button(answer, "choose:0")[1]
    await slack.click(ROOM, answer["ts"], *button(answer, "choose:3"))
    await slack.wait(lambda: "*Qatar*" in shown(said(slack, ROOM)[-1]) and _briefs(slack))
    assert len(said(slack, ROOM)) == 1


def _briefs(slack: LocalWorkspace) -> bool:
    return "independent source" in shown(said(slack, ROOM)[-1])


async def test_no_name_is_said_so(slack: LocalWorkspace) -> None:
    assert "any name in this message" in (await used(slack, "lunch at noon?"))["text"]


async def test_in_direct_messages_it_stands_beside(slack: LocalWorkspace) -> None:
    ts = await slack.say(DIRECT, "tell me about Qatar")
    await answers(slack, DIRECT)
    await slack.people.shortcut(DIRECT, ts, callback=SHORTCUT)
    _, second = await answers(slack, DIRECT, 2)
    assert "is_ephemeral" not in second


async def test_in_messages_of_others_it_is_told_through_the_hook(slack: LocalWorkspace) -> None:
    ts = await slack.say(DIRECT, "help")
    await answers(slack, DIRECT)
    slack.refuse_next("chat.postMessage", "channel_not_found")
    await slack.people.shortcut(DIRECT, ts, callback=SHORTCUT)
    _, second = await answers(slack, DIRECT, 2)
    assert second["is_ephemeral"]


async def test_in_a_thread_it_stays_there(slack: LocalWorkspace) -> None:
    root = await slack.say(ROOM, "morning")
    ts = await slack.say(ROOM, "Qatar again", thread_ts=root)
    await slack.people.shortcut(ROOM, ts, callback=SHORTCUT)
    (answer,) = await answers(slack, ROOM)
    assert answer["thread_ts"] == root
