"""The page: what a person sees of the workspace; what they do in it is in ``doing``.

Messages become HTML here, on the server; the page's script asks for them anew whenever the
stream says that a channel changed. Nothing on the page comes from another host.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web
from markupsafe import Markup

from handlers.workspace.doing import CLOCK, COMMANDS
from handlers.workspace.forms import form_html
from handlers.workspace.giving import SHORTCUTS
from handlers.workspace.shown import Shown
from handlers.workspace.state import Messages
from handlers.workspace.views import Views, view_problems

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

    def __init__(self, *, shown: Shown, messages: Messages, views: Views) -> None:
        self._shown = shown
        self._messages = messages
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
            prompts=self._shown.prompts(None) if channel.is_im else [],
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
            thread = {"status": self._shown.status(root), "prompts": self._shown.prompts(root)}
            items = self._shown.thread(channel, user, root)
        else:
            items = self._shown.channel(channel, user)
        return self._html("messages.html", items=items, shortcuts=SHORTCUTS, thread=thread)

    async def _tries(self, request: web.Request) -> web.Response:
        """What may be asked in the messages with the bot: what it suggests, and what we do."""
        self._shown.person(request.query.get("as"))
        return self._html("tries.html", prompts=self._shown.prompts(None), tries=TRY_DIRECT)

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
        """The form that stands before the person; nothing where there is none."""
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
        """What time it is here, for the person."""
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
