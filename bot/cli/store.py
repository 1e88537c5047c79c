"""dragoman migrate, copy, backup, restore, export, forget and workspaces: stored data."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.common import in_words, json_option, open_desk, open_store, print_json, printable
from bot.errors import BadWorkspace
from bot.models import Installed
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.backup.copying import Copied
    from bot.backup.rows import Backup, Progress


@click.command()
@click.option(
    "--check",
    "only_check",
    is_flag=True,
    help="Only say whether there is anything to do; then exit with 1.",
)
@in_words
def migrate(only_check: bool) -> None:
    """Make the store, or bring its schema up to date; forward only.

    Any number of replicas may call this at once: one does it, the others wait. Opening the
    store does the same, so calling this is optional.
    """
    from bot.store.engine import url_of
    from bot.store.migrate import bring_up, check_migration

    url = url_of(load_settings())
    found = check_migration(url) if only_check else bring_up(url)
    if not found.changed:
        click.echo(f"The store {found.where} is up to date, at {found.after}.")
        return
    if only_check:
        there = "is not there yet" if found.before is None else f"is at {found.before}"
        click.echo(
            f"The store {found.where} {there}: `dragoman migrate` brings it to {found.after}."
        )
        raise SystemExit(1)
    if found.before is None:
        click.echo(f"Made the store {found.where}, at {found.after}.")
    else:
        click.echo(f"Brought the store {found.where} from {found.before} to {found.after}.")


@click.command()
@click.option(
    "--from",
    "source",
    metavar="URL",
    help="The store to copy, such as sqlite:////folder/dragoman.db; that of the settings where"
    " it is left out.",
)
@click.option(
    "--to",
    "target",
    metavar="URL",
    required=True,
    help="Where to: postgresql://user@host/database, with a password or with one of ~/.pgpass; or"
    " a file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the tables as JSON.")
@in_words
def copy(source: str | None, target: str, as_json: bool) -> None:
    """Copy a whole store to another place, and compare both.

    The copy is a snapshot of when it began: stop writers first, or later changes are
    missing from it. If interrupted, run the same command again to continue.
    """
    from bot.backup.copying import copy as copied

    with _interruptible(), _progress(as_json) as tell:
        found = copied(source or _ours(), target, tell)
    if as_json:
        click.echo(json.dumps([one._asdict() for one in found]))
    else:
        _print(found)
    if not all(one.same for one in found):
        raise click.ClickException(
            "Something else wrote to the copy: stop that, and run the same command again."
        )


@click.command()
@click.argument("to", metavar="FILE|FOLDER", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what it holds as JSON.")
@in_words
def backup(to: Path, as_json: bool) -> None:
    """Write all that the store holds to a file, or to a new one in a folder.

    Dragoman may keep running: the backup is a snapshot. It contains the tokens of workspaces,
    so only you may read the file.
    """
    from bot.backup.backup import backup as backed_up

    with _interruptible(), _progress(as_json) as tell:
        made = backed_up(_ours(), to, now=datetime.now(UTC), progress=tell)
    if as_json:
        click.echo(json.dumps({"file": str(made.file), "bytes": made.size} | _as_dict(made.about)))
        return
    click.echo(f"{made.file}: {made.about.rows:,} rows, {made.size / 1e6:,.1f} MB.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Delete what Dragoman has in the store now.")
@click.option("--check", "only_check", is_flag=True, help="Only check that the file is intact.")
@click.option("--json", "as_json", is_flag=True, help="Print what it holds as JSON.")
@in_words
def restore(file: Path, replace: bool, only_check: bool, as_json: bool) -> None:
    """Restore a backup, to SQLite or PostgreSQL, whichever it came from.

    All or nothing: the data is compared with the backup before it replaces what is there.
    Stop every Dragoman on the store first.
    """
    from bot.backup.backup import checked
    from bot.backup.backup import restore as put_back

    with _interruptible(), _progress(as_json) as tell:
        if only_check:
            about = checked(file, tell)
        else:
            about = put_back(_ours(), file, replace=replace, progress=tell)
    if as_json:
        click.echo(json.dumps({"file": str(file)} | _as_dict(about)))
        return
    done = "is intact" if only_check else "is restored"
    made = f"{about.made_at:%Y-%m-%d %H:%M} UTC by Dragoman {about.program}"
    click.echo(f"{file} {done}: {about.rows:,} rows, made {made}.")


def _ours() -> str:
    from bot.store.engine import url_of

    return url_of(load_settings())


def _as_dict(about: Backup) -> dict[str, object]:
    return {
        "made_at": about.made_at.isoformat(),
        "program": about.program,
        "schema": about.revision,
        "tables": {one.shape.name: one.rows for one in about.contents},
    }


def _print(found: list[Copied]) -> None:
    width = max(len(one.table) for one in found)
    click.echo(f"{'table':{width}}  {'rows':>13}  same")
    for one in found:
        click.echo(f"{one.table:{width}}  {one.rows:>13,}  {'yes' if one.same else 'NO'}")


@contextmanager
def _interruptible() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt as stopped:
        raise click.ClickException(
            "Stopped. The same command continues a copy. An unfinished backup was deleted, and an"
            " unfinished restore changed nothing."
        ) from stopped


@contextmanager
def _progress(as_json: bool) -> Iterator[Progress]:
    if as_json or not sys.stderr.isatty():
        yield lambda _table, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (
        TextColumn("{task.description:24}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} rows"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1)
        yield lambda table, done, total: bar.update(
            task, description=table, completed=done, total=total
        )


# --- data of workspaces and people -------------------------------------------------------


_PERSON = click.option("--person", metavar="ID", help="A person in Slack, such as U012AB3CD.")
_OF = click.option(
    "--workspace", metavar="ID", help="A workspace: local, or Slack's such as T012AB3CD."
)


@click.command()
@_PERSON
@_OF
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="A folder, or a file that ends in .tar.gz, to be made; dragoman-ID-DATE if left out.",
)
@in_words
def export(person: str | None, workspace: str | None, out: Path | None) -> None:
    """Write all that is stored of a workspace, or kept of a person, as JSON lines.

    A file for each table. With both, what is kept of that person in that workspace.
    """
    from bot.retention import of_person, of_workspace

    now = datetime.now(UTC)
    if person is None and workspace is None:
        raise BadWorkspace("Say whose data: --workspace ID, --person ID, or both.", about="export")
    to = out or Path(f"dragoman-{printable(person or workspace or '')}-{now:%Y-%m-%d}")
    with open_store(load_settings()) as store:
        if person is not None:
            rows = of_person(store, person, workspace, to, now)
        else:
            rows = of_workspace(store, workspace or "", to, now)
    for name, number in rows.items():
        click.echo(f"{number:>9,}  {name}")
    click.echo(f"Written to {to}.")


@click.command()
@click.option("--person", metavar="ID", required=True, help="Such as U012AB3CD.")
@_OF
@click.option("--yes", is_flag=True, help="Do it; it cannot be undone.")
@in_words
def forget(person: str, workspace: str | None, yes: bool) -> None:
    """Delete all that is kept of a person, in every workspace or in one.

    Questions, replies, what they follow, digests, preferences, feedback, and articles that they
    gave in direct messages. What channels follow, and what was changed about actors, stays, and
    says no more who did it.
    """
    if not person.strip():
        raise BadWorkspace("Say whose data: --person ID.", about="forget")
    if not yes:
        raise BadWorkspace(
            f"This deletes all that is kept about {person} and cannot be undone: add --yes to do"
            " it. `dragoman export --person` writes it to files first.",
            about=person,
        )
    with open_desk(load_settings()) as desk:
        touched = desk.store.personal_data.forget(person, datetime.now(UTC), workspace)
        desk.purge()
    for name, number in sorted(touched.items()):
        click.echo(f"{number:>9,}  {name}")
    click.echo(f"Nothing about {person} is kept any more.")


@click.group()
def workspaces() -> None:
    """The Slack workspaces that installed Dragoman by OAuth."""


@workspaces.command("list")
@json_option
@in_words
def list_(as_json: bool) -> None:
    """List who installed it and when, and who left; tokens are never shown."""
    settings = load_settings()
    with open_store(settings) as store:
        every = store.installations.all()
    if as_json:
        print_json([one.model_dump(mode="json") for one in every])
        return
    for one in every:
        click.echo(_line(one, settings.dragoman_grace_days))
    if not every:
        click.echo(
            "No workspace has installed it by OAuth: see Many workspaces in deploy/README.md."
            " One with a token of its own is not listed here."
        )


def _line(one: Installed, grace_days: int) -> str:
    name = printable(one.name) or "without a name"
    of = f", of the organisation {one.organisation}" if one.organisation else ""
    if one.organisation == one.workspace:
        of = ", a whole organisation"
    when = f"since {one.since:%Y-%m-%d %H:%M} UTC, by {one.person}"
    if one.deleting:
        left = "; what was stored is being deleted"
    elif one.left_at is not None:
        left = f"; left {one.left_at:%Y-%m-%d}, kept for {grace_days} days from then"
    else:
        left = ""
    return f"{one.workspace}  {name}{of} · {when}{left}"


@workspaces.command()
@click.argument("workspace")
@click.option("--yes", is_flag=True, help="Do it; it cannot be undone.")
@in_words
def delete(workspace: str, yes: bool) -> None:
    """Delete now all that is stored of WORKSPACE, such as T012AB3CD, and its token.

    Articles, facts, corrections, feeds, watches, digests, requests and replies. The app itself
    stays in Slack until somebody removes it there.
    """
    from bot.workspaces import delete as delete_all

    if not yes:
        raise BadWorkspace(
            f"This deletes all that is stored about {workspace} and cannot be undone: add --yes"
            " to do it.",
            about=workspace,
        )
    with open_desk(load_settings()) as desk:
        rows = delete_all(desk, workspace, datetime.now(UTC))
    click.echo(f"Deleted all data of {workspace}: {rows:,} rows.")
