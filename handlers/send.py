"""The one place that speaks to Slack: posts, response URLs, and what to do when it refuses.

Refusals are of four kinds. *Later*: rate limits, Slack's own failures and broken
connections are tried again with growing waits, for as long as the request is ours.
*Simpler*: a message that Slack finds malformed is sent once more as text alone.
*Elsewhere*: what a closed place refuses goes to the person's direct messages. *Never*:
everything else, such as a revoked token.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.trail.traces import span
from handlers.blocks.layout import Payload
from handlers.blocks.notes import instead
from handlers.errors import NotNow, Undeliverable
from handlers.keys import CALL_SECONDS, is_loopback
from handlers.landed import Mark, landed
from handlers.pace import Pace
from handlers.refusals import CLOSED, NOT_SLACK, SIMPLER, SPENT, Refusal, of_api, refusal, word_of
from handlers.rooms import Rooms
from handlers.simpler import as_text, within
from handlers.upload import Upload

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.5
"""How long it may take to look into a thread."""

_LOOKED_AT = 15  # messages; as many as Slack shows any app

OPEN_SECONDS = 2.0
"""How long a form's opening is waited for: Slack gives three seconds until the click is acked."""

_TRIGGER = timedelta(seconds=2)  # how long a trigger is good for sure
_TRIES = 5
_FIRST_WAIT = 0.5  # seconds, doubled each time
_MARGIN = timedelta(seconds=2)  # what a call needs after its turn has come


class NotSlack(Exception):
    """An answer that is none of Slack's; something between us gave it."""


class Spent(Undeliverable):
    """A response URL that is too old or used up."""


class Sender:
    """Sends messages, at the ``pace`` that Slack allows; ``now`` and ``sleep`` are the clock."""

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        pace: Pace | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = client
        self._rooms = Rooms(client)
        self._pace = pace
        self._now = now
        self._sleep = sleep
        self._opening: set[asyncio.Task[None]] = set()

    async def post(
        self,
        place: str,
        payload: Payload,
        until: datetime,
        thread_ts: str | None = None,
        mark: Mark | None = None,
        person: str | None = None,
    ) -> str | None:
        """Post for everyone in a place, in a thread where one is named; returns the ``ts``.

        A marked post of which Slack's answer was lost is looked for before it is sent
        again, where the app may read the place (``im:history`` for direct messages). Where
        the place is closed to us it goes to ``person``, if named, with a word about that; then
        there is no ``ts``. Raises Undeliverable, or NotNow where Slack did not take it before
        ``until``.
        """
        where: Payload = {"channel": place} | ({"thread_ts": thread_ts} if thread_ts else {})
        if mark is not None:
            where["metadata"] = mark.metadata()
        try:
            return await self._call("chat.postMessage", where, payload, until, mark)
        except Undeliverable as error:
            if person is None or error.about not in CLOSED:
                raise
            await self._instead(place, person, payload, until, error)
        return None

    async def _instead(
        self, place: str, person: str, payload: Payload, until: datetime, why: Undeliverable
    ) -> None:
        log.warning("%s is closed (%s): %s is answered in person", place, why.about, person)
        await self._call(
            "chat.postMessage", {"channel": person}, instead(payload, place, why.about), until
        )

    async def is_public(self, place: str) -> bool:
        """Whether everybody in the workspace may read a place; not, where Slack does not say."""
        try:
            async with asyncio.timeout(CALL_SECONDS):
                answer = await self._client.conversations_info(channel=place)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.info("a place is taken for private: %s", type(error).__name__)
            return False
        room = answer.get("channel") or {}
        return bool(room.get("is_channel")) and not room.get("is_private")

    async def message(self, place: str, ts: str, thread: str = "") -> dict[str, Any]:
        """Return a message; empty where Slack does not show it.

        ``thread`` is the ``ts`` of the message that its thread begins with, if it is another.
        """
        try:
            async with asyncio.timeout(CALL_SECONDS):
                room = await self._rooms.of(place)
                answer = await self._client.conversations_replies(
                    channel=room, ts=thread or ts, oldest=ts, latest=ts, inclusive=True, limit=2
                )
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.info("a message is not shown: %s", type(error).__name__)
            return {}
        return next((one for one in answer.get("messages") or [] if one.get("ts") == ts), {})

    async def between(
        self, place: str, thread: str, after: str, before: str
    ) -> list[dict[str, Any]] | None:
        """The messages of a thread between two of its ``ts``; None where Slack does not show them.

        The acknowledgement of a post may wait for it: it takes ``LOOK_SECONDS`` at most.
        """
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                answer = await self._client.conversations_replies(
                    channel=place, ts=thread, oldest=after, latest=before, limit=_LOOKED_AT
                )
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.info("a thread is not shown: %s", type(error).__name__)
            return None
        found = answer.get("messages") or []
        # The message that the thread begins with comes along, however old it is.
        return [one for one in found if float(after) < float(one["ts"]) < float(before)]

    async def whisper(self, place: str, person: str, payload: Payload, until: datetime) -> None:
        """Post for one person in a place, or to them where it is closed; raises as ``post``."""
        kept = {k: v for k, v in payload.items() if not k.startswith("unfurl_")}
        try:
            await self._call("chat.postEphemeral", {"channel": place, "user": person}, kept, until)
        except Undeliverable as error:
            if error.about not in CLOSED:
                raise
            await self._instead(place, person, payload, until, error)

    async def update(self, place: str, ts: str, payload: Payload, until: datetime) -> None:
        """Replace a message of ours; raises as ``post``."""
        kept = {k: v for k, v in payload.items() if not k.startswith("unfurl_")}
        await self._call("chat.update", {"channel": place, "ts": ts}, kept, until)

    async def open(
        self, trigger: str, view: Payload, failed: Callable[[], Awaitable[None]]
    ) -> None:
        """Open a modal for whoever pulled this trigger, less than three seconds ago.

        Returns in time for the acknowledgement, though Slack may not have answered yet.
        ``failed`` is called, then or later, if it is certain that no form opened; not where
        Slack's answer was lost, for then it may stand open.
        """
        task = asyncio.create_task(self._opened(trigger, view, failed), name="form")
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)
        done, _ = await asyncio.wait([task], timeout=OPEN_SECONDS)
        for one in done:
            one.result()

    async def _opened(
        self, trigger: str, view: Payload, failed: Callable[[], Awaitable[None]]
    ) -> None:
        where, payload = {"trigger_id": trigger}, {"view": view}
        try:
            # It is soon too late to try again, but not to hear what became of it.
            await self._call("views.open", where, payload, self._now() + _TRIGGER, late=True)
        except Undeliverable as error:
            if error.about == "exchanged_trigger_id":  # it was delivered twice
                log.info("a form stands open already")
                return
            log.warning("a form could not be opened: %s", error)
        except NotNow as error:
            log.warning("a form could not be opened, or was and we did not hear: %s", error)
            if not error.sure:
                return
        else:
            return
        await failed()

    async def publish(self, person: str, view: Payload, until: datetime, seen: str = "") -> None:
        """Publish somebody's Home; with ``seen`` only in place of the view with that hash.

        Raises as ``post``.
        """
        where = {"user_id": person} | ({"hash": seen} if seen else {})
        await self._call("views.publish", where, {"view": view}, until)

    async def give(self, upload: Upload, until: datetime) -> None:
        """Put a file into the direct messages with somebody; raises as ``post``."""

        async def call(_: Payload) -> Refusal | None:
            try:
                await upload.go(self._client)
            except SlackApiError as error:
                return of_api(error)
            return None

        await self._insist(call, {}, until, "a file")

    async def call(self, method: str, until: datetime, **arguments: Any) -> dict[str, Any]:
        """Call a method that posts nothing; returns what Slack answers. Raises as ``post``."""
        answered: dict[str, Any] = {}

        async def once(_: Payload) -> Refusal | None:
            try:
                answer = await _answered(self._client, method, arguments)
            except SlackApiError as error:
                return of_api(error)
            answered.update(answer.data if isinstance(answer.data, dict) else {})
            return None

        await self._insist(once, {}, until, method)
        return answered

    async def respond(
        self,
        url: str,
        payload: Payload,
        until: datetime,
        how: Mapping[str, Any],
        place: str | None = None,
    ) -> None:
        """Answer through a response URL; ``how`` is ``response_type`` or ``replace_original``.

        ``place`` is named where everybody there sees it. Raises Spent where the URL is no
        longer good, else as ``post``.
        """
        hook = AsyncWebhookClient(url, timeout=CALL_SECONDS, retry_handlers=[])
        hook.proxy = None if is_loopback(url) else hook.proxy

        async def call(message: Payload) -> Refusal | None:
            async with self._turn(place, until):
                answer = await hook.send_dict({**message, **how})
            word = word_of(answer.body)
            if answer.status_code == 200 and word is None:
                return None
            return refusal(word or f"status {answer.status_code}", answer.status_code, answer)

        await self._insist(call, within(payload), until, "response_url")

    async def _call(
        self,
        method: str,
        where: Payload,
        payload: Payload,
        until: datetime,
        mark: Mark | None = None,
        *,
        late: bool = False,
    ) -> str | None:
        posts, ts = method == "chat.postMessage", None
        in_room = posts or method == "chat.update"
        room = str(where.get("channel", ""))
        doubted = mark is not None and mark.doubted

        async def call(message: Payload) -> Refusal | None:
            nonlocal room, ts, doubted
            try:
                if in_room:
                    room = await self._rooms.of(room)
                if mark is not None and doubted:
                    ts = await landed(self._client, room, where.get("thread_ts"), mark)
                    if ts is not None:
                        return None
                there = {**where, "channel": room} if in_room else where
                async with self._turn(room if posts else None, until):
                    doubted = True  # until we have heard from Slack
                    with span("post", method=method):
                        answer = await _answered(self._client, method, {**there, **message})
            except SlackApiError as error:
                refused = of_api(error)
                doubted = not refused.sure
                if posts and self._pace is not None and refused.wait:
                    await self._pace.hold(room, refused.wait)
                return refused
            ts = answer.get("ts")
            return None

        whole = payload if "view" in payload else within(payload)
        await self._insist(call, whole, until, method, late=late)
        return ts

    def _turn(self, place: str | None, until: datetime) -> AbstractAsyncContextManager[None]:
        """Wait for a turn to post in a place, if it is one where everybody sees it."""
        if place is None or self._pace is None:
            return nullcontext()
        return self._pace.turn(place, until - _MARGIN)

    async def _insist(
        self,
        call: Callable[[Payload], Awaitable[Refusal | None]],
        payload: Payload,
        until: datetime,
        what: str,
        *,
        late: bool = False,
    ) -> None:
        """Try until ``until``; with ``late`` a call that has begun by then may end after it."""
        found, sure = Refusal("no time left", later=True), True
        for attempt in range(_TRIES):
            left = (until - self._now()).total_seconds()
            if left <= 1:
                break
            try:
                # No call outlives our claim: whoever resumes the request must find the message.
                async with asyncio.timeout(CALL_SECONDS if late else left):
                    refused = await call(payload)
            except (aiohttp.ClientError, TimeoutError, OSError, NotSlack) as error:
                refused = _lost(error)
            if refused is None:
                return
            found, sure = refused, sure and refused.sure
            if found.word in SIMPLER and "blocks" in payload:
                log.error("slack finds a message malformed: %s", found.word)
                payload = as_text(payload)
                continue
            if not found.later:
                kind = Spent if found.word in SPENT else Undeliverable
                raise kind(f"Slack refused {what}: {found.word}.", about=found.word)
            wait = _FIRST_WAIT * 2**attempt if found.wait is None else found.wait
            if self._now() + timedelta(seconds=wait) >= until:
                break
            log.warning("slack did not take %s: %s; again in %.1f s", what, found.word, wait)
            await self._sleep(wait)
        again = self._now() + timedelta(seconds=found.wait) if sure and found.wait else None
        raise NotNow(
            f"Slack did not take {what}: {found.word}.",
            about=found.word,
            again_at=again,
            sure=sure,
        )


def _lost(error: Exception) -> Refusal:
    """A call without an answer of Slack's; where it was never reached it has done nothing."""
    if isinstance(error, NotSlack):
        return Refusal(NOT_SLACK, later=True, sure=False)
    reached = not isinstance(error, aiohttp.ClientConnectorError)
    return Refusal(_said_by(error), later=True, sure=not reached)


async def _answered(client: AsyncWebClient, method: str, arguments: Payload) -> AsyncSlackResponse:
    """Call a method of the Web API; raises NotSlack where what comes is no JSON object.

    Slack's library takes it for granted that it is one.
    """
    try:
        return await client.api_call(method, json=arguments)
    except (json.JSONDecodeError, AttributeError) as error:
        raise NotSlack(NOT_SLACK) from error


def _said_by(error: Exception) -> str:
    name = type(error).__name__
    # These hold the address in full, and a response URL is a secret.
    if isinstance(error, aiohttp.ClientResponseError | aiohttp.InvalidURL):
        return name
    return f"{name}: {error}"
