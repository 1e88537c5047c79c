"""What people post under an answer: follow-ups are answered, talk among colleagues is not."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.desk import Desk
from handlers.messages import SURFACE_MESSAGE
from tests.slack import ROOM, YOU, said
from tests.stocked import TEAM
from tests.workspace import LocalWorkspace

pytest_plugins = ["tests.slack_fixtures"]

COLLEAGUE = "U0ADA"
REMARKS = Path(__file__).parent / "data" / "thread_remarks.csv"


class Remark(NamedTuple):
    """A post under the answer to ``question``; ``directly`` says that nobody posted between."""

    kind: str
    question: str
    by: str
    directly: str
    text: str


def remarks(file: Path) -> list[Remark]:
    """The rows of a table of remarks."""
    with file.open(encoding="utf-8", newline="") as rows:
        return [Remark(**row) for row in csv.DictReader(rows)]


async def answered(slack: LocalWorkspace, desk: Desk, posted: list[Remark]) -> list[Remark]:
    """Post every remark in a thread of its own; returns those that the bot answered."""
    found = []
    for remark in posted:
        root = await slack.say(ROOM, f"@Dragoman {remark.question}")
        await _wait(slack, root, 1)
        if remark.directly == "no":
            await slack.say(ROOM, "noted, have a look at this", user=COLLEAGUE, thread_ts=root)
        by = YOU if remark.by == "asker" else COLLEAGUE
        ts = await slack.say(ROOM, remark.text, user=by, thread_ts=root)
        # It is delivered: what the bot did not take for a request by now it never answers.
        if desk.store.inbox.knows(TEAM, SURFACE_MESSAGE, f"{ROOM}:{ts}"):
            await _until_done(desk, ts)
            if len([one for one in said(slack, ROOM) if one["thread_ts"] == root]) > 1:
                found.append(remark)
    return found


async def _until_done(desk: Desk, ts: str) -> None:
    """Wait until a post was worked on; one that asks nothing gets no reply."""
    for _ in range(3_000):
        if desk.store.inbox.reply(TEAM, SURFACE_MESSAGE, f"{ROOM}:{ts}") is not None:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(ts)


async def _wait(slack: LocalWorkspace, thread: str, replies: int) -> None:
    await slack.wait(lambda: sum(m["thread_ts"] == thread for m in said(slack, ROOM)) == replies)


@pytest.mark.parametrize("kind", ["follow-up", "talk"])
async def test_a_table_of_remarks(slack: LocalWorkspace, desk: Desk, kind: str) -> None:
    posted = [remark for remark in remarks(REMARKS) if remark.kind == kind]
    assert len(posted) == 60
    found = await answered(slack, desk, posted)
    silent = [remark for remark in posted if remark not in found]
    if kind == "talk":
        assert len(found) <= 2, [remark.text for remark in found]
    else:
        assert len(silent) <= 6, [remark.text for remark in silent]
