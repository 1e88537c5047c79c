"""The Slack app: Bolt, its listeners, and the modules that answer."""

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
    actions,
    brief,
    curation,
    digest,
    forms,
    home,
    install,
    links,
    messages,
    objects,
    panel,
    steps,
    watch,
)
from handlers.asking import Asking, Conversations
from handlers.auth import (
    SOCKET_MODE_SETTING,
    Credentials,
    acting_for,
    check_installed,
    credentials,
    token_of,
)
from handlers.context import Answer, Context, Panels
from handlers.inbox import Inbox, apologise
from handlers.intake import FileDownloads, Intake
from handlers.outbox import Outbox
from handlers.pace import GAP, Pace
from handlers.people import People, Profiles
from handlers.sender import Sender
from handlers.transport import SocketLink, bolt_app, socket_mode, web_app

SURFACES = (
    actions,
    brief,
    curation,
    digest,
    forms,
    home,
    install,
    links,
    messages,
    objects,
    panel,
    steps,
    watch,
)
"""The surfaces: each module listens, and answers the requests that it took in."""

ANSWERS: dict[str, Answer] = {
    surface: answer for module in SURFACES for surface, answer in module.ANSWERS.items()
}


@dataclass(frozen=True)
class SlackApp:
    """The app, not yet serving: ``web`` is what an HTTP server serves.

    ``inbox`` answers requests; ``outbox`` posts messages that nobody asked for.
    """

    bolt: AsyncApp
    web: web.Application
    inbox: Inbox
    asking: Asking
    intake: Intake
    outbox: Outbox
    panels: Panels
    app_token: str = ""
    link: SocketLink = field(default_factory=SocketLink)

    def linked(self) -> AbstractAsyncContextManager[None]:
        """Keep the Socket Mode connection while the context is open; no-op without an app token.

        Raises SettingsError if Slack refuses the token.
        """
        return (
            socket_mode(self.bolt, self.app_token, self.link) if self.app_token else nullcontext()
        )

    async def is_linked(self) -> bool | None:
        """Return whether Socket Mode is connected; None if Slack's requests come by HTTP."""
        return await self.link.is_up() if self.app_token else None

    def start(self) -> None:
        """Start working, including on requests and messages left over from before."""
        self.inbox.start()
        self.outbox.start()

    async def stop(self) -> None:
        """Finish or give back the work under way; the desk itself is not closed."""
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
    """Build the app from settings, without any call.

    ``gap`` is the least time between two messages in a place.
    ``workspace`` is the source of articles; None means the Slack workspace that asks.
    Raises SettingsError if a token or a secret is missing.
    """
    given = credentials(settings, desk.store, now)
    people = People(
        desk.store, Profiles(given.client, settings.dragoman_tz, now=now), settings.admins
    )
    pace = Pace(desk.store.pacing, gap=gap, now=now, sleep=sleep) if gap else None
    sender = Sender(given.client, pace=pace, now=now, sleep=sleep)
    context = Context(
        inbox=Inbox(
            desk.store,
            lambda request: _answered(context, request),
            lease=timedelta(seconds=settings.dragoman_lease_seconds),
            excuse=lambda request, why: _excused(context, request, why),
            now=now,
            poll_seconds=poll_seconds,
        ),
        asking=Asking(desk, people, now=now, workspace=workspace),
        sender=sender,
        now=now,
        intake=Intake(desk, settings),
        files=FileDownloads(given.token_now, given.client.base_url),
        panels=Panels(),
        people=people,
        conversations=Conversations(desk.store, now),
        client=given.client,
        address=settings.address,
        tokens=given.tokens,
    )
    outbox = Outbox(desk.store, sender, given.tokens, now=now, poll_seconds=poll_seconds)
    return _app(settings, given, context, outbox)


def _app(settings: Settings, given: Credentials, context: Context, outbox: Outbox) -> SlackApp:
    """Connect Bolt to all listeners, and make the app that serves it."""
    bolt = bolt_app(given.client, given.token, given.secret, given.tokens)
    for module in SURFACES:
        module.listen(bolt, context)
    return SlackApp(
        bolt=bolt,
        web=web_app(bolt, given.secret, [*given.pages, *objects.page_routes(context.address)]),
        inbox=context.inbox,
        asking=context.asking,
        intake=context.intake,
        outbox=outbox,
        panels=context.panels,
        app_token=token_of(settings, SOCKET_MODE_SETTING),
    )


async def _answered(context: Context, request: Request) -> SentReply:
    with acting_for(request.workspace):
        await check_installed(context.tokens, request)
        return await ANSWERS[request.surface](context, request)


async def _excused(context: Context, request: Request, why: Exception) -> None:
    with acting_for(request.workspace):
        if request.surface == steps.SURFACE:
            await steps.give_up(context, request)
            return
        await apologise(context.sender, context.now, request, why)
