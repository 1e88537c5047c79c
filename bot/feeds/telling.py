"""Who runs a workspace is told of a feed that died: each once, and not daily."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.models import Outgoing
from bot.store.store import Store

RECENT = timedelta(days=7)
"""What is older is told to nobody who did not run the workspace then."""


def tell(store: Store, workspace: str, people: Sequence[str], now: datetime) -> int:
    """Put out for these people what they have not been told of feeds; returns how many notices.

    Raises StoreError.
    """
    told = 0
    for person in people:
        for notice in store.feeds.notices(workspace, person, now - RECENT):
            item = Outgoing(
                workspace=workspace,
                key=f"feed:{notice.id}:{person}",
                kind="notice",
                place=person,
                content={"said": notice.said},
                due_at=now,
                expires_at=now + RECENT,
            )
            # Who dies between the two puts it again, which adds nothing.
            store.outbox.put([item], now)
            store.feeds.mark_notified(notice, person, now)
            told += 1
    return told
