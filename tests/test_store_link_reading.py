"""Which places have their links read, and what was read from an article."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.models import LOCAL
from tests.arrivals import IRAN, QATAR, arrival, day, met, open_store

pytestmark = pytest.mark.usefixtures("each_store")

NOW = day("2026-03-28")


def test_a_place_has_its_links_read_until_somebody_says_no(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert not store.link_reading.is_on("T1", "C1")
        assert not store.link_reading.switch("T1", "C1", "U1", on=False, now=NOW)
        assert store.link_reading.switch("T1", "C1", "U1", on=True, now=NOW)
        assert not store.link_reading.switch("T1", "C1", "U2", on=True, now=NOW)
        assert store.link_reading.is_on("T1", "C1")
        assert not store.link_reading.is_on("T1", "C2")
        assert not store.link_reading.is_on("T2", "C1")
        assert store.link_reading.switch("T1", "C1", "U2", on=False, now=NOW)
        assert not store.link_reading.is_on("T1", "C1")
        assert store.link_reading.switch("T1", "C1", "U1", on=True, now=NOW)
    with open_store(tmp_path) as store:
        assert store.link_reading.is_on("T1", "C1")


def test_who_acts_in_an_article_of_now(tmp_path: Path) -> None:
    text = "Qatar met Iran."
    with open_store(tmp_path) as store:
        store.commit([arrival("a", text, facts=[met(text)]), arrival("b", "Nothing.", facts=[])])
        found = store.link_reading.actors(LOCAL, ["a", "b", "none"])
        assert {key: [set(sides) for sides in facts] for key, facts in found.items()} == {
            "a": [{QATAR, IRAN}],
            "b": [],
            "none": [],
        }
        store.commit([arrival("a", "Qatar left.", n=2, facts=[])])
        assert store.link_reading.actors(LOCAL, ["a"]) == {"a": []}
        assert store.stories.originals(LOCAL, ["a", "b"]) == {}
