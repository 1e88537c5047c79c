"""dragoman export, forget and workspaces: stored data of a person or a workspace."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.common import in_words, json_option, open_desk, open_store, print_json, printable
from bot.errors import BadWorkspace
from bot.models import Installed
from bot.settings import load_settings

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
