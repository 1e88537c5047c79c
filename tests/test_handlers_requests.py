"""From a signed delivery to one answer: through repeats, restarts and failures."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Desk
from bot.errors import StoreUnavailable
from bot.models import Asker, Reply
from handlers.blocks.brief import MORE
from handlers.blocks.limits import texts
from handlers.workspace.server import LocalWorkspace
from tests.slack import (
    US,
    app_for,
    event,
    far_side,
    form,
    message,
    post,
    said,
    serving,
)
from tests.stocked import desk_at

ROOM, DIRECT = "C0WORLD", "D0DRAGOMAN"


@pytest.fixture
async def far() -> AsyncIterator[LocalWorkspace]:
    """Slack, with no app connected yet."""
    async with far_side() as workspace:
        yield workspace


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all: every request has a key of its own."""
    opened = desk_at(tmp_path_factory.mktemp("desk"))
    yield opened
    opened.close()


@pytest.fixture
async def slack(far: LocalWorkspace, desk: Desk) -> AsyncIterator[LocalWorkspace]:
    """Slack, with an app at work."""
    async with serving(app_for(far, desk)) as address:
        far.connect(address)
        yield far


async def answers(slack: LocalWorkspace, channel: str, n: int = 1) -> list[dict[str, Any]]:
    """Wait for ``n`` answers, and a little longer for one too many."""
    await slack.wait(lambda: len(said(slack, channel)) >= n)
    await asyncio.sleep(0.08)
    found = said(slack, channel)
    assert len(found) == n, [m["text"] for m in found]
    return found


def shown(answer: dict[str, Any]) -> str:
    return "\n".join(texts(answer["blocks"]))


def button(answer: dict[str, Any], action: str) -> tuple[str, str, str]:
    """The arguments of a click on a button of an answer."""
    for block in answer["blocks"]:
        for element in block.get("elements", []):
            if element.get("action_id") == action:
                return action, element["value"], block["block_id"]
    raise AssertionError(f"no button {action}")


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
    assert answer["text"].startswith("Tell me whom or what to brief you on")


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

    def overheard(asker: Asker, text: str) -> Reply:
        asked.append(asker)
        return ask(asker, text)

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


async def body_of_a_mention(far: LocalWorkspace, text: str = "who moved to Turkey?") -> bytes:
    """An ``event_callback`` for a post that stands in the workspace, not yet delivered."""
    far.connect("http://127.0.0.1:9/far/events")
    await far.say(ROOM, f"@Dragoman {text}")
    body = next(d.body for d in far.deliveries if "app_mention" in d.body)
    return body.encode()


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
    kept = desk.store.reply_at("T0LOCAL", DIRECT, answer["ts"])
    assert kept is not None
    assert (kept.query, kept.person, kept.surface) == ("who moved to Turkey?", "U0YOU", "message")


# --- buttons --------------------------------------------------------------------------------


async def test_more_shows_the_rest_in_place(slack: LocalWorkspace) -> None:
    await slack.command(ROOM, "Qatar")
    (answer,) = await answers(slack, ROOM)
    await slack.click(ROOM, answer["ts"], *button(answer, MORE))
    await slack.wait(lambda: MORE not in json.dumps(said(slack, ROOM)[0]["blocks"]))
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
    assert answer["text"].startswith("Nothing stored about “Wakanda”.")
    assert button(answer, "choose:0")


async def test_a_button_of_another_age_says_so(slack: LocalWorkspace) -> None:
    await slack.command(ROOM, "Qatar")
    (answer,) = await answers(slack, ROOM)
    action, _, block = button(answer, MORE)
    await slack.click(ROOM, answer["ts"], action, "{}", block)
    await slack.wait(lambda: "older than I am" in said(slack, ROOM)[0]["text"])


# --- failures -------------------------------------------------------------------------------


async def test_what_cannot_be_understood_is_said_in_a_sentence(slack: LocalWorkspace) -> None:
    await slack.command(ROOM, "😀" * 3000)
    (answer,) = await answers(slack, ROOM)
    assert answer["text"].startswith("There is no question in that.")


async def test_a_failure_says_where_the_log_has_it(
    slack: LocalWorkspace,
    desk: Desk,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> Reply:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr(desk, "ask", broken)
    await slack.say(DIRECT, "who moved to Turkey?")
    (answer,) = await answers(slack, DIRECT)
    assert "Traceback" not in answer["text"]
    reference = answer["text"].split("reference ")[1].rstrip(".")
    assert any(reference in r.getMessage() and r.exc_info for r in caplog.records)


async def test_without_a_store_nothing_is_acknowledged(
    far: LocalWorkspace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = await body_of_a_mention(far)

    def unavailable(*_: object) -> bool:
        raise StoreUnavailable("The store is busy.")

    async with serving(app_for(far, desk)) as url:
        with monkeypatch.context() as broken:
            broken.setattr(desk.store, "record_request", unavailable)
            assert (await post(url, body))[0] == 503
            command = {
                "command": "/brief",
                "text": "Qatar",
                "team_id": "T0LOCAL",
                "user_id": "U0YOU",
                "channel_id": ROOM,
                "trigger_id": "1.1",
            }
            assert (await form(url, command))[0] == 503
            assert (await event(url, message("not to us", "1.1", ROOM)))[0] == 200
        assert said(far, ROOM) == []
        assert (await post(url, body))[0] == 200
        await answers(far, ROOM)


REFUSED_FOR_NOW = [("ratelimited", 1), ("internal_error", None), ("service_unavailable", None)]


@pytest.mark.parametrize(("word", "wait"), REFUSED_FOR_NOW)
async def test_what_far_refuses_for_now_is_sent_again(
    far: LocalWorkspace, desk: Desk, word: str, wait: int | None
) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async with serving(app_for(far, desk, sleep=sleep)) as url:
        far.connect(url)
        far.refuse_next("chat.postMessage", word, retry_after=wait)
        far.refuse_next("chat.postMessage", word, retry_after=wait)
        await far.say(DIRECT, "who moved to Turkey?")
        await answers(far, DIRECT)
    assert waits == ([1.0, 1.0] if wait else [0.5, 1.0])


async def test_blocks_that_slack_refuses_become_text(slack: LocalWorkspace) -> None:
    slack.refuse_next("chat.postMessage", "invalid_blocks")
    await slack.say(DIRECT, "who moved to Turkey?")
    (answer,) = await answers(slack, DIRECT)
    assert not answer.get("blocks")
    assert "Hamas" in answer["text"]


@pytest.mark.parametrize("word", ["channel_not_found", "is_archived", "invalid_auth"])
async def test_what_slack_refuses_for_good_is_given_up(
    slack: LocalWorkspace, word: str, caplog: pytest.LogCaptureFixture
) -> None:
    slack.refuse_next("chat.postMessage", word)
    await slack.say(DIRECT, "who moved to Turkey?")
    await slack.say(DIRECT, "who else?")
    await answers(slack, DIRECT)
    assert any("given up" in r.getMessage() and word in r.getMessage() for r in caplog.records)
    assert [c.method for c in slack.calls].count("chat.postMessage") == 2


async def test_a_spent_response_url_does_not_lose_the_answer(
    far: LocalWorkspace, desk: Desk
) -> None:
    command = {
        "command": "/brief",
        "text": "Qatar",
        "team_id": "T0LOCAL",
        "user_id": "U0YOU",
        "channel_id": ROOM,
        "response_url": f"{far.url}/hooks/unknown",
        "trigger_id": "1.1",
    }
    async with serving(app_for(far, desk)) as url:
        await form(url, command)
        (alone,) = await answers(far, ROOM)
        assert alone["is_ephemeral"]
        await form(url, command | {"text": "Qatar public", "trigger_id": "1.2"})
        _, public = await answers(far, ROOM, 2)
        assert not public.get("is_ephemeral")


HOSTILE = ["<!channel> <@U1> *x* _y_ `z`", "\u202eevil", "a|b>c", "> quote", "التقى أمير قطر"]


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_queries_are_shown_as_text(slack: LocalWorkspace, text: str) -> None:
    await slack.command(ROOM, f"{text} public")
    (answer,) = await answers(slack, ROOM)
    shown = json.dumps(answer["blocks"], ensure_ascii=False) + answer["text"]
    for power in ("<!", "<@", "\u202e"):
        assert power not in shown
    assert US not in shown
