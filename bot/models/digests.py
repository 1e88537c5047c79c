"""Digests: when a place is told what is new, and what one of them says."""

from __future__ import annotations

from datetime import time
from typing import Literal

from pydantic import AwareDatetime, Field

from bot.models.base import EVERYWHERE, Model
from bot.models.replies import Line

Often = Literal["daily", "weekdays", "weekly", "twice"]
"""Every day, Monday to Friday, once a week, twice a day."""

Quiet = Literal["line", "silent"]
"""What is said where nothing is new: a line, or nothing."""

Turned = Literal["updated", "denied", ""]
"""How a story changed that was told before; empty where it is new."""


class Times(Model):
    """When a digest is due by the clocks of a time zone.

    ``at`` are times of the day to the minute, two of them where it comes twice a day;
    ``weekday`` is that of a weekly one, Monday is 0. ``tz`` is an IANA name.
    """

    often: Often = "weekdays"
    at: tuple[time, ...] = Field(default=(time(8),), min_length=1, max_length=2)
    weekday: int = Field(default=0, ge=0, le=6)
    tz: str = "UTC"


class Hours(Model):
    """Hours of a day in which nothing is told at once; they may span midnight."""

    begin: time
    end: time


class Digest(Model):
    """What a place is told at its times: a channel, or a person in their direct messages.

    ``workspace`` is whose articles it draws on, ``team`` the Slack workspace that ``place`` is
    in; ``room`` is the channel whose own articles may be told there as well. ``person`` set it
    up. ``actors`` are ids with names; without any it is about what the place follows, and where
    that is nothing about everything. ``since`` is up to when it has told what is new, and
    ``due`` when it is told next. As claimed it is ours; ``claim`` tells this claim from others.
    """

    workspace: str
    id: int
    team: str
    place: str
    room: str | None = None
    person: str
    times: Times
    actors: tuple[tuple[str, str], ...] = ()
    quiet: Quiet = "line"
    hush: Hours | None = None
    paused: bool = False
    since: AwareDatetime
    due: AwareDatetime
    claim: int = 0

    @property
    def audiences(self) -> frozenset[str]:
        """Whose articles may be told there."""
        return frozenset({EVERYWHERE, self.room} if self.room else {EVERYWHERE})

    @property
    def personal(self) -> bool:
        """Whether it is somebody's own, told in their direct messages."""
        return self.place == self.person


class DigestStory(Model):
    """One story of a digest: its headline, the line that tells it best, how much tells it.

    ``about`` is whom it is listed under, ``follows`` the topic that it fits, in words, and
    ``why`` how. ``news`` says in words what changed since it was told.
    """

    story: str
    headline: str
    line: Line
    articles: int
    sources: int
    about: str = ""
    follows: str = ""
    why: str = ""
    change: Turned = ""
    news: str = ""


class DigestIssue(Model):
    """What one digest says: stories in the order they are told, what is planned, feeds that fail.

    ``stories`` may be fewer than there are: ``total`` counts all, ``changed`` those told before.
    ``label`` says what it is about, ``times`` when it comes; ``since`` is up to when the one
    before told what is new, ``due`` when this one is told.
    """

    kind: Literal["digest"] = "digest"
    digest: int
    label: str
    times: str
    tz: str
    since: AwareDatetime
    due: AwareDatetime
    total: int = 0
    changed: int = 0
    stories: tuple[DigestStory, ...] = ()
    planned: tuple[Line, ...] = ()
    feeds: tuple[str, ...] = ()
    preview: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing is new and nothing planned."""
        return not (self.total or self.planned)
