"""dragoman feedback: what readers say of the replies they got."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from typing import get_args
from zoneinfo import ZoneInfo

import click

from bot.cli.common import in_words, open_store, printable
from bot.models import Feedback, Verdict
from bot.settings import load_settings

_SIGN = {"up": "👍", "down": "👎"}


@click.command()
@click.option("--since", metavar="DAY", help="Only from this day on: 2024-05-01, or “last week”.")
@click.option("--verdict", type=click.Choice(get_args(Verdict)), help="Only 👍 or only 👎.")
@click.option("--workspace", help="Only what was said in this Slack workspace.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@in_words
def feedback(
    since: str | None, verdict: Verdict | None, workspace: str | None, as_json: bool
) -> None:
    """List what readers say of replies, the newest first: 👍 or 👎, and their comments.

    Whoever runs Dragoman reads here what was asked in private places, too.
    """
    from bot.text.periods import parse_day

    settings = load_settings()
    zone = ZoneInfo(settings.dragoman_tz)
    begin = None
    if since is not None:
        begin = datetime.combine(parse_day(since, datetime.now(zone).date()), time(), zone)
    with open_store(settings) as store:
        found = store.feedback.all(
            workspace, since=begin.astimezone(UTC) if begin else None, verdict=verdict
        )
    if as_json:
        click.echo(json.dumps([one.model_dump(mode="json") for one in found], ensure_ascii=False))
        return
    for one in found:
        click.echo("\n".join(_lines(one, zone)))
    click.echo(_count(found))


def _lines(one: Feedback, zone: ZoneInfo) -> list[str]:
    when = one.at.astimezone(zone).strftime("%d %b %Y, %H:%M")
    lines = [f"{_SIGN[one.verdict]}  {printable(one.query)}"]
    lines += [f"     told: {printable(one.told)}"] if one.told else []
    lines += [f"     they say: {printable(one.comment)}"] if one.comment else []
    return [*lines, f"     {when} · {one.person} in {one.workspace} {one.place}"]


def _count(found: list[Feedback]) -> str:
    if not found:
        return "Nobody has said anything yet: 👍 and 👎 stand under briefs and answers in Slack."
    good = sum(one.verdict == "up" for one in found)
    return f"{good} 👍, {len(found) - good} 👎"
