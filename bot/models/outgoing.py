"""What is posted without being asked: alerts, digests, corrections, notices."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AwareDatetime, Field

from bot.models.base import Model
from bot.models.told import Tells

OutgoingKind = Literal["alert", "digest", "correction", "notice"]


class Outgoing(Model):
    """One message that is to be posted once, no earlier than ``due_at``.

    ``key`` makes it one message in its workspace: putting it again adds nothing. ``place`` is
    a channel, or a person for the direct messages with them; ``thread`` the ``ts`` of the
    message under which it goes. ``content`` is JSON, the model of its kind dumped; it is laid
    out when it is sent. ``owner`` is the person who is told where the place refuses it, and
    ``expires_at`` the instant from which it is too late to say it. ``tells`` is what is to be
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
