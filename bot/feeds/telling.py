"""Who runs a workspace is told of a feed that died: each once, and not daily."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from bot.feeds.poll import finished
from bot.store.store import Store

RECENT = timedelta(days=7)
"""What is older is told to nobody who did not run the workspace then."""

Deliver = Callable[[str, str], Awaitable[None]]
"""Brings words to a person; raises DragomanError where that should be tried again."""


async def tell(
    store: Store, workspace: str, people: Sequence[str], deliver: Deliver, now: datetime
) -> int:
    """Tell these people what they have not been told of feeds; returns how many notices."""
    told = 0
    for person in people:
        notices = await finished(store.feeds.notices, workspace, person, now - RECENT)
        for notice in notices:
            await deliver(person, notice.said)
            await finished(store.feeds.told, notice, person, now)
            told += 1
    return told
