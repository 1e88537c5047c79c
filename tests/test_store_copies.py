"""Near-copies in the store: folded at commit, and taken back by edits and deletions."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.models import EVERYWHERE, LOCAL, Arrival
from bot.store.copies import MOST_HOLDING
from bot.store.store import Store
from tests.arrivals import NOW, arrival, met, open_store

pytestmark = pytest.mark.usefixtures("each_store")

DAY = datetime.fromisoformat("2026-03-01T08:00:00Z")


def prose(seed: int, words: int = 200) -> str:
    chance = random.Random(seed)  # noqa: S311 - no secret, and the same every time
    return " ".join(f"w{chance.randrange(400)}" for _ in range(words)) + "."


TEXT = prose(1)
NEAR = f"A new beginning. {TEXT}"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def article(
    key: str, text: str, hours: float | None = 0, publisher: str | None = None, **more: object
) -> Arrival:
    """An article of a publisher called as its key, so many hours after the first."""
    publisher = publisher or f"{key}.example"
    values: dict[str, object] = {
        "publisher": publisher,
        "sources": [publisher],
        "published": None if hours is None else DAY + timedelta(hours=hours),
    }
    return arrival(key, text, **{**values, **more})  # type: ignore[arg-type]  # of one's choice


def counted(store: Store, *keys: str) -> dict[str, tuple[str, ...]]:
    return store.source_counts(LOCAL, keys)


def folds(store: Store, *keys: str) -> dict[str, str]:
    return store.stories.originals(LOCAL, keys)


def test_a_copy_counts_as_its_original(store: Store) -> None:
    store.commit([article("a", TEXT), article("b", NEAR, 2), article("c", prose(2), 3)])
    assert folds(store, "a", "b", "c") == {"b": "a"}
    assert counted(store, "a", "b", "c") == {
        "a": ("a.example",),
        "b": ("a.example",),
        "c": ("c.example",),
    }
    assert store.articles(LOCAL, ["b"])["b"].sources == ("a.example",)


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_how_a_batch_is_cut_does_not_matter(store: Store, cut: int) -> None:
    all_ = [article("b", NEAR, 2), article("a", TEXT), article("d", f"{TEXT} An end.", 5)]
    for start in range(0, 3, cut):
        store.commit(all_[start : start + cut])
    assert folds(store, "a", "b", "d") == {"b": "a", "d": "a"}


def test_an_original_that_comes_late_is_told_to_the_index(store: Store) -> None:
    store.commit([article("b", NEAR, 2)])
    seen = store.last_seq()
    store.commit([article("a", TEXT)])
    assert {one.key for one in store.changes(seen, 10)} == {"a", "b"}
    (one,) = store.indexable(LOCAL, ["b"])
    assert (one.original, one.fold, one.sources) == ("a", "a", ("a.example",))
    (own,) = store.indexable(LOCAL, ["a"])
    assert (own.original, own.fold) == (None, "a")


def test_an_edit_takes_back_what_it_folded(store: Store) -> None:
    store.commit([article("a", TEXT), article("b", NEAR, 2)])
    store.commit([article("b", prose(3), 2, n=2)])
    assert folds(store, "a", "b") == {}
    assert counted(store, "b") == {"b": ("b.example",)}
    store.commit([article("b", NEAR, 2, n=3)])
    assert folds(store, "a", "b") == {"b": "a"}


def test_an_edit_of_the_original_lets_its_copies_go(store: Store) -> None:
    store.commit([article("a", TEXT), article("b", NEAR, 2), article("c", TEXT, 3)])
    seen = store.last_seq()
    store.commit([article("a", prose(3), 0, n=2)])
    assert folds(store, "a", "b", "c") == {"c": "b"}
    assert counted(store, "b", "c") == {"b": ("b.example",), "c": ("b.example",)}
    assert {one.key for one in store.changes(seen, 10)} == {"a", "b", "c"}


def test_a_deleted_original_lets_its_copies_go(store: Store) -> None:
    store.commit([article("a", TEXT), article("b", NEAR, 2)])
    seen = store.last_seq()
    assert store.tombstone(LOCAL, "a", NOW)
    assert folds(store, "a", "b") == {}
    assert counted(store, "b") == {"b": ("b.example",)}
    assert [(one.key, one.op) for one in store.changes(seen, 10)] == [("a", "delete"), ("b", "put")]
    store.commit([article("c", TEXT, 4)])
    assert folds(store, "b", "c") == {"c": "b"}


def test_a_deleted_copy_leaves_its_original(store: Store) -> None:
    store.commit([article("a", TEXT), article("b", NEAR, 2)])
    store.tombstone(LOCAL, "b", NOW)
    assert counted(store, "a") == {"a": ("a.example",)}


def test_a_copy_that_names_its_original_is_not_it(store: Store) -> None:
    after = article("a", TEXT, 0, sources=["Wire"])
    store.commit([after, article("w", NEAR, 4, publisher="wire.com")])
    assert folds(store, "a", "w") == {"a": "w"}
    assert counted(store, "a", "w") == {"a": ("wire",), "w": ("wire",)}


def test_a_date_that_is_filled_in_turns_it_round(store: Store) -> None:
    store.commit([article("a", TEXT, None), article("b", NEAR, 2)])
    assert folds(store, "a", "b") == {"a": "b"}
    store.commit([article("a", TEXT, -5)])
    assert folds(store, "a", "b") == {"b": "a"}


def test_reading_again_changes_nothing(store: Store) -> None:
    both = [article("a", TEXT), article("b", NEAR, 2)]
    store.commit(both)
    store.commit([article("a", TEXT, reader="2"), article("b", NEAR, 2, reader="2")])
    assert folds(store, "a", "b") == {"b": "a"}
    assert counted(store, "b") == {"b": ("a.example",)}


def test_what_few_may_see_is_nobodys_original(store: Store) -> None:
    store.commit([article("a", TEXT, audience="C1"), article("b", NEAR, 2), article("c", TEXT, 3)])
    assert folds(store, "a", "b", "c") == {"a": "b", "c": "b"}
    assert counted(store, "b") == {"b": ("b.example",)}


def test_workspaces_stay_apart(store: Store) -> None:
    store.commit([article("a", TEXT), article("b", NEAR, 2, workspace="T2")])
    assert folds(store, "b") == {}
    assert store.stories.originals("T2", ["b"]) == {}


def test_happenings_count_a_copy_once(store: Store) -> None:
    text = f"Qatar met Iran. {TEXT}"
    told = [met(text, "Qatar met Iran.")]
    store.commit([article("a", text, facts=told), article("b", text, 1, facts=told)])
    names = {one.happening or "" for one in store.facts(LOCAL, [EVERYWHERE])}
    sources = store.events.sources(LOCAL, [EVERYWHERE], names)
    assert set().union(*sources.values()) == {"a.example"}


def test_a_notice_under_every_article_costs_little(store: Store) -> None:
    notice = prose(7, 120)
    many = [article(f"k{n:03}", f"{prose(100 + n, 150)} {notice}", n) for n in range(90)]
    store.commit(many)
    connection = store._engines.writer.connect()
    most = connection.exec_driver_sql(
        "SELECT max(n) FROM (SELECT count(*) n FROM shingle GROUP BY hash)"
    ).scalar()
    connection.close()
    assert most == MOST_HOLDING
    store.commit([article("copy", many[-1].revision.text, 200)])
    assert "copy" in folds(store, "copy")


@pytest.mark.parametrize("text", ["spam " * 5_000, "\u202e" * 300, "ha " * 70 + "\U0001f600"])
def test_hostile_texts(store: Store, text: str) -> None:
    store.commit([article("a", text), article("b", text, 1)])
    assert set(counted(store, "a", "b")) == {"a", "b"}
