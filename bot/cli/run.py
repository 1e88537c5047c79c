"""dragoman serve, worker, demo and reindex: what runs, and what tends it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from bot.cli.common import in_words, open_desk
from bot.settings import load_settings


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
    """Poll feeds and make digests, beside any number of others; the store is in PostgreSQL."""
    from bot.serve import work

    asyncio.run(work(load_settings()))


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Keep the data in this folder; without it, it is thrown away.",
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
