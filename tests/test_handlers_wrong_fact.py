"""“Wrong fact?” over real sockets: listed, marked, gone from every reply, and undone."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.desk import DATABASE, Desk
from bot.models import Asker
from handlers.blocks.curation import FAULT, FAULTS, UNDO, WRONG_FACT
from handlers.blocks.limits import problems
from tests import databases
from tests.arrivals import arrival, met
from tests.slack import (
    DIRECT,
    ROOM,
    TEAM,
    YOU,
    answers,
    app_for,
    button,
    far_side,
    said,
    serving,
    shown,
)
from tests.stocked import desk_at
from tests.workspace import LocalWorkspace

STRUCK = "Iran attacked Qatar with 14 ballistic missiles"
CLOSED = "Qatar met Iran behind a closed door."
PRIVATE = "C0GULF"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = desk_at(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[LocalWorkspace]:
    async with far_side() as far, serving(app_for(far, desk)) as address:
        far.connect(address)
        yield far


async def after(slack: LocalWorkspace, room: str, *click: str) -> dict[str, Any]:
    """Click, and return what it brought."""
    before = len(said(slack, room))
    await slack.click(room, *click)
    return (await answers(slack, room, before + 1))[-1]


async def asked(slack: LocalWorkspace, text: str, room: str = ROOM) -> dict[str, Any]:
    before = len(said(slack, room))
    await slack.say(room, text if room == DIRECT else f"@Dragoman {text}")
    return (await answers(slack, room, before + 1))[-1]


async def listed(slack: LocalWorkspace, answer: dict[str, Any], room: str = ROOM) -> dict[str, Any]:
    found = await after(slack, room, answer["ts"], *button(answer, WRONG_FACT))
    assert problems(found) == []
    return found


def menus(listing: dict[str, Any]) -> dict[str, tuple[dict[str, str], str]]:
    """What can be picked for each fact of a listing, by its words, and the menu's block."""
    found = {}
    for block in listing["blocks"]:
        if (menu := block.get("accessory") or {}).get("action_id") == FAULT:
            values = {one["value"].partition(":")[0]: one["value"] for one in menu["options"]}
            found[block["text"]["text"]] = values, block["block_id"]
    return found


async def marked(
    slack: LocalWorkspace, listing: dict[str, Any], words: str, fault: str, room: str = ROOM
) -> dict[str, Any]:
    ((values, block),) = [menu for text, menu in menus(listing).items() if words in text]
    return await after(slack, room, listing["ts"], FAULT, values[fault], block)


def undo(answer: dict[str, Any]) -> tuple[str, str, str]:
    (block,) = [one for one in answer["blocks"] if "accessory" in one]
    return UNDO, block["accessory"]["value"], block["block_id"]


def asker(place: str = ROOM) -> Asker:
    return Asker(workspace=TEAM, person=YOU, place=place, now=datetime.now(UTC))


def facts(desk: Desk, place: str = ROOM) -> list[str]:
    """The quotes of all facts that are shown in a place."""
    library = desk.library(asker(place))
    found = desk.store.facts(TEAM, library.audiences, limit=500)
    return [one.evidence[0].quote for one in found]


async def test_a_fact_of_an_answer_is_gone_and_undone(slack: LocalWorkspace, desk: Desk) -> None:
    answer = await asked(slack, "who attacked Qatar?")
    listing = await listed(slack, answer)
    assert listing["is_ephemeral"]
    ((text, (values, _)),) = [one for one in menus(listing).items() if STRUCK in one[0]]
    assert "*attacked*" in text
    assert set(values) == set(FAULTS)
    assert "logged with the name of the person who made it" in shown(listing)
    before = len(facts(desk))
    done = await marked(slack, listing, STRUCK, "not said")
    assert done["is_ephemeral"]
    assert "Marked wrong (not said): Iran attacked Qatar – “" in shown(done)
    assert len(facts(desk)) == before - 1
    (line,) = desk.store.curation.log(TEAM)
    assert (line.op, line.person, line.seq) == ("wrong fact", YOU, 1)
    again = desk.ask(asker(), "who attacked Qatar?")
    assert not any(one.fact == line.actor for one in getattr(again, "lines", ()))
    await slack.click(ROOM, done["ts"], *undo(done))
    await slack.wait(lambda: "Undid #1: Marked wrong" in str(said(slack, ROOM)))
    assert len(facts(desk)) == before
    again = desk.ask(asker(), "who attacked Qatar?")
    assert any(one.fact == line.actor for one in getattr(again, "lines", ()))


async def test_a_fact_of_a_brief(slack: LocalWorkspace, desk: Desk) -> None:
    await slack.command(ROOM, "Qatar Iran")
    (answer,) = await answers(slack, ROOM)
    listing = await listed(slack, answer)
    assert len(menus(listing)) > 2
    assert len([text for text in menus(listing) if STRUCK in text]) == 1
    await marked(slack, listing, STRUCK, "status")
    listing = await listed(slack, answer)
    assert not [text for text in menus(listing) if STRUCK in text]
    assert desk.store.wrong_facts.all(TEAM)[0].fault == "status"


async def test_in_direct_messages(slack: LocalWorkspace, desk: Desk) -> None:
    listing = await listed(slack, await asked(slack, "who attacked Qatar?", DIRECT), DIRECT)
    done = await marked(slack, listing, STRUCK, "who", DIRECT)
    assert "Marked wrong (who)" in shown(done)
    twice = await marked(slack, listing, STRUCK, "what", DIRECT)
    assert "marked wrong already" in shown(twice)
    assert len(desk.store.curation.log(TEAM)) == 1


async def test_what_a_private_channel_was_given_is_marked_there_alone(
    slack: LocalWorkspace, desk: Desk
) -> None:
    given = arrival("closed", CLOSED, audience=PRIVATE, workspace=TEAM, facts=[met(CLOSED)])
    desk.store.commit([given], now=datetime.now(UTC))
    desk.catch_up()
    (secret,) = desk.store.facts(TEAM, [PRIVATE])
    listing = await listed(slack, await asked(slack, "who attacked Qatar?"))
    assert CLOSED not in shown(listing)
    for value in (f"who:{secret.id}", "who:", "nothing:x", "who:a.b", ""):
        body = {
            "type": "block_actions",
            "user": {"id": YOU, "team_id": TEAM},
            "team": {"id": TEAM},
            "trigger_id": f"forged {value}",
            "container": {"channel_id": ROOM, "is_ephemeral": True},
            "channel": {"id": ROOM},
            "actions": [{"action_id": FAULT, "selected_option": {"value": value}}],
        }
        before = len(said(slack, ROOM))
        fields = {"payload": json.dumps(body)}
        await slack._deliverer.form("interactivity", fields)
        told = (await answers(slack, ROOM, before + 1))[-1]
        assert "closed door" not in shown(told)
        assert "any more" in told["text"] or "ask again" in told["text"]
    assert CLOSED in facts(desk, PRIVATE)
    assert desk.store.curation.log(TEAM) == []
    desk.care.mark_wrong(asker(PRIVATE), secret.id, "who")
    assert CLOSED not in facts(desk, PRIVATE)


async def test_a_guest_marks_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async with far_side() as far, serving(app_for(far, desk)) as address:
        far.connect(address)
        answer = await asked(far, "who attacked Qatar?")
        listing = await listed(far, answer)
    profile = None
    async with far_side() as far:
        profile = far._api._methods["users.info"]

        def restricted(args: dict[str, Any]) -> dict[str, Any]:
            return {"user": {**profile(args)["user"], "is_restricted": True}}

        monkeypatch.setitem(far._api._methods, "users.info", restricted)
        async with serving(app_for(far, desk)) as address:
            far.connect(address)
            answer = await asked(far, "who attacked Qatar?")
            told = await after(far, ROOM, answer["ts"], *button(answer, WRONG_FACT))
            assert "Ask a member" in told["text"]
            assert menus(told) == {}
    assert menus(listing)
    assert desk.store.curation.log(TEAM) == []


async def test_lines_without_a_fact_have_no_such_button(slack: LocalWorkspace) -> None:
    answer = await asked(slack, "who sued Quatar in 1931?")
    with pytest.raises(AssertionError, match="no button"):
        button(answer, WRONG_FACT)


async def test_a_mark_outlives_the_process(desk: Desk) -> None:
    async with far_side() as far:
        async with serving(app_for(far, desk)) as address:
            far.connect(address)
            listing = await listed(far, await asked(far, "who attacked Qatar?"))
            count = len(said(far, ROOM))
        async with serving(app_for(far, desk), working=False) as address:
            far.connect(address)
            ((values, block),) = [m for text, m in menus(listing).items() if STRUCK in text]
            await far.click(ROOM, listing["ts"], FAULT, values["who"], block)
        assert desk.store.curation.log(TEAM) == []
        async with serving(app_for(far, desk)):
            await far.wait(lambda: len(said(far, ROOM)) == count + 1)
        assert len(desk.store.curation.log(TEAM)) == 1


# --- the command line --------------------------------------------------------------------


@pytest.fixture
def folder(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which one fact is marked wrong."""
    monkeypatch.setenv("DRAGOMAN_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (wrong,) = [
        one
        for one in desk.store.facts(TEAM, desk.library(asker()).audiences, limit=500)
        if any(STRUCK in proof.quote for proof in one.evidence)
    ]
    assert desk.care.mark_wrong(asker(), wrong.id, "status").change is not None
    return tmp_path


def run(*words: str) -> str:
    done = CliRunner().invoke(main, list(words))
    assert done.exit_code == 0, done.output
    return done.stdout


def test_it_is_listed_exported_and_undone(folder: Path) -> None:
    assert (folder / DATABASE).exists() or databases.kind() == "postgresql"
    told = run("feedback")
    assert "✗  wrong fact (status): " in told
    assert f"{YOU} in {TEAM} · undo: dragoman actors undo 1 --workspace {TEAM}" in told
    assert "0 👍, 0 👎, 1 fact marked wrong" in told
    assert "No feedback yet" in run("feedback", "--verdict", "down")
    assert "wrong fact" in run("feedback", "--verdict", "wrong", "--since", "today")
    (one,) = json.loads(run("feedback", "--json"))
    assert (one["verdict"], one["fault"], one["person"]) == ("wrong", "status", YOU)
    labels = [json.loads(line) for line in run("feedback", "export").splitlines()]
    (label,) = [one for one in labels if STRUCK in one["sentence"]]
    assert label["sentence"].startswith(STRUCK)
    assert (label["trigger"], label["source"], label["target"]) == ("attacked", ["Iran"], ["Qatar"])
    assert (label["class"], label["status"], label["fault"]) == ("ASSAULT", "happened", "status")
    assert not label["right"]
    nothing = CliRunner().invoke(main, ["feedback", "export", "--workspace", "T2"])
    assert (nothing.exit_code, "No fact is marked wrong" in nothing.stderr) == (0, True)
    before = CliRunner().invoke(main, ["feedback", "--workspace", "T2", "export"])
    assert (before.exit_code, "Put options after export" in before.output) == (2, True)
    stored = ("facts", "--actor", "Qatar", "--workspace", TEAM, "--format", "jsonl")
    assert one["fact"]["id"] not in run(*stored)
    assert "#1 · " in run("actors", "log", "--workspace", TEAM)
    assert "Undid #1" in run("actors", "undo", "--workspace", TEAM)
    assert one["fact"]["id"] in run(*stored)
    assert "wrong fact" not in run("feedback")
    assert run("feedback", "export") == ""
