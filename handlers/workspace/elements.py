"""Where the elements of blocks are, and what state they are in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from handlers.workspace import inputs

Json = dict[str, Any]
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
        if element["type"] not in inputs.STATEFUL:
            continue
        chosen = said(block, element)
        state = inputs.state_of(element, inputs.initial(element) if chosen is None else chosen)
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
    return done | inputs.state_of(element, said)
