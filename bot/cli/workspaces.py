"""dragoman workspaces: where it is installed, and deleting all of one."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from bot.cli.common import in_words, open_desk, open_store, printable
from bot.errors import BadWorkspace
from bot.models import Installed
from bot.settings import load_settings


@click.group()
def workspaces() -> None:
    """The Slack workspaces that installed Dragoman by OAuth."""


@workspaces.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@in_words
def list_(as_json: bool) -> None:
    """List who installed it and when, and who left; tokens are never shown."""
    settings = load_settings()
    with open_store(settings) as store:
        every = store.installations.all()
    if as_json:
        click.echo(json.dumps([one.model_dump(mode="json") for one in every], ensure_ascii=False))
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
    click.echo(f"All that was stored of {workspace} is deleted: {rows:,} rows.")
