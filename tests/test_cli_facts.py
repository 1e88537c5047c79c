"""dragoman facts: what is stored, filtered, in four formats."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.answer.export import ExportedFact, as_csv
from bot.cli import main

ARTICLES = [
    {"id": "a", "date": "2024-03-06", "publisher": "one.example", "url": "https://one.example/a",
     "title": "=HYPERLINK(1)", "text": "On Monday Iran accused Israel of a raid."},
    {"id": "b", "date": "2024-03-06", "publisher": "two.example",
     "text": "On Monday Iran accused Israel of an attack."},
    {"id": "c", "date": "2023-01-10", "publisher": "one.example",
     "text": "Qatar met Iran in Doha on Monday."},
    {"id": "d", "publisher": "one.example", "text": "Turkey accused Israel of an attack."},
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    file = folder / "in.jsonl"
    file.write_text("\n".join(map(json.dumps, ARTICLES)), "utf-8")
    env = {"DRAGOMAN_DATA": str(folder)}
    assert CliRunner().invoke(main, ["ingest", str(file)], env=env).exit_code == 0
    return folder


class Facts:
    def __init__(self, folder: Path) -> None:
        self.env = {"DRAGOMAN_DATA": str(folder)}

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["facts", *arguments], env=self.env)

    def told(self, *arguments: str) -> list[dict[str, Any]]:
        result = self(*arguments, "--format", "jsonl")
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def run(folder: Path) -> Facts:
    return Facts(folder)


@pytest.mark.parametrize(
    ("arguments", "articles"),
    [
        ((), "abcd"),
        (("--actor", "iran"), "abc"),
        (("--actor", "state:isr"), "abd"),
        (("--actor", "Iran", "--with", "Israel"), "ab"),
        (("--actor", "Iran", "--with", "Turkey"), ""),
        (("--class", "accuse"), "abd"),
        (("--class", "ACCUSE", "--class", "CONSULT"), "abcd"),
        (("--status", "planned"), ""),
        (("--actor", "Iran", "--since", "2024-03-04", "--until", "2024-03-04"), "ab"),
        (("--until", "2023-12-31"), "c"),
        (("--as-of", "2023-06-01"), "c"),
    ],
)
def test_which_facts(run: Facts, arguments: tuple[str, ...], articles: str) -> None:
    assert sorted(row["article"] for row in run.told(*arguments)) == sorted(articles)


def test_a_row_says_all_of_its_fact(run: Facts) -> None:
    rows = {row["article"]: row for row in run.told("--actor", "Iran")}
    row = rows["a"]
    assert (row["source"], row["class"], row["target"]) == ("Iran", "ACCUSE", "Israel")
    assert (row["date"], row["published"], row["status"]) == (
        "2024-03-04",
        "2024-03-06",
        "happened",
    )
    assert (row["publisher"], row["url"]) == ("one.example", "https://one.example/a")
    assert ARTICLES[0]["text"][row["start"] : row["end"]] == row["quote"]
    # Two articles of two publishers tell it.
    assert row["happening"] == rows["b"]["happening"] != rows["c"]["happening"]
    assert (row["sources"], rows["b"]["sources"], rows["c"]["sources"]) == (2, 2, 1)


def test_the_undated_left_out_are_told(run: Facts) -> None:
    result = run("--class", "ACCUSE", "--since", "2024-01-01")
    assert "1 undated left out" in result.stderr
    assert "Turkey" not in result.stdout


def test_formats(run: Facts) -> None:
    listed = json.loads(run("--format", "json").stdout)
    (header, *rows) = csv.reader(io.StringIO(run("--format", "csv").stdout))
    assert [row[header.index("fact")] for row in rows] == [one["fact"] for one in listed]
    titles = {row[header.index("article")]: row[header.index("title")] for row in rows}
    assert (titles["a"], titles["c"]) == ("'=HYPERLINK(1)", "")
    table = run("--actor", "Qatar").stdout
    assert table.startswith("2023-01-09  Qatar – CONSULT (meet) → Iran: happened")
    assert "“Qatar met Iran in Doha on Monday.”" in table
    assert "No stored fact matches" in run("--actor", "Peru").stdout


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("1=1", "1=1"),
        ("a,\"b\"\nc", "a,\"b\"\nc"),
        ("", ""),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(text: str, cell: str) -> None:
    values = {
        name: 0 if field.annotation is int else ""
        for name, field in ExportedFact.model_fields.items()
    }
    row = ExportedFact.model_validate(values | {"quote": text, "start": 7})
    (header, cells) = csv.reader(io.StringIO(as_csv([row]), newline=""))
    assert cells[header.index("quote")] == cell
    assert cells[header.index("start")] == "7"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--actor", "korea"], "may be several"),
        (["--actor", "xyzzy plugh"], "is not a known actor"),
        (["--with", "Iran"], "--actor"),
        (["--class", "DANCE"], "DANCE"),
        (["--since", "soonish"], "soonish"),
        (["--as-of", "2999-01-01"], "in the future"),
        (["--since", "2024-02-01", "--until", "2024-01-01"], "swap them"),
    ],
)
def test_what_cannot_be_asked_is_told(run: Facts, arguments: list[str], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code in (1, 2)
    assert words in result.stderr
    assert "Traceback" not in result.output
