"""The benchmarks' plumbing, on a handful of made-up rows; the figures are for whoever runs them."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.desk import Desk
from bot.match.gazetteer import load
from tests.bench import (
    analysts,
    common,
    filled,
    holders,
    ingest,
    news,
    periods,
    start,
    temporal,
    unanswerable,
)
from tests.bench.__main__ import main

ITEMS = [
    {
        "id": f"made-{n}",
        "date": f"2024-03-{n + 1:02}",
        "text": f"Qatar hosts round {n} of talks with Iran in Doha.",
        "sources": ["AFP via The News"],
    }
    for n in range(20)
]
CASES = [
    {
        "text": text, "mention": text.lower(), "ref": "2024-03-10",
        "values": [{"timex": timex}], "intervals": [["2024-03-02", end]],
    }
    for text, timex, end in (
        ("Back on 2 March 2024.", "2024-03-02", "2024-03-03"),
        ("From 2 to 4 March 2024.", "(2024-03-02,2024-03-04,P2D)", "2024-03-04"),
        ("Nothing dated.", "2024-03-02", "2024-03-03"),
    )
]  # fmt: skip
QUESTIONS = [
    {
        "query": "Qatar since March 2?", "query_typo": "Qatr since March 2?", "gold": ["made-3"],
        "ref_date": "2024-03-10", "start": "2024-03-02", "end": "2024-03-10",
    }
]  # fmt: skip
ARTICLES = [
    {
        "id": "a1", "title": "Ferry runs aground", "publish_date": "2024-03-09",
        "text": "The ferry Marigold ran aground off Zanzibar on Friday, and all were saved.",
    },
    {
        "id": "a2", "title": "Opera opens", "publish_date": "2024-03-09",
        "text": "The opera house opened with a gala, and a tenor fell off the stage.",
    },
]  # fmt: skip
ASKED = [
    {
        "question": "Off which island did the ferry Marigold run aground this week?",
        "date": "2024-03-10", "answer": "Zanzibar", "gold": ["a1"], "silver": [],
    },
    {
        "question": "Which violinist hired by Ada Lindqvist broke a valuable instrument?",
        "date": "2024-03-10", "answer": "Bo Ek", "gold": ["a9"], "silver": [],
    },
]  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "dates").mkdir()
    (tmp_path / "current-events").mkdir()
    lines = "\n".join(json.dumps(item) for item in ITEMS)
    (tmp_path / common.ITEMS).write_bytes(gzip.compress(lines.encode()))
    for name, rows in ((periods.CASES, CASES), (periods.QUESTIONS, QUESTIONS)):
        (tmp_path / name).write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return tmp_path


def test_ingest_stores_every_row_once(data: Path) -> None:
    result = ingest.run(data)
    assert (result["items"], result["new"], result["rejected"]) == (20, 20, 0)
    assert result["second_run_new"] == 0
    assert isinstance(result["peak_memory_mb"], int)
    assert result["peak_memory_mb"] > 10


def test_the_bare_table_holds_every_row(data: Path, tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    assert ingest.bare_fts5(tmp_path / "bare.db", data / common.ITEMS) > 0
    with closing(sqlite3.connect(tmp_path / "bare.db")) as connection:
        found = connection.execute("SELECT count(*) FROM item WHERE item MATCH 'doha'").fetchone()
    assert found == (20,)


def test_answers_are_ranked_quoted_and_withheld(data: Path) -> None:
    (data / "news").mkdir()
    lines = "\n".join(map(json.dumps, ARTICLES))
    (data / news.ARTICLES).write_bytes(gzip.compress(lines.encode()))
    (data / news.QUESTIONS).write_text("\n".join(map(json.dumps, ASKED)), "utf-8")
    filled.fill(data / "stores", data / news.ARTICLES)
    desk = Desk.open(data / "stores")
    try:
        result = news.run(desk, data / news.QUESTIONS)
        timed = temporal.run(desk, data / periods.QUESTIONS)
    finally:
        desk.close()
    dev, test, withheld = result["dev"], result["test"], result["abstention"]
    assert isinstance(dev, dict)
    assert isinstance(test, dict)
    assert isinstance(withheld, dict)
    assert (dev["h1"], dev["quote4"]) == (1.0, 1.0)
    assert (test["h10"], test["quote4"]) == (0.0, 0.0)
    assert withheld["shipped"]["wrong"] == 0
    assert result["verbatim"] == 1.0
    assert isinstance(timed["dev"], dict)
    assert timed["dev"]["query"]["questions"] == 1


def test_questions_are_answered_and_not_once_their_answers_are_deleted(data: Path) -> None:
    (data / "questions").mkdir()
    made = [
        {"id": f"m{n}", "date": "2024-03-08", "text": text, "sources": ["AFP"]}
        for n, text in enumerate(
            (
                "The ferry Marigold ran aground off Zanzibar, and all 212 passengers were saved.",
                "The opera house of Lagos opened with a gala, and a tenor fell off the stage.",
                "A zeppelin named Quixote burned on a meadow near Bergen.",
                "Surgeons in Lima separated twins who were joined at the hip.",
            )
        )
    ]
    asked = [
        ("d000", "how many passengers of the ferry marigold were saved", ["m0"]),
        ("d001", "who fell off the stage of the lagos opera house", ["m1"]),
        ("d002", "where did the zeppelin quixote burn", ["m2"]),
        ("d003", "what were the twins in lima joined at", ["m3"]),
        ("d004", "which harbour did the steamer bravadine of quenora leave", []),
    ]
    rows = [
        {"qid": qid, "question": text, "as_of": "2024-03-10", "gold": gold}
        for qid, text, gold in asked
    ]
    (data / analysts.QUESTIONS).write_text("\n".join(map(json.dumps, rows)), "utf-8")
    (data / common.ITEMS).write_bytes(gzip.compress("\n".join(map(json.dumps, made)).encode()))
    result = analysts.run(data)
    for half in (result["dev"], result["test"]):
        assert isinstance(half, dict)
        assert (half["first"], half["first_four"], half["answered"]) == (1.0, 1.0, 1.0)
        assert half["wrongly"] == 0.0
        assert (half["answerable"], half["questions"]) in {(2, 3), (2, 2)}
        assert half["removed"] == {
            "questions": 1, "wrongly": 0.0, "answered before": 1, "stay": 1.0,
        }  # fmt: skip


def test_a_change_of_holder_is_noticed_and_a_quiet_day_is_not(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "Keir Starmer is sworn in as Prime Minister of the United Kingdom."
    item = {"id": "made-1", "date": "2024-07-05", "text": told, "sources": ["AFP"]}
    (data / common.ITEMS).write_bytes(gzip.compress(json.dumps(item).encode()))
    known = load()
    office = "office:prime-minister-of-the-united-kingdom"
    rows = tuple(row for row in known.tenures if row.office == office and str(row.since) > "2023")
    sunak = rows[0].model_copy(update={"until": date(2024, 7, 5)})
    list_ = SimpleNamespace(actors=known.actors, tenures=(sunak, *rows[1:]))
    monkeypatch.setattr(holders, "load", lambda: list_)
    result = holders.run(data)
    assert result["changes"] == {"named": 1}
    assert result["quiet"] == {"agreed": holders.MOST}


def test_invented_names_take_the_place_of_names_alone() -> None:
    made = unanswerable.invented("Which port did Ada Lindqvist leave, and was Ada Lindqvist alone?")
    assert made is not None
    assert "Lindqvist" not in made
    assert made.startswith("Which port did ")
    name = made.removeprefix("Which port did ").split(" leave")[0]
    assert made.count(name) == 2
    assert unanswerable.invented("who left the port?") is None


def test_start_runs_the_command(data: Path) -> None:
    assert start.run(data, runs=1)["runs"] == 1


def test_periods_shares(data: Path) -> None:
    result = periods.run(data)
    halves = [result["dates"], result["questions"]]
    rows = [sum(half["rows"] for half in one.values()) for one in halves if isinstance(one, dict)]
    assert rows == [3, 1]
    assert periods.half("a") == periods.half("a")
    misses = "\n".join(periods.misses(data))
    assert "Back on" not in misses
    assert "From 2 to 4" not in misses


@pytest.mark.parametrize(
    ("mention", "timex", "last", "meant"),
    [
        ("2014 to 2018", "(2014-01-01,2018-01-01,P4Y)", "2017-12-31", "2018-12-31"),
        ("august to october", "(2016-08-01,2016-10-01,P2M)", "2016-09-30", "2016-10-31"),
        ("2017 q1 to 2018 q1", "(2017-01-01,2018-01-01,P12M)", "2017-12-31", "2018-03-31"),
        ("april until the end of june", "(2016-04-01,2016-07-01,P3M)", "2016-06-30", "2016-06-30"),
        ("2019-q1", "(2019-01-01,2019-04-01,P3M)", "2019-03-31", "2019-03-31"),
        ("the next 4 days", "(2019-01-02,2019-01-06,P4D)", "2019-01-05", "2019-01-05"),
    ],
)
def test_a_range_ends_with_its_second_point(
    mention: str, timex: str, last: str, meant: str
) -> None:
    start, today = date(2014, 1, 1), date(2020, 1, 1)
    span = periods.as_meant(mention, timex, today, (start, date.fromisoformat(last)))
    assert span == (start, date.fromisoformat(meant))


@pytest.mark.parametrize("name", ["ingest", "answers", "periods"])
def test_missing_data_is_told(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert f"{tmp_path} has no " in said.err


def test_main_prints_lines_and_json(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["periods", str(data), "--json"]) == 0
    assert json.loads(capsys.readouterr().out).keys() == {"periods"}
    assert main(["periods", str(data)]) == 0
    assert "exact" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 50), (0.95, 95), (1.0, 100), (0.01, 1), (0.0, 1)]
)
def test_percentiles(share: float, expected: float) -> None:
    assert common.percentile(list(range(100, 0, -1)), share) == expected


def test_memory_counts_children() -> None:
    hold = "import sys; held = bytearray(b'x') * 50_000_000; print('ready', flush=True); sys.stdin.read()"
    alone = common.Memory()
    alone.sample()
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        both = common.Memory()
        both.sample()
        child.communicate()
    assert both.most_processes == alone.most_processes + 1
    assert both.peak_mb > alone.peak_mb + 40
