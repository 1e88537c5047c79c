"""What the local workspace holds: people, channels, messages, and its clock.

``Messages`` is the one place that changes; everything in it is frozen, so every change is a new
value with a new ``rev``, and the page can tell what is new.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple

from aiohttp import web

from bot.errors import DragomanError
from bot.models import Model
from handlers.blocks.limits import MESSAGE_TEXT, RESPONSE_URL_SECONDS, RESPONSE_URL_USES, problems

TEAM = "T0LOCAL"
TEAM_NAME = "Local workspace"
APP = "A0LOCAL"
YOU = "U0YOU"
ADMIN = "U0ADA"
GUEST = "U0GUEST"
BOT = "B0DRAGOMAN"
HOUSE = "USLACKBOT"
"""The author of the workspace's own messages, as in Slack."""

Role = Literal["member", "admin", "guest"]
Kind = Literal["message", "echo", "notice"]
"""``echo`` is a command as typed, ``notice`` the workspace's own text; both are only for the
page: Slack keeps no such message, and neither do ``messages()`` or the Web API."""


class WorkspaceError(DragomanError):
    """An act that is not possible in the local workspace; the message says why."""


class User(Model):
    """A person or a bot of the workspace; ``tz`` is an IANA name such as Asia/Qatar."""

    id: str
    name: str
    real_name: str
    tz: str = "UTC"
    is_bot: bool = False
    role: Role = "member"


class Channel(Model):
    """A channel, or with ``is_im`` the direct messages between a person and the bot.

    ``members`` are the people in it, by id; None means everybody but guests.
    """

    id: str
    name: str
    is_im: bool = False
    is_private: bool = False
    members: tuple[str, ...] | None = None

    @property
    def title(self) -> str:
        """Return the name as a reader sees it."""
        return self.name if self.is_im else f"#{self.name}"

    def has(self, user: User) -> bool:
        """Return whether somebody is in it."""
        if self.members is None:
            return user.role != "guest"
        return user.id in self.members


class Message(Model):
    """One message; ``only_for`` is the one person who sees it, None means everybody there.

    ``unfurls`` are the objects that its links unfurled to.
    """

    channel: str
    ts: str
    user: str
    text: str
    blocks: tuple[dict[str, Any], ...] = ()
    thread_ts: str | None = None
    only_for: str | None = None
    bot_id: str | None = None
    metadata: dict[str, Any] | None = None
    files: tuple[dict[str, Any], ...] = ()
    unfurls: tuple[dict[str, Any], ...] = ()
    edited_ts: str | None = None
    kind: Kind = "message"
    rev: int = 0

    @property
    def root(self) -> str:
        """The ``ts`` of the thread that this message is in, its own if it starts one."""
        return self.thread_ts or self.ts


class Messages:
    """All messages of the workspace in the order they were written.

    ``ts`` comes from ``clock`` (seconds since 1970) and is unique and rising even where
    the clock stands still. ``watch`` yields a queue that gets a channel id for every change.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = 0
        self._all: dict[tuple[str, str], Message] = {}
        self._watchers: set[asyncio.Queue[str]] = set()

    def next_ts(self) -> str:
        """Return a new message time, ``seconds.microseconds`` as Slack writes it."""
        self._last = max(int(self._clock() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def get(self, channel: str, ts: str) -> Message | None:
        """Return the message, or None."""
        return self._all.get((channel, ts))

    def put(self, message: Message) -> Message:
        """Add a message, or replace the one of the same channel and ``ts``."""
        old = self.get(message.channel, message.ts)
        if old is not None:
            message = message.model_copy(update={"rev": old.rev + 1})
        self._all[(message.channel, message.ts)] = message
        self.tell(message.channel)
        return message

    def drop(self, channel: str, ts: str) -> None:
        """Remove a message that is there."""
        del self._all[(channel, ts)]
        self.tell(channel)

    def seen_by(self, channel: str, user: str, *, page: bool = False) -> list[Message]:
        """Return the messages ``user`` sees in ``channel``, oldest first; ``page`` adds notices."""
        return sorted(
            (
                m
                for m in self._all.values()
                if m.channel == channel
                and m.only_for in (None, user)
                and (page or m.kind == "message")
            ),
            key=lambda m: m.ts,
        )

    def public(self, channel: str) -> list[Message]:
        """Return the messages that everybody sees in ``channel``, oldest first."""
        return self.seen_by(channel, "")

    @contextmanager
    def watch(self) -> Iterator[asyncio.Queue[str]]:
        """Yield a queue of the channels that change while the context is open."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._watchers.add(queue)
        try:
            yield queue
        finally:
            self._watchers.discard(queue)

    def close(self) -> None:
        """Send every watcher the empty channel: nothing more will change."""
        self.tell("")

    def tell(self, channel: str) -> None:
        """Send every watcher a channel: something in it changed."""
        for queue in self._watchers:
            queue.put_nowait(channel)


def machine_tz() -> str:
    """Return the time zone of this machine as an IANA name, UTC if it is unknown."""
    name = os.environ.get("TZ", "").lstrip(":")
    if not name:
        _, found, tail = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")
        name = tail if found else ""
    return name if name in zoneinfo.available_timezones() else "UTC"


def users(bot_user: str, tz: str) -> dict[str, User]:
    """Return everybody in the workspace by id."""
    everybody = (
        User(id=YOU, name="you", real_name="You", tz=tz),
        User(id=ADMIN, name="ada", real_name="Ada", tz=tz, role="admin"),
        User(id=GUEST, name="gus", real_name="Gus", tz=tz, role="guest"),
        User(id=bot_user, name="dragoman", real_name="Dragoman", is_bot=True),
        User(id=HOUSE, name="workspace", real_name="Local workspace", is_bot=True),
    )
    return {user.id: user for user in everybody}


def channels() -> dict[str, Channel]:
    """Return the channels and the direct messages of the workspace by id."""
    rooms = (
        Channel(id="C0WORLD", name="world-desk", members=(YOU, ADMIN, GUEST)),
        Channel(id="C0GULF", name="gulf-watch"),
        Channel(id="C0QUIET", name="quiet-room", is_private=True),
        *(
            Channel(id=key, name="Dragoman", is_im=True, members=(owner,))
            for key, owner in (("D0DRAGOMAN", YOU), ("D0ADA", ADMIN), ("D0GUEST", GUEST))
        ),
    )
    return {room.id: room for room in rooms}


def direct(channels: Mapping[str, Channel], user: str) -> Channel | None:
    """Return the direct messages between somebody and the bot; None if there is no such person."""
    return next((c for c in channels.values() if c.is_im and user in (c.members or ())), None)


# --- the clock ---------------------------------------------------------------------------


_PAST = timedelta(seconds=1)


class Clock:
    """The machine's clock, and how far it was moved ahead; it never moves back.

    ``next_due`` returns when the next digest is due, None if none is set up.
    """

    def __init__(self, next_due: Callable[[], datetime | None] = lambda: None) -> None:
        self.next_due = next_due
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """Return the current time in the workspace, in UTC."""
        return datetime.now(UTC) + self._ahead

    def seconds(self) -> float:
        """Return the same in seconds since 1970."""
        return self.now().timestamp()

    def to_next(self) -> datetime:
        """Move to just after the next digest is due; return that time."""
        due = self.next_due()
        if due is None:
            raise WorkspaceError(
                "No digest is set up yet: type /digest daily at 8:00 first.", about="/clock"
            )
        self._ahead += max(due + _PAST - self.now(), timedelta(0))
        return due


# --- calls -------------------------------------------------------------------------------


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
