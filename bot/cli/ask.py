"""dragoman brief and dragoman ask: answers out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import click

from bot.cli.common import in_words, open_desk, zone
from bot.errors import BadQuery
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.models import Period, Reply


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


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--more", is_flag=True, help="Show also what a brief leaves out at first.")
@_asking
@in_words
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


@click.command()
@click.argument("question", nargs=-1, required=True)
@_asking
@in_words
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

    local = zone(settings)
    now = datetime.now(UTC)
    today = now.astimezone(local).date()
    asker = Asker(tz=settings.dragoman_tz, now=now)
    if as_of:
        from bot.text.periods import parse_day

        # The whole of that day has been.
        end = datetime.combine(parse_day(as_of, today, edge="end"), time(), local) + timedelta(
            days=1
        )
        asker = asker.model_copy(update={"as_of": end - timedelta(microseconds=1)})
        today = (end - timedelta(microseconds=1)).date()
    period = _period(since, until, today)
    with open_desk(settings) as desk:
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


def _period(since: str | None, until: str | None, today: date) -> Period | None:
    from bot.models import Period
    from bot.text.periods import parse_day

    if not since and not until:
        return None
    start = parse_day(since, today) if since else None
    end = parse_day(until, today, edge="end") if until else None
    if start and end and end < start:
        raise BadQuery(f"--until {until} is before --since {since}: swap them.", about=str(until))
    return Period(start=start, end=end)


def _print_reply(reply: Reply, settings: Settings, as_json: bool) -> None:
    from bot.answer.plain import plain

    if as_json:
        click.echo(reply.model_dump_json())
    else:
        click.echo(plain(reply, settings.dragoman_tz))
