"""The command line: a composition root. Every error is one sentence, every result can be JSON."""

from __future__ import annotations

import click

from bot import __version__
from bot.cli import edits, feed_lists, lists
from bot.cli.actors import actors
from bot.cli.ask import ask, brief
from bot.cli.digest import digest
from bot.cli.doctor import doctor
from bot.cli.explain import explain
from bot.cli.facts import facts
from bot.cli.feedback import feedback
from bot.cli.feeds import feeds
from bot.cli.ingest import ingest
from bot.cli.match import match
from bot.cli.migrate import migrate
from bot.cli.moving import backup, copy, restore
from bot.cli.personal import export, forget
from bot.cli.read import read
from bot.cli.remove import remove
from bot.cli.run import demo, reindex, serve, worker
from bot.cli.seen import seen
from bot.cli.sources import sources
from bot.cli.stories import stories
from bot.cli.thin import thin
from bot.cli.watches import watches
from bot.cli.workspaces import workspaces


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dragoman")
def main() -> None:
    """Brief a team on actors and events, every line with its source."""


for command in (
    ingest,
    brief,
    ask,
    explain,
    match,
    read,
    facts,
    stories,
    seen,
    sources,
    actors,
    feeds,
    watches,
    digest,
    feedback,
    workspaces,
    remove,
    doctor,
    migrate,
    copy,
    backup,
    restore,
    export,
    forget,
    thin,
    reindex,
    serve,
    worker,
    demo,
):
    main.add_command(command)

__all__ = ["edits", "feed_lists", "lists", "main"]
