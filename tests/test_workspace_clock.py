"""The local workspace's clock: moved to the next digest, never back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from handlers.workspace.state import Clock, WorkspaceError

HOUR = timedelta(hours=1)


def test_it_goes_to_the_next_digest_and_on_from_there() -> None:
    due = datetime.now(UTC) + 9 * HOUR
    clock = Clock(lambda: due)
    assert clock.now() < due
    assert clock.to_next() == due
    assert due < clock.now() < due + HOUR
    assert abs(clock.seconds() - clock.now().timestamp()) < HOUR.total_seconds()


def test_it_does_not_go_back() -> None:
    clock = Clock(lambda: datetime.now(UTC) - 9 * HOUR)
    before = clock.now()
    clock.to_next()
    assert clock.now() >= before


def test_without_a_digest_it_says_how_to_set_one_up() -> None:
    with pytest.raises(WorkspaceError, match="/digest daily"):
        Clock().to_next()
