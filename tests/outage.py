"""Slack in a bad hour: between the bot and the local workspace, and as unkind as it is told to be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import aiohttp
from aiohttp import web

from tests.workspace import LocalWorkspace

Mode = Literal["well", "429", "500", "hangs", "hangs up"]


class Outage:
    """Hands calls on to the workspace while ``mode`` is *well*; counts those that it does not.

    ``hangs`` never answers, ``hangs up`` ends the connection without an answer.
    """

    def __init__(self, far: LocalWorkspace) -> None:
        self._far = far
        self.mode: Mode = "well"
        self.refused = 0
        self.url = ""

    @property
    def api_url(self) -> str:
        """The base URL of the Web API, by way of here."""
        return f"{self.url}/api/"

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if self.mode == "well":
            return await self._handed_on(request, body)
        self.refused += 1
        if self.mode == "429":
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "5"}
            )
        if self.mode == "500":
            return web.Response(status=500, text="<h1>Something is wrong</h1>")
        if self.mode == "hangs":
            await asyncio.sleep(3600)
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def _handed_on(self, request: web.Request, body: bytes) -> web.Response:
        kept = ("Authorization", "Content-Type")
        headers = {name: request.headers[name] for name in kept if name in request.headers}
        async with (
            aiohttp.ClientSession() as session,
            session.request(
                request.method, f"{self._far.url}{request.path_qs}", data=body, headers=headers
            ) as answer,
        ):
            found = await answer.read()
            return web.Response(body=found, status=answer.status, content_type=answer.content_type)


@asynccontextmanager
async def outage(far: LocalWorkspace) -> AsyncIterator[Outage]:
    """Stand before the workspace, which is well at first."""
    between = Outage(far)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", between._handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    between.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield between
    finally:
        await runner.cleanup()
