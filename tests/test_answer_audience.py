"""Who is told what: a member, a guest and a stranger, in each kind of place."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.answer.library import audiences
from bot.models import EVERYWHERE, Asker

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CHANNEL, PRIVATE, SHARED, DIRECT = "C0PUBLIC", "G0PRIVATE", "C0SHARED", "D0MINE"


@pytest.mark.parametrize(
    ("guest", "place", "told"),
    [
        # A member is told what the workspace reads everywhere, and what a place was given there.
        (False, CHANNEL, {EVERYWHERE, CHANNEL}),
        (False, PRIVATE, {EVERYWHERE, PRIVATE}),
        (False, SHARED, {EVERYWHERE, SHARED}),
        (False, DIRECT, {EVERYWHERE, DIRECT}),  # Home as well: its place is the same
        # A guest, or a stranger, sees in a channel what is said to everybody in it …
        (True, CHANNEL, {EVERYWHERE, CHANNEL}),
        (True, PRIVATE, {EVERYWHERE, PRIVATE}),
        (True, SHARED, {EVERYWHERE, SHARED}),
        # … and outside channels only what they gave themselves.
        (True, DIRECT, {DIRECT}),
    ],
)
def test_whose_articles_are_told(place: str, told: set[str], *, guest: bool) -> None:
    asker = Asker(person="U0YOU", place=place, now=NOW, guest=guest)
    assert set(audiences(asker)) == told
