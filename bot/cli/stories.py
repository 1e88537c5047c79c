"""dragoman stories: what several articles are about, and which."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from bot.cli.ask import asked_period
from bot.cli.common import in_words, of_workspace, open_desk, printable
from bot.cli.facts import asked_now
from bot.errors import BadQuery
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.answer.stories import StoryRow
    from bot.store.stories import Member


NO_STORY = "No story is stored: one has two articles at least."


@click.group(invoke_without_command=True)
@click.option("--since", help="First day, such as 2024-01-01 or 'last month'.")
@click.option("--until", help="Last day, in the same words.")
@click.option("--actor", "actors", multiple=True, help="Who is named in it; may be repeated.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1_000))
@of_workspace
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
@in_words
def stories(
    context: click.Context,
    since: str | None,
    until: str | None,
    actors: tuple[str, ...],
    limit: int,
    workspace: str,
    as_json: bool,
) -> None:
    """List stories, the most important first: headline, days, articles, independent sources.

    They are of the last 14 days, or of as many more as it takes to have three. A story is
    what at least two articles are about; `stories show ID` has its articles.
    """
    if context.invoked_subcommand is not None:
        return
    from bot.answer.export import actor_ids
    from bot.answer.stories import list_stories

    settings = load_settings()
    asker, today = asked_now(settings.dragoman_tz, workspace, None)
    period = asked_period(since, until, today)
    with open_desk(settings) as desk:
        desk.catch_up()
        library = desk.library(asker)
        groups = [actor_ids(library, name) for name in actors]
        found = list_stories(library, period, groups, limit)
    if as_json:
        click.echo(json.dumps([_told(row) for row in found], ensure_ascii=False))
        return
    asked_for = bool(actors or since or until)
    none = "No story that is stored fits that." if asked_for else NO_STORY
    click.echo("\n".join(map(_line, found)) or none)


@stories.command()
@click.argument("story")
@of_workspace
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@in_words
def show(story: str, workspace: str, as_json: bool) -> None:
    """Show a story by its id: its articles by date, with the beginning of each."""
    from bot.answer.stories import story_by_id

    settings = load_settings()
    asker, _ = asked_now(settings.dragoman_tz, workspace, None)
    with open_desk(settings) as desk:
        found = story_by_id(desk.library(asker), story)
    if found is None:
        raise BadQuery(f"There is no story {story}: `dragoman stories` lists them.", about=story)
    row, members = found
    if as_json:
        told = [{**_member(member), "opening": opening} for member, opening in members]
        click.echo(json.dumps({**_told(row), "members": told}, ensure_ascii=False))
        return
    click.echo(_line(row))
    for member, opening in members:
        click.echo(_in_words(member, opening))


def _line(row: StoryRow) -> str:
    days = str(row.first) if row.first == row.last else f"{row.first} to {row.last}"
    copies = f", {row.copies} near-copies" if row.copies > 1 else ", one near-copy" * row.copies
    articles = "one article" if row.articles == 1 else f"{row.articles} articles"
    sources = "one source" if row.sources == 1 else f"{row.sources} independent sources"
    return f"{row.id}  {days}  {printable(row.headline)}\n            {articles}{copies}, {sources}"


def _in_words(member: Member, opening: str) -> str:
    after = f", after {member.original_source}" if member.original_source else ""
    copy = f", near-copy of {member.original}" if member.original else ""
    link = f" <{member.url}>" if member.url else ""
    who = member.publisher or "unnamed source"
    when = member.published.date() if member.published else "undated"
    return f"\n{when}  {printable(f'{who}{after}{copy}{link}')}\n            “{printable(opening)}”"


def _told(row: StoryRow) -> dict[str, object]:
    return {**row._asdict(), "first": str(row.first), "last": str(row.last)}


def _member(member: Member) -> dict[str, object]:
    return {
        "article": member.article,
        "title": member.title,
        "publisher": member.publisher,
        "original_source": member.original_source,
        "url": member.url,
        "published": member.published.isoformat() if member.published else None,
        "near_copy_of": member.original,
    }
