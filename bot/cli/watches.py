"""dragoman watches: what is followed, where, and how it is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from bot.cli.common import in_words, of_workspace, open_store
from bot.settings import load_settings


@click.group()
def watches() -> None:
    """What is followed in Slack: `/watch add` does, and Follow under a brief."""


@watches.command("list")
@click.option("--place", help="Only of this channel or person, by Slack's id.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@of_workspace
@in_words
def list_(workspace: str, place: str | None, as_json: bool) -> None:
    """List what is followed by whom, private channels included, and how it is told."""
    from bot.watches import topics

    with open_store(load_settings()) as store:
        every = [one for one in store.watches.all(workspace) if place in (None, one.place)]
    if as_json:
        click.echo(json.dumps([one.model_dump(mode="json") for one in every], ensure_ascii=False))
        return
    now = datetime.now(UTC)
    for one in every:
        whose = "for themselves" if one.personal else f"by {one.person}"
        click.echo(
            f"#{one.id}  {topics.in_words(one.topic)}\n"
            f"     {one.team} {one.place}, {whose}, since {one.since.date()} · "
            f"{topics.delivery_in_words(one)}{topics.silence_in_words(one, now)}"
        )
    if not every:
        click.echo("Nothing is followed: `/watch add Qatar` in Slack follows Qatar.")
