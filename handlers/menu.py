"""The menu “⋯”: what is picked there is the click on the button that it stands for."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncApp

from handlers import choose, clicks, export, sources, wrong, wrong_fact
from handlers.blocks.brief import EXPORT, TIMELINE
from handlers.blocks.buttons import SINCE, SOURCES
from handlers.blocks.menu import MENU, picked
from handlers.blocks.notes import WRONG
from handlers.blocks.wrong import WRONG_FACT
from handlers.crew import Crew

_SURFACES = {
    SOURCES: sources.SURFACE,
    SINCE: choose.SURFACE,
    EXPORT: export.SURFACE,
    TIMELINE: export.SURFACE,
    WRONG_FACT: wrong_fact.SURFACE,
}


def listen(app: AsyncApp, crew: Crew) -> None:
    """Take what is picked in."""
    listeners = {action: clicks.listener(crew, surface) for action, surface in _SURFACES.items()}
    listeners[WRONG] = wrong.opener(crew)

    async def pick(ack: Any, body: dict[str, Any]) -> None:
        menu = body["actions"][0]
        action, value = picked(menu["action_id"], menu["selected_option"]["value"])
        # A menu of another version may have what we do not know: it is older than we are.
        listener = listeners.get(action, listeners[SOURCES])
        value = value if action in listeners else ""
        await listener(ack, body | {"actions": [{"action_id": action, "value": value}]})

    app.action(re.compile(rf"^{MENU}:"))(pick)
