"""A full disk under the index: what is in it is found still, what comes is stored, found later."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.desk import Desk
from bot.errors import StoreUnavailable
from bot.models import EVERYWHERE, LOCAL, Answer, Asker, Draft
from bot.search.folder import IndexFolder
from bot.search.index import PassageIndex
from tests import databases
from tests.arrivals import NOW, arrival, open_store
from tests.troubled import full_disk

ROOM = r"The index folder .* cannot be written: File too large\. Answers know nothing newer"
"""A limit of this process stands for the disk: its word is another, the refusal the same."""


@pytest.fixture(autouse=True, scope="module")
def _elsewhere() -> Iterator[None]:
    """The store has room: another process writes it."""
    with databases.kept_in("postgresql"):
        yield


def _found(index: PassageIndex) -> set[str]:
    hits = index.search("qatar", workspace=LOCAL, audiences=[EVERYWHERE])
    return {hit.article for hit in hits}


def test_what_is_in_it_stays_and_what_came_is_taken_in_later(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        index = PassageIndex.open(tmp_path / "index")
        store.commit([arrival("a", "Qatar met Iran.")])
        index.catch_up(store)
        store.commit([arrival("b", "Qatar met Oman.")])
        with full_disk():
            for _ in range(2):
                with pytest.raises(StoreUnavailable, match=ROOM):
                    index.catch_up(store)
                assert (_found(index), index.size) == ({"a"}, 1)
        assert index.catch_up(store) == 1, "it goes on from where it was"
        assert _found(index) == {"a", "b"}
        index.close()


def test_a_process_that_starts_on_a_full_disk_finds_what_was_there(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        index = PassageIndex.open(tmp_path / "index")
        store.commit([arrival("a", "Qatar met Iran.")])
        index.catch_up(store)
        index.close()
        store.commit([arrival("b", "Qatar met Oman.")])
        with full_disk():
            again = PassageIndex.open(tmp_path / "index")
            with pytest.raises(StoreUnavailable, match=ROOM):
                again.catch_up(store)
            assert _found(again) == {"a"}
        assert again.catch_up(store) == 1
        again.close()


def test_one_that_is_made_anew_on_a_full_disk_is_made_when_there_is_room(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        index = PassageIndex.open(tmp_path / "index")
        store.commit([arrival("a", "Qatar met Iran."), arrival("b", "Qatar met Oman.")])
        index.catch_up(store)
        with full_disk(), pytest.raises(StoreUnavailable, match=ROOM):
            index.rebuild(store)
        assert index.catch_up(store) == 2
        assert (_found(index), index.size) == ({"a", "b"}, 2)
        index.close()


def test_an_intake_goes_on_and_who_asks_is_answered_from_what_was_there(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    me = Asker(workspace=LOCAL, person="U1", place="D1", tz="UTC", now=NOW)
    desk = Desk.open(tmp_path, url=f"sqlite:///{tmp_path}/dragoman.db", workers=1)
    drafts = [
        Draft(text=f"Qatar met {whom} in Doha on Monday.", external_id=whom, publisher="Example")
        for whom in ("Iran", "Oman")
    ]
    assert desk.ingest(drafts[:1], now=NOW).new == 1
    with full_disk():
        assert desk.ingest(drafts, now=NOW).new == 1
        assert "what was stored is not found yet. The index folder" in caplog.text
        assert desk.store.articles_total(LOCAL) == 2
        assert isinstance(desk.ask(me, "whom did Qatar meet?"), Answer)
        assert desk.passages.size == 1
    assert desk.catch_up() == 1
    assert desk.passages.size == 2
    desk.close()


def test_what_tantivy_says_of_a_folder_that_it_cannot_write(tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path)
    full = "No space left on device"
    assert folder.refusal(ValueError(f"An IO error occurred: '{full} (os error 28)'")) == full
    assert folder.refusal(ValueError("Os { code: 28, kind: StorageFull }")) == full
    assert folder.refusal(OSError(errno.ENOSPC, full)) == full
    # Where there is room its threads died over something else: the folder is made anew.
    for said in ("An index writer was killed.", "Data corrupted", "(os error 2)"):
        assert folder.refusal(ValueError(said)) == ""
