"""Socket Mode: Slack's requests through a connection that we open, where nobody can reach us.

What comes is handed to Bolt as by HTTP, and acknowledged by Bolt's own handler once it is
written down; what is not, Slack sends again. https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import SettingsError
from handlers.refusals import of_api
from handlers.keys import is_loopback

log = logging.getLogger(__name__)

PING_SECONDS = 10.0
_LOST_SECONDS = 60.0
"""How long without a connection until another address is asked for: those given out expire."""


def _in_a_line(record: logging.LogRecord) -> bool:
    """Leave of what Slack's library logs one line: each attempt fails in the same place."""
    record.msg, record.args = " ".join(record.getMessage().split()), None
    record.exc_info = record.exc_text = record.stack_info = None
    return True


_quiet = logging.getLogger("dragoman.socket")
_quiet.setLevel(logging.ERROR)
_quiet.addFilter(_in_a_line)


class Link:
    """The connection of Socket Mode, or none."""

    def __init__(self) -> None:
        self.client: SocketModeClient | None = None

    async def is_up(self) -> bool:
        """Whether Slack can reach us through it now."""
        return self.client is not None and await self.client.is_connected()


@asynccontextmanager
async def connected(
    app: AsyncApp,
    token: str,
    link: Link | None = None,
    *,
    ping_seconds: float = PING_SECONDS,
    lost_seconds: float = _LOST_SECONDS,
) -> AsyncIterator[None]:
    """Keep a connection to Slack while the context is open; ``link`` tells whether it is up.

    Raises SettingsError where Slack refuses the token; where Slack cannot be reached, it is
    tried again until it can.
    """
    await _checked(app.client, token)
    kept = _kept(app, token, link or Link(), ping_seconds, lost_seconds)
    task = asyncio.create_task(kept, name="socket")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _checked(client: AsyncWebClient, token: str) -> None:
    try:
        await client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        refused = of_api(error)
        if refused.later:
            return
        raise SettingsError(
            f"Slack refuses SLACK_APP_TOKEN ({refused.word}): it must be an app-level token, "
            "xapp-..., with the scope connections:write, of an app with Socket Mode turned on.",
            about="SLACK_APP_TOKEN",
        ) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        log.warning("Slack cannot be reached yet: %s", type(error).__name__)


async def _kept(
    app: AsyncApp, token: str, link: Link, ping_seconds: float, lost_seconds: float
) -> None:
    while True:
        handler = AsyncSocketModeHandler(app, token, logger=_quiet, ping_interval=ping_seconds)
        if is_loopback(app.client.base_url):
            handler.client.proxy = None
        connecting = asyncio.create_task(_connect(handler))
        link.client = handler.client
        try:
            await _lost(handler, lost_seconds)
        finally:
            link.client = None
            # The client tries one address for ever; closing it ends that.
            connecting.cancel()
            await asyncio.wait([connecting])
            await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt has no types for it
        log.warning("the connection to Slack is lost; another is opened")


async def _connect(handler: AsyncSocketModeHandler) -> None:
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt has no types for it


async def _lost(handler: AsyncSocketModeHandler, lost_seconds: float) -> None:
    """Return when there has been no connection for so long."""
    clock = asyncio.get_running_loop().time
    since = clock()
    while clock() - since < lost_seconds:
        await asyncio.sleep(lost_seconds / 10)
        if await handler.client.is_connected():
            since = clock()
