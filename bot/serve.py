"""Composition roots of the Slack server and of the demo: what runs, and in what order it ends."""

from __future__ import annotations

import asyncio
import gc
import secrets
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AsyncExitStack,
    ExitStack,
    asynccontextmanager,
    closing,
    contextmanager,
    suppress,
)
from datetime import UTC, datetime
from pathlib import Path

import click
from aiohttp import web
from pydantic import AnyHttpUrl, SecretStr

from bot.desk import Desk
from bot.errors import SettingsError
from bot.health.probes import Health, measured
from bot.mcp import token_of, workspace_of
from bot.models import LOCAL
from bot.settings import Settings, load_settings
from bot.store.engine import parse, place_of, url_of
from bot.telemetry import logs
from bot.telemetry.traces import traced
from bot.work.place import placed
from bot.work.tasks import following, polls, repeating, shared
from handlers.app import SlackApp, build_app
from handlers.auth import check_tokens
from handlers.install import INSTALL
from handlers.workspace.server import LocalWorkspace
from handlers.workspace.state import ADMIN, Clock

PORTS_TRIED = 10

_LOOPBACK = "127.0.0.1"


async def serve(settings: Settings) -> None:
    """Serve Slack until SIGTERM or Ctrl-C; then answer what is being worked on, and end.

    One bot token is one Slack workspace: it draws on the articles that the command line
    ingests. Where many installed it, each draws on its own. Raises SettingsError, or
    StoreUnavailable where the data cannot be opened.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(logs.written(settings))
        stack.enter_context(traced(settings))
        asked = stack.enter_context(_stop_requested())
        _check(settings)
        check_tokens(settings)  # before the store is opened, which may take a while
        mcp_token = token_of(settings)
        settings = stack.enter_context(placed(settings))
        desk = await _desk(stack, settings)
        app = build_app(settings, desk, workspace=None if settings.by_oauth else LOCAL)
        health = await stack.enter_async_context(_health_checks(desk, settings, app))
        assistants = await stack.enter_async_context(_assistants(desk, settings, app, mcp_token))
        url = await stack.enter_async_context(_listening(app, settings.host, settings.port))
        await stack.enter_async_context(repeating(following(desk)))
        if settings.dragoman_jobs == "serve":
            await stack.enter_async_context(_background_work(desk, settings))
        where = "through Socket Mode" if app.app_token else f"at {url}"
        click.echo(f"Dragoman takes Slack's requests {where} — press Ctrl-C to stop it")
        if settings.by_oauth:
            click.echo(f"Workspaces install it at {url.replace('/slack/events', INSTALL)}")
        if assistants:
            click.echo(f"AI assistants connect at {url.replace('/slack/events', assistants)}")
        _print_metrics_address(health)
        await asked.wait()


async def work(settings: Settings) -> None:
    """Poll feeds, and make digests, alerts and corrections, until SIGTERM or Ctrl-C.

    Beside a store in PostgreSQL, by any number of processes: what they have to say is posted by
    those that serve. Raises SettingsError under SQLite, or StoreUnavailable where the data
    cannot be opened.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(logs.written(settings))
        stack.enter_context(traced(settings))
        asked = stack.enter_context(_stop_requested())
        if _is_file(settings):
            raise SettingsError(
                "A worker needs a store in PostgreSQL: set DATABASE_URL. Beside a file of SQLite"
                " `dragoman serve` does all of its work.",
                about="DATABASE_URL",
            )
        settings = stack.enter_context(placed(settings))
        desk = await _desk(stack, settings)
        health = await stack.enter_async_context(_health_checks(desk, settings))
        await stack.enter_async_context(repeating(following(desk)))
        await stack.enter_async_context(_background_work(desk, settings))
        click.echo(
            f"Dragoman works at {place_of(parse(url_of(settings)))} — press Ctrl-C to stop it"
        )
        _print_metrics_address(health)
        await asked.wait()


def _print_metrics_address(url: str) -> None:
    if url:
        click.echo(f"Metrics are at {url}/metrics")


async def demo(data: Path | None, port: int) -> None:
    """Serve the local workspace with the seed articles, on this machine alone.

    ``data`` is a folder to keep; without it everything is thrown away at the end. Where
    ``port`` is taken, one of the next free ones is used; 0 is any free one.
    """
    ours = load_settings(None)
    async with AsyncExitStack() as stack:
        stack.enter_context(logs.written(ours))
        asked = stack.enter_context(_stop_requested())
        folder = data or Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(prefix="dragoman-", ignore_cleanup_errors=True)
            )
        )
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
                "dragoman_url": AnyHttpUrl(workspace.url),
                "dragoman_admins": ours.dragoman_admins or ADMIN,
            }
        )
        stack.enter_context(placed(settings))
        desk = await _desk(stack, settings)
        clock.next_due = desk.store.digests.next_due
        await asyncio.to_thread(desk.ingest_seeds, now=clock.now(), facts_later=True)
        app = build_app(settings, desk, workspace=LOCAL, now=clock.now)
        url = await stack.enter_async_context(_listening(app, _LOOPBACK, 0))
        workspace.connect(url)
        await stack.enter_async_context(repeating(following(desk)))
        await stack.enter_async_context(_background_work(desk, settings, clock.now))
        click.echo(f"Dragoman is at {workspace.url} — press Ctrl-C to stop it")
        await asked.wait()


async def _desk(stack: AsyncExitStack, settings: Settings) -> Desk:
    desk = await asyncio.to_thread(Desk.from_settings, settings)
    stack.push_async_callback(asyncio.to_thread, desk.close)
    await asyncio.to_thread(desk.catch_up)
    await asyncio.to_thread(desk.readers().get_ready)
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
async def _health_checks(
    desk: Desk, settings: Settings, app: SlackApp | None = None
) -> AsyncIterator[str]:
    """Serve probes and Prometheus on a port of their own; yields its address, or ""."""
    health = Health(desk, app.is_linked if app is not None else None)
    try:
        async with measured(health, settings) as url:
            yield url
    finally:
        health.close()


@asynccontextmanager
async def _assistants(
    desk: Desk, settings: Settings, app: SlackApp, token: str
) -> AsyncIterator[str]:
    """Answer AI assistants by MCP, if there is a token for them; yields the path, or ""."""
    if not token:
        yield ""
        return
    from bot.mcp.server import PATH, mounted
    from bot.mcp.tools import Access

    access = Access(desk, workspace_of(settings), settings.dragoman_tz)
    async with mounted(app.web, access, token):
        yield PATH


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
async def _background_work(
    desk: Desk, settings: Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncIterator[None]:
    """Work in the background: poll feeds, make digests, alerts and corrections.

    Any number of processes share the work of a store in PostgreSQL.
    """
    looks = shared(desk, settings, now)
    async with polls(desk, settings, now) as polling:
        if _is_file(settings):
            async with repeating(looks, polling):
                yield
            return
        from bot.work.locks import TaskLocks

        with closing(TaskLocks(url_of(settings))) as locks:
            async with repeating(looks, polling, locks.hold):
                yield


def _check(settings: Settings) -> None:
    if settings.dragoman_jobs == "worker" and _is_file(settings):
        raise SettingsError(
            "DRAGOMAN_JOBS=worker needs a store in PostgreSQL: set DATABASE_URL, or leave it"
            " out; then this process polls feeds and makes digests, too.",
            about="DRAGOMAN_JOBS",
        )


def _is_file(settings: Settings) -> bool:
    return parse(url_of(settings)).get_backend_name() == "sqlite"


@contextmanager
def _stop_requested() -> Iterator[asyncio.Event]:
    """Catch SIGTERM and Ctrl-C from the start, so that work in progress ends in order.

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
