"""Elements of blocks: where they are, what was chosen or filled in, and the state Slack sends.

Fields after https://docs.slack.dev/reference/block-kit/block-elements and
https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload. What is chosen
comes as a list of texts: option values, ids, a day (2026-03-28), a time (08:30), or words.

The limits of ``handlers.blocks.limits`` are of what Dragoman sends; the local workspace takes more,
as Slack does, and checks a stand-in for what is never ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, time
from typing import Any

from handlers.workspace.state import WorkspaceError

# --- what was chosen ---------------------------------------------------------------------


Json = dict[str, Any]

_OPTION = {"static_select", "radio_buttons", "overflow"}
_OPTIONS = {"multi_static_select", "checkboxes"}
_ONE = {
    "users_select": "user",
    "conversations_select": "conversation",
    "channels_select": "channel",
    "datepicker": "date",
    "timepicker": "time",
}
_MANY = {
    "multi_users_select": "users",
    "multi_conversations_select": "conversations",
    "multi_channels_select": "channels",
}
TEXTS = {"plain_text_input", "url_text_input", "email_text_input", "number_input"}
"""The elements that are written into."""

MANY = _OPTIONS | set(_MANY)
"""The elements of which more than one thing may be chosen."""

STATEFUL = (_OPTION - {"overflow"}) | _OPTIONS | set(_ONE) | set(_MANY) | TEXTS
"""The elements whose state is sent along with everything that happens beside them."""


def listed(said: object) -> list[str]:
    """What a page or a test says was chosen, as a list without what is empty."""
    if said is None or isinstance(said, str):
        said = [said or ""]
    if not isinstance(said, Sequence):
        raise WorkspaceError(f"{said!r} is nothing that can be chosen.", about=str(said))
    return [str(one).strip() for one in said if str(one).strip()]


def state_of(element: Mapping[str, Any], said: Sequence[str]) -> Json:
    """The state of an element; raises WorkspaceError for an option that is none of its own."""
    kind, first = str(element["type"]), said[0] if said else None
    state: Json = {"type": kind}
    if kind in _OPTION:
        state["selected_option"] = _option(element, first) if first else None
    elif kind in _OPTIONS:
        state["selected_options"] = [_option(element, one) for one in said]
    elif kind in _ONE:
        state[f"selected_{_ONE[kind]}"] = first
    elif kind in _MANY:
        state[f"selected_{_MANY[kind]}"] = list(said)
    else:
        state["value"] = first
    return state


def initial(element: Mapping[str, Any]) -> list[str]:
    """What an element is set to before anybody touches it."""
    kind = str(element["type"])
    if kind in _OPTION:
        return [str(one["value"]) for one in [element.get("initial_option")] if one]
    if kind in _OPTIONS:
        return [str(one["value"]) for one in element.get("initial_options") or []]
    if kind in _ONE:
        return listed(element.get(f"initial_{_ONE[kind]}"))
    if kind in _MANY:
        return listed(element.get(f"initial_{_MANY[kind]}") or [])
    return listed(element.get("initial_value"))


def options(element: Mapping[str, Any]) -> Iterator[Json]:
    """The options of an element, of its groups as well."""
    yield from element.get("options") or []
    for group in element.get("option_groups") or []:
        yield from group["options"]


def wrong(element: Mapping[str, Any], said: Sequence[str]) -> str | None:
    """What Slack itself would find wrong with what was filled in, before the app hears of it."""
    if not said:
        return None
    kind, text = element["type"], said[0]
    if kind == "number_input":
        return _wrong_number(element, text)
    if kind == "url_text_input" and not re.match(r"https?://[^\s/]+\S*$", text):
        return "Please enter a valid URL."
    if kind == "email_text_input" and not re.match(r"[^@\s]+@[^@\s]+\.[^@\s]+$", text):
        return "Please enter a valid email address."
    if kind in ("datepicker", "timepicker") and not _is_instant(str(kind), text):
        return (
            "Please enter a valid date." if kind == "datepicker" else "Please enter a valid time."
        )
    if kind in TEXTS and len(text) < int(element.get("min_length") or 0):
        return f"Please use at least {element['min_length']} characters."
    most = element.get("max_selected_items")
    if most is not None and len(said) > int(most):
        return f"Please choose at most {most}."
    return None


def _wrong_number(element: Mapping[str, Any], text: str) -> str | None:
    whole = not element.get("is_decimal_allowed")
    if not re.match(r"-?\d+$" if whole else r"-?\d+(\.\d+)?$", text):
        return "Please enter a whole number." if whole else "Please enter a number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and float(text) < float(least):
        return f"Please enter {least} or more."
    if most is not None and float(text) > float(most):
        return f"Please enter {most} or less."
    return None


def _is_instant(kind: str, text: str) -> bool:
    try:
        date.fromisoformat(text) if kind == "datepicker" else time.fromisoformat(text)
    except ValueError:
        return False
    return True


def _option(element: Mapping[str, Any], value: str) -> Json:
    for option in options(element):
        if option.get("value") == value:
            return dict(option)
    raise WorkspaceError(f"There is no option {value} to choose.", about=value)


# --- where elements are ------------------------------------------------------------------


Blocks = Sequence[Mapping[str, Any]]


def elements(blocks: Blocks) -> Iterator[tuple[str, Json]]:
    """Every element of blocks with the id of its block, in order."""
    for block in blocks:
        found = block.get("elements", []) if block.get("type") == "actions" else []
        for element in [*found, block.get("accessory"), block.get("element")]:
            if isinstance(element, dict) and element.get("action_id"):
                yield str(block.get("block_id", "")), element


def find(blocks: Blocks, block_id: str, action_id: str) -> Json | None:
    """The element of that block and action, or None."""
    return next(
        (e for block, e in elements(blocks) if (block, e["action_id"]) == (block_id, action_id)),
        None,
    )


def values(blocks: Blocks, said: Callable[[str, Json], Sequence[str] | None]) -> Json:
    """The state of blocks as Slack sends it: by block and action.

    ``said`` tells what was chosen of an element; None leaves it as it stood at first.
    """
    found: Json = {}
    for block, element in elements(blocks):
        if element["type"] not in STATEFUL:
            continue
        chosen = said(block, element)
        state = state_of(element, initial(element) if chosen is None else chosen)
        found.setdefault(block, {})[element["action_id"]] = state
    return found


def action(element: Mapping[str, Any], block_id: str, said: Sequence[str], ts: str) -> Json:
    """An element as an interaction payload tells that it was used."""
    left_out = ("options", "option_groups", "confirm")
    kept = {
        key: value
        for key, value in element.items()
        if key not in left_out and not key.startswith("initial_")
    }
    done = {**kept, "block_id": block_id, "action_ts": ts}
    if element["type"] == "button":
        return done | ({"value": said[0]} if said else {})
    return done | state_of(element, said)


# --- stand-ins ---------------------------------------------------------------------------


CHECKED = {"section", "header", "context", "actions", "divider", "image", "input"}
"""The block types whose limits are known; others of Slack's are taken unchecked."""

_SIMILAR = {"checkboxes": "radio_buttons", "multi_static_select": "static_select"}
_SENT_BY_US = {"radio_buttons", "static_select", "plain_text_input"}


def stand_in(block: Mapping[str, Any]) -> Json:
    """A block with every element that is never ours replaced by the one that is like it."""
    if block.get("type") not in CHECKED:
        return {"type": "divider"}
    found = dict(block)
    if found["type"] == "input" and isinstance(found.get("element"), Mapping):
        found["element"] = _input_stand_in(found["element"])
    if found["type"] == "actions" and isinstance(found.get("elements"), list):
        found["elements"] = [_button_stand_in(one) for one in found["elements"]]
    if "accessory" in found:
        found["accessory"] = _button_stand_in(found["accessory"])
    return found


def _button_stand_in(element: Any) -> Any:
    """What is chosen under a message stands in as a button."""
    if not isinstance(element, Mapping) or element.get("type") not in STATEFUL:
        return element
    words = {"type": "plain_text", "text": "Choose"}
    return {"type": "button", "action_id": element.get("action_id", ""), "text": words}


def _input_stand_in(element: Mapping[str, Any]) -> Json:
    kind = str(element.get("type"))
    if kind not in STATEFUL or kind in _SENT_BY_US:
        return dict(element)
    kept = {key: element[key] for key in ("action_id", "placeholder") if key in element}
    if like := _SIMILAR.get(kind):
        kept.pop("placeholder", None)
        return {**kept, "type": like, "options": element.get("options") or []}
    return {**kept, "type": "plain_text_input"}
