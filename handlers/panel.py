"""The agent panel: prompts to begin with, threads, and a status while an answer is made.

In Slack's agent view the panel is the messages with us: each question there begins a thread,
and its answer belongs in it. Whether an app has that view Slack says nowhere; but it opens the
messages before anybody types, and takes prompts for them only where there is a panel. In the
older assistant view Slack makes the threads itself.
https://docs.slack.dev/ai/developing-agents
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp

from handlers.crew import Crew
from handlers.errors import NotNow, Undeliverable
from handlers.whence import workspace_of

log = logging.getLogger(__name__)

PROMPTS = (
    ("What is new?", "What is new since yesterday?"),
    ("What do you read?", "What do you read?"),
    ("Two actors", "Qatar Iran"),
    ("How to ask", "help"),
)
"""What may be asked first: what the panel shows, and what it then asks; four at most."""

STATUS = "is looking through what it has read…"

QUICK = 0.4
"""Seconds within which most answers are there, and need no status."""

_WITHIN = timedelta(seconds=5)


def listen(app: AsyncApp, crew: Crew) -> None:
    """Offer prompts to whoever opens the panel."""

    async def messages_opened(event: dict[str, Any]) -> bool:
        return event.get("tab") == "messages" and bool(event.get("channel"))

    async def opened(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        crew.panels.spawn(_offer(crew, workspace_of(body), body["event"]["channel"]))

    async def started(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        thread = body["event"]["assistant_thread"]
        crew.panels.spawn(_offer(crew, None, thread["channel_id"], thread_ts=thread["thread_ts"]))

    app.event("app_home_opened", matchers=[messages_opened])(opened)
    app.event("assistant_thread_started")(started)


async def _offer(crew: Crew, workspace: str | None, channel: str, **where: str) -> None:
    """Set the prompts; where Slack takes them without a thread, questions begin threads."""
    prompts = [{"title": title, "message": said} for title, said in PROMPTS]
    try:
        await crew.sender.call(
            "assistant.threads.setSuggestedPrompts",
            crew.now() + _WITHIN,
            channel_id=channel,
            prompts=prompts,
            **where,
        )
    except (NotNow, Undeliverable) as error:
        log.info("no prompts are offered: %s", error)
    else:
        if workspace is not None:
            crew.panels.open.add(workspace)


def has_threads(crew: Crew, workspace: str, place: str) -> bool:
    """Whether each question asked beside threads in a place begins one."""
    return place.startswith("D") and workspace in crew.panels.open


@asynccontextmanager
async def working(crew: Crew, place: str, thread: str | None) -> AsyncIterator[None]:
    """Show a status in a thread of the panel while an answer takes longer than a moment.

    Slack takes it away when the answer is posted, so none is set after the context ends.
    """
    if thread is None or not place.startswith("D"):
        yield
        return
    begun = asyncio.Event()
    task = asyncio.create_task(_status(crew, place, thread, begun))
    try:
        yield
    finally:
        if not begun.is_set():
            task.cancel()
        await asyncio.wait([task])


async def _status(crew: Crew, place: str, thread: str, begun: asyncio.Event) -> None:
    await asyncio.sleep(QUICK)
    begun.set()
    where = {"channel_id": place, "thread_ts": thread}
    until = crew.now() + _WITHIN
    try:
        await crew.sender.call("assistant.threads.setStatus", until, **where, status=STATUS)
    except (NotNow, Undeliverable) as error:
        log.info("no status is shown: %s", error)
