"""dragoman facts and stories: stored facts and stories, as text or as data."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import click

from bot.cli.common import (
    asked_now,
    asked_period,
    in_words,
    json_option,
    of_workspace,
    open_desk,
    print_json,
    printable,
)
from bot.errors import BadQuery
from bot.models import EventClass, Status
from bot.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer.export import ExportedFact
    from bot.answer.stories import StoryRow
    from bot.store.stories import Member


_CLASSES = [one.value for one in EventClass]
_STATUSES = [one.value for one in Status]


@click.command()
@click.option("--actor", help="Whom the facts are about: a name, or an id such as state:qat.")
@click.option("--with", "other", help="A second actor that must also take part.")
@click.option(
    "--class", "classes", multiple=True, type=click.Choice(_CLASSES, case_sensitive=False)
)
@click.option("--status", "statuses", multiple=True, type=click.Choice(_STATUSES))
@click.option("--since", help="First day, such as 2024-01-01 or 'last month'.")
@click.option("--until", help="Last day, in the same words.")
@click.option("--as-of", help="Only what had been published by this day.")
@of_workspace
@click.option(
    "--format",
    "how",
    default="table",
    show_default=True,
    type=click.Choice(["table", "json", "jsonl", "csv"]),
)
@in_words
def facts(
    actor: str | None,
    other: str | None,
    classes: tuple[str, ...],
    statuses: tuple[str, ...],
    since: str | None,
    until: str | None,
    as_of: str | None,
    workspace: str,
    how: str,
) -> None:
    """List stored facts with quote, publisher, link, dates and independent sources.

    Newest first. Facts about the same event share a "happening" id. In CSV, text that a
    spreadsheet would read as a formula is prefixed with an apostrophe.
    """
    if other and not actor:
        raise click.UsageError("--with names a second actor: name the first with --actor.")
    from bot.answer.export import MOST_EXPORTED, actor_ids, export_rows, facts_about, matching

    settings = load_settings()
    asker, today = asked_now(settings.dragoman_tz, workspace, as_of)
    period = asked_period(since, until, today)
    with open_desk(settings) as desk:
        desk.catch_up()
        library = desk.library(asker)
        groups = [actor_ids(library, name) for name in (actor, other) if name]
        look = partial(facts_about, library, groups[:1], classes=set(map(EventClass, classes)))
        keep = partial(matching, groups=groups[1:], statuses=set(map(Status, statuses)))
        newest = look(period=period)
        rows = export_rows(library, keep(newest))
        left = keep(look(undated=True)) if period else []
    _print(rows, how)
    if left:
        click.echo(f"{len(left):,} undated left out of this period.", err=True)
    if len(newest) >= MOST_EXPORTED:
        click.echo(
            f"Only the newest {MOST_EXPORTED:,} were looked at; for others, give --until.", err=True
        )


def _print(rows: Sequence[ExportedFact], how: str) -> None:
    from bot.answer.export import as_csv

    if how == "csv":
        click.echo(as_csv(rows), nl=False)
    elif how == "json":
        click.echo(json.dumps([_fact_row(row) for row in rows], ensure_ascii=False, indent=1))
    elif how == "jsonl":
        for row in rows:
            print_json(_fact_row(row))
    else:
        click.echo("\n".join(map(_fact_in_words, rows)) or "No stored fact matches.")


def _fact_row(row: ExportedFact) -> dict[str, object]:
    result = row.model_dump()
    return {"class" if key == "event_class" else key: value for key, value in result.items()}


def _fact_in_words(row: ExportedFact) -> str:
    """Return three lines: source, act and target; the quote; the article it is from."""
    target = f"“{' '.join(row.target_words.split())}”" if row.target_words else row.target
    who = row.source or (f"“{' '.join(row.source_words.split())}”" if row.source_words else "")
    arrow = f" → {target}" if target else ""
    said = f", says {row.claimant}" if row.claimant else ""
    if row.claimant_words:
        said = f", says “{' '.join(row.claimant_words.split())}”"
    place = f", in {row.place}" if row.place else ""
    count = "one source" if row.sources == 1 else f"{row.sources} sources"
    after = f"after {row.original_source}" if row.original_source else ""
    where = [row.publisher, after, row.published or "undated", row.url]
    return "\n".join(
        (
            f"{row.date or 'undated':<10}  {who or 'Somebody'} – {row.event_class} ({row.act})"
            f"{arrow}: {row.status}{said}{place}, {count}",
            f"            “{' '.join(row.quote.split())}”",
            f"            {', '.join(filter(None, where))}",
        )
    )


NO_STORY = "No stories yet: a story needs at least two articles."


@click.group(invoke_without_command=True)
@click.option("--since", help="First day, such as 2024-01-01 or 'last month'.")
@click.option("--until", help="Last day, in the same words.")
@click.option("--actor", "actors", multiple=True, help="Who is named in it; may be repeated.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1_000))
@of_workspace
@json_option
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

    By default of the last 14 days, or of as many as it takes to have three. A story has at
    least two articles; `stories show ID` lists them.
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
        print_json([_story_row(row) for row in found])
        return
    asked_for = bool(actors or since or until)
    none = "No stored story matches." if asked_for else NO_STORY
    click.echo("\n".join(map(_line, found)) or none)


@stories.command()
@click.argument("story")
@of_workspace
@json_option
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
        result = [{**_member(member), "opening": opening} for member, opening in members]
        print_json({**_story_row(row), "members": result})
        return
    click.echo(_line(row))
    for member, opening in members:
        click.echo(_member_in_words(member, opening))


def _line(row: StoryRow) -> str:
    days = str(row.first) if row.first == row.last else f"{row.first} to {row.last}"
    copies = f", {row.copies} near-copies" if row.copies > 1 else ", one near-copy" * row.copies
    articles = "one article" if row.articles == 1 else f"{row.articles} articles"
    sources = "one source" if row.sources == 1 else f"{row.sources} independent sources"
    return f"{row.id}  {days}  {printable(row.headline)}\n            {articles}{copies}, {sources}"


def _member_in_words(member: Member, opening: str) -> str:
    after = f", after {member.original_source}" if member.original_source else ""
    copy = f", near-copy of {member.original}" if member.original else ""
    link = f" <{member.url}>" if member.url else ""
    who = member.publisher or "unnamed source"
    when = member.published.date() if member.published else "undated"
    return f"\n{when}  {printable(f'{who}{after}{copy}{link}')}\n            “{printable(opening)}”"


def _story_row(row: StoryRow) -> dict[str, object]:
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
