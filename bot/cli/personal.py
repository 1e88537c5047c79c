"""dragoman export and forget: all that is kept of a workspace or a person."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.common import in_words, open_desk, open_store, printable
from bot.errors import BadWorkspace
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
    from bot.retention.export import of_person, of_workspace

    now = datetime.now(UTC)
    if person is None and workspace is None:
        raise BadWorkspace("Say of whom: --workspace ID, --person ID, or both.", about="export")
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
        raise BadWorkspace("Say of whom: --person ID.", about="forget")
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
