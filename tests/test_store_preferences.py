"""Preferences: kept a row a choice, nothing where it is left as it is, bad values never."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from bot.models import Hours, PersonPreferences, PlacePreferences, WorkspacePreferences
from tests.arrivals import open_store

pytestmark = pytest.mark.usefixtures("each_store")

TEAM = "T0LOCAL"


def test_without_a_word_it_is_as_ever(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert store.preferences.person(TEAM, "U1") == PersonPreferences()
        assert store.preferences.place(TEAM, "C1") == PlacePreferences()
        assert store.preferences.workspace(TEAM) == WorkspacePreferences()


def test_what_is_put_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    mine = PersonPreferences(dates="en-US", tz="Asia/Qatar")
    quiet = PlacePreferences(least=3, public=True, hush=Hours(begin=time(22), end=time(7)))
    listed = WorkspacePreferences(feeds_by="listed", people=("U1", "W2"))
    with open_store(tmp_path) as store:
        store.preferences.put(TEAM, "U1", mine)
        store.preferences.put(TEAM, "C1", quiet)
        store.preferences.put(TEAM, TEAM, listed)
    with open_store(tmp_path) as store:
        assert store.preferences.person(TEAM, "U1") == mine
        assert store.preferences.place(TEAM, "C1") == quiet
        assert store.preferences.workspace(TEAM) == listed
        assert store.preferences.person("T0OTHER", "U1") == PersonPreferences()
        assert store.preferences.person(TEAM, "C1") == PersonPreferences()
        assert store.preferences.workspace("T0OTHER") == WorkspacePreferences()


def test_what_is_taken_back_leaves_no_row(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.preferences.put(TEAM, "U1", PersonPreferences(dates="ISO", tz="Asia/Qatar"))
        store.preferences.put(TEAM, "U1", PersonPreferences(tz="Asia/Qatar"))
        assert store.preferences.person(TEAM, "U1") == PersonPreferences(tz="Asia/Qatar")
        store.preferences.put(TEAM, "U1", PersonPreferences())
        with store._read() as connection:
            assert connection.execute(text("SELECT count(*) FROM preference")).scalar() == 0


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (PersonPreferences, {"dates": "de-DE"}),
        (PersonPreferences, {"tz": "Atlantis/Harbour"}),
        (PersonPreferences, {"colour": "red"}),
        (PlacePreferences, {"least": 0}),
        (PlacePreferences, {"least": 21}),
        (PlacePreferences, {"tz": "../etc/passwd"}),
        (PlacePreferences, {"hush": {"begin": "25:00", "end": "7:00"}}),
        (WorkspacePreferences, {"feeds_by": "nobody"}),
        (WorkspacePreferences, {"people": ("you",)}),
        (WorkspacePreferences, {"people": ("<!channel>",)}),
    ],
)
def test_a_bad_value_is_none(kind: Any, values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        kind.model_validate(values)


def test_what_another_release_knew_is_left(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    insert = "INSERT INTO preference VALUES (:w, 'person', 'U1', :n, :v)"
    rows = [
        {"w": TEAM, "n": "dates", "v": '"Klingon"'},
        {"w": TEAM, "n": "tz", "v": '"Asia/Qatar"'},
        {"w": TEAM, "n": "colour", "v": '"red"'},
    ]
    with open_store(tmp_path) as store:
        with store._write() as connection:
            connection.execute(text(insert), rows)
        assert store.preferences.person(TEAM, "U1") == PersonPreferences(tz="Asia/Qatar")
    assert "dates" in caplog.text
