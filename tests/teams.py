"""Slack with several workspaces in it, as the far side of an app that many install.

It knows whose token a call comes with, hands tokens out for codes and for refresh tokens, and
takes them back.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import aiohttp
from aiohttp import web
from pydantic import AnyHttpUrl, SecretStr
from yarl import URL

from bot.desk import Desk
from handlers.app import SlackApp, build_app
from handlers.workspace.state import bearer, read_arguments
from tests.payloads import POWER, broken, spoken
from tests.slack import US, event, form, settings
from tests.workspace import Call, Sockets

ROOM, PERSON = "C0ROOM", "U0INSTALLER"
CLIENT_ID, CLIENT_SECRET = "12.34", "hush"

Json = dict[str, Any]


class Received(NamedTuple):
    """A call, and the workspace or organisation whose token it came with; "" without one."""

    whose: str
    method: str
    args: Json


@dataclass
class Teams:
    """Slack: ``calls`` are those it got; ``until_expiry`` makes tokens expire, in seconds."""

    calls: list[Received] = field(default_factory=list)
    until_expiry: int | None = None
    refused: dict[str, str] = field(default_factory=dict)
    """Slack's word by method, for every call of it."""
    files: dict[str, str] = field(default_factory=dict)
    """What people shared, by path."""
    fetched: list[tuple[str, str]] = field(default_factory=list)
    """Whose token each file was fetched with."""
    uploaded: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.url = ""
        self.sockets = Sockets()
        self._n = itertools.count(1)
        self._codes: dict[str, Json] = {}
        self._refresh: dict[str, Json] = {}
        self._tokens: dict[str, str] = {}
        self._dead: dict[str, str] = {}

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    def code(self, team: str, *, organisation: str | None = None, whole: bool = False) -> str:
        """What Slack sends back with somebody who said yes."""
        code = f"code-{next(self._n)}"
        self._codes[code] = {
            "team": None if whole else {"id": team, "name": f"Desk & <{team}>"},
            "enterprise": {"id": organisation, "name": "Org"} if organisation else None,
            "is_enterprise_install": whole,
            "app_id": "A1",
            "bot_user_id": US,
            "scope": "chat:write",
            "token_type": "bot",
            "authed_user": {"id": PERSON},
        }
        return code

    def revoke(self, whose: str, word: str) -> None:
        """Take back every token of a workspace; calls with it are refused with ``word``."""
        self._dead |= {token: word for token, owner in self._tokens.items() if owner == whose}

    def tokens(self, whose: str) -> list[str]:
        return [token for token, owner in self._tokens.items() if owner == whose]

    def said(self, whose: str, method: str = "chat.postMessage") -> list[str]:
        """What was posted with the token of a workspace."""
        return [
            call.args["text"] for call in self.calls if (call.whose, call.method) == (whose, method)
        ]

    def hooked(self) -> list[Json]:
        return [call.args for call in self.calls if call.method == "response_url"]

    # --- what it answers --------------------------------------------------------------

    async def _handle(self, request: web.Request) -> web.Response:
        method, args = request.match_info["method"], await read_arguments(request)
        token = str(args.pop("token", "")) or bearer(request)
        whose = self._tokens.get(token, "")
        self.calls.append(Received(whose, method, args))
        if method in self.refused:
            return _no(self.refused[method])
        if method == "oauth.v2.access":
            return self._access(request, args)
        if method == "apps.connections.open":
            return web.json_response({"ok": True, **self.sockets.open(token)})
        if not whose:
            return _no("invalid_auth")
        if token in self._dead:
            return _no(self._dead[token])
        return web.json_response({"ok": True, **self._answer(method, args, whose)})

    def _answer(self, method: str, args: Json, whose: str) -> Json:
        if method == "auth.test":
            return {"bot_id": "B1", "user_id": US, "team_id": whose, "url": self.url}
        if method == "users.info":
            return {"user": {"id": args["user"], "team_id": whose, "tz": "Asia/Qatar"}}
        if method == "conversations.info":
            return {"channel": {"id": args["channel"], "is_channel": True, "is_private": False}}
        if method == "conversations.open":
            return {"channel": {"id": "D0DIRECT"}}
        if method == "files.getUploadURLExternal":
            return {"upload_url": f"{self.url}/upload", "file_id": "F0UP"}
        if method.startswith("conversations."):
            return {"messages": []}
        return {"ts": f"{1_700_000_000 + next(self._n)}.000100", "channel": args.get("channel")}

    def _access(self, request: web.Request, args: Json) -> web.Response:
        word = request.headers.get("Authorization", "")
        form = (args.get("client_id"), args.get("client_secret"))
        ours = (CLIENT_ID, CLIENT_SECRET)
        if word != aiohttp.encode_basic_auth(*ours) and form != ours:
            return _no("bad_client_secret")
        if args.get("grant_type") == "refresh_token":
            granted = self._refresh.pop(args["refresh_token"], None)
            lasts = 43_200
        else:
            granted, lasts = self._codes.pop(args["code"], None), self.until_expiry or 0
        if granted is None:
            return _no("invalid_refresh_token" if "refresh_token" in args else "invalid_code")
        n = next(self._n)
        team, whole = granted["team"] or {}, granted["enterprise"] or {}
        token = f"xoxb-{n}"
        self._tokens[token] = team.get("id") or whole["id"]
        told = {"ok": True, **granted, "access_token": token}
        if self.until_expiry is not None:
            told |= {"refresh_token": f"xoxe-{n}", "expires_in": lasts}
            self._refresh[f"xoxe-{n}"] = granted
        return web.json_response(told)

    async def _hook(self, request: web.Request) -> web.Response:
        self.calls.append(Received("", "response_url", await read_arguments(request)))
        return web.Response(text="ok")

    async def _file(self, request: web.Request) -> web.Response:
        self.fetched.append((self._tokens.get(bearer(request), ""), request.path))
        return web.Response(text=self.files[request.path])

    async def _upload(self, request: web.Request) -> web.Response:
        self.uploaded.append(await request.text())
        return web.Response(text="OK")

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/api/{method}", self._handle),
            web.post("/hooks/{team}", self._hook),
            web.get("/files/{name}", self._file),
            web.post("/upload", self._upload),
            *self.sockets.routes(),
        ]


def _no(word: str) -> web.Response:
    return web.json_response({"ok": False, "error": word})


@asynccontextmanager
async def teams() -> AsyncIterator[Teams]:
    """Slack at work; at the end every payload it got is within the limits."""
    far = Teams()
    face = web.Application()
    face.add_routes(far.routes())
    runner = web.AppRunner(face, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    far.url = far.sockets.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield far
    finally:
        await far.sockets.close()
        await runner.cleanup()
    for whose, method, args in far.calls:
        call = Call(method, args)
        assert (broken(call), call) == ([], call), whose
        for text in spoken(args):
            assert not POWER.search(text), call


def app_for(far: Teams, desk: Desk, **more: Any) -> SlackApp:
    """An app that many may install."""
    clock: Json = {k: more.pop(k) for k in ("now", "sleep") if k in more}
    ours: Json = {
        "slack_bot_token": None,
        "slack_client_id": CLIENT_ID,
        "slack_client_secret": SecretStr(CLIENT_SECRET),
        "slack_authorize_url": AnyHttpUrl(f"{far.url}/authorize"),
    }
    values = settings(far.api_url, **(ours | more))
    return build_app(values, desk, poll_seconds=0.05, gap=timedelta(0), **clock)


def browser(address: str) -> aiohttp.ClientSession:
    """A browser that takes this machine for a secure place, as browsers do."""
    origin = URL(address).origin()
    jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=origin)
    return aiohttp.ClientSession(origin, cookie_jar=jar)


class Page(NamedTuple):
    status: int
    text: str
    headers: Any


async def page(session: aiohttp.ClientSession, path: str, **query: str) -> Page:
    async with session.get(path, params=query, allow_redirects=False) as answer:
        return Page(answer.status, await answer.text(), answer.headers)


async def asked(session: aiohttp.ClientSession) -> Json:
    """Open the page, and return what its button asks Slack."""
    shown = await page(session, "/slack/install")
    assert shown.status == 200
    url = shown.text.partition('class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    return {"url": url} | {key: value[0] for key, value in parse_qs(urlsplit(url).query).items()}


async def install(address: str, code: str) -> Page:
    """Install it from the first page to the last."""
    async with browser(address) as session:
        question = await asked(session)
        return await page(session, "/slack/oauth_redirect", code=code, state=question["state"])


# --- what people of a workspace do ----------------------------------------------------------


def of(team: str, organisation: str | None = None, *, whole: bool = False) -> Json:
    """What an event says of whose it is."""
    ours = {"team_id": team, "enterprise_id": organisation, "is_enterprise_install": whole}
    return {
        "team_id": team,
        "enterprise_id": organisation,
        "event_time": int(time.time()),
        "authorizations": [{**ours, "user_id": US, "is_bot": True}],
    }


async def mention(address: str, team: str, text: str, ts: str, **whose: Any) -> tuple[int, str]:
    said = {
        "type": "app_mention",
        "user": "U0ANALYST",
        "text": f"<@{US}> {text}",
        "ts": ts,
        "channel": ROOM,
        "event_ts": ts,
    }
    return await event(address, said, **(of(team) | whose))


async def command(
    far: Teams, address: str, team: str, text: str, name: str = "/brief", **whose: Any
) -> tuple[int, str]:
    fields = {
        "command": name,
        "text": text,
        "team_id": team,
        "channel_id": ROOM,
        "user_id": "U0ANALYST",
        "trigger_id": f"{time.monotonic_ns()}.{team}",
        "response_url": f"{far.url}/hooks/{team}",
        **whose,
    }
    return await form(address.replace("events", "commands"), fields)


async def interaction(address: str, payload: Json) -> tuple[int, str]:
    fields = {"payload": json.dumps(payload)}
    return await form(address.replace("events", "interactivity"), fields)


async def uninstall(address: str, team: str, **whose: Any) -> tuple[int, str]:
    values = of(team) | {"authorizations": []} | whose
    return await event(address, {"type": "app_uninstalled"}, **values)
