"""dragoman doctor: what is wrong, and what to do about it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.cli.common import in_words, printable
from bot.errors import DragomanError, SettingsError
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.models import Finding
    from bot.settings import Settings

_SIGNS = {"well": "ok   ", "note": "note ", "wrong": "WRONG"}


@click.command()
@click.option("--fast", is_flag=True, help="Leave out what reads the whole store.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@in_words
def doctor(fast: bool, as_json: bool) -> None:
    """Look at settings, disk, store, index, feeds, clock, tokens and scopes.

    Each finding says what to do. Exits with 1 if something is wrong; changes nothing.
    """
    found = _found(fast)
    wrong = sum(one.level == "wrong" for one in found)
    if as_json:
        click.echo(json.dumps([one.model_dump() for one in found], ensure_ascii=False))
    else:
        for one in found:
            click.echo(f"{_SIGNS[one.level]}  {one.area}: {printable(one.said)}")
            if one.do:
                click.echo(f"       → {printable(one.do)}")
        click.echo("All is well." if not wrong else f"{wrong:,} to be put right.")
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
            store = None  # the findings say so already
        return [one async for one in examine_slack(settings, store, now)]
