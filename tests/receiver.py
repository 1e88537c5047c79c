"""A small app of the tests' own, where the local workspace delivers to."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

from tests.workspace import LocalWorkspace

SECRET = "a secret of the tests"  # noqa: S105
TOKEN = "xoxb-of-the-tests"  # noqa: S105


@dataclass
class Receiver:
    """Keeps what arrives; answers each request with the next of ``answers``, then with 200."""

    answers: list[web.Response] = field(default_factory=list)
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)
    url: str = ""

    async def handle(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.text()))
        return self.answers.pop(0) if self.answers else web.Response()

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got if body.startswith("{")]

    @property
    def forms(self) -> list[dict[str, str]]:
        return [
            {k: v[0] for k, v in parse_qs(body, keep_blank_values=True).items()}
            for _, body in self.got
            if not body.startswith("{")
        ]


@asynccontextmanager
async def running(receiver: Receiver) -> AsyncIterator[Receiver]:
    app = web.Application()
    app.router.add_post("/slack/events", receiver.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield receiver
    finally:
        await runner.cleanup()


@asynccontextmanager
async def connected(**options: Any) -> AsyncIterator[tuple[LocalWorkspace, Receiver]]:
    """A started workspace, connected to a receiver of its own."""
    options = {"signing_secret": SECRET, "bot_token": TOKEN, "tz": "UTC"} | options
    workspace = LocalWorkspace(**options)
    async with running(Receiver()) as receiver:
        await workspace.start()
        workspace.connect(receiver.url)
        try:
            yield workspace, receiver
        finally:
            await workspace.stop()
