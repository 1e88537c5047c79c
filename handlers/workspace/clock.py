"""The time of the local workspace, which can be moved ahead to the next digest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from handlers.workspace.state import WorkspaceError

_PAST = timedelta(seconds=1)


class Clock:
    """The machine's clock, and how far it was moved ahead; never back.

    ``next_due`` tells when the next digest is due, None where none is set up.
    """

    def __init__(self, next_due: Callable[[], datetime | None] = lambda: None) -> None:
        self.next_due = next_due
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """The instant that it is here; UTC."""
        return datetime.now(UTC) + self._ahead

    def seconds(self) -> float:
        """The same in seconds since 1970."""
        return self.now().timestamp()

    @property
    def moved(self) -> bool:
        """Whether it is not the machine's time any more."""
        return self._ahead > timedelta(0)

    def forward(self, by: timedelta) -> None:
        """Move on by so much; raises WorkspaceError where that leads back."""
        if by <= timedelta(0):
            raise WorkspaceError("The clock goes forward only.", about="/clock")
        self._ahead += by

    def to_next(self) -> datetime:
        """Move to just after the next digest is due; returns that instant."""
        due = self.next_due()
        if due is None:
            raise WorkspaceError(
                "No digest is set up yet: type /digest daily at 8:00 first.", about="/clock"
            )
        self._ahead += max(due + _PAST - self.now(), timedelta(0))
        return due
