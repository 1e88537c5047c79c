"""The contents of the bot's calls: arguments, message content, pages and response URLs.

Checked as Slack checks them, and refused with Slack's errors; error words after
https://docs.slack.dev/reference/methods/chat.postMessage, "Errors". A response URL accepts five
answers within half an hour
(https://docs.slack.dev/interactivity/handling-user-interaction#message_responses).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from aiohttp import web

from bot.errors import DragomanError
from bot.models import Model
from handlers.blocks.limits import MESSAGE_TEXT, RESPONSE_URL_SECONDS, RESPONSE_URL_USES, problems
from handlers.workspace.state import Message

# --- content -----------------------------------------------------------------------------


class Refused(DragomanError):
    """A call that Slack would refuse: ``word`` is Slack's error, ``details`` its messages."""

    def __init__(self, word: str, details: tuple[str, ...] = ()) -> None:
        super().__init__(": ".join((word, "; ".join(details))) if details else word, about=word)
        self.word = word
        self.details = details

    def __reduce__(self) -> tuple[object, ...]:
        return (Refused, (self.word, self.details))

    def answer(self) -> dict[str, Any]:
        """Return the JSON that the Web API answers with."""
        if not self.details:
            return {"ok": False, "error": self.word}
        return {
            "ok": False,
            "error": self.word,
            "errors": list(self.details),
            "response_metadata": {"messages": [f"[ERROR] {detail}" for detail in self.details]},
        }


class Content(NamedTuple):
    """The content of a message."""

    text: str
    blocks: list[dict[str, Any]]
    metadata: dict[str, Any] | None


def content(args: Mapping[str, Any]) -> Content:
    """Return the content of a post, checked; raises Refused as Slack would.

    ``blocks`` and ``metadata`` may be JSON text, as in a form.
    """
    text = args.get("text") or ""
    if not isinstance(text, str):
        raise Refused("invalid_arguments", ("text must be a string",))
    blocks = _parsed(args.get("blocks"), list, "invalid_blocks_format") or []
    metadata = _parsed(args.get("metadata"), dict, "invalid_metadata_format")
    if not all(isinstance(block, dict) for block in blocks):
        raise Refused("invalid_blocks_format")
    if not text.strip() and not blocks:
        raise Refused("no_text")
    if len(text) > MESSAGE_TEXT:
        raise Refused("msg_too_long")
    # Slack advises text beside blocks but does not require it: report its absence, refuse nothing.
    if broken := problems({"text": "present", "blocks": blocks}):
        raise Refused("invalid_blocks", tuple(broken))
    return Content(text, blocks, metadata)


def _parsed(value: Any, kind: type, word: str) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except json.JSONDecodeError as error:
            raise Refused(word) from error
    if not isinstance(value, kind):
        raise Refused(word)
    return value


# --- arguments ---------------------------------------------------------------------------


Args = dict[str, Any]


def truthy(args: Args, name: str) -> bool:
    """Return a flag from JSON, a form or a query."""
    return args.get(name) in (True, 1, "1", "true", "True")


def bearer(request: web.Request) -> str:
    """Return the token of the Authorization header, empty if there is none."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


async def read_arguments(request: web.Request) -> Args:
    """Return the arguments of a call from its query and body; raises Refused with Slack's error."""
    args: Args = dict(request.query)
    if not request.can_read_body:
        return args
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text())
        except ValueError as error:  # not UTF-8, or not JSON
            raise Refused("invalid_json") from error
        if not isinstance(body, dict):
            raise Refused("json_not_object")
        return args | body
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        form = await request.post()
        args |= {k: v for k, v in form.items() if isinstance(v, str)}
        payload = args.pop("payload", None)  # the field that holds a response URL's form
        return args | _json_payload(payload) if isinstance(payload, str) else args
    raise Refused("invalid_post_type")


def _json_payload(payload: str) -> Args:
    try:
        body = json.loads(payload)
    except ValueError as error:
        raise Refused("invalid_payload") from error
    if not isinstance(body, dict):
        raise Refused("invalid_payload")
    return body


# --- pages -------------------------------------------------------------------------------


def between(messages: list[Message], args: Args) -> list[Message]:
    """Return the messages within ``oldest`` and ``latest``."""
    oldest, latest = str(args.get("oldest") or ""), str(args.get("latest") or "~")
    within = [m for m in messages if oldest < m.ts < latest]
    if truthy(args, "inclusive"):
        within = [m for m in messages if oldest <= m.ts <= latest]
    return within


def one_page(messages: list[Message], args: Args, most: int) -> tuple[list[Message], Args]:
    """Return one page of messages, and the response fields that say whether more follow."""
    try:
        start, limit = int(args.get("cursor") or 0), int(args.get("limit") or most)
    except ValueError as error:
        raise Refused("invalid_arguments", ("cursor or limit is not a number",)) from error
    end = start + limit
    if end >= len(messages):
        return messages[start:], {"has_more": False}
    return messages[start:end], {
        "has_more": True,
        "response_metadata": {"next_cursor": str(end)},
    }


# --- response URLs -----------------------------------------------------------------------


class Hook(Model):
    """The target of answers to one command or click; ``ts`` is the message clicked on."""

    channel: str
    user: str
    ts: str | None = None
    thread_ts: str | None = None


class Hooks:
    """The response URLs given out, each with its uses and its age in ``clock`` seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._given: dict[str, tuple[Hook, float, int]] = {}
        self.base = ""

    def new(self, hook: Hook) -> str:
        """Return a new response URL."""
        key = secrets.token_urlsafe(18)
        self._given[key] = (hook, self._clock(), 0)
        return f"{self.base}/hooks/{key}"

    def use(self, key: str) -> Hook:
        """Count one use; raises Refused if the URL is unknown, too old or used up."""
        if key not in self._given:
            raise Refused("invalid_url")
        hook, born, uses = self._given[key]
        if self._clock() - born > RESPONSE_URL_SECONDS:
            raise Refused("expired_url")
        if uses >= RESPONSE_URL_USES:
            raise Refused("used_url")
        self._given[key] = (hook, born, uses + 1)
        return hook
