"""dragoman ask --batch: a file of questions, answered line by line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from tests.stocked import TEAM, desk_at

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
        {"id": 5, "question": "Qatar \ud800"},
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
    assert '-:5: its "question" holds half of a character' in result.stderr


@pytest.mark.parametrize("arguments", [[], ["--batch", "-", "who?"]])
def test_a_question_or_a_file_of_them(folder: Path, arguments: list[str]) -> None:
    result = _run(folder, "ask", *arguments, given="")
    assert result.exit_code == 2
    assert "--batch" in result.stderr


def test_a_file_that_is_not_there_is_told(folder: Path) -> None:
    result = _run(folder, "ask", "--batch", "nowhere.jsonl")
    assert result.exit_code == 1
    assert "nowhere.jsonl cannot be read" in result.stderr


QUOTED = re.compile(r"^  (?:.* )?“(.*)”", re.MULTILINE)


def test_snippets_are_in_the_order_of_a_reader(tmp_path: Path) -> None:
    desk_at(tmp_path / "store").close()
    whose = ("--workspace", TEAM)
    for question in ("Qatar", "Iran", "who moved to Turkey?", "What did Qatar say about Hamas?"):
        given = json.dumps({"id": 1, "question": question})
        row = json.loads(_run(tmp_path, "ask", "--batch", "-", *whose, given=given).stdout)
        read = _run(tmp_path, "ask", question, *whose).stdout
        quotes = [" ".join(one["quote"].split()) for one in row["snippets"] if one["bears"]]
        printed = [quote.rstrip("…") for quote in QUOTED.findall(read)]
        assert printed
        assert quotes
        for quote, shown in zip(quotes, printed, strict=False):
            assert quote.startswith(shown)


@pytest.mark.parametrize("question", ["Wakanda", "who bought Greenland from Qatar?", QUESTION])
def test_a_summary_holds_no_codes_for_a_terminal(tmp_path: Path, question: str) -> None:
    desk_at(tmp_path / "store").close()
    given = json.dumps({"id": 1, "question": question})
    row = json.loads(_run(tmp_path, "ask", "--batch", "-", "--workspace", TEAM, given=given).stdout)
    assert row["summary"]
    assert all(letter.isprintable() or letter == "\n" for letter in row["summary"])


def test_more_shows_everything_once(tmp_path: Path) -> None:
    desk_at(tmp_path / "store").close()
    for name in ("Qatar", "Iran", "Hamas"):
        first = _run(tmp_path, "brief", name, "--workspace", TEAM).stdout
        whole = _run(tmp_path, "brief", name, "--workspace", TEAM, "--more").stdout
        assert "add --more" in first
        assert "add --more" not in whole
        lines = whole.splitlines()
        headings = [line for line in lines if line and line[0] not in " ["]
        assert len(set(headings)) == len(headings)
        quotes = QUOTED.findall(whole)
        assert len(set(quotes)) == len(quotes)
        assert set(QUOTED.findall(first)) < set(quotes)
