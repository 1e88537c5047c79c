"""dragoman feedback, digest and watches: what people say about replies, and what they follow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any, get_args
from zoneinfo import ZoneInfo

import click

from bot.cli.common import (
    in_words,
    json_option,
    of_workspace,
    open_desk,
    open_store,
    print_json,
    printable,
)
from bot.models import Asker, Feedback, Verdict, WrongFact
from bot.settings import Settings, load_settings

_SIGN = {"up": "👍", "down": "👎"}
_WRONG = "wrong"
"""The verdict of a fact marked as wrong."""


def _narrowed(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options for the workspace and the first day."""
    since = click.option(
        "--since", metavar="DAY", help="Only from this day on: 2024-05-01, or “last week”."
    )
    return since(
        click.option("--workspace", help="Only feedback from this Slack workspace.")(command)
    )


@click.group(invoke_without_command=True)
@click.option(
    "--verdict",
    type=click.Choice([*get_args(Verdict), _WRONG]),
    help="Only 👍, only 👎, or only facts marked wrong.",
)
@_narrowed
@json_option
@click.pass_context
@in_words
def feedback(
    context: click.Context,
    since: str | None,
    verdict: str | None,
    workspace: str | None,
    as_json: bool,
) -> None:
    """List feedback, newest first: 👍 or 👎 with comments, and facts marked wrong.

    This includes questions asked in private places.
    """
    if (command := context.invoked_subcommand) is not None:
        if since or verdict or workspace or as_json:
            raise click.UsageError(f"Put options after {command}: dragoman feedback {command} …")
        return
    settings = load_settings()
    zone, begin = ZoneInfo(settings.dragoman_tz), _begin(settings, since)
    only = next((one for one in get_args(Verdict) if one == verdict), None)
    with open_store(settings) as store:
        said = store.feedback.all(workspace, since=begin, verdict=only)
        said = [] if verdict == _WRONG else said
        wrong = [] if only else store.wrong_facts.all(workspace, since=begin)
    if as_json:
        rows = [one.model_dump(mode="json") for one in said]
        rows += [_as_json(one) for one in wrong]
        print_json(rows)
        return
    for one in said:
        click.echo("\n".join(_lines(one, zone)))
    for mark in wrong:
        click.echo("\n".join(_marked(mark, zone)))
    click.echo(_count(said, wrong))


@feedback.command()
@_narrowed
@in_words
def export(since: str | None, workspace: str | None) -> None:
    """Print the facts marked wrong as labels for training the reader, a line of JSON each."""
    from bot.answer.export import wrong_label

    settings = load_settings()
    with open_desk(settings) as desk:
        found = desk.store.wrong_facts.all(workspace, since=_begin(settings, since))
        for mark in found:
            asker = Asker(workspace=mark.fact.workspace, operator=True, now=datetime.now(UTC))
            print_json(wrong_label(mark, desk.library(asker).actors))
    if not found:
        click.echo("No fact is marked wrong: “Wrong fact?” under replies in Slack does.", err=True)


def _begin(settings: Settings, since: str | None) -> datetime | None:
    """Return the start of the first day to list."""
    from bot.text.periods import parse_day

    if since is None:
        return None
    zone = ZoneInfo(settings.dragoman_tz)
    day = parse_day(since, datetime.now(zone).date())
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _lines(one: Feedback, zone: ZoneInfo) -> list[str]:
    when = one.at.astimezone(zone).strftime("%d %b %Y, %H:%M")
    lines = [f"{_SIGN[one.verdict]}  {printable(one.query)}"]
    lines += [f"     reply: {printable(one.told)}"] if one.told else []
    lines += [f"     comment: {printable(one.comment)}"] if one.comment else []
    return [*lines, f"     {when} · {one.person} in {one.workspace} {one.place}"]


def _marked(one: WrongFact, zone: ZoneInfo) -> list[str]:
    """Format a fact marked as wrong: who marked it, its reading, its quote, and how to undo it."""
    fact = one.fact
    parts = (
        fact.source_actor or fact.source_words,
        fact.act,
        fact.target_actor or fact.target_words,
    )
    read = " ".join(part for part in parts if part)
    when = one.at.astimezone(zone).strftime("%d %b %Y, %H:%M")
    undo = f"dragoman actors undo {one.seq} --workspace {fact.workspace}"
    return [
        f"✗  wrong fact ({one.fault}): {printable(read)}, {fact.status.value}",
        *(f"     “{printable(proof.quote)}”" for proof in fact.evidence[:1]),
        f"     {when} · {one.person or 'somebody'} in {fact.workspace} · undo: {undo}",
    ]


def _as_json(one: WrongFact) -> dict[str, Any]:
    mark = one.model_dump(mode="json", exclude={"text", "title"})
    return {"verdict": _WRONG, "workspace": one.fact.workspace, **mark}


def _count(found: list[Feedback], wrong: list[WrongFact]) -> str:
    if not (found or wrong):
        return "No feedback yet: 👍 and 👎 are below briefs and answers in Slack."
    good = sum(one.verdict == "up" for one in found)
    facts = f", {len(wrong)} fact{'' if len(wrong) == 1 else 's'} marked wrong" if wrong else ""
    return f"{good} 👍, {len(found) - good} 👎{facts}"


# --- what people follow ------------------------------------------------------------------


@click.command()
@click.option("--place", help="Only this channel or person, by Slack id.")
@of_workspace
@json_option
@in_words
def digest(place: str | None, workspace: str, as_json: bool) -> None:
    """List the digests set up in Slack; `/digest preview` there shows what one would say now."""
    from bot.digests.schedule import times_in_words, topics_in_words

    with open_store(load_settings()) as store:
        every = [one for one in store.digests.all(workspace) if place in (None, one.place)]
    if as_json:
        print_json([one.model_dump(mode="json") for one in every])
        return
    for one in every:
        chosen = f", about {topics_in_words(one, [])}" if one.actors else ""
        due = f"{one.due.astimezone(ZoneInfo(one.times.tz)):%Y-%m-%d %H:%M} {one.times.tz}"
        then = "paused" if one.paused else f"next {due}"
        when = times_in_words(one.times)
        click.echo(f"#{one.id}  {one.team} {one.place}: {when}{chosen} — {then}")
    if not every:
        click.echo("No digest is set up: use `/digest` in Slack.")


@click.group()
def watches() -> None:
    """What is followed in Slack: `/watch add` does, and Follow under a brief."""


@watches.command("list")
@click.option("--place", help="Only this channel or person, by Slack id.")
@json_option
@of_workspace
@in_words
def list_(workspace: str, place: str | None, as_json: bool) -> None:
    """List what is followed by whom, private channels included, and how it is told."""
    from bot.watches import topics

    with open_store(load_settings()) as store:
        every = [one for one in store.watches.all(workspace) if place in (None, one.place)]
    if as_json:
        print_json([one.model_dump(mode="json") for one in every])
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
