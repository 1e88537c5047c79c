"""The command line: a composition root. Every error is one sentence, every result can be JSON."""

from __future__ import annotations

import sys
from importlib import import_module
from io import TextIOWrapper

import click

from bot import __version__
from bot.private import for_owner_alone

_COMMANDS = {
    "actors": "actors sources",
    "articles": "ingest read remove thin",
    "ask": "ask brief match seen",
    "facts": "facts stories",
    "feeds": "feeds",
    "people": "digest feedback watches",
    "run": "demo doctor mcp reindex serve worker",
    "store": "backup copy export forget migrate restore workspaces",
}
"""The commands of each module."""

_MODULES = {name: module for module, names in _COMMANDS.items() for name in names.split()}


class OnDemand(click.Group):
    """A group that imports a command only when it is called, or when help lists it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in alphabetical order."""
        return sorted(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command with this name; None if there is none."""
        if cmd_name not in _MODULES:
            return None
        module = import_module(f"bot.cli.{_MODULES[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(cls=OnDemand, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dragoman")
@click.pass_context
def main(context: click.Context) -> None:
    """Brief a team on actors and events, every line with its source."""
    context.call_on_close(for_owner_alone())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A file name may have any bytes, and a terminal may lack a letter.
            stream.reconfigure(errors="backslashreplace")


__all__ = ["main"]
