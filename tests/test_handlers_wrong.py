"""“Wrong actor?”: from the button through the form to a correction, and back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Desk
from handlers.blocks.buttons import MORE, picked
from handlers.blocks.curation import UNDO
from handlers.blocks.limits import modal_problems
from handlers.blocks.notes import WRONG
from tests.slack import ROOM, TEAM, YOU, answers, app_for, button, far_side, said, serving, shown
from tests.stocked import desk_at
from tests.workspace import LocalWorkspace

IRAN, QATAR, HAMAS = "state:irn", "state:qat", "group:hamas"


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


async def opened(slack: LocalWorkspace, text: str = "Quatar") -> dict[str, Any]:
    """Ask for a brief, press its button, and return the form."""
    await slack.command(ROOM, text)
    (answer,) = await answers(slack, ROOM)
    await slack.click(ROOM, answer["ts"], *button(answer, WRONG))
    view = slack.view()
    assert view is not None
    assert modal_problems(view) == []
    return view


def options(view: dict[str, Any], name: str) -> list[str]:
    (block,) = [b for b in view["blocks"] if b["block_id"] == name]
    return [option["value"] for option in block["element"]["options"]]


async def corrected(slack: LocalWorkspace, **values: str) -> dict[str, Any]:
    """Send the form and return what is answered to it."""
    before = {m["ts"] for m in said(slack, ROOM)}
    assert await slack.submit(values) == {}
    assert slack.view() is None
    await slack.wait(lambda: len(said(slack, ROOM)) > len(before))
    await asyncio.sleep(0.08)
    (answer,) = [m for m in said(slack, ROOM) if m["ts"] not in before]
    assert answer["is_ephemeral"]
    return answer


def accessory(answer: dict[str, Any], action: str) -> tuple[str, str, str]:
    for block in answer["blocks"]:
        element = block.get("accessory") or {}
        if element.get("action_id") == action:
            return action, element["value"], block["block_id"]
    raise AssertionError(f"no button {action}")


async def test_another_actor_for_this_once(slack: LocalWorkspace, desk: Desk) -> None:
    view = await opened(slack)
    assert "I took “Quatar” for *Qatar* (state)." in shown(view)
    assert QATAR not in options(view, "who")
    answer = await corrected(slack, who="-", name="Iran")
    assert "*Iran* (state" in shown(answer)
    assert desk.store.curation.log(TEAM) == []
    await slack.click(ROOM, answer["ts"], *button(answer, MORE))
    await asyncio.sleep(0.3)
    assert "*Iran* (state" in shown(said(slack, ROOM)[-1])


async def test_a_name_from_now_on_and_undone_again(slack: LocalWorkspace, desk: Desk) -> None:
    await opened(slack)
    answer = await corrected(slack, who="-", name=IRAN, do="alias")
    assert "“Quatar” is now a name of Iran." in shown(answer)
    assert "*Iran* (state" in shown(answer)
    (line,) = desk.store.curation.log(TEAM)
    assert (line.person, line.op, line.seq) == (YOU, "alias", 1)
    assert desk.actors(TEAM).match("Quatar")[0].actor == IRAN
    await slack.click(ROOM, answer["ts"], *accessory(answer, UNDO))
    await slack.wait(lambda: "Undid #1" in said(slack, ROOM)[-1]["text"])
    assert desk.actors(TEAM).match("Quatar")[0].actor == QATAR
    undone = desk.store.curation.log(TEAM)
    assert [(one.op, one.undone, one.person) for one in undone] == [
        ("undo", False, YOU),
        ("alias", True, YOU),
    ]


async def test_two_are_the_same(slack: LocalWorkspace, desk: Desk) -> None:
    view = await opened(slack, "Qatar Hamas")
    assert options(view, "which") == ["0", "1"]
    told = await slack.submit({"which": "1", "who": "-", "name": IRAN, "do": "merge"})
    assert told == {}
    await slack.wait(lambda: len(said(slack, ROOM)) == 2)
    text = said(slack, ROOM)[-1]["text"]
    assert "Hamas is of type group and Iran of type state" in text
    assert desk.store.curation.log(TEAM) == []


async def test_a_merge_is_logged(slack: LocalWorkspace, desk: Desk) -> None:
    await opened(slack, "Hamas")
    answer = await corrected(slack, who="-", name="group:hezbollah", do="merge")
    assert "Hamas (group:hamas) now counts as Hezbollah" in shown(answer)
    (line,) = desk.store.curation.log(TEAM)
    assert (line.op, line.actor, line.person) == ("merge", HAMAS, YOU)


WRONG_NAMES: list[tuple[dict[str, str], str, str]] = [
    ({}, "who", "Choose who is meant"),
    ({"who": "-"}, "name", "Enter who is meant"),
    ({"who": "-", "name": "Xqzzvw"}, "name", "I know no actor with that name"),
    ({"who": "-", "name": "Korea"}, "name", "Enter the id of the one you mean"),
    ({"who": "-", "name": "Qatar"}, "who", "That is the actor I showed already"),
]


async def test_what_is_not_clear_is_asked_back_in_the_form(slack: LocalWorkspace) -> None:
    await opened(slack)
    for values, block, words in WRONG_NAMES:
        told = await slack.submit(values)
        assert list(told) == [block], values
        assert words in told[block]
        assert slack.view() is not None
    assert len(said(slack, ROOM)) == 1
    await corrected(slack, name="Iran")


async def test_whoever_is_offered_can_be_chosen(slack: LocalWorkspace, desk: Desk) -> None:
    view = await opened(slack)
    offered = options(view, "who")[0]
    answer = await corrected(slack, who=offered, do="alias")
    assert f"“Quatar” is now a name of {desk.actors(TEAM).name(offered)}." in shown(answer)
    assert desk.actors(TEAM).match("Quatar")[0].actor == offered


async def test_a_form_that_does_not_open_is_said_so(slack: LocalWorkspace) -> None:
    await slack.command(ROOM, "Qatar")
    (answer,) = await answers(slack, ROOM)
    slack.refuse_next("views.open", "expired_trigger_id")
    await slack.click(ROOM, answer["ts"], *button(answer, WRONG))
    await slack.wait(lambda: len(said(slack, ROOM)) == 2)
    assert "could not be opened" in said(slack, ROOM)[-1]["text"]
    assert slack.view() is None


async def test_a_correction_outlives_the_process(desk: Desk) -> None:
    async with far_side() as far:
        async with serving(app_for(far, desk)) as address:
            far.connect(address)
            await opened(far)
        async with serving(app_for(far, desk), working=False) as address:
            far.connect(address)
            assert await far.submit({"who": "-", "name": IRAN, "do": "alias"}) == {}
        assert desk.store.curation.log(TEAM) == []
        async with serving(app_for(far, desk)):
            await far.wait(lambda: len(said(far, ROOM)) == 2)
        assert "is now a name of Iran" in said(far, ROOM)[-1]["text"]
        assert len(desk.store.curation.log(TEAM)) == 1


@pytest.mark.parametrize("text", ["who visited Quatar?", "who sued Quatar in 1931?"])
async def test_an_answer_and_a_no_answer_are_corrected_too(
    slack: LocalWorkspace, text: str
) -> None:
    await slack.say(ROOM, f"@Dragoman {text}")
    (answer,) = await answers(slack, ROOM)
    await slack.click(ROOM, answer["ts"], *button(answer, WRONG))
    view = slack.view()
    assert view is not None
    assert "I took “Quatar” for *Qatar* (state)." in shown(view)
    action, value, _ = button(await corrected(slack, who="-", name="Iran"), WRONG)
    if action != WRONG:
        _, value = picked(action, value)  # beside More it is in the menu
    assert json.loads(value)["meant"] == [["Quatar", IRAN]]
    assert json.loads(value)["do"] == "ask"
