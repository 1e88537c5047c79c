"""Digests: when a place gets a summary of what is new, and what the summary contains."""

from __future__ import annotations

from datetime import time
from typing import Literal

from pydantic import AwareDatetime, Field

from bot.models.base import EVERYWHERE, Model
from bot.models.replies import Line

Often = Literal["daily", "weekdays", "weekly", "twice"]
"""Every day, Monday to Friday, once a week, twice a day."""

Quiet = Literal["line", "silent"]
"""What a digest without news posts: one line, or nothing."""

Turned = Literal["updated", "denied", ""]
"""How a story changed since it was last sent; empty for a new story."""


class Times(Model):
    """When a digest is due, in local time.

    ``at`` holds times of day to the minute, two for a digest sent twice a day; ``weekday``
    applies to a weekly digest, Monday is 0. ``tz`` is an IANA name.
    """

    often: Often = "weekdays"
    at: tuple[time, ...] = Field(default=(time(8),), min_length=1, max_length=2)
    weekday: int = Field(default=0, ge=0, le=6)
    tz: str = "UTC"


class Hours(Model):
    """Quiet hours: alerts wait until they end. They may span midnight."""

    begin: time
    end: time


class Digest(Model):
    """The digest of a place: a channel, or a person in their direct messages.

    ``workspace`` owns the articles it draws on; ``team`` is the Slack workspace that contains
    ``place``; ``room`` is the channel whose own articles it may include as well. ``person`` set
    it up. ``actors`` are pairs of id and name; without any, the digest covers what the place
    follows, or everything if the place follows nothing. ``since`` is the instant up to which
    news was sent, ``due`` the next sending. ``claim`` is the fencing number of a claim.
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
        """The audiences whose articles the digest may include."""
        return frozenset({EVERYWHERE, self.room} if self.room else {EVERYWHERE})

    @property
    def personal(self) -> bool:
        """Whether it is a person's own digest, sent as a direct message."""
        return self.place == self.person


class DigestStory(Model):
    """One story of a digest: its headline, its best line, and how many articles report it.

    ``about`` is the heading that lists it, ``follows`` the topic it matches, in words, and
    ``why`` how it matches. ``news`` says in words what changed since it was sent.
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
    """The content of one digest: stories in display order, plans, and failing feeds.

    ``stories`` may be cut short: ``total`` counts all of them, ``changed`` those sent before.
    ``label`` names the subject, ``times`` the schedule; ``since`` is the instant up to which the
    previous digest reported, ``due`` when this one is sent.
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
