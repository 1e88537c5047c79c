"""The inputs of forms: each is its own block and action, both of one name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from handlers.blocks import limits
from handlers.blocks.layout import Payload
from handlers.blocks.mrkdwn import trim

TYPED = 500
"""Most characters that may be typed into one line."""


def modal(
    callback: str,
    title: str,
    submit: str,
    blocks: Sequence[Payload],
    kept: Mapping[str, Any],
) -> Payload:
    """A form; ``kept`` comes back with what is sent."""
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
    """One of several, by text and value, that opens when it is touched; ``first`` is a value."""
    return _choice("static_select", name, label, options, first, hint)


def radio(
    name: str, label: str, options: Sequence[tuple[str, str]], first: str, hint: str = ""
) -> Payload:
    """One of a few, by text and value, all of which stand there."""
    return _choice("radio_buttons", name, label, options, first, hint)


def words(name: str, label: str, value: str, hint: str, *, optional: bool = False) -> Payload:
    """A line to type."""
    element: Payload = {"type": "plain_text_input", "action_id": name, "max_length": TYPED}
    if value:
        element["initial_value"] = trim(value, TYPED)
    return _input(name, label, element, hint, optional=optional)


def people(name: str, label: str, chosen: Sequence[str], hint: str) -> Payload:
    """Some people of the workspace, or none."""
    element: Payload = {"type": "multi_users_select", "action_id": name}
    if chosen:
        element["initial_users"] = list(chosen)
    return _input(name, label, element, hint, optional=True)


def plain(text: str) -> Payload:
    """A plain text object."""
    return {"type": "plain_text", "text": text, "emoji": False}


def _choice(
    kind: str,
    name: str,
    label: str,
    options: Sequence[tuple[str, str]],
    first: str | None,
    hint: str,
) -> Payload:
    made = [
        {"text": plain(trim(text, limits.OPTION_TEXT)), "value": value} for text, value in options
    ]
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
