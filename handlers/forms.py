"""Forms that were sent: what was filled in, by the name of its input, and taking it in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from handlers.blocks.mrkdwn import plain_text
from handlers.crew import Crew
from handlers.whence import workspace_of


def picked(values: dict[str, Any], name: str) -> str:
    """The value of the option chosen; empty where none is."""
    option = values.get(name, {}).get(name, {}).get("selected_option") or {}
    return str(option.get("value") or "")


def typed(values: dict[str, Any], name: str) -> str:
    """What was typed, without blanks around it."""
    return plain_text(values.get(name, {}).get(name, {}).get("value") or "")


def people(values: dict[str, Any], name: str) -> tuple[str, ...]:
    """The ids of the people chosen."""
    return tuple(map(str, values.get(name, {}).get(name, {}).get("selected_users") or ()))


def taken_in(
    crew: Crew,
    surface: str,
    read: Callable[[dict[str, Any]], tuple[dict[str, Any], dict[str, str]]],
) -> Callable[[Any, dict[str, Any]], Awaitable[None]]:
    """Take in a form that was sent, once; or keep it open and say what is wrong with it.

    ``read`` gives what is ordered, and problems by the id of the block they stand under.
    """

    async def submit(ack: Any, body: dict[str, Any]) -> None:
        order, problems = read(body)
        if problems:
            await ack(response_action="errors", errors=problems)
            return
        await crew.inbox.take(workspace_of(body), surface, body["view"]["id"], order)
        await ack()

    return submit
