"""What one person's home shows: what they follow, what they asked, what is read for them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from bot.models.base import Model
from bot.models.digests import Digest
from bot.models.replies import Line
from bot.models.watches import Watch


class Active(Model):
    """An actor, and how many articles that this person may see name it."""

    actor: str
    name: str
    articles: int


class AskedBefore(Model):
    """A question that somebody asked, and how: to be asked again."""

    do: Literal["brief", "ask"]
    query: str
    at: AwareDatetime


class SetUp(Model):
    """A digest, and what it is about in words."""

    digest: Digest
    about: str


class ReadSoFar(Model):
    """How much is read: articles that this person may see, and how many feeds bring more.

    ``failed`` counts the feeds that fail, ``failing`` are names of the worst with how they fare
    in words; they and ``paused`` are for admins.
    """

    articles: int = 0
    sources: int = 0
    newest: date | None = None
    feeds: int = 0
    paused: int = 0
    failed: int = 0
    failing: tuple[tuple[str, str], ...] = ()


class Home(Model):
    """All that a person's home shows.

    ``stories`` are the most important of the last seven days, a line each. ``active`` are
    counted over these days, or over everything with ``ever``, where they brought nothing.
    ``more_watches`` counts those that there was no room for.
    """

    read: ReadSoFar = ReadSoFar()
    stories: tuple[Line, ...] = ()
    active: tuple[Active, ...] = ()
    ever: bool = False
    watches: tuple[Watch, ...] = ()
    more_watches: int = 0
    digests: tuple[SetUp, ...] = ()
    asked: tuple[AskedBefore, ...] = ()
    may_feed: bool = False
    admin: bool = False
    guest: bool = False
