"""The Slack app: Bolt, what it listens to, and who answers what."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiohttp import web
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.errors import SettingsError, StoreError
from bot.models import Request, SentReply
from bot.settings import Settings
from handlers import (
    ask,
    brief,
    choose,
    digest,
    direct,
    edits,
    export,
    links,
    menu,
    panel,
    posts,
    share,
    shortcut,
    sources,
    trusting,
    watch,
    wrong,
)
from handlers.asking import Asking
from handlers.crew import Crew
from handlers.download import Files
from handlers.excuse import excuse
from handlers.http import web_app
from handlers.inbox import Inbox
from handlers.intake import Intake
from handlers.outbox import Outbox
from handlers.pace import GAP, Pace
from handlers.panels import Panels
from handlers.send import CALL_SECONDS, Sender, is_loopback
from handlers.socket import connected
from handlers.zones import Zones

log = logging.getLogger(__name__)

ANSWERS = {
    ask.SURFACE: ask.answer,
    brief.SURFACE: brief.answer,
    choose.SURFACE: choose.answer,
    digest.SURFACE: digest.answer,
    direct.SURFACE: direct.answer,
    edits.SURFACE: edits.answer,
    export.SURFACE: export.answer,
    links.SURFACE: links.answer,
    share.SURFACE: share.answer,
    shortcut.SURFACE: shortcut.answer,
    sources.SURFACE: sources.answer,
    trusting.SURFACE: trusting.answer,
    watch.SURFACE: watch.answer,
    wrong.SURFACE: wrong.answer,
}

SURFACES = (
    brief,
    choose,
    digest,
    direct,
    export,
    links,
    menu,
    panel,
    posts,
    share,
    shortcut,
    sources,
    watch,
    wrong,
)


@dataclass(frozen=True)
class SlackApp:
    """The app, not yet serving: ``web`` is what an HTTP server serves.

    ``inbox`` answers what is asked, ``outbox`` posts what was not.
    """

    bolt: AsyncApp
    web: web.Application
    inbox: Inbox
    asking: Asking
    intake: Intake
    outbox: Outbox
    panels: Panels
    app_token: str = ""

    def linked(self) -> AbstractAsyncContextManager[None]:
        """Keeps the connection of Socket Mode while it is open; nothing without an app token.

        Raises SettingsError where Slack refuses the token.
        """
        return connected(self.bolt, self.app_token) if self.app_token else nullcontext()

    def start(self) -> None:
        """Begin to work on what is there, left over from before included."""
        self.inbox.start()
        self.outbox.start()

    async def stop(self) -> None:
        """Finish or give back what is being worked on; the desk itself is not closed."""
        await asyncio.gather(self.inbox.stop(), self.outbox.stop())
        await self.panels.stop()
        await asyncio.to_thread(self.intake.close)
        await asyncio.to_thread(self.asking.close)


def build_app(
    settings: Settings,
    desk: Desk,
    *,
    workspace: str | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    poll_seconds: float = 2.0,
    gap: timedelta = GAP,
) -> SlackApp:
    """Build the app from settings; calls nobody.

    ``gap`` is the least time between two messages in a place.
    ``workspace`` is whose articles are drawn on; None is the Slack workspace that asks.
    Raises SettingsError where the token or the signing secret is missing.
    """
    token, secret = _credentials(settings)
    client = _client(settings, token)
    zones = Zones(client, settings.dragoman_tz, now=now)
    asking = Asking(desk, zones, now=now, workspace=workspace, admins=settings.admins)

    async def work(request: Request) -> SentReply:
        return await ANSWERS[request.surface](crew, request)

    inbox = Inbox(
        desk.store,
        work,
        lease=timedelta(seconds=settings.dragoman_lease_seconds),
        excuse=lambda request, why: excuse(sender, now, request, why),
        now=now,
        poll_seconds=poll_seconds,
    )
    pace = Pace(desk.store.outbox, gap=gap, now=now, sleep=sleep) if gap else None
    sender = Sender(client, pace=pace, now=now, sleep=sleep)
    outbox = Outbox(desk.store, sender, now=now, poll_seconds=poll_seconds)
    intake = Intake(desk, settings)
    panels = Panels()
    crew = Crew(inbox, asking, sender, now, intake, Files(token, client.base_url), panels)
    bolt = _bolt(client, token, secret)
    for surface in SURFACES:
        surface.listen(bolt, crew)
    app_token = settings.slack_app_token
    linked = app_token.get_secret_value().strip() if app_token else ""
    return SlackApp(bolt, web_app(bolt, secret), inbox, asking, intake, outbox, panels, linked)


def _client(settings: Settings, token: str) -> AsyncWebClient:
    client = AsyncWebClient(
        token=token,
        base_url=str(settings.slack_api_url),
        timeout=CALL_SECONDS,
        retry_handlers=[],
    )
    if is_loopback(client.base_url):
        client.proxy = None
    return client


def _credentials(settings: Settings) -> tuple[str, str]:
    named = {
        "SLACK_BOT_TOKEN": settings.slack_bot_token,
        "SLACK_SIGNING_SECRET": settings.slack_signing_secret,
    }
    values = [value.get_secret_value().strip() if value else "" for value in named.values()]
    missing = [name for name, value in zip(named, values, strict=True) if not value]
    if settings.slack_app_token:  # nothing is taken by HTTP, so nothing is signed
        missing = [name for name in missing if name != "SLACK_SIGNING_SECRET"]
    if missing:
        raise SettingsError(
            f"{' and '.join(missing)} must be set: both are on the pages of your Slack app. "
            "To try Dragoman without Slack, run `dragoman demo`.",
            about=missing[0],
        )
    return values[0], values[1]


def _bolt(client: AsyncWebClient, token: str, secret: str) -> AsyncApp:
    # Bolt reads the token from the environment as well and warns that it has two.
    quiet = logging.getLogger("dragoman.bolt")
    quiet.setLevel(logging.ERROR)

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        # No call to auth.test: requests are taken in while Slack's API is away, too.
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    app = AsyncApp(
        name="dragoman",
        logger=quiet,
        client=client,
        signing_secret=secret,
        authorize=authorize,
        process_before_response=True,  # a listener writes down before Slack is answered
        raise_error_for_unhandled_request=True,
        ignoring_self_events_enabled=False,  # ask.addressed leaves out every bot
        attaching_conversation_kwargs_enabled=False,
        attaching_function_token_enabled=False,
        ssl_check_enabled=False,
    )

    @app.error
    async def failed(error: Exception) -> BoltResponse:
        if isinstance(error, BoltUnhandledRequestError):
            return BoltResponse(status=200, body="")
        if isinstance(error, StoreError):
            log.error("not taken in, Slack will send it again: %s", error)
            return BoltResponse(status=503, body="")
        log.error("not taken in", exc_info=error)
        return BoltResponse(status=500, body="")

    return app
