"""Each way in which Slack fails, for whatever is sent: what passes is tried again, what is final
is said in one sentence with a reference that the log has, and nothing is silent.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_base_client import AsyncBaseClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.desk import Desk
from bot.models import Alert, Outgoing, OutgoingKind, Topic, Watch
from bot.store.outbox import AHEAD
from handlers.errors import refusal_of
from tests.retried import Twice, until
from tests.slack import DIRECT, ROOM, TEAM, TOKEN, US, YOU, app_for, event, form, said, serving
from tests.test_blocks_alert import story as alerted
from tests.test_blocks_digest import issue, story
from tests.test_handlers_edits import edit
from tests.workspace import LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)

POST, ALONE, UPDATE, OPEN = "chat.postMessage", "chat.postEphemeral", "chat.update", "views.open"
ALWAYS = 1_000
_LONG = timedelta(minutes=1)


class Fails(NamedTuple):
    """How a call of Slack's fails, and how many times in a row."""

    raised: Callable[[AsyncBaseClient], Exception]
    times: int = 1


def word(name: str, status: int = 200, **headers: str) -> Callable[[AsyncBaseClient], Exception]:
    def raised(client: AsyncBaseClient) -> Exception:
        answer = AsyncSlackResponse(
            client=client, http_verb="POST", api_url="", req_args={}, status_code=status,
            data={"ok": False, "error": name}, headers=headers,
        )  # fmt: skip
        return SlackApiError(name, answer)  # type: ignore[no-untyped-call]

    return raised


PASSING = {
    "ratelimited": Fails(word("ratelimited", 429, **{"Retry-After": "3"}), 2),
    "500": Fails(word("internal_error", 500), 2),
    "reset": Fails(lambda _: aiohttp.ClientConnectionResetError("reset"), 2),
    "timeout": Fails(lambda _: TimeoutError(), 2),
}
SIMPLER = {name: Fails(word(name)) for name in ("msg_too_long", "invalid_blocks")}
TOO_MUCH = {name: Fails(word(name), ALWAYS) for name in ("msg_too_long", "invalid_blocks")}
CLOSED = {
    name: Fails(word(name), ALWAYS)
    for name in ("channel_not_found", "not_in_channel", "is_archived")
}
LOCKED = {name: Fails(word(name), ALWAYS) for name in ("account_inactive", "token_revoked")}


class Slack:
    """Fails calls of one method, in channels alone where ``only`` says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.method, self.left, self.fails, self.tried = "", 0, Fails(word("x")), 0
        real = AsyncBaseClient.api_call

        async def call(client: AsyncBaseClient, method: str, **more: Any) -> AsyncSlackResponse:
            place = (more.get("json") or {}).get("channel", ROOM)
            if method == self.method and self.left and place == ROOM:
                self.left -= 1
                self.tried += 1
                raise self.fails.raised(client)
            return await real(client, method, **more)

        monkeypatch.setattr(AsyncBaseClient, "api_call", call)

    def fail(self, method: str, fails: Fails) -> None:
        self.method, self.left, self.fails = method, fails.times, fails


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Slack:
    return Slack(monkeypatch)


@pytest.fixture
async def world(far: LocalWorkspace, desk: Desk) -> AsyncIterator[Twice]:
    """An app that waits no time between its tries."""

    async def sleep(_: float) -> None:
        await asyncio.sleep(0)

    async with serving(app_for(far, desk, sleep=sleep)) as url:
        far.connect(url)
        yield Twice(far, desk, [], [url])


# --- what is sent, by the method that sends it ----------------------------------------------


async def _reply(world: Twice) -> None:
    await world.far.say(ROOM, "@Dragoman who moved to Turkey?")


async def _whisper(world: Twice) -> None:
    spent = f"{world.far.url}/hooks/unknown"
    command = {"command": "/brief", "text": "Qatar", "team_id": TEAM, "user_id": YOU}
    command |= {
        "channel_id": ROOM,
        "response_url": spent,
        "trigger_id": world.far._messages.next_ts(),
    }
    assert (await form(world.links[0], command))[0] == 200


async def _edited(world: Twice) -> None:
    ts = next(m["ts"] for m in world.far.messages(ROOM) if m["user"] == YOU)
    named = f"<@{US}> brief"
    assert (await event(world.links[0], edit(ts, f"{named} Qatar", f"{named} Iran")))[0] == 200


def _posts(kind: OutgoingKind) -> Callable[[Twice], Awaitable[None]]:
    async def post(world: Twice) -> None:
        content = {"said": "The feed of example.org has failed."}
        if kind == "digest":
            content = issue(story(1)).model_dump(mode="json")
        await _put(world, kind, content)

    return post


async def _put(world: Twice, kind: OutgoingKind, content: dict[str, Any]) -> None:
    now = datetime.now(UTC)
    key = f"refused-{world.far._messages.next_ts()}"
    whole: dict[str, Any] = {"workspace": TEAM, "key": key, "kind": kind, "place": ROOM}
    item = Outgoing.model_validate(whole | {"content": content, "due_at": now, "owner": YOU})
    world.desk.store.outbox.put([item], now)


async def _alert(world: Twice) -> None:
    one, now = alerted(), datetime.now(UTC)
    whole: dict[str, Any] = {"workspace": TEAM, "id": 0, "team": TEAM, "place": ROOM, "person": YOU}
    topic = Topic(phrases=("iran met",))
    watch, _ = world.desk.store.watches.add(
        Watch.model_validate(whole | {"typed": "iran met", "topic": topic, "since": now})
    )
    reason = one.reasons[0].model_copy(update={"watch": watch.id})
    told = Alert(personal=False, tz="UTC", stories=(one.model_copy(update={"reasons": (reason,)}),))
    await _put(world, "alert", told.model_dump(mode="json"))


SENT: dict[str, tuple[str, Callable[[Twice], Awaitable[None]]]] = {
    "reply": (POST, _reply),
    "whisper": (ALONE, _whisper),
    "digest": (POST, _posts("digest")),
    "alert": (POST, _alert),
    "notice": (POST, _posts("notice")),
}


UNASKED = {"alert", "digest", "notice"}
NEWER = {"reply", "whisper"}
"""What has blocks that not every workspace takes."""


def table(fails: dict[str, Fails]) -> pytest.MarkDecorator:
    cases = [(sent, name) for sent in SENT for name in fails]
    return pytest.mark.parametrize(("sent", "name"), cases, ids=[" ".join(one) for one in cases])


async def _told(
    world: Twice, failing: Slack, sent: str, fails: Fails
) -> tuple[list[Any], list[Any]]:
    """Send something; returns what came in the channel, and what in direct messages."""
    method, does = SENT[sent]
    failing.fail(method, fails)
    await does(world)
    await world.done()
    assert failing.tried >= 1
    return said(world.far, ROOM), said(world.far, DIRECT)


@table(PASSING)
async def test_what_passes_is_tried_again(
    world: Twice, failing: Slack, sent: str, name: str
) -> None:
    here, direct = await _told(world, failing, sent, PASSING[name])
    assert (len(here), direct) == (1, [])
    assert failing.tried == 2


@table(SIMPLER)
async def test_what_is_malformed_is_sent_as_text(
    world: Twice, failing: Slack, sent: str, name: str
) -> None:
    fails = SIMPLER[name]
    if name == "invalid_blocks" and sent in NEWER:
        fails = fails._replace(times=2)  # the newer blocks, then the plain ones
    here, direct = await _told(world, failing, sent, fails)
    assert (len(here), direct) == (1, [])
    assert not here[0].get("blocks")


@table(CLOSED)
async def test_what_a_closed_place_refuses_is_told_in_person(
    world: Twice, failing: Slack, sent: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    here, direct = await _told(world, failing, sent, CLOSED[name])
    assert (here, len(direct)) == ([], 1)
    if sent in UNASKED:
        _referred(direct[0], caplog)
    else:
        assert "I could not answer in" in direct[0]["text"]


@table(TOO_MUCH)
async def test_what_is_final_is_excused_with_a_reference(
    world: Twice, failing: Slack, sent: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    here, direct = await _told(world, failing, sent, TOO_MUCH[name])
    (one,) = [*here, *direct]
    assert one.get("is_ephemeral") or one in direct
    assert name in one["text"]
    _referred(one, caplog)


@pytest.mark.parametrize("name", LOCKED)
@pytest.mark.parametrize("sent", SENT)
async def test_who_is_locked_out_says_so_in_the_log(
    world: Twice, failing: Slack, sent: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    method, does = SENT[sent]
    failing.fail(method, LOCKED[name])
    await does(world)
    await until(lambda: name in caplog.text)
    assert said(world.far, ROOM) == said(world.far, DIRECT) == []
    if sent in UNASKED:  # it waits for a token that is good
        await until(lambda: "waits until" in caplog.text)
        for item in world.desk.store.outbox.claim(datetime(2100, 1, 1, tzinfo=UTC), _LONG):
            world.desk.store.outbox.failed(item, "of a test", datetime.now(UTC))
    else:
        await world.done()


@pytest.mark.parametrize("name", [*PASSING, *SIMPLER])
async def test_an_edited_answer_is_replaced_all_the_same(
    world: Twice, failing: Slack, name: str
) -> None:
    await world.far.say(ROOM, "@Dragoman brief Qatar")
    await world.done()
    failing.fail(UPDATE, (PASSING | SIMPLER)[name])
    await _edited(world)
    await world.done()
    (one,) = said(world.far, ROOM)
    assert "Iran" in one["text"]


@pytest.mark.parametrize("name", [*PASSING, "expired_trigger_id", *LOCKED])
async def test_a_form_opens_or_it_is_said_that_it_does_not(
    world: Twice, failing: Slack, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    known = PASSING | LOCKED | {"expired_trigger_id": Fails(word("expired_trigger_id"))}
    failing.fail(OPEN, known[name])
    await world.far.command(ROOM, "", command="/digest")
    if name in PASSING and name != "ratelimited":  # three seconds are more than a trigger lasts
        assert world.far.view() is not None
        assert said(world.far, ROOM) == []
    else:
        assert world.far.view() is None
        (one,) = said(world.far, ROOM)
        assert "could not be opened" in one["text"]
        assert name in caplog.text


def test_nobody_waits_longer_than_turns_are_given() -> None:
    """What lies further ahead is taken for a time from before the clock was put back."""
    raised = word("ratelimited", 429, **{"Retry-After": "86400"})(AsyncBaseClient(TOKEN))
    assert isinstance(raised, SlackApiError)
    assert refusal_of(raised).wait == AHEAD.total_seconds()


def _referred(message: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    found = re.search(r"reference (\w{8})", message["text"])
    assert found is not None, message["text"]
    assert any(found[1] in record.getMessage() for record in caplog.records)
