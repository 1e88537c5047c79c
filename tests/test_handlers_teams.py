"""What is told to several workspaces, each of its own, with its own token: buttons, Home,
digests, threads, files."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Desk
from bot.digests.issuing import DigestSender
from bot.models import Outgoing
from tests import teams as slack
from tests.slack import event, message, serving
from tests.stocked import opened
from tests.teams import ROOM, Teams
from tests.test_handlers_install import ONE, TALKS, TWO, VISIT, ask, come, ts, until

PERSON = "U0ANALYST"


class Clock:
    """The time, and what is added to it."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("desk")
    found = opened(folder)
    come(found, ONE, TALKS)
    come(found, TWO, VISIT)
    yield found
    found.close()


@pytest.fixture
async def far() -> AsyncIterator[Teams]:
    async with slack.teams() as there:
        yield there


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def address(far: Teams, desk: Desk, clock: Clock) -> AsyncIterator[str]:
    async with serving(slack.app_for(far, desk, now=clock.now)) as where:
        for team in (ONE, TWO):
            await slack.install(where, far.code(team))
        yield where


def last(far: Teams, whose: str, method: str) -> dict[str, Any]:
    return [call.args for call in far.calls if (call.whose, call.method) == (whose, method)][-1]


def button(payload: dict[str, Any], action: str) -> dict[str, Any]:
    for block in payload["blocks"]:
        for element in block.get("elements", []):
            if str(element.get("action_id", "")).partition(":")[0] == action:
                return {**element, "block_id": block.get("block_id", "b")}
    raise AssertionError(f"no button {action}: {json.dumps(payload['blocks'])[:2000]}")


async def choose(far: Teams, address: str, team: str, option: str) -> None:
    """Choose something in the menu under the newest answer."""
    pressed = button(last(far, team, "chat.postMessage"), "menu")
    chosen = {"text": {"type": "plain_text", "text": option}, "value": option}
    click = {
        "type": "block_actions",
        "team": {"id": team},
        "user": {"id": PERSON, "team_id": team},
        "channel": {"id": ROOM},
        "container": {"type": "message", "channel_id": ROOM, "message_ts": "1.0"},
        "trigger_id": f"click.{team}.{option}",
        "response_url": f"{far.url}/hooks/{team}",
        "actions": [{**pressed, "selected_option": chosen}],
    }
    assert (await slack.interaction(address, click))[0] == 200


async def test_a_button_is_answered_from_its_own_workspaces_articles(
    far: Teams, address: str
) -> None:
    for team, other in ((ONE, TWO), (TWO, ONE)):
        await ask(far, address, team)
        before = len(far.calls)
        await choose(far, address, team, "sources")
        await until(lambda before=before: [c for c in far.calls[before:] if _tells(c.args)])
        assert other not in {call.whose for call in far.calls[before:]}


async def test_a_table_is_given_with_its_own_workspaces_token(far: Teams, address: str) -> None:
    for team, word in ((ONE, "Iran"), (TWO, "France")):
        await ask(far, address, team)
        await choose(far, address, team, "export")
        await until(lambda team=team: _given(far) and _given(far)[-1] == team)
        assert word in far.uploaded[-1]
    assert _given(far) == [ONE, TWO]
    assert "France" not in far.uploaded[0]


def _given(far: Teams) -> list[str]:
    return [call.whose for call in far.calls if call.method == "files.completeUploadExternal"]


def _tells(args: dict[str, Any]) -> bool:
    return "one.example.org" in json.dumps(args)


async def test_each_home_is_its_own_workspaces(far: Teams, address: str) -> None:
    for team in (ONE, TWO):
        tab = {"type": "app_home_opened", "user": PERSON, "channel": "D1", "tab": "home"}
        assert (await event(address, tab, event_id=f"Ev{team}", **slack.of(team)))[0] == 200
    for team, word, other in ((ONE, "Iran", "France"), (TWO, "France", "Iran")):
        await until(
            lambda team=team: any((c.whose, c.method) == (team, "views.publish") for c in far.calls)
        )
        view = json.dumps(last(far, team, "views.publish"), ensure_ascii=False)
        assert (f'"{word} · 1"' in view, f'"{other} · 1"' in view) == (True, False)


async def test_digests_tell_each_its_own(
    far: Teams, desk: Desk, address: str, clock: Clock
) -> None:
    for team in (ONE, TWO):
        await slack.command(far, address, team, "daily at 8:00", "/digest")
    await until(lambda: len(far.hooked()) == 2)
    come(desk, ONE, "Qatar sent aid to Peru on Friday, the ministry in Doha said.", n=3)
    come(desk, TWO, "Qatar sent aid to Norway on Friday, the ministry in Doha said.", n=3)
    due = desk.store.digests.next_due()
    assert due is not None
    clock.ahead = due - datetime.now(UTC) + timedelta(minutes=1)
    sender = DigestSender(desk, age=timedelta(hours=12), now=clock.now)
    while sender.look():
        pass
    await until(lambda: far.said(ONE) and far.said(TWO))
    first, second = (json.dumps(last(far, team, "chat.postMessage")) for team in (ONE, TWO))
    assert ("Peru" in first, "Norway" in first) == (True, False)
    assert ("Peru" in second, "Norway" in second) == (False, True)


async def test_a_shared_channel_has_a_thread_for_each(far: Teams, address: str) -> None:
    """In a channel that both share, an answer of one is no question to the other."""
    await ask(far, address, ONE, "Qatar", event_id="EvShared")
    thread = last(far, ONE, "chat.postMessage")["thread_ts"]
    more = message("and France?", ts(), ROOM, thread_ts=thread, user=PERSON)
    await event(address, more, event_id="EvTwo", **slack.of(TWO))
    await asyncio.sleep(0.15)
    assert far.said(TWO) == []


async def test_a_file_is_fetched_with_the_token_of_where_it_is(far: Teams, address: str) -> None:
    far.files["/files/a.txt"] = "Norway met Peru in Lima on Monday, the ministry said."
    shared = {
        "id": "F1",
        "name": "a.txt",
        "size": len(far.files["/files/a.txt"]),
        "url_private": f"{far.url}/files/a.txt",
    }
    given = message("", ts(), "D0DIRECT", channel_type="im", user=PERSON, files=[shared])
    given |= {"subtype": "file_share"}
    assert (await event(address, given, **slack.of(TWO)))[0] == 200
    await until(lambda: far.said(TWO))
    assert far.fetched == [(TWO, "/files/a.txt")]


async def test_two_clicks_on_yes_install_it_once(far: Teams, address: str) -> None:
    async with slack.browser(address) as session:
        state = (await slack.asked(session))["state"]
        done = await asyncio.gather(
            *(
                slack.page(session, "/slack/oauth_redirect", code=far.code(ONE), state=state)
                for _ in range(2)
            )
        )
    assert sorted(one.status for one in done) == [200, 401]


async def test_a_step_that_slack_denies_us_ends_nothing_else(
    far: Teams, address: str, desk: Desk
) -> None:
    """It denies one run of a workflow, and takes no token back."""
    far.refused["functions.completeSuccess"] = "access_denied"
    now = datetime.now(UTC)
    later = Outgoing(
        workspace=ONE,
        key="later",
        kind="notice",
        place=ROOM,
        content={"said": "later"},
        due_at=now + timedelta(days=1),
    )
    desk.store.outbox.put([later], now)
    run = {
        "type": "function_executed",
        "function": {"callback_id": "brief_on_actor"},
        "inputs": {"about": "Qatar", "person": {"id": PERSON}},
        "function_execution_id": "Fx1",
    }
    await event(address, run, **slack.of(ONE))
    await until(lambda: any(call.method == "functions.completeError" for call in far.calls))
    assert {call.whose for call in far.calls if call.method.startswith("functions.")} == {ONE}
    assert desk.store.installations.cancel_pending(ONE, "the end of the test", now) == 1
