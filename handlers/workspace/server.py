"""The local workspace: a stand-in for Slack on this machine only, without a token."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.errors import SettingsError
from handlers.workspace import payloads, state
from handlers.workspace.api import Fault, WebApi
from handlers.workspace.conversation import Filled, People, make_core
from handlers.workspace.delivery import RETRY_AFTER, TIMEOUT, Deliverer, Delivery
from handlers.workspace.page import Page, PageActions
from handlers.workspace.state import (
    YOU,
    Clock,
    Message,
    WorkspaceError,
)
from handlers.workspace.views import initial

# --- the server --------------------------------------------------------------------------


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
    ``retry_after`` and ``timeout`` (seconds) shorten Slack's waits for tests.
    """

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
        self.users = state.users(bot_user, tz or state.machine_tz())
        self.channels = state.channels()
        self._deliverer = Deliverer(
            signing_secret=signing_secret, clock=clock, retry_after=retry_after, timeout=timeout
        )
        self.sockets, self.settled = self._deliverer.sockets, self._deliverer.settled
        self.deliveries = self._deliverer.log
        """Every attempt to deliver something to the app, oldest first."""
        core = make_core(self.users, self.channels, self._deliverer, clock, moved)
        self._messages, self._hooks, self._views = core.messages, core.hooks, core.views
        self._files, self._api, self.people = core.files, WebApi(core, bot_token), People(core)
        self._conversation = core.conversation
        self.say, self.command = core.conversation.say, core.conversation.command
        self.in_view = core.conversation.in_view
        self.click, self.view, self.homes = self.people.click, core.views.of, core.views.homes
        self.refused_blocks = self._api.refused_blocks
        """Types of block that this workspace does not accept."""
        self.calls = self._api.calls
        """The Web API calls and response URL posts received, oldest first."""
        page, actions = Page(core, moved), PageActions(core, self.people, moved)
        served = (self._api, page, actions, core.files, self._deliverer.sockets)
        self._routes = [route for part in served for route in part.routes()]
        self.panel, self.steps, self._objects = core.panel, core.steps, core.objects
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
        app.router.add_get("/{kind:actor|story|article}/{id}", _to_the_page)
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
        self.url = self._api.url = self._files.url = self._hooks.base = f"http://{shown}:{bound}"
        self.sockets.url = self.url
        self._objects.domain = urlsplit(self.url).netloc
        await self._deliverer.start()

    async def stop(self) -> None:
        """Stop retrying, close the streams, and stop listening."""
        await self._deliverer.stop()
        await self.sockets.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def connect(self, request_url: str) -> None:
        """Set where the app listens, such as http://127.0.0.1:3000/slack/events."""
        parts = urlsplit(request_url)
        _loopback(parts.hostname or "")
        self._deliverer.request_url = request_url

    async def open_messages(self, *, user: str = YOU) -> None:
        """Open the messages with the bot, where the agent panel is, and send the event."""
        await self.people.tab(user, "messages")

    async def open_home(self, *, user: str = YOU) -> None:
        """Open the bot's Home and send the event."""
        await self.people.tab(user, "home")

    async def click_view(
        self,
        view_id: str,
        action_id: str,
        value: str | Sequence[str] | None,
        block_id: str,
        *,
        values: Filled | None = None,
        user: str = YOU,
    ) -> Delivery:
        """Click in a modal or in Home; ``values`` are the values of its inputs, by block."""
        view = self._views.get(user, view_id)
        said = {**initial(view), **(values or {})} if view else {}
        return await self.people.click_view(user, view_id, block_id, action_id, value, said)

    async def submit(self, values: Filled, *, user: str = YOU) -> dict[str, str]:
        """Fill in the modal by block, leave other inputs at their initial values, and submit it.

        Returns the problems, by block; empty if the modal was accepted and closed.
        """
        view = self._views.of(user)
        if view is None:
            raise WorkspaceError("No form is open.", about=user)
        await self.people.submit(user, view["id"], {**initial(view), **values})
        return dict(self._views.errors.get(user, {}))

    def messages(self, channel: str, user: str = YOU) -> list[dict[str, Any]]:
        """Return the messages that ``user`` sees in ``channel``, oldest first, in Slack's format.

        Ephemeral ones carry ``is_ephemeral``; replies in threads carry ``thread_ts``.
        """
        return [payloads.message_object(m) for m in self._messages.seen_by(channel, user)]

    def notices(self, channel: str, user: str = YOU) -> list[str]:
        """Return the workspace's notices to ``user`` in ``channel``, such as a failed delivery."""
        seen: list[Message] = self._messages.seen_by(channel, user, page=True)
        return [m.text for m in seen if m.kind == "notice"]

    async def wait(self, until: Callable[[], bool], timeout: float = 60.0) -> None:  # noqa: ASYNC109
        """Wait until a change of messages makes ``until()`` true; raises TimeoutError."""
        with self._messages.watch() as queue:
            async with asyncio.timeout(timeout):
                while not until():
                    await queue.get()

    def refuse_next(self, method: str, error: str, *, retry_after: int | None = None) -> None:
        """Answer the next call of ``method`` with ``error``; HTTP 429 if ``retry_after`` is set."""
        self._api.faults.append(Fault(method, error, retry_after))

    async def _end_streams(self, app: web.Application) -> None:
        self._messages.close()

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


async def _to_the_page(_: web.Request) -> web.Response:
    raise web.HTTPFound("/")


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
