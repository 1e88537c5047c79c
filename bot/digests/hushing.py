"""Quiet hours, as the alerts keep them."""

from __future__ import annotations

from datetime import datetime

from bot.digests.schedule import loud
from bot.models import Watch
from bot.store.store import Store


def loud_again(store: Store, watch: Watch, now: datetime) -> datetime:
    """When the place of a watch may be told something: at once, or when it is quiet no more."""
    digest = store.digests.of(watch.workspace, watch.team, watch.place)
    return loud(digest.hush, digest.times.tz, now) if digest is not None else now
