"""What was filled into a form, by the name of its input."""

from __future__ import annotations

from typing import Any

from handlers.blocks.mrkdwn import plain_text


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
