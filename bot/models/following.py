"""What people follow and prefer: watches, alerts, digests, preferences, home and feedback."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from bot.models.base import EVERYWHERE, Model, Precision
from bot.models.event_classes import EventClass
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


class _Placed(Model):
    """What a channel gets, or a person in their direct messages."""

    place: str
    room: str | None = None
    person: str

    @property
    def audiences(self) -> frozenset[str]:
        """The audiences whose articles may be sent there."""
        return frozenset({EVERYWHERE, self.room} if self.room else {EVERYWHERE})

    @property
    def personal(self) -> bool:
        """Whether it is a person's own, sent as direct messages."""
        return self.place == self.person


class Digest(_Placed):
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
    times: Times
    actors: tuple[tuple[str, str], ...] = ()
    quiet: Quiet = "line"
    hush: Hours | None = None
    paused: bool = False
    since: AwareDatetime
    due: AwareDatetime
    claim: int = 0


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


class Topic(Model):
    """What to look for in an article: all conditions must hold.

    ``actors`` are pairs of id and display name, ``classes`` the event classes that a fact may
    have, ``phrases`` words that must follow one another in a sentence.
    """

    actors: tuple[tuple[str, str], ...] = ()
    classes: tuple[EventClass, ...] = ()
    phrases: tuple[str, ...] = ()


class Watch(_Placed):
    """A topic that a place follows: a channel, or a person in their direct messages.

    ``workspace`` owns the articles to search; ``team`` is the Slack workspace that contains
    ``place``. ``room`` is the channel whose own articles may be sent there as well, None for no
    channel. ``person`` set it up at ``since``. ``least`` is how many independent sources a story
    needs before an alert; ``digest_only`` leaves it to the digest.
    """

    workspace: str
    id: int
    team: str
    typed: str
    topic: Topic
    least: int = Field(default=1, ge=1)
    digest_only: bool = False
    paused: bool = False
    muted_until: AwareDatetime | None = None
    tz: str = "UTC"
    since: AwareDatetime


class Reason(Model):
    """Why an alert was sent: the watch, its topic in words, and what matches it in the article."""

    watch: int
    follows: str
    why: str
    least: int = 1


class Alerted(Model):
    """One story of an alert: its headline, the matching line, and how many articles report it."""

    story: str
    headline: str
    line: Line
    articles: int
    sources: int
    reasons: tuple[Reason, ...] = Field(min_length=1)


class Alert(Model):
    """An alert: one story, or several stories that arrived together.

    ``more`` counts the stories left out for lack of room; dates are shown in ``tz``. ``room`` is
    the channel whose own articles may be included as well. ``as_of`` is when the alert was made:
    quiet hours may delay its sending.
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
    """A person's display preferences: ``tz`` is an IANA name, None for their profile's zone."""

    dates: DateStyle = "en-GB"
    tz: Zone | None = None


class PlacePreferences(Model):
    """The defaults of a place.

    ``public`` shows replies to commands to everybody there. ``least`` is how many independent
    sources a story needs before an alert, ``hush`` the quiet hours in ``tz``, in which alerts
    wait. ``dates`` is the date style of messages that everybody reads.
    """

    public: bool = False
    least: int = Field(default=1, ge=1, le=20)
    hush: Hours | None = None
    tz: Zone = "UTC"
    dates: DateStyle = "en-GB"


class WorkspacePreferences(Model):
    """Settings by admins for all: who may add feeds. ``people`` are further Slack ids."""

    feeds_by: FeedsBy = "admins"
    people: tuple[SlackId, ...] = Field(default=(), max_length=100)


Preferences = PersonPreferences | PlacePreferences | WorkspacePreferences


class Learnt(Model):
    """One article as stored after somebody submitted it.

    ``title`` is its own, or else the file name or address under which it was submitted.
    ``facts`` counts the acts read from it, ``actors`` names the acting parties, the most
    frequent first. ``before`` is when it was first stored, None if it is new; ``revised`` says
    that its words changed. ``copy_of`` names the article of which it is a near-copy.
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
    """An actor, and how many articles mention it, of those that this person may see."""

    actor: str
    name: str
    articles: int


class AskedBefore(Model):
    """A question that a person asked, and with which command, to ask it again."""

    do: Literal["brief", "ask"]
    query: str
    at: AwareDatetime


class SetUp(Model):
    """A digest, and its subject in words."""

    digest: Digest
    about: str


class ReadSoFar(Model):
    """The extent of the store: articles that this person may see, and the number of feeds.

    ``failed`` counts the failing feeds, ``failing`` pairs the names of the worst with their
    health in words; these and ``paused`` are for admins.
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

    ``stories`` are the most important of the last seven days, one line each. ``active`` counts
    over the same days, or over everything (``ever``) if those days have nothing.
    ``more_watches`` counts the watches left out for lack of room.
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
    """One person's latest verdict on one reply, in a Slack workspace.

    ``reply`` identifies the reply by its question and as-of time, so that copies of it elsewhere
    count as the same; ``query`` is the question, ``told`` the first line of the reply, and
    ``place`` where they read it. ``comment`` may be empty.
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
