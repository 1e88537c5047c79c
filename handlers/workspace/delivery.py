"""Deliveries to the app: signed, timed out after three seconds, and retried, as Slack does.

Signing: https://docs.slack.dev/authentication/verifying-requests-from-slack. Retries (events only:
at once, after a minute, after five): https://docs.slack.dev/apis/events-api, "Error handling".
Envelopes of Socket Mode: https://docs.slack.dev/apis/events-api/using-socket-mode.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qsl, urlencode

import aiohttp
from aiohttp import WSMsgType, web

from handlers.workspace.state import Refused

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


# --- HTTP --------------------------------------------------------------------------------


RETRY_AFTER = (0.0, 60.0, 300.0)
TIMEOUT = 3.0

Sort = Literal["event", "command", "interactivity"]


class Delivery(NamedTuple):
    """One attempt: what was sent, and the outcome.

    ``status`` is None and ``reason`` one of Slack's words (http_timeout, connection_failed,
    http_error) if the app did not take it; ``attempt`` counts from 0.
    """

    sort: Sort
    attempt: int
    headers: dict[str, str]
    body: str
    status: int | None
    reason: str
    answer: str

    @property
    def taken(self) -> bool:
        """Return whether the app acknowledged it."""
        return not self.reason


def sign(secret: str, timestamp: str, body: str) -> str:
    """Return the ``v0=`` signature of a body sent at ``timestamp`` (whole seconds, as text)."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Deliverer:
    """Sends to the connected app; keeps every attempt in ``log``.

    ``retry_after`` are the waits in seconds before each further attempt at an event, and
    ``timeout`` the seconds that an attempt may take.
    """

    def __init__(
        self,
        *,
        signing_secret: str,
        clock: Callable[[], float],
        retry_after: Sequence[float] = RETRY_AFTER,
        timeout: float = TIMEOUT,
    ) -> None:
        self._secret = signing_secret
        self._clock = clock
        self._retry_after = tuple(retry_after)
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.sockets = Sockets()
        self.request_url: str | None = None
        self.log: list[Delivery] = []

    async def start(self) -> None:
        """Open the client; it uses no environment proxy, since the app is on this machine."""
        self._session = aiohttp.ClientSession(timeout=self._timeout)

    async def stop(self) -> None:
        """End the retries under way, and close the client."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def event(
        self, payload: dict[str, Any], report: Callable[[Delivery, float], None]
    ) -> None:
        """Deliver an event: the first attempt now, further ones in the background.

        ``report(delivery, wait)`` is called for each failed attempt, and for a successful one after
        that; ``wait`` is the seconds until the next attempt, negative if there is none.
        """
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
        first = await self.send("event", body)
        if first.taken:
            return
        self.spawn(self._again(body, first, report))

    async def settled(self) -> None:
        """Wait until no delivery is under way any more."""
        # Check the tasks themselves: they leave the set one turn of the loop later, and gather() of
        # finished tasks need not give that turn.
        while under_way := [task for task in self._tasks if not task.done()]:
            await asyncio.gather(*under_way)

    def spawn(self, work: Awaitable[None]) -> None:
        """Run ``work`` until it is done or the workspace stops."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def form(self, sort: Sort, fields: dict[str, str]) -> Delivery:
        """Deliver a command or an interaction, once, as Slack does."""
        return await self.send(sort, urlencode(fields))

    async def send(self, sort: Sort, body: str, *, attempt: int = 0, reason: str = "") -> Delivery:
        """Send one signed attempt; ``reason`` says why the one before it failed."""
        timestamp = str(int(self._clock()))
        headers = {
            "Content-Type": "application/json"
            if sort == "event"
            else "application/x-www-form-urlencoded",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "Accept": "*/*",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self._secret, timestamp, body),
        }
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        if self.sockets.connected:
            seconds = self._timeout.total or TIMEOUT
            how = await self.sockets.send(sort, body, attempt, reason, seconds)
        else:
            how = await self._post(headers, body)
        status, failed, answer = how
        delivery = Delivery(sort, attempt, headers, body, status, failed, answer)
        self.log.append(delivery)
        return delivery

    async def _post(self, headers: dict[str, str], body: str) -> tuple[int | None, str, str]:
        if self.request_url is None or self._session is None:
            return None, "connection_failed", ""
        try:
            async with self._session.post(
                self.request_url, data=body.encode(), headers=headers, allow_redirects=False
            ) as response:
                answer = await response.text(errors="replace")
        except TimeoutError:
            return None, "http_timeout", ""
        except aiohttp.ClientError:
            return None, "connection_failed", ""
        if 200 <= response.status < 300:
            return response.status, "", answer
        return response.status, "http_error", answer

    async def _again(
        self, body: str, last: Delivery, report: Callable[[Delivery, float], None]
    ) -> None:
        for attempt, wait in enumerate(self._retry_after, start=1):
            report(last, wait)
            await asyncio.sleep(wait)
            last = await self.send("event", body, attempt=attempt, reason=last.reason)
            if last.taken:
                break
        report(last, -1.0)
