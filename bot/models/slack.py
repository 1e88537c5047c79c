"""Workspaces that installed Dragoman, requests from Slack, and messages to it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AwareDatetime, Field

from bot.models.base import Model
from bot.models.replies import Period
from bot.models.told import Tells


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
    tells: Tells | None = None
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
    tells: Tells | None = None
    attempts: int = Field(default=0, ge=0)
    lease_until: AwareDatetime | None = None
