"""The facts benchmark: how triples count, what is drawn, what verdicts give; made-up rows."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from tests.bench import common, facts, facts_gsr, facts_judged, facts_labelled, facts_news
from tests.bench.__main__ import main
from tests.bench.common import MissingData, Result
from tests.bench.facts_gsr import Sentence, Triple


def event(text: str, name: str, source: list[str], target: list[str]) -> dict[str, object]:
    return {
        "text": text,
        "event": name,
        "source": [{"actorText": "x", "code": code} for code in source],
        "target": [{"actorText": "x", "code": code} for code in target],
    }


ACCUSED = "Iran accused Israel of an attack."
EVENTS = [
    event(ACCUSED, "DISAPPROVE", ["IRN"], ["ISR"]),
    event("France met them.", "CONSULT", ["FRA", "JAP"], []),
    event(ACCUSED, "FIGHT", ["ISR"], ["IRN", "NGO"]),
    event("The UN protested.", "PROTEST", ["IGO"], []),
]
ARTICLES = [
    {
        "id": f"made-{n}",
        "title": "Iran accuses Israel",
        "text": f"Before.\n\nIran accused Israel of an attack on day {n}.\nAfter it.",
        "publish_date": "2024-03-01",
    }
    for n in range(12)
]

LABELLED = [
    {
        "id": f"made-{n}",
        "split": split,
        "corpus": corpus,
        "date": "2024-03-01",
        "sentence": "Israel struck a base in Syria on Monday, killing three Iranian officers.",
        "facts": [
            {"class": "ASSAULT", "status": "happened", "source": ["Israel"], "target": [whom]}
            for whom in ("a base in Syria", "three Iranian officers")
        ],
    }
    for split in ("dev", "test")
    for n, corpus in enumerate(("news", "current-events"))
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in (facts_gsr.EVENTS, facts_news.ARTICLES, facts_labelled.LABELLED):
        (tmp_path / name).parent.mkdir()
    (tmp_path / facts_gsr.EVENTS).write_text(json.dumps(EVENTS), "utf-8")
    lines = "\n".join(map(json.dumps, ARTICLES))
    (tmp_path / facts_news.ARTICLES).write_bytes(gzip.compress(lines.encode()))
    rows = "\n".join(map(json.dumps, LABELLED))
    (tmp_path / facts_labelled.LABELLED).write_bytes(gzip.compress(rows.encode()))
    return tmp_path


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


def test_gold_is_grouped_folded_and_spread(data: Path) -> None:
    first, met, protest = facts_gsr.sentences(data)
    assert first.gold == {
        Triple("IRN", "ACCUSE", "ISR"),
        Triple("ISR", "ASSAULT", "IRN"),
        Triple("ISR", "ASSAULT", "ORG"),
    }
    assert first.unordered == frozenset()
    assert met.gold == met.unordered == {Triple("FRA", "CONSULT", "JPN")}
    assert protest.gold == {Triple("ORG", "PROTEST", None)}
    assert [one.half for one in (first, met, protest)] == ["dev", "test", "test"]


MET = Triple("FRA", "CONSULT", "JPN")
STRUCK = Triple("ISR", "ASSAULT", "IRN")


@pytest.mark.parametrize(
    ("told", "gold", "loose", "right"),
    [
        ([MET], [MET], [MET], 1),
        ([Triple("JPN", "CONSULT", "FRA")], [MET], [MET], 1),
        ([MET, Triple("JPN", "CONSULT", "FRA")], [MET], [MET], 1),
        ([Triple("IRN", "ASSAULT", "ISR")], [STRUCK], [], 0),
        ([Triple("ISR", "ACCUSE", "IRN")], [STRUCK], [], 0),
        ([Triple("ISR", "ASSAULT", None)], [STRUCK], [], 0),
        ([STRUCK, MET], [STRUCK], [], 1),
        ([], [STRUCK], [], 0),
    ],
)
def test_which_triples_are_right(
    told: list[Triple], gold: list[Triple], loose: list[Triple], right: int
) -> None:
    sentence = Sentence("", "dev", frozenset(gold), frozenset(loose))
    assert len(facts_gsr.right(sentence, told)) == right


def test_measures_by_half(data: Path) -> None:
    result = facts.run(data, half="dev")
    assert isinstance(result["gsr"], dict)
    assert result["gsr"].keys() == {"dev"}
    assert result["gsr"]["dev"]["gold"] == 3
    assert result["gsr"]["dev"]["told"] >= result["gsr"]["dev"]["right"] == 1
    assert result["gsr"]["dev"]["class accuracy"] == 1
    marked = result["labelled"]
    assert isinstance(marked, dict)
    assert {"state", "keep", "by class", "stored"} <= marked["dev"].keys()
    assert marked["dev"]["keep"]["all"]["labelled"] == 4
    both = facts.run(data)
    assert isinstance(both["news"], dict)
    assert sum(half["articles"] for half in both["news"].values()) == len(ARTICLES)
    assert all(half["facts"] == half["articles"] for half in both["news"].values())
    assert "news" not in facts.run(data, gsr=True)


def test_misses_are_of_dev(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", str(data), "--misses"]) == 0
    said = capsys.readouterr().out
    assert "ISR ASSAULT IRN" in said
    assert "PROTEST" not in said


def test_a_draw_is_the_commits(
    data: Path, index: ActorIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts_judged, "commit", lambda *_: "0123456789abcdef")
    monkeypatch.setattr(facts_judged, "DRAWN", 3)
    drawn = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    for path in drawn:
        facts_judged.draw(data, index, path)
    assert drawn[0].read_bytes() == drawn[1].read_bytes()
    rows = [json.loads(line) for line in drawn[0].read_text("utf-8").splitlines()]
    assert len(rows) == 3
    assert rows[0]["id"] == f"0123456789-001-{rows[0]['article']}"
    assert facts_news.half_of(rows[0]["article"]) == "test"
    assert rows[0]["fact"] == "Iran – ACCUSE (accuse) – Israel"
    assert any("Before." in one["around"] for row in rows for one in row["evidence"])
    with pytest.raises(MissingData, match="inside the project"):
        facts_judged.draw(data, index, common.ROOT / "drawn.jsonl")


def test_code_that_is_not_the_commits_draws_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def git(*arguments: str) -> None:
        name = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", "-C", str(tmp_path), *name, *arguments], check=True)

    monkeypatch.setattr(common, "ROOT", tmp_path)
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "a.py").write_text("1\n")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "one")
    assert len(common.commit("bot")) == 40
    (tmp_path / "bot" / "a.py").write_text("2\n")
    with pytest.raises(MissingData, match=r"bot/a\.py"):
        common.commit("bot")


def judged(path: Path, verdicts: str) -> Path:
    rows = [
        {"id": f"abc-{n}-x", "verdict": "right" if one == "r" else "wrong"}
        for n, one in enumerate(verdicts)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_verdicts_are_counted_and_published(tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    result: Result = facts_judged.count(
        judged(first, "rrrw"), judged(second, "rrwr"), tmp_path / "judged"
    )
    assert (result["judged"], result["agreement"], result["precision, both"]) == (4, 0.5, 0.5)
    table = (tmp_path / "judged" / "abc.csv").read_text().splitlines()
    assert table[:2] == ["id,first,second", "abc-0-x,right,right"]
    with pytest.raises(MissingData, match="same facts"):
        facts_judged.count(first, judged(tmp_path / "c.jsonl", "rr"), tmp_path)
    (tmp_path / "d.jsonl").write_text('{"id": "abc-0-x", "verdict": "maybe"}\n')
    with pytest.raises(MissingData, match=r"d\.jsonl:1"):
        facts_judged.count(first, tmp_path / "d.jsonl", tmp_path)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(True, True), (False, False)], 1.0),
        ([(True, True)] * 3, 1.0),
        ([(True, False), (False, True)], -1.0),
        ([(True, True), (True, False), (False, True), (False, False)], 0.0),
    ],
)
def test_kappa(pairs: list[tuple[bool, bool]], expected: float) -> None:
    assert facts_judged.kappa(pairs) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("right", "n", "interval"),
    [
        (95, 100, (0.8882, 0.9785)),
        (100, 100, (0.9630, 1.0)),
        (0, 5, (0.0, 0.4345)),
        (0, 0, (0.0, 1.0)),
    ],
)
def test_wilson(right: int, n: int, interval: tuple[float, float]) -> None:
    assert common.wilson(right, n) == pytest.approx(interval, abs=1e-4)
