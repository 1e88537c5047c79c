"""dragoman actors, as typed: what it prints, what it refuses, and that lists come round."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from tests.stocked import TEAM, desk_at

EMIR = "office:emir-of-qatar"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DRAGOMAN_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str, status: int = 0) -> Result:
    result = CliRunner().invoke(main, ["actors", *words])
    assert result.exit_code == status, result.output
    return result


def told(*words: str) -> Any:
    return json.loads(run(*words, "--json").stdout)


def test_a_correction_and_its_undo() -> None:
    done = run("alias", "state:qat", "Al Dawha", "--by", "Ann").stdout
    assert done == "“Al Dawha” is now a name of Qatar. (#1)\n"
    assert "name: Al Dawha (name)" in run("show", "state:qat").stdout
    (line,) = told("log")
    assert (line["person"], line["op"], line["undone"]) == ("Ann", "alias", False)
    assert "Ann · “Al Dawha” is now a name of Qatar." in run("log").stdout
    assert run("undo").stdout == "Undid #1: “Al Dawha” is now a name of Qatar. (#2)\n"
    assert "Al Dawha" not in run("show", "state:qat").stdout
    assert "· undone" in run("log", "state:qat").stdout


def test_adding_merging_splitting() -> None:
    run("add", "Blue Lantern", "--type", "group", "--alias", "BL", "--alias", "Lantern")
    run("merge", "group:blue-lantern", "group:hamas")
    assert "counts as: group:hamas" in run("show", "group:blue-lantern").stdout
    found = CliRunner().invoke(main, ["match", "blue lantern", "--json"])
    assert json.loads(found.stdout)["candidates"][0]["actor"] == "group:hamas"
    run("split", "group:blue-lantern")
    run("split", "group:blue-lantern", "--alias", "Lantern", "--name", "Lantern")
    assert told("show", "group:blue-lantern")["aliases"][0]["text"] == "BL"
    assert told("show", "group:lantern")["name"] == "Lantern"
    run("alias", "group:blue-lantern", "BL", "--remove")
    assert told("show", "group:blue-lantern")["aliases"] == []
    assert len(told("log")) == 5


def test_one_workspace_is_not_another() -> None:
    run("add", "Blue Lantern", "--type", "group", "--workspace", "T1")
    run("show", "group:blue-lantern", "--workspace", "T1")
    assert (
        "There is no actor group:blue-lantern" in run("show", "group:blue-lantern", status=1).stderr
    )


REFUSED = [
    (("show", "state:qta"), "There is no actor state:qta"),
    (("alias", "state:qat", "Iran"), "is the name of Iran"),
    (("alias", "state:qat", "X", "--move", "--remove"), "do not go together"),
    (("alias", "state:qat", "X", "--lang", "Arabic"), "lang is 'Arabic'"),
    (("add", "X", "--type", "person", "--country", "qat"), "iso3 is 'qat'"),
    (("merge", "state:qat", "state:qat"), "one actor already"),
    (("undo",), "no change to undo"),
    (("undo", "7"), "no change #7"),
    (("import", "nothing.csv"), "nothing.csv cannot be read: No such file"),
    (("import", "list.txt"), "does not show its format"),
    (("export", "no/such/folder.csv"), "cannot be written: No such file"),
]


@pytest.mark.parametrize(("words", "why"), REFUSED, ids=[why for _, why in REFUSED])
def test_every_refusal_is_a_sentence(words: tuple[str, ...], why: str) -> None:
    error = run(*words, status=1).stderr
    assert error.startswith("Error: ")
    assert (why in error, error.count("\n")) == (True, 1), error


def test_a_list_is_taken_in_once(folder: Path) -> None:
    path = folder / "list.csv"
    path.write_text(
        "kind,id,type,name,aliases,office,person,since,until\n"
        f"tenure,,,,,{EMIR},Jane Doe,2030-01-01,\n"
        ",,person,Ali X,Abu X|A. X,,,,\n"
        ",,king,Bad,,,,,\n"
        "tenure,,,,,President of Atlantis,Ali X,2001,2005\n"
        f"tenure,,,,,{EMIR},Ali X,2002,2001\n",
        encoding="utf-8",
    )
    result = run("import", str(path), "--source", "a list")
    assert "5 rows read: 4 actors added or changed, 2 rejected." in result.stdout
    assert [line.split(": ", 1)[1] for line in result.stderr.splitlines()] == [
        "type is 'king': Input should be 'state', 'organisation', 'group', 'office', 'person', 'place' or 'treaty'",
        f"person:ali-x leaves {EMIR} before taking it.",
    ]
    assert f"{path}:4: " in result.stderr
    assert f"{path}:6: " in result.stderr
    assert "Jane Doe: 2030-01-01 to now" in run("show", EMIR).stdout
    assert told("show", "office:president-of-atlantis")["tenures"] == [
        {
            "office": "office:president-of-atlantis",
            "person": "person:ali-x",
            "since": "2001-01-01",
            "until": "2005-12-31",
            "source": "a list",
        }
    ]
    again = told("import", str(path), "--source", "a list")
    assert (again[0]["changed"], again[0]["changes"]) == (0, [])


def test_entities_are_taken_in_streaming_and_gzipped(folder: Path) -> None:
    path = folder / "entities.ftm.json.gz"
    lines = [
        json.dumps({"id": f"p{n}", "schema": "Person", "properties": {"name": [f"Person {n}"]}})
        for n in range(1200)
    ]
    lines += ["{", json.dumps({"id": "s", "schema": "Sanction", "properties": {}})]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    (result,) = told("import", str(path))
    assert (result["read"], result["changed"], result["rejected"]) == (1202, 1200, 1)
    assert (result["others"], result["changes"]) == (1, [1, 2, 3])
    assert result["rejections"][0]["line"] == 1201
    assert told("show", "ftm:p1199")["name"] == "Person 1199"
    assert told("import", str(path))[0]["changes"] == []
    run("undo")
    run("undo")
    run("undo")
    run("show", "ftm:p1", status=1)


@pytest.mark.parametrize("text", ["", "type,name\n", "type,name\nking,X\n"])
def test_a_list_of_nothing_fails(folder: Path, text: str) -> None:
    (folder / "list.csv").write_text(text, encoding="utf-8")
    run("import", "list.csv", status=1)


def test_an_export_comes_round_in_an_empty_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("add", "Blue Lantern", "--type", "group", "--alias", "BL", "--acts-for", "state:qat")
    run("alias", "state:qat", "الدوحة", "--lang", "ar", "--kind", "metonym")
    run("alias", "state:qat", "State of Qatar", "--remove")
    run("merge", "group:blue-lantern", "group:hamas")
    (folder / "more.csv").write_text(f"office,person,since\n{EMIR},Jane Doe,2030\n", "utf-8")
    run("import", "more.csv")
    assert "rows written to out.csv" in run("export", "out.csv").stdout
    everyone = ("group:blue-lantern", "state:qat", "person:jane-doe", EMIR, "group:hamas")
    before = [run("show", key).stdout for key in everyone]
    exported = run("export").stdout
    assert exported == Path("out.csv").read_text("utf-8")

    monkeypatch.setenv("DRAGOMAN_DATA", str(folder / "empty"))
    assert run("show", "state:qat").stdout != before[1]
    result = run("import", "out.csv")
    assert "0 rejected" in result.stdout
    assert [run("show", key).stdout for key in everyone] == before
    assert run("export").stdout == exported


def test_an_export_of_nothing_says_so() -> None:
    result = run("export", "--workspace", "T9")
    assert result.stdout.count("\n") == 1  # the header
    assert "T9 has no actors of its own: `dragoman actors add`" in result.stderr


def test_stored_articles_are_read_again(folder: Path) -> None:
    desk_at(folder / "data").close()
    assert told("reread", "Qatar", "--workspace", TEAM)["read_again"] > 0
    assert (
        run("reread", "Wakanda", "--workspace", TEAM).stdout == "No stored article contains that.\n"
    )
    assert told("reread", "--all", "--workspace", TEAM)["read_again"] > 40
    assert "Give names to look for" in run("reread", status=2).stderr
