"""What the commands share: errors in words, and the desk."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from bot.errors import BadQuery, DragomanError
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.store.store import Store

P = ParamSpec("P")
T = TypeVar("T")


def in_words(command: Callable[P, T]) -> Callable[P, T]:
    """Turn our errors into one line on standard error and exit status 1.

    An argument that is no text, and names no file either, is such an error.
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
    """Raise BadQuery for an argument whose bytes are not UTF-8, unless a file is called so."""
    for value in values:
        if isinstance(value, tuple):
            _check_texts(value)
        elif isinstance(value, str) and not is_unicode(value) and not _is_there(value):
            raise BadQuery(
                f"{printable(value)!r} is not text in UTF-8: type it again, or convert it.",
                about="argument",
            )


def is_unicode(text: str) -> bool:
    """Whether a text can be written as UTF-8: it holds no half of a surrogate pair."""
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
    # What is imported and opened here stays until the end: searching it for garbage over and
    # over takes an eighth of the time of a short command.
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
    """Open the store alone, for what needs no actors: in a tenth of the time."""
    from bot.store.engine import url_of
    from bot.store.store import Store

    with Store.open(url_of(settings)) as store:
        yield store


def printable(text: str) -> str:
    """Leave out of strangers' words what would steer a terminal: escapes, turned directions."""
    text = text.encode(errors="replace").decode()
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
