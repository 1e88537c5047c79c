"""The page: what a person sees of the workspace, and what they do in it.

Messages become HTML here, on the server; the page's script asks for them anew whenever the
stream says that a channel changed. Nothing on the page comes from another host.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from aiohttp import web

from handlers.blocks.limits import problems
from handlers.workspace import payloads
from handlers.workspace.acts import Acts
from handlers.workspace.clock import Clock
from handlers.workspace.forms import form_html
from handlers.workspace.giving import SHORTCUTS
from handlers.workspace.mrkdwn import Names
from handlers.workspace.render import message_html
from handlers.workspace.state import YOU, Channel, Message, Messages, User, WorkspaceError, threaded
from handlers.workspace.views import Views

COMMANDS = ("/brief", "/digest", "/watch")
CLOCK = "/clock"
"""What is typed to move the clock to the next digest; the bot does not see it."""

TRY = (
    "/brief Qatar",
    "/brief Quatar",
    "@Dragoman when will the Emir visit Tehran?",
    "@Dragoman who moved to Turkey?",
    "/brief Wakanda",
    "/digest daily at 8:00",
    CLOCK,
)
STATIC = {"page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}
HERE = Path(__file__).parent
BEAT = 15.0
"""Seconds after which a quiet stream sends a comment, so that a dead one is noticed."""


class Page:
    """The routes of the page; everything is seen and done as the one person, U0YOU."""

    def __init__(
        self,
        *,
        messages: Messages,
        users: Mapping[str, User],
        channels: Mapping[str, Channel],
        acts: Acts,
        views: Views,
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock
        self._messages = messages
        self._users = users
        self._channels = channels
        self._acts = acts
        self._views = views
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def routes(self) -> list[web.RouteDef]:
        """The routes of the page."""
        return [
            web.get("/", self._index),
            web.get("/static/{name}", self._static),
            web.get("/page/messages", self._fragment),
            web.get("/page/stream", self._stream),
            web.post("/page/send", self._send),
            web.post("/page/click", self._click),
            web.get("/page/view", self._view),
            web.post("/page/submit", self._submit),
            web.post("/page/close", self._close),
        ]

    async def _index(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        html = self._templates.get_template("page.html").render(
            channels=list(self._channels.values()),
            channel=channel,
            tries=TRY,
            shortcuts=SHORTCUTS,
            commands=COMMANDS,
            items=self._items(channel),
        )
        return web.Response(text=html, content_type="text/html")

    async def _static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in STATIC:
            raise web.HTTPNotFound(text="There is no such file.")
        text = (HERE / "static" / name).read_text(encoding="utf-8")
        return web.Response(text=text, content_type=STATIC[name])

    async def _fragment(self, request: web.Request) -> web.Response:
        html = self._templates.get_template("messages.html").render(
            items=self._items(self._channel(request)), shortcuts=SHORTCUTS
        )
        return web.Response(text=html, content_type="text/html")

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: each names a channel that changed."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        with self._messages.watch() as queue:
            await response.prepare(request)
            await response.write(b"retry: 1000\n\n")
            while True:
                try:
                    async with asyncio.timeout(BEAT):
                        channel = await queue.get()
                except TimeoutError:
                    line = ": still here\n\n"
                else:
                    if not channel:
                        return response
                    line = f"data: {json.dumps({'channel': channel})}\n\n"
                try:
                    await response.write(line.encode())
                except ConnectionError:  # The reader closed the page.
                    return response

    async def _send(self, request: web.Request) -> web.Response:
        args = await _body(request, ("channel", "text"), ("thread_ts",))
        text = args["text"].strip()
        try:
            if text.startswith("/"):
                await self._command(args["channel"], text)
            else:
                await self._acts.say(args["channel"], text, YOU, args["thread_ts"] or None)
        except WorkspaceError as error:
            return _sorry(error)
        return web.json_response({"ok": True})

    async def _command(self, channel: str, text: str) -> None:
        command, _, rest = text.partition(" ")
        if command == CLOCK and self._clock is not None:
            await asyncio.to_thread(self._clock.to_next)
            return
        if command not in COMMANDS:
            raise WorkspaceError(
                f"{command} is not a command here. Commands: {', '.join(COMMANDS)}.", about=command
            )
        await self._acts.command(channel, rest.strip(), YOU, command)

    async def _click(self, request: web.Request) -> web.Response:
        args = await _body(request, ("channel", "ts", "block", "action"), ("value",))
        try:
            await self._acts.click(
                args["channel"], args["ts"], args["action"], args["value"], args["block"], YOU
            )
        except WorkspaceError as error:
            return _sorry(error)
        return web.json_response({"ok": True})

    async def _view(self, request: web.Request) -> web.Response:
        """The form that stands before the person; nothing where there is none."""
        view = self._views.of(YOU)
        if view is None:
            return web.Response(text="", content_type="text/html")
        html = self._templates.get_template("view.html").render(
            view=view, html=form_html(view, self._views.errors.get(YOU, {}), self._names())
        )
        return web.Response(text=html, content_type="text/html")

    async def _submit(self, request: web.Request) -> web.Response:
        args = await _body(request, ("view", "values"), ())
        try:
            values = json.loads(args["values"])
            said = {str(key): str(value) for key, value in values.items()}
        except (ValueError, AttributeError) as error:
            raise web.HTTPBadRequest(text="values is not a JSON object.") from error
        try:
            await self._views.submit(YOU, args["view"], said)
        except WorkspaceError as error:
            return _sorry(error)
        return web.json_response({"ok": True})

    async def _close(self, request: web.Request) -> web.Response:
        await _body(request, (), ())
        self._views.close(YOU)
        return web.json_response({"ok": True})

    def _channel(self, request: web.Request) -> Channel:
        key = request.query.get("channel") or next(iter(self._channels))
        if key not in self._channels:
            raise web.HTTPNotFound(text=f"There is no channel {key} here.")
        return self._channels[key]

    def _items(self, channel: Channel) -> list[dict[str, Any]]:
        names = self._names()
        seen = self._messages.seen_by(channel.id, YOU, page=True)
        return [self._item(message, names) for message in threaded(seen)]

    def _names(self) -> Names:
        return Names(
            {key: user.real_name for key, user in self._users.items()},
            {key: room.name for key, room in self._channels.items()},
            self._users[YOU].tz,
        )

    def _item(self, message: Message, names: Names) -> dict[str, Any]:
        """What the template shows of one message."""
        author = self._users[message.user]
        payload = payloads.message_object(message)
        moment = datetime.fromtimestamp(float(message.ts), ZoneInfo(names.tz))
        return {
            "message": message,
            "author": author,
            "moment": moment,
            "html": message_html(message.text, message.blocks, names),
            "json": json.dumps(payload, indent=2, ensure_ascii=False),
            "problems": problems(payload) if message.bot_id else [],
        }


async def _body(
    request: web.Request, needed: tuple[str, ...], optional: tuple[str, ...]
) -> dict[str, Any]:
    """The fields of a JSON body; a field that is missing or no text is answered with 400."""
    try:
        body = json.loads(await request.text())
    except ValueError as error:
        raise web.HTTPBadRequest(text="The request is not JSON.") from error
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="The request is not a JSON object.")
    fields = {name: body.get(name) for name in (*needed, *optional)}
    for name, value in fields.items():
        if not isinstance(value, str) and (value is not None or name in needed):
            raise web.HTTPBadRequest(text=f"The request needs the text field {name}.")
    return fields


def _sorry(error: WorkspaceError) -> web.Response:
    return web.json_response({"ok": False, "error": str(error)}, status=400)
