"""Files of JSON lines, answered line by line: what every command with --batch shares."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from bot.cli.common import is_unicode
from bot.errors import BadQuery, DragomanError

Row = dict[str, Any]


def answered(name: str, needs: str, tell: Callable[[Row], Row]) -> int:
    """Print what ``tell`` makes of each line of a file (- is standard input), with its id.

    ``needs`` names the text that every line must have. A line that cannot be used, or of
    which ``tell`` raises a DragomanError, is told by its number on standard error, and the
    rest is answered. Returns the exit status: 1 if any was.
    """
    failed = 0
    with _opened(name) as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                row = _row(line, needs)
                told = {"id": row.get("id"), **tell(row)}
            except DragomanError as error:
                click.echo(f"{name}:{number}: {error}", err=True)
                failed = 1
                continue
            click.echo(json.dumps(told, ensure_ascii=False))
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
