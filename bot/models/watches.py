"""What is followed, for whom, and what they are told of it."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from bot.models.base import EVERYWHERE, Model
from bot.models.facts import EventClass
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
