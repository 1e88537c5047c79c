"""The page: what a person sees of the workspace, and what they do on it.

Messages become HTML here, on the server; the page's script asks for them again whenever the stream
says that a channel changed. Nothing on the page comes from another host. Each act is a POST,
answered with what went wrong.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from aiohttp import web
from markupsafe import Markup

from handlers.blocks.limits import problems
from handlers.workspace import payloads
from handlers.workspace.conversation import Core
from handlers.workspace.people import ARTICLE_FIELDS, SHORTCUTS, People
from handlers.workspace.render import Names, form_html, message_html
from handlers.workspace.state import YOU, Channel, Clock, Message, User, WorkspaceError
from handlers.workspace.views import view_problems

# --- what a person sees ------------------------------------------------------------------


Json = dict[str, Any]


class PageView:
    """Reads the workspace as one of its people."""

    def __init__(self, core: Core, clock: Clock | None) -> None:
        self._messages, self._panel = core.messages, core.panel
        self._users, self._channels = core.users, core.channels
        self.clock = clock

    def person(self, key: str | None) -> User:
        """The person with that id, by default U0YOU; raises HTTPNotFound."""
        user = self._users.get(key or YOU)
        if user is None or user.is_bot:
            raise web.HTTPNotFound(text=f"There is nobody called {key} here.")
        return user

    def people(self) -> list[User]:
        """Everybody whom one may be here."""
        return [user for user in self._users.values() if not user.is_bot]

    def rooms(self, user: User) -> list[Channel]:
        """The channels that somebody is in, and their messages with the bot."""
        return [room for room in self._channels.values() if room.has(user)]

    def room(self, user: User, key: str | None) -> Channel:
        """The channel of that id, by default the first; raises HTTPNotFound."""
        rooms = self.rooms(user)
        found = next((r for r in rooms if r.id == key), None) if key else rooms[0]
        if found is None:
            raise web.HTTPNotFound(text=f"There is no channel {key} here.")
        return found

    def entered(self, user: User, key: str | None) -> Channel:
        """The same for one who comes as somebody else: they begin where that one may be."""
        room = self._channels.get(key or "")
        if room is not None and not room.has(user):
            raise web.HTTPFound(f"/?as={user.id}")
        return self.room(user, key)

    def names(self, user: User) -> Names:
        """Names for ids, and the time zone of somebody."""
        return Names(
            {key: one.real_name for key, one in self._users.items()},
            {key: room.name for key, room in self._channels.items()},
            user.tz,
            frozenset(key for key, one in self._users.items() if one.is_bot),
        )

    def now(self, user: User) -> datetime:
        """The time here, in somebody's zone."""
        now = self.clock.now() if self.clock else datetime.now(UTC)
        return now.astimezone(ZoneInfo(user.tz))

    def channel(self, room: Channel, user: User) -> list[Json]:
        """The messages of a channel, without the replies of threads."""
        seen = self._messages.seen_by(room.id, user.id, page=True)
        roots = {m.ts for m in seen if not m.thread_ts}
        top = [m for m in seen if m.root == m.ts or m.root not in roots]
        return self._items(top, seen, user)

    def thread(self, room: Channel, user: User, root: str) -> list[Json]:
        """A message and its replies."""
        seen = self._messages.seen_by(room.id, user.id, page=True)
        inside = [m for m in seen if m.root == root]
        return self._items(inside, [], user) if inside else []

    def prompts(self) -> list[dict[str, str]]:
        """The prompts that the bot offers in its messages."""
        return self._panel.prompts

    def status(self, thread: str) -> str:
        """The status of the bot in a thread; empty if none."""
        return self._panel.statuses.get(thread, "")

    def _items(
        self, messages: Sequence[Message], seen: Sequence[Message], user: User
    ) -> list[Json]:
        names, items, day = self.names(user), [], None
        for message in messages:
            item = self._item(message, names)
            item["mine"] = message.user == user.id and message.kind == "message"
            item["replies"] = self._replies(message, seen, names.tz)
            item["status"] = self.status(message.ts)
            item["first_of_day"] = item["moment"].date() != day
            day = item["moment"].date()
            items.append(item)
        return items

    def _replies(self, message: Message, seen: Sequence[Message], tz: str) -> Json | None:
        """The number of replies to a message, and the time of the last."""
        under = [m for m in seen if m.thread_ts == message.ts and m.kind == "message"]
        if message.thread_ts or not under:
            return None
        last = datetime.fromtimestamp(float(under[-1].ts), ZoneInfo(tz))
        return {"count": len(under), "last": last, "ts": under[-1].ts}

    def _item(self, message: Message, names: Names) -> Json:
        """The values of the template for one message."""
        payload = payloads.message_object(message)
        return {
            "message": message,
            "author": self._users[message.user],
            "moment": datetime.fromtimestamp(float(message.ts), ZoneInfo(names.tz)),
            "html": message_html(message.text, message.blocks, names),
            "json": json.dumps(payload, indent=2, ensure_ascii=False),
            "problems": problems(payload) if message.bot_id else [],
        }


# --- what a person does ------------------------------------------------------------------


COMMANDS = ("/brief", "/digest", "/watch")
CLOCK = "/clock"
"""What is typed to move the clock to the next digest; the bot does not see it."""

STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


class PageActions:
    """The routes by which the page acts; ``as`` in a body says who acts, else U0YOU."""

    def __init__(self, core: Core, people: People, clock: Clock | None) -> None:
        self._conversation = core.conversation
        self._people = people
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """The routes of what is done."""
        done: dict[str, Callable[[web.Request], Awaitable[Json | None]]] = {
            "send": self._send,
            "edit": self._edit,
            "click": self._click,
            "view-click": self._view_click,
            "submit": self._submit,
            "close": self._close,
            "open": self._open,
            "clock": self._move,
            "article": self._article,
            "share": self._share,
            "shortcut": self._shortcut,
        }
        acts = [web.post(f"/page/{name}", _answering(act)) for name, act in done.items()]
        return [*acts, web.get("/page/article/{key}", self._written)]

    async def _send(self, request: web.Request) -> Json | None:
        args = await _body(request, ("channel", "text"), ("thread_ts",))
        text, user = args["text"].strip(), args["as"]
        if text.startswith("/"):
            await self._command(args["channel"], text, user)
            return None
        ts = await self._conversation.say(args["channel"], text, user, args["thread_ts"] or None)
        return {"ts": ts}

    async def _command(self, channel: str, text: str, user: str) -> None:
        command, _, rest = text.partition(" ")
        if command == CLOCK and self._clock is not None:
            await asyncio.to_thread(self._clock.to_next)
            return
        if command not in COMMANDS:
            raise WorkspaceError(
                f"{command} is not a command here. Commands: {', '.join(COMMANDS)}.", about=command
            )
        await self._conversation.command(channel, rest.strip(), user, command)

    async def _edit(self, request: web.Request) -> None:
        args = await _body(request, ("channel", "ts", "text"))
        await self._conversation.revise(
            args["channel"], args["ts"], args["text"].strip(), args["as"]
        )

    async def _click(self, request: web.Request) -> None:
        args = await _body(request, ("channel", "ts", "block", "action"), lists=("value",))
        await self._people.click(
            args["channel"], args["ts"], args["action"], args["value"], args["block"], args["as"]
        )

    async def _view_click(self, request: web.Request) -> None:
        args = await _body(request, ("view", "block", "action", "values"), lists=("value",))
        await self._people.click_view(
            args["as"],
            args["view"],
            args["block"],
            args["action"],
            args["value"],
            _filled(args["values"]),
        )

    async def _submit(self, request: web.Request) -> None:
        args = await _body(request, ("view", "values"))
        await self._people.submit(args["as"], args["view"], _filled(args["values"]))

    async def _close(self, request: web.Request) -> None:
        args = await _body(request, ())
        self._people.close(args["as"])

    async def _open(self, request: web.Request) -> None:
        args = await _body(request, ("tab",))
        await self._people.tab(args["as"], args["tab"])

    async def _move(self, request: web.Request) -> None:
        args = await _body(request, ("to",))
        if self._clock is None:
            raise WorkspaceError("The clock cannot be moved here.", about=CLOCK)
        if args["to"] in STEPS:
            self._clock.forward(STEPS[args["to"]])
        elif args["to"] == "digest":
            await asyncio.to_thread(self._clock.to_next)
        else:
            raise WorkspaceError(f"The clock has no step {args['to']}.", about=CLOCK)

    async def _article(self, request: web.Request) -> None:
        """Give the bot an article to read, as a file; ``file`` is that of the one it edits."""
        args = await _body(request, ("channel", *ARTICLE_FIELDS), ("file",))
        fields = {key: args[key] for key in ARTICLE_FIELDS}
        await self._people.article(
            args["channel"], fields, user=args["as"], key=args["file"] or None
        )

    async def _written(self, request: web.Request) -> web.Response:
        """Answer with the fields of an article, to be edited."""
        fields = self._people.written(request.match_info["key"])
        if fields is None:
            raise web.HTTPNotFound(text="There is no such article.")
        return web.json_response(fields)

    async def _share(self, request: web.Request) -> Json:
        query, content = request.query, await request.read()
        ts = await self._people.drop(
            query.get("channel", ""),
            query.get("name", ""),
            content,
            query.get("text", ""),
            user=query.get("as") or YOU,
            thread_ts=query.get("thread_ts"),
        )
        return {"ts": ts}

    async def _shortcut(self, request: web.Request) -> None:
        args = await _body(request, ("channel", "ts", "callback"))
        if args["callback"] not in SHORTCUTS:
            raise web.HTTPBadRequest(text=f"There is no shortcut {args['callback']}.")
        await self._people.shortcut(
            args["channel"], args["ts"], user=args["as"], callback=args["callback"]
        )


def _answering(
    act: Callable[[web.Request], Awaitable[Json | None]],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler of an act: what cannot be done is answered in words, with status 400."""

    async def handle(request: web.Request) -> web.Response:
        try:
            return web.json_response({"ok": True, **(await act(request) or {})})
        except WorkspaceError as error:
            return web.json_response({"ok": False, "error": str(error)}, status=400)

    return handle


async def _body(
    request: web.Request,
    needed: tuple[str, ...],
    optional: tuple[str, ...] = (),
    lists: tuple[str, ...] = (),
) -> Json:
    """The fields of a JSON body; a field that is missing or no text is answered with 400.

    Those of ``lists`` may be lists of texts as well, or be missing.
    """
    try:
        body = json.loads(await request.text())
    except ValueError as error:
        raise web.HTTPBadRequest(text="The request is not JSON.") from error
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="The request is not a JSON object.")
    fields = {name: body.get(name) for name in (*needed, *optional, "as")}
    for name, value in fields.items():
        if not isinstance(value, str) and (value is not None or name in needed):
            raise web.HTTPBadRequest(text=f"The request needs the text field {name}.")
    return {**fields, "as": fields["as"] or YOU, **{name: body.get(name) for name in lists}}


def _filled(values: str) -> Json:
    """The values of the inputs of a form, by block."""
    try:
        found = json.loads(values)
    except ValueError as error:
        raise web.HTTPBadRequest(text="values is not JSON.") from error
    if not isinstance(found, dict):
        raise web.HTTPBadRequest(text="values is not a JSON object.")
    return found


# --- the page ----------------------------------------------------------------------------


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
HERE = Path(__file__).parent
STATIC = {path.name: KINDS[path.suffix] for path in (HERE / "static").iterdir()}
BEAT = 15.0
"""Seconds after which a quiet stream sends a comment, so that a dead one is noticed."""


class Page:
    """The routes by which the page is read; ``as`` in a query says who reads, else U0YOU."""

    def __init__(self, core: Core, shown: PageView) -> None:
        self._shown = shown
        self._messages, self._views = core.messages, core.views
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
            web.get("/page/tries", self._tries),
            web.get("/page/home", self._home),
            web.get("/page/view", self._view),
            web.get("/page/now", self._now),
            web.get("/page/stream", self._stream),
        ]

    async def _index(self, request: web.Request) -> web.Response:
        user = self._shown.person(request.query.get("as"))
        channel = self._shown.entered(user, request.query.get("channel"))
        home = channel.is_im and request.query.get("tab") == "home"
        return self._html(
            "page.html",
            person=user,
            people=self._shown.people(),
            channels=self._shown.rooms(user),
            channel=channel,
            home=home,
            home_html=self._home_html(user.id) if home else "",
            tries=TRY_DIRECT if channel.is_im else TRY,
            prompts=self._shown.prompts() if channel.is_im else [],
            shortcuts=SHORTCUTS,
            commands=COMMANDS,
            clock=self._shown.clock,
            now=self._shown.now(user),
            items=self._shown.channel(channel, user),
            thread=None,
        )

    async def _static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in STATIC:
            raise web.HTTPNotFound(text="There is no such file.")
        text = (HERE / "static" / name).read_text(encoding="utf-8")
        return web.Response(text=text, content_type=STATIC[name])

    async def _fragment(self, request: web.Request) -> web.Response:
        """The messages of a channel, or with ``thread`` those of a thread."""
        user = self._shown.person(request.query.get("as"))
        channel, thread = self._shown.room(user, request.query.get("channel")), None
        if root := request.query.get("thread"):
            thread = {"status": self._shown.status(root)}
            items = self._shown.thread(channel, user, root)
        else:
            items = self._shown.channel(channel, user)
        return self._html("messages.html", items=items, shortcuts=SHORTCUTS, thread=thread)

    async def _tries(self, request: web.Request) -> web.Response:
        """The questions to try in the messages with the bot: its prompts, and ours."""
        self._shown.person(request.query.get("as"))
        return self._html("tries.html", prompts=self._shown.prompts(), tries=TRY_DIRECT)

    async def _home(self, request: web.Request) -> web.Response:
        user = self._shown.person(request.query.get("as"))
        return web.Response(text=self._home_html(user.id), content_type="text/html")

    def _home_html(self, user: str) -> Markup:
        view = self._views.homes.get(user)
        if view is None:
            return Markup()
        shown = form_html(view, {}, self._shown.names(self._shown.person(user)))
        return Markup(  # noqa: S704 - a template of ours, which escapes
            self._templates.get_template("home.html").render(
                view=view, html=shown, json=_json(view), problems=view_problems(view)
            )
        )

    async def _view(self, request: web.Request) -> web.Response:
        """The form open before the person; nothing where there is none."""
        user = self._shown.person(request.query.get("as"))
        view = self._views.of(user.id)
        if view is None:
            return web.Response(text="", content_type="text/html")
        errors = self._views.errors.get(user.id, {})
        return self._html(
            "view.html",
            view=view,
            html=form_html(view, errors, self._shown.names(user)),
            json=_json(view),
            problems=view_problems(view),
        )

    async def _now(self, request: web.Request) -> web.Response:
        """Answer with the current time of the workspace, in the person's zone."""
        now = self._shown.now(self._shown.person(request.query.get("as")))
        moved = self._shown.clock is not None and self._shown.clock.moved
        return web.json_response(
            {"words": f"{now:%a} {now.day} {now:%b}, {now:%H:%M}", "moved": moved}
        )

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

    def _html(self, template: str, **shown: Any) -> web.Response:
        html = self._templates.get_template(template).render(**shown)
        return web.Response(text=html, content_type="text/html")


def _json(view: dict[str, Any]) -> str:
    return json.dumps(view, indent=2, ensure_ascii=False)
