"""The inbox: requests that were taken in, and the replies they got."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.models import Request, SentReply
from bot.store import requests

Recorded = tuple[str, str, str, dict[str, Any], datetime]
"""Workspace, surface, key and payload of a request, and when it came."""

Finished = tuple[Request, SentReply | None, datetime]
"""A request, the reply that was sent, and when."""

_Connect = Callable[[], AbstractContextManager[Connection]]


class Inboxes:
    """Part of the Store, at ``store.inbox``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def record(
        self, workspace: str, surface: str, key: str, payload: dict[str, Any], now: datetime
    ) -> bool:
        """Write a request down; True if it is new, False if it was there in any state."""
        with self._write() as connection:
            return requests.record(connection, workspace, surface, key, payload, now)

    def record_all(self, items: Sequence[Recorded]) -> list[bool]:
        """Write several down in one transaction; returns for each whether it is new."""
        new: dict[int, bool] = {}
        with self._write() as connection:
            # By their keys: two processes that got the same then wait in one order.
            for at in sorted(range(len(items)), key=lambda at: items[at][:3]):
                new[at] = requests.record(connection, *items[at])
        return [new[at] for at in range(len(items))]

    def claim(
        self,
        now: datetime,
        lease: timedelta,
        *,
        workspace: str | None = None,
        surface: str | None = None,
        key: str | None = None,
    ) -> Request | None:
        """Take the oldest request that is new or whose lease ran out, or None.

        Any of ``workspace``, ``surface`` and ``key`` narrow which. Of any number of threads
        and processes, one gets it.
        """
        with self._write() as connection:
            return requests.claim(connection, now, lease, workspace, surface, key)

    def claim_some(self, now: datetime, lease: timedelta, limit: int) -> list[Request]:
        """Take at most so many requests that are new or whose lease ran out, oldest first."""
        claimed: list[Request] = []
        with self._write() as connection:
            while len(claimed) < limit:
                found = requests.claim(connection, now, lease, None, None, None)
                if found is None:
                    break
                claimed.append(found)
        return claimed

    def finish(self, request: Request, reply: SentReply | None, now: datetime) -> bool:
        """Close a request with the reply that was sent, and empty its payload.

        False, and nothing written, where its lease ran out and another claimed it.
        """
        with self._write() as connection:
            return requests.end(connection, request, "done", None, reply, now)

    def finish_all(self, items: Sequence[Finished]) -> list[bool]:
        """Close several in one transaction; returns for each whether it was ours still."""
        with self._write() as connection:
            return [
                requests.end(connection, request, "done", None, reply, now)
                for request, reply, now in items
            ]

    def fail(self, request: Request, error: str, now: datetime) -> bool:
        """Give a request up for good, saying why; False where it is ours no more."""
        with self._write() as connection:
            return requests.end(connection, request, "failed", error, None, now)

    def release(self, request: Request) -> bool:
        """Give a request back unanswered, to be claimed at once; False if it is ours no more."""
        with self._write() as connection:
            return requests.release(connection, request)

    def extend(self, request: Request, until: datetime) -> bool:
        """Give whoever works on a request until then; False if it is theirs no more."""
        with self._write() as connection:
            return requests.extend(connection, request, until)

    def postpone(self, request: Request, until: datetime, *, doubted: bool = False) -> bool:
        """Give back a request of which nothing was sent, to be claimed after ``until``.

        Where it is ``doubted`` that nothing was, the next claim is a second one. That claim did
        not count; False if the request is ours no more.
        """
        with self._write() as connection:
            return requests.postpone(connection, request, until, doubted=doubted)

    def knows(self, workspace: str, surface: str, key: str) -> bool:
        """Whether a request was written down, in whatever state it is."""
        with self._read() as connection:
            return requests.is_known(connection, workspace, surface, key)

    def reply(self, workspace: str, surface: str, key: str) -> SentReply | None:
        """The reply that a request got, or None."""
        with self._read() as connection:
            return requests.reply_to(connection, workspace, surface, key)

    def reply_at(self, workspace: str, place: str, ts: str) -> SentReply | None:
        """The reply that stands in this place under this name, or None."""
        with self._read() as connection:
            return requests.reply_at(connection, workspace, place, ts)
