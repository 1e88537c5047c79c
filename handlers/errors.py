"""Failures between us and Slack, and the messages about them to the person who asked.

Error words: https://docs.slack.dev/reference/methods/chat.postMessage#errors
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from slack_sdk.errors import SlackApiError

from bot.errors import DragomanError, message_for
from bot.models import Outgoing, Request
from bot.store.outbox import AHEAD
from handlers.blocks.layout import Payload
from handlers.blocks.notes import sentence


class Undeliverable(DragomanError):
    """Slack refuses this message for good: the channel is gone, the token revoked, …"""


class NotNow(DragomanError):
    """Slack cannot take this message at present; worth trying again later.

    ``again_at`` is when to try again, if that is known and nothing was sent for sure. If it is not
    ``sure``, Slack's answer was lost, and Slack may have done what was asked.
    """

    def __init__(
        self,
        message: str,
        *,
        about: str = "",
        again_at: datetime | None = None,
        sure: bool = True,
    ) -> None:
        super().__init__(message, about=about)
        self.again_at = again_at
        self.sure = sure


class TimeUp(NotNow):
    """The work took longer than its lease; it is unknown whether Slack has the message."""


@asynccontextmanager
async def within_lease(lease: timedelta) -> AsyncIterator[asyncio.Timeout]:
    """End the block when its lease is over, and raise TimeUp: another worker may resume it.

    Yields the timeout, which moves when the lease is extended.

    The limit does not use the wall clock: if that is set back, other workers get their turn after
    one more lease, and the block must not go on for an hour.
    """
    limit = asyncio.timeout(lease.total_seconds())
    try:
        async with limit:
            yield limit
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise TimeUp("There was no time left for it.") from error


def reference(request: Request) -> str:
    """Eight characters that name a request in a reply and in the log."""
    return _short(request.workspace, request.surface, request.key)


def outgoing_reference(item: Outgoing) -> str:
    """Eight characters that name a message of the outbox in the log."""
    return _short(item.workspace, "outgoing", item.key)


def _short(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]


def in_log(reference: str) -> str:
    """Return a sentence on where an admin finds the details of a failure with this reference."""
    return f"An admin can find the details in the log under reference {reference}."


def failure_message(error: Exception, request: Request, *, operator: bool = False) -> Payload:
    """Return the message for a failure: our own errors in their words, others by reference.

    For an ``operator`` it says how the person who runs Dragoman can help.
    """
    if isinstance(error, DragomanError):
        return sentence(message_for(error, operator=operator))
    return sentence(f"Something went wrong and I could not answer. {in_log(reference(request))}")


def apology_message(error: Exception, request: Request) -> Payload:
    """Return the message in place of an answer that failed, with the request's reference."""
    why = "Slack refused my answer" if isinstance(error, Undeliverable) else "something went wrong"
    word = f" ({error.about})" if isinstance(error, Undeliverable) and error.about else ""
    return sentence(f"I could not answer, because {why}{word}. {in_log(reference(request))}")


# --- how Slack refuses -------------------------------------------------------------------


RATE_LIMITED = {"rate_limited", "ratelimited", "message_limit_exceeded"}
"""Slack took nothing, and says when it will."""

NOT_SLACK = "not_slacks_answer"
"""Our name for an HTTP 200 answer that is not Slack's: something between us gave it."""

RETRYABLE = RATE_LIMITED | {
    NOT_SLACK,
    "fatal_error",
    "internal_error",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
}
MALFORMED = {
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_blocks_too_long",
    "msg_too_long",
    "no_text",
}
INVALID_BLOCKS = {"invalid_blocks", "invalid_blocks_format"}
"""Of those, the errors of a workspace that does not accept a type of block."""

URL_EXPIRED = {"expired_url", "invalid_url", "used_url"}

PLACE_CLOSED = {
    "cannot_reply_to_message",
    "channel_not_found",
    "is_archived",
    "not_in_channel",
    "posting_to_channel_denied",
    "restricted_action",
    "restricted_action_non_threadable_channel",
    "restricted_action_read_only_channel",
    "restricted_action_thread_locked",
    "restricted_action_thread_only_channel",
    "team_access_not_granted",
    "user_not_in_channel",
}
"""The bot cannot post in the place, but the person may be reached elsewhere."""

TOKEN_REFUSED = {
    "access_denied",
    "account_inactive",
    "invalid_auth",
    "not_authed",
    "token_expired",
    "token_revoked",
}
"""Nothing can be sent at all before somebody provides a valid token."""


APP_REMOVED = {"account_inactive", "token_revoked"}
"""Of those, the errors that mean the app was removed."""


_POINTER = re.compile(r"/blocks/(\d{1,3})\b")


class Refusal(NamedTuple):
    """A failed call: Slack's error, and the seconds it asks to wait.

    ``sure`` means that Slack did nothing of what was asked. ``blocks`` are the indexes, from 0, of
    the blocks that Slack reports as wrong, if it names any.
    """

    word: str
    wait: float | None = None
    later: bool = False
    sure: bool = True
    blocks: frozenset[int] = frozenset()


def refusal_of(error: SlackApiError) -> Refusal:
    """Read the SDK's error."""
    response: Any = error.response
    data = getattr(response, "data", None)
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    word = data.get("error") if isinstance(data, dict) else None
    if word is None and status == 200:
        word = NOT_SLACK
    found = refusal(word or f"status {status}", status, response)
    return found._replace(blocks=blocks_named(json.dumps(data))) if word in MALFORMED else found


def blocks_named(answer: str) -> frozenset[int]:
    """Return the indexes, from 0, of the blocks that a refusal points at."""
    return frozenset(int(number) for number in _POINTER.findall(answer))


def refusal(word: str, status: int, response: Any) -> Refusal:
    """Read an error word, an HTTP status and the header ``Retry-After`` (seconds).

    A wait longer than any turn is cut short, and Slack is asked again sooner.
    """
    later = status == 429 or status >= 500 or word in RETRYABLE
    sure = status == 429 or word in RATE_LIMITED or not later
    headers = getattr(response, "headers", None) or {}
    try:
        wait = float(headers.get("Retry-After") or headers.get("retry-after") or "")
    except ValueError:
        return Refusal(word, None, later, sure)
    return Refusal(word, min(max(wait, 0.0), AHEAD.total_seconds()), later, sure)


def response_url_error(body: str) -> str | None:
    """Return the error of a response URL's answer: JSON with ``ok`` false, or a bare word.

    None means that Slack took it: ``ok``, JSON without an error, or an empty body. Anything else,
    such as a page from a proxy, is NOT_SLACK.
    """
    bare = body.strip()
    try:
        answer = json.loads(bare or "{}")
    except ValueError:
        known = bare in MALFORMED | URL_EXPIRED | RETRYABLE
        return None if bare == "ok" else bare if known else NOT_SLACK
    if not isinstance(answer, dict):
        return NOT_SLACK
    return str(answer.get("error") or "unknown_error") if answer.get("ok") is False else None
