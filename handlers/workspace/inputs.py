"""What somebody chose or filled in, of every kind of element: checked, and as Slack sends it.

Fields after https://docs.slack.dev/reference/block-kit/block-elements and
https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload. What is chosen
comes as a list of texts: option values, ids, a day (2026-03-28), a time (08:30), or words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from typing import Any

from handlers.workspace.state import WorkspaceError

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
