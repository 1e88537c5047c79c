"""Stories in the store: joined at commit, left by edits and deletions, seen by who may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.models import EVERYWHERE, LOCAL, Arrival
from bot.read.stories import Shelf
from bot.store import stories
from bot.store.store import Store
from bot.store.stories import IntakeSession, StoredStory
from tests.arrivals import IRAN, NOW, QATAR, arrival, day, open_store

pytestmark = pytest.mark.usefixtures("each_store")

FERRY = "A ferry sank off Lamu in Kenya on Tuesday; the coast guard pulled forty passengers out."
FERRY_TOO = "Divers searched the ferry that sank off Lamu, Kenya; forty passengers were saved."
FERRY_LATE = "Kenya's coast guard ended its search for the ferry that sank off Lamu."
VOTE = "Voters in Bolivia chose a new president on Sunday; turnout was high in La Paz."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def article(key: str, text: str, days: int = 0, **more: object) -> Arrival:
    values: dict[str, object] = {
        "published": day("2026-03-01") + timedelta(days=days),
        "publisher": f"{key}.example",
        "sources": [f"{key}.example"],
        "title": f"Report {key}",
    }
    return arrival(key, text, **{**values, **more})  # type: ignore[arg-type]  # of one's choice


def together(store: Store, *keys: str) -> list[set[str]]:
    """The articles by their story, those of each together."""
    by_story: dict[str, set[str]] = {}
    for key, story in store.stories.of(LOCAL, keys).items():
        by_story.setdefault(story, set()).add(key)
    return sorted(by_story.values(), key=sorted)


def newest(store: Store, *places: str, as_of: datetime = NOW, **asked: object) -> list[StoredStory]:
    audiences = [EVERYWHERE, *places]
    return store.stories.newest(LOCAL, audiences, as_of, **asked)  # type: ignore[arg-type]  # as asked


def members(told: StoredStory) -> list[str]:
    return [one.article for one in told.members]


@pytest.mark.parametrize("cut", [1, 2, 4])
def test_how_a_batch_is_cut_does_not_matter(store: Store, cut: int) -> None:
    all_ = [
        article("a", FERRY),
        article("v", VOTE),
        article("b", FERRY_TOO, 1),
        article("c", FERRY_LATE, -1),
    ]
    for start in range(0, 4, cut):
        store.commit(all_[start : start + cut])
    assert together(store, "a", "b", "c", "v") == [{"a", "b", "c"}, {"v"}]


def test_a_story_as_it_is_told(store: Store) -> None:
    store.commit([article("b", FERRY_TOO, 1), article("a", FERRY), article("v", VOTE)])
    (told,) = newest(store)
    assert members(told) == ["a", "b"]
    assert (told.first, told.last) == (date(2026, 3, 1), date(2026, 3, 2))
    assert told.sources == {"a.example", "b.example"}
    assert told.members[0].title == "Report a"
    assert store.stories.one(LOCAL, [EVERYWHERE], NOW, told.id) == told
    assert store.stories.one(LOCAL, [EVERYWHERE], NOW, "nothing") is None
    assert len(newest(store, least=1)) == 2
    assert newest(store, least=1, limit=1) == [told]


def test_a_copy_is_no_independent_source(store: Store) -> None:
    text = f"{FERRY} {FERRY_TOO} {FERRY_LATE} The port of Lamu stays closed until the wreck is out."
    store.commit([article("a", text), article("b", text, 1)])
    (told,) = newest(store)
    assert told.sources == {"a.example"}
    assert [one.original for one in told.members] == [None, "a"]


def test_of_a_period_and_of_actors(store: Store) -> None:
    store.commit(
        [
            article("a", f"{FERRY} Qatar sent Iran help."),
            article("b", FERRY_TOO, 1),
            article("v", VOTE, 20),
            article("w", f"Again: {VOTE}", 21),
        ]
    )
    assert [members(one) for one in newest(store)] == [["v", "w"], ["a", "b"]]
    assert [members(one) for one in newest(store, since=date(2026, 3, 10))] == [["v", "w"]]
    assert [members(one) for one in newest(store, until=date(2026, 3, 10))] == [["a", "b"]]
    assert [members(one) for one in newest(store, as_of=day("2026-03-10"))] == [["a", "b"]]
    named = newest(store, actors=[{QATAR}, {IRAN}], least=1)
    assert [members(one) for one in named] == [["a", "b"]]
    assert newest(store, actors=[{QATAR}, {"state:nobody"}], least=1) == []


def test_an_edit_moves_an_article(store: Store) -> None:
    store.commit([article("a", FERRY), article("b", FERRY_TOO, 1), article("v", VOTE)])
    before = store.stories.of(LOCAL, ["a", "b"])
    store.commit([article("a", f"Corrected: {VOTE}", 0, n=2)])
    assert together(store, "a", "b", "v") == [{"a", "v"}, {"b"}]
    assert store.stories.of(LOCAL, ["b"])["b"] == before["b"]
    store.commit([article("c", FERRY_LATE, 2)])
    assert together(store, "a", "b", "c", "v") == [{"a", "v"}, {"b", "c"}]
    store.commit([article("a", FERRY, 0, n=3)])
    assert together(store, "a", "b", "c", "v") == [{"a", "b", "c"}, {"v"}]


def test_reading_again_keeps_the_story(store: Store) -> None:
    store.commit([article("a", FERRY), article("b", FERRY_TOO, 1)])
    before = store.stories.of(LOCAL, ["a", "b"])
    store.commit([article("a", FERRY, reader="2")])
    assert store.stories.of(LOCAL, ["a", "b"]) == before


def test_a_deleted_article_leaves_its_story(store: Store) -> None:
    store.commit([article("a", FERRY), article("b", FERRY_TOO, 1)])
    (told,) = newest(store)
    store.tombstone(LOCAL, "a", NOW)
    assert newest(store) == []
    store.commit([article("c", FERRY_LATE, 2)])
    (again,) = newest(store)
    assert (again.id, members(again)) == (told.id, ["b", "c"])


def test_everybody_sees_what_they_may(store: Store) -> None:
    store.commit(
        [
            article("a", FERRY),
            article("b", FERRY_TOO, 1, audience="C1"),
            article("c", FERRY_LATE, 1, audience="C2"),
        ]
    )
    assert newest(store) == []
    assert [members(one) for one in newest(store, "C1")] == [["a", "b"]]
    assert newest(store, "C1")[0].sources == {"a.example", "b.example"}
    story = store.stories.of(LOCAL, ["c"])["c"]
    seen = store.stories.one(LOCAL, [EVERYWHERE], NOW, story)
    assert seen is not None
    assert members(seen) == ["a"]


def test_a_secret_article_founds_nothing_for_others(store: Store) -> None:
    store.commit([article("a", FERRY, audience="C1"), article("b", FERRY_TOO, 1)])
    assert together(store, "a", "b") == [{"a"}, {"b"}]


def test_workspaces_stay_apart(store: Store) -> None:
    store.commit([article("a", FERRY), article("b", FERRY_TOO, workspace="T2")])
    assert newest(store) == []
    assert store.stories.of("T2", ["a"]) == {}


def test_what_has_no_date_is_of_the_day_it_was_seen(store: Store) -> None:
    store.commit([article("a", FERRY, published=None), article("b", FERRY_TOO, published=NOW)])
    assert together(store, "a", "b") == [{"a", "b"}]


@pytest.mark.parametrize("text", ["spam " * 2_000, "\u202e\x01", "'; DROP TABLE story_article; --"])
def test_hostile_texts(store: Store, text: str) -> None:
    store.commit([article("a", text), article("b", text, 1, title="")])
    assert set(store.stories.of(LOCAL, ["a", "b"])) == {"a", "b"}


def test_a_story_that_parts_keeps_its_id_for_the_first(store: Store) -> None:
    both = "The coast guard of Kenya said that a ferry and its passengers were in need off Lamu."
    one = "The Zubrow, a ferry from Kelmar, had forty aboard; owner Tanvik was fined by Orwell."
    other = "The Mirelle, of Dashwood, ran aground at Pellan with Ustinov, Harlow and Quist aboard."
    store.commit([article("a0", both)])
    first = store.stories.of(LOCAL, ["a0"])["a0"]
    for n in range(1, 5):
        store.commit([article(f"a{n}", f"{both} {one}", n % 2)])
        store.commit([article(f"b{n}", f"{both} {other}", n % 2)])
    ours, theirs = [f"a{n}" for n in range(1, 5)], [f"b{n}" for n in range(1, 5)]
    parts = together(store, *ours, *theirs)
    assert [part & {*ours, *theirs} for part in parts] == [set(ours), set(theirs)]
    assert first in {one.id for one in newest(store)}


def read_again(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is added to each time that stories are read anew."""
    begun: list[object] = []

    class Noted(Shelf):
        def __init__(self, name: Callable[[str, int], str]) -> None:
            super().__init__(name)
            begun.append(self)

    monkeypatch.setattr(stories, "Shelf", Noted)
    return begun


def test_an_intake_reads_stories_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, session = read_again(monkeypatch), IntakeSession()
    store.commit([article("a", FERRY)], session=session)
    store.commit([article("v", VOTE, 30)], session=session)
    store.commit([article("b", FERRY_TOO, 1)], session=session)
    store.commit([article("w", f"Again: {VOTE}", 30)], session=session)
    assert together(store, "a", "b", "v", "w") == [{"a", "b"}, {"v", "w"}]
    assert len(begun) == 1


def test_another_writes_between_the_transactions_of_an_intake(store: Store, tmp_path: Path) -> None:
    session = IntakeSession()
    store.commit([article("v", VOTE)], session=session)
    with open_store(tmp_path) as other:
        other.commit([article("a", FERRY)])
        store.commit([article("b", FERRY_TOO, 1)], session=session)
        assert together(store, "a", "b", "v") == [{"a", "b"}, {"v"}]
        (told,) = newest(store)
        other.tombstone(LOCAL, "b", NOW)
        other.commit([article("a", f"Corrected: {VOTE}", 0, n=2)])
    store.commit([article("c", FERRY_LATE, 2)], session=session)
    assert together(store, "a", "c", "v") == [{"a", "v"}, {"c"}]
    assert told.id not in store.stories.of(LOCAL, ["c"]).values()


def test_an_intake_goes_on_after_a_transaction_that_failed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = IntakeSession()
    store.commit([article("v", VOTE)], session=session)
    with monkeypatch.context() as broken:
        broken.setattr("bot.store.store.record_names", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            store.commit([article("a", FERRY)], session=session)
    store.commit([article("b", FERRY_TOO, 1)], session=session)
    (story,) = store.stories.of(LOCAL, ["b"]).values()
    told = store.stories.one(LOCAL, [EVERYWHERE], NOW, story)
    assert told is not None
    assert members(told) == ["b"]


def test_an_intake_whose_articles_come_again(store: Store) -> None:
    session = IntakeSession()
    for one in (
        article("a", FERRY),
        article("b", FERRY_TOO, 1),
        article("v", VOTE),
        article("a", f"Corrected: {VOTE}", 0, n=2),
        article("c", FERRY_LATE, 2),
    ):
        store.commit([one], session=session)
    assert together(store, "a", "b", "c", "v") == [{"a", "v"}, {"b", "c"}]


def test_an_intake_into_a_workspace_that_is_deleted(store: Store) -> None:
    session = IntakeSession()
    store.commit([article("a", FERRY)], session=session)
    before = store.stories.of(LOCAL, ["a"])["a"]
    while store.deletion.delete_some(LOCAL, 1) and store.stories.of(LOCAL, ["a"]):
        pass
    store.commit([article("b", FERRY_TOO, 1)], session=session)
    assert store.stories.of(LOCAL, ["b"])["b"] != before


def test_an_intake_of_much_keeps_the_latest(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "_CACHED_TERMS", 20)
    begun, session = read_again(monkeypatch), IntakeSession()
    for n, text in enumerate([FERRY, FERRY_TOO, FERRY_LATE, VOTE, f"Again: {VOTE}"]):
        store.commit([article(f"a{n}", text, n)], session=session)
    assert together(store, *(f"a{n}" for n in range(5))) == [{"a0", "a1", "a2"}, {"a3", "a4"}]
    assert len(begun) > 1
