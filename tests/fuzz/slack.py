"""Target: what Slack sends, signed, to the real app at work, and what the app then sends.

Each seed is a request as Slack makes it: its path, and its body. Damaged, it must be taken or
refused with a status below 500, be answered without an error that is not ours, and whatever is
sent to Slack for it must be within Slack's limits and ping nobody.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import aiohttp

from bot.desk import Desk
from bot.errors import DragomanError
from handlers import messages
from handlers.app import SlackApp
from tests.fuzz.mutating import damaged_json
from tests.fuzz.running import Call, Target
from tests.fuzz.seeds import TYPED_WORDS
from tests.payloads import POWER, broken, spoken
from tests.slack import (
    DIRECT,
    ROOM,
    SECRET,
    TEAM,
    TOKEN,
    US,
    YOU,
    app_for,
    callback,
    serving,
    signature,
)
from tests.stocked import desk_at
from tests.workspace import LocalWorkspace

Json = dict[str, Any]

FRESH = ("trigger_id", "ts", "id")
"""What must be another one each time, for the same is answered once."""

_PATIENCE = 20.0
_ADDRESS = "https://dragoman.example.org"
_FORM = "application/x-www-form-urlencoded"
_QATAR = {"do": "brief", "q": "Qatar", "meant": [["Qatar", "state:qat"]]}
_WHO: Json = {"user": {"id": YOU, "team_id": TEAM}, "team": {"id": TEAM}, "trigger_id": "fresh"}

_TYPED: Json = {"user_id": YOU, "channel_id": ROOM, "team_id": TEAM, "trigger_id": "fresh"}


def _seeds() -> Iterator[Json]:
    for command, text in (
        ("/brief", "Qatar since March public"), ("/brief", "settings"), ("/brief", "Korea"),
        ("/watch", "add Qatar from 2 sources for me"), ("/watch", "list"), ("/watch", "mute Qatar 8h"),
        ("/digest", "weekly on Monday at 8:00"), ("/digest", ""), ("/digest", "preview"),
    ):  # fmt: skip
        body = {
            "command": command,
            "text": text,
            "user_id": YOU,
            "channel_id": ROOM,
            "team_id": TEAM,
        }
        yield {"kind": "commands", "body": {**body, "trigger_id": "fresh"}}
    for event in _events():
        yield {"kind": "events", "body": callback(event)}
    for action, value in _CLICKS:
        clicked = {
            "action_id": action,
            "value": json.dumps(value),
            "type": "button",
            "block_id": "b",
        }
        yield _click(clicked)
    menu = {"action_id": 'menu:["brief","Qatar",0,[["Qatar","state:qat"]]]', "type": "overflow"}
    yield _click({**menu, "selected_option": {"value": "sources"}})
    for form, kept, values in _FORMS:
        view: Json = {
            "id": "fresh",
            "callback_id": form,
            "type": "modal",
            "private_metadata": json.dumps(kept),
            "blocks": [],
        }
        view["state"] = {"values": values}
        sent: Json = {"type": "view_submission", **_WHO, "view": view}
        yield {"kind": "interactivity", "body": sent}
    for text in ("preview", "list"):  # what the form above wrote down is read again
        yield {"kind": "commands", "body": {**_TYPED, "command": "/digest", "text": text}}
    for shortcut in ("brief_on_this", "add_to_dragoman"):
        message = {
            "ts": "1.5",
            "text": "Qatar <http://127.0.0.1:9/x|x>",
            "attachments": [{"title": "Iran"}],
        }
        used = {"type": "message_action", "callback_id": shortcut, **_WHO, "channel": {"id": ROOM}}
        yield {"kind": "interactivity", "body": {**used, "message": message}}


def _events() -> Iterator[Json]:
    said = {
        "type": "message",
        "user": YOU,
        "ts": "fresh",
        "channel": ROOM,
        "channel_type": "channel",
    }
    file = {
        "id": "F1",
        "name": "a.md",
        "size": 3,
        "url_private": "http://127.0.0.1:9/f",
        "permalink": "x",
    }
    yield {**said, "type": "app_mention", "text": f"<@{US}> who moved to Turkey?"}
    yield {**said, "type": "app_mention", "text": f"<@{US}> read links here"}
    yield {**said, "text": f"<@{US}> distrust Example News"}
    yield {**said, "text": "and Turkey?", "thread_ts": "1.5"}
    direct = {**said, "channel": DIRECT, "channel_type": "im"}
    yield {**direct, "text": "brief Qatar since May"}
    yield {**direct, "text": "<http://127.0.0.1:9/x>", "files": [file], "subtype": "file_share"}
    now, before = ({"user": YOU, "ts": "1.5", "text": text} for text in ("Qatar?", "Iran?"))
    yield {**direct, "subtype": "message_changed", "message": now, "previous_message": before}
    yield {"type": "app_home_opened", "user": YOU, "channel": DIRECT, "tab": "home"}
    yield {"type": "app_home_opened", "user": YOU, "channel": DIRECT, "tab": "messages"}
    in_view = {"channel_id": DIRECT, "message_ts": "1.5"}
    entities: list[Json] = [{"type": "slack#/types/channel_id", "value": ROOM}]
    entities.append({"type": "slack#/types/message_context", "value": in_view})
    yield {"type": "app_context_changed", "user": YOU, "context": {"entities": entities}}
    asked = "Brief me on what I'm looking at"
    yield {**direct, "text": asked, "app_context": {"entities": entities}}
    links = [{"url": f"{_ADDRESS}/actor/state:qat", "domain": "dragoman.example.org"}]
    yield {"type": "link_shared", "user": YOU, "channel": ROOM, "message_ts": "1.5", "links": links}
    reference = {"id": "state:qat", "type": "actor"}
    opened = {"type": "entity_details_requested", "user": YOU, "trigger_id": "fresh"}
    yield {**opened, "external_ref": reference, "entity_url": f"{_ADDRESS}/actor/state:qat"}
    yield {"type": "tokens_revoked", "tokens": {"bot": [US]}}
    yield {"type": "app_uninstalled"}


_CLICKS: tuple[tuple[str, Json], ...] = (
    ("more", _QATAR), ("since", _QATAR), ("choose:0", _QATAR), ("related:1", _QATAR), ("share", _QATAR),
    ("direct", _QATAR), ("sources", _QATAR), ("export", _QATAR), ("follow", _QATAR), ("good", _QATAR),
    ("bad", _QATAR), ("feedback", _QATAR), ("comment", {"reply": "r"}), ("wrong", _QATAR), ("undo", {"n": 1}),
    ("wrong_fact", _QATAR), ("fault", {}),
    ("watch_here", {"meant": [["Qatar", "state:qat"]]}), ("watch_choose:0", {"text": "Qatar"}),
    ("watch_mute", {"ids": [1]}), ("watch_digest", {"ids": [1]}), ("watch_stop", {"ids": [1]}),
    ("digest_pause", {"mine": True}), ("digest_settings", {}),
    ("home_brief:0", _QATAR), ("home_watch:1", {}), ("home_digest:1", {}), ("home_again", {}),
    ("home_set_up", {}), ("home_settings", {}), ("home_for_all", {}), ("home_feeds", {}),
    ("home_seeds", {"category": "Oceania"}),
)  # fmt: skip


def _typed(name: str, value: str) -> Json:
    return {name: {name: {"type": "plain_text_input", "value": value}}}


def _picked(name: str, value: str) -> Json:
    return {name: {name: {"type": "static_select", "selected_option": {"value": value}}}}


_FORMS: tuple[tuple[str, Json, Json], ...] = (
    ("digest", {"place": ROOM}, {
        **_picked("where", "here"), **_picked("often", "daily"), **_picked("day", "0"), **_typed("at", "8:00"),
        **_typed("zone", "Asia/Qatar"), **_typed("who", "Qatar, Iran"), **_picked("quiet", "loud"),
        **_typed("hush", "22:00 to 7:00"),
    }),
    ("correction", {**_QATAR, "place": ROOM}, {
        **_picked("who", "-"), **_typed("name", "Iran"), **_picked("do", "alias"), **_picked("typed", "0"),
    }),
    ("comment", {"reply": "r", "place": ROOM, "ts": None, "thread": None, "alone": True}, _typed("comment", "no")),
    ("home_mine", {"place": DIRECT, "home": True}, {**_picked("dates", "ISO"), **_typed("zone", "Asia/Qatar")}),
    ("home_place", {"place": ROOM}, {**_typed("least", "2"), **_typed("hush", "22:00 to 7:00")}),
    ("home_workspace", {"place": DIRECT, "home": True}, _picked("who", "everybody")),
    ("home_add_feeds", {"place": DIRECT}, {**_typed("url", "http://127.0.0.1:9/feed"), **_picked("region", "Oceania")}),
)  # fmt: skip


def _click(action: Json) -> Json:
    place: Json = {"container": {"channel_id": ROOM, "message_ts": "1.5"}, "channel": {"id": ROOM}}
    if action["action_id"].startswith("home_"):
        kept, values = json.dumps({"place": DIRECT}), _FORMS[0][2]
        view = {"id": "V1", "type": "home", "private_metadata": kept, "blocks": [], "hash": "h"}
        place = {"container": {"view_id": "V1"}, "view": {**view, "state": {"values": values}}}
    return {
        "kind": "interactivity",
        "body": {"type": "block_actions", **_WHO, **place, "actions": [action]},
    }


class Unhandled(Exception):
    """The app raised what it does not handle, or sent what it must not; ``where`` tells them apart."""

    def __init__(self, message: str, where: str) -> None:
        super().__init__(message)
        self.where = where


class _Heard(logging.Handler):
    """Errors in the log that are not ours."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, DragomanError):
            self.found.append(logging.Formatter().format(record))


class _World:
    """The app at work, its far side, and one request at a time between them."""

    def __init__(self, far: LocalWorkspace, app: SlackApp, url: str) -> None:
        self._far, self._app, self._url = far, app, url
        self._number = self._taken = self._done = self._checked = 0
        self._session = aiohttp.ClientSession()
        self._heard = _Heard()
        self._take, self._ended = app.inbox.take, app.inbox.claims._done
        app.inbox.take = self._count_taken  # type: ignore[method-assign, assignment]
        app.inbox.claims._done = self._count_done  # type: ignore[method-assign]

    async def _count_taken(self, *given: Any) -> bool:
        new = await self._take(*given)
        self._taken += new
        return new

    def _count_done(self, task: asyncio.Future[None]) -> None:
        self._done += 1
        self._ended(task)

    async def send(self, data: bytes) -> None:
        """Send one request and wait until it is answered; raises Unhandled."""
        kind, raw, sort = self._request(json.loads(data))
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": sort,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature(raw, stamp),
        }
        logging.getLogger().addHandler(self._heard)
        try:
            async with self._session.post(f"{self._url}/{kind}", data=raw, headers=headers) as got:
                status, said = got.status, await got.text()
            await self._answered()
        finally:
            logging.getLogger().removeHandler(self._heard)
        found, self._heard.found = self._heard.found, []
        if found or status >= 500:
            told = found[0] if found else ""
            ours = re.findall(r"/((?:bot|handlers)/\S+\.py)\", line (\d+)", told) or [("", "")]
            raise Unhandled(
                f"{status} {said[:200]}\n{told[-1500:]}", f"{status} {':'.join(ours[-1])}"
            )
        self._check()

    def _request(self, whole: Any) -> tuple[str, bytes, str]:
        self._number += 1
        given = whole if isinstance(whole, dict) else {}
        body = _freshened(given.get("body"), f"{time.time():.0f}.{self._number:06d}")
        match given.get("kind"):
            case "events":
                return "events", json.dumps(body).encode(), "application/json"
            case "commands" if isinstance(body, dict):
                fields = {k: v for k, v in body.items() if isinstance(v, str)}
                return "commands", urlencode(fields, errors="replace").encode(), _FORM
            case _:
                return "interactivity", urlencode({"payload": json.dumps(body)}).encode(), _FORM

    async def _answered(self) -> None:
        until = time.monotonic() + _PATIENCE
        while self._done < self._taken and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        self._done = self._taken

    def _check(self) -> None:
        calls = self._far.calls[self._checked :]
        self._checked += len(calls)
        for call in calls:
            if wrong := broken(call):
                raise Unhandled(f"{call.method} {wrong} {call.args}", call.method)
            if any(POWER.search(text) for text in spoken(call.args)):
                raise Unhandled(f"{call.method} pings somebody {call.args}", f"{call.method} pings")

    async def close(self) -> None:
        """Close the connection to the app."""
        await self._session.close()


def _freshened(value: Any, fresh: str) -> Any:
    if isinstance(value, dict):
        return {
            key: fresh if key in FRESH and one == "fresh" else _freshened(one, fresh)
            for key, one in value.items()
        }
    return [_freshened(one, fresh) for one in value] if isinstance(value, list) else value


def _no_names(host: Any, *rest: Any, **more: Any) -> Any:
    """Names lead nowhere: whatever is asked for, no network is."""
    if host not in ("127.0.0.1", "::1"):
        raise socket.gaierror(socket.EAI_NONAME, "no network in here")
    return _GETADDRINFO(host, *rest, **more)


_GETADDRINFO: Callable[..., Any] = socket.getaddrinfo


@contextmanager
def at_work() -> Iterator[Call]:
    """The app at work; give it a request, as JSON."""
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(socket, "getaddrinfo", _no_names),
        patch.object(messages, "_PAUSES", (0.0,)),
        asyncio.Runner() as runner,
    ):
        desk: Desk = desk_at(Path(folder) / "desk")
        stack = AsyncExitStack()

        async def begin() -> _World:
            far = LocalWorkspace(
                signing_secret=SECRET, bot_token=TOKEN, bot_user=US, tz="Asia/Qatar"
            )
            await far.start()
            stack.push_async_callback(far.stop)
            app = app_for(far, desk, dragoman_url=_ADDRESS)
            url = await stack.enter_async_context(serving(app))
            world = _World(far, app, url.removesuffix("/events"))
            stack.push_async_callback(world.close)
            return world

        try:
            world = runner.run(begin())
            yield lambda data: runner.run(world.send(data))
        finally:
            runner.run(stack.aclose())
            desk.close()


TARGETS = (
    Target(
        "Slack",
        tuple(json.dumps(one).encode() for one in _seeds()),
        at_work,
        TYPED_WORDS,
        weight=2,
        damage=damaged_json,
    ),
)
