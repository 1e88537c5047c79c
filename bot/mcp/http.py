"""The same server over HTTP: streamable HTTP at ``/mcp``, for clients with the token.

The SDK's ASGI application answers each request on its own, without sessions, with one JSON body.
aiohttp passes it the whole request and sends its response.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from bot.mcp.server import build_server
from bot.mcp.tools import Access

PATH = "/mcp"

log = logging.getLogger(__name__)

_Message = MutableMapping[str, Any]


@asynccontextmanager
async def mounted(app: web.Application, access: Access, token: str) -> AsyncIterator[None]:
    """Serve ``PATH`` in an application that is not running yet, as long as this context is open.

    Requests without ``Authorization: Bearer TOKEN`` get a 401.
    """
    manager = StreamableHTTPSessionManager(build_server(access), json_response=True, stateless=True)

    async def answer(request: web.Request) -> web.Response:
        if not _is_allowed(request, token):
            log.info("a request to %s without the token", PATH)
            return web.json_response(
                {"error": "Send the token: Authorization: Bearer DRAGOMAN_MCP_TOKEN."},
                status=401,
                headers={"WWW-Authenticate": "Bearer"},
            )
        if request.method != "POST":
            raise web.HTTPMethodNotAllowed(request.method, ["POST"])
        return await _bridged(manager, request)

    app.router.add_route("*", PATH, answer)
    async with manager.run():
        yield


def _is_allowed(request: web.Request, token: str) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    sent = given.strip().encode(errors="surrogateescape")
    return scheme.lower() == "bearer" and hmac.compare_digest(sent, token.encode())


async def _bridged(manager: StreamableHTTPSessionManager, request: web.Request) -> web.Response:
    """Pass a request to the ASGI application; return its whole response."""
    body: bytes | None = await request.read()
    status, headers, sent = 500, list[tuple[str, str]](), bytearray()

    async def receive() -> _Message:
        nonlocal body
        if body is None:  # the body was read: wait only for the disconnect
            await asyncio.Event().wait()
        message, body = {"type": "http.request", "body": body, "more_body": False}, None
        return message

    async def send(message: _Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = [(key.decode(), value.decode()) for key, value in message["headers"]]
        else:
            sent.extend(message.get("body", b""))

    await manager.handle_request(_scope(request), receive, send)
    kept = [(key, value) for key, value in headers if key.lower() != "content-length"]
    return web.Response(status=status, headers=dict(kept), body=bytes(sent))


def _scope(request: web.Request) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.rel_url.raw_path.encode(),
        "query_string": request.query_string.encode(),
        "root_path": "",
        "headers": [(key.lower(), value) for key, value in request.raw_headers],
        "client": None,
        "server": None,
    }
