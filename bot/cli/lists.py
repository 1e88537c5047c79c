"""dragoman actors import, export and reread: lists of actors in and out."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.actors import AT_MOST, actors, asker, editing, options, print_again
from bot.cli.common import open_desk
from bot.errors import BadEdit, UnreadableFile
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.curation.importing import Form, ImportResult
    from bot.curation.rereading import ReadAgain

SHOWN = 20


@actors.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "ftm"]),
    help="What the files are written in; by default their names tell.",
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
    """Take in lists of actors: CSV, or FollowTheMoney entities as JSON lines; also gzipped.

    The first line of a CSV names its columns: id, type, name, iso3, acts_for, description,
    as_of, aliases (with | between them) and source; or, for who held which office: office,
    person, since, until, source. With a column kind (actor, alias, tenure, hidden, merge) a
    table may hold all of that, as `export` writes it.

    A row that cannot be used is reported with its line. ListImport in a list twice adds nothing.
    """
    from bot.curation.importing import form_of, opened, rows

    with open_desk(load_settings()) as desk:
        desk.catch_up()
        done = []
        for path in paths:
            kind = form or form_of(path)
            if kind is None:
                raise BadEdit(
                    f"{path}: its name does not tell what it is written in; say --format csv "
                    "or --format ftm.",
                    about=str(path),
                )
            with opened(path) as lines:
                told = rows(lines, kind, source or path.name)
                try:
                    taken = desk.care.take_in(asker(workspace, person), told, most=AT_MOST)
                except BadEdit as error:
                    raise BadEdit(f"{path}: {error.message}", about=str(path)) from error
            done.append((path, *taken))
    _print_taken(done, as_json)
    if not any(taken.read > taken.rejected for _, taken, _ in done):
        sys.exit(1)


def _print_taken(done: list[tuple[Path, ImportResult, ReadAgain]], as_json: bool) -> None:
    if as_json:
        told = [
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
        click.echo(json.dumps(told, ensure_ascii=False))
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
            click.echo(f"In the log as {span}; `dragoman actors undo` takes one back.")
        for one in taken.rejections[:SHOWN]:
            click.echo(f"  {path}:{one.line}: {one.why}", err=True)
        if taken.rejected > SHOWN:
            click.echo(f"  and {taken.rejected - SHOWN:,} more (--json)", err=True)
        print_again(again)


@actors.command()
@click.argument("path", type=click.Path(path_type=Path, allow_dash=True), default="-")
@options
def export(path: Path, workspace: str, as_json: bool) -> None:
    """Write what the workspace says of its own as CSV, for import elsewhere.

    The actors that come with Dragoman are not written, only what was added or changed.
    """
    from bot.curation.tables import write

    with open_desk(load_settings()) as desk:
        said = desk.store.curation.own(workspace)
    if as_json:
        told = {key: own.model_dump(mode="json") for key, own in said.items()}
        text = json.dumps(told, ensure_ascii=False) + "\n"
        count = len(said)
    else:
        import io

        out = io.StringIO()
        count = write(said, out)
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
@click.option("--all", "every", is_flag=True, help="Read all that is stored again.")
@options
def reread(names: tuple[str, ...], every: bool, workspace: str, as_json: bool) -> None:
    """Read again the stored articles that hold one of NAMES, with the actors of today."""
    if bool(names) == every:
        raise click.UsageError("Name what to look for, or say --all.")
    with open_desk(load_settings()) as desk:
        looked = None if every else list(names)
        again = desk.care.read_again(workspace, looked, datetime.now(UTC), most=AT_MOST)
    if as_json:
        click.echo(json.dumps({"read_again": again.articles, "left": again.left}))
        return
    print_again(again)
    if not again.articles:
        click.echo("Nothing stored holds that.")
