"""The page: what a person sees of the workspace, and what they do on it.

The server renders the whole page; its script fetches it again whenever the stream says that
something changed. Nothing on the page comes from another host. Each act is a POST with a JSON
body, answered with status 400 and a sentence where it is not possible.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from types import UnionType
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from aiohttp import web
from markupsafe import Markup

from handlers.blocks.limits import problems
from handlers.workspace import payloads
from handlers.workspace.conversation import SHORTCUTS, Core, People
from handlers.workspace.render import Names, block_html, form_html, message_html
from handlers.workspace.state import YOU, Channel, Clock, Message, User, WorkspaceError
from handlers.workspace.views import OPEN, cards, view_problems
from handlers.workspace.workflows import COMMAND as WORKFLOWS
from handlers.workspace.workflows import Workflows

Json = dict[str, Any]

COMMANDS = ("/brief", "/digest", "/watch")
CLOCK = "/clock"
"""The text that moves the clock to the next digest; the bot does not see it."""

READ_THIS = "@Dragoman read this"
"""The text for a file shared in a channel without any."""

# --- what a person sees ------------------------------------------------------------------

TRY = (
    "/brief Qatar",
    "/brief Quatar",
    "/brief Korea",
    "@Dragoman who moved to Turkey?",
    "/brief Wakanda",
    "/watch add Qatar",
    "/digest daily at 8:00",
    CLOCK,
)
TRY_DIRECT = ("who moved to Turkey?", "brief Quatar", "what do you read?", "/digest daily at 8:00")
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
STATIC = {path.name: path for path in (Path(__file__).parent / "static").iterdir()}
BEAT = 15.0
"""Seconds after which a quiet stream sends a comment, so that a dead one is noticed."""


class Page:
    """The routes that read the page; ``as`` in a query is the reader, by default U0YOU."""

    def __init__(self, core: Core, clock: Clock | None) -> None:
        self._core = core
        self._clock = clock
        self._template = jinja2.Environment(
            loader=jinja2.FileSystemLoader(Path(__file__).parent),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        ).get_template("page.html")

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the page."""
        return [
            web.get("/", self._index),
            web.get("/static/{name}", self._static),
            web.get("/page/stream", self._stream),
        ]

    async def _index(self, request: web.Request) -> web.Response:
        user = self._person(request.query.get("as") or YOU)
        rooms = [room for room in self._core.channels.values() if room.has(user)]
        channel = self._room(rooms, user, request.query.get("channel"))
        names = Names(
            {key: one.real_name for key, one in self._core.users.items()},
            {key: room.name for key, room in self._core.channels.items()},
            user.tz,
            frozenset(key for key, one in self._core.users.items() if one.is_bot),
        )
        if not channel.is_im:
            self._core.conversation.in_view[user.id] = channel.id
        home = channel.is_im and request.query.get("tab") == "home"
        now = self._clock.now() if self._clock else datetime.now(UTC)
        html = self._template.render(
            person=user,
            people=[one for one in self._core.users.values() if not one.is_bot],
            channels=rooms,
            channel=channel,
            home=home,
            tries=TRY_DIRECT if channel.is_im else TRY,
            prompts=self._core.panel.prompts if channel.is_im else [],
            shortcuts=SHORTCUTS,
            now=now.astimezone(ZoneInfo(user.tz)),
            items=[] if home else self._items(channel, user, names),
            shown=self._view(self._core.views.homes.get(user.id), {}, names) if home else None,
            form=self._view(
                self._core.views.of(user.id), self._core.views.errors.get(user.id, {}), names
            ),
        )
        return web.Response(text=html, content_type="text/html")

    def _person(self, key: str) -> User:
        user = self._core.users.get(key)
        if user is None or user.is_bot:
            raise web.HTTPNotFound(text=f"There is nobody called {key} here.")
        return user

    def _room(self, rooms: list[Channel], user: User, key: str | None) -> Channel:
        """Return the channel with that id, by default the first.

        Redirects to the first one if the person is not in the channel.
        """
        found = next((room for room in rooms if room.id == key), None) if key else rooms[0]
        if found is None and key in self._core.channels:
            raise web.HTTPFound(f"/?as={user.id}")
        if found is None:
            raise web.HTTPNotFound(text=f"There is no channel {key} here.")
        return found

    def _items(self, room: Channel, user: User, names: Names) -> list[Json]:
        """Return the template values for the messages of a channel, replies under their root."""
        seen = self._core.messages.seen_by(room.id, user.id, page=True)
        roots = {message.ts for message in seen}
        seen.sort(key=lambda m: (m.root if m.root in roots else m.ts, m.ts))
        return [self._item(message, names) for message in seen]

    def _item(self, message: Message, names: Names) -> Json:
        payload = payloads.message_object(message)
        return {
            "message": message,
            "author": self._core.users[message.user],
            "moment": datetime.fromtimestamp(float(message.ts), ZoneInfo(names.tz)),
            "status": self._core.panel.statuses.get(message.ts, ""),
            "html": message_html(message.text, message.blocks, names)
            + Markup("\n").join(block_html(block, names) for block in cards(message)),
            "json": json.dumps(payload, indent=2, ensure_ascii=False),
            "problems": problems(payload) if message.bot_id else [],
        }

    def _view(self, view: Json | None, errors: dict[str, str], names: Names) -> Json | None:
        """Return the template values for a modal or a Home; None if there is none."""
        if view is None:
            return None
        return {
            "view": view,
            "rev": f"{view['hash']} {errors}",
            "html": form_html(view, errors, names),
            "json": json.dumps(view, indent=2, ensure_ascii=False),
            "problems": view_problems(view),
        }

    async def _static(self, request: web.Request) -> web.Response:
        path = STATIC.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound(text="There is no such file.")
        text = path.read_text(encoding="utf-8")
        return web.Response(text=text, content_type=KINDS[path.suffix])

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Send server-sent events: each names a channel that changed."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        with self._core.messages.watch() as queue:
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


# --- what a person does ------------------------------------------------------------------


class PageActions:
    """The routes for actions on the page; ``as`` in a body is who acts, by default U0YOU."""

    def __init__(
        self, core: Core, people: People, workflows: Workflows, clock: Clock | None
    ) -> None:
        self._conversation, self._workflows = core.conversation, workflows
        self._people = people
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """Return the routes for actions."""
        done = {
            "send": self._send,
            "click": self._click,
            "view-click": self._view_click,
            "submit": self._submit,
            "close": self._close,
            "open": self._open,
            "share": self._share,
            "shortcut": self._shortcut,
        }
        return [web.post(f"/page/{name}", _answering(act)) for name, act in done.items()]

    async def _send(self, request: web.Request) -> None:
        args = await _body(request, channel=str, text=str, thread_ts=str | None)
        text, channel = args["text"].strip(), args["channel"]
        command, _, rest = text.partition(" ")
        if not text.startswith("/"):
            thread = args.get("thread_ts")
            await self._conversation.say(channel, text, user=args["as"], thread_ts=thread)
        elif command == CLOCK and self._clock is not None:
            await asyncio.to_thread(self._clock.to_next)
        elif command == WORKFLOWS:
            await self._workflows.command(channel, rest.strip(), user=args["as"])
        elif command in COMMANDS:
            await self._conversation.command(
                channel, rest.strip(), user=args["as"], command=command
            )
        else:
            known = ", ".join((*COMMANDS, WORKFLOWS))
            raise WorkspaceError(
                f"{command} is not a command here. Commands: {known}.", about=command
            )

    async def _click(self, request: web.Request) -> None:
        args = await _body(request, channel=str, ts=str, block=str, action=str)
        if args["action"] == OPEN:
            number = int(args["value"]) if str(args.get("value")).isdecimal() else -1
            await self._people.open_object(args["channel"], args["ts"], number, user=args["as"])
            return
        await self._people.click(
            args["channel"],
            args["ts"],
            args["action"],
            args.get("value"),
            args["block"],
            user=args["as"],
        )

    async def _view_click(self, request: web.Request) -> None:
        args = await _body(request, view=str, block=str, action=str, values=dict)
        await self._people.click_view(
            args["as"],
            args["view"],
            args["block"],
            args["action"],
            args.get("value"),
            args["values"],
        )

    async def _submit(self, request: web.Request) -> None:
        args = await _body(request, view=str, values=dict)
        await self._people.submit(args["as"], args["view"], args["values"])

    async def _close(self, request: web.Request) -> None:
        self._people.close((await _body(request))["as"])

    async def _open(self, request: web.Request) -> None:
        args = await _body(request, tab=str)
        await self._people.tab(args["as"], args["tab"])

    async def _share(self, request: web.Request) -> None:
        """Post a file: the body is its content, the query gives channel, name and text."""
        query, channel = request.query, request.query.get("channel", "")
        words = query.get("text") or ("" if self._conversation.room(channel).is_im else READ_THIS)
        await self._people.share(
            channel,
            query.get("name", ""),
            await request.read(),
            words,
            user=query.get("as") or YOU,
            thread_ts=query.get("thread_ts"),
        )

    async def _shortcut(self, request: web.Request) -> None:
        args = await _body(request, channel=str, ts=str, callback=str)
        if args["callback"] not in SHORTCUTS:
            raise web.HTTPBadRequest(text=f"There is no shortcut {args['callback']}.")
        await self._people.shortcut(
            args["channel"], args["ts"], user=args["as"], callback=args["callback"]
        )


def _answering(
    act: Callable[[web.Request], Awaitable[None]],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the handler of an action; an impossible one gets status 400 and a sentence."""

    async def handle(request: web.Request) -> web.Response:
        try:
            await act(request)
        except WorkspaceError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        return web.json_response({"ok": True})

    return handle


async def _body(request: web.Request, **kinds: type | UnionType) -> Json:
    """Return the fields of a JSON body; answers 400 if one is of the wrong type."""
    try:
        body = json.loads(await request.text())
    except ValueError as error:
        raise web.HTTPBadRequest(text="The request is not JSON.") from error
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="The request is not a JSON object.")
    fields: Json = {"as": YOU, **body}
    wanted: dict[str, type | UnionType] = {"as": str, **kinds}
    for name, kind in wanted.items():
        if not isinstance(fields.get(name), kind):
            raise web.HTTPBadRequest(text=f"The request needs the field {name}.")
    return fields
