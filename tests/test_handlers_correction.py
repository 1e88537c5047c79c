"""Corrections over real sockets: told, changed, and said once in the thread where it was told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.corrections.correcting import Correcting
from bot.desk import Desk
from bot.models import Draft
from bot.watches.alerts import Alerts
from handlers.blocks.buttons import SHARE
from handlers.blocks.limits import problems
from tests.slack import (
    DIRECT,
    ROOM,
    TEAM,
    answers,
    app_for,
    button,
    far_side,
    said,
    serving,
    shown,
)
from tests.stocked import desk_at
from tests.unsent import unsent
from tests.workspace import LocalWorkspace

TALKS = "Kuwait held talks with Oman on Monday about the harbour."
TEXT = f"{TALKS} Officials gave no details."
DENIAL = "Oman did not meet with Kuwait on Monday, a spokesman said."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk of its own: what one test told, another does not correct."""
    opened = desk_at(tmp_path)
    look(opened)
    yield opened
    opened.close()


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[LocalWorkspace]:
    async with far_side() as far, at_work(far, desk):
        yield far


@asynccontextmanager
async def at_work(far: LocalWorkspace, *desks: Desk) -> AsyncIterator[None]:
    """Apps over these desks, of which Slack tells the last what is asked; all of them post."""
    async with AsyncExitStack() as stack:
        for desk in desks:
            far.connect(await stack.enter_async_context(serving(app_for(far, desk))))
        yield


def come(desk: Desk, text: str, who: str) -> None:
    """An article of a publisher, or its newer words."""
    now = datetime.now(UTC)
    draft = Draft(
        text=text,
        url=f"https://{who}.example.org/1",
        publisher=f"{who}.example.org",
        published=now,
        published_precision="minute",
    )
    report = desk.ingest([draft], now=now, workspace=TEAM)
    assert not report.rejected


def look(*desks: Desk) -> None:
    for desk in desks:
        for _ in range(3):
            Correcting(desk).look()


def take_out(desk: Desk, who: str) -> None:
    known = desk.store.known(TEAM, "*", [f"https://{who}.example.org/1"])
    (one,) = known.values()
    assert desk.store.tombstone(TEAM, one.article, datetime.now(UTC))


async def ended(desk: Desk) -> None:
    """Wait until nothing waits to be posted."""
    for _ in range(500):
        if not unsent(desk.store, TEAM):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("something waits still")


async def corrected(far: LocalWorkspace, room: str, n: int) -> dict[str, Any]:
    """The one message that came beside ``n`` others; within the limits."""
    (*_, last) = await answers(far, room, n + 1)
    assert problems(last) == []
    return last


async def test_in_the_thread_of_an_answer_in_a_channel(slack: LocalWorkspace, desk: Desk) -> None:
    come(desk, TEXT, "alpha")
    ts = await slack.say(ROOM, "@Dragoman brief Kuwait Oman")
    (answer,) = await answers(slack, ROOM)
    assert TALKS in shown(answer)
    look(desk)
    come(desk, TEXT.replace("held talks", "put off its talks"), "alpha")
    look(desk)
    told = await corrected(slack, ROOM, 1)
    assert told["thread_ts"] == ts
    assert not told.get("is_ephemeral")
    assert "*Edited:* “Kuwait held talks with Oman" in shown(told)
    assert "The article now says: “Kuwait put off its talks" in shown(told)
    assert told["text"].startswith("Correction: Kuwait held talks with Oman is no longer in its")
    await ended(desk)
    (first, _) = said(slack, ROOM)
    assert first["ts"] == answer["ts"]
    assert shown(first).startswith("*Corrected on ")
    assert shown(first).endswith(shown(answer))
    assert first["text"].endswith(answer["text"])
    look(desk)
    come(desk, "Other words altogether.", "alpha")
    look(desk)
    again = await corrected(slack, ROOM, 2)  # what the thread was told stands now
    assert "“Kuwait put off its talks" in shown(again)
    assert "The article now begins: “Other words altogether.”" in shown(again)
    await ended(desk)
    assert [shown(one).count("Corrected on") for one in said(slack, ROOM)] == [1, 1, 0]
    come(desk, "Other words still.", "alpha")
    look(desk)
    await answers(slack, ROOM, 3)


async def test_directly_where_the_answer_was_for_one_alone(
    slack: LocalWorkspace, desk: Desk
) -> None:
    come(desk, TEXT, "beta")
    await slack.command(ROOM, "Kuwait Oman")
    (answer,) = await answers(slack, ROOM)
    assert answer["is_ephemeral"]
    come(desk, DENIAL, "gamma")
    look(desk)
    told = await corrected(slack, DIRECT, 0)
    assert f"you asked me “Kuwait Oman” in <#{ROOM}>. Since then:" in shown(told)
    assert f"*Denied:* “{DENIAL}”" in shown(told)
    (kept,) = said(slack, ROOM)
    assert shown(kept) == shown(answer)  # nothing for one alone can be edited
    take_out(desk, "beta")
    take_out(desk, "gamma")
    look(desk)


async def test_what_was_shared_is_corrected_there_and_to_the_one_who_asked(
    slack: LocalWorkspace, desk: Desk
) -> None:
    come(desk, TEXT, "delta")
    await slack.command(ROOM, "Kuwait Oman")
    (answer,) = await answers(slack, ROOM)
    await slack.click(ROOM, answer["ts"], *button(answer, SHARE))
    (_, shared) = await answers(slack, ROOM, 2)
    take_out(desk, "delta")
    look(desk)
    told = await corrected(slack, ROOM, 2)
    assert told["thread_ts"] == shared["ts"]
    assert "*No longer counted:* Kuwait held talks with Oman" in shown(told)
    assert TALKS not in shown(told)
    direct = await corrected(slack, DIRECT, 0)
    assert "you asked me" in shown(direct)


async def test_in_direct_messages_in_the_thread_of_the_answer(
    slack: LocalWorkspace, desk: Desk
) -> None:
    come(desk, TEXT, "epsilon")
    await slack.say(DIRECT, "brief Kuwait Oman")
    (answer,) = await answers(slack, DIRECT)
    take_out(desk, "epsilon")
    look(desk)
    told = await corrected(slack, DIRECT, 1)
    assert told["thread_ts"] == answer["ts"]


async def test_an_edited_question_is_corrected_as_it_stands(
    slack: LocalWorkspace, desk: Desk
) -> None:
    come(desk, TEXT, "zeta")
    ts = await slack.say(ROOM, "@Dragoman brief Kuwait Oman")
    await answers(slack, ROOM)
    await slack.say(ROOM, "@Dragoman what is planned by Kuwait?", thread_ts=ts)
    await answers(slack, ROOM, 2)
    take_out(desk, "zeta")
    look(desk)
    told = await corrected(slack, ROOM, 2)
    assert told["thread_ts"] == ts


async def test_once_by_two_replicas_and_through_a_restart(desk: Desk, tmp_path: Path) -> None:
    come(desk, TEXT, "eta")
    other = desk_at(tmp_path)
    async with far_side() as far:
        async with at_work(far, desk):
            ts = await far.say(ROOM, "@Dragoman brief Kuwait Oman")
            await answers(far, ROOM)
        take_out(desk, "eta")
        look(other, desk)
        async with at_work(far, desk, other):
            told = await corrected(far, ROOM, 1)
            assert told["thread_ts"] == ts
            look(other, desk)
            await answers(far, ROOM, 2)
    other.close()


async def test_under_a_message_that_was_deleted_nothing_is_said(
    slack: LocalWorkspace, desk: Desk
) -> None:
    come(desk, TEXT, "iota")
    await slack.say(ROOM, "@Dragoman brief Kuwait Oman")
    await answers(slack, ROOM)
    slack.refuse_next("chat.postMessage", "thread_not_found")
    take_out(desk, "iota")
    look(desk)
    await ended(desk)
    await answers(slack, ROOM)
    assert said(slack, DIRECT) == []


async def test_in_the_thread_of_an_alert_to_one_person(slack: LocalWorkspace, desk: Desk) -> None:
    await slack.command(DIRECT, "add Kuwait", command="/watch")
    await answers(slack, DIRECT)
    alerts = Alerts(desk)
    while alerts.look():
        pass
    come(desk, TEXT, "kappa")
    while alerts.look():
        pass
    (*_, alert) = await answers(slack, DIRECT, 2)
    assert TALKS in shown(alert)
    await ended(desk)
    come(desk, DENIAL, "lambda")
    look(desk)
    told = await corrected(slack, DIRECT, 2)
    assert told["thread_ts"] == alert["ts"]
    await ended(desk)
    assert "Corrected on" in shown(said(slack, DIRECT)[-2])
    assert f"*Denied:* “{DENIAL}”" in shown(told)


async def test_where_a_message_may_not_be_edited_the_correction_stands_alone(
    slack: LocalWorkspace, desk: Desk
) -> None:
    come(desk, TEXT, "mu")
    await slack.say(ROOM, "@Dragoman brief Kuwait Oman")
    (answer,) = await answers(slack, ROOM)
    slack.refuse_next("chat.update", "cant_update_message")
    take_out(desk, "mu")
    look(desk)
    await corrected(slack, ROOM, 1)
    await ended(desk)
    (first, _) = said(slack, ROOM)
    assert shown(first) == shown(answer)


async def test_a_place_that_is_closed_meanwhile_is_told_to_who_asked(
    slack: LocalWorkspace, desk: Desk
) -> None:
    come(desk, TEXT, "theta")
    await slack.say(ROOM, "@Dragoman brief Kuwait Oman")
    await answers(slack, ROOM)
    slack.refuse_next("chat.postMessage", "not_in_channel")
    take_out(desk, "theta")
    look(desk)
    (note,) = await answers(slack, DIRECT)
    assert "I could not post your correction" in shown(note)
