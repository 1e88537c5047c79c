"""Make due digests and put them into the outbox, each once, even across crashes.

A digest is claimed with a lease. If the process dies, it is claimed again when the lease ends: its
message, its articles and its next time are written in one transaction. The outbox then sends it,
under a key of the digest and the instant it was due.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.answer.excerpts import shown_records
from bot.desk import Desk
from bot.digests.issuing import make_issue
from bot.digests.schedule import AGE, step
from bot.errors import StoreUnavailable
from bot.models import Digest, DigestIssue, MessageRecord, Outgoing

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)

TOGETHER = 50
"""The most digests made in one pass, since others share the thread."""

_TIME_TO_SEND = timedelta(hours=1)


class DigestSender:
    """Makes due digests, in any number of processes; those due ``age`` ago are too late."""

    def __init__(
        self,
        desk: Desk,
        *,
        age: timedelta = AGE,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._desk = desk
        self._age = age
        self._now = now

    def look(self) -> int:
        """Make the due digests, ``TOGETHER`` at most; returns how many."""
        done = 0
        while done < TOGETHER and self._next():
            done += 1
        return done

    def _next(self) -> bool:
        now = self._now()
        claimed = self._desk.store.digests.claim(now, LEASE)
        if claimed is None:
            return False
        try:
            self._make(claimed, now)
        except StoreUnavailable as error:
            # The store is away; the digest is made when the lease ends.
            log.warning("digest %s %d waits. %s", claimed.workspace, claimed.id, error)
        except Exception:
            # It must not block the others; it is tried again when the lease ends.
            log.exception("digest %s %d failed", claimed.workspace, claimed.id)
        return True

    def _make(self, claimed: Digest, now: datetime) -> None:
        store = self._desk.store
        send, next_due = step(claimed.times, claimed.due, now, self._age)
        if send is None:
            log.warning("digest %s %d was missed", claimed.workspace, claimed.id)
            store.digests.finish(claimed, next_due, None, [], now)
            return
        issue, articles = make_issue(self._desk, claimed, now)
        key = f"digest {claimed.workspace} {claimed.id} {send.isoformat()}"
        silent = issue.empty and claimed.quiet == "silent"
        late = max(send + self._age, now + _TIME_TO_SEND)
        message = None if silent else outgoing(claimed, issue, key, send, late)
        store.digests.finish(claimed, next_due, message, articles, now, upto=now)


def outgoing(
    of: Digest, issue: DigestIssue, key: str, due: datetime, expires: datetime
) -> Outgoing:
    """The message of a digest to its place."""
    return Outgoing(
        workspace=of.team,
        key=key,
        kind="digest",
        place=of.place,
        content=issue.model_dump(mode="json"),
        due_at=due,
        owner=of.person,
        expires_at=expires,
        tells=MessageRecord(
            workspace=of.workspace,
            audiences=tuple(sorted(of.audiences)),
            person=of.person,
            tz=issue.tz,
            as_of=issue.due,
            lines=shown_records([*(story.line for story in issue.stories), *issue.planned]),
        ),
    )
