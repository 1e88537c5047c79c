"""dragoman match: match a name, or a file of names, against the gazetteer or a list."""

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
@click.option("--against", metavar="NAME", help="Only say whether QUERY and this are one name.")
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 50))
@of_workspace
@json_option
@in_words
def match(
    query: tuple[str, ...],
    as_of: str | None,
    batch: str | None,
    aliases: str | None,
    against: str | None,
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
    if against is not None:
        _compare(_checked(" ".join(query)), _checked(against), as_json)
        return
    with _finder(aliases, workspace, limit) as find:
        if batch:
            sys.exit(_batch(batch, find, default, today))
        text = _checked(" ".join(query))
        found = find(text, default)
    _print(text, found, as_json)


def _compare(one: str, two: str, as_json: bool) -> None:
    """Print whether two names may be one; as persons or as bodies, whichever they look like."""
    from bot.match.actors import kind_of
    from bot.match.gazetteer import load
    from bot.match.lookup import Lookup
    from bot.match.score import SAME

    score = Lookup.build(load().actors).same(one, two, kind_of(one))
    if as_json:
        result = {"query": one, "against": two, "score": round(score, 4), "same": score >= SAME}
        print_json(result)
        return
    said = "may be one name" if score >= SAME else "are two names"
    click.echo(f"“{one}” and “{two}” {said} ({score:.2f}; {SAME} is the least for one).")


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
        return _as_dict(find(_checked(row["query"]), _day(on, today) if on else default))

    return answered(name, "query", tell)


def _as_dict(found: list[Match]) -> dict[str, Any]:
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
