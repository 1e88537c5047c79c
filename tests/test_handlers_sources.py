"""What do you read, and who else reports this: asked in Slack, answered in its thread."""

from __future__ import annotations

import json

import pytest

from tests.slack import DIRECT, ROOM, answers
from tests.workspace import LocalWorkspace

pytest_plugins = ["tests.slack_fixtures"]


async def test_what_do_you_read(slack: LocalWorkspace) -> None:
    ts = await slack.say(ROOM, "@Dragoman what do you read?")
    (answer,) = await answers(slack, ROOM)
    assert answer["thread_ts"] == ts
    told = json.dumps(answer["blocks"], ensure_ascii=False)
    assert "Dragoman note · 52 articles" in told
    assert "one publisher, 52 articles, " in told.lower()


@pytest.mark.parametrize(
    "claim",
    ["Hamas left Qatar for Turkey", "Iran and Russia signed a treaty", "Iran fired at Qatar"],
)
async def test_who_else_reports_a_claim(slack: LocalWorkspace, claim: str) -> None:
    await slack.say(DIRECT, f"anyone else reporting that {claim}?")
    (answer,) = await answers(slack, DIRECT)
    told = json.dumps(answer["blocks"], ensure_ascii=False)
    assert "Independent" in told
    assert "independent source" in told
    assert "denies it" in told or "Denied" in told


@pytest.mark.parametrize(
    "link", ["<https://nowhere.example/a>", "<https://nowhere.example/a|nowhere.example/a>"]
)
async def test_a_link_that_is_not_read(slack: LocalWorkspace, link: str) -> None:
    await slack.say(DIRECT, f"anyone else reporting this? {link}")
    (answer,) = await answers(slack, DIRECT)
    told = json.dumps(answer["blocks"], ensure_ascii=False)
    assert "I have read no article at that link" in told


async def test_neither(slack: LocalWorkspace) -> None:
    # In a direct message it would be about what was asked there before.
    await slack.say(ROOM, "@Dragoman anyone else reporting this?")
    (answer,) = await answers(slack, ROOM)
    assert "Add a link or a claim" in json.dumps(answer["blocks"], ensure_ascii=False)


async def test_who_else_reports_what_was_answered(slack: LocalWorkspace) -> None:
    root = await slack.say(ROOM, "@Dragoman who moved to Turkey?")
    await answers(slack, ROOM)
    await slack.say(ROOM, "@Dragoman anyone else reporting this?", thread_ts=root)
    _, answer = await answers(slack, ROOM, 2)
    told = json.dumps(answer["blocks"], ensure_ascii=False)
    assert "Independent" in told
    assert "Turkey" in told
