"""Quiet hours, as alerts and corrections keep them."""

from __future__ import annotations

from datetime import datetime

from bot.digests.schedule import loud
from bot.models import Watch
from bot.store.store import Store


def loud_again(store: Store, watch: Watch, now: datetime) -> datetime:
    """When the place of a watch may be told something: at once, or when it is quiet no more."""
    return loud_there(store, watch.workspace, watch.team, watch.place, now)


def loud_there(store: Store, workspace: str, team: str, place: str, now: datetime) -> datetime:
    """When a place may be told something: at once, or when it is quiet no more.

    The quiet hours of its digest count, and where that sets none those that the place prefers.
    """
    digest = store.digests.of(workspace, team, place)
    if digest is not None and digest.hush is not None:
        return loud(digest.hush, digest.times.tz, now)
    usual = store.preferences.place(team, place)
    return loud(usual.hush, usual.tz, now)
