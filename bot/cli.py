"""The command line: a composition root. Every error is one sentence, every result can be JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from bot import __version__
from bot.errors import BadQuery, DragomanError, SettingsError
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.ingest import Report
    from bot.models import Period, Reply

P = ParamSpec("P")
T = TypeVar("T")

SHOWN_REJECTIONS = 20


def _in_words(command: Callable[P, T]) -> Callable[P, T]:
    """Turn our errors into one line on standard error and exit status 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except DragomanError as error:
            raise click.ClickException(str(error)) from error

    return run


@contextmanager
def _desk(settings: Settings) -> Iterator[Desk]:
    from bot.desk import Desk

    desk = Desk.from_settings(settings)
    try:
        yield desk
    finally:
        desk.close()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dragoman")
def main() -> None:
    """Brief a team on actors and events, every line with its source."""


@main.command()
@click.argument("paths", nargs=-1)
@click.option("--date", help="Date of what says none itself, such as 2024-03-05.")
@click.option("--publisher", help="Publisher of what names none itself.")
@click.option("--url", help="Link of the one article that has none itself.")
@click.option("--seeds", is_flag=True, help="Also read the notes that come with Dragoman.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@_in_words
def ingest(
    paths: tuple[str, ...],
    date: str | None,
    publisher: str | None,
    url: str | None,
    seeds: bool,
    as_json: bool,
) -> None:
    """Read articles from files, folders, or - for standard input.

    Plain text, Markdown with front matter, JSON and JSONL, each also gzipped. Running it
    twice adds nothing; an edited file becomes a revision.
    """
    from bot.gather.files import Defaults, drafts

    if not paths and not seeds:
        raise click.UsageError("Name a file or a folder to read, - for standard input, or --seeds.")
    now = datetime.now(UTC)
    with _desk(load_settings()) as desk:
        reports = []
        if seeds:
            reports.append(desk.ingest_seeds(now=now))
        if paths:
            defaults = Defaults(date=date, publisher=publisher, url=url)
            found = drafts(paths, defaults=defaults, now=now, stdin=sys.stdin.buffer)
            with _progress(as_json) as progress:
                reports.append(desk.ingest(found, now=now, progress=progress))
    _print_reports(reports, as_json)
    if not any(report.read for report in reports):
        sys.exit(1)


@contextmanager
def _progress(as_json: bool) -> Iterator[Callable[[Report], None] | None]:
    if as_json or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("Reading"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} articles, {task.fields[speed]:,.0f} a second"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, speed=0.0)

        def show(report: Report) -> None:
            elapsed = bar.tasks[0].elapsed or 1.0
            bar.update(task, completed=report.read, speed=report.read / elapsed)

        yield show


def _print_reports(reports: list[Report], as_json: bool) -> None:
    keys = ("read", "new", "unchanged", "revised", "reread", "removed", "rejected", "facts")
    total: dict[str, Any] = {key: sum(getattr(report, key) for report in reports) for key in keys}
    rejections = [one for report in reports for one in report.rejections]
    if as_json:
        total["rejections"] = [one.model_dump() for one in rejections]
        click.echo(json.dumps(total, ensure_ascii=False))
        return
    click.echo(
        f"{total['read']:,} read: {total['new']:,} new, {total['unchanged']:,} unchanged, "
        f"{total['revised']:,} revised; {total['facts']:,} facts. {total['rejected']:,} rejected."
    )
    for one in rejections[:SHOWN_REJECTIONS]:
        click.echo(f"  {one.origin}: {one.reason}", err=True)
    if len(rejections) > SHOWN_REJECTIONS:
        click.echo(f"  and {total['rejected'] - SHOWN_REJECTIONS:,} more (--json)", err=True)


def _asking(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that every question takes."""
    for option in reversed(
        (
            click.option("--since", help="First day, such as 2024-01-01 or 'last month'."),
            click.option("--until", help="Last day."),
            click.option("--as-of", help="Answer as if this were the present day."),
            click.option("--json", "as_json", is_flag=True, help="Print the whole reply as JSON."),
        )
    ):
        command = option(command)
    return command


@main.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--more", is_flag=True, help="Show also what a brief leaves out at first.")
@_asking
@_in_words
def brief(
    query: tuple[str, ...],
    more: bool,
    since: str | None,
    until: str | None,
    as_of: str | None,
    as_json: bool,
) -> None:
    """Brief on an actor or a pair: dragoman brief Qatar, dragoman brief "Qatar Iran"."""
    from bot.answer import plain
    from bot.models import Brief

    settings = load_settings()
    reply = _ask(settings, "brief", " ".join(query), since, until, as_of)
    _print_reply(reply, settings, as_json)
    if more and not as_json and isinstance(reply, Brief) and reply.more:
        click.echo(plain.more(reply, settings.dragoman_tz))


@main.command()
@click.argument("question", nargs=-1, required=True)
@_asking
@_in_words
def ask(
    question: tuple[str, ...],
    since: str | None,
    until: str | None,
    as_of: str | None,
    as_json: bool,
) -> None:
    """Answer a question: dragoman ask "who moved to Turkey?"."""
    settings = load_settings()
    _print_reply(_ask(settings, "ask", " ".join(question), since, until, as_of), settings, as_json)


def _ask(
    settings: Settings,
    kind: str,
    text: str,
    since: str | None,
    until: str | None,
    as_of: str | None,
) -> Reply:
    from bot.models import Asker

    zone = _zone(settings)
    now = datetime.now(UTC)
    today = now.astimezone(zone).date()
    asker = Asker(tz=settings.dragoman_tz, now=now)
    if as_of:
        from bot.text.periods import parse_day

        # The whole of that day has been.
        end = datetime.combine(parse_day(as_of, today, edge="end"), time(), zone) + timedelta(
            days=1
        )
        asker = asker.model_copy(update={"as_of": end - timedelta(microseconds=1)})
        today = (end - timedelta(microseconds=1)).date()
    period = _period(since, until, today)
    with _desk(settings) as desk:
        desk.catch_up()
        call = desk.brief if kind == "brief" else desk.ask
        reply = call(asker, text, period)
        if not desk.store.articles_total(asker.workspace):
            click.echo(
                "The store is empty: read something first, with `dragoman ingest PATH`, or the "
                "notes that come with Dragoman, with `dragoman ingest --seeds`.",
                err=True,
            )
        return reply


def _period(since: str | None, until: str | None, today: Any) -> Period | None:
    from bot.models import Period
    from bot.text.periods import parse_day

    if not since and not until:
        return None
    start = parse_day(since, today) if since else None
    end = parse_day(until, today, edge="end") if until else None
    if start and end and end < start:
        raise BadQuery(f"--until {until} is before --since {since}: swap them.", about=str(until))
    return Period(start=start, end=end)


def _zone(settings: Settings) -> ZoneInfo:
    try:
        return ZoneInfo(settings.dragoman_tz)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(
            f"DRAGOMAN_TZ is {settings.dragoman_tz!r}: it takes a time zone such as Asia/Qatar.",
            about="DRAGOMAN_TZ",
        ) from error


def _print_reply(reply: Reply, settings: Settings, as_json: bool) -> None:
    from bot.answer.plain import plain

    if as_json:
        click.echo(reply.model_dump_json())
    else:
        click.echo(plain(reply, settings.dragoman_tz))


@main.command()
@_in_words
def reindex() -> None:
    """Rebuild the search index from the store."""
    with _desk(load_settings()) as desk:
        click.echo(f"{desk.reindex():,} passages indexed.")


@main.command()
@_in_words
def serve() -> None:
    """Serve Slack over HTTP, with the settings of the environment or .env."""
    from bot.serve import serve as run

    asyncio.run(run(load_settings()))


@main.command()
@click.option("--data", type=click.Path(path_type=Path), help="Keep the data in this folder.")
@click.option("--port", default=8765, show_default=True, help="Port of the page; 0 is any.")
@_in_words
def demo(data: Path | None, port: int) -> None:
    """Serve a local workspace to try Dragoman in: no Slack, no token, loopback only."""
    from bot.serve import demo as run

    asyncio.run(run(data, port))


if __name__ == "__main__":
    main()
