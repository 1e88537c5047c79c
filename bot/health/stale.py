"""When the newest article is too old, and who is told so, once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from bot.models import Outgoing
from bot.store.store import Store

TOLD_FOR = timedelta(days=2)
"""How long it is tried to tell it: later it has changed, or is known."""


def stale(newest: datetime, now: datetime, hours: int) -> bool:
    """Whether the newest article is too old; never where ``hours`` is 0."""
    return hours > 0 and now - newest > timedelta(hours=hours)


class Staleness:
    """Tells whoever runs a workspace that its feeds bring nothing, once until they do."""

    def __init__(
        self,
        store: Store,
        whom: Callable[[str], Sequence[str]],
        *,
        hours: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``whom`` says who is told of a workspace."""
        self._store = store
        self._whom = whom
        self._hours = hours
        self._now = now
        self._next: datetime | None = None

    def look(self) -> int:
        """Look once an hour, and put out what there is to tell; returns 0, for all is done."""
        now = self._now()
        if not self._hours or (self._next is not None and now < self._next):
            return 0
        self._next = now + timedelta(hours=1)
        for workspace, newest in self._store.metrics.newest(now).items():
            if newest is None or not stale(newest, now, self._hours):
                continue
            if self._store.metrics.follows(workspace):
                items = [_told(workspace, one, newest, now) for one in self._whom(workspace)]
                self._store.outbox.put(items, now)
        return 0


def _told(workspace: str, person: str, newest: datetime, now: datetime) -> Outgoing:
    """A notice whose key is the newest article's date: it comes again only after another one."""
    days = (now - newest).days
    age = f"{days} days" if days > 1 else f"{(now - newest).total_seconds() / 3600:.0f} hours"
    return Outgoing(
        workspace=workspace,
        key=f"stale:{newest.isoformat()}:{person}",
        kind="notice",
        place=person,
        content={
            "said": f"No article has come for {age}, though feeds are followed: what I tell is"
            " no newer than that. `dragoman doctor` says what may be wrong."
        },
        due_at=now,
        expires_at=now + TOLD_FOR,
    )
