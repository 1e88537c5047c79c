"""Workspaces that installed Dragoman, requests that came from Slack, and posts that leave to it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AwareDatetime, Field

from bot.models.base import Model
from bot.models.replies import Period
from bot.models.told import Tells


class Installed(Model):
    """A workspace that it is, or was lately, installed in.

    ``organisation`` is whose workspace it is where it belongs to one; ``org_wide`` says that
    the whole organisation installed it, and that its token is the organisation's. Such an
    organisation is one of these itself, under its own id, and reads nothing. ``person``
    installed it. Who left (``left_at``) is told nothing any more, and what is stored of them
    is deleted after a time of grace; ``deleting`` says that this has begun, and has to end.
    ``begun_at`` is when the workspace got the notes that Dragoman comes with.
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
        """Whether it is installed there now."""
        return self.left_at is None


class Request(Model):
    """A request as claimed: ours to answer until ``lease_until``.

    ``attempts`` counts claims; it tells this claim from a later one of the same request.
    """

    workspace: str
    surface: str
    key: str
    payload: dict[str, Any]
    attempts: int = Field(ge=1)
    received_at: AwareDatetime
    lease_until: AwareDatetime


class SentReply(Model):
    """What was sent, where, and what it rested on: for buttons, follow-ups, corrections.

    ``request`` is the key of the request it answers, ``ts`` the message's own name there.
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
    """Its lines, for corrections; kept apart, and absent where a reply is looked up."""


OutgoingKind = Literal["alert", "digest", "correction", "notice"]


class Outgoing(Model):
    """One message that is to be posted once, no earlier than ``due_at``.

    ``key`` makes it one message in its workspace: putting it again adds nothing. ``place`` is
    a channel, or a person for the direct messages with them; ``thread`` the ``ts`` of the
    message under which it goes. ``content`` is JSON, the model of its kind dumped; it is laid
    out when it is sent. ``owner`` is the person who is told where the place refuses it, and
    ``expires_at`` the instant from which it is too late to send it. ``tells`` is what is to be
    remembered of it once it is posted.

    As claimed it is ours until ``lease_until``; ``attempts`` counts claims, and so tells this
    claim from a later one.
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
