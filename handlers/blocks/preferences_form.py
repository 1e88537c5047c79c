"""The forms of settings: one's own, those of a channel, those of a workspace; and to add feeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, get_args

from bot.answer.formatting import day, written_as
from bot.models import (
    DateStyle,
    PersonPreferences,
    PlacePreferences,
    WorkspacePreferences,
)
from handlers.blocks.inputs import modal, people, radio, select, words, zone
from handlers.blocks.layout import Payload, context, section
from handlers.blocks.text import channel, say, spoken

MINE, PLACE, FOR_ALL, FEEDS = "home_mine", "home_place", "home_workspace", "home_add_feeds"
"""What the forms are called when they are sent."""

DATES, ZONE, PUBLIC, LEAST, HUSH, WHO, PEOPLE, URL, REGION = (
    "dates", "zone", "public", "least", "hush", "who", "people", "url", "region",
)  # fmt: skip
"""The inputs of the forms."""

YES, NO = "yes", "no"
SOURCES = (1, 2, 3, 4, 5, 10)
"""How many independent sources may be waited for, to choose from."""

_STYLES: dict[DateStyle, str] = {"en-GB": "British", "en-US": "American", "ISO": "ISO 8601"}
_FEEDERS = (
    ("Admins", "admins"),
    ("Everybody but guests", "everybody"),
    ("Admins, and the people below", "listed"),
)


def mine(of: PersonPreferences, today: date, kept: Mapping[str, Any]) -> Payload:
    """The form of one's own settings."""
    blocks = [
        _dates(of.dates, today),
        zone(ZONE, "Time zone", of.tz or "", profile=True),
        context([spoken("`/brief settings`, in a channel, sets what holds there.")]),
    ]
    return modal(MINE, "Settings", "Save", blocks, kept)


def place(of: PlacePreferences, today: date, where: str, kept: Mapping[str, Any]) -> Payload:
    """The form of what holds in a channel, where nobody says otherwise."""
    replies = [("For whoever asks alone", NO), ("For everybody in the channel", YES)]
    counts = [("From one source on" if n == 1 else f"From {n} sources on", str(n)) for n in SOURCES]
    if of.least not in SOURCES:
        counts.append((f"From {of.least} sources on", str(of.least)))
    hush = f"{of.hush.begin:%H:%M} to {of.hush.end:%H:%M}" if of.hush else ""
    blocks = [
        section(say("What holds in ", channel(where), " where nobody says otherwise.")),
        radio(
            PUBLIC,
            "Replies to /brief are",
            replies,
            YES if of.public else NO,
            "“public” or “private”, at the end of a command, says otherwise.",
        ),
        select(LEAST, "Alerts tell a story", counts, str(of.least), "For what is followed anew."),
        words(
            HUSH,
            "Quiet hours",
            hush,
            "Alerts wait till they end: 22:00 to 7:00. Those of the channel's digest come first.",
            optional=True,
        ),
        zone(ZONE, "Time zone of quiet hours", of.tz),
        _dates(of.dates, today),
    ]
    return modal(PLACE, "Channel settings", "Save", blocks, kept)


def for_all(of: WorkspacePreferences, kept: Mapping[str, Any]) -> Payload:
    """The form of what admins set for a whole workspace."""
    blocks = [
        radio(WHO, "Who may add feeds?", _FEEDERS, of.feeds_by, "Everybody here reads them."),
        people(PEOPLE, "People who may, beside admins", of.people, "Guests may not in any case."),
    ]
    return modal(FOR_ALL, "For everybody", "Save", blocks, kept)


def feeds(regions: Sequence[tuple[str, int]], kept: Mapping[str, Any]) -> Payload:
    """The form that adds feeds: one by its address, or those of a region, with how many."""
    options = [(f"{name} ({n} feeds)", name) for name, n in regions]
    blocks = [
        words(
            URL,
            "Address of a feed, or of a site that has one",
            "",
            "Such as www.example.org. It is looked at when you press Add.",
            optional=True,
        ),
        select(REGION, "Or all that I know of", options, None),
    ]
    return modal(FEEDS, "Add feeds", "Add", blocks, kept)


def _dates(style: DateStyle, today: date) -> Payload:
    options = []
    for one in get_args(DateStyle):
        with written_as(one):
            options.append((f"{day(today)} ({_STYLES[one]})", str(one)))
    return select(DATES, "Dates are written", options, style)
