"""A language model of tests: an OpenAI-compatible API on a real socket that answers as it is told."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Sentences = list[dict[str, Any]]
Model = Callable[[dict[int, str]], Awaitable[web.StreamResponse]]
"""Answers a request, given its quotes by number."""


@dataclass
class Stub:
    """Where it is served, and the requests that it got."""

    url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)


def completion(content: str) -> web.Response:
    """A chat completion that says ``content``."""
    return web.json_response({"choices": [{"message": {"role": "assistant", "content": content}}]})


def writing(*sentences: tuple[str, list[int]]) -> Model:
    """A model that writes these sentences, whatever it is given."""
    rows = json.dumps([{"text": text, "ids": ids} for text, ids in sentences])

    async def answer(_: dict[int, str]) -> web.StreamResponse:
        return completion(rows)

    return answer


@asynccontextmanager
async def serving(model: Model) -> AsyncIterator[Stub]:
    """Serve a model on a free port."""
    stub = Stub()

    async def answer(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        stub.bodies.append(body)
        stub.keys.append(request.headers.get("Authorization"))
        quotes = json.loads(body["messages"][-1]["content"])
        return await model({int(n): quote for n, quote in quotes.items()})

    app = web.Application()
    app.router.add_post("/v1/chat/completions", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stub.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield stub
    finally:
        await runner.cleanup()
