"""Hostile text in titles, publishers, queries, names and notices: text on every surface.

Whatever is sent goes through ``far_side``, which checks each payload against the limits, the
models of the SDK, and for names that would ping somebody.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from bot.desk import Desk
from bot.models import Draft, Outgoing
from handlers.app import socket_mode
from handlers.blocks.buttons import MORE
from handlers.blocks.limits import texts
from tests.payloads import parsed
from tests.retried import TELLING, Twice, until
from tests.slack import (
    DIRECT,
    ROOM,
    YOU,
    answers,
    app_for,
    button,
    callback,
    far_side,
    message,
    said,
    serving,
)
from tests.stocked import TEAM, desk_at
from tests.workspace import APP_TOKEN, LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)

RLO, PDF, ZERO, NUL = "\u202e", "\u202c", "\u200b", "\u2063"
HOSTILE = {
    "channel": "<!channel> <!here> <!everyone> <!subteam^S1>",
    "person": "<@U0YOU> <@U1|you> @channel @here",
    "mrkdwn": "*bold* _it_ ~no~ `code` ```block``` > quote",
    "link": "<https://example.org/a|b|c> https://example.org/x|y>z [a](b)",
    "date": "<!date^0^{date}^https://example.org|now>",
    "right to left": f"{RLO}live{PDF} {RLO}",
    "zero width": f"a{ZERO}b{NUL}c<{ZERO}!channel>",
    "entities": "&lt;!channel&gt; &amp;lt; &",
    "nul": "a\x00b\x1b[31m",
    "long": "x" * 40_000,
    "long in words": "<!channel> " * 3_600,
}
POWER = re.compile("<[!@#]")
MARKS = re.compile(
    "[\u202a-\u202e\u2066\u2067]"
)  # what turns its neighbours; an isolate of ours ends


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A desk that has read hostile articles, and knows a hostile name."""
    desk = desk_at(tmp_path_factory.mktemp("hostile"))
    now = datetime(2026, 4, 1, tzinfo=UTC)
    drafts = [
        Draft(
            title=f"Talks {text}"[:30_000],
            text=f"Qatar met Iran in Doha on Monday, {text} it said. {text}",
            publisher=f"Paper {text}"[:500],
            external_id=f"hostile-{n}",
            url=f"https://example.org/{n}?a=|b%3E&c=<!channel>",
        )
        for n, text in enumerate(one.replace("\0", "") for one in HOSTILE.values())
    ]  # a NUL is let in by no reader of articles
    desk.ingest(drafts, now=now, workspace=TEAM)
    desk.catch_up()
    yield desk
    desk.close()


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[LocalWorkspace]:
    async with far_side() as far, serving(app_for(far, desk)) as address:
        far.connect(address)
        yield far


def harmless(found: list[dict[str, Any]]) -> None:
    for one in found:
        for text in (one["text"], *parsed(one.get("blocks"))):
            assert not POWER.search(text), text[:300]
            # Each angle bracket that is left opens or closes a link of ours, and nests none.
            left = re.sub(r"<https?://[^<>|\s]*\|[^<>|]*>", "", text)
            assert not set(left) & set("<>"), text[:300]
            assert text.count("\u2068") == text.count("\u2069")
        for text in texts(one.get("blocks") or []):
            assert not MARKS.search(text), text[:300]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_in_a_query(slack: LocalWorkspace, text: str) -> None:
    await slack.command(ROOM, f"{text} public")
    await slack.command(ROOM, f"Qatar {text}")
    await slack.say(DIRECT, f"who met Iran? {text}")
    await slack.say(ROOM, f"@Dragoman {text}")
    harmless(await answers(slack, ROOM, 3))
    harmless(await answers(slack, DIRECT))


@pytest.mark.parametrize("query", ["Qatar", "Qatar Iran", "Iran since 2020", "Doha"])
async def test_in_what_was_read(slack: LocalWorkspace, query: str) -> None:
    await slack.command(ROOM, query)
    (brief,) = await answers(slack, ROOM)
    harmless([brief])
    if any(MORE in json.dumps(block) for block in brief["blocks"]):
        await slack.click(ROOM, brief["ts"], *button(brief, MORE))
        await slack.wait(lambda: [c.method for c in slack.calls].count("response_url") == 2)
        harmless(said(slack, ROOM))


async def test_in_notices_and_names_of_feeds(slack: LocalWorkspace, desk: Desk) -> None:
    now = datetime.now(UTC)
    items = [
        Outgoing(
            workspace=TEAM,
            key=f"hostile-{n}",
            kind="notice",
            place=YOU,
            content={"said": f"The feed {text} has failed."},
            due_at=now,
        )
        for n, text in enumerate(HOSTILE.values())
    ]
    desk.store.outbox.put(items, now)
    harmless(await answers(slack, DIRECT, len(items)))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_in_what_buttons_carry(slack: LocalWorkspace, desk: Desk, text: str) -> None:
    world = Twice(slack, desk, [])
    value = {"do": "brief", "q": f"Qatar {text}"[:1500], "meant": [["Qatar", "state:qat"]]}
    actions = ("sources", "export", "timeline", "since", "share", "direct", "follow")
    for action in actions:
        await world.click(action, value | {"text": text[:1500]})
    await world.done()
    told = Counter(call.method for call in slack.calls if call.method in TELLING)
    assert told["response_url"] == len(actions) - 1  # what is shared needs no word beside
    harmless([*said(slack, ROOM), *said(slack, DIRECT)])
    assert "went wrong" not in str(said(slack, ROOM))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_in_what_is_followed_and_in_names_of_files(
    slack: LocalWorkspace, desk: Desk, text: str
) -> None:
    world = Twice(slack, desk, [])
    for order in (f"add \u201c{text}\u201d", f"mute {text}", "list", f"remove {text}"):
        await slack.command(ROOM, order, command="/watch")
    for order in (f"daily at {text}", text, "list"):
        await slack.command(ROOM, order, command="/digest")
    await slack.people.share(DIRECT, f"{text[:200]}.txt", f"Qatar met Iran. {text}".encode())
    await world.done()
    assert len([one for one in said(slack, ROOM) if one.get("is_ephemeral")]) == 7
    assert len(said(slack, DIRECT)) == 1
    harmless([*said(slack, ROOM), *said(slack, DIRECT)])
    for one in desk.store.watches.all():
        desk.store.watches.remove(one.workspace, [one.id])


async def test_half_a_surrogate_pair_is_answered(far: LocalWorkspace, desk: Desk) -> None:
    """JSON may carry one through a connection; no store keeps it, and no reply is lost by it."""
    app = app_for(far, desk, slack_app_token=SecretStr(APP_TOKEN))
    app.start()
    async with socket_mode(app.bolt, app.app_token):
        await until(lambda: far.sockets.connected)
        link = far.sockets._open[-1]
        event = message("who met Iran? \ud800 <!here>", "1.1", DIRECT, channel_type="im")
        envelope = {"envelope_id": "e", "type": "events_api", "payload": callback(event)}
        await link.send_str(json.dumps(envelope))
        harmless(await answers(far, DIRECT))
    await app.stop()
