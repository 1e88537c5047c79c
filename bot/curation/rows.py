"""Rows of lists of actors, in any format."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Any, Literal, NamedTuple, TypeVar

from pydantic import ValidationError

from bot.models import Actor, Alias


class Held(NamedTuple):
    """Who holds an office; each is an id, or a name to be found or created."""

    office: str
    person: str
    since: date | None
    until: date | None
    source: str
    acts_for: str | None = None


class Named(NamedTuple):
    """Another name of an existing actor."""

    actor: str
    alias: Alias


class Hidden(NamedTuple):
    """A seed alias that does not count."""

    actor: str
    text: str


class Merged(NamedTuple):
    """An actor that counts as another."""

    actor: str
    into: str


class Row(NamedTuple):
    """One usable line of a list."""

    line: int
    content: Actor | Named | Held | Hidden | Merged


class BadRow(NamedTuple):
    """A line that cannot be used, and why."""

    line: int
    why: str


class Unfit(ValueError):
    """Why a line cannot be used, in words."""


_DAY = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?(?:T.*)?")


def day(text: str | None, edge: Literal["start", "end"]) -> date | None:
    """Read a day; of a year or month alone, its first or last. Raises Unfit."""
    if not text:
        return None
    match = _DAY.fullmatch(text.strip())
    wrong = Unfit(f"{text[:40]!r} is not a date: write 2013-06-25, 2013-06 or 2013")
    if match is None:
        raise wrong
    try:
        year, month = int(match[1]), int(match[2] or (1 if edge == "start" else 12))
        last = 1 if edge == "start" else monthrange(year, month)[1]
        return date(year, month, int(match[3] or last))
    except ValueError as error:
        raise wrong from error


_LONGEST = 200
_Model = TypeVar("_Model", Actor, Alias)


def checked(model: type[_Model], values: dict[str, Any]) -> _Model:
    """Build a model from the values of a line; raises Unfit with the field that is wrong."""
    if len(values.get("name", "")) > _LONGEST:
        raise Unfit(f"name is {len(values['name'])} characters long: at most {_LONGEST}")
    if (iso3 := values.get("iso3")) and not re.fullmatch("[A-Z]{3}", iso3):
        raise Unfit(f"iso3 is {iso3!r}: it takes three capitals, such as QAT")
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise Unfit(f"{place} is {str(first['input'])[:80]!r}: {first['msg']}") from error
