"""dragoman read: one text in words, a file of them as JSON lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import main

TEXT = "A first line.\n\nOn Monday Iran accused Israel of an attack."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


class Reader:
    def __init__(self, folder: Path) -> None:
        self.env = {"DRAGOMAN_DATA": str(folder)}

    def __call__(self, *arguments: str, given: str | None = None) -> Result:
        return CliRunner().invoke(main, ["read", *arguments], input=given, env=self.env)


@pytest.fixture
def run(folder: Path) -> Reader:
    return Reader(folder)


def rows(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_batch_is_read_line_by_line(run: Reader, tmp_path: Path) -> None:
    given = [
        json.dumps({"id": 1, "text": TEXT, "date": "2024-03-06", "title": "Iran accuses Israel"}),
        "",
        json.dumps({"id": "b", "text": "Nothing of note."}),
    ]
    file = tmp_path / "texts.jsonl"
    file.write_text("\n".join(given), "utf-8")
    for result in (run("--batch", str(file)), run("--batch", "-", given="\n".join(given))):
        assert result.exit_code == 0, result.output
        first, second = rows(result)
        assert second == {"id": "b", "mentions": [], "introduced": [], "facts": []}
        assert first["id"] == 1
        words = {"title": "Iran accuses Israel", "text": TEXT}
        for mention in first["mentions"]:
            assert words[mention["field"]][mention["start"] : mention["end"]] == mention["text"]
        assert {one["iso3"] for one in first["mentions"]} == {"IRN", "ISR"}
        (accused,) = (one for one in first["facts"] if one["class"] == "ACCUSE")
        assert (accused["source_actor"], accused["target_actor"]) == ("state:irn", "state:isr")
        assert (accused["source_iso3"], accused["target_iso3"]) == ("IRN", "ISR")
        assert (accused["status"], accused["claimant"]) == ("happened", None)
        for piece in [accused, *accused["evidence"]]:
            assert words[piece["field"]][piece["start"] : piece["end"]] == piece["quote"]
        # Monday before the Wednesday that it was published.
        assert (accused["date"], accused["precision"]) == ("2024-03-04", "day")


def test_the_date_given_counts_where_a_line_has_none(run: Reader) -> None:
    lines = [json.dumps({"text": TEXT}), json.dumps({"text": TEXT, "date": "2023-03-08"})]
    result = run("--batch", "-", "--date", "2024-03-06", given="\n".join(lines))
    dates = [row["facts"][0]["date"] for row in rows(result)]
    assert dates == ["2024-03-04", "2023-03-06"]


def test_a_bad_line_is_told_and_the_next_is_read(run: Reader) -> None:
    bad = [
        "nonsense",
        "[" * 100_000,
        '{"id": 1}',
        '{"text": 7}',
        '{"text": "Iran.", "date": "no such day"}',
        '{"text": "Iran.", "date": 2012}',
        '{"text": "Iran.", "date": "3024-01-01"}',
        '{"text": "Iran.", "title": 3}',
    ]
    result = run("--batch", "-", given="\n".join([*bad, '{"id": 9, "text": "Iran."}']))
    assert result.exit_code == 1
    assert [row["id"] for row in rows(result)] == [9]
    told = result.stderr.splitlines()
    assert [line.split(" ")[0] for line in told] == [f"-:{n}:" for n in range(1, len(bad) + 1)]
    assert all(len(line.split()) > 3 for line in told)


def test_one_file_in_words(run: Reader, tmp_path: Path) -> None:
    file = tmp_path / "note.md"
    file.write_text(f"---\ntitle: A title\ndate: 2024-03-06\n---\n{TEXT}", "utf-8")
    result = run(str(file))
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[:2] == ["A title", "Actors: Iran, Israel"]
    assert any(
        line.startswith("Iran – ACCUSE (accuse) → Israel: happened, 2024-03-04, probability 0.")
        for line in lines
    )
    assert "  “On Monday Iran accused Israel of an attack.”" in lines
    assert "No fact" in run("-", given="Nothing of note.").stdout


def test_whom_a_text_introduces_is_told_by_name(run: Reader) -> None:
    text = "Senator Wilma Zembla praised Qatar."
    said = run("-", given=text).stdout
    assert "Wilma Zembla – SUPPORT (praise) → Qatar: happened, undated, probability 0." in said
    (row,) = rows(run("--batch", "-", given=json.dumps({"text": text})))
    (new,), (fact,) = row["introduced"], row["facts"]
    assert (new["name"], new["role"], new["actor"]) == ("Wilma Zembla", "Senator", "person:new-0")
    assert (fact["source_actor"], fact["target_actor"]) == ("person:new-0", "state:qat")


@pytest.mark.parametrize(
    "arguments", [[], ["a.txt", "--batch", "b"], ["no-such.txt"], ["--batch", "no-such"]]
)
def test_what_cannot_be_read_is_told(run: Reader, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code in (1, 2)
    assert result.stderr.strip()
    assert "Traceback" not in result.output
