"""dragoman serve, worker, demo, mcp, reindex and doctor: run Dragoman and check it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.common import (
    in_words,
    json_option,
    of_workspace,
    open_desk,
    print_json,
    printable,
)
from bot.errors import DragomanError, SettingsError
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.models import Finding
    from bot.settings import Settings


@click.command()
@in_words
def reindex() -> None:
    """Rebuild the search index from the store."""
    with open_desk(load_settings()) as desk:
        click.echo(f"{desk.reindex():,} passages indexed.")


@click.command()
@in_words
def serve() -> None:
    """Serve Slack over HTTP, with the settings of the environment or .env."""
    from bot.serve import serve as run

    asyncio.run(run(load_settings()))


@click.command()
@in_words
def worker() -> None:
    """Poll feeds and make digests; any number of workers can share a PostgreSQL store."""
    from bot.serve import work

    asyncio.run(work(load_settings()))


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Keep the data in this folder; by default it is deleted at the end.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    help="Port of the page, or one of the next nine where it is taken; 0 is any.",
)
@in_words
def demo(data: Path | None, port: int) -> None:
    """Serve a local workspace to try Dragoman in: no Slack, no token, loopback only."""
    from bot.serve import demo as run

    asyncio.run(run(data, port))


@click.command()
@of_workspace
@in_words
def mcp(workspace: str) -> None:
    """Serve AI assistants over standard input and output, by the Model Context Protocol.

    Read-only. An assistant starts this command itself: put it into its settings. It sees what
    everybody in the workspace may see.
    """
    from bot.mcp import check_installed

    check_installed("dragoman mcp")
    from bot.telemetry import logs
    from bot.telemetry.traces import traced

    settings = load_settings()
    with logs.written(settings), traced(settings), open_desk(settings) as desk:
        desk.catch_up()
        asyncio.run(_assist(desk, workspace, settings.dragoman_tz))


async def _assist(desk: Desk, workspace: str, tz: str) -> None:
    from bot.mcp.server import serve_stdio
    from bot.mcp.tools import Access
    from bot.work.tasks import following, repeating

    async with repeating(following(desk)):
        await serve_stdio(Access(desk, workspace, tz))


_SIGNS = {"well": "ok   ", "note": "note ", "wrong": "WRONG"}


@click.command()
@click.option("--fast", is_flag=True, help="Skip checks that read the whole store.")
@json_option
@in_words
def doctor(fast: bool, as_json: bool) -> None:
    """Look at settings, disk, store, index, feeds, clock, tokens and scopes.

    Each finding says what to do. Exits with 1 if something is wrong; changes nothing.
    """
    found = _found(fast)
    wrong = sum(one.level == "wrong" for one in found)
    if as_json:
        print_json([one.model_dump() for one in found])
    else:
        for one in found:
            click.echo(f"{_SIGNS[one.level]}  {one.area}: {printable(one.said)}")
            if one.do:
                click.echo(f"       → {printable(one.do)}")
        click.echo("All is well." if not wrong else f"{wrong:,} to fix.")
    if wrong:
        raise SystemExit(1)


def _found(fast: bool) -> Sequence[Finding]:
    from bot.health.doctor import examine
    from bot.models import Finding

    now = datetime.now(UTC)
    try:
        settings = load_settings()
    except SettingsError as error:
        return [
            Finding(area="settings", level="wrong", said=line)
            for line in error.message.splitlines()
        ]
    return [*examine(settings, now, fast=fast), *asyncio.run(_of_slack(settings, now))]


async def _of_slack(settings: Settings, now: datetime) -> Sequence[Finding]:
    from bot.store.engine import url_of
    from bot.store.migrate import check_migration
    from bot.store.store import Store
    from handlers.checkup import examine_slack

    with ExitStack() as opened:
        store = None
        try:
            if not check_migration(url_of(settings)).changed:
                store = opened.enter_context(Store.open(url_of(settings)))
        except DragomanError:
            store = None  # the findings report this already
        return [one async for one in examine_slack(settings, store, now)]
