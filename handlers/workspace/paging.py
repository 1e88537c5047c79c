"""Pages of what the Web API lists."""

from __future__ import annotations

from handlers.workspace.arguments import Args, truthy
from handlers.workspace.compose import Refused
from handlers.workspace.state import Message


def between(messages: list[Message], args: Args) -> list[Message]:
    """The messages within ``oldest`` and ``latest``."""
    oldest, latest = str(args.get("oldest") or ""), str(args.get("latest") or "~")
    within = [m for m in messages if oldest < m.ts < latest]
    if truthy(args, "inclusive"):
        within = [m for m in messages if oldest <= m.ts <= latest]
    return within


def page(messages: list[Message], args: Args, most: int) -> tuple[list[Message], Args]:
    """One page of messages, and what says whether and where there are more."""
    try:
        start, limit = int(args.get("cursor") or 0), int(args.get("limit") or most)
    except ValueError as error:
        raise Refused("invalid_arguments", ("cursor or limit is not a number",)) from error
    end = start + limit
    if end >= len(messages):
        return messages[start:], {"has_more": False}
    return messages[start:end], {
        "has_more": True,
        "response_metadata": {"next_cursor": str(end)},
    }
