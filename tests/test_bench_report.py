"""The page of scores, from made-up results."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.desk import DATABASE
from tests.bench import briefs, common, filled, report
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
    latency = {**made_up(PARTS["latency"]), "cores": 2}
    assert "`0123456789` on 2 cores." in render({"latency": latency}, NOW)


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
    items = [
        {"id": f"made-2024-03-{n:02}-{n}", "date": f"2024-03-{n:02}", "sources": ["AFP"],
         "text": f"Qatar hosts round {n} of talks with Iran in Doha."}
        for n in range(1, 4)
    ]  # fmt: skip
    key = {
        "id": "key-1", "actor": "Qatar", "as_of": "2024-03-10", "passing": [],
        "stories": [{"rank": 1, "items": [one["id"] for one in items]}],
    }  # fmt: skip
    for name, data in (
        (common.ITEMS, gzip.compress("\n".join(map(json.dumps, items)).encode())),
        (briefs.KEYS, json.dumps(key).encode()),
    ):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(data)
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
