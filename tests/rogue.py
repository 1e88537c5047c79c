"""A web server on loopback that does what it is told, however wrong, and counts requests."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from socket import AF_INET, AF_INET6
from typing import TypeVar

from aiohttp.abc import AbstractResolver, ResolveResult

from bot.gather.fetch import Fetcher, Limits

T = TypeVar("T")
Answer = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]

QUICK = Limits(body=2**20, header=4_096, seconds=2.0, pause=0.0)


def said(
    body: bytes | str = b"", status: str = "200 OK", length: int | None = None, **headers: str
) -> bytes:
    """One answer, closed after it; header names have _ for -, and ``length`` may be a lie."""
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", "Connection: close"]
    lines.append(f"Content-Length: {len(raw) if length is None else length}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + raw


def moved(to: str, status: int = 302) -> bytes:
    return said(status=f"{status} Moved", Location=to)


@dataclass
class Rogue:
    """``answers`` by path; each request is kept as (path, headers in lower case)."""

    answers: dict[str, Answer]
    port: int = 0
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    busy: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.requests]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (task := asyncio.current_task()) is not None:
            self.busy.add(task)
            task.add_done_callback(self.busy.discard)
        try:
            first = await reader.readexactly(1)
            if first == b"\x16":  # TLS, which is not spoken here
                writer.write(said("plain HTTP only", "400 Bad Request"))
                return
            head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            path = head[0].split()[1]
            pairs = (line.partition(": ") for line in head[1:] if line)
            self.requests.append((path, {name.lower(): value for name, _, value in pairs}))
            answer = self.answers.get(path, said("no such page", "404 Not Found"))
            if isinstance(answer, bytes):
                writer.write(answer)
            else:
                await answer(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            return  # the client has had enough, which is often the point; or the test is over
        finally:
            writer.close()


@asynccontextmanager
async def rogue(answers: Mapping[str, Answer]) -> AsyncIterator[Rogue]:
    it = Rogue(dict(answers))
    server = await asyncio.start_server(it.serve, "127.0.0.1", 0)
    it.port = server.sockets[0].getsockname()[1]
    try:
        yield it
    finally:
        server.close()
        for task in it.busy:
            task.cancel()


@contextmanager
def rogue_aside(answers: Mapping[str, Answer]) -> Iterator[Rogue]:
    """A server in a thread of its own, for what blocks."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    context = rogue(answers)

    def run(step: Coroutine[None, None, T]) -> T:
        return asyncio.run_coroutine_threadsafe(step, loop).result()

    async def opened() -> Rogue:
        return await context.__aenter__()

    async def closed() -> None:
        await context.__aexit__(None, None, None)

    try:
        yield run(opened())
        run(closed())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class Names(AbstractResolver):
    """A DNS whose answers are given: the first at first, the last for ever after."""

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        self.names = {name: list(answers) for name, answers in names.items()}
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: int = AF_INET) -> list[ResolveResult]:
        self.asked.append(host)
        answers = self.names.get(host)
        if not answers:
            raise OSError(f"no such name: {host}")
        address = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=one,
                port=port,
                family=AF_INET6 if ":" in one else AF_INET,
                proto=0,
                flags=0,
            )
            for one in address.split()
        ]

    async def close(self) -> None:
        return None


def fetcher(
    *,
    allow: Sequence[str] = ("127.0.0.1",),
    limits: Limits = QUICK,
    resolver: AbstractResolver | None = None,
) -> Fetcher:
    return Fetcher(user_agent="Dragoman/test", allow=allow, limits=limits, resolver=resolver)
