"""The index follows while an intake goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

import bot.ingest
import bot.search.index
from bot.desk import Desk
from bot.match.gazetteer import load
from bot.models import Draft
from bot.search.index import PassageIndex
from tests.arrivals import NOW, open_store


def test_the_index_follows_every_few_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.ingest, "BATCH", 1)
    monkeypatch.setattr(bot.search.index, "FOLLOWED", 2)
    desk = Desk(open_store(tmp_path), PassageIndex.open(tmp_path / "index"), load(), workers=1)
    drafts = [Draft(text=f"Iran met Oman {n} times.", external_id=str(n)) for n in range(5)]
    seen: list[int] = []
    desk.ingest(drafts, now=NOW, progress=lambda _: seen.append(desk.passages.size))
    assert seen == [0, 2, 2, 4, 4]
    assert desk.passages.size == 5
    desk.close()
