"""dragoman migrate: the store brought up to date before anything opens it."""

from __future__ import annotations

import click

from bot.cli.common import in_words
from bot.settings import load_settings


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

    Any number of replicas may call this at once: one does it, the others wait for it. What
    opens the store does the same, so that nobody has to call it.
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
        if found.before == found.after:
            there += ", but the tables of its jobs are not"
        click.echo(
            f"The store {found.where} {there}: `dragoman migrate` brings it to {found.after}."
        )
        raise SystemExit(1)
    if found.before is None:
        click.echo(f"Made the store {found.where}, at {found.after}.")
    elif found.before == found.after:
        click.echo(f"Brought the tables of jobs of the store {found.where} up to date.")
    else:
        click.echo(f"Brought the store {found.where} from {found.before} to {found.after}.")
