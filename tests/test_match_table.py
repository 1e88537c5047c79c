"""Typed queries in tests/data/queries.csv, near misses among them, against the seed actors.

sure        the one actor is found, and may be taken
ambiguous   all these are proposed, none is taken
unknown     nobody is found
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.match.lookup import verdict

TABLE = Path(__file__).parent / "data" / "queries.csv"
VERDICTS = {"sure": "sure", "ambiguous": "unsure", "unknown": "unknown"}


def _rows() -> list[tuple[str, str, list[str]]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            (row["query"], row["verdict"], row["actors"].split()) for row in csv.DictReader(file)
        ]


ROWS = _rows()


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


@pytest.mark.parametrize(("query", "judged", "actors"), ROWS, ids=[row[0] for row in ROWS])
def test_who_is_meant(index: ActorIndex, query: str, judged: str, actors: list[str]) -> None:
    matches = index.match(query)
    assert verdict(matches) == VERDICTS[judged], matches[:3]
    if judged == "sure":
        assert [matches[0].actor] == actors
        assert matches[0].why.endswith(".")
    elif judged == "ambiguous":
        assert set(actors) <= {match.actor for match in matches}


def test_the_table_is_what_it_says() -> None:
    assert len({query for query, *_ in ROWS}) == len(ROWS) >= 300
    assert min(Counter(judged for _, judged, _ in ROWS).values()) >= 20


def test_the_table_names_actors_there_are(index: ActorIndex) -> None:
    assert not {actor for *_, actors in ROWS for actor in actors if index.get(actor) is None}
