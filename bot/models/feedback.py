"""What people say of the replies they got."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime

from bot.models.base import Model

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
