"""How much of files is read: all bytes in the end, and as many as were said before."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.gather.files import Defaults, drafts
from bot.gather.formats import Amount, size_of

NOW = datetime(2026, 4, 1, tzinfo=UTC)
LINES = "\n".join(json.dumps({"id": n, "text": f"Qatar met Iran, {n}."}) for n in range(3_000))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.jsonl").write_text(LINES)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(LINES.encode()))
    (tmp_path / "deep" / "c.txt").write_text("Oman met Iraq.")
    (tmp_path / "deep" / ".hidden").write_text("not read")
    return tmp_path


@pytest.mark.parametrize("named", [["."], ["a.jsonl"], ["b.jsonl.gz"], ["a.jsonl", "deep"]])
def test_all_is_read_in_the_end(folder: Path, named: list[str]) -> None:
    paths = [str(folder / one) for one in named]
    amount = Amount(size_of(paths))
    seen = [amount.read for _ in drafts(paths, defaults=Defaults(), now=NOW, amount=amount)]
    assert amount.read == amount.total
    assert amount.total
    assert seen == sorted(seen)


def test_it_grows_as_lines_are_read(folder: Path) -> None:
    path = str(folder / "a.jsonl")
    amount = Amount(size_of([path]))
    found = drafts([path], defaults=Defaults(), now=NOW, amount=amount)
    next(found)
    assert amount.total
    assert 0 < amount.read <= amount.total * 0.9
    assert len(list(found)) == 2_999


@pytest.mark.parametrize("named", ["-", "https://example.org/a", "nowhere.txt", "", "a\0b"])
def test_what_has_no_size(folder: Path, named: str) -> None:
    assert size_of([named]) is None
    assert size_of([str(folder / "a.jsonl"), named]) is None
