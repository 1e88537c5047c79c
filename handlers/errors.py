"""What a failure says to whoever asked, and how the log finds it again."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.errors import DragomanError, told
from bot.models import Outgoing, Request
from handlers.blocks.layout import Payload
from handlers.blocks.notes import sentence


class Undeliverable(DragomanError):
    """Slack refuses this message for good: the channel is gone, the token revoked, …"""


class NotNow(DragomanError):
    """Slack cannot take this message at present; worth trying again later.

    ``again_at`` is from when on, where that is known and nothing was sent for sure. Where it is
    not ``sure``, Slack's answer was lost, and it may have done what it was asked.
    """

    def __init__(
        self,
        message: str,
        *,
        about: str = "",
        again_at: datetime | None = None,
        sure: bool = True,
    ) -> None:
        super().__init__(message, about=about)
        self.again_at = again_at
        self.sure = sure


class TimeUp(NotNow):
    """What was being done took longer than its lease; whether Slack has it is not known."""


@asynccontextmanager
async def within_lease(lease: timedelta) -> AsyncIterator[asyncio.Timeout]:
    """End what is within when its lease is over, and raise TimeUp: whoever resumes it is alone.

    Yields the limit, which is moved where the lease is extended.

    Not by the time of the day: where the clock is put back, that gives the others their turn
    after one more lease, and here it must not go on for an hour.
    """
    limit = asyncio.timeout(lease.total_seconds())
    try:
        async with limit:
            yield limit
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise TimeUp("There was no time left for it.") from error


def reference(request: Request) -> str:
    """Eight characters that name a request in a reply and in the log."""
    return _short(request.workspace, request.surface, request.key)


def mark_of(item: Outgoing) -> str:
    """Eight characters that name a message of the outbox in the log."""
    return _short(item.workspace, "outgoing", item.key)


def _short(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]


def says(error: Exception, request: Request, *, operator: bool = False) -> Payload:
    """The message for a failure: our own errors in their words, others by reference.

    An ``operator`` is told how whoever runs Dragoman can help.
    """
    if isinstance(error, DragomanError):
        return sentence(told(error, operator=operator))
    return sentence(
        "Something went wrong on my side and I could not answer. "
        f"Whoever runs me finds it in the log under reference {reference(request)}."
    )


def excuses(error: Exception, request: Request) -> Payload:
    """The message in place of an answer that could not be given, with its reference."""
    why = "Slack refused my answer" if isinstance(error, Undeliverable) else "something went wrong"
    word = f" ({error.about})" if isinstance(error, Undeliverable) and error.about else ""
    return sentence(
        f"I could not answer, because {why}{word}. "
        f"Whoever runs me finds it in the log under reference {reference(request)}."
    )
