"""The one place that sends to Slack: posts, response URLs, and handling of Slack's refusals.

Refusals are of four kinds. *Later*: rate limits, Slack's own failures and broken connections are
retried with growing waits, until the request's lease ends. *Simpler*: a message with newer blocks
that a workspace does not take is sent once more without them, and one that Slack finds malformed
as text alone. *Elsewhere*: a message that a closed place refuses goes to the person's direct
messages. *Never*: everything else, such as a revoked token.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.models import EVERYWHERE
from bot.store.outbox import Pacing
from bot.telemetry.traces import span
from handlers.auth import CALL_SECONDS, current_team, is_loopback
from handlers.blocks import limits
from handlers.blocks.layout import Payload
from handlers.blocks.limits import MESSAGE_TEXT_ADVISED
from handlers.blocks.native import native_form, plain_form, types_in
from handlers.blocks.notes import instead
from handlers.blocks.text import fitted, one_line, trim
from handlers.errors import (
    INVALID_BLOCKS,
    MALFORMED,
    NOT_SLACK,
    PLACE_CLOSED,
    URL_EXPIRED,
    NotNow,
    Refusal,
    Undeliverable,
    blocks_named,
    refusal,
    refusal_of,
    response_url_error,
)

# --- whether a post was delivered --------------------------------------------------------


log = logging.getLogger(__name__)

REPLY_EVENT, OUTGOING_EVENT = "dragoman_reply", "dragoman_outgoing"

_PAGES = 5
_PAGE_SIZE = 200


class DeliveryMark(NamedTuple):
    """A mark by which to find a post again when it is unknown whether Slack took it.

    ``key`` stays with the message as metadata; ``after`` is an earlier ``ts``, such as that of the
    post being answered; ``doubted`` means that an earlier attempt may have got through.
    """

    key: str
    after: str
    doubted: bool
    event: str = REPLY_EVENT

    def metadata(self) -> dict[str, Any]:
        """Return the metadata to send with the message."""
        return {"event_type": self.event, "event_payload": {"key": self.key}}


async def find_delivered(
    client: AsyncWebClient, place: str, thread_ts: str | None, mark: DeliveryMark
) -> str | None:
    """Return the ``ts`` of the marked message if it is there; None if not, or unreadable.

    Raises SlackApiError, or an aiohttp error, if looking again may succeed later.
    """
    try:
        if is_person(place):  # a person's id means their direct messages
            place = (await client.conversations_open(users=place))["channel"]["id"]
        look = {"channel": place, "oldest": mark.after, "include_all_metadata": True}
        cursor = ""
        for _ in range(_PAGES):
            more: dict[str, Any] = {**look, "limit": _PAGE_SIZE, "cursor": cursor or None}
            if thread_ts:
                answer = await client.conversations_replies(ts=thread_ts, **more)
            else:
                answer = await client.conversations_history(**more)
            for message in answer.get("messages") or []:
                if _is_it(message.get("metadata") or {}, mark):
                    return str(message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
    except SlackApiError as error:
        if refusal_of(error).later:
            raise
        log.info("cannot look whether a post got through: %s", refusal_of(error).word)
    return None


def _is_it(metadata: dict[str, Any], mark: DeliveryMark) -> bool:
    same = metadata.get("event_type") == mark.event
    return same and (metadata.get("event_payload") or {}).get("key") == mark.key


# --- direct messages ---------------------------------------------------------------------


_ROOMS_KEPT = 10_000


def is_person(place: str) -> bool:
    """Return whether a place is the id of a person, which means their direct messages."""
    return place.startswith(("U", "W"))


class DirectMessages:
    """Keeps the ids of people's direct messages, looked up when first needed."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: dict[tuple[str, str], str] = {}

    async def of(self, place: str) -> str:
        """Return the channel of a place: the place itself, or a person's direct messages.

        Returns the person's id if Slack opens no direct messages: a post there then fails with
        Slack's own error. Raises SlackApiError, or an aiohttp error, if the failure may pass.
        """
        if not is_person(place):
            return place
        # The id depends on the workspace: in another one the bot is a different user.
        key = (current_team(), place)
        if key not in self._known:
            try:
                opened = await self._client.conversations_open(users=place)
            except SlackApiError as error:
                if refusal_of(error).later:
                    raise
                log.info("no room for the messages to %s: %s", place, refusal_of(error).word)
                return place
            if len(self._known) >= _ROOMS_KEPT:
                self._known.clear()
            self._known[key] = str(opened["channel"]["id"])
        return self._known[key]


# --- text-only messages ------------------------------------------------------------------


def within_limits(payload: Payload) -> Payload:
    """Return a message that breaks no limit: unchanged, or as text alone with a logged error."""
    if not (broken := limits.problems(payload)):
        return payload
    log.error("a message is sent as text, because it breaks limits: %s", "; ".join(broken))
    return text_only(payload)


def text_only(payload: Payload) -> Payload:
    """Return a message without blocks, with only the lines of its text that fit Slack's limits."""
    text, most = str(payload.get("text") or ""), limits.MESSAGE_TEXT_ADVISED
    if len(text) > most:
        text = text[: most + 1].rpartition("\n")[0] or trim(text, most)
    return {k: v for k, v in payload.items() if k != "blocks"} | {"text": text}


# --- uploads: https://docs.slack.dev/messaging/working-with-files#upload -----------------


@dataclass
class Upload:
    """A file to upload for ``person``; ``words``, plain text, are shown above it.

    ``alt`` is the alt text of a picture.
    """

    person: str
    name: str
    content: bytes
    words: str
    alt: str = ""
    _room: str = field(default="", init=False)
    _sent: str = field(default="", init=False)

    async def go(self, client: AsyncWebClient) -> None:
        """Take the remaining steps; raises SlackApiError, or an aiohttp error."""
        if not self._room:
            opened = await client.conversations_open(users=self.person)
            self._room = opened["channel"]["id"]
        if not self._sent:
            self._sent = await self._bytes(client)
        await client.files_completeUploadExternal(
            files=[{"id": self._sent, "title": self.name}],
            channel_id=self._room,
            initial_comment=fitted(self.words, MESSAGE_TEXT_ADVISED).mrkdwn,
        )

    async def _bytes(self, client: AsyncWebClient) -> str:
        """Send the bytes; return the file's id."""
        got = await client.files_getUploadURLExternal(
            filename=self.name, length=len(self.content), alt_txt=one_line(self.alt) or None
        )
        async with (
            aiohttp.ClientSession() as session,
            session.post(got["upload_url"], data=self.content, proxy=client.proxy) as answer,
        ):
            answer.raise_for_status()
        return str(got["file_id"])


# --- the sender --------------------------------------------------------------------------


LOOK_SECONDS = 1.5
"""How long reading a thread may take."""

_THREAD_MESSAGES = 15  # messages; as many as Slack shows any app

OPEN_SECONDS = 2.0
"""How long to wait for a form to open: Slack gives three seconds until the click is acked."""

_TRIGGER = timedelta(seconds=2)  # how long a trigger is certainly valid
_TRIES = 5
_FIRST_WAIT = 0.5  # seconds, doubled each time
_MARGIN = timedelta(seconds=2)  # the time that a call needs once its turn has come


EPHEMERAL: dict[str, Any] = {"response_type": "ephemeral", "replace_original": False}
"""Response URL options that answer one person and leave the message in place."""


class NotSlackAnswer(Exception):
    """An answer that is not Slack's; something between us and Slack gave it."""


class ResponseUrlExpired(Undeliverable):
    """A response URL that is too old or used up."""


class _Form:
    """The form in which a message is ``sent``, which gets simpler where Slack refuses it.

    ``suspects`` are the newer types of block that may be the reason for the refusal.
    """

    def __init__(self, payload: Payload, refused: Collection[str]) -> None:
        self._payload = payload
        self.sent = native_form(payload, refused)
        self.suspects: set[str] = set()

    def simpler(self, found: Refusal) -> bool:
        """Take the next simpler form; False if there is none, or it would not help."""
        plain = plain_form(self._payload)
        if found.word in INVALID_BLOCKS and (types := types_in(self.sent) - types_in(plain)):
            log.warning("slack does not take a message with newer blocks: %s", found.word)
            blocks = self.sent["blocks"]
            named = [blocks[number] for number in found.blocks if number < len(blocks)]
            self.suspects = types_in({"blocks": named}) & types or types
            self.sent = plain
            return True
        if found.word in MALFORMED and "blocks" in self.sent:
            log.error("slack finds a message malformed: %s", found.word)
            self.suspects = set()  # they were not the reason
            self.sent = text_only(self.sent)
            return True
        return False


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
        self._direct = DirectMessages(client)
        self._pace = pace
        self._now = now
        self._sleep = sleep
        self._refused: dict[str, set[str]] = {}
        self._opening: set[asyncio.Task[None]] = set()

    def takes(self, kind: str) -> bool:
        """Return whether the workspace gets this newer type of block: until it refuses one."""
        return kind not in self._refused.get(current_team(), ())

    async def post(
        self,
        place: str,
        payload: Payload,
        until: datetime,
        thread_ts: str | None = None,
        mark: DeliveryMark | None = None,
        person: str | None = None,
    ) -> str | None:
        """Post for everyone in a place, in a thread if one is named; return the ``ts``.

        If Slack's answer to a marked post was lost, the post is looked for before it is sent again,
        where the app may read the place (``im:history`` for direct messages). If the bot cannot
        post in the place, the message goes to ``person``, if named, with a note about that, and
        there is no ``ts``. Raises Undeliverable, or NotNow if Slack did not take it before
        ``until``.
        """
        where: Payload = {"channel": place} | ({"thread_ts": thread_ts} if thread_ts else {})
        if mark is not None:
            where["metadata"] = mark.metadata()
        try:
            return await self._call("chat.postMessage", where, payload, until, mark)
        except Undeliverable as error:
            if person is None or error.about not in PLACE_CLOSED:
                raise
            await self._post_in_person(place, person, payload, until, error)
        return None

    async def _post_in_person(
        self, place: str, person: str, payload: Payload, until: datetime, why: Undeliverable
    ) -> None:
        log.warning("%s is closed (%s): %s is answered in person", place, why.about, person)
        await self._call(
            "chat.postMessage", {"channel": person}, instead(payload, place, why.about), until
        )

    async def is_public(self, place: str) -> bool:
        """Return whether the whole workspace may read a place; False if Slack does not say."""
        try:
            async with asyncio.timeout(CALL_SECONDS):
                answer = await self._client.conversations_info(channel=place)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.info("a place is taken for private: %s", type(error).__name__)
            return False
        room = answer.get("channel") or {}
        return bool(room.get("is_channel")) and not room.get("is_private")

    async def message(self, place: str, ts: str, thread: str = "") -> dict[str, Any]:
        """Return a message; empty if Slack does not show it.

        ``thread`` is the ``ts`` of the first message of its thread, if that is another message.
        """
        try:
            async with asyncio.timeout(CALL_SECONDS):
                room = await self._direct.of(place)
                answer = await self._client.conversations_replies(
                    channel=room, ts=thread or ts, oldest=ts, latest=ts, inclusive=True, limit=2
                )
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.info("a message is not shown: %s", type(error).__name__)
            return {}
        return next((one for one in answer.get("messages") or [] if one.get("ts") == ts), {})

    async def messages_between(
        self, place: str, thread: str, after: str, before: str
    ) -> list[dict[str, Any]] | None:
        """Return the messages of a thread between two ``ts``; None if Slack does not show them.

        The acknowledgement of a post may wait for this: it takes ``LOOK_SECONDS`` at most.
        """
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                answer = await self._client.conversations_replies(
                    channel=place, ts=thread, oldest=after, latest=before, limit=_THREAD_MESSAGES
                )
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.info("a thread is not shown: %s", type(error).__name__)
            return None
        found = answer.get("messages") or []
        # Slack includes the first message of the thread, however old it is.
        return [one for one in found if float(after) < float(one["ts"]) < float(before)]

    async def post_ephemeral(
        self, place: str, person: str, payload: Payload, until: datetime
    ) -> None:
        """Post for one person in a place, or to them if it is closed; raises as ``post``."""
        kept = {k: v for k, v in payload.items() if not k.startswith("unfurl_")}
        try:
            await self._call("chat.postEphemeral", {"channel": place, "user": person}, kept, until)
        except Undeliverable as error:
            if error.about not in PLACE_CLOSED:
                raise
            await self._post_in_person(place, person, payload, until, error)

    async def update(self, place: str, ts: str, payload: Payload, until: datetime) -> None:
        """Replace our message; raises as ``post``."""
        kept = {k: v for k, v in payload.items() if not k.startswith("unfurl_")}
        await self._call("chat.update", {"channel": place, "ts": ts}, kept, until)

    async def open(
        self, trigger: str, view: Payload, failed: Callable[[], Awaitable[None]]
    ) -> None:
        """Open a modal for the person behind this trigger, which is valid for three seconds.

        Returns in time for the acknowledgement, though Slack may not have answered yet. ``failed``
        is called, then or later, if it is certain that no form opened; not if Slack's answer was
        lost, since the form may be open then.
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
            # Soon it is too late to retry, but not to receive the result.
            await self._call("views.open", where, payload, self._now() + _TRIGGER, late=True)
        except Undeliverable as error:
            if error.about == "exchanged_trigger_id":  # the trigger was delivered twice
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
        """Publish a person's Home; with ``seen`` only if it replaces the view with that hash.

        Raises as ``post``.
        """
        where = {"user_id": person} | ({"hash": seen} if seen else {})
        await self._call("views.publish", where, {"view": view}, until)

    async def upload(self, file: Upload, until: datetime) -> None:
        """Upload a file to a person's direct messages; raises as ``post``."""

        async def call(_: Payload) -> Refusal | None:
            try:
                await file.go(self._client)
            except SlackApiError as error:
                return refusal_of(error)
            return None

        await self._with_retries(call, {}, until, "a file")

    async def call(self, method: str, until: datetime, **arguments: Any) -> dict[str, Any]:
        """Call a method that posts nothing; return Slack's answer. Raises as ``post``."""
        answered: dict[str, Any] = {}

        async def once(_: Payload) -> Refusal | None:
            try:
                answer = await _api_call(self._client, method, arguments)
            except SlackApiError as error:
                return refusal_of(error)
            answered.update(answer.data if isinstance(answer.data, dict) else {})
            return None

        await self._with_retries(once, {}, until, method)
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

        ``place`` is named if everybody there sees the answer. Raises ResponseUrlExpired if the URL
        is no longer valid, else as ``post``.
        """
        hook = AsyncWebhookClient(url, timeout=CALL_SECONDS, retry_handlers=[])
        hook.proxy = None if is_loopback(url) else hook.proxy

        async def call(message: Payload) -> Refusal | None:
            async with self._turn(place, until):
                answer = await hook.send_dict({**message, **how})
            word = response_url_error(answer.body)
            if answer.status_code == 200 and word is None:
                return None
            refused = refusal(word or f"status {answer.status_code}", answer.status_code, answer)
            return refused._replace(blocks=blocks_named(answer.body))

        await self._with_retries(call, within_limits(payload), until, "response_url")

    async def responded(
        self,
        url: str | None,
        payload: Payload,
        until: datetime,
        how: Mapping[str, Any],
        place: str | None = None,
    ) -> bool:
        """Answer through a response URL as ``respond`` does; return False if none is valid."""
        if not url:
            return False
        try:
            await self.respond(url, payload, until, how, place)
        except ResponseUrlExpired:
            log.info("the response URL is spent: we were away for more than half an hour")
            return False
        return True

    async def answer_alone(
        self,
        url: str | None,
        place: str,
        person: str,
        payload: Payload,
        until: datetime,
        *,
        replace: bool = False,
    ) -> None:
        """Answer one person through a response URL, or in the place if there is no valid one.

        ``replace`` puts the answer in place of the message that was clicked on. Raises as ``post``.
        """
        how = EPHEMERAL | {"replace_original": replace}
        if not await self.responded(url, payload, until, how):
            await self.post_ephemeral(place, person, payload, until)

    async def _call(
        self,
        method: str,
        where: Payload,
        payload: Payload,
        until: datetime,
        mark: DeliveryMark | None = None,
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
                    room = await self._direct.of(room)
                if mark is not None and doubted:
                    ts = await find_delivered(self._client, room, where.get("thread_ts"), mark)
                    if ts is not None:
                        return None
                target = {**where, "channel": room} if in_room else where
                async with self._turn(room if posts else None, until):
                    doubted = True  # until Slack answers
                    with span("post", method=method):
                        answer = await _api_call(self._client, method, {**target, **message})
            except SlackApiError as error:
                refused = refusal_of(error)
                doubted = not refused.sure
                if posts and self._pace is not None and refused.wait:
                    await self._pace.hold(room, refused.wait)
                return refused
            ts = answer.get("ts")
            return None

        whole = payload if "view" in payload else within_limits(payload)
        await self._with_retries(call, whole, until, method, late=late)
        return ts

    def _turn(self, place: str | None, until: datetime) -> AbstractAsyncContextManager[None]:
        """Wait for a turn to post in a place, if everybody there sees the message."""
        if place is None or self._pace is None:
            return nullcontext()
        return self._pace.turn(place, until - _MARGIN)

    async def _with_retries(
        self,
        call: Callable[[Payload], Awaitable[Refusal | None]],
        payload: Payload,
        until: datetime,
        what: str,
        *,
        late: bool = False,
    ) -> None:
        """Retry until ``until``; with ``late`` a call that has begun by then may end after it."""
        found, sure = Refusal("no time left", later=True), True
        form = _Form(payload, self._refused.get(current_team(), ()))
        for attempt in range(_TRIES):
            left = (until - self._now()).total_seconds()
            if left <= 1:
                break
            try:
                # No call outlives our claim: whoever resumes the request must find the message.
                async with asyncio.timeout(CALL_SECONDS if late else left):
                    refused = await call(form.sent)
            except (aiohttp.ClientError, TimeoutError, OSError, NotSlackAnswer) as error:
                refused = _connection_failure(error)
            if refused is None:
                self._remember(form.suspects)
                return
            found, sure = refused, sure and refused.sure
            if form.simpler(found):
                continue
            if not found.later:
                kind = ResponseUrlExpired if found.word in URL_EXPIRED else Undeliverable
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

    def _remember(self, refused: set[str]) -> None:
        """Stop sending the workspace the block types without which it took a message."""
        if refused:
            log.warning("this workspace gets no more %s", ", ".join(sorted(refused)))
            self._refused.setdefault(current_team(), set()).update(refused)


def _connection_failure(error: Exception) -> Refusal:
    """Return the refusal for a call without an answer from Slack; sure if it never got there."""
    if isinstance(error, NotSlackAnswer):
        return Refusal(NOT_SLACK, later=True, sure=False)
    reached = not isinstance(error, aiohttp.ClientConnectorError)
    return Refusal(_error_text(error), later=True, sure=not reached)


async def _api_call(client: AsyncWebClient, method: str, arguments: Payload) -> AsyncSlackResponse:
    """Call a method of the Web API; raises NotSlackAnswer for anything but a JSON object.

    Slack's library assumes that it is one.
    """
    try:
        return await client.api_call(method, json=arguments)
    except (json.JSONDecodeError, AttributeError) as error:
        raise NotSlackAnswer(NOT_SLACK) from error


def _error_text(error: Exception) -> str:
    name = type(error).__name__
    # These hold the address in full, and a response URL is a secret.
    if isinstance(error, aiohttp.ClientResponseError | aiohttp.InvalidURL):
        return name
    return f"{name}: {error}"


# --- pace --------------------------------------------------------------------------------


GAP = timedelta(seconds=1)

LEASE = timedelta(seconds=15)
"""How long a place waits for a poster that has gone silent: longer than a call may take."""

_LOOK = timedelta(seconds=0.25)  # how often to check whether the other has posted


class Pace:
    """Gives turns to post to a place, ``gap`` apart; ``now`` and ``sleep`` are the clock."""

    def __init__(
        self,
        pacing: Pacing,
        *,
        gap: timedelta = GAP,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pacing = pacing
        self._gap = gap
        self._now = now
        self._sleep = sleep

    @asynccontextmanager
    async def turn(self, place: str, until: datetime) -> AsyncIterator[None]:
        """Wait until a message may go to a place, and post it inside the block.

        Raises NotNow, with the time to try again, if that is after ``until``.
        """
        # Slack's ids of places are unique across Slack: one pace for all workspaces.
        at, mine = await asyncio.to_thread(
            self._pacing.turn, EVERYWHERE, place, self._now(), self._gap, until
        )
        if not mine:
            raise _others_first(place, at)
        await self._until(at)
        while (again := await self._begin(place)) is not None:
            if again > until:
                raise _others_first(place, again)
            await self._until(again)
        try:
            yield
        finally:
            await asyncio.to_thread(self._pacing.end, EVERYWHERE, place, self._now(), self._gap)

    async def _begin(self, place: str) -> datetime | None:
        return await asyncio.to_thread(
            self._pacing.begin, EVERYWHERE, place, self._now(), LEASE, _LOOK
        )

    async def _until(self, at: datetime) -> None:
        if (wait := (at - self._now()).total_seconds()) > 0:
            await self._sleep(wait)

    async def hold(self, place: str, seconds: float) -> None:
        """Stop everyone from posting there for some seconds."""
        now = self._now()
        until = now + timedelta(seconds=seconds)
        await asyncio.to_thread(self._pacing.hold, EVERYWHERE, place, now, until)


def _others_first(place: str, at: datetime) -> NotNow:
    return NotNow("Others are being answered there first.", about=place, again_at=at)
