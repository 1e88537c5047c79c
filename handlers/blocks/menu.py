"""The menu “⋯” under a brief: what leads on and is wanted seldom, so that a row fits a phone.

An option of Slack's overflow menu has no room for a question, so the menu's own id carries it,
for all of its options. A question too long for that keeps its buttons.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.blocks import limits
from handlers.blocks.buttons import LAST_WEEK, SINCE
from handlers.blocks.layout import Payload

MENU = "menu"
"""How the id of a menu begins; what it asks again follows, as JSON."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def overflow(again: Mapping[str, Any], buttons: Sequence[Payload]) -> list[Payload]:
    """Fold buttons into one menu, by their words and actions; ``again`` is what they ask again.

    The first stay buttons where they are more than a menu holds, and all of them where they
    are fewer than two or ``again`` is too long.
    """
    action = f"{MENU}:{_packed(again)}"
    if len(buttons) < 2 or len(action) > limits.ACTION_ID:
        return list(buttons)
    beside = max(len(buttons) - limits.OVERFLOW_OPTIONS, 0)
    options = [{"text": one["text"], "value": one["action_id"]} for one in buttons[beside:]]
    return [*buttons[:beside], {"type": "overflow", "action_id": action, "options": options}]


def picked(menu: str, option: str) -> tuple[str, str]:
    """The action of a button, and the value it would carry, from a menu's id and an option.

    The value is empty where the id is none that we read.
    """
    try:
        do, query, micros, meant = json.loads(menu.removeprefix(f"{MENU}:"))
        as_of = _EPOCH + micros * _MICROSECOND
    except (ValueError, TypeError, OverflowError):
        return option, ""
    if option == SINCE:
        query = f"{query} {LAST_WEEK}"
    value = {"do": do, "q": query, "as_of": as_of.isoformat(), "meant": meant}
    return option, json.dumps(value, ensure_ascii=False)


def _packed(again: Mapping[str, Any]) -> str:
    # Exact to the microsecond, as the instant names the reply.
    micros = (datetime.fromisoformat(again["as_of"]) - _EPOCH) // _MICROSECOND
    whole = [again["do"], again["q"], micros, again["meant"]]
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
