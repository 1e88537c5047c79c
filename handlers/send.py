"""The one place that speaks to Slack: posts, response URLs, and what to do when it refuses.

Refusals are of three kinds. *Later*: rate limits, Slack's own failures and broken
connections are tried again with growing waits, for as long as the request is ours.
*Simpler*: a message that Slack finds malformed is sent once more as text alone. *Never*:
everything else, such as an archived channel or a revoked token. Error words:
https://docs.slack.dev/reference/methods/chat.postMessage#errors
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from handlers.blocks.layout import Payload
from handlers.errors import NotNow, Undeliverable
from handlers.upload import Upload

log = logging.getLogger(__name__)

CALL_SECONDS = 10
"""How long one call may take; well below the lease of a request."""

_TRIES = 5
_FIRST_WAIT = 0.5  # seconds, doubled each time
_LATER = {
    "fatal_error",
    "internal_error",
    "rate_limited",
    "ratelimited",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
}
_SIMPLER = {
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_blocks_too_long",
    "msg_too_long",
    "no_text",
}
_SPENT = {"expired_url", "invalid_url", "used_url"}


class Spent(Undeliverable):
    """A response URL that is too old or used up."""


class Refusal(NamedTuple):
    """How a call failed: Slack's word for it, and the seconds it asks to wait."""

    word: str
    wait: float | None = None
    later: bool = False


class Mark(NamedTuple):
    """What finds a reply again of which we do not know whether Slack took it.

    ``key`` stays with the message as metadata, ``after`` is the ``ts`` of the post that it
    answers, ``doubted`` says that an earlier attempt may have got through.
    """

    key: str
    after: str
    doubted: bool


class Sender:
    """Sends messages; ``now`` and ``sleep`` are the clock."""

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = client
        self._now = now
        self._sleep = sleep

    async def post(
        self,
        place: str,
        payload: Payload,
        until: datetime,
        thread_ts: str | None = None,
        mark: Mark | None = None,
    ) -> str | None:
        """Post for everyone in a place, in a thread where one is named; returns the ``ts``.

        A marked post of which Slack's answer was lost is looked for before it is sent
        again, where the app may read the place (``im:history`` for direct messages).
        Raises Undeliverable, or NotNow where Slack did not take it before ``until``.
        """
        where: Payload = {"channel": place} | ({"thread_ts": thread_ts} if thread_ts else {})
        if mark is None:
            return await self._call("chat.postMessage", where, payload, until)
        where["metadata"] = {"event_type": "dragoman_reply", "event_payload": {"key": mark.key}}
        doubted = mark.doubted

        async def landed() -> str | None:
            nonlocal doubted
            if doubted:
                return await self._landed(place, thread_ts, mark)
            doubted = True
            return None

        return await self._call("chat.postMessage", where, payload, until, landed)

    async def _landed(self, place: str, thread_ts: str | None, mark: Mark) -> str | None:
        """The ``ts`` of the marked message if it stands there; None if not, or unreadable."""
        look: Payload = {"channel": place, "oldest": mark.after, "include_all_metadata": True}
        try:
            if thread_ts:
                answer = await self._client.conversations_replies(ts=thread_ts, **look)
            else:
                answer = await self._client.conversations_history(**look)
        except SlackApiError as error:
            log.info("cannot look whether a reply got through: %s", _of_api(error).word)
            return None
        for message in answer.get("messages") or []:
            metadata = message.get("metadata") or {}
            if (metadata.get("event_payload") or {}).get("key") == mark.key:
                return str(message["ts"])
        return None

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

    async def message(self, place: str, ts: str) -> dict[str, Any]:
        """The message that a thread begins with; empty where Slack does not show it."""
        try:
            answer = await self._client.conversations_replies(channel=place, ts=ts, limit=1)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.info("a message is not shown: %s", type(error).__name__)
            return {}
        return next(iter(answer.get("messages") or []), {})

    async def whisper(self, place: str, person: str, payload: Payload, until: datetime) -> None:
        """Post for one person in a place; raises as ``post``."""
        kept = {k: v for k, v in payload.items() if not k.startswith("unfurl_")}
        await self._call("chat.postEphemeral", {"channel": place, "user": person}, kept, until)

    async def update(self, place: str, ts: str, payload: Payload, until: datetime) -> None:
        """Replace a message of ours; raises as ``post``."""
        kept = {k: v for k, v in payload.items() if not k.startswith("unfurl_")}
        await self._call("chat.update", {"channel": place, "ts": ts}, kept, until)

    async def open(self, trigger: str, view: Payload, until: datetime) -> None:
        """Open a modal for whoever pulled this trigger, less than three seconds ago.

        Raises as ``post``.
        """
        await self._call("views.open", {"trigger_id": trigger}, {"view": view}, until)

    async def give(self, upload: Upload, until: datetime) -> None:
        """Put a file into the direct messages with somebody; raises as ``post``."""

        async def call(_: Payload) -> Refusal | None:
            try:
                await upload.go(self._client)
            except SlackApiError as error:
                return _of_api(error)
            return None

        await self._insist(call, {}, until, "a file")

    async def respond(
        self, url: str, payload: Payload, until: datetime, how: Mapping[str, Any]
    ) -> None:
        """Answer through a response URL; ``how`` is ``response_type`` or ``replace_original``.

        Raises Spent where the URL is no longer good, else as ``post``.
        """
        hook = AsyncWebhookClient(url, timeout=CALL_SECONDS, retry_handlers=[])
        hook.proxy = None if is_loopback(url) else hook.proxy

        async def call(message: Payload) -> Refusal | None:
            answer = await hook.send_dict({**message, **how})
            word = _word_of(answer.body)
            if answer.status_code == 200 and word is None:
                return None
            return _refusal(word or f"status {answer.status_code}", answer.status_code, answer)

        await self._insist(call, payload, until, "response_url")

    async def _call(
        self,
        method: str,
        where: Payload,
        payload: Payload,
        until: datetime,
        landed: Callable[[], Awaitable[str | None]] | None = None,
    ) -> str | None:
        ts: str | None = None

        async def call(message: Payload) -> Refusal | None:
            nonlocal ts
            if landed is not None and (ts := await landed()) is not None:
                return None
            try:
                answer = await self._client.api_call(method, json={**where, **message})
            except SlackApiError as error:
                return _of_api(error)
            ts = answer.get("ts")
            return None

        await self._insist(call, payload, until, method)
        return ts

    async def _insist(
        self,
        call: Callable[[Payload], Awaitable[Refusal | None]],
        payload: Payload,
        until: datetime,
        what: str,
    ) -> None:
        refusal = Refusal("no time left", later=True)
        for attempt in range(_TRIES):
            left = (until - self._now()).total_seconds()
            if left <= 1:
                break
            try:
                # No call outlives our claim: whoever resumes the request must find the message.
                async with asyncio.timeout(left):
                    found = await call(payload)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                found = Refusal(_said_by(error), later=True)
            if found is None:
                return
            refusal = found
            if refusal.word in _SIMPLER and "blocks" in payload:
                log.error("slack finds a message malformed: %s", refusal.word)
                payload = {k: v for k, v in payload.items() if k != "blocks"}
                continue
            if not refusal.later:
                kind = Spent if refusal.word in _SPENT else Undeliverable
                raise kind(f"Slack refused {what}: {refusal.word}.", about=refusal.word)
            wait = _FIRST_WAIT * 2**attempt if refusal.wait is None else refusal.wait
            if self._now() + timedelta(seconds=wait) >= until:
                break
            log.warning("slack did not take %s: %s; again in %.1f s", what, refusal.word, wait)
            await self._sleep(wait)
        raise NotNow(f"Slack did not take {what}: {refusal.word}.", about=refusal.word)


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine; no proxy is asked for those."""
    return urlsplit(url).hostname in {"127.0.0.1", "::1", "localhost"}


def _said_by(error: Exception) -> str:
    name = type(error).__name__
    # These hold the address in full, and a response URL is a secret.
    if isinstance(error, aiohttp.ClientResponseError | aiohttp.InvalidURL):
        return name
    return f"{name}: {error}"


def _of_api(error: SlackApiError) -> Refusal:
    response: Any = error.response
    data = getattr(response, "data", None)
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    word = data.get("error") if isinstance(data, dict) else None
    return _refusal(word or f"status {status}", status, response)


def _refusal(word: str, status: int, response: Any) -> Refusal:
    later = status == 429 or status >= 500 or word in _LATER
    headers = getattr(response, "headers", None) or {}
    try:
        wait = max(float(headers.get("Retry-After") or headers.get("retry-after") or ""), 0.0)
    except ValueError:
        return Refusal(word, None, later)
    return Refusal(word, wait, later)


def _word_of(body: str) -> str | None:
    """The error of a response URL's answer: JSON with ``ok`` false, or a bare word."""
    try:
        answer = json.loads(body)
    except ValueError:
        bare = body.strip()
        return bare if bare in _SIMPLER | _SPENT | _LATER else None
    if isinstance(answer, dict) and answer.get("ok") is False:
        return str(answer.get("error") or "unknown_error")
    return None
