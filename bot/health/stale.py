"""Notify admins, once, that the newest article is too old."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from bot.models import Outgoing
from bot.store.store import Store

SENT_FOR = timedelta(days=2)
"""How long to keep trying to send a notice."""


def stale(newest: datetime, now: datetime, hours: int) -> bool:
    """Whether the newest article is too old; never if ``hours`` is 0."""
    return hours > 0 and now - newest > timedelta(hours=hours)


class Staleness:
    """Notifies the admins of a workspace, once, that its feeds bring no articles."""

    def __init__(
        self,
        store: Store,
        recipients: Callable[[str], Sequence[str]],
        *,
        hours: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``recipients`` returns the people to notify in a workspace."""
        self._store = store
        self._recipients = recipients
        self._hours = hours
        self._now = now
        self._next: datetime | None = None

    def look(self) -> int:
        """Check once an hour and queue the notices; returns 0, since nothing is left to do."""
        now = self._now()
        if not self._hours or (self._next is not None and now < self._next):
            return 0
        self._next = now + timedelta(hours=1)
        for workspace, newest in self._store.metrics.newest(now).items():
            if newest is None or not stale(newest, now, self._hours):
                continue
            if self._store.metrics.follows(workspace):
                items = [
                    _notice(workspace, one, newest, now) for one in self._recipients(workspace)
                ]
                self._store.outbox.put(items, now)
        return 0


def _notice(workspace: str, person: str, newest: datetime, now: datetime) -> Outgoing:
    """Return a notice with the newest article's date in its key, so that each date gets one."""
    days = (now - newest).days
    age = f"{days} days" if days > 1 else f"{(now - newest).total_seconds() / 3600:.0f} hours"
    return Outgoing(
        workspace=workspace,
        key=f"stale:{newest.isoformat()}:{person}",
        kind="notice",
        place=person,
        content={
            "said": f"No article has come for {age}, though feeds are followed: my replies are"
            " no newer than that. `dragoman doctor` says what may be wrong."
        },
        due_at=now,
        expires_at=now + SENT_FOR,
    )
