"""The command line: a composition root. Every error is one sentence, every result can be JSON."""

from __future__ import annotations

import sys
from importlib import import_module
from io import TextIOWrapper

import click

from bot import __version__
from bot.private import for_owner_alone

_MODULES = {
    "actors": ("actors", "edits", "lists"),
    "ask": ("ask",),
    "backup": ("moving",),
    "brief": ("ask",),
    "copy": ("moving",),
    "demo": ("run",),
    "digest": ("digest",),
    "doctor": ("doctor",),
    "explain": ("explain",),
    "export": ("personal",),
    "facts": ("facts",),
    "feedback": ("feedback",),
    "feeds": ("feeds", "feed_lists"),
    "forget": ("personal",),
    "ingest": ("ingest",),
    "match": ("match",),
    "migrate": ("migrate",),
    "read": ("read",),
    "reindex": ("run",),
    "remove": ("remove",),
    "restore": ("moving",),
    "seen": ("seen",),
    "serve": ("run",),
    "sources": ("sources",),
    "stories": ("stories",),
    "thin": ("thin",),
    "watches": ("watches",),
    "worker": ("run",),
    "workspaces": ("workspaces",),
}
"""The modules of each command: the first defines it, the others add commands to its group."""


class OnDemand(click.Group):
    """A group that imports a command only when it is called, or when help lists it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the names of all commands, in alphabetical order."""
        return sorted(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of this name; None if there is none."""
        if cmd_name not in _MODULES:
            return None
        first, *_ = [import_module(f"bot.cli.{name}") for name in _MODULES[cmd_name]]
        command: click.Command = getattr(first, cmd_name)
        return command


@click.group(cls=OnDemand, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dragoman")
@click.pass_context
def main(context: click.Context) -> None:
    """Brief a team on actors and events, every line with its source."""
    context.call_on_close(for_owner_alone())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # The name of a file may be any bytes, and a terminal may lack a letter.
            stream.reconfigure(errors="backslashreplace")


__all__ = ["main"]
