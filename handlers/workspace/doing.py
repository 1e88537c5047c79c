"""What a person does on the page: each act is a POST, answered with what went wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from aiohttp import web

from handlers.workspace.acts import Acts
from handlers.workspace.article import FIELDS
from handlers.workspace.clicks import Clicks
from handlers.workspace.clock import Clock
from handlers.workspace.giving import SHORTCUTS, Giving
from handlers.workspace.opening import Opening
from handlers.workspace.state import YOU, WorkspaceError
from handlers.workspace.view_acts import ViewActs

COMMANDS = ("/brief", "/digest", "/watch")
CLOCK = "/clock"
"""What is typed to move the clock to the next digest; the bot does not see it."""

STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}

Json = dict[str, Any]


class Doing:
    """The routes by which the page acts; ``as`` in a body says who acts, else U0YOU."""

    def __init__(
        self,
        *,
        acts: Acts,
        clicks: Clicks,
        view_acts: ViewActs,
        opening: Opening,
        giving: Giving,
        clock: Clock | None,
    ) -> None:
        self._acts = acts
        self._clicks = clicks
        self._view_acts = view_acts
        self._opening = opening
        self._giving = giving
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """The routes of what is done."""
        done: dict[str, Callable[[web.Request], Awaitable[Json | None]]] = {
            "send": self._send,
            "edit": self._edit,
            "delete": self._delete,
            "click": self._click,
            "view-click": self._view_click,
            "submit": self._submit,
            "close": self._close,
            "open": self._open,
            "chat": self._chat,
            "clock": self._move,
            "article": self._article,
            "share": self._share,
            "shortcut": self._shortcut,
        }
        acts = [web.post(f"/page/{name}", _answering(act)) for name, act in done.items()]
        return [*acts, web.get("/page/article/{key}", self._written)]

    async def _send(self, request: web.Request) -> Json | None:
        args = await _body(request, ("channel", "text"), ("thread_ts", "broadcast"))
        text, user = args["text"].strip(), args["as"]
        if text.startswith("/"):
            await self._command(args["channel"], text, user)
            return None
        ts = await self._acts.say(
            args["channel"],
            text,
            user,
            args["thread_ts"] or None,
            broadcast=args["broadcast"] == "yes",
        )
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
        await self._acts.command(channel, rest.strip(), user, command)

    async def _edit(self, request: web.Request) -> None:
        args = await _body(request, ("channel", "ts", "text"))
        await self._acts.revise(args["channel"], args["ts"], args["text"].strip(), args["as"])

    async def _delete(self, request: web.Request) -> None:
        args = await _body(request, ("channel", "ts"))
        await self._acts.withdraw(args["channel"], args["ts"], args["as"])

    async def _click(self, request: web.Request) -> None:
        args = await _body(request, ("channel", "ts", "block", "action"), lists=("value",))
        await self._clicks.click(
            args["channel"], args["ts"], args["action"], args["value"], args["block"], args["as"]
        )

    async def _view_click(self, request: web.Request) -> None:
        args = await _body(request, ("view", "block", "action", "values"), lists=("value",))
        await self._view_acts.click(
            args["as"],
            args["view"],
            args["block"],
            args["action"],
            args["value"],
            _filled(args["values"]),
        )

    async def _submit(self, request: web.Request) -> None:
        args = await _body(request, ("view", "values"))
        await self._view_acts.submit(args["as"], args["view"], _filled(args["values"]))

    async def _close(self, request: web.Request) -> None:
        args = await _body(request, (), ("all",))
        await self._view_acts.close(args["as"], everything=args["all"] == "yes")

    async def _open(self, request: web.Request) -> None:
        args = await _body(request, ("tab",))
        await self._opening.tab(args["as"], args["tab"])

    async def _chat(self, request: web.Request) -> Json:
        args = await _body(request, ())
        return {"thread": await self._opening.chat(args["as"])}

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
        args = await _body(request, ("channel", *FIELDS), ("file",))
        fields = {key: args[key] for key in FIELDS}
        await self._giving.article(
            args["channel"], fields, user=args["as"], key=args["file"] or None
        )

    async def _written(self, request: web.Request) -> web.Response:
        """What was filled in of an article, to be edited."""
        fields = self._giving.written(request.match_info["key"])
        if fields is None:
            raise web.HTTPNotFound(text="There is no such article.")
        return web.json_response(fields)

    async def _share(self, request: web.Request) -> Json:
        query, content = request.query, await request.read()
        ts = await self._giving.drop(
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
        await self._giving.shortcut(
            args["channel"], args["ts"], user=args["as"], callback=args["callback"]
        )


def _answering(
    act: Callable[[web.Request], Awaitable[Json | None]],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler of an act: what cannot be done is told in words, with status 400."""

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
    """What stands in the inputs of a form, by block."""
    try:
        found = json.loads(values)
    except ValueError as error:
        raise web.HTTPBadRequest(text="values is not JSON.") from error
    if not isinstance(found, dict):
        raise web.HTTPBadRequest(text="values is not a JSON object.")
    return found
