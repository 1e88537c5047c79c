"""dragoman seen: who else reports what a link or a claim tells."""

from __future__ import annotations

import click

from bot.cli.ask import print_reply
from bot.cli.common import in_words, of_workspace, open_desk
from bot.cli.facts import asked_now
from bot.settings import load_settings


@click.command()
@click.argument("what", nargs=-1, required=True)
@click.option("--as-of", help="Only what had been published by this day.")
@of_workspace
@click.option("--json", "as_json", is_flag=True, help="Print the whole reply as JSON.")
@in_words
def seen(what: tuple[str, ...], as_of: str | None, workspace: str, as_json: bool) -> None:
    """Say who else reports it: dragoman seen URL, dragoman seen "Hamas moved to Turkey".

    Independent sources, who was first, near-copies and denials, each with its sentence.
    """
    settings = load_settings()
    asker, _ = asked_now(settings.dragoman_tz, workspace, as_of)
    with open_desk(settings) as desk:
        desk.catch_up()
        reply = desk.seen(asker, " ".join(what))
    print_reply(reply, settings, as_json)
