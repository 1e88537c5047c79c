"""dragoman brief --batch and --json: which articles a brief cites, in order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.desk import Desk
from tests.bench.briefs import scored

TEXTS = (
    ("2024-03-02", "Qatar hosts talks with Iran in Doha."),
    ("2024-03-05", "Qatar condemned an attack on its embassy in Beirut."),
    ("2024-03-08", "Qatar signed a gas contract with Japan."),
)
ARTICLES = [
    {"id": f"made-{day}-{n}", "date": day, "source": "Coast Post", "text": text}
    for n, (day, text) in enumerate(TEXTS)
]
IDS = {str(one["id"]) for one in ARTICLES}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    file = folder / "articles.jsonl"
    file.write_text("\n".join(map(json.dumps, ARTICLES)), "utf-8")
    result = _run(folder, "ingest", str(file))
    assert result.exit_code == 0, result.output
    return folder


def _run(folder: Path, *arguments: str, given: str | None = None) -> Result:
    environment = {"DRAGOMAN_DATA": str(folder / "store")}
    return CliRunner().invoke(main, list(arguments), input=given, env=environment)


def test_every_line_is_briefed_on_as_of_its_day(folder: Path) -> None:
    lines = [
        {"id": "a", "query": "Qatar", "as_of": "2024-03-10"},
        {"id": "b", "query": "Qatar", "as_of": "2024-03-03"},
        {"id": "c", "query": "Wakanda", "as_of": "2024-03-10"},
        {"id": "d", "question": "Qatar"},
    ]
    result = _run(folder, "brief", "--batch", "-", given="\n".join(map(json.dumps, lines)))
    assert result.exit_code == 1
    assert "-:4: " in result.stderr
    rows = {row["id"]: row for row in map(json.loads, result.stdout.splitlines())}
    assert set(rows) == {"a", "b", "c"}
    assert set(rows["a"]["first_view"]) == IDS
    assert rows["a"]["opening"] == rows["a"]["first_view"][:1]
    assert rows["b"]["first_view"] == ["made-2024-03-02-0"]
    assert (rows["c"]["kind"], rows["c"]["opening"], rows["c"]["first_view"]) == ("nothing", [], [])


def test_json_says_what_is_cited(folder: Path) -> None:
    result = _run(folder, "brief", "Qatar", "--as-of", "2024-03-10", "--json")
    reply = json.loads(result.stdout)
    assert reply["kind"] == "brief"
    assert set(reply["first_view"]) == IDS
    assert len(reply["opening"]) == 1


@pytest.mark.parametrize(
    "arguments", [[], ["--batch", "-", "Qatar"], ["--batch", "-", "--more"]], ids=" ".join
)
def test_a_query_or_a_file_of_them(folder: Path, arguments: list[str]) -> None:
    result = _run(folder, "brief", *arguments, given="")
    assert result.exit_code == 2
    assert "--batch" in result.stderr


def test_briefs_are_scored_against_a_key(folder: Path, tmp_path: Path) -> None:
    day = "2024-03-20"  # 14 days before it is the 6th: two of the three are older
    shown = json.loads(_run(folder, "brief", "Qatar", "--as-of", day, "--json").stdout)[
        "first_view"
    ]
    assert set(shown) == IDS
    stories = [
        {"rank": 1, "items": [shown[1]]},
        {"rank": 2, "items": [shown[0]]},
        {"rank": 3, "items": ["made-2024-03-01-9"]},
    ]
    case = {"actor": "Qatar", "as_of": day, "stories": stories, "passing": [shown[2]]}
    keys = tmp_path / "keys.jsonl"
    keys.write_text(json.dumps({"id": "b1-001", **case}), "utf-8")
    desk = Desk.open(folder / "store")
    try:
        result = scored(desk, keys)
    finally:
        desk.close()
    test = result["test"]
    assert isinstance(test, dict)
    assert (test["briefs"], test["top_one"], test["top_three"]) == (1, 0.0, 1.0)
    assert (test["coverage"], test["passing"]) == (0.667, 0.333)
    assert (test["older"], test["lines"]) == (0.667, 3.0)
