"""Reading in worker processes: in order, and an article that kills its reader costs itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.errors import NoReaders
from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.models import Reading
from bot.read import pool
from bot.read.pool import Page, ReaderPool, Unread


@pytest.fixture(scope="module")
def readers() -> Iterator[ReaderPool]:
    gazetteer = load()
    index = ActorIndex(gazetteer.actors, gazetteer.tenures)
    pooled = ReaderPool(gazetteer.actors, gazetteer.tenures, "test", index, workers=2)
    yield pooled
    pooled.close()


def acts(result: Reading | Unread) -> list[str]:
    assert isinstance(result, Reading)
    return [fact.act for fact in result.facts]


def test_results_come_in_the_order_of_the_batches(readers: ReaderPool) -> None:
    batches = [
        [Page("", f"Iran met Qatar {n} times." if n % 2 else "Iran attacked Iraq.", None)] * 3
        for n in range(8)
    ]
    found = list(readers.stream([*batches, []]))
    assert [len(batch) for batch in found] == [3] * 8 + [0]
    for n, batch in enumerate(found[:-1]):
        assert acts(batch[0]) == (["meet"] if n % 2 else ["attack"])


def test_workers_read_as_the_calling_thread_does(readers: ReaderPool) -> None:
    pages = [Page("Fidan meets al-Sharaa", "Qatar, it is said, hosted the Taliban.", None)]
    assert next(readers.stream([pages])) == readers.read(pages)


def test_an_article_that_takes_too_long_is_reported_and_the_rest_is_read(
    readers: ReaderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "SECONDS_A_BATCH", 1.0)
    monkeypatch.setattr(pool, "SECONDS_AN_ARTICLE", 1.0)
    endless = Page("", "Iran met Qatar, and then some more. " * 400_000, None)
    short = Page("", "Iran met Qatar.", None)
    results = next(readers.stream([[short, endless, short]]))
    assert acts(results[0]) == acts(results[2]) == ["meet"]
    assert isinstance(results[1], Unread)
    assert "stopped" in results[1].reason


def test_workers_that_never_begin_are_an_error_in_words(
    readers: ReaderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "SECONDS_A_BATCH", 0.2)
    monkeypatch.setattr(pool, "SECONDS_TO_START", 0.0)
    stuck = ReaderPool((), (), "test", readers._index, workers=1)
    with pytest.raises(NoReaders, match="do not start"):
        list(stuck.stream([[Page("", "Iran met Qatar.", None)]]))
    stuck.close()
