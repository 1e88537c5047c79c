"""Requests, written down before they are acknowledged, and the replies that were sent."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime, Field

from bot.models.base import Model
from bot.models.replies import Period
from bot.models.told import Tells


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
