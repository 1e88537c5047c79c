"""Steps of workflows over a real socket: run, completed once, refused in a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Desk
from bot.errors import StoreUnavailable
from bot.models import EVERYWHERE, Draft
from handlers import steps
from handlers.payloads import schema_problem
from handlers.workspace.state import WorkspaceError
from tests.retried import until
from tests.slack import DIRECT, ROOM, TEAM, YOU, app_for, callback, event, post, said, serving
from tests.stocked import desk_at
from tests.workspace import LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)

GUEST, PRIVATE = "U0GUEST", "C0PRIVATE"


@pytest.fixture(autouse=True)
def nothing_followed(desk: Desk) -> Iterator[None]:
    yield
    for one in desk.store.watches.all():
        desk.store.watches.remove(one.workspace, [one.id])


async def outcome(
    slack: LocalWorkspace, step: str, person: str | None = YOU, **inputs: Any
) -> dict[str, Any]:
    """Run a step and return what completed it."""
    execution = await slack.steps.run(step, inputs, person)
    return await completed(slack, execution)


async def completed(slack: LocalWorkspace, execution: str) -> dict[str, Any]:
    await slack.wait(lambda: slack.steps.outcomes[execution] is not None)
    found = slack.steps.outcomes[execution]
    assert found is not None
    return found


async def outputs(slack: LocalWorkspace, step: str, **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = (await outcome(slack, step, **more))["outputs"]
    return given


async def error(slack: LocalWorkspace, step: str, **more: Any) -> str:
    told: str = (await outcome(slack, step, **more))["error"]
    return told


# --- a brief --------------------------------------------------------------------------------


async def test_a_brief_gives_its_text_opening_stories_and_links(slack: LocalWorkspace) -> None:
    got = await outputs(slack, "brief_on_actor", about="Qatar")
    steps.BriefOutputs.model_validate(got, strict=True)
    assert got["found"] is True
    assert got["stories"] > 1
    assert "Qatar (" in got["text"]
    assert "\n[1] " in got["text"]
    assert "add --more" not in got["text"]
    quote = got["opening"].partition("“")[2].partition("”")[0]
    assert quote
    assert " — " in got["opening"]
    links = got["links"].splitlines()
    assert len(links) == len(set(links))


async def test_a_brief_on_nothing_stored_is_no_error(slack: LocalWorkspace) -> None:
    got = await outputs(slack, "brief_on_actor", about="Kiribati")
    assert (got["found"], got["stories"], got["opening"], got["links"]) == (False, 0, "", "")
    assert got["text"].startswith("Nothing stored about Kiribati")


async def test_a_workflow_that_runs_by_itself_is_answered_as_well(slack: LocalWorkspace) -> None:
    got = await outputs(slack, "brief_on_actor", person=None, about="Qatar")
    assert got["found"]
    assert not [call for call in slack.calls if call.method == "users.info"]


async def test_what_was_given_in_a_private_place_never_leaves_it(
    far: LocalWorkspace, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    own = desk_at(tmp_path)
    secret = "Kiribati signed a secret treaty with Tuvalu on Monday."  # noqa: S105
    for place in (PRIVATE, ROOM, "D0DRAGOMAN"):
        draft = Draft(title="", text=secret, url=f"https://p.example.org/{place}", published=now)
        own.ingest([draft], now=now, workspace=TEAM, audience=place)
    async with serving(app_for(far, own)) as url:
        far.connect(url)
        got = await outputs(far, "brief_on_actor", about="Kiribati")
        checked = await outputs(far, "check_claim", claim="Kiribati signed a treaty with Tuvalu")
        link = await outputs(far, "check_claim", claim=f"https://p.example.org/{PRIVATE}")
    own.close()
    assert not got["found"]
    assert (checked["verdict"], link["verdict"]) == ("not found", "not found")
    assert "secret" not in json.dumps([got, checked, link])


async def test_what_articles_say_pings_nobody(far: LocalWorkspace, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    own = desk_at(tmp_path)
    text = "Kiribati told <!channel> and <@U0YOU> to read <https://evil.example.org|this>."
    draft = Draft(title="", text=text, url="https://p.example.org/a", published=now)
    own.ingest([draft], now=now, workspace=TEAM, audience=EVERYWHERE)
    async with serving(app_for(far, own)) as url:
        far.connect(url)
        got = await outputs(far, "brief_on_actor", about="Kiribati")
        wrong = await error(far, "brief_on_actor", about="<b>" * 700)
    own.close()
    assert "‹!channel>" in got["text"]
    assert "‹https://evil" in got["text"]
    assert "‹!channel>" in got["opening"]
    assert "<https://p.example.org/a>" in got["text"]
    assert wrong.startswith("That is 700 characters long")


# --- a claim --------------------------------------------------------------------------------


async def test_a_claim_that_is_reported(slack: LocalWorkspace) -> None:
    (first,) = (await outputs(slack, "brief_on_actor", about="Qatar"))["opening"].splitlines()
    claim = first.partition("“")[2].partition("”")[0]
    got = await outputs(slack, "check_claim", claim=claim)
    steps.ClaimOutputs.model_validate(got)
    assert got["verdict"] in ("reported", "disputed")
    assert got["sources"] >= 1
    assert got["publishers"]
    assert "Independent" in got["text"]


async def test_a_claim_that_nobody_reports(slack: LocalWorkspace) -> None:
    got = await outputs(slack, "check_claim", claim="Brazil bought a moon of Jupiter from Peru")
    assert (got["verdict"], got["sources"], got["publishers"], got["links"]) == (
        "not found",
        0,
        "",
        "",
    )


# --- a watch --------------------------------------------------------------------------------


async def test_a_watch_for_a_channel_is_announced_there(slack: LocalWorkspace, desk: Desk) -> None:
    got = await outputs(
        slack, "watch_event", topic="Qatar", channel=ROOM, sources=3, digest_only=True
    )
    (one,) = desk.store.watches.of(TEAM, TEAM, ROOM)
    assert got == {"watch_id": one.id, "follows": "Qatar"}
    assert (one.least, one.digest_only, one.person, one.room) == (3, True, YOU, ROOM)
    await slack.wait(lambda: bool(said(slack, ROOM)))
    assert said(slack, ROOM)[0]["text"].startswith(
        "you (by a workflow) changed what is followed here. Now followed: Qatar"
    )
    again = await outputs(
        slack, "watch_event", topic="Qatar", channel=ROOM, sources=3, digest_only=True
    )
    assert again == got


async def test_a_watch_for_the_person_who_runs_the_workflow(
    slack: LocalWorkspace, desk: Desk
) -> None:
    got = await outputs(slack, "watch_event", topic="Iran sanctions from 2 sources")
    (one,) = desk.store.watches.of(TEAM, TEAM, YOU)
    assert got["watch_id"] == one.id
    assert (one.personal, one.room, one.least) == (True, None, 2)


async def test_a_watch_needs_a_place_that_it_may_change(slack: LocalWorkspace, desk: Desk) -> None:
    assert await error(slack, "watch_event", person=None, topic="Qatar") == steps.NOWHERE
    assert await error(slack, "watch_event", topic="Qatar", channel="C0NONE") == steps.NOT_PUBLIC
    room = slack.channels[ROOM]
    slack.channels[ROOM] = room.model_copy(update={"is_private": True})
    assert await error(slack, "watch_event", topic="Qatar", channel=ROOM) == steps.NOT_PUBLIC
    assert desk.store.watches.all() == []


# --- bad inputs -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "inputs", "sentence"),
    [
        ("brief_on_actor", {}, "“About” is empty: fill it in."),
        ("brief_on_actor", {"about": "  "}, "“About” is empty: fill it in."),
        ("brief_on_actor", {"about": None}, "“About” is empty: fill it in."),
        ("brief_on_actor", {"about": ["Qatar"]}, "“About” cannot be used: it "),
        ("brief_on_actor", {"about": "Congo"}, "“Congo” may mean "),
        ("check_claim", {"claim": "x" * 2_001}, "“Claim” cannot be used: it "),
        ("watch_event", {"topic": "Qatar", "sources": 0}, "“Sources” cannot be used: it "),
        ("watch_event", {"topic": "Qatar", "sources": "many"}, "“Sources” cannot be used: it "),
        ("watch_event", {"topic": "Qatar", "channel": "#x"}, "“Channel” is none of this"),
        ("watch_event", {"topic": "Congo", "channel": ROOM}, "“Congo” may mean "),
    ],
)
async def test_bad_inputs_end_in_a_sentence(
    slack: LocalWorkspace, desk: Desk, step: str, inputs: dict[str, Any], sentence: str
) -> None:
    told = await error(slack, step, **inputs)
    assert told.startswith(sentence), told
    assert "\n" not in told
    assert desk.store.watches.all() == []


async def test_guests_run_no_step(slack: LocalWorkspace, desk: Desk) -> None:
    guest = next(one.id for one in slack.users.values() if one.role == "guest")
    for step, inputs in (
        ("brief_on_actor", {"about": "Qatar"}),
        ("check_claim", {"claim": "Iran met Qatar"}),
        ("watch_event", {"topic": "Qatar", "channel": ROOM}),
    ):
        assert await error(slack, step, person=guest, **inputs) == steps.GUEST
    assert desk.store.watches.all() == []


# --- once, and never lost -------------------------------------------------------------------


def executed(execution: str, **inputs: Any) -> dict[str, Any]:
    return {
        "type": "function_executed",
        "function": {"callback_id": "brief_on_actor"},
        "inputs": inputs,
        "function_execution_id": execution,
        "event_ts": "1.1",
        "bot_access_token": "xwfp-secret",
    }


def calls(far: LocalWorkspace, outcome: str) -> int:
    return [call.method for call in far.calls].count(f"functions.{outcome}")


async def test_it_is_stored_before_it_is_acknowledged_and_outlives_its_process(
    far: LocalWorkspace, tmp_path: Path
) -> None:
    far.steps.outcomes["Fx1"] = None
    before = desk_at(tmp_path)
    async with serving(app_for(far, before), working=False) as url:
        person = {"id": YOU, "secret": "of-slack"}
        status, _ = await event(url, executed("Fx1", about="Qatar", person=person, more="x"))
        assert status == 200
    kept = before.store.inbox.claim(datetime.now(UTC), timedelta(0))
    assert kept is not None
    assert kept.payload == {
        "step": "brief_on_actor",
        "execution": "Fx1",
        "inputs": {"about": "Qatar", "person": YOU},
    }
    before.close()
    after = desk_at(tmp_path)
    async with serving(app_for(far, after)):
        assert (await completed(far, "Fx1"))["outputs"]["found"]
    after.close()
    assert calls(far, "completeSuccess") == 1


async def test_it_is_not_acknowledged_where_it_cannot_be_stored(
    far: LocalWorkspace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> bool:
        raise StoreUnavailable("The disk is full.")

    monkeypatch.setattr(desk.store.inbox, "record", full)
    async with serving(app_for(far, desk)) as url:
        status, _ = await event(url, executed("Fx2", about="Qatar"))
    assert status == 503
    assert not [call for call in far.calls if call.method.startswith("functions.")]


async def test_a_completion_whose_answer_was_lost_is_no_second_one(
    far: LocalWorkspace, desk: Desk
) -> None:
    far.steps.outcomes["Fx3"] = {"outputs": {}}  # an earlier attempt got through
    async with serving(app_for(far, desk)) as url:
        await event(url, executed("Fx3", about="Qatar"))
        await until(lambda: desk.store.inbox.reply(TEAM, steps.SURFACE, "Fx3") is not None)
    assert far.steps.outcomes["Fx3"] == {"outputs": {}}
    assert (calls(far, "completeSuccess"), calls(far, "completeError")) == (1, 0)


async def test_a_busy_slack_is_tried_again(slack: LocalWorkspace) -> None:
    slack.refuse_next("functions.completeSuccess", "ratelimited", retry_after=0)
    assert (await outputs(slack, "brief_on_actor", about="Qatar"))["found"]
    assert calls(slack, "completeSuccess") == 2


@pytest.mark.parametrize("word", ["parameter_validation_failed", "access_denied"])
async def test_outputs_that_slack_refuses_end_the_step_with_an_error(
    slack: LocalWorkspace, word: str
) -> None:
    slack.refuse_next("functions.completeSuccess", word)
    told = await error(slack, "brief_on_actor", about="Qatar")
    assert told.startswith("Something went wrong in this step. An admin can find the details")
    assert calls(slack, "completeError") == 1


async def test_an_error_of_ours_ends_the_step_with_a_reference(
    slack: LocalWorkspace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(desk, "brief", broken)
    told = await error(slack, "brief_on_actor", about="Qatar")
    assert "under reference" in told
    assert "secret" not in told


async def test_a_step_that_is_unknown_is_let_go(far: LocalWorkspace, desk: Desk) -> None:
    async with serving(app_for(far, desk)) as url:
        other = executed("Fx4") | {"function": {"callback_id": "of_another_app"}}
        assert (await event(url, other))[0] == 200
    assert not [call for call in far.calls if call.method.startswith("functions.")]


@pytest.mark.parametrize(
    "broken",
    [
        {"function": None},
        {"function": {}},
        {"function": "brief_on_actor"},
        {"function_execution_id": None},
        {"function_execution_id": ""},
        {"inputs": ["about"]},
        {"inputs": "about"},
    ],
)
async def test_an_event_of_another_shape_is_refused(
    far: LocalWorkspace, desk: Desk, broken: dict[str, Any]
) -> None:
    body = callback(executed("Fx5", about="Qatar") | broken)
    assert schema_problem(body)
    async with serving(app_for(far, desk)) as url:
        assert (await post(url, json.dumps(body).encode()))[0] == 400


# --- on the page of the local workspace --------------------------------------------------------


async def test_a_workflow_posts_the_outputs_of_its_step(slack: LocalWorkspace) -> None:
    await slack.steps.command(ROOM, "brief_on_actor Qatar")
    await slack.steps.command(ROOM, "watch_event Iran sanctions")

    def posted() -> list[dict[str, Any]]:
        return [one for one in slack.messages(ROOM) if one["text"].startswith("Workflow with")]

    await slack.wait(lambda: len(posted()) == 2)
    shown = {one["text"].split()[-1]: json.dumps(one["blocks"]) for one in posted()}
    assert "Qatar (state)" in shown["brief_on_actor"]
    assert "*follows*" in shown["watch_event"]
    await slack.steps.command(DIRECT, "watch_event Oman")  # for the person, not for a channel
    await slack.wait(lambda: any("*follows*" in json.dumps(one) for one in slack.messages(DIRECT)))


@pytest.mark.parametrize("typed", ["", "brief_on_actor", "brief_on_actor  ", "dance Qatar"])
async def test_a_workflow_needs_a_step_and_its_input(slack: LocalWorkspace, typed: str) -> None:
    with pytest.raises(WorkspaceError, match="/workflow check_claim claim"):
        await slack.steps.command(ROOM, typed)
