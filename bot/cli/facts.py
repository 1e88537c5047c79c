"""dragoman facts: stored facts to take along, as a table, JSON or CSV."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from bot.cli.ask import asked_period, past_day
from bot.cli.common import in_words, of_workspace, open_desk
from bot.models import Asker, EventClass, Status
from bot.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer.export import ExportedFact

_CLASSES = [one.value for one in EventClass]
_STATUSES = [one.value for one in Status]


@click.command()
@click.option("--actor", help="Whom the facts are about: a name, or an id such as state:qat.")
@click.option("--with", "other", help="Who else must have a part in them.")
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

    Newest first. What tells the same happening has the same "happening". In CSV no cell
    begins as a formula would: such text stands behind an apostrophe.
    """
    if other and not actor:
        raise click.UsageError("--with names a second actor: name the first with --actor.")
    from bot.answer.export import MOST_EXPORTED, actor_ids, export_rows, facts_about

    settings = load_settings()
    asker, today = asked_now(settings.dragoman_tz, workspace, as_of)
    period = asked_period(since, until, today)
    with open_desk(settings) as desk:
        desk.catch_up()
        library = desk.library(asker)
        told = partial(
            facts_about,
            library,
            [actor_ids(library, name) for name in (actor, other) if name],
            classes={EventClass(one) for one in classes},
            statuses={Status(one) for one in statuses},
        )
        rows = export_rows(library, told(period=period))
        left = told(undated=True) if period else []
    _print(rows, how)
    if left:
        click.echo(f"{len(left):,} undated left out of this period.", err=True)
    if len(rows) >= MOST_EXPORTED:
        click.echo(
            f"These are the newest {MOST_EXPORTED:,}: name a period for those before.", err=True
        )


def asked_now(tz: str, workspace: str, as_of: str | None) -> tuple[Asker, date]:
    """Who asks, and the day that counts as today."""
    now, zone = datetime.now(UTC), ZoneInfo(tz)
    today = now.astimezone(zone).date()
    asker = Asker(workspace=workspace, operator=True, tz=tz, now=now)
    if as_of is None:
        return asker, today
    past = past_day(as_of, today)
    return asker.model_copy(update={"as_of": datetime.combine(past, time.max, zone)}), past


def _print(rows: Sequence[ExportedFact], how: str) -> None:
    from bot.answer.export import as_csv

    if how == "csv":
        click.echo(as_csv(rows), nl=False)
    elif how == "json":
        click.echo(json.dumps([_told(row) for row in rows], ensure_ascii=False, indent=1))
    elif how == "jsonl":
        for row in rows:
            click.echo(json.dumps(_told(row), ensure_ascii=False))
    else:
        click.echo("\n".join(map(_in_words, rows)) or "No such fact is stored.")


def _told(row: ExportedFact) -> dict[str, object]:
    told = row.model_dump()
    return {"class" if key == "event_class" else key: value for key, value in told.items()}


def _in_words(row: ExportedFact) -> str:
    """Three lines: who did what to whom, the quote, and where it stands."""
    whom = f"“{' '.join(row.target_words.split())}”" if row.target_words else row.target
    who = row.source or (f"“{' '.join(row.source_words.split())}”" if row.source_words else "")
    target = f" → {whom}" if whom else ""
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
            f"{target}: {row.status}{said}{place}, {count}",
            f"            “{' '.join(row.quote.split())}”",
            f"            {', '.join(filter(None, where))}",
        )
    )
