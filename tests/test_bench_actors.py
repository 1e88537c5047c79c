"""The plumbing of the actors benchmark, on a handful of made-up rows."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from bot.models import ActorType
from tests.bench import actor_load, actor_sets, actor_text, leave_one_out, name_pairs
from tests.bench.__main__ import main
from tests.bench.actor_sets import Listed

PEOPLE = [
    ["1", "EXEMPLAR, Octavio", "individual"],
    ["2", "SAMPLE, Wilhelmina", "individual"],
    ["3", "NORTHERN WIDGET COMPANY", "-0- "],
    ["4", "A SHIP", "vessel"],
]
ALIASES = [
    ["1", "11", "aka", "EXEMPLARO, Octavio"],
    ["1", "12", "aka", "Exemplar, OCTAVIO"],
    ["2", "13", "aka", "SAMPEL, Wilhelmina"],
    ["3", "14", "aka", "NORTHERN WIDGETS"],
    ["4", "15", "aka", "THE SHIP"],
]
PHOENIX = [
    {"n": "OTTO_SPECIMEN", "al": ["OTO_SPECIMEN"], "codes": ["RURGOV 010101-020202"]},
    {"n": "RURITANIA", "al": ["RURITANIAN"], "codes": ["RUR"]},
]
PAIRS = [
    ("Octavio Exemplar", "Octavio Exemplr", "Person", "true"),
    ("Octavio Exemplar", "Wilhelmina Sample", "Person", "false"),
    ("Northern Widget Ltd", "Northern Widget", "Company", "true"),
    ("Northern Widget Ltd", "Coastal Timber", "Company", "false"),
]
EVENTS = [
    {"source": [{"actorText": "Qatari officials", "code": "QAT"}], "target": "diplomatic"},
    {"source": {"actorText": "Tokyo", "code": "JAP"}, "target": [{"actorText": "x", "code": "IGO"}]},
]  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name, rows in ((actor_sets.OFAC, PEOPLE), (actor_sets.OFAC_ALIASES, ALIASES)):
        _csv(tmp_path / name, rows)
    _csv(tmp_path / actor_sets.PAIRS, [["name1", "name2", "schema", "is_match"], *PAIRS])
    for file in (actor_sets.COUNTRIES, actor_sets.GROUPS):
        path = tmp_path / actor_sets.PHOENIX / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(PHOENIX), "utf-8")
    path = tmp_path / actor_text.EVENTS
    path.parent.mkdir()
    path.write_text(json.dumps(EVENTS), "utf-8")
    return tmp_path


def _csv(path: Path, rows: Iterable[Sequence[str]]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def test_the_sets(data: Path) -> None:
    sets = actor_sets.lists(data)
    assert {name: len(some) for name, some in sets.items()} == {
        "ofac persons": 2,
        "ofac organisations": 1,
        "phoenix persons": 1,
        "phoenix groups": 2,
    }
    persons = sets["ofac persons"]
    assert persons[0].names[0] == "Octavio EXEMPLAR"
    # The second alias of the first is the main name but for case: nothing to find out.
    assert list(actor_sets.asked(persons)) == [(0, 1), (1, 1)]


def test_nothing_of_what_is_left_out_is_there(data: Path) -> None:
    listed = [
        *actor_sets.lists(data)["ofac persons"],
        Listed("x", ActorType.PERSON, ("Ada Nobody", "Completely Different")),
    ]
    ranks = leave_one_out.leave_out(listed)
    assert ranks == {(0, 1): 1, (1, 1): 1, (2, 1): 0}
    result = leave_one_out.run(listed)
    shares = [half for half in result.values() if isinstance(half, dict)]
    assert sum(half["queries"] for half in shares[:2]) == 3


def test_pairs_and_text(data: Path) -> None:
    pairs = name_pairs.run(data)
    assert pairs.keys() >= {"dragoman dev", "dragoman test", "WRatio test"}
    text = actor_text.run(data)
    halves = [text["dev"], text["test"]]
    assert sum(half["texts"] for half in halves if isinstance(half, dict)) == 2
    assert list(actor_text.misses(data)) == []


def test_made_up_names_are_distinct(data: Path) -> None:
    names = {name.text for name in actor_load.made_up(data, 6)}
    assert len(names) == 6
    assert len(actor_load.mistyped(["Octavio Exemplar"] * actor_load.QUERIES)) == actor_load.QUERIES


def test_missing_data_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["actors", str(tmp_path)]) == 2
    assert "has no ofac" in capsys.readouterr().err
