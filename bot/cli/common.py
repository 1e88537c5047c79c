"""What the commands share: errors in words, and the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from bot.errors import DragomanError
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.store.store import Store

P = ParamSpec("P")
T = TypeVar("T")


def in_words(command: Callable[P, T]) -> Callable[P, T]:
    """Turn our errors into one line on standard error and exit status 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except DragomanError as error:
            raise click.ClickException(str(error)) from error

    return run


def of_workspace(command: Callable[P, T]) -> Callable[P, T]:
    """Add the option that says whose articles and actors a command works on."""
    return click.option(
        "--workspace",
        metavar="ID",
        callback=_workspace,
        help="Whose articles and actors these are: local, or a Slack workspace such as"
        " T012AB3CD; what DRAGOMAN_WORKSPACE says where it is left out.",
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
    """Open the desk, and close it in the end."""
    from bot.desk import Desk

    desk = Desk.from_settings(settings)
    try:
        yield desk
    finally:
        desk.close()


@contextmanager
def open_store(settings: Settings) -> Iterator[Store]:
    """Open the store alone, for what needs no actors: in a tenth of the time."""
    from bot.store.engine import url_of
    from bot.store.store import Store

    with Store.open(url_of(settings)) as store:
        yield store


def printable(text: str) -> str:
    """Leave out of strangers' words what would steer a terminal: escapes, turned directions."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
