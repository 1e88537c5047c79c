"""dragoman actors: whom Dragoman knows, and corrections, each logged and to be undone."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from bot.cli.common import in_words, of_workspace, open_desk
from bot.errors import BadEdit, BadQuery
from bot.models import ActorType, AliasKind
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.curation.corrections import Corrected
    from bot.curation.rereading import ReadAgain
    from bot.desk import Desk
    from bot.models import Actor, Asker, Edit

AT_MOST = 20_000
"""Articles that one command reads again."""

TYPES = click.Choice([one.value for one in ActorType])
KINDS = click.Choice([one.value for one in AliasKind])


@click.group()
def actors() -> None:
    """Find actors and correct them: names, merges, lists; each change can be undone."""


def options(command: Callable[..., None]) -> Callable[..., None]:
    """Add what every command takes: the workspace, and JSON."""
    as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
    return in_words(of_workspace(as_json(command)))


def editing(command: Callable[..., None]) -> Callable[..., None]:
    """Add what every change takes besides: who makes it."""
    return options(
        click.option(
            "--by", "person", default=me, help="Who changes it, for the log; you by default."
        )(command)
    )


def me() -> str:
    """Who runs the command, as the log names them."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError, ImportError):
        return "cli"


def asker(workspace: str, person: str = "cli") -> Asker:
    """Who asks, now."""
    from bot.models import Asker

    return Asker(workspace=workspace, operator=True, person=person, now=datetime.now(UTC))


def change(edit: Edit, workspace: str, person: str, as_json: bool) -> None:
    """Apply one edit and print what became of it."""
    with open_desk(load_settings()) as desk:
        desk.catch_up()
        print_done(desk.care.change(asker(workspace, person), edit, most=AT_MOST), as_json)


def print_done(done: Corrected, as_json: bool) -> None:
    """Print what became of a change."""
    if as_json:
        seq = done.change.seq if done.change else None
        told = {"said": done.said, "change": seq, "read_again": done.again.articles}
        click.echo(json.dumps({**told, "left": done.again.left}, ensure_ascii=False))
        return
    click.echo(f"{done.said}" + (f" (#{done.change.seq})" if done.change else ""))
    print_again(done.again)


def print_again(again: ReadAgain) -> None:
    """Print how many articles were read again, and what was not."""
    if again.articles:
        click.echo(f"{again.articles:,} article{'' if again.articles == 1 else 's'} read again.")
    if again.left:
        click.echo(
            f"{again.left:,} or more others hold such a name: `dragoman actors reread --all` "
            "reads everything again.",
            err=True,
        )
    if again.passed_over:
        click.echo(
            f"{len(again.passed_over):,} names were not looked for in what is stored: "
            "`dragoman actors reread --all` reads everything again.",
            err=True,
        )


def refuse_bad(values: Callable[[], Any]) -> Any:
    """Make an edit; what pydantic finds wrong with it becomes a sentence."""
    from pydantic import ValidationError

    try:
        return values()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise BadEdit(
            f"{name} is {str(first['input'])[:60]!r}: {first['msg']}.", about=name
        ) from error


# --- looking ------------------------------------------------------------------------


@actors.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100))
@options
def search(query: tuple[str, ...], limit: int, workspace: str, as_json: bool) -> None:
    """Find actors by name, however it is typed."""
    text = " ".join(query)
    with open_desk(load_settings()) as desk:
        index = desk.actors(workspace)
        found = index.match(text, limit=limit) or index.nearest(text, limit)
    if as_json:
        click.echo(json.dumps([one.model_dump(mode="json") for one in found], ensure_ascii=False))
        return
    if not found:
        raise BadQuery(f"No actor is called anything like {text!r}.", about=text)
    for one in found:
        click.echo(f"{one.actor}\t{one.name}\t{one.type.value}\t{one.score:.2f}\t{one.why}")


@actors.command()
@click.argument("actor")
@options
def show(actor: str, workspace: str, as_json: bool) -> None:
    """Show an actor: its names, what it counts as, offices and their holders."""
    with open_desk(load_settings()) as desk:
        known = _known(desk, workspace, actor)
        tenures = [
            held for held in desk.store.tenures(workspace) if known.id in (held.office, held.person)
        ]
        index = desk.actors(workspace)
    if as_json:
        held = [one.model_dump(mode="json") for one in tenures]
        click.echo(
            json.dumps({**known.model_dump(mode="json"), "tenures": held}, ensure_ascii=False)
        )
        return
    click.echo(f"{known.name} ({known.type.value}) · {known.id}")
    for label, value in (
        ("counts as", known.merged_into),
        ("acts for", known.acts_for),
        ("country", known.iso3),
        ("is", known.description),
        ("as of", known.as_of),
        ("source", known.source),
    ):
        if value:
            click.echo(f"  {label}: {value}")
    for alias in sorted(known.aliases, key=lambda one: (one.kind, one.lang or "", one.text)):
        lang = f", {alias.lang}" if alias.lang else ""
        click.echo(f"  name: {alias.text} ({alias.kind.value}{lang})")
    for one in tenures:
        other = one.person if one.office == known.id else one.office
        click.echo(f"  {index.name(other)}: {one.since or 'not known'} to {one.until or 'now'}")


def _known(desk: Desk, workspace: str, actor: str) -> Actor:
    found = next((one for one in desk.store.actors(workspace) if one.id == actor), None)
    if found is None:
        near = desk.actors(workspace).match(actor, limit=3)
        names = ", ".join(f"{one.actor} ({one.name})" for one in near)
        raise BadEdit(
            f"There is no actor {actor}."
            + (f" Did you mean {names}?" if names else " `dragoman actors search` finds ids."),
            about=actor,
        )
    return found


@actors.command()
@click.argument("actor", required=False)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000))
@options
def log(actor: str | None, limit: int, workspace: str, as_json: bool) -> None:
    """List the newest changes, of one actor where one is named."""
    with open_desk(load_settings()) as desk:
        lines = desk.store.curation.log(workspace, actor, limit)
    if as_json:
        told = [line.model_dump(mode="json") for line in lines]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in lines:
        undone = " · undone" if line.undone else ""
        click.echo(f"#{line.seq} · {line.at:%Y-%m-%d %H:%M} · {line.person} · {line.said}{undone}")
    if not lines:
        click.echo("No change yet.")
