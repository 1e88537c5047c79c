"""What waits in the outbox of a store."""

from __future__ import annotations

from sqlalchemy import select

from bot.models import Outgoing
from bot.store import outbox
from bot.store.store import Store


def unsent(store: Store, workspace: str) -> list[Outgoing]:
    """Messages that wait to be sent, in the order of their time."""
    asked = (
        select(outbox.outgoing)
        .where(outbox.outgoing.c.state == "waiting", outbox.outgoing.c.workspace == workspace)
        .order_by(*outbox._ORDER)
    )
    with store._read() as connection:
        return [outbox._item(row) for row in connection.execute(asked)]
