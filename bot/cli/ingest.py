"""dragoman ingest: articles in."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from bot.cli.common import in_words, of_workspace, open_desk
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.gather.records import Defaults, Rejected
    from bot.gather.sizes import Amount
    from bot.ingest import Report
    from bot.models import Draft

SHOWN_REJECTIONS = 20
ARTICLES_LEFT = "What was stored stays; run the same command again to read the rest."
FACTS_LEFT = (
    "All articles are stored and can be found; `dragoman serve`, or the same command again, reads"
    " the facts that are missing."
)
"""What has become of the rest after Ctrl-C."""

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it: 128 and the number of the signal."""


_ENCODED = 500
"""Articles whose vectors are made at once, a few seconds' work."""


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--date", help="Date of what says none itself, such as 2024-03-05.")
@click.option("--publisher", help="Publisher of what names none itself.")
@click.option("--url", help="Link of the one article that has none itself.")
@click.option("--seeds", is_flag=True, help="Also read the notes that come with Dragoman.")
@click.option(
    "--facts-later",
    is_flag=True,
    help="Store the articles, and leave the facts of many to `dragoman serve`.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@of_workspace
@in_words
def ingest(
    paths: tuple[str, ...],
    date: str | None,
    publisher: str | None,
    url: str | None,
    seeds: bool,
    facts_later: bool,
    as_json: bool,
    workspace: str,
) -> None:
    """Read articles from files, folders, links (https://…), or - for standard input.

    Web pages, PDF, plain text, Markdown with front matter, JSON and JSONL, each also gzipped.
    Running it twice adds nothing; an edited article becomes a revision. A date, publisher or
    link that was not known can be given by reading the same again.
    """
    from bot.gather.records import Defaults
    from bot.gather.sizes import Amount, size_of

    if not paths and not seeds:
        raise click.UsageError(
            "Name a file, folder or link to read, - for standard input, or --seeds."
        )
    now = datetime.now(UTC)
    settings = load_settings()
    told = _FactsProgress(shown=not as_json and sys.stderr.isatty())
    how: dict[str, Any] = {"now": now, "workspace": workspace}
    how |= {"facts_later": facts_later, "facts_progress": told}
    with _interruptible(told), open_desk(settings) as desk:
        reports = []
        if seeds:
            reports.append(desk.ingest_seeds(**how))
        if paths:
            defaults = Defaults(date=date, publisher=publisher, url=url)
            amount = Amount(size_of(paths))
            found = _found(paths, defaults, now, settings, amount)
            with _progress(as_json, amount) as progress:
                reports.append(desk.ingest(found, progress=progress, **how))
        desk.embed_some(_ENCODED)
        waiting = desk.waiting(workspace).facts
    _print_reports(reports, as_json, waiting)
    if not any(report.read for report in reports):
        sys.exit(1)


def _found(
    paths: Sequence[str], defaults: Defaults, now: datetime, settings: Settings, amount: Amount
) -> Iterator[Draft | Rejected]:
    if not any(path.lower().startswith(("http://", "https://")) for path in paths):
        from bot.gather.files import drafts

        return drafts(
            paths,
            defaults=defaults,
            now=now,
            stdin=_standard_input(),
            workers=settings.dragoman_workers,
            amount=amount,
        )
    # What speaks HTTP takes a while to import, and files are read without it.
    from bot.feeds.named import gathered
    from bot.gather.fetch import Fetcher

    return gathered(
        paths,
        Fetcher.from_settings(settings),
        defaults=defaults,
        now=now,
        stdin=_standard_input(),
        workers=settings.dragoman_workers,
        amount=amount,
    )


def _standard_input() -> BinaryIO | None:
    """Return standard input; None where the caller has closed it."""
    return sys.stdin.buffer if sys.stdin is not None else None


class _FactsProgress:
    """Says how many articles have got their facts, once that has begun."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
        self.begun = False

    def __call__(self, done: int, total: int) -> None:
        self.begun = True
        if self._shown:
            end = "\n" if done == total else ""
            click.echo(f"\rReading facts: {done:,} of {total:,}{end}", nl=False, err=True)


@contextmanager
def _interruptible(facts: _FactsProgress) -> Iterator[None]:
    """Say on Ctrl-C what has become of the rest."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo(f"Stopped. {FACTS_LEFT if facts.begun else ARTICLES_LEFT}", err=True)
        sys.exit(INTERRUPTED)


@contextmanager
def _progress(as_json: bool, amount: Amount) -> Iterator[Callable[[Report], None] | None]:
    if as_json or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("Reading"),
        BarColumn(),
        TextColumn("{task.percentage:.0f}%" if amount.total else ""),
        TextColumn("{task.fields[articles]:,.0f} articles, {task.fields[speed]:,.0f} a second"),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=amount.total or None, articles=0, speed=0.0)

        def show(report: Report) -> None:
            elapsed = bar.tasks[0].elapsed or 1.0
            speed = report.settled / elapsed
            # Of what was read so far, some batches are not stored yet.
            done = amount.read * report.settled / max(report.read, 1)
            bar.update(task, completed=done, articles=report.settled, speed=speed)

        yield show


def _print_reports(reports: list[Report], as_json: bool, waiting: int) -> None:
    keys = ("read", "new", "unchanged", "revised", "reread", "removed", "rejected", "facts")
    total: dict[str, Any] = {key: sum(getattr(report, key) for report in reports) for key in keys}
    rejections = [one for report in reports for one in report.rejections]
    languages = sum((report.languages for report in reports), Counter[str]())
    if as_json:
        total["waiting_for_facts"] = waiting
        total["languages"] = dict(languages)
        total["rejections"] = [one.model_dump() for one in rejections]
        click.echo(json.dumps(total, ensure_ascii=False))
        return
    click.echo(
        f"{total['read']:,} read: {total['new']:,} new, {total['unchanged']:,} unchanged, "
        f"{total['revised']:,} revised; {total['facts']:,} facts. {total['rejected']:,} rejected."
    )
    if waiting:
        click.echo(f"Articles whose facts are read later, by `dragoman serve`: {waiting:,}.")
    if total["removed"]:
        click.echo(
            f"{total['removed']:,} stay removed: `dragoman remove --undo` puts them back, `dragoman"
            " sources trust` those of a source that was removed."
        )
    if languages:
        from bot.text.language import name_of

        named = ", ".join(f"{name_of(one)} {n:,}" for one, n in languages.most_common())
        click.echo(f"In languages that facts are not read in yet, found by search: {named}.")
    for one in rejections[:SHOWN_REJECTIONS]:
        click.echo(f"  {one.origin}: {one.reason}", err=True)
    if len(rejections) > SHOWN_REJECTIONS:
        click.echo(f"  and {total['rejected'] - SHOWN_REJECTIONS:,} more (--json)", err=True)
