"""How Slack refuses: which words pass with time, which ask for a simpler message, which are final.

Error words: https://docs.slack.dev/reference/methods/chat.postMessage#errors
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from slack_sdk.errors import SlackApiError

from bot.store.outbox import AHEAD

LIMITED = {"rate_limited", "ratelimited", "message_limit_exceeded"}
"""Slack took nothing, and says when it will."""

NOT_SLACK = "not_slacks_answer"
"""Our word for an answer of 200 that is none of Slack's: something between us gave it."""

LATER = LIMITED | {
    NOT_SLACK,
    "fatal_error",
    "internal_error",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
}
SIMPLER = {
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_blocks_too_long",
    "msg_too_long",
    "no_text",
}
SPENT = {"expired_url", "invalid_url", "used_url"}

CLOSED = {
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
"""The place is closed to us, but the person may be reached elsewhere."""

LOCKED_OUT = {
    "access_denied",
    "account_inactive",
    "invalid_auth",
    "not_authed",
    "token_expired",
    "token_revoked",
}
"""Nothing can be said at all before somebody gives us a token that is good."""


GONE = {"account_inactive", "token_revoked"}
"""Of those, what says that the app was removed."""


class Refusal(NamedTuple):
    """How a call failed: Slack's word for it, and the seconds it asks to wait.

    ``sure`` says that Slack did nothing of what was asked.
    """

    word: str
    wait: float | None = None
    later: bool = False
    sure: bool = True


def of_api(error: SlackApiError) -> Refusal:
    """Read what the SDK raises."""
    response: Any = error.response
    data = getattr(response, "data", None)
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    word = data.get("error") if isinstance(data, dict) else None
    if word is None and status == 200:
        word = NOT_SLACK
    return refusal(word or f"status {status}", status, response)


def refusal(word: str, status: int, response: Any) -> Refusal:
    """Read a word, an HTTP status and the header ``Retry-After`` (seconds).

    What is further away than any turn is asked about again sooner.
    """
    later = status == 429 or status >= 500 or word in LATER
    sure = status == 429 or word in LIMITED or not later
    headers = getattr(response, "headers", None) or {}
    try:
        wait = float(headers.get("Retry-After") or headers.get("retry-after") or "")
    except ValueError:
        return Refusal(word, None, later, sure)
    return Refusal(word, min(max(wait, 0.0), AHEAD.total_seconds()), later, sure)


def word_of(body: str) -> str | None:
    """The error of a response URL's answer: JSON with ``ok`` false, or a bare word.

    None says that Slack took it, by ``ok``, JSON without an error, or nothing. Whatever else
    comes, such as a page of a proxy, is NOT_SLACK.
    """
    bare = body.strip()
    try:
        answer = json.loads(bare or "{}")
    except ValueError:
        known = bare in SIMPLER | SPENT | LATER
        return None if bare == "ok" else bare if known else NOT_SLACK
    if not isinstance(answer, dict):
        return NOT_SLACK
    return str(answer.get("error") or "unknown_error") if answer.get("ok") is False else None
