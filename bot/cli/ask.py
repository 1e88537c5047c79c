"""dragoman brief, ask, seen and match: questions answered, and names matched."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from bot.cli.common import Row, answered, in_words, json_option, of_workspace, open_desk, print_json
from bot.errors import BadQuery, BadTable
from bot.models import ActorType
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.match.actors import Name
    from bot.models import Match

import json
from typing import TYPE_CHECKING

from bot.cli.common import (
    asked_now,
    asked_period,
)
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.models import Asker, Period, Reply


def _asking(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of every question."""
    command = of_workspace(command)
    for option in reversed(
        (
            click.option("--since", help="First day, such as 2024-01-01 or 'last month'."),
            click.option("--until", help="Last day, in the same words."),
            click.option(
                "--as-of", help="Answer as if on this past day, from what had been published."
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
    be left out. A line that cannot be used is reported by its number; the others are answered,
    and the exit status is 1.
    """
    settings = load_settings()
    if bool(query) == bool(batch):
        raise click.UsageError("Name an actor or an event, or give a file of them with --batch.")
    if batch and (plot or more):
        raise click.UsageError("--plot and --more are for one brief: leave out --batch.")
    days = (since, until, as_of)
    if batch:
        from bot.answer.cli_output import brief_row

        def brief_one(desk: Desk, asker: Asker, text: str, period: Period | None) -> Row:
            return brief_row(desk.brief(asker, text, period), asker.tz)

        sys.exit(_answer_lines(settings, workspace, batch, "query", days, brief_one))
    reply = _ask(settings, workspace, "brief", " ".join(query), days, plot)
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
    A line that cannot be used is reported by its number; the others are answered, and the exit
    status is 1.
    """
    settings = load_settings()
    if bool(question) == bool(batch):
        raise click.UsageError("Ask a question, or give a file of them with --batch.")
    days = (since, until, as_of)
    if batch:
        from bot.answer.cli_output import row_of

        def ask_one(desk: Desk, asker: Asker, text: str, period: Period | None) -> Row:
            return row_of(*desk.ask_in_full(asker, text, period), asker.tz)

        sys.exit(_answer_lines(settings, workspace, batch, "question", days, ask_one))
    print_reply(_ask(settings, workspace, "ask", " ".join(question), days), settings, as_json)


def _answer_lines(
    settings: Settings,
    workspace: str,
    name: str,
    field: str,
    days: tuple[str | None, str | None, str | None],
    reply: Callable[[Desk, Asker, str, Period | None], Row],
) -> int:
    """Reply to every line of a file, as of the day in the line, else the one of ``days``.

    ``days`` are --since, --until and --as-of as typed. Returns the exit status.
    """
    since, until, as_of = days

    def row_for(row: Row) -> Row:
        on = row.get("as_of") or as_of
        if on is not None and not isinstance(on, str):
            raise BadQuery(f"as_of is {on!r}; it takes a day, such as 2012-05-01.", about="line")
        asker, today = asked_now(settings.dragoman_tz, workspace, on)
        return reply(desk, asker, row[field], asked_period(since, until, today))

    with open_desk(settings) as desk:
        desk.catch_up()
        return answered(name, field, row_for)


def _ask(
    settings: Settings,
    workspace: str,
    kind: str,
    text: str,
    days: tuple[str | None, str | None, str | None],
    plot: str | None = None,
) -> Reply:
    since, until, as_of = days
    asker, today = asked_now(settings.dragoman_tz, workspace, as_of)
    period = asked_period(since, until, today)
    with open_desk(settings) as desk:
        desk.catch_up()
        call = desk.brief if kind == "brief" else desk.ask
        reply = call(asker, text, period)
        if not desk.store.articles_total(asker.workspace):
            click.echo(
                "The store is empty. Run `dragoman ingest PATH` to read something, or "
                "`dragoman ingest --seeds` for the notes that come with Dragoman.",
                err=True,
            )
        if plot is not None:
            _plot(desk, asker, reply, plot)
        return reply


def _plot(desk: Desk, asker: Asker, reply: Reply, file: str) -> None:
    """Draw the timeline of a brief, and describe it in words."""
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
    """Print a reply in words, with ``whole`` all lines of a brief, or everything as JSON."""
    from bot.answer.cli_output import plain_text

    if as_json:
        click.echo(reply.model_dump_json())
    else:
        click.echo(plain_text(reply, settings.dragoman_tz, whole=whole))


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


# --- names -------------------------------------------------------------------------------


Find = Callable[[str, date | None], list["Match"]]

LONGEST = 500
"""The most characters of a query; no name is longer."""

_NEEDED = {"actor_id", "name"}
_TYPES = {kind.value for kind in ActorType}


@click.command()
@click.argument("query", nargs=-1)
@click.option("--as-of", help="Who held an office on this day, such as 2012-05-01.")
@click.option("--batch", metavar="FILE.jsonl", help="Match every line of a file; - is stdin.")
@click.option("--aliases", metavar="FILE.csv", help="Match against this list instead.")
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 50))
@of_workspace
@json_option
@in_words
def match(
    query: tuple[str, ...],
    as_of: str | None,
    batch: str | None,
    aliases: str | None,
    limit: int,
    workspace: str,
    as_json: bool,
) -> None:
    """List the actors that QUERY may mean, each with its score and the reason.

    With --batch, lines {"id", "query", "as_of"} become lines {"id", "candidates": [{"actor",
    "name", "type", "iso3", "score", "how"}], "verdict"}; as_of may be left out. A line that
    cannot be used is reported by its number; the others are matched, and the exit status is 1.

    With --aliases, a CSV file with the columns actor_id and name (a row a name; optional:
    type, iso3), no other actor is known, and --as-of has no office to look up.
    """
    if bool(query) == bool(batch):
        raise click.UsageError('Give a name, or a file with --batch: dragoman match "Emir".')
    settings = load_settings()
    today = datetime.now(UTC).astimezone(ZoneInfo(settings.dragoman_tz)).date()
    default = _day(as_of, today) if as_of else None
    with _finder(aliases, workspace, limit) as find:
        if batch:
            sys.exit(_batch(batch, find, default, today))
        text = _checked(" ".join(query))
        found = find(text, default)
    _print(text, found, as_json)


def _day(text: str, today: date) -> date:
    from bot.text.periods import parse_day

    return parse_day(text, today, edge="end")


def _checked(text: str) -> str:
    if not text.strip():
        raise BadQuery("The query is empty: give a name to match.", about="query")
    if len(text) > LONGEST:
        raise BadQuery(
            f"The query has {len(text):,} characters, of {LONGEST} at most.", about="query"
        )
    return text


@contextmanager
def _finder(aliases: str | None, workspace: str, limit: int) -> Iterator[Find]:
    """Return a function that finds the candidates of a text on a day."""
    if aliases is not None:
        from bot.match.actors import NameList

        names = NameList.build(_names(Path(aliases)))
        yield lambda text, _: names.match(text, limit)
        return
    from bot.match.query import in_phrase

    with open_desk(load_settings()) as desk:
        desk.catch_up()
        index = desk.actors(workspace)
        yield lambda text, on: in_phrase(index, text, on, limit)


def _names(path: Path) -> Iterator[Name]:
    """Read a list of names; raise BadTable, which names the file and line."""
    from bot.match.actors import Name

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := sorted(_NEEDED - set(reader.fieldnames or ())):
                raise BadTable(
                    f"{path}:1: no column {' or '.join(missing)}: the first line names the "
                    "columns, as in actor_id,name.",
                    about=f"{path}:1",
                )
            for row in reader:
                where = f"{path}:{reader.line_num}"
                actor, name = (row["actor_id"] or "").strip(), (row["name"] or "").strip()
                if not actor or not name:
                    raise BadTable(f"{where}: actor_id and name must both be given.", about=where)
                yield Name(actor, name, _type(row.get("type"), where), row.get("iso3") or None)
    except OSError as error:
        raise BadTable(f"{path} cannot be read: {error.strerror}.", about=str(path)) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadTable(f"{path} is no CSV file in UTF-8: {error}.", about=str(path)) from error


def _type(text: str | None, where: str) -> ActorType | None:
    if not text:
        return None
    if text not in _TYPES:
        raise BadTable(
            f"{where}: the type is {text!r}; it may be {', '.join(sorted(_TYPES))}.", about=where
        )
    return ActorType(text)


def _batch(name: str, find: Find, default: date | None, today: date) -> int:
    """Match every line of a file; return the exit status."""

    def tell(row: Row) -> Row:
        on = row.get("as_of")
        if on is not None and not isinstance(on, str):
            raise BadQuery(f"as_of is {on!r}; it takes a day, such as 2012-05-01.", about="line")
        return _match_row(find(_checked(row["query"]), _day(on, today) if on else default))

    return answered(name, "query", tell)


def _match_row(found: list[Match]) -> dict[str, Any]:
    from bot.match.lookup import verdict

    keys = {"actor", "name", "type", "iso3", "score", "how"}
    return {
        "candidates": [one.model_dump(mode="json", include=keys) for one in found],
        "verdict": verdict(found),
    }


def _print(text: str, found: list[Match], as_json: bool) -> None:
    from bot.match.lookup import verdict

    judged = verdict(found)
    if as_json:
        result = [one.model_dump(mode="json") for one in found]
        print_json({"query": text, "verdict": judged, "candidates": result})
        return
    said = {"sure": "is", "unsure": "may be", "unknown": "is not a known name; closest is"}[judged]
    click.echo(f"“{text}” {said}:" if found else f"“{text}” is not a known name.")
    for one in found:
        click.echo(f"  {one.score:.2f}  {one.name} ({one.type.value}, {one.actor}), {one.how}")
        click.echo(f"        {one.why}")
