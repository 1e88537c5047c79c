"""Forms: their inputs, the settings forms, and the form that adds feeds.

Each input is its own block and action, both with the same name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, get_args

from bot.answer.formatting import day, written_as
from bot.digests.schedule import zones
from bot.models import (
    DateStyle,
    PersonPreferences,
    PlacePreferences,
    WorkspacePreferences,
)
from handlers.blocks import limits
from handlers.blocks.layout import Payload, context, section
from handlers.blocks.text import channel, plain, say, spoken, trim

# --- inputs ------------------------------------------------------------------------------


PROFILE = "profile"
"""The value of *as in my Slack profile* in a list of zones."""

TYPED = 500
"""The most characters that may be typed into one line."""


def modal(
    callback: str,
    title: str,
    submit: str,
    blocks: Sequence[Payload],
    kept: Mapping[str, Any],
) -> Payload:
    """Return a form; ``kept`` comes back with the submission."""
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title),
        "submit": plain(submit),
        "close": plain("Cancel"),
        "private_metadata": json.dumps(kept, ensure_ascii=False, separators=(",", ":")),
        "blocks": list(blocks),
    }


def select(
    name: str, label: str, options: Sequence[tuple[str, str]], first: str | None, hint: str = ""
) -> Payload:
    """Return a drop-down of several options, by text and value; ``first`` is a value."""
    return _choice("static_select", name, label, options, first, hint)


def radio(
    name: str, label: str, options: Sequence[tuple[str, str]], first: str | None, hint: str = ""
) -> Payload:
    """Return radio buttons for a few options, by text and value."""
    return _choice("radio_buttons", name, label, options, first, hint)


def time_zone(name: str, label: str, first: str, *, profile: bool = False) -> Payload:
    """Return a time zone input, a list by region; ``profile`` also offers the Slack profile's.

    ``first`` is the zone that is set, empty for the profile's.
    """
    groups = [_group(title, part) for title, part in _regions()]
    if first and not any(first in names for names in zones().values()):
        groups.insert(0, _group("Set now", [first]))  # an older name of a zone
    if profile:
        groups.insert(0, _named_group("Slack", [option("As in my Slack profile", PROFILE)]))
    chosen = next(
        option
        for group in groups
        for option in group["options"]
        if option["value"] == (first or PROFILE)
    )
    element: Payload = {"type": "static_select", "action_id": name}
    element |= {"option_groups": groups, "initial_option": chosen}
    return _input(name, label, element, "Type the name of a city to find its zone.", optional=False)


def _regions() -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the regions of zones; a region with more zones than a group may hold is in parts."""
    for region, names in zones().items():
        parts = -(-len(names) // limits.SELECT_OPTIONS)
        size = -(-len(names) // parts)
        for at in range(0, len(names), size):
            part = names[at : at + size]
            ends = "–".join(one.partition("/")[2][:1] for one in (part[0], part[-1]))
            yield (region if parts == 1 else f"{region} {ends}"), part


def _group(title: str, names: Sequence[str]) -> Payload:
    return _named_group(title, [option(name.replace("_", " "), name) for name in names])


def _named_group(title: str, options: Sequence[Payload]) -> Payload:
    return {"label": plain(trim(title, limits.OPTION_TEXT)), "options": list(options)}


def option(text: str, value: str) -> Payload:
    """Return an option of a list, its text cut to Slack's limit."""
    return {"text": plain(trim(text, limits.OPTION_TEXT)), "value": value}


def text_line(
    name: str,
    label: str,
    value: str,
    hint: str,
    *,
    optional: bool = False,
    multiline: bool = False,
    most: int = TYPED,
) -> Payload:
    """Return a text input of one line, or several, of at most so many characters."""
    element: Payload = {"type": "plain_text_input", "action_id": name, "max_length": most}
    if multiline:
        element["multiline"] = True
    if value:
        element["initial_value"] = trim(value, most)
    return _input(name, label, element, hint, optional=optional)


def people(name: str, label: str, chosen: Sequence[str], hint: str) -> Payload:
    """Return an input for some people of the workspace, or none."""
    element: Payload = {"type": "multi_users_select", "action_id": name}
    if chosen:
        element["initial_users"] = list(chosen)
    return _input(name, label, element, hint, optional=True)


def _choice(
    kind: str,
    name: str,
    label: str,
    options: Sequence[tuple[str, str]],
    first: str | None,
    hint: str,
) -> Payload:
    made = [option(text, value) for text, value in options]
    element: Payload = {"type": kind, "action_id": name, "options": made}
    if first is not None:
        element["initial_option"] = next(one for one in made if one["value"] == first)
    return _input(name, label, element, hint, optional=first is None)


def _input(name: str, label: str, element: Payload, hint: str, *, optional: bool) -> Payload:
    made: Payload = {
        "type": "input",
        "block_id": name,
        "optional": optional,
        "label": plain(label),
        "element": element,
    }
    return made | ({"hint": plain(hint)} if hint else {})


# --- settings and feeds ------------------------------------------------------------------


MINE, PLACE, FOR_ALL, FEEDS = "home_mine", "home_place", "home_workspace", "home_add_feeds"
"""The callback ids of the forms."""

DATES, ZONE, PUBLIC, LEAST, HUSH, WHO, PEOPLE, URL, REGION = (
    "dates", "zone", "public", "least", "hush", "who", "people", "url", "region",
)  # fmt: skip
"""The inputs of the forms."""

YES, NO = "yes", "no"
SOURCES = (1, 2, 3, 4, 5, 10)
"""The choices for how many independent sources to wait for."""

_STYLES: dict[DateStyle, str] = {"en-GB": "British", "en-US": "American", "ISO": "ISO 8601"}
_FEEDERS = (
    ("Admins", "admins"),
    ("Everybody but guests", "everybody"),
    ("Admins, and the people below", "listed"),
)


def person_form(of: PersonPreferences, today: date, kept: Mapping[str, Any]) -> Payload:
    """Return the form of one's own settings."""
    blocks = [
        _dates(of.dates, today),
        time_zone(ZONE, "Time zone", of.tz or "", profile=True),
        context([spoken("To change the settings of a channel, type `/brief settings` there.")]),
    ]
    return modal(MINE, "Settings", "Save", blocks, kept)


def channel_form(of: PlacePreferences, today: date, where: str, kept: Mapping[str, Any]) -> Payload:
    """Return the form of a channel's settings, which apply unless somebody says otherwise."""
    replies = [("Only for the person who asks", NO), ("For everybody in the channel", YES)]
    counts = [("One source" if n == 1 else f"{n} sources", str(n)) for n in SOURCES]
    if of.least not in SOURCES:
        counts.append((f"{of.least} sources", str(of.least)))
    quiet_hours = f"{of.hush.begin:%H:%M} to {of.hush.end:%H:%M}" if of.hush else ""
    blocks = [
        section(say("Default settings for ", channel(where), ".")),
        radio(
            PUBLIC,
            "Replies to /brief are",
            replies,
            YES if of.public else NO,
            "Add “public” or “private” at the end of a command to override this.",
        ),
        select(
            LEAST,
            "Send an alert on a story when it has",
            counts,
            str(of.least),
            "Applies to what is followed from now on.",
        ),
        text_line(
            HUSH,
            "Quiet hours",
            quiet_hours,
            "For example 22:00 to 7:00. Alerts wait until they end. Quiet hours of the channel's"
            " digest override these.",
            optional=True,
        ),
        time_zone(ZONE, "Time zone for quiet hours", of.tz),
        _dates(of.dates, today),
    ]
    return modal(PLACE, "Channel settings", "Save", blocks, kept)


def workspace_form(of: WorkspacePreferences, kept: Mapping[str, Any]) -> Payload:
    """Return the form of the settings that admins make for a whole workspace."""
    blocks = [
        radio(
            WHO, "Who may add feeds?", _FEEDERS, of.feeds_by, "Everybody here gets what they bring."
        ),
        people(PEOPLE, "People who may, besides admins", of.people, "Guests can never add feeds."),
    ]
    return modal(FOR_ALL, "For everybody", "Save", blocks, kept)


def feeds_form(regions: Sequence[tuple[str, int]], kept: Mapping[str, Any]) -> Payload:
    """Return the form that adds feeds: one by its address, or a region's, with their number."""
    options = [(f"{name} ({n} feeds)", name) for name, n in regions]
    blocks = [
        text_line(
            URL,
            "Address of a feed, or of a site that has one",
            "",
            "For example www.example.org. It is checked when you press Add.",
            optional=True,
        ),
        select(REGION, "Or all feeds of a region", options, None),
    ]
    return modal(FEEDS, "Add feeds", "Add", blocks, kept)


def _dates(style: DateStyle, today: date) -> Payload:
    options = []
    for one in get_args(DateStyle):
        with written_as(one):
            options.append((f"{day(today)} ({_STYLES[one]})", str(one)))
    return select(DATES, "Date format", options, style)
