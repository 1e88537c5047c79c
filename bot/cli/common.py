"""Shared parts of the commands: errors in words, the desk, and files answered line by line."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import wraps
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

import click

from bot.errors import BadQuery, DragomanError
from bot.models import Asker, Period
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.store.store import Store


P = ParamSpec("P")
T = TypeVar("T")


def in_words(command: Callable[P, T]) -> Callable[P, T]:
    """Turn our errors into one line on standard error and exit status 1.

    An argument that is not text, and names no file either, is such an error.
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            _check_texts(kwargs.values())
            return command(*args, **kwargs)
        except DragomanError as error:
            raise click.ClickException(str(error)) from error

    return run


def _check_texts(values: Iterable[object]) -> None:
    """Raise BadQuery for an argument with bytes that are not UTF-8, unless it names a file."""
    for value in values:
        if isinstance(value, tuple):
            _check_texts(value)
        elif isinstance(value, str) and not is_unicode(value) and not _is_there(value):
            raise BadQuery(
                f"{printable(value)!r} is not text in UTF-8: type it again, or convert it.",
                about="argument",
            )


def is_unicode(text: str) -> bool:
    """Return whether a text can be encoded as UTF-8: it has no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def of_workspace(command: Callable[P, T]) -> Callable[P, T]:
    """Add the option that chooses the workspace of a command's articles and actors."""
    return click.option(
        "--workspace",
        metavar="ID",
        callback=_workspace,
        help="Workspace to use: local, or a Slack workspace such as T012AB3CD; by default"
        " that of DRAGOMAN_WORKSPACE.",
    )(command)


def _workspace(_context: click.Context, _option: click.Parameter, named: str | None) -> str:
    if named:
        return named
    try:
        return load_settings().dragoman_workspace
    except DragomanError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def open_desk(settings: Settings) -> Iterator[Desk]:
    """Open the desk, and close it at the end."""
    # The imports and objects made here stay until the end: garbage collection would scan them
    # repeatedly, which takes an eighth of the time of a short command.
    gc.disable()
    try:
        from bot.desk import Desk

        desk = Desk.from_settings(settings)
    finally:
        gc.freeze()
        gc.enable()
    try:
        yield desk
    finally:
        desk.close()


@contextmanager
def open_store(settings: Settings) -> Iterator[Store]:
    """Open the store alone, for commands without actors: in a tenth of the time."""
    from bot.store.engine import url_of
    from bot.store.store import Store

    with Store.open(url_of(settings)) as store:
        yield store


def printable(text: str) -> str:
    """Remove characters that would steer a terminal: escapes, changed text direction."""
    text = text.encode(errors="replace").decode()
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


Row = dict[str, Any]


def answered(name: str, needs: str, answer: Callable[[Row], Row]) -> int:
    """Print the result of ``answer`` for each line of a file (- is standard input), with its id.

    ``needs`` names the text that every line must have. A line that cannot be used, or for
    which ``answer`` raises a DragomanError, is reported by its number on standard error; the
    others are answered. Returns the exit status: 1 if any line failed.
    """
    failed = 0
    with _opened(name) as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                row = _row(line, needs)
                result = {"id": row.get("id"), **answer(row)}
            except DragomanError as error:
                click.echo(f"{name}:{number}: {error}", err=True)
                failed = 1
                continue
            print_json(result)
    return failed


@contextmanager
def _opened(name: str) -> Iterator[IO[bytes]]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as file:
            yield file
    except OSError as error:
        raise BadQuery(f"{name} cannot be read: {error.strerror}.", about=name) from error


def _row(line: bytes, needs: str) -> Row:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadQuery(f"not a line of JSON: {error}.", about="line") from error
    if not isinstance(row, dict) or not isinstance(row.get(needs), str):
        raise BadQuery(f'a line must be an object with a "{needs}" that is text.', about="line")
    if not is_unicode(row[needs]):
        raise BadQuery(f'its "{needs}" holds half of a character: write it as UTF-8.', about="line")
    return row


def past_day(as_of: str, today: date) -> date:
    """Parse a day of the past, up to today; raise BadQuery."""
    from bot.text.periods import parse_day

    day = parse_day(as_of, today, edge="end")
    if day > today:
        raise BadQuery(f"--as-of {as_of} is in the future: give a day up to today.", about=as_of)
    return day


def asked_period(since: str | None, until: str | None, today: date) -> Period | None:
    """Parse the two ends of a period, None if neither is given; raise BadQuery."""
    from bot.text.periods import parse_day

    if since is None and until is None:
        return None
    start = parse_day(since, today) if since is not None else None
    end = parse_day(until, today, edge="end") if until is not None else None
    if start and end and end < start:
        raise BadQuery(f"--until {until} is before --since {since}: swap them.", about=str(until))
    return Period(start=start, end=end)


def asked_now(tz: str, workspace: str, as_of: str | None) -> tuple[Asker, date]:
    """Return the asker, with the day that counts as today."""
    now, zone = datetime.now(UTC), ZoneInfo(tz)
    today = now.astimezone(zone).date()
    asker = Asker(workspace=workspace, operator=True, tz=tz, now=now)
    if as_of is None:
        return asker, today
    past = past_day(as_of, today)
    return asker.model_copy(update={"as_of": datetime.combine(past, time.max, zone)}), past


def print_json(value: object) -> None:
    """Print a result as one line of JSON."""
    click.echo(json.dumps(value, ensure_ascii=False))


json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
