"""dragoman ask --batch: a file of questions, answered line by line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main

ARTICLES = [
    {
        "id": "ferry",
        "title": "Ferry runs aground",
        "date": "2024-03-09",
        "source": "Coast Post",
        "text": "The ferry Marigold ran aground off Zanzibar on Friday, and all were saved.",
    }
]
QUESTION = "Off which island did the ferry Marigold run aground this week?"


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


def test_every_line_is_answered_as_of_its_day(folder: Path) -> None:
    lines = [
        {"id": 1, "question": QUESTION, "as_of": "2024-03-10"},
        {"id": 2, "question": QUESTION, "as_of": "2024-03-08"},
        {"id": 3, "question": "?!"},
        {"id": 4, "question": QUESTION, "as_of": 5},
    ]
    given = "\n".join(map(json.dumps, lines))
    result = _run(folder, "ask", "--batch", "-", given=given)
    assert result.exit_code == 1
    rows = {row["id"]: row for row in map(json.loads, result.stdout.splitlines())}
    assert list(rows) == [1, 2]
    assert rows[1]["answered"] is True
    assert rows[1]["matches"][0]["article"] == "ferry"
    [snippet] = rows[1]["snippets"]
    assert (snippet["article"], snippet["answer"], snippet["bears"]) == ("ferry", "Zanzibar", True)
    text = str(ARTICLES[0]["text"])
    assert text[snippet["start"] : snippet["end"]] == snippet["quote"]
    assert rows[1]["period"]["end"] == "2024-03-10"
    assert (rows[2]["answered"], rows[2]["matches"], rows[2]["snippets"]) == (False, [], [])
    assert "-:3: " in result.stderr
    assert "-:4: as_of is 5" in result.stderr


@pytest.mark.parametrize("arguments", [[], ["--batch", "-", "who?"]])
def test_a_question_or_a_file_of_them(folder: Path, arguments: list[str]) -> None:
    result = _run(folder, "ask", *arguments, given="")
    assert result.exit_code == 2
    assert "--batch" in result.stderr


def test_a_file_that_is_not_there_is_told(folder: Path) -> None:
    result = _run(folder, "ask", "--batch", "nowhere.jsonl")
    assert result.exit_code == 1
    assert "nowhere.jsonl cannot be read" in result.stderr
