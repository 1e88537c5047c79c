"""Composition roots of the Slack server and of the demo: what runs, and in what order it ends."""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from aiohttp import web
from pydantic import AnyHttpUrl, SecretStr

from bot.desk import Desk
from bot.digests.hushing import loud_again
from bot.digests.telling import Telling
from bot.errors import DragomanError, SettingsError
from bot.feeds.poll import Polled
from bot.feeds.run import keep_polling, polling
from bot.feeds.telling import tell
from bot.models import LOCAL
from bot.search.meaning import MOST
from bot.settings import Settings, load_settings
from bot.told.correcting import Correcting
from bot.watches.telling import Alerts
from bot.workspaces import Coming, told_of_feeds
from handlers.app import SlackApp, build_app
from handlers.oauth import INSTALL
from handlers.workspace.clock import Clock
from handlers.workspace.server import LocalWorkspace
from handlers.workspace.state import ADMIN

log = logging.getLogger(__name__)

CATCH_UP_SECONDS = 1.0
PORTS_TRIED = 10

_LOOPBACK = "127.0.0.1"


async def serve(settings: Settings) -> None:
    """Serve Slack until SIGTERM or Ctrl-C; then answer what is being worked on, and end.

    One bot token is one Slack workspace: it draws on the articles that the command line
    ingests. Where many installed it, each draws on its own. Raises SettingsError, or
    StoreUnavailable where the data cannot be opened.
    """
    _log()
    async with AsyncExitStack() as stack:
        asked = stack.enter_context(_asked_to_stop())
        desk = await _desk(stack, settings)
        app = build_app(settings, desk, workspace=None if settings.by_oauth else LOCAL)
        url = await stack.enter_async_context(_listening(app, settings.host, settings.port))
        await stack.enter_async_context(_following(desk, settings))
        await stack.enter_async_context(_polling(desk, settings))
        where = "through Socket Mode" if app.app_token else f"at {url}"
        click.echo(f"Dragoman takes Slack's requests {where} — Ctrl-C stops it")
        if settings.by_oauth:
            click.echo(f"Workspaces install it at {url.replace('/slack/events', INSTALL)}")
        await asked.wait()


async def demo(data: Path | None, port: int) -> None:
    """Serve the local workspace with the seed articles, on this machine alone.

    ``data`` is a folder to keep; without it everything is thrown away at the end. Where
    ``port`` is taken, one of the next free ones is used; 0 is any free one.
    """
    _log()
    ours = load_settings(None)
    async with AsyncExitStack() as stack:
        asked = stack.enter_context(_asked_to_stop())
        folder = data or Path(stack.enter_context(_throw_away()))
        secret, token = secrets.token_hex(16), f"xoxb-{secrets.token_hex(16)}"
        clock = Clock()
        workspace = LocalWorkspace(signing_secret=secret, bot_token=token, moved=clock)
        await _start(workspace, port)
        stack.push_async_callback(workspace.stop)
        settings = ours.model_copy(
            update={
                "dragoman_data": folder,
                "database_url": None,
                "slack_bot_token": SecretStr(token),
                "slack_signing_secret": SecretStr(secret),
                "slack_api_url": AnyHttpUrl(workspace.api_url),
                "dragoman_admins": ours.dragoman_admins or ADMIN,
            }
        )
        desk = await _desk(stack, settings)
        clock.next_due = desk.store.digests.next_due
        await asyncio.to_thread(desk.ingest_seeds, now=clock.now())
        app = build_app(settings, desk, workspace=LOCAL, now=clock.now)
        url = await stack.enter_async_context(_listening(app, _LOOPBACK, 0))
        workspace.connect(url)
        await stack.enter_async_context(_following(desk, settings, clock.now))
        await stack.enter_async_context(_polling(desk, settings, clock.now))
        click.echo(f"Dragoman is at {workspace.url} — Ctrl-C stops it")
        await asked.wait()


def _log() -> None:
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )


def _throw_away() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="dragoman-", ignore_cleanup_errors=True)


async def _desk(stack: AsyncExitStack, settings: Settings) -> Desk:
    desk = await asyncio.to_thread(Desk.from_settings, settings)
    stack.push_async_callback(asyncio.to_thread, desk.close)
    await asyncio.to_thread(desk.catch_up)
    # Actors are kept as long as the process runs: a look through all of them, by a collector
    # that can free none, would hold up an answer by a tenth of a second.
    gc.freeze()
    return desk


async def _start(workspace: LocalWorkspace, port: int) -> None:
    last = port if port == 0 else min(port + PORTS_TRIED - 1, 65535)
    for candidate in range(port, last + 1):
        try:
            await workspace.start(port=candidate)
        except SettingsError as error:
            if candidate == last:
                raise
            click.echo(f"{error.message.split(':')[0]}; trying {candidate + 1}.", err=True)
        else:
            return


@asynccontextmanager
async def _listening(app: SlackApp, host: str, port: int) -> AsyncIterator[str]:
    """Take requests in and work on them; yields the address for Slack's settings."""
    runner = web.AppRunner(app.web, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        await app.stop()
        raise SettingsError(
            f"Nothing can listen at {host}, port {port} ({error.strerror}): "
            "set HOST and PORT to an address that is free.",
            about="PORT",
        ) from error
    app.start()
    try:
        name = f"[{host}]" if ":" in host else host
        async with app.linked():
            yield f"http://{name}:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()  # nothing new comes in,
        await app.stop()  # and what came in is answered or given back


@asynccontextmanager
async def _following(
    desk: Desk, settings: Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncIterator[None]:
    """Keep the indexes up with the store, whoever writes it."""
    telling = Telling(desk, age=timedelta(hours=settings.dragoman_digest_age), now=now)
    correcting = Correcting(desk, days=settings.dragoman_corrections_days, now=now)
    alerts = Alerts(desk, loud=loud_again, now=now)
    steps = [desk.catch_up, alerts.look, telling.look, correcting.look]
    if settings.by_oauth:
        grace = timedelta(days=settings.dragoman_grace_days)
        steps.append(Coming(desk, grace=grace, now=now).look)
    if desk.meaning is not None:
        steps.append(desk.embed_more)  # beside the other, which need not wait for it
    tasks = [asyncio.create_task(_repeat(step), name=step.__name__) for step in steps]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def _repeat(step: Callable[[], int]) -> None:
    """Take each step at most a second after the last, or at once where that found much to do."""
    failing, more = False, 0
    while True:
        await asyncio.sleep(0 if more >= MOST else CATCH_UP_SECONDS)
        try:
            more = await asyncio.to_thread(step)
        except DragomanError as error:
            if not failing:
                log.warning("the index waits: %s", error)
            failing, more = True, 0
        else:
            failing = False


@asynccontextmanager
async def _polling(
    desk: Desk, settings: Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncIterator[None]:
    """Poll feeds, and tell those who run this of feeds that died."""
    people = settings.admins

    def notify(workspace: str) -> None:
        whom = told_of_feeds(desk.store, workspace, people)
        tell(desk.store, workspace, whom, now())

    async def told(polled: Polled) -> None:
        if polled.notice is not None:
            log.warning("%s", polled.notice.said)
        await asyncio.to_thread(notify, polled.feed.workspace)

    async with polling(settings, desk.store, desk.ingest, now=now) as poller:
        task = asyncio.create_task(keep_polling(poller, told), name="feeds")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])


@contextmanager
def _asked_to_stop() -> Iterator[asyncio.Event]:
    """Hear SIGTERM and Ctrl-C from the start, so that what is under way ends in order.

    Only the first: a second Ctrl-C ends us at once.
    """
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    with ExitStack() as handlers:

        def stop() -> None:
            handlers.close()
            asked.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):  # Windows ends by KeyboardInterrupt instead
                loop.add_signal_handler(number, stop)
                handlers.callback(loop.remove_signal_handler, number)
        yield asked
