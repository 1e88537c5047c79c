"""dragoman actors add, alias, merge, split and undo: one change a command."""

from __future__ import annotations

import click

from bot.cli.actors import (
    AT_MOST,
    KINDS,
    TYPES,
    actors,
    asker,
    change,
    editing,
    print_done,
    refuse_bad,
)
from bot.cli.common import open_desk
from bot.errors import BadEdit
from bot.models import AddActor, AddAlias, Alias, AliasKind, Merge, RemoveAlias, Split
from bot.settings import load_settings


@actors.command()
@click.argument("name")
@click.option("--type", "kind", type=TYPES, required=True, help="What it is.")
@click.option("--id", "key", help="Its id; made of type and name by default.")
@click.option("--alias", "aliases", multiple=True, help="Another name; may be repeated.")
@click.option("--country", help="Three letters, such as QAT.")
@click.option("--acts-for", help="Id of the state or body that it acts for.")
@click.option("--description", help="What a reader should know of it.")
@click.option("--source", help="Where this is from; who adds it, by default.")
@editing
def add(
    name: str,
    kind: str,
    key: str | None,
    aliases: tuple[str, ...],
    country: str | None,
    acts_for: str | None,
    description: str | None,
    source: str | None,
    person: str,
    workspace: str,
    as_json: bool,
) -> None:
    """Add an actor: dragoman actors add "Ali Larijani" --type person."""
    edit = refuse_bad(
        lambda: AddActor(
            type=kind,
            name=name,
            id=key,
            iso3=country,
            acts_for=acts_for,
            description=description,
            aliases=tuple(Alias(text=text, source=source or person) for text in aliases),
            source=source or person,
        )
    )
    change(edit, workspace, person, as_json)


@actors.command()
@click.argument("actor")
@click.argument("text")
@click.option("--kind", type=KINDS, default=AliasKind.NAME.value, show_default=True)
@click.option("--lang", help="Language of the name, two letters.")
@click.option("--move", is_flag=True, help="Take the name from whoever has it now.")
@click.option("--remove", is_flag=True, help="Take the name away instead.")
@editing
def alias(
    actor: str,
    text: str,
    kind: str,
    lang: str | None,
    move: bool,
    remove: bool,
    person: str,
    workspace: str,
    as_json: bool,
) -> None:
    """Give an actor another name, or take one away: dragoman actors alias org:iaea "the agency"."""
    if remove and move:
        raise BadEdit("--move and --remove do not go together: choose one.", about=actor)
    edit = refuse_bad(
        lambda: (
            RemoveAlias(actor=actor, text=text)
            if remove
            else AddAlias(actor=actor, text=text, kind=kind, lang=lang, move=move, source=person)
        )
    )
    change(edit, workspace, person, as_json)


@actors.command()
@click.argument("actor")
@click.argument("into")
@editing
def merge(actor: str, into: str, person: str, workspace: str, as_json: bool) -> None:
    """Count ACTOR as INTO: two entries that are one and the same."""
    change(Merge(actor=actor, into=into), workspace, person, as_json)


@actors.command()
@click.argument("actor")
@click.option("--alias", "aliases", multiple=True, help="A name that moves; may be repeated.")
@click.option("--name", help="Name of the new actor that they move to.")
@click.option("--type", "kind", type=TYPES, help="What the new one is; as the old by default.")
@editing
def split(
    actor: str,
    aliases: tuple[str, ...],
    name: str | None,
    kind: str | None,
    person: str,
    workspace: str,
    as_json: bool,
) -> None:
    """Undo a merge, or make two actors of one by moving names to a new one."""
    edit = refuse_bad(
        lambda: Split(actor=actor, aliases=aliases, name=name, type=kind, source=person)
    )
    change(edit, workspace, person, as_json)


@actors.command()
@click.argument("number", required=False, type=int)
@editing
def undo(number: int | None, person: str, workspace: str, as_json: bool) -> None:
    """Take a change back, by its number in the log; the newest by default."""
    with open_desk(load_settings()) as desk:
        desk.catch_up()
        print_done(desk.care.undo(asker(workspace, person), number, most=AT_MOST), as_json)
