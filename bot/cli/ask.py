"""dragoman brief, ask, explain and seen: questions answered."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from bot.cli.common import (
    Row,
    answered,
    asked_now,
    asked_period,
    in_words,
    json_option,
    of_workspace,
    open_desk,
    past_day,
)
from bot.errors import BadQuery
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.answer.question import Question
    from bot.desk import Desk
    from bot.models import Asker, Period, Reply


def _asking(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that every question takes."""
    command = of_workspace(command)
    for option in reversed(
        (
            click.option("--since", help="First day, such as 2024-01-01 or 'last month'."),
            click.option("--until", help="Last day, in the same words."),
            click.option(
                "--as-of", help="Answer as on this day of the past, from what had been published."
            ),
            click.option("--json", "as_json", is_flag=True, help="Print the whole reply as JSON."),
        )
    ):
        command = option(command)
    return command


@click.command()
@click.argument("query", nargs=-1)
@click.option("--batch", metavar="FILE.jsonl", help="Brief on every line of a file; - is stdin.")
@click.option("--more", is_flag=True, help="Show all of a brief, each line once.")
@click.option("--plot", type=click.Path(), help="Draw the timeline into this PNG file.")
@_asking
@in_words
def brief(
    query: tuple[str, ...],
    batch: str | None,
    more: bool,
    plot: str | None,
    since: str | None,
    until: str | None,
    as_of: str | None,
    as_json: bool,
    workspace: str,
) -> None:
    """Brief on an actor, a pair or an event: dragoman brief Qatar, dragoman brief "Qatar Iran".

    With --json, "opening" and "first_view" are the ids of the articles cited by the first line
    and by all lines that stand without --more, in order. With --batch, lines {"id", "query",
    "as_of"} become lines {"id", "kind", "opening", "first_view", "summary"}; as_of, a day, may
    be left out. A line that cannot be used is reported by its number, the others are answered,
    and the exit status is 1.
    """
    settings = load_settings()
    if bool(query) == bool(batch):
        raise click.UsageError("Name an actor or an event, or give a file of them with --batch.")
    if batch and (plot or more):
        raise click.UsageError("--plot and --more are for one brief: leave out --batch.")
    whose = (settings, workspace)
    if batch:
        sys.exit(_batch_of_briefs(whose, batch, since, until, as_of))
    reply = _ask(whose, "brief", " ".join(query), since, until, as_of, plot)
    if as_json:
        from bot.answer.cli_output import views

        click.echo(json.dumps({**reply.model_dump(mode="json"), **views(reply)}))
    else:
        print_reply(reply, settings, as_json=False, whole=more)


@click.command()
@click.argument("question", nargs=-1)
@click.option("--batch", metavar="FILE.jsonl", help="Answer every line of a file; - is stdin.")
@_asking
@in_words
def ask(
    question: tuple[str, ...],
    batch: str | None,
    since: str | None,
    until: str | None,
    as_of: str | None,
    as_json: bool,
    workspace: str,
) -> None:
    """Answer a question: dragoman ask "who moved to Turkey?".

    With --batch, lines {"id", "question", "as_of"} become lines {"id", "kind", "answered",
    "matches", "period", "snippets": [{"article", "revision", "field", "url", "source",
    "published", "quote", "start", "end", "answer", "score", "bears"}], "summary"}; as_of, a
    day, may be left out. Snippets are in the order in which a reader sees them, and what was
    only looked at comes after them; "bears" says whether a reader is shown one as an answer.
    "matches" are the articles that may answer, the likeliest first, whether shown or not.
    A line that cannot be used is told by its number, the others are answered, and the exit
    status is 1.
    """
    settings = load_settings()
    if bool(question) == bool(batch):
        raise click.UsageError("Ask a question, or give a file of them with --batch.")
    if batch:
        sys.exit(_batch((settings, workspace), batch, since, until, as_of))
    whose = (settings, workspace)
    print_reply(_ask(whose, "ask", " ".join(question), since, until, as_of), settings, as_json)


def _batch(
    whose: tuple[Settings, str], name: str, since: str | None, until: str | None, as_of: str | None
) -> int:
    """Answer every question of a file; returns the exit status."""
    from bot.answer.cli_output import row_of

    def ask_one(desk: Desk, asker: Asker, text: str, period: Period | None) -> Row:
        return row_of(*desk.ask_in_full(asker, text, period), asker.tz)

    return _every_line(whose, name, "question", (since, until, as_of), ask_one)


def _batch_of_briefs(
    whose: tuple[Settings, str], name: str, since: str | None, until: str | None, as_of: str | None
) -> int:
    """Brief on every query of a file; returns the exit status."""
    from bot.answer.cli_output import brief_row

    def brief_one(desk: Desk, asker: Asker, text: str, period: Period | None) -> Row:
        return brief_row(desk.brief(asker, text, period), asker.tz)

    return _every_line(whose, name, "query", (since, until, as_of), brief_one)


def _every_line(
    whose: tuple[Settings, str],
    name: str,
    field: str,
    days: tuple[str | None, str | None, str | None],
    reply: Callable[[Desk, Asker, str, Period | None], Row],
) -> int:
    """Reply to every line of a file, as of the day it names, else the one of ``days``.

    ``days`` are --since, --until and --as-of as typed. Returns the exit status.
    """
    settings = whose[0]
    since, until, as_of = days
    now = datetime.now(UTC)
    today = now.astimezone(ZoneInfo(settings.dragoman_tz)).date()

    def row_for(row: Row) -> Row:
        on = row.get("as_of") or as_of
        if on is not None and not isinstance(on, str):
            raise BadQuery(f"as_of is {on!r}; it takes a day, such as 2012-05-01.", about="line")
        day = past_day(on, today) if on else today
        asker = _asker(whose, now, day if on else None)
        return reply(desk, asker, row[field], asked_period(since, until, day))

    with open_desk(settings) as desk:
        desk.catch_up()
        return answered(name, field, row_for)


def _asker(whose: tuple[Settings, str], now: datetime, day: date | None) -> Asker:
    """Who asks: now, or as if the whole of a past day had been."""
    from bot.models import Asker

    settings, workspace = whose
    asker = Asker(workspace=workspace, operator=True, tz=settings.dragoman_tz, now=now)
    if day is None:
        return asker
    end = datetime.combine(day, time.max, ZoneInfo(settings.dragoman_tz))
    return asker.model_copy(update={"as_of": end})


def _ask(
    whose: tuple[Settings, str],
    kind: str,
    text: str,
    since: str | None,
    until: str | None,
    as_of: str | None,
    plot: str | None = None,
) -> Reply:
    settings, now = whose[0], datetime.now(UTC)
    today = now.astimezone(ZoneInfo(settings.dragoman_tz)).date()
    if as_of is not None:
        today = past_day(as_of, today)
    asker = _asker(whose, now, today if as_of is not None else None)
    period = asked_period(since, until, today)
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
        if plot is not None:
            _plot(desk, asker, reply, plot)
        return reply


def _plot(desk: Desk, asker: Asker, reply: Reply, file: str) -> None:
    """Draw the timeline of a brief, and say in words what it shows."""
    from bot.answer.timeline import alt_text, draw
    from bot.models import Brief

    found = desk.timeline(asker, reply) if isinstance(reply, Brief) else None
    if found is None:
        click.echo(
            f"No timeline: no event that has a date is stored, so {file} is not written.", err=True
        )
        return
    try:
        Path(file).write_bytes(draw(found))
    except OSError as error:
        raise BadQuery(
            f"{file} cannot be written ({error.strerror}): give --plot a file in a folder "
            "that is there.",
            about=file,
        ) from error
    click.echo(f"{file}: {alt_text(found)}", err=True)


def print_reply(reply: Reply, settings: Settings, as_json: bool, *, whole: bool = False) -> None:
    """Print a reply in words, of a brief with ``whole`` all lines, or everything as JSON."""
    from bot.answer.cli_output import plain_text

    if as_json:
        click.echo(reply.model_dump_json())
    else:
        click.echo(plain_text(reply, settings.dragoman_tz, whole=whole))


@click.command()
@click.argument("question", nargs=-1, required=True)
@click.option("--as-of", help="Understand as on this day of the past.")
@click.option("--after", help="A question asked before, which this one follows in a thread.")
@json_option
@of_workspace
@in_words
def explain(
    question: tuple[str, ...], as_of: str | None, after: str | None, as_json: bool, workspace: str
) -> None:
    """Say how QUESTION is understood: kind, actors and why, period, classes, filters, words."""
    from bot.models import Asker
    from bot.text.periods import parse_day

    settings = load_settings()
    local, now, text = ZoneInfo(settings.dragoman_tz), datetime.now(UTC), " ".join(question)
    asker = Asker(workspace=workspace, operator=True, tz=settings.dragoman_tz, now=now)
    if as_of is not None:
        day = parse_day(as_of, now.astimezone(local).date(), edge="end")
        asker = asker.model_copy(update={"as_of": datetime.combine(day, time.max, local)})
    with open_desk(settings) as desk:
        desk.catch_up()
        if after is not None:
            text = desk.follow_up(asker, after, text)
        told = _told(desk.understood(asker, text))
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else "\n".join(_lines(told)))


def _told(question: Question) -> dict[str, Any]:
    period, filters = question.period, question.filters
    return {
        "question": question.text,
        "kind": question.kind,
        "actors": [
            {
                "typed": one.text,
                "verdict": one.verdict,
                "candidates": [
                    match.model_dump(mode="json", include={"actor", "name", "type", "score", "why"})
                    for match in one.matches[: 1 if one.verdict == "sure" else 5]
                ],
            }
            for one in question.named
        ],
        "period": period.model_dump(mode="json") if period else None,
        "classes": sorted(question.classes),
        "terms": list(question.terms),
        "filters": {
            "from": list(filters.publishers),
            "type": sorted(filters.classes),
            "phrases": list(filters.phrases),
            "without": list(filters.without),
        },
        "briefed": question.general,
        "notes": list(question.notes),
    }


def _lines(told: dict[str, Any]) -> list[str]:
    lines = [f"“{told['question']}”", f"  kind: {told['kind']}{_briefed(told)}"]
    for actor in told["actors"]:
        sure = actor["verdict"] == "sure"
        lines.append(f"  actor: “{actor['typed']}”{'' if sure else ' may be'}")
        lines += [f"    {one['name']} ({one['type']}): {one['why']}" for one in actor["candidates"]]
    if (period := told["period"]) is not None:
        days = f"{period['start'] or '…'} to {period['end'] or '…'}"
        lines.append(f"  period: {days}" + (f" (“{period['label']}”)" if period["label"] else ""))
    for name in ("classes", "terms"):
        if told[name]:
            lines.append(f"  {name}: {', '.join(told[name])}")
    for name, values in told["filters"].items():
        if values:
            lines.append(f"  filter {name}: {', '.join(values)}")
    return lines + [f"  {note}" for note in told["notes"]]


def _briefed(told: dict[str, Any]) -> str:
    return " (names only actors: answered by a brief)" if told["briefed"] else ""


@click.command()
@click.argument("what", nargs=-1, required=True)
@click.option("--as-of", help="Only what had been published by this day.")
@of_workspace
@click.option("--json", "as_json", is_flag=True, help="Print the whole reply as JSON.")
@in_words
def seen(what: tuple[str, ...], as_of: str | None, workspace: str, as_json: bool) -> None:
    """Say who else reports it: dragoman seen URL, dragoman seen "Hamas moved to Turkey".

    Independent sources, who was first, near-copies and denials, each with its sentence.
    """
    settings = load_settings()
    asker, _ = asked_now(settings.dragoman_tz, workspace, as_of)
    with open_desk(settings) as desk:
        desk.catch_up()
        reply = desk.seen(asker, " ".join(what))
    print_reply(reply, settings, as_json)
