"""Quiet hours of a place's digest hold its alerts, and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot.digests.schedule import send_time
from bot.models import LOCAL, Digest, Hours, PlacePreferences, Times, Topic, Watch
from tests.arrivals import open_store

pytestmark = pytest.mark.usefixtures("each_store")

NIGHT = datetime(2026, 5, 4, 22, 30, tzinfo=UTC)
MORNING = datetime(2026, 5, 5, 4, tzinfo=UTC)  # seven o'clock in Doha


def watch(place: str) -> Watch:
    topic = Topic(phrases=("gas",))
    of = {"workspace": LOCAL, "id": 1, "team": "T1", "person": "U1", "typed": "gas"}
    return Watch(**of, place=place, topic=topic, since=NIGHT)


def test_until_when_it_is_quiet(tmp_path: Path) -> None:
    digest = Digest(
        workspace=LOCAL,
        id=0,
        team="T1",
        place="C1",
        person="U1",
        times=Times(tz="Asia/Qatar"),
        hush=Hours(begin=time(22), end=time(7)),
        since=NIGHT,
        due=MORNING,
    )
    with open_store(tmp_path) as store:
        store.digests.put(digest)
        assert send_time(store, watch("C1"), NIGHT) == MORNING
        assert send_time(store, watch("C1"), MORNING) == MORNING
        assert send_time(store, watch("C2"), NIGHT) == NIGHT


def test_a_place_without_a_digest_has_the_hours_it_prefers(tmp_path: Path) -> None:
    hours = Hours(begin=time(22), end=time(7))
    with open_store(tmp_path) as store:
        store.preferences.put("T1", "C1", PlacePreferences(hush=hours, tz="Asia/Qatar"))
        assert send_time(store, watch("C1"), NIGHT) == MORNING
        assert send_time(store, watch("C1"), MORNING) == MORNING
        assert send_time(store, watch("C2"), NIGHT) == NIGHT
