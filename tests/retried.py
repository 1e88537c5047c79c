"""Two replicas on one store, and a far side whose every delivery comes one to four times at once.

Over HTTP, or through a connection of Socket Mode for each replica.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pydantic import SecretStr
from sqlalchemy import func, select

from bot.desk import Desk
from bot.store.inbox import request
from handlers.app import socket_mode
from handlers.workspace import payloads
from handlers.workspace.delivery import Delivery
from handlers.workspace.state import BOT, Hook, Message
from tests.slack import ROOM, US, YOU, app_for, far_side, post, serving
from tests.unsent import unsent
from tests.workspace import APP_TOKEN, LocalWorkspace

NOWHERE = "http://127.0.0.1:9/slack/events"
KINDS = {"event": "application/json"}
FORM = "application/x-www-form-urlencoded"

Way = Callable[[Delivery], Awaitable[bool]]

TELLING = (
    "chat.postEphemeral",
    "chat.postMessage",
    "chat.unfurl",
    "chat.update",
    "entity.presentDetails",
    "files.completeUploadExternal",
    "functions.completeSuccess",
    "response_url",
    "views.publish",
)
"""The calls that show somebody something anew."""


@dataclass
class Twice:
    """The far side, which delivers nothing by itself, and a way to each replica."""

    far: LocalWorkspace
    desk: Desk
    ways: list[Way]
    links: list[Any] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311

    async def deliver(self, act: Awaitable[Any]) -> Counter[str]:
        """Deliver what an act brings one to four times each, at once, in any order.

        Returns what the app showed for it when all is done, by the method it was shown with.
        """
        before, told = len(self.far.deliveries), len(self.far.calls)
        await act
        await self.far.settled()
        bodies = {one.body: one for one in self.far.deliveries[before:]}
        times = [2, *(self.chance.randint(1, 4) for _ in bodies)]  # one of them is twice at least
        sent = [
            (one, self.chance.choice(self.ways))
            for n, one in zip(times, bodies.values(), strict=False)
            for _ in range(n)
        ]
        self.chance.shuffle(sent)
        taken = await asyncio.gather(*(way(one) for one, way in sent))
        assert all(taken), sent
        await self.done()
        calls = [call.method for call in self.far.calls[told:]]
        return Counter(method for method in calls if method in TELLING)

    async def done(self) -> None:
        """Wait until no request is open, and nothing waits to be posted."""
        await until(lambda: not self._open())
        await self.far.settled()

    def _open(self) -> int:
        still = select(func.count()).select_from(request).where(request.c.ended_at.is_(None))
        with self.desk.store._read() as connection:
            requests: int = connection.execute(still).scalar_one()
        return requests + len(unsent(self.desk.store, "T0LOCAL"))

    async def click(
        self, action: str, value: dict[str, Any] | str, *, option: str = "", ts: str = "1.1"
    ) -> None:
        """Click a button that carries a value, or pick an option of a menu, under a message
        of the bot's that one person sees in the channel."""
        message = Message(channel=ROOM, ts=ts, user=US, bot_id=BOT, text="x", only_for=YOU)
        carried = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        button: dict[str, Any] = {"type": "button", "value": carried}
        if option:
            button = {"type": "overflow", "selected_option": {"value": option}}
        button |= {"action_id": action, "block_id": "b"}
        payload = payloads.block_actions(
            {**button, "action_ts": "1.1"},
            user=self.far.users[YOU],
            channel=self.far.channels[ROOM],
            message=message,
            trigger_id=self.far._views.trigger(YOU),
            response_url=self.far._hooks.new(Hook(channel=ROOM, user=YOU)),
        )
        await self.far._deliverer.form("interactivity", {"payload": json.dumps(payload)})


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is true of what no event tells of."""
    for _ in range(2000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come true")


@asynccontextmanager
async def by_http(desks: tuple[Desk, Desk], **more: Any) -> AsyncIterator[Twice]:
    """Two replicas that are reached at an address each."""
    async with far_side() as far, AsyncExitStack() as stack:
        urls = [
            await stack.enter_async_context(serving(app_for(far, desk, **more))) for desk in desks
        ]
        far.connect(NOWHERE)
        yield Twice(far, desks[0], [_posting(url) for url in urls])


def _posting(url: str) -> Way:
    async def way(one: Delivery) -> bool:
        status, _ = await post(url, one.body.encode(), KINDS.get(one.sort, FORM))
        return status == 200

    return way


@asynccontextmanager
async def by_socket(desks: tuple[Desk, Desk], **more: Any) -> AsyncIterator[Twice]:
    """Two replicas, each with a connection of its own."""
    linked = {"slack_app_token": SecretStr(APP_TOKEN), "slack_signing_secret": None}
    async with far_side() as far, AsyncExitStack() as stack:
        far.connect(NOWHERE)
        for number, desk in enumerate(desks, start=1):
            app = app_for(far, desk, **linked, **more)
            app.start()
            stack.push_async_callback(app.stop)
            await stack.enter_async_context(socket_mode(app.bolt, app.app_token))
            await until(partial(_has_links, far, number))
        links = list(far.sockets._open)
        far.sockets._open.clear()  # what people do is held, and delivered by the test
        try:
            yield Twice(far, desks[0], [_sending(far, link) for link in links], links)
        finally:
            far.sockets._open.extend(links)


def _has_links(far: LocalWorkspace, number: int) -> bool:
    return len(far.sockets._open) >= number


def _sending(far: LocalWorkspace, link: Any) -> Way:
    async def way(one: Delivery) -> bool:
        status, _, _ = await far.sockets.send(one.sort, one.body, 0, "", 10, link=link)
        return status == 200

    return way


class Listened:
    """Stands for Bolt's app, and keeps what is listened to."""

    def __init__(self) -> None:
        self.to: set[str] = set()

    def __getattr__(self, kind: str) -> Callable[..., Any]:
        def listen(what: Any, *_: Any, **__: Any) -> Callable[[Any], Any]:
            names = what.pattern if isinstance(what, re.Pattern) else str(what)
            plain = re.sub(r"[\^$]|\(\?:|\)|:(?:\\[dw]\+)?", "", names)
            self.to |= {f"{kind.removeprefix('message_')} {name}" for name in plain.split("|")}
            return lambda listener: listener

        return listen
