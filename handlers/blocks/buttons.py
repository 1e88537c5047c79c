"""The buttons under replies, and the menu “⋯” that holds the less used ones.

An option of Slack's overflow menu has no room for a question, so the menu's own id carries it, for
all of its options. A question too long for that keeps its buttons.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.answer.formatting import capital
from bot.models import Answer, Brief
from handlers.blocks import limits
from handlers.blocks.layout import Payload, button, made
from handlers.blocks.notes import OFFERED, Do

MORE = "more"
"""The action that shows the rest of a reply, to the person who clicks."""

EXPANDED = 40
"""Lines behind More; further lines are counted."""

SOURCES = "sources"
"""The action that lists the articles that a reply draws on."""

SINCE = "since"
"""The action that asks the same for the time since last week."""

RELATED = "related"
"""The action of a related actor; its id is ``related:0``, ``related:1`` …"""

FOLLOW = "follow"
"""The action that follows the subjects of a brief, for the person who clicks."""

SHARE = "share"
"""The action that shows everybody in a channel a reply that one person got there."""

DIRECT = "direct"
"""The action that continues in the direct messages with the person who was answered privately."""

LAST_WEEK = "since last week"
"""The words that “Since last week” adds to the query."""


def carried(
    do: Do,
    reply: Brief | Answer,
    query: str | None = None,
    more: Sequence[tuple[str, str]] = (),
) -> dict[str, Any]:
    """Return the value with which a button asks the same again; ``more`` adds words and actors."""
    meant = [[match.query, match.actor] for match in reply.subjects]
    meant += [list(pair) for pair in more]
    again = {"do": do, "q": query or reply.query, "as_of": reply.as_of.isoformat()}
    return {**again, "meant": meant}


def follow(brief: Brief) -> list[Payload]:
    """Return the button Follow, for a brief on actors or on an event."""
    meant = [[match.query, match.actor] for match in brief.subjects]
    value = {"text": brief.topic or brief.query, "meant": meant}
    return made(button("Follow", FOLLOW, value) if meant or brief.topic else None)


def more(do: Do, reply: Brief | Answer) -> list[Payload]:
    """Return the button More; none if it would carry too much."""
    return made(button("More", MORE, carried(do, reply)))


def sources(do: Do, reply: Brief | Answer) -> list[Payload]:
    """Return the button Sources; none if it would carry too much."""
    return made(button("Sources", SOURCES, carried(do, reply)))


def since(brief: Brief) -> list[Payload]:
    """Return the button “Since last week”, for a brief that has no period of its own."""
    if brief.period is not None or not (brief.subjects or brief.topic):
        return []
    again = carried("brief", brief, f"{brief.query} {LAST_WEEK}")
    return made(button(capital(LAST_WEEK), SINCE, again))


def related(brief: Brief) -> list[Payload]:
    """Return a button for each related actor: a brief on both, or on that one beside a pair."""
    offered: list[Payload | None] = []
    for n, other in enumerate(brief.related[:OFFERED]):
        if len(brief.subjects) == 1:
            query = f"{brief.subjects[0].query} {other.name}"
            value = carried("brief", brief, query, [(other.name, other.actor)])
        else:
            as_of = brief.as_of.isoformat()
            meant = [[other.name, other.actor]]
            value = {"do": "brief", "q": other.name, "as_of": as_of, "meant": meant}
        offered.append(button(f"+ {other.name}", f"{RELATED}:{n}", value))
    return made(*offered)


def leading_on(payload: Payload, value: Mapping[str, Any]) -> Payload:
    """Add “Share to channel” and “Continue in DM” to a reply that one person sees in a channel.

    ``value`` is what they carry. A message without room for them does not change.
    """
    share = button("Share to channel", SHARE, value)
    return with_buttons(payload, made(share, button("Continue in DM", DIRECT, value)))


def with_buttons(payload: Payload, buttons: Sequence[Payload]) -> Payload:
    """Add buttons to the last row of a message, after More and before Follow, or in a new row."""
    blocks = list(payload.get("blocks") or [])
    if not buttons or not blocks:
        return payload
    if blocks[-1].get("type") == "actions":
        elements = blocks[-1]["elements"]
        at = _after_more([one.get("action_id") for one in elements])
        blocks[-1] = {**blocks[-1], "elements": [*elements[:at], *buttons, *elements[at:]]}
    else:
        blocks.append({"type": "actions", "elements": list(buttons)})
    more = {**payload, "blocks": blocks}
    return payload if limits.problems(more) else more


def _after_more(actions: Sequence[object]) -> int:
    if actions[0] == MORE:
        return 1
    return actions.index(FOLLOW) if FOLLOW in actions else len(actions)


# --- the menu ----------------------------------------------------------------------------


MENU = "menu"
"""The prefix of a menu's id; the query follows, as JSON."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def overflow(again: Mapping[str, Any], buttons: Sequence[Payload]) -> list[Payload]:
    """Fold buttons into one menu, by their labels and actions; ``again`` is the query they repeat.

    If there are more than a menu holds, the first stay buttons. If there are fewer than two, or
    ``again`` is too long, all of them do.
    """
    action = f"{MENU}:{_packed(again)}"
    if len(buttons) < 2 or len(action) > limits.ACTION_ID:
        return list(buttons)
    beside = max(len(buttons) - limits.OVERFLOW_OPTIONS, 0)
    options = [{"text": one["text"], "value": one["action_id"]} for one in buttons[beside:]]
    return [*buttons[:beside], {"type": "overflow", "action_id": action, "options": options}]


def picked(menu: str, option: str) -> tuple[str, str]:
    """Return the button's action, and the value it would carry, from a menu's id and an option.

    The value is empty if the id cannot be read.
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
    # Exact to the microsecond, because the time identifies the reply.
    micros = (datetime.fromisoformat(again["as_of"]) - _EPOCH) // _MICROSECOND
    whole = [again["do"], again["q"], micros, again["meant"]]
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
