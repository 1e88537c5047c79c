"""The local workspace: a stand-in for Slack on this machine only, without a token."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

from aiohttp import web

from bot.errors import SettingsError
from handlers.workspace import state
from handlers.workspace.api import WebApi
from handlers.workspace.conversation import People, make_core
from handlers.workspace.delivery import RETRY_AFTER, TIMEOUT, Deliverer
from handlers.workspace.page import Page, PageActions
from handlers.workspace.state import Clock
from handlers.workspace.workflows import Workflows

BODY_MOST = 20 * 1024 * 1024
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class LocalWorkspace:
    """Slack's Web API for the bot, and a page where a person talks to it.

    ``clock`` gives seconds since 1970; ``tz`` is the person's zone, by default this machine's.
    ``moved`` is a clock that the person can move: it dates messages, but not signatures.
    ``retry_after`` and ``timeout`` (seconds) shorten Slack's waits for tests, which also replace
    the two types.
    """

    deliverer_type: type[Deliverer] = Deliverer
    api_type: type[WebApi] = WebApi

    def __init__(
        self,
        *,
        signing_secret: str,
        bot_token: str,
        bot_user: str = "U0DRAGOMAN",
        clock: Callable[[], float] = time.time,
        moved: Clock | None = None,
        tz: str | None = None,
        retry_after: Sequence[float] = RETRY_AFTER,
        timeout: float = TIMEOUT,
    ) -> None:
        self._deliverer = self.deliverer_type(
            signing_secret=signing_secret, clock=clock, retry_after=retry_after, timeout=timeout
        )
        self.core = core = make_core(
            state.users(bot_user, tz or state.machine_tz()),
            state.channels(),
            self._deliverer,
            clock,
            moved,
        )
        self.steps = Workflows(core.conversation)
        self._api, self.people = self.api_type(core, self.steps, bot_token), People(core)
        page, actions = Page(core, moved), PageActions(core, self.people, self.steps, moved)
        self._routes = [
            route for part in (self._api, page, actions, core.files) for route in part.routes()
        ]
        self._runner: web.AppRunner | None = None
        self.url = ""
        """Where the page is, without a slash at its end; empty until started."""

    @property
    def api_url(self) -> str:
        """The base URL of the Web API, for slack_sdk."""
        return f"{self.url}/api/"

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> None:
        """Listen; raises SettingsError for a host that other machines could reach."""
        address = _loopback(host)
        app = web.Application(middlewares=[self._guard], client_max_size=BODY_MOST)
        app.add_routes(self._routes)
        app.router.add_get("/{kind:actor|story|article}/{id}", self._open_object)
        app.on_shutdown.append(self._end_streams)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, address, port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            self._runner = None
            raise SettingsError(
                f"Cannot listen on port {port} ({error.strerror}): choose another.",
                about="PORT",
            ) from error
        bound = self._runner.addresses[0][1]
        shown = f"[{address}]" if ":" in address else address
        core, self.url = self.core, f"http://{shown}:{bound}"
        self._api.url = core.files.url = core.hooks.base = self.url
        core.objects.domain = urlsplit(self.url).netloc
        await self._deliverer.start()

    async def stop(self) -> None:
        """Stop retrying, close the streams, and stop listening."""
        await self._deliverer.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def connect(self, request_url: str) -> None:
        """Set where the app listens, such as http://127.0.0.1:3000/slack/events."""
        parts = urlsplit(request_url)
        _loopback(parts.hostname or "")
        self._deliverer.request_url = request_url

    async def _open_object(self, request: web.Request) -> web.Response:
        """Show the page with the details of the object that the link leads to."""
        reference = {"id": request.match_info["id"], "type": request.match_info["kind"]}
        await self.people.follow_link(reference, f"{self.url}{request.raw_path}")
        raise web.HTTPFound("/")

    async def _end_streams(self, app: web.Application) -> None:
        self.core.messages.close()

    @web.middleware
    async def _guard(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """Refuse what other sites can send: a foreign Host (rebinding) or Origin (forgery)."""
        port = urlsplit(self.url).port
        allowed = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        allowed.add(urlsplit(self.url).netloc)
        if request.host not in allowed:
            raise web.HTTPForbidden(text=f"This page is only served at {self.url}.")
        origin = request.headers.get("Origin")
        forged = origin is not None and origin != f"http://{request.host}"
        writes = request.method == "POST" and request.path.startswith("/page/")
        if forged or (writes and origin is None):
            raise web.HTTPForbidden(text="This request did not come from the page.")
        response = await handler(request)
        if not response.prepared:
            response.headers.update(HEADERS)
        return response


def _loopback(host: str) -> str:
    if host == "localhost":
        return "127.0.0.1"
    try:
        if ipaddress.ip_address(host).is_loopback:
            return host
    except ValueError:
        pass
    raise SettingsError(
        f"The local workspace is for this machine alone: {host!r} is not a loopback address; "
        "use 127.0.0.1.",
        about="HOST",
    )
