"""dragoman actors and sources: both corrected by people; changes are logged."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

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

import getpass
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import BadEdit, UnreadableFile
from bot.models import ActorType, AddActor, AddAlias, Alias, AliasKind, Merge, RemoveAlias, Split

if TYPE_CHECKING:
    from bot.curation.corrections import Corrected
    from bot.curation.lists import Form, ImportResult
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
    """Add the options of every command: the workspace, and JSON."""
    return in_words(of_workspace(json_option(command)))


def editing(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of every change: those of every command, and its author."""
    return options(
        click.option("--by", "person", default=me, help="Name for the log; you by default.")(
            command
        )
    )


def me() -> str:
    """Return the user who runs the command, as the log names them."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError, ImportError):
        return "cli"


def asker(workspace: str, person: str = "cli") -> Asker:
    """Return the asker, as of now."""
    from bot.models import Asker

    return Asker(workspace=workspace, operator=True, person=person, now=datetime.now(UTC))


def change(edit: Edit, workspace: str, person: str, as_json: bool) -> None:
    """Apply one edit and print the result."""
    with open_desk(load_settings()) as desk:
        desk.catch_up()
        print_done(desk.care.change(asker(workspace, person), edit, most=AT_MOST), as_json)


def print_done(done: Corrected, as_json: bool) -> None:
    """Print the result of a change."""
    if as_json:
        seq = done.change.seq if done.change else None
        result = {"said": done.said, "change": seq, "read_again": done.again.articles}
        print_json({**result, "left": done.again.left})
        return
    click.echo(f"{done.said}" + (f" (#{done.change.seq})" if done.change else ""))
    print_again(done.again)


def print_again(again: ReadAgain) -> None:
    """Print how many articles were read again, and what was left out."""
    if again.articles:
        click.echo(f"{again.articles:,} article{'' if again.articles == 1 else 's'} read again.")
    if again.left:
        click.echo(
            f"At least {again.left:,} more articles contain such a name: "
            "`dragoman actors reread --all` reads everything again.",
            err=True,
        )
    if again.passed_over:
        click.echo(
            f"{len(again.passed_over):,} names were not searched for in stored articles: "
            "`dragoman actors reread --all` reads everything again.",
            err=True,
        )


def refuse_bad(values: Callable[[], Any]) -> Any:
    """Create an edit; turn a validation error of pydantic into a sentence."""
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
        print_json({**known.model_dump(mode="json"), "tenures": held})
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
            + (f" Did you mean {names}?" if names else " `dragoman match NAME` finds ids."),
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
        result = [line.model_dump(mode="json") for line in lines]
        print_json(result)
        return
    for line in lines:
        undone = " · undone" if line.undone else ""
        click.echo(f"#{line.seq} · {line.at:%Y-%m-%d %H:%M} · {line.person} · {line.said}{undone}")
    if not lines:
        click.echo("No change yet.")


@actors.command()
@click.argument("name")
@click.option("--type", "kind", type=TYPES, required=True, help="What it is.")
@click.option("--id", "key", help="Its id; made of type and name by default.")
@click.option("--alias", "aliases", multiple=True, help="Another name; may be repeated.")
@click.option("--country", help="Three letters, such as QAT.")
@click.option("--acts-for", help="Id of the state or body that it acts for.")
@click.option("--description", help="A short description for readers.")
@click.option("--source", help="Source of this; by default, who adds it.")
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
    """Undo a change by its number in the log; the newest by default."""
    with open_desk(load_settings()) as desk:
        desk.catch_up()
        print_done(desk.care.undo(asker(workspace, person), number, most=AT_MOST), as_json)


SHOWN = 20


@actors.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "ftm"]),
    help="Format of the files; guessed from their names by default.",
)
@click.option("--source", help="Where the list is from; the file's name by default.")
@editing
def import_(
    paths: tuple[Path, ...],
    form: Form | None,
    source: str | None,
    person: str,
    workspace: str,
    as_json: bool,
) -> None:
    """Import lists of actors: CSV, or FollowTheMoney entities as JSON lines; also gzipped.

    The first line of a CSV names its columns: id, type, name, iso3, acts_for, description,
    as_of, aliases (with | between them) and source; or, for who held which office: office,
    person, since, until, source. With a column kind (actor, alias, tenure, hidden, merge) a
    table may hold all of that, as `export` writes it.

    A row that cannot be used is reported with its line. Importing a list twice adds nothing.
    """
    from bot.curation.lists import form_of, opened, rows

    with open_desk(load_settings()) as desk:
        desk.catch_up()
        done = []
        for path in paths:
            kind = form or form_of(path)
            if kind is None:
                raise BadEdit(
                    f"{path}: its name does not show its format; add --format csv or --format ftm.",
                    about=str(path),
                )
            with opened(path) as lines:
                listed = rows(lines, kind, source or path.name)
                try:
                    taken = desk.care.take_in(asker(workspace, person), listed, most=AT_MOST)
                except BadEdit as error:
                    raise BadEdit(f"{path}: {error.message}", about=str(path)) from error
            done.append((path, *taken))
    _print_taken(done, as_json)
    if not any(taken.read > taken.rejected for _, taken, _ in done):
        sys.exit(1)


def _print_taken(done: list[tuple[Path, ImportResult, ReadAgain]], as_json: bool) -> None:
    if as_json:
        result = [
            {
                "path": str(path),
                "read": taken.read,
                "changed": taken.changed,
                "rejected": taken.rejected,
                "others": taken.others,
                "changes": taken.changes,
                "rejections": [one._asdict() for one in taken.rejections],
                "read_again": again.articles,
                "left": again.left,
                "passed_over": len(again.passed_over),
            }
            for path, taken, again in done
        ]
        print_json(result)
        return
    for path, taken, again in done:
        others = f", {taken.others:,} that are no actors" if taken.others else ""
        click.echo(
            f"{path}: {taken.read:,} rows read: {taken.changed:,} actors added or changed, "
            f"{taken.rejected:,} rejected{others}."
        )
        if taken.changes:
            span = f"#{taken.changes[0]}"
            span += f" to #{taken.changes[-1]}" if len(taken.changes) > 1 else ""
            click.echo(f"In the log as {span}; `dragoman actors undo` undoes one.")
        for one in taken.rejections[:SHOWN]:
            click.echo(f"  {path}:{one.line}: {one.why}", err=True)
        if taken.rejected > SHOWN:
            click.echo(f"  and {taken.rejected - SHOWN:,} more (--json)", err=True)
        print_again(again)


@actors.command()
@click.argument("path", type=click.Path(path_type=Path, allow_dash=True), default="-")
@options
def export(path: Path, workspace: str, as_json: bool) -> None:
    """Write the workspace's own changes to actors as CSV, for import elsewhere.

    The actors that come with Dragoman are not written, only what was added or changed.
    """
    from bot.curation.lists import write_csv

    with open_desk(load_settings()) as desk:
        said = desk.store.curation.own(workspace)
    if as_json:
        result = {key: own.model_dump(mode="json") for key, own in said.items()}
        text = json.dumps(result, ensure_ascii=False) + "\n"
        count = len(said)
    else:
        import io

        out = io.StringIO()
        count = write_csv(said, out)
        text = out.getvalue()
    if str(path) == "-":
        click.echo(text, nl=False)
    else:
        _write(path, text)
        click.echo(f"{count:,} rows written to {path}.")
    if not said:
        click.echo(
            f"The workspace {workspace} has no actors of its own: `dragoman actors add` adds one.",
            err=True,
        )


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UnreadableFile(
            f"{path} cannot be written: {error.strerror}.", about=str(path)
        ) from error


@actors.command()
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Read all stored articles again.")
@options
def reread(names: tuple[str, ...], every: bool, workspace: str, as_json: bool) -> None:
    """Read stored articles that contain one of NAMES again, with today's actors."""
    if bool(names) == every:
        raise click.UsageError("Give names to look for, or --all.")
    with open_desk(load_settings()) as desk:
        looked = None if every else list(names)
        again = desk.care.read_again(workspace, looked, datetime.now(UTC), most=AT_MOST)
    if as_json:
        click.echo(json.dumps({"read_again": again.articles, "left": again.left}))
        return
    print_again(again)
    if not again.articles:
        click.echo("No stored article contains that.")


# --- sources -----------------------------------------------------------------------------


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


@sources.command("remove")
@click.argument("name")
@editing
def remove_source(name: str, person: str, workspace: str, as_json: bool) -> None:
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


@sources.command("log")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000))
@options
def source_log(limit: int, workspace: str, as_json: bool) -> None:
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
