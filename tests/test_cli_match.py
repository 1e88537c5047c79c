"""dragoman match: one name, a file of names, a list instead of the gazetteer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import main

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DRAGOMAN_DATA", str(folder))

    def run(*arguments: str, given: str | None = None) -> Result:
        return CliRunner().invoke(main, ["match", *arguments], input=given)

    return run


def rows(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("query", "said", "actor"),
    [
        ("quatar", "is", "state:qat"),
        ("korea", "may be", "state:kor"),
        ("Israeli border police", "is", "state:isr"),
        ("wakanda", "is not a known name", ""),
    ],
)
def test_a_name_in_words(run: Run, query: str, said: str, actor: str) -> None:
    result = run(*query.split())
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"“{query}” {said}")
    assert actor in result.stdout


@pytest.mark.parametrize(
    ("day", "person"),
    [
        ("2012-05-01", "person:hamad-bin-khalifa-al-thani"),
        ("2024-05-01", "person:tamim-bin-hamad-al-thani"),
    ],
)
def test_an_office_on_a_day_is_its_holder(run: Run, day: str, person: str) -> None:
    told = json.loads(run("--as-of", day, "--json", "Emir of Qatar").stdout)
    assert told["verdict"] == "sure"
    first, second = told["candidates"][:2]
    assert (first["actor"], first["how"], first["iso3"]) == (person, "office at date", "QAT")
    assert second["actor"] == "office:emir-of-qatar"
    assert first["score"] > second["score"]


def test_a_batch_answers_line_by_line(run: Run, tmp_path: Path) -> None:
    lines = [
        '{"id": 1, "query": "quatar"}',
        "",
        '{"id": "b", "query": "Emir of Qatar", "as_of": "2012-05-01"}',
        '{"id": 3, "query": "xyzzy plugh"}',
    ]
    file = tmp_path / "names.jsonl"
    file.write_text("\n".join(lines), "utf-8")
    for result in (run("--batch", str(file)), run("--batch", "-", given="\n".join(lines))):
        assert result.exit_code == 0, result.output
        one, two, three = rows(result)
        assert [row["id"] for row in (one, two, three)] == [1, "b", 3]
        candidate = one["candidates"][0]
        assert candidate.keys() == {"actor", "name", "type", "iso3", "score", "how"}
        assert (candidate["actor"], candidate["iso3"]) == ("state:qat", "QAT")
        assert two["candidates"][0]["actor"] == "person:hamad-bin-khalifa-al-thani"
        assert (three["candidates"], three["verdict"]) == ([], "unknown")


def test_a_bad_line_is_told_and_the_next_is_matched(run: Run) -> None:
    bad = [
        "nonsense",
        '{"id": 1}',
        '{"query": 7}',
        '{"query": "  "}',
        '{"query": "Emir of Qatar", "as_of": "no such day"}',
        '{"query": "Emir of Qatar", "as_of": 2012}',
        json.dumps({"query": "x" * 501}),
    ]
    result = run("--batch", "-", given="\n".join([*bad, '{"id": 9, "query": "Iran"}']))
    assert result.exit_code == 1
    assert [row["id"] for row in rows(result)] == [9]
    told = result.stderr.splitlines()
    assert [line.split(" ")[0] for line in told] == [f"-:{n}:" for n in range(1, len(bad) + 1)]
    assert all(len(line.split()) > 3 for line in told)


def test_a_list_instead_of_the_gazetteer(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        'actor_id,name,type,iso3\nx1,"EXEMPLAR, Octavio Juan",,\nx1,Octavio the Elder,,\n'
        "x2,Northern Widget Company,organisation,NOR\n",
        "utf-8",
    )
    told = json.loads(run("--aliases", str(file), "--json", "octavio exemplr").stdout)
    (first, *_) = told["candidates"]
    assert (first["actor"], first["type"]) == ("x1", "person")
    told = json.loads(run("--aliases", str(file), "--json", "northern widgets").stdout)
    assert told["candidates"][0]["actor"] == "x2"
    assert told["candidates"][0]["iso3"] == "NOR"
    result = run("--aliases", str(file), "--batch", "-", given='{"id": 1, "query": "Qatar"}')
    assert rows(result) == [{"id": 1, "candidates": [], "verdict": "unknown"}]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("name\nx\n", 1, "no column actor_id"),
        ("actor_id,name\nx1,One\n,Two\n", 3, "must both be given"),
        ("actor_id,name,type\nx1,One,ship\n", 2, "the type is 'ship'"),
        ("", 1, "no column actor_id or name"),
    ],
)
def test_a_bad_list_is_told_by_its_line(
    run: Run, tmp_path: Path, content: str, line: int, words: str
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(content, "utf-8")
    result = run("--aliases", str(file), "one")
    assert result.exit_code == 1
    assert f"list.csv:{line}: " in result.stderr
    assert words in result.stderr


@pytest.mark.parametrize("arguments", [["--aliases", "no-such.csv", "x"], ["--batch", "no-such"]])
def test_a_missing_file_is_told(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert "no-such" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("arguments", [[], ["--batch", "x", "y"], [" "], ["--as-of", "soon", "x"]])
def test_what_cannot_be_asked_is_told(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code in (1, 2)
    assert result.stderr.strip()
    assert "Traceback" not in result.output
