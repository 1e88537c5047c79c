"""From a signed delivery to one answer: where it goes, and that it comes once."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Desk
from bot.models import Asker, Reply
from handlers.blocks.buttons import MORE
from tests.slack import (
    DIRECT,
    ROOM,
    answers,
    app_for,
    body_of_a_mention,
    button,
    post,
    said,
    serving,
    shown,
)
from tests.stocked import desk_at
from tests.workspace import LocalWorkspace

pytest_plugins = ["tests.slack_fixtures"]

# --- what is asked where, and answered where ----------------------------------------------


async def test_a_command_is_answered_to_the_asker_alone(slack: LocalWorkspace) -> None:
    delivery = await slack.command(ROOM, "Quatar")
    assert (delivery.status, delivery.answer) == (200, "")
    (answer,) = await answers(slack, ROOM)
    assert answer["is_ephemeral"]
    assert "showing Qatar" in json.dumps(answer["blocks"], ensure_ascii=False)
    assert slack.messages(ROOM, user="U0OTHER") == []


@pytest.mark.parametrize("text", ["Qatar public", "Qatar —public", "--public Qatar"])
async def test_public_is_for_all(slack: LocalWorkspace, text: str) -> None:
    await slack.command(ROOM, text)
    (answer,) = await answers(slack, ROOM)
    assert not answer.get("is_ephemeral")
    assert slack.messages(ROOM, user="U0OTHER")


@pytest.mark.parametrize("text", ["", "   ", "help", "public"])
async def test_an_empty_command_shows_how_to_ask(slack: LocalWorkspace, text: str) -> None:
    await slack.command(ROOM, text)
    (answer,) = await answers(slack, ROOM)
    assert answer["text"].startswith("Tell me who or what you want a brief on")


async def test_a_mention_is_answered_once_in_its_thread(slack: LocalWorkspace) -> None:
    ts = await slack.say(ROOM, "@Dragoman who moved to Turkey?")
    (answer,) = await answers(slack, ROOM)
    assert answer["thread_ts"] == ts
    assert "Hamas" in answer["text"]
    sent = [json.loads(d.body)["event"] for d in slack.deliveries if ts in d.body]
    assert [e["type"] for e in sent if e["ts"] == ts] == ["app_mention", "message"]


async def test_a_mention_in_a_thread_stays_in_it(slack: LocalWorkspace) -> None:
    root = await slack.say(ROOM, "something else")
    await slack.say(ROOM, "@Dragoman brief Qatar", thread_ts=root)
    (answer,) = await answers(slack, ROOM)
    assert answer["thread_ts"] == root


async def test_a_direct_message_is_answered_beside_it(slack: LocalWorkspace) -> None:
    await slack.say(DIRECT, "who moved to Turkey?")
    (answer,) = await answers(slack, DIRECT)
    assert "thread_ts" not in answer


async def test_a_direct_thread_is_answered_in_it(slack: LocalWorkspace) -> None:
    root = await slack.say(DIRECT, "who moved to Turkey?")
    await answers(slack, DIRECT)
    await slack.say(DIRECT, "/brief Qatar", thread_ts=root)
    _, second = await answers(slack, DIRECT, 2)
    assert second["thread_ts"] == root


async def test_talk_among_others_is_let_go(slack: LocalWorkspace) -> None:
    await slack.say(ROOM, "who moved to Turkey?")
    await slack.say(ROOM, "@Dragoman who moved to Turkey?")
    await answers(slack, ROOM)


async def test_links_are_not_unfolded(slack: LocalWorkspace) -> None:
    await slack.say(DIRECT, "who moved to Turkey?")
    await answers(slack, DIRECT)
    (call,) = [c for c in slack.calls if c.method == "chat.postMessage"]
    assert call.args["unfurl_links"] in (False, "0")
    assert call.args["unfurl_media"] in (False, "0")


async def test_the_asker_is_who_asked_in_their_time_zone(
    slack: LocalWorkspace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, asked = desk.ask, []

    def overheard(asker: Asker, text: str, **more: Any) -> Reply:
        asked.append(asker)
        return ask(asker, text, **more)

    monkeypatch.setattr(desk, "ask", overheard)
    await slack.say(DIRECT, "who met Qatar?")
    await answers(slack, DIRECT)
    await slack.say(DIRECT, "who moved to Turkey?")
    await answers(slack, DIRECT, 2)
    asker = asked[0]
    assert (asker.workspace, asker.person, asker.place) == ("T0LOCAL", "U0YOU", DIRECT)
    assert asker.tz == "Asia/Qatar"
    assert [c.method for c in slack.calls].count("users.info") == 1


# --- once, and not more ---------------------------------------------------------------------


async def test_four_deliveries_at_once_are_one_request(far: LocalWorkspace, desk: Desk) -> None:
    body = await body_of_a_mention(far)
    async with serving(app_for(far, desk)) as url:
        statuses = await asyncio.gather(*(post(url, body) for _ in range(4)))
        assert [status for status, _ in statuses] == [200] * 4
        await answers(far, ROOM)
        assert (await post(url, body))[0] == 200
        await answers(far, ROOM)


async def test_a_restart_between_ack_and_answer_answers_once(
    far: LocalWorkspace, tmp_path: Path
) -> None:
    body = await body_of_a_mention(far)
    before = desk_at(tmp_path)
    async with serving(app_for(far, before), working=False) as url:
        assert (await post(url, body))[0] == 200
    before.close()
    assert said(far, ROOM) == []
    after = desk_at(tmp_path)
    async with serving(app_for(far, after)) as url:
        await answers(far, ROOM)
        assert (await post(url, body))[0] == 200
        await answers(far, ROOM)
    after.close()


async def test_two_replicas_on_one_store_answer_once(far: LocalWorkspace, tmp_path: Path) -> None:
    body = await body_of_a_mention(far)
    one, two = desk_at(tmp_path), desk_at(tmp_path)
    async with serving(app_for(far, one)) as first, serving(app_for(far, two)) as second:
        await asyncio.gather(*(post(url, body) for url in (first, second, first, second)))
        await answers(far, ROOM)
    one.close()
    two.close()


async def test_many_different_requests_each_get_their_answer(slack: LocalWorkspace) -> None:
    await asyncio.gather(
        *(slack.say(DIRECT, f"what did Qatar do in {2000 + n}?") for n in range(20))
    )
    await answers(slack, DIRECT, 20)


async def test_a_reply_is_kept_for_later(slack: LocalWorkspace, desk: Desk) -> None:
    await slack.say(DIRECT, "who moved to Turkey?")
    (answer,) = await answers(slack, DIRECT)
    kept = desk.store.inbox.reply_at("T0LOCAL", DIRECT, answer["ts"])
    assert kept is not None
    assert (kept.query, kept.person, kept.surface) == ("who moved to Turkey?", "U0YOU", "message")


# --- buttons --------------------------------------------------------------------------------


async def test_more_shows_the_rest_in_place(slack: LocalWorkspace) -> None:
    await slack.command(ROOM, "Qatar")
    (answer,) = await answers(slack, ROOM)
    await slack.click(ROOM, answer["ts"], *button(answer, MORE))
    await slack.wait(lambda: f'"{MORE}"' not in json.dumps(said(slack, ROOM)[0]["blocks"]))
    (whole,) = await answers(slack, ROOM)
    assert len(json.dumps(whole["blocks"])) > len(json.dumps(answer["blocks"]))
    assert whole["ts"] == answer["ts"]


async def test_a_choice_answers_in_place_after_a_restart(
    far: LocalWorkspace, tmp_path: Path
) -> None:
    before = desk_at(tmp_path)
    async with serving(app_for(far, before)) as url:
        far.connect(url)
        await far.say(ROOM, "@Dragoman brief Korea")
        (answer,) = await answers(far, ROOM)
    before.close()
    after = desk_at(tmp_path)
    async with serving(app_for(far, after)) as url:
        far.connect(url)
        await far.click(ROOM, answer["ts"], *button(answer, "choose:0"))
        await far.wait(lambda: "*South Korea* (state) ·" in shown(said(far, ROOM)[0]))
        await answers(far, ROOM)
    after.close()


async def test_nothing_offers_the_nearest_names(slack: LocalWorkspace) -> None:
    await slack.command(ROOM, "Wakanda")
    (answer,) = await answers(slack, ROOM)
    assert answer["text"].startswith("Nothing stored about “Wakanda”")
    assert button(answer, "choose:0")


async def test_a_button_of_another_age_says_so(slack: LocalWorkspace) -> None:
    await slack.command(ROOM, "Qatar")
    (answer,) = await answers(slack, ROOM)
    action, _, block = button(answer, MORE)
    await slack.click(ROOM, answer["ts"], action, "{}", block)
    first, told = await answers(slack, ROOM, 2)
    assert first["text"] == answer["text"]
    assert "out of date" in told["text"]
