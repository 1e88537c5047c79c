"""The local workspace as tests use it: what arrived, faults to come, and Socket Mode.

Envelopes of Socket Mode after https://docs.slack.dev/apis/events-api/using-socket-mode.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from aiohttp import WSMsgType, web

from handlers.workspace import payloads, server
from handlers.workspace.api import WebApi
from handlers.workspace.conversation import Core, Filled
from handlers.workspace.delivery import TIMEOUT, Deliverer, Delivery, Sort
from handlers.workspace.state import YOU, Args, Message, Refused, WorkspaceError, bearer
from handlers.workspace.views import initial
from handlers.workspace.workflows import Workflows

Json = dict[str, Any]

# --- Socket Mode -------------------------------------------------------------------------


PATH = "/link"
APP_TOKEN = "xapp-local"  # noqa: S105 - opens nothing but this workspace, on this machine

_TYPES = {"event": "events_api", "command": "slash_commands", "interactivity": "interactive"}


class Sockets:
    """The connections that the app has open; the newest is used.

    ``url`` is where the workspace is, set once it listens; ``met`` is set while one is open.
    """

    def __init__(self) -> None:
        self.url = ""
        self.met = asyncio.Event()
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._awaited: dict[str, asyncio.Future[Any]] = {}

    @property
    def connected(self) -> bool:
        """Return whether the app can be reached through a connection."""
        return bool(self._open)

    def routes(self) -> list[web.RouteDef]:
        """The route that the app connects to."""
        return [web.get(PATH, self._link)]

    def open(self, token: str) -> dict[str, Any]:
        """Answer ``apps.connections.open`` with an address valid for one use; raises Refused."""
        if token != APP_TOKEN:
            raise Refused("invalid_auth" if token.startswith("xapp-") else "not_allowed_token_type")
        ticket = secrets.token_urlsafe(12)
        self._tickets.add(ticket)
        address = self.url.replace("http://", "ws://", 1)
        return {"url": f"{address}{PATH}?ticket={ticket}"}

    async def send(
        self,
        sort: str,
        body: str,
        attempt: int,
        reason: str,
        seconds: float,
        link: web.WebSocketResponse | None = None,
    ) -> tuple[int | None, str, str]:
        """Deliver as ``Deliverer.send`` does; return the status, why it failed, and the answer.

        Uses ``link``, or the newest connection.
        """
        envelope = secrets.token_hex(8)
        acknowledged = self._awaited[envelope] = asyncio.get_running_loop().create_future()
        content: dict[str, Any] = {
            "envelope_id": envelope,
            "type": _TYPES[sort],
            "payload": _payload(sort, body),
            "accepts_response_payload": sort != "event",
        }
        if sort == "event":
            content |= {"retry_attempt": attempt, "retry_reason": reason}
        try:
            async with asyncio.timeout(seconds):
                link = link or self._open[-1]
                await link.send_str(json.dumps(content, ensure_ascii=False))
                answer = await acknowledged
        except TimeoutError:
            return None, "http_timeout", ""
        except (ConnectionError, asyncio.CancelledError):
            return None, "connection_failed", ""
        finally:
            self._awaited.pop(envelope, None)
        return 200, "", json.dumps(answer, ensure_ascii=False) if answer else ""

    async def refresh(self) -> None:
        """Ask the app to connect again, as Slack does now and then."""
        content = {"type": "disconnect", "reason": "refresh_requested"}
        await self._open[-1].send_str(json.dumps(content))

    async def close(self) -> None:
        """Close every connection."""
        for link in list(self._open):
            await link.close()

    async def _link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="This address was used already, or never given out.")
        self._tickets.discard(ticket)
        link = web.WebSocketResponse()
        await link.prepare(request)
        await link.send_str(json.dumps({"type": "hello", "num_connections": len(self._open) + 1}))
        self._open.append(link)
        self.met.set()
        try:
            async for message in link:
                if message.type == WSMsgType.TEXT:
                    self._acknowledged(json.loads(message.data))
        finally:
            self._open.remove(link)
            if not self._open:
                self.met.clear()
        return link

    def _acknowledged(self, content: dict[str, Any]) -> None:
        future = self._awaited.get(str(content.get("envelope_id")))
        if future is not None and not future.done():
            future.set_result(content.get("payload"))


def _payload(sort: str, body: str) -> Any:
    if sort == "event":
        return json.loads(body)
    fields = dict(parse_qsl(body, keep_blank_values=True))
    return json.loads(fields["payload"]) if sort == "interactivity" else fields


class SocketDeliverer(Deliverer):
    """Delivers through a socket while the app has one open; keeps every attempt in ``log``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.sockets = Sockets()
        self.log: list[Delivery] = []

    async def send(self, sort: Sort, body: str, *, attempt: int = 0, reason: str = "") -> Delivery:
        if self.sockets.connected:
            seconds = self._timeout.total or TIMEOUT
            how = await self.sockets.send(sort, body, attempt, reason, seconds)
            delivery = Delivery(sort, attempt, {}, body, *how)
        else:
            delivery = await super().send(sort, body, attempt=attempt, reason=reason)
        self.log.append(delivery)
        return delivery


# --- the Web API -------------------------------------------------------------------------


class Call(NamedTuple):
    """One call that the Web API received; a response URL is the method ``response_url``."""

    method: str
    args: Args


class Fault(NamedTuple):
    """An error for the next call of a method, with the seconds to wait, if any."""

    method: str
    error: str
    retry_after: int | None


class FaultyApi(WebApi):
    """Keeps every call in ``calls``, and uses up ``faults`` in order.

    ``refused_blocks`` are types of block that the workspace does not accept.
    """

    def __init__(self, core: Core, workflows: Workflows, token: str) -> None:
        super().__init__(core, workflows, token)
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.refused_blocks: set[str] = set()
        self.sockets = Sockets()

    async def _call(self, method: str, args: Args, request: web.Request) -> web.Response:
        token = str(args.get("token", "")) or bearer(request)
        given = {key: value for key, value in args.items() if key != "token"}
        self.calls.append(Call(method, given))
        if method == "apps.connections.open" and token:
            return web.json_response({"ok": True, **self.sockets.open(token)})
        if token == self._token:
            if fault := next((one for one in self.faults if one.method == method), None):
                self.faults.remove(fault)
                return _fault(fault)
            self._check_blocks(given)
        return await super()._call(method, args, request)

    def _respond(self, key: str, args: Args) -> None:
        self.calls.append(Call("response_url", args))
        self._check_blocks(args)
        super()._respond(key, args)

    def _check_blocks(self, args: Args) -> None:
        if not self.refused_blocks:
            return
        given = args.get("blocks") or []
        blocks = json.loads(given) if isinstance(given, str) else given
        for number, block in enumerate(blocks):
            if (kind := block.get("type")) in self.refused_blocks:
                why = f"unsupported type: {kind} [json-pointer:/blocks/{number}/type]"
                raise Refused("invalid_blocks", (why,))


def _fault(fault: Fault) -> web.Response:
    if fault.retry_after is None:
        return web.json_response({"ok": False, "error": fault.error})
    headers = {"Retry-After": str(fault.retry_after)}
    return web.json_response({"ok": False, "error": fault.error}, status=429, headers=headers)


# --- the workspace -----------------------------------------------------------------------


class LocalWorkspace(server.LocalWorkspace):
    """The local workspace with what tests ask of it and do in it."""

    deliverer_type = SocketDeliverer
    api_type = FaultyApi
    _deliverer: SocketDeliverer
    _api: FaultyApi

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        core = self.core
        self.users, self.channels, self.panel = core.users, core.channels, core.panel
        self.sockets = self._api.sockets = self._deliverer.sockets
        self._routes += self.sockets.routes()
        self.settled = self._deliverer.settled
        self.deliveries = self._deliverer.log
        """Every attempt to deliver something to the app, oldest first."""
        self.calls, self.refused_blocks = self._api.calls, self._api.refused_blocks
        self._messages, self._hooks, self._views = core.messages, core.hooks, core.views
        self._conversation = core.conversation
        self.say, self.command = core.conversation.say, core.conversation.command
        self.in_view = core.conversation.in_view
        self.click, self.view, self.homes = self.people.click, core.views.of, core.views.homes

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> None:
        await super().start(port, host)
        self.sockets.url = self.url

    async def stop(self) -> None:
        await self._deliverer.stop()
        await self.sockets.close()
        await super().stop()

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
