"""An article that comes again while its earlier batch is still being read."""

from pathlib import Path

import pytest

import bot.ingest
from bot.desk import Desk
from bot.errors import StoreUnavailable
from bot.match.gazetteer import load
from bot.models import LOCAL, Draft
from bot.search.index import PassageIndex
from tests.arrivals import NOW, open_store
from tests.troubled import TROUBLES


def test_an_article_edited_in_batch_after_batch_keeps_every_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.ingest, "BATCH", 1)
    # One batch is committed while the next two wait, and the fourth is decided upon.
    words = [1, 2, 1, 3, 4, 1]  # what was taken back may be said again
    edits = [Draft(text=f"Iran met Oman {n} times.", external_id="one") for n in words]
    desk = Desk(open_store(tmp_path), PassageIndex.open(tmp_path / "index"), load(), workers=1)
    report = desk.ingest(edits, now=NOW)
    assert (report.new, report.revised) == (1, 5)
    [hit] = desk.passages.search("Oman", workspace=LOCAL, audiences=["*"])
    assert hit.revision == 6
    desk.close()


def test_progress_is_of_what_is_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.ingest, "BATCH", 2)
    drafts = [Draft(text=f"Iran met Oman {n} times.", external_id=str(n)) for n in range(7)]
    desk = Desk(open_store(tmp_path), PassageIndex.open(tmp_path / "index"), load(), workers=1)
    seen: list[tuple[int, int]] = []

    def progress(report: bot.ingest.Report) -> None:
        seen.append((report.settled, desk.store.articles_total(LOCAL)))

    report = desk.ingest(drafts, now=NOW, progress=progress)
    assert seen == [(2, 2), (4, 4), (6, 6), (7, 7)]
    assert (report.read, report.settled) == (7, 7)
    assert desk.ingest(drafts[:1], now=NOW).settled == 1
    desk.close()


@pytest.mark.sqlite
def test_an_intake_that_a_full_disk_ends_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.ingest, "BATCH", 2)
    drafts = [Draft(text=f"Iran met Oman {n} times.", external_id=str(n)) for n in range(7)]
    desk = Desk.open(tmp_path, workers=1)
    store, full = desk.store, TROUBLES["no room"]
    try:
        with pytest.raises(StoreUnavailable, match=full.said):
            desk.ingest(drafts, now=NOW, progress=lambda _: full.begin(store))
        assert store.articles_total(LOCAL) == 2
    finally:
        full.end(store)
    report = desk.ingest(drafts, now=NOW)
    assert (report.new, report.unchanged) == (5, 2)
    assert (store.articles_total(LOCAL), desk.passages.size) == (7, 7)
    assert store.maintenance.damage() == []
    desk.close()
