"""👍 and 👎 over real sockets: kept, changed, commented on, and listed on the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.desk import Desk
from bot.models import Feedback
from handlers.blocks.curation import COMMENT
from handlers.blocks.limits import modal_problems
from handlers.blocks.native import BAD, GOOD
from tests.arrivals import open_store
from tests.slack import DIRECT, ROOM, TEAM, YOU, answers, app_for, button, said, serving
from tests.stocked import desk_at
from tests.workspace import LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)


async def asked(slack: LocalWorkspace, text: str, room: str = ROOM) -> dict[str, Any]:
    before = len(said(slack, room))
    await slack.command(room, text)
    return (await answers(slack, room, before + 1))[-1]


async def click(
    slack: LocalWorkspace, answer: dict[str, Any], action: str, room: str = ROOM
) -> dict[str, Any]:
    """Click, and return what it brought."""
    before = len(said(slack, room))
    await slack.click(room, answer["ts"], *button(answer, action))
    return (await answers(slack, room, before + 1))[-1]


def given(desk: Desk, query: str) -> list[Feedback]:
    return [one for one in desk.store.feedback.all(TEAM) if one.query == query]


async def test_a_click_is_kept_and_the_next_changes_it(slack: LocalWorkspace, desk: Desk) -> None:
    answer = await asked(slack, "Qatar since 2023")
    told = await click(slack, answer, GOOD)
    assert told["text"].startswith("👍 Thank you")
    assert told["is_ephemeral"]
    (one,) = given(desk, "Qatar since 2023")
    assert (one.verdict, one.person, one.place, one.comment) == ("up", YOU, ROOM, "")
    assert one.told
    assert "<" not in one.told
    assert "You have already said so" in (await click(slack, answer, GOOD))["text"]
    assert "replaces your 👍" in (await click(slack, answer, BAD))["text"]
    (one,) = given(desk, "Qatar since 2023")
    assert one.verdict == "down"


async def test_a_comment_is_asked_for_and_kept(slack: LocalWorkspace, desk: Desk) -> None:
    answer = await asked(slack, "Iran since 2023")
    thanks = await click(slack, answer, BAD)
    await slack.click(ROOM, thanks["ts"], *button(thanks, COMMENT))
    await slack.wait(lambda: slack.view() is not None)
    view = slack.view()
    assert view is not None
    assert modal_problems(view) == []
    assert "Iran since 2023" in str(view["blocks"])
    assert await slack.submit({COMMENT: "That is <another> Iran & old"}) == {}
    await slack.wait(lambda: "comment is saved" in said(slack, ROOM)[-1]["text"])
    assert len(said(slack, ROOM)) == 2, "in place of the thanks"
    (one,) = given(desk, "Iran since 2023")
    assert one.comment == "That is <another> Iran & old"
    await click(slack, answer, GOOD)
    (one,) = given(desk, "Iran since 2023")
    assert (one.verdict, one.comment) == ("up", "That is <another> Iran & old")


async def test_an_answer_in_direct_messages(slack: LocalWorkspace, desk: Desk) -> None:
    await slack.say(DIRECT, "who moved to Turkey?")
    (answer,) = await answers(slack, DIRECT)
    thanks = await click(slack, answer, BAD, DIRECT)
    await slack.click(DIRECT, thanks["ts"], *button(thanks, COMMENT))
    await slack.wait(lambda: slack.view() is not None)
    assert await slack.submit({COMMENT: "not them"}) == {}
    await slack.wait(lambda: "comment is saved" in said(slack, DIRECT)[-1]["text"])
    (one,) = given(desk, "who moved to Turkey?")
    assert (one.verdict, one.comment, one.place) == ("down", "not them", DIRECT)


async def test_a_click_that_cannot_be_read_is_told(slack: LocalWorkspace, desk: Desk) -> None:
    answer = await asked(slack, "Qatar since 2022")
    name, _, block = button(answer, GOOD)
    await slack.click(ROOM, answer["ts"], name, "{}", block)
    _, told = await answers(slack, ROOM, 2)
    assert "ask again" in told["text"]
    assert COMMENT not in str(told["blocks"])
    assert given(desk, "Qatar since 2022") == []


async def test_a_comment_on_what_is_gone_opens_no_form(slack: LocalWorkspace) -> None:
    thanks = await click(slack, await asked(slack, "Qatar since 2021"), GOOD)
    name, _, block = button(thanks, COMMENT)
    await slack.click(ROOM, thanks["ts"], name, json.dumps({"reply": "gone"}), block)
    told = (await answers(slack, ROOM, 3))[-1]
    assert "no longer stored" in told["text"]
    assert slack.view() is None


async def test_it_survives_a_restart(far: LocalWorkspace, tmp_path: Path) -> None:
    before = desk_at(tmp_path)
    async with serving(app_for(far, before)) as address:
        far.connect(address)
        answer = await asked(far, "Qatar")
    before.close()
    after = desk_at(tmp_path)
    async with serving(app_for(far, after)) as address:
        far.connect(address)
        await click(far, answer, BAD)
        assert [one.verdict for one in given(after, "Qatar")] == ["down"]
    after.close()


# --- the command line --------------------------------------------------------------------


def run(*words: str) -> str:
    done = CliRunner().invoke(main, ["feedback", *words])
    assert done.exit_code == 0, done.output
    return done.output


def test_it_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAGOMAN_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    open_store(tmp_path).close()
    assert "No feedback yet" in run()
    now = datetime.now(UTC)
    of = {"workspace": "T1", "person": "U1", "place": "C1", "told": "Pier 7 opens — one.example"}
    with open_store(tmp_path) as store:
        for n, verdict in enumerate(("up", "down", "down")):
            at = now - timedelta(days=n * 10)
            store.feedback.give(
                Feedback(**of, reply=f"r{n}", query=f"Pier {n}", verdict=verdict, at=at)
            )
        assert store.feedback.comment("T1", "r1", "U1", "wrong\x1b[31m pier")
        assert not store.feedback.comment("T2", "r1", "U1", "another workspace's")
    listed = run()
    assert listed.index("👍  Pier 0") < listed.index("👎  Pier 1") < listed.index("👎  Pier 2")
    assert "comment: wrong[31m pier" in listed
    assert "reply: Pier 7 opens" in listed
    assert "1 👍, 2 👎" in listed
    assert "Pier 0" not in run("--verdict", "down")
    assert "Pier 2" not in run("--since", (now - timedelta(days=15)).date().isoformat())
    found = json.loads(run("--json", "--workspace", "T1"))
    assert [one["verdict"] for one in found] == ["up", "down", "down"]
    assert json.loads(run("--json", "--workspace", "T2")) == []
