"""What people follow and prefer, what their home shows, and what they say of replies."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from bot.models.base import EVERYWHERE, Model, Precision
from bot.models.digests import Digest, Hours
from bot.models.event_classes import EventClass
from bot.models.replies import Line


class Topic(Model):
    """What is looked for in an article: all of it must be met.

    ``actors`` are ids with the names to show, ``classes`` those of which a fact may be,
    ``phrases`` words that must stand one after another in a sentence.
    """

    actors: tuple[tuple[str, str], ...] = ()
    classes: tuple[EventClass, ...] = ()
    phrases: tuple[str, ...] = ()


class Watch(Model):
    """A topic that a place follows: a channel, or a person in their direct messages.

    ``workspace`` is whose articles are looked at, ``team`` the Slack workspace that ``place``
    is in. ``room`` is the channel whose own articles may be told there as well, None is none.
    ``person`` set it up, and ``since`` when. ``least`` is how many independent sources a story
    must have before it is told; ``digest_only`` leaves it to the digest.
    """

    workspace: str
    id: int
    team: str
    place: str
    room: str | None = None
    person: str
    typed: str
    topic: Topic
    least: int = Field(default=1, ge=1)
    digest_only: bool = False
    paused: bool = False
    muted_until: AwareDatetime | None = None
    tz: str = "UTC"
    since: AwareDatetime

    @property
    def audiences(self) -> frozenset[str]:
        """Whose articles may be told there."""
        return frozenset({EVERYWHERE, self.room} if self.room else {EVERYWHERE})

    @property
    def personal(self) -> bool:
        """Whether it is somebody's own, told in their direct messages."""
        return self.place == self.person


class Reason(Model):
    """Why somebody is told: the watch, what it follows in words, what fits it in the article."""

    watch: int
    follows: str
    why: str
    least: int = 1


class Alerted(Model):
    """One story of an alert: its headline, the line that fits, and how much tells it."""

    story: str
    headline: str
    line: Line
    articles: int
    sources: int
    reasons: tuple[Reason, ...] = Field(min_length=1)


class Alert(Model):
    """What is told at once: a story, or the stories that came all together.

    ``more`` counts those that there was no room for; dates are told in ``tz``. ``room`` is the
    channel whose own articles may be told there as well, and ``as_of`` when it was worked out:
    what waits for quiet hours to end is told later.
    """

    kind: Literal["alert"] = "alert"
    personal: bool
    tz: str
    stories: tuple[Alerted, ...] = Field(min_length=1)
    more: int = 0
    room: str | None = None
    as_of: AwareDatetime | None = None


DateStyle = Literal["en-GB", "en-US", "ISO"]
"""How dates are written: ``27 Mar 2026``, ``Mar 27, 2026``, ``2026-03-27``."""

FeedsBy = Literal["admins", "everybody", "listed"]
"""Who may add feeds: admins, every member, or admins and those who are listed."""

PreferenceOf = Literal["person", "place", "workspace"]


def _known(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name} is no time zone")
    return name


Zone = Annotated[str, AfterValidator(_known)]
SlackId = Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]{1,30}$")]


class PersonPreferences(Model):
    """How somebody reads: ``tz`` is an IANA name, None the zone of their profile."""

    dates: DateStyle = "en-GB"
    tz: Zone | None = None


class PlacePreferences(Model):
    """What holds in a place where nobody says otherwise.

    ``public`` shows replies to commands to everybody there. ``least`` is how many independent
    sources a story must have before what is followed there is told, ``hush`` the hours, by the
    clocks of ``tz``, in which nothing is told at once. ``dates`` is for what everybody reads.
    """

    public: bool = False
    least: int = Field(default=1, ge=1, le=20)
    hush: Hours | None = None
    tz: Zone = "UTC"
    dates: DateStyle = "en-GB"


class WorkspacePreferences(Model):
    """What admins set for all: who may add feeds, beside them ``people`` by their Slack ids."""

    feeds_by: FeedsBy = "admins"
    people: tuple[SlackId, ...] = Field(default=(), max_length=100)


Preferences = PersonPreferences | PlacePreferences | WorkspacePreferences


class Learnt(Model):
    """One article as it stands in the store after it was given.

    ``title`` is its own, or else what it was given as: the name of a file, an address.
    ``facts`` counts the acts that were read from it, ``actors`` names those who act, the most
    frequent first. ``before`` is when it had come already, None if it is new; ``revised`` says
    that it came with other words. ``copy_of`` names the article that it is a near-copy of.
    ``language`` is ISO 639-1; ``audience`` is who may read it.
    """

    article: str
    title: str
    url: str | None = None
    publisher: str | None = None
    published: AwareDatetime | None = None
    published_precision: Precision | None = None
    language: str | None = None
    facts: int = 0
    actors: tuple[str, ...] = ()
    before: AwareDatetime | None = None
    revised: bool = False
    copy_of: str | None = None
    audience: str = EVERYWHERE


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


Verdict = Literal["up", "down"]
"""Whether a reply helped its reader."""


class Feedback(Model):
    """One person's word on one reply, in a Slack workspace: the last one that they gave.

    ``reply`` names the reply by what was asked as of when, so that a copy of it elsewhere is
    the same; ``query`` is what was asked, ``told`` the first line of what they were told, and
    ``place`` where they read it. ``comment`` is empty where they left none.
    """

    workspace: str
    reply: str
    person: str
    verdict: Verdict
    comment: str = ""
    query: str
    told: str
    place: str
    at: AwareDatetime
