"""``/watch`` and Follow over real sockets: followed, asked back, listed, muted, let go."""

from __future__ import annotations

from typing import Any

from bot.desk import Desk
from bot.models import LOCAL
from handlers.blocks.alert import DIGEST, STOP
from handlers.blocks.limits import problems
from handlers.workspace.server import LocalWorkspace
from tests.slack import DIRECT, ROOM, TEAM, YOU, answers, button, said, shown

pytest_plugins = ("tests.slack_fixtures",)


async def watch(slack: LocalWorkspace, text: str, room: str = ROOM) -> dict[str, Any]:
    before = len(said(slack, room))
    await slack.command(room, text, command="/watch")
    (*_, answer) = await answers(slack, room, before + 1)
    assert problems(answer) == []
    return answer


async def test_followed_for_the_channel_and_for_oneself(slack: LocalWorkspace, desk: Desk) -> None:
    told = await watch(slack, "add Quatar from 3 sources")
    assert told["is_ephemeral"]
    assert "Following *Qatar* (#1) for this channel" in shown(told)
    assert "3 independent sources" in shown(told)
    assert "I take it for Qatar" in shown(told)
    mine = await watch(slack, "add Iran russia for me in the digest")
    assert "*Iran and Russia* (#2) for you" in shown(mine)
    (here,) = desk.store.watches.of(TEAM, TEAM, ROOM)
    assert (here.least, here.room, here.person) == (3, ROOM, YOU)
    (own,) = desk.store.watches.of(TEAM, TEAM, YOU)
    assert own.digest_only and own.room is None
    listed = shown(await watch(slack, "list"))
    assert "Followed for this channel" in listed and "Followed for you" in listed
