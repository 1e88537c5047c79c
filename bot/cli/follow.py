"""dragoman digest and watches: what people follow in Slack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
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
from bot.errors import BadQuery
from bot.models import Asker, Digest, DigestIssue, DigestStory
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.desk import Desk


@click.command()
@click.option("--preview", is_flag=True, help="Print what it would say now; nothing is sent.")
@click.option("--place", help="Only this channel or person, by Slack id.")
@click.option("--actor", "actors", multiple=True, help="Actor to cover; may be repeated.")
@click.option("--hours", default=24, show_default=True, type=click.IntRange(1, 192))
@of_workspace
@json_option
@in_words
def digest(
    preview: bool,
    place: str | None,
    actors: tuple[str, ...],
    hours: int,
    workspace: str,
    as_json: bool,
) -> None:
    """List the digests set up in Slack, or preview what one would say now.

    Without --place, --preview covers the last --hours, for --actor or for everybody.
    """
    settings = load_settings()
    if not preview:
        _list(settings, workspace, place, as_json=as_json)
        return
    with open_desk(settings) as desk:
        desk.catch_up()
        issue = _issue(desk, settings.dragoman_tz, workspace, place, actors, hours)
    click.echo(issue.model_dump_json() if as_json else "\n".join(_lines(issue)))


def _list(settings: Settings, workspace: str, place: str | None, *, as_json: bool) -> None:
    from bot.digests.schedule import times_in_words, topics_in_words

    with open_store(settings) as store:
        every = [one for one in store.digests.all(workspace) if place in (None, one.place)]
    if as_json:
        print_json([one.model_dump(mode="json") for one in every])
        return
    for one in every:
        chosen = f", about {topics_in_words(one, [])}" if one.actors else ""
        then = "paused" if one.paused else f"next {_instant(one.due, one.times.tz)}"
        when = times_in_words(one.times)
        click.echo(f"#{one.id}  {one.team} {one.place}: {when}{chosen} — {then}")
    if not every:
        click.echo("No digest is set up: use `/digest` in Slack.")


def _issue(
    desk: Desk, tz: str, workspace: str, place: str | None, actors: tuple[str, ...], hours: int
) -> DigestIssue:
    from bot.digests.issuing import make_issue
    from bot.digests.setting import Setting

    now = datetime.now(UTC)
    if place is not None:
        found = [one for one in desk.store.digests.all(workspace) if one.place == place]
        if not found:
            raise BadQuery(f"{place} has no digest: `dragoman digest` lists them.", about=place)
        return make_issue(desk, found[0], now, preview=True).issue
    asker = Asker(workspace=workspace, operator=True, tz=tz, now=now)
    setting = Setting(desk, workspace)
    of: Digest = setting.or_new(asker, mine=False)
    named = tuple(pair for name in actors for pair in setting.actors(asker, name))
    values = {"since": now - timedelta(hours=hours), "actors": named}
    return make_issue(desk, of.model_copy(update=values), now, preview=True).issue


def _lines(issue: DigestIssue) -> list[str]:
    since = f"since {_instant(issue.since, issue.tz)}"
    if not issue.total:
        lines = [f"Nothing new about {issue.label} {since}."]
    else:
        changed = f", {issue.changed} changed" if issue.changed else ""
        stories = "one story" if issue.total == 1 else f"{issue.total} stories"
        lines = [f"{stories}{changed} about {issue.label}, {since}"]
    for story in issue.stories:
        lines += _story(story, issue.tz)
    if more := issue.total - len(issue.stories):
        lines.append(f"… and {more} more")
    for line in issue.planned:
        lines.append(f"Planned today: “{printable(line.snippet.quote)}”")
    if issue.feeds:
        lines.append(f"Failing feeds: {', '.join(map(printable, issue.feeds))}")
    return lines


def _story(story: DigestStory, tz: str) -> list[str]:
    from bot.answer.formatting import count, published, source

    snippet = story.line.snippet
    change = f" [{story.change}: {story.news}]" if story.change else ""
    sources = count(story.sources, "source")
    return [
        f"\n{printable(story.headline)}{change} · {sources}",
        f"  “{printable(snippet.quote)}”",
        f"    — {printable(source(snippet))}, {published(snippet, tz)}",
    ]


def _instant(at: datetime, tz: str) -> str:
    return f"{at.astimezone(ZoneInfo(tz)):%Y-%m-%d %H:%M} {tz}"


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
