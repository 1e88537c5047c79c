"""The Slack app: Bolt, what it listens to, and who answers what."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import web
from slack_bolt.async_app import AsyncApp

from bot.desk import Desk
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
    feedback,
    feeding,
    home,
    leaving,
    links,
    menu,
    panel,
    posts,
    preferences,
    share,
    shortcut,
    sources,
    trusting,
    watch,
    wrong,
    wrong_fact,
)
from handlers.asking import Asking
from handlers.bolt import bolt_app
from handlers.crew import Crew
from handlers.download import Files
from handlers.excuse import excuse
from handlers.http import web_app
from handlers.inbox import Inbox
from handlers.intake import Intake
from handlers.keys import SOCKET_MODE_SETTING, keys, token_of
from handlers.outbox import Outbox
from handlers.pace import GAP, Pace
from handlers.panels import Panels
from handlers.send import Sender
from handlers.socket import Link, connected
from handlers.speaking import speaking_for
from handlers.tokens import still_installed
from handlers.zones import Zones

ANSWERS = {
    ask.SURFACE: ask.answer,
    brief.SURFACE: brief.answer,
    choose.SURFACE: choose.answer,
    digest.SURFACE: digest.answer,
    direct.SURFACE: direct.answer,
    edits.SURFACE: edits.answer,
    export.SURFACE: export.answer,
    feedback.SURFACE: feedback.answer,
    feeding.SURFACE: feeding.answer,
    home.SURFACE: home.answer,
    links.SURFACE: links.answer,
    preferences.SURFACE: preferences.answer,
    share.SURFACE: share.answer,
    shortcut.SURFACE: shortcut.answer,
    sources.SURFACE: sources.answer,
    trusting.SURFACE: trusting.answer,
    watch.SURFACE: watch.answer,
    wrong.SURFACE: wrong.answer,
    wrong_fact.SURFACE: wrong_fact.answer,
}

SURFACES = (
    brief,
    choose,
    digest,
    direct,
    export,
    feedback,
    feeding,
    home,
    leaving,
    links,
    menu,
    panel,
    posts,
    preferences,
    share,
    shortcut,
    sources,
    watch,
    wrong,
    wrong_fact,
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
    link: Link = field(default_factory=Link)

    def linked(self) -> AbstractAsyncContextManager[None]:
        """Keeps the connection of Socket Mode while it is open; nothing without an app token.

        Raises SettingsError where Slack refuses the token.
        """
        return connected(self.bolt, self.app_token, self.link) if self.app_token else nullcontext()

    async def is_linked(self) -> bool | None:
        """Whether Socket Mode is connected; None where Slack's requests come by HTTP."""
        return await self.link.is_up() if self.app_token else None

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
    Raises SettingsError where a token or a secret is missing.
    """
    ours = keys(settings, desk.store, now)
    zones = Zones(ours.client, settings.dragoman_tz, now=now)
    asking = Asking(desk, zones, now=now, workspace=workspace, admins=settings.admins)

    inbox = Inbox(
        desk.store,
        lambda request: _answered(crew, request),
        lease=timedelta(seconds=settings.dragoman_lease_seconds),
        excuse=lambda request, why: _excused(crew, request, why),
        now=now,
        poll_seconds=poll_seconds,
    )
    pace = Pace(desk.store.pacing, gap=gap, now=now, sleep=sleep) if gap else None
    sender = Sender(ours.client, pace=pace, now=now, sleep=sleep)
    outbox = Outbox(desk.store, sender, ours.tokens, now=now, poll_seconds=poll_seconds)
    intake = Intake(desk, settings)
    panels = Panels()
    files = Files(ours.token_now, ours.client.base_url)
    crew = Crew(inbox, asking, sender, now, intake, files, panels, ours.tokens)
    bolt = bolt_app(ours.client, ours.token, ours.secret, ours.tokens)
    for surface in SURFACES:
        surface.listen(bolt, crew)
    linked = token_of(settings, SOCKET_MODE_SETTING)
    face = web_app(bolt, ours.secret, ours.pages)
    return SlackApp(bolt, face, inbox, asking, intake, outbox, panels, linked)


async def _answered(crew: Crew, request: Request) -> SentReply:
    with speaking_for(request.workspace):
        await still_installed(crew.tokens, request)
        return await ANSWERS[request.surface](crew, request)


async def _excused(crew: Crew, request: Request, why: Exception) -> None:
    with speaking_for(request.workspace):
        await excuse(crew.sender, crew.now, request, why)
