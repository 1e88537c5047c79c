"""Socket Mode in the local workspace: deliveries through a connection that the app opened.

Envelopes after https://docs.slack.dev/apis/events-api/using-socket-mode.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import WSMsgType, web

from handlers.workspace.compose import Refused

PATH = "/link"
APP_TOKEN = "xapp-local"  # noqa: S105 - opens nothing but this workspace, on this machine

_TYPES = {"event": "events_api", "command": "slash_commands", "interactivity": "interactive"}


class Sockets:
    """The connections that the app has open; the newest is used.

    ``url`` is where the workspace is, set once it listens; ``met`` is set while there is one.
    """

    def __init__(self) -> None:
        self.url = ""
        self.met = asyncio.Event()
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._awaited: dict[str, asyncio.Future[Any]] = {}

    @property
    def connected(self) -> bool:
        """Whether the app can be reached through a connection."""
        return bool(self._open)

    def routes(self) -> list[web.RouteDef]:
        """Where the app connects."""
        return [web.get(PATH, self._link)]

    def open(self, token: str) -> dict[str, Any]:
        """Answer ``apps.connections.open`` with an address that is good once; raises Refused."""
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
        """Deliver as ``Deliverer.send`` does: the status, why it failed, and what was answered.

        Through ``link``, or the newest connection.
        """
        envelope = secrets.token_hex(8)
        told = self._awaited[envelope] = asyncio.get_running_loop().create_future()
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
                answer = await told
        except TimeoutError:
            return None, "http_timeout", ""
        except (ConnectionError, asyncio.CancelledError):
            return None, "connection_failed", ""
        finally:
            self._awaited.pop(envelope, None)
        return 200, "", json.dumps(answer, ensure_ascii=False) if answer else ""

    async def refresh(self) -> None:
        """Ask the app to connect anew, as Slack does now and then."""
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
        told = self._awaited.get(str(content.get("envelope_id")))
        if told is not None and not told.done():
            told.set_result(content.get("payload"))


def _payload(sort: str, body: str) -> Any:
    if sort == "event":
        return json.loads(body)
    fields = dict(parse_qsl(body, keep_blank_values=True))
    return json.loads(fields["payload"]) if sort == "interactivity" else fields
