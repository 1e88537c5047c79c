"""Who removed the app, or took its token back: from then on nothing is sent there.

What is stored of them waits for a time of grace (``bot.workspaces``).
https://docs.slack.dev/reference/events/app_uninstalled
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from slack_bolt.async_app import AsyncApp

from handlers.crew import Crew
from handlers.whence import organisation_of, workspace_of

log = logging.getLogger(__name__)


def listen(app: AsyncApp, crew: Crew) -> None:
    """Note who left before Slack is told that we know."""

    async def bots(event: dict[str, Any]) -> bool:
        return bool((event.get("tokens") or {}).get("bot"))

    async def left(ack: Any, body: dict[str, Any]) -> None:
        if crew.tokens is None:
            log.error("the app was removed, or its token revoked: put another SLACK_BOT_TOKEN in")
        elif (whose := organisation_of(body) or workspace_of(body)) and await _newest(crew, body):
            await crew.tokens.leave(whose)
        await ack()

    app.event("app_uninstalled")(left)
    app.event("tokens_revoked", matchers=[bots])(left)


async def _newest(crew: Crew, body: dict[str, Any]) -> bool:
    """Whether it was not installed again since: Slack sends an event late, and more than once."""
    store = crew.asking.desk.store.installations
    known = await asyncio.to_thread(store.of, organisation_of(body) or workspace_of(body))
    happened = float(body.get("event_time") or 0)  # whole seconds
    return not (known and happened and known.since.timestamp() > happened + 1)
