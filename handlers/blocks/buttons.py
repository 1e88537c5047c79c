"""The buttons under replies that lead on: sources, last week, actors beside, share, continue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.answer.formatting import capital
from bot.models import Answer, Brief
from handlers.blocks import limits
from handlers.blocks.layout import Payload, button
from handlers.blocks.notes import OFFERED, Do

MORE = "more"
"""The action that shows the rest of a reply, to whoever clicks."""

EXPANDED = 40
"""Lines behind More; what is beyond is counted."""

SOURCES = "sources"
"""The action that lists the articles that a reply draws on."""

SINCE = "since"
"""The action that asks for the same since last week."""

RELATED = "related"
"""The action of an actor that stands beside; its id is ``related:0``, ``related:1`` …"""

FOLLOW = "follow"
"""The action that follows the subjects of a brief, for whoever clicks."""

SHARE = "share"
"""The action that shows everybody in a channel what one person was told there."""

DIRECT = "direct"
"""The action that goes on in the direct messages with whoever was answered alone."""

LAST_WEEK = "since last week"
"""What “Since last week” adds to what was asked."""


def carried(
    do: Do,
    reply: Brief | Answer,
    query: str | None = None,
    more: Sequence[tuple[str, str]] = (),
) -> dict[str, Any]:
    """What a button carries to ask the same again; ``more`` are further words and actors."""
    meant = [[match.query, match.actor] for match in reply.subjects]
    meant += [list(pair) for pair in more]
    again = {"do": do, "q": query or reply.query, "as_of": reply.as_of.isoformat()}
    return {**again, "meant": meant}


def follow(brief: Brief) -> list[Payload]:
    """The button Follow, of a brief on actors or on an event."""
    meant = [[match.query, match.actor] for match in brief.subjects]
    value = {"text": brief.topic or brief.query, "meant": meant}
    made = button("Follow", FOLLOW, value) if meant or brief.topic else None
    return [made] if made else []


def more(do: Do, reply: Brief | Answer) -> list[Payload]:
    """The button More; none where it would carry too much."""
    made = button("More", MORE, carried(do, reply))
    return [made] if made else []


def sources(do: Do, reply: Brief | Answer) -> list[Payload]:
    """The button Sources; none where it would carry too much."""
    made = button("Sources", SOURCES, carried(do, reply))
    return [made] if made else []


def since(brief: Brief) -> list[Payload]:
    """The button “Since last week”, of a brief that has no period of its own."""
    if brief.period is not None or not (brief.subjects or brief.topic):
        return []
    made = button(capital(LAST_WEEK), SINCE, carried("brief", brief, f"{brief.query} {LAST_WEEK}"))
    return [made] if made else []


def related(brief: Brief) -> list[Payload]:
    """A button for each actor beside: a brief on both, or on that one beside a pair."""
    made: list[Payload | None] = []
    for n, other in enumerate(brief.related[:OFFERED]):
        if len(brief.subjects) == 1:
            query = f"{brief.subjects[0].query} {other.name}"
            value = carried("brief", brief, query, [(other.name, other.actor)])
        else:
            as_of = brief.as_of.isoformat()
            meant = [[other.name, other.actor]]
            value = {"do": "brief", "q": other.name, "as_of": as_of, "meant": meant}
        made.append(button(f"+ {other.name}", f"{RELATED}:{n}", value))
    return [one for one in made if one is not None]


def leading_on(payload: Payload, value: Mapping[str, Any]) -> Payload:
    """Add “Share to channel” and “Continue in DM” to what one person is told in a channel.

    ``value`` is what they carry. A message that has no room for them stays as it is.
    """
    made = (
        button("Share to channel", SHARE, value),
        button("Continue in DM", DIRECT, value),
    )
    return with_buttons(payload, [one for one in made if one is not None])


def with_buttons(payload: Payload, buttons: Sequence[Payload]) -> Payload:
    """Add buttons to the last row of a message, after More and before Follow, or in a new row."""
    blocks = list(payload.get("blocks") or [])
    if not buttons or not blocks:
        return payload
    if blocks[-1].get("type") == "actions":
        there = blocks[-1]["elements"]
        at = _after_more([one.get("action_id") for one in there])
        blocks[-1] = {**blocks[-1], "elements": [*there[:at], *buttons, *there[at:]]}
    else:
        blocks.append({"type": "actions", "elements": list(buttons)})
    more = {**payload, "blocks": blocks}
    return payload if limits.problems(more) else more


def _after_more(actions: Sequence[object]) -> int:
    if actions[0] == MORE:
        return 1
    return actions.index(FOLLOW) if FOLLOW in actions else len(actions)
