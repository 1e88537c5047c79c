"""Workspaces, requests and messages of Slack, and records of shown lines for corrections."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AliasChoices, AwareDatetime, Field

from bot.models.base import Model
from bot.models.replies import Line, Period, Snippet

Turn = Literal["edited", "retracted", "removed", "distrusted", "denied", "done"]
"""What became of a line: its sentence was edited, or retracted by its publisher; its article was
removed, or its source distrusted; the act is denied; a plan is reported as done."""


class Shown(Model):
    """A line that was shown: the quoted words, their revision, and the fact they carry."""

    article: str
    revision: int
    quote: str = Field(min_length=1)
    fact: str | None = None


class MessageRecord(Model):
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
    """One line, ``shown``, that no longer holds, and ``line``, the basis of its correction.

    ``who`` denies it; ``act`` is the act in words, with doer and target, if the line reported one.
    ``opening`` says that ``line`` is only the present beginning of the article, because no
    sentence resembles the one shown.
    """

    turn: Turn
    shown: Snippet = Field(validation_alias=AliasChoices("shown", "told"))
    """Called ``told`` in messages that an earlier version queued."""
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


class Installed(Model):
    """A workspace in which Dragoman is, or was recently, installed.

    ``organisation`` is the organisation that the workspace belongs to, if any; ``org_wide`` says
    that the whole organisation installed it, with an organisation token. Such an organisation
    has a record itself, under its own id, and reads nothing. ``person`` installed it. A
    workspace that left (``left_at``) gets no more messages, and its data is deleted after a
    grace period; ``deleting`` says that the deletion has begun and must finish. ``begun_at`` is
    when the workspace got the notes that ship with Dragoman.
    """

    workspace: str
    organisation: str | None = None
    org_wide: bool = False
    name: str = ""
    person: str = ""
    since: AwareDatetime
    left_at: AwareDatetime | None = None
    begun_at: AwareDatetime | None = None
    deleting: bool = False

    @property
    def here(self) -> bool:
        """Whether it is installed now."""
        return self.left_at is None


class Request(Model):
    """A claimed request, leased to this process until ``lease_until``.

    ``attempts`` counts claims, and distinguishes this claim from later ones of the same request.
    """

    workspace: str
    surface: str
    key: str
    payload: dict[str, Any]
    attempts: int = Field(ge=1)
    received_at: AwareDatetime
    lease_until: AwareDatetime


class SentReply(Model):
    """A sent reply, its place and its basis: for buttons, follow-ups and corrections.

    ``request`` is the key of the request it answers, ``ts`` the id of the message in Slack.
    """

    workspace: str
    surface: str
    request: str
    place: str
    person: str
    ts: str | None = None
    query: str
    period: Period | None = None
    as_of: AwareDatetime
    fact_ids: tuple[str, ...] = ()
    sent_at: AwareDatetime
    tells: MessageRecord | None = None
    """Its lines, for corrections; stored separately, and absent when a reply is looked up."""


OutgoingKind = Literal["alert", "digest", "correction", "notice"]


class Outgoing(Model):
    """A message to post once, no earlier than ``due_at``.

    ``key`` is unique in its workspace: putting the same key again adds nothing. ``place`` is a
    channel, or a person for a direct message; ``thread`` is the ``ts`` of the parent message.
    ``content`` is the JSON dump of the model of its kind, rendered at sending time. ``owner`` is
    the person to notify if the place refuses it, and ``expires_at`` the instant from which it is
    too late to send it. ``tells`` is the record to keep once it is posted.

    A claim is valid until ``lease_until``; ``attempts`` counts claims, and so distinguishes this
    claim from later ones.
    """

    workspace: str
    key: str
    kind: OutgoingKind
    place: str
    thread: str | None = None
    content: dict[str, Any]
    due_at: AwareDatetime
    owner: str | None = None
    expires_at: AwareDatetime | None = None
    tells: MessageRecord | None = None
    attempts: int = Field(default=0, ge=0)
    lease_until: AwareDatetime | None = None
