"""What people, places and whole workspaces prefer; without a word of theirs, as it says here."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints

from bot.models.base import Model
from bot.models.digests import Hours

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
    """How somebody reads: ``tz`` is an IANA name, None the zone of their profile."""

    dates: DateStyle = "en-GB"
    tz: Zone | None = None


class PlacePreferences(Model):
    """What holds in a place where nobody says otherwise.

    ``public`` shows replies to commands to everybody there. ``least`` is how many independent
    sources a story must have before what is followed there is told, ``hush`` the hours, by the
    clocks of ``tz``, in which nothing is told at once. ``dates`` is for what everybody reads.
    """

    public: bool = False
    least: int = Field(default=1, ge=1, le=20)
    hush: Hours | None = None
    tz: Zone = "UTC"
    dates: DateStyle = "en-GB"


class WorkspacePreferences(Model):
    """What admins set for all: who may add feeds, beside them ``people`` by their Slack ids."""

    feeds_by: FeedsBy = "admins"
    people: tuple[SlackId, ...] = Field(default=(), max_length=100)


Preferences = PersonPreferences | PlacePreferences | WorkspacePreferences
