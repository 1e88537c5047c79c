"""What is done when Slack refuses, fails, or hangs up: a real socket on the far side."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from handlers import sender as sending
from handlers.auth import acting_for, is_loopback
from handlers.blocks.native import CONTAINER, FEEDBACK_ROW, TYPES, native_form, plain_form, types_in
from handlers.blocks.notes import usage
from handlers.blocks.reply import brief_message
from handlers.errors import NotNow, Undeliverable
from handlers.people import Profiles
from handlers.sender import DeliveryMark, ResponseUrlExpired, Sender
from tests.replies import brief

Reply = Callable[[], web.Response]
Handle = Callable[[web.Request], Awaitable[web.Response]]


class Far:
    """Answers each call with the next of ``replies``, the last one again and again."""

    def __init__(self, *replies: Reply | None) -> None:
        self.replies = list(replies)
        self.bodies: list[dict[str, Any]] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        self.bodies.append(json.loads(await request.text() or "{}"))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if reply is None:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        return reply()


@asynccontextmanager
async def listening(handle: Handle) -> AsyncIterator[str]:
    app = web.Application()
    app.add_routes([web.route("*", "/{path:.*}", handle)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@asynccontextmanager
async def serving(*replies: Reply | None) -> AsyncIterator[Far]:
    far = Far(*replies)
    async with listening(far.handle) as far.url:
        yield far


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.at = datetime(2026, 4, 1, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


def client(url: str, timeout: int = 5) -> AsyncWebClient:
    made = AsyncWebClient("xoxb-1", base_url=f"{url}/api/", timeout=timeout, retry_handlers=[])
    made.proxy = None
    return made


def ok() -> web.Response:
    return web.json_response({"ok": True, "ts": "1.1"})


def plain_ok() -> web.Response:
    return web.Response(text="ok")


def refused(word: str, status: int = 200, **headers: str) -> Reply:
    return lambda: web.json_response(
        {"ok": False, "error": word}, status=status, headers=headers or None
    )


def page(status: int, kind: str = "text/html") -> Reply:
    return lambda: web.Response(status=status, text="<h1>oops</h1>", content_type=kind)


LATER = [
    ([refused("ratelimited", 429, **{"Retry-After": "3"}), ok], [3.0]),
    ([refused("ratelimited", 429), ok], [0.5]),
    ([refused("internal_error"), refused("fatal_error"), ok], [0.5, 1.0]),
    ([page(500), page(502), page(503), ok], [0.5, 1.0, 2.0]),
    ([page(500, "text/plain"), ok], [0.5]),
    ([page(503, "application/json"), ok], [0.5]),
    ([None, ok], [0.5]),
    ([page(200), ok], [0.5]),
    ([page(200, "application/json"), ok], [0.5]),
    ([page(200, "text/plain"), ok], [0.5]),
]


@pytest.mark.parametrize(("replies", "slept"), LATER)
async def test_failures_that_pass_are_sat_out(
    replies: list[Reply | None], slept: list[float]
) -> None:
    clock = Clock()
    async with serving(*replies) as far:
        sender = Sender(client(far.url), now=clock.now, sleep=clock.sleep)
        until = clock.at + timedelta(seconds=30)
        assert await sender.post("C1", usage(), until, "1.0") == "1.1"
    assert clock.slept == slept
    assert far.bodies[-1]["thread_ts"] == "1.0"
    assert len(far.bodies) == len(slept) + 1


@pytest.mark.parametrize("reply", [page(500), None, refused("ratelimited", 429)])
async def test_failures_that_stay_are_left_for_later(reply: Reply | None) -> None:
    clock = Clock()
    async with serving(reply) as far:
        sender = Sender(client(far.url), now=clock.now, sleep=clock.sleep)
        with pytest.raises(NotNow):
            await sender.post("C1", usage(), clock.at + timedelta(seconds=60))
    assert len(far.bodies) == 5


async def test_nothing_is_sent_once_the_time_is_over() -> None:
    clock = Clock()
    async with serving(refused("ratelimited", 429, **{"Retry-After": "40"})) as far:
        sender = Sender(client(far.url), now=clock.now, sleep=clock.sleep)
        with pytest.raises(NotNow):
            await sender.post("C1", usage(), clock.at + timedelta(seconds=30))
        with pytest.raises(NotNow):
            await sender.post("C1", usage(), clock.at)
    assert clock.slept == []
    assert len(far.bodies) == 1


@pytest.mark.parametrize(
    "word", ["channel_not_found", "not_in_channel", "is_archived", "account_inactive", "new_word"]
)
async def test_refusals_for_good_are_not_repeated(word: str) -> None:
    clock = Clock()
    async with serving(refused(word)) as far:
        sender = Sender(client(far.url), now=clock.now, sleep=clock.sleep)
        with pytest.raises(Undeliverable, match=word):
            await sender.post("C1", usage(), clock.at + timedelta(seconds=30))
    assert len(far.bodies) == 1


async def test_malformed_blocks_are_sent_as_text_once() -> None:
    clock = Clock()
    async with serving(refused("invalid_blocks")) as far:
        sender = Sender(client(far.url), now=clock.now, sleep=clock.sleep)
        with pytest.raises(Undeliverable):
            await sender.post("C1", usage(), clock.at + timedelta(seconds=30))
    assert ["blocks" in body for body in far.bodies] == [True, False]


NATIVE = brief_message(brief())
"""A message with a container and feedback buttons."""


def invalid(*pointers: str) -> Reply:
    said = [f"[ERROR] unsupported type [json-pointer:{one}]" for one in pointers]
    body = {"ok": False, "error": "invalid_blocks", "response_metadata": {"messages": said}}
    return lambda: web.json_response(body)


@pytest.mark.parametrize(
    ("reply", "remembered"),
    [
        (invalid(), {CONTAINER, FEEDBACK_ROW}),
        (invalid("/blocks/5/type"), {CONTAINER}),
        (invalid("/blocks/7/elements/0"), {FEEDBACK_ROW}),
        (invalid("/blocks/99/type"), {CONTAINER, FEEDBACK_ROW}),
    ],
)
@pytest.mark.parametrize("hook", [False, True])
async def test_what_a_workspace_does_not_take_is_sent_plain_and_remembered(
    reply: Reply, remembered: set[str], hook: bool
) -> None:
    clock = Clock()
    async with serving(reply, ok) as far:
        sender = Sender(client(far.url), now=clock.now, sleep=clock.sleep)

        async def send() -> None:
            until = clock.at + timedelta(seconds=30)
            if hook:
                await sender.respond(f"{far.url}/hook", NATIVE, until, {})
            else:
                await sender.post("C1", NATIVE, until)

        await send()
        first, second = far.bodies
        assert types_in(first) == {CONTAINER, FEEDBACK_ROW}
        assert second["blocks"] == plain_form(NATIVE)["blocks"]
        await send()
        assert types_in(far.bodies[2]) == {CONTAINER, FEEDBACK_ROW} - remembered
        assert {kind for kind in TYPES if not sender.takes(kind)} == remembered
        with acting_for("T2"):
            assert sender.takes(CONTAINER), "another workspace"
    assert len(far.bodies) == 3
    assert clock.slept == []


async def test_a_message_malformed_in_itself_tells_nothing_of_its_types() -> None:
    clock = Clock()
    async with serving(invalid(), invalid(), ok) as far:
        sender = Sender(client(far.url), now=clock.now, sleep=clock.sleep)
        await sender.post("C1", NATIVE, clock.at + timedelta(seconds=30))
    assert ["blocks" in body for body in far.bodies] == [True, True, False]
    assert all(map(sender.takes, TYPES))


async def test_newer_blocks_that_slack_gave_back_are_sent_once() -> None:
    """A message that is marked as corrected has the blocks that Slack shows of it."""
    clock = Clock()
    shown = native_form(NATIVE)
    async with serving(invalid(), ok) as far:
        sender = Sender(client(far.url), now=clock.now, sleep=clock.sleep)
        await sender.update("C1", "1.1", shown, clock.at + timedelta(seconds=30))
    assert ["blocks" in body for body in far.bodies] == [True, False]
    assert all(map(sender.takes, TYPES))


HOOKS: list[tuple[Reply, type[Exception] | None]] = [
    (plain_ok, None),
    (lambda: web.json_response({"ok": True}), None),
    (refused("used_url", 404), ResponseUrlExpired),
    (refused("expired_url", 404), ResponseUrlExpired),
    (lambda: web.Response(status=404, text="expired_url"), ResponseUrlExpired),
    (refused("invalid_payload", 400), Undeliverable),
    (refused("no_permission"), Undeliverable),
    (page(500), NotNow),
    (page(200), NotNow),
    (page(200, "text/plain"), NotNow),
    (page(200, "application/json"), NotNow),
    (lambda: web.json_response([]), NotNow),
    (lambda: web.Response(text="okay, then"), NotNow),
    (lambda: web.Response(text=" ok\n"), None),
    (web.Response, None),
]


@pytest.mark.parametrize(("reply", "error"), HOOKS)
async def test_response_urls(reply: Reply, error: type[Exception] | None) -> None:
    clock = Clock()
    async with serving(reply) as far:
        sender = Sender(client(far.url), now=clock.now, sleep=clock.sleep)
        until = clock.at + timedelta(seconds=30)
        call = sender.respond(f"{far.url}/hook", usage(), until, {"response_type": "ephemeral"})
        if error is None:
            await call
        else:
            with pytest.raises(error) as caught:
                await call
            assert type(caught.value) is error
    assert far.bodies[0]["response_type"] == "ephemeral"


async def test_a_page_in_place_of_an_answer_is_not_taken_for_posted() -> None:
    clock = Clock()
    async with serving(page(200), page(200), plain_ok) as far:
        sender = Sender(client(far.url), now=clock.now, sleep=clock.sleep)
        await sender.respond(f"{far.url}/hook", usage(), clock.at + timedelta(seconds=30), {})
    assert len(far.bodies) == 3
    assert clock.slept == [0.5, 1.0]


class Opening:
    """Slack, which opens forms as slowly as it is told to."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.let = asyncio.Event()
        self.asked = 0
        self.failed = asyncio.Event()
        self.said = 0

    async def handle(self, request: web.Request) -> web.Response:
        self.asked += 1
        await self.let.wait()
        return self.reply()

    async def say(self) -> None:
        self.said += 1
        self.failed.set()


@pytest.mark.parametrize("reply", [ok, refused("exchanged_trigger_id")])
async def test_a_form_that_opens_late_is_not_reported(
    reply: Reply, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "OPEN_SECONDS", 0.05)
    slow = Opening(reply)
    async with listening(slow.handle) as url:
        sender = Sender(client(url))
        await sender.open("1.1", {"type": "modal"}, slow.say)
        assert sender._opening  # it was not waited for
        slow.let.set()
        await asyncio.gather(*sender._opening)
    assert (slow.asked, slow.said) == (1, 0)


async def test_a_form_that_is_refused_late_is_reported_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "OPEN_SECONDS", 0.05)
    slow = Opening(refused("expired_trigger_id"))
    async with listening(slow.handle) as url:
        sender = Sender(client(url))
        await sender.open("1.1", {"type": "modal"}, slow.say)
        assert slow.said == 0
        slow.let.set()
        await slow.failed.wait()
        await asyncio.gather(*sender._opening)
    assert (slow.asked, slow.said) == (1, 1)


async def test_whether_a_form_opened_is_left_open_where_the_answer_is_lost() -> None:
    clock = Clock()
    slow = Opening(ok)
    async with serving(None) as far:
        sender = Sender(client(far.url), now=clock.now, sleep=clock.sleep)
        await sender.open("1.1", {"type": "modal"}, slow.say)
        await asyncio.gather(*sender._opening)
    assert slow.said == 0


async def test_a_form_is_reported_where_slack_was_never_reached() -> None:
    clock = Clock()
    slow = Opening(ok)
    sender = Sender(client("http://127.0.0.1:9"), now=clock.now, sleep=clock.sleep)
    await sender.open("1.1", {"type": "modal"}, slow.say)
    await asyncio.gather(*sender._opening)
    assert slow.said == 1


async def test_a_response_url_is_in_no_error() -> None:
    clock = Clock()

    def again() -> web.Response:
        return web.Response(status=307, headers={"Location": "/hook/secret"})

    async with serving(again) as far:
        sender = Sender(client(far.url), now=clock.now, sleep=clock.sleep)
        until = clock.at + timedelta(seconds=3)
        with pytest.raises(NotNow) as caught:
            await sender.respond(f"{far.url}/hook/secret", usage(), until, {})
    assert "secret" not in str(caught.value)


async def test_no_call_outlives_the_claim_on_its_request() -> None:
    clock = Clock()
    never = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        await never.wait()
        return web.Response()

    async with listening(hang) as url:
        sender = Sender(client(url, timeout=3600), now=clock.now, sleep=clock.sleep)
        async with asyncio.timeout(30):
            with pytest.raises(NotNow):
                await sender.post("C1", usage(), clock.at + timedelta(seconds=1.1))
        never.set()


ADDRESSES = [
    ("http://127.0.0.1:80/api/", True),
    ("http://localhost/", True),
    ("http://[::1]:3/", True),
    ("https://slack.com/api/", False),
    ("https://127.0.0.1.example.org/", False),
]


@pytest.mark.parametrize(("url", "expected"), ADDRESSES)
def test_no_proxy_is_asked_for_this_machine(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected


def _meta(key: str) -> dict[str, Any]:
    return DeliveryMark(key, "0", doubted=False).metadata()


async def test_a_post_whose_answer_was_lost_is_looked_for_before_it_is_sent_again() -> None:
    clock = Clock()
    mine = {"ts": "1.5", "metadata": _meta("abc")}
    others = [{"ts": "1.3"}, {"ts": "1.4", "metadata": _meta("x")}]

    def history(*messages: dict[str, Any]) -> Reply:
        return lambda: web.json_response({"ok": True, "messages": [*others, *messages]})

    until = clock.at + timedelta(seconds=30)
    for thread in (None, "1.0"):
        async with serving(None, history(mine)) as far:
            sender = Sender(client(far.url), now=clock.now, sleep=clock.sleep)
            mark = DeliveryMark("abc", "1.2", doubted=False)
            assert await sender.post("D1", usage(), until, thread, mark) == "1.5"
        assert len(far.bodies) == 2
        assert far.bodies[0]["metadata"]["event_payload"] == {"key": "abc"}
    for unsure in (history(), refused("missing_scope")):
        async with serving(unsure, ok) as far:
            sender = Sender(client(far.url), now=clock.now, sleep=clock.sleep)
            mark = DeliveryMark("abc", "1.2", doubted=True)
            assert await sender.post("D1", usage(), until, None, mark) == "1.1"


def zone(tz: str | None) -> Reply:
    return lambda: web.json_response({"ok": True, "user": {"id": "U1", "tz": tz}})


ZONES: list[tuple[Reply | None, str]] = [
    (zone("Asia/Qatar"), "Asia/Qatar"),
    (zone(None), "UTC"),
    (zone("Mars/Olympus"), "UTC"),
    (zone("../../etc/passwd"), "UTC"),
    (refused("missing_scope"), "UTC"),
    (page(500), "UTC"),
    (None, "UTC"),
]


@pytest.mark.parametrize(("reply", "tz"), ZONES)
async def test_time_zones(reply: Reply | None, tz: str) -> None:
    clock = Clock()
    async with serving(reply) as far:
        web_client = client(far.url)
        zones = Profiles(web_client, "UTC", now=clock.now)
        assert await zones.of("T1", "U1") == tz
        asked = len(far.bodies)
        assert await zones.of("T1", "U1") == tz
        assert len(far.bodies) == asked, "what is known is not asked again"
