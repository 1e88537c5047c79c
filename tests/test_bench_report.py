"""The page of scores, from made-up results."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.desk import DATABASE
from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from tests.bench import (
    actor_sets,
    actor_text,
    actors,
    analysts,
    briefs,
    claims,
    common,
    facts_labelled,
    filled,
    latency,
    news,
    offices,
    report,
    stories,
    temporal,
)
from tests.bench.__main__ import main
from tests.bench.common import Result
from tests.bench.scores import PARTS, SHARE, Part, Stamp, render

NOW = Stamp("0123456789abcdef", date(2026, 12, 2))
LATER = Stamp("fedcba9876543210", date(2026, 12, 9))

BRIEFS: Result = {
    "test": {
        "briefs": 40, "top_one": 0.575, "top_three": 1.0, "coverage": 0.721,
        "passing": 0.0, "older": 0.0, "cited": 0,
    },
    "stores": {"items": {"articles": 113_510, "without facts": 12}},
}  # fmt: skip


def made_up(part: Part) -> Result:
    """A result that has 40 cases and the value 0.5 for every figure of a part."""
    result: dict[str, Any] = {}
    for keys, value in [
        *((f"{figure.at}/{figure.value}", 0.5) for figure in part.figures),
        *((f"{figure.at}/{figure.n}", 40) for figure in part.figures),
    ]:
        *folders, last = filter(None, keys.split("/"))
        inner = result
        for key in folders:
            inner = inner.setdefault(key, {})
        inner[last] = value
    return result


def write(folder: Path, name: Path, text: str) -> None:
    """Write a file of the data folder, compressed if its name says so."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    data = text.encode()
    (folder / name).write_bytes(gzip.compress(data) if name.suffix == ".gz" else data)


def lines(rows: list[dict[str, Any]]) -> str:
    return "\n".join(map(json.dumps, rows))


def rows_of(name: str, result: Result) -> dict[str, list[str]]:
    """Return the cells of a part's table, by figure and half."""
    written = section(render({name: result}, NOW), PARTS[name].title)
    table = [line.strip("| ").split(" | ") for line in written.splitlines() if line[:1] == "|"]
    return {f"{figure}, {half}": cells for figure, half, *cells in table[2:]}


ROUNDS_OF_TALKS = [
    {"id": f"made-2024-03-{n:02}-{n}", "date": f"2024-03-{n:02}", "sources": ["AFP"],
     "text": f"Qatar hosts round {n} of talks with Iran in Doha."}
    for n in range(1, 4)
]  # fmt: skip
SEVEN = ["Iran", "Qatar", "Oman", "France", "Norway", "Chile", "Kenya"]


def section(page: str, title: str) -> str:
    return page.split(f"## {title}\n")[1].split("\n## ")[0]


def test_a_share_has_its_interval_and_a_mean_has_none() -> None:
    page = render({"briefs": BRIEFS}, NOW)
    assert "| opens with the most important story | test | 40 | 0.575 | 0.422 to 0.715 |" in page
    assert (
        "| opens with one of the first three stories | test | 40 | 1.000 | 0.912 to 1.000 |" in page
    )
    assert "| first five stories shown in the first view | test | 40 | 0.721 mean | – |" in page


def test_of_no_cases_there_is_no_figure() -> None:
    assert "| lines older than 14 days | test | 0 | – | – |" in render({"briefs": BRIEFS}, NOW)


def test_a_part_says_when_at_which_commit_and_over_which_stores() -> None:
    said = section(render({"briefs": BRIEFS}, NOW), "Briefs")
    assert "Measured on 2026-12-02 at commit `0123456789`." in said
    assert "Store `items`: 113,510 articles, the facts of 12 of them not read." in said
    latency = {**made_up(PARTS["latency"]), "cores": 2, "load_average": 0.5}
    said = render({"latency": latency}, NOW)
    assert "`0123456789` on 2 cores, load average 0.5 at the end." in said


def test_parts_that_are_not_measured_again_stay_word_for_word() -> None:
    before = render({"briefs": BRIEFS, "claims": made_up(PARTS["claims"])}, NOW)
    after = render({"claims": made_up(PARTS["claims"])}, LATER, before)
    assert section(after, "Briefs") == section(before, "Briefs")
    assert "`fedcba9876`" in section(after, "Claims")
    assert "`0123456789`" not in section(after, "Claims")
    assert render({}, LATER, after) == after


def test_what_is_no_part_of_the_page_goes() -> None:
    page = render({"briefs": BRIEFS}, NOW)
    edited = page.replace("# Scores\n", "# Scores\n\nBest of all.\n") + "\n## Praise\n\nMuch.\n"
    assert render({}, NOW, edited) == page


def test_parts_stand_in_their_order_and_missing_ones_are_named() -> None:
    one = render({"claims": made_up(PARTS["claims"])}, NOW)
    page = render({"briefs": BRIEFS}, NOW, one)
    assert page.index("## Briefs") < page.index("## Claims")
    assert "Not measured yet: facts, answers, actors, stories, latency.\n" in page
    whole = render({name: made_up(part) for name, part in PARTS.items()}, NOW)
    assert "Not measured yet" not in whole
    for part in PARTS.values():
        rows = [line for line in section(whole, part.title).splitlines() if " | 40 | " in line]
        shares = [line for line in rows if line.endswith("| 0.500 | 0.352 to 0.648 |")]
        assert len(rows) == len(part.figures)
        assert len(shares) == sum(figure.unit == SHARE for figure in part.figures)


def test_every_part_of_the_page_is_measured() -> None:
    assert list(report.RUNS) == list(PARTS)


def test_the_report_fills_a_store_and_keeps_other_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = {
        "id": "key-1", "actor": "Qatar", "as_of": "2024-03-10", "passing": [],
        "stories": [{"rank": 1, "items": [one["id"] for one in ROUNDS_OF_TALKS]}],
    }  # fmt: skip
    write(tmp_path, common.ITEMS, lines(ROUNDS_OF_TALKS))
    write(tmp_path, briefs.KEYS, json.dumps(key))
    monkeypatch.setattr(report, "commit", lambda *_: NOW.commit)
    stores, page = tmp_path / "stores", tmp_path / "SCORES.md"
    page.write_text(render({"facts": made_up(PARTS["facts"])}, LATER), "utf-8")
    given = ["report", str(tmp_path), "--store", str(stores), "--to", str(page)]
    assert main([*given, "--only", "briefs"]) == 0
    assert "seconds" in capsys.readouterr().out
    written = page.read_text("utf-8")
    assert "most important story | test | 1 | 1.000 |" in section(written, "Briefs")
    assert "Store `items`: 3 articles, the facts of 0 of them not read." in written
    assert "`fedcba9876`" in section(written, "Facts")
    assert [one.name for one in stores.iterdir()] == ["items"]
    assert (stores / "items" / DATABASE).is_file()
    assert main([*given, "--only", "stories"]) == 2
    assert page.read_text("utf-8") == written


def test_facts_are_measured_on_both_halves(tmp_path: Path) -> None:
    fact = {"class": "ASSAULT", "status": "happened", "source": ["Israel"]}
    labelled = [
        {"id": f"made-{n}", "split": split, "corpus": "news", "date": "2024-03-01",
         "sentence": "Israel struck a base in Syria on Monday, killing three Iranian officers.",
         "facts": [{**fact, "target": ["a base in Syria"]}]}
        for n, split in enumerate(("train", "dev", "dev", "test"))
    ]  # fmt: skip
    write(tmp_path, facts_labelled.LABELLED, lines(labelled))
    rows = rows_of("facts", report.RUNS["facts"](tmp_path, tmp_path))
    assert rows["stated: recall, test"][0] == "1"
    assert rows["stated: recall, dev"][:2] == ["2", rows["stated: recall, test"][1]]


def test_answers_are_measured_over_both_stores(tmp_path: Path) -> None:
    talks = {"query": "Qatar since March 2?", "query_typo": "Qatr since March 2?"}
    ferry = {
        "question": "Off which island did the ferry Marigold run aground this week?",
        "date": "2024-03-10", "answer": "Zanzibar", "gold": ["a1"], "silver": [],
    }  # fmt: skip
    asked = [ferry, {**ferry, "question": "Where did the Marigold run aground this week?"}]
    article = {
        "id": "a1", "title": "Ferry runs aground", "publish_date": "2024-03-09",
        "text": "The ferry Marigold ran aground off Zanzibar on Friday, and all were saved.",
    }  # fmt: skip
    typed = [
        {"qid": f"d00{n}", "question": "who hosts talks in doha", "as_of": "2024-03-10",
         "gold": ["made-2024-03-03-3"]}
        for n in range(4)
    ]  # fmt: skip
    timed = {**talks, "gold": ["made-2024-03-03-3"], "ref_date": "2024-03-10"}
    write(tmp_path, common.ITEMS, lines(ROUNDS_OF_TALKS))
    write(tmp_path, temporal.TEMPORAL, lines([timed, timed]))
    write(tmp_path, news.ARTICLES, lines([article]))
    write(tmp_path, news.QUESTIONS, lines(asked))
    write(tmp_path, analysts.QUESTIONS, lines(typed))
    result = report.RUNS["answers"](tmp_path, tmp_path / "stores")
    rows = rows_of("answers", result)
    assert rows["news: right article first, test"][:2] == ["1", "1.000"]
    assert rows["typed: right item in the first four, test"][:2] == ["2", "1.000"]
    assert rows["typed: nothing answers, answered anyway, dev"] == ["0", "–", "–"]
    assert rows["typed: answered although what answers was deleted, test"][0] == "1"
    assert rows["time: right item in the first ten, test"][:2] == ["1", "1.000"]
    assert rows["quotes on news that are verbatim, all"][1] == "1.000"
    assert result["stores"] == {
        "items": {"articles": 3, "without facts": 0},
        "news": {"articles": 1, "without facts": 0},
    }


def test_claims_are_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [
        {"id": f"{kind}-{n}", "kind": kind, "claim": claim, "as_of": "2024-03-10",
         "items": [ROUNDS_OF_TALKS[0]["id"]]}
        for n, (kind, claim) in enumerate(
            [
                ("true", "Qatar hosted talks with Iran in Doha"),
                ("true", "Qatar hosted talks with Iran in Doha"),
                ("negated", "Norway bombed Chile"),
                ("negated", "Norway bombed Chile"),
            ]
        )
    ]  # fmt: skip
    write(tmp_path, common.ITEMS, lines(ROUNDS_OF_TALKS))
    write(tmp_path, Path("claims.jsonl"), lines(made))
    monkeypatch.setattr(claims, "CLAIMS", tmp_path / "claims.jsonl")
    rows = rows_of("claims", report.RUNS["claims"](tmp_path, tmp_path / "stores"))
    assert rows["true claims: any item is quoted, test"][:2] == ["1", "1.000"]
    assert rows["near misses: an item is quoted as reporting it, test"][:2] == ["1", "0.000"]


def test_actors_are_measured(tmp_path: Path) -> None:
    people = [(n, f"{name.upper()}, Octavio", "individual") for n, name in enumerate(SEVEN)]
    also = [(n, n, "aka", f"{name.upper()}O, Octavio") for n, name in enumerate(SEVEN)]
    pairs = [(f"Octavio {name}o", f"Octavio {name}oo", "Person", "true") for name in SEVEN]
    pairs += [(f"Octavio {name}", "Wilhelmina Sample", "Person", "false") for name in SEVEN]
    heading = ("name1", "name2", "schema", "is_match")
    for name, table in (
        (actor_sets.OFAC, people),
        (actor_sets.OFAC_ALIASES, also),
        (actor_sets.PAIRS, [heading, *pairs]),
    ):
        quoted = [",".join(f'"{cell}"' for cell in row) for row in table]
        write(tmp_path, name, "\n".join(quoted))
    for file in (actor_sets.COUNTRIES, actor_sets.GROUPS):
        write(tmp_path, actor_sets.PHOENIX / file, "[]")
    named = [{"source": [{"actorText": "Qatari officials", "code": "QAT"}]}]
    write(tmp_path, actor_text.EVENTS, json.dumps(named))
    write(tmp_path, news.ARTICLES, lines([{"text": "The tenor fell off the stage."}]))
    found = {"test": {"rows": 4, "right": 0.75}}
    rows = rows_of("actors", {**actors.named(tmp_path), "office at date": found})
    halves = [actor_sets.half(f"ofac:{n}") for n in range(len(SEVEN))]
    assert rows["alias left out, OFAC persons: right one first, test"][0] == str(
        halves.count("test")
    )
    assert rows["alias left out, Phoenix groups: right one first, test"] == ["0", "–", "–"]
    assert rows["pairs of names taken for the same that are, test"][1] == "1.000"
    assert rows["office on a day: right person, test"] == ["4", "0.750", "0.301 to 0.954"]


def test_offices_are_asked_for_on_a_day_in_the_middle(tmp_path: Path) -> None:
    table = "country,title,name,first_seen,last_seen\nFrance,President,MACRON,2018-01-01,2022-01-01"
    write(tmp_path, offices.LEADERS, f"{table}\nChad,President,NOBODY,2018-01-01,2022-01-01\n")
    gazetteer = load()
    index = ActorIndex(gazetteer.actors, gazetteer.tenures)
    asked = list(offices.questions(tmp_path, index, {"FRA"}))
    assert asked == [("France", "President of France", date(2020, 1, 1), "MACRON")]
    shares = offices.shares(asked, index)
    assert {"rows": 1, "right": 1.0} in shares.values()


def test_stories_are_measured_on_the_odd_topics(tmp_path: Path) -> None:
    docs = [
        {"id": f"t{topic}-{n}", "topic": topic, "gold": f"t{topic}-{event}", "text": text}
        for topic in ("1", "2")
        for event, text in (
            ("a", "The ferry Marigold ran aground off Zanzibar and 212 passengers were saved."),
            ("b", "Surgeons in Lima separated twins joined at the hip in a nine hour operation."),
        )
        for n in (f"{event}1", f"{event}2")
    ]
    write(tmp_path, stories.DOCS, json.dumps(docs))
    rows = rows_of("stories", report.RUNS["stories"](tmp_path, tmp_path))
    assert rows["B³ F1, test"] == ["4", "1.0 mean", "–"]


@pytest.mark.sqlite
def test_latency_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latency, "ROUNDS", 1)
    write(tmp_path, common.ITEMS, lines(ROUNDS_OF_TALKS))
    result = report.RUNS["latency"](tmp_path, tmp_path / "stores")
    for name, asked in (("brief", latency.BRIEFS), ("ask", latency.QUESTIONS)):
        part = result[name]
        assert isinstance(part, dict)
        assert part["calls"] == len(asked) == sum(part["kinds"].values())
        assert 0 < part["p50_ms"] <= part["p95_ms"] <= part["max_ms"]
    for name in ("search_ask", "search_brief", "fts5_ask", "fts5_brief"):
        part = result[name]
        assert isinstance(part, dict)
        assert 0 < part["p50_ms"] <= part["p95_ms"]
    rows = rows_of("latency", result)
    assert rows["answer, 95th percentile, all"][0] == str(len(latency.QUESTIONS))
    assert rows["brief, 95th percentile, processor, all"][1].endswith(" ms")
    assert rows["quotes shown that are verbatim, all"][1] == "1.000"
    assert result["stores"] == {"items": {"articles": 3, "without facts": 0}}


def test_a_store_whose_filling_was_interrupted_is_filled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = tmp_path / "items.jsonl"
    items.write_text('{"id": "one", "date": "2024-03-01", "text": "Qatar hosts Iran."}\n', "utf-8")
    fill = filled.fill

    def stopped(folder: Path, given: Path) -> None:
        fill(folder, given)
        raise KeyboardInterrupt

    monkeypatch.setattr(filled, "fill", stopped)
    with pytest.raises(KeyboardInterrupt):
        filled.fill_once(tmp_path / "store", items)
    monkeypatch.setattr(filled, "fill", fill)
    assert filled.size(filled.fill_once(tmp_path / "store", items))["articles"] == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == ["items.jsonl", "store"]
