"""What is Slack's but never ours, made into what is like it and ours, so that it can be checked.

The limits of ``handlers.blocks.limits`` are of what Dragoman sends; the local workspace takes
more, as Slack does, and shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.workspace.inputs import STATEFUL

CHECKED = {"section", "header", "context", "actions", "divider", "image", "input"}
"""The block types whose limits are known; others of Slack's are taken unchecked."""

_LIKE = {"checkboxes": "radio_buttons", "multi_static_select": "static_select"}
_OURS = {"radio_buttons", "static_select", "plain_text_input"}

Json = dict[str, Any]


def stand_in(block: Mapping[str, Any]) -> Json:
    """A block with every element that is never ours replaced by the one that is like it."""
    if block.get("type") not in CHECKED:
        return {"type": "divider"}
    found = dict(block)
    if found["type"] == "input" and isinstance(found.get("element"), Mapping):
        found["element"] = _input(found["element"])
    if found["type"] == "actions" and isinstance(found.get("elements"), list):
        found["elements"] = [_pressed(one) for one in found["elements"]]
    if "accessory" in found:
        found["accessory"] = _pressed(found["accessory"])
    return found


def _pressed(element: Any) -> Any:
    """What is chosen under a message stands in as a button."""
    if not isinstance(element, Mapping) or element.get("type") not in STATEFUL:
        return element
    words = {"type": "plain_text", "text": "Choose"}
    return {"type": "button", "action_id": element.get("action_id", ""), "text": words}


def _input(element: Mapping[str, Any]) -> Json:
    kind = str(element.get("type"))
    if kind not in STATEFUL or kind in _OURS:
        return dict(element)
    kept = {key: element[key] for key in ("action_id", "placeholder") if key in element}
    if like := _LIKE.get(kind):
        kept.pop("placeholder", None)
        return {**kept, "type": like, "options": element.get("options") or []}
    return {**kept, "type": "plain_text_input"}
