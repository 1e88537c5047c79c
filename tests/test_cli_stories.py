"""dragoman stories, sources and seen: what they print, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import main

VISIT = (
    "Qatar's foreign minister met Iran's president in Tehran on Monday. The two spoke for three "
    "hours about the gas field that their countries share, and about a port in the Gulf which "
    "both want to widen. Neither side gave figures. A second round is to follow in the summer, "
    "when engineers have looked at the harbour and at what it would cost to make it deeper."
)
ARTICLES = [
    {"id": "a", "date": "2024-03-06", "publisher": "The Gazette", "text": VISIT,
     "url": "https://gazette.example/a", "title": "Talks in Tehran"},
    {"id": "b", "date": "2024-03-07", "publisher": "Courier", "text": f"It is said: {VISIT}",
     "url": "https://courier.example/b", "title": "Minister meets president"},
    {"id": "c", "date": "2024-03-07", "publisher": "Herald", "title": "\x1b[31m=1+1\u202e",
     "text": "Iran's president received Qatar's foreign minister in Tehran for talks on the gas "
             "field and a port in the Gulf; engineers will look at the harbour."},
    {"id": "d", "date": "2024-05-01", "publisher": "Herald", "text": "Turkey accused Israel."},
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    file = folder / "in.jsonl"
    file.write_text("\n".join(map(json.dumps, ARTICLES)), "utf-8")
    result = run(folder, "ingest", str(file))
    assert result.exit_code == 0, result.output
    return folder


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env={"DRAGOMAN_DATA": str(folder)})


def told(folder: Path, *arguments: str) -> Any:
    result = run(folder, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_stories(folder: Path) -> None:
    (story,) = told(folder, "stories")
    assert story["headline"] == "Talks in Tehran"
    assert (story["first"], story["last"]) == ("2024-03-06", "2024-03-07")
    assert (story["articles"], story["copies"], story["sources"]) == (3, 1, 2)
    assert run(folder, "stories").stdout == (
        f"{story['id']}  2024-03-06 to 2024-03-07  Talks in Tehran\n"
        "            3 articles, one near-copy, 2 independent sources\n"
    )


@pytest.mark.parametrize(
    ("arguments", "number"),
    [
        (("--since", "2024-03-07"), 1),
        (("--since", "2024-04-01"), 0),
        (("--until", "2024-03-05"), 0),
        (("--actor", "Qatar", "--actor", "iran"), 1),
        (("--actor", "Turkey"), 0),
        (("--workspace", "T2"), 0),
    ],
)
def test_which_stories(folder: Path, arguments: tuple[str, ...], number: int) -> None:
    assert len(told(folder, "stories", *arguments)) == number


def test_of_an_actor_the_most_important_story_comes_first(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    texts = {
        "2026-03-02": "A bomb killed 40 people at the central railway station of Doha in Qatar, "
        "and wounded 90; the army closed the station and the roads around the harbour.",
        "2026-03-05": "Qatar beat Japan 3-1 in the final of the football cup at the national "
        "stadium of Doha; the captain scored twice and lifted the trophy before the fans.",
    }
    rows = [
        {"id": f"{day}{n}", "date": day, "publisher": f"p{n}", "text": f"{text} Report {n}."}
        for day, text in texts.items()
        for n in range(2)
    ]
    file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert run(tmp_path, "ingest", str(file)).exit_code == 0
    found = told(tmp_path, "stories", "--actor", "Qatar")
    assert [one["first"] for one in found] == list(texts)
    assert len(told(tmp_path, "stories", "--actor", "Qatar", "--limit", "1")) == 1
    assert told(tmp_path, "stories", "--actor", "Japan")[0]["first"] == "2026-03-05"


def test_a_story(folder: Path) -> None:
    (story,) = told(folder, "stories")
    shown = told(folder, "stories", "show", story["id"])
    assert [one["publisher"] for one in shown["members"]] == ["The Gazette", "Courier", "Herald"]
    assert [bool(one["near_copy_of"]) for one in shown["members"]] == [False, True, False]
    assert all(VISIT.startswith(one["opening"]) for one in shown["members"][:1])
    plain = run(folder, "stories", "show", story["id"]).stdout
    assert "2024-03-07  Courier, near-copy of " in plain
    assert "<https://gazette.example/a>" in plain


def test_what_would_steer_a_terminal_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    name = "Herald\x1b[2J\u202e"
    rows = [{"id": key, "publisher": name, "title": name, "text": VISIT} for key in "ab"]
    file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert run(tmp_path, "ingest", str(file)).exit_code == 0
    (story,) = told(tmp_path, "stories")
    for command in (("stories",), ("stories", "show", story["id"]), ("sources",)):
        printed = run(tmp_path, *command).stdout
        assert "Herald[2J" in printed
        assert "\x1b" not in printed
        assert "\u202e" not in printed


@pytest.mark.parametrize("story", ["nothing", "'; --", "\u202e"])
def test_a_story_that_is_none(folder: Path, story: str) -> None:
    result = run(folder, "stories", "show", story)
    assert result.exit_code == 1
    assert "There is no story" in result.output


def test_sources(folder: Path) -> None:
    found = {one["key"]: one for one in told(folder, "sources")}
    assert found["gazette"]["independence"] == 1.0
    assert found["courier"]["independence"] == 0.0
    assert found["herald"]["articles"] == 2
    assert "Herald · 2 articles, 100% its own, newest 1 May 2024\n" in run(folder, "sources").stdout


def test_trust_and_distrust(folder: Path) -> None:
    done = run(folder, "sources", "distrust", "gazette.com", "--by", "U1")
    assert done.stdout == "The Gazette is distrusted now (#1), was normal; one article set aside.\n"
    assert run(folder, "sources", "distrust", "Gazette").stdout == (
        "The Gazette is distrusted already.\n"
    )
    assert "distrusted" in run(folder, "sources").stdout
    assert told(folder, "stories")[0]["articles"] == 2
    back = told(folder, "sources", "trust", "Gazette", "--normal")
    assert back == {"source": "The Gazette", "level": "normal", "articles": 1, "change": 2}
    assert told(folder, "stories")[0]["articles"] == 3
    lines = told(folder, "sources", "log")
    assert [(one["before"], one["level"]) for one in lines] == [
        ("distrusted", "normal"),
        ("normal", "distrusted"),
    ]
    assert "· U1 · The Gazette: normal → distrusted" in run(folder, "sources", "log").stdout


def test_a_source_that_is_none(folder: Path) -> None:
    result = run(folder, "sources", "distrust", "Gazete")
    assert result.exit_code == 1
    assert "Did you mean The Gazette" in result.output
    assert run(folder, "sources", "log", "--workspace", "T2").stdout == "No change yet.\n"


def test_a_source_may_be_refused_before_it_comes(folder: Path) -> None:
    done = run(folder, "sources", "remove", "Rumour Mill", "--workspace", "T3")
    assert "Rumour Mill is removed now (#1), was normal; 0 articles set aside." in done.stdout


def test_seen(folder: Path) -> None:
    reply = told(folder, "seen", "https://courier.example/b")
    assert {(one["heading"], one["snippet"]["publisher"]) for one in reply["lines"]} == {
        ("Independent", "The Gazette"),
        ("Independent", "Herald"),
        ("Near-copies", "Courier"),
    }
    plain = run(folder, "seen", "https://courier.example/b").stdout
    assert "2 independent sources; one near-copy; first on 6 Mar 2024, The Gazette." in plain
    claim = told(folder, "seen", "Qatar", "met", "Iran")
    assert claim["kind"] == "answer"
    past = told(folder, "seen", "https://gazette.example/a", "--as-of", "2024-03-06")
    assert len(past["lines"]) == 1
    assert "I have read" in run(folder, "seen", "https://nowhere.example/").stdout


def test_that_none_fits_is_not_that_there_is_none(folder: Path, tmp_path: Path) -> None:
    assert run(folder, "stories", "--since", "2030-01-01").stdout == "No stored story matches.\n"
    assert run(tmp_path / "none", "stories").stdout.startswith("No stories yet")
