"""dragoman sources: which sources are read, and how far each is trusted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.cli.actors import editing, options
from bot.cli.common import (
    asked_now,
    in_words,
    json_option,
    of_workspace,
    open_desk,
    print_json,
    printable,
)
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.store.sources import Level, Source


@click.group(invoke_without_command=True)
@of_workspace
@json_option
@click.pass_context
@in_words
def sources(context: click.Context, workspace: str, as_json: bool) -> None:
    """List what is read: publishers with most articles first, and how far each is trusted.

    "Its own" is the share of a publisher's articles that are nobody else's: neither after
    another source nor near-copies.
    """
    if context.invoked_subcommand is not None:
        return
    from bot.answer.reading_report import describe_source

    settings = load_settings()
    with open_desk(settings) as desk:
        found = _all(desk, workspace)
    if as_json:
        print_json([_as_dict(one) for one in found])
        return
    lines = [printable(describe_source(one)) for one in found]
    click.echo("\n".join(lines) or "Nothing is stored yet: see `dragoman ingest`.")


def _all(desk: Desk, workspace: str) -> list[Source]:
    """Return all sources that the command line may see."""
    asker, _ = asked_now("UTC", workspace, None)
    return desk.store.sources.all(workspace, desk.library(asker).audiences)


def _as_dict(one: Source) -> dict[str, object]:
    newest = one.newest.isoformat() if one.newest else None
    return {**one._asdict(), "newest": newest, "independence": one.independence}


@sources.command()
@click.argument("name")
@editing
def distrust(name: str, person: str, workspace: str, as_json: bool) -> None:
    """Keep a source's articles, but neither show nor count them from now on."""
    _trust(name, "distrusted", person, workspace, as_json)


@sources.command()
@click.argument("name")
@editing
def remove(name: str, person: str, workspace: str, as_json: bool) -> None:
    """Show none of a source's articles, and read no new ones."""
    _trust(name, "removed", person, workspace, as_json)


@sources.command()
@click.argument("name")
@click.option("--normal", is_flag=True, help="As any other: neither trusted nor distrusted.")
@editing
def trust(name: str, normal: bool, person: str, workspace: str, as_json: bool) -> None:
    """Trust a source; its articles are shown again at once."""
    _trust(name, "normal" if normal else "trusted", person, workspace, as_json)


def _trust(name: str, level: Level, person: str, workspace: str, as_json: bool) -> None:
    from bot.curation import trusting

    asker, _ = asked_now("UTC", workspace, None)
    with open_desk(load_settings()) as desk:
        audiences = desk.library(asker).audiences
        order, now = trusting.Order(name, level), datetime.now(UTC)
        done = trusting.trust(desk.store, workspace, audiences, order, person, now)
        desk.catch_up()
    if as_json:
        change = done.change and done.change.seq
        result = {"source": done.name, "level": level, "articles": done.articles, "change": change}
        print_json(result)
        return
    click.echo(trusting.in_words(done))


@sources.command()
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000))
@options
def log(limit: int, workspace: str, as_json: bool) -> None:
    """List who trusted which source how far, the newest change first."""
    with open_desk(load_settings()) as desk:
        lines = desk.store.sources.log(workspace, limit)
    if as_json:
        result = [{**line._asdict(), "at": line.at.isoformat()} for line in lines]
        print_json(result)
        return
    for line in lines:
        when = f"{line.at:%Y-%m-%d %H:%M}"
        click.echo(
            f"#{line.seq} · {when} · {line.person} · {line.name}: {line.before} → {line.level}"
        )
    if not lines:
        click.echo("No change yet.")
