"""Reading in worker processes: in order, and an article that kills its reader costs itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.errors import NoReaders
from bot.gather import workers
from bot.match.edits import OwnWords
from bot.match.gazetteer import load
from bot.models import Actor, ActorType, Own, Reading
from bot.read import pool
from bot.read.pool import ReaderPool, Unread
from bot.read.reading import Page


@pytest.fixture(scope="module")
def readers() -> Iterator[ReaderPool]:
    pooled = ReaderPool(load(), workers=2)
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


def test_the_worker_kept_ready_reads_as_the_others_do(readers: ReaderPool) -> None:
    pages = [Page("Fidan meets al-Sharaa", "Qatar, it is said, hosted the Taliban.", None)]
    assert next(readers.stream([pages])) == readers.read(pages)


def test_nothing_is_read_in_the_calling_process(
    readers: ReaderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(pool, "read_all", refuse)  # workers are other processes, and have their own
    assert acts(readers.read([Page("", "Iran met Qatar.", None)])[0]) == ["meet"]


def test_a_workspace_is_read_for_with_its_own_words() -> None:
    lantern = Actor(
        id="lantern", name="Blue Lantern Council", type=ActorType.ORGANISATION, source="local"
    )
    own = OwnWords({"lantern": Own(actor=lantern)}, "1")
    page = Page("", "The Blue Lantern Council met Qatar.", None)
    theirs = ReaderPool(load(), own)
    others = ReaderPool(load(), OwnWords({"lantern": Own()}, "2"))
    for who, named in ((theirs, True), (others, False), (ReaderPool(load()), False)):
        [found] = who.read([page])
        assert isinstance(found, Reading)
        assert ("lantern" in {one.actor for one in found.mentions}) is named


def test_one_text_that_takes_too_long_is_told_of_and_the_next_is_read(
    readers: ReaderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers.read([Page("", "Iran met Qatar.", None)])
    monkeypatch.setattr(pool, "SECONDS_AN_ARTICLE", 1.0)
    [found] = readers.read([Page("", "Iran met Qatar, and then some more. " * 400_000, None)])
    assert isinstance(found, Unread)
    assert "over 1 s" in found.reason
    monkeypatch.undo()
    assert acts(readers.read([Page("", "Iran met Qatar.", None)])[0]) == ["meet"]


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


def test_workers_that_never_begin_are_an_error_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "SECONDS_A_BATCH", 0.2)
    monkeypatch.setattr(workers, "SECONDS_TO_START", 0.0)
    stuck = ReaderPool(load(), workers=1)
    with pytest.raises(NoReaders, match="do not start"):
        list(stuck.stream([[Page("", "Iran met Qatar.", None)]]))
    stuck.close()
