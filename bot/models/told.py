"""Records of posted lines, and the corrections posted when those no longer hold."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from bot.models.base import Model
from bot.models.replies import Line, Snippet

Turn = Literal["edited", "retracted", "removed", "distrusted", "denied", "done"]
"""What became of a line: its sentence was edited, or retracted by its publisher; its article was
removed, or its source distrusted; the act is denied; a plan is reported as done."""


class Shown(Model):
    """A line that was shown: the quoted words, their revision, and the fact they carry."""

    article: str
    revision: int
    quote: str = Field(min_length=1)
    fact: str | None = None


class Tells(Model):
    """The record of a message's lines, kept once it is posted.

    ``workspace`` owns the articles it draws on; ``audiences`` are the audiences whose articles
    may be shown in its place. ``person`` asked for it or set it up; ``query`` is the question,
    empty if there was none. ``as_of`` is the instant up to which the message is current.
    """

    workspace: str
    audiences: tuple[str, ...]
    person: str
    query: str = ""
    tz: str = "UTC"
    as_of: AwareDatetime
    lines: tuple[Shown, ...] = ()


class Corrected(Model):
    """One line that no longer holds: ``told`` as shown, ``line`` the basis of its correction.

    ``who`` denies it; ``act`` says in words who did what to whom, if the line reported that.
    ``opening`` says that ``line`` is only the present beginning of the article, because no
    sentence resembles the one shown.
    """

    turn: Turn
    told: Snippet
    line: Line | None = None
    who: str = ""
    act: str = ""
    opening: bool = False


class Correction(Model):
    """A correction of one message's lines, posted once.

    Without ``query`` it goes into the thread of that message; with it, into a direct message to
    the person who asked at ``asked_at``, in ``asked_in``. ``more`` counts lines left out for lack
    of room. ``ts`` is the Slack id of the message, empty if it cannot be edited.
    """

    kind: Literal["correction"] = "correction"
    tz: str = "UTC"
    query: str = ""
    asked_at: AwareDatetime
    asked_in: str = ""
    parts: tuple[Corrected, ...] = Field(min_length=1)
    more: int = 0
    ts: str = ""
