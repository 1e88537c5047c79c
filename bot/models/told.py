"""What was told to whom, and what is said once where that no longer stands."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from bot.models.base import Model
from bot.models.replies import Line, Snippet

Turn = Literal["edited", "retracted", "removed", "distrusted", "denied", "done"]
"""What became of a line: its sentence was edited, or taken back by its publisher; its article
taken out, or its source distrusted; the act is denied; what was planned is reported as done."""


class Shown(Model):
    """A line that was shown: the words quoted, of which revision, and the fact they carry."""

    article: str
    revision: int
    quote: str = Field(min_length=1)
    fact: str | None = None


class Tells(Model):
    """What a message tells, to be remembered once it is posted.

    ``workspace`` is whose articles it draws on, ``audiences`` whose of them may be told where
    it stands. ``person`` asked, or set it up; ``query`` is what was asked, empty where nothing
    was. ``as_of`` is the instant up to which it could know.
    """

    workspace: str
    audiences: tuple[str, ...]
    person: str
    query: str = ""
    tz: str = "UTC"
    as_of: AwareDatetime
    lines: tuple[Shown, ...] = ()


class Corrected(Model):
    """One line that no longer stands as it was told: ``told`` as it was, ``line`` what it rests on.

    ``who`` denies; ``act`` says in words who did what to whom, where a line told that.
    ``opening``: ``line`` is only how the article begins now, for want of a sentence like the
    one that was told.
    """

    turn: Turn
    told: Snippet
    line: Line | None = None
    who: str = ""
    act: str = ""
    opening: bool = False


class Correction(Model):
    """What became of one message's lines, said once.

    Without ``query`` it goes under that message; with it, into the direct messages with who
    asked: at ``asked_at``, in ``asked_in``. ``more`` counts lines that there was no room for.
    ``ts`` is that of the message in Slack, empty where it cannot be edited.
    """

    kind: Literal["correction"] = "correction"
    tz: str = "UTC"
    query: str = ""
    asked_at: AwareDatetime
    asked_in: str = ""
    parts: tuple[Corrected, ...] = Field(min_length=1)
    more: int = 0
    ts: str = ""
